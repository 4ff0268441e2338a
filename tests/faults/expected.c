/* expected.c - see expected.h. */
#include "expected.h"

#include <stdlib.h>

/* A set of exit codes has a bit for each. */
#define MAY(code) (1u << (code))

/* The second target has its own grid. If its fault begins shortly before the first target passes, the second may
 * already have passed, and its next request may be unsent or unanswered. check_pass looks closer. */
static unsigned may_end_at_once(const struct run *run)
{
	return run->policy->targets_other && run->policy->path && run->phase >= PHASE_HOLDING ? MAY(0) : 0;
}

/* A refusal counts at once if no chain of the group has given a list before or in the same round; otherwise the group's
 * next poll confirms it, within a second. */
static unsigned may_end_refused(const struct run *run, bool saw_a_list)
{
	bool is_one_group = run->policy->needs_other && !run->policy->targets_other;
	bool is_main_good = run->policy->path || (run->span == SPAN_ONCE && run->phase == PHASE_FIRST);
	/* If the fault begins between two polls, it may be over before the confirmation. */
	bool is_soon = run->phase == PHASE_REST || run->phase == PHASE_STABLE || run->phase == PHASE_DECIDING ||
		       run->phase == PHASE_DEADLINE || run->phase <= PHASE_FIRST;
	if (!saw_a_list && !(is_one_group && is_main_good))
		return MAY(5);
	switch (run->span) {
	case SPAN_ONCE: return MAY(0);
	case SPAN_WHILE: return is_soon ? MAY(5) : MAY(5) | MAY(0);
	case SPAN_EVER:
	case SPAN_COUNT: break;
	}
	return MAY(5);
}

static unsigned may_end_by_nature(const struct run *run)
{
	bool saw_a_list = run->phase > PHASE_FIRST, is_last = run->phase == PHASE_DEADLINE,
	     is_ever = run->span == SPAN_EVER;
	unsigned late = saw_a_list ? MAY(3) : MAY(5);
	switch (run->fault->nature) {
	case NATURE_TRANSIENT:
		if (is_last && run->span == SPAN_ONCE) /* the last poll is tried again while there is time */
			return MAY(3) | MAY(0);
		return is_last ? late : is_ever ? MAY(5) : MAY(0);
	case NATURE_LATE: return late;
	case NATURE_REFUSED: return may_end_refused(run, saw_a_list);
	case NATURE_ABSENT:
		if (run->phase == PHASE_LOOKUP && !run->policy->path) /* the list of chains is missing, not the chain */
			return MAY(5);
		if (run->policy->path && !run->policy->targets_other) /* a missing baseline, which is unknown */
			return is_ever || is_last ? MAY(3) | MAY(4) : MAY(0);
		return is_last ? MAY(3) : is_ever ? MAY(5) : MAY(0);
	case NATURE_EMPTY:
		if (run->policy->path && !run->policy->targets_other)
			return is_ever || is_last ? MAY(3) | MAY(4) : MAY(0);
		if (is_last || (is_ever && saw_a_list))
			return MAY(3);
		/* Not found, unless the deployment may still be created. */
		return !is_ever ? MAY(0) : run->policy->is_since ? MAY(5) | MAY(3) : MAY(5);
	case NATURE_FINAL: return MAY(5);
	case NATURE_ENDING: return 0; /* its exit codes have no bits here */
	case NATURE_ASLEEP: return late;
	case NATURE_HARMLESS: return MAY(0);
	}
	return 0;
}

struct need need_of(const struct policy_row *policy)
{
	return (struct need){ACTIVE_MS, STABLE_FOR_MS, policy->hold_ms, policy->is_during};
}

/* A baseline only needs to exist. */
static struct need other_need_of(const struct policy_row *policy)
{
	return policy->targets_other ? (struct need){0, STABLE_FOR_MS, policy->hold_ms, false}
				     : (struct need){0, 0, 0, false};
}

/* A pass is right if the answers at its moment were true, and enough true answers came before it. */
void check_pass(const char *directory, const struct run *run, int64_t at_ms, struct complaints *complaints)
{
	static struct requests requests;
	char *log = read_whole(directory, FILE_LOG, NULL);
	int64_t sent_ms = at_ms - LATENCY_MS + 1; /* times in the log are rounded down */
	if (!log || !requests_read(log, MAIN_CHAIN, run->fault->nature, &requests) ||
	    !may_pass_at(&requests, sent_ms, need_of(run->policy)))
		complain(complaints, "IT PASSED, which it shouldn't");
	struct need other = other_need_of(run->policy);
	if (log && run->policy->needs_other &&
	    (!requests_read(log, OTHER_CHAIN, run->fault->nature, &requests) ||
	     !may_pass_at(&requests, sent_ms, other)))
		complain(complaints, "IT PASSED without the other chain");
	free(log);
}

bool may_end(const struct run *run, int code)
{
	if (run->fault->nature == NATURE_ENDING)
		return code == run->fault->exit;
	return code >= 0 && code < 32 && ((may_end_by_nature(run) | may_end_at_once(run)) & MAY(code));
}
