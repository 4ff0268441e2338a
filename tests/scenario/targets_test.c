/* targets_test.c - several targets in one run: none passes alone, each is watched until the run ends, and each may
 * have its own deadline. */
#include "script.h"

#include "chaingate/diag.h"
#include "chaingate/source.h"
#include "chaingate/times.h"
#include "chaingate/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TARGETS 2
#define UP "q1 ACTIVE: A ACTIVE 2/2"
#define LOADING "q1 LOADING_MODEL: A LOADING_MODEL 0/2"
#define SICK "q1 UNHEALTHY: A UNHEALTHY 2/2"
#define FAILED "q1 FAILED: A FAILED 0/2"

struct story {
	const char *name;
	double timeouts[TARGETS]; /* of the targets, in seconds; 0: the run's, an hour */
	const char *rules;
	struct step steps[TARGETS][6];
	enum verdict verdict; /* of the run */
	double at;
	enum verdict each[TARGETS]; /* of each target */
};

static const struct story stories[] = {
	{"the run passes when both targets pass",
	 {0, 0},
	 "all chainlets ACTIVE",
	 {{{0, UP}}, {{0, LOADING}, {100, UP}}},
	 VERDICT_PASSED,
	 130,
	 {VERDICT_PASSED, VERDICT_PASSED}},
	{"the second target passes first, is watched until the first does, and fails",
	 {0, 0},
	 "all chainlets ACTIVE",
	 {{{0, LOADING}, {200, UP}}, {{0, UP}, {100, SICK}}},
	 VERDICT_FAILED,
	 230,
	 {VERDICT_PASSED, VERDICT_FAILED}},
	{"the first target passes first, is watched until the second does, and fails",
	 {0, 0},
	 "all chainlets ACTIVE",
	 {{{0, UP}, {100, SICK}}, {{0, LOADING}, {200, UP}}},
	 VERDICT_FAILED,
	 230,
	 {VERDICT_FAILED, VERDICT_PASSED}},
	{"after one target has failed, the run waits for the other",
	 {0, 0},
	 "all chainlets ACTIVE",
	 {{{0, FAILED}}, {{0, LOADING}, {100, UP}}},
	 VERDICT_FAILED,
	 130,
	 {VERDICT_FAILED, VERDICT_PASSED}},
	{"a target times out at its own deadline",
	 {60, 0},
	 "all chainlets ACTIVE",
	 {{{0, LOADING}, {50, UP}}, {{0, UP}}},
	 VERDICT_TIMED_OUT,
	 60,
	 {VERDICT_TIMED_OUT, VERDICT_PASSED}},
	{"a target keeps its pass after its own deadline",
	 {60, 0},
	 "all chainlets ACTIVE",
	 {{{0, UP}}, {{0, LOADING}, {200, UP}}},
	 VERDICT_PASSED,
	 230,
	 {VERDICT_PASSED, VERDICT_PASSED}},
	{"a target loses its pass after its own deadline, and gets it back",
	 {60, 0},
	 "all chainlets ACTIVE",
	 {{{0, UP}, {150, LOADING}, {160, UP}}, {{0, LOADING}, {300, UP}}},
	 VERDICT_PASSED,
	 330,
	 {VERDICT_PASSED, VERDICT_PASSED}},
	{"a target gets its pass back after the other target passes",
	 {60, 0},
	 "all chainlets ACTIVE",
	 {{{0, UP}, {150, LOADING}, {400, UP}}, {{0, LOADING}, {300, UP}}},
	 VERDICT_PASSED,
	 430,
	 {VERDICT_PASSED, VERDICT_PASSED}},
	{"a target loses its pass after its own deadline, and times out",
	 {60, 0},
	 "all chainlets ACTIVE",
	 {{{0, UP}, {150, LOADING}}, {{0, LOADING}, {300, UP}}},
	 VERDICT_TIMED_OUT,
	 3600,
	 {VERDICT_TIMED_OUT, VERDICT_PASSED}},
	{"a target loses its pass after its own deadline, and fails",
	 {60, 0},
	 "all chainlets ACTIVE",
	 {{{0, UP}, {150, SICK}}, {{0, LOADING}, {300, UP}}},
	 VERDICT_FAILED,
	 330,
	 {VERDICT_FAILED, VERDICT_PASSED}},
	{"each chain has its own schedule: a failure counts that comes before the other chain is asked again",
	 {0, 0},
	 "all chainlets ACTIVE, {never: any chainlet FAILED}",
	 {{{0, "!503+120"}, {20, UP}}, {{0, "q1 BUILDING: A BUILDING 0/2"}, {20, FAILED}, {60, UP}}},
	 VERDICT_FAILED,
	 150,
	 {VERDICT_PASSED, VERDICT_FAILED}},
	{"a refusal ends the targets without a verdict, after both were observed at that moment",
	 {0, 0},
	 "all chainlets ACTIVE",
	 {{{0, "!401"}}, {{0, FAILED}}},
	 VERDICT_FAILED,
	 0,
	 {VERDICT_UNREACHABLE, VERDICT_FAILED}},
	{"a refusal of the second target doesn't change the first one's failure",
	 {0, 0},
	 "all chainlets ACTIVE",
	 {{{0, FAILED}}, {{0, "!401"}}},
	 VERDICT_FAILED,
	 0,
	 {VERDICT_FAILED, VERDICT_UNREACHABLE}},
	{"a target keeps its pass after its own deadline in spite of an error",
	 {60, 0},
	 "all chainlets ACTIVE",
	 {{{0, UP}, {150, "!503"}, {160, UP}}, {{0, LOADING}, {300, UP}}},
	 VERDICT_PASSED,
	 330,
	 {VERDICT_PASSED, VERDICT_PASSED}},
	{"a key that one chain refuses ends all targets",
	 {0, 0},
	 "all chainlets ACTIVE",
	 {{{0, "!401"}}, {{0, UP}}},
	 VERDICT_UNREACHABLE,
	 0,
	 {VERDICT_UNREACHABLE, VERDICT_UNREACHABLE}},
	{"a run with an unreachable and a timed-out target is unreachable",
	 {0, 60},
	 "all chainlets ACTIVE",
	 {{{0, "!tls"}}, {{0, LOADING}}},
	 VERDICT_UNREACHABLE,
	 60,
	 {VERDICT_UNREACHABLE, VERDICT_TIMED_OUT}},
	{"a run with a failed and an unreachable target has failed",
	 {0, 0},
	 "all chainlets ACTIVE",
	 {{{0, "!tls"}}, {{0, FAILED}}},
	 VERDICT_FAILED,
	 0,
	 {VERDICT_UNREACHABLE, VERDICT_FAILED}},
};

struct telling {
	struct arena arena;
	const struct story *story;
	struct gate_target targets[TARGETS];
	struct gate_plan plan;
};

/* `more`: lines of the policy. */
static void prepare_with(struct telling *t, const struct story *story, double timeout, const char *more)
{
	struct diags diags = {.arena = &t->arena};
	const char *yaml = arena_printf(&t->arena, "version: 1\nrules: [%s]\n%s\n", story->rules, more);
	const struct policy *policy =
		policy_load(&t->arena, source_make(&t->arena, "story", text_of(yaml)), NULL, &diags);
	assert_non_null(policy);
	const struct policy_rule **rules =
		ARENA_ARRAY(&t->arena, const struct policy_rule *, policy->targets[0].rule_count);
	for (size_t i = 0; i < policy->targets[0].rule_count; i++)
		rules[i] = &policy->targets[0].rules[i];
	struct policy_wait wait = policy->wait;
	wait.timeout_ns = (int64_t)timeout * NS_PER_S;
	for (size_t i = 0; i < TARGETS; i++)
		t->targets[i] = (struct gate_target){
			.name = i ? TEXT("second") : TEXT("first"),
			.chain = i ? TEXT("two") : TEXT("one"),
			.selector = {.kind = SELECT_DEPLOYMENT, .value = TEXT("q1")},
			.baseline = policy->targets[0].baseline,
			.timeout_ns = story->timeouts[i] > 0 ? (int64_t)story->timeouts[i] * NS_PER_S : wait.timeout_ns,
			.rules = rules,
			.rule_count = policy->targets[0].rule_count};
	t->story = story;
	t->plan = (struct gate_plan){
		.targets = t->targets, .target_count = TARGETS, .wait = wait, .start_wall_ns = SCRIPT_WALL_NS};
}

static void prepare(struct telling *t, const struct story *story, double timeout)
{
	prepare_with(t, story, timeout, "");
}

static struct driver_answer see(void *context, size_t target, int64_t at_ns)
{
	struct telling *t = context;
	const struct step *steps = t->story->steps[target], *step = steps;
	for (size_t i = 0; steps[i].sees; i++)
		if ((int64_t)(steps[i].at * 1e9) <= at_ns)
			step = &steps[i];
	struct observation seen = observation_write(&t->arena, 0, step->sees);
	return (struct driver_answer){.chain_id = TEXT(SCRIPT_CHAIN), .listing = seen.listing, .miss = seen.miss};
}

static void test_stories(void **state)
{
	size_t wrong = 0;
	(void)state;
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		struct telling t = {.story = NULL};
		const struct story *story = &stories[i];
		prepare(&t, story, 3600);
		struct driver *driver = driver_new(&t.plan, DRIVER_EXACT);
		trial_play(driver, see, &t);
		const struct gate_result *result = gate_result(driver_gate(driver));
		bool right = result->verdict == story->verdict && result->at_ns == (int64_t)story->at * NS_PER_S &&
			     result->targets[0].verdict == story->each[0] &&
			     result->targets[1].verdict == story->each[1];
		if (!right)
			printf("%s: %s at %g s (%s, %s)\n", story->name, verdict_name(result->verdict),
			       (double)result->at_ns / 1e9, verdict_name(result->targets[0].verdict),
			       verdict_name(result->targets[1].verdict));
		wrong += !right;
		driver_free(driver);
		arena_release(&t.arena);
	}
	assert_int_equal(wrong, 0);
}

/* With timeout 0 the gate judges one snapshot of each target, although chains answer one after the other. */
static void test_single_snapshot_of_each(void **state)
{
	struct telling t = {.story = NULL};
	(void)state;
	prepare(&t, &stories[0], 0);
	struct gate *gate = gate_new(&t.plan);
	for (size_t i = 0; i < TARGETS; i++) {
		struct observation observation = observation_write(&t.arena, (double)i, UP);
		assert_false(gate_done(gate));
		gate_observe(gate, i, &observation);
		gate_settle(gate, observation.at_ns);
	}
	assert_true(gate_done(gate));
	assert_int_equal(gate_result(gate)->verdict, VERDICT_PASSED);
	gate_free(gate);
	arena_release(&t.arena);
}

/* If a run is interrupted while one target has a pass, the result says that this target waits for nothing. It had an old
 * pass before, which waited for an answer. */
static void test_interrupted_while_passing(void **state)
{
	struct telling t = {.story = NULL};
	(void)state;
	prepare(&t, &stories[0], 3600);
	struct gate *gate = gate_new(&t.plan);
	for (int64_t second = 0; second <= 240; second += second == 60 ? 110 : 10)
		for (size_t i = 0; i < TARGETS; i++) {
			struct observation observation = observation_write(&t.arena, (double)second, i ? LOADING : UP);
			gate_settle(gate, observation.at_ns);
			gate_observe(gate, i, &observation);
			gate_settle(gate, observation.at_ns);
		}
	gate_interrupt(gate, 241 * NS_PER_S, 2);
	const struct gate_result *result = gate_result(gate);
	assert_int_equal(result->targets[0].verdict, VERDICT_INTERRUPTED);
	assert_int_equal(result->targets[0].waiting, WAITING_NOTHING);
	assert_int_equal(result->targets[1].waiting, WAITING_REST);
	gate_free(gate);
	arena_release(&t.arena);
}

static void look(struct telling *t, struct gate *gate, size_t target, int64_t at_ns, const char *notation)
{
	struct observation observation = observation_write(&t->arena, 0, notation);
	observation.at_ns = at_ns;
	gate_observe(gate, target, &observation);
	gate_settle(gate, at_ns);
}

/* A process that was stopped, or an answer that hangs: the first target may have failed long ago. It passes only if its last
 * look is no older than what counts as unbroken for stability, here three and a half intervals of 12 s. */
static void test_an_old_pass_does_not_count(void **state)
{
	static const struct {
		int64_t at_ns;    /* of the second target's pass */
		const char *then; /* what the first one shows 1 s later */
		enum verdict verdict;
	} rows[] = {
		{48 * NS_PER_S, NULL, VERDICT_PASSED},
		{48 * NS_PER_S + 1, FAILED, VERDICT_FAILED},
		{48 * NS_PER_S + 1, UP, VERDICT_PASSED},
		{48 * NS_PER_S + 1, "!503", VERDICT_NONE},
	};
	static const struct story story = {.rules = "all chainlets ACTIVE"};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct telling t = {.story = NULL};
		prepare_with(&t, &story, 300, "wait: {stable_for: 0s, interval: 12s}");
		struct gate *gate = gate_new(&t.plan);
		look(&t, gate, 0, 6 * NS_PER_S, UP);
		look(&t, gate, 1, rows[i].at_ns, UP);
		assert_int_equal(gate_done(gate), rows[i].then == NULL);
		if (rows[i].then) {
			assert_int_equal(gate_target_result(gate, 0)->waiting, WAITING_ANSWER);
			look(&t, gate, 0, rows[i].at_ns + NS_PER_S, rows[i].then);
		}
		assert_int_equal(gate_result(gate)->verdict, rows[i].verdict);
		gate_free(gate);
		arena_release(&t.arena);
	}
}

/* The run's deadline doesn't turn an old pass into a verdict, nor does the target's own. */
static void test_an_old_pass_at_a_deadline_is_timed_out(void **state)
{
	static const struct {
		double own_s;
		int64_t deadline_s, last_s;
		enum verdict verdict;
	} rows[] = {
		{0, 300, 265, VERDICT_PASSED},
		{0, 300, 264, VERDICT_TIMED_OUT},
		{100, 100, 65, VERDICT_NONE}, /* it is watched on */
		{100, 100, 64, VERDICT_TIMED_OUT},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct story story = {.rules = "all chainlets ACTIVE", .timeouts = {rows[i].own_s, 0}};
		struct telling t = {.story = NULL};
		prepare_with(&t, &story, 300, "wait: {stable_for: 0s, interval: 10s}");
		struct gate *gate = gate_new(&t.plan);
		look(&t, gate, 0, rows[i].last_s * NS_PER_S, UP);
		look(&t, gate, 1, rows[i].last_s * NS_PER_S, LOADING);
		gate_deadline(gate, rows[i].deadline_s * NS_PER_S);
		assert_int_equal(gate_target_result(gate, 0)->verdict, rows[i].verdict);
		if (rows[i].verdict == VERDICT_TIMED_OUT) {
			assert_int_equal(gate_target_result(gate, 0)->waiting, WAITING_ANSWER);
			assert_int_equal(gate_target_result(gate, 0)->waiting_since_ns, rows[i].last_s * NS_PER_S);
		}
		gate_free(gate);
		arena_release(&t.arena);
	}
}

/* The evidence of a failed warning is kept, whatever comes later. */
static void test_failed_warning_is_kept(void **state)
{
	static const struct script script = {.policy =
						     "rules:\n  - {assert: all chainlets ACTIVE, hold: 2m}\n  - "
						     "{assert: active_replica_count >= min_replica, severity: warning}",
					     .steps = {{0, "q1 ACTIVE: A ACTIVE 1/2"}, {60, UP}}};
	struct run run;
	(void)state;
	run_script(&run, &script);
	assert_int_equal(run.target->verdict, VERDICT_PASSED);
	assert_int_equal(run.target->rules[1].outcome, RULE_FAIL);
	assert_int_equal(run.target->rules[1].last, TRUTH_FALSE);
	assert_int_equal(run.target->rules[1].last_at_ns, 30 * NS_PER_S);
	run_release(&run);
}

/* If a baseline's chain doesn't answer, the poll is an error: a deployment that wasn't seen must not count as
 * missing, nor as unchanged. */
static void test_baseline_that_does_not_answer(void **state)
{
	struct telling t = {.story = NULL};
	(void)state;
	prepare(&t, &stories[0], 3600);
	t.targets[0].baseline = (struct policy_baseline){
		.given = true, .chain = TEXT("two"), .selector = {.kind = SELECT_DEPLOYMENT, .value = TEXT("q1")}};
	t.plan.target_count = 1;
	struct driver *driver = driver_new(&t.plan, DRIVER_EXACT);
	for (int i = 0; i < 3; i++) {
		struct driver_answer own = {.at_ns = i * 10 * NS_PER_S,
					    .chain_id = TEXT(SCRIPT_CHAIN),
					    .listing = listing_write(&t.arena, UP)};
		struct driver_answer other = own;
		other.chain_id = TEXT(SCRIPT_CHAIN "x");
		if (i == 1) {
			other.listing = NULL;
			other.miss = miss_write(&t.arena, "!503");
		}
		assert_false(driver_answered(driver, 0, &own, 0));
		assert_true(driver_answered(driver, 1, &other, 0));
		assert_int_equal(gate_result(driver_gate(driver))->targets[0].misses, i >= 1);
	}
	driver_free(driver);
	arena_release(&t.arena);
}

/* The listing of another chain, with one deployment. */
static const struct listing *listing_of_chain(struct arena *arena, struct text chain_id, const char *notation)
{
	struct listing *listing = ARENA_NEW(arena, struct listing);
	struct deployment *deployment = ARENA_NEW(arena, struct deployment);
	*listing = *listing_write(arena, notation);
	assert_int_equal(listing->count, 1);
	*deployment = listing->deployments[0];
	deployment->chain_id = chain_id;
	listing->deployments = deployment;
	return listing;
}

/* The baseline's status_for is counted from its own chain's answers, however late these are compared with the
 * target's. */
static void test_age_of_a_baseline(void **state)
{
	static const struct story story = {
		.rules = "{assert: all chainlets have baseline.status_for >= 45s, within: 2m}"};
	struct telling t = {.story = NULL};
	(void)state;
	prepare_with(&t, &story, 3600, "baseline: {chain: two, deployment: q1}");
	t.plan.target_count = 1;
	struct driver *driver = driver_new(&t.plan, DRIVER_EXACT);
	for (int64_t second = 0; second <= 60; second += 10) {
		assert_false(gate_done(driver_gate(driver))); /* at 50 s: it has been seen for 42 s */
		for (size_t c = 0; c < 2; c++) {
			struct driver_answer answer = {.at_ns = second * NS_PER_S,
						       .chain_id = c ? TEXT(SCRIPT_CHAIN "x") : TEXT(SCRIPT_CHAIN)};
			if (c && second == 0)
				answer.at_ns = 8 * NS_PER_S;
			answer.listing = listing_of_chain(&t.arena, answer.chain_id, UP);
			driver_answered(driver, c, &answer, 0);
		}
	}
	driver_pass(driver, 61 * NS_PER_S);
	assert_int_equal(gate_result(driver_gate(driver))->verdict, VERDICT_PASSED);
	driver_free(driver);
	arena_release(&t.arena);
}

/* ---- a refused key, in a group of three chains ------------------------------------------------------------------- */

/* The first target needs the chains one and two, the second two and three, so all three are one group. They share the
 * key, so a refusal by one chain confirms a refusal by another. */
#define CHAINS 3
#define REFUSED "!401"
static const struct refusal {
	const char *name;
	const char *rounds[5][CHAINS]; /* the last one repeats */
	enum verdict verdict;
	double at;
} refusals[] = {
	{"one refusal doesn't matter", {{UP, UP, UP}, {UP, REFUSED, UP}, {UP, UP, UP}}, VERDICT_PASSED, 40},
	{"one refusal in the first round doesn't matter if another chain gave a list",
	 {{REFUSED, UP, UP}, {UP, UP, UP}},
	 VERDICT_PASSED,
	 40},
	{"before any list", {{REFUSED, "!503", "!404"}, {UP, UP, UP}}, VERDICT_UNREACHABLE, 0},
	{"before any list, by the chain of a baseline alone, while the target's own has an error",
	 {{"!503", "!503", REFUSED}, {UP, UP, UP}},
	 VERDICT_UNREACHABLE,
	 0},
	{"by another chain in the next round, which another target needs",
	 {{UP, UP, UP}, {REFUSED, UP, UP}, {UP, UP, REFUSED}, {UP, UP, UP}},
	 VERDICT_UNREACHABLE,
	 20},
	{"answers of all chains between two refusals undo the first one",
	 {{UP, UP, UP}, {REFUSED, UP, UP}, {UP, UP, UP}, {UP, UP, REFUSED}, {UP, UP, UP}},
	 VERDICT_PASSED,
	 40},
	{"an error of the chain between two refusals doesn't undo the first one",
	 {{UP, UP, UP}, {REFUSED, UP, UP}, {"!503", UP, UP}, {REFUSED, UP, UP}, {UP, UP, UP}},
	 VERDICT_UNREACHABLE,
	 30},
	{"an answer of the chain undoes its refusal, even if another chain has an error",
	 {{UP, UP, UP}, {REFUSED, UP, UP}, {UP, "!503", UP}, {REFUSED, UP, UP}, {UP, UP, UP}},
	 VERDICT_PASSED,
	 70},
	{"a 404 of the chain undoes its refusal, too",
	 {{UP, UP, UP}, {UP, UP, REFUSED}, {UP, UP, "!404"}, {UP, UP, REFUSED}, {UP, UP, UP}},
	 VERDICT_PASSED,
	 40},
};

struct refusal_telling {
	struct telling telling;
	const struct refusal *refusal;
};

static struct driver_answer see_refusal(void *context, size_t chain, int64_t at_ns)
{
	static const char *const ids[CHAINS] = {"id-one", "id-two", "id-three"};
	struct refusal_telling *t = context;
	size_t round = 0;
	while (round + 1 < 5 && t->refusal->rounds[round + 1][0] && (int64_t)(round + 1) * 10 * NS_PER_S <= at_ns)
		round++;
	struct driver_answer answer = {.chain_id = text_of(ids[chain])};
	const char *notation = t->refusal->rounds[round][chain];
	if (*notation == '!')
		answer.miss = miss_write(&t->telling.arena, notation);
	else
		answer.listing = listing_of_chain(&t->telling.arena, answer.chain_id, notation);
	return answer;
}

static void test_refusals_of_a_group(void **state)
{
	static const struct story story = {.rules = "all chainlets ACTIVE"};
	size_t wrong = 0;
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct refusal_telling t = {.refusal = &refusals[i]};
		prepare(&t.telling, &story, 3600);
		for (size_t j = 0; j < TARGETS; j++)
			t.telling.targets[j].baseline =
				(struct policy_baseline){.given = true,
							 .chain = j ? TEXT("three") : TEXT("two"),
							 .selector = {.kind = SELECT_DEPLOYMENT, .value = TEXT("q1")}};
		struct driver *driver = driver_new(&t.telling.plan, DRIVER_EXACT);
		trial_play(driver, see_refusal, &t);
		const struct gate_result *result = gate_result(driver_gate(driver));
		bool right =
			result->verdict == refusals[i].verdict && result->at_ns == (int64_t)refusals[i].at * NS_PER_S;
		if (!right)
			printf("%s: %s at %g s\n", refusals[i].name, verdict_name(result->verdict),
			       (double)result->at_ns / 1e9);
		wrong += !right;
		driver_free(driver);
		arena_release(&t.telling.arena);
	}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stories),
		cmocka_unit_test(test_single_snapshot_of_each),
		cmocka_unit_test(test_interrupted_while_passing),
		cmocka_unit_test(test_an_old_pass_does_not_count),
		cmocka_unit_test(test_an_old_pass_at_a_deadline_is_timed_out),
		cmocka_unit_test(test_failed_warning_is_kept),
		cmocka_unit_test(test_baseline_that_does_not_answer),
		cmocka_unit_test(test_age_of_a_baseline),
		cmocka_unit_test(test_refusals_of_a_group),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
