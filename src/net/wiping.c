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

/* A sanitizer sees what is done with a block only if the block is from its own malloc. */
#if defined __SANITIZE_ADDRESS__
#define OWN_PAGES false
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define OWN_PAGES false
#endif
#endif
#ifndef OWN_PAGES
#define OWN_PAGES true
#endif

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

static bool has_own_pages(size_t size)
{
	return OWN_PAGES && size >= OWN_PAGES_MIN;
}

static void *allocate(size_t size, bool zeroed)
{
	if (size > SIZE_MAX - sizeof(struct block))
		return NULL;
	size_t whole = sizeof(struct block) + size;
	struct block *block = has_own_pages(size) ? map(whole) : zeroed ? calloc(1, whole) : malloc(whole);
	if (!block)
		return NULL;
	block->size = size;
	return block->bytes;
}

void *wiping_malloc(size_t size)
{
	return allocate(size, false);
}

void *wiping_calloc(size_t count, size_t size)
{
	return size && count > SIZE_MAX / size ? NULL : allocate(count * size, true);
}

static char *strdup_wiped(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = allocate(size, false);

	return copy ? memcpy(copy, text, size) : NULL;
}

void wiping_free(void *bytes)
{
	if (!bytes)
		return;
	struct block *block = block_of(bytes);
	if (has_own_pages(block->size) && munmap(block, sizeof(*block) + block->size) == 0)
		return;
	memory_wipe(bytes, block->size);
	if (!has_own_pages(block->size))
		free(block);
}

void *wiping_realloc(void *bytes, size_t size)
{
	void *moved = size || !bytes ? allocate(size, false) : NULL;
	size_t before = bytes ? block_of(bytes)->size : 0;

	if (size && !moved)
		return NULL;
	if (moved && bytes)
		memcpy(moved, bytes, before < size ? before : size);
	wiping_free(bytes);
	return moved;
}

CURLcode wiping_start(void)
{
	return curl_global_init_mem(CURL_GLOBAL_DEFAULT, wiping_malloc, wiping_free, wiping_realloc, strdup_wiped,
				    wiping_calloc);
}
