/* test_api_labels.c - the labels of a model's deployment: what is kept, what nobody said, and limits. */
#include "chaingate/api.h"
#include "chaingate/buf.h"
#include "model_bodies.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Texts are kept as they are; of whatever else a label is, the bytes of its JSON. */
static void labels_are_kept(void **state)
{
	static const struct {
		const char *name, *value;
		enum label_kind kind;
	} wanted[] = {
		{"team", "ml", LABEL_TEXT}, {"\303\274 \"", "\n", LABEL_TEXT},   {"n", "3", LABEL_ODD},
		{"none", "", LABEL_NULL},   {"list", "[\"x\", [1]]", LABEL_ODD}, {"parts", "{\"team\": {}}", LABEL_ODD},
		{"on", "true", LABEL_ODD},  {"empty", "", LABEL_TEXT},
	};
	struct arena arena = {0};
	const struct listing *listing;
	struct miss miss = {0};
	const char *body = edit(&arena, LIST, ", \"environment\"",
				", \"labels\": {\"team\": \"ml\", \"\\u00fc \\\"\": \"\\n\", \"n\": 3, \"none\": null, "
				"\"list\": [\"x\", [1]], \"parts\": {\"team\": {}}, \"on\": true, \"empty\": \"\"}, "
				"\"environment\"");
	(void)state;
	assert_true(read(&arena, body, llama, false, &listing, &miss));
	const struct deployment *deployment = &listing->deployments[0];
	assert_int_equal(deployment->label_count, sizeof wanted / sizeof *wanted);
	for (size_t i = 0; i < deployment->label_count; i++) {
		const struct label *label = deployment_label(deployment, text_of(wanted[i].name));
		assert_non_null(label);
		assert_int_equal(label->kind, wanted[i].kind);
		assert_true(text_is(label->value, wanted[i].value));
	}
	assert_null(deployment_label(deployment, TEXT("tea")));
	assert_int_equal(deployment->labels_told, LABELS_TOLD);
	arena_release(&arena);
}

/* Null says that there are none; an absent member says nothing. A deployment that was dropped says nothing either. */
static void absent_labels_are_not_none(void **state)
{
	static const struct {
		const char *to;
		enum labels_told told;
	} bodies[] = {
		{", \"environment\"", LABELS_UNTOLD},
		{", \"labels\": null, \"environment\"", LABELS_TOLD},
		{", \"labels\": {}, \"environment\"", LABELS_TOLD},
		{", \"Labels\": {}, \"label\": {}, \"environment\"", LABELS_UNTOLD},
	};
	(void)state;
	for (size_t i = 0; i < 2 * (sizeof bodies / sizeof *bodies); i++) {
		struct arena arena = {0};
		const struct listing *listing;
		struct miss miss = {0};
		bool is_environment = i % 2;
		const char *body =
			edit(&arena, is_environment ? ENVIRONMENT : LIST, ", \"environment\"", bodies[i / 2].to);
		assert_true(read(&arena, body, llama, is_environment, &listing, &miss));
		assert_int_equal(listing->deployments[0].labels_told, bodies[i / 2].told);
		assert_int_equal(listing->deployments[0].label_count, 0);
		if (is_environment) /* nothing is left over from the one before */
			assert_int_equal(listing->deployments[1].labels_told, LABELS_UNTOLD);
		arena_release(&arena);
	}
}

static const char *labels_of(struct arena *arena, size_t count)
{
	struct buf labels = buf_make(1000000);
	buf_add_string(&labels, ", \"labels\": {");
	for (size_t i = 0; i < count; i++)
		buf_printf(&labels, "%s\"l%zu\": \"v\"", i ? ", " : "", i);
	buf_add_string(&labels, "}, \"environment\"");
	const char *body = edit(arena, LIST, ", \"environment\"", buf_string(&labels));
	buf_release(&labels);
	return body;
}

static void labels_have_a_limit(void **state)
{
	struct arena arena = {0};
	const struct listing *listing;
	struct miss miss = {0};
	(void)state;
	assert_true(read(&arena, labels_of(&arena, 1000), llama, false, &listing, &miss));
	assert_int_equal(listing->deployments[0].label_count, 1000);
	assert_int_equal(listing->deployments[0].labels_told, LABELS_TOLD);
	assert_true(read(&arena, labels_of(&arena, 1001), llama, false, &listing, &miss));
	assert_int_equal(listing->deployments[0].labels_told, LABELS_TOO_MANY);
	assert_int_equal(listing->deployments[0].label_count, 1);
	assert_true(text_starts_with(listing->deployments[0].labels[0].value, "{\"l0\": \"v\", "));
	assert_true(text_ends_with(listing->deployments[0].labels[0].value, ", \"l1000\": \"v\"}"));
	assert_false(
		read(&arena, edit(&arena, labels_of(&arena, 1001), "l1000", "l999"), llama, false, &listing, &miss));
	arena_release(&arena);
}

static void names_of_labels_have_a_limit(void **state)
{
	struct arena arena = {0};
	const struct listing *listing;
	struct miss miss = {0};
	(void)state;
	for (int length = 1024; length <= 1025; length++)
		for (int before = 0; before < 2; before++) {
			const char *labels =
				arena_printf(&arena, ", \"labels\": {%s\"%0*d\": [1, {}]}, \"environment\"",
					     before ? "\"team\": \"search\", " : "", length, 0);
			assert_true(read(&arena, edit(&arena, LIST, ", \"environment\"", labels), llama, false,
					 &listing, &miss));
			assert_int_equal(listing->deployments[0].labels_told,
					 length > 1024 ? LABELS_TOO_MANY : LABELS_TOLD);
		}
	arena_release(&arena);
}

/* No rule can compare these, but a target where one changes isn't stable. */
static void odd_labels_keep_their_bytes(void **state)
{
	static const char *const values[] = {"3", "-1.50", "true", "[1, {\"a\": null}]", "{}", "{\"team\": \"b\"}"};
	struct arena arena = {0};
	const struct listing *listing;
	struct miss miss = {0};
	(void)state;
	for (size_t i = 0; i < 2 * (sizeof values / sizeof *values); i++) {
		const char *value = values[i / 2];
		const char *labels =
			arena_printf(&arena, ", \"labels\": {\"a\": %s , \"b\": \"x\"}, \"environment\"", value);
		bool is_environment = i % 2;
		assert_true(read(&arena, edit(&arena, is_environment ? ENVIRONMENT : LIST, ", \"environment\"", labels),
				 llama, is_environment, &listing, &miss));
		assert_int_equal(listing->deployments[0].labels[0].kind, LABEL_ODD);
		assert_true(text_is(listing->deployments[0].labels[0].value, value));
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_are_kept),
		cmocka_unit_test(absent_labels_are_not_none),
		cmocka_unit_test(labels_have_a_limit),
		cmocka_unit_test(names_of_labels_have_a_limit),
		cmocka_unit_test(odd_labels_keep_their_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
