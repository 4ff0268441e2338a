/* rate.h - live runs of many chains that share a rate, in virtual time, with a network that is as fast as the rate allows. */
#ifndef CHAINGATE_TESTS_RATE_H
#define CHAINGATE_TESTS_RATE_H

#include "../../src/net/pace.h"
#include "script.h"

#define UP "q1 ACTIVE: A ACTIVE 1/1"
#define FAILED "q1 FAILED: A FAILED 0/1"
#define BUILDING "q1 BUILDING: A BUILDING 0/1"
#define CHAINS_MAX 300

/* How the targets' chains and baselines form groups. */
enum groups { APART, PAIRS, ONE_GROUP, MIXED, GROUP_KINDS };

struct story {
	enum groups groups;
	size_t targets, rate;
	int64_t interval_s, timeout_s, own_timeout_s; /* own_timeout_s 0: none has its own */
	int64_t latency_ns;                           /* how long each answer takes */
	int64_t slow_ns;                              /* how much longer those of every other chain take */
	int64_t stable_for_s;
	size_t own_from; /* the first target with its own timeout */
	size_t singles;  /* so many of the last targets get one look, because their own timeout is 0s */
	/* What the chain's answer says at this moment, in the script's notation; NULL: all but the first are up. */
	const char *(*sees)(const struct story *, size_t chain, int64_t at_ns);
	int64_t misses_from_s, misses_for_s; /* some chains miss then … */
	const char *miss;                    /* … with this; NULL: none misses */
};

/* One request: waiting (sent_ns -1), or on its way. */
struct request {
	size_t chain;
	int64_t sent_ns, at_ns;
};

struct world {
	struct arena arena;
	const struct story *story;
	const struct gate_plan *plan;
	struct driver *driver;
	struct pace pace;
	struct request requests[CHAINS_MAX]; /* in the order in which they were asked for */
	size_t count;
	int64_t deadline_ns, now_ns;
};

/* True if the story has misses, and some are this chain's. */
bool misses_sometimes(const struct story *, size_t chain);

/* Runs to the end; release it with end_story. */
void run_story(struct world *, const struct story *);
void end_story(struct world *);

#endif
