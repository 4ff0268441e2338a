/* test_api_unwanted.c - what nobody asked for is read as strictly as the rest: other deployments, unknown members, each of
 * many ids. */
#include "chaingate/api.h"
#include "chaingate/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define CHAINLET \
	"{\"id\": \"x\", \"name\": \"A\", \"instance_type_name\": \"T4\", \"autoscaling_settings\": null," \
	" \"status\": \"ACTIVE\", \"active_replica_count\": 1}"
#define DEPLOYMENT(id, date, chain, chainlets) \
	"{\"id\": " id ", \"created_at\": " date ", \"chain_id\": " chain \
	", \"environment\": null, \"chainlets\": [" chainlets "], \"status\": \"ACTIVE\"}"
#define DATE "\"2026-08-14T09:12:10Z\""

/* Reads the list as a run does that has asked for `d0` alone. */
static bool read_as_d0(const char *text, struct miss *miss)
{
	static const struct selector d0 = {.kind = SELECT_DEPLOYMENT, .value = {"d0", 2}};
	static const struct selector *const selectors[] = {&d0};
	struct api_lists lists = api_lists_make(1 << 20);
	struct api_answer answer = {.http_status = 200, .body = text_of(text)};
	lists.wanted = (struct api_wanted){selectors, 1};
	lists.chain_id = TEXT("c0");
	*miss = (struct miss){0};
	bool is_read = api_lists_read(&lists, &answer, miss);
	enum miss_cause cause = miss->cause;
	api_lists_release(&lists);
	*miss = (struct miss){.cause = cause};
	return is_read;
}

static void other_deployments_are_read_strictly(void **state)
{
#define LIST_WITH(deployment) "{\"deployments\": [" DEPLOYMENT("\"d0\"", DATE, "\"c0\"", CHAINLET) ", " deployment "]}"
	static const char *const refused[] = {
		LIST_WITH(DEPLOYMENT("\"d1\"", "\"2026-08-14\"", "\"c0\"", CHAINLET)),
		LIST_WITH(DEPLOYMENT("\"d1\"", "\"\"", "\"c0\"", CHAINLET)),
		LIST_WITH(DEPLOYMENT("\"d1\"", "null", "\"c0\"", CHAINLET)),
		LIST_WITH(DEPLOYMENT("\"d1\"", "1786698751", "\"c0\"", CHAINLET)),
		LIST_WITH(DEPLOYMENT("\"\"", DATE, "\"c0\"", CHAINLET)),
		LIST_WITH(DEPLOYMENT("7", DATE, "\"c0\"", CHAINLET)),
		LIST_WITH(DEPLOYMENT("\"d1\"", DATE, "\"\"", CHAINLET)),
		LIST_WITH(DEPLOYMENT("\"d1\"", DATE, "[]", CHAINLET)),
		LIST_WITH(DEPLOYMENT("\"d1\"", DATE, "\"c0\"", "7")),
		LIST_WITH(DEPLOYMENT("\"d1\"", DATE, "\"c0\"", "{}")),
		LIST_WITH(DEPLOYMENT("\"d1\"", DATE, "\"c0\"", CHAINLET ", " CHAINLET)),
		LIST_WITH(DEPLOYMENT("\"d0\"", DATE, "\"c0\"", CHAINLET)),
		LIST_WITH("{\"id\": \"d1\"}"),
		LIST_WITH("{}"),
		LIST_WITH("null"),
	};
	struct miss miss;
	(void)state;
	assert_true(read_as_d0(LIST_WITH(DEPLOYMENT("\"d1\"", DATE, "\"c0\"", CHAINLET)), &miss));
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		if (read_as_d0(refused[i], &miss) || miss.cause != MISS_MALFORMED)
			fail_msg("%s", refused[i]);
}

/* Few ids are compared each with each, many are sorted. */
static void an_id_that_comes_twice_is_found_among_any_number(void **state)
{
	static const size_t counts[] = {1, 2, 31, 32, 33, 100};
	(void)state;
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		for (size_t twin = 0; twin < counts[i]; twin++) {
			struct buf text = buf_make(1 << 20);
			struct miss miss;
			buf_add_string(&text, "{\"deployments\": [");
			for (size_t k = 0; k <= counts[i]; k++)
				buf_printf(&text,
					   "%s{\"id\": \"i%03zu\", \"created_at\": " DATE ", \"chain_id\": \"c0\","
					   " \"environment\": null, \"chainlets\": [], \"status\": \"ACTIVE\"}",
					   k ? ", " : "", k < counts[i] ? k : twin);
			buf_add_string(&text, "]}");
			if (read_as_d0(buf_string(&text), &miss) || miss.cause != MISS_MALFORMED)
				fail_msg("%zu of %zu comes twice", twin, counts[i]);
			buf_release(&text);
		}
	}
}

/* New members may come at any time, also between those that are read. */
static void any_number_of_unknown_members_is_read_over(void **state)
{
	enum { MANY = 500 };
	struct buf text = buf_make(1 << 20);
	struct arena arena = {0};
	struct miss miss = {0};
	const struct listing *listing;
	(void)state;
	buf_add_string(&text, "{\"deployments\": [{\"id\": \"d0\", \"new\": {}, \"created_at\": " DATE
			      ", \"chain_id\": \"c0\", \"more\": [1], \"environment\": null, \"chainlets\": [");
	for (size_t i = 0; i < MANY; i++)
		buf_printf(
			&text,
			"%s{\"id\": \"x%zu\", \"new\": {\"a\": 1}, \"name\": \"A%zu\", \"instance_type_name\": \"T4\","
			" \"autoscaling_settings\": null, \"other\": [[]], \"status\": \"ACTIVE\","
			" \"active_replica_count\": %zu}",
			i ? ", " : "", i, i, i);
	buf_add_string(&text, "], \"status\": \"ACTIVE\"}]}");
	struct api_answer answer = {.http_status = 200, .body = buf_text(&text)};
	if (!api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss))
		fail_msg("%.*s", TEXT_ARG(miss.detail));
	assert_int_equal(listing->deployments[0].chainlet_count, MANY);
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(listing->deployments[0].chainlets[i].active_replica_count, i);
	arena_release(&arena);
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(other_deployments_are_read_strictly),
		cmocka_unit_test(an_id_that_comes_twice_is_found_among_any_number),
		cmocka_unit_test(any_number_of_unknown_members_is_read_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
