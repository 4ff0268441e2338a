/* evaluate.h - the value of an expression for one item. Private to src/rule. */
#ifndef CHAINGATE_RULE_EVALUATE_H
#define CHAINGATE_RULE_EVALUATE_H

#include "ast.h"

/* Kleene's three values, with unknown split in two: KLEENE_MISSING is unknown only because counterparts in the
 * baseline are missing, which if_missing needs to know. */
enum kleene { KLEENE_FALSE, KLEENE_TRUE, KLEENE_UNKNOWN, KLEENE_MISSING };

enum kleene kleene_not(enum kleene);
enum kleene kleene_and(enum kleene, enum kleene);
enum kleene kleene_or(enum kleene, enum kleene);
enum truth kleene_truth(enum kleene);

/* How many of the items that an aggregate takes, or leaves out, are named in evidence. */
#define AGGREGATE_NAMED_MAX 3

/* Items of one kind: the first few, and the number of all. */
struct named {
	struct item items[AGGREGATE_NAMED_MAX];
	size_t count;
};

/* An aggregate with its value. */
struct computed {
	bool is_computed;
	const struct deployment *of; /* inside a quantifier over deployments: the one whose chainlets it took; NULL:
				      * all */
	struct value value;
	struct item offender;     /* the first item that made it unknown; without a deployment: none did */
	struct named taken, left; /* the items that its `where` selects, and those that it doesn't */
	struct item best;         /* of min and max: the first item with that value */
};

/* For one chainlet of the baseline: which of the deployments compared with it have a chainlet of the same name. */
struct held {
	size_t count; /* the number of deployments that have one */
	const struct deployment *deployment;
	const struct chainlet *chainlet; /* the last such chainlet */
};

/* The state while one rule is judged on one view. */
struct evaluation {
	const struct rule *rule;
	const struct view *view;
	struct arena *arena;
	struct computed *computed;            /* indexed by the aggregates' index */
	const struct deployment *baseline;    /* NULL if there is none, or if the rule doesn't use it */
	const struct chainlet **counterparts; /* the baseline's chainlets, sorted by name */
	struct held *held;                    /* parallel to counterparts; made when first needed */
	const struct deployment *held_by;     /* the deployment `held` is about; NULL: all selected ones */
};

struct evaluation evaluation_make(const struct rule *, const struct view *, struct arena *);

/* The item for a deployment itself (chainlet NULL), or for one of its chainlets. */
struct item evaluation_item(const struct evaluation *, const struct deployment *, const struct chainlet *);

/* The item for a chainlet of the baseline. `judged` is the selected deployment that it is compared with; NULL: all of
 * them. */
struct item evaluation_baseline_item(const struct evaluation *, const struct chainlet *,
				     const struct deployment *judged);

/* In counterparts.c: fills in the baseline and its chainlets, if the rule uses them and they exist. */
void counterparts_make(struct evaluation *);

/* The baseline's chainlet of the same name; NULL if it has none. There must be a baseline. */
const struct chainlet *evaluation_counterpart(const struct evaluation *, const struct chainlet *);

/* Which deployments have a chainlet of this baseline chainlet's name. Searches the judged chainlets once for all of
 * the baseline's chainlets, and once for each deployment that they are compared with alone. */
const struct held *evaluation_held(struct evaluation *, const struct item *);

/* Evaluates any expression; booleans are the numbers 0 and 1. Every expression gives a value. `item` is NULL for a
 * rule about the target as a whole. */
struct value evaluate(struct evaluation *, const struct node *, const struct item *);

/* Evaluates an expression of type boolean. */
enum kleene evaluate_truth(struct evaluation *, const struct node *, const struct item *);

/* The order of two values of one type: less than 0, 0, more than 0. For statuses and strings only 0 has a meaning. */
int value_order(enum value_type, const struct value *, const struct value *);

/* True if `a op b` holds when value_order(a, b) is `order`. */
bool order_holds(enum token_kind op, int order);

#endif
