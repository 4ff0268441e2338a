/* run.h - the live run: gives a driver the network's answers and the time, and shows what happens.
 *
 * It decides nothing: verdict and reasons are in the driver's gate (driver_gate).
 */
#ifndef CHAINGATE_RUN_H
#define CHAINGATE_RUN_H

#include "chaingate/diag.h"
#include "chaingate/driver.h"
#include "chaingate/net.h"
#include "chaingate/output.h"
#include "chaingate/text.h"

#include <stdbool.h>
#include <stdint.h>

/* With RUN_LINES, after each period of this length without a line, a line says what the run waits for. Otherwise a CI
 * system may think that the run hangs. */
#define RUN_SILENCE_NS NS_PER_MINUTE

/* How events are shown on stderr. */
enum run_progress {
	RUN_SILENT,
	RUN_LINES, /* a line for each event */
	RUN_LIVE,  /* a table that is drawn in place; only if output_can_draw says that stderr can do that */
};

struct recorder;

struct run_options {
	const struct gate_plan *plan; /* the one that the driver was made with */
	struct net *net;
	size_t body_max;  /* in bytes, never 0: what net_new got, or NET_BODY_MAX_DEFAULT */
	int64_t start_ns; /* when the run began, on the monotonic clock: the driver's times count from it */
	int wake_fd;      /* from signals_catch, so that a signal ends a wait */
	enum run_progress progress;
	struct output *output;
	struct recorder *recorder; /* NULL: no recording is written. The caller closes it, and learns then of errors */
	struct diags *usage;       /* gets the errors for which run_gate returns false */
};

/* Runs until the driver's gate is done, and returns true. Failed requests are misses of the gate, failures to write
 * progress are ignored, and a signal (signals_caught) gives VERDICT_INTERRUPTED. Returns false, with errors in
 * `usage`, for one kind of mistake, which only the API's answer shows: a target or a baseline gives its deployment as
 * an address, and the chain id in this address isn't the id of the chain that the target or baseline names. Then the
 * gate's verdict doesn't count. In both cases no request is left in `net`. Call once for each driver. */
bool run_gate(struct driver *, const struct run_options *);

#endif
