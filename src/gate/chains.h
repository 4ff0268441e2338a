/* chains.h - private to the driver: what it keeps, and the chains that a plan's targets need. */
#ifndef CHAINGATE_GATE_CHAINS_H
#define CHAINGATE_GATE_CHAINS_H

#include "chaingate/driver.h"
#include "chaingate/schedule.h"

struct group {
	struct schedule schedule;
	size_t first_chain, first_target; /* its first ones; next_chain and next_target lead to the others */
	size_t chain_count;               /* 0: it was joined with another group */
	size_t fresh;                     /* how many chains have answered in this round */
	bool is_asking;                   /* a round has begun */
	int64_t sent_ns;                  /* when the first request of this round was sent */
	bool has_listed;                  /* one of its chains has given a list before */
};

/* The selectors of one chain; the chain's selector_count is their number. */
struct selectors {
	const struct selector **items;
	size_t room;
};

struct driver {
	const struct gate_plan *plan;
	struct gate *gate;
	struct arena arena;
	struct driver_chain *chains;
	struct arena *misses;        /* by chain: the words of its miss */
	int64_t *took_ns;            /* by chain: how long its last answer took, once it was asked for */
	struct selectors *selectors; /* by chain */
	bool *is_refused;            /* by chain: it refused the key, and has given only transient misses since */
	bool *is_to_ask;             /* by chain, in the current round */
	size_t chain_count;
	size_t to_ask;        /* the number of chains to ask */
	struct group *groups; /* as many as chains */
	size_t *next_chain;   /* by chain: the next one of its group */
	size_t *next_target;  /* by target: the next one of its group */
	size_t *own;          /* by target: its chain */
	size_t *baseline;     /* by target: its baseline's chain; its own if they are the same, or if there is no
			       * baseline */
	int64_t moment_ns;    /* the latest observation, or the moment after the last deadline that has passed */
	int64_t passed_ns;    /* the moment after the last deadline that has passed */
	bool is_settled;      /* `moment_ns` is settled */
	int64_t due_ns;       /* the earliest poll of a needed group that isn't in a round … */
	size_t due_events;    /* … as of this number of events, because an event may end a target */
	size_t rate;          /* how many requests may start in a second; 0: any number */
	size_t open_chains;   /* in groups that are needed or in a round */
};

/* Fills in the chains with their selectors and groups, and each target's own chain and its baseline's. The arrays have room
 * for two chains of each target. */
void chains_find(struct driver *);

#endif
