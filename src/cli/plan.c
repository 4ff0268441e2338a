/* plan.c - see plan.h. */
#include "plan.h"

#include "command.h"
#include "values.h"
#include "wanted.h"

/* The options that say how long, over what the policy says. */
static struct policy_wait read_wait(const struct policy *policy, const struct command_line *line, struct diags *usage)
{
	struct policy_wait wait = policy->wait;
	value_duration(line, OPTION_TIMEOUT, 0, WAIT_MAX_NS, usage, &wait.timeout_ns);
	value_duration(line, OPTION_INTERVAL, WAIT_INTERVAL_MIN_NS, WAIT_MAX_NS, usage, &wait.interval_ns);
	value_duration(line, OPTION_STABLE_FOR, 0, WAIT_MAX_NS, usage, &wait.stable_for_ns);
	return wait;
}

static struct gate_target make_target(struct arena *arena, const struct policy_target *wanted,
				      const struct policy_wait *wait, int64_t start_wall_ns)
{
	const struct policy_rule **rules = ARENA_ARRAY(arena, const struct policy_rule *, wanted->rule_count);
	for (size_t i = 0; i < wanted->rule_count; i++)
		rules[i] = &wanted->rules[i];
	struct gate_target target = {
		.name = wanted->name.length ? wanted->name : wanted_name(arena, wanted),
		.chain = wanted->chain,
		.selector = wanted->selector,
		.wait = *wait,
		.fail_on_superseded = wanted->fail_on_superseded,
		.baseline = wanted->baseline,
		.timeout_ns = wanted->timeout_ns,
		.rules = rules,
		.rule_count = wanted->rule_count,
	};
	target.selector.since = since_resolve(target.selector.since, start_wall_ns);
	return target;
}

/* A policy with several targets says itself what to watch. */
static void refuse_selection(const struct command_line *line, struct diags *usage)
{
	static const enum option_id selecting[] = {OPTION_CHAIN,  OPTION_DEPLOYMENT,      OPTION_ENVIRONMENT,
						   OPTION_LATEST, OPTION_ALL_DEPLOYMENTS, OPTION_SINCE};
	for (size_t i = 0; i < sizeof(selecting) / sizeof(selecting[0]); i++) {
		if (!option_is_given(line, selecting[i]))
			continue;
		struct diag *diag = usage_error(usage, "%s does not go with a policy that has 'targets'",
						line->options[selecting[i]].spelling);
		diag_hint(usage, diag, "change the policy's targets, or take a policy without them");
		return;
	}
}

const struct gate_plan *plan_make(struct arena *arena, const struct policy *policy, const struct command_line *line,
				  int64_t start_wall_ns, struct diags *usage)
{
	struct policy_target given = wanted_read(line, usage);
	struct gate_target *targets = ARENA_ARRAY(arena, struct gate_target, policy->target_count);
	struct gate_plan *plan = ARENA_NEW(arena, struct gate_plan);
	struct policy_wait wait = read_wait(policy, line, usage);
	value_since(line, OPTION_SINCE, usage, &given.selector.since);
	if (policy->has_targets)
		refuse_selection(line, usage);
	for (size_t i = 0; i < policy->target_count; i++) {
		struct policy_target wanted = policy->targets[i];
		/* The policy's own timeout is no target's: the command line may have another. */
		if (wanted.timeout_ns == policy->wait.timeout_ns)
			wanted.timeout_ns = 0;
		if (!policy->has_targets)
			wanted = wanted_over(wanted, given);
		if (usage->errors == 0)
			wanted_check(&wanted, usage);
		if (usage->errors == 0)
			targets[i] = make_target(arena, &wanted, &wait, start_wall_ns);
	}
	*plan = (struct gate_plan){
		.targets = targets,
		.target_count = policy->target_count,
		.timeout_ns = wait.timeout_ns,
		.start_wall_ns = start_wall_ns,
		.strict = option_is_given(line, OPTION_STRICT),
	};
	return usage->errors ? NULL : plan;
}
