/* test_json.c - which texts are rejected as JSON, and how json-c then reads the others. */
#include "chaingate/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define JSON(literal) literal, sizeof(literal) - 1

/* 10 and 32 brackets. */
#define OPEN_10 "[[[[[[[[[["
#define OPEN_32 OPEN_10 OPEN_10 OPEN_10 "[["
#define CLOSE_10 "]]]]]]]]]]"
#define CLOSE_32 CLOSE_10 CLOSE_10 CLOSE_10 "]]"

/* 2^1024 - 2^970, from which on a number is rounded to infinity, and the integer before it. */
#define INFINITE_HEAD \
	"1797693134862315807937289714053034150799341327100378269361737789804449682927647509466490179775872070963302" \
	"8641669288791094655554785194040263065748867150582068190890200070838367627385484581771153176447573027006985" \
	"55713669596228429148198608349364752927190741684443655107043427115596995080930428801779041744977"
#define INFINITE INFINITE_HEAD "92"
#define LARGEST INFINITE_HEAD "91"

static const struct {
	const char *bytes;
	size_t length;
} accepted[] = {
	{JSON("null")},
	{JSON("true")},
	{JSON(" false\n")},
	{JSON("0")},
	{JSON("-0")},
	{JSON("-0.0e-0")},
	{JSON("12")},
	{JSON("\t-12.5e+3\r\n")},
	{JSON("9223372036854775807")},
	{JSON("-9223372036854775808")},
	{JSON("1.7976931348623157e308")},
	{JSON("17976931348623157e292")},
	{JSON("-0.00000000017976931348623157e318")},
	{JSON("1.797693134862315807e308")},
	{JSON(LARGEST ".999e0")},
	{JSON(LARGEST "e0")},
	{JSON("1e308")},
	{JSON("1e+308")},
	{JSON("1e-309")},
	{JSON("1E-999")},
	{JSON("0e99999999999999999999")},
	{JSON("0.000e+99999999999999999999")},
	{JSON("123e-99999999999999999999")},
	{JSON("\"\"")},
	{JSON("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20AC\\ud83d\\ude00\"")},
	{JSON("\"a\\u0000b\"")},
	{JSON("\"\x7f\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"")},
	{JSON("\"\xEF\xBB\xBF\xEF\xBF\xBF\"")},
	{JSON("[]")},
	{JSON("{}")},
	{JSON(" [ ] ")},
	{JSON("[1,2 , 3,null,true,false,\"x\",{},[]]")},
	{JSON("{\"a\":{\"a\":{\"a\":1}},\"b\":[{\"a\":1},{\"a\":2}]}")},
	{JSON("{\"a\":1,\"A\":2,\"\":3,\"aa\":4,\"\\u0061b\":5,\"\\\\\":6,\"\\\"\":7}")},
	{JSON(OPEN_32 CLOSE_32)},
	{JSON("{\"a\":" OPEN_10 OPEN_10 OPEN_10 "[1,null,\"x\"]" CLOSE_10 CLOSE_10 CLOSE_10 "}")},
};

static const struct {
	const char *bytes;
	size_t length;
	enum json_fault_kind kind;
	size_t offset;
} refused[] = {
	/* empty */
	{JSON(""), JSON_EMPTY, 0},
	{JSON(" \n\t\r"), JSON_EMPTY, 0},
	/* truncated */
	{JSON("["), JSON_TRUNCATED, 1},
	{JSON("{"), JSON_TRUNCATED, 1},
	{JSON("{\"a\""), JSON_TRUNCATED, 4},
	{JSON("{\"a\":"), JSON_TRUNCATED, 5},
	{JSON("{\"a\":1"), JSON_TRUNCATED, 6},
	{JSON("{\"a\":1,"), JSON_TRUNCATED, 7},
	{JSON("[1"), JSON_TRUNCATED, 2},
	{JSON("[1,"), JSON_TRUNCATED, 3},
	{JSON("\"abc"), JSON_TRUNCATED, 4},
	{JSON("\"abc\\"), JSON_TRUNCATED, 5},
	{JSON("\"\\u12"), JSON_TRUNCATED, 5},
	{JSON("\"\\ud83d"), JSON_TRUNCATED, 7},
	{JSON("\"\\ud83d\\"), JSON_TRUNCATED, 8},
	{JSON("\"\xF0\x9F\x98"), JSON_TRUNCATED, 1},
	{JSON("nul"), JSON_TRUNCATED, 3},
	{JSON("-"), JSON_TRUNCATED, 1},
	{JSON("1."), JSON_TRUNCATED, 2},
	{JSON("1e"), JSON_TRUNCATED, 2},
	{JSON("1e+"), JSON_TRUNCATED, 3},
	/* extensions that json-c accepts */
	{JSON("NaN"), JSON_SYNTAX, 0},
	{JSON("nan"), JSON_SYNTAX, 1},
	{JSON("[NaN]"), JSON_SYNTAX, 1},
	{JSON("Infinity"), JSON_SYNTAX, 0},
	{JSON("-Infinity"), JSON_SYNTAX, 1},
	{JSON("{'a': 1}"), JSON_SYNTAX, 1},
	{JSON("['a']"), JSON_SYNTAX, 1},
	{JSON("{a: 1}"), JSON_SYNTAX, 1},
	{JSON("TRUE"), JSON_SYNTAX, 0},
	{JSON("Null"), JSON_SYNTAX, 0},
	{JSON("[1,]"), JSON_SYNTAX, 3},
	{JSON("{\"a\":1,}"), JSON_SYNTAX, 7},
	{JSON("[1] /* x */"), JSON_TRAILING_BYTES, 4},
	{JSON("/* x */ [1]"), JSON_SYNTAX, 0},
	{JSON("[1 // x\n]"), JSON_SYNTAX, 3},
	{JSON("01"), JSON_SYNTAX, 1},
	{JSON("-01"), JSON_SYNTAX, 2},
	{JSON("00"), JSON_SYNTAX, 1},
	{JSON("+1"), JSON_SYNTAX, 0},
	{JSON(".5"), JSON_SYNTAX, 0},
	{JSON("[1.]"), JSON_SYNTAX, 3},
	{JSON("[1.e3]"), JSON_SYNTAX, 3},
	{JSON("[1e]"), JSON_SYNTAX, 3},
	{JSON("[1e+-2]"), JSON_SYNTAX, 4},
	{JSON("[- 1]"), JSON_SYNTAX, 2},
	{JSON("0x10"), JSON_TRAILING_BYTES, 1},
	{JSON("[1,5]\0"), JSON_TRAILING_BYTES, 5},
	{JSON("\0"), JSON_SYNTAX, 0},
	{JSON("[1\0]"), JSON_SYNTAX, 2},
	/* other syntax errors */
	{JSON("[,]"), JSON_SYNTAX, 1},
	{JSON("[1 2]"), JSON_SYNTAX, 3},
	{JSON("[1}"), JSON_SYNTAX, 2},
	{JSON("{\"a\" 1}"), JSON_SYNTAX, 5},
	{JSON("{\"a\":}"), JSON_SYNTAX, 5},
	{JSON("{1:2}"), JSON_SYNTAX, 1},
	{JSON("{,}"), JSON_SYNTAX, 1},
	{JSON("]"), JSON_SYNTAX, 0},
	{JSON("\x0b[]"), JSON_SYNTAX, 0},
	{JSON("\xC2\xA0[]"), JSON_SYNTAX, 0},
	{JSON("\xEF\xBB\xBF[]"), JSON_SYNTAX, 0},
	{JSON("<html>"), JSON_SYNTAX, 0},
	/* strings */
	{JSON("\"a\nb\""), JSON_SYNTAX, 2},
	{JSON("\"a\tb\""), JSON_SYNTAX, 2},
	{JSON("\"a\0b\""), JSON_SYNTAX, 2},
	{JSON("\"\x1f\""), JSON_SYNTAX, 1},
	{JSON("\"\\x41\""), JSON_SYNTAX, 2},
	{JSON("\"\\'\""), JSON_SYNTAX, 2},
	{JSON("\"\\U0041\""), JSON_SYNTAX, 2},
	{JSON("\"\\0\""), JSON_SYNTAX, 2},
	{JSON("\"\\\0\""), JSON_SYNTAX, 2},
	{JSON("\"\\u00g1\""), JSON_SYNTAX, 5},
	{JSON("\"\\ud83d\""), JSON_SYNTAX, 1},
	{JSON("\"\\ud83dx\""), JSON_SYNTAX, 1},
	{JSON("\"\\ud83d\\n\""), JSON_SYNTAX, 1},
	{JSON("\"\\ud83d\\u0041\""), JSON_SYNTAX, 1},
	{JSON("\"\\ud83d\\ud83d\""), JSON_SYNTAX, 1},
	{JSON("\"\\ude00\""), JSON_SYNTAX, 1},
	{JSON("{\"a\\u0000\":1}"), JSON_SYNTAX, 3},
	{JSON("{\"status\":\"FAILED\",\"status\\u0000\":\"ACTIVE\"}"), JSON_SYNTAX, 26},
	/* not UTF-8 */
	{JSON("\"\xFF\""), JSON_NOT_UTF8, 1},
	{JSON("\"a\x80\""), JSON_NOT_UTF8, 2},
	{JSON("\"\xC0\x80\""), JSON_NOT_UTF8, 1},
	{JSON("\"\xE0\x80\x80\""), JSON_NOT_UTF8, 1},
	{JSON("\"\xED\xA0\x80\""), JSON_NOT_UTF8, 1},
	{JSON("\"\xF4\x90\x80\x80\""), JSON_NOT_UTF8, 1},
	{JSON("\"\xC3\""), JSON_NOT_UTF8, 1},
	{JSON("{\"\xC3\x28\":1}"), JSON_NOT_UTF8, 2},
	{JSON("[\xFF]"), JSON_NOT_UTF8, 1},
	{JSON("\xFF\xFE[\0]\0"), JSON_NOT_UTF8, 0},
	/* duplicate keys */
	{JSON("{\"a\":1,\"a\":2}"), JSON_DUPLICATE_KEY, 7},
	{JSON("{\"a\":1,\"a\":1}"), JSON_DUPLICATE_KEY, 7},
	{JSON("{\"\":1,\"\":2}"), JSON_DUPLICATE_KEY, 6},
	{JSON("{\"a\":1,\"\\u0061\":2}"), JSON_DUPLICATE_KEY, 7},
	{JSON("{\"\\u0061\":1,\"a\":2}"), JSON_DUPLICATE_KEY, 12},
	{JSON("{\"\\/\":1,\"/\":2}"), JSON_DUPLICATE_KEY, 8},
	{JSON("{\"\\n\":1,\"\\u000A\":2}"), JSON_DUPLICATE_KEY, 8},
	{JSON("{\"\xC3\xA9\":1,\"\\u00e9\":2}"), JSON_DUPLICATE_KEY, 8},
	{JSON("{\"\xF0\x9F\x98\x80\":1,\"\\ud83d\\ude00\":2}"), JSON_DUPLICATE_KEY, 10},
	{JSON("{\"x\":{\"b\":1,\"a\":{\"a\":1},\"b\":2}}"), JSON_DUPLICATE_KEY, 24},
	{JSON("[{\"a\":1},{\"b\":{\"a\":1},\"a\":1,\"b\":0}]"), JSON_DUPLICATE_KEY, 28},
	{JSON("{\"c\":1,\"b\":2,\"c\":3,\"b\":4}"), JSON_DUPLICATE_KEY, 13},
	/* numbers */
	{JSON("9223372036854775808"), JSON_NUMBER_TOO_LARGE, 0},
	{JSON("-9223372036854775809"), JSON_NUMBER_TOO_LARGE, 0},
	{JSON("[1, 18446744073709551616]"), JSON_NUMBER_TOO_LARGE, 4},
	{JSON("18446744073709551615"), JSON_NUMBER_TOO_LARGE, 0},
	{JSON("10000000000000000000000"), JSON_NUMBER_TOO_LARGE, 0},
	{JSON("1e999"), JSON_NUMBER_TOO_LARGE, 0},
	{JSON("-1e309"), JSON_NUMBER_TOO_LARGE, 0},
	{JSON("1e+309"), JSON_NUMBER_TOO_LARGE, 0},
	{JSON("[-0.1E+310]"), JSON_NUMBER_TOO_LARGE, 1},
	{JSON("1e99999999999999999999999"), JSON_NUMBER_TOO_LARGE, 0},
	{JSON("0.0001e313"), JSON_NUMBER_TOO_LARGE, 0},
	{JSON("1.797693134862315808e308"), JSON_NUMBER_TOO_LARGE, 0},
	{JSON("1797693134862315808e290"), JSON_NUMBER_TOO_LARGE, 0},
	{JSON(INFINITE "e0"), JSON_NUMBER_TOO_LARGE, 0},
	{JSON(INFINITE ".0"), JSON_NUMBER_TOO_LARGE, 0},
	/* depth */
	{JSON("[" OPEN_32 CLOSE_32 "]"), JSON_TOO_DEEP, 32},
	{JSON(OPEN_32 "{}" CLOSE_32), JSON_TOO_DEEP, 32},
	{JSON(OPEN_32 OPEN_32 OPEN_32), JSON_TOO_DEEP, 32},
	/* bytes after the end */
	{JSON("[] []"), JSON_TRAILING_BYTES, 3},
	{JSON("{}}"), JSON_TRAILING_BYTES, 2},
	{JSON("null,"), JSON_TRAILING_BYTES, 4},
	{JSON("truex"), JSON_TRAILING_BYTES, 4},
	{JSON("1 2"), JSON_TRAILING_BYTES, 2},
	{JSON("\"a\"\xFF"), JSON_TRAILING_BYTES, 3},
};

/* A copy of exactly the right size, so that a sanitizer detects reading past the end. */
static struct text exact_copy(const char *bytes, size_t length)
{
	char *copy = malloc(length > 0 ? length : 1);
	assert_non_null(copy);
	memcpy(copy, bytes, length);
	return (struct text){copy, length};
}

static void free_copy(struct text text)
{
	union {
		const char *kept;
		char *owned;
	} bytes = {.kept = text.bytes};
	free(bytes.owned);
}

static void valid_json_is_accepted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++) {
		struct text text = exact_copy(accepted[i].bytes, accepted[i].length);
		struct json_object *object = NULL;
		struct json_fault fault = {JSON_OK, 0};
		if (!json_scan(text, &fault) || !json_parse(text, &object, &fault))
			fail_msg("%s: %s at %zu", accepted[i].bytes, json_fault_text(fault.kind), fault.offset);
		json_object_put(object);
		free_copy(text);
	}
}

static void invalid_json_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct text text = exact_copy(refused[i].bytes, refused[i].length);
		struct json_object *const untouched = (struct json_object *)&text;
		struct json_object *object = untouched;
		struct json_fault scanned = {JSON_OK, 0}, parsed = {JSON_OK, 0};
		bool ok = json_scan(text, &scanned);
		if (ok || scanned.kind != refused[i].kind || scanned.offset != refused[i].offset)
			fail_msg("row %zu, %s: %s at %zu", i, refused[i].bytes, json_fault_text(scanned.kind),
				 scanned.offset);
		assert_false(json_parse(text, &object, &parsed));
		assert_ptr_equal(object, untouched);
		assert_int_equal(parsed.kind, scanned.kind);
		assert_int_equal(parsed.offset, scanned.offset);
		free_copy(text);
	}
}

static const char sample[] =
	"{\"deployments\": [\n"
	"  {\"id\": \"q86yjdy\", \"name\": \"caf\xC3\xA9 \\u00e9 \\ud83d\\ude00\", \"environment\": null,\n"
	"   \"created_at\": \"2026-08-01T10:00:00.123Z\", \"load\": -1.25e-3, \"big\": -9223372036854775808,\n"
	"   \"chainlets\": [{\"name\": \"Retriever\", \"ready\": true, \"active_replica_count\": 2},\n"
	"                 {\"name\": \"LLM\", \"ready\": false, \"autoscaling_settings\": {\"min_replica\": 0}}]}\n"
	"]}";

static void every_truncation_is_refused(void **state)
{
	(void)state;
	for (size_t length = 0; length < sizeof sample - 1; length++) {
		struct text text = exact_copy(sample, length);
		struct json_fault fault = {JSON_OK, 0};
		struct json_object *object = NULL;
		assert_false(json_parse(text, &object, &fault));
		assert_int_equal(fault.kind, length == 0 ? JSON_EMPTY : JSON_TRUNCATED);
		free_copy(text);
	}
}

/* Replaces each byte of a sample by every other value. The text is then rejected, or json-c accepts it too. */
static void single_byte_corruptions_are_survived(void **state)
{
	(void)state;
	size_t taken = 0;
	for (size_t at = 0; at < sizeof sample - 1; at++) {
		for (int byte = 0; byte < 256; byte++) {
			char bytes[sizeof sample];
			memcpy(bytes, sample, sizeof sample);
			bytes[at] = (char)byte;
			struct text text = {bytes, sizeof sample - 1};
			struct json_fault fault = {JSON_OK, 0};
			struct json_object *object = NULL;
			bool scanned = json_scan(text, &fault);
			bool parsed = json_parse(text, &object, &fault);
			assert_int_equal(scanned, parsed);
			assert_int_equal(parsed, object != NULL);
			taken += parsed;
			json_object_put(object);
		}
	}
	assert_true(taken > sizeof sample - 1);
}

static struct json_object *parse(const char *string)
{
	struct json_object *object = NULL;
	struct json_fault fault = {JSON_OK, 0};
	if (!json_parse(text_of(string), &object, &fault))
		fail_msg("%s: %s at %zu", string, json_fault_text(fault.kind), fault.offset);
	return object;
}

static void values_are_asked_for_by_type(void **state)
{
	(void)state;
	struct json_object *object =
		parse("{\"text\": \"a\\u0000b\", \"empty\": \"\", \"integer\": -7, \"min\": "
		      "-9223372036854775808, \"real\": 2.0, \"exponent\": 2e0, \"true\": true, "
		      "\"false\": false, \"null\": null, \"list\": [1], \"digits\": \"12\", \"zero\": -0}");
	struct text text = TEXT("before");
	int64_t integer = 99;
	bool boolean = false;
	static const char *const no_integers[] = {"real", "exponent", "true",   "false",
						  "null", "list",     "digits", "absent"};
	static const char *const no_texts[] = {"integer", "real", "true", "null", "list", "absent"};
	static const char *const no_booleans[] = {"integer", "null", "list", "text", "empty", "absent", "zero"};
	for (size_t i = 0; i < sizeof no_integers / sizeof *no_integers; i++)
		assert_false(json_get_integer(object, no_integers[i], &integer));
	for (size_t i = 0; i < sizeof no_texts / sizeof *no_texts; i++)
		assert_false(json_get_text(object, no_texts[i], &text));
	for (size_t i = 0; i < sizeof no_booleans / sizeof *no_booleans; i++)
		assert_false(json_get_boolean(object, no_booleans[i], &boolean));
	assert_true(integer == 99 && text_is(text, "before") && !boolean);

	assert_true(json_get_text(object, "text", &text));
	assert_true(text_equal(text, TEXT("a\0b")));
	assert_true(json_get_text(object, "empty", &text));
	assert_int_equal(text.length, 0);
	assert_true(json_get_integer(object, "integer", &integer));
	assert_true(integer == -7);
	assert_true(json_get_integer(object, "min", &integer));
	assert_true(integer == INT64_MIN);
	assert_true(json_get_integer(object, "zero", &integer));
	assert_true(integer == 0);
	assert_true(json_get_boolean(object, "true", &boolean));
	assert_true(boolean);
	assert_true(json_get_boolean(object, "false", &boolean));
	assert_false(boolean);

	struct json_object *list = NULL;
	assert_true(json_object_object_get_ex(object, "list", &list));
	assert_false(json_get_integer(list, "text", &integer));
	assert_false(json_get_text(NULL, "text", &text));
	json_object_put(object);
}

static void null_is_a_success(void **state)
{
	(void)state;
	struct json_object *object = (struct json_object *)&state;
	struct json_fault fault;
	assert_true(json_parse(TEXT(" null "), &object, &fault));
	assert_null(object);
}

/* No byte follows a number at the top level, so the end of the text ends it. */
static void numbers_at_the_top_level_are_whole(void **state)
{
	(void)state;
	static const struct {
		const char *json;
		int64_t value;
	} rows[] = {{"0", 0}, {"-0", 0}, {"7", 7}, {"1234567890123", 1234567890123}, {" 42 ", 42}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct json_object *object = parse(rows[i].json);
		assert_true(json_object_is_type(object, json_type_int));
		assert_true(json_object_get_int64(object) == rows[i].value);
		json_object_put(object);
	}
}

/* Scans an object of many keys; with `again`, the last key is repeated. Comparing every pair would take minutes. */
static void scan_many_keys(bool again, bool descending)
{
	const int count = 200000;
	char *bytes = malloc((size_t)count * 32 + 64);
	assert_non_null(bytes);
	size_t length = 1;
	bytes[0] = '{';
	for (int i = 0; i < count; i++)
		length += (size_t)sprintf(bytes + length, "\"a_common_key_%07d\":%d,", descending ? count - i : i, i);
	length += (size_t)sprintf(bytes + length, "\"a_common_ke\\u0079_%07d\":0}", again ? 77 : count + 1);
	struct json_fault fault = {JSON_OK, 0};
	bool ok = json_scan((struct text){bytes, length}, &fault);
	assert_int_equal(ok, !again);
	if (again)
		assert_int_equal(fault.kind, JSON_DUPLICATE_KEY);
	free(bytes);
}

static void many_keys_are_compared_fast(void **state)
{
	(void)state;
	scan_many_keys(false, false);
	scan_many_keys(true, false);
	scan_many_keys(true, true);
}

static void every_fault_has_a_text(void **state)
{
	(void)state;
	for (int kind = JSON_OK; kind <= JSON_TOO_MANY; kind++)
		assert_true(strlen(json_fault_text((enum json_fault_kind)kind)) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(valid_json_is_accepted),
		cmocka_unit_test(invalid_json_is_refused),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(single_byte_corruptions_are_survived),
		cmocka_unit_test(values_are_asked_for_by_type),
		cmocka_unit_test(null_is_a_success),
		cmocka_unit_test(numbers_at_the_top_level_are_whole),
		cmocka_unit_test(many_keys_are_compared_fast),
		cmocka_unit_test(every_fault_has_a_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
