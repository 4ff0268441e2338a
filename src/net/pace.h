/* pace.h - limits the requests in any period of one second.
 *
 * It knows no clock and no network, only when requests were started.
 */
#ifndef CHAINGATE_NET_PACE_H
#define CHAINGATE_NET_PACE_H

#include "chaingate/arena.h"

#include <stddef.h>
#include <stdint.h>

struct pace {
	int64_t *starts_ns; /* of the latest `rate` requests, a ring; INT64_MIN: there were fewer */
	size_t rate, oldest;
};

/* `per_second` is at least 1. The memory is in the arena. */
struct pace pace_make(struct arena *, size_t per_second);

/* When the next request may be started; INT64_MIN: at any time. */
int64_t pace_next_ns(const struct pace *);

/* A request was started. */
void pace_started(struct pace *, int64_t now_ns);

#endif
