/* paint.h - what a status looks like in a picture: a colour and a pattern, so that shade tells as much as hue. Private to src/report. */
#ifndef CHAINGATE_REPORT_PAINT_H
#define CHAINGATE_REPORT_PAINT_H

#include "chaingate/status.h"
#include "xml.h"

/* White letters on it have a contrast of 4.5 at least, in either scheme, over the pattern too. */
struct paint {
	const char *colour;
	const char *pattern; /* the end of its id, `pattern-NUMBER-…`; NULL: none */
};

const struct paint *paint_of(enum status);

/* The definitions of all patterns, inside an SVG element. `number` keeps the ids of a page unique. */
void paint_patterns(struct xml *, size_t number);

#endif
