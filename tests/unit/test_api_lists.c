/* test_api_lists.c - a list as data, and which deployments the reader keeps whole. */
#include "chaingate/api.h"
#include "chaingate/selection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CHAINLET(id, name, counts, replicas) \
	"{\"id\": \"" id "\", \"name\": \"" name "\", \"autoscaling_settings\": {" counts "}," \
	" \"instance_type_name\": \"L4:4x16\", \"active_replica_count\": " replicas ", \"status\": \"ACTIVE\"}"
#define COUNTS \
	"\"min_replica\": 1, \"max_replica\": 4, \"autoscaling_window\": 60, \"scale_down_delay\": null," \
	" \"concurrency_target\": 8, \"target_utilization_percentage\": 70, \"new\": [1.5, {\"a\": null}]"
#define DEPLOYMENT(id, at, chain, environment, name) \
	"{\"id\": \"" id "\", \"created_at\": \"2026-08-14T09:12:" at "Z\", \"chain_id\": \"" chain \
	"\", \"environment\": " environment ", \"chainlets\": [" CHAINLET("i0", name, COUNTS, "2") ", " CHAINLET( \
		"i1", "R\\u00e9ranker", COUNTS, "1") "], \"status\": \"ACTIVE\", \"note\": \"\\\"]}\"}"

/* The newest deployment of c0 isn't the last one, and d2 belongs to another chain. */
static const char body[] = "{\"also\": {\"deployments\": [7]}, \"deployments\": [" DEPLOYMENT(
	"d0", "10", "c0", "null",
	"Retriever") ",\n\t " DEPLOYMENT("d1", "50", "c0", "\"staging\"",
					 "Retriever") "," DEPLOYMENT("d2", "59", "other", "\"staging\"",
								     "Retriever") " , " DEPLOYMENT("d3", "40", "c0",
												   "\"productio"
												   "n\"",
												   "Ro\\u0075te"
												   "r") "\r\n],"
													" \"tot"
													"al\": "
													"4}\n";

/* ---- allocations ------------------------------------------------------------------------------------------------ */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);

/* Counts of our own code; json-c's allocations aren't wrapped. */
static size_t allocations, allocated;

void *__wrap_malloc(size_t size)
{
	allocations++;
	allocated += size;
	return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	allocations++;
	allocated += count * size;
	return __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size)
{
	allocations++;
	allocated += size;
	return __real_realloc(block, size);
}

/* ---- a list ----------------------------------------------------------------------------------------------------- */

static void check_listing(const struct listing *listing)
{
	size_t ordinal = 0;
	assert_int_equal(listing->count, 4);
	assert_int_equal(listing->ordinals, 12);
	for (size_t i = 0; i < listing->count; i++) {
		const struct deployment *deployment = &listing->deployments[i];
		assert_int_equal(deployment->ordinal, ordinal++);
		assert_false(deployment->is_brief);
		assert_int_equal(deployment->chainlet_count, 2);
		for (size_t k = 0; k < 2; k++)
			assert_int_equal(deployment->chainlets[k].ordinal, ordinal++);
		assert_true(text_is(deployment->chainlets[1].name, "R\xC3\xA9ranker"));
		assert_int_equal(deployment->chainlets[0].settings->max_replica, 4);
		assert_false(deployment->chainlets[0].settings->scale_down_delay_s.present);
	}
	assert_true(text_is(listing->deployments[3].chainlets[0].name, "Router"));
	assert_true(text_is(listing->deployments[3].environment, "production"));
	assert_false(listing->deployments[0].has_environment);
}

static void a_list_is_read(void **state)
{
	struct arena arena = {0};
	struct miss miss = {0};
	struct api_answer answer = {.http_status = 200, .body = text_of(body)};
	const struct listing *listing = NULL;
	(void)state;
	assert_true(api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss));
	check_listing(listing);
	arena_release(&arena);
}

/* ---- negative integers ------------------------------------------------------------------------------------------ */

static void negative_integers_are_kept(void **state)
{
	static const char *const names[] = {"min_replica",
					    "max_replica",
					    "autoscaling_window",
					    "scale_down_delay",
					    "concurrency_target",
					    "target_utilization_percentage",
					    "target_in_flight_tokens",
					    "max_scale_down_rate",
					    "active_replica_count"};
	enum { ALL = sizeof names / sizeof *names };
	(void)state;
	for (size_t negative = 0; negative <= ALL; negative++) {
		struct arena arena = {0};
		struct buf text = buf_make(4096);
		buf_add_string(
			&text,
			"{\"deployments\": [{\"id\": \"d\", \"created_at\": \"2026-08-14T09:12:31Z\","
			" \"chain_id\": \"c\", \"environment\": null, \"status\": \"ACTIVE\", \"chainlets\":"
			" [{\"id\": \"i\", \"name\": \"R\", \"instance_type_name\": \"\", \"status\": \"ACTIVE\","
			" \"autoscaling_settings\": {");
		for (size_t i = 0; i < ALL; i++)
			buf_printf(&text, "%s\"%s\": %s%s",
				   i == ALL - 1 ? "}, "
				   : i          ? ", "
						: "",
				   names[i], i == negative ? "-9223372036854775808" : "0", "");
		buf_add_string(&text, "}]}]}");
		struct api_answer answer = {.http_status = 200, .body = buf_text(&text)};
		const struct listing *listing;
		struct miss miss = {0};
		if (!api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss))
			fail_msg("%.*s", TEXT_ARG(miss.detail));
		int64_t value = 0;
		const char *found = chainlet_negative(&listing->deployments[0].chainlets[0], &value);
		if (negative == ALL) {
			assert_null(found);
		} else {
			assert_string_equal(found, names[negative]);
			assert_int_equal(value, INT64_MIN);
		}
		buf_release(&text);
		arena_release(&arena);
	}
}

/* ---- which deployments are kept whole --------------------------------------------------------------------------- */

/* `expected` has a character for each deployment: '1' if it is kept whole, '0' if it is brief, without chainlets. */
static void check_kept(struct api_lists *lists, const struct selector *selector, const char *text, const char *expected)
{
	const struct selector *const selectors[] = {selector};
	struct api_answer answer = {.http_status = 200, .body = text_of(text)};
	struct miss miss = {0};
	bool seen[32] = {false};
	lists->wanted = (struct api_wanted){selectors, 1};
	lists->chain_id = TEXT("c0");
	if (!api_lists_read(lists, &answer, &miss))
		fail_msg("%.*s", TEXT_ARG(miss.detail));
	assert_int_equal(lists->latest->count, strlen(expected));
	for (size_t i = 0; i < lists->latest->count; i++) {
		const struct deployment *deployment = &lists->latest->deployments[i];
		if (deployment->is_brief != (expected[i] == '0'))
			fail_msg("%.*s should be %c", TEXT_ARG(deployment->id), expected[i]);
		assert_int_equal(deployment->chainlet_count, deployment->is_brief ? 0 : 2);
		assert_int_equal(deployment->status, STATUS_ACTIVE);
		for (size_t k = 0; k <= deployment->chainlet_count; k++) {
			size_t ordinal = k ? deployment->chainlets[k - 1].ordinal : deployment->ordinal;
			assert_in_range(ordinal, 0, lists->latest->ordinals - 1);
			assert_false(seen[ordinal]);
			seen[ordinal] = true;
		}
	}
	lists->wanted = (struct api_wanted){0};
}

static void only_selected_deployments_are_kept_whole(void **state)
{
	static const struct {
		struct selector selector;
		const char *kept;
	} rows[] = {
		{{SELECT_DEPLOYMENT, {"d1", 2}, {0}, ROLE_ANY, {0}, TARGET_CHAIN}, "0100"},
		{{SELECT_DEPLOYMENT, {"d9", 2}, {0}, ROLE_ANY, {0}, TARGET_CHAIN}, "0000"},
		{{SELECT_ENVIRONMENT, {"staging", 7}, {0}, ROLE_ANY, {0}, TARGET_CHAIN}, "0110"},
		{{SELECT_ENVIRONMENT, {"Staging", 7}, {0}, ROLE_ANY, {0}, TARGET_CHAIN}, "0000"},
		{{SELECT_LATEST, {0}, {0}, ROLE_ANY, {0}, TARGET_CHAIN}, "0100"},
		{{SELECT_ALL, {0}, {0}, ROLE_ANY, {0}, TARGET_CHAIN}, "1111"},
		{{SELECT_NOTHING, {0}, {0}, ROLE_ANY, {0}, TARGET_CHAIN}, "0000"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct api_lists lists = api_lists_make(1 << 20);
		check_kept(&lists, &rows[i].selector, body, rows[i].kept);
		api_lists_release(&lists);
	}
}

/* Counts what the reader allocates for a list from which one deployment is wanted. The body isn't counted. */
static void count_allocations(size_t deployments, size_t *out_count, size_t *out_bytes)
{
	const struct selector selector = {.kind = SELECT_DEPLOYMENT, .value = TEXT("old0")}, *const selectors[] = {
												     &selector};
	struct buf text = buf_make(16 << 20);
	buf_add_string(&text, "{\"deployments\": [");
	for (size_t i = 0; i < deployments; i++)
		buf_printf(&text,
			   "%s{\"id\": \"old%zu\", \"created_at\": \"2026-08-14T09:12:31Z\", \"chain_id\": \"c0\","
			   " \"environment\": null, \"chainlets\": [%s, %s], \"status\": \"INACTIVE\"}",
			   i ? ", " : "", i, CHAINLET("i0", "A", COUNTS, "0"), CHAINLET("i1", "B", COUNTS, "0"));
	buf_add_string(&text, "]}");
	struct api_lists lists = api_lists_make(0);
	struct api_answer answer = {.http_status = 200, .body = buf_text(&text)};
	struct miss miss = {0};
	lists.wanted = (struct api_wanted){selectors, 1};
	lists.chain_id = TEXT("c0");
	allocations = allocated = 0;
	assert_true(api_lists_read(&lists, &answer, &miss));
	*out_count = allocations;
	*out_bytes = allocated;
	assert_int_equal(lists.latest->count, deployments);
	api_lists_release(&lists);
	buf_release(&text);
}

/* A list a hundred times as long takes at most 60 allocations more, and 800 bytes for each deployment: a row and an
 * id. */
static void a_long_list_needs_few_allocations(void **state)
{
	size_t few, few_bytes, many, many_bytes;
	(void)state;
#ifdef ARENA_CHECKED
	print_message("# skip in this build each object is an allocation\n");
	skip();
#endif
	count_allocations(20, &few, &few_bytes);
	count_allocations(2000, &many, &many_bytes);
	assert_in_range(few, 5, 60);
	if (many > few + 60 || many_bytes > few_bytes + 2000 * 800)
		fail_msg("%zu allocations of %zu bytes became %zu of %zu", few, few_bytes, many, many_bytes);
}

/* A deployment that was once the newest may be the judged one. It is kept whole whenever it is listed, even after a
 * list without it. */
static void a_former_newest_deployment_is_kept_whole(void **state)
{
	const struct selector latest = {.kind = SELECT_LATEST};
	struct api_lists lists = api_lists_make(1 << 20);
	(void)state;
	check_kept(&lists, &latest, "{\"deployments\": [" DEPLOYMENT("d0", "10", "c0", "null", "A") "]}", "1");
	check_kept(&lists, &latest, body, "1100");
	check_kept(&lists, &latest, "{\"deployments\": []}", "");
	check_kept(&lists, &latest, body, "1100");
	api_lists_release(&lists);
}

/* Deployments that weren't kept whole can't pass by mistake: they have no chainlets, so they are never stable. */
static void brief_deployments_cannot_pass(void **state)
{
	struct arena arena = {0};
	const struct selector none = {.kind = SELECT_NOTHING}, all = {.kind = SELECT_ALL};
	struct api_lists lists = api_lists_make(1 << 20);
	(void)state;
	check_kept(&lists, &none, body, "0000");
	struct selection selection = selection_make(&arena, lists.latest, &all, TEXT("c0"), (struct text){0});
	assert_int_equal(selection.count, 3);
	for (size_t i = 0; i < selection.count; i++)
		assert_int_equal(selection.deployments[i]->chainlet_count, 0);
	api_lists_release(&lists);
	arena_release(&arena);
}

/* ---- the last body ---------------------------------------------------------------------------------------------- */

/* api_lists_last() is the body of the list in `latest`; reading that text again makes no new list. */
static void the_last_body_is_kept(void **state)
{
	struct api_lists lists = api_lists_make(sizeof body - 1);
	struct api_answer answer = {.http_status = 200, .body = text_of(body)};
	struct miss miss = {0};
	(void)state;
	assert_int_equal(api_lists_last(&lists).length, 0);
	assert_true(api_lists_read(&lists, &answer, &miss));
	const struct listing *first = lists.latest;
	assert_true(text_is(api_lists_last(&lists), body));
	answer.body = api_lists_last(&lists);
	assert_true(api_lists_read(&lists, &answer, &miss));
	assert_ptr_equal(lists.latest, first);
	/* an error and a page are rejected even if their body is the last list's */
	answer.http_status = 503;
	assert_false(api_lists_read(&lists, &answer, &miss));
	answer.http_status = 200;
	answer.link = TEXT("</x>; rel=\"next\"");
	assert_false(api_lists_read(&lists, &answer, &miss));
	assert_true(text_is(api_lists_last(&lists), body));
	/* a body longer than the limit isn't kept */
	struct buf longer = buf_make(2 * sizeof body);
	buf_printf(&longer, "%s ", body);
	answer = (struct api_answer){.http_status = 200, .body = buf_text(&longer)};
	assert_true(api_lists_read(&lists, &answer, &miss));
	assert_ptr_not_equal(lists.latest, first);
	assert_int_equal(api_lists_last(&lists).length, 0);
	buf_release(&longer);
	api_lists_release(&lists);
}

/* An answer that repeats the last body has that body's memory itself. Where it is decoded again, because of its headers or
 * the earlier one's, nobody overwrites it: the recorder reads it afterwards. */
static void a_repeated_body_stays_as_it_is(void **state)
{
	static const struct {
		const char *headers, *again; /* of the first answer and of the later ones */
		bool is_given;               /* the first answer's memory is taken, not copied */
	} rows[] = {
		{"X-Total-Count: 4\n", "X-Total-Count: 4\n", false}, {"X-Total-Count: 4\n", "X-Total-Count: 4\n", true},
		{"Content-Range: items 0-3/4\n", "", false},         {"", "X-Per-Page: 20\n", true},
		{"X-Has-More: false\n", "X-Next-Page: \n", false},   {"X-Total-Count: 4\n", "X-Total-Count: 5\n", true},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct api_lists lists = api_lists_make(1 << 20);
		char *block = strdup(body), *none = NULL;
		struct api_answer answer = {.http_status = 200,
					    .body = text_of(block),
					    .allocation = rows[i].is_given ? &block : NULL,
					    .headers = text_of(rows[i].headers)};
		struct miss miss = {0};
		assert_true(api_lists_read(&lists, &answer, &miss));
		assert_int_equal(block == NULL, rows[i].is_given);
		for (size_t poll = 0; poll < 3; poll++) {
			answer.body = api_lists_last(&lists);
			answer.allocation = &none;
			answer.headers = text_of(rows[i].again);
			api_lists_read(&lists, &answer, &miss);
			assert_true(text_is(answer.body, body));
			assert_ptr_equal(api_lists_last(&lists).bytes, answer.body.bytes);
			assert_true(text_is(api_lists_last(&lists), body));
		}
		api_lists_release(&lists);
		free(block);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_is_read),
		cmocka_unit_test(negative_integers_are_kept),
		cmocka_unit_test(only_selected_deployments_are_kept_whole),
		cmocka_unit_test(a_long_list_needs_few_allocations),
		cmocka_unit_test(a_former_newest_deployment_is_kept_whole),
		cmocka_unit_test(brief_deployments_cannot_pass),
		cmocka_unit_test(the_last_body_is_kept),
		cmocka_unit_test(a_repeated_body_stays_as_it_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
