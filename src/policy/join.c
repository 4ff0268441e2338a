/* join.c - joins several policies into one gate: their rules add up, and a contradiction between them is an error. */
#include "loader.h"

#include <string.h>

struct join {
	struct arena *arena;
	struct diags *diags;
	const struct policy *const *policies;
	size_t count;
	struct policy *out;
	struct diags found; /* the mistakes of one target */
};

/* ---- wait ------------------------------------------------------------------------------------------------------- */

static void copy_key(struct policy_wait *to, const struct policy_wait *from, enum wait_key key)
{
	switch (key) {
	case WAIT_TIMEOUT: to->timeout_ns = from->timeout_ns; break;
	case WAIT_INTERVAL: to->interval_ns = from->interval_ns; break;
	case WAIT_STABLE_FOR: to->stable_for_ns = from->stable_for_ns; break;
	case WAIT_STABLE_FOR_STATUS:
		memcpy(to->stable_for_status_ns, from->stable_for_status_ns, sizeof(to->stable_for_status_ns));
		break;
	case WAIT_DISCOVER_FOR: to->discover_for_ns = from->discover_for_ns; break;
	case WAIT_UNREACHABLE_AFTER: to->unreachable_after_ns = from->unreachable_after_ns; break;
	case WAIT_FAIL_FAST: to->fail_fast = from->fail_fast; break;
	case WAIT_KEY_COUNT: break;
	}
}

static bool is_same_key(const struct policy_wait *a, const struct policy_wait *b, enum wait_key key)
{
	switch (key) {
	case WAIT_TIMEOUT: return a->timeout_ns == b->timeout_ns;
	case WAIT_INTERVAL: return a->interval_ns == b->interval_ns;
	case WAIT_STABLE_FOR: return a->stable_for_ns == b->stable_for_ns;
	case WAIT_STABLE_FOR_STATUS:
		return memcmp(a->stable_for_status_ns, b->stable_for_status_ns, sizeof(a->stable_for_status_ns)) == 0;
	case WAIT_DISCOVER_FOR: return a->discover_for_ns == b->discover_for_ns;
	case WAIT_UNREACHABLE_AFTER: return a->unreachable_after_ns == b->unreachable_after_ns;
	case WAIT_FAIL_FAST: return a->fail_fast == b->fail_fast;
	case WAIT_KEY_COUNT: break;
	}
	return true;
}

static bool is_given(struct span span)
{
	return span.end > span.start;
}

static void join_wait(struct join *j, enum wait_key key)
{
	const struct policy *first = NULL;
	for (size_t i = 0; i < j->count; i++) {
		const struct policy *policy = j->policies[i];
		if (!is_given(policy->given[key]))
			continue;
		if (!first) {
			first = policy;
			copy_key(&j->out->wait, &policy->wait, key);
			j->out->given[key] = policy->given[key];
			j->out->given_in[key] = policy->source;
		} else if (!is_same_key(&first->wait, &policy->wait, key)) {
			struct diag *diag =
				diag_error(j->diags, policy->source, policy->given[key], DIAG_CONFLICTING_KEYS,
					   "two policies say different things about '%s'", policy_wait_key_name(key));
			diag_also(j->diags, diag, first->source, first->given[key], "the other is here");
			diag_hint(j->diags, diag, "leave one of them out, or make them the same");
		}
	}
}

/* ---- targets ---------------------------------------------------------------------------------------------------- */

static bool has_target(const struct policy *policy)
{
	return policy->has_targets || is_given(policy->targets[0].span);
}

static bool is_same_selector(const struct selector *a, const struct selector *b)
{
	return a->of == b->of && a->kind == b->kind && text_equal(a->value, b->value) &&
	       a->since.kind == b->since.kind && a->since.ns == b->since.ns && a->role == b->role &&
	       text_equal(a->expected, b->expected);
}

static bool is_same_target(const struct policy_target *a, const struct policy_target *b)
{
	return text_equal(a->chain, b->chain) && a->chain_is_id == b->chain_is_id &&
	       is_same_selector(&a->selector, &b->selector) && a->fail_on_superseded == b->fail_on_superseded;
}

static bool is_same_baseline(const struct policy_baseline *a, const struct policy_baseline *b)
{
	return text_equal(a->chain, b->chain) && a->chain_is_id == b->chain_is_id &&
	       is_same_selector(&a->selector, &b->selector);
}

static void report_difference(struct join *j, const struct policy *policy, const struct policy *other)
{
	struct diag *diag = diag_error(j->diags, policy->source, policy->targets[0].span, DIAG_CONFLICTING_KEYS,
				       "two policies say different things about what to watch");
	diag_also(j->diags, diag, other->source, other->targets[0].span, "the other is here");
	diag_hint(j->diags, diag, "leave one of them out, or run two gates");
}

/* The policy whose target is used. */
static const struct policy *choose_target(struct join *j)
{
	const struct policy *chosen = NULL;
	for (size_t i = 0; i < j->count; i++) {
		const struct policy *policy = j->policies[i];
		if (!has_target(policy))
			continue;
		if (!chosen) {
			chosen = policy;
			continue;
		}
		if (!chosen->has_targets && !policy->has_targets &&
		    is_same_target(&chosen->targets[0], &policy->targets[0]))
			continue;
		report_difference(j, policy, chosen);
	}
	return chosen ? chosen : j->policies[0];
}

/* An address in a policy names the chain that the deployment must belong to. All addresses must name the same chain. */
static void join_address(struct join *j, struct policy_target *target)
{
	const struct policy *first = NULL;
	for (size_t i = 0; i < j->count; i++) {
		const struct policy *policy = j->policies[i];
		const struct policy_target *other = &policy->targets[0];
		if (policy->has_targets || !other->pasted.length)
			continue;
		if (!first) {
			first = policy;
			target->pasted = other->pasted;
			target->pasted_from = other->pasted_from;
			target->pasted_of = other->pasted_of;
		} else if (target->pasted_of != other->pasted_of || !text_equal(target->pasted, other->pasted)) {
			report_difference(j, policy, first);
		}
	}
}

static void report_baselines(struct join *j, const struct policy_baseline *baseline,
			     const struct policy_baseline *other)
{
	struct diag *diag = diag_error(j->diags, baseline->source, baseline->span, DIAG_CONFLICTING_KEYS,
				       "two policies say different things about the baseline");
	diag_also(j->diags, diag, other->source, other->span, "the other is here");
	diag_hint(j->diags, diag, "make them the same, or give --baseline-environment");
}

static void join_baseline(struct join *j, struct policy_target *target)
{
	struct policy_baseline *joined = &target->baseline;
	for (size_t i = 0; i < j->count; i++) {
		const struct policy *policy = j->policies[i];
		const struct policy_baseline *other = &policy->targets[0].baseline;
		if (policy->has_targets || !other->given)
			continue;
		if (!joined->given) {
			*joined = *other;
		} else if (!is_same_baseline(joined, other) ||
			   (joined->pasted.length && other->pasted.length &&
			    (joined->pasted_of != other->pasted_of || !text_equal(joined->pasted, other->pasted)))) {
			report_baselines(j, other, joined);
		} else if (!joined->pasted.length) {
			joined->source = other->source;
			joined->span = other->span;
			joined->pasted = other->pasted;
			joined->pasted_from = other->pasted_from;
			joined->pasted_of = other->pasted_of;
		}
	}
}

static void add_rules(struct join *j, struct rule_list *list, const struct policy_target *from)
{
	for (size_t i = 0; i < from->rule_count; i++) {
		const struct policy_rule *rule = &from->rules[i];
		for (size_t k = 0; k < list->count; k++) {
			if (!text_equal(list->items[k].name, rule->name))
				continue;
			struct diag *diag = diag_error(&j->found, rule->source, rule->span, DIAG_DUPLICATE_NAME,
						       "two rules are called '%s'", diag_value(j->diags, rule->name));
			diag_also(&j->found, diag, list->items[k].source, list->items[k].span, "the first is here");
			diag_hint(&j->found, diag, "give one of them another name");
		}
		list->items = arena_grow(j->arena, list->items, list->count, &list->capacity, sizeof(*list->items));
		list->items[list->count++] = *rule;
	}
}

/* Joins the rules, and the parameters they were parsed with, in the order of the policies. */
static void join_rules(struct join *j, const struct policy *owner, size_t index, struct policy_target *target)
{
	struct rule_list list = {0};
	struct policy_params *params = ARENA_ARRAY(j->arena, struct policy_params, j->count);
	j->found = (struct diags){.arena = j->arena};
	for (size_t i = 0; i < j->count; i++) {
		const struct policy_target *from =
			j->policies[i] == owner ? &owner->targets[index] : &j->policies[i]->targets[0];
		add_rules(j, &list, from);
		if (from->params_count) /* none: it has a mistake, and so has no rules */
			params[i] = from->params[0];
	}
	target->params = params;
	target->params_count = j->count;
	target->rules = list.items;
	target->rule_count = list.count;
	report_anew(j->diags, &j->found);
}

static void join_params(struct join *j)
{
	struct param_list list = {0};
	for (size_t i = 0; i < j->count; i++)
		for (size_t k = 0; k < j->policies[i]->param_count; k++) {
			list.items = arena_grow(j->arena, list.items, list.count, &list.capacity, sizeof(*list.items));
			list.items[list.count++] = j->policies[i]->params[k];
		}
	j->out->params = list.items;
	j->out->param_count = list.count;
}

const struct policy *policy_join(struct arena *arena, const struct policy *const *policies, size_t count,
				 struct diags *diags)
{
	size_t errors = diags->errors;
	if (count == 1)
		return policies[0];
	struct policy *out = ARENA_NEW(arena, struct policy);
	struct join j = {.arena = arena, .diags = diags, .policies = policies, .count = count, .out = out};
	*out = *policies[0];
	out->wait = policy_wait_default();
	for (int key = 0; key < WAIT_KEY_COUNT; key++)
		join_wait(&j, (enum wait_key)key);
	const struct policy *owner = choose_target(&j);
	struct policy_target *targets = ARENA_ARRAY(arena, struct policy_target, owner->target_count);
	for (size_t i = 0; i < owner->target_count; i++) {
		targets[i] = owner->targets[i];
		join_address(&j, &targets[i]);
		join_baseline(&j, &targets[i]);
		join_rules(&j, owner, i, &targets[i]);
	}
	out->targets = targets;
	out->target_count = owner->target_count;
	out->has_targets = owner->has_targets;
	join_params(&j);
	return diags->errors == errors ? out : NULL;
}

const char *policy_nearest_param(struct arena *arena, const struct policy *const *policies, size_t count,
				 struct text name)
{
	size_t total = 0, filled = 0;
	for (size_t i = 0; i < count; i++)
		total += policies[i]->param_count;
	const char **names = ARENA_ARRAY(arena, const char *, total + 1);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < policies[i]->param_count; k++)
			names[filled++] = arena_text(arena, policies[i]->params[k].name).bytes;
	return text_nearest(name, names, filled);
}
