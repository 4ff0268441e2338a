/* rounds.h - which chains a plan asks, and what its targets see of them.
 *
 * Chains that belong together (a target is of one, and its baseline of another) are a group: they are asked in one round, and what they say is one
 * moment. Nearly always a group is one chain. Live polling and replays share this, so that both show the gate the same.
 */
#ifndef CHAINGATE_ROUNDS_H
#define CHAINGATE_ROUNDS_H

#include "chaingate/gate.h"

/* What is known of one chain. */
struct round_chain {
	struct text wanted; /* id or name, as the plan says */
	size_t group;
	struct text chain_id; /* empty until it is known */
	int64_t at_ns; /* when it answered last: what a target sees of its own chain is of that moment, however late a baseline's chain answers */
	const struct listing *listing; /* what this round's answer said, if is_current … */
	bool is_current;
	struct miss miss; /* … else this */
};

struct rounds {
	const struct gate_plan *plan;
	struct round_chain *chains;
	size_t count;
	size_t *own;      /* of each target: the chain's index … */
	size_t *baseline; /* … and its baseline's: the same where it is of the same chain, or there is none */
};

/* At first every chain has missed: nothing was answered yet. */
struct rounds rounds_make(struct arena *, const struct gate_plan *);

/* The round of a group is over at `at_ns`, when the last of its chains has answered: its targets see it. What is complete only after a deadline is late. */
struct round_outcome {
	bool again;             /* a transient miss, or one that wants confirmation */
	int64_t retry_after_ns; /* the longest that was asked for */
};
struct round_outcome rounds_show(const struct rounds *, struct gate *, size_t group, int64_t at_ns);

/* The deadlines of a group's targets that are earlier than the run's, in the arena. */
const int64_t *rounds_deadlines(struct arena *, const struct rounds *, size_t group, size_t *count);

#endif
