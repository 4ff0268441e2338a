/* needs.h - skips a test that can't run here; tests/run names and counts the skipped tests. */
#ifndef CHAINGATE_TESTS_NEEDS_H
#define CHAINGATE_TESTS_NEEDS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sanitizer.h"

/* Skips the rest of the test unless `there`. `lacking` is the reason to print: "openssl is not installed". */
static inline void needs(bool there, const char *lacking)
{
	if (there)
		return;
	print_message("# skip %s\n", lacking);
	skip();
}

#endif
