/* file_trust.c - follows symbolic links, but none that another user may have put there.
 *
 * In a folder that others can write to, such as /tmp, anybody can put a link where a report is expected: the report
 * would then overwrite a file of ours. Or a file of their own: it would get the report, and they could change it.
 * Most systems refuse this themselves (fs.protected_symlinks, fs.protected_regular), but not all, and not in every
 * folder. The rules are theirs: a link or a file is trusted if it belongs to this user, or to the folder's owner; also
 * if it belongs to root, who needs no link to write anywhere.
 */
#include "file_trust.h"

#include "chaingate/files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Longest chain of symbolic links: as many as Linux follows. */
#define LINKS_MAX 40
/* Longest content of a symbolic link, in bytes; Linux has no longer ones. */
#define LINK_SIZE 4096

static const char foreign_link[] = "its path has another user's link in a folder that others can write to",
		  foreign_file[] = "another user's file is there, in a folder that others can write to";

size_t directory_length(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) + 1 : 0;
}

/* True if others can put something into the folder of this path, and what was found there may be theirs. `bits`: the
 * folder's mode must have these, too. */
static bool is_foreign(struct arena *arena, const char *path, const struct stat *found, mode_t bits)
{
	size_t length = directory_length(path);
	const char *folder = length ? arena_printf(arena, "%.*s", (int)length, path) : ".";
	struct stat status;

	return stat(folder, &status) == 0 && status.st_mode & (S_IWGRP | S_IWOTH) && (status.st_mode & bits) == bits &&
	       found->st_uid != geteuid() && found->st_uid != status.st_uid && found->st_uid != 0;
}

/* Reads a link: `path`, or the path's beginning that is the link, is replaced. NULL with errno. */
static const char *read_link(struct arena *arena, const char *link, const char *rest)
{
	char target[LINK_SIZE];
	ssize_t length = readlink(link, target, sizeof(target));

	if (length < 0)
		return NULL;
	if (length == LINK_SIZE) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	int folder = target[0] == '/' ? 0 : (int)directory_length(link);
	return arena_printf(arena, "%.*s%.*s%s", folder, link, (int)length, target, rest);
}

const char *file_followed(struct arena *arena, const char *path)
{
	for (int i = 0; path && i < LINKS_MAX; i++) {
		struct stat status;

		if (lstat(path, &status) < 0)
			return errno == ENOENT || errno == ENOTDIR ? path : NULL;
		if (!S_ISLNK(status.st_mode))
			return path;
		path = read_link(arena, path, "");
	}
	if (path)
		errno = ELOOP;
	return NULL;
}

bool file_is_descriptor(const char *path)
{
	struct arena arena = {0};
	struct stat status;
	bool is_one = false;

	for (int i = 0; path && i < LINKS_MAX && !is_one && lstat(path, &status) == 0 && S_ISLNK(status.st_mode); i++) {
		is_one = strncmp(path, "/dev/fd/", 8) == 0 || strncmp(path, "/proc/", 6) == 0;
		path = read_link(&arena, path, "");
	}
	arena_release(&arena);
	return is_one;
}

/* True if a link in /proc leads to something that its text doesn't name: a descriptor's pipe, or a deleted file. */
static bool leads_elsewhere(const char *link, const struct stat *status, const char *target)
{
	struct stat proc, first, second;

	return strncmp(link, "/proc/", 6) == 0 && stat("/proc", &proc) == 0 && proc.st_dev == status->st_dev &&
	       stat(link, &first) == 0 &&
	       (stat(target, &second) != 0 || first.st_dev != second.st_dev || first.st_ino != second.st_ino);
}

/* Follows the first link in the path, if there is one. Returns the new path, or `path` itself if it has no link, or
 * leads to nothing yet. *flags: see file_trusted. NULL with *why. */
static const char *follow_first(struct arena *arena, const char *path, int *flags, const char **why)
{
	*flags = O_NOFOLLOW;
	for (size_t end = 1; path[0] && end <= strlen(path); end++) {
		struct stat status;

		if ((path[end] && path[end] != '/') || path[end - 1] == '/')
			continue;
		const char *part = arena_printf(arena, "%.*s", (int)end, path);
		if (lstat(part, &status) < 0)
			return path;
		if (!S_ISLNK(status.st_mode))
			continue;
		if (is_foreign(arena, part, &status, 0)) {
			*why = foreign_link;
			return NULL;
		}
		const char *target = read_link(arena, part, "");
		if (!target) {
			*why = strerror(errno);
			return NULL;
		}
		if (!leads_elsewhere(part, &status, target))
			return arena_printf(arena, "%s%s", target, path + end);
		*flags = path[end] ? O_NOFOLLOW : 0;
	}
	return path;
}

const char *file_trusted(struct arena *arena, const char *path, int *flags, const char **why)
{
	struct stat status;
	const char *followed = path, *before = NULL;

	for (int i = 0; followed && followed != before; i++) {
		if (i == LINKS_MAX) {
			*why = strerror(ELOOP);
			return NULL;
		}
		before = followed;
		followed = follow_first(arena, before, flags, why);
	}
	if (followed && lstat(followed, &status) == 0 && !S_ISDIR(status.st_mode) &&
	    is_foreign(arena, followed, &status, S_ISVTX)) {
		*why = foreign_file;
		return NULL;
	}
	return followed;
}

bool file_is_trusted(const char *path, const char **why)
{
	struct arena arena = {0};
	int flags;
	bool is_trusted = file_trusted(&arena, path, &flags, why) != NULL;

	arena_release(&arena);
	return is_trusted;
}

int file_open_trusted(const char *path, int flags, const char **why)
{
	struct arena arena = {0};
	int more, fd = -1;
	const char *followed = file_trusted(&arena, path, &more, why);

	errno = EACCES;
	if (followed) {
		fd = open(followed, flags | more, 0666);
		*why = strerror(errno);
	}
	int number = errno;
	arena_release(&arena);
	errno = number;
	return fd;
}
