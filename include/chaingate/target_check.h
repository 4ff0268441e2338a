/* target_check.h - what a gate refuses of a target that is valid key by key, but was put together of two parts: of a
 * policy and the command line, or of a policy and a policy test. A test must refuse what the gate does: else a policy
 * passes its tests, and its gate never runs.
 */
#ifndef CHAINGATE_TARGET_CHECK_H
#define CHAINGATE_TARGET_CHECK_H

#include "chaingate/diag.h"
#include "chaingate/policy.h"

/* Who put the targets together, and so what the hints name: options or keys. */
struct target_place {
	const struct source *source; /* the file with the test; NULL: the command line */
	struct span span;
	struct diags *diags; /* gets the errors */
};

/* True if the given chain or model takes the place of the policy's. The one in a deployment's address doesn't, unless the
 * policy's is from an address, too: target_check compares both. */
bool target_replaces_chain(const struct policy_target *given, const struct policy_target *of_policy);

/* Refuses a chain or model in place of the policy's target of the other kind. Another kind of target is another gate:
 * nothing that the policy says of it was meant for that one. */
void target_refuse_other_kind(const struct policy_target *given, const struct policy_target *of_policy,
			      const struct target_place *);

/* Refuses one target: a role without an environment, rules that would be unknown on every poll, a baseline or an address
 * of the other kind, a glob of models. Absent parts are none of its business. */
void target_check(const struct policy_target *, const struct target_place *);

/* Refuses a target without a chain, a selection or a `since` that it needs. Nothing else may still give them: the policy
 * and the command line have been put together, or the policy has `targets`, which no option changes. */
void target_check_whole(const struct policy_target *, const struct target_place *);

/* The first field in the rule or its `when` that deployments of that kind of target never have; empty: none. */
struct text policy_rule_lacks(const struct policy_rule *, enum target_kind);

/* Refuses what is in one chain only, in a target of several chains: a deployment, a baseline that names its chain. */
void target_check_several(const struct policy_target *, const struct target_place *);

/* The chain or model of a target or a baseline, and the id in the address of its deployment. */
struct target_naming {
	enum target_kind of, pasted_of;
	struct text chain, chain_from, pasted, pasted_from; /* as in struct policy_target */
};

/* The address must be of the chain whose id is `chain_id`: of the one that `chain` turned out to be. False if it isn't,
 * and was refused. */
bool target_check_id(const struct target_naming *, struct text chain_id, const struct target_place *);

/* Refuses models beside a glob of chains: the list of chains decides what such a run's targets are, and it has no
 * models. `several`: the words for what needs that list; NULL: only globs do. */
void target_refuse_models_of_fleet(const struct policy_target *, size_t count, const char *several,
				   const struct target_place *);

#endif
