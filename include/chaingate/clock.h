/* clock.h - the two clocks and a source of randomness: the only places where the outside enters a run by itself. */
#ifndef CHAINGATE_CLOCK_H
#define CHAINGATE_CLOCK_H

#include <stdint.h>

/* Monotonic nanoseconds since an unspecified moment; goes on while the machine is suspended, where there is such a clock. Decides. */
int64_t clock_monotonic_ns(void);

/* Nanoseconds since 1970 by the wall clock. Only for printing, `age` and `since`. */
int64_t clock_wall_ns(void);

/* 32 random bits, for jitter; not for secrets. */
uint32_t clock_random(void);

#endif
