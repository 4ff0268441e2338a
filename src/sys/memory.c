/* memory.c - memory for secrets (secret.h), and the end of the program when memory runs out.
 *
 * The end is in this room, not beside the arena, because it writes and exits. It must not allocate, so it uses write()
 * and not stdio; and it must not run functions registered with atexit, which might go on as if nothing had happened.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS: in POSIX since 2024, in the C libraries for a long time; mincore */

#include "chaingate/secret.h"

#include "chaingate/arena.h"

#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

/* At the beginning of a secret's first page. */
struct secret {
	struct secret *next;
	size_t size; /* of the pages */
	_Alignas(max_align_t) char bytes[];
};

/* Global, because a signal handler and memory_exhausted overwrite the secrets, too. */
static struct secret *volatile secrets;

void secrets_settle(void)
{
	struct rlimit none = {0, 0};
	int ignored = setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
	/* A program that collects cores gets them whatever the limit is. */
	ignored = prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
#endif
	(void)ignored;
}

void *secret_alloc(size_t size)
{
	long page = sysconf(_SC_PAGESIZE);
	size_t pages, unit = page > 0 ? (size_t)page : 4096;

	if (size > SIZE_MAX / 2)
		memory_exhausted();
	pages = (sizeof(struct secret) + size + unit - 1) / unit * unit;
	struct secret *secret = mmap(NULL, pages, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (secret == MAP_FAILED)
		memory_exhausted();
	/* Without the right to lock memory, or above the limit, it is ordinary memory. */
	int ignored = mlock(secret, pages);
#ifdef MADV_DONTDUMP
	ignored = madvise(secret, pages, MADV_DONTDUMP); /* root may still ask a debugger for a core */
#endif
	(void)ignored;
	secret->size = pages;
	secret->next = secrets;
	/* A signal's handler may follow the chain from now on. */
	atomic_signal_fence(memory_order_release);
	secrets = secret;
	return secret->bytes;
}

static void wipe(struct secret *secret)
{
	memory_wipe(secret->bytes, secret->size - offsetof(struct secret, bytes));
}

void secret_free(void *bytes)
{
	struct secret *before = NULL, *secret = secrets;

	while (secret && secret->bytes != bytes) {
		before = secret;
		secret = secret->next;
	}
	if (!secret)
		return;
	if (before)
		before->next = secret->next;
	else
		secrets = secret->next;
	wipe(secret);
	munmap(secret, secret->size);
}

void secrets_wipe(void)
{
	for (struct secret *secret = secrets; secret; secret = secret->next)
		wipe(secret);
}

/* ---- large blocks ----------------------------------------------------------------------------------------------- */

#ifdef __linux__

/* From this size on the question which pages exist is cheaper than making four of them. */
#define LARGE_BYTES ((size_t)64 << 10)
/* How many pages are asked about at once: a call for 512 KiB. */
#define PAGES_AT_ONCE 128

/* Overwrites what is between `bytes` and `end` of the pages from `first` on that exist. */
static void wipe_pages(char *first, const unsigned char *exists, size_t unit, char *bytes, char *end)
{
	for (size_t i = 0; i < PAGES_AT_ONCE && first + i * unit < end; i++) {
		char *from = first + i * unit < bytes ? bytes : first + i * unit;
		char *to = end - first < (ptrdiff_t)((i + 1) * unit) ? end : first + (i + 1) * unit;
		if (exists[i] & 1)
			memory_wipe(from, (size_t)(to - from));
	}
}

void memory_wipe_touched(void *bytes, size_t length)
{
	long page = sysconf(_SC_PAGESIZE);
	size_t unit = page > 0 ? (size_t)page : 0;
	char *at = bytes, *end = at + length;

	while (unit && length >= LARGE_BYTES && at < end) {
		unsigned char exists[PAGES_AT_ONCE];
		char *first = at - (uintptr_t)at % unit;
		size_t window =
			(size_t)(end - first) < PAGES_AT_ONCE * unit ? (size_t)(end - first) : PAGES_AT_ONCE * unit;
		/* A page that was swapped out counts as one that doesn't exist; overwriting it wouldn't reach the disk. */
		if (mincore(first, window, exists) != 0)
			break;
		wipe_pages(first, exists, unit, at, first + window);
		at = first + window;
	}
	memory_wipe(at, (size_t)(end - at));
}

#else

void memory_wipe_touched(void *bytes, size_t length)
{
	memory_wipe(bytes, length);
}

#endif

/* ---- the end ---------------------------------------------------------------------------------------------------- */

/* EX_SOFTWARE of sysexits.h, the gate's code for "could not decide": no pipeline takes it for a pass. */
#define EXIT_MEMORY 70

void memory_exhausted(void)
{
	static const char message[] = "chaingate: out of memory\n";

	/* If this fails, too, there is nobody left to tell. */
	ssize_t written = write(STDERR_FILENO, message, sizeof(message) - 1);
	(void)written;
	secrets_wipe();
	_exit(EXIT_MEMORY);
}
