/* random.c - see random.h. */
#include "random.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define DEFAULT_SEED UINT64_C(20260814)
/* Without CHAINGATE_TEST_ALL, only one of this many rounds is made. */
#define ONE_ROUND_OF 4
#define ONE_ROUND_OF_IN_PART 20

static uint64_t state;

uint64_t random_seed(void)
{
	const char *given = getenv("CHAINGATE_TEST_SEED");
	uint64_t seed = given && *given ? strtoull(given, NULL, 10) : DEFAULT_SEED;
	printf("CHAINGATE_TEST_SEED=%" PRIu64 "\n", seed);
	return seed;
}

void random_begin(uint64_t seed)
{
	state = seed;
}

/* splitmix64 */
static uint64_t next_random(void)
{
	uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

size_t below(size_t bound)
{
	return (size_t)(next_random() % bound);
}

bool once_in(size_t times)
{
	return below(times) == 0;
}

static bool is_set(const char *name)
{
	const char *value = getenv(name);
	return value && *value;
}

bool is_all(void)
{
	return is_set("CHAINGATE_TEST_ALL");
}

bool is_part(void)
{
#ifdef ARENA_CHECKED
	return !is_all();
#else
	return !is_all() && is_set("TESTS_PART");
#endif
}

size_t rounds_of(size_t all)
{
	return is_all() ? all : is_part() ? all / ONE_ROUND_OF_IN_PART : all / ONE_ROUND_OF;
}
