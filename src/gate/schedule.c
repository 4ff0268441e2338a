/* schedule.c - when to poll next: the grid, jitter, backoff, and the last poll before the deadline.
 *
 * Knows nothing about what the answers said beyond whether to ask again soon. Randomness is an argument, so that a test
 * can walk its extremes.
 */
#include "chaingate/gate.h"
#include "chaingate/times.h"

#define NEVER INT64_MAX
#define ANSWERS_KEPT (sizeof(((struct schedule *)0)->took_ns) / sizeof(int64_t))

struct schedule schedule_make(int64_t interval_ns, int64_t timeout_ns, bool live)
{
	return (struct schedule){.interval_ns = interval_ns, .deadline_ns = timeout_ns, .live = live};
}

int64_t schedule_next(const struct schedule *schedule)
{
	return schedule->next_ns;
}

/* A number from 0 to `span` by the random bits, both ends included; whole microseconds are fine enough. */
static int64_t spread(int64_t span_ns, uint32_t random)
{
	int64_t span_us = span_ns / 1000;
	return (int64_t)((double)span_us * ((double)random / (double)UINT32_MAX)) * 1000;
}

/* A deadline less what an answer needs to be judged in time: 1 s, or live twice the slowest of the last answers. */
static int64_t last_poll_ns(const struct schedule *schedule, int64_t deadline_ns)
{
	int64_t reserve = SCHEDULE_RESERVE_NS;
	for (size_t i = 0; schedule->live && i < ANSWERS_KEPT; i++)
		if (schedule->took_ns[i] > reserve / 2)
			reserve = 2 * schedule->took_ns[i];
	return deadline_ns > reserve ? deadline_ns - reserve : 0;
}

/* The first grid point later than `after_ns`, jittered when live. A jittered point counts as the grid point it came from, so
 * that a poll sent a little early isn't followed by the same point again. */
static int64_t grid_after(const struct schedule *schedule, int64_t sent_ns, int64_t after_ns, uint32_t random)
{
	int64_t interval = schedule->interval_ns;
	int64_t jitter = schedule->live ? interval / SCHEDULE_JITTER_PARTS : 0;
	int64_t point = (time_add(sent_ns, jitter) / interval + 1) * interval;
	if (point - jitter <= after_ns)
		point = (after_ns / interval + 1) * interval;
	int64_t moved = point - jitter + spread(2 * jitter, random);
	return moved > after_ns ? moved : after_ns;
}

/* How long to wait after `misses` transient misses in a row. */
static int64_t backoff_ns(const struct schedule *schedule, uint32_t random)
{
	int64_t most =
		schedule->interval_ns > SCHEDULE_BACKOFF_MAX_NS ? schedule->interval_ns : SCHEDULE_BACKOFF_MAX_NS;
	int64_t ceiling = SCHEDULE_BACKOFF_FIRST_NS;
	for (unsigned i = 1; i < schedule->misses && ceiling < most; i++)
		ceiling *= 2;
	if (ceiling > most)
		ceiling = most;
	int64_t wait = spread(ceiling, random);
	return wait > SCHEDULE_BACKOFF_LEAST_NS ? wait : SCHEDULE_BACKOFF_LEAST_NS;
}

void schedule_answered(struct schedule *schedule, int64_t sent_ns, int64_t at_ns, bool again, int64_t retry_after_ns,
		       uint32_t random)
{
	schedule->took_ns[schedule->answers++ % ANSWERS_KEPT] = at_ns - sent_ns;
	schedule->misses = again ? schedule->misses + 1 : 0;
	int64_t last = last_poll_ns(schedule, schedule->deadline_ns);
	if (schedule->deadline_ns == 0 || sent_ns >= last) { /* that was the last one */
		schedule->next_ns = NEVER;
		return;
	}
	int64_t earliest = retry_after_ns > 0 ? time_add(at_ns, retry_after_ns) : at_ns;
	int64_t next = again && schedule->live ? time_add(at_ns, backoff_ns(schedule, random))
					       : grid_after(schedule, sent_ns, at_ns, random);
	if (next > last && at_ns <= last)
		next = last; /* a backoff or a grid point beyond the last poll is cut to it … */
	else if (next > last)
		next = again ? NEVER : at_ns; /* … which a slow answer can be later than: then it is due now */
	for (size_t i = 0; i < schedule->deadline_count; i++) {
		int64_t before = last_poll_ns(schedule, schedule->deadlines[i]);
		if (before > sent_ns && before > at_ns && before < next)
			next = before; /* … and a target's own deadline has a last poll, too … */
	}
	if (next < earliest) /* … but the server's word counts for more */
		next = earliest <= last ? earliest : NEVER;
	schedule->next_ns = next;
}
