/* explain.h - what `chaingate explain` knows of. */
#ifndef CHAINGATE_CLI_EXPLAIN_H
#define CHAINGATE_CLI_EXPLAIN_H

#include "chaingate/arena.h"

#include <stddef.h>

/* Statuses, classes, fields and diagnostics; the array is in the arena. Exit codes are explained too, by their numbers. */
const char *const *explain_words(struct arena *, size_t *count);

#endif
