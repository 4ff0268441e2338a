/* target_check.c - see target_check.h. */
#include "chaingate/target_check.h"

#include "chaingate/glob.h"

#include <stdarg.h>
#include <stdio.h>

bool target_replaces_chain(const struct policy_target *given, const struct policy_target *of_policy)
{
	return !given->chain_is_implied || of_policy->chain_is_implied;
}

/* The mistake, and what to do on the command line, or in a file. */
__attribute__((format(printf, 4, 5))) static void refuse(const struct target_place *place, const char *by_option,
							 const char *by_key, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	char *message = arena_alloc(place->diags->arena, (size_t)(length < 0 ? 0 : length) + 1);
	vsnprintf(message, (size_t)(length < 0 ? 0 : length) + 1, format, again);
	va_end(again);
	va_end(args);
	enum diag_code code = place->source ? DIAG_CONFLICTING_KEYS : DIAG_INVALID_VALUE;
	diag_hint(place->diags, diag_error(place->diags, place->source, place->span, code, "%s", message), "%s",
		  place->source ? by_key : by_option);
}

void target_refuse_other_kind(const struct policy_target *given, const struct policy_target *of_policy,
			      const struct target_place *place)
{
	if (!of_policy->chain.length || !given->chain.length || given->selector.of == of_policy->selector.of)
		return;
	const char *of = target_kind_name(of_policy->selector.of);
	const char *remedy =
		arena_printf(place->diags->arena, "leave it out, or take '%s' out of the policy's target", of);
	refuse(place, remedy, remedy, "%.*s names the %s '%s', but the policy's target is the %s '%s'",
	       TEXT_ARG(given->chain_from), target_kind_name(given->selector.of),
	       diag_value(place->diags, given->chain), of, diag_value(place->diags, of_policy->chain));
}

/* A role needs an environment, and an expected deployment the role `current`. Otherwise they would be ignored. */
static void check_role(const struct policy_target *target, const struct target_place *place)
{
	const struct selector *selector = &target->selector;
	bool is_environment = selector->kind == SELECT_ENVIRONMENT;
	if (selector->expected.length && !(is_environment && selector->role == ROLE_CURRENT))
		refuse(place,
		       selector->kind != SELECT_NOTHING && !is_environment
			       ? "give --environment NAME instead of the other selection, or leave "
				 "--expect-deployment out"
			       : "give --environment NAME, without another --role than current",
		       "write environment: NAME, without another role than current, or leave expect_deployment out",
		       "the deployment '%s' can only be expected of an environment, as its current deployment",
		       diag_value(place->diags, selector->expected));
	else if (target->has_role && !is_environment && selector->kind != SELECT_NOTHING)
		refuse(place, "leave --role out, or give --environment NAME instead of the other selection",
		       "leave role out, or write environment: NAME instead of the other selection",
		       "a role is only for an environment");
	if (is_environment && selector->role != ROLE_ANY && !selector->value.length)
		refuse(place, "give --environment NAME", "write environment: NAME",
		       "the environment has an empty name");
}

struct text policy_rule_lacks(const struct policy_rule *rule, enum target_kind kind)
{
	struct text field = rule_lacked_field(rule->expression, kind);
	return field.length || !rule->when ? field : rule_lacked_field(rule->when, kind);
}

/* "the chain 'rag'", "the target 'one', a chain". Nobody may have named the chain, whatever it is called here. */
static const char *target_words(const struct policy_target *target, struct diags *diags)
{
	const char *kind = target_kind_name(target->selector.of);
	if (target->name.length)
		return arena_printf(diags->arena, "the target '%s', a %s", diag_value(diags, target->name), kind);
	if (target->chain_from.length)
		return arena_printf(diags->arena, "the %s '%s'", kind, diag_value(diags, target->chain));
	return arena_printf(diags->arena, "the %s", kind);
}

/* Such a rule would be unknown on every poll. */
static void check_fields(const struct policy_target *target, const struct target_place *place)
{
	enum target_kind kind = target->selector.of;
	const char *other = target_kind_name(kind == TARGET_CHAIN ? TARGET_MODEL : TARGET_CHAIN);
	const char *leave = arena_printf(place->diags->arena,
					 "leave the rule out for %s, or watch a %s: ", target_kind_plural(kind), other);
	const char *by_option = arena_printf(place->diags->arena, "%s--%s NAME", leave, other);
	const char *by_key = arena_printf(place->diags->arena, "%starget: {%s: NAME}", leave, other);
	for (size_t i = 0; i < target->rule_count; i++) {
		struct text field = policy_rule_lacks(&target->rules[i], kind);
		if (field.length)
			refuse(place, by_option, by_key,
			       "the rule '%s' asks for %s of %s, but the deployments of %s don't have it",
			       diag_value(place->diags, target->rules[i].name), diag_value(place->diags, field),
			       target_words(target, place->diags), target_kind_plural(kind));
	}
}

/* Without a role, such a rule would be unknown on every poll. */
static void check_rules(const struct policy_target *target, const struct target_place *place)
{
	for (size_t i = 0; i < 2 * target->rule_count; i++) {
		const struct policy_rule *rule = &target->rules[i / 2];
		const struct selector *selector = i % 2 ? &target->baseline.selector : &target->selector;
		bool asks = rule_asks_environment(rule->expression, i % 2) ||
			    (rule->when && rule_asks_environment(rule->when, i % 2));
		if (!asks || selector_environment(selector).length)
			continue;
		const char *of_baseline = "give the baseline a role: {environment: NAME, role: current}";
		refuse(place,
		       i % 2 ? of_baseline
			     : "give --environment NAME and --role current, or both in the policy's target",
		       i % 2 ? of_baseline : "give the target a role: {environment: NAME, role: current}",
		       "the rule '%s' asks for what only the environment itself says",
		       diag_value(place->diags, rule->name));
	}
}

/* Only chains are given by globs. A URL has become an id before. */
static void check_model(const struct policy_target *target, const struct target_place *place)
{
	if (target->selector.of == TARGET_MODEL && glob_is_one(target->chain))
		refuse(place, "give one model by its id or name", "give one model by its id or name",
		       "the model '%s' cannot be a glob", diag_value(place->diags, target->chain));
}

/* A chain and a model may have the same id, and a baseline of another kind has no counterparts. */
static void check_kinds(const struct policy_target *target, const struct target_place *place)
{
	const char *of = target_kind_name(target->selector.of);
	const struct policy_baseline *baseline = &target->baseline;
	const char *of_baseline = target_kind_name(baseline->selector.of);
	const char *remedy = "leave out one of them, or give the deployment by its id";
	if (target->pasted.length && target->pasted_of != target->selector.of)
		refuse(place, remedy, remedy, "the URL at %.*s is of a %s's deployment, but %.*s names a %s",
		       TEXT_ARG(target->pasted_from), target_kind_name(target->pasted_of), TEXT_ARG(target->chain_from),
		       of);
	remedy = arena_printf(place->diags->arena, "leave '%s' out of the baseline, or use a policy for %ss",
			      of_baseline, of);
	if (baseline->given && baseline->chain.length && baseline->selector.of != target->selector.of)
		refuse(place, remedy, remedy, "the target is a %s, but the policy's baseline is the %s '%s'", of,
		       of_baseline, diag_value(place->diags, baseline->chain));
}

void target_check(const struct policy_target *target, const struct target_place *place)
{
	check_role(target, place);
	check_fields(target, place);
	check_rules(target, place);
	check_kinds(target, place);
	check_model(target, place);
}

static const char *selector_phrase(enum selector_kind kind)
{
	switch (kind) {
	case SELECT_NOTHING: return "nothing";
	case SELECT_DEPLOYMENT: return "a deployment";
	case SELECT_ENVIRONMENT: return "an environment";
	case SELECT_LATEST: return "the latest deployment";
	case SELECT_ALL: return "all deployments";
	}
	return "";
}

void target_check_whole(const struct policy_target *target, const struct target_place *place)
{
	if (target->chain.length == 0)
		refuse(place,
		       "give --chain NAME, --all-chains or --model NAME, or 'chain' or 'model' in the policy's target",
		       "write chain: NAME or model: NAME in the policy's target",
		       "no chain or model to watch is given");
	if (target->selector.kind == SELECT_NOTHING)
		refuse(place,
		       "give --deployment ID; or --environment NAME, --latest or --all-deployments with --since "
		       "10m; or one of them in the policy's target",
		       "write deployment: ID; or environment: NAME, latest: true or all: true with since, in the "
		       "policy's target",
		       "no selection says which deployments to watch");
	else if (selector_needs_since(&target->selector))
		refuse(place, "give --since 10m for deployments created in the last ten minutes; or a time; or any",
		       "write since: 10m for deployments created in the last ten minutes; or a time; or any",
		       "to watch %s, 'since' is needed: without it the gate could judge an older deployment while a "
		       "new push isn't listed yet",
		       selector_phrase(target->selector.kind));
}

/* A glob that can't be read must not wait for the list of chains to be refused. */
static bool check_glob(const struct policy_target *target, const struct target_place *place)
{
	const char *why = glob_mistake(place->diags->arena, target->chain);
	if (why)
		refuse(place, GLOB_REMEDY, GLOB_REMEDY, "the chain '%s' cannot be read as a glob: %s",
		       diag_value(place->diags, target->chain), why);
	return !why;
}

static void check_deployment(const struct policy_target *target, const struct target_place *place)
{
	const struct selector *selector = &target->selector;
	bool is_selected = selector->kind == SELECT_DEPLOYMENT;
	if (!is_selected && !selector->expected.length)
		return;
	refuse(place,
	       is_selected ? "give one chain by its id or name; or, for several, --environment NAME or --latest with "
			     "--since 10m"
			   : "give one chain by its id or name, or leave --expect-deployment out",
	       is_selected ? "give one chain by its id or name, or select by environment or latest, with since"
			   : "give one chain by its id or name, or leave expect_deployment out",
	       "the %s '%s' is in one chain, but several chains are to be watched",
	       is_selected ? "deployment" : "expected deployment",
	       diag_value(place->diags, selector->expected.length ? selector->expected : selector->value));
}

static void check_baseline(const struct policy_target *target, const struct target_place *place)
{
	const struct policy_baseline *baseline = &target->baseline;
	const char *remedy = "leave 'chain' out of the baseline: then each chain is compared with its own deployment";
	if (baseline->given && baseline->chain.length) {
		refuse(place, remedy, remedy,
		       "the baseline names the chain '%s', but several chains are to be watched: each would be "
		       "compared with that one",
		       diag_value(place->diags, baseline->chain));
	} else if (baseline->given && baseline->selector.kind == SELECT_DEPLOYMENT) {
		remedy = "select the baseline by environment or latest: then each chain has its own";
		refuse(place, remedy, remedy,
		       "the baseline's deployment '%s' is in one chain, but several chains are to be watched",
		       diag_value(place->diags, baseline->selector.value));
	}
}

void target_check_several(const struct policy_target *target, const struct target_place *place)
{
	/* Whoever meant a name has one chain, and nothing else to mend. */
	if (!check_glob(target, place))
		return;
	check_deployment(target, place);
	check_baseline(target, place);
}

bool target_check_id(const struct target_naming *naming, struct text chain_id, const struct target_place *place)
{
	if (!naming->pasted.length || (naming->pasted_of == naming->of && text_equal(naming->pasted, chain_id)))
		return true;
	const char *remedy = "leave out one of them, or give the deployment by its id";
	refuse(place, remedy, remedy,
	       "two %s are named: %.*s is '%s', whose id is '%s', and the address at %.*s is of the %s '%s'",
	       naming->pasted_of == naming->of ? target_kind_plural(naming->of) : "targets",
	       TEXT_ARG(naming->chain_from), diag_value(place->diags, naming->chain),
	       diag_value(place->diags, chain_id), TEXT_ARG(naming->pasted_from), target_kind_name(naming->pasted_of),
	       diag_value(place->diags, naming->pasted));
	return false;
}

void target_refuse_models_of_fleet(const struct policy_target *targets, size_t count, const char *several,
				   const struct target_place *place)
{
	const struct policy_target *model = NULL;
	bool is_open = several != NULL;
	for (size_t i = 0; i < count; i++) {
		is_open |= targets[i].selector.of == TARGET_CHAIN && glob_is_one(targets[i].chain);
		if (targets[i].selector.of == TARGET_MODEL)
			model = &targets[i];
	}
	if (model && is_open)
		refuse(place, "watch models in a run of their own, without --shard",
		       "watch models with a policy of their own", "the model '%s' cannot be watched together with %s",
		       diag_value(place->diags, model->chain), several ? several : "a glob of chains");
}
