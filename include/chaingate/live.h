/* live.h - a few lines that are drawn again and again in the same place of a terminal.
 *
 * No setting of the terminal is changed for longer than one frame: no hidden cursor, no alternate screen, no mode
 * that a killed process would leave behind. Between two frames the cursor is at the beginning of the first line, not
 * below the last one: if the window was made narrower, some terminals wrap the lines and some cut them, so nobody
 * knows how far up the first line is; but every terminal keeps the cursor on its text.
 */
#ifndef CHAINGATE_LIVE_H
#define CHAINGATE_LIVE_H

#include "chaingate/output.h"
#include "chaingate/report.h"
#include "chaingate/terminal.h"
#include "chaingate/text.h"

#include <stdbool.h>
#include <stdint.h>

/* `{.output = …, .fd = …}` is ready for use. */
struct live {
	struct output *output;
	int fd; /* STDERR_FILENO or STDOUT_FILENO */
	bool has_begun;
	struct terminal_size size; /* as of the last frame */
	int64_t tried_ns;          /* when the last frame was drawn or skipped */
	bool is_stale;             /* something has changed since then */
};

/* The window's size, read anew for each frame, less a column and a row. */
struct screen live_screen(const struct live *);

/* live_draw draws lines that fit that screen, at `now_ns` on any clock; live_end draws the last frame, which stays.
 * If a frame can't be written at once, it is dropped, and nothing is drawn any more. */
void live_draw(struct live *, struct text lines, int64_t now_ns);
void live_end(struct live *, struct text lines);

/* When the next frame is due, on the same clock: at each full second, and soon after a change. 0: now, because
 * nothing has been drawn yet. */
int64_t live_due_ns(const struct live *);

#endif
