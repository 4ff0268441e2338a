/* live.c - see live.h. One write per frame, and each line is cleared behind its end and not before its beginning: so nothing flickers. */
#include "live.h"

#include "chaingate/files.h"
#include "output.h"

#include <stdlib.h>
#include <string.h>

bool live_is_possible(int fd)
{
	const char *ci = getenv("CI");
	return terminal_is_capable(fd) && !(ci && *ci && strcmp(ci, "false") != 0);
}

void live_size(const struct live *live, size_t *columns, size_t *rows)
{
	struct terminal_size size = terminal_size(live->fd);
	/* The last column is left alone: terminals differ in what a line does that fills it. */
	*columns = size.columns - 1 > LIVE_COLUMNS_LEAST ? size.columns - 1 : LIVE_COLUMNS_LEAST;
	*rows = size.rows - 1 > LIVE_ROWS_LEAST ? size.rows - 1 : LIVE_ROWS_LEAST;
}

/* What is longer than we think, or than a window that is too small, is cut at the edge and doesn't break the line. */
#define FRAME_BEGIN "\x1b[?7l\r"
#define FRAME_END "\x1b[?7h"
#define CLEAR_REST_OF_LINE "\x1b[K"
#define CLEAR_BELOW "\x1b[J"

/* All lines; gives how many there are. The cursor is at the end of the last one. */
static size_t add_lines(struct buf *frame, struct text lines, bool clears_first)
{
	size_t count = 0, start = 0;
	for (size_t i = 0; i < lines.length; i++) {
		if (lines.bytes[i] != '\n')
			continue;
		buf_add_string(frame, count++ ? "\r\n" : "");
		buf_add_string(frame, clears_first ? CLEAR_REST_OF_LINE : "");
		buf_add(frame, text_slice(lines, start, i));
		buf_add_string(frame, CLEAR_REST_OF_LINE);
		start = i + 1;
	}
	return count;
}

void live_draw(struct live *live, struct text lines)
{
	struct terminal_size size = terminal_size(live->fd);
	bool is_resized = size.columns != live->size.columns || size.rows != live->size.rows;
	const char *why;
	if (live->is_deaf || (text_equal(lines, buf_text(&live->last)) && !is_resized))
		return;
	/* Somebody has stopped the terminal (Ctrl-S) to read it: that is no reason to wait, nor to give up. */
	if (!fd_takes(live->fd))
		return;
	struct buf frame = buf_make(BUF_LIMIT_REPORT);
	buf_add_string(&frame, FRAME_BEGIN);
	/* Two rows that a narrower window has made of one line are still one to the terminal, and would be joined in a wider
	 * one; until they are cleared. */
	live->lines = add_lines(&frame, lines, is_resized);
	buf_add_string(&frame, CLEAR_BELOW "\r");
	if (live->lines > 1)
		buf_printf(&frame, "\x1b[%zuA", live->lines - 1);
	buf_add_string(&frame, FRAME_END);
	live->is_deaf = !fd_write(live->fd, buf_text(&frame), OUTPUT_PROGRESS_PATIENCE_NS, &why);
	buf_release(&frame);
	live->size = size;
	if (live->last.limit == 0)
		live->last = buf_make(BUF_LIMIT_REPORT);
	buf_clear(&live->last);
	buf_add(&live->last, lines);
}

void live_end(struct live *live)
{
	const char *why;
	struct buf down = buf_make(BUF_LIMIT_REPORT);
	if (live->lines > 1)
		buf_printf(&down, "\x1b[%zuB", live->lines - 1);
	buf_add_string(&down, live->lines ? "\r\n" : "");
	if (!live->is_deaf)
		live->is_deaf = !fd_write(live->fd, buf_text(&down), OUTPUT_PROGRESS_PATIENCE_NS, &why);
	live->lines = 0;
	buf_release(&down);
	buf_release(&live->last);
}
