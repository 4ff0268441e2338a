/* vocabulary.h - what the words of rules, policies and reports mean, except those that have a table of their own.
 * Private to src/cli. */
#ifndef CHAINGATE_CLI_VOCABULARY_H
#define CHAINGATE_CLI_VOCABULARY_H

#include "chaingate/text.h"

#include <stddef.h>

const char *vocabulary_meaning(struct text word); /* in sentences; NULL: it isn't one of these words */
const char *vocabulary_word(size_t index);        /* in the order of the list; NULL after the last */

#endif
