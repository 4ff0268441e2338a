/* needs.h - skips a test that can't run here, and says whether this build has the address or thread sanitizer.
 * tests/run names and counts the skipped tests. */
#ifndef CHAINGATE_TESTS_NEEDS_H
#define CHAINGATE_TESTS_NEEDS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* True if the program has a sanitizer's allocator. gcc defines a macro for each of them, clang has features. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER true
#endif
#endif
#ifndef HAS_SANITIZER
#define HAS_SANITIZER false
#endif

/* Skips the rest of the test unless `there`. `lacking` is the reason to print: "openssl is not installed". */
static inline void needs(bool there, const char *lacking)
{
	if (there)
		return;
	print_message("# skip %s\n", lacking);
	skip();
}

#endif
