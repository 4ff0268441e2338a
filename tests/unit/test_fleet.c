/* test_fleet.c - which chains a run watches, and which part of them a shard has. */
#include "chaingate/fleet.h"
#include "chaingate/glob.h"
#include "chaingate/times.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- shards ----------------------------------------------------------------------------------------------------- */

static void shards_are_parsed(void **state)
{
	static const struct {
		const char *text;
		size_t index, count; /* 0: refused */
	} cases[] = {{"1/1", 1, 1},
		     {"3/3", 3, 3},
		     {"1/1000", 1, 1000},
		     {"1000/1000", 1000, 1000},
		     {"index:0/3", 1, 3},
		     {"index:2/3", 3, 3},
		     {"index:0/1", 1, 1},
		     {"index:999/1000", 1000, 1000},
		     {"index:3/3", 0, 0},
		     {"index:0/0", 0, 0},
		     {"index:00/3", 0, 0},
		     {"index:/3", 0, 0},
		     {"index:-1/3", 0, 0},
		     {"index: 0/3", 0, 0},
		     {"index:0", 0, 0},
		     {"index:", 0, 0},
		     {"index:index:0/3", 0, 0},
		     {"Index:0/3", 0, 0},
		     {"index:1000/1000", 0, 0},
		     {"index:1000/1001", 0, 0},
		     {"index:18446744073709551615/3", 0, 0},
		     {"1/index:3", 0, 0},
		     {"0/3", 0, 0},
		     {"4/3", 0, 0},
		     {"1/1001", 0, 0},
		     {"1/0", 0, 0},
		     {"", 0, 0},
		     {"1", 0, 0},
		     {"1/", 0, 0},
		     {"/3", 0, 0},
		     {"1/3/", 0, 0},
		     {"01/3", 0, 0},
		     {"1/03", 0, 0},
		     {" 1/3", 0, 0},
		     {"1/3 ", 0, 0},
		     {"+1/3", 0, 0},
		     {"-1/3", 0, 0},
		     {"1 of 3", 0, 0},
		     {"1,3", 0, 0},
		     {"$I/$N", 0, 0},
		     {"1/18446744073709551617", 0, 0}};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct shard shard = {7, 7};
		assert_int_equal(shard_parse(text_of(cases[i].text), &shard), cases[i].count > 0);
		assert_int_equal(shard.count, cases[i].count ? cases[i].count : 7);
		assert_int_equal(shard.index, cases[i].count ? cases[i].index : 7);
	}
}

static size_t shard_of(const char *id, size_t count)
{
	size_t found = 0;
	for (size_t i = 1; i <= count; i++) {
		if (!shard_has((struct shard){i, count}, text_of(id)))
			continue;
		assert_int_equal(found, 0); /* not in two */
		found = i;
	}
	assert_int_not_equal(found, 0); /* and never in none */
	return found;
}

/* A promise: jobs of one matrix may run on other machines, and another version must not move the chains. */
static void shards_never_change(void **state)
{
	static const struct {
		const char *id;
		size_t of_3, of_7, of_100;
	} cases[] = {
		{"232p81ql", 1, 5, 28},
		{"q86yjdy", 3, 5, 9},
		{"rag", 2, 2, 46},
		{"", 1, 6, 62},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(shard_of(cases[i].id, 3), cases[i].of_3);
		assert_int_equal(shard_of(cases[i].id, 7), cases[i].of_7);
		assert_int_equal(shard_of(cases[i].id, 100), cases[i].of_100);
	}
}

static const char *id_of(size_t number)
{
	static char id[16];
	snprintf(id, sizeof(id), "%08zx", number * 2654435761u % 0xffffffffu);
	return id;
}

/* One shard more takes its chains from all others, and no chain goes anywhere else. One fewer is the same, backwards.
 * That other chains come and go can't matter: a chain's shard depends on its own id alone. */
static void shards_move_only_what_they_must(void **state)
{
	enum { IDS = 2000 };
	size_t before[IDS];
	(void)state;
	for (size_t i = 0; i < IDS; i++)
		before[i] = shard_of(id_of(i), 1);
	for (size_t count = 2; count <= 12; count++) {
		size_t moved = 0, sizes[13] = {0};
		for (size_t i = 0; i < IDS; i++) {
			size_t now = shard_of(id_of(i), count);
			assert_true(now == before[i] || now == count);
			moved += now != before[i];
			sizes[now]++;
			before[i] = now;
		}
		/* as many as are fair, within a fifth and some */
		assert_in_range(moved, IDS / count * 4 / 5 - 20, IDS / count * 6 / 5 + 20);
		for (size_t s = 1; s <= count; s++)
			assert_in_range(sizes[s], IDS / count * 4 / 5 - 20, IDS / count * 6 / 5 + 20);
	}
}

/* ---- chains ----------------------------------------------------------------------------------------------------- */

static const struct chain listed[] = {
	{.id = {"c3", 2}, .name = {"rag-b", 5}}, {.id = {"c1", 2}, .name = {"voice", 5}},
	{.id = {"c2", 2}, .name = {"rag-a", 5}}, {.id = {"t2", 2}, .name = {"twin", 4}, .team = {"x", 1}},
	{.id = {"t1", 2}, .name = {"twin", 4}},  {.id = {"c4", 2}, .name = {"c1", 2}}, /* another one's id */
	{.id = {"c5", 2}, .name = {"Rag-a", 5}}, {.id = {"c6", 2}, .name = {"r\xc3\xa4g", 4}},
};
#define LISTED_COUNT (sizeof(listed) / sizeof(listed[0]))

static const struct {
	const char *chains[3];
	bool keeps_repeats;
	struct shard shard;
	const char *expected; /* chain=id, each followed by a space; NULL: refused … */
	const char *mistake;  /* … with this in the message */
} cases[] = {
	{{"rag-*"}, false, {0, 0}, "rag-a=c2 rag-b=c3 ", NULL},
	{{"*"}, false, {0, 0}, "Rag-a=c5 c4=c4 rag-a=c2 rag-b=c3 r\xc3\xa4g=c6 t1=t1 t2=t2 voice=c1 ", NULL},
	{{"r?g"}, false, {0, 0}, "r\xc3\xa4g=c6 ", NULL},
	{{"[!r]*"}, false, {0, 0}, "Rag-a=c5 c4=c4 t1=t1 t2=t2 voice=c1 ", NULL},
	{{"twin"}, false, {0, 0}, "twin= ", NULL},
	{{"tw*"}, false, {0, 0}, "t1=t1 t2=t2 ", NULL},
	{{"t*", "t2"}, false, {0, 0}, "t1=t1 t2=t2 ", NULL},
	{{"c1"}, false, {0, 0}, "c1=c1 ", NULL}, /* the id, not the name */
	{{"voice", "c1", "v*"}, false, {0, 0}, "voice=c1 ", NULL},
	{{"voice", "c1", "v*"}, true, {0, 0}, "voice=c1 c1=c1 voice=c1 ", NULL},
	{{"rag-b", "rag-*"}, false, {0, 0}, "rag-b=c3 rag-a=c2 ", NULL},
	{{"nope", "voice", "nope"}, false, {0, 0}, "nope= voice=c1 ", NULL},
	{{"rag-*"}, false, {1, 1}, "rag-a=c2 rag-b=c3 ", NULL},
	{{"x*"},
	 false,
	 {0, 0},
	 NULL,
	 "no chain's name matches 'x*'; the key can see 'Rag-a', 'c1', 'rag-a', 'rag-b', "},
	{{"RAG-*"}, false, {0, 0}, NULL, "no chain's name matches 'RAG-*'"},
	{{"c?"}, false, {1, 1}, "c4=c4 ", NULL}, /* names, not ids */
	{{"t?"}, false, {0, 0}, NULL, "no chain's name matches 't?'"},
	{{"voice", "x*"}, false, {0, 0}, NULL, "no chain's name matches 'x*'"},
	{{"nope", "voice"}, false, {1, 2}, NULL, "no chain has the id or name 'nope'"},
	{{"twin", "voice"}, false, {2, 2}, NULL, "2 chains are called 'twin'"},
	{{"[", "voice"}, false, {0, 0}, NULL, "cannot be read"},
};

static void find(size_t index, const struct chain *chains, size_t count)
{
	struct arena arena = {0};
	struct diags diags = {.arena = &arena};
	struct policy_target targets[3] = {0};
	struct fleet_request request = {.targets = targets,
					.chains = chains,
					.chain_count = count,
					.keeps_repeats = cases[index].keeps_repeats,
					.shard = cases[index].shard};
	struct fleet fleet;
	char found[200] = "";
	for (; request.target_count < 3 && cases[index].chains[request.target_count]; request.target_count++)
		targets[request.target_count].chain = text_of(cases[index].chains[request.target_count]);
	bool is_found = fleet_find(&arena, &request, &diags, &fleet);
	for (size_t i = 0; is_found && i < fleet.count; i++)
		snprintf(found + strlen(found), sizeof(found) - strlen(found), "%.*s=%.*s ",
			 TEXT_ARG(fleet.members[i].chain), TEXT_ARG(fleet.members[i].chain_id));
	assert_int_equal(is_found, diags.errors == 0);
	if (cases[index].expected) {
		assert_string_equal(found, cases[index].expected);
		assert_int_equal(fleet.whole, fleet.count);
	} else {
		assert_false(is_found);
		assert_non_null(strstr(diags.first->message, cases[index].mistake));
	}
	arena_release(&arena);
}

static void chains_are_found_whatever_their_order(void **state)
{
	struct chain turned[LISTED_COUNT];
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (size_t turn = 0; turn < LISTED_COUNT; turn++) {
			for (size_t c = 0; c < LISTED_COUNT; c++)
				turned[c] = listed[(c * 3 + turn) % LISTED_COUNT];
			find(i, turned, LISTED_COUNT);
		}
}

static void an_empty_account_is_a_mistake(void **state)
{
	struct arena arena = {0};
	struct diags diags = {.arena = &arena};
	struct policy_target all = {.chain = TEXT("*")};
	struct fleet_request request = {.targets = &all, .target_count = 1};
	struct fleet fleet;
	(void)state;
	assert_false(fleet_find(&arena, &request, &diags, &fleet));
	assert_non_null(strstr(diags.first->message, "the key can see no chains"));
	arena_release(&arena);
}

/* The parts together are the whole, and all say so alike. */
static void parts_make_the_whole(void **state)
{
	struct arena arena = {0};
	struct diags diags = {.arena = &arena};
	struct policy_target all = {.chain = TEXT("*")};
	struct fleet_request request = {
		.targets = &all, .target_count = 1, .chains = listed, .chain_count = LISTED_COUNT};
	struct fleet whole, part;
	(void)state;
	assert_true(fleet_find(&arena, &request, &diags, &whole));
	for (size_t count = 1; count <= 20; count++) {
		size_t sum = 0;
		for (size_t i = 1; i <= count; i++) {
			request.shard = (struct shard){i, count};
			assert_true(fleet_find(&arena, &request, &diags, &part));
			assert_int_equal(part.whole, LISTED_COUNT);
			for (size_t k = 0; k < part.count; k++) {
				assert_true(k == 0 || part.positions[k] > part.positions[k - 1]);
				assert_true(
					text_equal(part.members[k].chain_id, whole.all[part.positions[k]].chain_id));
			}
			assert_true(text_equal(part.ids, whole.ids));
			sum += part.count;
		}
		assert_int_equal(sum, LISTED_COUNT);
	}
	arena_release(&arena);
}

/* Of the chains that the key can see, eight are named. */
static void a_mistake_says_what_there_is(void **state)
{
	static const struct {
		size_t count;
		const char *words;
	} rows[] = {
		{1, "the key can see 'c00'"},
		{2, "the key can see 'c00', 'c01'"},
		{8, "the key can see 'c00', 'c01', 'c02', 'c03', 'c04', 'c05', 'c06', 'c07'"},
		{9, "the key can see 'c00', 'c01', 'c02', 'c03', 'c04', 'c05', 'c06', 'c07' and 1 more"},
		{20, "the key can see 'c00', 'c01', 'c02', 'c03', 'c04', 'c05', 'c06', 'c07' and 12 more"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena arena = {0};
		struct diags diags = {.arena = &arena};
		/* Each twice: a name that two chains have is named once. */
		struct chain *chains = ARENA_ARRAY(&arena, struct chain, 2 * rows[i].count);
		struct policy_target target = {.chain = TEXT("x*"), .chain_from = TEXT("--chain")};
		struct fleet_request request = {
			.targets = &target, .target_count = 1, .chains = chains, .chain_count = 2 * rows[i].count};
		struct fleet fleet;
		for (size_t k = 0; k < request.chain_count; k++)
			chains[k] = (struct chain){.id = text_of(arena_printf(&arena, "i%02zu", k)),
						   .name = text_of(arena_printf(&arena, "c%02zu", k / 2))};
		assert_false(fleet_find(&arena, &request, &diags, &fleet));
		assert_string_equal(diags.first->message,
				    arena_printf(&arena, "--chain: no chain's name matches 'x*'; %s", rows[i].words));
		arena_release(&arena);
	}
}

/* Of a name that is longer than forty bytes the beginning is shown. */
static void a_long_name_is_cut(void **state)
{
#define TEN "abcdefghij"
	static const struct {
		const char *name, *words;
	} rows[] = {{TEN TEN TEN TEN, "the key can see '" TEN TEN TEN TEN "'"},
		    {TEN TEN TEN TEN "k", "the key can see '" TEN TEN TEN "abcdefghi…'"}};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena arena = {0};
		struct diags diags = {.arena = &arena};
		struct chain chain = {.id = TEXT("c1"), .name = text_of(rows[i].name)};
		struct policy_target target = {.chain = TEXT("x*")};
		struct fleet_request request = {
			.targets = &target, .target_count = 1, .chains = &chain, .chain_count = 1};
		struct fleet fleet;
		assert_false(fleet_find(&arena, &request, &diags, &fleet));
		assert_string_equal(strstr(diags.first->message, "the key"), rows[i].words);
		arena_release(&arena);
	}
#undef TEN
}

/* ---- what is advised -------------------------------------------------------------------------------------------- */

/* A chain's whole name that is also a glob for others: the glob that is advised matches it, and nothing else. */
static void the_glob_that_is_advised_is_the_name(void **state)
{
	static const char *const names[] = {"rag[1]", "rag[1]\\x", "[a]?", "a[b]?\\\\c", "[!x]?"};
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct arena arena = {0};
		struct diags diags = {.arena = &arena};
		struct chain chain = {.id = TEXT("c9"), .name = text_of(names[i])};
		struct policy_target target = {.chain = chain.name};
		struct fleet_request request = {
			.targets = &target, .target_count = 1, .chains = &chain, .chain_count = 1};
		struct fleet fleet;
		const char *why = NULL;
		if (fleet_find(&arena, &request, &diags, &fleet))
			fail_msg("%s matches itself", names[i]);
		const char *begin = strchr(diags.first->hint, '\'') + 1;
		struct text advised = {begin, (size_t)(strstr(begin, "', or") - begin)};
		const struct glob *glob = glob_make(&arena, advised, &why);
		assert_non_null(glob);
		assert_true(glob_matches(glob, chain.name, &arena));
		assert_false(glob_matches(glob, TEXT("rag1"), &arena));
		assert_non_null(strstr(diags.first->hint, "c9"));
		arena_release(&arena);
	}
}

/* ---- many chains ------------------------------------------------------------------------------------------------ */

/* One run watches FLEET_MAX chains and not one more; a shard of more is fine. Each has its line in the text by which the
 * shards compare what they found. */
static void no_more_than_the_greatest_fleet(void **state)
{
	(void)state;
	for (size_t more = 0; more < 2; more++) {
		struct arena arena = {0};
		struct diags diags = {.arena = &arena};
		size_t count = FLEET_MAX + more, lines = 0;
		struct chain *chains = ARENA_ARRAY(&arena, struct chain, count);
		struct policy_target all = {.chain = TEXT("*")};
		struct fleet_request request = {
			.targets = &all, .target_count = 1, .chains = chains, .chain_count = count};
		struct fleet fleet;
		for (size_t i = 0; i < count; i++)
			chains[i].id = chains[i].name = text_of(arena_printf(&arena, "c%04zu", i));
		assert_int_equal(fleet_find(&arena, &request, &diags, &fleet), !more);
		if (more) {
			assert_non_null(strstr(diags.first->message, "1001 chains"));
			assert_non_null(strstr(diags.first->hint, "--shard 1/3 to --shard 3/3"));
			request.shard = (struct shard){1, 2};
			assert_true(fleet_find(&arena, &request, &diags, &fleet));
		}
		for (size_t i = 0; i < fleet.ids.length; i++)
			lines += fleet.ids.bytes[i] == '\n';
		assert_int_equal(lines, count);
		assert_true(text_starts_with(fleet.ids, "0 c0000\n0 c0001\n"));
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shards_are_parsed),
		cmocka_unit_test(shards_never_change),
		cmocka_unit_test(shards_move_only_what_they_must),
		cmocka_unit_test(chains_are_found_whatever_their_order),
		cmocka_unit_test(an_empty_account_is_a_mistake),
		cmocka_unit_test(parts_make_the_whole),
		cmocka_unit_test(a_mistake_says_what_there_is),
		cmocka_unit_test(a_long_name_is_cut),
		cmocka_unit_test(the_glob_that_is_advised_is_the_name),
		cmocka_unit_test(no_more_than_the_greatest_fleet),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
