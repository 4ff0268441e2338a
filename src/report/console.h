/* console.h - addresses of pages in Baseten's console. Private to src/report. */
#ifndef CHAINGATE_REPORT_CONSOLE_H
#define CHAINGATE_REPORT_CONSOLE_H

#include "chaingate/report.h"

/* The address of the logs of a deployment or chainlet, in the arena. `lane` is that deployment's or chainlet's. NULL if
 * there is no address: `lane` is NULL, the API's URL doesn't begin with https://api. and a host, the chain isn't known,
 * or an id has other characters than ASCII letters, digits, `-` and `_`. */
const char *console_address(struct arena *, const struct report *, const struct target_result *,
			    const struct gate_lane *lane);

/* The lane of an item of evidence, as last seen: of the deployment if `chainlet` is empty. NULL: it isn't there any
 * more; or it never was: an item of a baseline that isn't selected itself, or of a rule about the target. */
const struct gate_lane *console_lane(const struct target_result *, struct text deployment, struct text chainlet);

#endif
