/* clock.h - the two clocks and the source of randomness. A run gets time and randomness only from here. */
#ifndef CHAINGATE_CLOCK_H
#define CHAINGATE_CLOCK_H

#include <stdint.h>

/* Monotonic nanoseconds since an unspecified moment. It goes on while the machine is suspended, if the system has such
 * a clock. All decisions use this clock. */
int64_t clock_monotonic_ns(void);

/* Nanoseconds since 1970 by the wall clock. Used only for printing, `age` and `since`. */
int64_t clock_wall_ns(void);

/* 32 random bits, for jitter; not for secrets. */
uint32_t clock_random(void);

#endif
