/* legend.h - what the colours, patterns and shapes of a timeline mean. Private to src/report. */
#ifndef CHAINGATE_REPORT_LEGEND_H
#define CHAINGATE_REPORT_LEGEND_H

#include "drawing.h"

struct legend {
	int left, right; /* where its rows begin, and where they must end */
	bool has_rules;  /* the shapes are about rules, too, and not only about errors */
	bool draws;      /* false: the rows are only counted */
};

/* Explains the colours and patterns that occur, and below them the shapes that were drawn. Returns the number of rows. */
int legend_draw(struct drawing *, const struct legend *);

#endif
