/* verdict_test.c - whole stories: each is a script with the expected verdict, time and reason. */
#include "script.h"

#include "chaingate/buf.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define BUILDING "q1 BUILDING: A BUILDING 0/1, B BUILDING 0/1"
#define LOADING "q1 LOADING_MODEL: A ACTIVE 1/1, B LOADING_MODEL 0/1"
#define ACTIVE "q1 ACTIVE: A ACTIVE 1/1, B ACTIVE 1/1"
#define BUILD_FAILED "q1 BUILD_FAILED: A BUILDING 0/1, B BUILD_FAILED null"
#define ASLEEP "q1 SCALED_TO_ZERO: A SCALED_TO_ZERO 0/0, B SCALED_TO_ZERO 0/0"

struct story {
	const char *name;
	struct script script;
	enum verdict verdict;
	enum gate_reason reason;
	double at;
};

static const struct story stories[] = {
	{"a rollout that becomes active passes after stable_for",
	 {.steps = {{0, BUILDING}, {40, LOADING}, {60, ACTIVE}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 90},
	{"a deployment that is active from the start passes only after stable_for",
	 {.steps = {{0, ACTIVE}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 30},
	{"two short violations of a never are each tolerated",
	 {.policy = "wait: {stable_for: 60s}\nrules:\n  - all chainlets ACTIVE\n"
		    "  - {never: any chainlet has active_replica_count < 1, tolerate: 20s}",
	  .steps = {{0, "q1 ACTIVE: A ACTIVE 0/1"},
		    {10, "q1 ACTIVE: A ACTIVE 1/1"},
		    {40, "q1 ACTIVE: A ACTIVE 0/1"},
		    {50, "q1 ACTIVE: A ACTIVE 1/1"}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 60},
	{"a never that is skipped doesn't delay a pass",
	 {.policy = "rules:\n  - all chainlets ACTIVE\n"
		    "  - {never: any chainlet UNHEALTHY, when: active_replica_count > 5}",
	  .steps = {{0, ACTIVE}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 30},
	{"a rollout that never becomes active times out at the deadline",
	 {.timeout = 120, .steps = {{0, LOADING}}},
	 VERDICT_TIMED_OUT,
	 REASON_DEADLINE,
	 120},
	{"the last poll of the grid before the deadline still decides",
	 {.policy = "wait: {stable_for: 20s}\nrules: [all chainlets ACTIVE]",
	  .timeout = 85,
	  .steps = {{0, BUILDING}, {60, ACTIVE}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 80},
	{"an extra poll just before the deadline decides if no poll of the grid does",
	 {.policy = "wait: {stable_for: 24s}\nrules: [all chainlets ACTIVE]",
	  .timeout = 85,
	  .steps = {{0, BUILDING}, {60, ACTIVE}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 84},
	{"stable for a second less than stable_for is not enough",
	 {.policy = "wait: {stable_for: 25s}\nrules: [all chainlets ACTIVE]",
	  .timeout = 85,
	  .steps = {{0, BUILDING}, {60, ACTIVE}}},
	 VERDICT_TIMED_OUT,
	 REASON_DEADLINE,
	 85},

	/* failures */
	{"a build that fails ends the gate at once",
	 {.steps = {{0, BUILDING}, {40, BUILD_FAILED}}},
	 VERDICT_FAILED,
	 REASON_RULE_FAILED,
	 40},
	{"without fail_fast it waits until the rest has settled",
	 {.policy = "wait: {fail_fast: false}\nrules: [all chainlets ACTIVE]",
	  .steps = {{0, BUILDING}, {40, "q1 BUILD_FAILED: A ACTIVE 1/1, B BUILD_FAILED null"}}},
	 VERDICT_FAILED,
	 REASON_RULE_FAILED,
	 70},
	{"fail_fast takes chainlets that haven't failed as unknown: one may still become active",
	 {.policy = "rules: [any chainlet ACTIVE]", .timeout = 100, .steps = {{0, BUILDING}, {40, BUILD_FAILED}}},
	 VERDICT_TIMED_OUT,
	 REASON_DEADLINE,
	 100},
	{"fail_fast doesn't shorten what a never tolerates",
	 {.policy = "rules:\n  - min_replica >= 1\n  - {never: any chainlet FAILED, tolerate: 60s}",
	  .steps = {{0, "q1 BUILDING: A BUILDING 0/1, B FAILED 0/1"}}},
	 VERDICT_FAILED,
	 REASON_RULE_FAILED,
	 70},
	{"fail_fast ends the run when no chainlet can become active any more",
	 {.policy = "rules: [any chainlet ACTIVE]",
	  .steps = {{0, BUILDING}, {40, BUILD_FAILED}, {60, "q1 FAILED: A FAILED null, B BUILD_FAILED null"}}},
	 VERDICT_FAILED,
	 REASON_RULE_FAILED,
	 60},
	{"fail_fast doesn't end the run while no rule is false",
	 {.policy = "rules: [all chainlets have min_replica >= 1, no deployment INACTIVE]",
	  .timeout = 100,
	  .steps = {{0, "q1 BUILDING: A BUILDING 0/1, B FAILED 0/1"}}},
	 VERDICT_TIMED_OUT,
	 REASON_DEADLINE,
	 100},
	{"SCALED_TO_ZERO is judged after its own stable_for",
	 {.steps = {{0, ASLEEP}}},
	 VERDICT_FAILED,
	 REASON_RULE_FAILED,
	 90},
	{"SCALED_TO_ZERO for a short time before loading isn't a failure",
	 {.steps = {{0, BUILDING}, {30, ASLEEP}, {80, LOADING}, {100, ACTIVE}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 130},
	{"UNHEALTHY may recover",
	 {.steps = {{0, "q1 UNHEALTHY: A UNHEALTHY 1/1"}, {200, "q1 ACTIVE: A ACTIVE 1/1"}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 230},
	{"UNHEALTHY for five minutes fails",
	 {.steps = {{0, "q1 UNHEALTHY: A UNHEALTHY 1/1"}}},
	 VERDICT_FAILED,
	 REASON_RULE_FAILED,
	 300},
	{"one false rule is enough",
	 {.policy = "rules: [all chainlets ACTIVE, min_replica >= 2]", .steps = {{0, ACTIVE}}},
	 VERDICT_FAILED,
	 REASON_RULE_FAILED,
	 30},

	/* must never pass */
	{"a deployment that is never listed is not found",
	 {.steps = {{0, ""}}},
	 VERDICT_UNREACHABLE,
	 REASON_DEPLOYMENT_NOT_FOUND,
	 70},
	{"another deployment isn't judged in its place",
	 {.steps = {{0, "q2 ACTIVE: A ACTIVE 1/1"}}},
	 VERDICT_UNREACHABLE,
	 REASON_DEPLOYMENT_NOT_FOUND,
	 70},
	{"a deployment without chainlets is never stable",
	 {.timeout = 100, .steps = {{0, "q1 ACTIVE"}}},
	 VERDICT_TIMED_OUT,
	 REASON_DEADLINE,
	 100},
	{"an active chainlet with null settings is never stable",
	 {.timeout = 100, .steps = {{0, "q1 ACTIVE: A ACTIVE null"}}},
	 VERDICT_TIMED_OUT,
	 REASON_DEADLINE,
	 100},
	{"a chainlet with an unknown status is never stable",
	 {.timeout = 100, .steps = {{0, "q1 ACTIVE: A PAUSED 1/1"}}},
	 VERDICT_TIMED_OUT,
	 REASON_DEADLINE,
	 100},
	{"a deployment with an unknown status is never stable",
	 {.timeout = 100, .steps = {{0, "q1 PAUSED: A ACTIVE 1/1"}}},
	 VERDICT_TIMED_OUT,
	 REASON_DEADLINE,
	 100},
	{"a deployment in progress is never stable, even if its chainlets are active",
	 {.timeout = 100, .steps = {{0, "q1 UPDATING: A ACTIVE 1/1"}}},
	 VERDICT_TIMED_OUT,
	 REASON_DEADLINE,
	 100},
	{"a rule that stays unknown is undecided",
	 {.policy = "rules: [target_utilization_percentage >= 10]", .timeout = 100, .steps = {{0, ACTIVE}}},
	 VERDICT_UNDECIDED,
	 REASON_RULES_UNKNOWN,
	 100},
	{"an unknown rule of a target that isn't stable is timed out, not undecided",
	 {.policy = "rules: [target_utilization_percentage >= 10]", .timeout = 100, .steps = {{0, LOADING}}},
	 VERDICT_TIMED_OUT,
	 REASON_DEADLINE,
	 100},
	{"a warning that holds isn't enough for a pass",
	 {.policy = "rules:\n  - {assert: all chainlets ACTIVE, severity: warning}\n  - target_utilization_percentage "
		    ">= 10",
	  .timeout = 100,
	  .steps = {{0, ACTIVE}}},
	 VERDICT_UNDECIDED,
	 REASON_RULES_UNKNOWN,
	 100},
	{"a warning that is false delays nothing",
	 {.policy = "rules:\n  - {assert: min_replica >= 9, severity: warning}\n  - all chainlets ACTIVE",
	  .steps = {{0, ACTIVE}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 30},

	/* movement */
	{"changed settings restart stable_for",
	 {.steps = {{0, ACTIVE}, {20, "q1 ACTIVE: A ACTIVE 1/2, B ACTIVE 1/1"}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 50},
	{"another instance type restarts stable_for",
	 {.steps = {{0, ACTIVE}, {20, "q1 ACTIVE: A ACTIVE 1/1 ~H100, B ACTIVE 1/1"}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 50},
	{"an added chainlet restarts stable_for",
	 {.steps = {{0, ACTIVE}, {20, "q1 ACTIVE: A ACTIVE 1/1, B ACTIVE 1/1, C ACTIVE 1/1"}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 50},
	{"changed replica counts don't restart stable_for",
	 {.steps = {{0, ACTIVE}, {20, "q1 ACTIVE: A ACTIVE 4/1, B ACTIVE 2/1"}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 30},
	{"another order of the list doesn't restart stable_for",
	 {.steps = {{0, ACTIVE}, {20, "q0 FAILED: A FAILED null; q1 ACTIVE: B ACTIVE 1/1, A ACTIVE 1/1"}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 30},
	{"a status that changes and changes back restarts stable_for",
	 {.steps = {{0, ACTIVE}, {20, LOADING}, {30, ACTIVE}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 60},
	{"a deployment that is missing for a while restarts stable_for",
	 {.steps = {{0, ACTIVE}, {20, ""}, {100, ACTIVE}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 130},

	/* finding the deployment */
	{"the gate waits for a deployment that isn't listed yet",
	 {.steps = {{0, ""}, {20, BUILDING}, {60, ACTIVE}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 90},
	{"the gate waits for a chain that doesn't exist yet",
	 {.steps = {{0, "!404"}, {20, BUILDING}, {60, ACTIVE}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 90},
	{"discover_for also counts while polls miss",
	 {.steps = {{0, ""}, {30, "!503"}, {60, ""}}},
	 VERDICT_UNREACHABLE,
	 REASON_DEPLOYMENT_NOT_FOUND,
	 70},
	{"a chain whose id stays unknown is not found",
	 {.steps = {{0, "!404"}}},
	 VERDICT_UNREACHABLE,
	 REASON_CHAIN_NOT_FOUND,
	 70},
	{"a chain whose name stays unknown is not found",
	 {.steps = {{0, "!nochain"}}},
	 VERDICT_UNREACHABLE,
	 REASON_CHAIN_NOT_FOUND,
	 70},
	{"the gate waits for an environment until the deadline",
	 {.selector = {.kind = SELECT_ENVIRONMENT, .value = {"staging", 7}}, .timeout = 200, .steps = {{0, ACTIVE}}},
	 VERDICT_TIMED_OUT,
	 REASON_DEADLINE,
	 200},
	{"an environment that gets a deployment during the run passes",
	 {.selector = {.kind = SELECT_ENVIRONMENT, .value = {"staging", 7}},
	  .steps = {{0, ACTIVE}, {100, "q1 ACTIVE @staging: A ACTIVE 1/1"}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 130},
	{"an environment that moves to another deployment restarts stable_for",
	 {.selector = {.kind = SELECT_ENVIRONMENT, .value = {"staging", 7}},
	  .steps = {{0, "q1 ACTIVE @staging: A ACTIVE 1/1"},
		    {20, "q1 ACTIVE: A ACTIVE 1/1; q2 ACTIVE @staging: A ACTIVE 1/1"}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 50},
	{"a chain that disappears is not found after unreachable_after",
	 {.steps = {{0, BUILDING}, {10, "!404"}}},
	 VERDICT_UNREACHABLE,
	 REASON_CHAIN_NOT_FOUND,
	 190},
	{"with SELECT_ALL one bad deployment fails the target",
	 {.selector = {.kind = SELECT_ALL}, .steps = {{0, ACTIVE "; q2 INACTIVE: A INACTIVE 0/1"}}},
	 VERDICT_FAILED,
	 REASON_RULE_FAILED,
	 30},

	/* misses */
	{"no answer during unreachable_after is unreachable",
	 {.steps = {{0, "!timeout"}}},
	 VERDICT_UNREACHABLE,
	 REASON_NO_ANSWER,
	 180},
	{"unreachable_after counts from the last answer",
	 {.steps = {{0, BUILDING}, {50, "!connect"}}},
	 VERDICT_UNREACHABLE,
	 REASON_NO_ANSWER,
	 220},
	{"a 404 is an answer: unreachable_after begins again",
	 {.steps = {{0, BUILDING}, {10, "!503"}, {100, "!404"}, {110, "!503"}}},
	 VERDICT_UNREACHABLE,
	 REASON_NO_ANSWER,
	 280},
	{"a refusal is an answer, too, even if none confirms it",
	 {.steps = {{0, BUILDING}, {10, "!503"}, {100, "!401"}, {110, "!503"}}},
	 VERDICT_UNREACHABLE,
	 REASON_NO_ANSWER,
	 280},
	{"an outage shorter than unreachable_after ends in a pass",
	 {.steps = {{0, BUILDING}, {20, "!503"}, {150, ACTIVE}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 180},
	{"no answer at all before the deadline is unreachable, not timed out",
	 {.timeout = 60, .steps = {{0, "!reset"}}},
	 VERDICT_UNREACHABLE,
	 REASON_NEVER_ANSWERED,
	 60},
	{"a malformed body is a miss", {.steps = {{0, "!malformed"}}}, VERDICT_UNREACHABLE, REASON_NO_ANSWER, 180},
	{"misses within a stretch don't end it",
	 {.steps = {{0, ACTIVE}, {10, "!503"}, {30, ACTIVE}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 50}, /* 15 s of the 30 were watched */
	{"misses don't extend a stretch",
	 {.steps = {{0, ACTIVE}, {10, "!503"}}},
	 VERDICT_UNREACHABLE,
	 REASON_NO_ANSWER,
	 180},
	{"a hole restarts stable_for, because nobody saw what happened",
	 {.steps = {{0, ACTIVE}, {10, "!503"}, {40, ACTIVE}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 70},
	{"a refused key ends the run at once", {.steps = {{0, "!401"}}}, VERDICT_UNREACHABLE, REASON_REFUSED, 0},
	{"the refusal of a key that worked before must be confirmed",
	 {.steps = {{0, BUILDING}, {50, "!403"}}},
	 VERDICT_UNREACHABLE,
	 REASON_REFUSED,
	 60},
	{"a single refusal of a key that worked before doesn't matter",
	 {.steps = {{0, BUILDING}, {50, "!401"}, {60, ACTIVE}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 90},
	{"a certificate that isn't trusted ends the run at once",
	 {.steps = {{0, "!tls"}}},
	 VERDICT_UNREACHABLE,
	 REASON_FINAL_MISS,
	 0},
	{"a redirect ends the run at once",
	 {.steps = {{0, BUILDING}, {20, "!302"}}},
	 VERDICT_UNREACHABLE,
	 REASON_FINAL_MISS,
	 20},
	{"status 204 ends the run at once", {.steps = {{0, "!204"}}}, VERDICT_UNREACHABLE, REASON_FINAL_MISS, 0},

	/* timeout 0 judges one snapshot */
	{"one snapshot on which the rules hold passes",
	 {.timeout = -1, .steps = {{0, ACTIVE}}},
	 VERDICT_PASSED,
	 REASON_RULES_HOLD,
	 0},
	{"one snapshot on which a rule is false fails",
	 {.timeout = -1, .steps = {{0, ASLEEP}}},
	 VERDICT_FAILED,
	 REASON_RULE_FAILED,
	 0},
	{"one snapshot that isn't at rest times out",
	 {.timeout = -1, .steps = {{0, LOADING}}},
	 VERDICT_TIMED_OUT,
	 REASON_DEADLINE,
	 0},
	{"one snapshot without the deployment times out",
	 {.timeout = -1, .steps = {{0, ""}}},
	 VERDICT_TIMED_OUT,
	 REASON_DEADLINE,
	 0},
	{"one miss instead of a snapshot is unreachable",
	 {.timeout = -1, .steps = {{0, "!503"}}},
	 VERDICT_UNREACHABLE,
	 REASON_NEVER_ANSWERED,
	 0},
	{"one snapshot on which a rule is unknown is undecided",
	 {.policy = "rules: [target_utilization_percentage >= 10]", .timeout = -1, .steps = {{0, ACTIVE}}},
	 VERDICT_UNDECIDED,
	 REASON_RULES_UNKNOWN,
	 0},
};

static void test_stories(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		print_message("  %s\n", stories[i].name);
		expect_reason(&stories[i].script, stories[i].verdict, stories[i].reason, stories[i].at);
	}
}

/* ---- the rest of the result ------------------------------------------------------------------------------------- */

static void test_rule_results(void **state)
{
	(void)state;
	struct run run;
	run_script(&run, &(struct script){.policy = "rules:\n  - all chainlets ACTIVE\n  - min_replica >= 2\n"
						    "  - target_utilization_percentage >= 10\n",
					  .steps = {{0, BUILDING}, {20, ACTIVE}}});
	assert_int_equal(run.target->rules[0].outcome, RULE_PASS);
	assert_int_equal(run.target->rules[0].since_ns, 20 * NS_PER_S);
	assert_int_equal(run.target->rules[1].outcome, RULE_FAIL);
	assert_int_equal(run.target->rules[1].evidence.item_count, 2);
	assert_int_equal(run.target->rules[1].poll, 6);
	assert_int_equal(run.target->rules[2].outcome, RULE_UNKNOWN);
	assert_true(run.target->rules[2].judged);
	assert_int_equal(run.target->stable_at_ns, 50 * NS_PER_S);
	assert_int_equal(run.target->stretch.since_ns, 20 * NS_PER_S);
	assert_int_equal(run.target->stretch.until_ns, 50 * NS_PER_S);
	assert_int_equal(run.target->stretch.polls, 4);
	run_release(&run);
}

/* A rule that was satisfied isn't once nothing is selected any more; one that was skipped stays so. */
static void test_rule_results_of_what_is_gone(void **state)
{
	struct run run;
	(void)state;
	run_script(&run, &(struct script){.policy = "rules:\n  - {assert: all chainlets ACTIVE, hold: 2m}\n"
						    "  - min_replica >= 0\n"
						    "  - {assert: min_replica >= 9, when: min_replica > 5}\n",
					  .timeout = 60,
					  .steps = {{0, ACTIVE}, {40, ""}}});
	assert_int_equal(run.target->verdict, VERDICT_TIMED_OUT);
	assert_int_equal(run.target->rules[1].outcome, RULE_UNKNOWN);
	assert_int_equal(run.target->rules[1].held_at_ns, 30 * NS_PER_S);
	assert_int_equal(run.target->rules[2].outcome, RULE_SKIPPED);
	run_release(&run);
}

static void test_waiting(void **state)
{
	(void)state;
	static const struct {
		struct step steps[3];
		enum gate_waiting waiting;
		double since;
	} cases[] = {
		{{{0, "!503"}}, WAITING_ANSWER, 0},
		{{{0, "!404"}}, WAITING_CHAIN, 0},
		{{{0, ""}}, WAITING_DEPLOYMENT, 0},
		{{{0, BUILDING}, {20, LOADING}}, WAITING_REST, 20},
		/* the number of replicas may still change */
		{{{0, "q1 ACTIVE: A ACTIVE null"}}, WAITING_REST, 40},
		{{{0, "q1 ACTIVE: A UNHEALTHY null"}}, WAITING_REST, 40},
		{{{0, "q1 ACTIVE: A SCALED_TO_ZERO null"}}, WAITING_REST, 40},
		{{{0, "q1 ACTIVE: A ACTIVE 1/1, B SCALED_TO_ZERO null"}}, WAITING_REST, 40},
		{{{0, BUILDING}, {20, "q1 INACTIVE: A INACTIVE null"}}, WAITING_STABLE, 20},
		{{{0, BUILDING}, {30, ACTIVE}}, WAITING_STABLE, 30},
		{{{0, BUILDING}, {30, ""}}, WAITING_DEPLOYMENT, 30},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct script script = {.timeout = 41};
		for (size_t j = 0; j < 3; j++)
			script.steps[j] = cases[i].steps[j];
		struct run run;
		run_script(&run, &script);
		assert_int_equal(run.target->waiting, cases[i].waiting);
		assert_int_equal(run.target->waiting_since_ns, (int64_t)(cases[i].since * 1e9));
		run_release(&run);
	}
}

static void test_events(void **state)
{
	(void)state;
	struct run run;
	run_script(&run,
		   &(struct script){.steps = {{0, ""}, {10, BUILDING}, {20, "!503"}, {40, LOADING}, {50, ACTIVE}}});
	assert_int_equal(run_events(&run, EVENT_SELECTED), 2); /* the first says that nothing is selected yet */
	assert_int_equal(run_events(&run, EVENT_STATUS), 3 + 3 + 2);
	assert_int_equal(run_events(&run, EVENT_MISS), 2);
	assert_int_equal(run_events(&run, EVENT_RECOVERED), 1);
	assert_int_equal(run_events(&run, EVENT_STABLE), 1);
	assert_int_equal(run_events(&run, EVENT_RULE), 1);
	assert_int_equal(run_events(&run, EVENT_VERDICT), 1);
	assert_int_equal(run_events(&run, EVENT_NOTE), 0);
	run_release(&run);
}

static void add_event(struct buf *out, const struct gate_event *event)
{
	static const char *const findings[] = {[FINDING_HOLDS] = "holds",
					       [FINDING_VIOLATED] = "violated",
					       [FINDING_OPEN] = "open",
					       [FINDING_SKIPPED] = "skipped"};
	const char *name = event->kind == EVENT_RULE        ? findings[event->finding]
			   : event->kind == EVENT_STABLE    ? "stable"
			   : event->kind == EVENT_MOVED     ? "moved"
			   : event->kind == EVENT_MISS      ? "miss"
			   : event->kind == EVENT_RECOVERED ? "recovered"
							    : NULL;
	if (name)
		buf_printf(out, "%s%lld %s%s", out->length ? ", " : "", (long long)(event->at_ns / NS_PER_S), name,
			   event->is_final ? "!" : "");
	if (event->kind == EVENT_MISS || event->kind == EVENT_RECOVERED)
		buf_printf(out, " %zu", event->count);
}

/* What a person reads while a run goes on: each change of a rule once, and of a never that isn't stable yet only
 * violations and their end. */
static void test_what_is_announced(void **state)
{
#define NEVER "rules: [{never: any chainlet UNHEALTHY, tolerate: 90s}]"
#define ENOUGH "wait: {stable_for: 10s}\nrules: [{assert: active_replica_count >= 2, within: 90s}]"
#define WELL "q1 DEPLOYING: A LOADING_MODEL 0/1"
#define ILL "q1 DEPLOYING: A UNHEALTHY 0/1"
#define ONE "q1 ACTIVE: A ACTIVE 1/1"
#define TWO "q1 ACTIVE: A ACTIVE 2/1"
	static const struct {
		const char *policy;
		struct step steps[5];
		const char *events;
	} rows[] = {
		{NEVER, {{0, WELL}}, ""},
		{NEVER, {{0, ILL}}, "0 violated, 99 violated!"},
		{NEVER, {{0, ILL}, {10, WELL}}, "0 violated, 10 holds"},
		{NEVER, {{0, ILL}, {10, WELL}, {20, ILL}, {30, WELL}}, "0 violated, 10 holds, 20 violated, 30 holds"},
		{NEVER, {{0, ILL}, {10, WELL}, {20, "q1 DEPLOYING: A ODD 0/1"}}, "0 violated, 10 holds"},
		{NEVER, {{0, ILL}, {10, "q1 DEPLOYING: A ODD 0/1"}}, "0 violated, 10 open"},
		{NEVER, {{0, ILL}, {10, ""}, {20, WELL}}, "0 violated"},
		{NEVER, {{0, ILL}, {10, ""}, {20, ILL}}, "0 violated, 20 violated"},
		{NEVER, {{0, ILL}, {10, "q1 DEPLOYING"}, {20, ILL}}, "0 violated, 99 violated!"},
		{NEVER, {{0, ILL}, {10, "q1 DEPLOYING"}, {20, WELL}}, "0 violated, 20 holds"},
		{NEVER,
		 {{0, ILL}, {10, "!503"}, {30, WELL}},
		 "0 violated, 10 miss 1, 20 miss 2, 30 recovered 2, 30 holds"},
		{ENOUGH, {{0, WELL}}, ""},
		{ENOUGH, {{0, ONE}}, "10 stable, 10 violated"},
		{ENOUGH, {{0, ONE}, {30, TWO}}, "10 stable, 10 violated, 30 holds"},
		{ENOUGH, {{0, ONE}, {30, WELL}, {50, ONE}}, "10 stable, 10 violated, 30 moved, 60 stable, 60 violated"},
		{"wait: {stable_for: 10s}\nrules: [{assert: active_replica_count >= 2, tolerate: 30s}]",
		 {{0, ONE}, {30, ""}, {40, ONE}},
		 "10 stable, 10 violated, 30 moved, 50 stable, 50 violated, 90 violated!"},
		{"wait: {stable_for: 10s}\nrules: [{assert: active_replica_count >= 2, tolerate: 30s}]",
		 {{0, ONE}, {30, WELL}, {40, ONE}},
		 "10 stable, 10 violated, 30 moved, 50 stable, 50 violated, 90 violated!"},
		{ENOUGH, {{0, ONE}, {30, ""}, {50, ONE}}, "10 stable, 10 violated, 30 moved, 60 stable, 60 violated"},
		{"wait: {stable_for: 10s}\nrules: [active_replica_count >= 2]", {{0, ONE}}, "10 stable, 10 violated!"},
		{"rules: [{never: any chainlet UNHEALTHY}]", {{0, WELL}, {10, ILL}}, "10 violated!"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct script script = {.policy = rows[i].policy, .timeout = 100};
		struct buf buf = buf_make(BUF_LIMIT_REPORT);
		struct run run;
		size_t count;
		for (size_t j = 0; j < 5; j++)
			script.steps[j] = rows[i].steps[j];
		run_script(&run, &script);
		const struct gate_event *events = gate_events(run.gate, &count);
		for (size_t j = 0; j < count; j++)
			add_event(&buf, &events[j]);
		if (strcmp(buf_string(&buf), rows[i].events) != 0)
			fail_msg("row %zu: %s", i, buf_string(&buf));
		buf_release(&buf);
		run_release(&run);
	}
#undef NEVER
#undef ENOUGH
#undef WELL
#undef ILL
#undef ONE
#undef TWO
}

static void test_notes_are_given_once(void **state)
{
	(void)state;
	struct run run;
	run_script(&run, &(struct script){.timeout = 100, .steps = {{0, "q1 ACTIVE: A PAUSED 1/1"}}});
	assert_int_equal(run_events(&run, EVENT_NOTE), 2); /* the unknown word; the deployment disagrees */
	run_release(&run);
}

static void test_latest_is_pinned(void **state)
{
	(void)state;
	struct run run;
	run_script(&run,
		   &(struct script){.selector = {.kind = SELECT_LATEST, .since = {.kind = SINCE_ANY}},
				    .steps = {{0, "q1 ACTIVE ^5: A ACTIVE 1/1; q0 FAILED ^4: A FAILED null"},
					      {20, "q1 ACTIVE ^5: A ACTIVE 1/1; q7 BUILDING ^9: A BUILDING null"}}});
	assert_int_equal(run.target->verdict, VERDICT_PASSED);
	assert_int_equal(run.target->deployment_count, 1);
	assert_true(text_is(run.target->deployment_ids[0], "q1"));
	assert_int_equal(run_events(&run, EVENT_SUPERSEDED), 1);
	run_release(&run);
}

static void test_the_gate_waits_for_retry_after(void **state)
{
	(void)state;
	struct run run;
	run_script(&run, &(struct script){.timeout = 60, .steps = {{0, "!429+37"}, {1, LOADING}}});
	assert_int_equal(run.polls, 1 + 4); /* 0; 37, 40, 50, 59 */
	run_release(&run);
}

static void test_strict_makes_warnings_decide(void **state)
{
	(void)state;
	struct run run;
	struct script script = {
		.policy = "rules:\n  - {assert: min_replica >= 9, severity: warning}\n  - all chainlets ACTIVE",
		.steps = {{0, ACTIVE}}};
	run_script(&run, &script);
	struct gate_plan strict = run.plan;
	strict.strict = true;
	struct gate *gate = gate_new(&strict);
	for (int at = 0; at <= 30; at += 10) {
		struct observation seen = observation_write(&run.memory, at, ACTIVE);
		gate_observe(gate, 0, &seen);
		gate_settle(gate, seen.at_ns);
	}
	assert_int_equal(gate_result(gate)->verdict, VERDICT_FAILED);
	gate_free(gate);
	run_release(&run);
}

/* ---- driven by hand --------------------------------------------------------------------------------------------- */

static void test_an_answer_after_the_deadline_is_never_a_pass(void **state)
{
	(void)state;
	struct run run;
	run_script(&run, &(struct script){.steps = {{0, ACTIVE}}});
	struct gate_plan plan = run.plan;
	plan.wait.timeout_ns = 60 * NS_PER_S;
	struct gate *gate = gate_new(&plan);
	struct observation early = observation_write(&run.memory, 40, ACTIVE);
	struct observation late = observation_write(&run.memory, 70, ACTIVE);
	late.at_ns = 60 * NS_PER_S + 1;
	gate_observe(gate, 0, &early);
	gate_settle(gate, early.at_ns);
	assert_false(gate_done(gate));
	gate_observe(gate, 0, &late);
	assert_int_equal(gate_result(gate)->verdict, VERDICT_TIMED_OUT);
	gate_free(gate);
	run_release(&run);
}

/* An observation at the very moment of the deadline still counts. */
static void test_an_answer_at_the_deadline_counts(void **state)
{
	(void)state;
	struct run run;
	run_script(&run, &(struct script){.steps = {{0, ACTIVE}}});
	struct gate_plan plan = run.plan;
	plan.wait.timeout_ns = 60 * NS_PER_S;
	struct gate *gate = gate_new(&plan);
	for (int at = 30; at <= 60; at += 15) {
		struct observation seen = observation_write(&run.memory, at, ACTIVE);
		assert_false(gate_done(gate));
		gate_observe(gate, 0, &seen);
		gate_settle(gate, seen.at_ns);
	}
	assert_int_equal(gate_result(gate)->verdict, VERDICT_PASSED);
	gate_free(gate);
	run_release(&run);
}

static void test_a_deadline_that_has_not_come(void **state)
{
	struct run run;
	(void)state;
	run_prepare(&run, &(struct script){.policy = "wait: {stable_for: 0s}\nrules: [all chainlets ACTIVE]"});
	struct gate *gate = gate_new(&run.plan);
	struct observation observation = observation_write(&run.memory, 0, ACTIVE);
	gate_observe(gate, 0, &observation);
	gate_deadline(gate, gate_deadline_ns(gate) - 1);
	assert_false(gate_done(gate));
	gate_deadline(gate, gate_deadline_ns(gate));
	assert_true(gate_done(gate));
	gate_free(gate);
	run_release(&run);
}

/* A warning that failed items made false is unknown again once nothing has failed, whatever fails the target then. */
static void test_no_longer_hopeless(void **state)
{
	struct run run;
	(void)state;
	run_script(&run,
		   &(struct script){.policy = "rules:\n  - {assert: all chainlets ACTIVE, severity: warning}\n"
					      "  - {never: any chainlet UNHEALTHY}",
				    .steps = {{0, "q1 FAILED: A FAILED null"}, {10, "q1 ACTIVE: A UNHEALTHY 1/1"}}});
	assert_int_equal(run.target->verdict, VERDICT_FAILED);
	assert_int_equal(run.target->at_ns, 10 * NS_PER_S);
	assert_int_equal(run.target->rules[0].outcome, RULE_UNKNOWN);
	assert_int_equal(run.target->rules[1].outcome, RULE_FAIL);
	run_release(&run);
}

static void test_interrupt(void **state)
{
	(void)state;
	struct run run;
	run_script(&run, &(struct script){.steps = {{0, ACTIVE}}});
	struct gate *gate = gate_new(&run.plan);
	struct observation seen = observation_write(&run.memory, 0, ACTIVE);
	gate_observe(gate, 0, &seen);
	gate_settle(gate, 0);
	gate_interrupt(gate, 5 * NS_PER_S, SIGTERM);
	const struct gate_result *result = gate_result(gate);
	assert_int_equal(result->verdict, VERDICT_INTERRUPTED);
	assert_int_equal(verdict_exit(result->verdict, result->signal_number), 143);
	assert_string_equal(interruption_name(result->signal_number), "SIGTERM");
	gate_observe(gate, 0, &seen); /* ignored, because it is after the signal */
	assert_int_equal(gate_result(gate)->verdict, VERDICT_INTERRUPTED);
	gate_free(gate);
	run_release(&run);
}

static void test_exit_of_a_signal(void **state)
{
	(void)state;
	assert_int_equal(verdict_exit(VERDICT_INTERRUPTED, SIGHUP), 129);
	assert_int_equal(verdict_exit(VERDICT_INTERRUPTED, SIGINT), 130);
	assert_int_equal(verdict_exit(VERDICT_INTERRUPTED, 0), 130);
	assert_int_equal(verdict_exit(VERDICT_FAILED, SIGTERM), 1);
	assert_string_equal(interruption_name(SIGHUP), "SIGHUP");
	assert_string_equal(interruption_name(SIGINT), "SIGINT");
}

/* Two targets: a pass is provisional until the other one also has an answer, and is lost if its own rules fail. */
static void test_two_targets(void **state)
{
	(void)state;
	static const struct {
		const char *first_late;
		const char *second_late;
		enum verdict run, first, second;
	} cases[] = {
		{ACTIVE, ACTIVE, VERDICT_PASSED, VERDICT_PASSED, VERDICT_PASSED},
		{ACTIVE, BUILD_FAILED, VERDICT_FAILED, VERDICT_PASSED, VERDICT_FAILED},
		{"q1 ACTIVE: A ACTIVE 1/1, B INACTIVE 0/1", ACTIVE, VERDICT_FAILED, VERDICT_FAILED, VERDICT_PASSED},
		{"!503", ACTIVE, VERDICT_TIMED_OUT, VERDICT_TIMED_OUT, VERDICT_PASSED},
		{"!302", ACTIVE, VERDICT_UNREACHABLE, VERDICT_UNREACHABLE, VERDICT_PASSED},
		{LOADING, ACTIVE, VERDICT_TIMED_OUT, VERDICT_TIMED_OUT, VERDICT_PASSED},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct run run;
		run_script(&run, &(struct script){.steps = {{0, ACTIVE}}});
		struct gate_target targets[2] = {run.gate_target, run.gate_target};
		struct gate_plan plan = run.plan;
		plan.targets = targets;
		plan.target_count = 2;
		plan.wait.timeout_ns = targets[0].timeout_ns = targets[1].timeout_ns = 100 * NS_PER_S;
		struct gate *gate = gate_new(&plan);
		for (int at = 0; at < 100 && !gate_done(gate); at += 10) {
			struct observation first =
				observation_write(&run.memory, at, at < 50 ? ACTIVE : cases[i].first_late);
			struct observation second =
				observation_write(&run.memory, at, at < 50 ? BUILDING : cases[i].second_late);
			gate_observe(gate, 0, &first);
			gate_observe(gate, 1, &second);
			gate_settle(gate, first.at_ns);
			assert_true(at >= 50 || !gate_done(gate));
		}
		gate_deadline(gate, gate_deadline_ns(gate));
		const struct gate_result *result = gate_result(gate);
		assert_int_equal(result->verdict, cases[i].run);
		assert_int_equal(result->targets[0].verdict, cases[i].first);
		assert_int_equal(result->targets[1].verdict, cases[i].second);
		gate_free(gate);
		run_release(&run);
	}
}

static void test_a_gate_without_targets_does_not_pass(void **state)
{
	(void)state;
	struct gate *gate = gate_new(&(struct gate_plan){.wait.timeout_ns = NS_PER_S});
	assert_true(gate_done(gate));
	assert_int_equal(verdict_exit(gate_result(gate)->verdict, 0), GATE_EXIT_DEFECT);
	gate_free(gate);
}

/* Only one verdict exits with 0, and every verdict's code is in the table of exit codes. */
static void test_exit_codes(void **state)
{
	(void)state;
	size_t count;
	const struct exit_row *rows = exit_rows(&count);
	for (int verdict = 0; verdict < VERDICT_COUNT; verdict++) {
		enum gate_exit code = verdict_exit((enum verdict)verdict, 2);
		assert_int_equal(code == 0, verdict == VERDICT_PASSED);
		size_t i = 0;
		while (i < count && rows[i].code != code)
			i++;
		assert_true(i < count);
	}
	for (size_t i = 1; i < count; i++)
		assert_true(rows[i - 1].code < rows[i].code);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stories),
		cmocka_unit_test(test_rule_results),
		cmocka_unit_test(test_rule_results_of_what_is_gone),
		cmocka_unit_test(test_waiting),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_what_is_announced),
		cmocka_unit_test(test_notes_are_given_once),
		cmocka_unit_test(test_latest_is_pinned),
		cmocka_unit_test(test_the_gate_waits_for_retry_after),
		cmocka_unit_test(test_strict_makes_warnings_decide),
		cmocka_unit_test(test_an_answer_after_the_deadline_is_never_a_pass),
		cmocka_unit_test(test_an_answer_at_the_deadline_counts),
		cmocka_unit_test(test_a_deadline_that_has_not_come),
		cmocka_unit_test(test_no_longer_hopeless),
		cmocka_unit_test(test_interrupt),
		cmocka_unit_test(test_exit_of_a_signal),
		cmocka_unit_test(test_two_targets),
		cmocka_unit_test(test_a_gate_without_targets_does_not_pass),
		cmocka_unit_test(test_exit_codes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
