/* plan_read.h - makes a gate's plan from the policy and the command line. */
#ifndef CHAINGATE_CLI_PLAN_READ_H
#define CHAINGATE_CLI_PLAN_READ_H

#include "chaingate/plan.h"
#include "chaingate/policy.h"
#include "options.h"

/* The plan of a run that begins at `start_wall_ns`. NULL if and only if a mistake was reported: options that
 * contradict each other, or a missing setting. The policy must outlive the plan. */
const struct gate_plan *plan_read(struct arena *, const struct policy *, const struct command_line *,
				  int64_t start_wall_ns, struct diags *usage);

/* Warns of what is well formed but probably not meant, of the targets and times in effect, as `lint` does of the policy's
 * own: `lint` can't know what the command line selects. */
void plan_suspect(struct arena *, const struct policy *, const struct command_line *, const struct gate_plan *,
		  struct diags *);

/* If that plan is open: the plan for the chains that there are. NULL if and only if a mistake was reported (fleet.h). */
const struct gate_plan *plan_read_fleet(struct arena *, const struct policy *, const struct command_line *,
					int64_t start_wall_ns, const struct chain *, size_t count, struct diags *usage);

#endif
