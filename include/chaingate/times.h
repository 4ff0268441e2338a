/* times.h - durations and moments, from text and to text.
 *
 * In the program every time is an int64_t of nanoseconds: a duration, a moment on the monotonic clock, or a moment of
 * the wall clock since 1970-01-01T00:00:00Z (without leap seconds, as in POSIX), which covers 1677 to 2262. Nothing
 * here reads a clock, a time zone or a locale.
 */
#ifndef CHAINGATE_TIMES_H
#define CHAINGATE_TIMES_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/text.h"

#include <stdbool.h>
#include <stdint.h>

#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)
#define NS_PER_MINUTE (60 * NS_PER_S)
#define NS_PER_HOUR (60 * NS_PER_MINUTE)

enum duration_fault {
	DURATION_OK,
	DURATION_NO_UNIT,    /* "90": write 90s */
	DURATION_BAD_UNIT,   /* "5min", "3d" */
	DURATION_BAD_ORDER,  /* "30s5m", "5m5m" */
	DURATION_BAD_NUMBER, /* "1.5h", "", "-5s", "h" */
	DURATION_TOO_LONG,   /* beyond 64 bits of nanoseconds */
};

/* duration = [ INT "h" ] [ INT "m" ] [ INT "s" ] [ INT "ms" ], at least one of them. */
enum duration_fault duration_parse(struct text, int64_t *out);

/* A fault in words: "has no unit". */
const char *duration_fault_text(enum duration_fault);

/* What was probably meant by a text that duration_parse refuses: days, weeks, words and decimals, as in `30d`, `5min`,
 * `1.5h`. False: nobody knows, as with `5M` or `5`. */
bool duration_guess(struct text, int64_t *out);

/* True if a text whose last unit is missing is a duration within the limits with this unit. */
bool duration_fits_with(struct text, const char *unit, int64_t least_ns, int64_t most_ns);

/* "1h30m", "90s" as "1m30s", "500ms", "0s". Parsing it gives the same duration, rounded down to the millisecond. A
 * negative duration has a "-" before it. */
void duration_add(struct buf *, int64_t ns);

/* The same as a text in the arena. */
const char *duration_string(struct arena *, int64_t ns);

/* For lines that people skim: "0m05s", "12m04s", "1h02m04s"; rounded down to the second. */
void duration_add_clock(struct buf *, int64_t ns);

/* "12.345": seconds with exactly three decimals and a point, rounded down; negative counts as 0. */
void duration_add_seconds(struct buf *, int64_t ns);

/* Adds non-negative times; saturates instead of wrapping. */
int64_t time_add(int64_t, int64_t);

/* Parses ISO 8601 as the API and RFC 3339 write it: 2023-11-07T05:31:56Z; also +00:00, +0000, -07:30, a space or a
 * lower-case t or z, 0 to 9 digits of fraction. A zone is required. Dates are checked (30 February and second 60 are
 * rejected). */
bool moment_parse(struct text, int64_t *out_wall_ns);

/* "2023-11-07T05:31:56Z"; with `fraction` also milliseconds, "….123Z". */
void moment_add(struct buf *, int64_t wall_ns, bool fraction);

/* "2023-11-07T05:31:56": UTC without a zone, as JUnit requires. */
void moment_add_without_zone(struct buf *, int64_t wall_ns);

/* Parses an HTTP date in any of RFC 9110's three forms ("Sun, 06 Nov 1994 08:49:37 GMT"). */
bool http_date_parse(struct text, int64_t *out_wall_ns);

#endif
