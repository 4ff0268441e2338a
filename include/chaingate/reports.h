/* reports.h - writing the reports that were asked for: each whole, once, whatever ended the run. */
#ifndef CHAINGATE_REPORTS_H
#define CHAINGATE_REPORTS_H

#include "chaingate/arena.h"
#include "chaingate/diag.h"
#include "chaingate/output.h"
#include "chaingate/report.h"

#include <stdbool.h>
#include <stddef.h>

struct report_order {
	enum report_format format;
	const char *path; /* "-" is stdout; with {target} in it there is a file for each */
	bool appends;     /* to $GITHUB_STEP_SUMMARY, which others write, too */
	bool is_lost;     /* reports_begin has said that it can't be written */
};

struct report_orders {
	struct report_order *items;
	size_t count;
	const char *const *target_names; /* as {target} has them, in the plan's order … */
	size_t target_count;             /* … 0: there is no plan */
	bool takes_stdout;               /* one of them is for stdout, so the text verdict isn't */
	const char *recording;           /* where to record to; NULL: nowhere */
};

/* What a path holds instead of a target's name. */
#define REPORT_TARGET_MARK "{target}"

/* What each target is called in paths: never two the same. */
const char *const *reports_target_names(struct arena *, const struct text *targets, size_t count);

/* Where an order's report goes, of all targets or of one. */
const char *report_order_path(struct arena *, const struct report_order *, const char *const *names, size_t target);

/* Writes in the place of each report that is a regular file that the run isn't finished: so a run that is killed leaves no verdict of another one, and a place that
 * can't be written is found out before anything was polled. Those are reported. `report` is made from what is known by then. */
void reports_begin(struct report_orders *, const struct report *, struct diags *usage);

/* Writes all, waiting for those who read stdout and pipes for at most `patience_ns` in all. False if any couldn't be written; then that was said on stderr. */
bool reports_write(const struct report_orders *, const struct report *, int64_t patience_ns, const struct output *);

/* reports_write leaves those out that say how the process ends; these are for when that is known. */
bool reports_write_last(const struct report_orders *, const struct report *, int64_t patience_ns,
			const struct output *);

/* Adds the verdict, the exit code and the deployments to $GITHUB_OUTPUT, where that is set: for the steps after this one. False if it couldn't be; then that was
 * said on stderr. */
bool reports_write_outputs(const struct report *, enum gate_exit, const struct output *);

#endif
