/* reports.h - which reports were asked for, and writing them: each whole, once, whatever ended the run. */
#ifndef CHAINGATE_CLI_REPORTS_H
#define CHAINGATE_CLI_REPORTS_H

#include "chaingate/arena.h"
#include "chaingate/diag.h"
#include "chaingate/report.h"
#include "options.h"
#include "output.h"

#include <stdbool.h>
#include <stddef.h>

struct report_order {
	enum report_format format;
	const char *path; /* "-" is stdout; with {target} in it there is a file for each */
	bool appends;     /* to $GITHUB_STEP_SUMMARY, which others write, too */
};

struct report_orders {
	struct report_order *items;
	size_t count;
	const char *const *target_names; /* as {target} has them, in the plan's order … */
	size_t target_count;             /* … 0: there is no plan */
	bool takes_stdout;               /* one of them is for stdout, so the text verdict isn't */
	const char *recording;           /* where to record to; NULL: nowhere */
};

/* What --report, --junit and --record ask for. What is wrong is reported, and the others are there all the same: two in one
 * place, one in a place that is read from (`inputs`, of which each may be NULL). */
struct report_orders reports_read(struct arena *, const struct command_line *, const char *const *inputs,
				  size_t input_count, struct diags *);

/* Reports what would be written over an input, and leaves it out. */
void reports_protect(struct report_orders *, const char *const *inputs, size_t input_count, struct diags *usage);

/* The plan's targets are what {target} stands for. Reports what would then be written over an input, the recording or another report, and leaves it out. */
void reports_check_targets(struct arena *, struct report_orders *, const struct gate_plan *, const char *const *inputs,
			   size_t input_count, struct diags *usage);

/* Writes all. False if any couldn't be; then that was said on stderr. */
bool reports_write(const struct report_orders *, const struct report *, int64_t stdout_patience_ns,
		   const struct output *);

/* Adds the verdict, the exit code and the deployments to $GITHUB_OUTPUT, where that is set: for the steps after this one. False if it couldn't be; then that was
 * said on stderr. */
bool reports_write_outputs(const struct report *, enum gate_exit, const struct output *);

#endif
