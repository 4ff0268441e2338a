/* run.h - the live run: feeds a driver from the network and the clock, and shows what happens.
 *
 * Decides nothing. Everything that takes time happens in here, so the clock is looked at again after each step.
 */
#ifndef CHAINGATE_RUN_H
#define CHAINGATE_RUN_H

#include "chaingate/driver.h"
#include "chaingate/net.h"
#include "chaingate/output.h"
#include "chaingate/text.h"

#include <stdbool.h>
#include <stdint.h>

/* When nothing was printed for so long, a line says what is waited for, so that no CI system thinks the run dead. */
#define RUN_SILENCE_NS NS_PER_MINUTE

/* How what happens is shown, on stderr. */
enum run_progress {
	RUN_SILENT,
	RUN_LINES, /* a line for each change, and one when nothing changed for RUN_SILENCE_NS */
	RUN_LIVE,  /* a table that is drawn in place; stderr can take one */
};

struct recorder;

struct run_options {
	const struct gate_plan *plan;
	struct net *net;
	size_t body_max;  /* as net has it */
	int64_t start_ns; /* the run's start, on the monotonic clock */
	int wake_fd;      /* readable when a signal came */
	enum run_progress progress;
	struct output *output;
	struct recorder *recorder; /* NULL: nothing is recorded */
};

/* Feeds the driver until its gate is done. Its plan must be the options' one. */
void run_gate(struct driver *, const struct run_options *);

#endif
