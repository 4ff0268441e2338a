/* random.h - random numbers for tests of properties. The seed is printed, and can be set to repeat a failure. */
#ifndef CHAINGATE_TEST_RANDOM_H
#define CHAINGATE_TEST_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* CHAINGATE_TEST_SEED, or a default; printed. */
uint64_t random_seed(void);

/* Starts the sequence of that seed again. */
void random_begin(uint64_t seed);

/* From 0 to bound - 1. */
size_t below(size_t bound);
bool once_in(size_t times);

/* How much of what a test repeats it repeats. CHAINGATE_TEST_ALL in the environment: all. TESTS_PART, which
 * `make check` sets: a small part. Neither: more than that. Under sanitizers each round takes ten times as long, so
 * there it's always the small part, or all. */
bool is_all(void);
bool is_part(void);

/* The number of rounds of a random test: `all`, a quarter, or a twentieth. */
size_t rounds_of(size_t all);

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define ONE_OF(array) ((array)[below(COUNT_OF(array))])

#endif
