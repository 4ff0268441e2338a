/* certain.h - comparisons whose result is known from the kind of their values alone. Private to src/rule. */
#ifndef CHAINGATE_RULE_CERTAIN_H
#define CHAINGATE_RULE_CERTAIN_H

#include "candidates.h"

enum certain { CERTAIN_NOTHING, CERTAIN_TRUE, CERTAIN_FALSE };

/* The result of a comparison, or of `like` or `matches`, that has the same result for all values that the API can send,
 * unless one is unknown: `count(chainlets) >= count(chainlets) * 80%`, `name like "*"`. CERTAIN_NOTHING: it varies, or
 * nothing was found out. */
enum certain certain_result(const struct ground *, const struct node *);

#endif
