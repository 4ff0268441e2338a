/* clock.c - time and randomness.
 *
 * Everything that decides takes time as an argument; only this file asks the system for it.
 */
#include "chaingate/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

static const int64_t second_ns = INT64_C(1000000000);

static int64_t clock_ns(clockid_t clock)
{
	struct timespec now = {0};

	/* POSIX requires both clocks, and the argument is valid, so this can't fail. If it did, the time would be 0. */
	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * second_ns + now.tv_nsec;
}

int64_t clock_monotonic_ns(void)
{
#ifdef CLOCK_BOOTTIME
	/* This clock also counts while the machine is suspended, because a deadline may pass in that time. Old kernels
	 * don't have it. */
	struct timespec now;
	if (clock_gettime(CLOCK_BOOTTIME, &now) == 0)
		return (int64_t)now.tv_sec * second_ns + now.tv_nsec;
#endif
	return clock_ns(CLOCK_MONOTONIC);
}

int64_t clock_wall_ns(void)
{
	return clock_ns(CLOCK_REALTIME);
}

/* The finaliser of MurmurHash3: every bit of the input reaches every bit of the result. */
static uint64_t mix(uint64_t bits)
{
	bits ^= bits >> 33;
	bits *= UINT64_C(0xff51afd7ed558ccd);
	bits ^= bits >> 33;
	bits *= UINT64_C(0xc4ceb9fe1a85ec53);
	return bits ^ (bits >> 33);
}

/* Called only a few times per poll, so opening and reading each time costs nothing, and no state is needed. A
 * container may lack the device: then the clock and the process number differ enough for jitter. */
uint32_t clock_random(void)
{
	uint32_t bits = 0;
	ssize_t got = -1;
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd >= 0) {
		do
			got = read(fd, &bits, sizeof(bits));
		while (got < 0 && errno == EINTR);
		close(fd);
	}
	if (got == (ssize_t)sizeof(bits))
		return bits;
	return (uint32_t)mix((uint64_t)clock_monotonic_ns() ^ mix((uint64_t)clock_wall_ns() ^ mix((uint64_t)getpid())));
}
