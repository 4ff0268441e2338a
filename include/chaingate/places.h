/* places.h - where paths lead: whether writing to one would change what another names, also where neither is there yet. */
#ifndef CHAINGATE_PLACES_H
#define CHAINGATE_PLACES_H

#include "chaingate/arena.h"

#include <stdbool.h>

/* "-", or the system's name for it. */
bool place_is_stdout(const char *path);

/* Would writing to one change the other? Devices and pipes may be shared. */
bool place_is_same(const char *a, const char *b);

/* Where the working directory is in a version control's copy: its nearest parent that has a `.git`, without a slash at its end, and the path from there ("" if
 * it is that itself). False if it is in none. */
bool place_find_checkout(struct arena *, const char **checkout, const char **folder);

#endif
