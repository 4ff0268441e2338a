/* text.c - see text.h: comparing, UTF-8, nearest words. Columns and hidden characters are in width.c. */
#include "chaingate/text.h"

#include "chaingate/buf.h"

#include <string.h>

struct text text_of(const char *string)
{
	return string ? (struct text){string, strlen(string)} : (struct text){0};
}

const char *text_end(struct text text)
{
	return text.length ? text.bytes + text.length : text.bytes;
}

struct text text_slice(struct text text, size_t from, size_t to)
{
	if (!text.bytes)
		return (struct text){0};
	if (to > text.length)
		to = text.length;
	if (from > to)
		from = to;
	return (struct text){text.bytes + from, to - from};
}

bool text_equal(struct text a, struct text b)
{
	return a.length == b.length && (a.length == 0 || a.bytes == b.bytes || memcmp(a.bytes, b.bytes, a.length) == 0);
}

bool text_is(struct text text, const char *string)
{
	return text_equal(text, text_of(string));
}

char text_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool text_is_in_any_case(struct text text, const char *string)
{
	struct text other = text_of(string);
	if (text.length != other.length)
		return false;
	for (size_t i = 0; i < text.length; i++)
		if (text_lower(text.bytes[i]) != text_lower(other.bytes[i]))
			return false;
	return true;
}

bool text_starts_with(struct text text, const char *prefix)
{
	return text_is(text_slice(text, 0, strlen(prefix)), prefix);
}

bool text_ends_with(struct text text, const char *suffix)
{
	size_t length = strlen(suffix);
	return text.length >= length && text_is(text_slice(text, text.length - length, text.length), suffix);
}

int text_compare(struct text a, struct text b)
{
	size_t shorter = a.length < b.length ? a.length : b.length;
	int order = shorter ? memcmp(a.bytes, b.bytes, shorter) : 0;
	if (order == 0)
		order = (a.length > b.length) - (a.length < b.length);
	return order;
}

size_t utf8_decode(const char *bytes, size_t length, uint32_t *out)
{
	if (length == 0)
		return 0;
	unsigned char first = (unsigned char)bytes[0];
	if (first < 0x80) {
		*out = first;
		return 1;
	}
	size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
	if (first < 0xc2 || first > 0xf4 || size > length)
		return 0;
	uint32_t point = first & (0x7fu >> size);
	for (size_t i = 1; i < size; i++) {
		unsigned char next = (unsigned char)bytes[i];
		if ((next & 0xc0) != 0x80)
			return 0;
		point = point << 6 | (next & 0x3f);
	}
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	if (point < least[size] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
		return 0;
	*out = point;
	return size;
}

size_t utf8_encode(uint32_t point, char out[4])
{
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
		return 0;
	size_t size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
	static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
	for (size_t i = size - 1; i > 0; i--, point >>= 6)
		out[i] = (char)(0x80 | (point & 0x3f));
	out[0] = (char)(leads[size] | point);
	return size;
}

bool text_has(struct text text, char byte)
{
	return text.length && memchr(text.bytes, byte, text.length);
}

bool text_is_utf8(struct text text)
{
	uint32_t point;
	for (size_t i = 0, size; i < text.length; i += size)
		if ((size = utf8_decode(text.bytes + i, text.length - i, &point)) == 0)
			return false;
	return true;
}

size_t text_points(struct text text)
{
	size_t count = 0;
	uint32_t point;
	for (size_t i = 0; i < text.length; count++) {
		size_t size = utf8_decode(text.bytes + i, text.length - i, &point);
		i += size ? size : 1;
	}
	return count;
}

/* .NET's Char.IsWhiteSpace (Unicode's White_Space), plus the zero-width space and the byte order mark. */
bool point_is_white(uint32_t point)
{
	return point == ' ' || (point >= 0x09 && point <= 0x0d) || point == 0x85 || point == 0xa0 || point == 0x1680 ||
	       (point >= 0x2000 && point <= 0x200b) || point == 0x2028 || point == 0x2029 || point == 0x202f ||
	       point == 0x205f || point == 0x3000 || point == 0xfeff;
}

const char *point_lookalike_name(uint32_t point)
{
	switch (point) {
	case 0xa0: return "a no-break space";
	case 0x2007: return "a figure space";
	case 0x200b: return "a zero-width space";
	case 0x202f: return "a narrow no-break space";
	case 0x3000: return "an ideographic space";
	case 0xfeff: return "a byte order mark";
	}
	return point > 0x85 && point_is_white(point) && point != 0x2028 && point != 0x2029 ? "a typographic space"
											   : NULL;
}

struct text text_trim(struct text text)
{
	size_t from = 0, to = 0, size;
	uint32_t point;
	bool begun = false;
	for (size_t i = 0; i < text.length; i += size) {
		size = utf8_decode(text.bytes + i, text.length - i, &point);
		if (size > 0 && point_is_white(point))
			continue;
		size = size ? size : 1;
		from = begun ? from : i;
		begun = true;
		to = i + size;
	}
	return text_slice(text, from, to);
}

/* ---- nearest words ---------------------------------------------------------------------------------------------- */

/* Longest word that distances are computed for: longer words aren't mistyped names. */
#define WORD_MAX 64

static size_t least_of(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;
	return least < c ? least : c;
}

/* Optimal string alignment, row by row; three rows are enough. */
size_t text_distance(struct text a, struct text b)
{
	if (a.length > WORD_MAX || b.length > WORD_MAX)
		return SIZE_MAX;
	size_t rows[3][WORD_MAX + 1];
	for (size_t j = 0; j <= b.length; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a.length; i++) {
		size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
		row[0] = i;
		for (size_t j = 1; j <= b.length; j++) {
			char x = text_lower(a.bytes[i - 1]), y = text_lower(b.bytes[j - 1]);
			row[j] = least_of(row[j - 1] + 1, above[j] + 1, above[j - 1] + (x != y));
			bool swapped =
				i > 1 && j > 1 && x == text_lower(b.bytes[j - 2]) && text_lower(a.bytes[i - 2]) == y;
			if (swapped && two_above[j - 2] + 1 < row[j])
				row[j] = two_above[j - 2] + 1;
		}
	}
	return rows[a.length % 3][b.length];
}

/* How many bytes at the beginnings are equal. */
static size_t equal_beginning(struct text a, struct text b)
{
	size_t length = 0;
	while (length < a.length && length < b.length && a.bytes[length] == b.bytes[length])
		length++;
	return length;
}

const char *text_nearest(struct text word, const char *const *candidates, size_t count)
{
	size_t least = word.length / 3 > 1 ? word.length / 3 : 1;
	const char *nearest = NULL;
	for (size_t i = 0; i < count; i++) {
		size_t distance = text_distance(word, text_of(candidates[i]));
		/* Case doesn't count in a distance, but between two that are as near. */
		bool is_nearer = distance == least && (!nearest || equal_beginning(word, text_of(candidates[i])) >
									   equal_beginning(word, text_of(nearest)));
		if (distance < least || is_nearer) {
			least = distance;
			nearest = candidates[i];
		}
	}
	return nearest;
}

const char *text_plural(size_t count)
{
	return count == 1 ? "" : "s";
}

uint64_t text_hash(uint64_t hash, struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		hash = (hash ^ (unsigned char)text.bytes[i]) * UINT64_C(1099511628211);
	return hash;
}
