/* test_selection.c - which deployments are selected, and in which order, whatever the API's order. */
#include "chaingate/selection.h"
#include "chaingate/times.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define DAY (24 * NS_PER_HOUR)

#define STAGING .has_environment = true, .environment = {"staging", 7}

static const struct deployment listed[] = {
	{.id = {"bb", 2}, .chain_id = {"c1", 2}, .created_at_wall_ns = 2 * DAY, STAGING},
	{.id = {"aa", 2}, .chain_id = {"c1", 2}, .created_at_wall_ns = 1 * DAY, STAGING},
	{.id = {"dd", 2}, .chain_id = {"c1", 2}, .created_at_wall_ns = 4 * DAY},
	{.id = {"cc", 2}, .chain_id = {"c1", 2}, .created_at_wall_ns = 4 * DAY, .has_environment = true},
	{.id = {"zz", 2}, .chain_id = {"c2", 2}, .created_at_wall_ns = 9 * DAY, STAGING},
};

#define LISTED_COUNT (sizeof listed / sizeof *listed)

#define MOMENT(days) \
	{ \
		SINCE_MOMENT, (days)*DAY \
	}

static const struct {
	const char *what;
	struct selector selector;
	const char *pinned;
	const char *expected; /* ids, each followed by a space */
	size_t foreign, older;
} cases[] = {
	{"nothing asked for", {SELECT_NOTHING, {"aa", 2}, {SINCE_ANY, 0}, ROLE_ANY, {0}, TARGET_CHAIN}, "", "", 1, 0},
	{"zero", {0}, "", "", 1, 0},
	{"a deployment",
	 {SELECT_DEPLOYMENT, {"bb", 2}, {SINCE_NOT_GIVEN, 0}, ROLE_ANY, {0}, TARGET_CHAIN},
	 "",
	 "bb ",
	 1,
	 0},
	{"one that isn't there",
	 {SELECT_DEPLOYMENT, {"b", 1}, {SINCE_ANY, 0}, ROLE_ANY, {0}, TARGET_CHAIN},
	 "",
	 "",
	 1,
	 0},
	{"one of another chain",
	 {SELECT_DEPLOYMENT, {"zz", 2}, {SINCE_ANY, 0}, ROLE_ANY, {0}, TARGET_CHAIN},
	 "",
	 "",
	 1,
	 0},
	{"one that is too old", {SELECT_DEPLOYMENT, {"aa", 2}, MOMENT(2), ROLE_ANY, {0}, TARGET_CHAIN}, "", "", 1, 1},
	{"no id", {SELECT_DEPLOYMENT, {"", 0}, {SINCE_ANY, 0}, ROLE_ANY, {0}, TARGET_CHAIN}, "", "", 1, 0},
	{"an environment",
	 {SELECT_ENVIRONMENT, {"staging", 7}, {SINCE_ANY, 0}, ROLE_ANY, {0}, TARGET_CHAIN},
	 "",
	 "aa bb ",
	 1,
	 0},
	{"an environment's new ones",
	 {SELECT_ENVIRONMENT, {"staging", 7}, MOMENT(2), ROLE_ANY, {0}, TARGET_CHAIN},
	 "",
	 "bb ",
	 1,
	 1},
	{"exactly then isn't earlier",
	 {SELECT_ENVIRONMENT, {"staging", 7}, {SINCE_MOMENT, 2 * DAY + 1}, ROLE_ANY, {0}, TARGET_CHAIN},
	 "",
	 "",
	 1,
	 2},
	{"null isn't an empty name",
	 {SELECT_ENVIRONMENT, {"", 0}, {SINCE_ANY, 0}, ROLE_ANY, {0}, TARGET_CHAIN},
	 "",
	 "cc ",
	 1,
	 0},
	{"case counts",
	 {SELECT_ENVIRONMENT, {"Staging", 7}, {SINCE_ANY, 0}, ROLE_ANY, {0}, TARGET_CHAIN},
	 "",
	 "",
	 1,
	 0},
	{"the newest, greatest id", {SELECT_LATEST, {0}, {SINCE_ANY, 0}, ROLE_ANY, {0}, TARGET_CHAIN}, "", "dd ", 1, 0},
	{"the newest, others older", {SELECT_LATEST, {0}, MOMENT(3), ROLE_ANY, {0}, TARGET_CHAIN}, "", "dd ", 1, 2},
	{"no newest", {SELECT_LATEST, {0}, MOMENT(5), ROLE_ANY, {0}, TARGET_CHAIN}, "", "", 1, 4},
	{"a pinned one stays", {SELECT_LATEST, {0}, {SINCE_ANY, 0}, ROLE_ANY, {0}, TARGET_CHAIN}, "aa", "aa ", 1, 0},
	{"a pinned one never grows old",
	 {SELECT_LATEST, {0}, MOMENT(3), ROLE_ANY, {0}, TARGET_CHAIN},
	 "aa",
	 "aa ",
	 1,
	 1},
	{"a pinned one that is gone",
	 {SELECT_LATEST, {0}, {SINCE_ANY, 0}, ROLE_ANY, {0}, TARGET_CHAIN},
	 "gone",
	 "",
	 1,
	 0},
	{"a pinned one of another chain",
	 {SELECT_LATEST, {0}, {SINCE_ANY, 0}, ROLE_ANY, {0}, TARGET_CHAIN},
	 "zz",
	 "",
	 1,
	 0},
	{"a pin is for the newest only",
	 {SELECT_ALL, {0}, {SINCE_ANY, 0}, ROLE_ANY, {0}, TARGET_CHAIN},
	 "aa",
	 "aa bb cc dd ",
	 1,
	 0},
	{"all", {SELECT_ALL, {0}, {SINCE_NOT_GIVEN, 0}, ROLE_ANY, {0}, TARGET_CHAIN}, "", "aa bb cc dd ", 1, 0},
	{"all since", {SELECT_ALL, {0}, MOMENT(2), ROLE_ANY, {0}, TARGET_CHAIN}, "", "bb cc dd ", 1, 1},
	{"since nobody knows when",
	 {SELECT_ALL, {0}, {SINCE_AGO, 99 * DAY}, ROLE_ANY, {0}, TARGET_CHAIN},
	 "",
	 "",
	 1,
	 4},
};

static struct selection select_from(struct arena *arena, const struct deployment *deployments, size_t i)
{
	struct listing listing = {.deployments = deployments, .count = LISTED_COUNT, .ordinals = LISTED_COUNT};
	return selection_make(arena, &listing, &cases[i].selector, TEXT("c1"), text_of(cases[i].pinned));
}

static void check(struct arena *arena, const struct deployment *deployments, size_t i)
{
	char ids[64] = "";
	struct selection selection = select_from(arena, deployments, i);
	for (size_t k = 0; k < selection.count; k++) {
		strncat(ids, selection.deployments[k]->id.bytes, selection.deployments[k]->id.length);
		strcat(ids, " ");
	}
	if (strcmp(ids, cases[i].expected) != 0)
		fail_msg("%s: '%s', should be '%s'", cases[i].what, ids, cases[i].expected);
	assert_int_equal(selection.foreign, cases[i].foreign);
	if (selection.older != cases[i].older)
		fail_msg("%s: %zu older, should be %zu", cases[i].what, selection.older, cases[i].older);
}

static void each_selection_picks_its_deployments(void **state)
{
	struct arena arena = {0};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check(&arena, listed, i);
	arena_release(&arena);
}

/* All 120 orders of the listing, by Heap's algorithm. */
static void in_every_order(struct arena *arena, struct deployment *deployments, size_t count, size_t *orders)
{
	if (count == 1) {
		for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
			check(arena, deployments, i);
		++*orders;
		return;
	}
	for (size_t i = 0; i < count; i++) {
		in_every_order(arena, deployments, count - 1, orders);
		size_t other = count % 2 == 0 ? i : 0;
		struct deployment swapped = deployments[other];
		deployments[other] = deployments[count - 1];
		deployments[count - 1] = swapped;
	}
}

static void the_order_of_the_list_means_nothing(void **state)
{
	struct arena arena = {0};
	struct deployment deployments[LISTED_COUNT];
	size_t orders = 0;
	(void)state;
	memcpy(deployments, listed, sizeof listed);
	in_every_order(&arena, deployments, LISTED_COUNT, &orders);
	assert_int_equal(orders, 120);
	arena_release(&arena);
}

static void an_empty_list_selects_nothing(void **state)
{
	struct arena arena = {0};
	struct listing listing = {0};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct selection selection =
			selection_make(&arena, &listing, &cases[i].selector, TEXT("c1"), text_of(cases[i].pinned));
		assert_int_equal(selection.count, 0);
		assert_int_equal(selection.foreign, 0);
	}
	arena_release(&arena);
}

static void a_wrong_chain_selects_nothing(void **state)
{
	struct arena arena = {0};
	struct listing listing = {.deployments = listed, .count = LISTED_COUNT};
	struct selector all = {.kind = SELECT_ALL, .since = {SINCE_ANY, 0}};
	(void)state;
	struct selection selection = selection_make(&arena, &listing, &all, (struct text){0}, (struct text){0});
	assert_int_equal(selection.count, 0);
	assert_int_equal(selection.foreign, LISTED_COUNT);
	arena_release(&arena);
}

static void the_newest_is_found_whatever_is_pinned(void **state)
{
	struct listing listing = {.deployments = listed, .count = LISTED_COUNT};
	struct selector latest = {.kind = SELECT_LATEST, .since = {SINCE_ANY, 0}};
	(void)state;
	assert_ptr_equal(selection_newest(&listing, &latest, TEXT("c1")), &listed[2]);
	assert_ptr_equal(selection_newest(&listing, &latest, TEXT("c2")), &listed[4]);
	assert_null(selection_newest(&listing, &latest, TEXT("c3")));
	latest.since = (struct since){SINCE_MOMENT, 4 * DAY + 1};
	assert_null(selection_newest(&listing, &latest, TEXT("c1")));
}

static const struct {
	const char *text;
	bool ok;
	struct since since;
} sinces[] = {
	{"any", true, {SINCE_ANY, 0}},
	{"10m", true, {SINCE_AGO, 10 * NS_PER_MINUTE}},
	{"0s", true, {SINCE_AGO, 0}},
	{"1h30m", true, {SINCE_AGO, 90 * NS_PER_MINUTE}},
	{"1970-01-02T00:00:00Z", true, {SINCE_MOMENT, DAY}},
	{"1970-01-02T01:00:00+01:00", true, {SINCE_MOMENT, DAY}},
	{"", false, {0}},
	{"Any", false, {0}},
	{"any ", false, {0}},
	{"-10m", false, {0}},
	{"10", false, {0}},
	{"1.5h", false, {0}},
	{"yesterday", false, {0}},
	{"1970-01-02", false, {0}},
	{"1970-01-02T00:00:00", false, {0}},
};

static void since_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof sinces / sizeof *sinces; i++) {
		struct since since = {SINCE_MOMENT, -77};
		assert_int_equal(since_parse(text_of(sinces[i].text), &since), sinces[i].ok);
		struct since expected = sinces[i].ok ? sinces[i].since : (struct since){SINCE_MOMENT, -77};
		assert_int_equal(since.kind, expected.kind);
		assert_int_equal(since.ns, expected.ns);
	}
}

static void since_ago_becomes_a_moment(void **state)
{
	(void)state;
	struct since since = since_resolve((struct since){SINCE_AGO, DAY}, 3 * DAY);
	assert_int_equal(since.kind, SINCE_MOMENT);
	assert_int_equal(since.ns, 2 * DAY);
	since = since_resolve((struct since){SINCE_AGO, INT64_MAX}, -2);
	assert_int_equal(since.kind, SINCE_MOMENT);
	assert_true(since.ns == INT64_MIN);
	since = since_resolve((struct since){SINCE_AGO, INT64_MAX}, -1);
	assert_true(since.ns == INT64_MIN);
	since = since_resolve((struct since){SINCE_MOMENT, 5}, 3 * DAY);
	assert_int_equal(since.ns, 5);
	assert_int_equal(since_resolve((struct since){SINCE_ANY, 0}, DAY).kind, SINCE_ANY);
	assert_int_equal(since_resolve((struct since){0}, DAY).kind, SINCE_NOT_GIVEN);
}

static void all_but_a_deployment_need_a_since(void **state)
{
	(void)state;
	for (int kind = SELECT_NOTHING; kind <= SELECT_ALL; kind++) {
		struct selector selector = {.kind = (enum selector_kind)kind};
		assert_int_equal(selector_needs_since(&selector), kind >= SELECT_ENVIRONMENT);
		selector.since.kind = SINCE_ANY;
		assert_false(selector_needs_since(&selector));
	}
}

/* ---- roles ------------------------------------------------------------------------------------------------------ */

/* An environment that serves `current` and is being promoted to `candidate`; empty: none. */
static void a_role_selects_from_the_environment_alone(void **state)
{
	static const struct {
		const char *current, *candidate, *environment;
		enum environment_role role;
		const char *expected, *pinned, *selected;
	} rows[] = {
		{"aa", "bb", "staging", ROLE_CURRENT, "", "", "aa"},
		{"aa", "bb", "staging", ROLE_CANDIDATE, "", "", "bb"},
		{"aa", "", "staging", ROLE_CANDIDATE, "", "", ""},
		{"", "bb", "staging", ROLE_CURRENT, "", "", ""},
		{"aa", "bb", "Staging", ROLE_CURRENT, "", "", ""},
		{"aa", "bb", "", ROLE_CURRENT, "", "", ""},
		/* only the expected one */
		{"aa", "bb", "staging", ROLE_CURRENT, "aa", "", "aa"},
		{"aa", "bb", "staging", ROLE_CURRENT, "bb", "", ""},
		{"aa", "", "staging", ROLE_CURRENT, "a", "", ""},
		/* a candidate that was selected stays so if it is served, and no other candidate came */
		{"bb", "", "staging", ROLE_CANDIDATE, "", "bb", "bb"},
		{"bb", "aa", "staging", ROLE_CANDIDATE, "", "bb", "aa"},
		{"aa", "", "staging", ROLE_CANDIDATE, "", "bb", ""},
		{"bb", "", "production", ROLE_CANDIDATE, "", "bb", ""},
		{"bb", "", "staging", ROLE_CURRENT, "aa", "aa", ""},
	};
	struct arena arena = {0};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct environment environment = {.name = TEXT("staging"),
						  .chain_id = TEXT("c1"),
						  .current = text_of(rows[i].current),
						  .candidate = text_of(rows[i].candidate)};
		struct deployment shown[2] = {{.chain_id = TEXT("c1"), .shown_by = &environment},
					      {.chain_id = TEXT("c1"), .shown_by = &environment}};
		struct listing listing = {.deployments = shown, .environment = &environment};
		if (environment.current.length)
			shown[listing.count++].id = environment.current;
		if (environment.candidate.length)
			shown[listing.count++].id = environment.candidate;
		struct selector selector = {.kind = SELECT_ENVIRONMENT,
					    .value = text_of(rows[i].environment),
					    .since = {.kind = SINCE_ANY},
					    .role = rows[i].role,
					    .expected = text_of(rows[i].expected)};
		struct selection selection =
			selection_make(&arena, &listing, &selector, TEXT("c1"), text_of(rows[i].pinned));
		if (selection.count != (rows[i].selected[0] != '\0'))
			fail_msg("row %zu: %zu are selected", i, selection.count);
		if (selection.count)
			assert_true(text_is(selection.deployments[0]->id, rows[i].selected));
		/* The same deployments in a list, which has no roles, or asked for in another chain. */
		assert_int_equal(selection_make(&arena, &listing, &selector, TEXT("c2"), (struct text){0}).count, 0);
		shown[0].shown_by = shown[1].shown_by = NULL;
		assert_int_equal(selection_make(&arena, &listing, &selector, TEXT("c1"), text_of(rows[i].pinned)).count,
				 0);
	}
	arena_release(&arena);
}

/* Only a role in an environment needs the environment's own answer. */
static void a_role_asks_for_its_environment(void **state)
{
	static const enum selector_kind others[] = {SELECT_NOTHING, SELECT_DEPLOYMENT, SELECT_LATEST, SELECT_ALL};
	struct selector selector = {.kind = SELECT_ENVIRONMENT, .value = TEXT("prod")};
	(void)state;
	assert_int_equal(selector_environment(&selector).length, 0);
	for (selector.role = ROLE_CURRENT; selector.role <= ROLE_CANDIDATE; selector.role++) {
		selector.kind = SELECT_ENVIRONMENT;
		assert_true(text_is(selector_environment(&selector), "prod"));
		for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
			selector.kind = others[i];
			assert_int_equal(selector_environment(&selector).length, 0);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_role_asks_for_its_environment),
		cmocka_unit_test(a_role_selects_from_the_environment_alone),
		cmocka_unit_test(each_selection_picks_its_deployments),
		cmocka_unit_test(the_order_of_the_list_means_nothing),
		cmocka_unit_test(an_empty_list_selects_nothing),
		cmocka_unit_test(a_wrong_chain_selects_nothing),
		cmocka_unit_test(the_newest_is_found_whatever_is_pinned),
		cmocka_unit_test(since_is_read),
		cmocka_unit_test(since_ago_becomes_a_moment),
		cmocka_unit_test(all_but_a_deployment_need_a_since),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
