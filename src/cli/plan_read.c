/* plan_read.c - see plan_read.h. */
#include "plan_read.h"

#include "command.h"
#include "values.h"
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
		OPTION_CHAIN,  OPTION_DEPLOYMENT,      OPTION_ENVIRONMENT, OPTION_ROLE, OPTION_EXPECT_DEPLOYMENT,
		OPTION_LATEST, OPTION_ALL_DEPLOYMENTS, OPTION_SINCE};
	for (size_t i = 0; i < sizeof(selecting) / sizeof(selecting[0]); i++) {
		if (!option_is_given(line, selecting[i]))
			continue;
		struct diag *diag = usage_error(usage, "%s does not go with a policy that has 'targets'",
						line->options[selecting[i]].spelling);
		diag_hint(usage, diag, "change the policy's targets, or use a policy without them");
		return;
	}
}

const struct gate_plan *plan_read(struct arena *arena, const struct policy *policy, const struct command_line *line,
				  int64_t start_wall_ns, struct diags *usage)
{
	struct plan_overrides overrides = {
		.target = wanted_read(line, usage),
		.wait = read_wait(policy, line, usage),
		.strict = option_is_given(line, OPTION_STRICT),
		.start_wall_ns = start_wall_ns,
	};
	value_since(line, OPTION_SINCE, usage, &overrides.target.selector.since);
	if (policy->has_targets)
		refuse_selection(line, usage);
	for (size_t i = 0; i < policy->target_count && usage->errors == 0; i++) {
		struct policy_target wanted = policy->targets[i];
		if (!policy->has_targets)
			wanted = plan_target(wanted, &overrides.target);
		wanted_check(&wanted, usage);
	}
	return usage->errors ? NULL : plan_make(arena, policy, &overrides);
}
