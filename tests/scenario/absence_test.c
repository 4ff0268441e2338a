/* absence_test.c - what was there, is gone for a while, and comes back: what the gate must not remember. */
#include "script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define UP "q1 ACTIVE: A ACTIVE 2/2"
#define BOTH UP "; p1 ACTIVE @prod: A ACTIVE 2/2"
#define OWN_STATUS "wait: {discover_for: 10m}\nrules: [{assert: all chainlets have status_for >= 45s, within: 5m}]"
#define BASELINE_STATUS \
	"wait: {discover_for: 10m}\nbaseline: {environment: prod}\nrules:\n" \
	"  - {assert: all chainlets have baseline.status_for >= 45s, within: 5m}"
#define LOADING "q1 LOADING_MODEL: A LOADING_MODEL 0/2"
#define HIGHER UP "; p1 ACTIVE @prod: A ACTIVE 3/3"
#define COMPARED \
	"baseline: {environment: prod}\nrules:\n  - all chainlets ACTIVE\n" \
	"  - {assert: min_replica >= baseline.min_replica, if_missing: skip"

static const struct timed_story stories[] = {
	/* status_for counts what was seen without an absence */
	{"status_for: an empty list begins it again",
	 {.policy = OWN_STATUS, .steps = {{0, UP}, {20, ""}, {50, UP}}},
	 VERDICT_PASSED,
	 100},
	{"status_for: a 404 begins it again",
	 {.policy = OWN_STATUS, .steps = {{0, UP}, {20, "!404"}, {50, UP}}},
	 VERDICT_PASSED,
	 100},
	{"status_for: a chain that is missing from the list of chains begins it again",
	 {.policy = OWN_STATUS, .steps = {{0, UP}, {20, "!nochain"}, {50, UP}}},
	 VERDICT_PASSED,
	 100},
	{"status_for: an error doesn't begin it again",
	 {.policy = OWN_STATUS, .steps = {{0, UP}, {20, "!503"}, {50, UP}}},
	 VERDICT_PASSED,
	 80},
	{"status_for: the baseline's, after a 404",
	 {.policy = BASELINE_STATUS, .steps = {{0, BOTH}, {20, "!404"}, {50, BOTH}}},
	 VERDICT_PASSED,
	 100},
	{"status_for: the baseline's, after a list without it",
	 {.policy = BASELINE_STATUS, .steps = {{0, BOTH}, {20, UP}, {50, BOTH}}},
	 VERDICT_PASSED,
	 100},
	/* if_missing: skip needs a baseline, or a counterpart, that is missing for as long as the target must be stable */
	{"skip: one list without the baseline skips no rule that is false",
	 {.policy = COMPARED ", within: 20s}", .steps = {{0, HIGHER}, {40, UP}, {50, HIGHER}}},
	 VERDICT_FAILED,
	 50},
	{"skip: lists without the baseline, for as long as stable_for, skip it",
	 {.policy = COMPARED ", within: 3m}", .steps = {{0, HIGHER}, {40, UP}}},
	 VERDICT_PASSED,
	 70},
	{"skip: the time without the baseline is counted anew after a list with it",
	 {.policy = COMPARED ", within: 3m}", .steps = {{0, HIGHER}, {40, UP}, {60, HIGHER}, {70, UP}}},
	 VERDICT_PASSED,
	 100},
	{"skip: the time without the baseline is counted before the target is stable, too",
	 {.policy = COMPARED "}", .steps = {{0, LOADING}, {20, UP}}},
	 VERDICT_PASSED,
	 50},
	{"skip: a rule that waits for a missing baseline is unknown at the deadline",
	 {.policy = COMPARED ", within: 20s}", .timeout = 61, .steps = {{0, HIGHER}, {40, UP}}},
	 VERDICT_UNDECIDED,
	 61},
	{"skip: one list in which the counterpart is missing skips no rule that is false",
	 {.policy = COMPARED ", within: 20s}",
	  .steps = {{0, HIGHER}, {40, UP "; p1 ACTIVE @prod: B ACTIVE 3/3"}, {50, HIGHER}}},
	 VERDICT_FAILED,
	 50},
	{"skip: errors don't count as time without the baseline",
	 {.policy = COMPARED ", within: 3m}", .steps = {{0, HIGHER}, {30, UP}, {40, "!503"}, {60, UP}}},
	 VERDICT_PASSED,
	 80}, /* the gap of 30 s around the errors counts as 15 s */
	{"skip: after a hole the time without the baseline is counted anew",
	 {.policy = COMPARED ", within: 5m}", .steps = {{0, HIGHER}, {30, UP}, {40, "!503"}, {70, UP}}},
	 VERDICT_PASSED,
	 100},
	{"skip: without stable_for, a rule that is false isn't skipped by one list without the baseline",
	 {.policy = "wait: {stable_for: 0s}\n" COMPARED ", within: 1m}", .steps = {{0, HIGHER}, {10, UP}}},
	 VERDICT_PASSED,
	 20},
	{"skip: without stable_for, nor one that was false before it was unknown",
	 {.policy = "wait: {stable_for: 0s}\n" COMPARED ", within: 1m}",
	  .steps = {{0, HIGHER}, {10, UP "; p1 ACTIVE @prod: A ACTIVE null"}, {20, UP}}},
	 VERDICT_PASSED,
	 30},
	{"skip: without stable_for, nor one that was false before the target was stable",
	 {.policy = "wait: {stable_for: 0s}\n" COMPARED "}",
	  .steps = {{0, LOADING "; p1 ACTIVE @prod: A ACTIVE 3/3"}, {30, UP}, {40, HIGHER}}},
	 VERDICT_FAILED,
	 40},
	{"skip: without stable_for, a rule that held is skipped by one list without the baseline",
	 {.policy = "wait: {stable_for: 0s}\n" COMPARED "}",
	  .steps = {{0, LOADING "; p1 ACTIVE @prod: A ACTIVE 1/1"}, {30, UP}}},
	 VERDICT_PASSED,
	 30},
	{"skip: without stable_for, a rule that was never false is skipped at once",
	 {.policy = "wait: {stable_for: 0s}\n" COMPARED ", within: 1m}", .steps = {{0, UP}}},
	 VERDICT_PASSED,
	 0},
	{"skip: a single snapshot without the baseline skips the rule",
	 {.policy = COMPARED "}", .timeout = -1, .steps = {{0, UP}}},
	 VERDICT_PASSED,
	 0},
	{"skip: one list without the baseline skips no never that is true",
	 {.policy = "baseline: {environment: prod}\nrules:\n  - all chainlets ACTIVE\n"
		    "  - {never: any chainlet has min_replica < baseline.min_replica, if_missing: skip, tolerate: 45s}",
	  .steps = {{0, HIGHER}, {30, UP}, {40, HIGHER}}},
	 VERDICT_FAILED,
	 50},
	{"skip: `when` skips at once",
	 {.policy = "rules:\n  - {assert: active_replica_count >= 2, when: active_replica_count != 1, within: 1m}\n"
		    "  - all chainlets ACTIVE",
	  .steps = {{0, "q1 ACTIVE: A ACTIVE 0/2"}, {40, "q1 ACTIVE: A ACTIVE 1/2"}}},
	 VERDICT_PASSED,
	 40},
};

static void test_stories(void **state)
{
	(void)state;
	expect_stories(stories, sizeof(stories) / sizeof(stories[0]));
}

/* The baseline's chain answers each time, but its answers don't count while the target's own chain has a 404: a status that
 * is the same before and after may have been another one in between. */
static void test_a_404_forgets_another_chain_too(void **state)
{
	static const char *const rules[] = {"all chainlets have status_for >= 45s",
					    "all chainlets have baseline.status_for >= 45s"};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct arena arena = {0};
		struct script script = {
			.policy = arena_printf(&arena,
					       "wait: {stable_for: 0s}\nbaseline: {chain: other, deployment: b1}\n"
					       "rules: [{assert: %s, within: 4m}]",
					       rules[i])};
		struct run run;
		run_prepare(&run, &script);
		run.gate = gate_new(&run.plan);
		for (int at = 0; at <= 80; at += 10) {
			struct observation seen = observation_write(&run.memory, at, at == 30 ? "!404" : UP);
			if (seen.listing)
				seen.baseline_listing = listing_write(&run.memory, "b1 ACTIVE: A ACTIVE 1/1");
			seen.baseline_at_ns = seen.at_ns;
			gate_observe(run.gate, 0, &seen);
			gate_settle(run.gate, seen.at_ns);
			assert_false(gate_target_done(run.gate, 0));
		}
		struct observation seen = observation_write(&run.memory, 90, UP);
		seen.baseline_listing = listing_write(&run.memory, "b1 ACTIVE: A ACTIVE 1/1");
		seen.baseline_at_ns = seen.at_ns;
		gate_observe(run.gate, 0, &seen);
		gate_settle(run.gate, seen.at_ns);
		assert_int_equal(gate_target_result(run.gate, 0)->verdict, VERDICT_PASSED);
		gate_free(run.gate);
		arena_release(&run.memory);
		arena_release(&arena);
	}
}

/* Nobody saw the baseline missing during a hole, nor missing for the deployment that is selected now. */
static void test_a_missing_baseline_is_counted_anew(void **state)
{
	static const struct {
		double at;
		const char *sees;
		enum rule_finding finding;
	} rows[] = {{40, "q1 ACTIVE @new: A ACTIVE 2/2", FINDING_SKIPPED},
		    {75, "q1 ACTIVE @new: A ACTIVE 2/2", FINDING_OPEN},
		    {40, "q2 ACTIVE @new: A ACTIVE 2/2", FINDING_OPEN}};
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct script script = {
			.policy = "wait: {timeout: 5m}\n" COMPARED "}\n  - {assert: min_replica > 2, within: 4m}",
			.selector = {.kind = SELECT_ENVIRONMENT, .value = {"new", 3}, .since.kind = SINCE_ANY}};
		struct run run;
		run_prepare(&run, &script);
		run.gate = gate_new(&run.plan);
		for (int at = 0; at <= 30; at += 10) {
			struct observation seen = observation_write(&run.memory, at, rows[0].sees);
			gate_observe(run.gate, 0, &seen);
		}
		assert_int_equal(gate_target_result(run.gate, 0)->rules[1].finding, FINDING_SKIPPED);
		struct observation seen = observation_write(&run.memory, rows[i].at, rows[i].sees);
		gate_observe(run.gate, 0, &seen);
		assert_int_equal(gate_target_result(run.gate, 0)->rules[1].finding, rows[i].finding);
		gate_free(run.gate);
		arena_release(&run.memory);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stories),
		cmocka_unit_test(test_a_404_forgets_another_chain_too),
		cmocka_unit_test(test_a_missing_baseline_is_counted_anew),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
