/* plan_read.h - what a gate is to do: the policy, and what the command line says instead. */
#ifndef CHAINGATE_CLI_PLAN_READ_H
#define CHAINGATE_CLI_PLAN_READ_H

#include "chaingate/plan.h"
#include "chaingate/policy.h"
#include "options.h"

/* The plan of a run that begins at `start_wall_ns`. NULL if and only if something was reported: what contradicts itself on the line, what must be known and
 * isn't. The policy must outlive it. */
const struct gate_plan *plan_read(struct arena *, const struct policy *, const struct command_line *,
				  int64_t start_wall_ns, struct diags *usage);

#endif
