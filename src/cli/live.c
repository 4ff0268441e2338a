/* live.c - see live.h. One write per frame, and each line is cleared behind its end and not before its beginning: so nothing flickers. */
#include "live.h"

#include "chaingate/files.h"
#include "chaingate/terminal.h"
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
	*columns = terminal_columns(live->fd);
	*rows = terminal_rows(live->fd);
	if (*columns == 0)
		*columns = LIVE_COLUMNS_DEFAULT;
	if (*rows == 0)
		*rows = LIVE_ROWS_DEFAULT;
	/* The last column is left alone: terminals differ in what a line does that fills it. */
	*columns = *columns - 1 > LIVE_COLUMNS_LEAST ? *columns - 1 : LIVE_COLUMNS_LEAST;
	*rows = *rows - 1 > LIVE_ROWS_LEAST ? *rows - 1 : LIVE_ROWS_LEAST;
}

/* The columns of a line that holds escape sequences for colours. */
static size_t line_columns(struct text line)
{
	size_t columns = 0;
	while (line.length) {
		size_t end = 0;
		while (end < line.length && line.bytes[end] != '\x1b')
			end++;
		columns += text_columns(text_slice(line, 0, end));
		while (end < line.length && line.bytes[end] != 'm')
			end++;
		line = text_slice(line, end + 1, line.length);
	}
	return columns;
}

static struct text take_line(struct text *lines)
{
	size_t end = 0;
	while (end < lines->length && lines->bytes[end] != '\n')
		end++;
	struct text line = text_slice(*lines, 0, end);
	*lines = text_slice(*lines, end + 1, lines->length);
	return line;
}

/* How many rows the last frame takes in a window of this width: one that became narrower has folded its lines. */
static size_t rows_taken(const struct live *live, size_t columns)
{
	size_t rows = 0;
	for (struct text lines = buf_text(&live->last); lines.length;) {
		size_t width = line_columns(take_line(&lines));
		rows += width > columns && columns < live->columns ? (width + columns - 1) / columns : 1;
	}
	return rows;
}

void live_draw(struct live *live, struct text lines)
{
	size_t columns = terminal_columns(live->fd);
	const char *why;
	if (live->is_deaf || (text_equal(lines, buf_text(&live->last)) && columns == live->columns))
		return;
	struct buf frame = buf_make(BUF_LIMIT_REPORT);
	size_t up = rows_taken(live, columns);
	buf_add_byte(&frame, '\r');
	if (up)
		buf_printf(&frame, "\x1b[%zuA", up);
	for (struct text rest = lines; rest.length;) {
		buf_add(&frame, take_line(&rest));
		buf_add_string(&frame, "\x1b[K\n");
	}
	buf_add_string(&frame, "\x1b[J");
	live->is_deaf = !fd_write(live->fd, buf_text(&frame), OUTPUT_PROGRESS_PATIENCE_NS, &why);
	buf_release(&frame);
	live->columns = columns;
	if (live->last.limit == 0)
		live->last = buf_make(BUF_LIMIT_REPORT);
	buf_clear(&live->last);
	buf_add(&live->last, lines);
}

void live_release(struct live *live)
{
	buf_release(&live->last);
}
