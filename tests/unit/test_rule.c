/* test_rule.c - what a rule says of itself: which fields, statuses and durations it asks for, and what it needs. The
 * checks of a policy depend on it. */
#include "chaingate/glob.h"
#include "chaingate/rule.h"
#include "chaingate/times.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct arena memory;

static const struct rule *parsed_text(struct text words)
{
	struct rule_context context = {.has_baseline = true};
	struct diags diags = {.arena = &memory};
	struct excerpt *excerpt = ARENA_NEW(&memory, struct excerpt);
	*excerpt = excerpt_of(source_make(&memory, "rule", words));
	const struct rule *rule = rule_parse(&memory, excerpt, &context, &diags);
	assert_int_equal(rule == NULL, diags.errors > 0);
	return rule;
}

static const struct rule *parsed(const char *words)
{
	return parsed_text(text_of(words));
}

static const struct rule *parse(const char *words)
{
	const struct rule *rule = parsed(words);
	if (!rule)
		fail_msg("%s", words);
	return rule;
}

static int clean(void **state)
{
	(void)state;
	arena_release(&memory);
	return 0;
}

/* ---- what it needs ---------------------------------------------------------------------------------------------- */

static const struct {
	const char *rule;
	bool asks, asks_of_baseline, uses_baseline, uses_missing;
} needs[] = {
	{"all chainlets ACTIVE", false, false, false, false},
	{"environment == \"a\"", false, false, false, false},
	{"not environment.promoting", true, false, false, false},
	{"all chainlets have not deployment.environment.promoting", true, false, false, false},
	{"any deployment where environment.redeploys is ACTIVE", true, false, false, false},
	{"count(deployments where environment.promoting) == 1", true, false, false, false},
	{"all deployments have not baseline.deployment.environment.promoting", false, true, true, false},
	{"all deployments have environment.promoting or baseline.deployment.environment.promoting", true, true, true,
	 false},
	{"min_replica >= baseline.min_replica", false, false, true, false},
	{"no baseline chainlet is missing", false, false, true, true},
	{"all baseline chainlets where min_replica > 0 have not missing", false, false, true, true},
	{"all baseline chainlets have counterpart.min_replica >= min_replica", false, false, true, false},
	{"count(baseline chainlets where missing) <= 1", false, false, true, true},
};

static void a_rule_tells_what_it_needs(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		const struct rule *rule = parse(needs[i].rule);
		if (rule_asks_environment(rule, false) != needs[i].asks ||
		    rule_asks_environment(rule, true) != needs[i].asks_of_baseline ||
		    rule_uses_baseline(rule) != needs[i].uses_baseline ||
		    rule_uses_missing(rule) != needs[i].uses_missing)
			fail_msg("%s", needs[i].rule);
	}
}

/* ---- statuses --------------------------------------------------------------------------------------------------- */

/* Wherever a status can stand. */
static const struct {
	const char *before, *after;
} places[] = {
	{"all chainlets ", ""},
	{"no chainlet is ", ""},
	{"all chainlets in [ACTIVE, ", "]"},
	{"any chainlet not in [", ", BUILDING]"},
	{"any chainlet where status == ", " has min_replica > 1"},
	{"all chainlets have min_replica > 1 or (max_replica > 2 and not status == ", ")"},
	{"all chainlets have status != ", ""},
	{"count(chainlets where status == ", ") > 1"},
	{"sum(min_replica of chainlets where status in [", "]) > 1"},
	{"count(chainlets) - 1 > 2 * count(chainlets where min_replica > 1 and status == ", ")"},
};

static void a_status_is_found_wherever_a_rule_names_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		for (enum status status = STATUS_UNKNOWN + 1; status < STATUS_COUNT; status++) {
			const struct rule *rule = parse(arena_printf(&memory, "%s%s%s", places[i].before,
								     status_name(status), places[i].after));
			if (!rule_names_status(rule, status))
				fail_msg("%s isn't found in: %s…%s", status_name(status), places[i].before,
					 places[i].after);
		}
}

static void no_other_status_is_found(void **state)
{
	(void)state;
	for (enum status status = STATUS_UNKNOWN + 1; status < STATUS_COUNT; status++) {
		const struct rule *rule = parse("no chainlet where name like \"FAILED*\" is in idle");
		const struct rule *of_class = parse("count(chainlets where status in failed) <= 1");
		bool is_failed = status_class(status) == CLASS_FAILED;
		assert_int_equal(rule_names_status(rule, status), status_class(status) == CLASS_IDLE);
		assert_int_equal(rule_names_status(of_class, status), is_failed);
	}
	assert_false(rule_names_status(parse("min_replica > 1"), STATUS_FAILED));
}

/* ---- durations -------------------------------------------------------------------------------------------------- */

static const struct {
	const char *rule;
	int64_t longest_s;
} durations[] = {
	{"all chainlets ACTIVE", 0},
	{"all chainlets have status_for >= 5m", 300},
	{"all chainlets have status_for > 5m", 300},
	{"all chainlets have 5m <= status_for", 300},
	{"all chainlets have 5m < status_for", 300},
	{"all deployments have status_for >= 5m", 300},
	{"all chainlets have deployment.status_for >= 5m", 300},
	{"any chainlet has status_for >= 5m and status_for > 6m", 360},
	{"any chainlet has 6m < status_for and not status_for >= 5m", 360},
	{"any chainlet has status_for >= 2m or (min_replica > 1 and status_for >= 7m)", 420},
	/* upper limits, and other fields */
	{"all chainlets have status_for <= 5m", 0},
	{"all chainlets have status_for < 5m", 0},
	{"all chainlets have 5m >= status_for", 0},
	{"all chainlets have 5m > status_for", 0},
	{"all chainlets have status_for == 5m", 0},
	{"all chainlets have scale_down_delay >= 5m", 0},
	{"all chainlets have baseline.status_for >= 5m", 0},
	{"all chainlets have status_for >= scale_down_delay", 0},
};

static void the_longest_status_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(durations) / sizeof(durations[0]); i++)
		if (rule_status_for_ns(parse(durations[i].rule)) != durations[i].longest_s * NS_PER_S)
			fail_msg("%s", durations[i].rule);
}

/* ---- rollouts --------------------------------------------------------------------------------------------------- */

static const struct {
	const char *rule;
	enum rollout rollout;
} rollouts[] = {
	{"all chainlets ACTIVE", ROLLOUT_AT_END},
	{"no chainlet in failed", ROLLOUT_AT_END},
	{"count(chainlets where status == ACTIVE) > 0", ROLLOUT_AT_END},
	{"any chainlet BUILDING", ROLLOUT_ON_THE_WAY},
	{"any chainlet has active_replica_count < 1", ROLLOUT_ON_THE_WAY},
	/* what depends on more than the statuses isn't certain at any time */
	{"min_replica >= 1", ROLLOUT_NEVER},
	{"any chainlet UNHEALTHY", ROLLOUT_NEVER},
	{"at least 1 deployment ACTIVE", ROLLOUT_NEVER},
	{"no baseline chainlet is missing", ROLLOUT_NEVER},
	{"all baseline chainlets have not missing", ROLLOUT_NEVER},
	{"all chainlets have not new", ROLLOUT_NEVER},
	{"any chainlet is new", ROLLOUT_NEVER},
};

static void a_rollout_is_told_by_its_statuses_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rollouts) / sizeof(rollouts[0]); i++)
		if (rule_on_rollout(parse(rollouts[i].rule), NULL, false) != rollouts[i].rollout)
			fail_msg("%s", rollouts[i].rule);
}

/* ---- texts ------------------------------------------------------------------------------------------------------ */

static void a_text_ends_in_its_own_line(void **state)
{
	static const char *const refused[] = {"name == \"\nRouter\"", "name == \"Rou\nter\"", "name == \"Router\n\"",
					      "name == '\nRouter'",   "name == \"Router",     "name == \""};
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		assert_null(parsed(refused[i]));
	assert_non_null(parsed("name ==\n\"Router\""));
}

/* What stands side by side isn't nested, however often. */
static void only_what_is_nested_counts_as_depth(void **state)
{
	(void)state;
	static const char *const parts[] = {
		"count(chainlets) > 0", "(min_replica > 0)",     "-1 < min_replica",
		"not (name == \"A\")",  "min_replica in [1, 2]",
	};
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct buf words = buf_make(RULE_BYTES_MAX);
		for (size_t j = 0; j < RULE_DEPTH_MAX + 2; j++) {
			buf_add_string(&words, j ? " and " : "");
			buf_add_string(&words, parts[i]);
		}
		parse(arena_text(&memory, buf_text(&words)).bytes);
		buf_release(&words);
	}
}

/* Reports say "2 of 3 chainlets are not ACTIVE". */
static const struct {
	const char *rule, *words;
} bodies[] = {
	{"all chainlets ACTIVE", "ACTIVE"},
	{"all chainlets not ACTIVE", "not ACTIVE"},
	{"no chainlet failed", "failed"},
	{"no chainlet where min_replica > 1 is UNHEALTHY", "UNHEALTHY"},
	{"at least 2 deployments ready", "ready"},
	{"all chainlets have min_replica > 1", ""},
	{"count(chainlets) > 1", ""},
};

static void the_statuses_that_a_rule_is_about_are_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct evidence evidence;
		rule_judge(parse(bodies[i].rule), &(struct view){0}, &memory, &evidence);
		if (!text_is(evidence.status_body, bodies[i].words))
			fail_msg("%s: '%.*s'", bodies[i].rule, TEXT_ARG(evidence.status_body));
	}
}

/* A caller shows the reason. */
static void a_wrong_glob_has_a_reason(void **state)
{
	static const char *const wrong[] = {"[", "rag[", "rag-[a", "[a-", "[]", "[!]", "rag*\\"};
	static const char *const right[] = {"rag", "rag\\[", "rag*", "[a]?", "[!a]"};
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *why = NULL;
		assert_null(glob_make(&memory, text_of(wrong[i]), &why));
		assert_true(why && strlen(why) > 5);
		assert_true(glob_is_one(text_of(wrong[i])));
		assert_string_equal(glob_mistake(&memory, text_of(wrong[i])), why);
	}
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		assert_null(glob_mistake(&memory, text_of(right[i])));
}

/* A policy is UTF-8, but --set isn't: what can't be printed and read again is no text. */
static void a_text_is_utf8(void **state)
{
	static const char *const bad[] = {"name == \"\x88\"", "name == 'a\xc3'", "name like \"\xed\xa0\x80*\"",
					  "name in [\"a\", \"\xf8\"]", "label.\"\xff\" is null"};
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_null(parsed(bad[i]));
	assert_non_null(parsed("name == \"\xc3\xa4\""));
}

/* YAML's "\0" is a byte of a rule, but no rule could be written that means it: "\u{0}" is refused. */
static void a_text_has_no_zero(void **state)
{
	static const char *const bad[] = {"name == \"a#b\"", "name like 'Ht#*'", "name matches \"#\"",
					  "label.\"team#\" == \"x\"", "name in [\"a\", \"b#\"]"};
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char *words = arena_string(&memory, bad[i]);
		size_t length = strlen(words);
		assert_non_null(parsed_text((struct text){words, length}));
		*strchr(words, '#') = '\0';
		assert_null(parsed_text((struct text){words, length}));
	}
	assert_null(parsed("name == \"a\\u{0}b\""));
}

/* Models have different names, so they are compared whatever they are called; chainlets only if they are called the
 * same. A chain isn't compared with a model. */
static void models_are_compared_by_any_name(void **state)
{
	static const struct {
		enum target_kind of, of_baseline;
		const char *name;
		enum truth value;
	} pairs[] = {
		{TARGET_MODEL, TARGET_MODEL, "b", TRUTH_TRUE},    {TARGET_MODEL, TARGET_MODEL, "m", TRUTH_TRUE},
		{TARGET_CHAIN, TARGET_CHAIN, "m", TRUTH_TRUE},    {TARGET_CHAIN, TARGET_CHAIN, "b", TRUTH_UNKNOWN},
		{TARGET_MODEL, TARGET_CHAIN, "b", TRUTH_UNKNOWN}, {TARGET_CHAIN, TARGET_MODEL, "b", TRUTH_UNKNOWN},
	};
	(void)state;
	const struct rule *rule = parse("all chainlets have active_replica_count > baseline.active_replica_count");
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const struct chainlet more = {.id = TEXT("1"), .name = TEXT("m"), .active_replica_count = 2};
		const struct chainlet less = {
			.id = TEXT("2"), .name = text_of(pairs[i].name), .active_replica_count = 1};
		const struct deployment judged = {.of = pairs[i].of, .chainlets = &more, .chainlet_count = 1};
		const struct deployment with = {.of = pairs[i].of_baseline, .chainlets = &less, .chainlet_count = 1};
		const struct deployment *selected = &judged;
		const struct view view = {.deployments = &selected, .count = 1, .baseline.deployment = &with};
		if (rule_judge(rule, &view, &memory, NULL).value != pairs[i].value)
			fail_msg("pair %zu", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_text_has_no_zero, clean),
		cmocka_unit_test_teardown(a_text_is_utf8, clean),
		cmocka_unit_test_teardown(a_rule_tells_what_it_needs, clean),
		cmocka_unit_test_teardown(a_status_is_found_wherever_a_rule_names_it, clean),
		cmocka_unit_test_teardown(no_other_status_is_found, clean),
		cmocka_unit_test_teardown(the_longest_status_is_found, clean),
		cmocka_unit_test_teardown(a_rollout_is_told_by_its_statuses_alone, clean),
		cmocka_unit_test_teardown(a_text_ends_in_its_own_line, clean),
		cmocka_unit_test_teardown(only_what_is_nested_counts_as_depth, clean),
		cmocka_unit_test_teardown(the_statuses_that_a_rule_is_about_are_told, clean),
		cmocka_unit_test_teardown(a_wrong_glob_has_a_reason, clean),
		cmocka_unit_test_teardown(models_are_compared_by_any_name, clean),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
