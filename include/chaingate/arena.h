/* arena.h - memory that is released all at once.
 *
 * One arena per lifetime: a run, an observation, a report. What is allocated is zeroed, aligned for any type, and
 * lives until arena_clear or arena_release. Allocation never returns NULL: without memory the programme ends, see
 * memory_exhausted. In builds with ARENA_CHECKED (all sanitizer builds) each object is a malloc of its own, so that an
 * overrun shows.
 *
 * `{0}` is an empty arena, ready for use.
 */
#ifndef CHAINGATE_ARENA_H
#define CHAINGATE_ARENA_H

#include "chaingate/text.h"

#include <stddef.h>

struct arena_block;
struct arena_deferred;

struct arena {
	struct arena_block *blocks;
	struct arena_deferred *deferred; /* what is to be released before the blocks are */
};

/* Life. Clear releases everything allocated and leaves an empty arena; release does the same and says it is the end. */
void arena_clear(struct arena *);
void arena_release(struct arena *);

/* Allocating. `count * size` that doesn't fit a size_t is treated as memory exhausted. `size` of 0 gives a valid,
 * distinct pointer. */
void *arena_alloc(struct arena *, size_t size);
void *arena_alloc_array(struct arena *, size_t count, size_t size);
#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc_array((arena), (count), sizeof(type)))

/* Calls release(object) when the arena is cleared or released: for what a library allocated by itself. The last deferred is called first. */
void arena_defer(struct arena *, void (*release)(void *object), void *object);

/* Copying. The copy of a text has a NUL behind it, so that `.bytes` is a C string where the text holds no NUL. */
struct text arena_text(struct arena *, struct text);
char *arena_string(struct arena *, const char *string);

/* printf into the arena. */
__attribute__((format(printf, 2, 3))) char *arena_printf(struct arena *, const char *format, ...);

/* Growing an array by doubling: makes room for one more element behind `*count` in `items` (a `type *`), moving it
 * within the arena when `*capacity` is reached. Gives the array's place, possibly new. The old place stays allocated,
 * which at worst doubles the arena. */
void *arena_grow(struct arena *, void *items, size_t count, size_t *capacity, size_t item_size);

/* Called when memory is exhausted. Declared here because the arena must never return NULL, defined in src/sys, which
 * prints one line to stderr and exits 70: the gate fails closed. Code that gets NULL from malloc, json-c or
 * libcurl calls it too. */
_Noreturn void memory_exhausted(void);

#endif
