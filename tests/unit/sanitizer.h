/* sanitizer.h - says whether this build has the address or thread sanitizer. */
#ifndef CHAINGATE_TESTS_SANITIZER_H
#define CHAINGATE_TESTS_SANITIZER_H

#include <stdbool.h>

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

#endif
