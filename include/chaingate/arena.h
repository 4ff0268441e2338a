/* arena.h - memory that is released all at once.
 *
 * One arena per lifetime: a run, an observation, a report. Allocated memory is zeroed, aligned for any type, and lives
 * until arena_clear or arena_release. Allocation never returns NULL: if memory runs out, the program ends
 * (memory_exhausted). In builds with ARENA_CHECKED (all sanitizer builds) each object is a malloc of its own, so that
 * an overrun shows.
 *
 * `{0}` is an empty arena, ready for use. So is `{.wipes = true}`, for texts that mustn't stay in freed memory.
 */
#ifndef CHAINGATE_ARENA_H
#define CHAINGATE_ARENA_H

#include "chaingate/text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena_block;
struct arena_deferred;

struct arena {
	struct arena_block *blocks;
	struct arena_deferred *deferred; /* objects to release before the blocks */
	bool wipes;                      /* for secrets: overwrite the memory before it is freed */
};

/* Lifetime. arena_clear frees everything and leaves an empty arena; arena_release does the same; call it when the arena
 * isn't needed any more. */
void arena_clear(struct arena *);
void arena_release(struct arena *);

/* Allocating. If `count * size` doesn't fit a size_t, that counts as memory exhausted. A `size` of 0 returns a valid,
 * distinct pointer. */
void *arena_alloc(struct arena *, size_t size);
void *arena_alloc_array(struct arena *, size_t count, size_t size);
#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc_array((arena), (count), sizeof(type)))

/* Calls release(object) when the arena is cleared or released: for memory that a library allocated itself. The object
 * that was deferred last is released first. */
void arena_defer(struct arena *, void (*release)(void *object), void *object);

/* Copying. A NUL follows the copy of a text, so that `.bytes` is a C string if the text contains no NUL. */
struct text arena_text(struct arena *, struct text);
char *arena_string(struct arena *, const char *string);

__attribute__((format(printf, 2, 3))) char *arena_printf(struct arena *, const char *format, ...);
__attribute__((format(printf, 2, 0))) char *arena_vprintf(struct arena *, const char *format, va_list);

/* Grows an array by doubling: makes room for one more element after the `count` elements of `items` (a `type *`), and
 * moves the array within the arena when `*capacity` is reached. Returns the array's address, possibly a new one. The
 * old memory stays allocated, which at worst doubles the arena. */
void *arena_grow(struct arena *, void *items, size_t count, size_t *capacity, size_t item_size);

/* Overwrites memory with zeros, also if the compiler sees that nobody reads it afterwards. */
void memory_wipe(void *bytes, size_t length);

/* Called when memory is exhausted. Prints one line to stderr and exits 70, so the gate fails closed. Declared here
 * because the arena must never return NULL; defined in src/sys. Code that gets NULL from malloc, json-c or libcurl
 * calls it, too. */
_Noreturn void memory_exhausted(void);

#endif
