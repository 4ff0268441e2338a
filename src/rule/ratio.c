/* ratio.c - see ratio.h. Products of two 64-bit integers fit 128 bits, which gcc and clang have on every 64-bit
 * machine. */
#include "ratio.h"

#include <inttypes.h>

/* The most digits after the point that a decimal literal of 64 bits can have. */
#define DECIMALS_MAX 18

static unsigned_wide magnitude(wide value)
{
	return value < 0 ? -(unsigned_wide)value : (unsigned_wide)value;
}

static unsigned_wide greatest_divisor(unsigned_wide a, unsigned_wide b)
{
	while (b) {
		unsigned_wide rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

static bool fits(wide value)
{
	return value >= INT64_MIN && value <= INT64_MAX;
}

/* Reduces to lowest terms; `denominator` is positive. */
static bool reduce(wide numerator, wide denominator, struct ratio *out)
{
	unsigned_wide divisor = greatest_divisor(magnitude(numerator), magnitude(denominator));
	if (divisor > 1) {
		numerator /= (wide)divisor;
		denominator /= (wide)divisor;
	}
	if (!fits(numerator) || !fits(denominator))
		return false;
	*out = (struct ratio){(int64_t)numerator, (int64_t)denominator};
	return true;
}

struct ratio ratio_of(int64_t integer)
{
	return (struct ratio){integer, 1};
}

int ratio_compare(struct ratio a, struct ratio b)
{
	wide left = (wide)a.numerator * b.denominator, right = (wide)b.numerator * a.denominator;
	return (left > right) - (left < right);
}

bool ratio_is_integer(struct ratio ratio)
{
	return ratio.denominator == 1;
}

bool ratio_multiply(struct ratio a, struct ratio b, struct ratio *out)
{
	return reduce((wide)a.numerator * b.numerator, (wide)a.denominator * b.denominator, out);
}

bool ratio_divide(struct ratio a, struct ratio b, struct ratio *out)
{
	wide numerator = (wide)a.numerator * b.denominator, denominator = (wide)a.denominator * b.numerator;
	return denominator < 0 ? reduce(-numerator, -denominator, out) : reduce(numerator, denominator, out);
}

bool ratio_negate(struct ratio ratio, struct ratio *out)
{
	if (ratio.numerator == INT64_MIN)
		return false;
	*out = (struct ratio){-ratio.numerator, ratio.denominator};
	return true;
}

/* ---- text ------------------------------------------------------------------------------------------------------- */

void ratio_add_text(struct buf *buf, struct ratio ratio)
{
	uint64_t numerator = ratio.numerator < 0 ? -(uint64_t)ratio.numerator : (uint64_t)ratio.numerator;
	uint64_t denominator = (uint64_t)ratio.denominator, rest = numerator % denominator;
	char digits[DECIMALS_MAX + 1];
	size_t count = 0;
	for (uint64_t left = rest; left && count <= DECIMALS_MAX; count++) {
		unsigned_wide next = (unsigned_wide)left * 10;
		if (count < DECIMALS_MAX)
			digits[count] = (char)('0' + (char)(next / denominator));
		left = (uint64_t)(next % denominator);
	}
	if (count > DECIMALS_MAX) {
		buf_printf(buf, "%" PRId64 "/%" PRId64, ratio.numerator, ratio.denominator);
		return;
	}
	buf_printf(buf, "%s%" PRIu64, ratio.numerator < 0 ? "-" : "", numerator / denominator);
	if (count)
		buf_add_byte(buf, '.');
	buf_add(buf, (struct text){digits, count});
}

bool ratio_parse(struct text text, struct ratio *out)
{
	int64_t numerator = 0, denominator = 1;
	bool behind_point = false;
	/* Zeros at a decimal's end have no meaning, and must not make it too long. */
	for (size_t i = 0; i < text.length; i++)
		behind_point |= text.bytes[i] == '.';
	while (behind_point && text.length > 1 && text.bytes[text.length - 1] == '0')
		text.length--;
	behind_point = false;
	for (size_t i = 0; i < text.length; i++) {
		if (text.bytes[i] == '.') {
			behind_point = true;
			continue;
		}
		if (__builtin_mul_overflow(numerator, 10, &numerator) ||
		    __builtin_add_overflow(numerator, text.bytes[i] - '0', &numerator) ||
		    (behind_point && __builtin_mul_overflow(denominator, 10, &denominator)))
			return false;
	}
	return reduce(numerator, denominator, out);
}

/* ---- sums ------------------------------------------------------------------------------------------------------- */

static int64_t least_multiple(int64_t a, int64_t b)
{
	int64_t multiple;
	int64_t divisor = (int64_t)greatest_divisor((unsigned_wide)a, (unsigned_wide)b);
	return __builtin_mul_overflow(a / divisor, b, &multiple) ? 0 : multiple;
}

static void carry(struct ratio_sum *sum)
{
	sum->high += (wide)(sum->low >> 64);
	sum->low = (uint64_t)sum->low;
}

/* Makes the denominator `factor` times as large. */
static void widen(struct ratio_sum *sum, int64_t factor)
{
	carry(sum);
	sum->low = sum->low * (uint64_t)factor;
	if (__builtin_mul_overflow(sum->high, (wide)factor, &sum->high))
		sum->overflowed = true;
	sum->denominator *= factor;
}

static void add_signed(struct ratio_sum *sum, struct ratio term, wide sign)
{
	if (sum->denominator == 0)
		sum->denominator = 1;
	int64_t common = least_multiple(sum->denominator, term.denominator);
	if (common == 0 || sum->overflowed) {
		sum->overflowed = true;
		return;
	}
	if (common != sum->denominator)
		widen(sum, common / sum->denominator);
	wide scaled = sign * term.numerator * (common / term.denominator);
	carry(sum);
	sum->low += (uint64_t)scaled;
	sum->high += scaled >> 64;
}

void ratio_sum_add(struct ratio_sum *sum, struct ratio term)
{
	add_signed(sum, term, 1);
}

void ratio_sum_subtract(struct ratio_sum *sum, struct ratio term)
{
	add_signed(sum, term, -1);
}

bool ratio_sum_total(const struct ratio_sum *given, struct ratio *out)
{
	struct ratio_sum sum = *given;
	if (sum.overflowed)
		return false;
	if (sum.denominator == 0)
		return *out = ratio_of(0), true;
	carry(&sum);
	/* Long division by the denominator, rounding down, so that the remainder is never negative. */
	wide high = sum.high / sum.denominator, left = sum.high % sum.denominator;
	if (left < 0) {
		left += sum.denominator;
		high--;
	}
	unsigned_wide rest = (unsigned_wide)left << 64 | sum.low;
	unsigned_wide low = rest / (uint64_t)sum.denominator; /* under 2^64: `left` is less than the denominator */
	if (high < -1 || high > 0)
		return false; /* over 64 bits, whatever the lower part is */
	wide whole = high * ((wide)1 << 64) + (wide)low;
	struct ratio part;
	wide numerator;
	if (!reduce((wide)(rest % (uint64_t)sum.denominator), sum.denominator, &part))
		return false;
	if (__builtin_mul_overflow(whole, (wide)part.denominator, &numerator) ||
	    __builtin_add_overflow(numerator, (wide)part.numerator, &numerator) || !fits(numerator))
		return false;
	*out = (struct ratio){(int64_t)numerator, part.denominator};
	return true;
}
