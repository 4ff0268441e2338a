/* only.c - with ONLY_TEST=NAME in the environment, a cmocka program runs that test alone: `make check T=NAME`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

__attribute__((constructor)) static void filter(void)
{
	const char *name = getenv("ONLY_TEST");

	if (name && *name)
		cmocka_set_test_filter(name);
}
