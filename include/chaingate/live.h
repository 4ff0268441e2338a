/* live.h - a few lines of a terminal that are drawn over and over in the same place.
 *
 * Nothing of the terminal is changed for longer than one frame: no hidden cursor, no other screen, no mode that a killed
 * process would leave behind. Between two frames the cursor stands at the beginning of the first line, not below the last
 * one: a window that was made narrower may by now show the lines on more rows, or cut them, depending on the terminal, so
 * nobody knows how far up the first one is; but every terminal keeps the cursor on its text.
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
	int64_t tried_ns;          /* when a frame was drawn, or would have been */
	bool is_stale;             /* something changed since then */
};

/* Asks for the size of the window, for one frame: what is drawn fits, with a column and a row to spare. */
struct screen live_screen(const struct live *);

/* Draws lines that fit that screen, at `now_ns` on any clock; the last frame, which stays. What can't be written at once is
 * given up, and nothing more is drawn. */
void live_draw(struct live *, struct text lines, int64_t now_ns);
void live_end(struct live *, struct text lines);

/* When the next frame is due, on the same clock: with each full second, and soon after a change. 0: at once, there hasn't
 * been any. */
int64_t live_due_ns(const struct live *);

#endif
