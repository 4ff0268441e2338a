/* ending.h - the end of a run, live or replayed: whatever happened, every report that was asked for is written, the verdict is printed, and the exit code says
 * what it was.
 */
#ifndef CHAINGATE_CLI_ENDING_H
#define CHAINGATE_CLI_ENDING_H

#include "chaingate/gate.h"
#include "command.h"
#include "orders.h"

struct ending {
	const struct invocation *invocation;
	struct report_orders orders;
	const char *policy_path;     /* of the first one; NULL: the built-in one */
	const struct policy *policy; /* NULL: it couldn't be loaded */
	struct diags policy_diags;
	const char *api_url;
	const char *recording; /* that is replayed; NULL: none is */
	int64_t start_wall_ns;
	int64_t took_ns;
	struct gate *gate;          /* NULL: nothing was polled … */
	const char *problem;        /* … and why */
	bool is_step;               /* a gate and no replay: $GITHUB_OUTPUT is told */
	bool only_reports;          /* --report-only: a deployment that doesn't pass ends with 0 */
	int64_t stdout_patience_ns; /* how long somebody who doesn't read stdout is waited for */
};

/* Before anything is polled: each report's place says that the run isn't finished. Reports places that can't be written. */
void ending_begin(struct ending *);

/* A pass that can't be shown is no pass. */
enum gate_exit ending_conclude(const struct ending *, enum gate_exit);

/* Nothing was polled: the command line or the policy is wrong, and stderr says all of it. */
enum gate_exit ending_refuse(struct ending *);

#endif
