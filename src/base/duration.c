/* duration.c - durations as text, see times.h. */
#include "chaingate/times.h"

#include <inttypes.h>

enum unit { UNIT_H, UNIT_M, UNIT_S, UNIT_MS, UNIT_COUNT };

static const struct {
	const char *name;
	int64_t ns;
} units[UNIT_COUNT] = {
	[UNIT_H] = {"h", NS_PER_HOUR},
	[UNIT_M] = {"m", NS_PER_MINUTE},
	[UNIT_S] = {"s", NS_PER_S},
	[UNIT_MS] = {"ms", NS_PER_MS},
};

static const char *const faults[] = {
	[DURATION_OK] = "is a duration",
	[DURATION_NO_UNIT] = "has no unit",
	[DURATION_BAD_UNIT] = "has a unit other than h, m, s and ms",
	[DURATION_BAD_ORDER] = "has its units twice or out of order",
	[DURATION_BAD_NUMBER] = "isn't made of whole numbers with units",
	[DURATION_TOO_LONG] = "is too long",
};

const char *duration_fault_text(enum duration_fault fault)
{
	return faults[fault];
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static enum duration_fault read_number(struct text text, size_t *cursor, int64_t *out)
{
	int64_t number = 0;
	size_t i = *cursor;
	if (i == text.length || !is_digit(text.bytes[i]))
		return DURATION_BAD_NUMBER;
	for (; i < text.length && is_digit(text.bytes[i]); i++)
		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, text.bytes[i] - '0', &number))
			return DURATION_TOO_LONG;
	*cursor = i;
	*out = number;
	return DURATION_OK;
}

/* The unit at the cursor: the letters up to the next digit. */
static enum duration_fault read_unit(struct text text, size_t *cursor, enum unit *out)
{
	size_t start = *cursor, i = start;
	while (i < text.length && !is_digit(text.bytes[i]))
		i++;
	struct text name = text_slice(text, start, i);
	if (name.length == 0)
		return DURATION_NO_UNIT;
	if (name.bytes[0] == '.')
		return DURATION_BAD_NUMBER;
	*cursor = i;
	for (int unit = 0; unit < UNIT_COUNT; unit++) {
		if (!text_is(name, units[unit].name))
			continue;
		*out = (enum unit)unit;
		return DURATION_OK;
	}
	return DURATION_BAD_UNIT;
}

enum duration_fault duration_parse(struct text text, int64_t *out)
{
	int64_t total = 0;
	int last = -1;
	size_t cursor = 0;
	do {
		int64_t number = 0, part;
		enum unit unit = UNIT_H;
		enum duration_fault fault = read_number(text, &cursor, &number);
		if (fault == DURATION_OK)
			fault = read_unit(text, &cursor, &unit);
		if (fault != DURATION_OK)
			return fault;
		if ((int)unit <= last)
			return DURATION_BAD_ORDER;
		last = (int)unit;
		if (__builtin_mul_overflow(number, units[unit].ns, &part) ||
		    __builtin_add_overflow(total, part, &total))
			return DURATION_TOO_LONG;
	} while (cursor < text.length);
	*out = total;
	return DURATION_OK;
}

void duration_add(struct buf *buf, int64_t ns)
{
	uint64_t rest = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
	bool any = false;
	if (ns <= -NS_PER_MS)
		buf_add_byte(buf, '-');
	for (int unit = 0; unit < UNIT_COUNT; unit++) {
		uint64_t count = rest / (uint64_t)units[unit].ns;
		rest %= (uint64_t)units[unit].ns;
		if (count)
			buf_printf(buf, "%" PRIu64 "%s", count, units[unit].name);
		any |= count > 0;
	}
	if (!any)
		buf_add_string(buf, "0s");
}

void duration_add_clock(struct buf *buf, int64_t ns)
{
	int64_t s = ns > 0 ? ns / NS_PER_S : 0;
	if (s >= 3600)
		buf_printf(buf, "%" PRId64 "h%02dm%02ds", s / 3600, (int)(s / 60 % 60), (int)(s % 60));
	else
		buf_printf(buf, "%dm%02ds", (int)(s / 60), (int)(s % 60));
}

void duration_add_seconds(struct buf *buf, int64_t ns)
{
	int64_t ms = ns > 0 ? ns / NS_PER_MS : 0;
	buf_printf(buf, "%" PRId64 ".%03d", ms / 1000, (int)(ms % 1000));
}

int64_t time_add(int64_t a, int64_t b)
{
	int64_t sum;
	if (!__builtin_add_overflow(a, b, &sum))
		return sum;
	return b > 0 ? INT64_MAX : INT64_MIN;
}
