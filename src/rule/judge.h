/* judge.h - what judging and collecting evidence share. Private to src/rule. */
#ifndef CHAINGATE_RULE_JUDGE_H
#define CHAINGATE_RULE_JUDGE_H

#include "evaluate.h"

/* How an item stands to the rule: is it selected by `where`, and does the body hold for it? */
struct standing {
	enum kleene selected, body;
};

struct standing judge_item(struct evaluation *, const struct item *);

/* What an item contributes: `(not where) or body` to all, `where and body` to the others. */
enum kleene judge_contribution(const struct rule *, struct standing);

/* Calls `visit` for every item that a quantified rule ranges over, in order. */
void judge_walk(struct evaluation *, void (*visit)(void *context, const struct item *), void *context);

/* Fills in the evidence of a rule that has the value; so many items certainly are what its quantifier counts. */
void evidence_collect(struct evaluation *, enum truth value, size_t yes, struct evidence *out);

#endif
