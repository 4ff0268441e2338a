/* diag_render.c - a diagnostic as a person reads it: place, message, the line with carets, help. */
#include "chaingate/diag.h"

#include <inttypes.h>
#include <stdio.h>

/* The width if none is given, and the least width that still shows a line. */
#define COLUMNS_DEFAULT 100
#define COLUMNS_LEAST 40

struct style {
	const char *bold, *error, *warning, *note, *help, *caret, *plain;
};

static const struct style styles[] = {
	[DIAG_PLAIN] = {"", "", "", "", "", "", ""},
	[DIAG_COLOUR] = {"\x1b[1m", "\x1b[1;31m", "\x1b[1;33m", "\x1b[1;34m", "\x1b[1;36m", "\x1b[1;31m", "\x1b[0m"},
};

static const char *severity_style(const struct style *style, enum diag_severity severity)
{
	switch (severity) {
	case DIAG_WARNING: return style->warning;
	case DIAG_ERROR: return style->error;
	}
	return "";
}

/* ---- a line within a window ------------------------------------------------------------------------------------- */

/* Appends one character as it is shown: a tab as a space, hidden characters visible. Returns its columns. */
static size_t add_shown(struct buf *buf, struct text character)
{
	if (character.bytes[0] == '\t')
		character = TEXT(" ");
	if (buf)
		text_add_printable(buf, character);
	return text_columns(character);
}

static struct text character_at(struct text line, size_t i)
{
	uint32_t point;
	size_t size = utf8_decode(line.bytes + i, line.length - i, &point);
	return text_slice(line, i, i + (size ? size : 1));
}

/* The start of the character that contains byte `offset`: only whole characters are underlined. */
static size_t character_start(struct text line, size_t offset)
{
	size_t i = 0;
	while (i < line.length) {
		size_t next = i + character_at(line, i).length;
		if (next > offset)
			break;
		i = next;
	}
	return i;
}

/* The columns of line[from, to) as shown. */
static size_t shown_columns(struct text line, size_t from, size_t to)
{
	size_t columns = 0;
	for (size_t i = from; i < to && i < line.length;) {
		struct text character = character_at(line, i);
		columns += add_shown(NULL, character);
		i += character.length;
	}
	return columns;
}

/* The part of a line that is shown: bytes [from, to), with an ellipsis where something is cut off. */
struct window {
	size_t from, to;
};

/* A window of `columns` with the start of the span, as much of the span as fits, and something before it. */
static struct window window_make(struct text line, size_t start, size_t end, size_t columns)
{
	struct window window = {0, line.length};
	if (shown_columns(line, 0, line.length) <= columns)
		return window;
	size_t room = columns - 2; /* without the ellipses at both ends */
	size_t span = shown_columns(line, start, end);
	size_t before = span < room ? (room - span) / 2 : 0;
	/* Near the line's end there is less to show after the span, so there is room for more before it. */
	size_t behind = shown_columns(line, start, line.length);
	if (behind < room && room - behind > before)
		before = room - behind;
	size_t skipped = shown_columns(line, 0, start);
	while (window.from < start && skipped > before) {
		struct text character = character_at(line, window.from);
		skipped -= add_shown(NULL, character);
		window.from += character.length;
	}
	window.to = window.from;
	size_t used = 0;
	while (window.to < line.length) {
		struct text character = character_at(line, window.to);
		size_t more = add_shown(NULL, character);
		if (used + more > room)
			break;
		used += more;
		window.to += character.length;
	}
	return window;
}

static void add_window(struct buf *buf, struct text line, struct window window)
{
	if (window.from > 0)
		buf_add_string(buf, "…");
	for (size_t i = window.from; i < window.to;) {
		struct text character = character_at(line, i);
		add_shown(buf, character);
		i += character.length;
	}
	if (window.to < line.length)
		buf_add_string(buf, "…");
}

static size_t digits(size_t number)
{
	size_t count = 1;
	for (; number >= 10; number /= 10)
		count++;
	return count;
}

static size_t usable(size_t columns)
{
	if (columns == 0)
		return COLUMNS_DEFAULT;
	return columns < COLUMNS_LEAST ? COLUMNS_LEAST : columns;
}

/* The line of a source under which something is being drawn. */
struct drawn {
	struct text line;
	size_t number, start; /* its number, and the offset of its first byte */
	struct window window;
};

/* The part of a span that is on this line: whole characters, at most to the line's end. */
static struct span part_of_line(const struct drawn *drawn, struct span span)
{
	size_t length = drawn->line.length;
	size_t start = span.start - drawn->start < length ? span.start - drawn->start : length;
	size_t end = span.end > span.start ? span.end - drawn->start : start;
	return (struct span){character_start(drawn->line, start), end < length ? end : length};
}

/* Draws the line that the span begins on, with a window that shows the span's start. */
static struct drawn draw_line(struct buf *buf, const struct source *source, struct span span, size_t columns)
{
	struct drawn drawn = {.number = source_place(source, span.start).line};
	drawn.line = source_line(source, drawn.number);
	drawn.start = source->line_starts[drawn.number - 1];
	struct span part = part_of_line(&drawn, span);
	drawn.window = window_make(drawn.line, part.start, part.end, usable(columns) - digits(drawn.number) - 3);
	buf_printf(buf, "%zu | ", drawn.number);
	add_window(buf, drawn.line, drawn.window);
	buf_add_byte(buf, '\n');
	return drawn;
}

static void begin_under(struct buf *buf, const struct drawn *drawn)
{
	buf_add_repeated(buf, ' ', digits(drawn->number));
	buf_add_string(buf, " | ");
}

static size_t indent_of(const struct drawn *drawn, struct span part)
{
	return shown_columns(drawn->line, drawn->window.from, part.start) + (drawn->window.from > 0);
}

static size_t add_carets(struct buf *buf, const struct drawn *drawn, struct span part, enum diag_style style)
{
	size_t carets =
		shown_columns(drawn->line, part.start, part.end < drawn->window.to ? part.end : drawn->window.to);
	if (carets == 0)
		carets = 1;
	buf_add_string(buf, styles[style].caret);
	buf_add_repeated(buf, '^', carets);
	buf_add_string(buf, styles[style].plain);
	return carets;
}

void diag_render_line(struct buf *buf, const struct source *source, struct span span, size_t columns,
		      enum diag_style style)
{
	struct drawn drawn = draw_line(buf, source, span, columns);
	struct span part = part_of_line(&drawn, span);
	begin_under(buf, &drawn);
	buf_add_repeated(buf, ' ', indent_of(&drawn, part));
	add_carets(buf, &drawn, part, style);
	buf_add_byte(buf, '\n');
}

/* ---- values under their words ----------------------------------------------------------------------------------- */

/* Columns between a row's values and its label, and between a value and the next carets. */
#define BEFORE_LABEL 4
#define BEFORE_CARETS 1

static bool is_in_sight(const struct drawn *drawn, struct span span)
{
	size_t from = drawn->start + drawn->window.from, to = drawn->start + drawn->window.to;
	return span.start >= from && span.start < to && span.end <= drawn->start + drawn->line.length;
}

/* The next mark that fits after `column`: the leftmost; if several begin there, the shortest. The count if none
 * fits. */
static size_t next_mark(const struct drawn *drawn, const struct diag_row *row, uint32_t done, size_t column)
{
	size_t best = row->count;
	for (size_t i = 0; i < row->count && i < DIAG_MARKS_MAX; i++) {
		struct span span = row->marks[i].span;
		if ((done >> i & 1) || indent_of(drawn, part_of_line(drawn, span)) < column)
			continue;
		const struct span *other = best < row->count ? &row->marks[best].span : NULL;
		if (!other || span.start < other->start || (span.start == other->start && span.end < other->end))
			best = i;
	}
	return best;
}

/* The values of marks that aren't in the window, in words. */
static void add_unseen(struct buf *buf, const struct source *source, const struct drawn *drawn,
		       const struct diag_row *row)
{
	const char *before = " (";
	for (size_t i = 0; i < row->count; i++) {
		struct span span = row->marks[i].span;
		if (i < DIAG_MARKS_MAX && is_in_sight(drawn, span))
			continue;
		buf_add_string(buf, before);
		text_add_printable(buf, text_slice(source->text, span.start, span.end));
		buf_add_byte(buf, ' ');
		buf_add(buf, row->marks[i].value);
		before = ", ";
	}
	if (*before == ',')
		buf_add_byte(buf, ')');
}

/* Begins the label behind the last value, or on a line of its own if a terminal would break it. */
static void begin_label(struct buf *buf, const struct drawn *drawn, size_t column, struct text label, size_t columns)
{
	size_t used = digits(drawn->number) + 3 + column - BEFORE_CARETS;
	if (columns && used + BEFORE_LABEL + text_columns(label) > usable(columns)) {
		buf_add_byte(buf, '\n');
		begin_under(buf, drawn);
	} else {
		buf_add_repeated(buf, ' ', BEFORE_LABEL);
	}
}

static void add_row(struct buf *buf, const struct source *source, const struct drawn *drawn, const struct diag_row *row,
		    size_t columns, enum diag_style style)
{
	uint32_t done = 0;
	for (size_t i = 0; i < row->count && i < DIAG_MARKS_MAX; i++)
		if (!is_in_sight(drawn, row->marks[i].span))
			done |= UINT32_C(1) << i;
	size_t mark, column = 0;
	begin_under(buf, drawn);
	while (next_mark(drawn, row, done, 0) < row->count) {
		while ((mark = next_mark(drawn, row, done, column)) < row->count) {
			struct span part = part_of_line(drawn, row->marks[mark].span);
			size_t indent = indent_of(drawn, part), used = column ? column - BEFORE_CARETS : 0;
			buf_add_repeated(buf, ' ', indent - used);
			size_t carets = add_carets(buf, drawn, part, style);
			buf_add_byte(buf, ' ');
			buf_add(buf, row->marks[mark].value);
			column = indent + carets + 1 + text_columns(row->marks[mark].value) + BEFORE_CARETS;
			done |= UINT32_C(1) << mark;
		}
		if (next_mark(drawn, row, done, 0) == row->count)
			break;
		column = 0;
		buf_add_byte(buf, '\n');
		begin_under(buf, drawn);
	}
	if (column)
		begin_label(buf, drawn, column, row->label, columns);
	buf_add(buf, row->label);
	add_unseen(buf, source, drawn, row);
	buf_add_byte(buf, '\n');
}

/* From the first mark to the end of the last mark on the same line. */
static struct span all_marks(const struct source *source, const struct diag_row *rows)
{
	struct span all = rows->marks[0].span;
	size_t line = source_place(source, all.start).line;
	for (size_t i = 1; i < rows->count; i++) {
		struct span span = rows->marks[i].span;
		if (source_place(source, span.start).line != line)
			continue;
		all.start = span.start < all.start ? span.start : all.start;
		all.end = span.end > all.end ? span.end : all.end;
	}
	return all;
}

void diag_render_rows(struct buf *buf, const struct source *source, const struct diag_row *rows, size_t count,
		      size_t columns, enum diag_style style)
{
	struct drawn drawn = draw_line(buf, source, all_marks(source, rows), columns);
	for (size_t i = 0; i < count; i++)
		add_row(buf, source, &drawn, &rows[i], columns, style);
}

/* ---- whole diagnostics ------------------------------------------------------------------------------------------ */

static void add_place(struct buf *buf, const struct source *source, struct span span)
{
	struct place place = source_place(source, span.start);
	text_add_printable(buf, text_of(source->name));
	buf_printf(buf, ":%zu:%zu: ", place.line, place.column);
}

static void add_note(struct buf *buf, const struct diag_note *note, size_t columns, enum diag_style style)
{
	if (note->source)
		add_place(buf, note->source, note->span);
	buf_printf(buf, "%snote%s: %s\n", styles[style].note, styles[style].plain, note->message);
	if (note->source)
		diag_render_line(buf, note->source, note->span, columns, style);
}

static void add_help(struct buf *buf, size_t gutter, const struct style *s, const char *hint)
{
	buf_add_repeated(buf, ' ', gutter);
	buf_printf(buf, " = %shelp%s: %s\n", s->help, s->plain, hint);
}

/* In a line with an error, names the first character that looks like an ordinary space but isn't one: nobody can see
 * it. */
static void add_lookalike(struct buf *buf, const struct diag *diag, size_t gutter, const struct style *s)
{
	struct text line = source_line(diag->source, source_place(diag->source, diag->span.start).line);
	size_t column = 1;
	uint32_t point;
	for (size_t i = 0, size; i < line.length; i += size, column++) {
		size = utf8_decode(line.bytes + i, line.length - i, &point);
		if (size && point_lookalike_name(point)) {
			bool has_width = point != 0x200b && point != 0xfeff;
			char hint[128];
			snprintf(hint, sizeof(hint), "column %zu has %s (U+%04X): %s", column,
				 point_lookalike_name(point), (unsigned)point,
				 has_width ? "write an ordinary space instead" : "leave it out");
			add_help(buf, gutter, s, hint);
			return;
		}
		size = size ? size : 1;
	}
}

void diag_render(struct buf *buf, const struct diag *diag, size_t columns, enum diag_style style)
{
	const struct style *s = &styles[style];
	buf_add_string(buf, s->bold);
	if (diag->source)
		add_place(buf, diag->source, diag->span);
	buf_printf(buf, "%s%s%s: %s%s%s [%s]\n", severity_style(s, diag->severity), diag_severity_name(diag->severity),
		   s->plain, s->bold, diag->message, s->plain, diag_code_name(diag->code));
	size_t gutter = 1; /* without a line number: for messages about the command line */
	if (diag->source) {
		diag_render_line(buf, diag->source, diag->span, columns, style);
		gutter = digits(source_place(diag->source, diag->span.start).line);
	}
	if (diag->hint)
		add_help(buf, gutter, s, diag->hint);
	if (diag->source && diag->severity == DIAG_ERROR)
		add_lookalike(buf, diag, gutter, s);
	if (diag->also)
		add_note(buf, diag->also, columns, style);
}

void diags_render(struct buf *buf, const struct diags *diags, size_t columns, enum diag_style style)
{
	size_t errors = 0, warnings = 0;
	for (const struct diag *diag = diags->first; diag; diag = diag->next) {
		diag_render(buf, diag, columns, style);
		errors += diag->severity == DIAG_ERROR;
		warnings += diag->severity == DIAG_WARNING;
	}
	if (diags->errors > errors)
		buf_printf(buf, "… and %zu more error%s\n", diags->errors - errors,
			   text_plural(diags->errors - errors));
	if (diags->warnings > warnings)
		buf_printf(buf, "… and %zu more warning%s\n", diags->warnings - warnings,
			   text_plural(diags->warnings - warnings));
}
