/* gate.h - the machine that decides: observations and time in, verdict out.
 *
 * A gate has no clock and does no I/O. Whoever drives it (the live loop, a replay, a test) hands it what each poll gave,
 * and asks whether it is done. Every time here is in nanoseconds since the start of the run, which is 0; the wall clock
 * enters once, as the moment of that start, and decides nothing but `age`.
 *
 * The driver's loop:
 *
 *	while (!gate_done(gate)) {
 *		wait for schedule_next(), poll, gate_observe() for every target of that chain
 *		gate_settle(at)         when all observations of one moment are in
 *		gate_deadline(at)       when gate_deadline_ns() has come
 *	}
 *
 * Invariants: VERDICT_PASSED is given only to a target whose last observation was a snapshot that itself ended a stable run
 * and on which every rule of severity error was true; nothing but a snapshot makes a rule pass or fail.
 */
#ifndef CHAINGATE_GATE_H
#define CHAINGATE_GATE_H

#include "chaingate/arena.h"
#include "chaingate/deployment.h"
#include "chaingate/miss.h"
#include "chaingate/policy.h"
#include "chaingate/rule.h"
#include "chaingate/selection.h"
#include "chaingate/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- verdicts and exit codes ------------------------------------------------------------------------------------ */

/* Zero is no verdict: it exits 70, never 0. */
enum verdict {
	VERDICT_NONE,
	VERDICT_PASSED,
	VERDICT_FAILED,
	VERDICT_TIMED_OUT,
	VERDICT_UNDECIDED,
	VERDICT_UNREACHABLE,
	VERDICT_INTERRUPTED,
	VERDICT_COUNT
};

/* A promise: numbers never change meaning. */
enum gate_exit {
	GATE_EXIT_PASSED = 0,
	GATE_EXIT_FAILED = 1,
	GATE_EXIT_USAGE = 2,
	GATE_EXIT_TIMED_OUT = 3,
	GATE_EXIT_UNDECIDED = 4,
	GATE_EXIT_UNREACHABLE = 5,
	GATE_EXIT_UNREPORTED = 6,
	GATE_EXIT_DEFECT = 70,
	GATE_EXIT_SIGHUP = 129,
	GATE_EXIT_SIGINT = 130,
	GATE_EXIT_SIGTERM = 143,
};

const char *verdict_name(enum verdict); /* "timed_out" */

/* The one place that maps a verdict to a code. `signal_number` matters for VERDICT_INTERRUPTED only. */
enum gate_exit verdict_exit(enum verdict, int signal_number);

/* "SIGTERM"; any number that none of these has: "SIGINT". */
const char *interruption_name(int signal_number);

/* The table for help and documentation: code, name, meaning; in ascending order. */
struct exit_row {
	enum gate_exit code;
	const char *name;
	const char *meaning;
};
const struct exit_row *exit_rows(size_t *count);
const char *exit_name(enum gate_exit); /* "unreported" */

/* ---- the plan --------------------------------------------------------------------------------------------------- */

struct gate_target {
	struct text name;         /* unique; what people call it: "rag/q86yjdy" */
	struct text chain;        /* as asked for: id or name */
	struct selector selector; /* `since` resolved */
	struct policy_wait wait;
	bool fail_on_superseded; /* a newer deployment than the one picked by `latest` is a failure */
	struct policy_baseline baseline;
	int64_t timeout_ns;                     /* its own; 0 or more than the run's: the run's */
	const struct policy_rule *const *rules; /* in the order of the policies */
	size_t rule_count;
};

/* Is the target's baseline, as it was asked for, of the target's own chain? */
bool gate_target_has_own_baseline(const struct gate_target *);

struct gate_plan {
	const struct gate_target *targets;
	size_t target_count;
	int64_t timeout_ns;    /* the whole run; 0: judge one snapshot, with every waiting time taken as 0 */
	int64_t start_wall_ns; /* the run's start by the wall clock */
	bool strict;           /* warnings decide as errors do */
};

/* How long a run with timeout 0 waits for its one answer: the time-out of a request. */
#define GATE_SINGLE_REQUEST_NS (30 * NS_PER_S)

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
};

/* ---- life ------------------------------------------------------------------------------------------------------- */

struct gate;

/* The plan, and all that it refers to, must outlive the gate. */
struct gate *gate_new(const struct gate_plan *);
void gate_free(struct gate *);

/* Takes in what a poll gave for one target. A target's times never go back. Ignored for a target that has ended. One that comes after the
 * deadline only brings the deadline: late is never a pass. */
void gate_observe(struct gate *, size_t target, const struct observation *);

/* All observations of this moment are in: ends the run if every target passes or has another verdict. */
void gate_settle(struct gate *, int64_t at_ns);

/* A deadline has come, a target's own or the run's: whatever isn't decided by it is timed out, undecided or unreachable. Ignored before it. A target
 * that passes at its own deadline is watched until the run ends, and has missed its deadline when it no longer passes. */
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

/* Everything so far, oldest first; what was there stays as it is when more is added, at possibly another place. */
const struct gate_event *gate_events(const struct gate *, size_t *count);

/* One row of what is selected, as last seen: a deployment (chainlet empty), then its chainlets. By deployment id, chainlets in the API's order. */
struct gate_lane {
	struct text deployment, chainlet;
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

struct target_result {
	const struct gate_target *target;
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

/* As it stands now; valid until the next call that changes the gate. */
const struct gate_result *gate_result(struct gate *);

/* The baseline in a list of its chain's deployments, `chain_id`: the one that matches and isn't itself selected. From the selection of everything of that
 * chain (`is_all`) it is taken out. */
struct baseline gate_baseline_pick(struct arena *, const struct policy_baseline *, const struct listing *,
				   struct text chain_id, bool is_all, struct selection *);

/* ---- when to poll ----------------------------------------------------------------------------------------------- */

/* Polls are on a grid: at 0 and each interval, and a last one before the deadline; later after a transient miss or where the
 * server asked to wait. One schedule per chain. */
struct schedule {
	int64_t interval_ns;
	int64_t deadline_ns;
	const int64_t
		*deadlines; /* of single targets, earlier than the run's: there is a last poll before each; or NULL */
	size_t deadline_count;
	bool live;          /* jitter, backoff, and a reserve that follows how slow the answers are */
	int64_t next_ns;    /* INT64_MAX: no more */
	unsigned misses;    /* transient ones in a row */
	int64_t took_ns[5]; /* the last answers' durations, for the reserve */
	size_t answers;
};

/* Least reserve before the deadline, so that the last poll's answer can still be judged. */
#define SCHEDULE_RESERVE_NS NS_PER_S
/* Backoff: 1 s, doubling; at most 30 s or the interval if longer; spread over the whole of it ("full jitter"). */
#define SCHEDULE_BACKOFF_FIRST_NS NS_PER_S
#define SCHEDULE_BACKOFF_MAX_NS (30 * NS_PER_S)
/* … but never less: a server in trouble isn't helped by an immediate retry. */
#define SCHEDULE_BACKOFF_LEAST_NS (100 * NS_PER_MS)
/* Each grid point is moved by up to a tenth of the interval, so that a fleet of jobs doesn't poll in step. */
#define SCHEDULE_JITTER_PARTS 10

/* `timeout_ns` 0: one poll, at 0. */
struct schedule schedule_make(int64_t interval_ns, int64_t timeout_ns, bool live);

/* When to poll next; INT64_MAX: not again. */
int64_t schedule_next(const struct schedule *);

/* A poll that was sent at `sent_ns` came back at `at_ns`. `again`: it was a transient miss, or one that wants confirmation. `random` is any
 * 32 random bits. */
void schedule_answered(struct schedule *, int64_t sent_ns, int64_t at_ns, bool again, int64_t retry_after_ns,
		       uint32_t random);

#endif
