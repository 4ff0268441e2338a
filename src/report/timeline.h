/* timeline.h - the events of one target over time, as a picture. Private to src/report. */
#ifndef CHAINGATE_REPORT_TIMELINE_H
#define CHAINGATE_REPORT_TIMELINE_H

#include "chaingate/report.h"
#include "xml.h"

/* Most lanes that are drawn; a picture with more isn't readable. The tables below it show all. */
#define TIMELINE_LANES_MAX 300

/* An SVG element: a lane for each deployment and chainlet, coloured by status, then stability, changes of rules, polls
 * and errors, and the verdict. Its colours are attributes, so that it looks the same where style sheets are forbidden,
 * and its text has the page's colour. A second SVG element, of the class `names`, has only the names of the rows, at
 * the same heights and with the same width; without a style sheet it has no height.
 *
 * `index` is the target's index in the gate's result. The target must have a verdict. The picture's ids contain `number`, so
 * each picture of a page needs another one. */
void timeline_write(struct xml *, const struct report *, size_t index, size_t number);

#endif
