/* arena.c - see arena.h. Blocks of growing size, chained; in checked builds a block per object. */
#include "chaingate/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* First block. Most observations of a small chain fit in it. */
#define BLOCK_FIRST ((size_t)16 << 10)
/* Blocks double up to this size, so that a large listing needs few of them and a small one wastes little. */
#define BLOCK_MOST ((size_t)1 << 20)

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	_Alignas(max_align_t) char bytes[];
};

struct arena_deferred {
	struct arena_deferred *next;
	void (*release)(void *object);
	void *object;
};

static struct arena_block *block_new(struct arena *arena, size_t size)
{
	if (size > SIZE_MAX - sizeof(struct arena_block))
		memory_exhausted();
	struct arena_block *block = malloc(sizeof(*block) + size);
	if (!block)
		memory_exhausted();
	*block = (struct arena_block){.next = arena->blocks, .size = size};
	arena->blocks = block;
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	if (size == 0)
		size = 1;
#ifdef ARENA_CHECKED
	(void)align;
	return memset(block_new(arena, size)->bytes, 0, size);
#else
	if (size > SIZE_MAX - align)
		memory_exhausted();
	size = (size + align - 1) / align * align;
	struct arena_block *block = arena->blocks;
	if (!block || block->size - block->used < size) {
		size_t room = block ? block->size * 2 : BLOCK_FIRST;
		if (room > BLOCK_MOST)
			room = BLOCK_MOST;
		block = block_new(arena, room > size ? room : size);
	}
	void *object = block->bytes + block->used;
	block->used += size;
	return memset(object, 0, size); /* not the whole block: most of it is never used */
#endif
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		memory_exhausted();
	return arena_alloc(arena, count * size);
}

void arena_defer(struct arena *arena, void (*release)(void *object), void *object)
{
	struct arena_deferred *deferred = ARENA_NEW(arena, struct arena_deferred);
	*deferred = (struct arena_deferred){arena->deferred, release, object};
	arena->deferred = deferred;
}

void arena_clear(struct arena *arena)
{
	for (; arena->deferred; arena->deferred = arena->deferred->next)
		arena->deferred->release(arena->deferred->object);
	while (arena->blocks) {
		struct arena_block *next = arena->blocks->next;
		if (arena->wipes)
			memory_wipe(arena->blocks->bytes, arena->blocks->size);
		free(arena->blocks);
		arena->blocks = next;
	}
}

void arena_release(struct arena *arena)
{
	arena_clear(arena);
}

void memory_wipe(void *bytes, size_t length)
{
	if (length)
		memset(bytes, 0, length);
	/* The compiler must assume that this reads the bytes. */
	__asm__ volatile("" : : "r"(bytes) : "memory");
}

struct text arena_text(struct arena *arena, struct text text)
{
	if (text.length == SIZE_MAX)
		memory_exhausted();
	char *copy = arena_alloc(arena, text.length + 1);
	if (text.length)
		memcpy(copy, text.bytes, text.length);
	return (struct text){copy, text.length};
}

char *arena_string(struct arena *arena, const char *string)
{
	size_t length = strlen(string);
	char *copy = arena_alloc(arena, length + 1);
	memcpy(copy, string, length);
	return copy;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	if (length < 0)
		memory_exhausted();
	char *string = arena_alloc(arena, (size_t)length + 1);
	vsnprintf(string, (size_t)length + 1, format, again);
	va_end(again);
	return string;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *string = arena_vprintf(arena, format, args);
	va_end(args);
	return string;
}

void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t item_size)
{
	if (count < *capacity)
		return items;
	size_t more = *capacity ? *capacity * 2 : 8;
	if (more < *capacity)
		memory_exhausted();
	void *moved = arena_alloc_array(arena, more, item_size);
	if (count)
		memcpy(moved, items, count * item_size);
	*capacity = more;
	return moved;
}
