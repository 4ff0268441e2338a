/* status_table.c - what `chaingate status` shows: deployments and their chainlets in aligned columns. */
#include "words.h"

#include "chaingate/times.h"

#include <inttypes.h>

/* Columns between two cells. */
#define GAP 2

static const char *class_colour(enum status status)
{
	switch (status_class(status)) {
	case CLASS_READY: return "\x1b[32m";
	case CLASS_IN_PROGRESS: return "\x1b[36m";
	case CLASS_IDLE: return "\x1b[2m";
	case CLASS_UNHEALTHY: return "\x1b[33m";
	case CLASS_FAILED: return "\x1b[31m";
	case CLASS_NONE:
	case CLASS_COUNT: break;
	}
	return "\x1b[35m";
}

static void add_cell(struct buf *buf, struct text text, size_t width, const char *colour)
{
	struct buf cell = buf_make(BUF_LIMIT_REPORT);
	text_add_within(&cell, text, width);
	size_t columns = text_columns(buf_text(&cell));
	buf_add_string(buf, colour ? colour : "");
	buf_add(buf, buf_text(&cell));
	buf_add_string(buf, colour ? "\x1b[0m" : "");
	buf_add_repeated(buf, ' ', (width > columns ? width - columns : 0) + GAP);
	buf_release(&cell);
}

struct widths {
	size_t name, status;
};

static void widen(size_t *width, struct text text)
{
	size_t columns = text_columns(text);
	if (columns > *width)
		*width = columns;
}

/* Names give way to the rest in a narrow window, but keep a part of it. */
#define NAME_PART 2
#define NAME_LEAST 12

static struct widths measure(const struct selection *selection, size_t columns)
{
	size_t most = columns / NAME_PART > NAME_LEAST ? columns / NAME_PART : NAME_LEAST;
	struct widths widths = {0};
	for (size_t i = 0; i < selection->count; i++) {
		const struct deployment *deployment = selection->deployments[i];
		widen(&widths.name, deployment->id);
		widen(&widths.status, deployment->status_word);
		for (size_t j = 0; j < deployment->chainlet_count; j++) {
			widen(&widths.status, deployment->chainlets[j].status_word);
			size_t indented = text_columns(deployment->chainlets[j].name) + GAP;
			if (indented > widths.name)
				widths.name = indented;
		}
	}
	if (columns && widths.name > most)
		widths.name = most;
	return widths;
}

static void add_deployment(struct buf *buf, const struct deployment *deployment, struct widths widths, int64_t now_wall_ns, bool colour)
{
	add_cell(buf, deployment->id, widths.name, NULL);
	add_cell(buf, deployment->status_word, widths.status, colour ? class_colour(deployment->status) : NULL);
	text_add_printable(buf, deployment->has_environment ? deployment->environment : TEXT("no environment"));
	buf_add_string(buf, ", created ");
	if (now_wall_ns >= deployment->created_at_wall_ns) {
		duration_add_clock(buf, now_wall_ns - deployment->created_at_wall_ns);
		buf_add_string(buf, " ago");
	} else {
		moment_add(buf, deployment->created_at_wall_ns, false);
	}
	buf_add_byte(buf, '\n');
}

static void add_chainlet(struct buf *buf, const struct chainlet *chainlet, struct widths widths, bool colour)
{
	buf_add_repeated(buf, ' ', GAP);
	add_cell(buf, chainlet->name, widths.name - GAP, NULL);
	add_cell(buf, chainlet->status_word, widths.status, colour ? class_colour(chainlet->status) : NULL);
	buf_printf(buf, "%" PRId64, chainlet->active_replica_count);
	if (chainlet->settings)
		buf_printf(buf, " of %" PRId64 " to %" PRId64, chainlet->settings->min_replica, chainlet->settings->max_replica);
	buf_add_string(buf, " replicas, ");
	text_add_printable(buf, chainlet->instance_type_name);
	buf_add_byte(buf, '\n');
}

/* ---- windows ---------------------------------------------------------------------------------------------------- */

/* As much of a line as fits, its colours whole: an escape sequence takes no column. */
static void add_cut(struct buf *buf, struct text line, size_t columns)
{
	size_t left = columns;
	bool cut = false;
	while (line.length) {
		size_t end = 0;
		while (end < line.length && line.bytes[end] != '\x1b')
			end++;
		struct text words = text_slice(line, 0, end);
		if (!cut)
			text_add_within(buf, words, left);
		cut |= text_columns(words) > left;
		left -= cut ? left : text_columns(words);
		size_t sequence = end;
		while (sequence < line.length && line.bytes[sequence] != 'm')
			sequence++;
		buf_add(buf, text_slice(line, end, sequence + 1 < line.length ? sequence + 1 : line.length));
		line = text_slice(line, sequence + 1, line.length);
	}
	buf_add_byte(buf, '\n');
}

static size_t count_lines(struct text text)
{
	size_t lines = 0;
	for (size_t i = 0; i < text.length; i++)
		lines += text.bytes[i] == '\n';
	return lines;
}

static void add_fitting(struct buf *buf, struct text text, size_t columns, size_t rows)
{
	size_t lines = count_lines(text), limit = rows && lines > rows ? rows - 1 : lines;
	for (size_t i = 0; i < limit; i++) {
		size_t end = 0;
		while (text.bytes[end] != '\n')
			end++;
		if (columns)
			add_cut(buf, text_slice(text, 0, end), columns);
		else
			buf_add(buf, text_slice(text, 0, end + 1));
		text = text_slice(text, end + 1, text.length);
	}
	if (limit < lines)
		buf_printf(buf, "\u2026 and %zu more lines\n", lines - limit);
}

void status_table(struct buf *buf, const struct selection *selection, int64_t now_wall_ns, const struct status_window *window)
{
	struct widths widths = measure(selection, window->columns);
	struct buf whole = buf_make(BUF_LIMIT_REPORT);
	for (size_t i = 0; i < selection->count; i++) {
		const struct deployment *deployment = selection->deployments[i];
		add_deployment(&whole, deployment, widths, now_wall_ns, window->colour);
		for (size_t j = 0; j < deployment->chainlet_count; j++)
			add_chainlet(&whole, &deployment->chainlets[j], widths, window->colour);
	}
	add_fitting(buf, buf_text(&whole), window->columns, window->rows);
	buf_release(&whole);
}
