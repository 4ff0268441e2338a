/* rows.h - the dimensions of the table: faults, phases, policies, spans. Each combination is a run. */
#ifndef TESTS_FAULTS_ROWS_H
#define TESTS_FAULTS_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The key. No output may contain it. */
#define KEY "canary-key-4711"

/* The ids of the scenario's chains. In the first, the gated chainlet is ACTIVE from ACTIVE_MS on; the second is always
 * ACTIVE. */
#define MAIN_CHAIN "chain"
#define OTHER_CHAIN "other"
#define ACTIVE_MS 60000
/* The policies' times, and the longest run. It leaves room for a permanent fault to exceed unreachable_after. */
#define INTERVAL_MS 10000
#define STABLE_FOR_MS 30000
#define TIMEOUT_MS 600000

/* The consequence of a fault. */
enum nature {
	NATURE_TRANSIENT, /* a retry may succeed */
	NATURE_LATE,      /* its Retry-After ends after the deadline */
	NATURE_REFUSED,   /* 401, 403 */
	NATURE_ABSENT,    /* 404 */
	NATURE_EMPTY,     /* a valid but empty list */
	NATURE_FINAL,     /* ends the target at once */
	NATURE_ENDING,    /* a signal: ends the run at once */
	NATURE_ASLEEP,    /* time jumps past the deadline */
	NATURE_HARMLESS,  /* changes nothing */
};

/* The value of an unknown field: `open`, BOMB_UNITS times `unit`, as many times `closing`, `close`. */
struct bomb {
	const char *open, *unit, *closing, *close;
};
#define BOMB_UNITS 4000

struct fault_row {
	const char *name;
	enum nature nature;
	const char *answer; /* keys of a simulator's fault, or NULL … */
	const char *event;  /* … and then an event of the world */
	const char *end;    /* the event that ends it, or NULL */
	int exit;           /* of NATURE_ENDING */
	struct bomb bomb;   /* in an empty list; `open` NULL: none */
};

enum phase {
	PHASE_LOOKUP,   /* the chain's id isn't known yet */
	PHASE_FIRST,    /* no list has been seen yet */
	PHASE_MOVING,   /* the deployment isn't at rest */
	PHASE_REST,     /* the first poll at rest would be next */
	PHASE_RESTING,  /* it is at rest, but not for long enough */
	PHASE_STABLE,   /* the poll that would make it stable would be next */
	PHASE_JUDGING,  /* it has just become stable, and the rules' times begin */
	PHASE_HOLDING,  /* in the middle of these times */
	PHASE_DECIDING, /* the poll that would pass it would be next */
	PHASE_DEADLINE, /* the same, and it is the last poll before the deadline */
	PHASE_COUNT
};

/* How long a fault lasts. */
enum span { SPAN_EVER, SPAN_WHILE, SPAN_ONCE, SPAN_COUNT };
/* Length of SPAN_WHILE: one or two polls. */
#define WHILE_MS 12000
/* How long the machine is suspended: past every deadline here. A run can't end meanwhile. */
#define ASLEEP_MS 3600000

struct policy_row {
	const char *name;
	const char *text;
	int64_t hold_ms;    /* watched time that a pass needs after it is stable */
	const char *path;   /* only requests for this path are faulty; NULL: all */
	bool needs_other;   /* the second chain is asked too */
	bool targets_other; /* … and gated */
	bool is_during;     /* hold_ms comes from a `during` */
	bool is_since;      /* gates the newest deployment that is new enough */
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
