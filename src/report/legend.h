/* legend.h - what the colours, patterns and shapes of a timeline mean. Private to src/report. */
#ifndef CHAINGATE_REPORT_LEGEND_H
#define CHAINGATE_REPORT_LEGEND_H

#include "drawing.h"

/* Explains the colours and patterns that occur. Returns the number of rows; without `draws` it only counts them. */
int legend_statuses(struct drawing *, bool draws);

/* Explains the shapes that were drawn, in one row. */
void legend_shapes(struct drawing *, bool has_rules);

#endif
