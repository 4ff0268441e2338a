/* waiting.c - makes a result from a watch: its outcome, and what it waits for. */
#include "watch.h"

/* Since when the target isn't at rest: the oldest reason among the selected deployments and chainlets. */
static int64_t unrest_since_ns(const struct watch *watch)
{
	int64_t since = NO_TIME;
	for (size_t i = 0; i < watch->seen.lane_count; i++) {
		const struct gate_lane *lane = &watch->seen.lanes[i];
		if (!status_is_at_rest(lane->status) && (since == NO_TIME || lane->since_ns < since))
			since = lane->since_ns;
	}
	return since == NO_TIME ? watch->snapshot_ns
				: since; /* no lane is the reason: null settings, or no chainlets */
}

static void set_waiting(struct target_result *result, enum gate_waiting waiting, int64_t since_ns)
{
	result->waiting = waiting;
	result->waiting_since_ns = since_ns;
}

static void find_waiting(struct target_result *result, const struct watch *watch)
{
	if (watch->passing || watch->verdict == VERDICT_PASSED)
		set_waiting(result, WAITING_NOTHING, watch->at_ns);
	else if (watch->chain_absent_since_ns != NO_TIME)
		set_waiting(result, watch->is_environment_absent ? WAITING_ENVIRONMENT : WAITING_CHAIN,
			    watch->chain_absent_since_ns);
	else if (!watch->had_snapshot)
		set_waiting(result, WAITING_ANSWER, watch->last_answer_ns);
	else if (environment_is_promoting(watch))
		set_waiting(result, WAITING_PROMOTION, watch->promoting_since_ns);
	else if (watch->seen.id_count == 0)
		set_waiting(result, WAITING_DEPLOYMENT, watch->nothing_since_ns);
	else if (!watch->seen.at_rest)
		set_waiting(result, WAITING_REST, unrest_since_ns(watch));
	else if (!watch_is_stable_now(watch))
		set_waiting(result, WAITING_STABLE, watch->run.since_ns);
	else if (!rules_hold(watch))
		set_waiting(result, WAITING_RULES, watch->stable_at_ns);
	/* Every rule held on the last snapshot, but a miss came after it, or nothing for too long. */
	else if (watch->misses_in_row || watch->is_pass_old)
		set_waiting(result, WAITING_ANSWER, watch->last_answer_ns);
	else /* it was passing when the run was ended early */
		set_waiting(result, WAITING_NOTHING, watch->at_ns);
}

static enum rule_outcome outcome(const struct rule_state *state)
{
	if (state->failed)
		return RULE_FAIL;
	if (state->satisfied)
		return RULE_PASS;
	return state->was_skipped ? RULE_SKIPPED : RULE_UNKNOWN;
}

/* The stretch that set T; if T isn't set, the current one. */
static struct gate_stretch stretch_of(const struct watch *watch)
{
	const struct run_at_rest *run = watch->stable_at_ns != NO_TIME ? &watch->deciding : &watch->run;
	if (run->since_ns == NO_TIME)
		return (struct gate_stretch){0};
	return (struct gate_stretch){
		.since_ns = run->since_ns,
		.until_ns = watch->snapshot_ns,
		.watched_ns = watch->watched_ns - run->since_watched_ns,
		.polls = watch->polls - run->first_poll + 1,
		.misses = watch->misses - run->misses_before,
	};
}

struct target_result watch_result(struct arena *arena, const struct watch *watch)
{
	struct rule_result *rules = ARENA_ARRAY(arena, struct rule_result, watch->rule_count);
	for (size_t i = 0; i < watch->rule_count; i++) {
		rules[i] = watch->rules[i].result;
		rules[i].outcome = outcome(&watch->rules[i]);
	}
	struct target_result result = {
		.target = watch->target,
		.wait = &watch->wait,
		.selector = watch->selector,
		.verdict = watch->verdict,
		.reason = watch->reason,
		.at_ns = watch->at_ns,
		.deadline_ns = watch->deadline_ns,
		.superseded_by = watch->superseded,
		.miss = watch->miss,
		.last_answer_ns = watch->last_answer_ns,
		.chain_id = watch->chain_id,
		.deployment_ids = watch->seen.ids,
		.deployment_count = watch->seen.id_count,
		.snapshot = watch->seen.state,
		.current = watch->current,
		.candidate = watch->candidate,
		.promotion = arena_text(arena, watch->promotion),
		.ended = arena_text(arena, watch->ended),
		.listed = arena_text(arena, buf_text(&watch->listed)),
		.was_present = watch->was_present,
		.stable = watch->stable_at_ns != NO_TIME,
		.stable_at_ns = watch->stable_at_ns,
		.stable_after_ns = watch->seen.stable_for_ns,
		.stretch = stretch_of(watch),
		.lanes = watch->seen.lanes,
		.lane_count = watch->seen.lane_count,
		.rules = rules,
		.polls = watch->polls,
		.misses = watch->misses,
		.poll_at_ns = watch->poll_at_ns,
	};
	find_waiting(&result, watch);
	return result;
}
