/* plan.c - see plan.h. */
#include "chaingate/plan.h"

#include "chaingate/buf.h"
#include "chaingate/glob.h"
#include "chaingate/literal.h"
#include "chaingate/times.h"

#include <stdlib.h>

bool plan_chain_is_glob(const struct policy_target *target)
{
	return target->selector.of == TARGET_CHAIN && glob_is_one(target->chain);
}

int64_t plan_deadline_ns(const struct gate_plan *plan)
{
	return plan->wait.timeout_ns ? plan->wait.timeout_ns : GATE_SINGLE_REQUEST_NS;
}

/* Applies the role and the expected deployment. */
static void plan_role(struct policy_target *both, const struct policy_target *given)
{
	if (given->selector.kind != SELECT_NOTHING && given->selector.kind != SELECT_ENVIRONMENT) {
		both->selector.role = ROLE_ANY;
		both->has_role = false;
	}
	if (given->has_role) {
		both->selector.role = given->selector.role;
		both->has_role = true;
	}
	if (given->selector.expected.length) {
		both->selector.expected = given->selector.expected;
		both->pasted = given->pasted;
		both->pasted_from = given->pasted_from;
		both->pasted_of = given->pasted_of;
	}
	if (both->selector.expected.length && !both->has_role)
		both->selector.role = ROLE_CURRENT;
}

struct policy_target plan_target(struct policy_target policy, const struct policy_target *given)
{
	struct policy_target both = policy;
	/* A pasted address doesn't replace the policy's chain. A deployment of another chain isn't in that chain's
	 * list, so it is never judged. */
	if (given->chain.length > 0 &&
	    (!given->chain_is_implied || policy.chain.length == 0 || policy.chain_is_implied)) {
		both.chain = given->chain;
		both.chain_is_id = given->chain_is_id;
		both.chain_url = given->chain_url;
		both.chain_from = given->chain_from;
		both.selector.of = given->selector.of;
	}
	if (given->selector.kind != SELECT_NOTHING) {
		both.selector.kind = given->selector.kind;
		both.selector.value = given->selector.value;
	}
	if (given->selector.kind != SELECT_NOTHING || given->pasted.length) {
		both.pasted = given->pasted;
		both.pasted_from = given->pasted_from;
		both.pasted_of = given->pasted_of;
	}
	plan_role(&both, given);
	if (given->selector.since.kind != SINCE_NOT_GIVEN)
		both.selector.since = given->selector.since;
	return both;
}

static void watch_all(struct policy_target *target)
{
	if (!target->chain.length)
		target->chain = TEXT("chain");
	if (target->selector.kind == SELECT_NOTHING)
		target->selector.kind = SELECT_ALL;
	if (target->selector.since.kind == SINCE_NOT_GIVEN)
		target->selector.since.kind = SINCE_ANY;
}

/* The name with what looks like a space escaped, so that two targets never look the same. */
static struct text shown(struct arena *arena, struct text name)
{
	struct buf escaped = buf_make(BUF_LIMIT_REPORT);
	text_add_lookalikes_escaped(&escaped, name);
	struct text kept = arena_text(arena, buf_text(&escaped));
	buf_release(&escaped);
	return kept;
}

/* The name for people: "rag/q86yjdy", "rag/latest", "rag/production/current". `label`: what the chain is called. */
static struct text name_of(struct arena *arena, const struct policy_target *target, struct text label)
{
	struct text what = target->selector.value;
	if (target->selector.kind == SELECT_LATEST)
		what = TEXT("latest");
	else if (target->selector.kind == SELECT_ALL)
		what = TEXT("all");
	if (target->selector.role != ROLE_ANY)
		what = text_of(
			arena_printf(arena, "%.*s/%s", TEXT_ARG(what), environment_role_name(target->selector.role)));
	return shown(arena, text_of(arena_printf(arena, "%.*s/%.*s", TEXT_ARG(label), TEXT_ARG(what))));
}

static struct text member_name(struct arena *arena, const struct fleet_member *member)
{
	const struct policy_target *wanted = member->target;
	if (!wanted->name.length)
		return name_of(arena, wanted, member->label);
	if (!member->is_of_glob)
		return wanted->name;
	return shown(arena, text_of(arena_printf(arena, "%.*s/%.*s", TEXT_ARG(wanted->name), TEXT_ARG(member->label))));
}

/* A member of a plan's fleet, or a target whose chain isn't looked up yet. */
static struct gate_target make_target(struct arena *arena, const struct fleet_member *member,
				      const struct plan_overrides *overrides)
{
	const struct policy_target *wanted = member->target;
	const struct policy_rule **rules = ARENA_ARRAY(arena, const struct policy_rule *, wanted->rule_count);
	int64_t run_ns = overrides->wait.timeout_ns;
	for (size_t i = 0; i < wanted->rule_count; i++)
		rules[i] = &wanted->rules[i];
	struct gate_target target = {
		.name = member_name(arena, member),
		.chain = member->chain,
		.chain_is_id = wanted->chain_is_id,
		.chain_id = member->chain_id,
		.chain_from = wanted->chain_from,
		.pasted = wanted->pasted,
		.pasted_from = wanted->pasted_from,
		.selector = wanted->selector,
		.fail_on_superseded = wanted->fail_on_superseded,
		.baseline = wanted->baseline,
		.timeout_ns = wanted->timeout_ns < run_ns ? wanted->timeout_ns : run_ns,
		.rules = rules,
		.rule_count = wanted->rule_count,
		.params = wanted->params,
		.params_count = wanted->params_count,
	};
	if (!target.baseline.chain.length)
		target.baseline.selector.of = target.selector.of;
	target.has_relative_since = wanted->selector.since.kind == SINCE_AGO;
	target.selector.since = since_resolve(target.selector.since, overrides->start_wall_ns);
	return target;
}

const struct policy_target *plan_targets(struct arena *arena, const struct policy *policy,
					 const struct plan_overrides *overrides, size_t *count)
{
	size_t chains = policy->has_targets || overrides->chain_count < 2 ? 1 : overrides->chain_count;
	struct policy_target *targets = ARENA_ARRAY(arena, struct policy_target, policy->target_count * chains);
	*count = 0;
	for (size_t i = 0; i < policy->target_count * chains; i++) {
		struct policy_target wanted = policy->targets[i / chains];
		if (!policy->has_targets)
			wanted = plan_target(wanted, &overrides->target);
		if (chains > 1) {
			wanted.chain = overrides->chains[i];
			wanted.chain_is_id = overrides->chain_urls && overrides->chain_urls[i].length;
			wanted.chain_url = wanted.chain_is_id ? overrides->chain_urls[i] : (struct text){"", 0};
		}
		if (overrides->watches_all)
			watch_all(&wanted);
		targets[(*count)++] = wanted;
	}
	return targets;
}

struct target_naming plan_naming(const struct gate_target *target, bool of_baseline)
{
	const struct policy_baseline *baseline = &target->baseline;
	/* target_check has compared what the addresses are of. */
	if (of_baseline)
		return (struct target_naming){.of = baseline->selector.of,
					      .pasted_of = baseline->selector.of,
					      .chain = baseline->chain,
					      .chain_from = baseline->chain_from,
					      .pasted = baseline->pasted,
					      .pasted_from = baseline->pasted_from};
	return (struct target_naming){.of = target->selector.of,
				      .pasted_of = target->selector.of,
				      .chain = target->chain,
				      .chain_from = target->chain_from,
				      .pasted = target->pasted,
				      .pasted_from = target->pasted_from};
}

bool plan_names(const struct gate_target *target, bool of_baseline, const struct plan_chain *chain)
{
	const struct target_naming naming = plan_naming(target, of_baseline);
	return naming.of == chain->kind && text_equal(naming.chain, chain->wanted) &&
	       (of_baseline ? target->baseline.chain_is_id : target->chain_is_id) == chain->is_id;
}

bool plan_check_id(const struct gate_plan *plan, const struct plan_chain *chain, struct text chain_id,
		   const struct target_place *place)
{
	bool well = true;
	for (size_t i = 0; i < 2 * plan->target_count; i++) {
		const struct target_naming naming = plan_naming(&plan->targets[i / 2], i % 2);
		if (plan_names(&plan->targets[i / 2], i % 2, chain))
			well &= target_check_id(&naming, chain_id, place);
	}
	return well;
}

/* ---- what a run does, as text ----------------------------------------------------------------------------------- */

/* Every text is written with its length, so that no value can look like another field. A field that is added to a target,
 * a selector, a baseline, a rule or to `wait`, and that changes a verdict, belongs here. */
static void add_text(struct buf *buf, const char *key, struct text text)
{
	buf_printf(buf, "%s=%zu:%.*s\n", key, text.length, TEXT_ARG(text));
}

static void add_number(struct buf *buf, const char *key, int64_t value)
{
	buf_printf(buf, "%s=%lld\n", key, (long long)value);
}

/* A `since` that is a duration stays one: the jobs start at different times. */
static void add_selector(struct buf *buf, const struct selector *selector)
{
	add_number(buf, "of", selector->of);
	add_number(buf, "select", selector->kind);
	add_text(buf, "value", selector->value);
	add_number(buf, "role", selector->role);
	add_text(buf, "expected", selector->expected);
	add_number(buf, "since", selector->since.kind);
	add_number(buf, "since_ns",
		   selector->since.kind == SINCE_AGO || selector->since.kind == SINCE_MOMENT ? selector->since.ns : 0);
}

static void add_expression(struct buf *buf, const char *key, const struct rule *rule)
{
	add_text(buf, key, rule ? rule_excerpt(rule)->text : (struct text){"", 0});
}

static void add_rule(struct buf *buf, const struct policy_rule *rule)
{
	add_text(buf, "rule", rule->name);
	add_number(buf, "severity", rule->severity);
	add_number(buf, "kind", rule->kind);
	add_expression(buf, "expression", rule->expression);
	add_expression(buf, "when", rule->when);
	add_number(buf, "within", rule->within_ns);
	add_number(buf, "hold", rule->hold_ns);
	add_number(buf, "tolerate", rule->tolerate_ns);
	add_number(buf, "during", rule->during_ns);
	add_number(buf, "if_empty", rule->if_empty);
	add_number(buf, "if_missing", rule->if_missing);
}

/* The rules' texts have only the parameters' names. */
static void add_params(struct buf *buf, const struct policy_params *params)
{
	add_number(buf, "params", (int64_t)params->count);
	for (size_t i = 0; i < params->count; i++) {
		struct buf value = buf_make(BUF_LIMIT_REPORT);
		literal_add(&value, &params->items[i].value);
		add_text(buf, "param", params->items[i].name);
		add_text(buf, "value", buf_text(&value));
		add_number(buf, "is_decimal", params->items[i].value.is_decimal); /* the text doesn't show it */
		buf_release(&value);
	}
}

static void add_target(struct buf *buf, const struct policy_target *target)
{
	add_text(buf, "target", target->name);
	add_text(buf, "chain", target->chain);
	add_number(buf, "chain_is_id", target->chain_is_id);
	add_text(buf, "pasted", target->pasted);
	add_selector(buf, &target->selector);
	add_number(buf, "on_superseded", target->fail_on_superseded);
	add_number(buf, "timeout", target->timeout_ns);
	add_number(buf, "baseline", target->baseline.given);
	if (target->baseline.given) {
		add_text(buf, "chain", target->baseline.chain);
		add_number(buf, "chain_is_id", target->baseline.chain_is_id);
		add_text(buf, "pasted", target->baseline.pasted);
		add_selector(buf, &target->baseline.selector);
	}
	for (size_t i = 0; i < target->params_count; i++)
		add_params(buf, &target->params[i]);
	for (size_t i = 0; i < target->rule_count; i++)
		add_rule(buf, &target->rules[i]);
}

static void add_wait(struct buf *buf, const struct policy_wait *wait)
{
	add_number(buf, "timeout", wait->timeout_ns);
	add_number(buf, "interval", wait->interval_ns);
	add_number(buf, "stable_for", wait->stable_for_ns);
	for (int i = 0; i < STATUS_COUNT; i++)
		add_number(buf, "stable_for_status", wait->stable_for_status_ns[i]);
	add_number(buf, "discover_for", wait->discover_for_ns);
	add_number(buf, "unreachable_after", wait->unreachable_after_ns);
	add_number(buf, "fail_fast", wait->fail_fast);
}

struct text plan_canonical(struct arena *arena, const struct policy *policy, const struct plan_overrides *overrides)
{
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	size_t count;
	const struct policy_target *targets = plan_targets(arena, policy, overrides, &count);
	add_wait(&buf, &overrides->wait);
	add_number(&buf, "strict", overrides->strict);
	for (size_t i = 0; i < count; i++)
		add_target(&buf, &targets[i]);
	struct text text = arena_text(arena, buf_text(&buf));
	buf_release(&buf);
	return text;
}

/* ---- the plan --------------------------------------------------------------------------------------------------- */

/* `is_open`: the list of chains isn't read yet. */
static struct gate_plan *plan_of(struct arena *arena, const struct plan_overrides *overrides,
				 const struct fleet_member *members, size_t count, bool is_open)
{
	struct gate_target *targets = ARENA_ARRAY(arena, struct gate_target, count + 1);
	struct gate_plan *plan = ARENA_NEW(arena, struct gate_plan);
	for (size_t i = 0; i < count; i++) {
		targets[i] = make_target(arena, &members[i], overrides);
		targets[i].waits_for_list =
			is_open && (overrides->shard.count || plan_chain_is_glob(members[i].target));
	}
	*plan = (struct gate_plan){
		.targets = targets,
		.target_count = count,
		.wait = overrides->wait,
		.start_wall_ns = overrides->start_wall_ns,
		.strict = overrides->strict,
		.is_open = is_open,
	};
	return plan;
}

const struct gate_plan *plan_make(struct arena *arena, const struct policy *policy,
				  const struct plan_overrides *overrides)
{
	size_t count;
	const struct policy_target *targets = plan_targets(arena, policy, overrides, &count);
	struct fleet_member *members = ARENA_ARRAY(arena, struct fleet_member, count);
	bool is_open = overrides->shard.count || overrides->chain_count > 1;
	for (size_t i = 0; i < count; i++) {
		members[i] = (struct fleet_member){
			.target = &targets[i], .chain = targets[i].chain, .label = targets[i].chain};
		is_open |= plan_chain_is_glob(&targets[i]);
	}
	struct gate_plan *plan = plan_of(arena, overrides, members, count, is_open && !overrides->watches_all);
	if (plan->is_open && overrides->shard.count) {
		struct plan_fleet *known = ARENA_NEW(arena, struct plan_fleet);
		*known = (struct plan_fleet){.plan = plan_canonical(arena, policy, overrides),
					     .shard = overrides->shard};
		plan->fleet = known;
	}
	return plan;
}

struct named {
	struct text name;
	const struct fleet_member *member;
};

static int compare_named(const void *left, const void *right)
{
	const struct named *a = left, *b = right;
	return text_compare(a->name, b->name);
}

/* The chain as it was written: as its URL, where there is one. */
static struct text written(const struct fleet_member *member)
{
	return member->target->chain_url.length ? member->target->chain_url : member->target->chain;
}

/* A chain's id in a URL may be the name of another chain. Then no chain has this id: it would have been the one that is
 * meant by the name. */
static void report_one_name(const struct named *one, const struct named *other, struct diags *diags)
{
	const struct fleet_member *url = other->member, *name = one->member;
	if (!url->target->chain_is_id) {
		url = one->member;
		name = other->member;
	}
	if (!url->target->chain_is_id) {
		diag_hint(diags,
			  diag_error(diags, NULL, (struct span){0, 0}, DIAG_DUPLICATE_NAME,
				     "two targets would be called '%s'", diag_value(diags, one->name)),
			  "watch one of the chains '%s' and '%s' in another run", diag_value(diags, name->chain),
			  diag_value(diags, url->chain));
		return;
	}
	diag_hint(
		diags,
		diag_error(diags, NULL, (struct span){0, 0}, DIAG_DUPLICATE_NAME,
			   "two targets would be called '%s': '%s' has this name, and no chain has the id '%s' of '%s'",
			   diag_value(diags, one->name), diag_value(diags, written(name)),
			   diag_value(diags, url->chain), diag_value(diags, written(url))),
		"leave out '%s', or correct the id in it", diag_value(diags, written(url)));
}

/* The names of the targets of all shards: their reports are put together. NULL if two are equal: a chain can have the
 * name that another one gets with its id, "twin (c4)". */
static const struct text *names_of(struct arena *arena, const struct fleet *fleet, struct diags *diags)
{
	struct text *names = ARENA_ARRAY(arena, struct text, fleet->whole + 1);
	struct named *sorted = ARENA_ARRAY(arena, struct named, fleet->whole + 1);
	for (size_t i = 0; i < fleet->whole; i++) {
		names[i] = member_name(arena, &fleet->all[i]);
		sorted[i] = (struct named){names[i], &fleet->all[i]};
	}
	qsort(sorted, fleet->whole, sizeof(*sorted), compare_named);
	for (size_t i = 1; i < fleet->whole; i++) {
		if (!text_equal(sorted[i].name, sorted[i - 1].name))
			continue;
		report_one_name(&sorted[i - 1], &sorted[i], diags);
		return NULL;
	}
	return names;
}

const struct gate_plan *plan_make_fleet(struct arena *arena, const struct policy *policy,
					const struct plan_overrides *overrides, const struct chain *chains,
					size_t chain_count, struct diags *diags)
{
	struct fleet_request request = {.chains = chains,
					.chain_count = chain_count,
					.shard = overrides->shard,
					.keeps_repeats = policy->has_targets};
	struct fleet fleet;
	request.targets = plan_targets(arena, policy, overrides, &request.target_count);
	if (!fleet_find(arena, &request, diags, &fleet))
		return NULL;
	const struct text *names = names_of(arena, &fleet, diags);
	if (!names)
		return NULL;
	struct plan_fleet *known = ARENA_NEW(arena, struct plan_fleet);
	*known = (struct plan_fleet){.whole = fleet.whole,
				     .ids = fleet.ids,
				     .names = names,
				     .plan = plan_canonical(arena, policy, overrides),
				     .shard = overrides->shard,
				     .positions = fleet.positions,
				     .count = fleet.count};
	struct gate_plan *plan = plan_of(arena, overrides, fleet.members, fleet.count, false);
	plan->fleet = known;
	return plan;
}
