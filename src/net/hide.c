/* hide.c - the key taken out of what comes back, before anybody else sees it.
 *
 * A server may send it back, and libcurl quotes what it can't read. Everything that leaves this room in an answer (body, headers,
 * the words of a miss) goes through here once.
 */
#include "hide.h"

#include <string.h>

static bool is_hex_digit_of(char digit, unsigned value)
{
	return digit == "0123456789abcdef"[value] || digit == "0123456789ABCDEF"[value];
}

/* How many bytes at `at` stand for one byte of the key: itself, \X or \u00XX; 0 if they don't. */
static size_t match_byte(const char *bytes, size_t left, char byte)
{
	unsigned value = (unsigned char)byte;
	if (left >= 1 && bytes[0] == byte && byte != '\\')
		return 1;
	if (left >= 2 && bytes[0] == '\\' && bytes[1] == byte)
		return 2;
	if (left >= 6 && memcmp(bytes, "\\u00", 4) == 0 && is_hex_digit_of(bytes[4], value >> 4) &&
	    is_hex_digit_of(bytes[5], value & 15))
		return 6;
	return left >= 1 && bytes[0] == byte ? 1 : 0;
}

/* How long the key is at the beginning of these bytes; 0 if it isn't there. */
static size_t match_key(const char *bytes, size_t left, struct text key)
{
	size_t length = 0;
	for (size_t i = 0; i < key.length; i++) {
		size_t step = match_byte(bytes + length, left - length, key.bytes[i]);
		if (step == 0)
			return 0;
		length += step;
	}
	return length;
}

/* Where the key could begin next: it begins as itself or with a backslash. */
static size_t skip(const char *bytes, size_t from, size_t length, char first)
{
	const char *plain = memchr(bytes + from, first, length - from);
	size_t until = plain ? (size_t)(plain - bytes) : length;
	const char *escaped = memchr(bytes + from, '\\', until - from);
	return escaped ? (size_t)(escaped - bytes) : until;
}

void hide_key(char *bytes, size_t length, struct text key)
{
	if (key.length == 0 || length == 0)
		return;
	for (size_t i = skip(bytes, 0, length, key.bytes[0]); i < length;) {
		size_t found = match_key(bytes + i, length - i, key);
		memset(bytes + i, '*', found);
		i += found > 0 ? found : 1;
		i = skip(bytes, i, length, key.bytes[0]);
	}
}
