/* test_api_environment.c - answers about an environment: what is read from a good one, and which must be rejected.
 *
 * Each rejected body is a good one with one piece replaced, so it is rejected for that reason and no other.
 */
#include "chaingate/api.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SETTINGS \
	"{\"min_replica\": 1, \"max_replica\": 4, \"autoscaling_window\": 60, \"scale_down_delay\": 900," \
	" \"concurrency_target\": 8, \"target_utilization_percentage\": 70}"
#define CHAINLET(id, name, status) \
	"{\"id\": \"" id "\", \"name\": \"" name "\", \"autoscaling_settings\": " SETTINGS "," \
	" \"instance_type_name\": \"L4:4x16\", \"active_replica_count\": 1, \"status\": \"" status "\"}"
#define CURRENT \
	"{\"id\": \"old\", \"created_at\": \"2026-08-13T09:12:30Z\", \"chain_id\": \"c0\"," \
	" \"environment\": \"production\", \"chainlets\": [" CHAINLET("i0", "Router", "ACTIVE") "," CHAINLET( \
		"i1", "Retriever", "ACTIVE") "], \"status\": \"ACTIVE\"}"
#define CANDIDATE \
	"{\"id\": \"new\", \"created_at\": \"2026-08-14T09:12:30Z\", \"chain_id\": \"c0\"," \
	" \"environment\": null, \"chainlets\": [" CHAINLET("i2", "Router", \
							    "DEPLOYING") "], \"status\": \"DEPLOYING\"}"

static const char good[] = "{\"name\": \"production\", \"created_at\": \"2026-05-04T10:00:00Z\", \"chain_id\": \"c0\","
			   " \"promotion_settings\": {\"redeploy_on_promotion\": true, \"rolling_deploy\": false},"
			   " \"chainlet_settings\": [{\"chainlet_name\": \"Router\", \"autoscaling_settings\": null,"
			   " \"instance_type\": {\"id\": \"L4\"}}],"
			   " \"current_deployment\": " CURRENT ","
			   " \"candidate_deployment\": " CANDIDATE "}";

struct edit {
	const char *from, *to;
	const char *detail; /* how the miss's detail begins */
};

/* The good body, with the first occurrence of `from` replaced. */
static const char *edited(struct arena *arena, const struct edit *edit)
{
	const char *at = strstr(good, edit->from);
	if (!at)
		fail_msg("the good body has no %s", edit->from);
	return arena_printf(arena, "%.*s%s%s", (int)(at - good), good, edit->to, at + strlen(edit->from));
}

/* The body in a block of exactly its size, so that sanitizers find overruns and pointers into the freed body. */
static bool read_copy(struct arena *arena, const char *body, const struct listing **out, struct miss *miss)
{
	size_t length = strlen(body);
	char *copy = malloc(length + !length);
	assert_non_null(copy);
	memcpy(copy, body, length);
	struct api_answer answer = {.http_status = 200, .body = {copy, length}};
	bool is_read = api_read_environment(arena, &answer, (struct api_owner){0}, out, miss);
	free(copy);
	return is_read;
}

static const struct listing *expect_read(struct arena *arena, const char *body)
{
	const struct listing *listing = NULL;
	struct miss miss = {0};
	if (!read_copy(arena, body, &listing, &miss))
		fail_msg("%.*s", TEXT_ARG(miss.detail));
	return listing;
}

static void expect_refused(struct arena *arena, const char *body, const char *detail)
{
	static const struct listing untouched;
	const struct listing *listing = &untouched;
	struct miss miss = {0};
	if (read_copy(arena, body, &listing, &miss))
		fail_msg("accepted: %s", body);
	assert_ptr_equal(listing, &untouched);
	assert_int_equal(miss.cause, MISS_MALFORMED);
	assert_int_equal(miss_class(&miss), MISS_TRANSIENT);
	if (!text_starts_with(miss.detail, detail))
		fail_msg("'%.*s' should begin with '%s'", TEXT_ARG(miss.detail), detail);
}

static void a_good_answer_is_read_whole(void **state)
{
	struct arena arena = {0};
	(void)state;
	const struct listing *listing = expect_read(&arena, good);
	const struct environment *environment = listing->environment;
	assert_true(text_is(environment->name, "production") && text_is(environment->chain_id, "c0"));
	assert_true(text_is(environment->current, "old") && text_is(environment->candidate, "new"));
	assert_true(environment->redeploys.present && environment->redeploys.value);
	assert_int_equal(listing->count, 2);
	assert_int_equal(listing->ordinals, 5);
	for (size_t i = 0; i < 2; i++) {
		const struct deployment *deployment = &listing->deployments[i];
		assert_ptr_equal(deployment->shown_by, environment);
		assert_false(deployment->is_brief);
		assert_int_equal(deployment->ordinal, i ? 3 : 0);
		assert_int_equal(deployment->chainlets[0].ordinal, i ? 4 : 1);
		assert_int_equal(deployment->chainlet_count, i ? 1 : 2);
		assert_int_equal(deployment->status, i ? STATUS_DEPLOYING : STATUS_ACTIVE);
		assert_int_equal(deployment->chainlets[0].settings->max_replica, 4);
	}
	arena_release(&arena);
}

/* What is null, and what may be absent. */
static void nothing_is_not_something(void **state)
{
	static const struct {
		const char *from, *to;
		const char *current, *candidate;
		bool knows_redeploys;
	} rows[] = {
		{"\"current_deployment\": " CURRENT, "\"current_deployment\": null", "", "new", true},
		{"\"candidate_deployment\": " CANDIDATE, "\"candidate_deployment\": null", "old", "", true},
		{", \"candidate_deployment\": " CANDIDATE, "", "old", "", true},
		{"\"redeploy_on_promotion\": true", "\"redeploy_on_promotion\": null", "old", "new", false},
		{"\"redeploy_on_promotion\": true, ", "", "old", "new", false},
	};
	struct arena arena = {0};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct edit edit = {rows[i].from, rows[i].to, NULL};
		const struct environment *environment = expect_read(&arena, edited(&arena, &edit))->environment;
		assert_true(text_is(environment->current, rows[i].current));
		assert_true(text_is(environment->candidate, rows[i].candidate));
		assert_int_equal(environment->redeploys.present, rows[i].knows_redeploys);
	}
	arena_release(&arena);
}

static const struct edit edits[] = {
	/* the environment's own fields: missing, null, of another type */
	{"\"name\": \"production\", ", "", "name: is missing"},
	{"\"created_at\": \"2026-05-04T10:00:00Z\", ", "", "created_at: is missing"},
	{" \"chain_id\": \"c0\",", "", "chain_id: is missing"},
	{"\"promotion_settings\"", "\"promotion\"", "promotion_settings: is missing"},
	{"\"chainlet_settings\"", "\"settings\"", "chainlet_settings: is missing"},
	{"\"current_deployment\"", "\"current\"", "current_deployment: is missing"},
	{"\"production\"", "null", "name: is null, should be a string"},
	{"\"production\"", "\"\"", "name: is empty"},
	{"\"production\"", "[\"production\"]", "name: is an array, should be a string"},
	{"\"2026-05-04T10:00:00Z\"", "\"yesterday\"", "created_at: is 'yesterday', should be a date"},
	{"\"c0\"", "\"\"", "chain_id: is empty"},
	{"{\"redeploy_on_promotion\": true, \"rolling_deploy\": false}", "null",
	 "promotion_settings: is null, should be an object"},
	{"\"redeploy_on_promotion\": true", "\"redeploy_on_promotion\": \"true\"",
	 "promotion_settings.redeploy_on_promotion: is a string, should be a boolean"},
	{"\"redeploy_on_promotion\": true", "\"redeploy_on_promotion\": 1",
	 "promotion_settings.redeploy_on_promotion: is a number, should be a boolean"},
	{"\"chainlet_settings\": [", "\"chainlet_settings\": null, \"rest\": [",
	 "chainlet_settings: is null, should be an array"},
	/* the deployments: another type, something missing, anything malformed */
	{"\"current_deployment\": " CURRENT, "\"current_deployment\": []",
	 "current_deployment: is an array, should be an object"},
	{"\"current_deployment\": " CURRENT, "\"current_deployment\": \"old\"",
	 "current_deployment: is a string, should be an object"},
	{"\"current_deployment\": " CURRENT, "\"current_deployment\": {}", "current_deployment.id: is missing"},
	{"\"candidate_deployment\": " CANDIDATE, "\"candidate_deployment\": false",
	 "candidate_deployment: is a boolean, should be an object"},
	{"\"candidate_deployment\": " CANDIDATE, "\"candidate_deployment\": {}", "candidate_deployment.id: is missing"},
	{"\"id\": \"old\"", "\"id\": \"\"", "current_deployment.id: is empty"},
	{"\"id\": \"new\"", "\"id\": null", "candidate_deployment.id: is null, should be a string"},
	{"\"environment\": null", "\"environment\": false", "candidate_deployment.environment: is a boolean"},
	{"\"status\": \"DEPLOYING\"}]", "\"status\": null}]", "candidate_deployment.chainlets[0].status: is null"},
	{"\"i1\"", "\"i0\"", "current_deployment.chainlets[1].id: is 'i0', the same as in [0]"},
	{"\"Retriever\"", "\"Router\"", "current_deployment.chainlets[1].name: is 'Router', the same as in [0]"},
	{"\"active_replica_count\": 1", "\"active_replica_count\": 1.0",
	 "current_deployment.chainlets[0].active_replica_count: is a number with"},
	/* what doesn't fit together */
	{"\"chain_id\": \"c0\", \"environment\": \"production\"",
	 "\"chain_id\": \"c1\", \"environment\": \"production\"",
	 "current_deployment.chain_id: is not the chain of the environment"},
	{"\"chain_id\": \"c0\", \"environment\": null", "\"chain_id\": \"c1\", \"environment\": null",
	 "candidate_deployment.chain_id: is not the chain of the environment"},
	{"\"id\": \"new\"", "\"id\": \"old\"", "candidate_deployment.id: is the id of the current deployment, too"},
	{"\"id\": \"new\"", "\"id\": \"\\u006fld\"", "candidate_deployment.id: is the id of the current deployment"},
	/* invalid JSON */
	{"\"name\": \"production\"", "\"name\": \"staging\", \"name\": \"production\"", "the body has a key twice"},
	{"\"candidate_deployment\"", "\"current_deployment\": null, \"candidate_deployment\"",
	 "the body has a key twice"},
	{"\"rolling_deploy\": false", "\"rolling_deploy\": NaN", "the body is not JSON"},
	{"\"chainlet_name\": \"Router\"", "\"chainlet_name\": 1e999", "the body has a number that is too large"},
	{"\"chainlet_name\": \"Router\"", "\"chainlet_name\": \"a\", \"chainlet_name\": \"b\"",
	 "the body has a key twice"},
	{"\"Retriever\"", "\"Retr\xffiever\"", "the body is not UTF-8"},
};

static void one_wrong_place_is_enough(void **state)
{
	struct arena arena = {0};
	(void)state;
	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++)
		expect_refused(&arena, edited(&arena, &edits[i]), edits[i].detail);
	arena_release(&arena);
}

static void other_bodies_are_rejected(void **state)
{
	static const char *const wholes[] = {
		"null",
		"[]",
		"{}",
		"\"production\"",
		"{\"deployments\": []}",
		"{\"environments\": []}",
		"{\"error\": \"Environment not found\"}",
		"<html></html>",
	};
	struct arena arena = {0};
	(void)state;
	for (size_t i = 0; i < sizeof wholes / sizeof *wholes; i++)
		expect_refused(&arena, wholes[i], "");
	expect_refused(&arena, arena_printf(&arena, "%s%s", good, good), "the body has more text after its end");
	for (size_t length = 0; length < sizeof good - 1; length++)
		expect_refused(&arena, arena_printf(&arena, "%.*s", (int)length, good), "the body ");
	arena_release(&arena);
}

static void other_answers_are_misses(void **state)
{
	static const struct {
		int status;
		enum miss_class class;
	} rows[] = {
		{404, MISS_ABSENT}, {403, MISS_REFUSED}, {503, MISS_TRANSIENT}, {302, MISS_FINAL}, {206, MISS_FINAL}};
	struct arena arena = {0};
	const struct listing *listing;
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct api_answer answer = {.http_status = rows[i].status, .body = text_of(good)};
		struct miss miss = {0};
		assert_false(api_read_environment(&arena, &answer, (struct api_owner){0}, &listing, &miss));
		assert_int_equal(miss_class(&miss), rows[i].class);
	}
	arena_release(&arena);
}

/* The answer must be about what was asked. */
static void another_environment_is_rejected(void **state)
{
	static const struct {
		const char *chain_id, *name, *detail; /* NULL: it is the one */
	} rows[] = {
		{"c0", "production", NULL},
		{"c1", "production", "chain_id: is 'c0', and 'c1' was asked for"},
		{"c0", "staging", "name: is 'production', and 'staging' was asked for"},
		{"c0", "Production", "name: is 'production', and 'Production' was asked for"},
		{"", "production", "chain_id: is 'c0', and '' was asked for"},
	};
	struct arena arena = {0};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct api_lists lists = api_lists_make(1 << 20);
		struct api_answer answer = {.http_status = 200, .body = text_of(good)};
		struct miss miss = {0};
		lists.environment = text_of(rows[i].name);
		lists.chain_id = text_of(rows[i].chain_id);
		for (int again = 0; again < 2; again++) {
			assert_int_equal(api_lists_read(&lists, &answer, &miss), !rows[i].detail);
			assert_int_equal(lists.latest != NULL, !rows[i].detail);
			if (rows[i].detail) {
				assert_int_equal(miss.cause, MISS_MALFORMED);
				assert_true(text_is(miss.detail, rows[i].detail));
			}
		}
		api_lists_release(&lists);
	}
	arena_release(&arena);
}

/* A list where an environment was asked for, and the other way round. */
static void a_list_is_no_environment(void **state)
{
	struct arena arena = {0};
	struct api_lists lists = api_lists_make(1 << 20);
	struct api_answer list = {.http_status = 200, .body = TEXT("{\"deployments\": []}")};
	struct api_answer environment = {.http_status = 200, .body = text_of(good)};
	struct miss miss = {0};
	(void)state;
	assert_false(api_lists_read(&lists, &environment, &miss));
	assert_true(text_starts_with(miss.detail, "deployments: is missing"));
	assert_true(api_lists_read(&lists, &list, &miss));
	lists.environment = TEXT("production");
	lists.chain_id = TEXT("c0");
	assert_true(api_lists_read(&lists, &environment, &miss));
	assert_non_null(lists.latest->environment);
	assert_false(api_lists_read(&lists, &list, &miss));
	assert_true(text_starts_with(miss.detail, "name: is missing"));
	api_lists_release(&lists);
	arena_release(&arena);
}

static void names_are_encoded_in_paths(void **state)
{
	struct arena arena = {0};
	(void)state;
	assert_string_equal(api_environment_path(&arena, TARGET_CHAIN, TEXT("c/0"), TEXT("prod uction")),
			    "/v1/chains/c%2F0/environments/prod%20uction");
	assert_string_equal(api_environment_path(&arena, TARGET_CHAIN, TEXT("c0"), TEXT("..")),
			    "/v1/chains/c0/environments/%2E%2E");
	arena_release(&arena);
}

/* Half an environment may lack the candidate. */
static void an_environment_that_says_it_is_not_whole_is_refused(void **state)
{
	static const char *const pages[] = {
		"\"has_more\": true,",
		"\"errors\": [{\"message\": \"x\"}],",
		"\"error\": \"timed out\",",
		"\"pagination\": {\"next_cursor\": \"x\"},",
		"\"partial\": true,",
		"\"result\": {\"meta\": {\"next_page\": 2}},",
		"\"links\": {\"next\": \"x\"},",
	};
	static const char *const wholes[] = {
		"\"has_more\": false,", "\"errors\": [],",   "\"error\": null,", "\"links\": {\"self\": \"x\"},",
		"\"count\": 57,",       "\"page_size\": 1,", "\"total\": 57,",   "\"deployments_count\": 57,",
	};
	(void)state;
	for (size_t i = 0; i < sizeof pages / sizeof *pages + sizeof wholes / sizeof *wholes; i++) {
		bool expected = i >= sizeof pages / sizeof *pages;
		const char *member = expected ? wholes[i - sizeof pages / sizeof *pages] : pages[i];
		struct arena arena = {0};
		struct miss miss = {0};
		const struct listing *listing;
		struct edit edit = {"\"promotion_settings\"", arena_printf(&arena, "%s\"promotion_settings\"", member),
				    ""};
		if (read_copy(&arena, edited(&arena, &edit), &listing, &miss) != expected)
			fail_msg("%s", member);
		assert_int_equal(miss.cause, expected ? MISS_NONE : MISS_PAGE);
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_environment_that_says_it_is_not_whole_is_refused),
		cmocka_unit_test(a_good_answer_is_read_whole),
		cmocka_unit_test(nothing_is_not_something),
		cmocka_unit_test(one_wrong_place_is_enough),
		cmocka_unit_test(other_bodies_are_rejected),
		cmocka_unit_test(other_answers_are_misses),
		cmocka_unit_test(another_environment_is_rejected),
		cmocka_unit_test(a_list_is_no_environment),
		cmocka_unit_test(names_are_encoded_in_paths),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
