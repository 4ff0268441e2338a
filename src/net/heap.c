/* heap.c - see heap.h. */
#define _DEFAULT_SOURCE /* madvise, sbrk */
#include "heap.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* What a request takes of the heap, measured: 424 KiB, of which two tables of c-ares are 150 and OpenSSL's error texts 100. */
#define HEAP_BYTES (448 << 10)
/* From 128 KiB on, glibc's allocator doesn't take a block from the heap. */
#define FIRST_BYTES ((size_t)120 << 10)
#define PAGE_BYTES ((uintptr_t)4096)
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* not in the headers of Debian 11 */
#endif

void heap_provide(void)
{
	/* From now on the heap grows by so much at once. */
	char *first = mallopt(M_TOP_PAD, HEAP_BYTES) ? malloc(FIRST_BYTES) : NULL;
	size_t to_page = PAGE_BYTES - (uintptr_t)first % PAGE_BYTES;
	uintptr_t begin = (uintptr_t)first + to_page, end = (uintptr_t)sbrk(0);
	int ignored = 0;

	/* Another allocator's block is elsewhere. */
	if (first && begin < end && end - begin <= HEAP_BYTES + 2 * FIRST_BYTES)
		ignored = madvise(first + to_page, end - begin, MADV_POPULATE_WRITE);
	(void)ignored;
	free(first);
}
#else
void heap_provide(void)
{
}
#endif
