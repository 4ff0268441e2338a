/* places.h - finds out whether two paths lead to the same file, even if that file doesn't exist yet. */
#ifndef CHAINGATE_PLACES_H
#define CHAINGATE_PLACES_H

#include "chaingate/arena.h"
#include "chaingate/text.h"

#include <stdbool.h>

/* True for "-", and for the system's names of stdout. */
bool place_is_stdout(const char *path);

/* A text that two paths share if and only if writing to one would change the other, as long as no file is made or
 * removed.
 * Empty for devices and pipes. To compare many paths: each is looked up once. */
struct text place_key(struct arena *, const char *path);

/* True if writing to one path would change the other. False for devices and pipes, which may be shared. */
bool place_is_same(const char *a, const char *b);

/* Where writing to a path would end: an absolute path without links and detours, whose last parts may not exist yet.
 * In the arena. */
const char *place_resolved(struct arena *, const char *path);

/* Finds the version-control checkout that contains the working directory: the nearest parent with a `.git`, without
 * a slash at its end, and the path from there to the working directory ("" if they are the same). False if there is
 * none. */
bool place_find_checkout(struct arena *, const char **checkout, const char **folder);

#endif
