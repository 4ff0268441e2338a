/* pattern.h - what `like` and `matches` compare with, compiled. Private to src/rule. */
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

/* Compiles a glob, or a POSIX extended regular expression. NULL where it is refused, with `fault` filled in. Its memory is released with the arena. */
const struct pattern *pattern_glob(struct arena *, struct text, struct pattern_fault *);
const struct pattern *pattern_regex(struct arena *, struct text, struct pattern_fault *);

enum pattern_result { PATTERN_NO, PATTERN_YES, PATTERN_UNKNOWN /* a text that can't be matched: it holds a NUL */ };

/* A glob matches the whole text, a regular expression anywhere in it. The arena is for copies. */
enum pattern_result pattern_match(const struct pattern *, struct text, struct arena *);

#endif
