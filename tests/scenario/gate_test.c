/* gate_test.c - single snapshots, told to the gate itself: what a hole between two of them is, what a rule says of one, and
 * which changes are told. */
#include "script.h"

#include "chaingate/times.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define S(seconds) ((int64_t)(seconds)*NS_PER_S)
#define ACTIVE "q1 ACTIVE: A ACTIVE 1/1, B ACTIVE 1/1"

/* ---- time ------------------------------------------------------------------------------------------------------- */

/* Three and a half intervals, at least 35 s, may pass unseen; of them one and a half count. */
static void test_a_hole_begins_after_three_and_a_half_intervals(void **state)
{
	static const struct {
		const char *policy;
		int64_t gap_ns;
		bool is_stable;
	} cases[] = {
		{"wait: {interval: 10s, stable_for: 15s}\nrules: [all chainlets ACTIVE]", S(35), true},
		{"wait: {interval: 10s, stable_for: 15s}\nrules: [all chainlets ACTIVE]", S(35) + 1, false},
		{"wait: {interval: 10s, stable_for: 16s}\nrules: [all chainlets ACTIVE]", S(35), false},
		{"wait: {interval: 1s, stable_for: 2s}\nrules: [all chainlets ACTIVE]", S(35), true},
		{"wait: {interval: 1s, stable_for: 2s}\nrules: [all chainlets ACTIVE]", S(35) + 1, false},
		{"wait: {interval: 1s, stable_for: 3s}\nrules: [all chainlets ACTIVE]", S(35), false},
		{"wait: {interval: 20s, stable_for: 30s}\nrules: [all chainlets ACTIVE]", S(70), true},
		{"wait: {interval: 20s, stable_for: 30s}\nrules: [all chainlets ACTIVE]", S(70) + 1, false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct run run;
		run_begin(&run, cases[i].policy);
		run_sees(&run, 0, ACTIVE);
		run_sees(&run, cases[i].gap_ns, ACTIVE);
		assert_int_equal(gate_target_result(run.gate, 0)->stable, cases[i].is_stable);
		run_end(&run);
	}
}

/* ---- the API's clock -------------------------------------------------------------------------------------------- */

/* Another clock shows that all before was old: a target isn't stable any more, and a deadline doesn't find it passing. */
static void test_another_clock_begins_again(void **state)
{
	(void)state;
	for (int is_corrected = 0; is_corrected < 2; is_corrected++) {
		struct run run;
		run_begin(&run, "wait: {interval: 10s, stable_for: 20s, timeout: 1m, fail_fast: false}\n"
				"rules: [all chainlets ACTIVE, {assert: no chainlet FAILED, hold: 15s}]");
		gate_set_api_clock(run.gate, S(-3600), 0);
		for (int at = 0; at < 50; at += 10)
			run_sees(&run, S(at), ACTIVE);
		assert_true(gate_target_result(run.gate, 0)->stable);
		gate_set_api_clock(run.gate, S(is_corrected ? 0 : -3600), 0);
		gate_deadline(run.gate, S(60) + 1);
		assert_int_equal(gate_target_result(run.gate, 0)->verdict == VERDICT_PASSED, !is_corrected);
		run_end(&run);
	}
}

static void test_stability_begins_after_another_clock(void **state)
{
	struct run run;
	run_begin(&run, "wait: {interval: 10s, stable_for: 20s, timeout: 5m}\nrules: [all chainlets ACTIVE]");
	(void)state;
	gate_set_api_clock(run.gate, S(-3600), 0);
	run_sees(&run, 0, ACTIVE);
	run_sees(&run, S(10), ACTIVE);
	gate_set_api_clock(run.gate, 0, 0);
	run_sees(&run, S(20), ACTIVE);
	run_sees(&run, S(30), ACTIVE);
	assert_false(gate_target_result(run.gate, 0)->stable);
	run_sees(&run, S(40), ACTIVE);
	assert_true(gate_target_result(run.gate, 0)->stable);
	run_end(&run);
}

/* With the old clock, q1 was young enough for `since`. */
static void test_another_clock_moves_since(void **state)
{
	static const char listed[] = "q1 ACTIVE ^-1800: A ACTIVE 1/1";
	struct run run;
	struct script script = {.policy = "rules: [all chainlets ACTIVE]",
				.selector = {.kind = SELECT_LATEST, .since = {SINCE_AGO, S(600)}}};
	(void)state;
	run_prepare(&run, &script);
	run.gate = gate_new(&run.plan);
	gate_set_api_clock(run.gate, S(-3600), 0);
	run_sees(&run, 0, listed);
	assert_int_equal(gate_target_result(run.gate, 0)->deployment_count, 1);
	gate_set_api_clock(run.gate, 0, 0);
	run_sees(&run, S(10), listed);
	assert_int_equal(gate_target_result(run.gate, 0)->deployment_count, 0);
	run_sees(&run, S(20), "q2 ACTIVE ^-60: A ACTIVE 1/1");
	assert_int_equal(gate_target_result(run.gate, 0)->deployment_count, 1);
	run_end(&run);
}

/* A moment that somebody wrote is one of the API's clock already. */
static void test_another_clock_moves_no_written_moment(void **state)
{
	struct run run;
	struct script script = {.policy = "rules: [all chainlets ACTIVE]",
				.selector = {.kind = SELECT_LATEST, .since = {SINCE_MOMENT, SCRIPT_WALL_NS + S(-600)}}};
	(void)state;
	run_prepare(&run, &script);
	run.gate = gate_new(&run.plan);
	for (int64_t clock_s = -3600; clock_s <= 3600; clock_s += 3600) {
		gate_set_api_clock(run.gate, S(clock_s), 0);
		run_sees(&run, S(10) + clock_s, "q1 ACTIVE ^-601: A ACTIVE 1/1");
		assert_int_equal(gate_target_result(run.gate, 0)->deployment_count, 0);
		run_sees(&run, S(10) + clock_s, "q1 ACTIVE ^-600: A ACTIVE 1/1");
		assert_int_equal(gate_target_result(run.gate, 0)->deployment_count, 1);
	}
	run_end(&run);
}

/* An old list may not have the newest deployment: neither what `latest` selected of it stays, nor is it superseded. */
static void test_another_clock_selects_the_latest_again(void **state)
{
	static const struct since rows[] = {{SINCE_AGO, S(600)}, {SINCE_ANY, 0}, {SINCE_MOMENT, 0}};
	static const char *const policies[] = {"rules: [all chainlets ACTIVE]",
					       "target: {on_superseded: fail}\nrules: [all chainlets ACTIVE]"};
	(void)state;
	for (size_t i = 0; i < 6; i++) {
		struct run run;
		struct script script = {.policy = policies[i / 3],
					.selector = {.kind = SELECT_LATEST, .since = rows[i % 3]}};
		run_prepare(&run, &script);
		run.gate = gate_new(&run.plan);
		gate_set_api_clock(run.gate, S(-300), 0);
		run_sees(&run, 0, "q1 ACTIVE ^-480: A ACTIVE 1/1");
		assert_int_equal(gate_target_result(run.gate, 0)->deployment_count, 1);
		gate_set_api_clock(run.gate, 0, 0);
		run_sees(&run, S(10), "q1 ACTIVE ^-480: A ACTIVE 1/1; q2 BUILD_FAILED ^-60: A BUILD_FAILED 0/1");
		assert_int_equal(gate_target_result(run.gate, 0)->reason, REASON_RULE_FAILED);
		run_end(&run);
	}
}

static size_t count_notes(const struct run *run, const char *words)
{
	size_t count, found = 0;
	const struct gate_event *events = gate_events(run->gate, &count);
	for (size_t i = 0; i < count; i++)
		found += events[i].kind == EVENT_NOTE && text_is(events[i].to, words);
	return found;
}

/* What was noted of the clock was about old answers. */
static void test_another_clock_takes_its_note_back(void **state)
{
	static const char was_wrong[] = "what was said of this machine's clock came from old answers";
	struct run run;
	run_begin(&run, "rules: [all chainlets ACTIVE]");
	(void)state;
	gate_set_api_clock(run.gate, S(-3600), 0);
	run_sees(&run, 0, ACTIVE);
	assert_int_equal(run_events(&run, EVENT_NOTE), 1);
	gate_set_api_clock(run.gate, 0, 0);
	run_sees(&run, S(10), "!503");
	assert_int_equal(count_notes(&run, was_wrong), 1);
	run_sees(&run, S(20), ACTIVE);
	assert_int_equal(run_events(&run, EVENT_NOTE), 2);
	gate_set_api_clock(run.gate, S(120), 0);
	run_sees(&run, S(30), ACTIVE);
	assert_int_equal(
		count_notes(&run, "this machine's clock is 2m behind the API's; ages and 'since' use the API's clock"),
		1);
	assert_int_equal(count_notes(&run, was_wrong), 1);
	run_end(&run);
}

static void sees_beside_another_chain(struct run *run, int64_t at_ns)
{
	struct observation observation = observation_write(&run->memory, 0, ACTIVE);
	observation.at_ns = observation.baseline_at_ns = at_ns;
	observation.baseline_listing = listing_write(&run->memory, "b1 ACTIVE: A ACTIVE 1/1, B ACTIVE 1/1");
	observation.baseline_chain_id = TEXT(SCRIPT_CHAIN);
	gate_observe(run->gate, 0, &observation);
	gate_settle(run->gate, at_ns);
}

/* How long a status is seen is counted again, in each chain. */
static void test_another_clock_counts_statuses_again(void **state)
{
	static const char *const rules[] = {"all chainlets have status_for >= 45s",
					    "all chainlets have baseline.status_for >= 45s"};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct run run;
		char policy[200];
		(void)snprintf(policy, sizeof(policy),
			       "wait: {interval: 10s, stable_for: 0s, timeout: 5m}\nbaseline: {chain: other, "
			       "deployment: b1}\nrules: [{assert: %s, within: 4m}]",
			       rules[i]);
		run_begin(&run, policy);
		gate_set_api_clock(run.gate, S(-3600), 0);
		for (int at = 0; at < 40; at += 10)
			sees_beside_another_chain(&run, S(at));
		gate_set_api_clock(run.gate, 0, 0);
		for (int at = 40; at < 90; at += 10) {
			sees_beside_another_chain(&run, S(at));
			assert_false(gate_target_done(run.gate, 0));
		}
		sees_beside_another_chain(&run, S(90));
		assert_int_equal(gate_target_result(run.gate, 0)->verdict, VERDICT_PASSED);
		run_end(&run);
	}
}

/* ---- one snapshot ----------------------------------------------------------------------------------------------- */

static struct rule_judged judge(struct run *run, size_t rule, const char *notation, struct evidence *evidence)
{
	const struct listing *listing = listing_write(&run->memory, notation);
	const struct deployment **selected = ARENA_ARRAY(&run->memory, const struct deployment *, listing->count);
	for (size_t i = 0; i < listing->count; i++)
		selected[i] = &listing->deployments[i];
	struct view view = {.deployments = selected, .count = listing->count};
	return rule_judge_once(run->gate_target.rules[rule], &view, &run->memory, evidence);
}

/* A chain is listed before its chainlets are: until then a never has nothing to watch, whatever its rule says. */
static void test_a_never_is_open_without_chainlets(void **state)
{
	struct run run;
	run_begin(&run, "rules:\n  - {never: count(chainlets) < 1}\n  - {never: any deployment BUILDING}\n"
			"  - {assert: count(chainlets) < 1}\n");
	(void)state;
	assert_int_equal(judge(&run, 0, "q1 BUILDING", NULL).finding, FINDING_OPEN);
	assert_int_equal(judge(&run, 1, "q1 BUILDING", NULL).finding, FINDING_OPEN);
	assert_int_equal(judge(&run, 1, "q1 BUILDING; q2 BUILDING", NULL).finding, FINDING_OPEN);
	assert_int_equal(judge(&run, 1, "q1 BUILDING; q2 BUILDING: A BUILDING 0/1", NULL).finding, FINDING_VIOLATED);
	assert_int_equal(judge(&run, 0, "q1 BUILDING: A BUILDING 0/1", NULL).finding, FINDING_HOLDS);
	assert_int_equal(judge(&run, 2, "q1 BUILDING", NULL).finding, FINDING_HOLDS);
	assert_int_equal(judge(&run, 1, "q1 NAPPING: A BUILDING 0/1", NULL).truth, TRUTH_UNKNOWN);
	run_end(&run);
}

/* What is shown of a rule that is violated is what violates it: where an assert is false, where a never is true. */
static void test_the_evidence_is_what_violates_the_rule(void **state)
{
	static const char *const rules[] = {"{never: any chainlet UNHEALTHY}", "{assert: all chainlets ACTIVE}",
					    "{assert: no chainlet UNHEALTHY}",
					    "{never: any chainlet UNHEALTHY, when: any chainlet ACTIVE}"};
	(void)state;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		struct evidence evidence;
		struct arena arena = {0};
		struct run run;
		run_begin(&run, arena_printf(&arena, "rules: [%s]", rules[i]));
		struct rule_judged judged =
			judge(&run, 0, "q1 UNHEALTHY: A ACTIVE 1/1, B UNHEALTHY 0/1, C ACTIVE 1/1", &evidence);
		assert_int_equal(judged.finding, FINDING_VIOLATED);
		assert_int_equal(evidence.item_count, 1);
		assert_true(text_is(evidence.items[0].chainlet, "B"));
		run_end(&run);
		arena_release(&arena);
	}
}

/* ---- changes ---------------------------------------------------------------------------------------------------- */

/* The last status that was told of a chainlet: from and to. */
static const struct gate_event *last_status(const struct run *run, const char *chainlet)
{
	size_t count;
	const struct gate_event *events = gate_events(run->gate, &count), *found = NULL;
	for (size_t i = 0; i < count; i++)
		if (events[i].kind == EVENT_STATUS && text_is(events[i].chainlet, chainlet))
			found = &events[i];
	return found;
}

/* Chainlets are the same by their names, wherever they stand in the list. */
static void test_a_chainlet_is_the_same_wherever_it_is_listed(void **state)
{
	static const char *const now[] = {
		"q1 ACTIVE: A ACTIVE 1/1, B ACTIVE 1/1, C ACTIVE 1/1",
		"q1 ACTIVE: C ACTIVE 1/1, B ACTIVE 1/1, A ACTIVE 1/1",
		"q1 ACTIVE: X ACTIVE 1/1, A ACTIVE 1/1, Y ACTIVE 1/1, B ACTIVE 1/1, C ACTIVE 1/1",
		"q1 ACTIVE: C ACTIVE 1/1",
	};
	(void)state;
	for (size_t i = 0; i < sizeof(now) / sizeof(now[0]); i++) {
		struct run run;
		run_begin(&run, "rules: [all chainlets ACTIVE]");
		run_sees(&run, 0, "q1 LOADING_MODEL: A ACTIVE 1/1, B ACTIVE 1/1, C LOADING_MODEL 0/1");
		run_sees(&run, S(10), now[i]);
		const struct gate_event *event = last_status(&run, "C");
		assert_true(text_is(event->from, "LOADING_MODEL"));
		assert_true(text_is(event->to, "ACTIVE"));
		run_end(&run);
	}
}

/* What was skipped isn't any more once nothing is selected: the time is up because nothing came, not because each rule was
 * skipped. */
static void test_a_skipped_rule_is_forgotten(void **state)
{
	(void)state;
	for (int is_gone = 0; is_gone < 2; is_gone++) {
		struct run run;
		run_begin(&run, "wait: {stable_for: 10s, timeout: 60s}\nrules:\n"
				"  - {assert: min_replica >= 5, when: active_replica_count >= 7}");
		for (int64_t second = 0; second <= 30; second += 10)
			run_sees(&run, S(second), ACTIVE);
		run_sees(&run, S(40), is_gone ? "" : ACTIVE);
		gate_deadline(run.gate, S(60));
		assert_int_equal(gate_target_result(run.gate, 0)->verdict,
				 is_gone ? VERDICT_TIMED_OUT : VERDICT_UNDECIDED);
		run_end(&run);
	}
}

/* What is shown of a rule is about its `when` as long as that isn't true, and about the rule itself otherwise: also if it was
 * never judged. */
static void test_a_result_is_about_what_decided_it(void **state)
{
	struct run run;
	run_begin(&run, "rules:\n  - {assert: min_replica >= 5, when: active_replica_count >= 7}");
	(void)state;
	const struct policy_rule *rule = run.gate_target.rules[0];
	run_sees(&run, 0, "!503");
	assert_false(gate_target_result(run.gate, 0)->rules[0].judged);
	assert_ptr_equal(gate_target_result(run.gate, 0)->rules[0].about, rule->expression);
	run_sees(&run, S(10), "q1 ACTIVE: A ACTIVE 1/1");
	assert_ptr_equal(gate_target_result(run.gate, 0)->rules[0].about, rule->when);
	run_sees(&run, S(20), "q1 ACTIVE: A ACTIVE 7/1");
	assert_ptr_equal(gate_target_result(run.gate, 0)->rules[0].about, rule->expression);
	assert_int_equal(gate_target_result(run.gate, 0)->rules[0].since_ns, S(20));
	run_end(&run);
}

/* A word that this version doesn't know is quoted: it could be one of ours. */
static void test_notes_quote_what_is_unknown(void **state)
{
	struct run run;
	run_begin(&run, "rules: [all chainlets ACTIVE]");
	(void)state;
	run_sees(&run, 0, "q1 ACTIVE: A NAPPING 1/1, B LOADING_MODEL 1/1");
	assert_int_equal(count_notes(&run, "A has the status 'NAPPING', which this version doesn't know"), 1);
	assert_int_equal(count_notes(&run, "deployment q1 is ACTIVE while its chainlet A is 'NAPPING'"), 1);
	assert_int_equal(count_notes(&run, "deployment q1 is ACTIVE while its chainlet B is LOADING_MODEL"), 1);
	run_end(&run);
}

/* ---- odds and ends ---------------------------------------------------------------------------------------------- */

static void test_a_code_without_a_name_is_a_defect(void **state)
{
	(void)state;
	assert_string_equal(exit_name((enum gate_exit)99), "defect");
	gate_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_hole_begins_after_three_and_a_half_intervals),
		cmocka_unit_test(test_another_clock_begins_again),
		cmocka_unit_test(test_stability_begins_after_another_clock),
		cmocka_unit_test(test_another_clock_moves_since),
		cmocka_unit_test(test_another_clock_moves_no_written_moment),
		cmocka_unit_test(test_another_clock_selects_the_latest_again),
		cmocka_unit_test(test_another_clock_takes_its_note_back),
		cmocka_unit_test(test_another_clock_counts_statuses_again),
		cmocka_unit_test(test_a_never_is_open_without_chainlets),
		cmocka_unit_test(test_the_evidence_is_what_violates_the_rule),
		cmocka_unit_test(test_a_chainlet_is_the_same_wherever_it_is_listed),
		cmocka_unit_test(test_a_skipped_rule_is_forgotten),
		cmocka_unit_test(test_a_result_is_about_what_decided_it),
		cmocka_unit_test(test_notes_quote_what_is_unknown),
		cmocka_unit_test(test_a_code_without_a_name_is_a_defect),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
