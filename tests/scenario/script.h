/* script.h - drives the gate by a script, in virtual time.
 *
 * A script is a list of steps: from `at` on, a poll sees this state. The state is written in a small notation, so
 * that a test is easy to read:
 *
 *	"q1 ACTIVE: Retriever ACTIVE 2/2, Router LOADING_MODEL 0/1"
 *
 * deployment  = ID STATUS [ "@" ENVIRONMENT ] [ "^" SECONDS ] [ ":" chainlet { "," chainlet } ]      joined by ";"
 * chainlet    = NAME STATUS [ ACTIVE "/" MIN | "null" ] [ "~" INSTANCE ]                      "null": no settings
 *
 * "^" is created_at in seconds after the script's zero. "" is an empty list. A miss is "!" and one of timeout,
 * connect, reset, tls, malformed, nochain, or an HTTP status, with "+SECONDS" for a retry_after: "!503", "!429+37".
 */
#ifndef CHAINGATE_TESTS_SCRIPT_H
#define CHAINGATE_TESTS_SCRIPT_H

#include "chaingate/driver.h"

#define STEPS_MAX 24
#define RULES_MAX 6

struct step {
	double at;
	const char *sees;
};

struct script {
	const char *policy; /* lines of `wait:` and `rules:` in YAML, without `version`; NULL: all chainlets ACTIVE */
	struct selector selector; /* none: deployment q1 */
	double timeout;           /* in seconds; below 0: 0 s; 0: the policy's */
	struct step steps[STEPS_MAX];
};

struct run {
	struct driver *driver;
	struct gate *gate; /* the driver's */
	const struct gate_result *result;
	const struct target_result *target;
	struct arena memory;
	struct gate_plan plan;
	struct gate_target gate_target;
	const struct policy *policy;
	size_t polls;
};

/* The wall clock's time at 0 in every script: 2026-01-01T00:00:00Z. */
#define SCRIPT_WALL_NS (INT64_C(1767225600) * NS_PER_S)
#define SCRIPT_CHAIN "232p81ql"

/* Makes a listing from the notation above. */
const struct listing *listing_write(struct arena *, const char *notation);
struct miss miss_write(struct arena *, const char *notation);
struct observation observation_write(struct arena *, double at, const char *notation);

/* Makes the policy and the plan of a script, but no gate yet. */
void run_prepare(struct run *, const struct script *);
/* Runs a script to its verdict. */
void run_script(struct run *, const struct script *);
void run_release(struct run *);

/* Fails the test unless the script ends with this verdict, at this time in seconds. */
void expect_verdict(const struct script *, enum verdict, double at);
void expect_reason(const struct script *, enum verdict, enum gate_reason, double at);

/* The number of events of a kind. */
size_t run_events(const struct run *, enum gate_event_kind);

/* A story, and how it must end. */
struct timed_story {
	const char *name;
	struct script script;
	enum verdict verdict;
	double at; /* in seconds */
};

/* Plays all stories; prints those that end otherwise, and fails if there are any. */
void expect_stories(const struct timed_story *, size_t count);

/* A gate whose snapshots the test writes. The plan refers to the run, so the run stays where it is. */
void run_begin(struct run *, const char *policy);
/* The first target's observation, in the notation of miss_write and observation_write. */
void run_sees(struct run *, int64_t at_ns, const char *notation);
void run_end(struct run *);

#endif
