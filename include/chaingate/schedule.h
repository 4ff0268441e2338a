/* schedule.h - when to poll: on a grid, at 0 and each interval, and once more before the deadline.
 *
 * One schedule for each group of chains. It knows nothing of what the answers said but whether to ask again soon, and how long the server
 * asked to wait: that only delays. Randomness is an argument, so that a test can walk its extremes. All times are since the run's start.
 */
#ifndef CHAINGATE_SCHEDULE_H
#define CHAINGATE_SCHEDULE_H

#include "chaingate/times.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct schedule {
	int64_t interval_ns;
	int64_t deadline_ns;
	/* Of single targets, earlier than the run's: each adds a poll 1 s before it. Or NULL. */
	const int64_t *deadlines;
	size_t deadline_count;
	bool live; /* jitter, backoff, a reserve that follows how slow the answers are, and a last poll that is retried */
	int64_t next_ns;    /* INT64_MAX: no more */
	bool is_extra;      /* that poll is one that a target's own deadline added */
	int64_t point_ns;   /* the latest point of the grid that was polled */
	unsigned misses;    /* transient ones in a row */
	int64_t took_ns[5]; /* how long the last answers took, for the reserve; a transient miss is none */
	size_t answers;
};

/* Least reserve before the deadline, so that the last poll's answer can still be judged. */
#define SCHEDULE_RESERVE_NS NS_PER_S
/* Backoff: 1 s, doubling; at most 30 s or the interval if longer; spread over the whole of it ("full jitter"). */
#define SCHEDULE_BACKOFF_FIRST_NS NS_PER_S
#define SCHEDULE_BACKOFF_MAX_NS (30 * NS_PER_S)
/* … but never less: a server in trouble isn't helped by an immediate retry. */
#define SCHEDULE_BACKOFF_LEAST_NS (100 * NS_PER_MS)
/* Each grid point is moved by up to a tenth of the interval, so that a fleet of jobs doesn't poll in step. */
#define SCHEDULE_JITTER_PARTS 10

/* `timeout_ns` 0: one poll, at 0. */
struct schedule schedule_make(int64_t interval_ns, int64_t timeout_ns, bool live);

/* When to poll next; INT64_MAX: not again. */
int64_t schedule_next(const struct schedule *);

/* What came of a poll. */
struct schedule_answer {
	int64_t sent_ns, at_ns;
	bool again;             /* a transient miss, or one that wants confirmation: live, it is asked again soon */
	int64_t retry_after_ns; /* so long the server asked to wait; 0: it didn't */
};

/* `random` is any 32 random bits. */
void schedule_answered(struct schedule *, const struct schedule_answer *, uint32_t random);

#endif
