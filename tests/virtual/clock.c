/* clock.c - implements clock.h for chaingate-virtual, and the waits for a descriptor.
 *
 * The linker replaces these two system calls by __wrap_… (Makefile). They really wait, because they wait for
 * something in the real world. An unsuccessful wait counts as virtual time; otherwise a loop that waits until a
 * given time would never end.
 */
#include "chaingate/clock.h"

#include "chaingate/times.h"
#include "world.h"

#include <poll.h>
#include <time.h>

int __wrap_poll(struct pollfd *, nfds_t, int timeout_ms);
int __real_poll(struct pollfd *, nfds_t, int timeout_ms);
int __wrap_nanosleep(const struct timespec *, struct timespec *left);
int __real_nanosleep(const struct timespec *, struct timespec *left);

int64_t clock_monotonic_ns(void)
{
	return world_now_ns();
}

int64_t clock_wall_ns(void)
{
	return world_wall_ns();
}

uint32_t clock_random(void)
{
	return world_random();
}

int __wrap_poll(struct pollfd *descriptors, nfds_t count, int timeout_ms)
{
	int ready = __real_poll(descriptors, count, timeout_ms);
	if (ready == 0 && timeout_ms > 0)
		world_waited(timeout_ms * NS_PER_MS);
	return ready;
}

int __wrap_nanosleep(const struct timespec *request, struct timespec *left)
{
	int outcome = __real_nanosleep(request, left);
	world_waited((int64_t)request->tv_sec * NS_PER_S + request->tv_nsec);
	return outcome;
}
