/* plan.h - a gate's task: a policy, with the command line's overrides applied. */
#ifndef CHAINGATE_PLAN_H
#define CHAINGATE_PLAN_H

#include "chaingate/arena.h"
#include "chaingate/fleet.h"
#include "chaingate/policy.h"
#include "chaingate/selection.h"
#include "chaingate/target_check.h"
#include "chaingate/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gate_target {
	struct text name; /* unique; shown to people: "rag/q86yjdy" */
	struct text
		chain; /* as given, of a chain or, by the selector's `of`, a model: id or name; of a chain that matched a glob: see fleet.h */
	bool chain_is_id;       /* `chain` is an id, out of a URL, and never a name */
	struct text chain_id;   /* if the run has read the list of chains before it made the plan; empty: not known */
	struct text chain_from; /* where the chain is given: "--chain", "policy.yaml:3" */
	struct text pasted;     /* the chain's id in the address that was given as the deployment; `chain` must mean the
			     * same chain; empty: no address */
	struct text pasted_from;  /* where the address is given */
	struct selector selector; /* a relative `since` is resolved by this machine's clock */
	bool waits_for_list; /* of an open plan: a glob, or a chain that may be in another shard. The list of chains decides
			      * which targets it becomes, if any */
	bool has_relative_since; /* `since` was a duration before the run's start */
	bool fail_on_superseded; /* a newer deployment than the one that `latest` picked makes the target fail */
	struct policy_baseline baseline;
	int64_t timeout_ns; /* the shorter of its own and the run's; 0: judge one snapshot, with all waiting times
			     * taken as 0 */
	const struct policy_rule *const *rules; /* in the order of the policies */
	size_t rule_count;
	const struct policy_params *params; /* as in struct policy_target */
	size_t params_count;
};

/* True for a target of several chains: only chains can be given by a glob. */
bool plan_chain_is_glob(const struct policy_target *);

/* The chains that a run watches together with the other shards. */
struct plan_fleet {
	struct text plan;         /* plan_canonical */
	size_t whole;             /* targets of all shards; 0: the list of chains isn't read yet */
	struct text ids;          /* of these: see struct fleet */
	const struct text *names; /* of these, in the same order; no two are equal */
	struct shard shard;
	const size_t *positions; /* of the plan's targets among these, parallel to them */
	size_t count;
};

struct gate_plan {
	const struct gate_target *targets;
	size_t target_count; /* 0: the shard has no chains, so there is nothing to judge */
	bool is_open; /* the list of chains decides what the targets are: globs, several chains, or a shard. Until it
		       * was read, each glob is one target, which can only miss */
	const struct plan_fleet *fleet; /* NULL: the plan is open and has no shard, or never was open */
	struct policy_wait wait;        /* for every target; its timeout is the run's */
	int64_t start_wall_ns;          /* the run's start by the wall clock */
	bool strict;                    /* warnings decide as errors do */
};

/* How long a run with timeout 0 waits for its one answer: the timeout of a request. */
#define GATE_SINGLE_REQUEST_NS (30 * NS_PER_S)

/* The longest time that the run may take. */
int64_t plan_deadline_ns(const struct gate_plan *);

/* What a plan asks for. */
struct plan_chain {
	enum target_kind kind;
	struct text wanted;
	bool is_id;
};

/* The naming of a target, or of its baseline. */
struct target_naming plan_naming(const struct gate_target *, bool of_baseline);

/* True if the target, or its baseline, names this chain. */
bool plan_names(const struct gate_target *, bool of_baseline, const struct plan_chain *);

/* Checks the addresses of all targets and baselines that name this chain, once its id is known. False if one is of
 * another chain, and was refused. */
bool plan_check_id(const struct gate_plan *, const struct plan_chain *, struct text chain_id,
		   const struct target_place *);

struct plan_overrides {
	struct policy_target
		target; /* chain, selector and since, each overrides the policy's if given; not for a policy that has
			 * `targets` */
	/* Instead of target.chain, if there are several: each gets a target. */
	const struct text *chains;
	const struct text *chain_urls; /* parallel to them: as chain_url of the target. NULL: all are empty */
	size_t chain_count;
	struct shard shard;
	struct policy_wait wait; /* the values to use: the policy's with the overrides already applied */
	bool strict;
	bool watches_all; /* defaults if neither the policy nor the command line gives them: the chain "chain", all
			   * deployments, since any */
	int64_t start_wall_ns;
};

/* The policy's targets, with the overrides applied: the chains may be globs. */
const struct policy_target *plan_targets(struct arena *, const struct policy *, const struct plan_overrides *,
					 size_t *count);

/* What the run does, as text for a comparison: two runs with the same text, the same policies and the same chains judge
 * in the same way. It has all targets with their rules, whether or not a chain matches, and all waiting times; not the
 * shard, and not the moment of the start. Its form may change with each version. */
struct text plan_canonical(struct arena *, const struct policy *, const struct plan_overrides *);

/* The policy must outlive the plan. The caller must already have refused a policy and overrides that don't give
 * everything required. */
const struct gate_plan *plan_make(struct arena *, const struct policy *, const struct plan_overrides *);

/* The same, once the list of chains was read. NULL if and only if a mistake was reported (fleet_find). */
const struct gate_plan *plan_make_fleet(struct arena *, const struct policy *, const struct plan_overrides *,
					const struct chain *, size_t count, struct diags *);

/* A policy's target with the overrides applied. Chain, selection, role, expected deployment and `since` are overridden
 * independently of each other, but another selection than an environment has no role, and an expected deployment
 * implies the role `current`. */
struct policy_target plan_target(struct policy_target policy, const struct policy_target *given);

#endif
