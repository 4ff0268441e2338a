/* live.h - a table on a terminal that is drawn over itself: no full-screen mode, so that what was there before stays, and the last table, too.
 *
 * Between two frames the cursor stands at the beginning of the first line, not below the last one: a window that was made narrower may by now show the
 * lines on more rows, or cut them, depending on the terminal, and one that was made lower may have lost some, so nobody knows how far up the first one is;
 * but every terminal keeps the cursor on its text.
 */
#ifndef CHAINGATE_CLI_LIVE_H
#define CHAINGATE_CLI_LIVE_H

#include "chaingate/buf.h"
#include "chaingate/terminal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Smaller windows are drawn for as if they were so. */
#define LIVE_COLUMNS_LEAST 20
#define LIVE_ROWS_LEAST 4

/* `{.fd = …}` is ready for use. */
struct live {
	int fd;
	struct buf last;           /* the lines of the last frame … */
	size_t lines;              /* … how many they are; 0: there was none */
	struct terminal_size size; /* … and the window's then */
	bool is_deaf;              /* the terminal didn't take a frame: no more are drawn */
};

/* May it be drawn on: a terminal that knows escape sequences, and not a CI's log that only looks like one? */
bool live_is_possible(int fd);

/* How much a frame may take: a line below it stays free, for the cursor. */
void live_size(const struct live *, size_t *columns, size_t *rows);

/* Draws lines that were made for live_size, over those of before. Nothing is written where nothing has changed. */
void live_draw(struct live *, struct text lines);

/* The last frame stays, and what is printed next comes below it. */
void live_end(struct live *);

#endif
