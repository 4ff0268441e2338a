/* test_status.c - the table of statuses is complete and consistent; any other word is unknown. */
#include "chaingate/arena.h"
#include "chaingate/diag.h"
#include "chaingate/status.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* The API's words with their classes, in the order of its documentation. They are repeated here on purpose, so that the
 * test detects a mistake in the table. */
static const struct {
	const char *word;
	enum status status;
	const char *class;
	bool at_rest;
} expected[] = {
	{"BUILDING", STATUS_BUILDING, "in_progress", false},
	{"DEPLOYING", STATUS_DEPLOYING, "in_progress", false},
	{"DEPLOY_FAILED", STATUS_DEPLOY_FAILED, "failed", true},
	{"LOADING_MODEL", STATUS_LOADING_MODEL, "in_progress", false},
	{"ACTIVE", STATUS_ACTIVE, "ready", true},
	{"UNHEALTHY", STATUS_UNHEALTHY, "unhealthy", true},
	{"BUILD_FAILED", STATUS_BUILD_FAILED, "failed", true},
	{"BUILD_STOPPED", STATUS_BUILD_STOPPED, "failed", true},
	{"DEACTIVATING", STATUS_DEACTIVATING, "in_progress", false},
	{"INACTIVE", STATUS_INACTIVE, "idle", true},
	{"FAILED", STATUS_FAILED, "failed", true},
	{"UPDATING", STATUS_UPDATING, "in_progress", false},
	{"SCALED_TO_ZERO", STATUS_SCALED_TO_ZERO, "idle", true},
	{"WAKING_UP", STATUS_WAKING_UP, "in_progress", false},
};

#define EXPECTED_COUNT (sizeof expected / sizeof *expected)

static void each_word_is_read_and_written(void **state)
{
	(void)state;
	assert_int_equal(EXPECTED_COUNT, 14);
	for (size_t i = 0; i < EXPECTED_COUNT; i++) {
		enum status status = status_parse(text_of(expected[i].word));
		assert_int_equal(status, expected[i].status);
		assert_string_equal(status_name(status), expected[i].word);
		assert_string_equal(status_class_name(status_class(status)), expected[i].class);
		assert_int_equal(status_is_at_rest(status), expected[i].at_rest);
	}
}

static void every_status_has_a_row(void **state)
{
	(void)state;
	for (int i = STATUS_UNKNOWN; i < STATUS_COUNT; i++) {
		enum status status = (enum status)i;
		assert_true(strlen(status_name(status)) > 0);
		const char *meaning = status_meaning(status);
		assert_non_null(meaning);
		assert_true(isupper((unsigned char)meaning[0]));
		assert_int_equal(meaning[strlen(meaning) - 1], '.');
		assert_true(strlen(meaning) < 100);
		for (int j = STATUS_UNKNOWN; j < i; j++) {
			assert_string_not_equal(status_name((enum status)j), status_name(status));
			assert_string_not_equal(status_meaning((enum status)j), meaning);
		}
		assert_int_equal(status_class(status) == CLASS_NONE, status == STATUS_UNKNOWN);
	}
}

static void other_words_are_unknown(void **state)
{
	static const char *const words[] = {
		"",      "active",    "Active",  "ACTIV",          "ACTIVEE",    " ACTIVE",     "ACTIVE ",
		"READY", "(unknown)", "UNKNOWN", "SCALED-TO-ZERO", "BUILDING\n", "\xc3\x84KTIV"};
	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		assert_int_equal(status_parse(text_of(words[i])), STATUS_UNKNOWN);
	assert_int_equal(status_parse(TEXT("ACTIVE\0")), STATUS_UNKNOWN);
	assert_int_equal(status_parse((struct text){0}), STATUS_UNKNOWN);
	assert_false(status_is_at_rest(STATUS_UNKNOWN));
	assert_string_equal(status_name(STATUS_UNKNOWN), "(unknown)");
}

static void a_value_outside_the_enum_is_unknown(void **state)
{
	(void)state;
	assert_string_equal(status_name(STATUS_COUNT), "(unknown)");
	assert_string_equal(status_name((enum status) - 1), "(unknown)");
	assert_int_equal(status_class((enum status)99), CLASS_NONE);
	assert_false(status_is_at_rest((enum status)99));
}

static void classes_are_read_and_written(void **state)
{
	size_t count;
	const char *const *words = status_class_words(&count);
	(void)state;
	assert_int_equal(count, 5);
	for (size_t i = 0; i < count; i++) {
		enum status_class class = status_class_parse(text_of(words[i]));
		assert_int_not_equal(class, CLASS_NONE);
		assert_string_equal(status_class_name(class), words[i]);
	}
	assert_int_equal(status_class_parse(TEXT("(none)")), CLASS_NONE);
	assert_int_equal(status_class_parse(TEXT("Ready")), CLASS_NONE);
	assert_int_equal(status_class_parse(TEXT("")), CLASS_NONE);
}

static void suggestions_are_only_the_known_words(void **state)
{
	size_t count;
	const char *const *words = status_words(&count);
	(void)state;
	assert_int_equal(count, EXPECTED_COUNT);
	for (size_t i = 0; i < count; i++)
		assert_int_not_equal(status_parse(text_of(words[i])), STATUS_UNKNOWN);
}

/* Words of other systems: the hint must never be a status that says the opposite of what was meant. */
static void a_wrong_word_is_answered_with_a_status(void **state)
{
	static const struct {
		const char *word, *hint;
	} rows[] = {
		{"HEALTHY", "the status is ACTIVE"}, /* UNHEALTHY has the most similar name */
		{"READY", "the status is ACTIVE"},
		{"RUNNING", "the status is ACTIVE"},
		{"UP", "the status is ACTIVE"},
		{"DEPLOYED", "the status is ACTIVE"}, /* DEPLOYING */
		{"OK", "the status is ACTIVE"},
		{"ASLEEP", "the status is SCALED_TO_ZERO"},
		{"SLEEPING", "the status is SCALED_TO_ZERO"},
		{"ERROR", "the status is FAILED"},
		{"CRASHED", "the status is FAILED"},
		{"ACTVE", "a status has a similar name: ACTIVE"},
		{"active", "a status has a similar name: ACTIVE"},
		{"BUILD_FAILURE", "a status has a similar name: BUILD_FAILED"},
		{"QQQQQQQ", "chaingate explain lists the statuses; ACTIVE means serving, the class failed contains all "
			    "failures"},
	};
	struct arena arena = {0};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct diags diags = {.arena = &arena};
		status_refuse(&diags, source_make(&arena, "policy", text_of(rows[i].word)), (struct span){0, 1},
			      text_of(rows[i].word));
		assert_int_equal(diags.errors, 1);
		assert_int_equal(diags.first->code, DIAG_UNKNOWN_STATUS);
		assert_string_equal(diags.first->message,
				    arena_printf(&arena, "no status is called '%s'", rows[i].word));
		assert_string_equal(diags.first->hint, rows[i].hint);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wrong_word_is_answered_with_a_status),
		cmocka_unit_test(each_word_is_read_and_written),
		cmocka_unit_test(every_status_has_a_row),
		cmocka_unit_test(other_words_are_unknown),
		cmocka_unit_test(a_value_outside_the_enum_is_unknown),
		cmocka_unit_test(classes_are_read_and_written),
		cmocka_unit_test(suggestions_are_only_the_known_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
