/* table.h - deployments and chainlets as rows in aligned columns, cut to a width. Private to src/report.
 *
 * A terminal shows the same rows during a gate and for `chaingate status`. A line never takes more columns than
 * given, whatever the names are.
 */
#ifndef CHAINGATE_REPORT_TABLE_H
#define CHAINGATE_REPORT_TABLE_H

#include "words.h"

#include "chaingate/report.h"

/* ---- lines ------------------------------------------------------------------------------------------------------ */

/* A line while it is written: text that doesn't fit is cut, with an ellipsis. */
struct line {
	struct buf *buf;
	size_t left; /* the columns that are left */
	bool colour;
	bool is_cut; /* only blanks may follow the ellipsis */
};

struct line line_begin(struct buf *, const struct screen *);
void line_add(struct line *, struct text, const char *colour); /* NULL: none */
void line_pad(struct line *, size_t columns);
void line_end(struct line *);

/* Writes a text as lines, broken between words; the last of `lines_most` lines is cut. */
void lines_add_wrapped(struct buf *, struct text, size_t lines_most, const struct screen *);

/* ---- rows ------------------------------------------------------------------------------------------------------- */

enum cell { CELL_NAME, CELL_STATUS, CELL_REPLICAS, CELL_TIME, CELL_NOTE, CELL_COUNT };

/* The row of a deployment or of a chainlet. */
struct table_row {
	struct text deployment;
	bool is_chainlet;
	size_t indent;
	enum status status;
	struct text cells[CELL_COUNT]; /* the status as the API's word; empty: nothing to show */
};

#define CHAINLET_INDENT 2

/* The escape sequence for a status's class. */
const char *status_colour(enum status);

/* If there isn't room for all rows, those with the smallest rank are shown first. */
#define STATUS_RANKS 6
int status_rank(enum status);

/* "1/2": active and minimum replicas; only the active ones if the minimum isn't known. */
struct text row_replicas(struct arena *, int64_t active, struct optional_integer least);
struct text row_clock(struct arena *, int64_t ns);

/* Writes all rows if there are at most `lines_most`; else those that aren't ready first, and the number of the
 * others. */
void table_add(struct buf *, struct table_row *rows, size_t count, size_t lines_most, const struct screen *);

#endif
