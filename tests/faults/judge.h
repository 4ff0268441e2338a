/* judge.h - decides from the simulator's log, without the gate, whether a run was allowed to pass.
 *
 * It applies the promises of gate.h naively to the true answers:
 * - The deployment is at rest from ACTIVE_MS on.
 * - A pass needs STABLE_FOR_MS of watched time, and then the policy's hold.
 * - A gap between two true answers counts as at most one and a half intervals.
 * - A gap of more than three and a half intervals restarts everything except a `during`.
 * - The answer at the moment of the pass is true.
 */
#ifndef TESTS_FAULTS_JUDGE_H
#define TESTS_FAULTS_JUDGE_H

#include "rows.h"

/* Time from a request to its answer. */
#define LATENCY_MS 10
#define REQUESTS_MAX 1000
/* The client's timeout: an answer that doesn't come is a miss only then. */
#define HELD_MS 30000

/* The requests for one chain's list, in order. */
struct requests {
	size_t count;
	int64_t sent_ms[REQUESTS_MAX];
	bool is_true[REQUESTS_MAX];
	bool is_absent[REQUESTS_MAX]; /* 404, or a list without the deployment: restarts everything */
	bool is_held[REQUESTS_MAX];   /* no answer before the client's timeout */
};

/* False if the text isn't a log. The fault's nature decides whether an answer with a fault counts as true. */
bool requests_read(const char *log, const char *chain, enum nature nature, struct requests *out);

/* The conditions of a pass. */
struct need {
	int64_t active_ms; /* at rest from then on */
	int64_t stable_ms;
	int64_t judged_ms; /* counted after it has become stable */
	bool is_during;    /* a gap doesn't restart judged_ms */
};

/* Returns the time at which the first request was sent whose answer meets all conditions. -1: none in the log. */
int64_t first_pass_ms(const struct requests *, struct need);

/* True if the last request in the log at or before `sent_ms` meets all conditions of a pass. */
bool may_pass_at(const struct requests *, int64_t sent_ms, struct need);

#endif
