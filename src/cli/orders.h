/* orders.h - the requested reports, and their places. */
#ifndef CHAINGATE_CLI_ORDERS_H
#define CHAINGATE_CLI_ORDERS_H

#include "chaingate/gate.h"
#include "chaingate/reports.h"
#include "options.h"

/* Reads --report, --junit and --record. Mistakes are reported, and their orders left out: two in one place, one in
 * the place of an input (`inputs`, each of which may be NULL) or of one of the line's strays. */
struct report_orders orders_read(struct arena *, const struct command_line *, const char *const *inputs,
				 size_t input_count, struct diags *);

/* Why nothing may be written at a path: it would overwrite an input (`inputs`, each of which may be NULL), truss's
 * login, the certificates, or a file of the CI system. NULL: it may be written. */
const char *place_conflict(const char *path, const char *const *inputs, size_t input_count);

/* Reports orders that would overwrite an input, and removes them. */
void orders_protect(struct report_orders *, const char *const *inputs, size_t input_count, struct diags *usage);

/* Replaces {target} by the plan's targets. Reports orders that would then overwrite an input, the recording or
 * another report, and removes them. */
void orders_check_targets(struct arena *, struct report_orders *, const struct gate_plan *, const char *const *inputs,
			  size_t input_count, struct diags *usage);

#endif
