/* table.c - see table.h. */
#include "table.h"

#include "chaingate/times.h"

#include <inttypes.h>

/* ---- lines ------------------------------------------------------------------------------------------------------ */

/* Longest character with its marks, in bytes. Longer ones are abuse, and are cut. */
#define BYTES_PER_COLUMN_MAX 32

struct line line_begin(struct buf *buf, const struct screen *screen)
{
	return (struct line){
		.buf = buf, .left = screen->columns ? screen->columns : SIZE_MAX, .colour = screen->colour};
}

/* Cuts a text to as many bytes as the columns can hold at most; never inside a character. */
static struct text shorten(struct text text, size_t columns)
{
	size_t most = columns < SIZE_MAX / BYTES_PER_COLUMN_MAX ? columns * BYTES_PER_COLUMN_MAX : SIZE_MAX;
	if (text.length <= most)
		return text;
	while (most > 0 && ((unsigned char)text.bytes[most] & 0xc0) == 0x80)
		most--;
	return text_slice(text, 0, most);
}

void line_add(struct line *line, struct text text, const char *colour)
{
	if (line->left == 0 || line->is_cut || text.length == 0)
		return;
	struct text shown = shorten(text, line->left);
	size_t columns = text_columns(shown);
	if (line->colour && colour)
		buf_add_string(line->buf, colour);
	if (columns <= line->left && shown.length == text.length) {
		text_add_printable(line->buf, text);
		line->left -= columns;
	} else {
		shown = text_slice(shown, 0, text_within(shown, line->left - 1));
		text_add_printable(line->buf, shown);
		buf_add_string(line->buf, "…");
		line->left -= text_columns(shown) + 1; /* a wide character may have left a column free */
		line->is_cut = true;
	}
	if (line->colour && colour)
		buf_add_string(line->buf, "\x1b[0m");
}

void line_pad(struct line *line, size_t columns)
{
	size_t most = columns < line->left ? columns : line->left;
	buf_add_repeated(line->buf, ' ', most);
	line->left -= most;
}

/* Blanks at the end are invisible, and shouldn't be copied. */
void line_end(struct line *line)
{
	struct buf *buf = line->buf;
	while (buf->length > 0 && buf->bytes[buf->length - 1] == ' ')
		buf->bytes[--buf->length] = '\0';
	buf_add_byte(buf, '\n');
}

void lines_add_wrapped(struct buf *buf, struct text text, size_t lines_most, const struct screen *screen)
{
	for (size_t i = 0; text.length > 0; i++) {
		struct line line = line_begin(buf, screen);
		size_t end = i + 1 < lines_most ? text_within_words(text, line.left) : text.length;
		if (end == 0) /* a character wider than the window: it is cut */
			end = text.length;
		line_add(&line, text_slice(text, 0, end), NULL);
		line_end(&line);
		while (end < text.length && text.bytes[end] == ' ')
			end++;
		text = text_slice(text, end, text.length);
	}
}

/* ---- statuses --------------------------------------------------------------------------------------------------- */

/* The sign is for output without colour, and for people who can't distinguish colours. Signs are ASCII, because in
 * some fonts other characters take two columns. */
static const struct {
	const char *sign, *colour;
	int rank;
} classes[CLASS_COUNT] = {
	[CLASS_NONE] = {"?", "\x1b[35m", 2},      [CLASS_IN_PROGRESS] = {"~", "\x1b[36m", 3},
	[CLASS_READY] = {"+", "\x1b[32m", 5},     [CLASS_IDLE] = {"-", "\x1b[2m", 4},
	[CLASS_UNHEALTHY] = {"!", "\x1b[33m", 1}, [CLASS_FAILED] = {"x", "\x1b[31m", 0},
};

const char *status_colour(enum status status)
{
	return classes[status_class(status)].colour;
}

int status_rank(enum status status)
{
	return classes[status_class(status)].rank;
}

static bool row_is_ready(const struct table_row *row)
{
	return status_class(row->status) == CLASS_READY;
}

/* ---- widths ----------------------------------------------------------------------------------------------------- */

#define GAP 2
#define GAP_NARROW 1
/* The sign and a blank. */
#define SIGN_COLUMNS 2
/* The longest known status word, with its sign. A longer word isn't the API's, and must not take space from the
 * names. */
#define STATUS_COLUMNS_MAX 16
/* With fewer columns, names can't be told apart: something else is left out instead. */
#define NAME_COLUMNS_MIN 10
/* A shorter note says nothing. */
#define NOTE_COLUMNS_MIN 6

struct layout {
	size_t widths[CELL_COUNT]; /* 0: not shown */
	size_t gap;
};

static size_t cell_columns(const struct table_row *row, enum cell cell)
{
	size_t columns = text_columns(row->cells[cell]);
	switch (cell) {
	case CELL_NAME: return columns + row->indent;
	case CELL_STATUS: return columns + SIGN_COLUMNS;
	case CELL_REPLICAS:
	case CELL_TIME:
	case CELL_NOTE:
	case CELL_COUNT: break;
	}
	return columns;
}

/* All cells but the name and the note, with the gaps before them. */
static size_t fixed_columns(const struct layout *layout)
{
	size_t columns = 0;
	for (int cell = CELL_STATUS; cell < CELL_NOTE; cell++)
		columns += layout->widths[cell] ? layout->gap + layout->widths[cell] : 0;
	return columns;
}

/* Makes the rows fit, in this order: narrows the gaps, shortens long status words, cuts names down to NAME_COLUMNS_MIN,
 * and leaves out the times, then the replicas. */
static void fit(struct layout *layout, size_t columns)
{
	static const enum cell spared[] = {CELL_TIME, CELL_REPLICAS};
	size_t name = layout->widths[CELL_NAME], least = name < NAME_COLUMNS_MIN ? name : NAME_COLUMNS_MIN;
	if (name + fixed_columns(layout) > columns)
		layout->gap = GAP_NARROW;
	if (name + fixed_columns(layout) > columns && layout->widths[CELL_STATUS] > STATUS_COLUMNS_MAX)
		layout->widths[CELL_STATUS] = STATUS_COLUMNS_MAX;
	for (size_t i = 0; i < sizeof(spared) / sizeof(*spared) && least + fixed_columns(layout) > columns; i++)
		layout->widths[spared[i]] = 0;
	size_t fixed = fixed_columns(layout);
	if (least + fixed > columns)
		layout->widths[CELL_NAME] = least; /* the status is cut then */
	else if (name + fixed > columns)
		layout->widths[CELL_NAME] = columns - fixed;
	if (layout->widths[CELL_NAME] + fixed + layout->gap + NOTE_COLUMNS_MIN > columns)
		layout->widths[CELL_NOTE] = 0;
}

static struct layout layout_make(const struct table_row *rows, size_t count, const struct screen *screen)
{
	struct layout layout = {.gap = GAP};
	for (size_t i = 0; i < count; i++)
		for (int cell = 0; cell < CELL_COUNT; cell++) {
			size_t columns = cell_columns(&rows[i], (enum cell)cell);
			if (columns > layout.widths[cell])
				layout.widths[cell] = columns;
		}
	if (screen->columns)
		fit(&layout, screen->columns);
	return layout;
}

/* ---- rows ------------------------------------------------------------------------------------------------------- */

struct text row_clock(struct arena *arena, int64_t ns)
{
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	duration_add_clock(&buf, ns > 0 ? ns : 0);
	struct text text = arena_text(arena, buf_text(&buf));
	buf_release(&buf);
	return text;
}

struct text row_replicas(struct arena *arena, int64_t active, struct optional_integer least)
{
	if (!least.present)
		return text_of(arena_printf(arena, "%" PRId64, active));
	return text_of(arena_printf(arena, "%" PRId64 "/%" PRId64, active, least.value));
}

/* One cell in a line of its own width, so that no cell takes space from another. */
static void add_cell(struct line *line, const struct table_row *row, enum cell cell, size_t width)
{
	size_t most = width < line->left ? width : line->left;
	struct line part = {.buf = line->buf, .left = most, .colour = line->colour};
	size_t columns = cell_columns(row, cell);
	if ((cell == CELL_REPLICAS || cell == CELL_TIME) && columns < width)
		line_pad(&part, width - columns); /* numbers are right-aligned */
	if (cell == CELL_NAME)
		line_pad(&part, row->indent);
	const char *colour = cell == CELL_STATUS ? classes[status_class(row->status)].colour : NULL;
	if (cell == CELL_STATUS) {
		line_add(&part, text_of(classes[status_class(row->status)].sign), colour);
		line_pad(&part, 1);
	}
	line_add(&part, row->cells[cell], colour);
	line_pad(&part, part.left);
	line->left -= most;
}

static void add_row(struct buf *buf, const struct table_row *row, const struct layout *layout,
		    const struct screen *screen)
{
	struct line line = line_begin(buf, screen);
	for (int cell = 0; cell < CELL_COUNT; cell++) {
		if (!layout->widths[cell])
			continue;
		if (cell != CELL_NAME)
			line_pad(&line, layout->gap);
		add_cell(&line, row, (enum cell)cell, layout->widths[cell]);
	}
	line_end(&line);
}

/* ---- too many rows ---------------------------------------------------------------------------------------------- */

static bool is_of_one_deployment(const struct table_row *rows, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (!text_equal(rows[i].deployment, rows[0].deployment))
			return false;
	return true;
}

/* If chainlets are out of order, each shows its deployment's name, and the deployments' own rows are left out.
 * Returns the number of rows left. */
static size_t name_fully(struct arena *arena, struct table_row *rows, size_t count)
{
	size_t left = 0;
	for (size_t i = 0; i < count; i++) {
		struct table_row row = rows[i];
		bool has_chainlets = i + 1 < count && rows[i + 1].is_chainlet;
		if (!row.is_chainlet && has_chainlets)
			continue;
		if (row.is_chainlet) {
			struct buf name = buf_make(BUF_LIMIT_REPORT);
			buf_add(&name, row.deployment);
			buf_add_byte(&name, '/');
			buf_add(&name, row.cells[CELL_NAME]);
			row.cells[CELL_NAME] = arena_text(arena, buf_text(&name));
			row.indent = 0;
			buf_release(&name);
		}
		rows[left++] = row;
	}
	return left;
}

/* Sorts by rank, and keeps the order within a rank. `keeps_first`: the row of a single deployment stays first. */
static struct table_row *sort(struct arena *arena, const struct table_row *rows, size_t count, bool keeps_first)
{
	struct table_row *sorted = ARENA_ARRAY(arena, struct table_row, count);
	size_t done = 0, first = keeps_first ? 1 : 0;
	if (keeps_first)
		sorted[done++] = rows[0];
	for (int rank = 0; rank < STATUS_RANKS; rank++)
		for (size_t i = first; i < count; i++)
			if (status_rank(rows[i].status) == rank)
				sorted[done++] = rows[i];
	return sorted;
}

static void add_rest(struct buf *buf, const struct table_row *rows, size_t count, const struct screen *screen)
{
	struct line line = line_begin(buf, screen);
	struct buf words = buf_make(BUF_LIMIT_REPORT);
	size_t unready = 0;
	for (size_t i = 0; i < count; i++)
		unready += !row_is_ready(&rows[i]);
	buf_printf(&words, "… and %zu more, ", count);
	if (unready)
		buf_printf(&words, "%zu not ready", unready);
	else
		buf_add_string(&words, "all ready");
	line_add(&line, buf_text(&words), NULL);
	line_end(&line);
	buf_release(&words);
}

static void add_most_important(struct buf *buf, struct table_row *rows, size_t count, size_t lines_most,
			       const struct screen *screen)
{
	struct arena arena = {0};
	bool is_one = is_of_one_deployment(rows, count);
	if (!is_one)
		count = name_fully(&arena, rows, count);
	const struct table_row *sorted = sort(&arena, rows, count, is_one && !rows[0].is_chainlet);
	size_t shown = count <= lines_most ? count : lines_most - 1;
	struct layout layout = layout_make(sorted, shown, screen);
	for (size_t i = 0; i < shown; i++)
		add_row(buf, &sorted[i], &layout, screen);
	if (shown < count)
		add_rest(buf, sorted + shown, count - shown, screen);
	arena_release(&arena);
}

void table_add(struct buf *buf, struct table_row *rows, size_t count, size_t lines_most, const struct screen *screen)
{
	if (count == 0 || lines_most == 0)
		return;
	if (count > lines_most) {
		add_most_important(buf, rows, count, lines_most, screen);
		return;
	}
	struct layout layout = layout_make(rows, count, screen);
	for (size_t i = 0; i < count; i++)
		add_row(buf, &rows[i], &layout, screen);
}
