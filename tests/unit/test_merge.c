/* test_merge.c - two shards' reports with each of their values missing, of another type, or another one: merge_reports
 * refuses them or makes a whole report, and what passes has all that a pass needs. */
#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/diag.h"
#include "chaingate/json.h"
#include "chaingate/merge.h"
#include "random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of the fuzzer's seeds: reports of two shards, with a byte between them that JSON can't have. */
#define SEEDS "tests/fuzz/corpus/report/"
#define SEPARATOR 0x1e

enum { SHARDS = 2 };

/* What a value is replaced with. The first takes it away, the second puts it there twice. */
static const char *const edits[] = {
	"",       "twice", "null",       "true",       "false",    "0",           "1",          "-1",     "2",
	"1e300",  "12.5",  "-0.001",     "\"\"",       "\"x\"",    "[]",          "{}",         "[null]", "[\"\"]",
	"[12.5]", "[{}]",  "\"passed\"", "\"failed\"", "\"fail\"", "\"unknown\"", "\"skipped\""};
enum { EDITS = sizeof(edits) / sizeof(edits[0]) };

static char *read_seed(const char *name, struct text out[SHARDS])
{
	char path[100];
	snprintf(path, sizeof(path), SEEDS "%s", name);
	FILE *file = fopen(path, "r");
	char *bytes = malloc(1 << 16);
	assert_non_null(file);
	assert_non_null(bytes);
	size_t length = fread(bytes, 1, 1 << 16, file);
	fclose(file);
	char *between = memchr(bytes, SEPARATOR, length);
	assert_non_null(between);
	out[0] = (struct text){bytes, (size_t)(between - bytes)};
	out[1] = (struct text){between + 1, length - out[0].length - 1};
	return bytes;
}

static struct json_object *parse(struct text text)
{
	struct json_object *object = NULL;
	struct json_fault fault;
	assert_true(json_parse(text, &object, &fault));
	return object;
}

/* ---- the edits -------------------------------------------------------------------------------------------------- */

/* Counts the values inside of `container` in the order of the text. At number `at` it makes the edit. */
static bool edit_in_array(struct json_object *array, size_t *at, const char *edit);

static bool edit_in_object(struct json_object *object, size_t *at, const char *edit)
{
	json_object_object_foreach(object, key, value)
	{
		if ((*at)-- == 0) {
			if (!*edit)
				json_object_object_del(object, key);
			else if (strcmp(edit, "twice") != 0)
				json_object_object_add(object, key, json_tokener_parse(edit));
			return true;
		}
		if (json_object_is_type(value, json_type_object) ? edit_in_object(value, at, edit)
								 : edit_in_array(value, at, edit))
			return true;
	}
	return false;
}

static bool edit_in_array(struct json_object *array, size_t *at, const char *edit)
{
	size_t count = json_object_is_type(array, json_type_array) ? json_object_array_length(array) : 0;
	for (size_t i = 0; i < count; i++) {
		struct json_object *value = json_object_array_get_idx(array, i);
		if ((*at)-- == 0) {
			if (!*edit)
				json_object_array_del_idx(array, i, 1);
			else if (strcmp(edit, "twice") == 0)
				json_object_array_add(array, json_object_get(value));
			else
				json_object_array_put_idx(array, i, json_tokener_parse(edit));
			return true;
		}
		if (json_object_is_type(value, json_type_object) ? edit_in_object(value, at, edit)
								 : edit_in_array(value, at, edit))
			return true;
	}
	return false;
}

/* ---- what a pass needs ------------------------------------------------------------------------------------------ */

static struct json_object *at(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;
	json_object_object_get_ex(object, key, &value);
	return value;
}

static bool says(struct json_object *object, const char *key, const char *word)
{
	struct json_object *value = at(object, key);
	return json_object_is_type(value, json_type_string) && strcmp(json_object_get_string(value), word) == 0;
}

static size_t length(struct json_object *object, const char *key)
{
	struct json_object *value = at(object, key);
	return json_object_is_type(value, json_type_array) ? json_object_array_length(value) : 0;
}

static void assert_target_passed(struct json_object *target)
{
	size_t holding = 0;
	assert_true(says(target, "verdict", "passed"));
	assert_true(length(target, "deployments") > 0);
	assert_true(json_object_get_int64(at(target, "polls")) > json_object_get_int64(at(target, "errors")));
	for (size_t i = 0; i < length(target, "rules"); i++) {
		struct json_object *rule = json_object_array_get_idx(at(target, "rules"), i);
		assert_true(json_object_is_type(at(rule, "decides"), json_type_boolean));
		if (json_object_get_boolean(at(rule, "decides"))) {
			assert_true(says(rule, "outcome", "pass") || says(rule, "outcome", "skipped"));
			holding += says(rule, "outcome", "pass");
		}
	}
	assert_true(holding > 0);
}

/* Of each shard: that it passed, or, without targets, that it had none. */
static void assert_passed(struct json_object *report)
{
	assert_int_equal(json_object_get_type(at(report, "exit")), json_type_int);
	assert_int_equal(json_object_get_int64(at(report, "exit")), 0);
	assert_true(length(report, "targets") ? says(report, "verdict", "passed") : !at(report, "verdict"));
	assert_true(length(report, "targets") == length(at(report, "fleet"), "positions"));
	for (size_t i = 0; i < length(report, "targets"); i++)
		assert_target_passed(json_object_array_get_idx(at(report, "targets"), i));
}

/* ---- merging ---------------------------------------------------------------------------------------------------- */

static void assert_rendered(const struct merged *merged, enum gate_exit code)
{
	for (int i = 0; i < REPORT_FORMAT_COUNT; i++) {
		enum report_format format = (enum report_format)i;
		struct buf buf = buf_make(BUF_LIMIT_REPORT);
		struct json_fault fault;
		if (merge_has_format(format)) {
			assert_true(merged_render(&buf, merged, format, code));
			assert_true(text_is_utf8(buf_text(&buf)));
			assert_true(format != REPORT_JSON || json_scan(buf_text(&buf), &fault));
		}
		buf_release(&buf);
	}
}

/* True if they were merged to a pass. */
static bool merge(struct json_object *shards[SHARDS])
{
	struct arena arena = {0};
	struct diags diags = {.arena = &arena};
	struct merge_input inputs[SHARDS];
	for (size_t i = 0; i < SHARDS; i++)
		inputs[i] = (struct merge_input){
			"part.json", text_of(json_object_to_json_string_ext(shards[i], JSON_C_TO_STRING_PLAIN))};
	struct merged *merged = merge_reports(&arena, inputs, SHARDS, &diags);
	bool is_pass = merged && merged_exit(merged) == GATE_EXIT_PASSED;
	assert_true((merged == NULL) == (diags.errors > 0));
	if (merged)
		assert_rendered(merged, merged_exit(merged));
	for (size_t i = 0; i < SHARDS && is_pass; i++)
		assert_passed(shards[i]);
	merged_free(merged);
	arena_release(&arena);
	return is_pass;
}

/* With the value of that number in one of the shards edited. */
static bool merge_edited(const struct text shards[SHARDS], size_t edited, size_t number, const char *edit)
{
	struct json_object *parts[SHARDS] = {parse(shards[0]), parse(shards[1])};
	assert_true(edit_in_object(parts[edited], &number, edit));
	bool is_pass = merge(parts);
	json_object_put(parts[0]);
	json_object_put(parts[1]);
	return is_pass;
}

static size_t count_values(struct text shard)
{
	struct json_object *report = parse(shard);
	size_t left = SIZE_MAX;
	assert_false(edit_in_object(report, &left, ""));
	json_object_put(report);
	return SIZE_MAX - left;
}

/* Makes every edit in every place, or a part of them. */
static size_t count_passes(const char *seed, size_t *runs)
{
	struct text shards[SHARDS];
	size_t passes = 0;
	char *bytes = read_seed(seed, shards);
	random_begin(random_seed());
	for (size_t edited = 0; edited < SHARDS; edited++) {
		size_t all = count_values(shards[edited]) * EDITS;
		for (size_t left = rounds_of(all); left > 0; left--, ++*runs) {
			size_t which = is_all() ? left - 1 : below(all);
			passes += merge_edited(shards, edited, which / EDITS, edits[which % EDITS]);
		}
	}
	free(bytes);
	return passes;
}

static void an_edited_pass_is_refused_or_still_whole(void **state)
{
	size_t runs = 0, passes = count_passes("passed", &runs);
	(void)state;
	/* Most values are for readers: a message, a time, a status. */
	print_message("%zu of %zu edits pass\n", passes, runs);
	assert_true(passes > 0 && passes < runs);
}

static void no_edit_makes_a_pass_of_a_failure(void **state)
{
	size_t runs = 0;
	(void)state;
	assert_int_equal(count_passes("failed", &runs), 0);
	assert_true(runs > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_edited_pass_is_refused_or_still_whole),
		cmocka_unit_test(no_edit_makes_a_pass_of_a_failure),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
