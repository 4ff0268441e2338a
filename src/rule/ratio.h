/* ratio.h - exact arithmetic on fractions. Private to src/rule.
 *
 * Every function is false, with the result untouched, where the exact result doesn't fit 64 bits over 64 bits, or isn't defined.
 */
#ifndef CHAINGATE_RULE_RATIO_H
#define CHAINGATE_RULE_RATIO_H

#include "chaingate/literal.h"

#include <stdbool.h>
#include <stdint.h>

struct ratio ratio_of(int64_t integer);
int ratio_compare(struct ratio, struct ratio);
bool ratio_is_integer(struct ratio);

bool ratio_multiply(struct ratio, struct ratio, struct ratio *out);
/* The divisor must not be zero. */
bool ratio_divide(struct ratio, struct ratio, struct ratio *out);
bool ratio_negate(struct ratio, struct ratio *out);

/* "12", "-3", "0.25"; "1/3" where decimals would not end. */
void ratio_add_text(struct buf *, struct ratio);

/* Digits with at most one point between them, as a fraction. */
bool ratio_parse(struct text, struct ratio *out);

/* Products and sums of 64-bit integers, exact. The one typedef of the room: the type has no name in C11. */
__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 unsigned_wide;

/* A sum of any number of fractions, exact: its terms can come in any order, and only what ratio_sum_total gives can be too large. `{0}` is the empty sum. */
struct ratio_sum {
	wide high;           /* the sum is (high * 2^64 + low) / denominator … */
	unsigned_wide low;   /* … not carried over yet */
	int64_t denominator; /* of all terms so far; 0: none yet */
	bool overflowed;     /* the terms have no common denominator of 64 bits */
};

void ratio_sum_add(struct ratio_sum *, struct ratio);
void ratio_sum_subtract(struct ratio_sum *, struct ratio);
bool ratio_sum_total(const struct ratio_sum *, struct ratio *out);

#endif
