/* memory.c - memory for secrets (secret.h), and the end of the program when memory runs out.
 *
 * The end is in this room, not beside the arena, because it writes and exits. It must not allocate, so it uses write()
 * and not stdio; and it must not run functions registered with atexit, which might go on as if nothing had happened.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS: in POSIX since 2024, in the C libraries for a long time */

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
