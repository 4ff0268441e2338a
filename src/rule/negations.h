/* negations.h - tests of one thing that are joined the wrong way round. Private to src/rule. */
#ifndef CHAINGATE_RULE_NEGATIONS_H
#define CHAINGATE_RULE_NEGATIONS_H

#include "ast.h"

/* Warns of `x != a or x != b`, which is always true, of `x == a and x == b`, which never is, and of the same with `in`,
 * `like` and `matches`, with what was probably meant. Of each `or` and `and` only the first pair is reported. False if
 * there was nothing to report. */
bool rule_suspect_negations(struct arena *, const struct rule *, struct diags *);

#endif
