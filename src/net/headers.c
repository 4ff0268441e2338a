/* headers.c - see headers.h. */
#include "headers.h"

#include "chaingate/net.h"

#include <string.h>

/* ---- names ------------------------------------------------------------------------------------------------------ */

static bool has_one_of(const char *plain, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strstr(plain, words[i]))
			return true;
	return false;
}

/* True for a name that is given out by itself. */
static bool is_named(struct text name)
{
	return text_is_in_any_case(name, "Retry-After") || text_is_in_any_case(name, "Date") ||
	       text_is_in_any_case(name, "Link");
}

bool header_is_passed_on(struct text name)
{
	static const char *const words[] = NET_HEADER_WORDS, *const others[] = NET_HEADER_OTHERS;
	char plain[HEADER_NAME_MAX + 1];
	size_t length = 0;

	if (is_named(name))
		return false;
	for (size_t i = 0; i < name.length && length < HEADER_NAME_MAX; i++)
		if (name.bytes[i] != '-' && name.bytes[i] != '_' && name.bytes[i] != '.')
			plain[length++] = text_lower(name.bytes[i]);
	plain[length] = '\0';
	if (strcmp(plain, "age") == 0)
		return true;
	return has_one_of(plain, words, sizeof(words) / sizeof(*words)) &&
	       !has_one_of(plain, others, sizeof(others) / sizeof(*others));
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

/* Counts bytes of a line. False: it is too long. */
static bool has_room(struct header_lines *headers, size_t length)
{
	headers->line_length += length;
	headers->is_too_long |= headers->is_limited && headers->line_length > HEADER_LINE_MAX;
	return !headers->is_too_long;
}

/* A folded line is the rest of the one before. */
static void take_rest(struct header_lines *headers, struct text line)
{
	if (!headers->is_open || !has_room(headers, line.length))
		return;
	headers->lines.bytes[headers->lines.length - 1] = ' ';
	add_printable(&headers->lines, text_trim(line));
	buf_add_byte(&headers->lines, '\n');
}

static void take_named(struct header_lines *headers, struct text name, struct text value)
{
	headers->line_length = 0;
	headers->is_limited = !is_named(name);
	headers->is_open = (is_named(name) && !headers->has_ended) || header_is_passed_on(name);
	headers->is_too_long |= name.length > HEADER_NAME_MAX;
	if (!headers->is_open || !has_room(headers, name.length + value.length))
		return;
	add_printable(&headers->lines, name);
	buf_add_string(&headers->lines, ": ");
	add_printable(&headers->lines, value);
	buf_add_byte(&headers->lines, '\n');
}

/* ---- an answer's beginning and end ------------------------------------------------------------------------------ */

/* True for a status line where one may be: not in the middle of the headers, and not among the trailers. */
static bool is_beginning(const struct header_lines *headers, struct text line)
{
	return text_starts_with(line, "HTTP/") && (!headers->has_status || (headers->is_interim && headers->has_ended));
}

/* "HTTP/1.1 103 Early Hints" */
static bool is_interim(struct text status)
{
	const char *space = memchr(status.bytes, ' ', status.length);

	return space && space + 1 < status.bytes + status.length && space[1] == '1';
}

static void begin(struct header_lines *headers, struct text status)
{
	buf_clear(&headers->lines);
	headers->is_open = false;
	headers->is_too_long = false;
	headers->has_status = true;
	headers->is_interim = is_interim(status);
	headers->has_ended = false;
}

void header_lines_take(struct header_lines *headers, struct text line)
{
	const char *colon = line.length ? memchr(line.bytes, ':', line.length) : NULL;

	if (is_beginning(headers, line))
		begin(headers, line);
	else if (line.length > 0 && (line.bytes[0] == '\r' || line.bytes[0] == '\n'))
		headers->has_ended = true;
	else if (is_folded(line))
		take_rest(headers, line);
	else if (colon)
		take_named(headers, text_trim(text_slice(line, 0, (size_t)(colon - line.bytes))),
			   text_trim(text_slice(line, (size_t)(colon - line.bytes) + 1, line.length)));
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
