/* orders.h - which reports were asked for, and where to. */
#ifndef CHAINGATE_CLI_ORDERS_H
#define CHAINGATE_CLI_ORDERS_H

#include "chaingate/gate.h"
#include "chaingate/reports.h"
#include "options.h"

/* What --report, --junit and --record ask for. What is wrong is reported, and the others are there all the same: two in one
 * place, one in a place that is read from (`inputs`, of which each may be NULL). */
struct report_orders orders_read(struct arena *, const struct command_line *, const char *const *inputs,
				 size_t input_count, struct diags *);

/* Reports what would be written over an input, and leaves it out. */
void orders_protect(struct report_orders *, const char *const *inputs, size_t input_count, struct diags *usage);

/* The plan's targets are what {target} stands for. Reports what would then be written over an input, the recording or another report, and leaves it out. */
void orders_check_targets(struct arena *, struct report_orders *, const struct gate_plan *, const char *const *inputs,
			  size_t input_count, struct diags *usage);

#endif
