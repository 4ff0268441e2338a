/* watch.h - the machine of one target: what the gate room's files share.
 *
 * gate.c owns the watches and combines them; watch.c takes observations in; stability.c says what at rest and the same
 * mean; rules.c judges rules in time; waiting.c says what is missing.
 */
#ifndef CHAINGATE_GATE_WATCH_H
#define CHAINGATE_GATE_WATCH_H

#include "chaingate/gate.h"

/* No such moment: every time of a run is 0 or later. */
#define NO_TIME INT64_C(-1)

struct event_log {
	struct arena arena;
	struct gate_event *events;
	size_t count, capacity;
};

struct rule_state {
	bool decides;     /* of severity error, or any under strict */
	bool failed;      /* finally */
	bool satisfied;   /* at the last snapshot, from T on */
	bool skipped;     /* at the last snapshot; of an assert from T on … */
	bool was_skipped; /* … and when it was last judged so, whatever came since */
	bool is_hopeless; /* under fail_fast: false whatever the rest turns out to be, on this snapshot */
	bool is_announced;
	enum rule_finding announced; /* what EVENT_RULE said last */
	int64_t violated_since_ns;   /* the first snapshot of the stretch; NO_TIME: there is none */
	int64_t held_since_ns; /* of an assert, in watched time: the first of the unbroken row on which it held, from T on */
	struct rule_result result;
	struct arena evidence; /* of the failure, else of the last snapshot */
};

/* What was seen on one snapshot, as a value: it can be compared with the next. Everything lives in the turn's arena. Zero: nothing is selected. */
struct seen {
	const struct text *ids; /* ascending */
	size_t id_count;
	const struct gate_lane *lanes;
	size_t lane_count;
	bool at_rest;
	bool has_failed; /* a selected deployment or chainlet has a failed status */
	const struct gate_lane
		*mover;        /* the first that is in progress other than WAKING_UP, or an unknown word; NULL: none */
	int64_t stable_for_ns; /* how long it must stay so */
	struct text state;     /* canonical: ids, statuses, chainlets, settings, instance types */
	struct text identity;  /* the same without statuses */
};

struct watch {
	size_t index;
	const struct gate_plan *plan;
	const struct gate_target *target;
	struct selector selector; /* the target's; a relative `since` by the API's clock */
	bool has_clock, is_clock_noted;
	int64_t clock_offset_ns; /* so far the API's clock is ahead */
	struct policy_wait wait; /* the plan's; of a run with timeout 0, with waiting times of 0 */
	struct event_log *log;
	struct arena memory; /* what lives as long as the watch */

	enum verdict verdict;
	enum gate_reason reason;
	int64_t at_ns;       /* of the verdict, else of the last observation */
	bool passing;        /* on the last observation, which was a snapshot */
	int64_t deadline_ns; /* its own; the run's at most */
	bool is_single;      /* its timeout is 0: one observation is all */
	bool is_overdue;     /* it passed when its deadline came, and is watched until the run ends */

	size_t polls, misses, misses_in_row;
	int64_t *poll_at_ns; /* of the first GATE_POLLS_KEPT */
	size_t poll_capacity;
	struct miss miss; /* the last */
	int64_t last_answer_ns;
	bool refused; /* once, after a good snapshot: the next poll confirms it */

	int64_t absent_since_ns;       /* first observation of absence; NO_TIME once present */
	int64_t chain_absent_since_ns; /* first 404 of an unbroken row; NO_TIME: the last answer was none */
	bool had_snapshot, was_present;
	struct text chain_id;
	struct text pinned;     /* by `latest`; empty: nothing yet … */
	int64_t pinned_wall_ns; /* … and when it was created */
	struct text superseded; /* the newer id that was reported last */
	struct text *notes;     /* given already */
	size_t note_count, note_capacity;

	struct arena turns[2]; /* the last snapshot and the one before it */
	size_t turn;
	struct status_history history;
	struct status_history baseline_history; /* where the baseline is of another chain */
	struct seen seen;                       /* on the last snapshot */

	int64_t nothing_since_ns; /* nothing has been selected since; NO_TIME: something is */
	int64_t snapshot_ns;      /* of the last snapshot with something selected */
	bool after_hole;          /* nobody saw what happened before it */
	/* Watched time runs from snapshot to snapshot, and by no more than somebody may have looked away between two. */
	int64_t watched_ns;
	struct run_at_rest {
		int64_t since_ns; /* its first snapshot; NO_TIME: the last one isn't at rest */
		int64_t since_watched_ns;
		size_t first_poll, misses_before;
	} run;                       /* the unbroken one that goes on … */
	struct run_at_rest deciding; /* … and the one that T ended */
	int64_t stable_at_ns;        /* T */
	int64_t stable_watched_ns;

	struct rule_state *rules;
	size_t rule_count;
};

/* ---- events.c */
struct gate_event *event_add(struct event_log *, struct gate_event);
/* A note is given once per watch, whatever happens again. */
__attribute__((format(printf, 2, 3))) void watch_note(struct watch *, const char *format, ...);
/* Statuses and ids that changed since then. */
void watch_report_changes(struct watch *, const struct seen *before);

/* ---- stability.c */
struct seen seen_make(struct arena *, const struct selection *, const struct status_history *,
		      const struct policy_wait *);
/* The same ids, statuses, chainlets, settings and instance types. */
bool seen_is_same(const struct seen *, const struct seen *);
bool seen_is_same_ids(const struct seen *, const struct seen *);

/* ---- rules.c */
void rules_make(struct watch *);
void rules_release(struct watch *);
/* T was forgotten: so is everything but final failures and the stretches of nevers. */
void rules_forget(struct watch *);
/* Other deployments are selected, or none: what was violated before says nothing about them. */
void rules_end_stretches(struct watch *);
/* Judges all rules on a snapshot. True when it fails the target: it does already (`fails`), or by a rule that decides. */
bool rules_judge(struct watch *, const struct view *, bool fails);
/* Every rule that decides is satisfied or skipped, and one is satisfied. */
bool rules_hold(const struct watch *);
/* At the deadline: what is neither satisfied nor skipped is unknown and due, and there is such a rule; or all are skipped. */
bool rules_are_unknown(const struct watch *);

/* ---- baseline.c */
/* Finds the baseline in an observation; takes it out of the selection where everything is selected. */
struct baseline baseline_find(struct watch *, const struct observation *, struct arena *, struct selection *);

/* ---- watch.c */
void watch_make(struct watch *, size_t index, const struct gate_plan *, struct event_log *);
void watch_release(struct watch *);
void watch_set_api_clock(struct watch *, int64_t offset_ns);
void watch_observe(struct watch *, const struct observation *);
void watch_end(struct watch *, enum verdict, enum gate_reason, int64_t at_ns);
bool watch_has_ended(const struct watch *);
/* Its own deadline has come, before the run's. */
void watch_deadline(struct watch *, int64_t at_ns);
/* What isn't decided is timed out, undecided or unreachable. */
void watch_end_undecided(struct watch *, int64_t at_ns);
/* Has the last snapshot ended a run at rest that was long enough? */
bool watch_is_stable_now(const struct watch *);

/* ---- waiting.c */
struct target_result watch_result(struct arena *, const struct watch *);

#endif
