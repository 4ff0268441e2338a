/* rate_test.c - live runs of many chains that share a rate: every chain is asked once more before the deadline, and is
 * answered. So a chain that is up passes, whoever else the run has to wait for, and no pass is older than it need be. */
#include "../unit/random.h"
#include "chaingate/times.h"
#include "rate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

/* True if each answer that the target needs comes. Only targets that are apart or paired have chains that miss. */
static bool is_owed_a_pass(const struct story *story, size_t target)
{
	return story->groups == PAIRS ? !misses_sometimes(story, 2 * target) && !misses_sometimes(story, 2 * target + 1)
				      : !misses_sometimes(story, target);
}

/* The number of targets but the first that didn't pass, though no chain of theirs misses, and how old the oldest pass was
 * at the end. The first target never passes, so without own timeouts the run lasts until its deadline. */
static size_t tell(const struct story *story, int64_t *oldest_ns)
{
	struct world w;
	size_t left_out = 0;
	run_story(&w, story);
	const struct gate_result *result = gate_result(driver_gate(w.driver));
	*oldest_ns = 0;
	for (size_t i = 1; i < result->target_count; i++) {
		const struct target_result *target = &result->targets[i];
		bool is_passed = target->verdict == VERDICT_PASSED, is_single = i + story->singles >= story->targets;
		left_out += !is_passed && is_owed_a_pass(story, i);
		if (is_passed && !is_single && result->at_ns - target->at_ns > *oldest_ns)
			*oldest_ns = result->at_ns - target->at_ns;
	}
	assert_int_equal(result->targets[0].verdict, VERDICT_TIMED_OUT);
	assert_true(story->own_timeout_s || result->at_ns == w.deadline_ns);
	end_story(&w);
	return left_out;
}

static size_t chains_of(const struct story *story, size_t targets)
{
	return story->groups == APART ? targets : 2 * targets;
}

/* How long one request may be held back by those of all the others. */
static int64_t held_ns(const struct story *story, size_t open)
{
	size_t all = chains_of(story, story->targets);
	return (int64_t)((open - 1 + (all < story->rate ? all : story->rate)) / story->rate) * NS_PER_S;
}

/* How old a pass may be at the end of the run: as old as the chain's last poll, which is earlier than the answer's time
 * before the deadline by one round of the chains that are still asked, but for that by no more than half of the timeout. */
static int64_t oldest_allowed_ns(const struct story *story)
{
	bool is_apart = story->groups == APART || story->groups == PAIRS;
	size_t all = chains_of(story, story->targets);
	size_t open = chains_of(story, story->targets - (is_apart ? story->singles : 0));
	int64_t wait_ns = held_ns(story, open);
	int64_t latency_ns = story->latency_ns + story->slow_ns, round_ns = latency_ns;
	if (story->groups != APART) /* the chains of a group wait for each other */
		round_ns += story->groups == PAIRS ? NS_PER_S : (int64_t)(all / story->rate + 1) * NS_PER_S;
	/* A round that is under way, then the request that waits longest in the last one. */
	int64_t answer_ns = round_ns + latency_ns;
	if (answer_ns < NS_PER_S)
		answer_ns = NS_PER_S;
	int64_t room_ns = story->timeout_s * NS_PER_S / 2 - answer_ns;
	if (wait_ns > room_ns)
		wait_ns = room_ns > 0 ? room_ns : 0;
	return answer_ns + wait_ns;
}

static void expect_fresh(const struct story *story, int64_t oldest_ns)
{
	/* Answers that are slower than the poll before a target's own deadline expects come after it. But then the pass is no
	 * older than snapshots of one stretch may be apart (watch.c). */
	int64_t hole_ns = 7 * story->interval_s * NS_PER_S / 2;
	int64_t most_ns = !story->own_timeout_s     ? oldest_allowed_ns(story)
			  : hole_ns > 35 * NS_PER_S ? hole_ns
						    : 35 * NS_PER_S;
	if (oldest_ns > most_ns)
		printf("a pass is %.3fs old, at most %.3fs is right\n", (double)oldest_ns / 1e9, (double)most_ns / 1e9);
	assert_true(oldest_ns <= most_ns);
}

static void expect_all(const struct story *story)
{
	int64_t oldest_ns;
	size_t left_out = tell(story, &oldest_ns);
	int64_t most_ns = oldest_allowed_ns(story);
	if (left_out || (!story->own_timeout_s && oldest_ns > most_ns))
		printf("%d: %zu targets (%zu singles), %zu a second, interval %llds, timeout %llds (own %llds), "
		       "answers "
		       "in %lldms, %s from %llds for %llds: %zu did not pass\n",
		       (int)story->groups, story->targets, story->singles, story->rate, (long long)story->interval_s,
		       (long long)story->timeout_s, (long long)story->own_timeout_s,
		       (long long)(story->latency_ns / NS_PER_MS), story->miss ? story->miss : "no misses",
		       (long long)story->misses_from_s, (long long)story->misses_for_s, left_out);
	assert_int_equal(left_out, 0);
	expect_fresh(story, oldest_ns);
}

/* The verdict of the first target, and of the run. */
static void expect_verdicts(const struct story *story, enum verdict first, enum verdict whole)
{
	struct world w;
	run_story(&w, story);
	const struct gate_result *result = gate_result(driver_gate(w.driver));
	assert_int_equal(result->targets[0].verdict, first);
	assert_int_equal(result->verdict, whole);
	end_story(&w);
}

/* The first chain fails while the second, which the run waits for, gets up behind an outage. */
static const char *failing_answer(const struct story *story, size_t chain, int64_t at_ns)
{
	(void)story;
	if (chain == 0)
		return at_ns < 211 * NS_PER_S ? UP : FAILED;
	if (chain == 1 && at_ns >= 180 * NS_PER_S && at_ns < 235 * NS_PER_S)
		return "!503";
	return chain == 1 && at_ns < 211 * NS_PER_S ? BUILDING : UP;
}

/* Decided chains need no more polls, so they don't make the last ones earlier: a target that passes is looked at as late as
 * without them. */
static void test_decided_chains_take_no_time(void **state)
{
	(void)state;
	struct story story = {.targets = 2,
			      .rate = 10,
			      .interval_s = 10,
			      .timeout_s = 240,
			      .latency_ns = 10 * NS_PER_MS,
			      .sees = failing_answer};
	expect_verdicts(&story, VERDICT_FAILED, VERDICT_FAILED);
	story.targets += story.singles = 280;
	expect_verdicts(&story, VERDICT_FAILED, VERDICT_FAILED);
}

/* As above, but the others are asked to wait, and decided by their own deadline, after the last polls of these two. */
static const char *late_answer(const struct story *story, size_t chain, int64_t at_ns)
{
	(void)story;
	if (chain > 1 && at_ns >= 140 * NS_PER_S)
		return "!429+100";
	bool is_late = at_ns >= 230 * NS_PER_S;
	return chain == 0 ? is_late ? FAILED : UP : chain == 1 && is_late ? UP : BUILDING;
}

static void test_chains_decided_after_the_last_polls(void **state)
{
	(void)state;
	struct story story = {.targets = 282,
			      .rate = 10,
			      .interval_s = 30,
			      .timeout_s = 240,
			      .own_timeout_s = 220,
			      .own_from = 2,
			      .latency_ns = 10 * NS_PER_MS,
			      .sees = late_answer};
	expect_verdicts(&story, VERDICT_FAILED, VERDICT_FAILED);
}

/* The first chain is asked to wait at its early last poll. There is time for another. */
static const char *busy_answer(const struct story *story, size_t chain, int64_t at_ns)
{
	int64_t from_ns = story->misses_from_s * NS_PER_S;
	return chain == 0 && at_ns >= from_ns && at_ns < from_ns + 4 * NS_PER_S ? "!429+4" : chain == 1 ? BUILDING : UP;
}

static void test_retry_after_at_the_early_last_polls(void **state)
{
	(void)state;
	struct story story = {.targets = 290,
			      .rate = 10,
			      .interval_s = 60,
			      .timeout_s = 120,
			      .latency_ns = 10 * NS_PER_MS,
			      .sees = busy_answer};
	for (story.misses_from_s = 85; story.misses_from_s <= 92; story.misses_from_s++)
		expect_verdicts(&story, VERDICT_PASSED, VERDICT_TIMED_OUT);
}

/* The first chain is up from some moment on. */
static const char *awaited_answer(const struct story *story, size_t chain, int64_t at_ns)
{
	return chain == 0 && at_ns < story->misses_from_s * NS_PER_S ? BUILDING : UP;
}

/* If the run ends before its deadline, no look is older than the time from one answer of a chain to the next: an interval,
 * its jitter at both ends, and what a request then takes. */
static void test_the_age_if_the_run_ends_early(void **state)
{
	(void)state;
	struct story story = {.targets = 200,
			      .rate = 20,
			      .interval_s = 20,
			      .timeout_s = 240,
			      .latency_ns = 10 * NS_PER_MS,
			      .sees = awaited_answer};
	int64_t most_ns = 24 * NS_PER_S + held_ns(&story, story.targets) + story.latency_ns;
	for (story.misses_from_s = 1; story.misses_from_s < 200; story.misses_from_s += 13) {
		struct world w;
		run_story(&w, &story);
		const struct gate_result *result = gate_result(driver_gate(w.driver));
		assert_int_equal(result->verdict, VERDICT_PASSED);
		for (size_t i = 0; i < result->target_count; i++)
			assert_true(result->at_ns - result->targets[i].at_ns <= most_ns);
		end_story(&w);
	}
}

static void test_three_hundred(void **state)
{
	(void)state;
	static const size_t rates[] = {100, 30, 10};
	for (size_t i = 0; i < COUNT_OF(rates); i++) {
		struct story story = {.targets = 300,
				      .rate = rates[i],
				      .interval_s = rates[i] == 10 ? 30 : 10,
				      .timeout_s = 120,
				      .latency_ns = 10 * NS_PER_MS,
				      .stable_for_s = 1};
		expect_all(&story);
	}
}

/* Some chains miss at some time in the second half. */
static void add_misses(struct story *story)
{
	static const char *const misses[] = {"!503", "!timeout", "!429+1", "!429+7", "!429+30"};
	story->miss = misses[below(COUNT_OF(misses))];
	story->misses_from_s = story->timeout_s / 2 + (int64_t)below((size_t)story->timeout_s / 2);
	story->misses_for_s = 1 + (int64_t)below(40);
}

/* A story whose rate keeps the interval, and whose timeout leaves time for two rounds before the last polls. */
static struct story random_story(void)
{
	struct story story = {.groups = (enum groups)below(GROUP_KINDS),
			      .targets = 1 + below(40),
			      .rate = 1 + below(40),
			      .interval_s = 1 + (int64_t)below(30),
			      .latency_ns = (int64_t)below(2000) * NS_PER_MS,
			      .stable_for_s = 1};
	int64_t requests = (int64_t)(story.groups == APART ? story.targets : 2 * story.targets);
	int64_t round_s = requests / (int64_t)story.rate + 1;
	if (story.interval_s < round_s)
		story.interval_s = round_s;
	story.timeout_s = 3 * story.interval_s + 2 * round_s + (int64_t)below(100);
	if (once_in(4)) {
		story.own_timeout_s = story.timeout_s;
		story.timeout_s *= 2;
	}
	if (once_in(4))
		story.slow_ns = (int64_t)below(3000) * NS_PER_MS;
	if (once_in(2) && requests / (int64_t)story.rate < 20) /* a single is given up after 30 s */
		story.singles = below(story.targets);
	if ((story.groups == APART || story.groups == PAIRS) && once_in(2))
		add_misses(&story);
	return story;
}

/* If half of the timeout isn't long enough for the last polls of all, some targets don't pass, but no pass is older. */
static void test_too_many_for_the_timeout(void **state)
{
	(void)state;
	struct story story = {.targets = 300, .rate = 10, .interval_s = 31, .latency_ns = 10 * NS_PER_MS};
	for (story.timeout_s = 20; story.timeout_s < 70; story.timeout_s += 7) {
		int64_t oldest_ns;
		tell(&story, &oldest_ns);
		expect_fresh(&story, oldest_ns);
	}
}

static void test_random(void **state)
{
	(void)state;
	random_begin(random_seed());
	for (size_t i = rounds_of(1200); i > 0; i--) {
		struct story story = random_story();
		expect_all(&story);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decided_chains_take_no_time),
		cmocka_unit_test(test_chains_decided_after_the_last_polls),
		cmocka_unit_test(test_retry_after_at_the_early_last_polls),
		cmocka_unit_test(test_the_age_if_the_run_ends_early),
		cmocka_unit_test(test_three_hundred),
		cmocka_unit_test(test_too_many_for_the_timeout),
		cmocka_unit_test(test_random),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
