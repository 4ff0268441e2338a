/* regex.h - POSIX extended regular expressions over code points, for `matches`. Private to src/rule.
 *
 * Our own, because C libraries' regular expressions count bytes in one locale and characters in another, differ in
 * their extensions, and some take time that grows with the square of the text. This one has no locale: `.` and `[…]`
 * match one code point, ranges are by code point, named classes are ASCII's, and a newline is an ordinary character.
 * Expressions that POSIX leaves undefined (`a**`, `(|a)`, `a{,3}`, `*a`) are rejected.
 */
#ifndef CHAINGATE_RULE_REGEX_H
#define CHAINGATE_RULE_REGEX_H

#include "pattern.h"

struct regex;

/* Compiles an expression of at most RULE_PATTERN_BYTES_MAX bytes, in which nested counts multiply to at most
 * RULE_PATTERN_REPEATS_MAX. NULL if it is rejected, with `fault` filled in. */
const struct regex *regex_compile(struct arena *, struct text, struct pattern_fault *);

/* True if the expression matches anywhere in the text. Takes time at most proportional to text times expression. The
 * arena is for working memory. */
bool regex_matches(const struct regex *, struct text, struct arena *);

#endif
