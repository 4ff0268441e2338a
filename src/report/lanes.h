/* lanes.h - what happened to each deployment and chainlet of a target, in the order in which a timeline has them. Private to src/report. */
#ifndef CHAINGATE_REPORT_LANES_H
#define CHAINGATE_REPORT_LANES_H

#include "chaingate/report.h"

struct lane {
	const struct gate_event *const *statuses; /* by time; at least one */
	size_t count;
};

/* Each deployment's own lane, then its chainlets', those first that aren't ready. Gives how many there are. */
size_t lanes_gather(struct arena *, const struct report *, size_t target, const struct lane **out);

#endif
