/* test_times.c - parsing and formatting of durations, moments and HTTP dates. */
#include "chaingate/times.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define UNTOUCHED INT64_C(-12345)

/* ---- durations -------------------------------------------------------------------------------------------------- */

static const struct {
	const char *text;
	enum duration_fault fault;
	int64_t ns;
} durations[] = {
	{"0s", DURATION_OK, 0},
	{"0h0m0s0ms", DURATION_OK, 0},
	{"1ms", DURATION_OK, NS_PER_MS},
	{"90s", DURATION_OK, 90 * NS_PER_S},
	{"5m", DURATION_OK, 5 * NS_PER_MINUTE},
	{"1h30m", DURATION_OK, 90 * NS_PER_MINUTE},
	{"1h1ms", DURATION_OK, NS_PER_HOUR + NS_PER_MS},
	{"1h2m3s4ms", DURATION_OK, NS_PER_HOUR + 2 * NS_PER_MINUTE + 3 * NS_PER_S + 4 * NS_PER_MS},
	{"007s", DURATION_OK, 7 * NS_PER_S},
	{"000000000000000000000000000001s", DURATION_OK, NS_PER_S},
	{"100m", DURATION_OK, 100 * NS_PER_MINUTE},
	{"1h100m", DURATION_OK, 160 * NS_PER_MINUTE},
	{"2562047h", DURATION_OK, 2562047 * NS_PER_HOUR},
	{"2562047h47m16s854ms", DURATION_OK, INT64_C(9223372036854) * NS_PER_MS},
	{"9223372036854ms", DURATION_OK, INT64_C(9223372036854) * NS_PER_MS},

	{"0", DURATION_NO_UNIT, 0},
	{"90", DURATION_NO_UNIT, 0},
	{"5m30", DURATION_NO_UNIT, 0},
	{"5min", DURATION_BAD_UNIT, 0},
	{"3d", DURATION_BAD_UNIT, 0},
	{"5M", DURATION_BAD_UNIT, 0},
	{"5 m", DURATION_BAD_UNIT, 0},
	{"5m ", DURATION_BAD_UNIT, 0},
	{"5m 3s", DURATION_BAD_UNIT, 0},
	{"5us", DURATION_BAD_UNIT, 0},
	{"5ms5ns", DURATION_BAD_UNIT, 0},
	{"1e3s", DURATION_BAD_UNIT, 0},
	{"1,5h", DURATION_BAD_UNIT, 0},
	{"5s-3ms", DURATION_BAD_UNIT, 0},
	{"30s5m", DURATION_BAD_ORDER, 0},
	{"5m5m", DURATION_BAD_ORDER, 0},
	{"5ms5s", DURATION_BAD_ORDER, 0},
	{"1h1m1h", DURATION_BAD_ORDER, 0},
	{"", DURATION_BAD_NUMBER, 0},
	{"h", DURATION_BAD_NUMBER, 0},
	{"-5s", DURATION_BAD_NUMBER, 0},
	{"+5s", DURATION_BAD_NUMBER, 0},
	{" 5s", DURATION_BAD_NUMBER, 0},
	{"1.5h", DURATION_BAD_NUMBER, 0},
	{".5h", DURATION_BAD_NUMBER, 0},
	{"soon", DURATION_BAD_NUMBER, 0},
	{"2562047h47m16s855ms", DURATION_TOO_LONG, 0},
	{"2562048h", DURATION_TOO_LONG, 0},
	{"9223372037s", DURATION_TOO_LONG, 0},
	{"9223372036854775807s", DURATION_TOO_LONG, 0},
	{"9223372036854775808ms", DURATION_TOO_LONG, 0},
	{"99999999999999999999999999999999h", DURATION_TOO_LONG, 0},
	{"9223372036s855ms", DURATION_TOO_LONG, 0},
};

static void test_duration_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(durations); i++) {
		int64_t ns = UNTOUCHED;
		enum duration_fault fault = duration_parse(text_of(durations[i].text), &ns);
		int64_t expected = durations[i].fault == DURATION_OK ? durations[i].ns : UNTOUCHED;
		if (fault != durations[i].fault || ns != expected)
			fail_msg("'%s': %s, %" PRId64, durations[i].text, duration_fault_text(fault), ns);
	}
	int64_t ns = UNTOUCHED;
	assert_int_equal(duration_parse(TEXT("5s\0"), &ns), DURATION_BAD_UNIT);
	assert_int_equal(duration_parse((struct text){0}, &ns), DURATION_BAD_NUMBER);
	assert_int_equal(duration_parse((struct text){"15s9", 3}, &ns), DURATION_OK); /* no further than its length */
	assert_int_equal(ns, 15 * NS_PER_S);
}

static void test_duration_guess(void **state)
{
	static const struct {
		const char *text;
		int64_t ns; /* UNTOUCHED: nothing is guessed */
	} guesses[] = {
		{"30d", 30 * 24 * NS_PER_HOUR},
		{"1d12h", 36 * NS_PER_HOUR},
		{"2weeks", 14 * 24 * NS_PER_HOUR},
		{"5min", 5 * NS_PER_MINUTE},
		{"90S", 90 * NS_PER_S},
		{"1.5h", 90 * NS_PER_MINUTE},
		{"0.001s", NS_PER_MS},
		{"5m1h", 65 * NS_PER_MINUTE},
		{"", UNTOUCHED},
		{"5", UNTOUCHED},
		{"5M", UNTOUCHED},
		{"5 min", UNTOUCHED},
		{"1.h", UNTOUCHED},
		{".5h", UNTOUCHED},
		{"1.0001h", UNTOUCHED},
		{"0.5ms", UNTOUCHED},
		{"5parsecs", UNTOUCHED},
		{"9223372036854775807w", UNTOUCHED},
		{"99999999999999999999d", UNTOUCHED},
		{"106751d23h59m", UNTOUCHED},
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(guesses); i++) {
		int64_t ns = UNTOUCHED;
		bool guessed = duration_guess(text_of(guesses[i].text), &ns);
		if (guessed != (guesses[i].ns != UNTOUCHED) || ns != guesses[i].ns)
			fail_msg("'%s': %" PRId64, guesses[i].text, ns);
	}
}

static void test_duration_faults_have_words(void **state)
{
	(void)state;
	for (int fault = DURATION_OK; fault <= DURATION_TOO_LONG; fault++) {
		const char *words = duration_fault_text((enum duration_fault)fault);
		assert_non_null(words);
		assert_true(strlen(words) > 3);
		for (int other = DURATION_OK; other < fault; other++)
			assert_string_not_equal(words, duration_fault_text((enum duration_fault)other));
	}
}

static const struct {
	int64_t ns;
	const char *text, *clock, *seconds;
} written[] = {
	{0, "0s", "0m00s", "0.000"},
	{1, "0s", "0m00s", "0.000"},
	{NS_PER_MS - 1, "0s", "0m00s", "0.000"},
	{NS_PER_MS, "1ms", "0m00s", "0.001"},
	{500 * NS_PER_MS, "500ms", "0m00s", "0.500"},
	{NS_PER_S - 1, "999ms", "0m00s", "0.999"},
	{NS_PER_S, "1s", "0m01s", "1.000"},
	{5 * NS_PER_S, "5s", "0m05s", "5.000"},
	{12345 * NS_PER_MS, "12s345ms", "0m12s", "12.345"},
	{NS_PER_MINUTE - 1, "59s999ms", "0m59s", "59.999"},
	{NS_PER_MINUTE, "1m", "1m00s", "60.000"},
	{90 * NS_PER_S, "1m30s", "1m30s", "90.000"},
	{724 * NS_PER_S, "12m4s", "12m04s", "724.000"},
	{NS_PER_HOUR - 1, "59m59s999ms", "59m59s", "3599.999"},
	{NS_PER_HOUR, "1h", "1h00m00s", "3600.000"},
	{90 * NS_PER_MINUTE, "1h30m", "1h30m00s", "5400.000"},
	{3724 * NS_PER_S, "1h2m4s", "1h02m04s", "3724.000"},
	{NS_PER_HOUR + NS_PER_MS, "1h1ms", "1h00m00s", "3600.001"},
	{100 * NS_PER_HOUR, "100h", "100h00m00s", "360000.000"},
	{INT64_MAX, "2562047h47m16s854ms", "2562047h47m16s", "9223372036.854"},
	{-1, "0s", "0m00s", "0.000"},
	{-NS_PER_MS, "-1ms", "0m00s", "0.000"},
	{-90 * NS_PER_S, "-1m30s", "0m00s", "0.000"},
	{INT64_MIN, "-2562047h47m16s854ms", "0m00s", "0.000"},
};

static void test_duration_add(void **state)
{
	(void)state;
	struct buf buf = buf_make(1000);
	for (size_t i = 0; i < COUNT_OF(written); i++) {
		duration_add(&buf, written[i].ns);
		assert_string_equal(buf_string(&buf), written[i].text);
		buf_clear(&buf);
		duration_add_clock(&buf, written[i].ns);
		assert_string_equal(buf_string(&buf), written[i].clock);
		buf_clear(&buf);
		duration_add_seconds(&buf, written[i].ns);
		assert_string_equal(buf_string(&buf), written[i].seconds);
		buf_clear(&buf);
	}
	buf_release(&buf);
}

static void test_duration_round_trip(void **state)
{
	(void)state;
	struct buf buf = buf_make(100);
	uint64_t random = 42;
	for (int i = 0; i < 20000; i++) {
		random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		int64_t ns = (int64_t)(random >> (1 + i % 62)), back = UNTOUCHED;
		duration_add(&buf, ns);
		assert_int_equal(duration_parse(buf_text(&buf), &back), DURATION_OK);
		assert_true(back == ns / NS_PER_MS * NS_PER_MS);
		buf_clear(&buf);
	}
	buf_release(&buf);
}

static void test_time_add(void **state)
{
	(void)state;
	assert_true(time_add(0, 0) == 0);
	assert_true(time_add(40, 2) == 42);
	assert_true(time_add(INT64_MAX, 0) == INT64_MAX);
	assert_true(time_add(INT64_MAX - 1, 1) == INT64_MAX);
	assert_true(time_add(INT64_MAX, 1) == INT64_MAX);
	assert_true(time_add(1, INT64_MAX) == INT64_MAX);
	assert_true(time_add(INT64_MAX, INT64_MAX) == INT64_MAX);
	assert_true(time_add(INT64_MIN, -1) == INT64_MIN);
	assert_true(time_add(INT64_MAX, INT64_MIN) == -1);
}

/* ---- moments ---------------------------------------------------------------------------------------------------- */

static const struct {
	const char *text;
	int64_t s, ns;
} moments[] = {
	{"1970-01-01T00:00:00Z", 0, 0},
	{"1969-12-31T23:59:59Z", -1, 0},
	{"1969-12-31T23:59:59.999999999Z", 0, -1},
	{"2023-11-07T05:31:56Z", 1699335116, 0},
	{"2023-11-07t05:31:56z", 1699335116, 0},
	{"2023-11-07 05:31:56Z", 1699335116, 0},
	{"2023-11-07T05:31:56+00:00", 1699335116, 0},
	{"2023-11-07T05:31:56-00:00", 1699335116, 0},
	{"2023-11-07T05:31:56+0000", 1699335116, 0},
	{"2023-11-06T22:01:56-07:30", 1699335116, 0},
	{"2023-11-07T13:31:56+08:00", 1699335116, 0},
	{"2023-11-08T05:30:56+2359", 1699335116, 0},
	{"2024-02-29T00:00:00Z", 1709164800, 0},
	{"2024-02-28T23:00:00-01:00", 1709164800, 0},
	{"2000-02-29T12:00:00Z", 951825600, 0},
	{"1900-02-28T00:00:00Z", -2203977600, 0},
	{"1900-03-01T00:00:00Z", -2203891200, 0},
	{"2100-02-28T23:59:59Z", 4107542399, 0},
	{"2100-03-01T00:00:00Z", 4107542400, 0},
	{"2023-12-31T23:59:59-00:01", 1704067259, 0},
	{"2038-01-19T03:14:08Z", 2147483648, 0},
	{"2023-11-07T05:31:56.1Z", 1699335116, 100000000},
	{"2023-11-07T05:31:56.12Z", 1699335116, 120000000},
	{"2023-11-07T05:31:56.123Z", 1699335116, 123000000},
	{"2023-11-07T05:31:56.1234Z", 1699335116, 123400000},
	{"2023-11-07T05:31:56.12345Z", 1699335116, 123450000},
	{"2023-11-07T05:31:56.123456Z", 1699335116, 123456000},
	{"2023-11-07T05:31:56.123456+00:00", 1699335116, 123456000},
	{"2023-11-07T05:31:56.1234567Z", 1699335116, 123456700},
	{"2023-11-07T05:31:56.12345678Z", 1699335116, 123456780},
	{"2023-11-07T05:31:56.123456789Z", 1699335116, 123456789},
	{"2023-11-07T05:31:56.000000001Z", 1699335116, 1},
	/* both ends of 64 bits */
	{"2262-04-11T23:47:16.854775807Z", 9223372036, 854775807},
	{"2262-04-12T00:47:16.854775807+01:00", 9223372036, 854775807},
	{"1677-09-21T00:12:43.145224192Z", -9223372036, -854775808},
	{"1677-09-21T00:12:44Z", -9223372036, 0},
};

static void test_moment_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(moments); i++) {
		int64_t ns = UNTOUCHED;
		if (!moment_parse(text_of(moments[i].text), &ns) || ns != moments[i].s * NS_PER_S + moments[i].ns)
			fail_msg("'%s': %" PRId64, moments[i].text, ns);
	}
}

static const char *const no_moments[] = {
	"",
	"now",
	"2023-11-07",
	"2023-11-07T05:31:56", /* no zone */
	"2023-11-07T05:31:56.123",
	"2023-11-07T05:31Z",     /* no seconds */
	"2023-11-07T05:31:56.Z", /* a point without digits */
	"2023-11-07T05:31:56,5Z",
	"2023-11-07T05:31:56.1234567890Z",
	"2023-11-07T05:31:56+00",
	"2023-11-07T05:31:56+0:00",
	"2023-11-07T05:31:56+00:0",
	"2023-11-07T05:31:56+24:00",
	"2023-11-07T05:31:56+00:60",
	"2023-11-07T05:31:56 Z",
	"2023-11-07T05:31:56ZZ",
	"2023-11-07T05:31:56Z ",
	" 2023-11-07T05:31:56Z",
	"2023-11-07T05:31:56UTC",
	"2023-11-07  05:31:56Z",
	"2023-11-07_05:31:56Z",
	"2023-11-7T05:31:56Z",
	"23-11-07T05:31:56Z",
	"+2023-11-07T05:31:56Z",
	"-2023-11-07T05:31:56Z",
	"12023-11-07T05:31:56Z",
	"2023-11-07T5:31:56Z",
	"20231107T053156Z",
	"2023-W45-2T05:31:56Z",
	"2023-00-07T05:31:56Z",
	"2023-13-07T05:31:56Z",
	"2023-11-00T05:31:56Z",
	"2023-11-31T05:31:56Z",
	"2023-04-31T05:31:56Z",
	"2023-01-32T05:31:56Z",
	"2023-02-29T05:31:56Z",
	"2024-02-30T05:31:56Z",
	"1900-02-29T05:31:56Z",
	"2100-02-29T05:31:56Z",
	"2023-11-07T24:00:00Z",
	"2023-11-07T23:60:00Z",
	"2016-12-31T23:59:60Z", /* a leap second: POSIX time has none */
	"2262-04-11T23:47:16.854775808Z",
	"2262-04-11T23:47:17Z",
	"2262-04-11T23:47:16-00:01",
	"1677-09-21T00:12:43.145224191Z",
	"1677-09-21T00:12:43Z",
	"0000-01-01T00:00:00Z",
	"9999-12-31T23:59:59Z",
	"202\xef\xbc\x93-11-07T05:31:56Z", /* a fullwidth digit */
};

static void test_moment_parse_refuses(void **state)
{
	(void)state;
	int64_t ns = UNTOUCHED;
	for (size_t i = 0; i < COUNT_OF(no_moments); i++)
		if (moment_parse(text_of(no_moments[i]), &ns))
			fail_msg("'%s' was read", no_moments[i]);
	assert_false(moment_parse(TEXT("2023-11-07T05:31:56Z\0"), &ns));
	assert_false(moment_parse((struct text){0}, &ns));
	/* Every prefix of a moment is refused, and bytes beyond the given length aren't read. */
	struct text whole = TEXT("2023-11-07T05:31:56.25+01:30");
	for (size_t length = 0; length < whole.length; length++)
		assert_false(moment_parse(text_slice(whole, 0, length), &ns));
	assert_true(ns == UNTOUCHED);
	assert_true(moment_parse(whole, &ns));
}

static void test_moment_add(void **state)
{
	(void)state;
	static const struct {
		int64_t s, ns;
		const char *text, *with_fraction;
	} rows[] = {
		{0, 0, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"},
		{0, -1, "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.999Z"},
		{-1, 0, "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.000Z"},
		{1699335116, 123999999, "2023-11-07T05:31:56Z", "2023-11-07T05:31:56.123Z"},
		{1709164800, 0, "2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"},
		{1709251199, 999999999, "2024-02-29T23:59:59Z", "2024-02-29T23:59:59.999Z"},
		{1709251200, 0, "2024-03-01T00:00:00Z", "2024-03-01T00:00:00.000Z"},
		{-2203891201, 0, "1900-02-28T23:59:59Z", "1900-02-28T23:59:59.000Z"},
		{9223372036, 854775807, "2262-04-11T23:47:16Z", "2262-04-11T23:47:16.854Z"},
		{-9223372036, -854775808, "1677-09-21T00:12:43Z", "1677-09-21T00:12:43.145Z"},
	};
	struct buf buf = buf_make(1000);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t ns = rows[i].s * NS_PER_S + rows[i].ns;
		moment_add(&buf, ns, false);
		assert_string_equal(buf_string(&buf), rows[i].text);
		buf_clear(&buf);
		moment_add(&buf, ns, true);
		assert_string_equal(buf_string(&buf), rows[i].with_fraction);
		buf_clear(&buf);
		moment_add_without_zone(&buf, ns);
		buf_add_byte(&buf, 'Z');
		assert_string_equal(buf_string(&buf), rows[i].text);
		buf_clear(&buf);
	}
	buf_release(&buf);
}

/* Each day of the 585 years survives formatting and parsing, and follows the previous one. */
static void test_every_day(void **state)
{
	(void)state;
	struct buf buf = buf_make(100);
	char before[11] = "1677-09-21";
	for (int64_t day = -106750; day <= 106750; day++) {
		int64_t back = UNTOUCHED;
		moment_add(&buf, day * 86400 * NS_PER_S, false);
		assert_true(moment_parse(buf_text(&buf), &back));
		assert_true(back == day * 86400 * NS_PER_S);
		assert_true(strncmp(before, buf_string(&buf), 10) < 0);
		memcpy(before, buf_string(&buf), 10);
		buf_clear(&buf);
	}
	buf_release(&buf);
}

/* ---- HTTP dates ------------------------------------------------------------------------------------------------- */

static void test_http_date(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t s;
	} rows[] = {
		{"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},      {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
		{"Sun Nov  6 08:49:37 1994", 784111777},           {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
		{"Thu, 29 Feb 2024 00:00:00 GMT", 1709164800},     {"Thursday, 29-Feb-24 00:00:00 GMT", 1709164800},
		{"Thu Feb 29 00:00:00 2024", 1709164800},          {"Fri, 31 Dec 2100 23:59:59 GMT", 4133980799},
		{"Wednesday, 31-Dec-69 00:00:00 GMT", 3155673600}, /* 2069: POSIX's rule for years of two digits */
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t ns = UNTOUCHED;
		if (!http_date_parse(text_of(rows[i].text), &ns) || ns != rows[i].s * NS_PER_S)
			fail_msg("'%s': %" PRId64, rows[i].text, ns);
	}
	static const char *const refused[] = {
		"",
		"Sun",
		"Sun,",
		"120",
		", 06 Nov 1994 08:49:37 GMT",
		"Sun, 06 Nov 1994 08:49:37",
		"Sun, 06 Nov 1994 08:49:37 UTC",
		"Sun, 06 Nov 1994 08:49:37 +0000",
		"Sun, 06 Nov 1994 08:49:37 GMT ",
		"Sun, 6 Nov 1994 08:49:37 GMT",
		"Sun, 06 nov 1994 08:49:37 GMT",
		"Sun, 06 Nov 94 08:49:37 GMT",
		"Sun, 31 Nov 1994 08:49:37 GMT",
		"Sun, 29 Feb 2023 08:49:37 GMT",
		"Sun, 06 Nov 1994 24:00:00 GMT",
		"Sun, 06 Nov 1994 08:49:60 GMT",
		"Sun, 06 Nov 9999 08:49:37 GMT",
		"Sunday, 06-Nov-1994 08:49:37 GMT",
		"Sun Nov 6 08:49:37 1994",
		"Sun Nov  6 08:49:37 1994 GMT",
		"2023-11-07T05:31:56Z",
	};
	int64_t ns = UNTOUCHED;
	for (size_t i = 0; i < COUNT_OF(refused); i++)
		if (http_date_parse(text_of(refused[i]), &ns))
			fail_msg("'%s' was read", refused[i]);
	for (size_t row = 0; row < 3; row++)
		for (size_t length = 0; length < strlen(rows[row].text); length++)
			assert_false(http_date_parse((struct text){rows[row].text, length}, &ns));
	assert_false(http_date_parse((struct text){0}, &ns));
	assert_true(ns == UNTOUCHED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_duration_parse),
		cmocka_unit_test(test_duration_guess),
		cmocka_unit_test(test_duration_faults_have_words),
		cmocka_unit_test(test_duration_add),
		cmocka_unit_test(test_duration_round_trip),
		cmocka_unit_test(test_time_add),
		cmocka_unit_test(test_moment_parse),
		cmocka_unit_test(test_moment_parse_refuses),
		cmocka_unit_test(test_moment_add),
		cmocka_unit_test(test_every_day),
		cmocka_unit_test(test_http_date),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
