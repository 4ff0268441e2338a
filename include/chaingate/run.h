/* run.h - the live run: gives a driver the network's answers and the time, and shows what happens.
 *
 * It decides nothing: verdict and reasons are in the driver's gate (driver_gate).
 */
#ifndef CHAINGATE_RUN_H
#define CHAINGATE_RUN_H

#include "chaingate/arena.h"
#include "chaingate/diag.h"
#include "chaingate/driver.h"
#include "chaingate/feed.h"
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
	RUN_LIVE,  /* a table that is drawn in place. Choose it only if output_can_draw(STDERR_FILENO) is true */
};

struct recorder;

/* What an open plan's run began with. */
struct run_beginning {
	const struct chain *chains; /* all that the key can see */
	size_t chain_count;
	struct feed_date date;
	int64_t at_ns; /* since the run's start */
};

struct run_options {
	const struct gate_plan *plan; /* the one that the driver was made with */
	struct net *net;
	size_t body_max;  /* in bytes, never 0: what net_new got, or NET_BODY_MAX_DEFAULT */
	int64_t start_ns; /* when the run began, on the monotonic clock: the driver's times count from it */
	int wake_fd;      /* from signals_catch, so that a signal ends a wait */
	enum run_progress progress;
	struct output *output;
	struct recorder *recorder; /* NULL: no recording is written. The caller closes it, and learns then of errors */
	const struct run_beginning *beginning; /* NULL: the plan was never open */
	struct diags *usage;                   /* gets the errors for which run_gate returns false */
};

/* For an open plan: asks for the list of chains, until there is one. Then returns true, with the chains in the arena;
 * nothing has been judged. False: the driver's gate is done, and its verdict says why there is no list. All rules of a
 * run apply: what is retried, for how long, deadlines, signals. The plan's chains are never asked. */
bool run_find_chains(struct driver *, const struct run_options *, struct arena *, struct run_beginning *out);

/* Runs until the driver's gate is done, and returns true. Failed requests are misses of the gate, failures to write
 * progress are ignored, and a signal (signals_caught) gives VERDICT_INTERRUPTED. Returns false, with errors in
 * `usage`, for one kind of mistake, which only the API's answer shows: a target or a baseline gives its deployment as
 * an address, and the chain id in this address isn't the id of the chain that the target or baseline names. Then the
 * gate's verdict doesn't count. In both cases no request is left in `net`. At most one call for each driver. */
bool run_gate(struct driver *, const struct run_options *);

#endif
