/* demand.h - ends the program if what a target demands isn't so, and says what: the fuzzer keeps the input. */
#ifndef CHAINGATE_TESTS_DEMAND_H
#define CHAINGATE_TESTS_DEMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define demand(truth) ((truth) ? (void)0 : demand_failed(__FILE__, __LINE__, #truth))

static inline _Noreturn void demand_failed(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
	abort();
}

#endif
