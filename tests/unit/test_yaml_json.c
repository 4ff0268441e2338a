/* test_yaml_json.c - YAML written as JSON: what is a number, and what is a string. */
#include "chaingate/json.h"
#include "chaingate/yaml_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct row {
	const char *yaml, *json;
} rows[] = {
	{"-1", "-1"},
	{"1.5", "1.5"},
	{"-0.25", "-0.25"},
	{"0", "0"},
	{"-0", "-0"},
	{"10", "10"},
	{"2e3", "2e3"},
	{"2E-3", "2E-3"},
	{"1.5e+10", "1.5e+10"},
	{"9223372036854775807", "9223372036854775807"},
	{"007", "\"007\""},
	{"-07", "\"-07\""},
	{"00", "\"00\""},
	{"+1", "\"+1\""},
	{".5", "\".5\""},
	{"1.", "\"1.\""},
	{"1.2.3", "\"1.2.3\""},
	{"1e", "\"1e\""},
	{"1e+", "\"1e+\""},
	{"e1", "\"e1\""},
	{"-a", "\"-a\""},
	{"1_000", "\"1_000\""},
	{"0x10", "\"0x10\""},
	{".inf", "\".inf\""},
	{"2026-08-14", "\"2026-08-14\""},
	{"1 2", "\"1 2\""},
	{"\"1\"", "\"1\""},
	{"'true'", "\"true\""},
	{"true", "true"},
	{"false", "false"},
	{"True", "\"True\""},
	{"no", "\"no\""},
	{"null", "null"},
	{"~", "null"},
	{"'null'", "\"null\""},
	{"\"a\\\"b\\\\c\\n\"", "\"a\\\"b\\\\c\\u000a\""},
	{"[]", "[]"},
	{"{}", "{}"},
	{"[1, a, [007], {b: 1.5, c: ~}]", "[1,\"a\",[\"007\"],{\"b\":1.5,\"c\":null}]"},
	{"{1: -1, \"a\\\"b\": {}}", "{\"1\":-1,\"a\\\"b\":{}}"},
};

static void yaml_becomes_json(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = {0};
		struct diags diags = {.arena = &arena};
		struct json_fault fault;
		struct buf json = buf_make(BUF_LIMIT_REPORT);
		const struct yaml_node *node =
			yaml_parse(&arena, source_make(&arena, "test.yaml", text_of(rows[i].yaml)), &diags);
		assert_non_null(node);
		yaml_add_json(&json, node);
		assert_string_equal(buf_string(&json), rows[i].json);
		assert_true(json_scan(buf_text(&json), &fault));
		buf_release(&json);
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(yaml_becomes_json)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
