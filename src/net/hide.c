/* hide.c - removes the key from answers, before anybody else sees them.
 *
 * A server may send the key back, and libcurl quotes what it can't read. Everything in an answer that leaves this
 * room (body, headers, the words of a miss) goes through here once.
 */
#define _GNU_SOURCE /* memmem: in POSIX since 2024, in the C libraries for a long time */

#include "hide.h"

#include "hide_parts.h"

#include <string.h>

/* Most bytes that mean one byte of the key: \u00XX. */
#define ESCAPE_MAX 6
/* Bytes that mean one byte of the key where it is percent-encoded: %XX. Each of them may be escaped. */
#define PERCENT 3

static inline bool is_hex_digit_of(char digit, unsigned value)
{
	return digit == "0123456789abcdef"[value] || digit == "0123456789ABCDEF"[value];
}

/* The number of bytes at `at` that mean one byte of the key: itself, \X or \u00XX; 0 if they don't. */
static inline size_t match_byte(const char *bytes, size_t left, char byte)
{
	unsigned value = (unsigned char)byte;
	if (left >= 1 && bytes[0] == byte && byte != '\\')
		return 1;
	if (left >= 2 && bytes[0] == '\\' && bytes[1] == byte)
		return 2;
	if (left >= ESCAPE_MAX && memcmp(bytes, "\\u00", 4) == 0 && is_hex_digit_of(bytes[4], value >> 4) &&
	    is_hex_digit_of(bytes[5], value & 15))
		return ESCAPE_MAX;
	return left >= 1 && bytes[0] == byte ? 1 : 0;
}

/* The length of the key at the beginning of these bytes; 0 if it isn't there. */
static size_t match_key(const char *bytes, size_t left, struct text key)
{
	size_t length = 0;
	for (size_t i = 0; i < key.length; i++) {
		if (length < left && bytes[length] == key.bytes[i] && key.bytes[i] != '\\') {
			length++;
			continue;
		}
		size_t step = match_byte(bytes + length, left - length, key.bytes[i]);
		if (step == 0)
			return 0;
		length += step;
	}
	return length;
}

/* Finds the places where the key could begin. One search finds an unescaped key. An escaped key contains a backslash;
 * fewer bytes precede its first one than the key has. Both results are kept until the search has passed them, so
 * nothing is searched twice. */
struct search {
	const char *bytes;
	size_t length;
	struct text key;
	size_t anchor;           /* the index of the key's byte that seems to be the rarest in the body */
	size_t stops;            /* how often that byte has been found so far */
	size_t plain, backslash; /* the next of each; `length` if there is none */
};

/* memchr looks for one byte ten times as fast as memmem looks for a key, provided that the byte is rare. A sample of
 * the body tells which byte of the key is the rarest. */
#define SAMPLE_MAX ((size_t)4096)

/* A byte is rare if it occurs at most once in this many bytes. If it isn't rare, memmem is faster. */
#define RARE 64

static size_t choose_anchor(const struct search *search)
{
	size_t counts[256] = {0}, best = 0;
	for (size_t i = 0; i < search->length && i < SAMPLE_MAX; i++)
		counts[(unsigned char)search->bytes[i]]++;
	for (size_t i = 1; i < search->key.length; i++)
		if (counts[(unsigned char)search->key.bytes[i]] < counts[(unsigned char)search->key.bytes[best]])
			best = i;
	return best;
}

static size_t find_byte(const struct search *search, size_t from, char byte)
{
	const char *found = from < search->length ? memchr(search->bytes + from, byte, search->length - from) : NULL;
	return found ? (size_t)(found - search->bytes) : search->length;
}

static size_t find_plain(struct search *search, size_t from)
{
	struct text key = search->key;
	while (search->stops <= search->length / RARE && from < search->length) {
		size_t at = find_byte(search, from + search->anchor, key.bytes[search->anchor]);
		if (at == search->length)
			return at;
		from = at - search->anchor;
		if (key.length <= search->length - from && memcmp(search->bytes + from, key.bytes, key.length) == 0)
			return from;
		search->stops++;
		from++;
	}
	const char *found = from < search->length
				    ? memmem(search->bytes + from, search->length - from, key.bytes, key.length)
				    : NULL;
	return found ? (size_t)(found - search->bytes) : search->length;
}

/* Backslashes may be close to each other: so many bytes are looked at one by one before memchr is called. */
#define NEAR ((size_t)16)

static size_t find_backslash(const struct search *search, size_t from)
{
	size_t near = search->length - from < NEAR ? search->length - from : NEAR;
	for (size_t i = 0; i < near; i++)
		if (search->bytes[from + i] == '\\')
			return from + i;
	return find_byte(search, from + near, '\\');
}

/* True if this backslash begins an escape that may mean the key's first byte. */
static inline bool may_mean(const struct search *search, size_t slash, char first)
{
	char next = slash + 1 < search->length ? search->bytes[slash + 1] : first;
	return next == first || next == 'u' || first == '\\';
}

/* Where an escaped key could begin: before the next backslash with the key's first byte, or at a backslash that means
 * that byte. `length` if there is no place before `end`. */
static size_t find_escaped(struct search *search, size_t from, size_t end)
{
	const char *bytes = search->bytes;
	size_t before = search->key.length - 1, slash = search->backslash;
	char first = search->key.bytes[0];
	for (; from < end; from = slash + 1) {
		if (slash < from)
			slash = search->backslash = find_backslash(search, from);
		if (slash == search->length)
			return slash;
		for (size_t at = slash - from > before ? slash - before : from; at < slash; at++)
			if (bytes[at] == first)
				return at;
		if (may_mean(search, slash, first) && match_byte(bytes + slash, search->length - slash, first))
			return slash;
	}
	return search->length;
}

static size_t next_candidate(struct search *search, size_t from, size_t end)
{
	if (search->plain < from)
		search->plain = find_plain(search, from);
	size_t plain = search->plain, escaped = find_escaped(search, from, plain < end ? plain : end);
	return plain < escaped ? plain : escaped;
}

/* Hides each whole key that begins before `end`. Returns where to go on: `end`, or the end of the last key if it is
 * later. */
static size_t hide_whole_before(char *bytes, size_t length, size_t end, struct text key)
{
	struct search search = {.bytes = bytes, .length = length, .key = key};
	size_t done = end;
	search.anchor = choose_anchor(&search);
	search.plain = find_plain(&search, 0);
	/* An escaped key is found as a part, too, if it has parts. */
	search.backslash = hide_has_parts(key) ? length : find_byte(&search, 0, '\\');
	for (size_t i = next_candidate(&search, 0, end); i < end; i = next_candidate(&search, i, end)) {
		size_t found = match_key(bytes + i, length - i, key);
		memset(bytes + i, '*', found);
		i += found > 0 ? found : 1;
		done = found > 0 && i > end ? i : end;
	}
	return done;
}

/* The same for each key and part of one. What was a key has only asterisks by then. */
static size_t hide_before(char *bytes, size_t length, size_t end, struct text key)
{
	size_t whole = hide_whole_before(bytes, length, end, key), parts = hide_parts_before(bytes, length, end, key);
	return whole > parts ? whole : parts;
}

void hide_key(char *bytes, size_t length, struct text key)
{
	if (key.length > 0 && length > 0)
		hide_before(bytes, length, length, key);
}

size_t hide_key_so_far(char *bytes, size_t from, size_t length, struct text key)
{
	size_t reach = key.length * PERCENT * ESCAPE_MAX;
	if (key.length == 0 || from > length || length - from < reach)
		return from;
	return from + hide_before(bytes + from, length - from, length - from - reach + 1, key);
}
