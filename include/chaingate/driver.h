/* driver.h - shows a gate what its chains said: whom to ask, when, and in which order the gate sees it.
 *
 * A live run, a replay and a policy test each feed one of these, so that one story has one verdict wherever it is told. It is pure: time is an
 * argument, and it never waits. The chains that a target needs, its own and its baseline's, are a group, joined where two targets share one; a
 * group has one schedule and is asked in one round. When the last chain of a round has answered, every target of the group sees it. A moment
 * is settled when a later one has come: all that was observed at it counts before the run can end.
 *
 *	while ((step = driver_next(driver, now)).action != DRIVER_DONE)
 *		DRIVER_ASK:  ask the chain; give what comes back to driver_answered, now or later
 *		DRIVER_WAIT: wait until step.until_ns or an answer; if there was none, driver_pass(driver, now)
 */
#ifndef CHAINGATE_DRIVER_H
#define CHAINGATE_DRIVER_H

#include "chaingate/gate.h"

struct driver;

/* Live, polls are jittered, misses retried with backoff, and the reserve follows how slow the answers are. */
enum driver_pace { DRIVER_EXACT, DRIVER_LIVE };

/* The plan, and all that it refers to, must outlive the driver. */
struct driver *driver_new(const struct gate_plan *, enum driver_pace);
void driver_free(struct driver *);

/* Lives as long as the driver. */
struct gate *driver_gate(const struct driver *);

/* What is known of one chain. */
struct driver_chain {
	struct text wanted; /* id or name, as the plan has it */
	size_t group;
	const struct selector *const
		*selectors; /* what its targets, and those it is the baseline of, select from its list */
	size_t selector_count;
	struct text chain_id; /* empty until it is known */
	int64_t at_ns; /* when it answered last: what a target sees of its own chain is of that moment, however late a baseline's chain answers */
	const struct listing *listing; /* what the last answer said; NULL: a miss */
	struct miss miss;
	bool is_fresh; /* it has answered in the round that isn't over yet */
};
const struct driver_chain *driver_chains(const struct driver *, size_t *count);

enum driver_action { DRIVER_DONE, DRIVER_ASK, DRIVER_WAIT };

struct driver_step {
	enum driver_action action;
	size_t chain;     /* with DRIVER_ASK: it is on its way from now on */
	int64_t until_ns; /* with DRIVER_WAIT: something is to be done then, even if no answer comes */
};
struct driver_step driver_next(struct driver *, int64_t now_ns);

struct driver_answer {
	int64_t sent_ns, at_ns; /* a later answer may come first; one from before a deadline that has passed is late */
	struct text chain_id;   /* empty: not known */
	const struct listing *listing; /* NULL: a miss. It must live until the chain's next answer */
	struct miss miss;              /* copied */
	bool has_clock; /* it is known how far the API's clock is ahead of this machine's; the first that has it counts for the run */
	int64_t clock_offset_ns;
};

/* True when that was the last of a round, which the gate has now seen. `random` is any 32 random bits. */
bool driver_answered(struct driver *, size_t chain, const struct driver_answer *, uint32_t random);

/* Nothing more comes from before `now_ns`: earlier moments are settled, earlier deadlines have passed. */
void driver_pass(struct driver *, int64_t now_ns);

/* What was observed before counts; then every target that isn't decided is interrupted, or left undecided because nobody recorded what came next. */
void driver_interrupt(struct driver *, int64_t at_ns, int signal_number);
void driver_run_out(struct driver *, int64_t at_ns);

/* When the target's chain is asked next; INT64_MAX: not again. */
int64_t driver_next_poll_ns(const struct driver *, size_t target);

#endif
