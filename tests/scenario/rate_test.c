/* rate_test.c - live runs of many chains that share a rate, in virtual time: every chain is asked once more before the
 * deadline, and is answered. So a chain that is up passes, whoever else the run has to wait for. */
#include "../../src/net/pace.h"
#include "../unit/random.h"
#include "chaingate/buf.h"
#include "chaingate/diag.h"
#include "chaingate/plan.h"
#include "chaingate/policy.h"
#include "chaingate/source.h"
#include "chaingate/times.h"
#include "script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define UP "q1 ACTIVE: A ACTIVE 1/1"
#define BUILDING "q1 BUILDING: A BUILDING 0/1"
#define CHAINS_MAX 300

/* How the targets' chains and baselines form groups. */
enum groups { APART, PAIRS, ONE_GROUP, MIXED, GROUP_KINDS };

struct story {
	enum groups groups;
	size_t targets, rate;
	int64_t interval_s, timeout_s, own_timeout_s; /* own_timeout_s 0: none has its own */
	int64_t latency_ns;                           /* how long each answer takes */
	int64_t stable_for_s;
};

/* One request: waiting (sent_ns -1), or on its way. */
struct request {
	size_t chain;
	int64_t sent_ns, at_ns;
};

struct world {
	struct arena arena;
	const struct story *story;
	const struct gate_plan *plan;
	struct driver *driver;
	struct pace pace;
	struct request requests[CHAINS_MAX]; /* in the order in which they were asked for */
	size_t count;
	int64_t deadline_ns, now_ns;
	const struct listing *up, *building;
};

static void add_baseline(struct buf *yaml, const struct story *story, size_t i)
{
	bool is_paired = story->groups == PAIRS || (story->groups == MIXED && i % 3 == 1);
	if (is_paired)
		buf_printf(yaml, ", baseline: {chain: b%zu, latest: true}", i);
	else if (story->groups == ONE_GROUP || (story->groups == MIXED && i % 3 == 2))
		buf_printf(yaml, ", baseline: {chain: b, latest: true}");
}

static const struct gate_plan *plan_write(struct arena *arena, const struct story *story)
{
	struct buf yaml = buf_make(BUF_LIMIT_REPORT);
	struct diags diags = {.arena = arena};
	buf_printf(&yaml, "version: 1\nwait: {timeout: %llds, interval: %llds, stable_for: %llds}\ntargets:\n",
		   (long long)story->timeout_s, (long long)story->interval_s, (long long)story->stable_for_s);
	for (size_t i = 0; i < story->targets; i++) {
		buf_printf(&yaml, "  - {name: t%zu, chain: c%zu, deployment: q1", i, i);
		if (story->own_timeout_s)
			buf_printf(&yaml, ", wait: {timeout: %llds}", (long long)story->own_timeout_s);
		add_baseline(&yaml, story, i);
		buf_printf(&yaml, "}\n");
	}
	buf_printf(&yaml, "rules: [all chainlets ACTIVE]\n");
	const struct policy *policy =
		policy_load(arena, source_make(arena, "policy", arena_text(arena, buf_text(&yaml))), NULL, &diags);
	buf_release(&yaml);
	assert_non_null(policy);
	struct plan_overrides overrides = {.wait = policy->wait};
	return plan_make(arena, policy, &overrides);
}

/* ---- the network ------------------------------------------------------------------------------------------------ */

static void start_allowed(struct world *w)
{
	for (size_t i = 0; i < w->count; i++) {
		struct request *request = &w->requests[i];
		if (request->sent_ns >= 0 || w->now_ns >= w->deadline_ns || pace_next_ns(&w->pace) > w->now_ns)
			continue;
		request->sent_ns = w->now_ns;
		request->at_ns = w->now_ns + w->story->latency_ns;
		pace_started(&w->pace, w->now_ns);
	}
}

/* When a request ends; whoever waits at the deadline, or has no answer then, is a miss. */
static int64_t over_ns(const struct world *w, const struct request *request)
{
	return request->sent_ns < 0 || request->at_ns > w->deadline_ns ? w->deadline_ns : request->at_ns;
}

static void answer(struct world *w, size_t index)
{
	struct request request = w->requests[index];
	bool is_cut = request.sent_ns < 0 || request.at_ns > w->deadline_ns;
	struct driver_answer answer = {.sent_ns = request.sent_ns < 0 ? w->now_ns : request.sent_ns,
				       .at_ns = w->now_ns};
	for (size_t i = index + 1; i < w->count; i++)
		w->requests[i - 1] = w->requests[i];
	w->count--;
	answer.chain_id = is_cut ? (struct text){0} : TEXT(SCRIPT_CHAIN);
	answer.listing = is_cut ? NULL : request.chain == 0 ? w->building : w->up;
	answer.miss = (struct miss){.cause = MISS_TIMEOUT, .detail = TEXT("no time was left")};
	driver_answered(w->driver, request.chain, &answer, (uint32_t)below(UINT32_MAX));
}

/* Waits for the next answer, or until `until_ns`. */
static void wait_for(struct world *w, int64_t until_ns)
{
	for (;;) {
		size_t first = w->count;
		int64_t next_ns = until_ns;
		start_allowed(w);
		for (size_t i = 0; i < w->count; i++) {
			int64_t at_ns = over_ns(w, &w->requests[i]);
			if (at_ns <= w->now_ns && (first == w->count || at_ns < over_ns(w, &w->requests[first])))
				first = i;
			next_ns = at_ns < next_ns ? at_ns : next_ns;
			if (w->requests[i].sent_ns < 0 && pace_next_ns(&w->pace) < next_ns)
				next_ns = pace_next_ns(&w->pace);
		}
		if (first < w->count) {
			answer(w, first);
			return;
		}
		if (w->now_ns >= until_ns) {
			driver_pass(w->driver, w->now_ns);
			return;
		}
		w->now_ns = next_ns;
	}
}

/* ---- a run ------------------------------------------------------------------------------------------------------ */

/* The number of targets but the first that didn't pass, and how old the oldest pass was at the end. The first target never
 * passes, so without own timeouts the run lasts until its deadline. */
static size_t tell(const struct story *story, int64_t *oldest_ns)
{
	struct world w = {.story = story, .deadline_ns = story->timeout_s * NS_PER_S};
	struct driver_step step;
	size_t left_out = 0;
	w.plan = plan_write(&w.arena, story);
	w.driver = driver_new(w.plan, DRIVER_LIVE);
	driver_limit_rate(w.driver, story->rate);
	w.pace = pace_make(&w.arena, story->rate);
	w.up = listing_write(&w.arena, UP);
	w.building = listing_write(&w.arena, BUILDING);
	while ((step = driver_next(w.driver, w.now_ns)).action != DRIVER_DONE) {
		if (step.action == DRIVER_ASK)
			w.requests[w.count++] = (struct request){.chain = step.chain, .sent_ns = -1};
		else
			wait_for(&w, step.until_ns);
	}
	const struct gate_result *result = gate_result(driver_gate(w.driver));
	*oldest_ns = 0;
	for (size_t i = 1; i < result->target_count; i++) {
		const struct target_result *target = &result->targets[i];
		left_out += target->verdict != VERDICT_PASSED;
		if (result->at_ns - target->at_ns > *oldest_ns)
			*oldest_ns = result->at_ns - target->at_ns;
	}
	assert_int_equal(result->targets[0].verdict, VERDICT_TIMED_OUT);
	assert_true(story->own_timeout_s || result->at_ns == w.deadline_ns);
	driver_free(w.driver);
	arena_release(&w.arena);
	return left_out;
}

static void expect_all(const struct story *story)
{
	int64_t oldest_ns;
	size_t left_out = tell(story, &oldest_ns);
	if (left_out)
		printf("%d: %zu targets, %zu a second, interval %llds, timeout %llds (own %llds), answers in %lldms: "
		       "%zu did not pass\n",
		       (int)story->groups, story->targets, story->rate, (long long)story->interval_s,
		       (long long)story->timeout_s, (long long)story->own_timeout_s,
		       (long long)(story->latency_ns / NS_PER_MS), left_out);
	assert_int_equal(left_out, 0);
	/* No pass is older than snapshots of one stretch may be apart (watch.c). */
	int64_t hole_ns = 7 * story->interval_s * NS_PER_S / 2;
	assert_true(oldest_ns <= (hole_ns > 35 * NS_PER_S ? hole_ns : 35 * NS_PER_S));
}

static void test_three_hundred(void **state)
{
	(void)state;
	static const size_t rates[] = {100, 30, 10};
	for (size_t i = 0; i < COUNT_OF(rates); i++) {
		struct story story = {APART, 300, rates[i], 10, 120, 0, 10 * NS_PER_MS, 1};
		if (rates[i] == 10)
			story.interval_s = 30;
		expect_all(&story);
	}
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
	return story;
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
		cmocka_unit_test(test_three_hundred),
		cmocka_unit_test(test_random),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
