/* rows.h - what the table is made of: faults, phases, policies, spans. Each of them with each of the others is a run. */
#ifndef TESTS_FAULTS_ROWS_H
#define TESTS_FAULTS_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The key, which no output may hold. */
#define KEY "canary-key-4711"

/* The chains of the scenario, by id. The gated chainlet of the first is ACTIVE from so many milliseconds on; all of the second is, always. */
#define MAIN_CHAIN "chain"
#define OTHER_CHAIN "other"
#define ACTIVE_MS 60000
/* How the policies wait, and how long a run may last; a fault for ever is longer than unreachable_after in it. */
#define INTERVAL_MS 10000
#define STABLE_FOR_MS 30000
#define TIMEOUT_MS 600000

/* What follows from a fault. */
enum nature {
	NATURE_TRANSIENT, /* may go away */
	NATURE_LATE,      /* says to come back after the deadline */
	NATURE_REFUSED,   /* 401, 403 */
	NATURE_ABSENT,    /* 404 */
	NATURE_EMPTY,     /* a good list, in which nothing is */
	NATURE_FINAL,     /* ends the target at once */
	NATURE_ENDING,    /* a signal: ends the run at once */
	NATURE_ASLEEP,    /* time passes the deadline at once */
	NATURE_HARMLESS,  /* changes nothing */
};

/* A value of an unknown field: BOMB_UNITS times `unit`, then so many times `closing`, in between `open` and `close`. */
struct bomb {
	const char *open, *unit, *closing, *close;
};
#define BOMB_UNITS 4000

struct fault_row {
	const char *name;
	enum nature nature;
	const char *answer; /* keys of a fault of the simulator, or NULL … */
	const char *event;  /* … and an event of the world */
	const char *end;    /* the event that ends it, or NULL */
	int exit;           /* of NATURE_ENDING */
	struct bomb bomb;   /* in a list in which nothing is; `open` NULL: none */
	bool is_ahead;      /* the API's clock is an hour ahead: with `since`, the deployment is too old by it */
};

enum phase {
	PHASE_LOOKUP,   /* the chain's id isn't known yet */
	PHASE_FIRST,    /* no list was seen yet */
	PHASE_MOVING,   /* the deployment isn't at rest */
	PHASE_REST,     /* the first poll at rest would be next */
	PHASE_RESTING,  /* it is at rest, but not for long enough */
	PHASE_STABLE,   /* the poll that would make it stable would be next */
	PHASE_JUDGING,  /* it has just become stable, and is judged for a while */
	PHASE_HOLDING,  /* in the middle of that */
	PHASE_DECIDING, /* the poll that would pass it would be next */
	PHASE_DEADLINE, /* the same, being the last one before the deadline */
	PHASE_COUNT
};

/* How long a fault is in force. */
enum span { SPAN_EVER, SPAN_WHILE, SPAN_ONCE, SPAN_COUNT };
/* SPAN_WHILE: one poll or two. */
#define WHILE_MS 12000
/* How long the machine is suspended: beyond every deadline here. A run can't end while it is. */
#define ASLEEP_MS 3600000

struct policy_row {
	const char *name;
	const char *text;
	int64_t hold_ms;    /* after it is stable, a pass needs so much more watched time */
	const char *path;   /* of the requests that are faulty: NULL: all */
	bool needs_other;   /* the second chain is asked too */
	bool targets_other; /* … and gated */
	bool is_during;     /* hold_ms are of a `during` */
	bool is_since;      /* the newest is gated, if it is new enough */
};

/* A cell of the table. */
struct run {
	const struct fault_row *fault; /* NULL: none */
	const struct policy_row *policy;
	enum phase phase;
	enum span span;
	int64_t begin_ms, timeout_ms;
};

extern const struct fault_row fault_rows[];
extern const size_t fault_row_count;
extern const char *const phase_names[PHASE_COUNT];
extern const struct policy_row policy_rows[];
extern const size_t policy_row_count;

#endif
