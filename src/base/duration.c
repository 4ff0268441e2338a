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

bool duration_fits_with(struct text text, const char *unit, int64_t least_ns, int64_t most_ns)
{
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	int64_t ns = 0;
	buf_add(&buf, text);
	buf_add_string(&buf, unit);
	bool fits = !buf.overflowed && duration_parse(buf_text(&buf), &ns) == DURATION_OK && ns >= least_ns &&
		    ns <= most_ns;
	buf_release(&buf);
	return fits;
}

/* How people write units that aren't the language's. In any capitals, but a single M could be months. */
static const struct {
	const char *name;
	int64_t ns;
} foreign_units[] = {
	{"ms", NS_PER_MS},
	{"s", NS_PER_S},
	{"sec", NS_PER_S},
	{"secs", NS_PER_S},
	{"second", NS_PER_S},
	{"seconds", NS_PER_S},
	{"m", NS_PER_MINUTE},
	{"min", NS_PER_MINUTE},
	{"mins", NS_PER_MINUTE},
	{"minute", NS_PER_MINUTE},
	{"minutes", NS_PER_MINUTE},
	{"h", NS_PER_HOUR},
	{"hr", NS_PER_HOUR},
	{"hrs", NS_PER_HOUR},
	{"hour", NS_PER_HOUR},
	{"hours", NS_PER_HOUR},
	{"d", 24 * NS_PER_HOUR},
	{"day", 24 * NS_PER_HOUR},
	{"days", 24 * NS_PER_HOUR},
	{"w", 7 * 24 * NS_PER_HOUR},
	{"week", 7 * 24 * NS_PER_HOUR},
	{"weeks", 7 * 24 * NS_PER_HOUR},
};

/* 0: no such unit. */
static int64_t foreign_unit(struct text name)
{
	if (text_is(name, "M"))
		return 0;
	for (size_t i = 0; i < sizeof(foreign_units) / sizeof(foreign_units[0]); i++)
		if (text_is_in_any_case(name, foreign_units[i].name))
			return foreign_units[i].ns;
	return 0;
}

/* Reads the digits after a decimal point as thousandths; more than three of them are not guessed. */
static bool read_thousandths(struct text text, size_t *cursor, int64_t *out)
{
	size_t start = *cursor, i = start;
	int64_t thousandths = 0;
	for (int digit = 0; digit < 3; digit++) {
		bool given = i < text.length && is_digit(text.bytes[i]);
		thousandths = thousandths * 10 + (given ? text.bytes[i] - '0' : 0);
		i += given;
	}
	*cursor = i;
	*out = thousandths;
	return i > start;
}

bool duration_guess(struct text text, int64_t *out)
{
	int64_t total = 0, number, part;
	size_t cursor = 0;
	do {
		int64_t thousandths = 0;
		if (read_number(text, &cursor, &number) != DURATION_OK)
			return false;
		if (cursor < text.length && text.bytes[cursor] == '.') {
			cursor++;
			if (!read_thousandths(text, &cursor, &thousandths))
				return false;
		}
		size_t start = cursor;
		while (cursor < text.length && !is_digit(text.bytes[cursor]) && text.bytes[cursor] != '.')
			cursor++;
		int64_t unit_ns = foreign_unit(text_slice(text, start, cursor));
		if (!unit_ns || __builtin_mul_overflow(number, unit_ns, &part) ||
		    __builtin_add_overflow(part, unit_ns / 1000 * thousandths, &part) ||
		    __builtin_add_overflow(total, part, &total))
			return false;
	} while (cursor < text.length);
	if (total % NS_PER_MS)
		return false;
	*out = total;
	return true;
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

const char *duration_string(struct arena *arena, int64_t ns)
{
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	duration_add(&buf, ns);
	const char *text = arena_string(arena, buf_string(&buf));
	buf_release(&buf);
	return text;
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
