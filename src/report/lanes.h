/* lanes.h - the status changes of each deployment and chainlet of a target, in a timeline's order. Private to
 * src/report. */
#ifndef CHAINGATE_REPORT_LANES_H
#define CHAINGATE_REPORT_LANES_H

#include "chaingate/report.h"

struct lane {
	const struct gate_event *const *statuses; /* by time; at least one */
	size_t count;
};

/* Each deployment's own lane, then its chainlets', those that aren't ready first. Returns the number of lanes. */
size_t lanes_gather(struct arena *, const struct report *, size_t target, const struct lane **out);

#endif
