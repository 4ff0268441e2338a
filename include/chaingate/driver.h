/* driver.h - decides which chain to ask and when, and in which order the gate sees the answers.
 *
 * "Chain" here is whatever is asked for with one request: a list of the deployments of a chain or a model, or one
 * environment of either.
 *
 * A live run, a replay and a policy test each use a driver, so that the same story gets the same verdict in all three.
 * It is pure: time is an argument, and it never waits. All times are since the run's start, on a clock that never goes
 * back; `now_ns` never does either.
 *
 * The chains that a target needs (its own and its baseline's) form a group; two groups that share a chain are joined. A
 * group has one schedule, and all its chains are asked in one round. When the last chain of a round has answered, every
 * target of the group sees the round. A moment is settled only when a later one has come, so that everything observed
 * at the moment counts before the run can end.
 *
 *	while ((step = driver_next(driver, now)).action != DRIVER_DONE)
 *		DRIVER_ASK:  ask the chain; give the answer to driver_answered, now or later
 *		DRIVER_WAIT: wait until step.until_ns or an answer; if no answer came, driver_pass(driver, now)
 *
 * No function here fails: if memory runs out, the program ends (arena.h). A chain's index must be less than the
 * count of driver_chains. Once the gate is done, answers, driver_pass, driver_interrupt and driver_run_out change no
 * verdict.
 */
#ifndef CHAINGATE_DRIVER_H
#define CHAINGATE_DRIVER_H

#include "chaingate/gate.h"

struct driver;

/* DRIVER_LIVE: polls are jittered; transient misses, unconfirmed refusals and a missed last poll are retried with
 * backoff; and the reserve before the deadline adapts to how slow the answers are. */
enum driver_pace { DRIVER_EXACT, DRIVER_LIVE };

/* The plan, and everything it refers to, must outlive the driver. */
struct driver *driver_new(const struct gate_plan *, enum driver_pace);
void driver_free(struct driver *); /* NULL: nothing */

/* At most `per_second` (at least 1) requests start in any second, in the order in which they were asked for. So if all
 * chains are asked at once, the last of them is sent seconds later: the polls before a deadline are due earlier by
 * that. Chains that are decided don't count. Call it before the first driver_next. Without it, every request is sent at once. */
void driver_limit_rate(struct driver *, size_t per_second);

/* Lives as long as the driver. */
struct gate *driver_gate(const struct driver *);

/* What the driver knows of one chain. */
struct driver_chain {
	enum target_kind kind;
	struct text
		wanted; /* id or name, as the plan has it. No two have the same kind, `wanted`, `is_id` and `environment`; but
			     * a chain that the plan has by its id and by its name is two chains here */
	bool is_id;              /* `wanted` is an id, out of a URL, and never a name */
	struct text environment; /* ask for this environment of it; empty: for its list of deployments */
	struct text known_id;    /* the plan knows its id, so it needs no look-up; else empty */
	size_t group;            /* equal for chains of one group; no index of anything */
	/* All that may be selected from its list: by its targets, as their baseline too (which may be in the same
	 * chain, named in another way), and as the baseline of targets of other chains. */
	const struct selector *const *selectors;
	size_t selector_count;
	struct text chain_id; /* of the last answer: empty if that didn't know it */
	int64_t at_ns;        /* when it last answered. A target sees its own chain as of this moment, even if its
			       * baseline's chain answers later */
	const struct listing *listing; /* of the last answer; NULL: a miss */
	struct miss miss;              /* without a listing. Its detail lives until the chain's next answer */
	bool is_fresh;                 /* it has answered in the current round */
};
/* The array lives as long as the driver; driver_answered changes its items. An item's index is the `chain` of every
 * function here. Before its first answer a chain is a miss at 0. */
const struct driver_chain *driver_chains(const struct driver *, size_t *count);

enum driver_action { DRIVER_DONE, DRIVER_ASK, DRIVER_WAIT };

struct driver_step {
	enum driver_action action;
	size_t chain;     /* with DRIVER_ASK: ask it now; it isn't named again in this round, which doesn't end until
			   * it has answered */
	int64_t until_ns; /* with DRIVER_WAIT: call driver_pass at this time if no answer came. It may have passed
			   * already, if a step took long */
};
struct driver_step driver_next(struct driver *, int64_t now_ns);

struct driver_answer {
	/* When it was asked for and complete. Answers may come in another order than their times. If at_ns is before a
	 * deadline that was already applied, the answer counts as coming just after it; if a round would be over
	 * before the last one was, it is over at the same moment. */
	int64_t sent_ns, at_ns;
	struct text chain_id;          /* copied; empty: not known */
	const struct listing *listing; /* NULL: a miss. Must live until the chain's next answer */
	struct miss miss;              /* copied, with its detail; ignored with a listing */
	bool has_clock; /* clock_offset_ns, the API's clock minus this machine's, is known: it is at least that, at most
			 * clock_slack_ns more. If it changes, the answers before were old, and every target begins
			 * again */
	int64_t clock_offset_ns, clock_slack_ns;
};

/* Returns true if this was the last answer of a round: the gate has now seen the round. `random` is any 32 random bits;
 * DRIVER_EXACT ignores them. A second answer of a chain in the same round replaces its first. An answer that wasn't
 * asked for begins a round: then driver_next doesn't name the group's chains, but the round still needs an answer of
 * each (a replay gives all answers so). */
bool driver_answered(struct driver *, size_t chain, const struct driver_answer *, uint32_t random);

/* Tells the driver that no answer from before `now_ns` will come: settles earlier moments, and applies earlier
 * deadlines. */
void driver_pass(struct driver *, int64_t now_ns);

/* End the run early. Everything observed so far counts first. driver_interrupt then applies the deadlines before
 * `at_ns`, and gives every target without a verdict VERDICT_INTERRUPTED. driver_run_out applies the deadlines up to and
 * including `at_ns`, and gives every target without a verdict VERDICT_UNDECIDED, because the recording ends there. */
void driver_interrupt(struct driver *, int64_t at_ns, int signal_number);
void driver_run_out(struct driver *, int64_t at_ns);

/* When the group of the target's chain is due next; while a round runs, when that round was due. INT64_MAX: never
 * again. */
int64_t driver_next_poll_ns(const struct driver *, size_t target);

#endif
