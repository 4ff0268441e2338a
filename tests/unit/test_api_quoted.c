/* test_api_quoted.c - how much of an answer's words a message quotes: up to a limit they are whole, beyond it their beginning
 * and an ellipsis, so that a message fits API_DETAIL_MAX and still says which. */
#include "chaingate/api.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Makes an answer with this text in it, and returns what is said of it. */
typedef struct text says(struct arena *, const char *text);

static struct text detail_of(struct arena *arena, const char *headers, const char *body)
{
	struct miss miss = {0};
	const struct listing *listing = NULL;
	struct api_answer answer = {.http_status = 200, .headers = text_of(headers), .body = text_of(body)};
	assert_false(api_read_deployments(arena, &answer, (struct api_owner){0}, &listing, &miss));
	return miss.detail;
}

#define LIST "{\"deployments\": []}"

static struct text value_of_a_caches_header(struct arena *arena, const char *text)
{
	return detail_of(arena, arena_printf(arena, "X-Cache: HIT-%s\n", text), LIST);
}

static struct text name_of_a_caches_header(struct arena *arena, const char *text)
{
	return detail_of(arena, arena_printf(arena, "%s-cache: HIT\n", text), LIST);
}

static struct text name_of_a_pages_header(struct arena *arena, const char *text)
{
	return detail_of(arena, arena_printf(arena, "%s-total-count: 9\n", text), LIST);
}

static struct text name_of_a_page_of_chainlets(struct arena *arena, const char *text)
{
	return detail_of(arena, "",
			 arena_printf(arena,
				      "{\"deployments\": [{\"id\": \"d\", \"created_at\": \"2026-08-14T09:12:10Z\","
				      " \"chain_id\": \"c0\", \"environment\": null, \"chainlets\": [],"
				      " \"total_chainlets%s_\": 9, \"status\": \"ACTIVE\"}]}",
				      text));
}

static struct text value_of_a_page(struct arena *arena, const char *text)
{
	return detail_of(arena, "", arena_printf(arena, "{\"deployments\": [], \"next\": \"%s\"}", text));
}

static struct text value_in_a_list(struct arena *arena, const char *text)
{
	return detail_of(arena, "",
			 arena_printf(arena, "{\"deployments\": [{\"id\": \"d\", \"created_at\": \"%s\"}]}", text));
}

static struct text id_of_an_environments_chain(struct arena *arena, const char *text)
{
	struct miss miss = {0};
	const struct environment environment = {.chain_id = text_of(text), .name = TEXT("prod")};
	assert_false(api_environment_is(arena, &environment, TARGET_CHAIN, TEXT("c1"), TEXT("prod"), &miss));
	return miss.detail;
}

static struct text name_of_an_environment(struct arena *arena, const char *text)
{
	struct miss miss = {0};
	const struct environment environment = {.chain_id = TEXT("c1"), .name = TEXT("prod")};
	assert_false(api_environment_is(arena, &environment, TARGET_CHAIN, TEXT("c1"), text_of(text), &miss));
	return miss.detail;
}

static struct text name_that_was_looked_for(struct arena *arena, const char *text)
{
	struct miss miss = {0};
	assert_null(api_choose_chain(arena, TARGET_CHAIN, NULL, 0, text_of(text), false, &miss));
	return miss.detail;
}

static struct text name_that_can_be_seen(struct arena *arena, const char *text)
{
	struct miss miss = {0};
	const struct chain chain = {.id = TEXT("c1"), .name = text_of(text)};
	assert_null(api_choose_chain(arena, TARGET_CHAIN, &chain, 1, TEXT("rag"), false, &miss));
	return miss.detail;
}

static struct text of_twins(struct arena *arena, const char *id, const char *team)
{
	struct miss miss = {0};
	const struct chain twins[] = {{.id = text_of(id), .name = TEXT("rag"), .team = text_of(team)},
				      {.id = TEXT("zz"), .name = TEXT("rag")}};
	assert_null(api_choose_chain(arena, TARGET_CHAIN, twins, 2, TEXT("rag"), false, &miss));
	return miss.detail;
}

static struct text id_of_a_twin(struct arena *arena, const char *text)
{
	return of_twins(arena, text, "t");
}

static struct text team_of_a_twin(struct arena *arena, const char *text)
{
	return of_twins(arena, "c1", text);
}

/* How many x are in a row, and what follows them. */
static size_t run_of_x(struct text detail, const char **rest)
{
	const char *from = strstr(detail.bytes, "xxxx");
	size_t length = from ? strspn(from, "x") : 0;
	*rest = from ? from + length : "";
	return length;
}

static void check(says *said, const char *what, size_t length, size_t shown)
{
	struct arena arena = {0};
	char text[100] = "";
	const char *rest;
	memset(text, 'x', length);
	struct text detail = said(&arena, text);
	size_t found = run_of_x(detail, &rest);
	bool is_cut = strncmp(rest, "…", strlen("…")) == 0;
	if (found != shown || is_cut != (shown < length))
		fail_msg("%s of %zu: %.*s", what, length, TEXT_ARG(detail));
	arena_release(&arena);
}

static void what_is_quoted_is_cut_beyond_its_limit(void **state)
{
	static const struct {
		says *said;
		const char *what;
		size_t whole, cut; /* the longest that is shown, and how much is shown of a longer one */
	} rows[] = {
		{value_of_a_caches_header, "a cache's value", 60 - 4, 60 - 4},
		{value_of_a_page, "a page's value", 60, 60},
		{value_in_a_list, "a value", 60, 60},
		{id_of_an_environments_chain, "an environment's chain", 60, 59},
		{name_of_an_environment, "an environment's name", 60, 59},
		{name_that_was_looked_for, "a name that was looked for", 30, 29},
		{name_that_can_be_seen, "a name that can be seen", 30, 29},
		{id_of_a_twin, "an id", 24, 24},
		{team_of_a_twin, "a team", 18, 18},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		check(rows[i].said, rows[i].what, rows[i].whole, rows[i].whole);
		check(rows[i].said, rows[i].what, rows[i].whole + 1, rows[i].cut);
	}
}

/* Of names that end with what makes them known, the end is cut. */
static void names_are_cut_at_their_end(void **state)
{
	static const struct {
		says *said;
		size_t length;
		const char *end;
	} rows[] = {
		{name_of_a_caches_header, 60 - 6, "x-cache' is"},
		{name_of_a_caches_header, 61 - 6, "x-cach…' is"},
		{name_of_a_pages_header, 50 - 12, "x-total-count' is"},
		{name_of_a_pages_header, 51 - 12, "x-total-coun…' is"},
		{name_of_a_page_of_chainlets, 40 - 16, "_' says"},
		{name_of_a_page_of_chainlets, 41 - 16, "_…' says"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = {0};
		char text[100] = "";
		memset(text, rows[i].said == name_of_a_page_of_chainlets ? '_' : 'x', rows[i].length);
		struct text detail = rows[i].said(&arena, text);
		if (!strstr(detail.bytes, rows[i].end))
			fail_msg("%s: %.*s", rows[i].end, TEXT_ARG(detail));
		arena_release(&arena);
	}
}

/* Each text of a deployment and of its chainlet, but not of what isn't read. */
static void texts_are_read_up_to_their_limit(void **state)
{
	static const char *const places[] = {"d0", "c0", "prod", "UPDATING", "i0", "llm", "L4", "ACTIVE", "other"};
	static const char whole[] =
		"{\"deployments\": [{\"id\": \"d0\", \"created_at\": \"2026-08-14T09:12:10Z\","
		" \"chain_id\": \"c0\", \"environment\": \"prod\", \"status\": \"UPDATING\","
		" \"chainlets\": [{\"id\": \"i0\", \"name\": \"llm\", \"autoscaling_settings\": null,"
		" \"instance_type_name\": \"L4\", \"active_replica_count\": 2, \"status\": \"ACTIVE\","
		" \"x\": \"other\"}]}]}";
	(void)state;
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		for (size_t length = 1024; length <= 1025; length++) {
			struct arena arena = {0};
			struct miss miss = {0};
			const struct listing *listing = NULL;
			char text[1026] = "";
			memset(text, 'x', length);
			const char *at = strstr(whole, arena_printf(&arena, "\"%s\"", places[i])) + 1;
			const char *body = arena_printf(&arena, "%.*s%s%s", (int)(at - whole), whole, text,
							at + strlen(places[i]));
			struct api_answer answer = {.http_status = 200, .body = text_of(body)};
			bool is_read = api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss);
			if (is_read != (length == 1024 || strcmp(places[i], "other") == 0) ||
			    (!is_read && !text_ends_with(miss.detail, ": is longer than 1024 bytes")))
				fail_msg("%s of %zu: %.*s", places[i], length, TEXT_ARG(miss.detail));
			arena_release(&arena);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_quoted_is_cut_beyond_its_limit),
		cmocka_unit_test(names_are_cut_at_their_end),
		cmocka_unit_test(texts_are_read_up_to_their_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
