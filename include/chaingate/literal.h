/* literal.h - literal values: in rules, as parameters of a policy, after --set.
 *
 * Numbers are exact, also decimals and percents: fractions of 64-bit integers in lowest terms; `7%` is 7/100.
 * Durations are in nanoseconds.
 */
#ifndef CHAINGATE_LITERAL_H
#define CHAINGATE_LITERAL_H

#include "chaingate/buf.h"
#include "chaingate/status.h"
#include "chaingate/text.h"

#include <stdbool.h>
#include <stdint.h>

/* The types of the rule language. */
enum value_type {
	TYPE_BOOLEAN,
	TYPE_NUMBER,
	TYPE_DURATION,
	TYPE_TIME,
	TYPE_STRING,
	TYPE_STATUS,
	TYPE_SETTINGS, /* autoscaling_settings itself: it can only be tested for null */
};

/* A fraction in lowest terms; the denominator is positive. */
struct ratio {
	int64_t numerator, denominator;
};

struct literal {
	enum value_type type;
	bool is_percent;     /* a number that was written with % */
	bool is_decimal;     /* a number that was written with a point: 60.0 can't be a count of seconds */
	struct ratio number; /* of numbers, durations (ns) and booleans (0 or 1) */
	struct text text;    /* of strings: the text between the quotes, escapes decoded */
	enum status status;
};

/* "a number", "a status": for messages. */
const char *value_type_name(enum value_type);

/* As the rule language writes it: 2, 0.5, 20%, 5m, ACTIVE, "text". Parsing it gives the same value. */
void literal_add(struct buf *, const struct literal *);

#endif
