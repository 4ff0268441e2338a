/* headers.c - see headers.h. */
#include "headers.h"

#include "chaingate/net.h"

#include <string.h>

/* Of a longer name, this many bytes are searched, without the separators. */
#define NAME_MAX 128

/* ---- names ------------------------------------------------------------------------------------------------------ */

static bool has_one_of(const char *plain, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strstr(plain, words[i]))
			return true;
	return false;
}

bool header_is_passed_on(struct text name)
{
	static const char *const words[] = NET_HEADER_WORDS, *const others[] = NET_HEADER_OTHERS;
	char plain[NAME_MAX + 1];
	size_t length = 0;

	for (size_t i = 0; i < name.length && length < NAME_MAX; i++)
		if (name.bytes[i] != '-' && name.bytes[i] != '_' && name.bytes[i] != '.')
			plain[length++] = text_lower(name.bytes[i]);
	plain[length] = '\0';
	if (strcmp(plain, "age") == 0)
		return true;
	return has_one_of(plain, words, sizeof(words) / sizeof(*words)) &&
	       !has_one_of(plain, others, sizeof(others) / sizeof(*others));
}

/* True for a name that is given out by itself. */
static bool is_named(struct text name)
{
	return text_is_in_any_case(name, "Retry-After") || text_is_in_any_case(name, "Date") ||
	       text_is_in_any_case(name, "Link");
}

/* ---- taking ----------------------------------------------------------------------------------------------------- */

struct header_lines header_lines_make(size_t limit)
{
	struct header_lines headers = {.lines = buf_make(limit)};

	headers.lines.wipes = true; /* a header may contain the key */
	return headers;
}

void header_lines_release(struct header_lines *headers)
{
	buf_release(&headers->lines);
}

/* A recording is UTF-8 and has lines, and none of these headers needs anything but printable ASCII. */
static void add_printable(struct buf *out, struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		buf_add_byte(out, text.bytes[i] >= ' ' && text.bytes[i] <= '~' ? text.bytes[i] : '?');
}

static bool is_folded(struct text line)
{
	return line.length > 0 && (line.bytes[0] == ' ' || line.bytes[0] == '\t');
}

/* A folded line is the rest of the one before. */
static void take_rest(struct header_lines *headers, struct text line)
{
	if (!headers->is_open)
		return;
	headers->lines.bytes[headers->lines.length - 1] = ' ';
	add_printable(&headers->lines, text_trim(line));
	buf_add_byte(&headers->lines, '\n');
}

void header_lines_take(struct header_lines *headers, struct text line, bool is_trailer)
{
	const char *colon = line.length ? memchr(line.bytes, ':', line.length) : NULL;

	if (text_starts_with(line, "HTTP/")) {
		buf_clear(&headers->lines);
		headers->is_open = false;
		return;
	}
	if (is_folded(line)) {
		take_rest(headers, line);
		return;
	}
	if (!colon)
		return;
	struct text name = text_trim(text_slice(line, 0, (size_t)(colon - line.bytes)));
	headers->is_open = (is_named(name) && !is_trailer) || header_is_passed_on(name);
	if (!headers->is_open)
		return;
	add_printable(&headers->lines, name);
	buf_add_string(&headers->lines, ": ");
	add_printable(&headers->lines, text_trim(text_slice(line, name.length + 1, line.length)));
	buf_add_byte(&headers->lines, '\n');
}

/* ---- giving out ------------------------------------------------------------------------------------------------- */

/* The line at *at, without its end, and moves *at past it. False at the end. */
static bool next_line(const struct header_lines *headers, size_t *at, struct text *name, struct text *line)
{
	struct text lines = buf_text(&headers->lines);
	size_t end = *at, colon = *at;

	if (end >= lines.length)
		return false;
	while (lines.bytes[end] != '\n')
		end++;
	while (lines.bytes[colon] != ':')
		colon++;
	*name = text_slice(lines, *at, colon);
	*line = text_slice(lines, *at, end);
	*at = end + 1;
	return true;
}

void header_lines_add_values(const struct header_lines *headers, struct buf *out, const char *wanted)
{
	struct text name, line;
	bool is_first = true;

	for (size_t at = 0; next_line(headers, &at, &name, &line);) {
		if (!text_is_in_any_case(name, wanted))
			continue;
		buf_add_string(out, is_first ? "" : ", ");
		buf_add(out, text_slice(line, name.length + 2, line.length));
		is_first = false;
	}
}

void header_lines_add_passed_on(const struct header_lines *headers, struct buf *out)
{
	struct text name, line;

	for (size_t at = 0; next_line(headers, &at, &name, &line);) {
		if (is_named(name))
			continue;
		buf_add(out, line);
		buf_add_byte(out, '\n');
	}
}
