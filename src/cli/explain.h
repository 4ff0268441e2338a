/* explain.h - the words that `chaingate explain` explains. */
#ifndef CHAINGATE_CLI_EXPLAIN_H
#define CHAINGATE_CLI_EXPLAIN_H

#include "chaingate/arena.h"

#include <stddef.h>

/* Statuses, classes, fields, words of rules, policies and reports, and diagnostics; the array is in the arena. Exit
 * codes can be explained, too, but aren't in it, because they are numbers. */
const char *const *explain_words(struct arena *, size_t *count);

#endif
