/* table.h - deployments and chainlets as rows in aligned columns, cut to a width. Private to src/report.
 *
 * What a terminal shows while a gate runs and what `chaingate status` shows there are the same rows. A line never takes
 * more columns than it is given, whatever the names in it are.
 */
#ifndef CHAINGATE_REPORT_TABLE_H
#define CHAINGATE_REPORT_TABLE_H

#include "words.h"

#include "chaingate/report.h"

/* ---- lines ------------------------------------------------------------------------------------------------------ */

/* A line that is being written: what doesn't fit any more is cut, with an ellipsis. */
struct line {
	struct buf *buf;
	size_t left; /* columns */
	bool colour;
	bool is_cut; /* nothing but blanks may follow the ellipsis */
};

struct line line_begin(struct buf *, const struct screen *);
void line_add(struct line *, struct text, const char *colour); /* NULL: none */
void line_add_string(struct line *, const char *);
void line_pad(struct line *, size_t columns);
void line_end(struct line *);

/* Text as lines that are broken between words; the last of so many is cut. */
void lines_add_wrapped(struct buf *, struct text, size_t lines_most, const struct screen *);

/* ---- rows ------------------------------------------------------------------------------------------------------- */

enum cell { CELL_NAME, CELL_STATUS, CELL_REPLICAS, CELL_TIME, CELL_NOTE, CELL_COUNT };

/* Of a deployment, or of a chainlet. */
struct table_row {
	struct text deployment;
	bool is_chainlet;
	size_t indent;
	enum status status;
	struct text cells[CELL_COUNT]; /* the status as the API's word; empty: nothing to show */
};

#define CHAINLET_INDENT 2

/* The escape sequence of a status' class. */
const char *status_colour(enum status);

/* What is looked for first where there isn't room for all: a smaller rank. */
#define STATUS_RANKS 6
int status_rank(enum status);

bool row_is_ready(const struct table_row *);

/* "1/2": active replicas and how many are the least; only the first where that isn't known. */
struct text row_replicas(struct arena *, int64_t active, struct optional_integer least);
struct text row_clock(struct arena *, int64_t ns);

/* Writes all rows where there are at most `lines_most` of them; else those that aren't ready first, and how many more
 * there are. */
void table_add(struct buf *, struct table_row *rows, size_t count, size_t lines_most, const struct screen *);

#endif
