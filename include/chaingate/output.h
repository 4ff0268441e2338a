/* output.h - the only place that writes to stdout and stderr.
 *
 * No stdio: each text is written at once, so the caller learns immediately, and not at exit, whether that worked.
 * Callers make texts from outside printable before they print them. This module makes sure that no CI system takes a
 * text for a command.
 */
#ifndef CHAINGATE_OUTPUT_H
#define CHAINGATE_OUTPUT_H

#include "chaingate/arena.h"
#include "chaingate/diag.h"
#include "chaingate/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How long stderr may block a line of progress, or a message. A run must not stop because nobody reads its progress. */
#define OUTPUT_PROGRESS_PATIENCE_NS (INT64_C(500) * 1000000)
#define OUTPUT_MESSAGE_PATIENCE_NS (INT64_C(1000) * 1000000)

enum output_color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* `{0}` is ready for use. */
struct output {
	const char *name;        /* the command's name, printed before messages: "chaingate check"; NULL: "chaingate" */
	enum output_color color; /* the value of --color */
	bool is_deaf;            /* a line of progress or a frame couldn't be written: no more are tried */
};

/* Call before anything opens a file. Opens those of the descriptors 0 to 2 that are closed, so that no report can
 * get one of these numbers. They are opened for the wrong direction, so using them still fails. False if that can't
 * be done. */
bool output_open(void);

/* Writes to stdout. `form`: FORM_COMMANDS for a report that consists of a CI system's commands, else FORM_LINES.
 * False with *why unless everything was written within the patience. */
bool output_result(struct text, enum text_form form, int64_t patience_ns, const char **why);

/* Calls output_result with FORM_LINES and FD_PATIENCE_NS, for commands whose only result is this text. False if it
 * wasn't written whole; a message on stderr has said so. */
bool output_print(struct output *, struct text);

/* Write to stderr: a text unchanged; a line of progress (after a failure no further line is tried); a message of one
 * line with the command's name before it. Failures are ignored, because there is nobody left to tell. */
void output_error_text(struct text);
void output_progress(struct output *, struct text);
__attribute__((format(printf, 2, 3))) void output_message(const struct output *, const char *format, ...);

/* Like output_progress, for frames drawn in place on a terminal, which may be stdout. */
void output_frame(struct output *, int fd, struct text);

/* Print diagnostics. output_usage_errors is for the command line; output_diagnostics is for files, and shows their
 * lines. */
void output_usage_errors(const struct output *, const struct diags *);
void output_diagnostics(const struct output *, const struct diags *);

/* output_can_draw: true if the descriptor is a terminal that can draw lines in place. output_is_in_ci: true if the
 * environment says that a CI system runs us. Some CI systems have terminals, and keep every byte written to one. */
bool output_can_draw(int fd);
bool output_is_in_ci(void);

/* --color decides, else NO_COLOR, FORCE_COLOR and the terminal. output_columns is 0 if it isn't a terminal. */
bool output_has_color(const struct output *, int fd);
size_t output_columns(int fd);

#endif
