/* glob.h - names with wildcards: `like` in a rule, and `--chain 'rag-*'`.
 *
 * A glob matches a whole text, code point by code point: `*` any number of them, `?` one, `[…]` one of a set, `[!…]` one
 * that isn't in it; `\` before a character takes it literally. Capitals and small letters differ. No locale is used.
 */
#ifndef CHAINGATE_GLOB_H
#define CHAINGATE_GLOB_H

#include "chaingate/arena.h"
#include "chaingate/text.h"

#include <stdbool.h>

struct glob;

/* True if the text contains `*`, `?` or `[` without a backslash before it. A text for which it is false is a name, not a
 * glob: a backslash in it has no meaning. */
bool glob_is_one(struct text);

/* NULL if the glob is wrong; then *why is a constant that says what is wrong. */
const struct glob *glob_make(struct arena *, struct text, const char **why);

/* What is wrong with a text that is a glob but can't be read, as a constant; NULL: it can be read, or it is a name. */
const char *glob_mistake(struct arena *, struct text);

/* What to do then. */
#define GLOB_REMEDY "write [[] for a bracket that is part of the name, or give the chain's id"

/* The arena is for working memory. */
bool glob_matches(const struct glob *, struct text, struct arena *);

#endif
