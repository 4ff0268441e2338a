/* outcome.h - what a gate tells about itself: what happened, what it waits for, what it came to.
 *
 * All of it is data, for whoever prints it; times are in nanoseconds since the run's start.
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

/* What a rule was found to be on one snapshot. Zero is open. */
enum rule_finding {
	FINDING_OPEN,     /* not known */
	FINDING_HOLDS,    /* an assert that is true, a never that is false */
	FINDING_VIOLATED, /* the other way round */
	FINDING_SKIPPED,  /* its `when` is false, or if_missing says so */
};

/* ---- what happened ---------------------------------------------------------------------------------------------- */

enum gate_event_kind {
	EVENT_SELECTED, /* other deployments are selected: `to` lists the ids, empty for none */
	EVENT_STATUS, /* a chainlet's, or (chainlet empty) a deployment's, status went `from` → `to`; `from` empty: first seen; `to` empty: gone */
	EVENT_MISS,   /* a poll gave no snapshot */
	EVENT_RECOVERED,  /* the first snapshot after misses; `count` of them */
	EVENT_STABLE,     /* T */
	EVENT_MOVED,      /* T was forgotten; `to` says why */
	EVENT_RULE,       /* what an assert gives from T on, or a never that is or was violated, became `finding` */
	EVENT_SUPERSEDED, /* a newer deployment than the one selected by `latest` is listed: `to` is its id */
	EVENT_NOTE,       /* something odd that decides nothing: `to` says what; each note once */
	EVENT_VERDICT,    /* the target's verdict */
};

struct gate_event {
	enum gate_event_kind kind;
	int64_t at_ns;
	size_t target;
	struct text deployment, chainlet;
	struct text from, to;
	const struct policy_rule *rule;
	enum rule_finding finding;
	bool is_final; /* the rule has failed for good */
	struct miss miss;
	size_t count;
	enum verdict verdict;
};

/* One row of what is selected, as last seen: a deployment (chainlet empty), then its chainlets. By deployment id, chainlets in the API's order. */
struct gate_lane {
	struct text deployment, chainlet;
	struct text chainlet_id; /* empty of a deployment */
	enum status status;
	struct text status_word;
	int64_t since_ns;             /* the status has been seen unchanged since then */
	int64_t active_replica_count; /* of chainlets */
	struct optional_integer min_replica;
};

enum gate_waiting {
	WAITING_ANSWER,     /* no snapshot yet */
	WAITING_CHAIN,      /* the chain isn't known yet */
	WAITING_DEPLOYMENT, /* nothing is selected yet */
	WAITING_REST,       /* something is in progress, has no chainlets, no settings, or an unknown status */
	WAITING_STABLE,     /* at rest, not long enough */
	WAITING_RULES,      /* stable; a rule is not satisfied yet */
	WAITING_NOTHING,    /* but for the other targets: passing, or ended */
};

/* ---- results ---------------------------------------------------------------------------------------------------- */

enum gate_reason {
	REASON_NONE,
	REASON_RULES_HOLD,
	REASON_RULE_FAILED,
	REASON_SUPERSEDED, /* by a newer deployment, with on_superseded: fail */
	REASON_DEADLINE,
	REASON_RULES_UNKNOWN,        /* undecided */
	REASON_DEPLOYMENT_NOT_FOUND, /* longer than discover_for */
	REASON_CHAIN_NOT_FOUND,      /* likewise; or 404 throughout unreachable_after */
	REASON_REFUSED,              /* 401, 403 */
	REASON_NO_ANSWER,            /* transient misses throughout unreachable_after */
	REASON_NEVER_ANSWERED,       /* not one snapshot before the deadline */
	REASON_FINAL_MISS,           /* TLS, a redirect, a body over the limit … */
	REASON_INTERRUPTED,
	REASON_RECORDING_ENDED, /* undecided: nobody recorded what came next */
};

enum rule_outcome { RULE_UNKNOWN, RULE_PASS, RULE_FAIL, RULE_SKIPPED };

const char *rule_outcome_name(enum rule_outcome); /* "pass" */

struct rule_result {
	const struct policy_rule *rule;
	bool decides; /* of severity error, or any under strict */
	enum rule_outcome outcome;
	bool judged; /* there was a snapshot with something selected; else nothing below means anything */
	const struct rule
		*about; /* what the evidence is of: its expression, or its `when` where that is false or unknown */
	enum rule_finding finding; /* what it was on the last such snapshot, stable or not … */
	enum truth last;           /* … and the value of `about`, with if_empty and if_missing applied */
	int64_t last_at_ns;        /* when that was, or the failure */
	int64_t since_ns;          /* `last` has been so since then */
	bool has_held;             /* ever, and … */
	int64_t held_at_ns;        /* … when last */
	size_t poll;               /* the number of that poll, from 1 */
	struct evidence evidence;  /* of the failure, else of the last snapshot */
};

/* The snapshots that decided, or would have: from the first of the run that T ended, else of the run at rest that goes on, to the last.
 * `{0}`: it isn't at rest. */
struct gate_stretch {
	int64_t since_ns;     /* its first snapshot … */
	int64_t until_ns;     /* … and the last */
	int64_t watched_ns;   /* how much of the time between them counts: what nobody watched doesn't */
	size_t polls, misses; /* also those after the last snapshot; polls 0: there is none */
};

struct target_result {
	const struct gate_target *target;
	const struct policy_wait *wait; /* the plan's */
	struct selector
		selector;     /* the target's; a relative `since` by the API's clock, SINCE_AGO: nothing satisfies it */
	enum verdict verdict; /* VERDICT_NONE while it runs */
	enum gate_reason reason;
	int64_t at_ns;                     /* of the deciding snapshot or miss, or the deadline */
	int64_t deadline_ns;               /* its own */
	struct text superseded_by;         /* with REASON_SUPERSEDED: the newer deployment */
	struct miss miss;                  /* the last or deciding one; cause MISS_NONE: there was none */
	int64_t last_answer_ns;            /* the last answer that wasn't a transient miss; 0: the start */
	struct text chain_id;              /* empty: never known */
	const struct text *deployment_ids; /* selected on the last snapshot, ascending */
	size_t deployment_count;
	struct text
		snapshot; /* that one as canonical text: ids, statuses, settings, instance types; empty where nothing is selected */
	bool was_present; /* there was a snapshot with something selected */
	bool stable;      /* T is set: since stable_at_ns */
	int64_t stable_at_ns;
	enum gate_waiting waiting; /* what for, and since when */
	int64_t waiting_since_ns;
	int64_t stable_after_ns; /* with WAITING_STABLE: how long it must be at rest */
	struct gate_stretch stretch;
	const struct gate_lane *lanes;
	size_t lane_count;
	const struct rule_result *rules; /* target->rule_count of them, in that order */
	size_t polls, misses;
	const int64_t *poll_at_ns; /* when they were answered: of the first GATE_POLLS_KEPT */
};

/* So many polls of a target have their times kept, for timelines: a day of the default interval. */
#define GATE_POLLS_KEPT 8640

struct gate_result {
	enum verdict
		verdict; /* of the run: the first of interrupted, failed, unreachable, timed_out, undecided, passed that any target has */
	int64_t at_ns; /* when the run ended; while it runs, the last observation */
	int signal_number;
	const struct target_result *targets;
	size_t target_count;
	int64_t timeout_ns;
	int64_t start_wall_ns;
};

#endif
