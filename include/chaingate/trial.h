/* trial.h - policy tests: a policy, what the API would have said and when, and what must come of it. In virtual time, without a network.
 *
 * A file of tests is YAML:
 *
 *	policy: production.yaml              # beside the test's file, or a mapping; each test can have its own
 *	tests:
 *	  - name: a chainlet fails to build
 *	    set: {replicas: 1}
 *	    target: {environment: staging, since: any}     # where the policy has none: all deployments, unless given here
 *	    now: 2026-08-14T10:00:00Z        # the virtual clock's zero
 *	    timeline:
 *	      - {at: 0s, deployments: building.json}
 *	      - {at: 40s, http: 503}
 *	    expect: {verdict: failed, at: 40s, rules: {all chainlets ACTIVE: fail}}
 *
 * The machine is the gate's own. It is shown, at each poll of the grid, the last step at or before it.
 */
#ifndef CHAINGATE_TRIAL_H
#define CHAINGATE_TRIAL_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/diag.h"
#include "chaingate/driver.h"
#include "chaingate/record.h"
#include "chaingate/report.h"

/* Most steps of one timeline; a story that needs more is a recording. */
#define TRIAL_STEPS_MAX 1000
/* Most tests of a file. */
#define TRIAL_TESTS_MAX 1000

/* How files that tests name are read: relative to the test's file. False with *why. */
struct trial_files {
	bool (*read)(void *context, const char *path, struct text *out, const char **why);
	void *context;
};

/* One test's result. */
struct trial_result {
	struct text name;
	size_t line; /* in its file */
	bool passed;
	struct text
		differences; /* what was expected and what came, a line each; with the evidence of rules that came out otherwise. Empty if it passed */
	int64_t at_ns;       /* virtual: when the run ended */
};

/* Which outcomes a rule was seen to have at the end of a test. */
struct trial_coverage {
	struct text policy; /* the policy's file, or the test's where it is inline */
	struct text rule;
	bool seen[4]; /* by enum rule_outcome */
};

struct trial {
	const struct trial_result *results;
	size_t count, failed;
};

/* Adds up over files. `{.arena = …}` is empty. */
struct trial_coverage_list {
	struct arena *arena;
	struct trial_coverage *items;
	size_t count, capacity;
};

/* Runs all tests of a file. NULL if and only if a mistake in the file, or in a policy or body that it names, was reported; a policy that a test expects to
 * be refused is none. */
const struct trial *trial_run(struct arena *, const struct source *, const struct trial_files *,
			      struct trial_coverage_list *, struct diags *);

/* A run in virtual time. `see` gives what a chain of the driver's says at `at_ns`, by the index it has there; its times are filled in. */
void trial_play(struct driver *, struct driver_answer (*see)(void *context, size_t chain, int64_t at_ns),
		void *context);

/* Shows a driver what a recording holds, in its order, and then its end: the gate is done. Where the recording ends before a decision, what isn't decided
 * is undecided. False, with the chain in *missing and nothing shown, if the plan asks for one that was never recorded. The listings are gone afterwards: what the
 * gate's result holds is its own. */
bool trial_replay(struct driver *, const struct recording *, struct text *missing);

#endif
