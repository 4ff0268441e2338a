/* file_trust.c - follows symbolic links, but none that another user may have put there.
 *
 * In a folder that others can write to, such as /tmp, anybody can put a link where a report is expected: the report
 * would then overwrite a file of ours. Or a file of their own: it would get the report, and they could change it.
 * Most systems refuse this themselves (fs.protected_symlinks, fs.protected_regular), but not all, and not in every
 * folder. The rules are theirs: a link or a file is trusted if it belongs to this user, or to the folder's owner.
 */
#include "chaingate/files.h"

#include "chaingate/arena.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Longest chain of symbolic links: as many as Linux follows. */
#define LINKS_MAX 40
/* Longest content of a symbolic link, in bytes; Linux has no longer ones. */
#define LINK_SIZE 4096

static const char foreign_link[] = "its path has another user's link in a folder that others can write to",
		  foreign_file[] = "another user's file is there, in a folder that others can write to";

/* The length of a path's directory, with its last slash. */
static size_t directory_length(const char *path, size_t length)
{
	while (length > 0 && path[length - 1] != '/')
		length--;
	return length;
}

/* True if others can put something into the folder of this path, and what was found there may be theirs. `bits`: the
 * folder's mode must have these, too. */
static bool is_foreign(struct arena *arena, const char *path, const struct stat *found, mode_t bits)
{
	size_t length = directory_length(path, strlen(path));
	const char *folder = length ? arena_printf(arena, "%.*s", (int)length, path) : ".";
	struct stat status;

	return stat(folder, &status) == 0 && status.st_mode & (S_IWGRP | S_IWOTH) && (status.st_mode & bits) == bits &&
	       found->st_uid != geteuid() && found->st_uid != status.st_uid;
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
	int folder = target[0] == '/' ? 0 : (int)directory_length(link, strlen(link));
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

/* Follows the first link in the path, if there is one. Returns the new path, or `path` itself if it has no link, or
 * leads to nothing yet. NULL with *why. */
static const char *follow_first(struct arena *arena, const char *path, const char **why)
{
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
		const char *followed = read_link(arena, part, path + end);
		return followed ? followed : path;
	}
	return path;
}

bool file_is_trusted(const char *path, const char **why)
{
	struct arena arena = {0};
	struct stat status;
	const char *followed = path, *before = NULL;

	/* If it has too many links, opening it will say so. */
	for (int i = 0; followed && followed != before && i < LINKS_MAX; i++) {
		before = followed;
		followed = follow_first(&arena, before, why);
	}
	bool is_trusted = followed != NULL;
	if (is_trusted && lstat(followed, &status) == 0 && !S_ISDIR(status.st_mode) &&
	    is_foreign(&arena, followed, &status, S_ISVTX)) {
		*why = foreign_file;
		is_trusted = false;
	}
	arena_release(&arena);
	return is_trusted;
}
