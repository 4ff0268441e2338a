/* test_api_models.c - what is read of models, and that nothing of a chain is ever taken for a model's, or the other way
 * round.
 */
#include "chaingate/api.h"
#include "chaingate/buf.h"
#include "chaingate/feed.h"
#include "model_bodies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define OF_CHAIN \
	"{\"deployments\": [{\"id\": \"d1\", \"created_at\": \"2026-08-14T09:00:00Z\", \"chain_id\": \"m1\", " \
	"\"environment\": null, \"chainlets\": [], \"status\": \"ACTIVE\"}]}"

static void a_deployment_has_one_chainlet(void **state)
{
	(void)state;
	struct arena arena = {0};
	const struct listing *listing;
	struct miss miss = {0};
	assert_true(read(&arena, LIST, llama, false, &listing, &miss));
	assert_int_equal(listing->count, 1);
	const struct deployment *deployment = &listing->deployments[0];
	assert_true(text_is(deployment->id, "d1") && text_is(deployment->chain_id, "m1"));
	assert_int_equal(deployment->of, TARGET_MODEL);
	assert_true(deployment->is_development.present && !deployment->is_development.value);
	assert_true(deployment->has_environment && text_is(deployment->environment, "production"));
	assert_int_equal(deployment->chainlet_count, 1);
	const struct chainlet *chainlet = &deployment->chainlets[0];
	assert_true(text_is(chainlet->id, "d1") && text_is(chainlet->name, "llama"));
	assert_int_equal(chainlet->status, STATUS_ACTIVE);
	assert_true(text_is(chainlet->instance_type_name, "L4:4x16") && !chainlet->has_no_instance_type);
	assert_int_equal(chainlet->active_replica_count, 1);
	assert_int_equal(chainlet->settings->max_replica, 2);
	assert_int_equal(listing->ordinals, 2);
	arena_release(&arena);
}

/* Each edit of the good list, and what is complained of; NULL: it is still good. */
static const struct {
	const char *from, *to, *complaint;
} edits[] = {
	{"\"L4:4x16\"", "null", NULL},
	{SETTINGS, "null", NULL},
	{"\"environment\": \"production\"", "\"environment\": null", NULL},
	{"\"status\": \"ACTIVE\"", "\"status\": \"THAWING\"", NULL},
	{"\"active_replica_count\": 1", "\"active_replica_count\": -1", NULL},
	{", \"request_backpressure_settings\": {\"policy\": null}", "", NULL},
	{", \"environment\"", ", \"labels\": {\"team\": \"ml\", \"n\": [1, {}]}, \"environment\"", NULL},
	{", \"environment\"", ", \"labels\": null, \"environment\"", NULL},
	{", \"environment\"", ", \"labels\": {}, \"environment\"", NULL},
	{", \"environment\"", ", \"labels\": [], \"environment\"",
	 "deployments[0].labels: is an array, should be an object"},
	{", \"environment\"", ", \"labels\": \"team\", \"environment\"", "deployments[0].labels: is a string"},
	{", \"environment\"", ", \"labels\": {\"a\": 1, \"\\u0061\": 2}, \"environment\"", "the body has a key twice"},
	{", \"environment\"", ", \"labels\": {\"a\": NaN}, \"environment\"", "the body is not JSON"},
	{", \"environment\"", ", \"labels\": {\"a\\u0000b\": \"c\"}, \"environment\"", "the body is not JSON"},
	{"\"model_id\": \"m1\", ", "", "deployments[0].model_id: is missing"},
	{"\"model_id\": \"m1\"", "\"model_id\": null", "deployments[0].model_id: is null, should be a string"},
	{"\"model_id\": \"m1\"", "\"model_id\": \"\"", "deployments[0].model_id: is empty"},
	{"\"model_id\"", "\"chain_id\"", "deployments[0].model_id: is missing"},
	{"\"is_development\": false", "\"is_development\": null", "deployments[0].is_development: is null"},
	{"\"is_development\": false, ", "", "deployments[0].is_development: is missing"},
	{"\"is_development\": false", "\"is_development\": \"false\"", "deployments[0].is_development: is a string"},
	{"\"is_production\": true, ", "", NULL},
	{"\"name\": \"deployment-1\", ", "", NULL},
	{"\"status\": \"ACTIVE\"", "\"status\": null", "deployments[0].status: is null"},
	{"\"status\": \"ACTIVE\", ", "", "deployments[0].status: is missing"},
	{"\"status\": \"ACTIVE\"", "\"status\": \"FAILED\", \"status\": \"ACTIVE\"", "the body has a key twice"},
	{"\"active_replica_count\": 1", "\"active_replica_count\": null",
	 "deployments[0].active_replica_count: is null"},
	{"\"active_replica_count\": 1", "\"active_replica_count\": 1.5",
	 "deployments[0].active_replica_count: is a number"},
	{"\"min_replica\": 1, ", "", "deployments[0].autoscaling_settings.min_replica: is missing"},
	{"\"instance_type_name\": \"L4:4x16\", ", "", "deployments[0].instance_type_name: is missing"},
	{"\"environment\": \"production\", ", "", "deployments[0].environment: is missing"},
	{"]}", "," DEPLOYMENT("d1", "false") "]}", "deployments[1].id: is 'd1', the same as in [0]"},
	{"\"deployments\"", "\"models\"", "deployments: is missing"},
};

static void lists_are_read_strictly(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
		struct arena arena = {0};
		const struct listing *listing;
		struct miss miss = {0};
		const char *body = edit(&arena, LIST, edits[i].from, edits[i].to), *complaint = edits[i].complaint;
		bool is_read = read(&arena, body, llama, false, &listing, &miss);
		if (is_read != !complaint ||
		    (complaint && (miss.cause != MISS_MALFORMED || !text_starts_with(miss.detail, complaint))))
			fail_msg("%s for %s: %d %.*s", edits[i].to, edits[i].from, is_read, TEXT_ARG(miss.detail));
		arena_release(&arena);
	}
}

static void unknown_is_not_a_word(void **state)
{
	(void)state;
	struct arena arena = {0};
	const struct listing *listing;
	struct miss miss = {0};
	assert_true(read(&arena, edit(&arena, LIST, "\"L4:4x16\"", "null"), llama, false, &listing, &miss));
	assert_true(listing->deployments[0].chainlets[0].has_no_instance_type);
	assert_true(read(&arena, edit(&arena, LIST, "L4:4x16", ""), llama, false, &listing, &miss));
	assert_false(listing->deployments[0].chainlets[0].has_no_instance_type);
	assert_true(read(&arena, edit(&arena, LIST, SETTINGS, "null"), llama, false, &listing, &miss));
	assert_null(listing->deployments[0].chainlets[0].settings);
	arena_release(&arena);
}

static void the_kinds_are_never_mixed_up(void **state)
{
	(void)state;
	static const struct api_owner chain = {0};
	struct arena arena = {0};
	const struct listing *listing;
	struct miss miss = {0};
	assert_false(read(&arena, OF_CHAIN, llama, false, &listing, &miss));
	assert_true(text_starts_with(miss.detail, "deployments[0].model_id: is missing"));
	assert_false(read(&arena, LIST, chain, false, &listing, &miss));
	assert_true(text_starts_with(miss.detail, "deployments[0].chain_id: is missing"));
	assert_false(read(&arena, ENVIRONMENT, chain, true, &listing, &miss));
	struct api_answer models = {.http_status = 200, .body = TEXT("{\"models\": []}")},
			  chains = {.http_status = 200, .body = TEXT("{\"chains\": []}")};
	const struct chain *all;
	size_t count;
	assert_true(api_read_chains(&arena, &models, TARGET_MODEL, &all, &count, &miss));
	assert_false(api_read_chains(&arena, &chains, TARGET_MODEL, &all, &count, &miss));
	assert_int_equal(miss.cause, MISS_MALFORMED);
	assert_false(api_read_chains(&arena, &models, TARGET_CHAIN, &all, &count, &miss));
	assert_string_equal(api_deployments_path(&arena, TARGET_MODEL, TEXT("m/1")), "/v1/models/m%2F1/deployments");
	assert_string_equal(api_environment_path(&arena, TARGET_MODEL, TEXT("m1"), TEXT("a b")),
			    "/v1/models/m1/environments/a%20b");
	arena_release(&arena);
}

static void latest_is_never_in_development(void **state)
{
	(void)state;
	static const struct selector latest = {.kind = SELECT_LATEST, .since = {.kind = SINCE_ANY}, .of = TARGET_MODEL};
	static const struct selector *const all[] = {&latest};
	const char *both = "{\"deployments\": [" DEPLOYMENT("a", "false") "," DEPLOYMENT("z", "true") "]}",
		   *only = "{\"deployments\": [" DEPLOYMENT("z", "true") "]}";
	struct arena arena = {0};
	struct miss miss = {0};
	struct api_lists lists = api_lists_make(1 << 16);
	lists.owner = llama;
	lists.chain_id = TEXT("m1");
	lists.wanted = (struct api_wanted){all, 1};
	struct api_answer answer = {.http_status = 200, .body = text_of(only)};
	assert_true(api_lists_read(&lists, &answer, &miss));
	assert_int_equal(selection_make(&arena, lists.latest, &latest, TEXT("m1"), (struct text){0}).count, 0);
	answer.body = text_of(both);
	assert_true(api_lists_read(&lists, &answer, &miss));
	struct selection selection = selection_make(&arena, lists.latest, &latest, TEXT("m1"), (struct text){0});
	assert_int_equal(selection.count, 1);
	assert_true(text_is(selection.deployments[0]->id, "a"));
	assert_int_equal(selection.deployments[0]->chainlet_count, 1);
	assert_int_equal(selection_make(&arena, lists.latest, &latest, TEXT("m2"), (struct text){0}).count, 0);
	api_lists_release(&lists);
	arena_release(&arena);
}

/* The word of a promotion: whether there is still a candidate, and whether the environment is being promoted to. */
static const struct {
	const char *word;
	bool has_candidate, is_promoted_to;
} promotions[] = {
	{"RELEASING", true, true}, {"RAMPING_UP", true, true}, {"RAMPING_DOWN", false, true},
	{"PAUSED", true, true},    {"SUCCEEDED", true, true}, /* a candidate that is there may still become the current one */
	{"FAILED", false, false},  {"CANCELED", false, false}, {"THAWING", true, true},
};

static void a_promotion_that_ends_has_no_candidate(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof promotions / sizeof *promotions; i++) {
		struct arena arena = {0};
		const struct listing *listing;
		struct miss miss = {0};
		const char *body = edit(&arena, ENVIRONMENT, "RAMPING_UP", promotions[i].word);
		assert_true(read(&arena, body, llama, true, &listing, &miss));
		const struct environment *environment = listing->environment;
		assert_true(text_is(environment->promotion->word, promotions[i].word));
		assert_int_equal(environment->promotion->traffic_percent, 25);
		assert_true(text_is(promotions[i].has_candidate ? environment->candidate : environment->ended, "d2"));
		assert_int_equal(environment->candidate.length > 0, promotions[i].has_candidate);
		assert_int_equal(environment_is_promoted_to(environment), promotions[i].is_promoted_to);
		arena_release(&arena);
	}
}

static void environments_are_read_strictly(void **state)
{
	static const struct {
		const char *from, *to, *complaint;
	} rows[] = {
		{"{\"status\": \"RAMPING_UP\", \"percent_traffic_to_new_version\": 25, \"error_message\": null}",
		 "null", NULL},
		{"\"percent_traffic_to_new_version\": 25, ", "",
		 "in_progress_promotion.percent_traffic_to_new_version: is missing"},
		{"\"RAMPING_UP\"", "null", "in_progress_promotion.status: is null"},
		{"\"error_message\": null", "\"error_message\": 5", "in_progress_promotion.error_message: is a number"},
		{"\"model_id\": \"m1\", \"current", "\"current", "model_id: is missing"},
		{"\"model_id\": \"m1\", \"current", "\"model_id\": \"m2\", \"current",
		 "current_deployment.model_id: is not the model of the environment"},
		{"\"id\": \"d2\"", "\"id\": \"d1\"",
		 "candidate_deployment.id: is the id of the current deployment, too"},
		{"\"promotion_settings\": {\"redeploy_on_promotion\": false}, ", "", "promotion_settings: is missing"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = {0};
		const struct listing *listing;
		struct miss miss = {0};
		bool is_read =
			read(&arena, edit(&arena, ENVIRONMENT, rows[i].from, rows[i].to), llama, true, &listing, &miss);
		if (is_read != !rows[i].complaint || (!is_read && !text_starts_with(miss.detail, rows[i].complaint)))
			fail_msg("%s: %d %.*s", rows[i].to, is_read, TEXT_ARG(miss.detail));
		arena_release(&arena);
	}
}

#define OWNER(id, name) \
	"{\"id\": \"" id "\", \"created_at\": \"2026-05-04T10:00:00Z\", \"name\": \"" name \
	"\", \"deployments_count\": 1, \"team_name\": \"t\", \"production_deployment_id\": null, " \
	"\"development_deployment_id\": null, \"instance_type_name\": \"\"}"

static void take(struct feed *feed, size_t tag, const char *body)
{
	struct api_answer answer = {.http_status = 200, .body = text_of(body)};
	feed_take(feed, tag, &answer, 0, 1);
}

/* A chain and a model have the same name, and the same id. */
static void a_feed_looks_each_kind_up_for_itself(void **state)
{
	(void)state;
	static const struct feed_source sources[] = {{{"same", 4}, {0}, {0}, TARGET_CHAIN, false},
						     {{"same", 4}, {0}, {0}, TARGET_MODEL, false},
						     {{"other", 5}, {0}, {0}, TARGET_MODEL, false}};
	struct feed *feed = feed_new(sources, 3, 1 << 16);
	struct feed_request requests[3] = {{0}};
	struct feed_reading reading;
	for (size_t i = 0; i < 3; i++)
		feed_ask(feed, i);
	assert_true(feed_request(feed, &requests[0]) && feed_request(feed, &requests[1]));
	assert_false(feed_request(feed, &requests[2]));
	assert_string_equal(requests[0].path, "/v1/chains");
	assert_string_equal(requests[1].path, "/v1/models");
	take(feed, requests[1].tag, "{\"models\": [" OWNER("m1", "same") "]}");
	assert_true(feed_reading(feed, &reading));
	assert_int_equal(reading.chain, 2);
	assert_int_equal(reading.miss.cause, MISS_NO_CHAIN);
	assert_true(text_is(reading.miss.detail, "no model has the id or name 'other'; the key can see 'same'"));
	assert_false(feed_reading(feed, &reading));
	take(feed, requests[0].tag, "{\"chains\": [" OWNER("m1", "same") "]}");
	assert_true(feed_request(feed, &requests[0]) && feed_request(feed, &requests[1]));
	assert_string_equal(requests[0].path, "/v1/chains/m1/deployments");
	assert_string_equal(requests[1].path, "/v1/models/m1/deployments");
	take(feed, requests[1].tag, LIST);
	assert_true(feed_reading(feed, &reading));
	assert_int_equal(reading.chain, 1);
	assert_true(text_is(reading.model, "same") && text_is(reading.chain_id, "m1"));
	assert_true(text_is(reading.listing->deployments[0].chainlets[0].name, "same"));
	take(feed, requests[0].tag, LIST);
	assert_true(feed_reading(feed, &reading));
	assert_null(reading.listing);
	assert_int_equal(reading.model.length, 0);
	feed_free(feed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_deployment_has_one_chainlet),
		cmocka_unit_test(lists_are_read_strictly),
		cmocka_unit_test(unknown_is_not_a_word),
		cmocka_unit_test(the_kinds_are_never_mixed_up),
		cmocka_unit_test(latest_is_never_in_development),
		cmocka_unit_test(a_promotion_that_ends_has_no_candidate),
		cmocka_unit_test(environments_are_read_strictly),
		cmocka_unit_test(a_feed_looks_each_kind_up_for_itself),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
