/* hide.c - removes the key from answers, before anybody else sees them.
 *
 * A server may send the key back, and libcurl quotes what it can't read. Everything in an answer that leaves this
 * room (body, headers, the words of a miss) goes through here once.
 */
#define _GNU_SOURCE /* memmem: in POSIX since 2024, in the C libraries for a long time */

#include "hide.h"

#include <string.h>

static bool is_hex_digit_of(char digit, unsigned value)
{
	return digit == "0123456789abcdef"[value] || digit == "0123456789ABCDEF"[value];
}

/* The number of bytes at `at` that mean one byte of the key: itself, \X or \u00XX; 0 if they don't. */
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

/* The length of the key at the beginning of these bytes; 0 if it isn't there. */
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

/* The next place from `from` on where the key could begin. An unescaped key is found by one search. An escaped key
 * contains a backslash, with at most as many bytes before its first one as the key has characters. Both results are
 * kept until the search has passed them, so nothing is searched twice. */
struct search {
	const char *bytes;
	size_t length;
	struct text key;
	size_t plain, backslash; /* the next of each; `length` if there is none */
};

static size_t find(const struct search *search, size_t from, struct text what)
{
	const char *found = from < search->length
				    ? memmem(search->bytes + from, search->length - from, what.bytes, what.length)
				    : NULL;
	return found ? (size_t)(found - search->bytes) : search->length;
}

static size_t next_candidate(struct search *search, size_t from)
{
	if (search->plain < from)
		search->plain = find(search, from, search->key);
	if (search->backslash < from)
		search->backslash = find(search, from, TEXT("\\"));
	size_t before = search->key.length - 1;
	size_t escaped = search->backslash > before ? search->backslash - before : 0;
	if (search->backslash == search->length)
		return search->plain;
	if (escaped < from)
		escaped = from;
	return search->plain < escaped ? search->plain : escaped;
}

void hide_key(char *bytes, size_t length, struct text key)
{
	if (key.length == 0 || length == 0)
		return;
	struct search search = {bytes, length, key, 0, 0};
	search.plain = find(&search, 0, key);
	search.backslash = find(&search, 0, TEXT("\\"));
	for (size_t i = next_candidate(&search, 0); i < length; i = next_candidate(&search, i)) {
		size_t found = match_key(bytes + i, length - i, key);
		memset(bytes + i, '*', found);
		i += found > 0 ? found : 1;
	}
}
