/* pattern.h - what `like` and `matches` compare with, compiled. Private to src/rule. Both are over code points; nothing depends on a locale. */
#ifndef CHAINGATE_RULE_PATTERN_H
#define CHAINGATE_RULE_PATTERN_H

#include "chaingate/arena.h"
#include "chaingate/text.h"

#include <stdbool.h>

struct pattern;

/* What is wrong with a pattern: bytes [from, to) of it, the fault, and what to write instead. */
struct pattern_fault {
	size_t from, to;
	const char *message, *hint; /* hint may be NULL */
};

/* Compiles a glob, or a POSIX extended regular expression. NULL where it is refused, with `fault` filled in. */
const struct pattern *pattern_glob(struct arena *, struct text, struct pattern_fault *);
const struct pattern *pattern_regex(struct arena *, struct text, struct pattern_fault *);

/* A glob matches the whole text, a regular expression anywhere in it. The arena is for working memory. */
bool pattern_matches(const struct pattern *, struct text, struct arena *);

/* Of a glob: does it hold a `*`, `?` or bracket? Without one it matches only itself. */
bool pattern_has_wildcard(const struct pattern *);

/* ---- what both are made of -------------------------------------------------------------------------------------- */

/* One code point, and behind it; a byte that isn't UTF-8 stands for itself. There must be one. */
uint32_t pattern_point(struct text, size_t *at);

/* A set of code points. */
struct point_set;

struct point_set *point_set_new(struct arena *);
void point_set_add(struct arena *, struct point_set *, uint32_t first, uint32_t last);
void point_set_negate(struct point_set *);
bool point_set_has(const struct point_set *, uint32_t point);

/* The bracket of a regular expression that begins at `at`, which is set behind it. NULL where it is refused, with `fault` filled in. */
const struct point_set *point_set_bracket(struct arena *, struct text, size_t *at, struct pattern_fault *fault);

#endif
