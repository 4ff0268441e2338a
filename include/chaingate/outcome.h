/* outcome.h - a gate's output: events, current state, results.
 *
 * Everything here is data for the code that prints it. Moments are nanoseconds since the run's start, except
 * start_wall_ns (wall clock); watched_ns, stable_after_ns and timeout_ns are durations. T is the moment at which a
 * target became stable; it isn't set before, and is reset when something moves.
 */
#ifndef CHAINGATE_OUTCOME_H
#define CHAINGATE_OUTCOME_H

#include "chaingate/miss.h"
#include "chaingate/plan.h"
#include "chaingate/rule.h"
#include "chaingate/status.h"
#include "chaingate/verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The result of a rule on one snapshot. Zero is open. */
enum rule_finding {
	FINDING_OPEN,     /* not known */
	FINDING_HOLDS,    /* an assert that is true, a never that is false */
	FINDING_VIOLATED, /* an assert that is false, a never that is true */
	FINDING_SKIPPED,  /* its `when` is false, or a counterpart is missing and if_missing is skip */
};

/* ---- what happened ---------------------------------------------------------------------------------------------- */

/* An event sets kind, at_ns, target, and the fields that its kind names below; the others are zero. Its texts live as
 * long as the gate. */

enum gate_event_kind {
	EVENT_SELECTED,   /* other deployments are selected now: `to` lists their `count` ids. If nothing is selected,
			   * `to` is empty, and `listed` says what the list has instead (empty: there is no list); the
			   * event comes again when the list has something else instead */
	EVENT_STATUS,     /* the status of a `chainlet` of a `deployment`, or (chainlet empty) of the deployment
			   * itself, changed: `from` → `to`. `from` empty: first seen; `to` empty: gone */
	EVENT_MISS,       /* a poll gave no snapshot, because of `miss`; it is the target's `count`th miss in a row */
	EVENT_RECOVERED,  /* the first snapshot after `count` misses */
	EVENT_STABLE,     /* the target is stable: T is set */
	EVENT_MOVED,      /* T was reset; `to` says why */
	EVENT_RULE,       /* the finding of the `rule` changed to `finding`, or its failure became final. Before T only
			   * for a failure, and for a never that is or was violated */
	EVENT_SUPERSEDED, /* with `latest`: a newer one than the selected `deployment` is listed; `to` is its id */
	EVENT_NOTE,       /* something odd that doesn't affect the verdict; `to` says what. Each note is given once */
	EVENT_VERDICT,    /* the target has its `verdict` */
};

struct gate_event {
	enum gate_event_kind kind;
	int64_t at_ns;
	size_t target; /* its index in the plan */
	struct text deployment, chainlet;
	struct text from, to, listed;
	const struct policy_rule *rule;
	enum rule_finding finding;
	bool is_final; /* the rule has failed for good */
	struct miss miss;
	size_t count;
	enum verdict verdict;
};

/* One row of the selected deployments as last seen: a deployment (chainlet empty), then its chainlets. Sorted by
 * deployment id; chainlets in the API's order. */
struct gate_lane {
	struct text deployment, chainlet;
	struct text chainlet_id; /* empty for a deployment */
	enum status status;
	struct text status_word;
	int64_t since_ns;             /* the status has been seen unchanged since then */
	int64_t active_replica_count; /* of chainlets */
	struct optional_integer min_replica;
};

enum gate_waiting {
	WAITING_ANSWER,      /* no snapshot yet; or every rule held on the last one, but a miss came after it */
	WAITING_CHAIN,       /* the API doesn't know the chain yet, or no longer */
	WAITING_ENVIRONMENT, /* the chain doesn't have the target's environment yet, or no longer; only with a role */
	WAITING_PROMOTION,   /* a promotion is running, and a deployment is expected */
	WAITING_DEPLOYMENT,  /* nothing is selected */
	WAITING_REST,        /* something is in progress, has no chainlets, no settings, or an unknown status */
	WAITING_STABLE,      /* at rest, but not for long enough */
	WAITING_RULES,       /* stable; a rule is not satisfied yet */
	WAITING_NOTHING,     /* it passes or has passed; the run waits only for other targets. A target that ended
			      * otherwise keeps what it was waiting for at its end */
};

/* ---- results ---------------------------------------------------------------------------------------------------- */

/* A result and all that it points to live until the next call that changes the gate or asks it for a result (gate.h);
 * the plan's parts live as long as the plan. */

enum gate_reason {
	REASON_NONE,
	REASON_RULES_HOLD,
	REASON_RULE_FAILED,
	REASON_SUPERSEDED,      /* by a newer deployment, with on_superseded: fail */
	REASON_UNEXPECTED,      /* the environment serves another deployment than the expected one, for longer than
			    * discover_for */
	REASON_PROMOTION_ENDED, /* the promotion of the candidate has failed or was cancelled */
	REASON_DEADLINE,
	REASON_RULES_UNKNOWN,         /* undecided */
	REASON_DEPLOYMENT_NOT_FOUND,  /* longer than discover_for */
	REASON_CHAIN_NOT_FOUND,       /* longer than discover_for; or, once something was selected, only 404s for
				      * unreachable_after */
	REASON_ENVIRONMENT_NOT_FOUND, /* for as long as for REASON_CHAIN_NOT_FOUND; only with a role */
	REASON_REFUSED,               /* 401, 403 */
	REASON_NO_ANSWER,             /* transient misses throughout unreachable_after */
	REASON_NEVER_ANSWERED,        /* not one snapshot before the deadline */
	REASON_FINAL_MISS,            /* TLS, a redirect, a body over the limit … */
	REASON_INTERRUPTED,
	REASON_RECORDING_ENDED, /* undecided, because the recording ends before the decision */
};

/* RULE_FAIL: it has failed for good. RULE_PASS: it was satisfied on the last snapshot, from T on, for its `hold` or
 * `during`. RULE_SKIPPED: it was skipped when it was last judged (an assert: after T). RULE_UNKNOWN: none of these; its
 * finding may be known all the same, as an assert's before T. */
enum rule_outcome { RULE_UNKNOWN, RULE_PASS, RULE_FAIL, RULE_SKIPPED };

const char *rule_outcome_name(enum rule_outcome); /* "pass" */

struct rule_result {
	const struct policy_rule *rule;
	bool decides; /* its severity is error, or the run is strict */
	enum rule_outcome outcome;
	bool judged; /* there was a snapshot with something selected, for a never also with a chainlet; if not, `about`
		      * is the rule's expression, and the fields below it are meaningless */
	const struct rule
		*about; /* what the evidence is about: the rule's expression, or its `when` if that is false or
			 * unknown */
	enum rule_finding finding; /* on the last such snapshot, stable or not */
	enum truth last;           /* the value of `about` on it, after if_empty and if_missing */
	int64_t last_at_ns;        /* when that snapshot was answered, or when the rule failed */
	int64_t since_ns;          /* `last` and `about` have had these values since then */
	bool has_held;             /* it has held at least once */
	int64_t held_at_ns;        /* when it last held */
	size_t poll;               /* the number of the last judged snapshot's poll, from 1 */
	struct evidence evidence;  /* of the failure, else of the last snapshot */
	struct text
		told; /* the sentence about the rule, if there is no evidence because the result was read from a report;
			   * empty: make it from the evidence */
};

/* The snapshots that decided or would have decided. A stretch is an unbroken row of equal snapshots at rest. If T is
 * set: from the beginning of the stretch that set it to the last snapshot. If not: the current stretch; `{0}`: there is
 * none, because the target isn't at rest. */
struct gate_stretch {
	int64_t since_ns;     /* when the first snapshot was answered */
	int64_t until_ns;     /* when the last was answered */
	int64_t watched_ns;   /* how much of the time between them counts: not the gaps in which nobody watched */
	size_t polls, misses; /* all since the first snapshot, also misses after the last one; `polls` includes
			       * `misses`. polls 0: there is no stretch */
};

struct target_result {
	const struct gate_target *target;
	/* The times in effect: the plan's, but stable_for and stable_for_status are 0 if the target is looked at once. The
	 * timeout is the run's. */
	const struct policy_wait *wait;
	struct selector
		selector;     /* the target's, with a relative `since` moved to the API's clock. SINCE_AGO: one of the
			       * clocks is wrong, so nothing satisfies it */
	enum verdict verdict; /* VERDICT_NONE while the run goes on */
	enum gate_reason reason;
	int64_t at_ns;                     /* when the deciding snapshot or miss was answered, or the deadline or signal
					    * came; without a verdict yet: the last observation */
	int64_t deadline_ns;               /* the target's own */
	struct text superseded_by;         /* with `latest`: the newer deployment (EVENT_SUPERSEDED); empty: none */
	struct miss miss;                  /* the last one, or the one that decided; cause MISS_NONE: there was none */
	int64_t last_answer_ns;            /* when the last snapshot, refusal or 404 came, from which unreachable_after
					    * counts; 0: none has come. No other miss sets it */
	struct text chain_id;              /* empty: never known */
	const struct text *deployment_ids; /* selected on the last snapshot, ascending; none if the chain or environment
					    * wasn't found since then */
	size_t deployment_count;
	struct text current, candidate; /* with a role: ids of the environment's deployments in the last answer; empty:
					 * none, or not known */
	struct text
		promotion; /* of a model's promotion that is running: "RAMPING_UP, 25% of the traffic"; else empty */
	struct text
		ended; /* the candidate whose promotion has failed or was cancelled: "q86yjdy (FAILED): no capacity" */
	struct text listed;   /* if nothing is selected: what the last list has instead (listed.h); else empty */
	struct text snapshot; /* the last snapshot as canonical text: ids, statuses, settings, instance types; empty if
			       * there are no deployment_ids, or if it would be longer than BUF_LIMIT_REPORT */
	bool was_present;     /* there was a snapshot with something selected */
	bool stable;          /* T is set: stable since stable_at_ns */
	int64_t stable_at_ns;
	enum gate_waiting waiting; /* what it waits for; since when: waiting_since_ns */
	int64_t waiting_since_ns;
	int64_t stable_after_ns; /* with WAITING_STABLE: how long it must be at rest in all */
	struct gate_stretch stretch;
	const struct gate_lane *lanes;
	size_t lane_count;
	const struct rule_result *rules; /* target->rule_count of them, in that order */
	size_t polls, misses;            /* polls include the misses */
	const int64_t *poll_at_ns;       /* when each poll was answered: only the first GATE_POLLS_KEPT */
	struct text told, told_remedy;   /* why, and what to do, if the result was read from a report; empty: say it */
};

/* How many polls of a target keep their times, for timelines: a day at the default interval. */
#define GATE_POLLS_KEPT 8640

struct gate_result {
	/* VERDICT_NONE while the run goes on; then the first of interrupted, failed, unreachable, timed_out, undecided,
	 * passed that any target has. */
	enum verdict verdict;
	int64_t at_ns;     /* when the run ended; while it runs, the last observation */
	int signal_number; /* 0: no signal ended the run */
	const struct target_result *targets;
	size_t target_count;
	int64_t timeout_ns;
	int64_t start_wall_ns;
};

#endif
