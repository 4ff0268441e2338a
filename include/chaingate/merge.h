/* merge.h - makes one report out of the JSON reports of all shards of a run.
 *
 * The result says what one run over all chains would have said: the reports are put together as they are, nothing is
 * judged again. It can only pass if every part is a whole, finished report of the same policies about the same chains,
 * and every chain is in it once.
 */
#ifndef CHAINGATE_MERGE_H
#define CHAINGATE_MERGE_H

#include "chaingate/report.h"

struct merge_input {
	const char *name; /* the file's, for messages */
	struct text content;
};

struct merged;

/* NULL if and only if a mistake was reported: a file that isn't a finished JSON report of a shard, or contradicts
 * itself; a shard that is missing, or given twice; shards of different runs: with other chains, policies, parameters or
 * options, of another version or API, or begun more than an hour apart. The contents needn't outlive the call. */
struct merged *merge_reports(struct arena *, const struct merge_input *, size_t count, struct diags *);
void merged_free(struct merged *);

/* The exit code of the whole: by the precedence of a run's targets. Of a pass that a shard couldn't report: 6. */
enum gate_exit merged_exit(const struct merged *);

/* When the first shard that judged anything ended, by its own wall clock: what the whole says is as old as that. INT64_MAX:
 * none judged anything. */
int64_t merged_first_end_ns(const struct merged *);

/* When the last shard ended, by its own wall clock. */
int64_t merged_last_end_ns(const struct merged *);

/* Where the policies' files are, for annotations: as in struct report. Without it paths stay as they are. */
void merged_set_place(struct merged *, const char *checkout, const char *folder);

/* The formats that need nothing that isn't in the JSON report. */
bool merge_has_format(enum report_format);
/* Renders a report that gives `exit` as the process's exit code: merged_exit, or that this process couldn't report the
 * pass.
 * False if it is longer than BUF_LIMIT_REPORT. */
bool merged_render(struct buf *, const struct merged *, enum report_format, enum gate_exit);

/* For people: a line for each target that didn't pass, then one for the whole; with `quiet` only that. */
void merged_text(struct buf *, const struct merged *, enum gate_exit, bool quiet);

#endif
