/* schedule.h - when to poll: on a grid, at 0 and at each interval, and once more before the deadline.
 *
 * One schedule per group of chains. It knows when a request was sent and answered, whether to ask again soon, and
 * how long the server asked to wait, which can only delay a poll. Randomness is an argument, so that a test can
 * try its extremes. All times are since the run's start.
 */
#ifndef CHAINGATE_SCHEDULE_H
#define CHAINGATE_SCHEDULE_H

#include "chaingate/times.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* So many rounds say how slow the answers are. */
#define SCHEDULE_ROUNDS_KEPT 5

struct schedule {
	int64_t interval_ns;
	int64_t deadline_ns;
	/* The deadlines of single targets that are earlier than the run's, in any order; NULL: none. Each adds a poll
	 * one second before it, at 0 at the earliest. The caller sets both fields after schedule_make; the array must
	 * outlive the schedule. */
	const int64_t *deadlines;
	size_t deadline_count;
	int64_t held_ns, held_by_others_ns; /* see schedule_hold */
	/* Adds jitter and backoff, adapts the reserve to how slow the answers are, and retries a missed last poll. */
	bool live;
	int64_t next_ns;  /* INT64_MAX: never again */
	bool is_extra;    /* the next poll is one that a target's own deadline added */
	bool is_last_due; /* the run's last poll is or was due, at last_ns: from then on only schedule_hold moves it */
	int64_t last_ns;
	int64_t sent_ns;    /* when the latest poll that was answered was sent */
	int64_t put_off_ns; /* the server asked to wait until then; 0: it didn't */
	int64_t point_ns;   /* the latest point of the grid that was polled */
	unsigned misses;    /* consecutive answers with `again` */
	/* How long the last rounds took, for the reserve, and how long each one's slowest chain took from its own request
	 * on; answers with `again` don't count. The time in which a round's own requests wait for each other is part of
	 * the first. */
	int64_t took_ns[SCHEDULE_ROUNDS_KEPT], chain_took_ns[SCHEDULE_ROUNDS_KEPT];
	size_t answers;
};

/* The smallest reserve before a deadline, so that the last poll's answer can still be judged. Before the run's deadline
 * the reserve of a live run is twice the slowest recent answer, if that is longer. The time for which the rate limit may
 * hold a request back is added, because a request that is held back until the deadline is a miss; but for it no more than
 * half of the time to the deadline is reserved, so that a short run has more than one poll. */
#define SCHEDULE_RESERVE_NS NS_PER_S
/* The backoff starts at 1 s and doubles up to 30 s, or up to the interval if that is longer. A retry waits for a random
 * part of it ("full jitter"). */
#define SCHEDULE_BACKOFF_FIRST_NS NS_PER_S
#define SCHEDULE_BACKOFF_MAX_NS (30 * NS_PER_S)
/* The shortest backoff: an immediate retry doesn't help a server in trouble. */
#define SCHEDULE_BACKOFF_LEAST_NS (100 * NS_PER_MS)
/* In a live run, each grid point is moved by up to a tenth of the interval, forwards or backwards, so that many jobs
 * don't poll at the same moment. */
#define SCHEDULE_JITTER_PARTS 10

/* `interval_ns` is greater than 0. `timeout_ns` 0: one poll, at 0. */
struct schedule schedule_make(int64_t interval_ns, int64_t timeout_ns, bool live);

/* How long the rate limit may hold a request back from now on: any request, and one that waits only for those of other
 * groups. Without it: not at all. The last poll, and those before targets' own deadlines, are due earlier by that. If the
 * time gets shorter, they are due later. If they are over already, there are more: none is in flight then. */
void schedule_hold(struct schedule *, int64_t held_ns, int64_t held_by_others_ns, int64_t now_ns);

/* When to poll next; INT64_MAX: never again. */
int64_t schedule_next(const struct schedule *);

/* The result of a poll. */
struct schedule_answer {
	int64_t sent_ns, at_ns;
	bool again;             /* a transient miss, or a miss that needs confirmation: a live run asks again soon */
	int64_t retry_after_ns; /* how long the server asked to wait; 0: it didn't */
	int64_t chain_took_ns;  /* how long the slowest chain took, from its own request on */
};

/* `random` is any 32 random bits. */
void schedule_answered(struct schedule *, const struct schedule_answer *, uint32_t random);

#endif
