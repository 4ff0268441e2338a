/* file_trust.h - where a write to a path goes, if no other user decides that. */
#ifndef CHAINGATE_SYS_FILE_TRUST_H
#define CHAINGATE_SYS_FILE_TRUST_H

#include "chaingate/arena.h"

#include <stddef.h>

/* The length of a path's directory, with its last slash. */
size_t directory_length(const char *path);

/* The path without its links, in the arena, or `path` itself. If a part of it is missing, the links behind that part
 * are left: look again when it has been made. Open it with *flags, too: O_NOFOLLOW, or nothing if it is a descriptor's
 * link in /proc, which leads to no path. NULL with *why if the path isn't trusted (file_is_trusted). */
const char *file_trusted(struct arena *, const char *path, int *flags, const char **why);

#endif
