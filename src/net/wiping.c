/* wiping.c - see wiping.h. Each block's size is kept in front of it. malloc_usable_size would tell the size, too, but not
 * on every system, and nonsense where another allocator is preloaded that doesn't replace it. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS: in POSIX since 2024, in the C libraries for a long time */
#include "wiping.h"

#include "chaingate/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* A block of this size has pages of its own. The kernel takes them back and clears them before anybody gets them, so nothing has to be
 * overwritten. To overwrite libcurl's buffer for an answer made all the pages of it to which nothing had been written. */
#define OWN_PAGES_MIN ((size_t)64 << 10)

struct block {
	size_t size; /* of the bytes */
	_Alignas(max_align_t) char bytes[];
};

static struct block *block_of(void *bytes)
{
	return (struct block *)((char *)bytes - offsetof(struct block, bytes));
}

static struct block *map(size_t size)
{
	void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return pages == MAP_FAILED ? NULL : pages;
}

static void *allocate(size_t size, bool zeroed)
{
	if (size > SIZE_MAX - sizeof(struct block))
		return NULL;
	size_t whole = sizeof(struct block) + size;
	struct block *block = size >= OWN_PAGES_MIN ? map(whole) : zeroed ? calloc(1, whole) : malloc(whole);
	if (!block)
		return NULL;
	block->size = size;
	return block->bytes;
}

static void *malloc_wiped(size_t size)
{
	return allocate(size, false);
}

static void *calloc_wiped(size_t count, size_t size)
{
	return size && count > SIZE_MAX / size ? NULL : allocate(count * size, true);
}

static char *strdup_wiped(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = allocate(size, false);

	return copy ? memcpy(copy, text, size) : NULL;
}

static void free_wiped(void *bytes)
{
	if (!bytes)
		return;
	struct block *block = block_of(bytes);
	if (block->size >= OWN_PAGES_MIN && munmap(block, sizeof(*block) + block->size) == 0)
		return;
	memory_wipe(bytes, block->size);
	if (block->size < OWN_PAGES_MIN)
		free(block);
}

static void *realloc_wiped(void *bytes, size_t size)
{
	void *moved = size || !bytes ? allocate(size, false) : NULL;
	size_t before = bytes ? block_of(bytes)->size : 0;

	if (size && !moved)
		return NULL;
	if (moved && bytes)
		memcpy(moved, bytes, before < size ? before : size);
	free_wiped(bytes);
	return moved;
}

CURLcode wiping_start(void)
{
	return curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc_wiped, free_wiped, realloc_wiped, strdup_wiped,
				    calloc_wiped);
}
