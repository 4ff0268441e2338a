/* scalar_map.c - decodes a YAML scalar a second time, to find out where each of its bytes was.
 *
 * libyaml returns a scalar's text, its beginning and its end, but not which quotes, escapes, line ends and
 * indentation are in between. A mistake in a rule should be shown under the wrong word, even if the rule is quoted
 * or folded over three lines. So YAML's rules for decoding are applied here once more, and each resulting byte is
 * compared with libyaml's.
 *
 * All bytes of an escape come from its backslash. A folded line end comes from the place where the line's last word
 * ended, so that a span of that word stays on its line.
 */
#include "scalar_map.h"

#include "properties.h"

#include <string.h>

struct walk {
	const char *bytes; /* the source's */
	size_t at, end;    /* the rest of the scalar's content */
	struct text text;
	size_t done;     /* how many bytes of `text` have an offset */
	size_t *offsets; /* of these bytes */
	bool differs;    /* the result differs from libyaml's text */
	size_t text_end; /* in the file */
};

/* The white space, or line ends, between two pieces of text. */
struct gap {
	size_t start;     /* where the white space began */
	size_t first_end; /* the first line end */
	size_t ends_from; /* the line ends after the first: [ends_from, ends_to), with white space among them */
	size_t ends_to;
	bool has_line_end; /* there is a first line end */
	bool escaped;      /* the first line end was escaped, and adds nothing */
};

static void emit(struct walk *w, char byte, size_t origin)
{
	if (w->done == w->text.length || w->text.bytes[w->done] != byte) {
		w->differs = true;
		return;
	}
	w->offsets[w->done++] = origin;
}

/* The length of the line end at `at`, or 0. */
static size_t line_end_at(const struct walk *w, size_t at)
{
	return at < w->end ? line_end_length(w->bytes + at, w->end - at) : 0;
}

/* U+2028 and U+2029 stay as they are, every other line end becomes a newline. */
static bool becomes_newline(const struct walk *w, size_t at)
{
	return line_end_at(w, at) != 3;
}

static void emit_line_end(struct walk *w, size_t at, size_t origin)
{
	if (becomes_newline(w, at)) {
		emit(w, '\n', origin);
		return;
	}
	for (size_t i = 0; i < 3; i++)
		emit(w, w->bytes[at + i], origin);
}

/* Appends the line ends in [from, to); the first comes from `origin`. */
static void emit_line_ends(struct walk *w, size_t from, size_t to, size_t origin)
{
	bool first = true;
	for (size_t at = from; at < to;) {
		size_t length = line_end_at(w, at);
		if (length > 0)
			emit_line_end(w, at, first ? origin : at);
		first = first && length == 0;
		at += length > 0 ? length : 1;
	}
}

static bool is_blank(const struct walk *w, size_t at)
{
	return at < w->end && (w->bytes[at] == ' ' || w->bytes[at] == '\t');
}

/* --- plain and quoted: white space before and behind a line end vanishes --- */

/* Skips white space and line ends. `gap` says whether an escaped line end was just skipped; otherwise it is empty. */
static void skip_gap(struct walk *w, struct gap *gap)
{
	for (;;) {
		size_t length = line_end_at(w, w->at);
		if (length == 0 && !is_blank(w, w->at))
			break;
		if (length > 0 && !gap->has_line_end && !gap->escaped) {
			gap->has_line_end = true;
			gap->first_end = w->at;
			gap->ends_from = w->at + length;
		}
		w->at += length > 0 ? length : 1;
	}
	gap->ends_to = w->at;
}

static bool has_line_end_in(const struct walk *w, size_t from, size_t to)
{
	for (; from < to; from++)
		if (line_end_at(w, from) > 0)
			return true;
	return false;
}

/* A single line end becomes a space; of several, the first is dropped; white space within a line stays. */
static void emit_gap(struct walk *w, const struct gap *gap)
{
	if (gap->escaped) {
		emit_line_ends(w, gap->ends_from, gap->ends_to, gap->start);
	} else if (!gap->has_line_end) {
		for (size_t at = gap->start; at < gap->ends_to; at++)
			emit(w, w->bytes[at], at);
	} else if (!becomes_newline(w, gap->first_end)) {
		emit_line_end(w, gap->first_end, gap->start);
		emit_line_ends(w, gap->ends_from, gap->ends_to, gap->ends_from);
	} else if (has_line_end_in(w, gap->ends_from, gap->ends_to)) {
		emit_line_ends(w, gap->ends_from, gap->ends_to, gap->start);
	} else {
		emit(w, ' ', gap->start);
	}
}

/* The value of `count` hexadecimal digits at `at`. UINT32_MAX, which isn't a character, if one of them isn't such a
 * digit. */
static uint32_t hex_value(const struct walk *w, size_t at, size_t count)
{
	uint32_t value = 0;
	for (size_t i = 0; i < count; i++) {
		char c = at + i < w->end ? w->bytes[at + i] : '\0';
		if (c >= '0' && c <= '9')
			value = value * 16 + (uint32_t)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			value = value * 16 + (uint32_t)((c | 0x20) - 'a') + 10;
		else
			return UINT32_MAX;
	}
	return value;
}

/* Escapes for a single fixed character. */
static const struct {
	char name;
	uint32_t point;
} escapes[] = {
	{'0', 0x00}, {'a', 0x07},  {'b', 0x08}, {'t', 0x09}, {'\t', 0x09},  {'n', 0x0A},
	{'v', 0x0B}, {'f', 0x0C},  {'r', 0x0D}, {'e', 0x1B}, {' ', 0x20},   {'"', 0x22},
	{'/', 0x2F}, {'\\', 0x5C}, {'N', 0x85}, {'_', 0xA0}, {'L', 0x2028}, {'P', 0x2029},
};

/* Any escape but an escaped line end, which walk_word handles. */
static void walk_escape(struct walk *w)
{
	size_t origin = w->at;
	char name = w->at + 1 < w->end ? w->bytes[w->at + 1] : '\0';
	size_t digits = name == 'x' ? 2 : name == 'u' ? 4 : name == 'U' ? 8 : 0;
	uint32_t point = digits > 0 ? hex_value(w, w->at + 2, digits) : UINT32_MAX;
	for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
		if (escapes[i].name == name)
			point = escapes[i].point;
	char encoded[4];
	size_t length = utf8_encode(point, encoded);
	if (length == 0)
		w->differs = true;
	for (size_t i = 0; i < length; i++)
		emit(w, encoded[i], origin);
	w->at += 2 + digits;
}

/* A piece without white space, up to `end`. True if it ended in an escaped line end, which has been skipped. */
static bool walk_word(struct walk *w, enum scalar_form form)
{
	while (w->at < w->end && !is_blank(w, w->at) && line_end_at(w, w->at) == 0) {
		if (form == SCALAR_DOUBLE_QUOTED && w->bytes[w->at] == '\\') {
			size_t length = line_end_at(w, w->at + 1);
			if (length > 0) {
				w->at += 1 + length;
				return true;
			}
			walk_escape(w);
			continue;
		}
		emit(w, w->bytes[w->at], w->at);
		/* within single quotes, a quote is written twice */
		w->at += form == SCALAR_SINGLE_QUOTED && w->bytes[w->at] == '\'' ? 2 : 1;
	}
	return false;
}

static void walk_flow(struct walk *w, enum scalar_form form)
{
	while (w->at < w->end && !w->differs) {
		size_t word_start = w->at;
		bool escaped = walk_word(w, form);
		if (w->at >= w->end && !escaped)
			break;
		struct gap gap = {.start = w->at, .ends_from = w->at, .escaped = escaped};
		skip_gap(w, &gap);
		emit_gap(w, &gap);
		if (w->at == word_start)
			w->differs = true;
	}
}

/* --- literal and folded: lines with an indentation cut off --- */

static size_t count_spaces(const char *bytes, size_t from, size_t to)
{
	size_t count = 0;
	while (from + count < to && bytes[from + count] == ' ')
		count++;
	return count;
}

static size_t find_line_end(const struct walk *w, size_t at)
{
	while (at < w->end && line_end_at(w, at) == 0)
		at++;
	return at;
}

/* The indentation of the content: by how much the first line that isn't blank is indented more in the file than in
 * the text. The header's number doesn't help, because it is relative to a parent that isn't known here. */
static size_t find_indentation(const struct walk *w)
{
	size_t in_file = 0, in_text = 0;
	for (size_t at = w->at; at < w->end;) {
		in_file = count_spaces(w->bytes, at, w->end);
		size_t line_end = find_line_end(w, at);
		if (at + in_file < line_end)
			break;
		at = line_end + line_end_at(w, line_end);
	}
	const struct walk text = {.bytes = w->text.bytes, .end = w->text.length};
	for (size_t at = 0; at < text.end;) {
		in_text = count_spaces(text.bytes, at, text.end);
		size_t line_end = find_line_end(&text, at);
		if (at + in_text < line_end)
			break;
		at = line_end + line_end_at(&text, line_end);
	}
	return in_file > in_text ? in_file - in_text : 0;
}

/* Skips blank lines, and the indentation of the line after them. Returns where their last line end ended. */
static size_t skip_blank_lines(struct walk *w, size_t indentation)
{
	size_t after = w->at;
	for (;;) {
		size_t spaces = count_spaces(w->bytes, w->at, w->end);
		w->at += spaces < indentation ? spaces : indentation;
		size_t length = line_end_at(w, w->at);
		if (length == 0)
			return after;
		w->at += length;
		after = w->at;
	}
}

/* Appends the line ends between two lines of content; the first of them is at `first_end`, and its line ended at
 * `from`. */
static void emit_between(struct walk *w, size_t first_end, size_t from, size_t to, bool folds)
{
	if (!folds || !becomes_newline(w, first_end)) {
		emit_line_end(w, first_end, first_end);
		emit_line_ends(w, from, to, from);
	} else if (has_line_end_in(w, from, to)) {
		emit_line_ends(w, from, to, first_end);
	} else {
		emit(w, ' ', first_end);
	}
}

/* The header says which line ends stay after the last line. libyaml's text shows it, too, and is easier to read. */
static void emit_last(struct walk *w, size_t first_end, size_t from, size_t to)
{
	if (w->done == w->text.length)
		w->text_end = first_end;
	else
		emit_line_end(w, first_end, first_end);
	if (w->done < w->text.length)
		emit_line_ends(w, from, to, from);
}

static void walk_block(struct walk *w, bool folded)
{
	w->at = find_line_end(w, w->at);
	w->at += line_end_at(w, w->at);
	size_t indentation = find_indentation(w);
	size_t blank_from = w->at;
	size_t blank_to = skip_blank_lines(w, indentation);
	emit_line_ends(w, blank_from, blank_to, blank_from);
	while (w->at < w->end && !w->differs) {
		bool was_indented = is_blank(w, w->at);
		size_t line_end = find_line_end(w, w->at);
		for (; w->at < line_end; w->at++)
			emit(w, w->bytes[w->at], w->at);
		blank_from = line_end + line_end_at(w, line_end);
		w->at = blank_from;
		blank_to = skip_blank_lines(w, indentation);
		if (w->at < w->end)
			emit_between(w, line_end, blank_from, blank_to, folded && !was_indented && !is_blank(w, w->at));
		else if (line_end < w->end)
			emit_last(w, line_end, blank_from, blank_to);
	}
}

/* The span of a scalar's text, without quotes. */
static struct span content_of(struct span span, enum scalar_form form)
{
	bool quoted = form == SCALAR_SINGLE_QUOTED || form == SCALAR_DOUBLE_QUOTED;
	if (quoted && span.end >= span.start + 2)
		return (struct span){span.start + 1, span.end - 1};
	return span;
}

struct excerpt scalar_map(struct arena *arena, const struct source *source, struct span span, enum scalar_form form,
			  struct text text)
{
	struct span content = content_of(span, form);
	struct excerpt excerpt = {.source = source, .text = text, .start = content.start};
	const char *bytes = source->text.bytes;
	if (text.length == 0)
		return excerpt;
	if (content.end - content.start == text.length && memcmp(bytes + content.start, text.bytes, text.length) == 0)
		return excerpt;
	size_t *offsets = ARENA_ARRAY(arena, size_t, text.length + 1);
	struct walk w = {
		.bytes = bytes,
		.at = content.start,
		.end = content.end,
		.text = text,
		.offsets = offsets,
		.text_end = content.end,
	};
	if (form == SCALAR_LITERAL || form == SCALAR_FOLDED)
		walk_block(&w, form == SCALAR_FOLDED);
	else
		walk_flow(&w, form);
	if (w.differs || w.done < text.length) {
		for (size_t i = 0; i < text.length; i++)
			offsets[i] = content.start;
	}
	offsets[text.length] = w.text_end;
	excerpt.start = offsets[0];
	excerpt.offsets = offsets;
	return excerpt;
}
