/* fleet.h - which chains of the account a run watches: globs, names and ids, and the parts that several jobs share.
 *
 * What matches is decided once, on one list of chains, when the run starts. The order of the list doesn't matter.
 */
#ifndef CHAINGATE_FLEET_H
#define CHAINGATE_FLEET_H

#include "chaingate/arena.h"
#include "chaingate/chain.h"
#include "chaingate/diag.h"
#include "chaingate/policy.h"
#include "chaingate/text.h"

#include <stdbool.h>
#include <stddef.h>

/* ---- shards ----------------------------------------------------------------------------------------------------- */

/* More parts than that are more jobs than a CI system starts. For each chain the work grows with the number of parts. */
#define SHARDS_MAX 1000

/* One of `count` parts, from 1. count 0: everything, it isn't divided. */
struct shard {
	size_t index, count;
};

/* Before a part that is counted from 0, as Kubernetes' JOB_COMPLETION_INDEX and GitHub's strategy.job-index are.
 * Without a word for it, 1/3 could be meant either way, and a part would be judged twice and another one never. */
#define SHARD_INDEX "index:"

/* shard = I "/" N, where 1 <= I <= N <= SHARDS_MAX; or "index:" K "/" N, where 0 <= K < N */
bool shard_parse(struct text, struct shard *out);

/* True if the chain is in this part. Each chain is in exactly one part, whatever other chains there are; with one part
 * more, a chain stays where it is or moves to the new part (rendezvous hashing). The result is the same on every machine
 * and in every version: jobs of one matrix may not disagree. */
bool shard_has(struct shard, struct text chain_id);

/* ---- chains ----------------------------------------------------------------------------------------------------- */

/* Most chains that one run watches. Each costs memory, and a request at each poll: at the default of ten requests per
 * second one round of a thousand chains takes more than a minute and a half. */
#define FLEET_MAX 1000

struct fleet_request {
	const struct policy_target *targets; /* their chains may be globs (glob.h) */
	size_t target_count;
	bool keeps_repeats; /* if false, a chain that two targets mean is watched once; targets that a policy lists are
			     * all kept, because their rules may differ */
	const struct chain *chains; /* all that the key can see */
	size_t chain_count;
	struct shard shard;
};

/* A target's chain. */
struct fleet_member {
	const struct policy_target *target; /* the request's */
	struct text chain; /* the target's own text; of a glob, the chain's name, or its id if the name isn't clear */
	struct text label; /* for people: like `chain`, but with the name beside the id */
	struct text
		chain_id; /* empty: it isn't in the list, or its name is of several chains. An id in a URL is no name */
	bool is_of_glob;
};

struct fleet {
	const struct fleet_member
		*all; /* `whole` of them: in the targets' order, those of a glob by name, then by id */
	const struct fleet_member *members; /* those in the shard, in the same order. There may be none */
	size_t count;
	const size_t *positions; /* parallel to members: their places among those of all parts, from 0, ascending */
	size_t whole;            /* how many members there are in all parts together */
	struct text ids; /* of these, for a comparison: a line each, in their order: the target's number, a space, the
			  * chain's id or text */
};

/* Finds the chains. False if and only if a mistake was reported: a glob that matches nothing, that can't be read, or that
 * is a chain's whole name but doesn't match it; more than FLEET_MAX members; with a shard, a name or id that isn't in the
 * list, or is of several chains, so that nobody knows whose it is. Without a shard such a chain is a member without an
 * id, and the run looks for it. */
bool fleet_find(struct arena *, const struct fleet_request *, struct diags *, struct fleet *out);

#endif
