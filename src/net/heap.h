/* heap.h - memory for libcurl's start. */
#ifndef CHAINGATE_NET_HEAP_H
#define CHAINGATE_NET_HEAP_H

/* Asks the kernel at once for the pages that OpenSSL, libcurl and c-ares touch before the first answer, in place of one interruption for
 * each. Call it before they start. Only speed depends on its success: it does nothing with another C library than glibc, with an
 * allocator in place of glibc's, or with Linux before 5.14. */
void heap_provide(void);

#endif
