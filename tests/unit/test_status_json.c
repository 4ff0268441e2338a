/* test_status_json.c - what `status --format json` writes is read back as what the API sent: above all, what the API
 * didn't say isn't said there either. */
#include "chaingate/api.h"
#include "chaingate/buf.h"
#include "chaingate/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define BODY(labels) \
	"{\"deployments\": [{\"id\": \"d1\", \"created_at\": \"2026-08-14T09:00:00Z\", \"model_id\": \"m1\", " \
	"\"is_development\": false, \"status\": \"ACTIVE\", \"active_replica_count\": 1, " \
	"\"autoscaling_settings\": null, \"instance_type_name\": null, \"environment\": null" labels "}]}"

static const struct deployment *read(struct arena *arena, struct text body)
{
	struct api_answer answer = {.http_status = 200, .body = body};
	const struct listing *listing;
	struct miss miss = {0};
	assert_true(
		api_read_deployments(arena, &answer, (struct api_owner){TARGET_MODEL, TEXT("llama")}, &listing, &miss));
	assert_int_equal(listing->count, 1);
	return &listing->deployments[0];
}

/* Read, written, and read again, both have the same canonical text. */
static void labels_come_back(void **state)
{
	static const struct {
		const char *body;
		enum labels_told told;
		const char *written; /* what the JSON has */
	} bodies[] = {
		{BODY(""), LABELS_UNTOLD, NULL},
		{BODY(", \"labels\": null"), LABELS_TOLD, "\"labels\": {}"},
		{BODY(", \"labels\": {}"), LABELS_TOLD, "\"labels\": {}"},
		{BODY(", \"labels\": {\"a\": \"x\", \"b\": null, \"c\": {}}"), LABELS_TOLD, "\"labels\": {"},
		/* What is odd stays what it is: none of them is none, and none is another. */
		{BODY(", \"labels\": {\"a\": [1, {\"x\": null}]}"), LABELS_TOLD, "\"a\": [1, {\"x\": null}]"},
		{BODY(", \"labels\": {\"a\": false, \"b\": {}}"), LABELS_TOLD, "\"a\": false,"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		struct arena arena = {0};
		struct buf json = buf_make(BUF_LIMIT_REPORT), texts[] = {buf_make(1000), buf_make(1000)};
		const struct deployment *one = read(&arena, text_of(bodies[i].body));
		status_json(&json, TARGET_MODEL, TEXT("m1"), TEXT("llama"),
			    &(struct selection){.deployments = &one, .count = 1}, 0);
		assert_int_equal(strstr(buf_string(&json), "\"labels\"") != NULL, bodies[i].told == LABELS_TOLD);
		if (bodies[i].written)
			assert_non_null(strstr(buf_string(&json), bodies[i].written));
		const struct deployment *again = read(&arena, buf_text(&json));
		assert_int_equal(one->labels_told, bodies[i].told);
		assert_int_equal(again->labels_told, bodies[i].told);
		deployment_add_canonical(&texts[0], one, true);
		deployment_add_canonical(&texts[1], again, true);
		assert_string_equal(buf_string(&texts[0]), buf_string(&texts[1]));
		buf_release(&texts[0]);
		buf_release(&texts[1]);
		buf_release(&json);
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(labels_come_back)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
