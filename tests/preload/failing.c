/* failing.c - a preloaded library that makes one call of the C library fail, or sends a signal at that call.
 *
 * Calls are counted from the program's start: malloc, calloc and realloc together as "allocation"; write, read, open,
 * rename, fsync and close each by its own name. A test that tries every number causes a failure, or a signal, at every
 * moment of a run, without a clock.
 *
 *   FAILING_CALL=allocation   which call; `any` counts all calls, and fails none; use it for signals
 *   FAILING_AT=N              the N-th such call, counted from 1, fails …
 *   FAILING_ERRNO=ENOSPC      … with this error: ENOSPC, EINTR or EIO; default EIO (an allocation always gets ENOMEM)
 *   FAILING_AGAIN=1           not only the N-th, but each N-th of these calls fails
 *   FAILING_SHORT=1           each write and each read handles at most half of the bytes, but at least one
 *   FAILING_SIGNAL=N          instead of failing, the call sends this signal to the process
 *   FAILING_COUNT=FILE        at its end, the process writes the number of calls to this file
 *
 * On SIGSEGV, SIGBUS and SIGABRT it writes the stack to stderr, one "failing: FILE(FUNCTION+OFFSET)" a line, and the
 * process dies of the signal. It isn't thread-safe: the program under test has one thread.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXPORTED __attribute__((visibility("default")))

enum call {
	CALL_ALLOCATION,
	CALL_WRITE,
	CALL_READ,
	CALL_OPEN,
	CALL_RENAME,
	CALL_FSYNC,
	CALL_CLOSE,
	CALL_ANY,
	CALL_COUNT
};

static const char *const names[CALL_COUNT] = {"allocation", "write", "read", "open", "rename", "fsync", "close", "any"};

static enum call chosen = CALL_COUNT;
static unsigned long chosen_at, count;
static int chosen_errno = EIO, chosen_signal;
static bool again, is_short;
static bool is_quiet; /* true while this library itself makes calls, which don't count */

/* Memory that dlsym allocates before the real functions are known. */
static char early[16384];
static size_t early_used;

static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);
static void (*real_free)(void *);

/* dlsym returns functions as pointers to objects. */
static void find(void *function, const char *name)
{
	*(void **)function = dlsym(RTLD_NEXT, name);
}

static void find_allocators(void)
{
	static bool is_finding;
	if (real_free || is_finding)
		return;
	is_finding = true;
	find(&real_malloc, "malloc");
	find(&real_calloc, "calloc");
	find(&real_realloc, "realloc");
	find(&real_free, "free");
	is_finding = false;
}

static void *take_early(size_t size)
{
	size_t needed = (size + 15) / 16 * 16;
	if (needed > sizeof early - early_used)
		_exit(99);
	void *taken = early + early_used;
	early_used += needed;
	return taken;
}

static bool is_early(const void *at)
{
	return (const char *)at >= early && (const char *)at < early + sizeof early;
}

/* Is this the call that fails? If a signal was requested, sends it instead. */
static bool fails(enum call call)
{
	if (is_quiet || (call != chosen && chosen != CALL_ANY))
		return false;
	count++;
	if (count != chosen_at && !(again && chosen_at && count % chosen_at == 0))
		return false;
	if (chosen_signal) {
		raise(chosen_signal);
		return false;
	}
	errno = call == CALL_ALLOCATION ? ENOMEM : chosen_errno;
	return chosen != CALL_ANY;
}

/* ---- the calls -------------------------------------------------------------------------------------------------- */

EXPORTED void *malloc(size_t size)
{
	find_allocators();
	if (!real_malloc)
		return take_early(size);
	return fails(CALL_ALLOCATION) ? NULL : real_malloc(size);
}

EXPORTED void *calloc(size_t number, size_t size)
{
	find_allocators();
	if (!real_calloc)
		return take_early(number * size);
	return fails(CALL_ALLOCATION) ? NULL : real_calloc(number, size);
}

EXPORTED void *realloc(void *old, size_t size)
{
	find_allocators();
	if (is_early(old)) {
		void *moved = real_malloc ? real_malloc(size) : take_early(size);
		return moved ? memcpy(moved, old, size) : NULL;
	}
	return fails(CALL_ALLOCATION) ? NULL : real_realloc(old, size);
}

EXPORTED void free(void *old)
{
	find_allocators();
	if (!is_early(old) && real_free)
		real_free(old);
}

static size_t shortened(size_t size)
{
	return is_short && !is_quiet && size > 1 ? size / 2 : size;
}

EXPORTED ssize_t write(int fd, const void *bytes, size_t size)
{
	static ssize_t (*real)(int, const void *, size_t);
	if (!real)
		find(&real, "write");
	return fails(CALL_WRITE) ? -1 : real(fd, bytes, shortened(size));
}

EXPORTED ssize_t read(int fd, void *bytes, size_t size)
{
	static ssize_t (*real)(int, void *, size_t);
	if (!real)
		find(&real, "read");
	return fails(CALL_READ) ? -1 : real(fd, bytes, shortened(size));
}

EXPORTED int open(const char *path, int flags, ...)
{
	static int (*real)(const char *, int, ...);
	va_list rest;
	va_start(rest, flags);
	mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
	va_end(rest);
	if (!real)
		find(&real, "open");
	return fails(CALL_OPEN) ? -1 : real(path, flags, mode);
}

EXPORTED int rename(const char *from, const char *to)
{
	static int (*real)(const char *, const char *);
	if (!real)
		find(&real, "rename");
	return fails(CALL_RENAME) ? -1 : real(from, to);
}

EXPORTED int fsync(int fd)
{
	static int (*real)(int);
	if (!real)
		find(&real, "fsync");
	return fails(CALL_FSYNC) ? -1 : real(fd);
}

/* As on Linux, the descriptor is closed even if the call fails. */
EXPORTED int close(int fd)
{
	static int (*real)(int);
	if (!real)
		find(&real, "close");
	bool is_failing = fails(CALL_CLOSE);
	int error = errno, result = real(fd);
	if (!is_failing)
		return result;
	errno = error;
	return -1;
}

/* ---- beginning and end ------------------------------------------------------------------------------------------ */

static void show_stack(int number)
{
	void *frames[40];
	is_quiet = true;
	int depth = backtrace(frames, 40);
	backtrace_symbols_fd(frames, depth, STDERR_FILENO);
	signal(number, SIG_DFL);
	raise(number);
}

static int error_of(const char *name)
{
	return !name ? EIO : strcmp(name, "ENOSPC") == 0 ? ENOSPC : strcmp(name, "EINTR") == 0 ? EINTR : EIO;
}

static void read_settings(void)
{
	const char *call = getenv("FAILING_CALL"), *at = getenv("FAILING_AT"), *number = getenv("FAILING_SIGNAL");
	chosen = CALL_COUNT;
	again = getenv("FAILING_AGAIN") != NULL;
	is_short = getenv("FAILING_SHORT") != NULL;
	chosen_errno = error_of(getenv("FAILING_ERRNO"));
	chosen_signal = number ? atoi(number) : 0;
	chosen_at = at ? strtoul(at, NULL, 10) : 0;
	for (int i = 0; call && i < CALL_COUNT; i++)
		if (strcmp(call, names[i]) == 0)
			chosen = (enum call)i;
	count = 0;
}

/* With many runs in one process, each child puts its own settings into its environment. */
EXPORTED int putenv(char *assignment)
{
	static int (*real)(char *);
	if (!real)
		find(&real, "putenv");
	int result = real(assignment);
	if (strncmp(assignment, "FAILING_", 8) == 0)
		read_settings();
	return result;
}

__attribute__((constructor)) static void begin(void)
{
	void *frame[1];
	find_allocators();
	backtrace(frame, 1); /* the first call loads a library */
	signal(SIGSEGV, show_stack);
	signal(SIGBUS, show_stack);
	signal(SIGABRT, show_stack);
	read_settings();
}

static void note_count(void)
{
	const char *path = getenv("FAILING_COUNT");
	is_quiet = true;
	FILE *file = path ? fopen(path, "w") : NULL;
	if (!file)
		return;
	fprintf(file, "%lu\n", count);
	fclose(file);
}

__attribute__((noreturn)) EXPORTED void _exit(int code)
{
	static void (*real)(int) __attribute__((noreturn));
	if (!real)
		find(&real, "_exit");
	note_count();
	real(code);
}
