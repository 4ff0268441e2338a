/* plan.h - what a gate is to do: a policy, and what overrides it. */
#ifndef CHAINGATE_PLAN_H
#define CHAINGATE_PLAN_H

#include "chaingate/arena.h"
#include "chaingate/policy.h"
#include "chaingate/selection.h"
#include "chaingate/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gate_target {
	struct text name;         /* unique; what people call it: "rag/q86yjdy" */
	struct text chain;        /* as asked for: id or name */
	struct selector selector; /* `since` resolved, by this machine's clock … */
	bool has_relative_since;  /* … where it was a duration before the run's start */
	bool fail_on_superseded;  /* a newer deployment than the one picked by `latest` is a failure */
	struct policy_baseline baseline;
	int64_t timeout_ns; /* the shorter of its own and the run's; 0: judge one snapshot, with every waiting time taken as 0 */
	const struct policy_rule *const *rules; /* in the order of the policies */
	size_t rule_count;
};

/* Is the target's baseline, as it was asked for, of the target's own chain? */
bool gate_target_has_own_baseline(const struct gate_target *);

struct gate_plan {
	const struct gate_target *targets;
	size_t target_count;
	struct policy_wait wait; /* of every target; its timeout is the run's */
	int64_t start_wall_ns;   /* the run's start by the wall clock */
	bool strict;             /* warnings decide as errors do */
};

/* How long a timeout of 0 waits for its one answer: the time-out of a request. */
#define GATE_SINGLE_REQUEST_NS (30 * NS_PER_S)

/* How long the run may take. */
int64_t plan_deadline_ns(const struct gate_plan *);

struct plan_overrides {
	struct policy_target
		target; /* chain, selector and since, each where it is given; not of a policy that has `targets` */
	struct policy_wait wait; /* the policy's, with what is given instead: it counts as it is here */
	bool strict;
	bool watches_all; /* where neither says it: the chain "chain", all deployments, since any */
	int64_t start_wall_ns;
};

/* The policy must outlive the plan. What must be known and isn't is for the caller to refuse. */
const struct gate_plan *plan_make(struct arena *, const struct policy *, const struct plan_overrides *);

/* A policy's target with what overrides it: the chain; the selector but for its `since`; the `since`. */
struct policy_target plan_target(struct policy_target policy, const struct policy_target *given);

#endif
