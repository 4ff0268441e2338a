/* escapes.c - how long a run of escapes is. An answer of many megabytes may have nothing else. See strict.h. */
#include "strict.h"

static bool is_simple_escape(char c)
{
	switch (c) {
	case '"':
	case '\\':
	case '/':
	case 'b':
	case 'f':
	case 'n':
	case 'r':
	case 't': return true;
	default: return false;
	}
}

/* The value of each hexadecimal digit; of any other byte NOT_HEX. */
#define NOT_HEX 0x80
#define X NOT_HEX
static const unsigned char hex_values[256] = {
	X, X,  X,  X,  X,  X,  X,  X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
	X, X,  X,  X,  X,  X,  X,  X, X, X, X, X, X, X, X, X, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, X, X, X, X, X, X,
	X, 10, 11, 12, 13, 14, 15, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
	X, 10, 11, 12, 13, 14, 15, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
	X, X,  X,  X,  X,  X,  X,  X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
	X, X,  X,  X,  X,  X,  X,  X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
	X, X,  X,  X,  X,  X,  X,  X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
	X, X,  X,  X,  X,  X,  X,  X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
};

#undef X

static bool is_unit(const char *bytes)
{
	unsigned digits = 0;
	for (int i = 2; i < 6; i++)
		digits |= hex_values[(unsigned char)bytes[i]];
	return bytes[0] == '\\' && bytes[1] == 'u' && !(digits & NOT_HEX);
}

/* The first byte of a unit. */
static unsigned high_byte(const char *unit)
{
	return hex_values[(unsigned char)unit[2]] * 16U + hex_values[(unsigned char)unit[3]];
}

/* The length of "\u" and four digits, or of the two that are one character; 0 for anything else, and for U+00xx in a
 * key, because it may be U+0000. */
static size_t length_of_unit(const char *bytes, size_t left, bool in_key)
{
	if (left < 6 || !is_unit(bytes))
		return 0;
	unsigned high = high_byte(bytes);
	if (high < 0xD8 || high > 0xDF)
		return in_key && high == 0 ? 0 : 6;
	if (high > 0xDB || left < 12 || !is_unit(bytes + 6))
		return 0;
	unsigned low = high_byte(bytes + 6);
	return low >= 0xDC && low <= 0xDF ? 12 : 0;
}

size_t run_of_escapes(const char *bytes, size_t left, bool in_key)
{
	size_t at = 0, length;
	while (left - at >= 2 && bytes[at] == '\\') {
		length = is_simple_escape(bytes[at + 1]) ? 2 : length_of_unit(bytes + at, left - at, in_key);
		if (length == 0)
			break;
		at += length;
	}
	return at;
}
