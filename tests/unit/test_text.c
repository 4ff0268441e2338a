/* test_text.c - text: comparison, UTF-8, widths, making hidden characters visible, similar words. */
#include "chaingate/buf.h"
#include "chaingate/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static void test_views(void **state)
{
	(void)state;
	assert_int_equal(text_of(NULL).length, 0);
	assert_int_equal(text_of("abc").length, 3);
	assert_int_equal(TEXT("a\0b").length, 3);
	struct text word = TEXT("deployment");
	assert_true(text_is(text_slice(word, 0, 6), "deploy"));
	assert_true(text_is(text_slice(word, 6, 99), "ment"));
	assert_true(text_is(text_slice(word, 99, 99), ""));
	assert_true(text_is(text_slice(word, 5, 2), ""));
	assert_true(text_is(text_slice((struct text){0}, 0, 5), ""));
	assert_true(text_starts_with(word, "dep"));
	assert_true(text_starts_with(word, ""));
	assert_true(text_starts_with(word, "deployment"));
	assert_false(text_starts_with(word, "deployments"));
	assert_false(text_starts_with((struct text){0}, "d"));
	assert_true(text_has(word, 't'));
	assert_false(text_has(word, '\0'));
	assert_false(text_has(text_of(""), '\0'));
	assert_false(text_has((struct text){0}, '\0'));
}

static void test_comparing(void **state)
{
	(void)state;
	static const struct {
		struct text a, b;
		int order;
	} rows[] = {
		{{0}, {0}, 0},
		{{0}, {"", 0}, 0},
		{{"a", 1}, {0}, 1},
		{{"a", 1}, {"ab", 2}, -1},
		{{"b", 1}, {"ab", 2}, 1},
		{{"A", 1}, {"a", 1}, -1},
		{{"a\0b", 3}, {"a\0c", 3}, -1},
		{{"a", 1}, {"a\0", 2}, -1},
		{{"\x7f", 1}, {"\xc3\xa9", 2}, -1},
		{{"\xef\xbf\xbd", 3}, {"\xf0\x9f\x98\x80", 4}, -1},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int order = text_compare(rows[i].a, rows[i].b), back = text_compare(rows[i].b, rows[i].a);
		assert_int_equal((order > 0) - (order < 0), rows[i].order);
		assert_int_equal((back > 0) - (back < 0), -rows[i].order);
		assert_int_equal(text_equal(rows[i].a, rows[i].b), rows[i].order == 0);
	}
}

/* length 0: not UTF-8 */
static void test_utf8_decode(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t given, length;
		uint32_t point;
	} rows[] = {
		{"", 0, 0, 0},
		{"a", 1, 1, 'a'},
		{"\0", 1, 1, 0},
		{"\x7f", 1, 1, 0x7f},
		{"\xc2\x80", 2, 2, 0x80},
		{"\xdf\xbf", 2, 2, 0x7ff},
		{"\xe0\xa0\x80", 3, 3, 0x800},
		{"\xed\x9f\xbf", 3, 3, 0xd7ff},
		{"\xee\x80\x80", 3, 3, 0xe000},
		{"\xef\xbf\xbf", 3, 3, 0xffff},
		{"\xf0\x90\x80\x80", 4, 4, 0x10000},
		{"\xf4\x8f\xbf\xbf", 4, 4, 0x10ffff},
		{"\xc3\xa9xyz", 5, 2, 0xe9},
		/* cut short */
		{"\xc3", 1, 0, 0},
		{"\xe2\x82", 2, 0, 0},
		{"\xf0\x9f\x98", 3, 0, 0},
		/* continuation without a start, start without continuation */
		{"\x80", 1, 0, 0},
		{"\xbf\xbf", 2, 0, 0},
		{"\xc3\x28", 2, 0, 0},
		{"\xe2\x28\xa1", 3, 0, 0},
		{"\xe2\x82\xc0", 3, 0, 0},
		{"\xf0\x9f\x98\x28", 4, 0, 0},
		/* overlong */
		{"\xc0\x80", 2, 0, 0},
		{"\xc0\xaf", 2, 0, 0},
		{"\xc1\xbf", 2, 0, 0},
		{"\xe0\x80\xaf", 3, 0, 0},
		{"\xe0\x9f\xbf", 3, 0, 0},
		{"\xf0\x80\x80\xaf", 4, 0, 0},
		{"\xf0\x8f\xbf\xbf", 4, 0, 0},
		/* surrogates */
		{"\xed\xa0\x80", 3, 0, 0},
		{"\xed\xbf\xbf", 3, 0, 0},
		/* beyond U+10FFFF, and lengths that UTF-8 no longer has */
		{"\xf4\x90\x80\x80", 4, 0, 0},
		{"\xf5\x80\x80\x80", 4, 0, 0},
		{"\xf8\x88\x80\x80\x80", 5, 0, 0},
		{"\xfe", 1, 0, 0},
		{"\xff", 1, 0, 0},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint32_t point = 0xdead;
		size_t length = utf8_decode(rows[i].bytes, rows[i].given, &point);
		assert_int_equal(length, rows[i].length);
		assert_int_equal(point, length ? rows[i].point : 0xdead);
		bool whole = rows[i].given == 0 || rows[i].length == rows[i].given || rows[i].given == 5;
		if (rows[i].bytes[0] != '\xf8')
			assert_int_equal(text_is_utf8((struct text){rows[i].bytes, rows[i].given}), whole);
	}
}

/* Every code point of Unicode is encoded and decoded without change. */
static void test_utf8_round_trip(void **state)
{
	(void)state;
	for (uint32_t point = 0; point <= 0x110000; point++) {
		char bytes[4];
		uint32_t again = 0xdead;
		size_t length = utf8_encode(point, bytes);
		bool encodable = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
		size_t expected = !encodable ? 0 : point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
		assert_int_equal(length, expected);
		assert_int_equal(utf8_decode(bytes, length, &again), length);
		assert_int_equal(again, length ? point : 0xdead);
	}
	char bytes[4];
	assert_int_equal(utf8_encode(UINT32_MAX, bytes), 0);
}

static void test_points(void **state)
{
	(void)state;
	assert_int_equal(text_points((struct text){0}), 0);
	assert_int_equal(text_points(TEXT("a\xc3\xa9\xf0\x9f\x98\x80")), 3);
	assert_int_equal(text_points(TEXT("\xff\x80"
					  "a")),
			 3);
	assert_int_equal(text_points(TEXT("\xe2\x82")), 2);
	assert_int_equal(text_points(TEXT("e\xcc\x81")), 2);
}

static void test_point_columns(void **state)
{
	(void)state;
	static const struct {
		uint32_t point;
		int columns;
	} rows[] = {
		{'a', 1},     {0xe9, 1},    {0x2ff, 1},   {0x300, 0}, /* combining grave */
		{0x36f, 0},   {0x370, 1},   {0x483, 0},   {0x488, 0}, /* enclosing */
		{0x10ff, 1},  {0x1100, 2},                            /* Hangul Jamo, leading */
		{0x1161, 0},                                          /* a medial, which joins the one before */
		{0x20dd, 0},  {0x2103, 1},  {0x231a, 2},              /* watch */
		{0x3000, 2},                                          /* ideographic space */
		{0x3042, 2},  {0x303f, 1},  {0x4e00, 2},  {0x9fff, 2},  {0xac00, 2},
		{0xd7a3, 2},  {0xfe0f, 0}, /* variation selector */
		{0xff01, 2},               /* fullwidth */
		{0xff61, 1},               /* halfwidth */
		{0x1f600, 2}, {0x20000, 2}, {0x3fffd, 2}, {0xe0100, 0}, {0x10fffd, 1},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (point_columns(rows[i].point) != rows[i].columns)
			fail_msg("U+%04X takes %d", (unsigned)rows[i].point, point_columns(rows[i].point));
}

static const struct {
	struct text given;
	const char *printable;
	size_t columns;
} printable[] = {
	{{0}, "", 0},
	{{"plain", 5}, "plain", 5},
	{{"a\nb\tc", 5}, "a\\nb\\tc", 7},
	{{"\r", 1}, "\\u{d}", 5},
	{{"\0", 1}, "\\u{0}", 5},
	{{"\a", 1}, "\\u{7}", 5},
	{{"\x7f", 1}, "\\u{7f}", 6},
	{{"\x1b[2J", 4}, "\\u{1b}[2J", 9},
	{{"\x1b]0;title\a", 10}, "\\u{1b}]0;title\\u{7}", 19},
	{{"\xc2\x9b"
	  "31m",
	  5},
	 "\\u{9b}31m",
	 9},                             /* CSI in one byte */
	{{"\xc2\x85", 2}, "\\u{85}", 6}, /* next line */
	{{"\xc2\xad", 2}, "\\u{ad}", 6}, /* soft hyphen */
	{{"\xe2\x80\xae"
	  "evil",
	  7},
	 "\\u{202e}evil",
	 12},
	{{"\xe2\x81\xa6", 3}, "\\u{2066}", 8},
	{{"\xe2\x80\x8b", 3}, "\\u{200b}", 8},
	{{"\xe2\x80\xa8", 3}, "\\u{2028}", 8},
	{{"\xe2\x80\xa9", 3}, "\\u{2029}", 8},
	{{"\xef\xbb\xbf", 3}, "\\u{feff}", 8},
	{{"\xef\xbf\xbf", 3}, "\\u{ffff}", 8},
	{{"\xf3\xa0\x81\x81", 4}, "\\u{e0041}", 9}, /* a tag */
	{{"\xe3\x85\xa4", 3}, "\\u{3164}", 8},      /* Hangul filler, which is invisible */
	{{"\xf4\x8f\xbf\xbf", 4}, "\\u{10ffff}", 10},
	{{"\xff", 1}, "\\x{ff}", 6},
	{{"a\xc0\xaf"
	  "b",
	  4},
	 "a\\x{c0}\\x{af}b",
	 14},
	{{"\xed\xa0\x80", 3}, "\\x{ed}\\x{a0}\\x{80}", 18},
	{{"\xe2\x82", 2}, "\\x{e2}\\x{82}", 12},
	/* unchanged */
	{{"\xc3\xa9", 2}, "\xc3\xa9", 1},
	{{"e\xcc\x81", 3}, "e\xcc\x81", 1},
	{{"\xe6\x97\xa5\xe6\x9c\xac", 6}, "\xe6\x97\xa5\xe6\x9c\xac", 4},
	{{"\xf0\x9f\x98\x80", 4}, "\xf0\x9f\x98\x80", 2},
	{{"\\n", 2}, "\\n", 2},
};

static void test_printable(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(printable); i++) {
		struct buf buf = buf_make(BUF_LIMIT_REPORT);
		text_add_printable(&buf, printable[i].given);
		assert_string_equal(buf_string(&buf), printable[i].printable);
		assert_int_equal(text_columns(printable[i].given), printable[i].columns);
		buf_release(&buf);
	}
}

/* The output is always UTF-8 without hidden characters, and making it printable again changes nothing. */
static void test_printable_is_printable(void **state)
{
	(void)state;
	for (unsigned high = 0; high < 256; high++) {
		for (unsigned low = 0; low < 256; low++) {
			char bytes[4] = {(char)high, (char)low, 'x', (char)low};
			struct buf once = buf_make(1024), twice = buf_make(1024);
			text_add_printable(&once, (struct text){bytes, sizeof(bytes)});
			assert_true(text_is_utf8(buf_text(&once)));
			text_add_printable(&twice, buf_text(&once));
			assert_string_equal(buf_string(&once), buf_string(&twice));
			assert_int_equal(text_columns((struct text){bytes, sizeof(bytes)}),
					 text_columns(buf_text(&once)));
			buf_release(&once);
			buf_release(&twice);
		}
	}
}

static void test_hidden(void **state)
{
	(void)state;
	for (uint32_t point = 0; point < 0xa0; point++)
		assert_int_equal(point_is_hidden(point), point < 0x20 || point >= 0x7f);
	for (uint32_t plane = 0; plane <= 0x10; plane++) {
		assert_true(point_is_hidden(plane << 16 | 0xfffe));
		assert_true(point_is_hidden(plane << 16 | 0xffff));
	}
	for (uint32_t point = 0xe0000; point <= 0xe007f; point++)
		assert_true(point_is_hidden(point));
	for (uint32_t point = 0x202a; point <= 0x202e; point++)
		assert_true(point_is_hidden(point));
	for (uint32_t point = 0x2066; point <= 0x2069; point++)
		assert_true(point_is_hidden(point));
	assert_false(point_is_hidden(0xa0));
	assert_false(point_is_hidden(0x3000));
	assert_false(point_is_hidden(0xfffd));
}

static void test_distance(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b;
		size_t distance;
	} rows[] = {
		{"", "", 0},
		{"", "abc", 3},
		{"abc", "", 3},
		{"active", "ACTIVE", 0},
		{"ACTVE", "ACTIVE", 1},
		{"ACITVE", "ACTIVE", 1}, /* swapped neighbours count as one change */
		{"ACTIVEE", "ACTIVE", 1},
		{"kitten", "sitting", 3},
		{"ab", "ba", 1},
		{"abcd", "badc", 2},
		{"ca", "abc", 3}, /* swapped neighbours aren't edited again */
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "", 64},
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "a", SIZE_MAX},
		{"a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", SIZE_MAX},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (text_distance(text_of(rows[i].a), text_of(rows[i].b)) != rows[i].distance)
			fail_msg("'%s' to '%s' is %zu", rows[i].a, rows[i].b,
				 text_distance(text_of(rows[i].a), text_of(rows[i].b)));
		assert_int_equal(text_distance(text_of(rows[i].b), text_of(rows[i].a)), rows[i].distance);
	}
}

static void test_quoted(void **state)
{
	(void)state;
	static const struct {
		const char *given;
		size_t columns;
		const char *expected;
	} rows[] = {
		{"", 0, "''"},
		{"rag", 0, "'rag'"},
		{"rag ", 3, "'ra\u2026'"},
		{"rag\u00a0", 0, "'rag\\u{a0}'"},
		{"\ufeffrag\t", 0, "'\\u{feff}rag\\t'"},
		{"\u65e5\u3000\u672c", 0, "'\u65e5\\u{3000}\u672c'"},
		{"a\xff", 0, "'a\\x{ff}'"},
		{"a'b", 0, "\"a'b\""},
		{"a\"b", 0, "'a\"b'"},
		{"x' and \"y", 0, "'x\\' and \"y'"},
		{"a\\b", 0, "'a\\b'"},
		{"a\\", 0, "'a\\\\'"},
		{"\\' \"", 0, "'\\\\\\' \"'"},
		{"'\u00a0", 0, "\"'\\u{a0}\""},
	};
	struct buf buf = buf_make(100);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		buf_clear(&buf);
		text_add_quoted(&buf, text_of(rows[i].given), rows[i].columns);
		assert_string_equal(buf_string(&buf), rows[i].expected);
	}
	buf_release(&buf);
}

static void test_nearest(void **state)
{
	(void)state;
	static const char *const candidates[] = {"ACTIVE",   "FAILED", "INACTIVE", "SCALED_TO_ZERO",
						 "UPDATING", "on",     "of"};
	static const struct {
		const char *word, *nearest;
	} rows[] = {
		{"ACTVE", "ACTIVE"},
		{"active", "ACTIVE"},
		{"NACTIVE", "ACTIVE"}, /* as similar to two words: the first one */
		{"INACTVE", "INACTIVE"},
		{"SCALE_TO_ZERO", "SCALED_TO_ZERO"},
		{"SCALETOZERO", "SCALED_TO_ZERO"},
		{"FALED", "FAILED"},
		{"ox", "on"},
		{"xy", NULL},
		{"DEPLOYING", NULL},
		{"BROKEN", NULL},
		{"", NULL},
		{"ACTIVEACTIVEACTIVEACTIVEACTIVEACTIVEACTIVEACTIVEACTIVEACTIVEACTIVE", NULL},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *nearest = text_nearest(text_of(rows[i].word), candidates, COUNT_OF(candidates));
		if (!rows[i].nearest)
			assert_null(nearest);
		else
			assert_string_equal(nearest ? nearest : "nothing", rows[i].nearest);
	}
	assert_null(text_nearest(TEXT("ACTIVE"), candidates, 0));
	static const char *const ids[] = {"Q86YJDX", "q86yjdy", "q86yjez"};
	assert_string_equal(text_nearest(TEXT("q86yjdz"), ids, COUNT_OF(ids)), "q86yjdy");
	assert_string_equal(text_nearest(TEXT("Q86YJDZ"), ids, COUNT_OF(ids)), "Q86YJDX");
	assert_string_equal(text_nearest(TEXT("q86yjd"), ids, COUNT_OF(ids)), "q86yjdy");
}

static const struct {
	const char *given;
	size_t columns;
	const char *expected;
} within[] = {
	{"Retriever", 9, "Retriever"},
	{"Retriever", 8, "Retriev\u2026"},
	{"Retriever", 1, "\u2026"},
	{"", 0, ""},
	{"検索器", 6, "検索器"},
	{"検索器", 5, "検索\u2026"},
	{"検索器", 4, "検\u2026"},
	{"a\u202e"
	 "b",
	 10, "a\\u{202e}b"},
	{"a\u202e"
	 "b",
	 9, "a\u2026"},
	{"e\u0301e\u0301e\u0301", 2, "e\u0301\u2026"},
};

static void test_within(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(within) / sizeof(*within); i++) {
		struct buf buf = buf_make(BUF_LIMIT_REPORT);
		text_add_within(&buf, text_of(within[i].given), within[i].columns);
		assert_string_equal(buf_string(&buf), within[i].expected);
		buf_release(&buf);
	}
	/* A name may be megabytes of combining marks, which take no column: it is read only once. */
	struct buf marks = buf_make(BUF_LIMIT_REPORT);
	for (size_t i = 0; i < 1000000; i++)
		buf_add_string(&marks, "\u0301");
	assert_int_equal(text_within(buf_text(&marks), 1), marks.length);
	assert_int_equal(text_within_words(TEXT("two words"), 9), 9);
	assert_int_equal(text_within_words(TEXT("two words"), 8), 3);
	assert_int_equal(text_within_words(TEXT("two words"), 3), 3);
	assert_int_equal(text_within_words(TEXT("two words"), 2), 2); /* no blank: the word is broken */
	assert_int_equal(text_within_words(TEXT(""), 2), 0);
	buf_release(&marks);
}

/* The lines as a CI runner gets them; "" if nothing changes. */
static const struct {
	const char *given, *lines, *commands;
} defused[] = {
	{"::error::x", "\\::error::x", ""},
	{"::", "\\::", ""},
	{" \t::x", " \t\\::x", ""},
	{"a\n::x", "a\n\\::x", ""},
	{"a\r::x", "a\r\\::x", ""},
	{"a\n\n \v\f::x\nb", "a\n\n \v\f\\::x\nb", ""},
	{"\u00a0::x", "\u00a0\\::x", ""},
	{"\u2003\u3000::x", "\u2003\u3000\\::x", ""},
	{"\xc2\x85\u1680\u2009\u202f\u205f::x", "\xc2\x85\u1680\u2009\u202f\u205f\\::x", ""},
	{"\ufeff::x", "\ufeff\\::x", ""},
	{"\u2028::x", "\u2028\\::x", ""},
	{"\x1b[1;31m::x", "\x1b[1;31m\\::x", ""},
	{"\n\x1b[K ::x", "\n\x1b[K \\::x", ""},
	{"a ::x", "", ""},
	{"std::string", "", ""},
	{":x", "", ""},
	{"- ::x", "", ""},
	{"##[error]x", "#\\#[error]x", "#\\#[error]x"},
	{"a##[error]x", "a#\\#[error]x", "a#\\#[error]x"},
	{"a ##vso[task.setvariable variable=x]y", "a #\\#vso[task.setvariable variable=x]y",
	 "a #\\#vso[task.setvariable variable=x]y"},
	{"a##VSO[x", "a#\\#VSO[x", "a#\\#VSO[x"},
	{"##teamcity[x", "#\\#teamcity[x", "#\\#teamcity[x"},
	{"###[x", "##\\#[x", "##\\#[x"},
	{"##[##[", "#\\#[#\\#[", "#\\#[#\\#["},
	{"##vso##vso[", "##vso#\\#vso[", "##vso#\\#vso["},
	{"::error title=##[x]::y", "\\::error title=#\\#[x]::y", "::error title=#\\#[x]::y"},
	{"a ##octopus[setVariable x]", "a #\\#octopus[setVariable x]", "a #\\#octopus[setVariable x]"},
	{"##some-Later_tool.2[x", "#\\#some-Later_tool.2[x", "#\\#some-Later_tool.2[x"},
	{"##vso [x]", "", ""},
	{"##vso:[x]", "", ""},
	{"##vso", "", ""},
	{"##", "", ""},
	{"#", "", ""},
	{"## heading", "", ""},
	{"#[x]", "", ""},
	{"", "", ""},
	{"\xff\n::x", "\xff\n\\::x", ""},
	{"\x1b[", "", ""},
};

static void assert_defused(const char *given, enum text_form form, const char *expected)
{
	struct buf once = buf_make(1000), twice = buf_make(1000);
	text_add_defused(&once, text_of(given), form);
	assert_string_equal(buf_string(&once), *expected ? expected : given);
	text_add_defused(&twice, buf_text(&once), form);
	assert_string_equal(buf_string(&twice), buf_string(&once));
	buf_release(&once);
	buf_release(&twice);
}

static void test_defused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(defused) / sizeof(*defused); i++) {
		assert_defused(defused[i].given, FORM_LINES, defused[i].lines);
		assert_defused(defused[i].given, FORM_COMMANDS, defused[i].commands);
	}
	assert_defused("{\"a\": \"##vso[x]\"}", FORM_JSON, "{\"a\": \"\\u0023#vso[x]\"}");
	assert_defused("<a b=\"###[x]\">\n::c</a>", FORM_XML, "<a b=\"#&#35;#[x]\">\n&#58;:c</a>");
}

static void test_plural(void **state)
{
	(void)state;
	assert_string_equal(text_plural(0), "s");
	assert_string_equal(text_plural(1), "");
	assert_string_equal(text_plural(2), "s");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_views),       cmocka_unit_test(test_comparing),
		cmocka_unit_test(test_utf8_decode), cmocka_unit_test(test_utf8_round_trip),
		cmocka_unit_test(test_points),      cmocka_unit_test(test_point_columns),
		cmocka_unit_test(test_printable),   cmocka_unit_test(test_printable_is_printable),
		cmocka_unit_test(test_hidden),      cmocka_unit_test(test_distance),
		cmocka_unit_test(test_within),      cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_defused),     cmocka_unit_test(test_quoted),
		cmocka_unit_test(test_plural),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
