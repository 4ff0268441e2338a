/* files.c - reads whole files, and gets facts about the file system and the host.
 *
 * Nothing here waits for ever for another process: it gives up on a reader that has stopped reading, and a signal ends
 * the wait for a writer that doesn't write.
 */
#include "chaingate/files.h"

#include "chaingate/buf.h"
#include "chaingate/clock.h"
#include "chaingate/signals.h"
#include "chaingate/times.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes per read; more saves no time. */
#define READ_CHUNK 65536
/* Bytes per write to anything but a regular file. If poll says that a pipe is writable, it takes this many without
 * blocking, even if it is in blocking mode. That is the usual mode, and it can't be changed here because all
 * processes that share the pipe would be affected. */
#define WRITE_CHUNK ((size_t)_POSIX_PIPE_BUF)
/* After that time a write that found no room, though poll reported some, is tried again. */
#define ROOM_AGAIN_MS 20
/* Longest working directory. Linux's PATH_MAX limits a path given to the system, but not how deep a directory can
 * be. */
#define DIRECTORY_MAX ((size_t)1 << 20)
/* Longest name of a host that POSIX allows, with the NUL. */
#define HOST_NAME_SIZE 256

static bool fail(int number, const char **why)
{
	*why = strerror(number);
	return false;
}

/* Waits until a read won't block. False with errno if a signal asked us to stop, even one that came just before the
 * wait: signals are blocked until the wait itself lets them through. */
static bool wait_readable(int fd)
{
	sigset_t all, before;
	fd_set watched;
	bool ready = false;

	if (fd >= FD_SETSIZE) /* it is among the first descriptors that this process opened, so this can't happen */
		return true;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	errno = EINTR;
	while (!ready && errno == EINTR && !signals_caught()) {
		FD_ZERO(&watched);
		FD_SET(fd, &watched);
		ready = pselect(fd + 1, &watched, NULL, NULL, NULL, &before) > 0;
	}
	int number = errno;
	sigprocmask(SIG_SETMASK, &before, NULL);
	errno = number;
	return ready;
}

/* Reads everything, at most the buffer's limit, into `content`, through `chunk`. */
static bool read_through(int fd, bool regular, char chunk[READ_CHUNK], struct buf *content, const char **why)
{
	for (;;) {
		if (!regular && !wait_readable(fd))
			return fail(errno, why);
		ssize_t got = read(fd, chunk, READ_CHUNK);
		if (got == 0)
			return true;
		if (got < 0 && errno != EINTR && errno != EAGAIN)
			return fail(errno, why);
		if (got > 0 && !buf_add(content, (struct text){chunk, (size_t)got}))
			return fail(EFBIG, why);
	}
}

static bool read_all(int fd, bool regular, struct buf *content, const char **why)
{
	char chunk[READ_CHUNK];
	bool whole = read_through(fd, regular, chunk, content, why);

	if (content->wipes)
		memory_wipe(chunk, sizeof(chunk));
	return whole;
}

static bool read_descriptor(struct arena *arena, int fd, size_t limit, struct text *out, const char **why)
{
	struct stat status;
	struct buf content = buf_make(limit);
	bool whole;

	content.wipes = arena->wipes;
	if (fstat(fd, &status) < 0)
		return fail(errno, why);
	if (S_ISDIR(status.st_mode))
		return fail(EISDIR, why);
	if (S_ISREG(status.st_mode) && (uintmax_t)status.st_size > limit)
		return fail(EFBIG, why);
	whole = read_all(fd, S_ISREG(status.st_mode), &content, why);
	if (whole)
		*out = arena_text(arena, buf_text(&content));
	buf_release(&content);
	return whole;
}

bool file_read(struct arena *arena, const char *path, size_t limit, struct text *out, const char **why)
{
	bool done;
	int fd;

	if (strcmp(path, "-") == 0)
		return read_descriptor(arena, STDIN_FILENO, limit, out, why);
	/* Opening a FIFO would wait for a writer, and no signal would end that, because system calls are restarted.
	 * With O_NONBLOCK only the reading waits. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return fail(errno, why);
	done = read_descriptor(arena, fd, limit, out, why);
	close(fd);
	return done;
}

/* Waits until `fd` takes bytes, at most until `until_ns`. */
static bool wait_writable(int fd, int64_t until_ns, const char **why)
{
	struct pollfd watched = {.fd = fd, .events = POLLOUT};

	for (;;) {
		int64_t left_ns = until_ns - clock_monotonic_ns();
		int64_t left_ms = left_ns <= 0 ? 0 : (left_ns - 1) / NS_PER_MS + 1;
		int ready = poll(&watched, 1, left_ms > INT_MAX ? INT_MAX : (int)left_ms);

		if (ready > 0) /* also for an error: the write will report it */
			return true;
		if (ready < 0 && errno != EINTR)
			return fail(errno, why);
		if (ready == 0 && left_ns <= 0) {
			*why = "nobody reads it";
			return false;
		}
	}
}

/* poll reports a terminal's room for one byte, and a line end needs two: waits a moment, unless it is `until_ns`. */
static bool wait_for_room(int fd, int64_t until_ns, const char **why)
{
	struct pollfd watched = {.fd = fd, .events = 0};

	if (clock_monotonic_ns() >= until_ns) {
		*why = "nobody reads it";
		return false;
	}
	poll(&watched, 1, ROOM_AGAIN_MS);
	return true;
}

bool fd_takes(int fd)
{
	struct pollfd watched = {.fd = fd, .events = POLLOUT};

	return poll(&watched, 1, 0) > 0; /* also for an error: the write will report it */
}

bool fd_write(int fd, struct text content, int64_t patience_ns, const char **why)
{
	int64_t until_ns = time_add(clock_monotonic_ns(), patience_ns > 0 ? patience_ns : 0);
	struct stat status;
	size_t done = 0;
	bool regular;

	if (fstat(fd, &status) < 0)
		return fail(errno, why);
	regular = S_ISREG(status.st_mode);
	while (done < content.length) {
		size_t left = content.length - done;
		ssize_t written;

		if (!regular && !wait_writable(fd, until_ns, why))
			return false;
		written = write(fd, content.bytes + done, regular || left < WRITE_CHUNK ? left : WRITE_CHUNK);
		if (written < 0 && errno == EAGAIN) {
			if (!wait_for_room(fd, until_ns, why))
				return false;
			continue;
		}
		if (written < 0 && errno != EINTR)
			return fail(errno, why);
		if (written == 0)
			return fail(EIO, why);
		if (written > 0)
			done += (size_t)written;
	}
	return true;
}

bool fd_write_now(int fd, struct text content, size_t *done, const char **why)
{
	struct stat status;
	bool regular = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);

	for (*done = 0; *done < content.length && (regular || fd_takes(fd));) {
		size_t left = content.length - *done;
		ssize_t written = write(fd, content.bytes + *done, regular || left < WRITE_CHUNK ? left : WRITE_CHUNK);

		if (written == 0)
			return fail(EIO, why);
		if (written < 0 && errno == EAGAIN)
			return true;
		if (written < 0 && errno != EINTR)
			return fail(errno, why);
		if (written > 0)
			*done += (size_t)written;
	}
	return true;
}

const char *file_working_directory(struct arena *arena)
{
	for (size_t size = 256; size <= DIRECTORY_MAX; size *= 2) {
		char *directory = arena_alloc(arena, size);

		if (getcwd(directory, size))
			/* Linux returns "(unreachable)/…" for a directory outside the root. */
			return directory[0] == '/' ? directory : NULL;
		if (errno != ERANGE)
			return NULL;
	}
	return NULL;
}

const char *host_name(struct arena *arena)
{
	char name[HOST_NAME_SIZE] = "";

	if (gethostname(name, sizeof(name)) != 0 || !name[0] || !memchr(name, '\0', sizeof(name)))
		return arena_string(arena, "localhost");
	return arena_string(arena, name);
}
