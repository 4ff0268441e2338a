/* rules.c - judges rules over time: decides whether a finding fails the rule, satisfies it, or leaves it open.
 *
 * Before T, an assert's findings are only remembered, so that a report can show the last one. They decide nothing, with
 * one exception: under fail_fast, items with a failed status can fail the target. A never is judged from the first
 * snapshot on.
 */
#include "watch.h"

void rules_make(struct watch *watch)
{
	watch->rule_count = watch->target->rule_count;
	watch->rules = ARENA_ARRAY(&watch->memory, struct rule_state, watch->rule_count);
	for (size_t i = 0; i < watch->rule_count; i++) {
		const struct policy_rule *rule = watch->target->rules[i];
		watch->rules[i].result.rule = rule;
		watch->rules[i].result.about = rule->expression;
		watch->rules[i].decides = rule->severity == SEVERITY_ERROR || watch->plan->strict;
		watch->rules[i].result.decides = watch->rules[i].decides;
		watch->rules[i].violated_since_ns = NO_TIME;
		watch->rules[i].held_since_ns = NO_TIME;
		watch->rules[i].missing_since_ns = NO_TIME;
	}
}

void rules_release(struct watch *watch)
{
	for (size_t i = 0; i < watch->rule_count; i++)
		arena_release(&watch->rules[i].evidence);
}

void rules_forget(struct watch *watch)
{
	for (size_t i = 0; i < watch->rule_count; i++) {
		struct rule_state *state = &watch->rules[i];
		state->satisfied = false;
		state->skipped = false;
		state->is_announced = false;
		state->held_since_ns = NO_TIME;
		if (state->result.rule->kind == RULE_ASSERT)
			state->violated_since_ns = NO_TIME;
	}
}

void rules_end_stretches(struct watch *watch)
{
	for (size_t i = 0; i < watch->rule_count; i++) {
		watch->rules[i].violated_since_ns = watch->rules[i].missing_since_ns = NO_TIME;
		watch->rules[i].was_false = false;
	}
}

/* ---- one rule on one snapshot ----------------------------------------------------------------------------------- */

static enum rule_finding finding_of(enum rule_kind kind, enum truth truth)
{
	if (truth == TRUTH_UNKNOWN)
		return FINDING_OPEN;
	return (truth == TRUTH_TRUE) == (kind == RULE_ASSERT) ? FINDING_HOLDS : FINDING_VIOLATED;
}

static enum truth truth_of(enum rule_kind kind, enum rule_finding finding)
{
	switch (finding) {
	case FINDING_HOLDS: return kind == RULE_ASSERT ? TRUTH_TRUE : TRUTH_FALSE;
	case FINDING_VIOLATED: return kind == RULE_ASSERT ? TRUTH_FALSE : TRUTH_TRUE;
	case FINDING_OPEN:
	case FINDING_SKIPPED: break;
	}
	return TRUTH_UNKNOWN;
}

/* The finding of a judgement. If nothing is selected or a counterpart is missing, the policy decides (if_empty,
 * if_missing); without these keys, the language does. */
static enum rule_finding settle_finding(const struct policy_rule *rule, struct judgement judgement)
{
	enum rule_fallback fallback = judgement.empty     ? rule->if_empty
				      : judgement.missing ? rule->if_missing
							  : FALLBACK_DEFAULT;
	switch (fallback) {
	case FALLBACK_PASS: return FINDING_HOLDS;
	case FALLBACK_FAIL: return FINDING_VIOLATED;
	case FALLBACK_SKIP: return FINDING_SKIPPED;
	case FALLBACK_UNKNOWN: return FINDING_OPEN;
	case FALLBACK_DEFAULT: break;
	}
	/* `never: any chainlet FAILED` isn't known to be fine if there is no chainlet. */
	if (judgement.empty && rule->kind == RULE_NEVER)
		return FINDING_OPEN;
	return finding_of(rule->kind, judgement.value);
}

static bool has_chainlet(const struct view *view)
{
	for (size_t i = 0; i < view->count; i++)
		if (view->deployments[i]->chainlet_count)
			return true;
	return false;
}

struct rule_judged rule_judge_once(const struct policy_rule *rule, const struct view *view, struct arena *arena,
				   struct evidence *evidence)
{
	struct view own = *view;
	/* Without a chainlet, a never has nothing to watch yet. */
	if (rule->kind == RULE_NEVER && !has_chainlet(view))
		return (struct rule_judged){FINDING_OPEN, TRUTH_UNKNOWN, rule->expression};
	if (rule->when) {
		struct judgement when = rule_judge(rule->when, view, arena, evidence);
		if (when.value == TRUTH_FALSE && !when.empty)
			return (struct rule_judged){FINDING_SKIPPED, TRUTH_FALSE, rule->when};
		if (when.value != TRUTH_TRUE)
			return (struct rule_judged){FINDING_OPEN, TRUTH_UNKNOWN, rule->when};
	}
	own.wants_false = rule->kind == RULE_NEVER;
	enum rule_finding finding = settle_finding(rule, rule_judge(rule->expression, &own, arena, evidence));
	return (struct rule_judged){finding, truth_of(rule->kind, finding), rule->expression};
}

/* An answer may lack the baseline, or a chainlet of it, for a moment: then a single poll would skip a rule that is false on
 * every other one. So a missing counterpart skips the rule only once it has been missing on every snapshot for
 * `stable_for`; until then the rule is open. If `stable_for` is 0 s, a rule that was false before needs a second
 * snapshot. */
static bool is_skip_due(const struct watch *watch, struct rule_state *state)
{
	if (state->missing_since_ns == NO_TIME || watch->after_hole)
		state->missing_since_ns = watch->watched_ns;
	int64_t lasted_ns = watch->watched_ns - state->missing_since_ns;
	return lasted_ns >= watch->wait.stable_for_ns && (lasted_ns > 0 || !state->was_false);
}

static enum rule_finding settle_skip(const struct watch *watch, struct rule_state *state, struct rule_judged judged)
{
	bool is_by_when = judged.about != state->result.rule->expression;
	if (judged.finding == FINDING_SKIPPED && !is_by_when)
		return is_skip_due(watch, state) ? FINDING_SKIPPED : FINDING_OPEN;
	state->missing_since_ns = NO_TIME;
	return judged.finding;
}

/* If the API's clock isn't known exactly, a deployment's age isn't either: the rule is open if the youngest and the oldest
 * that it may be give different findings. */
static struct rule_judged judge_by_clock(struct watch *watch, const struct policy_rule *rule, const struct view *view,
					 struct arena *arena, struct evidence *evidence)
{
	struct rule_judged judged = rule_judge_once(rule, view, arena, evidence);
	if (!watch->clock_slack_ns)
		return judged;
	struct view later = *view;
	later.at_wall_ns = time_add(view->at_wall_ns, watch->clock_slack_ns);
	struct rule_judged other = rule_judge_once(rule, &later, arena, NULL);
	if (other.finding == judged.finding)
		return judged;
	watch_note_slack(watch);
	return (struct rule_judged){FINDING_OPEN, TRUTH_UNKNOWN, judged.about};
}

static enum rule_finding judge(struct watch *watch, struct rule_state *state, const struct view *view)
{
	struct rule_result *result = &state->result;
	arena_clear(&state->evidence);
	struct rule_judged judged = judge_by_clock(watch, result->rule, view, &state->evidence, &result->evidence);
	judged.finding = settle_skip(watch, state, judged);
	if (judged.finding == FINDING_VIOLATED || judged.finding == FINDING_HOLDS)
		state->was_false = judged.finding == FINDING_VIOLATED;
	if (!result->judged || judged.truth != result->last || judged.about != result->about)
		result->since_ns = watch->at_ns;
	result->judged = true;
	result->about = judged.about;
	result->finding = judged.finding;
	result->last = judged.truth;
	result->last_at_ns = watch->at_ns;
	result->poll = watch->polls;
	if (judged.finding == FINDING_HOLDS) {
		result->has_held = true;
		result->held_at_ns = watch->at_ns;
	}
	return judged.finding;
}

/* ---- rules over time -------------------------------------------------------------------------------------------- */

static void announce(struct watch *watch, struct rule_state *state)
{
	if (state->is_announced && state->announced == state->result.finding && !state->failed)
		return;
	state->is_announced = true;
	state->announced = state->result.finding;
	event_add(watch->log, (struct gate_event){.kind = EVENT_RULE,
						  .at_ns = watch->at_ns,
						  .target = watch->index,
						  .rule = state->result.rule,
						  .finding = state->result.finding,
						  .is_final = state->failed});
}

static void fail(struct watch *watch, struct rule_state *state)
{
	state->failed = true;
	announce(watch, state);
}

/* True if a violation that began at `from_ns` has lasted longer than tolerated. Without tolerance, the first violation
 * counts. */
static bool is_intolerable(const struct watch *watch, int64_t from_ns, int64_t tolerate_ns)
{
	int64_t lasted_ns = watch->at_ns - from_ns;
	return tolerate_ns == 0 ? lasted_ns >= 0 : lasted_ns > tolerate_ns;
}

static void take_skip(struct rule_state *state, enum rule_finding finding)
{
	state->skipped = state->was_skipped = finding == FINDING_SKIPPED;
}

static void take_assert(struct watch *watch, struct rule_state *state, enum rule_finding finding)
{
	const struct policy_rule *rule = state->result.rule;
	if (watch->stable_at_ns == NO_TIME)
		return;
	take_skip(state, finding);
	if (finding != FINDING_HOLDS || watch->after_hole)
		state->held_since_ns = NO_TIME;
	if (finding == FINDING_HOLDS) {
		state->violated_since_ns = NO_TIME;
		if (state->held_since_ns == NO_TIME)
			state->held_since_ns = watch->watched_ns;
		state->satisfied = watch->watched_ns - state->held_since_ns >= rule->hold_ns;
	} else if (finding == FINDING_VIOLATED) {
		int64_t due_ns = time_add(watch->stable_at_ns, rule->within_ns);
		if (state->violated_since_ns == NO_TIME)
			state->violated_since_ns = watch->at_ns;
		if (is_intolerable(watch, state->violated_since_ns > due_ns ? state->violated_since_ns : due_ns,
				   rule->tolerate_ns)) {
			fail(watch, state);
			return;
		}
	}
	announce(watch, state);
}

/* True if a never has been watched for the whole of its `during`. */
static bool is_watched_through(const struct watch *watch, const struct policy_rule *rule)
{
	return watch->stable_at_ns != NO_TIME && watch->watched_ns - watch->stable_watched_ns >= rule->during_ns;
}

static void take_never(struct watch *watch, struct rule_state *state, enum rule_finding finding)
{
	const struct policy_rule *rule = state->result.rule;
	bool was_violated = state->is_announced && state->announced == FINDING_VIOLATED;
	bool stable = watch->stable_at_ns != NO_TIME;
	take_skip(state, finding);
	if (finding == FINDING_HOLDS) {
		state->violated_since_ns = NO_TIME;
		state->satisfied = is_watched_through(watch, rule);
	} else if (finding == FINDING_VIOLATED) {
		if (state->violated_since_ns == NO_TIME)
			state->violated_since_ns = watch->at_ns;
		if (is_intolerable(watch, state->violated_since_ns, rule->tolerate_ns)) {
			fail(watch, state);
			return;
		}
	}
	if (stable || was_violated || finding == FINDING_VIOLATED)
		announce(watch, state);
}

static void judge_one(struct watch *watch, struct rule_state *state, const struct view *view)
{
	state->is_hopeless = false;
	if (state->failed)
		return;
	state->satisfied = false;
	state->skipped = false;
	if (state->result.rule->kind == RULE_ASSERT)
		take_assert(watch, state, judge(watch, state, view));
	else if (has_chainlet(view))
		take_never(watch, state, judge(watch, state, view));
}

/* A failed status doesn't recover. If the failed items alone make an assert false, it stays false. */
static bool look_ahead(struct watch *watch, const struct view *failed_only)
{
	struct arena scratch = {0};
	bool decided = false;
	for (size_t i = 0; i < watch->rule_count; i++) {
		struct rule_state *state = &watch->rules[i];
		if (state->failed || state->result.rule->kind != RULE_ASSERT)
			continue;
		arena_clear(&scratch);
		struct rule_judged judged = judge_by_clock(watch, state->result.rule, failed_only, &scratch, NULL);
		state->is_hopeless = judged.finding == FINDING_VIOLATED;
		decided |= state->is_hopeless && state->decides;
	}
	arena_release(&scratch);
	return decided;
}

bool rules_judge(struct watch *watch, const struct view *view, bool fails)
{
	struct view failed_only = *view;
	failed_only.only_failed = true;
	for (size_t i = 0; i < watch->rule_count; i++) {
		judge_one(watch, &watch->rules[i], view);
		fails |= watch->rules[i].failed && watch->rules[i].decides;
	}
	if (watch->wait.fail_fast && watch->seen.has_failed)
		fails |= look_ahead(watch, &failed_only);
	for (size_t i = 0; i < watch->rule_count && fails; i++) {
		if (!watch->rules[i].is_hopeless)
			continue;
		judge(watch, &watch->rules[i], &failed_only);
		fail(watch, &watch->rules[i]);
	}
	return fails;
}

bool rules_hold(const struct watch *watch)
{
	bool any = false;
	for (size_t i = 0; i < watch->rule_count; i++) {
		const struct rule_state *state = &watch->rules[i];
		if (!state->decides || state->skipped)
			continue;
		if (!state->satisfied)
			return false;
		any = true;
	}
	return any;
}

/* Is the rule past its `within` or `during`? */
static bool is_due(const struct watch *watch, const struct policy_rule *rule)
{
	if (rule->kind == RULE_NEVER)
		return is_watched_through(watch, rule);
	return watch->stable_at_ns != NO_TIME && watch->snapshot_ns >= time_add(watch->stable_at_ns, rule->within_ns);
}

bool rules_are_unknown(const struct watch *watch)
{
	bool any = false, all_skipped = true;
	for (size_t i = 0; i < watch->rule_count; i++) {
		const struct rule_state *state = &watch->rules[i];
		if (!state->decides)
			continue;
		any = true;
		if (state->skipped)
			continue;
		all_skipped = false;
		if (state->satisfied)
			continue;
		if (!state->result.judged || state->result.finding != FINDING_OPEN ||
		    !is_due(watch, state->result.rule))
			return false;
	}
	return any && (all_skipped || !rules_hold(watch));
}
