/* clock_test.c - a slow answer tells the API's clock only roughly: what is recent, or old, by one of the clocks that it may
 * be doesn't count. */
#include "script.h"

#include "chaingate/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define S(SECONDS) ((int64_t)(SECONDS)*NS_PER_S)

static void sees(struct run *run, int at, const char *notation)
{
	struct observation observation = observation_write(&run->memory, at, notation);
	gate_observe(run->gate, 0, &observation);
	gate_settle(run->gate, observation.at_ns);
}

static void begin(struct run *run, struct script *script, int64_t offset_ns, int64_t slack_ns)
{
	run_prepare(run, script);
	run->gate = gate_new(&run->plan);
	gate_set_api_clock(run->gate, offset_ns, slack_ns);
}

static void end(struct run *run)
{
	gate_free(run->gate);
	run_release(run);
}

/* The run begins at 0; by the latest that the API's clock may be, it begins 15 s later. */
static void test_since_lets_in_what_is_recent_by_either_clock(void **state)
{
	static const struct {
		int64_t offset_s, slack_s;
		const char *listed;
		size_t selected;
	} rows[] = {
		{0, 15, "q1 ACTIVE ^-46: A ACTIVE 1/1", 0},    {0, 15, "q1 ACTIVE ^-45: A ACTIVE 1/1", 1},
		{0, 0, "q1 ACTIVE ^-60: A ACTIVE 1/1", 1},     {0, 0, "q1 ACTIVE ^-61: A ACTIVE 1/1", 0},
		{-60, 15, "q1 ACTIVE ^-105: A ACTIVE 1/1", 1}, {-60, 15, "q1 ACTIVE ^-106: A ACTIVE 1/1", 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct run run;
		struct script script = {.selector = {.kind = SELECT_LATEST, .since = {SINCE_AGO, S(60)}}};
		begin(&run, &script, S(rows[i].offset_s), S(rows[i].slack_s));
		sees(&run, 0, rows[i].listed);
		assert_int_equal(gate_target_result(run.gate, 0)->deployment_count, rows[i].selected);
		end(&run);
	}
}

/* A corrected clock takes the old one's slack with it. */
static void test_another_clock_has_its_own_slack(void **state)
{
	struct run run;
	struct script script = {.selector = {.kind = SELECT_LATEST, .since = {SINCE_AGO, S(60)}}};
	(void)state;
	begin(&run, &script, S(-3600), S(15));
	gate_set_api_clock(run.gate, 0, 0);
	sees(&run, 0, "q1 ACTIVE ^-60: A ACTIVE 1/1");
	assert_int_equal(gate_target_result(run.gate, 0)->deployment_count, 1);
	end(&run);
}

/* The deployment was created when the run began: at 20 s it is 20 to 35 s old. */
static void test_an_age_counts_by_both_clocks(void **state)
{
	static const struct {
		const char *policy;
		enum rule_finding at_20, at_40;
	} rows[] = {
		{"wait: {stable_for: 0s}\nrules: [{assert: all deployments have age >= 30s, within: 5m}]", FINDING_OPEN,
		 FINDING_HOLDS},
		{"wait: {stable_for: 0s}\nrules: [{assert: all deployments have age < 30s, tolerate: 5m}]",
		 FINDING_OPEN, FINDING_VIOLATED},
		{"wait: {stable_for: 0s}\nrules: [{never: any deployment has age > 30s, tolerate: 5m}]", FINDING_OPEN,
		 FINDING_VIOLATED},
		{"wait: {stable_for: 0s}\nrules: [{assert: all chainlets ACTIVE, within: 5m}]", FINDING_HOLDS,
		 FINDING_HOLDS},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct run run;
		struct script script = {.policy = rows[i].policy};
		begin(&run, &script, 0, S(15));
		sees(&run, 20, "q1 ACTIVE: A ACTIVE 1/1");
		assert_int_equal(gate_target_result(run.gate, 0)->rules[0].finding, rows[i].at_20);
		assert_int_equal(gate_target_result(run.gate, 0)->verdict == VERDICT_PASSED,
				 rows[i].at_20 == FINDING_HOLDS);
		sees(&run, 40, "q1 ACTIVE: A ACTIVE 1/1");
		assert_int_equal(gate_target_result(run.gate, 0)->rules[0].finding, rows[i].at_40);
		end(&run);
	}
}

/* A failed status makes a rule false for good only if it does so by both clocks. */
static void test_fail_fast_counts_by_both_clocks(void **state)
{
	static const char failed[] = "q1 FAILED: A FAILED 0/1";
	struct script script = {.policy = "rules: [{assert: all deployments have age < 30s, within: 5m}]"};
	struct run run;
	(void)state;
	begin(&run, &script, 0, S(15));
	sees(&run, 20, failed);
	assert_int_equal(gate_target_result(run.gate, 0)->verdict, VERDICT_NONE);
	sees(&run, 40, failed);
	assert_int_equal(gate_target_result(run.gate, 0)->verdict, VERDICT_FAILED);
	end(&run);
}

/* This machine's clock isn't blamed for what the answer may have taken. */
static void test_only_a_certain_difference_is_noted(void **state)
{
	static const struct {
		int64_t offset_s, slack_s;
		bool is_noted;
	} rows[] = {{-40, 0, true}, {-40, 15, false}, {-50, 15, true},
		    {40, 15, true}, {20, 15, false},  {-10, 60, false}};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct run run;
		struct script script = {0};
		begin(&run, &script, S(rows[i].offset_s), S(rows[i].slack_s));
		sees(&run, 0, "q1 ACTIVE: A ACTIVE 1/1");
		assert_int_equal(run_events(&run, EVENT_NOTE), rows[i].is_noted);
		end(&run);
	}
}

/* A replay must judge by the same clock as the run. */
static void test_a_recording_says_how_rough_the_clock_is(void **state)
{
	(void)state;
	for (int64_t slack = 0; slack <= 15; slack += 15) {
		struct buf buf = buf_make(BUF_LIMIT_REPORT);
		struct arena arena = {0};
		struct record_rounds *rounds = record_rounds_new();
		struct record_header header = {.tool = "test", .api = "https://127.0.0.1"};
		struct recording read;
		const char *why;
		size_t line;
		record_add_header(&buf, &header);
		for (int i = 0; i < 2; i++) {
			struct record_answer answer = {.at_ns = S(20 + 10 * i),
						       .chain = TEXT("rag"),
						       .chain_id = TEXT("c1"),
						       .is_list = true,
						       .answer = {.http_status = 200, .body = TEXT("{}")},
						       .has_clock = true,
						       .clock_offset_ns = S(-60),
						       .clock_slack_ns = S(slack)};
			record_add_round(&buf, rounds, &answer, 1);
		}
		assert_true(record_read(&arena, buf_text(&buf), &read, &why, &line));
		assert_int_equal(read.count, 2);
		for (size_t i = 0; i < 2; i++) {
			assert_int_equal(read.answers[i].clock_offset_ns, S(-60));
			assert_int_equal(read.answers[i].clock_slack_ns, S(slack));
		}
		record_rounds_free(rounds);
		arena_release(&arena);
		buf_release(&buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_since_lets_in_what_is_recent_by_either_clock),
		cmocka_unit_test(test_another_clock_has_its_own_slack),
		cmocka_unit_test(test_an_age_counts_by_both_clocks),
		cmocka_unit_test(test_fail_fast_counts_by_both_clocks),
		cmocka_unit_test(test_only_a_certain_difference_is_noted),
		cmocka_unit_test(test_a_recording_says_how_rough_the_clock_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
