/* literal.h - literal values: in rules, as parameters of a policy, after --set.
 *
 * literal_parse (rule.h) makes them, and refuses a number that doesn't fit. Numbers are exact, also decimals and
 * percents: fractions of 64-bit integers; `7%` is 7/100.
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

/* A fraction in lowest terms. The denominator is positive; zero is 0/1. */
struct ratio {
	int64_t numerator, denominator;
};

struct literal {
	enum value_type type; /* never TYPE_TIME or TYPE_SETTINGS: these have no literals */
	bool is_percent;      /* a number that was written with % */
	bool is_decimal;      /* a number that was written with a point. A duration field can be compared with 60, which
			       * means 60 seconds, but not with 60.0 */
	struct ratio number;  /* a number; a duration in nanoseconds, with denominator 1; a boolean as 0 or 1 */
	struct text text;     /* a string: without quotes, escapes decoded, in the parser's arena. But for a string
			       * parameter of a policy it is the YAML scalar's text, or all that follows NAME= in --set:
			       * not copied, with any quotes and backslashes */
	enum status status;   /* a status */
};

/* For messages: "a number", "a status", "true or false". */
const char *value_type_name(enum value_type);

/* Appends the literal in the rule language: 2, 0.5, 20%, 5m, ACTIVE, "text". Parsing that gives the same type, value
 * and is_percent, but is_decimal may be lost: 60.0 becomes 60. Printable: hidden characters are escaped. */
void literal_add(struct buf *, const struct literal *);

#endif
