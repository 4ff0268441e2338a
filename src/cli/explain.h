/* explain.h - the words that `chaingate explain` explains. */
#ifndef CHAINGATE_CLI_EXPLAIN_H
#define CHAINGATE_CLI_EXPLAIN_H

#include "chaingate/arena.h"

#include <stddef.h>

/* Statuses, classes, fields and diagnostics; the array is in the arena. Exit codes are also explained, by their
 * numbers. */
const char *const *explain_words(struct arena *, size_t *count);

#endif
