/* gate.h - the machine that decides: observations and time in, verdict out.
 *
 * A gate has no clock and does no I/O. Every time here is in nanoseconds since the start of the run, which is 0; the wall clock
 * enters once, as the moment of that start, and decides nothing but `age`. Live runs, replays and policy tests all show it what they saw
 * through driver.h, which knows when to poll and in what order to show it.
 *
 * Invariants: VERDICT_PASSED is given only to a target whose last observation was a snapshot that itself ended a stable run
 * and on which every rule of severity error was true; nothing but a snapshot makes a rule pass or fail.
 */
#ifndef CHAINGATE_GATE_H
#define CHAINGATE_GATE_H

#include "chaingate/arena.h"
#include "chaingate/deployment.h"
#include "chaingate/miss.h"
#include "chaingate/outcome.h"
#include "chaingate/plan.h"
#include "chaingate/policy.h"
#include "chaingate/rule.h"
#include "chaingate/selection.h"
#include "chaingate/text.h"
#include "chaingate/verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- observations ----------------------------------------------------------------------------------------------- */

struct observation {
	int64_t at_ns;
	const struct listing *listing; /* NULL: a miss. Not needed after gate_observe */
	struct text chain_id;          /* with a listing: the id of the chain that was asked */
	struct miss miss;              /* without one */
	/* Of a target with a baseline: the list of the baseline's chain as it was at the same time, and that chain's id. The same listing where it is
	 * the same chain. NULL: there is no such chain (404); where it couldn't be had for another reason, the whole observation is a miss, because
	 * what wasn't seen must not be taken for missing. */
	const struct listing *baseline_listing;
	struct text baseline_chain_id;
	int64_t baseline_at_ns; /* of that list */
	bool has_listed; /* a chain of the target's group has given a list, in this round or before: a key that is refused now was good */
};

/* ---- life ------------------------------------------------------------------------------------------------------- */

struct gate;

/* The plan, and all that it refers to, must outlive the gate. */
struct gate *gate_new(const struct gate_plan *);
void gate_free(struct gate *);

/* The API's clock is so far ahead of this machine's. The first one counts: for a relative `since`, and for `age`. */
void gate_set_api_clock(struct gate *, int64_t offset_ns);

/* Takes in what a poll gave for one target. A target's times never go back. Ignored for a target that has ended. One that comes after the
 * deadline only brings the deadline: late is never a pass. */
void gate_observe(struct gate *, size_t target, const struct observation *);

/* All observations of this moment are in: a key that was refused ends every target; a timeout of 0 is over when there was an observation; the run
 * ends if every target passes or has another verdict. */
void gate_settle(struct gate *, int64_t at_ns);

/* A deadline has come, a target's own or the run's: whatever isn't decided by it is timed out, undecided or unreachable. Ignored before it. A target
 * that passes at its own deadline is watched until the run ends, and has missed its deadline if it doesn't pass then. */
void gate_deadline(struct gate *, int64_t at_ns);
int64_t gate_deadline_ns(const struct gate *); /* the next that decides something */
int64_t gate_run_deadline_ns(const struct gate *);

/* SIGHUP, SIGINT or SIGTERM: every target that isn't decided is interrupted. */
void gate_interrupt(struct gate *, int64_t at_ns, int signal_number);

/* A recording ends here: whatever isn't decided stays undecided. */
void gate_run_out(struct gate *, int64_t at_ns);

bool gate_done(const struct gate *);
/* Has this target its verdict, so that nothing need be asked for it? */
bool gate_target_done(const struct gate *, size_t target);

/* Has a key been refused that worked before? Then one more poll confirms it, soon. */
bool gate_wants_confirmation(const struct gate *, size_t target);

/* Everything so far, oldest first; what was there stays as it is when more is added, at possibly another place. */
const struct gate_event *gate_events(const struct gate *, size_t *count);

/* As it stands now; valid until the next call that changes the gate. */
const struct gate_result *gate_result(struct gate *);

/* The baseline in a list of its chain's deployments, `chain_id`: the one that matches and isn't itself selected. From the selection of everything of that
 * chain (`is_all`) it is taken out. */
struct baseline gate_baseline_pick(struct arena *, const struct policy_baseline *, const struct listing *,
				   struct text chain_id, bool is_all, struct selection *);

#endif
