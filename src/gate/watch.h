/* watch.h - the state of one target, shared by the gate room's files.
 *
 * gate.c owns the watches and combines them; watch.c takes observations; stability.c defines "at rest" and "the same";
 * rules.c judges rules in time; waiting.c says what a target waits for.
 */
#ifndef CHAINGATE_GATE_WATCH_H
#define CHAINGATE_GATE_WATCH_H

#include "chaingate/buf.h"
#include "chaingate/gate.h"

/* No moment: every time of a run is 0 or later. */
#define NO_TIME INT64_C(-1)

struct event_log {
	struct arena arena;
	struct gate_event *events;
	size_t count, capacity;
};

struct rule_state {
	bool decides;     /* its severity is error, or the run is strict */
	bool failed;      /* for good */
	bool satisfied;   /* at the last snapshot, from T on */
	bool skipped;     /* on the last snapshot; for an assert from T on */
	bool was_skipped; /* when it was last judged, also if T was reset since */
	bool is_hopeless; /* under fail_fast: on this snapshot the failed items alone make it false */
	bool is_announced;
	enum rule_finding announced; /* the finding of the last EVENT_RULE */
	int64_t violated_since_ns;   /* the first snapshot of the current violation; NO_TIME: there is none */
	int64_t held_since_ns;       /* for an assert, in watched time: the first of the consecutive snapshots, from T
				      * on, on which it has held */
	bool was_false;              /* it was violated when it was last judged as true or false */
	int64_t missing_since_ns; /* with if_missing: skip, in watched time: the first of the consecutive snapshots that
				      * only lacked a counterpart; NO_TIME: the last one didn't */
	struct rule_result result;
	struct arena evidence; /* of the failure, else of the last snapshot */
};

/* What one snapshot showed, as a value that can be compared with the next. It lives in the turn's arena. Zero:
 * nothing is selected. */
struct seen {
	const struct text *ids; /* ascending */
	size_t id_count;
	const struct gate_lane *lanes;
	size_t lane_count;
	bool at_rest;
	bool has_failed; /* a selected deployment or chainlet has a failed status */
	const struct gate_lane
		*mover;        /* the first that is in progress (other than WAKING_UP), or has an unknown word; NULL:
				* none */
	int64_t stable_for_ns; /* how long it must stay the same */
	struct text state;     /* canonical: ids, statuses, chainlets, settings, instance types */
	struct text identity;  /* the same without statuses */
};

struct watch {
	size_t index;
	const struct gate_plan *plan;
	const struct gate_target *target;
	struct selector
		selector; /* the target's; a relative `since` is moved to the API's clock, the latest it may be */
	bool has_clock, is_clock_noted;
	bool is_clock_note_wrong; /* the clock was corrected since */
	bool is_slack_noted;      /* of this clock */
	int64_t clock_offset_ns;  /* the API's clock minus this machine's, at least … */
	int64_t clock_slack_ns;   /* … and at most this much more */
	bool is_clock_corrected;  /* since the last snapshot: those before it were old */
	struct policy_wait wait;  /* the plan's; for a run with timeout 0, all waiting times are 0 */
	struct event_log *log;
	struct arena memory; /* lives as long as the watch: nothing goes here that a poll of the usual kind brings */

	enum verdict verdict;
	enum gate_reason reason;
	int64_t at_ns;       /* of the verdict, else of the last observation */
	bool passing;        /* on the last observation, which was a snapshot and isn't too long ago */
	bool is_pass_old;    /* it passed on the last observation, but that is too long ago */
	int64_t deadline_ns; /* its own, not later than the run's */
	bool is_single;      /* its timeout is 0: it gets one observation */
	bool is_overdue;     /* it passed at its own deadline, and is watched until the run ends */

	size_t polls, misses, misses_in_row;
	int64_t *poll_at_ns; /* the first GATE_POLLS_KEPT */
	size_t poll_capacity;
	struct miss
		miss; /* the last one; its detail is in miss_memory, or in that of the watch whose refusal ended this */
	struct arena miss_memory;
	int64_t last_answer_ns;

	int64_t absent_since_ns;       /* first observation of absence; NO_TIME once it was present */
	int64_t chain_absent_since_ns; /* first of the consecutive 404s; NO_TIME: the last answer wasn't a 404 */
	bool is_environment_absent;    /* the last 404 was about the environment, not about the chain */
	bool had_snapshot, was_present;
	struct text chain_id;
	struct text pinned;     /* selected before, by `latest` or as a candidate; empty: nothing yet */
	int64_t pinned_wall_ns; /* when `pinned` was created */
	struct text superseded; /* the newer id that was last reported */
	/* With a role: what the environment's last answer said. */
	struct text current, candidate;
	struct text
		promotion; /* of a model's promotion that is running: "RAMPING_UP, 25% of the traffic"; empty: nothing
				* is said of it */
	struct text ended; /* the candidate whose promotion has failed or was cancelled, and how; empty: none */
	bool is_over;      /* the last answer told such an end */
	struct text first_ended; /* the candidate of the first such answer in this row of them; empty: none */
	struct buf promotion_words, ended_words; /* their memory */
	int64_t ended_since_ns;      /* since when the target's candidate has ended so; NO_TIME: it hasn't */
	bool is_promoted_to;         /* a promotion is running, perhaps */
	bool is_unclear;             /* the promotion has a word that this version doesn't know */
	int64_t promoting_since_ns;  /* since when; NO_TIME: none is */
	int64_t unexpected_since_ns; /* since when it serves another deployment than the expected one; NO_TIME: it
				      * doesn't */
	struct text *notes;          /* those already given */
	size_t note_count, note_capacity;

	struct arena turns[2]; /* the last snapshot and the one before it */
	size_t turn;
	struct status_history history;
	struct status_history baseline_history; /* if the baseline is in another chain */
	struct seen seen;                       /* on the last snapshot */

	struct buf listed;        /* if nothing is selected: what the last list has instead, for people … */
	struct buf listed_ids;    /* … and the part of it that doesn't change by itself, as last reported */
	int64_t nothing_since_ns; /* since when nothing is selected; NO_TIME: something is */
	int64_t snapshot_ns;      /* of the last snapshot with something selected */
	bool after_hole;          /* there was a hole before it (see watch.c) */
	/* Watched time grows with each snapshot, by a limited amount: time in which nobody watched doesn't count. */
	int64_t watched_ns;
	struct run_at_rest {
		int64_t since_ns; /* its first snapshot; NO_TIME: the last snapshot isn't at rest */
		int64_t since_watched_ns;
		size_t first_poll, misses_before;
	} run;                       /* the current stretch */
	struct run_at_rest deciding; /* the stretch that set T */
	int64_t stable_at_ns;        /* T */
	int64_t stable_watched_ns;

	struct rule_state *rules;
	size_t rule_count;
};

/* ---- events.c */
struct gate_event *event_add(struct event_log *, struct gate_event);
/* A note is given once per watch, however often its reason occurs. */
__attribute__((format(printf, 2, 3))) void watch_note(struct watch *, const char *format, ...);
/* Reports the statuses and ids that changed since `before`. */
void watch_report_changes(struct watch *, const struct seen *before);
/* Nothing in the list is selected: keeps what the list has instead, and reports it once, until it changes. The last
 * snapshot is still in `seen`. */
void watch_report_nothing(struct watch *, const struct listing *, const struct selection *, int64_t now_wall_ns);
void watch_forget_listed(struct watch *);

/* ---- oddities.c */
/* A status as people read it; the caller releases it. */
struct buf watch_status_word(enum status, struct text word);
/* Unknown statuses, negative counts, another chain's deployments, an ACTIVE deployment whose chainlets aren't. */
void watch_note_oddities(struct watch *, const struct selection *);
/* A difference between this machine's clock and the API's, once for each clock that the API was thought to have. */
void watch_note_clock(struct watch *);
/* That a rule is open because the clock isn't known exactly, once for each clock. */
void watch_note_slack(struct watch *);

/* ---- stability.c */
/* `before` is what the last snapshot showed. If nothing has changed, its `identity` is copied, not made again. */
struct seen seen_make(struct arena *, const struct seen *before, const struct selection *,
		      const struct status_history *, const struct policy_wait *);
/* True if ids, statuses, chainlets, settings and instance types are the same. */
bool seen_is_same(const struct seen *, const struct seen *);
bool seen_is_same_ids(const struct seen *, const struct seen *);

/* ---- rules.c */
void rules_make(struct watch *);
void rules_release(struct watch *);
/* T was reset: forgets everything but final failures and current violations of nevers. */
void rules_forget(struct watch *);
/* Other deployments are selected now, or none: earlier violations, and counterparts that were missing, don't count for
 * them. */
void rules_end_stretches(struct watch *);
/* Judges all rules on a snapshot. True if the target fails: `fails` was true already, or a rule that decides has
 * failed. */
bool rules_judge(struct watch *, const struct view *, bool fails);
/* True if every rule that decides is satisfied or skipped, and at least one is satisfied. */
bool rules_hold(const struct watch *);
/* For the deadline. True if all deciding rules are skipped; or if at least one is neither satisfied nor skipped, and
 * all such rules are unknown and due. */
bool rules_are_unknown(const struct watch *);

/* ---- baseline.c */
/* Finds the baseline in an observation. With the selector `all`, removes all that match it from the selection. */
struct baseline baseline_find(struct watch *, const struct observation *, struct arena *, struct selection *);

/* ---- environment.c */
/* The environment's answer came, NULL if it was a list: notes a promotion that has ended, and a candidate that is
 * selected. */
void environment_follow(struct watch *, const struct listing *, const struct selection *);
/* There is no such environment, or no such chain. */
void environment_forget(struct watch *);
/* True if a promotion is running and a deployment is expected, or if nobody knows what the promotion of the target's
 * candidate does: so the target can't pass yet. */
bool environment_is_promoting(const struct watch *);
/* True if the promotion of the target's candidate has failed, or was cancelled, for too long. */
bool environment_has_ended(const struct watch *);
/* True if the environment has served another deployment than the expected one for too long. */
bool environment_is_wrong(const struct watch *);

/* ---- latest.c */
/* Keeps what `latest` picks first, and notes a deployment that is newer. True if it makes the target fail. */
bool latest_follow(struct watch *, const struct listing *, const struct selection *);

/* ---- watch.c */
void watch_make(struct watch *, size_t index, const struct gate_plan *, struct event_log *);
void watch_release(struct watch *);
void watch_set_api_clock(struct watch *, int64_t offset_ns, int64_t slack_ns);
void watch_observe(struct watch *, const struct observation *);
void watch_end(struct watch *, enum verdict, enum gate_reason, int64_t at_ns);
bool watch_has_ended(const struct watch *);
/* The target's own deadline has come, before the run's. */
void watch_deadline(struct watch *, int64_t at_ns);
/* Ends the target as timed out, undecided or unreachable. */
void watch_end_undecided(struct watch *, int64_t at_ns);
/* A pass doesn't count any more if nobody has looked since for so long that stability would begin again. */
void watch_forget_old_pass(struct watch *, int64_t at_ns);
/* True if the last snapshot ends a stretch that is long enough. */
bool watch_is_stable_now(const struct watch *);

/* ---- waiting.c */
struct target_result watch_result(struct arena *, const struct watch *);

#endif
