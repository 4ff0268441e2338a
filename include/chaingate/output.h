/* output.h - the only place that writes to stdout and stderr.
 *
 * No stdio: what is printed is whole texts, each written at once, and whether that worked is known then and there
 * and not at exit. Callers make printable what comes from outside before they print it; that no CI system takes it for a
 * command is seen to here.
 */
#ifndef CHAINGATE_OUTPUT_H
#define CHAINGATE_OUTPUT_H

#include "chaingate/arena.h"
#include "chaingate/diag.h"
#include "chaingate/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How long stderr may keep a line of progress, or a message, waiting for a reader. A run must not stand still for
 * its spectators. */
#define OUTPUT_PROGRESS_PATIENCE_NS (INT64_C(500) * 1000000)
#define OUTPUT_MESSAGE_PATIENCE_NS (INT64_C(1000) * 1000000)

enum output_color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* `{0}` is ready for use. */
struct output {
	const char *name;        /* whose message it is: "chaingate check"; NULL: "chaingate" */
	enum output_color color; /* as --color has it */
	bool is_deaf;            /* a line of progress, or a frame, wasn't taken: the rest is spared */
};

/* To be called before anything opens a file: occupies those of the descriptors 0 to 2 that are closed, so that no
 * report can come to be one of them. They are opened for the wrong direction, so that using them fails as it would
 * have. False if that can't be done. */
bool output_open(void);

/* stdout. `form`: FORM_COMMANDS for a report that speaks to a CI system itself, else FORM_LINES. False, with *why, unless all of it was written within the patience. */
bool output_result(struct text, enum text_form form, int64_t patience_ns, const char **why);

/* The same with the usual patience, for commands whose result is all they have: says on stderr that it failed. */
bool output_print(struct output *, struct text);

/* stderr: a text as it is, a line of progress (failure is remembered, and nothing further is tried), and a message
 * of one line with the command's name in front of it. Failure is ignored: there is nobody left to tell. */
void output_error_text(struct text);
void output_progress(struct output *, struct text);
__attribute__((format(printf, 2, 3))) void output_message(const struct output *, const char *format, ...);

/* The same for what is drawn in place, on a descriptor that is a terminal: it may be stdout, too. */
void output_frame(struct output *, int fd, struct text);

/* The diagnostics of the command line, as messages; those of files, with their lines. */
void output_usage_errors(const struct output *, const struct diags *);
void output_diagnostics(const struct output *, const struct diags *);

/* Is it a terminal on which lines can be drawn in place? And does a CI system say that it runs us? Some of them have
 * terminals, and keep every byte that goes to one. */
bool output_can_draw(int fd);
bool output_is_in_ci(void);

/* --color, else NO_COLOR, FORCE_COLOR and the terminal decide; 0 columns where it isn't a terminal. */
bool output_has_color(const struct output *, int fd);
size_t output_columns(int fd);

#endif
