/* pattern.h - compiled patterns for `like` and `matches`. Private to src/rule. Both work on code points; nothing
 * depends on a locale. */
#ifndef CHAINGATE_RULE_PATTERN_H
#define CHAINGATE_RULE_PATTERN_H

#include "chaingate/arena.h"
#include "chaingate/text.h"

#include <stdbool.h>

struct pattern;

/* A mistake in a pattern: its bytes [from, to), what is wrong, and what to write instead. */
struct pattern_fault {
	size_t from, to;
	const char *message, *hint; /* constants; hint may be NULL */
};

/* Compiles a glob, or a POSIX extended regular expression. NULL if it is rejected, with `fault` filled in. */
const struct pattern *pattern_glob(struct arena *, struct text, struct pattern_fault *);
const struct pattern *pattern_regex(struct arena *, struct text, struct pattern_fault *);

/* A glob matches the whole text, a regular expression anywhere in it. The arena is for working memory. */
bool pattern_matches(const struct pattern *, struct text, struct arena *);

/* True if a glob contains a `*`, `?` or bracket without a backslash before it. Otherwise it matches only one text. */
bool pattern_has_wildcard(const struct pattern *);

/* ---- code points and sets --------------------------------------------------------------------------------------- */

/* Reads one code point at *at and moves *at past it. A byte that isn't UTF-8 is read as the code point of the same
 * number, U+0080 to U+00FF. There must be a byte. */
uint32_t pattern_point(struct text, size_t *at);

/* A set of code points, empty at first. point_set_add adds `first` to `last`, both included. point_set_negate makes it
 * the set of all points that were not or will not be added; doing it twice changes nothing more. */
struct point_set;

struct point_set *point_set_new(struct arena *);
void point_set_add(struct arena *, struct point_set *, uint32_t first, uint32_t last);
void point_set_negate(struct point_set *);
bool point_set_has(const struct point_set *, uint32_t point);

/* Parses the bracket of a regular expression that begins at *at, and moves *at past it. NULL if it is rejected, with
 * `fault` filled in. */
const struct point_set *point_set_bracket(struct arena *, struct text, size_t *at, struct pattern_fault *fault);

#endif
