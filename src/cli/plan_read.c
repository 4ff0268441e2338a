/* plan_read.c - see plan_read.h. */
#include "plan_read.h"

#include "chaingate/glob.h"
#include "chaingate/target_check.h"
#include "command.h"
#include "values.h"
#include "variables.h"
#include "wanted.h"

/* The policy's waiting times, overridden by the options'. */
static struct policy_wait read_wait(const struct policy *policy, const struct command_line *line, struct diags *usage)
{
	struct policy_wait wait = policy->wait;
	value_duration(line, OPTION_TIMEOUT, 0, WAIT_MAX_NS, usage, &wait.timeout_ns);
	value_duration(line, OPTION_INTERVAL, WAIT_INTERVAL_MIN_NS, WAIT_MAX_NS, usage, &wait.interval_ns);
	value_duration(line, OPTION_STABLE_FOR, 0, WAIT_MAX_NS, usage, &wait.stable_for_ns);
	return wait;
}

/* A policy with `targets` says what to watch, so options must not. */
static void refuse_selection(const struct command_line *line, struct diags *usage)
{
	static const enum option_id selecting[] = {
		OPTION_CHAINS, OPTION_ALL_CHAINS,        OPTION_MODEL,  OPTION_DEPLOYMENT,      OPTION_ENVIRONMENT,
		OPTION_ROLE,   OPTION_EXPECT_DEPLOYMENT, OPTION_LATEST, OPTION_ALL_DEPLOYMENTS, OPTION_SINCE};
	for (size_t i = 0; i < sizeof(selecting) / sizeof(selecting[0]); i++) {
		if (!option_is_given(line, selecting[i]))
			continue;
		struct diag *diag = usage_error(usage, "%s does not go with a policy that has 'targets'",
						line->options[selecting[i]].spelling);
		diag_hint(usage, diag, "change the policy's targets, or use a policy without them");
		return;
	}
}

/* A variable that an earlier job left must not turn a gate of many chains into one of a single chain. */
static void refuse_narrowing(const struct policy *policy, const struct command_line *line, struct diags *usage)
{
	const struct option_values *given = &line->options[OPTION_CHAINS];
	struct text glob = policy->targets[0].chain;
	if (policy->has_targets || !plan_chain_is_glob(&policy->targets[0]) || !given->count ||
	    given->spelling[0] == '-' || text_equal(text_of(given->items[0]), glob))
		return;
	struct diag *diag = usage_error(usage, "%s is '%s', but the policy's chain is the glob '%s'", given->spelling,
					diag_value(usage, text_of(given->items[0])), diag_value(usage, glob));
	diag_hint(usage, diag, "unset the variable, or give --chain on the command line, which overrides the policy");
}

/* The option's value is a variable's, and an earlier gate wrote variables. */
static bool is_left_over(const struct command_line *line, enum option_id id)
{
	const struct option_values *given = &line->options[id];
	return given->count && given->spelling[0] != '-' && variables_are_of_earlier_gate();
}

static void refuse_left_over(const struct command_line *line, enum option_id id, const char *instead,
			     struct diags *usage)
{
	struct diag *diag = usage_error(usage, "%s is '%s', but %s", line->options[id].spelling,
					diag_value(usage, text_of(line->options[id].items[0])), instead);
	diag_hint(
		usage, diag,
		"the environment has the variables that --report env of an earlier gate wrote: unset this one, or give "
		"--%s on the command line, which overrides the policy",
		option_rows()[id].name);
}

/* What an earlier gate judged doesn't replace what the policy selects: a gate after a promotion would judge the old
 * deployment again. Nor does its chain replace the policy's, but the chain must be that one: the variable has its id,
 * the policy perhaps its name, so the ids are compared when they are known. */
static void keep_selection(const struct policy *policy, const struct command_line *line, struct policy_target *wanted,
			   struct diags *usage)
{
	const struct policy_target *own = &policy->targets[0];
	const enum option_id naming = option_is_given(line, OPTION_MODEL) ? OPTION_MODEL : OPTION_CHAINS;
	if (policy->has_targets)
		return;
	if (is_left_over(line, OPTION_DEPLOYMENT) && own->selector.kind != SELECT_NOTHING &&
	    !(own->selector.kind == SELECT_DEPLOYMENT && text_equal(own->selector.value, wanted->selector.value)))
		refuse_left_over(line, OPTION_DEPLOYMENT, "the policy's target selects another", usage);
	if (!is_left_over(line, naming) || !own->chain.length || wanted->selector.of != own->selector.of ||
	    text_equal(own->chain, wanted->chain) || plan_chain_is_glob(own))
		return;
	bool is_own_pasted = own->pasted.length && wanted->selector.kind == SELECT_NOTHING;
	if (plan_chain_is_glob(wanted) || (is_own_pasted && !text_equal(own->pasted, wanted->chain))) {
		refuse_left_over(line, naming, "the policy's target names another", usage);
		return;
	}
	if (!is_own_pasted && !wanted->pasted.length) {
		wanted->pasted = wanted->chain;
		wanted->pasted_of = wanted->selector.of;
		wanted->pasted_from = text_of(
			arena_printf(usage->arena, "%s (which an earlier gate wrote)", line->options[naming].spelling));
	}
	wanted->chain = wanted->chain_url = wanted->chain_from = (struct text){0};
	wanted->chain_is_id = false;
}

static struct shard read_shard(const struct command_line *line, struct diags *usage)
{
	const char *value = option_value(line, OPTION_SHARD);
	struct shard shard = {0};
	if (value && !shard_parse(text_of(value), &shard))
		diag_hint(usage,
			  usage_error(usage, "%s cannot be '%s'", line->options[OPTION_SHARD].spelling,
				      diag_value(usage, text_of(value))),
			  "write the part's number and how many there are, up to %d: --shard 1/3, or counted from 0: "
			  "--shard " SHARD_INDEX "0/3",
			  SHARDS_MAX);
	return shard;
}

static struct plan_overrides read_overrides(struct arena *arena, const struct policy *policy,
					    const struct command_line *line, int64_t start_wall_ns, struct diags *usage)
{
	struct plan_overrides overrides = {
		.target = wanted_read(line, usage),
		.shard = read_shard(line, usage),
		.wait = read_wait(policy, line, usage),
		.strict = option_is_given(line, OPTION_STRICT),
		.start_wall_ns = start_wall_ns,
	};
	overrides.chain_count =
		wanted_chains(arena, line, &overrides.target, &overrides.chains, &overrides.chain_urls, usage);
	value_since(line, OPTION_SINCE, usage, &overrides.target.selector.since);
	return overrides;
}

/* What needs the list of chains besides globs, in words. */
static const char *several_of(const struct plan_overrides *overrides)
{
	return overrides->shard.count ? "--shard" : overrides->chain_count > 1 ? "a glob of chains" : NULL;
}

const struct gate_plan *plan_read(struct arena *arena, const struct policy *policy, const struct command_line *line,
				  int64_t start_wall_ns, struct diags *usage)
{
	struct plan_overrides overrides = read_overrides(arena, policy, line, start_wall_ns, usage);
	if (policy->has_targets)
		refuse_selection(line, usage);
	refuse_narrowing(policy, line, usage);
	keep_selection(policy, line, &overrides.target, usage);
	const struct target_place place = {.diags = usage};
	if (!policy->has_targets && target_replaces_chain(&overrides.target, &policy->targets[0]))
		target_refuse_other_kind(&overrides.target, &policy->targets[0], &place);
	size_t count;
	const struct policy_target *targets = plan_targets(arena, policy, &overrides, &count);
	for (size_t i = 0; i < count && usage->errors == 0; i++) {
		wanted_check_chains(line, &targets[i].selector, usage);
		if (usage->errors)
			break;
		wanted_check(&targets[i], usage);
		if (overrides.chain_count > 1 || plan_chain_is_glob(&targets[i]))
			target_check_several(&targets[i], &place);
	}
	target_refuse_models_of_fleet(targets, count, several_of(&overrides), &place);
	if (usage->errors)
		return NULL;
	const struct gate_plan *plan = plan_make(arena, policy, &overrides);
	if (overrides.shard.count && plan->target_count == 1 && !glob_is_one(plan->targets[0].chain)) {
		diag_hint(usage, usage_error(usage, "%s needs several chains", line->options[OPTION_SHARD].spelling),
			  "give --chain several times or as a glob, or --all-chains; or leave --shard out");
		return NULL;
	}
	return plan;
}

void plan_suspect(struct arena *arena, const struct policy *policy, const struct command_line *line,
		  const struct gate_plan *plan, struct diags *diags)
{
	struct diags usage = {.arena = arena}; /* plan_read has reported the mistakes */
	struct plan_overrides overrides = read_overrides(arena, policy, line, plan->start_wall_ns, &usage);
	size_t count;
	const struct policy_target *targets = plan_targets(arena, policy, &overrides, &count);
	policy_suspect_targets(policy, targets, count, diags);
	policy_suspect_times(policy, &plan->wait, diags);
}

const struct gate_plan *plan_read_fleet(struct arena *arena, const struct policy *policy,
					const struct command_line *line, int64_t start_wall_ns,
					const struct chain *chains, size_t count, struct diags *usage)
{
	struct plan_overrides overrides = read_overrides(arena, policy, line, start_wall_ns, usage);
	return plan_make_fleet(arena, policy, &overrides, chains, count, usage);
}
