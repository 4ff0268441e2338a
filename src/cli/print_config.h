/* print_config.h - the dry run: what a check would do, and where each value comes from. */
#ifndef CHAINGATE_CLI_PRINT_CONFIG_H
#define CHAINGATE_CLI_PRINT_CONFIG_H

#include "chaingate/buf.h"
#include "chaingate/gate.h"
#include "chaingate/net.h"
#include "connection.h"
#include "options.h"
#include "orders.h"

struct config {
	const struct command_line *line;
	const struct policy *policy;
	const struct gate_plan *plan;
	const struct net_options *connection;
	const struct connection_origins *origins;
	const struct report_orders *orders;
};

/* A line for each value: its name, the value, and its origin. The key isn't printed, but the place where it was
 * found is. */
void print_config(struct buf *, const struct config *);

#endif
