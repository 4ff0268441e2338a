/* properties.c - skips the anchor and the tag before a value. */
#include "properties.h"

#include <string.h>

size_t line_end_length(const char *bytes, size_t length)
{
	if (length >= 2 && memcmp(bytes, "\r\n", 2) == 0)
		return 2;
	if (length >= 1 && (bytes[0] == '\n' || bytes[0] == '\r'))
		return 1;
	if (length >= 2 && memcmp(bytes, "\xC2\x85", 2) == 0)
		return 2;
	if (length >= 3 && (memcmp(bytes, "\xE2\x80\xA8", 3) == 0 || memcmp(bytes, "\xE2\x80\xA9", 3) == 0))
		return 3;
	return 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static size_t skip_tag(const char *bytes, size_t at, size_t end)
{
	while (at < end && !is_blank(bytes[at]) && line_end_length(bytes + at, end - at) == 0)
		at++;
	return at;
}

/* For libyaml a name consists of letters, digits, '_' and '-', and the value may follow at once: in "&a:b" it is ":b".
 */
static size_t skip_anchor(const char *bytes, size_t at, size_t end)
{
	for (at++; at < end; at++) {
		char c = bytes[at];
		bool in_name = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
			       c == '-';
		if (!in_name)
			break;
	}
	return at;
}

static size_t skip_white_and_comments(const char *bytes, size_t at, size_t end)
{
	bool in_comment = false;
	while (at < end) {
		size_t line_end = line_end_length(bytes + at, end - at);
		if (line_end > 0)
			in_comment = false;
		else if (bytes[at] == '#')
			in_comment = true;
		else if (!in_comment && !is_blank(bytes[at]))
			break;
		at += line_end > 0 ? line_end : 1;
	}
	return at;
}

struct properties properties_read(const struct source *source, struct span span)
{
	const char *bytes = source->text.bytes;
	struct properties properties = {.value = span.start};
	size_t at = span.start;
	while (at < span.end && (bytes[at] == '&' || bytes[at] == '!')) {
		bool is_tag = bytes[at] == '!';
		size_t end = is_tag ? skip_tag(bytes, at, span.end) : skip_anchor(bytes, at, span.end);
		if (is_tag && !properties.has_tag) {
			properties.has_tag = true;
			properties.tag = (struct span){at, end};
		}
		at = skip_white_and_comments(bytes, end, span.end);
		properties.value = at;
	}
	return properties;
}
