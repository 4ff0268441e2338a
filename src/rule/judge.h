/* judge.h - shared by judging and collecting evidence. Private to src/rule. */
#ifndef CHAINGATE_RULE_JUDGE_H
#define CHAINGATE_RULE_JUDGE_H

#include "evaluate.h"

/* One item: whether `where` selects it, and whether the body holds for it. */
struct standing {
	enum kleene selected, body;
};

struct standing judge_item(struct evaluation *, const struct item *);

/* The contribution of an item: `(not where) or body` for all, `where and body` for the other quantifiers. */
enum kleene judge_contribution(const struct rule *, struct standing);

/* Calls `visit` for every item that a quantified rule ranges over, in order. */
void judge_walk(struct evaluation *, void (*visit)(void *context, const struct item *), void *context);

/* Fills in the evidence of a rule with this value. `yes` is the number of items that its quantifier certainly
 * counts. */
void evidence_collect(struct evaluation *, enum truth value, size_t yes, struct evidence *out);

#endif
