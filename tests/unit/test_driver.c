/* test_driver.c - what driver.h promises of rounds, of answers in any order, and of the next poll. The scenario tests tell
 * whole stories to it. */
#include "chaingate/buf.h"
#include "chaingate/diag.h"
#include "chaingate/driver.h"
#include "chaingate/policy.h"
#include "chaingate/source.h"
#include "chaingate/times.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define S(seconds) ((int64_t)(seconds)*NS_PER_S)

#define ALONE "[{name: x, chain: one, deployment: q1}]"
#define APART "[{name: x, chain: one, deployment: q1, wait: {timeout: 60s}}, {name: y, chain: two, deployment: q1}]"
/* One group, because y needs both chains. */
#define TOGETHER \
	"[{name: x, chain: one, deployment: q1}, " \
	"{name: y, chain: two, deployment: q1, baseline: {chain: one, deployment: q1}}]"

struct play {
	struct arena arena;
	struct driver *driver;
	struct gate *gate;
};

static void begin(struct play *play, const char *targets, int64_t timeout_s, enum driver_pace pace)
{
	*play = (struct play){0};
	struct arena *arena = &play->arena;
	struct diags diags = {.arena = arena};
	const char *yaml = arena_printf(
		arena,
		"version: 1\nwait: {interval: 10s, stable_for: 20s}\ntargets: %s\nrules: [all chainlets ACTIVE]\n",
		targets);
	const struct policy *policy = policy_load(arena, source_make(arena, "policy", text_of(yaml)), NULL, &diags);
	assert_non_null(policy);
	struct plan_overrides overrides = {.wait = policy->wait};
	overrides.wait.timeout_ns = S(timeout_s);
	play->driver = driver_new(plan_make(arena, policy, &overrides), pace);
	play->gate = driver_gate(play->driver);
}

static void end(struct play *play)
{
	driver_free(play->driver);
	arena_release(&play->arena);
}

static const struct text ids[] = {{"id-one", 6}, {"id-two", 6}, {"id-three", 8}};

static const struct listing *list(struct arena *arena, size_t chain, enum status status)
{
	struct text word = text_of(status_name(status));
	struct chainlet *chainlet = ARENA_NEW(arena, struct chainlet);
	struct deployment *deployment = ARENA_NEW(arena, struct deployment);
	struct listing *listing = ARENA_NEW(arena, struct listing);
	static const struct autoscaling_settings settings = {.min_replica = 1, .max_replica = 1};
	*chainlet = (struct chainlet){.id = TEXT("a1"),
				      .name = TEXT("A"),
				      .instance_type_name = TEXT("L4"),
				      .status = status,
				      .status_word = word,
				      .active_replica_count = 1,
				      .settings = &settings,
				      .ordinal = 1};
	*deployment = (struct deployment){.id = TEXT("q1"),
					  .chain_id = ids[chain],
					  .status = status,
					  .status_word = word,
					  .chainlets = chainlet,
					  .chainlet_count = 1};
	*listing = (struct listing){.deployments = deployment, .count = 1, .ordinals = 2};
	return listing;
}

/* The chain lists one deployment with this status. */
static bool shows(struct play *play, size_t chain, enum status status, int64_t at_ns)
{
	struct driver_answer answer = {
		.sent_ns = at_ns, .at_ns = at_ns, .chain_id = ids[chain], .listing = list(&play->arena, chain, status)};
	return driver_answered(play->driver, chain, &answer, UINT32_MAX);
}

static bool misses(struct play *play, size_t chain, enum miss_cause cause)
{
	struct driver_answer answer = {.chain_id = ids[chain], .miss = {.cause = cause}};
	return driver_answered(play->driver, chain, &answer, UINT32_MAX);
}

static void expect_ask(struct play *play, size_t chain, int64_t now_ns)
{
	struct driver_step step = driver_next(play->driver, now_ns);
	assert_int_equal(step.action, DRIVER_ASK);
	assert_int_equal(step.chain, chain);
}

static void expect_wait(struct play *play, int64_t until_ns, int64_t now_ns)
{
	struct driver_step step = driver_next(play->driver, now_ns);
	assert_int_equal(step.action, DRIVER_WAIT);
	assert_int_equal(step.until_ns, until_ns);
}

/* ---- deadlines -------------------------------------------------------------------------------------------------- */

/* An answer at the very moment of a deadline, the run's or a target's own, still counts; one a nanosecond later doesn't.
 * Nobody applied the deadline before. */
static void test_at_the_very_deadline(void **state)
{
	(void)state;
	for (int has_own = 0; has_own < 2; has_own++)
		for (int late = 0; late < 2; late++) {
			struct play play;
			begin(&play, has_own ? APART : ALONE, has_own ? 600 : 60, DRIVER_EXACT);
			shows(&play, 0, STATUS_ACTIVE, S(40));
			shows(&play, 0, STATUS_ACTIVE, S(50));
			shows(&play, 0, STATUS_ACTIVE, S(60) + late);
			if (has_own)
				shows(&play, 1, STATUS_FAILED, S(70));
			driver_pass(play.driver, S(71));
			const struct target_result *target = gate_target_result(play.gate, 0);
			assert_int_equal(target->verdict, late ? VERDICT_TIMED_OUT : VERDICT_PASSED);
			assert_int_equal(target->at_ns, S(60));
			end(&play);
		}
}

/* The answer of an earlier moment comes in after a deadline was applied: it is too late for that target, and counts for
 * the others just after it. */
static void test_after_a_deadline_was_applied(void **state)
{
	struct play play;
	(void)state;
	begin(&play, APART, 600, DRIVER_EXACT);
	for (size_t chain = 0; chain < 2; chain++)
		shows(&play, chain, STATUS_BUILDING, S(50));
	driver_pass(play.driver, S(62));
	assert_int_equal(gate_target_result(play.gate, 0)->verdict, VERDICT_TIMED_OUT);
	shows(&play, 0, STATUS_FAILED, S(59));
	shows(&play, 1, STATUS_FAILED, S(59));
	assert_int_equal(gate_target_result(play.gate, 0)->verdict, VERDICT_TIMED_OUT);
	assert_int_equal(gate_target_result(play.gate, 1)->verdict, VERDICT_FAILED);
	assert_int_equal(gate_target_result(play.gate, 1)->at_ns, S(60) + 1);
	end(&play);
}

/* ---- rounds ----------------------------------------------------------------------------------------------------- */

static void test_each_chain_is_named_once_in_a_round(void **state)
{
	struct play play;
	(void)state;
	begin(&play, TOGETHER, 600, DRIVER_EXACT);
	expect_ask(&play, 0, 0);
	expect_ask(&play, 1, 0);
	expect_wait(&play, S(600) + 1, 0);
	assert_false(shows(&play, 1, STATUS_ACTIVE, S(3)));
	expect_wait(&play, S(600) + 1, S(30)); /* however long the other one takes */
	assert_true(shows(&play, 0, STATUS_ACTIVE, S(31)));
	expect_wait(&play, S(31) + 1, S(31)); /* that moment isn't settled yet */
	driver_pass(play.driver, S(32));
	expect_wait(&play, S(40), S(32));
	expect_ask(&play, 0, S(40));
	expect_ask(&play, 1, S(40));
	end(&play);
}

/* A second answer of a chain in one round replaces the first, whose listing may be gone, and ends no round. */
static void test_a_second_answer_replaces_the_first(void **state)
{
	struct play play;
	struct arena first = {0};
	(void)state;
	begin(&play, TOGETHER, 600, DRIVER_EXACT);
	struct driver_answer answer = {.chain_id = ids[0], .listing = list(&first, 0, STATUS_FAILED)};
	assert_false(driver_answered(play.driver, 0, &answer, 0));
	assert_false(shows(&play, 0, STATUS_ACTIVE, S(2)));
	arena_release(&first);
	assert_true(shows(&play, 1, STATUS_ACTIVE, S(3)));
	for (size_t i = 0; i < 2; i++) {
		const struct target_result *target = gate_target_result(play.gate, i);
		assert_int_equal(target->verdict, VERDICT_NONE);
		assert_int_equal(target->polls, 1);
		assert_int_equal(target->poll_at_ns[0], i ? S(3) : S(2));
	}
	end(&play);
}

/* An answer that nobody asked for begins a round, in which no chain is named. */
static void test_an_answer_unasked_begins_a_round(void **state)
{
	struct play play;
	(void)state;
	begin(&play, TOGETHER, 600, DRIVER_EXACT);
	assert_false(shows(&play, 1, STATUS_ACTIVE, S(5)));
	expect_wait(&play, S(600) + 1, S(20));
	assert_true(shows(&play, 0, STATUS_ACTIVE, S(21)));
	driver_pass(play.driver, S(22));
	expect_wait(&play, S(30), S(22));
	end(&play);
}

/* Rounds end in the order in which they are given, so the earlier time moves up. */
static void test_rounds_end_in_order(void **state)
{
	struct play play;
	size_t count;
	(void)state;
	begin(&play, APART, 600, DRIVER_EXACT);
	assert_true(shows(&play, 1, STATUS_BUILDING, S(9)));
	assert_true(shows(&play, 0, STATUS_BUILDING, S(4)));
	assert_int_equal(gate_target_result(play.gate, 0)->poll_at_ns[0], S(9));
	assert_int_equal(driver_chains(play.driver, &count)[0].at_ns, S(9));
	assert_int_equal(count, 2);
	end(&play);
}

/* ---- the next poll ---------------------------------------------------------------------------------------------- */

/* Live, a group asks again soon if any of its chains missed, whatever the others answered, and in whichever order. */
static void test_a_miss_of_any_chain_is_retried(void **state)
{
	static const enum miss_cause causes[] = {MISS_NONE, MISS_TIMEOUT, MISS_NO_CHAIN};
	(void)state;
	for (size_t i = 0; i < 18; i++) {
		const enum miss_cause answers[2] = {causes[i / 2 % 3], causes[i / 6]};
		bool is_retried = answers[0] == MISS_TIMEOUT || answers[1] == MISS_TIMEOUT;
		struct play play;
		begin(&play, TOGETHER, 600, DRIVER_LIVE);
		for (size_t j = 0; j < 2; j++) {
			size_t chain = (i + j) % 2;
			if (answers[chain])
				misses(&play, chain, answers[chain]);
			else
				shows(&play, chain, STATUS_ACTIVE, 0);
		}
		/* The random bits are the greatest: the whole of the first backoff, or the grid's latest. */
		for (size_t target = 0; target < 2; target++)
			assert_int_equal(driver_next_poll_ns(play.driver, target), is_retried ? S(1) : S(11));
		end(&play);
	}
}

/* A round takes from its first request to its last answer, in whichever order the answers come. */
static void test_a_round_is_as_slow_as_all_its_chains(void **state)
{
	(void)state;
	for (size_t slow = 0; slow < 2; slow++)
		for (size_t first = 0; first < 2; first++) {
			struct play play;
			begin(&play, TOGETHER, 60, DRIVER_LIVE);
			for (size_t i = 0; i < 2; i++) {
				size_t chain = (first + i) % 2;
				struct driver_answer answer = {.sent_ns = chain == slow ? S(40) : S(42),
							       .at_ns = S(43),
							       .chain_id = ids[chain],
							       .listing = list(&play.arena, chain, STATUS_BUILDING)};
				driver_answered(play.driver, chain, &answer, UINT32_MAX);
			}
			shows(&play, 0, STATUS_BUILDING, S(51));
			shows(&play, 1, STATUS_BUILDING, S(51));
			assert_int_equal(driver_next_poll_ns(play.driver, 0), S(54)); /* twice 3 s are left */
			end(&play);
		}
}

/* A target's time is up while its chains are being asked: they hold no request back any more once they have answered, so
 * that there is time for one more poll of the others. */
static void test_chains_that_answer_too_late_make_room(void **state)
{
	static const int64_t seconds[] = {0, 11, 21, 31, 41, 51};
	struct play play;
	(void)state;
	begin(&play,
	      "[{name: y, chain: two, deployment: q1}, {name: x, chain: one, deployment: q1, "
	      "baseline: {chain: three, deployment: q1}, wait: {timeout: 56s}}]",
	      60, DRIVER_LIVE);
	driver_limit_rate(play.driver, 1);
	for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++)
		for (size_t chain = 0; chain < 3; chain++) {
			expect_ask(&play, chain, S(seconds[i]));
			shows(&play, chain, STATUS_BUILDING, S(seconds[i]));
		}
	expect_ask(&play, 1, S(52));
	expect_ask(&play, 2, S(52));
	expect_ask(&play, 0, S(56));
	shows(&play, 0, STATUS_BUILDING, S(56));
	driver_pass(play.driver, S(57));
	driver_next(play.driver, S(57));
	assert_int_equal(gate_target_result(play.gate, 1)->verdict, VERDICT_TIMED_OUT);
	assert_int_equal(driver_next_poll_ns(play.driver, 0), INT64_MAX);
	shows(&play, 1, STATUS_BUILDING, S(57));
	shows(&play, 2, STATUS_BUILDING, S(57));
	driver_next(play.driver, S(57));
	assert_int_equal(driver_next_poll_ns(play.driver, 0), S(58));
	end(&play);
}

/* ---- several answers --------------------------------------------------------------------------------------------- */

/* From the one that tells most to the one that tells least. With the first three, no list counts. */
static const struct miss by_rank[] = {{.cause = MISS_TLS},
				      {.cause = MISS_HTTP, .http_status = 401},
				      {.cause = MISS_TIMEOUT},
				      {.cause = MISS_NO_CHAIN}};

/* Of a target's own chain and its baseline's, the miss with the lower rank counts. */
static void test_the_miss_that_tells_most_counts(void **state)
{
	(void)state;
	for (size_t i = 0; i < 16; i++) {
		const size_t ranks[2] = {i % 4, i / 4};
		size_t lower = ranks[0] < ranks[1] ? ranks[0] : ranks[1];
		struct play play;
		begin(&play, TOGETHER, 600, DRIVER_EXACT);
		for (size_t chain = 0; chain < 2; chain++) {
			struct driver_answer answer = {
				.at_ns = S(1), .chain_id = ids[chain], .miss = by_rank[ranks[chain]]};
			driver_answered(play.driver, chain, &answer, 0);
		}
		const struct target_result *target = gate_target_result(play.gate, 1);
		assert_int_equal(target->miss.cause, by_rank[lower].cause);
		assert_int_equal(target->verdict == VERDICT_UNREACHABLE, lower <= 1);
		end(&play);
	}
}

/* What was seen at a moment counts before what ends the run at this moment. */
static void test_a_pass_comes_before_the_end_of_the_run(void **state)
{
	(void)state;
	for (int is_signal = 0; is_signal < 2; is_signal++)
		for (int64_t last = 10; last <= 20; last += 10) {
			struct play play;
			begin(&play, ALONE, 600, DRIVER_EXACT);
			for (int64_t second = 0; second <= last; second += 10)
				shows(&play, 0, STATUS_ACTIVE, S(second));
			if (is_signal)
				driver_interrupt(play.driver, S(last), 2);
			else
				driver_run_out(play.driver, S(last));
			enum verdict otherwise = is_signal ? VERDICT_INTERRUPTED : VERDICT_UNDECIDED;
			assert_int_equal(gate_result(play.gate)->verdict, last == 20 ? VERDICT_PASSED : otherwise);
			end(&play);
		}
}

static size_t notes_with(const struct play *play, const char *words)
{
	size_t count, found = 0;
	const struct gate_event *events = gate_events(play->gate, &count);
	for (size_t i = 0; i < count; i++)
		found += events[i].kind == EVENT_NOTE && strstr(events[i].to.bytes, words) != NULL;
	return found;
}

/* An answer without a Date tells no clock. Then a deployment from this machine's future, a minute ahead and more, says
 * that one of the clocks is wrong. */
static void test_only_a_date_tells_the_clock(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		bool has_clock = i % 2, is_late = i / 2;
		struct play play;
		begin(&play, "[{name: x, chain: one, latest: true, since: 10m}]", 600, DRIVER_EXACT);
		struct deployment deployment = list(&play.arena, 0, STATUS_ACTIVE)->deployments[0];
		deployment.created_at_wall_ns = S(60) + is_late;
		struct listing listing = {.deployments = &deployment, .count = 1, .ordinals = 2};
		struct driver_answer answer = {.chain_id = ids[0], .listing = &listing, .has_clock = has_clock};
		driver_answered(play.driver, 0, &answer, 0);
		assert_int_equal(notes_with(&play, "in this machine's future"), is_late && !has_clock);
		end(&play);
	}
}

/* ---- the end ---------------------------------------------------------------------------------------------------- */

static void test_nothing_changes_after_the_end(void **state)
{
	struct play play;
	(void)state;
	begin(&play, ALONE, 600, DRIVER_EXACT);
	shows(&play, 0, STATUS_FAILED, S(3));
	driver_pass(play.driver, S(4));
	assert_int_equal(driver_next(play.driver, S(4)).action, DRIVER_DONE);
	for (int64_t second = 5; second < 60; second++)
		assert_true(shows(&play, 0, STATUS_ACTIVE, S(second)));
	driver_interrupt(play.driver, S(700), 2);
	driver_run_out(play.driver, S(700));
	driver_pass(play.driver, S(700));
	assert_int_equal(driver_next(play.driver, S(700)).action, DRIVER_DONE);
	const struct gate_result *result = gate_result(play.gate);
	assert_int_equal(result->verdict, VERDICT_FAILED);
	assert_int_equal(result->at_ns, S(3));
	assert_int_equal(result->signal_number, 0);
	assert_int_equal(result->targets[0].polls, 1);
	end(&play);
	driver_free(NULL);
}

/* A name may be another chain's id, so a chain in a URL and one of that name are two, also as a baseline. */
static void a_chain_by_its_id_and_one_by_its_name_are_two(void **state)
{
#define URL "\"https://app.baseten.co/chains/c9\""
	static const struct {
		const char *targets;
		size_t count; /* of chains */
	} rows[] = {
		{"[{name: x, chain: c9, deployment: q1}, {name: y, chain: c9, deployment: q2}]", 1},
		{"[{name: x, chain: " URL ", deployment: q1}, {name: y, chain: " URL ", deployment: q2}]", 1},
		{"[{name: x, chain: c9, deployment: q1}, {name: y, chain: " URL ", deployment: q2}]", 2},
		{"[{name: x, chain: c9, deployment: q1, baseline: {chain: " URL ", deployment: q2}}]", 2},
		{"[{name: x, chain: " URL ", deployment: q1, baseline: {chain: c9, deployment: q2}}]", 2},
		{"[{name: x, chain: " URL ", deployment: q1, baseline: {chain: " URL ", deployment: q2}}]", 1},
		{"[{name: x, chain: " URL ", deployment: q1, baseline: {deployment: q2}}]", 1},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct play play;
		size_t count;
		begin(&play, rows[i].targets, 60, DRIVER_EXACT);
		const struct driver_chain *chains = driver_chains(play.driver, &count);
		assert_int_equal(count, rows[i].count);
		assert_int_equal(chains[0].is_id, strstr(rows[i].targets, "chain: c9, deployment: q1") == NULL);
		for (size_t k = 1; k < count; k++)
			assert_int_not_equal(chains[k].is_id, chains[0].is_id);
		end(&play);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_at_the_very_deadline),
		cmocka_unit_test(test_after_a_deadline_was_applied),
		cmocka_unit_test(test_each_chain_is_named_once_in_a_round),
		cmocka_unit_test(test_a_second_answer_replaces_the_first),
		cmocka_unit_test(test_an_answer_unasked_begins_a_round),
		cmocka_unit_test(test_rounds_end_in_order),
		cmocka_unit_test(test_a_miss_of_any_chain_is_retried),
		cmocka_unit_test(test_a_round_is_as_slow_as_all_its_chains),
		cmocka_unit_test(test_chains_that_answer_too_late_make_room),
		cmocka_unit_test(test_the_miss_that_tells_most_counts),
		cmocka_unit_test(test_a_pass_comes_before_the_end_of_the_run),
		cmocka_unit_test(test_only_a_date_tells_the_clock),
		cmocka_unit_test(test_nothing_changes_after_the_end),
		cmocka_unit_test(a_chain_by_its_id_and_one_by_its_name_are_two),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
