/* rules.c - rules in time: when a value becomes a failure, a satisfaction, or stays open.
 *
 * Before T a rule's value is only remembered, so that a report can say what it last was; nothing is decided by it but,
 * under fail_fast, by what has failed already.
 */
#include "watch.h"

void rules_make(struct watch *watch)
{
	watch->rule_count = watch->target->rule_count;
	watch->rules = ARENA_ARRAY(&watch->memory, struct rule_state, watch->rule_count);
	for (size_t i = 0; i < watch->rule_count; i++) {
		const struct policy_rule *rule = watch->target->rules[i];
		watch->rules[i].result.rule = rule;
		watch->rules[i].decides = rule->severity == SEVERITY_ERROR || watch->plan->strict;
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
		watch->rules[i].satisfied = false;
		watch->rules[i].announced = false;
	}
}

static void announce(struct watch *watch, struct rule_state *state)
{
	if (state->announced)
		return;
	state->announced = true;
	event_add(watch->log, (struct gate_event){.kind = EVENT_RULE,
						  .at_ns = watch->at_ns,
						  .target = watch->index,
						  .rule = state->result.rule,
						  .truth = state->result.last});
}

/* Judges one rule on a view and keeps what it was. */
static void judge(struct watch *watch, struct rule_state *state, const struct view *view)
{
	struct rule_result *result = &state->result;
	arena_clear(&state->evidence);
	enum truth value = rule_judge(result->rule->expression, view, &state->evidence, &result->evidence).value;
	if (!result->judged || value != result->last) {
		result->since_ns = watch->at_ns;
		state->announced = false;
	}
	if (value == TRUTH_TRUE) {
		result->was_true = true;
		result->true_at_ns = watch->at_ns;
	}
	result->judged = true;
	result->last = value;
	result->last_at_ns = watch->at_ns;
	result->poll = watch->polls;
}

static void fail(struct watch *watch, struct rule_state *state)
{
	state->failed = true;
	announce(watch, state);
}

/* What has failed already cannot come back: a rule that is false whatever the rest turns out to be is false for good. */
static void judge_failed_only(struct watch *watch, struct rule_state *state, struct view view)
{
	view.only_failed = true;
	if (rule_judge(state->result.rule->expression, &view, &state->evidence, NULL).value != TRUTH_FALSE)
		return;
	judge(watch, state, &view);
	fail(watch, state);
}

bool rules_judge(struct watch *watch, const struct selection *selection)
{
	struct view view = {.deployments = selection->deployments,
			    .count = selection->count,
			    .history = &watch->history,
			    .at_ns = watch->at_ns,
			    .at_wall_ns = time_add(watch->plan->start_wall_ns, watch->at_ns)};
	bool stable = watch->stable_at_ns != NO_TIME;
	bool decided = false;
	for (size_t i = 0; i < watch->rule_count; i++) {
		struct rule_state *state = &watch->rules[i];
		if (state->failed)
			continue;
		judge(watch, state, &view);
		state->satisfied = stable && state->result.last == TRUTH_TRUE;
		if (stable && state->result.last == TRUTH_FALSE)
			fail(watch, state);
		else if (stable)
			announce(watch, state);
		if (!state->failed && state->decides && watch->wait.fail_fast && watch->rest.has_failed)
			judge_failed_only(watch, state, view);
		decided |= state->failed && state->decides;
	}
	return decided;
}

bool rules_hold(const struct watch *watch)
{
	bool any = false;
	for (size_t i = 0; i < watch->rule_count; i++) {
		if (!watch->rules[i].decides)
			continue;
		if (!watch->rules[i].satisfied)
			return false;
		any = true;
	}
	return any;
}

bool rules_are_unknown(const struct watch *watch)
{
	bool any = false;
	for (size_t i = 0; i < watch->rule_count; i++) {
		const struct rule_state *state = &watch->rules[i];
		if (!state->decides || state->satisfied)
			continue;
		if (!state->result.judged || state->result.last != TRUTH_UNKNOWN)
			return false;
		any = true;
	}
	return any;
}
