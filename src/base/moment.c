/* moment.c - moments of the wall clock as text, see times.h. It has its own calendar, without a time zone or a
 * locale. */
#include "chaingate/times.h"

#include <inttypes.h>
#include <stddef.h>

struct calendar {
	int64_t year;
	int month, day, hour, minute, second; /* month and day from 1 */
	int64_t ns;
};

/* Days since 1970-01-01 of a date in the proleptic Gregorian calendar. The years of the computation begin in March,
 * so that the leap day is the last day of a year. */
static int64_t days_from_date(int64_t year, int month, int day)
{
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

static void date_from_days(int64_t days, struct calendar *out)
{
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t day_of_era = days - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int month = (int)((5 * day_of_year + 2) / 153);
	out->day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
	out->month = month < 10 ? month + 3 : month - 9;
	out->year = year_of_era + era * 400 + (out->month <= 2);
}

static int days_in_month(int64_t year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return days[month - 1] + (month == 2 && leap);
}

/* False for a date that isn't in the calendar, or a moment beyond 64 bits of nanoseconds. */
static bool calendar_to_ns(const struct calendar *c, int offset_minutes, int64_t *out)
{
	if (c->month < 1 || c->month > 12 || c->day < 1 || c->day > days_in_month(c->year, c->month) || c->hour > 23 ||
	    c->minute > 59 || c->second > 59)
		return false;
	int64_t seconds = days_from_date(c->year, c->month, c->day) * 86400 + c->hour * 3600 + c->minute * 60 +
			  c->second - (int64_t)offset_minutes * 60;
	int64_t fraction = c->ns, ns;
	/* Counts back from the next second: the earliest moments fit although the second they are in begins too
	 * early. */
	if (seconds < 0 && fraction > 0) {
		seconds++;
		fraction -= NS_PER_S;
	}
	if (__builtin_mul_overflow(seconds, NS_PER_S, &ns) || __builtin_add_overflow(ns, fraction, &ns))
		return false;
	*out = ns;
	return true;
}

static struct calendar calendar_from_ns(int64_t wall_ns)
{
	struct calendar c = {0};
	int64_t seconds = wall_ns / NS_PER_S;
	c.ns = wall_ns % NS_PER_S;
	if (c.ns < 0) {
		c.ns += NS_PER_S;
		seconds--;
	}
	int64_t days = seconds / 86400, rest = seconds % 86400;
	if (rest < 0) {
		rest += 86400;
		days--;
	}
	date_from_days(days, &c);
	c.hour = (int)(rest / 3600);
	c.minute = (int)(rest / 60 % 60);
	c.second = (int)(rest % 60);
	return c;
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

struct cursor {
	const char *at, *end;
};

static bool take(struct cursor *c, char expected)
{
	if (c->at == c->end || *c->at != expected)
		return false;
	c->at++;
	return true;
}

static bool take_one_of(struct cursor *c, const char *expected)
{
	for (; *expected; expected++)
		if (take(c, *expected))
			return true;
	return false;
}

/* Exactly `digits` digits. */
static bool take_number(struct cursor *c, int digits, int *out)
{
	int number = 0;
	for (int i = 0; i < digits; i++, c->at++) {
		if (c->at == c->end || *c->at < '0' || *c->at > '9')
			return false;
		number = number * 10 + (*c->at - '0');
	}
	*out = number;
	return true;
}

static bool take_fraction(struct cursor *c, int64_t *out_ns)
{
	int64_t ns = 0, unit = NS_PER_S;
	for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++) {
		if (unit == 1)
			return false; /* a tenth digit */
		unit /= 10;
		ns += (*c->at - '0') * unit;
	}
	*out_ns = ns;
	return unit < NS_PER_S;
}

static bool take_zone(struct cursor *c, int *out_minutes)
{
	int hours, minutes;
	if (take_one_of(c, "Zz")) {
		*out_minutes = 0;
		return true;
	}
	bool minus = c->at < c->end && *c->at == '-';
	if (!take_one_of(c, "+-") || !take_number(c, 2, &hours))
		return false;
	take(c, ':');
	if (!take_number(c, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*out_minutes = (hours * 60 + minutes) * (minus ? -1 : 1);
	return true;
}

static bool take_time(struct cursor *c, struct calendar *out)
{
	return take_number(c, 2, &out->hour) && take(c, ':') && take_number(c, 2, &out->minute) && take(c, ':') &&
	       take_number(c, 2, &out->second);
}

/* moment = YYYY "-" MM "-" DD ( "T" | "t" | " " ) hh ":" mm ":" ss [ "." 1*9DIGIT ] ( "Z" | "z" | ("+"|"-") hh [":"]
 * mm ) */
bool moment_parse(struct text text, int64_t *out_wall_ns)
{
	struct cursor c = {text.bytes, text_end(text)};
	struct calendar date = {0};
	int year, offset;
	if (text.length == 0 || !take_number(&c, 4, &year) || !take(&c, '-') || !take_number(&c, 2, &date.month) ||
	    !take(&c, '-') || !take_number(&c, 2, &date.day) || !take_one_of(&c, "Tt ") || !take_time(&c, &date))
		return false;
	if (take(&c, '.') && !take_fraction(&c, &date.ns))
		return false;
	if (!take_zone(&c, &offset) || c.at != c.end)
		return false;
	date.year = year;
	return calendar_to_ns(&date, offset, out_wall_ns);
}

/* ---- HTTP dates ------------------------------------------------------------------------------------------------- */

static const char *const month_names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static bool take_month(struct cursor *c, int *out)
{
	struct text name = text_slice((struct text){c->at, (size_t)(c->end - c->at)}, 0, 3);
	for (int i = 0; i < 12; i++) {
		if (!text_is(name, month_names[i]))
			continue;
		c->at += 3;
		*out = i + 1;
		return true;
	}
	return false;
}

/* "06 Nov 1994 08:49:37 GMT", after "Sun, " */
static bool take_imf_date(struct cursor c, struct calendar *out)
{
	int year;
	if (!take_number(&c, 2, &out->day) || !take(&c, ' ') || !take_month(&c, &out->month) || !take(&c, ' ') ||
	    !take_number(&c, 4, &year) || !take(&c, ' ') || !take_time(&c, out))
		return false;
	out->year = year;
	return text_is((struct text){c.at, (size_t)(c.end - c.at)}, " GMT");
}

/* "06-Nov-94 08:49:37 GMT", after "Sunday, ". Two-digit years mean 1970 to 2069, as in POSIX. */
static bool take_rfc850_date(struct cursor c, struct calendar *out)
{
	int year;
	if (!take_number(&c, 2, &out->day) || !take(&c, '-') || !take_month(&c, &out->month) || !take(&c, '-') ||
	    !take_number(&c, 2, &year) || !take(&c, ' ') || !take_time(&c, out))
		return false;
	out->year = year < 70 ? 2000 + year : 1900 + year;
	return text_is((struct text){c.at, (size_t)(c.end - c.at)}, " GMT");
}

/* "Nov  6 08:49:37 1994", after "Sun " */
static bool take_asctime_date(struct cursor c, struct calendar *out)
{
	int year;
	if (!take_month(&c, &out->month) || !take(&c, ' '))
		return false;
	int digits = take(&c, ' ') ? 1 : 2;
	if (!take_number(&c, digits, &out->day) || !take(&c, ' ') || !take_time(&c, out) || !take(&c, ' ') ||
	    !take_number(&c, 4, &year))
		return false;
	out->year = year;
	return c.at == c.end;
}

bool http_date_parse(struct text text, int64_t *out_wall_ns)
{
	struct cursor c = {text.bytes, text_end(text)};
	struct calendar date = {0};
	while (c.at < c.end && ((*c.at >= 'A' && *c.at <= 'Z') || (*c.at >= 'a' && *c.at <= 'z')))
		c.at++;
	if (c.at == c.end || c.at == text.bytes)
		return false;
	bool comma = take(&c, ',');
	if (!take(&c, ' '))
		return false;
	bool read = comma ? take_imf_date(c, &date) : take_asctime_date(c, &date);
	if (!read && comma) {
		date = (struct calendar){0};
		read = take_rfc850_date(c, &date);
	}
	return read && calendar_to_ns(&date, 0, out_wall_ns);
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

static void add_date_and_time(struct buf *buf, const struct calendar *c)
{
	buf_printf(buf, "%04" PRId64 "-%02d-%02dT%02d:%02d:%02d", c->year, c->month, c->day, c->hour, c->minute,
		   c->second);
}

void moment_add(struct buf *buf, int64_t wall_ns, bool fraction)
{
	struct calendar c = calendar_from_ns(wall_ns);
	add_date_and_time(buf, &c);
	if (fraction)
		buf_printf(buf, ".%03d", (int)(c.ns / NS_PER_MS));
	buf_add_byte(buf, 'Z');
}

void moment_add_without_zone(struct buf *buf, int64_t wall_ns)
{
	struct calendar c = calendar_from_ns(wall_ns);
	add_date_and_time(buf, &c);
}
