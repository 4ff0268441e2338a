/* number.c - checks that a JSON number fits the type it is read into.
 *
 * It compares digits and doesn't use strtod, which depends on the locale and can return infinity.
 */
#include "strict.h"

#include <string.h>

/* The largest and the smallest int64_t, the latter without its sign. */
static const char integer_max[] = "9223372036854775807";
static const char integer_min[] = "9223372036854775808";

/* The smallest number that rounds to infinity: halfway between the largest double and the power of two above it,
 * 2^1024 - 2^970. It is an integer. */
static const char infinite_from[] =
	"1797693134862315807937289714053034150799341327100378269361737789804449682927647509466490179775872070"
	"9633028641669288791094655554785194040263065748867150582068190890200070838367627385484581771153176447"
	"5730270069855571366959622842914819860834936475292719074168444365510704342711559699508093042880177904"
	"174497792";

#define INFINITE_FROM_DIGITS ((int64_t)(sizeof infinite_from - 1))

/* Exponents are cut off here: no text is long enough for its digits to make up for a larger one. */
#define EXPONENT_MAX ((int64_t)1 << 60)

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* `number` must have no fraction, exponent or superfluous zero. */
static bool integer_fits(struct text number)
{
	bool negative = number.bytes[0] == '-';
	struct text digits = text_slice(number, negative ? 1 : 0, number.length);
	struct text limit = negative ? TEXT(integer_min) : TEXT(integer_max);
	if (digits.length != limit.length)
		return digits.length < limit.length;
	return memcmp(digits.bytes, limit.bytes, limit.length) <= 0;
}

/* The exponent after the "e", limited to EXPONENT_MAX. */
static int64_t exponent_of(struct text number, size_t at)
{
	int64_t value = 0;
	bool negative = at < number.length && number.bytes[at] == '-';
	if (at < number.length && !is_digit(number.bytes[at]))
		at++;
	for (; at < number.length; at++)
		if (value < EXPONENT_MAX / 10)
			value = value * 10 + (number.bytes[at] - '0');
	return negative ? -value : value;
}

/* Compares the digits from `at` up to the "e", ignoring the point, with infinite_from's. */
static bool digits_are_below(struct text number, size_t at)
{
	for (const char *limit = infinite_from; *limit; limit++) {
		if (at < number.length && number.bytes[at] == '.')
			at++;
		char digit = at < number.length && is_digit(number.bytes[at]) ? number.bytes[at++] : '0';
		if (digit != *limit)
			return digit < *limit;
	}
	return false;
}

static bool real_fits(struct text number)
{
	int64_t before_point =
		0; /* the number of digits before the point, from the first that isn't 0; negative: zeros after the
		    * point */
	bool in_fraction = false;
	size_t first = SIZE_MAX; /* the first digit that isn't 0 */
	size_t at = number.bytes[0] == '-' ? 1 : 0;
	for (; at < number.length && (is_digit(number.bytes[at]) || number.bytes[at] == '.'); at++) {
		if (number.bytes[at] == '.') {
			in_fraction = true;
			continue;
		}
		if (first == SIZE_MAX && number.bytes[at] != '0')
			first = at;
		if (in_fraction)
			before_point -= first == SIZE_MAX;
		else
			before_point += first != SIZE_MAX;
	}
	if (first == SIZE_MAX)
		return true;
	if (at < number.length)
		before_point += exponent_of(number, at + 1);
	if (before_point != INFINITE_FROM_DIGITS)
		return before_point < INFINITE_FROM_DIGITS;
	return digits_are_below(number, first);
}

bool number_fits(struct text number)
{
	for (size_t i = 0; i < number.length; i++)
		if (number.bytes[i] == '.' || number.bytes[i] == 'e' || number.bytes[i] == 'E')
			return real_fits(number);
	return integer_fits(number);
}
