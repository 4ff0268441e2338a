/* watch.c - takes the observations of one target.
 *
 * Each observation is a snapshot, an absence or a miss. Only snapshots make rules pass or fail. Absences and misses
 * can end the target as not found or unreachable, and they cancel a provisional pass.
 */
#include "watch.h"

#include "chaingate/buf.h"

void watch_make(struct watch *watch, size_t index, const struct gate_plan *plan, struct event_log *log)
{
	*watch = (struct watch){
		.index = index,
		.plan = plan,
		.target = &plan->targets[index],
		.selector = plan->targets[index].selector,
		.wait = plan->wait,
		.log = log,
		.deadline_ns = plan_deadline_ns(plan),
		.absent_since_ns = NO_TIME,
		.chain_absent_since_ns = NO_TIME,
		.promoting_since_ns = NO_TIME,
		.unexpected_since_ns = NO_TIME,
		.ended_since_ns = NO_TIME,
		.promotion_words = buf_make(BUF_LIMIT_REPORT),
		.ended_words = buf_make(BUF_LIMIT_REPORT),
		.nothing_since_ns = NO_TIME,
		.snapshot_ns = NO_TIME,
		.run.since_ns = NO_TIME,
		.listed = buf_make(BUF_LIMIT_REPORT),
		.listed_ids = buf_make(BUF_LIMIT_REPORT),
		.stable_at_ns = NO_TIME,
	};
	watch->is_single = watch->target->timeout_ns == 0;
	int64_t own_ns = watch->is_single ? GATE_SINGLE_REQUEST_NS : watch->target->timeout_ns;
	if (own_ns < watch->deadline_ns)
		watch->deadline_ns = own_ns;
	if (watch->is_single) { /* with one snapshot, no time can pass: it is judged as stable */
		watch->wait.stable_for_ns = 0;
		for (size_t i = 0; i < STATUS_COUNT; i++)
			watch->wait.stable_for_status_ns[i] = 0;
	}
	rules_make(watch);
}

void watch_release(struct watch *watch)
{
	rules_release(watch);
	buf_release(&watch->listed);
	buf_release(&watch->listed_ids);
	buf_release(&watch->promotion_words);
	buf_release(&watch->ended_words);
	arena_release(&watch->turns[0]);
	arena_release(&watch->turns[1]);
	arena_release(&watch->miss_memory);
	arena_release(&watch->memory);
}

bool watch_has_ended(const struct watch *watch)
{
	return watch->verdict != VERDICT_NONE;
}

void watch_end(struct watch *watch, enum verdict verdict, enum gate_reason reason, int64_t at_ns)
{
	watch->verdict = verdict;
	watch->reason = reason;
	watch->at_ns = at_ns;
	watch->passing = false;
	event_add(
		watch->log,
		(struct gate_event){.kind = EVENT_VERDICT, .at_ns = at_ns, .target = watch->index, .verdict = verdict});
}

/* Ends a target that isn't decided when its time is up. */
void watch_end_undecided(struct watch *watch, int64_t at_ns)
{
	if (watch_has_ended(watch))
		return;
	if (!watch->had_snapshot)
		watch_end(watch, VERDICT_UNREACHABLE, REASON_NEVER_ANSWERED, at_ns);
	else if (!watch->is_overdue && rules_are_unknown(watch))
		watch_end(watch, VERDICT_UNDECIDED, REASON_RULES_UNKNOWN, at_ns);
	else
		watch_end(watch, VERDICT_TIMED_OUT, REASON_DEADLINE, at_ns);
}

void watch_deadline(struct watch *watch, int64_t at_ns)
{
	if (watch_has_ended(watch) || watch->is_overdue || at_ns < watch->deadline_ns)
		return;
	watch_forget_old_pass(watch, watch->deadline_ns);
	if (watch->passing)
		watch->is_overdue = true;
	else
		watch_end_undecided(watch, watch->deadline_ns);
}

/* Resets T, and everything counted from it. */
static void forget_stability(struct watch *watch, struct text why)
{
	if (watch->stable_at_ns == NO_TIME)
		return;
	watch->stable_at_ns = NO_TIME;
	rules_forget(watch);
	event_add(watch->log,
		  (struct gate_event){.kind = EVENT_MOVED, .at_ns = watch->at_ns, .target = watch->index, .to = why});
}

/* ---- nothing selected ------------------------------------------------------------------------------------------- */

/* The deployments seen before are gone, so nothing can be stable. */
static void clear_snapshot(struct watch *watch)
{
	struct seen before = watch->seen;
	if (watch->nothing_since_ns == NO_TIME)
		watch->nothing_since_ns = watch->at_ns;
	forget_stability(watch, TEXT("nothing is selected any more"));
	rules_forget(watch);
	rules_end_stretches(watch);
	watch->run.since_ns = NO_TIME;
	watch->seen = (struct seen){0};
	watch_report_changes(watch, &before);
}

static bool longer_than(int64_t since_ns, int64_t at_ns, int64_t limit_ns)
{
	return since_ns != NO_TIME && at_ns - since_ns > limit_ns;
}

/* The current time by the API's clock, as far as that is known. */
static int64_t api_now_ns(const struct watch *watch)
{
	return time_add(time_add(watch->plan->start_wall_ns, watch->clock_offset_ns), watch->at_ns);
}

/* There is a list, but nothing in it is selected. */
static void take_empty_selection(struct watch *watch, const struct listing *listing, const struct selection *selection)
{
	watch_report_nothing(watch, listing, selection, api_now_ns(watch));
	clear_snapshot(watch);
	if (watch->was_present)
		return;
	if (watch->absent_since_ns == NO_TIME)
		watch->absent_since_ns = watch->at_ns;
	if (watch->target->selector.kind == SELECT_DEPLOYMENT &&
	    longer_than(watch->absent_since_ns, watch->at_ns, watch->wait.discover_for_ns))
		watch_end(watch, VERDICT_UNREACHABLE, REASON_DEPLOYMENT_NOT_FOUND, watch->at_ns);
}

static enum gate_reason not_found(const struct watch *watch)
{
	return watch->is_environment_absent ? REASON_ENVIRONMENT_NOT_FOUND : REASON_CHAIN_NOT_FOUND;
}

/* There is no such chain, or no such environment, at least not yet. */
static void take_absent_chain(struct watch *watch)
{
	watch_forget_listed(watch);
	environment_forget(watch);
	watch->history = watch->baseline_history = (struct status_history){0};
	watch->is_environment_absent =
		selector_environment(&watch->selector).length > 0 && watch->miss.cause == MISS_HTTP;
	clear_snapshot(watch);
	if (watch->chain_absent_since_ns == NO_TIME)
		watch->chain_absent_since_ns = watch->at_ns;
	if (watch->was_present) {
		if (watch->at_ns - watch->chain_absent_since_ns >= watch->wait.unreachable_after_ns)
			watch_end(watch, VERDICT_UNREACHABLE, not_found(watch), watch->at_ns);
		return;
	}
	if (watch->absent_since_ns == NO_TIME)
		watch->absent_since_ns = watch->at_ns;
	bool one = watch->target->selector.kind == SELECT_DEPLOYMENT;
	if (longer_than(one ? watch->absent_since_ns : watch->chain_absent_since_ns, watch->at_ns,
			watch->wait.discover_for_ns))
		watch_end(watch, VERDICT_UNREACHABLE, not_found(watch), watch->at_ns);
}

/* ---- clocks that contradict each other --------------------------------------------------------------------------- */

/* If a deployment's creation is this far in this machine's future, and the API sends no Date, one of the clocks is
 * wrong. */
#define FUTURE_NS NS_PER_MINUTE

/* With a wrong clock, a relative `since` could let in deployments that it should keep out. So then it lets in none. */
static void look_for_the_future(struct watch *watch, const struct listing *listing)
{
	if (watch->has_clock || !watch->target->has_relative_since || watch->selector.since.kind == SINCE_AGO)
		return;
	for (size_t i = 0; i < listing->count; i++) {
		if (listing->deployments[i].created_at_wall_ns <= time_add(api_now_ns(watch), FUTURE_NS))
			continue;
		watch->selector.since = (struct since){.kind = SINCE_AGO};
		watch->pinned = (struct text){0};
		struct buf id = text_quoted(listing->deployments[i].id);
		watch_note(watch,
			   "deployment %s was created in this machine's future, and the API sends no Date: one of the "
			   "clocks is wrong, so no deployment is recent enough for 'since'",
			   buf_string(&id));
		buf_release(&id);
		return;
	}
}

/* ---- misses ----------------------------------------------------------------------------------------------------- */

static void take_miss(struct watch *watch, const struct observation *observation)
{
	const struct miss *miss = &observation->miss;
	watch->misses++;
	watch->misses_in_row++;
	watch->passing = false;
	watch->miss = *miss;
	arena_clear(&watch->miss_memory);
	watch->miss.detail = arena_text(&watch->miss_memory, miss->detail);
	event_add(watch->log, (struct gate_event){.kind = EVENT_MISS,
						  .at_ns = watch->at_ns,
						  .target = watch->index,
						  .miss = *miss,
						  .count = watch->misses_in_row});
	if (observation->own_listing)
		look_for_the_future(watch, observation->own_listing);
	switch (miss_class(miss)) {
	case MISS_TRANSIENT:
		if (watch->at_ns - watch->last_answer_ns >= watch->wait.unreachable_after_ns)
			watch_end(watch, VERDICT_UNREACHABLE, REASON_NO_ANSWER, watch->at_ns);
		return;
	case MISS_REFUSED:
		watch->last_answer_ns = watch->at_ns;
		if (watch->was_present) /* a refusal isn't a 404, and only consecutive 404s make a known chain
					 * unreachable */
			watch->chain_absent_since_ns = NO_TIME;
		if (observation->is_confirmed)
			watch_end(watch, VERDICT_UNREACHABLE, REASON_REFUSED, watch->at_ns);
		return;
	case MISS_ABSENT:
		watch->last_answer_ns = watch->at_ns;
		take_absent_chain(watch);
		return;
	case MISS_FINAL: watch_end(watch, VERDICT_UNREACHABLE, REASON_FINAL_MISS, watch->at_ns); return;
	}
}

/* ---- snapshots -------------------------------------------------------------------------------------------------- */

/* If two snapshots are further apart than three and a half intervals (at least 35 s), there is a hole between them:
 * nobody saw what happened. */
#define HOLE_HALF_INTERVALS 7
#define HOLE_LEAST_NS (35 * NS_PER_S)
/* How much of the time between two snapshots counts as watched: at most one and a half intervals (at least 2 s). */
#define WATCHED_HALF_INTERVALS 3
#define WATCHED_LEAST_NS (2 * NS_PER_S)

static int64_t half_intervals_ns(const struct watch *watch, int64_t count, int64_t least_ns)
{
	int64_t ns = count * (watch->wait.interval_ns / 2);
	return ns > least_ns ? ns : least_ns;
}

/* If the next look came now, there would be a hole before it, and it would end no stable stretch. */
void watch_forget_old_pass(struct watch *watch, int64_t at_ns)
{
	if (!watch->passing ||
	    at_ns - watch->snapshot_ns <= half_intervals_ns(watch, HOLE_HALF_INTERVALS, HOLE_LEAST_NS))
		return;
	watch->passing = false;
	watch->is_pass_old = true;
}

bool watch_is_stable_now(const struct watch *watch)
{
	return watch->run.since_ns != NO_TIME &&
	       watch->watched_ns - watch->run.since_watched_ns >= watch->seen.stable_for_ns;
}

/* Resets T if something moved, and says why. */
static void look_for_movement(struct watch *watch, const struct seen *before)
{
	const struct gate_lane *lane = watch->seen.mover;
	if (lane) {
		struct text who = lane->chainlet.length ? lane->chainlet : lane->deployment;
		struct buf word = watch_status_word(lane->status, lane->status_word);
		const char *why =
			arena_printf(&watch->turns[watch->turn], "%.*s is %s", TEXT_ARG(who), buf_string(&word));
		forget_stability(watch, text_of(why));
		buf_release(&word);
	} else if (!watch->seen.identity.length || !text_equal(watch->seen.identity, before->identity)) {
		forget_stability(watch, TEXT("other deployments, chainlets, settings or instance types"));
	}
}

/* Adds the time since the last snapshot, as far as it counts, to the watched time. */
static void advance_watched_time(struct watch *watch)
{
	int64_t gap_ns = watch->snapshot_ns == NO_TIME ? 0 : watch->at_ns - watch->snapshot_ns;
	int64_t most_ns = half_intervals_ns(watch, WATCHED_HALF_INTERVALS, WATCHED_LEAST_NS);
	watch->watched_ns += gap_ns < most_ns ? gap_ns : most_ns;
	watch->after_hole = gap_ns > half_intervals_ns(watch, HOLE_HALF_INTERVALS, HOLE_LEAST_NS);
	watch->snapshot_ns = watch->at_ns;
}

/* Continues the stretch of equal snapshots at rest, or begins a new one. */
static void extend_run(struct watch *watch, const struct seen *before)
{
	struct run_at_rest *run = &watch->run;
	bool unbroken = run->since_ns != NO_TIME && !watch->after_hole && seen_is_same(before, &watch->seen);
	if (!watch->seen.at_rest)
		run->since_ns = NO_TIME;
	else if (!unbroken)
		*run = (struct run_at_rest){watch->at_ns, watch->watched_ns, watch->polls, watch->misses};
	if (watch->stable_at_ns != NO_TIME || !watch_is_stable_now(watch))
		return;
	watch->stable_at_ns = watch->at_ns;
	watch->stable_watched_ns = watch->watched_ns;
	watch->deciding = *run;
	event_add(watch->log, (struct gate_event){.kind = EVENT_STABLE, .at_ns = watch->at_ns, .target = watch->index});
}

/* Something is selected: compares it with the last snapshot, and judges the rules. */
static void take_selection(struct watch *watch, const struct selection *selection, const struct baseline *baseline,
			   struct arena *arena, bool is_superseded)
{
	struct seen before = watch->seen;
	watch->was_present = true;
	watch_forget_listed(watch);
	watch->nothing_since_ns = NO_TIME;
	watch->absent_since_ns = NO_TIME;
	watch->seen = seen_make(arena, &before, selection, &watch->history, &watch->wait);
	watch_report_changes(watch, &before);
	watch_note_oddities(watch, selection);
	if (!seen_is_same_ids(&before, &watch->seen))
		rules_end_stretches(watch);

	look_for_movement(watch, &before);
	advance_watched_time(watch);
	extend_run(watch, &before);
	struct view view = {.deployments = selection->deployments,
			    .count = selection->count,
			    .history = &watch->history,
			    .at_wall_ns = api_now_ns(watch),
			    .baseline = *baseline};
	if (rules_judge(watch, &view, is_superseded))
		watch_end(watch, VERDICT_FAILED, is_superseded ? REASON_SUPERSEDED : REASON_RULE_FAILED, watch->at_ns);
	else
		watch->passing = watch->stable_at_ns != NO_TIME && watch_is_stable_now(watch) && rules_hold(watch) &&
				 !environment_is_promoting(watch);
}

/* Only judged deployments and baselines are followed: a list may have thousands of others. */
static void follow_statuses(struct watch *watch, const struct observation *observation, struct arena *arena,
			    const struct selection *selection, const struct baseline *baseline)
{
	const struct deployment **followed = ARENA_ARRAY(arena, const struct deployment *, selection->count + 1);
	size_t count = 0;
	for (; count < selection->count; count++)
		followed[count] = selection->deployments[count];
	if (baseline->deployment && baseline->history == &watch->history)
		followed[count++] = baseline->deployment;
	watch->history = status_history_of(arena, &watch->history, observation->listing, followed, count, watch->at_ns);
}

/* What was seen before the clock was corrected was old: nothing rests on it. What was selected then, by `latest` or as a
 * candidate, may never have been the newest or on its way since this run began. */
static void begin_again(struct watch *watch)
{
	watch->is_clock_corrected = false;
	forget_stability(watch, TEXT("earlier answers were old"));
	rules_forget(watch);
	rules_end_stretches(watch);
	environment_forget(watch);
	watch->run.since_ns = NO_TIME;
	watch->pinned = watch->superseded = (struct text){0};
	watch->history = watch->baseline_history = (struct status_history){0};
}

static void take_snapshot(struct watch *watch, const struct observation *observation)
{
	if (watch->misses_in_row)
		event_add(watch->log, (struct gate_event){.kind = EVENT_RECOVERED,
							  .at_ns = watch->at_ns,
							  .target = watch->index,
							  .count = watch->misses_in_row});
	watch->misses_in_row = 0;
	watch->last_answer_ns = watch->at_ns;
	watch->chain_absent_since_ns = NO_TIME;
	watch->had_snapshot = true;
	watch->passing = false;
	if (!text_equal(watch->chain_id, observation->chain_id))
		watch->chain_id = arena_text(&watch->memory, observation->chain_id);

	if (watch->is_clock_corrected)
		begin_again(watch);
	look_for_the_future(watch, observation->listing);

	/* The last snapshot's data stays until it has been compared with this one. */
	watch->turn = 1 - watch->turn;
	struct arena *arena = &watch->turns[watch->turn];
	arena_clear(arena);
	struct selection selection =
		selection_make(arena, observation->listing, &watch->selector, watch->chain_id, watch->pinned);
	struct baseline baseline = baseline_find(watch, observation, arena, &selection);
	follow_statuses(watch, observation, arena, &selection, &baseline);
	environment_follow(watch, observation->listing, &selection);
	bool is_superseded = latest_follow(watch, observation->listing, &selection);
	if (selection.count)
		take_selection(watch, &selection, &baseline, arena, is_superseded);
	else
		take_empty_selection(watch, observation->listing, &selection);
	if (is_superseded && !watch_has_ended(watch))
		watch_end(watch, VERDICT_FAILED, REASON_SUPERSEDED, watch->at_ns);
	if (environment_is_wrong(watch) && !watch_has_ended(watch))
		watch_end(watch, VERDICT_FAILED, REASON_UNEXPECTED, watch->at_ns);
	if (environment_has_ended(watch) && !watch_has_ended(watch))
		watch_end(watch, VERDICT_FAILED, REASON_PROMOTION_ENDED, watch->at_ns);
}

void watch_set_api_clock(struct watch *watch, int64_t offset_ns, int64_t slack_ns)
{
	struct since *since = &watch->selector.since;
	int64_t latest_ns = time_add(offset_ns, slack_ns);
	watch->is_clock_corrected |= watch->has_clock;
	watch->is_clock_note_wrong |= watch->is_clock_noted;
	watch->passing &= !watch->has_clock;
	watch->has_clock = true;
	if (watch->target->has_relative_since && since->kind == SINCE_MOMENT)
		since->ns = time_add(since->ns, latest_ns - time_add(watch->clock_offset_ns, watch->clock_slack_ns));
	watch->clock_offset_ns = offset_ns;
	watch->clock_slack_ns = slack_ns;
	watch->is_slack_noted = false;
	if (watch->selector.kind == SELECT_LATEST && since->kind == SINCE_MOMENT && watch->pinned_wall_ns < since->ns)
		watch->pinned = (struct text){0};
}

static void count_poll(struct watch *watch)
{
	if (watch->polls < GATE_POLLS_KEPT) {
		watch->poll_at_ns = arena_grow(&watch->memory, watch->poll_at_ns, watch->polls, &watch->poll_capacity,
					       sizeof(int64_t));
		watch->poll_at_ns[watch->polls] = watch->at_ns;
	}
	watch->polls++;
}

void watch_observe(struct watch *watch, const struct observation *observation)
{
	if (watch_has_ended(watch))
		return;
	watch->at_ns = observation->at_ns;
	watch->is_pass_old = false;
	count_poll(watch);
	watch_note_clock(watch);
	if (observation->listing)
		take_snapshot(watch, observation);
	else
		take_miss(watch, observation);
}
