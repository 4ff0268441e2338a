/* reports.h - writes the requested reports: each whole and once, however the run ended. */
#ifndef CHAINGATE_REPORTS_H
#define CHAINGATE_REPORTS_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/diag.h"
#include "chaingate/output.h"
#include "chaingate/report.h"

#include <stdbool.h>
#include <stddef.h>

struct report_order {
	enum report_format format;
	const char *path; /* "-" is stdout; if it contains {target}, each target gets a file */
	bool appends;     /* to $GITHUB_STEP_SUMMARY, to which other steps write, too */
	bool is_lost;     /* reports_begin has reported that it can't be written */
};

struct report_orders {
	struct report_order *items;
	size_t count;
	const char *const *target_names; /* what replaces {target}, in the plan's order */
	size_t target_count;             /* 0: there is no plan */
	const bool *waits; /* parallel to target_names: the list of chains decides which names there are instead of this
			      * one, so reports_begin writes nothing there */
	bool takes_stdout; /* one of the reports goes to stdout, so the text verdict doesn't */
	const char *recording; /* the file of the recording; NULL: none */
};

/* The part of a path that is replaced by a target's name. */
#define REPORT_TARGET_MARK "{target}"

/* The names of the targets for use in paths; no two are equal. */
const char *const *reports_target_names(struct arena *, const struct text *targets, size_t count);

/* The path of an order's report: the order's path, with {target} replaced by names[target]. */
const char *report_order_path(struct arena *, const struct report_order *, const char *const *names, size_t target);

/* At the start of a run, writes reports that say that the run isn't finished, except to stdout, pipes and devices. So a
 * killed run doesn't leave an older run's verdict there, and a file that can't be written is reported before anything
 * is polled. `report` contains what is known by then. */
void reports_begin(struct report_orders *, const struct report *, struct diags *usage);

/* Removes what reports_begin wrote for targets of `before`, an earlier value of the same orders, that `orders` doesn't
 * have: chains that turned out to be watched already, by another name. */
void reports_drop(const struct report_orders *orders, const struct report_orders *before);

/* The end of a run. No report says that the exit code is 0 if the process ends with another one: whoever reads only the
 * report would take it for a pass. So files are replaced last, when nothing but a rename can fail any more; until then
 * they say that the run isn't finished. */
struct reports_end {
	const struct report_orders *orders;
	const struct output *output;
	int64_t patience_ns; /* how long all readers of stdout and of pipes together may still delay the end */
	/* Renders an order's report. If the order's path has {target}, it is the report of the target with this number.
	 * False if it is too large. */
	bool (*render)(struct buf *, const void *of, const struct report_order *, size_t target, enum gate_exit);
	const void *of;
	bool is_lost; /* set if a report couldn't be written */
	/* Private. */
	struct arena arena;
	struct report_place *places;
	size_t place_count;
	enum gate_exit said; /* what the files say */
};

/* Each of the three returns the exit code: the given one, or GATE_EXIT_UNREPORTED if that is a pass and a report
 * couldn't be written; a message on stderr has said so. Call all three, in this order, each with the code of the one
 * before; between the last two the caller writes everything else that may fail.
 *   reports_prepare   makes the files, beside their places
 *   reports_send      writes to stdout, pipes and devices what only people or other systems read; what is written there
 *                     can't be taken back
 *   reports_put       puts the files into their places, with the final exit code; before those of JSON, sends what later
 *                     steps believe: variables, the step's summary, and last JSON. If one place fails, the files
 * that said 0
 *                     are written again, and removed if that isn't possible. Frees the files */
enum gate_exit reports_prepare(struct reports_end *, enum gate_exit);
enum gate_exit reports_send(struct reports_end *, enum gate_exit);
enum gate_exit reports_put(struct reports_end *, enum gate_exit);

/* Renders an order's report out of a run's, for reports_end.render; `of` is a struct report, with the names of the
 * orders' targets in its gate. */
bool reports_render(struct buf *, const void *of, const struct report_order *, size_t target, enum gate_exit);

/* Adds the verdict, the exit code and the deployments to $GITHUB_OUTPUT, if it is set, for the following steps. If it
 * is called again, the last values count. False if that failed; a message on stderr has said so. */
bool reports_write_outputs(const struct report *, enum gate_exit, const struct output *);

#endif
