/* rate.c - see rate.h. */
#include "rate.h"

#include "../unit/random.h"
#include "chaingate/buf.h"
#include "chaingate/diag.h"
#include "chaingate/plan.h"
#include "chaingate/policy.h"
#include "chaingate/source.h"
#include "chaingate/times.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

bool misses_sometimes(const struct story *story, size_t chain)
{
	return story->miss && chain % 4 == 1;
}

/* The first chain is never up. */
static const char *usual_answer(const struct story *story, size_t chain, int64_t at_ns)
{
	int64_t since_ns = at_ns - story->misses_from_s * NS_PER_S;
	if (misses_sometimes(story, chain) && since_ns >= 0 && since_ns < story->misses_for_s * NS_PER_S)
		return story->miss;
	return chain == 0 ? BUILDING : UP;
}

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
		if (i + story->singles >= story->targets)
			buf_printf(&yaml, ", wait: {timeout: 0s}");
		else if (story->own_timeout_s && i >= story->own_from)
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
		request->at_ns = w->now_ns + w->story->latency_ns + (request->chain % 2 ? 0 : w->story->slow_ns);
		pace_started(&w->pace, w->now_ns);
	}
}

/* When a request ends; whoever waits at the deadline, or has no answer then, is a miss. */
static int64_t over_ns(const struct world *w, const struct request *request)
{
	return request->sent_ns < 0 || request->at_ns > w->deadline_ns ? w->deadline_ns : request->at_ns;
}

/* Fills in what came back. */
static void read_answer(struct world *w, size_t chain, struct driver_answer *answer)
{
	const char *sees = (w->story->sees ? w->story->sees : usual_answer)(w->story, chain, w->now_ns);
	size_t count;
	bool is_baseline = driver_chains(w->driver, &count)[chain].wanted.bytes[0] == 'b';
	answer->chain_id = is_baseline ? TEXT("another") : TEXT(SCRIPT_CHAIN);
	if (sees[0] == '!')
		answer->miss = miss_write(&w->arena, sees);
	else
		answer->listing = listing_write(&w->arena, sees);
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
	if (is_cut)
		answer.miss = (struct miss){.cause = MISS_TIMEOUT, .detail = TEXT("no time was left")};
	else
		read_answer(w, request.chain, &answer);
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

void run_story(struct world *w, const struct story *story)
{
	struct driver_step step;
	*w = (struct world){.story = story, .deadline_ns = story->timeout_s * NS_PER_S};
	w->plan = plan_write(&w->arena, story);
	w->driver = driver_new(w->plan, DRIVER_LIVE);
	driver_limit_rate(w->driver, story->rate);
	w->pace = pace_make(&w->arena, story->rate);
	while ((step = driver_next(w->driver, w->now_ns)).action != DRIVER_DONE) {
		if (step.action == DRIVER_ASK)
			w->requests[w->count++] = (struct request){.chain = step.chain, .sent_ns = -1};
		else
			wait_for(w, step.until_ns);
	}
}

void end_story(struct world *w)
{
	driver_free(w->driver);
	arena_release(&w->arena);
}
