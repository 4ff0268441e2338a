/* regex.h - POSIX extended regular expressions over code points, for `matches`. Private to src/rule.
 *
 * Our own, because the C library's count bytes in one locale and characters in another, take different extensions, and some take time that grows with the
 * square of the text. This one knows no locale: `.` and `[…]` are one code point, ranges go by code point, named classes are ASCII's, a newline is a
 * character like any other. What POSIX leaves undefined (`a**`, `(|a)`, `a{,3}`, `*a`) is refused.
 */
#ifndef CHAINGATE_RULE_REGEX_H
#define CHAINGATE_RULE_REGEX_H

#include "pattern.h"

struct regex;

/* NULL where it is refused, with `fault` filled in. At most RULE_PATTERN_BYTES_MAX bytes, with nested counts that multiply to at most
 * RULE_PATTERN_REPEATS_MAX. */
const struct regex *regex_compile(struct arena *, struct text, struct pattern_fault *);

/* Does it match anywhere in the text? Takes time in proportion to the text, at most times the expression; the arena is for working memory. */
bool regex_matches(const struct regex *, struct text, struct arena *);

#endif
