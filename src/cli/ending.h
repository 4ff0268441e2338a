/* ending.h - the end of a run, live or replayed: writes every requested report, prints the verdict, and gives the
 * exit code, whatever happened. */
#ifndef CHAINGATE_CLI_ENDING_H
#define CHAINGATE_CLI_ENDING_H

#include "chaingate/gate.h"
#include "command.h"
#include "orders.h"

struct ending {
	const struct invocation *invocation;
	struct report_orders orders;
	const char *policy_path;     /* the first policy's; NULL: the built-in one */
	const struct policy *policy; /* NULL: it couldn't be loaded */
	struct diags policy_diags;
	const char *api_url;
	const char *recording; /* the recording that is replayed; NULL: none */
	int64_t start_wall_ns;
	int64_t took_ns;
	struct gate *gate;              /* NULL: nothing was polled */
	const char *problem;            /* why nothing was polled */
	const struct plan_fleet *fleet; /* of the plan; NULL: none */
	bool is_empty;                  /* the run's shard has no chain */
	bool is_step;                   /* a gate, not a replay: the results are added to $GITHUB_OUTPUT */
	bool only_reports;              /* --report-only: a deployment that doesn't pass ends with 0 */
	int64_t stdout_patience_ns;     /* how long a reader of stdout may delay the end */
};

/* Call before anything is polled or replayed: writes into each report's file that the run isn't finished. Reports files
 * that can't be written. */
void ending_begin(struct ending *);

/* Call before ending_conclude if the run's shard has no chain; `fleet` is known: says that nothing is judged, because the
 * other shards judge all chains. */
void ending_empty(struct ending *);

/* Writes the reports and prints the verdict. Returns the exit code; a pass that couldn't be reported isn't a pass. */
enum gate_exit ending_conclude(const struct ending *, enum gate_exit);

/* Ends a run in which nothing was polled because of mistakes in the command line or the policy. All of them are
 * printed on stderr. */
enum gate_exit ending_refuse(struct ending *);

#endif
