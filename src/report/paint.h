/* paint.h - how a status is painted: a colour and a pattern, so that it can be recognised without the hue. Private
 * to src/report. */
#ifndef CHAINGATE_REPORT_PAINT_H
#define CHAINGATE_REPORT_PAINT_H

#include "chaingate/status.h"
#include "xml.h"

/* White letters on it have a contrast of at least 4.5, in both colour schemes, even over the pattern. */
struct paint {
	const char *colour;
	const char *pattern; /* the end of its id, `pattern-NUMBER-…`; NULL: none */
};

const struct paint *paint_of(enum status);

/* The definitions of all patterns, inside an SVG element. `number` keeps the ids of a page unique. */
void paint_patterns(struct xml *, size_t number);

#endif
