/* trial.h - policy tests: a policy, the API's answers and their times, and the expected verdict. They run in virtual
 * time, without a network.
 *
 * A file of tests is YAML:
 *
 *	policy: production.yaml              # relative to the test's file, or a mapping; each test can have its own
 *	tests:
 *	  - name: a chainlet fails to build
 *	    set: {replicas: 1}
 *	    target: {environment: staging, since: any}     # default, if the policy has none: all deployments
 *	    now: 2026-08-14T10:00:00Z        # the virtual clock's zero
 *	    timeline:
 *	      - {at: 0s, deployments: building.json}
 *	      - {at: 40s, http: 503}
 *	    expect: {verdict: failed, at: 40s, rules: {all chainlets ACTIVE: fail}}
 *
 * The test uses the same gate as a live run. At each poll of the grid the gate sees the last step at or before that
 * time.
 */
#ifndef CHAINGATE_TRIAL_H
#define CHAINGATE_TRIAL_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/diag.h"
#include "chaingate/driver.h"
#include "chaingate/record.h"
#include "chaingate/report.h"

/* Limit for the steps of one timeline; a longer story should be a recording. */
#define TRIAL_STEPS_MAX 1000
/* Limit for the tests of a file. */
#define TRIAL_TESTS_MAX 1000

/* Reads the files that tests name; paths are relative to the test's file. False with *why. */
struct trial_files {
	bool (*read)(void *context, const char *path, struct text *out, const char **why);
	void *context;
};

/* One test's result. */
struct trial_result {
	struct text name;
	size_t line; /* in its file */
	bool passed;
	struct text differences; /* expected and actual values, one per line, with the evidence of rules with an
				  * unexpected outcome. Empty if it passed */
	int64_t at_ns;           /* when the run ended, in virtual time */
};

/* Which outcomes a rule had at the end of some test. */
struct trial_coverage {
	struct text policy;  /* the policy's file, or the test's file if the policy is inline */
	struct text written; /* the same as the test writes it … */
	struct text content; /* … and the file's text, empty if it is inline: directories may have files of one name */
	struct text rule;
	bool seen[4]; /* by enum rule_outcome */
};

struct trial {
	const struct trial_result *results;
	size_t count, failed;
};

/* Collects coverage over several files. `{.arena = …}` is empty. */
struct trial_coverage_list {
	struct arena *arena;
	struct trial_coverage *items;
	size_t count, capacity;
};

/* Runs all tests of a file. NULL if and only if a mistake was reported in the file, or in a policy or body that it
 * names. A policy's mistakes don't count if the test expects them. */
const struct trial *trial_run(struct arena *, const struct source *, const struct trial_files *,
			      struct trial_coverage_list *, struct diags *);

/* Runs a driver in virtual time. `see` returns the answer at `at_ns` of the chain with that index in the driver;
 * trial_play fills in the answer's times. */
void trial_play(struct driver *, struct driver_answer (*see)(void *context, size_t chain, int64_t at_ns),
		void *context);

/* Gives a driver the answers of a recording, in order, then its end; afterwards the gate is done. If the recording ends
 * before a decision, targets without a verdict get VERDICT_UNDECIDED. False if the plan needs a chain, or an
 * environment of one, that the recorded run didn't ask for: it is in *missing, and the driver got nothing. Also false,
 * with *missing NULL, if the plan names two chains where a live run refuses it (plan_check_id): that was reported at the
 * place. The listings are freed; the gate's result doesn't refer to them. */
bool trial_replay(struct driver *, const struct gate_plan *, const struct recording *, const struct target_place *,
		  const struct driver_chain **missing);

#endif
