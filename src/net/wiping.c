/* wiping.c - see wiping.h. Each block's size is kept in front of it. malloc_usable_size would tell the size, too, but not
 * on every system, and nonsense where another allocator is preloaded that doesn't replace it. */
#include "wiping.h"

#include "chaingate/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct block {
	size_t size; /* of the bytes */
	_Alignas(max_align_t) char bytes[];
};

static struct block *block_of(void *bytes)
{
	return (struct block *)((char *)bytes - offsetof(struct block, bytes));
}

static void *allocate(size_t size, bool zeroed)
{
	if (size > SIZE_MAX - sizeof(struct block))
		return NULL;
	struct block *block = zeroed ? calloc(1, sizeof(*block) + size) : malloc(sizeof(*block) + size);
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
	memory_wipe(bytes, block_of(bytes)->size);
	free(block_of(bytes));
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
