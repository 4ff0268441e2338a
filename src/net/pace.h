/* pace.h - limits how many requests start in any period of one second.
 *
 * It knows no clock and no network, only when requests were started. All times are of one clock that never goes back.
 */
#ifndef CHAINGATE_NET_PACE_H
#define CHAINGATE_NET_PACE_H

#include "chaingate/arena.h"

#include <stddef.h>
#include <stdint.h>

struct pace {
	int64_t *starts_ns;  /* a ring: when the last `rate` requests started; INT64_MIN: not used yet */
	size_t rate, oldest; /* `oldest`: the index of the slot to use next */
};

/* `per_second` is at least 1. The ring is in the arena; copies of the struct share it. */
struct pace pace_make(struct arena *, size_t per_second);

/* The earliest time for the next start: a second after the earliest in the ring, perhaps past. INT64_MIN: any time. */
int64_t pace_next_ns(const struct pace *);

/* Call for each request, when it starts. */
void pace_started(struct pace *, int64_t now_ns);

#endif
