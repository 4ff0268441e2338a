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

static const struct story {
	const char *name;
	struct script script;
	enum verdict verdict;
	double at;
} stories[] = {
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
};

static void test_stories(void **state)
{
	size_t wrong = 0;
	(void)state;
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		struct run run;
		run_script(&run, &stories[i].script);
		double at = (double)run.target->at_ns / 1e9;
		if (run.target->verdict != stories[i].verdict || at != stories[i].at) {
			printf("%s: %s at %g s, expected %s at %g s\n", stories[i].name,
			       verdict_name(run.target->verdict), at, verdict_name(stories[i].verdict), stories[i].at);
			wrong++;
		}
		run_release(&run);
	}
	assert_int_equal(wrong, 0);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stories),
		cmocka_unit_test(test_a_404_forgets_another_chain_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
