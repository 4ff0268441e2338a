/* heap.c - see heap.h. */
#define _DEFAULT_SOURCE /* madvise, sbrk */
#include "heap.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* What a request takes of the heap, measured: 224 KiB, of which two tables of c-ares are 150; and a policy and its reports, 96. */
#define HEAP_BYTES ((size_t)320 << 10)
/* The first block, so large that the heap must grow for it. From 128 KiB on, glibc's allocator doesn't take a block from the heap. */
#define FIRST_BYTES ((size_t)120 << 10)
/* By how much more than the block the heap grows, then and later. */
#define PAD_BYTES (HEAP_BYTES - FIRST_BYTES)
/* How much may be free at the heap's end before glibc gives it back to the kernel. With its default of 128 KiB, it would give back the first
 * block, and the pages that were just made. */
#define TRIM_BYTES (2 * HEAP_BYTES)
#define PAGE_BYTES ((uintptr_t)4096)
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* not in the headers of Debian 11 */
#endif

void heap_provide(void)
{
	/* Each of them also ends glibc's own adjusting of the size from which a block isn't taken from the heap. With lists of 2.5 MB a run of
	 * 60 polls had as many page faults as without: 2,690 and 2,698. */
	bool grows = mallopt(M_TOP_PAD, (int)PAD_BYTES) && mallopt(M_TRIM_THRESHOLD, (int)TRIM_BYTES);
	char *first = grows ? malloc(FIRST_BYTES) : NULL;
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
