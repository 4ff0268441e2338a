/* schedule.c - when to poll next: the grid, jitter, backoff, and the last poll before the deadline. */
#include "chaingate/schedule.h"

#define NEVER INT64_MAX

struct schedule schedule_make(int64_t interval_ns, int64_t timeout_ns, bool live)
{
	return (struct schedule){.interval_ns = interval_ns, .deadline_ns = timeout_ns, .live = live};
}

int64_t schedule_next(const struct schedule *schedule)
{
	return schedule->next_ns;
}

/* A number from 0 to `span_ns`, both included, from the random bits; whole microseconds are precise enough. */
static int64_t spread(int64_t span_ns, uint32_t random)
{
	int64_t span_us = span_ns / 1000;
	return (int64_t)((double)span_us * ((double)random / (double)UINT32_MAX)) * 1000;
}

static int64_t largest_of(const int64_t *kept_ns)
{
	int64_t largest = 0;
	for (size_t i = 0; i < SCHEDULE_ROUNDS_KEPT; i++)
		if (kept_ns[i] > largest)
			largest = kept_ns[i];
	return largest;
}

/* The time of the slowest recent round; 0 if it isn't known, or doesn't count. */
static int64_t slowest_ns(const struct schedule *schedule)
{
	return schedule->live ? largest_of(schedule->took_ns) : 0;
}

/* The same for a chain's own answer. */
static int64_t slowest_chain_ns(const struct schedule *schedule)
{
	return schedule->live ? largest_of(schedule->chain_took_ns) : 0;
}

/* How long before a deadline a poll must be sent, if it isn't held back. */
static int64_t answer_reserve_ns(const struct schedule *schedule)
{
	int64_t slowest = slowest_ns(schedule);
	return slowest > SCHEDULE_RESERVE_NS / 2 ? 2 * slowest : SCHEDULE_RESERVE_NS;
}

/* A reserve, longer by the time for which the rate limit may hold the poll back, but for that no longer than half of the
 * time to the deadline. */
static int64_t with_held(int64_t reserve_ns, int64_t held_ns, int64_t deadline_ns)
{
	int64_t room = deadline_ns / 2 - reserve_ns;
	if (held_ns > room)
		held_ns = room > 0 ? room : 0;
	return reserve_ns + held_ns;
}

/* As long as a round that is under way when the last poll is due, and delays it, and then the last one. In a group of
 * several chains a round includes the time in which its requests wait for each other, and for those of other groups
 * between them. So the last round is over after the wait for those of other groups and its own time, or after the longest
 * wait of a request and the time of a chain's answer: both are enough, and no wait counts twice. */
static int64_t two_rounds_ns(const struct schedule *schedule)
{
	int64_t deadline = schedule->deadline_ns, round = slowest_ns(schedule);
	int64_t by_rounds = with_held(2 * round, schedule->held_by_others_ns, deadline);
	int64_t by_requests = with_held(round + slowest_chain_ns(schedule), schedule->held_ns, deadline);
	bool is_held = schedule->held_ns > 0;
	return is_held && by_requests < by_rounds ? by_requests : by_rounds;
}

/* How long before the run's deadline the last poll must be due. */
static int64_t reserve_ns(const struct schedule *schedule)
{
	int64_t least = with_held(SCHEDULE_RESERVE_NS, schedule->held_ns, schedule->deadline_ns);
	int64_t measured = two_rounds_ns(schedule);
	return measured > least ? measured : least;
}

static int64_t jitter_ns(const struct schedule *schedule)
{
	return schedule->live ? schedule->interval_ns / SCHEDULE_JITTER_PARTS : 0;
}

static int64_t last_poll_ns(const struct schedule *schedule)
{
	int64_t reserve = reserve_ns(schedule);
	return schedule->deadline_ns > reserve ? schedule->deadline_ns - reserve : 0;
}

/* The first grid point later than `after_ns` that hasn't been polled; in a live run with jitter. */
static int64_t grid_after(const struct schedule *schedule, int64_t after_ns, uint32_t random)
{
	int64_t interval = schedule->interval_ns, jitter = jitter_ns(schedule);
	int64_t point = time_add(schedule->point_ns, interval);
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

static int64_t whole_ms(int64_t ns)
{
	return time_add(ns, NS_PER_MS - 1) / NS_PER_MS * NS_PER_MS;
}

/* The latest moment to which the server can put off a poll: the run's last poll. If the rate limit makes that early, it is
 * the latest moment at which an answer still fits. */
static int64_t put_off_until_ns(const struct schedule *schedule)
{
	bool is_early = schedule->held_ns > 0 || schedule->held_by_others_ns > 0;
	return is_early ? schedule->deadline_ns - answer_reserve_ns(schedule) : schedule->last_ns;
}

/* Retries the last poll after a miss, if the slowest answer still fits. */
static int64_t retry_last_ns(const struct schedule *schedule, const struct schedule_answer *answer, uint32_t random)
{
	int64_t until = schedule->deadline_ns - answer_reserve_ns(schedule) / 2;
	int64_t next = time_add(answer->at_ns, backoff_ns(schedule, random));
	int64_t allowed = whole_ms(schedule->put_off_ns);
	if (!schedule->live || !answer->again || answer->at_ns + SCHEDULE_BACKOFF_LEAST_NS > until)
		return NEVER;
	if (answer->retry_after_ns > 0 && allowed > put_off_until_ns(schedule))
		return NEVER;
	if (next > until)
		next = until;
	return next > allowed ? next : allowed;
}

/* The next poll: from the grid or the backoff, but no later than the run's last poll. */
static int64_t regular_ns(const struct schedule *schedule, const struct schedule_answer *answer, int64_t last,
			  uint32_t random)
{
	bool retries = answer->again && schedule->live;
	int64_t at = answer->at_ns;
	int64_t next = retries ? time_add(at, backoff_ns(schedule, random)) : grid_after(schedule, at, random);
	if (next <= last)
		return next;
	if (at <= last)
		return last;
	/* The last poll became due while this one was still running. */
	return retries ? retry_last_ns(schedule, answer, random) : at;
}

/* A target's own deadline adds a poll 1 s before it, sooner if the rate limit may hold it back, or at once if that
 * time passed while the last poll was running.
 * INT64_MAX: no deadline adds one. */
static int64_t extra_ns(const struct schedule *schedule, const struct schedule_answer *answer)
{
	int64_t next = NEVER;
	for (size_t i = 0; i < schedule->deadline_count; i++) {
		int64_t deadline = schedule->deadlines[i];
		int64_t reserve = with_held(SCHEDULE_RESERVE_NS, schedule->held_ns, deadline);
		int64_t due = deadline > reserve ? deadline - reserve : 0;
		bool retries = answer->again && schedule->live;
		if (due <= answer->sent_ns || answer->at_ns > deadline || (due <= answer->at_ns && retries))
			continue;
		if (due <= answer->at_ns)
			due = answer->at_ns;
		if (due < next)
			next = due;
	}
	return next;
}

/* A jittered poll uses up its grid point, so that a poll sent a little early isn't followed by the same point again.
 * A poll that a target's own deadline added uses up none. */
static void use_point(struct schedule *schedule, int64_t sent_ns)
{
	int64_t point = time_add(sent_ns, jitter_ns(schedule)) / schedule->interval_ns * schedule->interval_ns;
	if (!schedule->is_extra && point > schedule->point_ns)
		schedule->point_ns = point;
}

static void plan_next(struct schedule *schedule, const struct schedule_answer *answer, int64_t last, uint32_t random)
{
	int64_t extra = extra_ns(schedule, answer);
	use_point(schedule, answer->sent_ns);
	schedule->next_ns = regular_ns(schedule, answer, last, random);
	schedule->is_extra = extra < schedule->next_ns;
	if (schedule->is_extra)
		schedule->next_ns = extra;
	/* Retry-After can only delay a poll, to exactly the moment at which it expires. */
	if (answer->retry_after_ns == 0 || schedule->next_ns >= schedule->put_off_ns)
		return;
	int64_t over = whole_ms(schedule->put_off_ns);
	schedule->next_ns = over <= put_off_until_ns(schedule) ? over : NEVER;
	schedule->is_extra = false;
}

static void keep_time(struct schedule *schedule, const struct schedule_answer *answer)
{
	size_t place = schedule->answers++ % SCHEDULE_ROUNDS_KEPT;
	schedule->took_ns[place] = answer->at_ns - answer->sent_ns;
	schedule->chain_took_ns[place] = answer->chain_took_ns;
}

/* When the run's last poll is due. The time that this answer took changes it, unless it was due already. */
static int64_t take_time(struct schedule *schedule, const struct schedule_answer *answer)
{
	bool was_due = schedule->is_last_due || answer->at_ns >= schedule->last_ns;
	if (!answer->again)
		keep_time(schedule, answer);
	if (!was_due)
		schedule->last_ns = last_poll_ns(schedule);
	schedule->is_last_due = answer->at_ns >= schedule->last_ns;
	return schedule->last_ns;
}

void schedule_answered(struct schedule *schedule, const struct schedule_answer *answer, uint32_t random)
{
	if (!schedule->is_last_due)
		schedule->last_ns = last_poll_ns(schedule);
	schedule->sent_ns = answer->sent_ns;
	schedule->misses = answer->again ? schedule->misses + 1 : 0;
	schedule->put_off_ns = answer->retry_after_ns ? time_add(answer->at_ns, answer->retry_after_ns) : 0;
	if (schedule->deadline_ns == 0) {
		schedule->next_ns = NEVER;
	} else if (answer->sent_ns >= schedule->last_ns) { /* that was the last poll */
		schedule->next_ns = retry_last_ns(schedule, answer, random);
	} else {
		plan_next(schedule, answer, take_time(schedule, answer), random);
	}
}

/* With a shorter reserve there is time for more polls, also if the last one is over. */
static void go_on_to_last(struct schedule *schedule, int64_t now_ns)
{
	int64_t last = last_poll_ns(schedule), allowed = whole_ms(schedule->put_off_ns);
	if (last <= now_ns || last <= schedule->last_ns)
		return;
	schedule->last_ns = last;
	schedule->is_last_due = false;
	if (schedule->next_ns != NEVER || allowed > last)
		return;
	int64_t next = grid_after(schedule, now_ns, UINT32_MAX / 2);
	if (next > last)
		next = last;
	schedule->next_ns = next > allowed ? next : allowed;
	schedule->is_extra = false;
}

/* The poll before a target's own deadline was early, too: there is time for another. */
static void go_on_to_extra(struct schedule *schedule, int64_t now_ns)
{
	/* As after a miss: what should have been sent by now isn't any more. */
	const struct schedule_answer latest = {.sent_ns = schedule->sent_ns, .at_ns = now_ns, .again = true};
	int64_t extra = extra_ns(schedule, &latest), allowed = whole_ms(schedule->put_off_ns);
	bool is_running = schedule->next_ns <= now_ns;
	if (extra == NEVER || is_running || allowed > put_off_until_ns(schedule))
		return;
	if (extra < allowed)
		extra = allowed;
	if (extra >= schedule->next_ns)
		return;
	schedule->next_ns = extra;
	schedule->is_extra = true;
}

void schedule_hold(struct schedule *schedule, int64_t held_ns, int64_t held_by_others_ns, int64_t now_ns)
{
	bool is_shorter = held_ns < schedule->held_ns || held_by_others_ns < schedule->held_by_others_ns;
	schedule->held_ns = held_ns;
	schedule->held_by_others_ns = held_by_others_ns;
	if (!is_shorter || schedule->deadline_ns == 0)
		return;
	go_on_to_last(schedule, now_ns);
	go_on_to_extra(schedule, now_ns);
}
