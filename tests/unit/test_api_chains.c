/* test_api_chains.c - finding the requested chain, and the key's owner. */
#include "chaingate/api.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CHAIN(id, name, team) \
	"{\"id\": \"" id "\", \"created_at\": \"2026-05-04T10:00:00Z\", \"name\": \"" name \
	"\", \"deployments_count\": 5, \"team_name\": \"" team "\"}"

#define CHAINS \
	"{\"chains\": [" CHAIN("9xq04bnd", "rag", "search") "," CHAIN("232p81ql", "rag", "ml") "," CHAIN( \
		"5tw8k2ya", "transcribe", "ml") "," CHAIN("rag-2", "9xq04bnd", "ml") "," CHAIN("0aa", "Rag", "") "]}"

#define RAGS_6 \
	"{\"chains\": [" CHAIN("f", "rag", "t") "," CHAIN("e", "rag", "t") "," CHAIN("d", "rag", "t") "," CHAIN( \
		"c", "rag", "t") "," CHAIN("b", "rag", "t") "," CHAIN("a", "rag", "t") "]}"

#define OTHERS_7 \
	"{\"chains\": [" CHAIN("1", "gamma", "t") "," CHAIN("2", "beta", "t") "," CHAIN("3", "alpha", "t") "," CHAIN( \
		"4", "delta", "t") "," CHAIN("5", "eps", "t") "," CHAIN("6", "zeta", "t") "," CHAIN("7", "beta", \
												    "u") "]}"

static const struct {
	const char *body;
	const char *wanted;
	const char *id, *name;
	enum miss_cause cause;
	const char *detail;
} cases[] = {
	{CHAINS, "232p81ql", "232p81ql", "rag", MISS_NONE, NULL},
	{CHAINS, "transcribe", "5tw8k2ya", "transcribe", MISS_NONE, NULL},
	{CHAINS, "Rag", "0aa", "Rag", MISS_NONE, NULL},
	/* an id wins over a name */
	{CHAINS, "9xq04bnd", "9xq04bnd", "rag", MISS_NONE, NULL},
	{CHAINS, "rag", NULL, NULL, MISS_AMBIGUOUS,
	 "2 chains are called 'rag'; give the id of one:  232p81ql (team ml), 9xq04bnd (team search)"},
	{RAGS_6, "rag", NULL, NULL, MISS_AMBIGUOUS,
	 "6 chains are called 'rag'; give the id of one:  a (team t), b (team t), c (team t), d (team t), e (team t)"
	 " and 1 more"},
	{CHAINS, "transcibe", NULL, NULL, MISS_NO_CHAIN,
	 "no chain has the id or name 'transcibe'; the key can see 'transcribe', 'Rag', 'rag', '9xq04bnd'"},
	{OTHERS_7, "bet", NULL, NULL, MISS_NO_CHAIN,
	 "no chain has the id or name 'bet'; the key can see 'beta', 'zeta', 'delta', 'eps', 'alpha' and 1 more"},
	{"{\"chains\": []}", "rag\n", NULL, NULL, MISS_NO_CHAIN,
	 "no chain has the id or name 'rag\\n'; the key can see no chains"},
	{CHAINS, "", NULL, NULL, MISS_NO_CHAIN, "no chain has the id or name ''; the key can see "},
};

static bool find(struct arena *arena, const char *body, const char *wanted, struct text *id, struct text *name,
		 struct miss *miss)
{
	size_t length = strlen(body);
	char *copy = malloc(length > 0 ? length : 1);
	assert_non_null(copy);
	memcpy(copy, body, length);
	struct api_answer answer = {.http_status = 200, .body = {copy, length}};
	bool found = api_find_chain(arena, &answer, TARGET_CHAIN, text_of(wanted), id, name, miss);
	free(copy);
	return found;
}

static void chains_are_found_by_id_then_name(void **state)
{
	struct arena arena = {0};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct text id = TEXT("untouched"), name = TEXT("untouched");
		struct miss miss = {0};
		bool found = find(&arena, cases[i].body, cases[i].wanted, &id, &name, &miss);
		assert_int_equal(found, cases[i].id != NULL);
		assert_true(text_is(id, found ? cases[i].id : "untouched"));
		assert_true(text_is(name, found ? cases[i].name : "untouched"));
		assert_int_equal(miss.cause, cases[i].cause);
		if (!found && !text_starts_with(miss.detail, cases[i].detail))
			fail_msg("'%.*s' should be '%s'", TEXT_ARG(miss.detail), cases[i].detail);
		assert_true(miss.detail.length <= API_DETAIL_MAX);
	}
	arena_release(&arena);
}

static void an_id_is_no_name(void **state)
{
	static const struct chain chains[] = {{.id = {"x1", 2}, .name = {"c9", 2}},
					      {.id = {"c1", 2}, .name = {"x1", 2}},
					      {.id = {"c2", 2}, .name = {"c9", 2}}};
	static const struct {
		size_t count; /* of chains */
		const char *wanted;
		const struct chain *found;
		const char *detail;
	} rows[] = {
		{3, "x1", &chains[0], ""},
		{3, "c2", &chains[2], ""},
		{3, "c9", NULL,
		 "no chain has the id 'c9' that the URL gives; a chain has this name: to watch it, give the name "
		 "without a URL"},
		{2, "x2", NULL, "no chain has the id 'x2' that the URL gives; the key can see 'x1', 'c9'"},
		{0, "c9", NULL, "no chain has the id 'c9' that the URL gives; the key can see no chains"},
	};
	struct arena arena = {0};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct miss miss = {0};
		assert_ptr_equal(api_choose_chain(&arena, TARGET_CHAIN, chains, rows[i].count, text_of(rows[i].wanted),
						  true, &miss),
				 rows[i].found);
		assert_int_equal(miss.cause, rows[i].found ? MISS_NONE : MISS_NO_CHAIN);
		if (!text_is(miss.detail, rows[i].detail))
			fail_msg("'%.*s' should be '%s'", TEXT_ARG(miss.detail), rows[i].detail);
	}
	arena_release(&arena);
}

#define LONG "\\u202e\\u202e\\u202e\\u202e\\u202e\\u202e\\u202e\\u202e\\u202e\\u202e\\u202e\\u202e\\u202e\\u202e"

static void long_names_are_cut(void **state)
{
	static const char body[] =
		"{\"chains\": [" CHAIN(LONG "1", LONG, LONG) "," CHAIN(LONG "2", LONG, LONG) "," CHAIN(
			LONG "3", LONG, LONG) "," CHAIN(LONG "4", LONG, LONG) "," CHAIN(LONG "5", LONG,
											LONG) "," CHAIN(LONG "6", LONG,
													LONG) "]}";
	static const char others[] = "{\"chains\": [" CHAIN("1", LONG "1", "t") "," CHAIN("2", LONG "2", "t") "," CHAIN(
		"3", LONG "3", "t") "," CHAIN("4", LONG "4", "t") "," CHAIN("5", LONG "5", "t") "," CHAIN("6", LONG "6",
													  "t") "]}";
	struct arena arena = {0};
	struct text id, name;
	struct miss miss;
	char wanted[14 * 3 + 1] = "";
	(void)state;
	for (int i = 0; i < 14; i++)
		strcat(wanted, "\xE2\x80\xAE");
	assert_false(find(&arena, body, wanted, &id, &name, &miss));
	assert_int_equal(miss.cause, MISS_AMBIGUOUS);
	assert_in_range(miss.detail.length, 100, API_DETAIL_MAX);
	assert_non_null(strstr(miss.detail.bytes, " and 1 more"));
	assert_false(find(&arena, others, wanted, &id, &name, &miss));
	assert_int_equal(miss.cause, MISS_NO_CHAIN);
	assert_in_range(miss.detail.length, 100, API_DETAIL_MAX);
	assert_non_null(strstr(miss.detail.bytes, " and 1 more"));
	arena_release(&arena);
}

static const struct {
	const char *body, *detail;
} malformed[] = {
	{"", "the body is empty"},
	{"[]", "the body is an array, should be an object"},
	{"{}", "chains: is missing"},
	{"{\"chains\": null}", "chains: is null, should be an array"},
	{"{\"chains\": {}}", "chains: is an object, should be an array"},
	{"{\"chains\": [null]}", "chains[0]: is null, should be an object"},
	{"{\"chains\": [{\"id\": 1}]}", "chains[0].id: is a number, should be a string"},
	{"{\"chains\": [{\"id\": \"\"}]}", "chains[0].id: is empty"},
	{"{\"chains\": [{\"id\": \"a\"}]}", "chains[0].created_at: is missing"},
	{"{\"chains\": [{\"id\": \"a\", \"created_at\": \"now\"}]}", "chains[0].created_at: is 'now', should be"},
	{"{\"chains\": [" CHAIN("a", "", "t") "]}", "chains[0].name: is empty"},
	{"{\"chains\": [" CHAIN("a", "x", "t") "," CHAIN("b", "x", "t") "," CHAIN("a", "y", "t") "]}",
	 "chains[2].id: is 'a', the same as in [0]"},
	{"{\"chains\": [{\"id\": \"a\", \"created_at\": \"2026-05-04T10:00:00Z\", \"name\": \"x\","
	 " \"deployments_count\": \"1\", \"team_name\": \"t\"}]}",
	 "chains[0].deployments_count: is a string, should be an integer"},
	{"{\"chains\": [{\"id\": \"a\", \"created_at\": \"2026-05-04T10:00:00Z\", \"name\": \"x\","
	 " \"deployments_count\": 1, \"team_name\": null}]}",
	 "chains[0].team_name: is null, should be a string"},
	{"{\"chains\": [], \"chains\": []}", "the body has a key twice"},
};

static void lists_of_chains_are_read_strictly(void **state)
{
	struct arena arena = {0};
	struct text id, name;
	(void)state;
	for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
		struct miss miss = {0};
		assert_false(find(&arena, malformed[i].body, "a", &id, &name, &miss));
		assert_int_equal(miss.cause, MISS_MALFORMED);
		if (!text_starts_with(miss.detail, malformed[i].detail))
			fail_msg("'%.*s' should begin with '%s'", TEXT_ARG(miss.detail), malformed[i].detail);
	}
	arena_release(&arena);
}

static void no_list_at_all_is_a_wrong_base_url(void **state)
{
	struct arena arena = {0};
	struct api_answer answer = {.http_status = 404, .body = TEXT("{\"error\": \"nothing here\"}")};
	struct text id, name;
	struct api_user user;
	struct miss miss = {0};
	(void)state;
	assert_false(api_find_chain(&arena, &answer, TARGET_CHAIN, TEXT("rag"), &id, &name, &miss));
	assert_int_equal(miss.cause, MISS_REQUEST);
	assert_int_equal(miss_class(&miss), MISS_FINAL);
	assert_true(text_is(miss.detail, "there is no /v1/chains at this base URL (HTTP 404): is it the API's?"));
	assert_false(api_read_whoami(&arena, &answer, &user, &miss));
	assert_int_equal(miss.cause, MISS_REQUEST);
	answer.http_status = 403;
	assert_false(api_find_chain(&arena, &answer, TARGET_CHAIN, TEXT("rag"), &id, &name, &miss));
	assert_int_equal(miss.cause, MISS_HTTP);
	assert_int_equal(miss_class(&miss), MISS_REFUSED);
	assert_true(text_is(miss.detail, "nothing here"));
	answer = (struct api_answer){.transport = {.cause = MISS_TLS, .detail = TEXT("no")}, .http_status = 404};
	assert_false(api_find_chain(&arena, &answer, TARGET_CHAIN, TEXT("rag"), &id, &name, &miss));
	assert_int_equal(miss.cause, MISS_TLS);
	arena_release(&arena);
}

static const struct {
	const char *body;
	const char *detail; /* NULL: good */
	const char *email, *name, *workspace;
} users[] = {
	{"{\"user_id\": \"u\", \"email\": \"a@example.com\", \"name\": \"A\", \"workspace_name\": \"w\"}", NULL,
	 "a@example.com", "A", "w"},
	{"{\"user_id\": \"u\", \"email\": null, \"workspace_name\": \"w\", \"more\": 1}", NULL, "", "", "w"},
	{"{\"user_id\": \"u\"}", NULL, "", "", ""},
	{"{}", "user_id: is missing", NULL, NULL, NULL},
	{"{\"user_id\": \"\"}", "user_id: is empty", NULL, NULL, NULL},
	{"{\"user_id\": 1}", "user_id: is a number, should be a string", NULL, NULL, NULL},
	{"{\"user_id\": \"u\", \"email\": false}", "email: is a boolean, should be a string", NULL, NULL, NULL},
	{"{\"user_id\": \"u\", \"name\": []}", "name: is an array, should be a string", NULL, NULL, NULL},
	{"null", "the body is null, should be an object", NULL, NULL, NULL},
	{"<html>", "the body is not JSON", NULL, NULL, NULL},
};

static void a_user_is_read_strictly(void **state)
{
	struct arena arena = {0};
	(void)state;
	for (size_t i = 0; i < sizeof users / sizeof *users; i++) {
		struct api_answer answer = {.http_status = 200, .body = text_of(users[i].body)};
		struct api_user user = {.id = TEXT("untouched")};
		struct miss miss = {0};
		bool ok = api_read_whoami(&arena, &answer, &user, &miss);
		assert_int_equal(ok, users[i].detail == NULL);
		assert_true(text_is(user.id, ok ? "u" : "untouched"));
		if (!ok) {
			assert_int_equal(miss.cause, MISS_MALFORMED);
			assert_true(text_starts_with(miss.detail, users[i].detail));
			continue;
		}
		assert_true(text_is(user.email, users[i].email));
		assert_true(text_is(user.name, users[i].name));
		assert_true(text_is(user.workspace, users[i].workspace));
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chains_are_found_by_id_then_name),
		cmocka_unit_test(an_id_is_no_name),
		cmocka_unit_test(long_names_are_cut),
		cmocka_unit_test(lists_of_chains_are_read_strictly),
		cmocka_unit_test(no_list_at_all_is_a_wrong_base_url),
		cmocka_unit_test(a_user_is_read_strictly),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
