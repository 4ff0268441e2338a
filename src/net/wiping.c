/* wiping.c - see wiping.h. The C library knows how large a piece of memory is; where it doesn't tell, libcurl's own
 * calls are used. */
#include "wiping.h"

#include "chaingate/arena.h"

#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <malloc.h>

static void free_wiped(void *memory)
{
	if (memory)
		memory_wipe(memory, malloc_usable_size(memory));
	free(memory);
}

static void *realloc_wiped(void *memory, size_t size)
{
	void *moved = size ? malloc(size) : NULL;
	size_t before = memory ? malloc_usable_size(memory) : 0;

	if (size && !moved)
		return NULL;
	if (moved && memory)
		memcpy(moved, memory, before < size ? before : size);
	free_wiped(memory);
	return moved;
}

CURLcode wiping_start(void)
{
	return curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, free_wiped, realloc_wiped, strdup, calloc);
}

#else

CURLcode wiping_start(void)
{
	return curl_global_init(CURL_GLOBAL_DEFAULT);
}

#endif
