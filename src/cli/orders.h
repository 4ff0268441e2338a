/* orders.h - the requested reports, and the files they are written to. */
#ifndef CHAINGATE_CLI_ORDERS_H
#define CHAINGATE_CLI_ORDERS_H

#include "chaingate/gate.h"
#include "chaingate/reports.h"
#include "options.h"

/* Reads --report, --junit and --record, and reports mistakes. Leaves out a report without a known format or path, and a
 * report or recording whose path place_conflict refuses or an earlier order has (the recording is the last), and a
 * recording to stdout. Also leaves out a report, but not a recording, that would overwrite a file named by a stray
 * (options.h). */
struct report_orders orders_read(struct arena *, const struct command_line *, const char *const *inputs,
				 size_t input_count, struct diags *);

/* Why nothing may be written at a path, as a constant: it would overwrite an input (`inputs`, each of which may be NULL
 * or "-"), truss's login, the certificates, or a file of the CI system, such as the step's summary. NULL: it may be
 * written; stdout always may. */
const char *place_conflict(const char *path, const char *const *inputs, size_t input_count);

/* Removes each report whose path place_conflict refuses, and reports that as a mistake: for inputs that are known only
 * later. The recording isn't checked. */
void orders_protect(struct report_orders *, const char *const *inputs, size_t input_count, struct diags *usage);

/* Sets the names that replace {target} in the paths when the reports are written (report_order_path). Then
 * removes each report with a path that place_conflict refuses, or that is the recording's or an earlier report's, and
 * reports that as a mistake. */
void orders_check_targets(struct arena *, struct report_orders *, const struct gate_plan *, const char *const *inputs,
			  size_t input_count, struct diags *usage);

#endif
