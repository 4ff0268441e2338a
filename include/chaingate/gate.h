/* gate.h - takes observations and time, gives the verdict.
 *
 * A gate has no clock and does no I/O. All times here are nanoseconds since the start of the run, which is 0. The wall
 * clock is given once, for that start; of the rules, only `age` depends on it. Live runs, replays and policy tests all
 * use a gate through driver.h, which decides when to poll and in which order the gate sees the answers.
 *
 * Invariants: a target gets VERDICT_PASSED only if its last observation was a snapshot at the end of a stable stretch,
 * on which every rule of severity error was satisfied or skipped, and at least one was satisfied. Only a snapshot makes
 * a rule pass or fail.
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
	const struct listing *listing; /* NULL: a miss. Neither it nor the texts below are kept after gate_observe */
	struct text chain_id;          /* with a listing: the id of the chain that was asked */
	struct miss miss;              /* without a listing */
	/* For a target with a baseline: the answer in which the baseline is looked for, and the id of its chain. It is
	 * `listing` itself if both are one answer. NULL: there is no such chain or environment (404). If there is no
	 * answer for another reason, the whole observation is a miss: a deployment that wasn't seen must not count as
	 * missing. */
	const struct listing *baseline_listing;
	struct text baseline_chain_id;
	struct text baseline_absence; /* if there is no such chain: why, in the words of its miss; may be empty */
	int64_t baseline_at_ns;       /* when that list was answered */
	const struct listing
		*own_listing; /* for a miss: the list of the target's own chain, if only the baseline's chain gave no
					    * answer. No rule is judged on it; it may show that a clock is wrong */
	bool is_confirmed; /* for a refused key. True: the refusal is final, because no chain of the target's group has
			    * ever given a list, or because one had already refused the key and hasn't answered since.
			    * False: the target waits for the next poll */
};

/* ---- life ------------------------------------------------------------------------------------------------------- */

struct gate;

/* The plan, and everything it refers to, must outlive the gate. */
struct gate *gate_new(const struct gate_plan *);
void gate_free(struct gate *);

/* Sets how far the API's clock is ahead of this machine's, for a relative `since` and for `age`: by at least `offset_ns`, and
 * at most `slack_ns` more. A relative `since` lets in only what is recent enough by either clock, and a rule with `age` is
 * unknown as long as the two disagree. A call with other values than before says that the answers before were old: every
 * target that has no verdict begins again. */
void gate_set_api_clock(struct gate *, int64_t offset_ns, int64_t slack_ns);

/* Takes the result of a poll for one target. A target's times never go back. Ignored if the target has ended. An
 * observation after the deadline does nothing but apply the deadline: a late answer is never a pass. */
void gate_observe(struct gate *, size_t target, const struct observation *);

/* All observations of this moment have been given. If a key was refused, every target ends. A target with a timeout of
 * 0 ends once it has been observed. The run ends if every target passes or has another verdict. A pass counts only while the
 * target's last snapshot is no older than what stability allows between two (3.5 intervals, at least 35 s). */
void gate_settle(struct gate *, int64_t at_ns);

/* A deadline has come, a target's own or the run's. Every target without a verdict becomes timed out, undecided or
 * unreachable. Ignored if `at_ns` is before the deadline. A target that passes at its own deadline is watched until the
 * run ends; if it doesn't pass then, it has missed its deadline. */
void gate_deadline(struct gate *, int64_t at_ns);
int64_t gate_deadline_ns(const struct gate *); /* the next one that decides something */
int64_t gate_run_deadline_ns(const struct gate *);

/* A SIGHUP, SIGINT or SIGTERM came: every target without a verdict is interrupted. */
void gate_interrupt(struct gate *, int64_t at_ns, int signal_number);

/* The recording ends here: every target that has no verdict becomes undecided. */
void gate_run_out(struct gate *, int64_t at_ns);

bool gate_done(const struct gate *);
/* True if the target has its verdict, so nothing more needs to be asked for it. */
bool gate_target_done(const struct gate *, size_t target);

/* All events so far, in the order in which they were seen: each target's by their times, but a pass has the time of its
 * deciding snapshot, and comes when the run ends. Later calls may move the array, but don't change the events in it. */
const struct gate_event *gate_events(const struct gate *, size_t *count);

/* The current state; valid until the next call that changes the gate, or the next call of either function. The second
 * returns one target's state; its cost doesn't depend on the number of targets. */
const struct gate_result *gate_result(struct gate *);
const struct target_result *gate_target_result(struct gate *, size_t target);

/* ---- without time ----------------------------------------------------------------------------------------------- */

/* The result of a policy's rule on one view, with `when`, if_empty and if_missing applied. `about` is the expression
 * that decided (the rule's, or its `when`), `truth` its value. `evidence` may be NULL; its texts are in the arena. */
struct rule_judged {
	enum rule_finding finding;
	enum truth truth;
	const struct rule *about;
};

struct rule_judged rule_judge_once(const struct policy_rule *, const struct view *, struct arena *,
				   struct evidence *evidence);

/* Picks the baseline from `listing`, the list of its chain `chain_id`: the deployment that matches and isn't itself
 * selected. If the selection is all deployments of that chain (`is_all`), every deployment that matches is removed from
 * the selection, also if several do and there is no baseline. */
struct baseline gate_baseline_pick(struct arena *, const struct policy_baseline *, const struct listing *,
				   struct text chain_id, bool is_all, struct selection *);

#endif
