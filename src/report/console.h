/* console.h - addresses of pages in Baseten's console. Private to src/report. */
#ifndef CHAINGATE_REPORT_CONSOLE_H
#define CHAINGATE_REPORT_CONSOLE_H

#include "chaingate/report.h"

/* The address of a deployment's page, or of a chainlet's logs. NULL if there is none: the API isn't Baseten's own, or
 * an id has characters that an address can't have. `lane` is a deployment's or a chainlet's; NULL if it is gone. */
const char *console_address(struct arena *, const struct report *, const struct target_result *,
			    const struct gate_lane *lane);

/* The lane of an item of evidence, as last seen; NULL: it isn't there any more. */
const struct gate_lane *console_lane(const struct target_result *, struct text deployment, struct text chainlet);

#endif
