/* places.c - see places.h. */
#include "chaingate/places.h"

#include "chaingate/buf.h"
#include "chaingate/files.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool place_is_stdout(const char *path)
{
	return strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0;
}

/* Limit for followed links, as in Linux. Links may go in circles. */
#define LINKS_MAX 40

static void drop_last_part(struct buf *path)
{
	while (path->length > 1 && path->bytes[path->length - 1] != '/')
		path->length--;
	if (path->length > 1)
		path->length--;
	path->bytes[path->length] = '\0';
}

/* Appends the path without links and detours: the existing part as the system resolves it, the rest part by part.
 * Recursion ends at "." or "/", and is at most as deep as PATH_MAX has slashes. */
static void add_resolved(struct buf *out, struct text path, int links)
{
	char bytes[PATH_MAX];
	while (path.length > 1 && path.bytes[path.length - 1] == '/')
		path.length--;
	if (path.length >= sizeof(bytes)) { /* the system would refuse such a path */
		buf_add(out, path);
		return;
	}
	memcpy(bytes, path.bytes, path.length);
	bytes[path.length] = '\0';
	char *real = realpath(bytes, NULL);
	if (real || text_is(path, ".") || text_is(path, "/")) {
		buf_add_string(out, real ? real : bytes);
		free(real);
		return;
	}
	/* A link may lead to a file that doesn't exist yet. */
	struct arena arena = {0};
	const char *followed = links < LINKS_MAX ? file_followed(&arena, bytes) : NULL;
	if (followed && followed != bytes && strcmp(followed, bytes) != 0) {
		add_resolved(out, text_of(followed), links + 1);
		arena_release(&arena);
		return;
	}
	arena_release(&arena);
	size_t slash = path.length;
	while (slash > 0 && path.bytes[slash - 1] != '/')
		slash--;
	struct text name = text_slice(path, slash, path.length);
	add_resolved(out, slash > 1 ? text_slice(path, 0, slash - 1) : slash ? TEXT("/") : TEXT("."), links);
	if (text_is(name, "..")) {
		drop_last_part(out);
	} else if (!text_is(name, ".")) {
		/* What can't be resolved may be "."; only "/" has its slash already. */
		if (out->length && out->bytes[out->length - 1] != '/')
			buf_add_byte(out, '/');
		buf_add(out, name);
	}
}

const char *place_resolved(struct arena *arena, const char *path)
{
	struct buf resolved = buf_make(BUF_LIMIT_REPORT);
	add_resolved(&resolved, text_of(path), 0);
	const char *kept = arena_text(arena, buf_text(&resolved)).bytes;
	buf_release(&resolved);
	return kept;
}

struct text place_key(struct arena *arena, const char *path)
{
	struct stat found;
	if (place_is_stdout(path))
		return TEXT("-");
	if (stat(path, &found) == 0)
		return S_ISREG(found.st_mode) ? text_of(arena_printf(arena, "%ju:%ju", (uintmax_t)found.st_dev,
								     (uintmax_t)found.st_ino))
					      : (struct text){0};
	return text_of(place_resolved(arena, path));
}

bool place_is_same(const char *a, const char *b)
{
	struct arena arena = {0};
	struct text one = place_key(&arena, a);
	bool is_same = one.length && text_equal(one, place_key(&arena, b));
	arena_release(&arena);
	return is_same;
}

bool place_find_checkout(struct arena *arena, const char **checkout, const char **folder)
{
	const char *bytes = file_working_directory(arena);
	struct stat found;
	if (!bytes)
		return false;
	struct text path = text_of(bytes);
	for (size_t end = path.length; end > 1; end--) {
		if (end < path.length && path.bytes[end] != '/')
			continue;
		const char *parent = arena_text(arena, text_slice(path, 0, end)).bytes;
		if (stat(arena_printf(arena, "%s/.git", parent), &found) != 0)
			continue;
		*checkout = parent;
		*folder = bytes[end] ? arena_text(arena, text_slice(path, end + 1, path.length)).bytes : "";
		return true;
	}
	return false;
}
