/* key_in_memory.h - searches the memory of a test for a key that the test itself never keeps plainly, and a server, in
 * another process, whose answers contain it.
 */
#ifndef CHAINGATE_TESTS_KEY_IN_MEMORY_H
#define CHAINGATE_TESTS_KEY_IN_MEMORY_H

#include "needs.h"
#include "net_asking.h"
#include "scripted_server.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* The memory of sanitizers has terabytes, and they keep freed memory elsewhere. */
#define CAN_SEARCH !HAS_SANITIZER

/* The key, put together at run time and never kept plainly by the test: each byte is changed by MASK. */
#define MASK 0x55
static const char masked[] = "6459$s0`4n7q9f3z2b8h5v1k";
#define MASKED_LENGTH (sizeof(masked) - 1)

static inline char byte_of(size_t i)
{
	return (char)('0' + (masked[i] ^ MASK) % 43);
}

static inline void put_key(char *out)
{
	for (size_t i = 0; i < MASKED_LENGTH; i++) {
		char byte = byte_of(i);
		out[i] = (byte >= ':' && byte <= '@') ? 'q' : byte;
	}
}

static inline bool is_key(const char *at)
{
	for (size_t i = 0; i < MASKED_LENGTH; i++) {
		char byte = byte_of(i);
		if (at[i] != ((byte >= ':' && byte <= '@') ? 'q' : byte))
			return false;
	}
	return true;
}

struct places {
	size_t locked, plain;
};

/* Counts the copies of the key in the writable memory of this process. */
static inline struct places search(void)
{
	struct places found = {0};
	char line[512];
	FILE *maps = fopen("/proc/self/smaps", "r");
	const char *from = NULL, *end = NULL;
	size_t here = 0;

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps)) {
		unsigned long first, last;
		char rights[8];
		if (sscanf(line, "%lx-%lx %7s", &first, &last, rights) == 3) {
			from = strncmp(rights, "rw", 2) == 0 ? (const char *)first : NULL;
			end = (const char *)last;
			here = 0;
			for (const char *at = from; at && at + MASKED_LENGTH <= end; at++)
				here += is_key(at);
		} else if (from && strncmp(line, "VmFlags:", 8) == 0) {
			*(strstr(line, " lo") ? &found.locked : &found.plain) += here;
		}
	}
	fclose(maps);
	return found;
}

/* Where memory can't be locked, the copies are in ordinary memory, and the test ends with must_lock. */
static inline bool can_lock(void)
{
	struct rlimit limit;
	return getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur >= (rlim_t)1 << 16;
}

/* The stack below: what earlier calls left there. */
static inline void overwrite_stack(void)
{
	char below[256 << 10];
	memory_wipe(below, sizeof(below));
}

static inline void must_lock(void)
{
	needs(can_lock(), "this user may not lock memory: only the number of copies was counted");
}

static inline void expect_copies(size_t most)
{
	overwrite_stack();
	struct places found = search();
	if (!can_lock())
		found = (struct places){.locked = found.locked + found.plain};
	if (found.plain > 0 || found.locked > most || found.locked == 0)
		fail_msg("%zu copies in ordinary memory, %zu in locked memory", found.plain, found.locked);
}

static inline void expect_none(void)
{
	overwrite_stack();
	struct places found = search();
	if (found.plain + found.locked > 0)
		fail_msg("%zu copies in ordinary memory, %zu in locked memory", found.plain, found.locked);
}

/* ---- the server ------------------------------------------------------------------------------------------------- */

/* An answer: `head`, then `count` times the key with `gap` dots behind it, then `tail`. NULL is nothing. */
struct echo {
	const char *head, *tail;
	size_t count, gap;
	enum server_then then;
};

static inline void add_bytes(char *bytes, size_t *length, const char *more)
{
	size_t added = more ? strlen(more) : 0;
	memcpy(bytes + *length, more ? more : "", added);
	*length += added;
}

/* Sends its URL, and serves until `stop` is closed. */
static inline void serve(const struct echo *echo, int url_fd, int stop)
{
	size_t length = 0, size = 4096 + (echo->count + 1) * (MASKED_LENGTH + echo->gap);
	char *bytes = malloc(size), ignored;
	static struct server server;
	if (!bytes)
		_exit(1);
	add_bytes(bytes, &length, echo->head);
	for (size_t i = 0; i < echo->count; i++) {
		put_key(bytes + length);
		memset(bytes + length + MASKED_LENGTH, '.', echo->gap);
		length += MASKED_LENGTH + echo->gap;
	}
	add_bytes(bytes, &length, echo->tail);
	struct reply reply = {.bytes = bytes, .length = length, .then = echo->then};
	server_start(&server, &reply, 1);
	ssize_t sent = write(url_fd, server.url, sizeof(server.url));
	while (sent > 0 && read(stop, &ignored, 1) > 0)
		;
	server_stop(&server);
	_exit(0);
}

struct served {
	char url[64];
	pid_t process;
	int stop;
};

static inline struct served start_echo(const struct echo *echo)
{
	struct served served = {0};
	int ends[2], url[2];
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(pipe(url), 0);
	served.process = fork();
	if (served.process == 0) {
		close(ends[1]);
		serve(echo, url[1], ends[0]);
	}
	close(ends[0]);
	close(url[1]);
	served.stop = ends[1];
	assert_int_equal(read(url[0], served.url, sizeof(served.url)), sizeof(served.url));
	close(url[0]);
	return served;
}

static inline void stop_echo(const struct served *served)
{
	close(served->stop);
	assert_int_equal(waitpid(served->process, NULL, 0), served->process);
}

#endif
