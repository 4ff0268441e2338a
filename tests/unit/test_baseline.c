/* test_baseline.c - which deployment is the baseline, and what is said if there is none: whoever reads it must see what to
 * change. */
#include "chaingate/diag.h"
#include "chaingate/driver.h"
#include "chaingate/policy.h"
#include "chaingate/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct chainlet chainlet = {.id = {"a1", 2}, .name = {"A", 1}, .ordinal = 1};

#define DEPLOYMENT(ID, ENVIRONMENT, CHAINLETS) \
	{ \
		.id = {ID, sizeof(ID) - 1}, .chain_id = {"c1", 2}, .status = STATUS_ACTIVE, \
		.status_word = {"ACTIVE", 6}, .has_environment = sizeof(ENVIRONMENT) > 1, \
		.environment = {ENVIRONMENT, sizeof(ENVIRONMENT) - 1}, .chainlets = &chainlet, \
		.chainlet_count = CHAINLETS \
	}

static const struct deployment deployments[] = {
	DEPLOYMENT("q1", "production", 1),
	DEPLOYMENT("q2", "staging", 1),
	DEPLOYMENT("q3", "staging", 1),
	DEPLOYMENT("q4", "empty", 0),
};

static const struct listing all = {.deployments = deployments, .count = 4, .ordinals = 8};
static const struct listing none = {0};
static const struct environment lonely = {.name = {"production", 10}, .chain_id = {"c1", 2}};
static const struct listing of_environment = {.environment = &lonely};

#define IN(NAME, ROLE) \
	{ \
		.kind = SELECT_ENVIRONMENT, .value = {NAME, sizeof(NAME) - 1}, .role = ROLE, .since.kind = SINCE_ANY \
	}
#define ID(WHICH) \
	{ \
		.kind = SELECT_DEPLOYMENT, .value = {WHICH, sizeof(WHICH) - 1}, .since.kind = SINCE_ANY \
	}

static const struct {
	struct selector selector;
	const struct listing *listing;
	const char *found;  /* its id; NULL: there is none … */
	const char *why[3]; /* … and these are said */
	const char *unsaid;
} cases[] = {
	{IN("production", ROLE_ANY), &all, "q1", {NULL}, NULL},
	{ID("q2"), &all, "q2", {NULL}, NULL},
	{ID("q9"), &all, NULL, {"no deployment 'q9' is listed; ", "'q3' (in 'staging')", "'q4'"}, NULL},
	{ID("q9"), &none, NULL, {"no deployment 'q9' is listed; "}, NULL},
	{{.kind = SELECT_LATEST, .since.kind = SINCE_ANY}, &none, NULL, {"no deployment is listed"}, NULL},
	{IN("prod", ROLE_ANY), &all, NULL, {"no deployment is in environment 'prod'; ", "production", "staging"}, NULL},
	{IN("staging", ROLE_ANY), &all, NULL, {"2 deployments are in environment 'staging': it is not clear"}, ";"},
	{IN("empty", ROLE_ANY), &all, NULL, {"deployment 'q4' lists no chainlets"}, NULL},
	/* the answer about an environment says all there is */
	{IN("production", ROLE_CURRENT),
	 &of_environment,
	 NULL,
	 {"environment 'production' has no current deployment"},
	 ";"},
	{IN("production", ROLE_CANDIDATE),
	 &of_environment,
	 NULL,
	 {"environment 'production' has no candidate"},
	 "deployment"},
};

static void the_only_one_is_found_or_it_is_said_why_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena arena = {0};
		struct selection selection = {0};
		struct policy_baseline wanted = {.given = true, .selector = cases[i].selector};
		struct baseline baseline =
			gate_baseline_pick(&arena, &wanted, cases[i].listing, TEXT("c1"), false, &selection);
		const char *why = arena_text(&arena, baseline.why_missing).bytes;
		if (cases[i].found) {
			assert_non_null(baseline.deployment);
			assert_true(text_is(baseline.deployment->id, cases[i].found));
			assert_int_equal(baseline.why_missing.length, 0);
		} else {
			assert_null(baseline.deployment);
			for (size_t j = 0; j < 3 && cases[i].why[j]; j++)
				if (!strstr(why, cases[i].why[j]))
					fail_msg("'%s' isn't in: %s", cases[i].why[j], why);
			if (cases[i].unsaid && strstr(why, cases[i].unsaid))
				fail_msg("'%s' is in: %s", cases[i].unsaid, why);
		}
		arena_release(&arena);
	}
}

static void the_baseline_is_not_judged(void **state)
{
	const struct deployment *judged[] = {&deployments[1], &deployments[0]};
	(void)state;
	for (int is_all = 0; is_all < 2; is_all++) {
		struct arena arena = {0};
		struct selection selection = {.deployments = judged, .count = 2};
		struct policy_baseline wanted = {.given = true, .selector = IN("production", ROLE_ANY)};
		struct baseline baseline = gate_baseline_pick(&arena, &wanted, &all, TEXT("c1"), is_all, &selection);
		assert_int_equal(baseline.deployment != NULL, is_all);
		assert_int_equal(selection.count, is_all ? 1 : 2);
		assert_ptr_equal(selection.deployments[0], &deployments[1]);
		if (!is_all)
			assert_non_null(strstr(arena_text(&arena, baseline.why_missing).bytes,
					       "deployment 'q1' is itself judged"));
		arena_release(&arena);
	}
}

/* If it isn't clear which of several is meant, all of them are what is compared with, and none is what is judged. */
static void with_all_none_that_matches_is_judged(void **state)
{
	const struct deployment *judged[] = {&deployments[1], &deployments[0], &deployments[2], &deployments[3]};
	(void)state;
	for (int is_all = 0; is_all < 2; is_all++) {
		struct arena arena = {0};
		struct selection selection = {.deployments = judged, .count = 4};
		struct policy_baseline wanted = {.given = true, .selector = IN("staging", ROLE_ANY)};
		struct baseline baseline = gate_baseline_pick(&arena, &wanted, &all, TEXT("c1"), is_all, &selection);
		assert_null(baseline.deployment);
		assert_non_null(strstr(arena_text(&arena, baseline.why_missing).bytes, "2 deployments are in"));
		assert_int_equal(selection.count, is_all ? 2 : 4);
		assert_ptr_equal(selection.deployments[0], &deployments[is_all ? 0 : 1]);
		assert_ptr_equal(selection.deployments[selection.count - 1], &deployments[3]);
		arena_release(&arena);
	}
}

/* The API's ids may have quotes themselves: they must not seem to end early. */
static void ids_with_quotes_do_not_end_early(void **state)
{
	static const struct deployment odd[] = {DEPLOYMENT("q'1", "a", 1), DEPLOYMENT("q' lists nothing", "b", 0)};
	static const struct listing listing = {.deployments = odd, .count = 2, .ordinals = 8};
	static const struct {
		struct selector selector;
		const char *why;
	} rows[] = {
		{IN("a", ROLE_ANY), "deployment \"q'1\" is itself judged, so it cannot be the baseline"},
		{IN("b", ROLE_ANY), "deployment \"q' lists nothing\" lists no chainlets to compare with"},
	};
	const struct deployment *judged[] = {&odd[0]};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct arena arena = {0};
		struct selection selection = {.deployments = judged, .count = 1};
		struct policy_baseline wanted = {.given = true, .selector = rows[i].selector};
		struct baseline baseline = gate_baseline_pick(&arena, &wanted, &listing, TEXT("c1"), false, &selection);
		assert_string_equal(arena_text(&arena, baseline.why_missing).bytes, rows[i].why);
		arena_release(&arena);
	}
}

static struct driver *driver_of(struct arena *arena, const char *target)
{
	struct diags diags = {.arena = arena};
	const char *yaml =
		arena_printf(arena, "version: 1\ntargets: [{name: t, %s}]\nrules: [all chainlets ACTIVE]\n", target);
	const struct policy *policy = policy_load(arena, source_make(arena, "policy", text_of(yaml)), NULL, &diags);
	assert_non_null(policy);
	struct plan_overrides overrides = {.wait = policy->wait};
	return driver_new(plan_make(arena, policy, &overrides), DRIVER_EXACT);
}

/* What the API said about the chain or environment that isn't there is said; if it said nothing, what was asked for. */
static void what_is_absent_is_named(void **state)
{
	static const struct {
		const char *target, *detail, *said;
	} rows[] = {
		{"chain: one, deployment: q1, baseline: {chain: two, deployment: q2}",
		 "no chain is called two, but tvo is", "there is no baseline: no chain is called two, but tvo is"},
		{"chain: one, deployment: q1, baseline: {chain: two, deployment: q2}", "",
		 "there is no baseline: there is no chain 'two'"},
		{"chain: one, deployment: q1, baseline: {environment: prod, role: current}", "",
		 "there is no baseline: there is no environment 'prod' of the chain 'one'"},
		{"chain: one, deployment: q1, baseline: {chain: two, environment: prod, role: current}", "",
		 "there is no baseline: there is no environment 'prod' of the chain 'two'"},
		{"model: m, deployment: q1, baseline: {environment: prod, role: current}", "",
		 "there is no baseline: there is no environment 'prod' of the model 'm'"},
		{"chain: one, deployment: q1, baseline: {chain: \"two's\", environment: \"pr'od\", role: current}", "",
		 "there is no baseline: there is no environment \"pr'od\" of the chain \"two's\""},
		{"chain: one, deployment: q1, baseline: {chain: \"two's\", deployment: q2}", "",
		 "there is no baseline: there is no chain \"two's\""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = {0};
		struct driver *driver = driver_of(&arena, rows[i].target);
		size_t count, said = 0;
		struct driver_answer own = {.chain_id = TEXT("c1"), .listing = &all};
		struct driver_answer absent = {.miss = {.cause = MISS_NO_CHAIN, .detail = text_of(rows[i].detail)}};
		driver_answered(driver, 0, &own, 0);
		driver_answered(driver, 1, &absent, 0);
		const struct gate_event *events = gate_events(driver_gate(driver), &count);
		for (size_t j = 0; j < count; j++)
			said += events[j].kind == EVENT_NOTE && text_is(events[j].to, rows[i].said);
		if (said != 1)
			fail_msg("%zu times: %s", said, rows[i].said);
		driver_free(driver);
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_only_one_is_found_or_it_is_said_why_not),
		cmocka_unit_test(the_baseline_is_not_judged),
		cmocka_unit_test(with_all_none_that_matches_is_judged),
		cmocka_unit_test(ids_with_quotes_do_not_end_early),
		cmocka_unit_test(what_is_absent_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
