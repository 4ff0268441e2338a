/* run.h - the live run: gives a driver the network's answers and the time, and shows what happens.
 *
 * It decides nothing. Everything here takes time, so the clock is read again after each step.
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

/* After this long without output, a line says what the run waits for. Otherwise a CI system may think that the run
 * hangs. */
#define RUN_SILENCE_NS NS_PER_MINUTE

/* How events are shown on stderr. */
enum run_progress {
	RUN_SILENT,
	RUN_LINES, /* a line for each change, and one if nothing changed for RUN_SILENCE_NS */
	RUN_LIVE,  /* a table that is drawn in place; stderr must be able to do that */
};

struct recorder;

struct run_options {
	const struct gate_plan *plan;
	struct net *net;
	size_t body_max;  /* the same as net's */
	int64_t start_ns; /* the run's start, on the monotonic clock */
	int wake_fd;      /* readable when a signal has come */
	enum run_progress progress;
	struct output *output;
	struct recorder *recorder; /* NULL: no recording is written */
	struct diags *usage; /* gets mistakes in the command line or the policy that only the first answer shows */
};

/* Runs until the driver's gate is done. The driver must have been made with the options' plan. Returns false if and
 * only if something was added to `usage`: the address in a target names another chain than the target does. Then
 * nothing has been judged. */
bool run_gate(struct driver *, const struct run_options *);

#endif
