/* time_test.c - rules in time, told as stories: within, hold, tolerate, during, when, what is empty or missing, baselines. */
#include "script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Polls at 0, 10, 20 …; with the defaults a deployment that is ACTIVE from `t` on is stable at `t` + 30. */
#define UP "q1 ACTIVE: A ACTIVE 2/2"
#define LOW "q1 ACTIVE: A ACTIVE 1/2"
#define SICK "q1 UNHEALTHY: A UNHEALTHY 2/2"
#define LOADING "q1 LOADING_MODEL: A LOADING_MODEL 0/2"
#define FULL "active_replica_count >= min_replica"
#define NEVER_SICK "rules:\n  - {name: up, assert: any chainlet ACTIVE, tolerate: 1h}\n  - {name: never, never: any chainlet UNHEALTHY"

static const struct story {
	const char *name;
	struct script script;
	enum verdict verdict;
	double at;
} stories[] = {
	/* within */
	{"within: not true at T, true before its end", {.policy = "rules: [{assert: " FULL ", within: 1m}]", .steps = {{0, LOW}, {70, UP}}}, VERDICT_PASSED, 70},
	{"within: still false at its end", {.policy = "rules: [{assert: " FULL ", within: 1m}]", .steps = {{0, LOW}}}, VERDICT_FAILED, 90},
	{"within: false again after its end", {.policy = "rules: [{assert: " FULL ", within: 1m}, {assert: count(chainlets) > 0, hold: 2m}]", .steps = {{0, UP}, {100, LOW}}}, VERDICT_FAILED, 100},
	{"within: false again before its end is no failure",
	 {.policy = "rules: [{assert: " FULL ", within: 1m}, {assert: count(chainlets) > 0, hold: 2m}]", .steps = {{0, UP}, {50, LOW}, {80, UP}}}, VERDICT_PASSED, 150},
	{"within counts from T, and T is forgotten when it moves",
	 {.policy = "rules: [{assert: " FULL ", within: 1m}]", .steps = {{0, LOW}, {80, LOADING}, {90, LOW}}}, VERDICT_FAILED, 180},
	{"fail_fast doesn't wait for within",
	 {.policy = "rules: [{assert: all chainlets ACTIVE, within: 30m}]", .steps = {{0, LOADING}, {50, "q1 FAILED: A FAILED 0/2"}}}, VERDICT_FAILED, 50},
	/* hold */
	{"hold: true long enough", {.policy = "rules: [{assert: " FULL ", hold: 1m}]", .steps = {{0, UP}}}, VERDICT_PASSED, 90},
	{"hold: an unknown restarts it",
	 {.policy = "rules: [{assert: 2 / active_replica_count > 0, hold: 1m}]", .steps = {{0, UP}, {60, "q1 ACTIVE: A ACTIVE 0/2"}, {70, UP}}}, VERDICT_PASSED, 130},
	{"hold: a tolerated false restarts it",
	 {.policy = "rules: [{assert: " FULL ", hold: 1m, tolerate: 15s}]", .steps = {{0, UP}, {60, LOW}, {70, UP}}}, VERDICT_PASSED, 130},
	{"hold: so does a hole", {.policy = "rules: [{assert: " FULL ", hold: 1m}]", .steps = {{0, UP}, {60, "!503"}, {90, UP}}}, VERDICT_PASSED, 150},
	{"hold: nor one of three intervals", {.policy = "wait: {interval: 20s, stable_for: 60s}\nrules: [all chainlets ACTIVE]", .steps = {{0, UP}, {20, "!503"}, {60, UP}}}, VERDICT_PASSED, 60},
	{"hold: other settings begin everything anew",
	 {.policy = "rules: [{assert: all chainlets ACTIVE, hold: 1m}]", .steps = {{0, UP}, {50, "q1 ACTIVE: A ACTIVE 2/1"}}}, VERDICT_PASSED, 140},
	{"hold: satisfied, but the last snapshot ends no stable run", {.policy = "rules: [{assert: " FULL ", hold: 1m}]", .steps = {{0, UP}, {90, SICK}}}, VERDICT_PASSED, 390},
	{"hold: waking up doesn't",
	 {.policy = "rules:\n  - assert: all chainlets in [ACTIVE, WAKING_UP]\n    hold: 1m", .steps = {{0, UP}, {50, "q1 WAKING_UP: A WAKING_UP 2/2"}, {60, UP}}}, VERDICT_PASSED, 90},
	{"hold: a miss alone doesn't", {.policy = "rules: [{assert: " FULL ", hold: 1m}]", .steps = {{0, UP}, {60, "!503"}, {70, UP}}}, VERDICT_PASSED, 90},
	{"hold: still running at the deadline", {.policy = "rules: [{assert: " FULL ", hold: 1h}]", .timeout = 100, .steps = {{0, UP}}}, VERDICT_TIMED_OUT, 100},
	{"hold: and on a single snapshot", {.policy = "rules: [{assert: " FULL ", hold: 1s}]", .timeout = -1, .steps = {{0, UP}}}, VERDICT_TIMED_OUT, 0},
	{"within on a single snapshot", {.policy = "rules: [{assert: " FULL ", within: 1s}]", .timeout = -1, .steps = {{0, LOW}}}, VERDICT_TIMED_OUT, 0},
	{"during on a single snapshot", {.policy = "rules: [{never: any chainlet FAILED, during: 1s}]", .timeout = -1, .steps = {{0, UP}}}, VERDICT_TIMED_OUT, 0},
	/* tolerate */
	{"tolerate: false no longer than that",
	 {.policy = "rules: [{assert: " FULL ", tolerate: 30s}, {assert: count(chainlets) > 0, hold: 2m}]", .steps = {{0, UP}, {60, LOW}, {90, UP}}}, VERDICT_PASSED, 150},
	{"tolerate: exactly as long is not longer",
	 {.policy = "rules: [{assert: " FULL ", tolerate: 30s}, {assert: count(chainlets) > 0, hold: 2m}]", .steps = {{0, UP}, {60, LOW}, {100, UP}}}, VERDICT_PASSED, 150},
	{"tolerate: longer", {.policy = "rules: [{assert: " FULL ", tolerate: 30s}, {assert: count(chainlets) > 0, hold: 2m}]", .steps = {{0, UP}, {60, LOW}}}, VERDICT_FAILED, 100},
	{"tolerate: false now is never satisfied", {.policy = "rules: [{assert: " FULL ", tolerate: 1h}]", .timeout = 200, .steps = {{0, LOW}}}, VERDICT_TIMED_OUT, 200},
	{"tolerate: an unknown doesn't end the stretch",
	 {.policy = "rules: [{assert: 2 / active_replica_count > 1, tolerate: 30s}]",
	  .steps = {{0, UP}, {30, "q1 ACTIVE: A ACTIVE 3/2"}, {50, "q1 ACTIVE: A ACTIVE 0/2"}, {70, "q1 ACTIVE: A ACTIVE 3/2"}}}, VERDICT_FAILED, 70},
	{"tolerate counts from the end of within",
	 {.policy = "rules: [{assert: " FULL ", within: 1m, tolerate: 20s}]", .steps = {{0, LOW}}}, VERDICT_FAILED, 120},
	/* never */
	{"never: at once, while it still moves", {.policy = NEVER_SICK "}", .steps = {{0, LOADING}, {30, SICK}}}, VERDICT_FAILED, 30},
	{"never: tolerated", {.policy = NEVER_SICK ", tolerate: 30s}", .steps = {{0, LOADING}, {30, SICK}, {60, UP}}}, VERDICT_PASSED, 90},
	{"never: tolerated too long", {.policy = NEVER_SICK ", tolerate: 30s}", .steps = {{0, LOADING}, {30, SICK}}}, VERDICT_FAILED, 70},
	{"never: moving doesn't end a stretch", {.policy = "rules:\n  - never: any chainlet in [UNHEALTHY, LOADING_MODEL]\n    tolerate: 30s", .steps = {{0, LOADING}, {20, SICK}}}, VERDICT_FAILED, 40},
	{"never: misses don't end it, nor count by themselves", {.policy = NEVER_SICK ", tolerate: 30s}", .steps = {{0, SICK}, {10, "!503"}, {40, SICK}}}, VERDICT_FAILED, 40},
	{"never: nothing selected ends it",
	 {.policy = NEVER_SICK ", tolerate: 30s}", .selector = {.kind = SELECT_ENVIRONMENT, .value = {"prod", 4}, .since.kind = SINCE_ANY},
	  .steps = {{0, "q1 UNHEALTHY @prod: A UNHEALTHY 2/2"}, {20, ""}, {30, "q1 UNHEALTHY @prod: A UNHEALTHY 2/2"}, {60, "q1 ACTIVE @prod: A ACTIVE 2/2"}}}, VERDICT_PASSED, 90},
	{"never: so do other deployments",
	 {.policy = NEVER_SICK ", tolerate: 30s}", .selector = {.kind = SELECT_ENVIRONMENT, .value = {"prod", 4}, .since.kind = SINCE_ANY},
	  .steps = {{0, "q1 UNHEALTHY @prod: A UNHEALTHY 2/2"}, {20, "q2 UNHEALTHY @prod: A UNHEALTHY 2/2"}, {50, "q2 ACTIVE @prod: A ACTIVE 2/2"}}}, VERDICT_PASSED, 80},
	{"never: watched for during", {.policy = NEVER_SICK ", during: 5m}", .steps = {{0, UP}}}, VERDICT_PASSED, 330},
	{"never: and it happens then", {.policy = NEVER_SICK ", during: 5m}", .steps = {{0, UP}, {200, SICK}}}, VERDICT_FAILED, 200},
	{"never: of no chainlets is not judged", {.policy = "rules: [never: any chainlet UNHEALTHY]", .timeout = 100, .steps = {{0, "q1 ACTIVE"}}}, VERDICT_TIMED_OUT, 100},
	{"never: over an empty selection is unknown",
	 {.policy = "rules: [never: any chainlet where name == \"B\" is UNHEALTHY]", .timeout = 100, .steps = {{0, UP}}}, VERDICT_UNDECIDED, 100},
	{"never: unless if_empty says pass",
	 {.policy = "rules:\n  - {never: any chainlet where name == \"B\" is UNHEALTHY, if_empty: pass}", .steps = {{0, UP}}}, VERDICT_PASSED, 30},
	{"never: or fail",
	 {.policy = "rules:\n  - {never: any chainlet where name == \"B\" is UNHEALTHY, if_empty: fail}", .steps = {{0, UP}}}, VERDICT_FAILED, 0},
	{"never: an unknown status is not fine", {.policy = "rules: [never: any chainlet FAILED]", .timeout = 100, .steps = {{0, "q1 ACTIVE: A PAUSED 2/2"}}}, VERDICT_TIMED_OUT, 100},
	/* when */
	{"when: skipped, and another is satisfied",
	 {.policy = "rules:\n  - {assert: " FULL ", when: count(chainlets) > 1}\n  - all chainlets ACTIVE", .steps = {{0, LOW}}}, VERDICT_PASSED, 30},
	{"when: all are skipped", {.policy = "rules: [{assert: " FULL ", when: count(chainlets) > 1}]", .timeout = 100, .steps = {{0, UP}}}, VERDICT_UNDECIDED, 100},
	{"when: unknown", {.policy = "rules: [{assert: " FULL ", when: 2 / min_replica > 0}]", .timeout = 100, .steps = {{0, "q1 ACTIVE: A ACTIVE 2/0"}}}, VERDICT_UNDECIDED, 100},
	{"when: true", {.policy = "rules: [{assert: " FULL ", when: count(chainlets) > 0}]", .steps = {{0, LOW}}}, VERDICT_FAILED, 30},
	{"when: over nothing is unknown, not false",
	 {.policy = "rules:\n  - {assert: " FULL ", when: any chainlet where name == \"B\" is ACTIVE}\n  - all chainlets ACTIVE", .timeout = 100, .steps = {{0, LOW}}}, VERDICT_UNDECIDED, 100},
	{"when: a skip restarts hold, and ends no stretch",
	 {.policy = "rules:\n  - {assert: active_replica_count >= 2, when: active_replica_count != 5, hold: 1m, tolerate: 25s}",
	  .steps = {{0, UP}, {40, LOW}, {50, "q1 ACTIVE: A ACTIVE 5/2"}, {70, LOW}}}, VERDICT_FAILED, 70},
	{"when: fail_fast, too, judges only what is on",
	 {.policy = "rules:\n  - {assert: all chainlets ACTIVE, when: count(chainlets) > 1}\n  - count(chainlets) == 1", .steps = {{0, "q1 FAILED: A FAILED 0/2"}}}, VERDICT_PASSED, 30},
	/* empty and missing */
	{"all over nothing is unknown", {.policy = "rules: [all chainlets where name == \"B\" are ACTIVE]", .timeout = 100, .steps = {{0, UP}}}, VERDICT_UNDECIDED, 100},
	{"if_empty: pass", {.policy = "rules: [{assert: all chainlets where name == \"B\" are ACTIVE, if_empty: pass}]", .steps = {{0, UP}}}, VERDICT_PASSED, 30},
	{"if_empty: fail", {.policy = "rules: [{assert: all chainlets where name == \"B\" are ACTIVE, if_empty: fail}]", .steps = {{0, UP}}}, VERDICT_FAILED, 30},
	{"any over nothing fails", {.policy = "rules: [any chainlet where name == \"B\" is ACTIVE]", .steps = {{0, UP}}}, VERDICT_FAILED, 30},
	{"unless if_empty says unknown", {.policy = "rules: [{assert: any chainlet where name == \"B\" is ACTIVE, if_empty: unknown}]", .timeout = 100, .steps = {{0, UP}}}, VERDICT_UNDECIDED, 100},
#define BASED "baseline: {environment: prod}\nrules:\n  - {assert: min_replica >= baseline.min_replica"
	{"baseline: as much as it has", {.policy = BASED "}", .steps = {{0, UP "; p1 ACTIVE @prod: A ACTIVE 2/2"}}}, VERDICT_PASSED, 30},
	{"baseline: less than it has", {.policy = BASED "}", .steps = {{0, UP "; p1 ACTIVE @prod: A ACTIVE 3/3"}}}, VERDICT_FAILED, 30},
	{"baseline: it isn't there", {.policy = BASED "}", .timeout = 100, .steps = {{0, UP}}}, VERDICT_UNDECIDED, 100},
	{"baseline: several are", {.policy = BASED "}", .timeout = 100, .steps = {{0, UP "; p1 ACTIVE @prod: A ACTIVE 2/2; p2 ACTIVE @prod: A ACTIVE 2/2"}}}, VERDICT_UNDECIDED, 100},
	{"baseline: a chainlet has no counterpart", {.policy = BASED "}", .timeout = 100, .steps = {{0, UP "; p1 ACTIVE @prod: B ACTIVE 2/2"}}}, VERDICT_UNDECIDED, 100},
	{"baseline: it is what is judged", {.policy = BASED "}", .timeout = 100, .steps = {{0, "q1 ACTIVE @prod: A ACTIVE 2/2"}}}, VERDICT_UNDECIDED, 100},
	{"if_missing: skip leaves nothing to be satisfied", {.policy = BASED ", if_missing: skip}", .timeout = 100, .steps = {{0, UP}}}, VERDICT_UNDECIDED, 100},
	{"if_missing: skip beside another rule", {.policy = BASED ", if_missing: skip}\n  - all chainlets ACTIVE", .steps = {{0, UP}}}, VERDICT_PASSED, 30},
	{"if_missing: skip doesn't excuse what is false for another",
	 {.policy = BASED ", if_missing: skip}\n  - all deployments ACTIVE", .steps = {{0, "q1 ACTIVE: A ACTIVE 1/1, B ACTIVE 1/1; p1 ACTIVE @prod: A ACTIVE 2/2"}}}, VERDICT_FAILED, 30},
	{"if_missing: fail", {.policy = BASED ", if_missing: fail}", .steps = {{0, UP}}}, VERDICT_FAILED, 30},
	{"if_missing in a never: fail is a failure, at once",
	 {.policy = "baseline: {environment: prod}\nrules:\n  - {never: any chainlet has min_replica < baseline.min_replica, if_missing: fail}", .steps = {{0, UP}}}, VERDICT_FAILED, 0},
	{"a missing counterpart in when is unknown",
	 {.policy = "baseline: {environment: prod}\nrules:\n  - {assert: " FULL ", when: min_replica >= baseline.min_replica}\n  - all chainlets ACTIVE", .timeout = 100, .steps = {{0, UP}}}, VERDICT_UNDECIDED, 100},
	{"all leaves the baseline out",
	 {.policy = BASED "}", .selector = {.kind = SELECT_ALL, .since.kind = SINCE_ANY}, .steps = {{0, UP "; p1 ACTIVE @prod: A ACTIVE 1/1"}}}, VERDICT_PASSED, 30},
	/* undecided only when it is due */
	{"unknown before its within is over: timed out",
	 {.policy = "rules: [{assert: 2 / active_replica_count > 0, within: 1h}]", .timeout = 100, .steps = {{0, "q1 ACTIVE: A ACTIVE 0/2"}}}, VERDICT_TIMED_OUT, 100},
	{"a warning never delays", {.policy = "rules: [all chainlets ACTIVE, {assert: min_replica > 5, severity: warning}, {never: any chainlet FAILED, during: 1h, severity: warning}]", .steps = {{0, UP}}}, VERDICT_PASSED, 30},
	/* superseded */
	{"latest: superseded is a note", {.policy = "target: {latest: true}\nrules: [all chainlets ACTIVE]",
	 .selector = {.kind = SELECT_LATEST, .since.kind = SINCE_ANY}, .steps = {{0, "q1 ACTIVE ^1: A ACTIVE 2/2"}, {10, "q1 ACTIVE ^1: A ACTIVE 2/2; q2 BUILDING ^9: A BUILDING 0/2"}}}, VERDICT_PASSED, 30},
	{"latest: superseded is a failure where it was said", {.policy = "target: {latest: true, on_superseded: fail}\nrules: [all chainlets ACTIVE]",
	 .selector = {.kind = SELECT_LATEST, .since.kind = SINCE_ANY}, .steps = {{0, "q1 ACTIVE ^1: A ACTIVE 2/2"}, {10, "q1 ACTIVE ^1: A ACTIVE 2/2; q2 BUILDING ^9: A BUILDING 0/2"}}}, VERDICT_FAILED, 10},
};

static void test_stories(void **state)
{
	(void)state;
	size_t wrong = 0;
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		struct run run;
		run_script(&run, &stories[i].script);
		double at = (double)run.target->at_ns / 1e9;
		if (run.target->verdict != stories[i].verdict || at != stories[i].at) {
			printf("%s: %s at %g s, expected %s at %g s\n", stories[i].name, verdict_name(run.target->verdict), at,
			       verdict_name(stories[i].verdict), stories[i].at);
			wrong++;
		}
		run_release(&run);
	}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stories),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
