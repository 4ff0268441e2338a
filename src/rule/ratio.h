/* ratio.h - exact arithmetic on fractions. Private to src/rule.
 *
 * A function with an `out` returns false, and leaves it unchanged, if the exact result's numerator or denominator
 * doesn't fit 64 bits.
 */
#ifndef CHAINGATE_RULE_RATIO_H
#define CHAINGATE_RULE_RATIO_H

#include "chaingate/literal.h"

#include <stdbool.h>
#include <stdint.h>

struct ratio ratio_of(int64_t integer);
/* Less than 0, 0, more than 0. */
int ratio_compare(struct ratio, struct ratio);
bool ratio_is_integer(struct ratio);

bool ratio_multiply(struct ratio, struct ratio, struct ratio *out);
/* The divisor must not be zero. */
bool ratio_divide(struct ratio, struct ratio, struct ratio *out);
bool ratio_negate(struct ratio, struct ratio *out);

/* "12", "-3", "0.25"; "1/3" if the decimals would not end within 18 digits. */
void ratio_add_text(struct buf *, struct ratio);

/* Reads digits with at most one point between them. The caller has checked that the text is nothing else. Also returns
 * false if the digits, or the power of ten under them, don't fit 64 bits before the fraction is reduced. */
bool ratio_parse(struct text, struct ratio *out);

/* For exact products and sums of 64-bit integers. The only typedef of the room, because C11 has no name for the
 * type. */
__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 unsigned_wide;

/* An exact sum of any number of fractions. The terms can come in any order: a sum in between may be too large without
 * harm. ratio_sum_total returns false if the result is too large, or if the terms have no common denominator of 64
 * bits. `{0}` is the empty sum. */
struct ratio_sum {
	wide high;           /* the sum is (high * 2^64 + low) / denominator */
	unsigned_wide low;   /* not yet carried over to `high` */
	int64_t denominator; /* of all terms so far; 0: none yet */
	bool overflowed;     /* the terms have no common denominator of 64 bits */
};

void ratio_sum_add(struct ratio_sum *, struct ratio);
void ratio_sum_subtract(struct ratio_sum *, struct ratio);
bool ratio_sum_total(const struct ratio_sum *, struct ratio *out);

#endif
