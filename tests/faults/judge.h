/* judge.h - may this run have passed? Asked of the simulator's log, not of the gate.
 *
 * A naive reading of what gate.h promises, on the answers that were true: they are at rest from ACTIVE_MS on; a pass needs STABLE_FOR_MS and then the policy's hold of
 * watched time, of which a gap between two true answers gives no more than one and a half intervals; a gap of more than three and a half begins it all
 * anew, but for a `during`; and the answer of the very moment of the pass is a true one.
 */
#ifndef TESTS_FAULTS_JUDGE_H
#define TESTS_FAULTS_JUDGE_H

#include "rows.h"

/* How long after its request an answer is there. */
#define LATENCY_MS 10
#define REQUESTS_MAX 1000
/* When a client gives up an answer that doesn't come: a miss then, and nothing before. */
#define HELD_MS 30000

/* The requests for one chain's list, in order. */
struct requests {
	size_t count;
	int64_t sent_ms[REQUESTS_MAX];
	bool is_true[REQUESTS_MAX];
	bool is_absent[REQUESTS_MAX]; /* 404, or a list without it: begins it all anew */
	bool is_held[REQUESTS_MAX];   /* its answer doesn't come before the client's time-out */
};

/* False if the log isn't one. What was sent with a fault is as true as the fault's nature lets it be. */
bool requests_read(const char *log, const char *chain, enum nature nature, struct requests *out);

/* What a pass needs. */
struct need {
	int64_t active_ms; /* at rest from then on */
	int64_t stable_ms;
	int64_t judged_ms; /* from when it is stable on */
	bool is_during;    /* no gap begins that anew */
};

/* The first moment at which it is stable for so long, and from then on judged for so long: when the answer's request was sent. -1: never, as far as the log goes. */
int64_t first_pass_ms(const struct requests *, struct need);

/* Does the last request of the log, at or before `sent_ms`, pass it? */
bool may_pass_at(const struct requests *, int64_t sent_ms, struct need);

#endif
