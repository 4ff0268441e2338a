/* orders.h - the requested reports, and the files they are written to. */
#ifndef CHAINGATE_CLI_ORDERS_H
#define CHAINGATE_CLI_ORDERS_H

#include "chaingate/gate.h"
#include "chaingate/reports.h"
#include "options.h"

/* Reads --report, --junit and --record. Reports and leaves out each order that would overwrite another order's file, an
 * input (`inputs`, each of which may be NULL) or a file that one of the line's strays names. */
struct report_orders orders_read(struct arena *, const struct command_line *, const char *const *inputs,
				 size_t input_count, struct diags *);

/* Why nothing may be written at a path: it would overwrite an input (`inputs`, each of which may be NULL), truss's
 * login, the certificates, or a file of the CI system. NULL: it may be written. */
const char *place_conflict(const char *path, const char *const *inputs, size_t input_count);

/* Reports orders that would overwrite an input, and removes them. */
void orders_protect(struct report_orders *, const char *const *inputs, size_t input_count, struct diags *usage);

/* Replaces {target} with the plan's targets. Reports orders that would then overwrite an input, the recording or
 * another report, and removes them. */
void orders_check_targets(struct arena *, struct report_orders *, const struct gate_plan *, const char *const *inputs,
			  size_t input_count, struct diags *usage);

#endif
