/* file_write.c - writes a file so that it is either complete or absent.
 *
 * A half-written report is worse than none, because a consumer would read it. So the content goes to a temporary
 * file in the same directory. When all of it is on the disk, that file replaces the target in one step.
 */
#include "file_trust.h"

#include "chaingate/clock.h"
#include "chaingate/files.h"
#include "chaingate/times.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* How many names are tried for the temporary file. They have 64 random bits, so even a second try means that
 * something else is wrong. */
#define NAMES_MAX 8
/* How often to check a named pipe that nobody has opened for reading yet. */
#define PIPE_LOOK_NS (10 * NS_PER_MS)

static bool fail(int number, const char **why)
{
	*why = strerror(number);
	return false;
}

bool file_make_parents(struct arena *arena, const char *path, const char **why)
{
	char *parent = arena_string(arena, path);

	for (char *at = parent + 1; *parent && *at; at++) {
		if (*at != '/' || at[-1] == '/')
			continue;
		*at = '\0';
		/* What was made may lead to another user's link: `new/../link/report`. */
		if (!file_is_trusted(parent, why))
			return false;
		/* If something exists already, it may not be a directory: using it will show that. */
		if (mkdir(parent, 0777) < 0 && errno != EEXIST && errno != EISDIR && errno != EROFS && errno != EACCES)
			return fail(errno, why);
		*at = '/';
	}
	return true;
}

/* Creates a new file beside `target`, under an unused name. The name doesn't contain the target's, which may already
 * have the maximal length. Returns -1 with errno if it fails. */
static int open_temporary(struct arena *arena, const char *target, const char **out_name)
{
	/* Several of this process may exist at once, and in virtual time all random numbers can be equal. */
	static unsigned made;

	for (int i = 0; i < NAMES_MAX; i++) {
		const char *name = arena_printf(arena, "%.*s.chaingate-%08x%08x-%u.tmp", (int)directory_length(target),
						target, (unsigned)clock_random(), (unsigned)clock_random(), ++made);
		int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);

		if (fd >= 0) {
			*out_name = name;
			return fd;
		}
		if (errno != EEXIST && errno != EINTR)
			return -1;
	}
	return -1;
}

/* Gives the new file the old one's attributes, but no bits that make it a program with other rights. The owner is kept
 * only if that is permitted; otherwise the file is ours, like any new one. */
static bool keep_attributes(int fd, const struct stat *old, const char **why)
{
	struct stat made;

	if (fstat(fd, &made) < 0)
		return fail(errno, why);
	if (made.st_uid != old->st_uid || made.st_gid != old->st_gid) {
		int given = fchown(fd, old->st_uid, old->st_gid);
		(void)given;
	}
	if (fchmod(fd, old->st_mode & 0777) < 0)
		return fail(errno, why);
	return true;
}

/* Some file systems can't sync, and return EINVAL: nothing better is possible there. */
static bool sync_file(int fd, const char **why)
{
	int done;

	do
		done = fsync(fd);
	while (done < 0 && errno == EINTR);
	return done == 0 || errno == EINVAL || fail(errno, why);
}

/* A full disk may only be reported by close. After EINTR the descriptor is closed, and the bytes were synced before. */
static bool close_file(int fd, const char **why)
{
	return close(fd) == 0 || errno == EINTR || fail(errno, why);
}

/* Fills the temporary file; closes it in any case. */
static bool fill_temporary(int fd, struct text content, const struct stat *old, bool synced, const char **why)
{
	const char *ignored;
	bool filled = (!old || keep_attributes(fd, old, why)) && fd_write(fd, content, FD_PATIENCE_NS, why) &&
		      (!synced || sync_file(fd, why));

	return close_file(fd, filled ? why : &ignored) && filled;
}

/* `old`: the status of the existing file, or NULL. */
static bool prepare(struct arena *arena, const char *path, struct text content, const struct stat *old, bool synced,
		    struct file_ready *out, const char **why)
{
	int fd, flags;
	const char *temporary = NULL, *target = file_trusted(arena, path, &flags, why);

	if (!target)
		return false;
	if (target[directory_length(target)] == '\0')
		return fail(*target ? EISDIR : ENOENT, why);
	/* Renaming would replace a file that its owner has write-protected. */
	if (old && access(target, W_OK) < 0)
		return fail(errno, why);
	fd = open_temporary(arena, target, &temporary);
	if (fd < 0 && errno == ENOENT) {
		if (!file_make_parents(arena, target, why) || !(target = file_trusted(arena, target, &flags, why)))
			return false;
		fd = open_temporary(arena, target, &temporary);
	}
	if (fd < 0)
		return fail(errno, why);
	*out = (struct file_ready){temporary, target};
	if (fill_temporary(fd, content, old, synced, why))
		return true;
	unlink(temporary);
	return false;
}

bool file_put(const struct file_ready *ready, const char **why)
{
	if (rename(ready->temporary, ready->target) == 0)
		return true;
	fail(errno, why);
	unlink(ready->temporary);
	return false;
}

void file_discard(const struct file_ready *ready)
{
	unlink(ready->temporary);
}

static bool replace(struct arena *arena, const char *path, struct text content, const struct stat *old, bool synced,
		    const char **why)
{
	struct file_ready ready;

	return prepare(arena, path, content, old, synced, &ready, why) && file_put(&ready, why);
}

bool file_prepare(struct arena *arena, const char *path, struct text content, struct file_ready *out, const char **why)
{
	struct stat status;
	bool there = stat(path, &status) == 0;

	if (there && S_ISDIR(status.st_mode))
		return fail(EISDIR, why);
	return prepare(arena, path, content, there ? &status : NULL, true, out, why);
}

/* Opens a file that isn't regular, with a limit on the wait for a named pipe's reader. -1 with errno. */
static int open_in_place(const char *path, int flags, bool is_pipe, int64_t until_ns)
{
	struct timespec pause = {.tv_nsec = PIPE_LOOK_NS};

	for (;;) {
		int fd = open(path, flags | O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

		if (fd >= 0)
			return fd;
		if (errno != EINTR && (errno != ENXIO || !is_pipe))
			return -1;
		if (clock_monotonic_ns() >= until_ns)
			return -1;
		nanosleep(&pause, NULL);
	}
}

static bool write_in_place(struct arena *arena, const char *path, struct text content, mode_t mode, int64_t patience_ns,
			   const char **why)
{
	bool is_pipe = S_ISFIFO(mode);
	int64_t until_ns = time_add(clock_monotonic_ns(), patience_ns > 0 ? patience_ns : 0);
	int fd, flags;
	const char *ignored, *target = file_trusted(arena, path, &flags, why);
	bool written;

	if (!target)
		return false;
	fd = open_in_place(target, S_ISREG(mode) ? flags | O_TRUNC : flags, is_pipe, until_ns);

	if (fd < 0 && errno == ENXIO && is_pipe) {
		*why = "nobody reads it";
		return false;
	}
	if (fd < 0)
		return fail(errno, why);
	written = fd_write(fd, content, until_ns - clock_monotonic_ns(), why);
	return close_file(fd, written ? why : &ignored) && written;
}

/* The descriptor, 1 or 2, whose file a path leads to, or -1. Such a file is written through the descriptor. Opening
 * /dev/stdout again would start at the beginning of a redirected file, over earlier output; and replacing the file
 * would lose later output. */
static int own_output(const struct stat *status)
{
	static const int outputs[] = {STDOUT_FILENO, STDERR_FILENO};

	for (size_t i = 0; i < sizeof(outputs) / sizeof(*outputs); i++) {
		struct stat own;

		if (fstat(outputs[i], &own) == 0 && own.st_dev == status->st_dev && own.st_ino == status->st_ino)
			return outputs[i];
	}
	return -1;
}

/* A file with this path and status. Whoever has opened a descriptor expects the content there, not in a new file. */
static bool is_replaced(const char *path, const struct stat *status)
{
	return S_ISREG(status->st_mode) && status->st_nlink > 0 && !file_is_descriptor(path);
}

bool file_write(const char *path, struct text content, int64_t patience_ns, const char **why)
{
	struct arena arena = {0};
	struct stat status;
	bool there = stat(path, &status) == 0;
	int output = there ? own_output(&status) : -1;
	bool written;

	if (there && S_ISDIR(status.st_mode))
		written = fail(EISDIR, why);
	else if (output >= 0)
		written = fd_write(output, content, patience_ns, why);
	else if (there && !is_replaced(path, &status))
		written = write_in_place(&arena, path, content, status.st_mode, patience_ns, why);
	else
		written = replace(&arena, path, content, there ? &status : NULL, true, why);
	arena_release(&arena);
	return written;
}

bool file_is_replaced(const char *path)
{
	struct stat status;

	return stat(path, &status) != 0 || S_ISDIR(status.st_mode) ||
	       (is_replaced(path, &status) && own_output(&status) < 0);
}

bool file_takes_writes(const char *path, const char **why)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return fail(errno, why);
	if (S_ISSOCK(status.st_mode)) {
		*why = "it is a socket";
		return false;
	}
	/* A descriptor that is open already may be written, whoever owns the terminal behind it. */
	return own_output(&status) >= 0 ||
	       (file_is_trusted(path, why) && (access(path, W_OK) == 0 || fail(errno, why)));
}

bool file_write_ahead(const char *path, struct text content, const char **why)
{
	struct arena arena = {0};
	struct stat status;
	bool there = stat(path, &status) == 0;
	bool written = there && S_ISDIR(status.st_mode)
			       ? fail(EISDIR, why)
			       : replace(&arena, path, content, there ? &status : NULL, false, why);
	arena_release(&arena);
	return written;
}

bool file_append(const char *path, struct text content, int64_t patience_ns, const char **why)
{
	int fd = file_open_trusted(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, why);
	if (fd < 0)
		return false;
	struct stat before;
	bool is_file = fstat(fd, &before) == 0 && S_ISREG(before.st_mode);
	bool written = fd_write(fd, content, patience_ns, why);
	/* If half the text stayed, a reader would take it for the whole, and the next step would append to it. */
	if (!written && is_file && ftruncate(fd, before.st_size) != 0)
		return fail(errno, why);
	if (close(fd) != 0 && written)
		return fail(errno, why);
	return written;
}
