/* test_json_ends.c - nothing that stands behind the end of a text is read as a part of it. */
#include "../../src/json/strict.h"

#include "chaingate/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Each is read up to every byte, while the rest stands behind the end: as in a buffer that has more than the body. */
static const char *const samples[] = {
	"{\"deployments\": [{\"id\": \"q86yjdy\", \"name\": \"caf\xC3\xA9 \\u00e9 \\ud83d\\ude00\", \"b\": null}]}",
	"[\"\\n\", \"a\\n\", \"\\\\\\\"\", \"\\u0041\\t\", \"\"]",
	"[\"\\n\\u0041\", \"\\t\\ud83d\\ude00\", \"\\u0041\\u0042\", {}, [], {\"a\": {}}, {\"b\": []}]",
	"{\"a\" : [ [ ] , { } , \"\" , true , false ] , \"a_long_key_of_more_than_16_bytes\" :\n\n 1234567890123456 }",
	"[1, -2, 0, -0.5, 1e5, 1.5E-10, 123456789012345678, 1234567890123456789]",
	"[\"sixteen bytes and more\", \"sixteen bytes and\\nmore\",                                 [ ]]",
	"\"a string alone, of more than 16 bytes\"",
	/* the first and the last character of each length, and of each half of a pair */
	"[\"\xC2\x80\", \"\xDF\xBF\", \"\xE0\xA0\x80\", \"\xEF\xBF\xBF\", \"\xF0\x90\x80\x80\", \"\xF4\x8F\xBF\xBF\"]",
	"[\"\\ud800\\udc00\", \"\\udbff\\udfff\", \"\\uD800\\uDFFF\", \"\\uDBFF\\uDC00\"]",
};

static void a_text_that_is_cut_off_is_truncated(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		size_t whole = strlen(samples[i]);
		for (size_t length = 1; length < whole; length++) {
			struct json_fault fault = {JSON_OK, 0};
			if (json_scan((struct text){samples[i], length}, &fault) || fault.kind != JSON_TRUNCATED)
				fail_msg("%.*s: %s", (int)length, samples[i], json_fault_text(fault.kind));
		}
		struct json_fault fault = {JSON_OK, 0};
		if (!json_scan((struct text){samples[i], whole}, &fault))
			fail_msg("%s: %s at %zu", samples[i], json_fault_text(fault.kind), fault.offset);
	}
}

/* More bytes wouldn't make a character of these. */
static void bytes_that_begin_no_character_are_not_a_cut_off_one(void **state)
{
	static const char *const rows[] = {"\xE0\x80\x80",
					   "\xED\xA0\x80",
					   "\xF0\x80\x80\x80",
					   "\xF4\x90\x80\x80",
					   "\x80",
					   "\xBF",
					   "\xC0",
					   "\xC1",
					   "\xF5",
					   "\xFF",
					   "\xE2(",
					   "\xF0\x9F("};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[8];
		struct json_fault fault = {JSON_OK, 0};
		snprintf(text, sizeof text, "\"%s", rows[i]);
		assert_false(json_scan(text_of(text), &fault));
		if (fault.kind != JSON_NOT_UTF8 || fault.offset != 1)
			fail_msg("row %zu: %s at %zu", i, json_fault_text(fault.kind), fault.offset);
	}
}

/* A run is as long as the bytes of its kind, however many of them there are behind the end, or from one byte on. */
static void expect_runs(size_t (*run)(const char *bytes, size_t length), char inside, const char *outside)
{
	char bytes[64];
	for (size_t from = 0; from < 8; from++)
		for (size_t length = 0; length <= 40; length++) {
			memset(bytes, inside, sizeof bytes);
			assert_int_equal(run(bytes + from, length), length);
			for (const char *byte = outside; *byte && length > 0; byte++) {
				bytes[from + length / 2] = *byte;
				assert_int_equal(run(bytes + from, length), length / 2);
			}
		}
}

static void a_run_ends_at_another_byte_or_at_the_end(void **state)
{
	static const char no_plain[] = "\"\\\x01\x1F\n\x80\xFF", no_white[] = "\x01\x1F\x0B!a\xA0\xFF";
	(void)state;
	expect_runs(run_of_plain, 'a', no_plain);
	expect_runs(run_of_plain, ' ', no_plain);
	expect_runs(run_of_plain, '\x7F', no_plain);
	expect_runs(run_of_plain_by_words, 'a', no_plain);
	expect_runs(run_of_plain_by_words, ' ', no_plain);
	expect_runs(run_of_plain_by_words, '\x7F', no_plain);
	for (const char *white = " \t\r\n"; *white; white++) {
		expect_runs(run_of_white, *white, no_white);
		expect_runs(run_of_white_by_bytes, *white, no_white);
	}
}

/* White space, and what is no number. */
static void the_fault_is_where_the_text_goes_wrong(void **state)
{
	static const struct {
		const char *text;
		size_t offset;
	} rows[] = {
		{"{\"a\":-}", 6},     {"{\"a\": -, \"b\": 1}", 7},  {"[-]", 2},  {"[1, --1]", 5},
		{"{\"a\" 1}", 5},     {"{\"abcdefghijk\"1:2}", 14}, {"[01]", 2}, {"[-01]", 3},
		{"[\"\\u12G4\"]", 6}, {"[\"\\ud83d\\u12G4\"]", 12},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct json_fault fault = {JSON_OK, 0};
		if (json_scan(text_of(rows[i].text), &fault) || fault.kind != JSON_SYNTAX ||
		    fault.offset != rows[i].offset)
			fail_msg("%s: %s at %zu", rows[i].text, json_fault_text(fault.kind), fault.offset);
	}
}

/* The first and the last of the two halves of a pair, and what stands just before and behind them. */
static void the_halves_of_a_pair_have_edges(void **state)
{
	static const struct {
		const char *text;
		bool is_good;
	} rows[] = {
		{"\\ud7ff", true},         {"\\ue000", true},         {"\\uD7FF\\uE000", true},
		{"\\ud800", false},        {"\\udbff", false},        {"\\udc00", false},
		{"\\udfff", false},        {"\\ud800\\udc00", true},  {"\\ud800\\udfff", true},
		{"\\udbff\\udc00", true},  {"\\uDBFF\\uDFFF", true},  {"\\ud800\\udbff", false},
		{"\\ud800\\ue000", false}, {"\\ud800\\ud800", false}, {"\\udc00\\ud800", false},
		{"\\udc00\\udfff", false}, {"\\udfff\\udc00", false}, {"\\udc00\\udc00", false},
		{"\\ud800\\n", false},     {"\\ud800n", false},       {"\\uD800", false},
		{"\\uDBFF", false},        {"\\uDC00", false},        {"\\uDFFF", false},
		{"\\uDAAA", false},        {"\\uDEEE", false},        {"\\uDABC\\uDABC", false},
	};
	/* alone, behind another escape, as a key, and where a member that nobody reads is skipped */
	static const char *const around[][2] = {{"\"", "\""},
						{"\"\\t", "\""},
						{"\"\\u0041", "x\""},
						{"{\"", "\": 1}"},
						{"{\"a\": {\"b\": \"\\n", "\"}}"}};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (size_t j = 0; j < sizeof around / sizeof *around; j++) {
			char text[64];
			struct json_fault fault = {JSON_OK, 0};
			snprintf(text, sizeof text, "%s%s%s", around[j][0], rows[i].text, around[j][1]);
			if (json_scan(text_of(text), &fault) != rows[i].is_good)
				fail_msg("%s", text);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_that_is_cut_off_is_truncated),
		cmocka_unit_test(bytes_that_begin_no_character_are_not_a_cut_off_one),
		cmocka_unit_test(a_run_ends_at_another_byte_or_at_the_end),
		cmocka_unit_test(the_fault_is_where_the_text_goes_wrong),
		cmocka_unit_test(the_halves_of_a_pair_have_edges),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
