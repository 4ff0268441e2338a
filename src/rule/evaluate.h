/* evaluate.h - the value of an expression for one item. Private to src/rule. */
#ifndef CHAINGATE_RULE_EVALUATE_H
#define CHAINGATE_RULE_EVALUATE_H

#include "ast.h"

/* Kleene's three values, the unknown one in two: what is unknown only because counterparts in the baseline are missing is kept apart, for if_missing. */
enum kleene { KLEENE_FALSE, KLEENE_TRUE, KLEENE_UNKNOWN, KLEENE_MISSING };

enum kleene kleene_not(enum kleene);
enum kleene kleene_and(enum kleene, enum kleene);
enum kleene kleene_or(enum kleene, enum kleene);
enum truth kleene_truth(enum kleene);

/* So many of those that an aggregate takes, or leaves out, are named in evidence. */
#define AGGREGATE_NAMED_MAX 3

/* Items of one kind: the first few, and how many. */
struct named {
	struct item items[AGGREGATE_NAMED_MAX];
	size_t count;
};

/* An aggregate that was computed. */
struct computed {
	bool is_computed;
	const struct deployment *of; /* whose chainlets, inside a quantifier over deployments; NULL: all */
	struct value value;
	struct item offender;     /* the first item that made it unknown; no deployment: none did */
	struct named taken, left; /* by its `where` */
	struct item best;         /* of min and max: the first that has the value */
};

/* How the selected deployments, or one of them, hold a chainlet of the baseline. */
struct held {
	size_t count; /* deployments that have a chainlet of its name */
	const struct deployment *deployment;
	const struct chainlet *chainlet; /* the last of these */
};

/* One judging of one rule. */
struct evaluation {
	const struct rule *rule;
	const struct view *view;
	struct arena *arena;
	struct computed *computed;            /* by the aggregates' index */
	const struct deployment *baseline;    /* NULL where there is none, or the rule names none */
	const struct chainlet **counterparts; /* its chainlets by name */
	struct held *held;                    /* beside them, once asked for … */
	const struct deployment *held_by;     /* … by this deployment; NULL: by all selected ones */
};

struct evaluation evaluation_make(const struct rule *, const struct view *, struct arena *);

/* The deployment itself, or one of its chainlets. */
struct item evaluation_item(const struct evaluation *, const struct deployment *, const struct chainlet *);

/* A chainlet of the baseline, held against one of the selected deployments; NULL: against all of them. */
struct item evaluation_baseline_item(const struct evaluation *, const struct chainlet *,
				     const struct deployment *judged);

/* counterparts.c: fills in the baseline and its chainlets, where the rule names them and they are there. */
void counterparts_make(struct evaluation *);

/* The baseline's chainlet of that name; NULL where it has none. There must be a baseline. */
const struct chainlet *evaluation_counterpart(const struct evaluation *, const struct chainlet *);

/* How what a baseline chainlet is held against holds its name. Looks through the judged chainlets once for all of the baseline's, and once for each
 * deployment that they are held against alone. */
const struct held *evaluation_held(struct evaluation *, const struct item *);

/* Any expression; booleans as the numbers 0 and 1. Total. `item` is NULL for a rule about the target as a whole. */
struct value evaluate(struct evaluation *, const struct node *, const struct item *);

/* An expression of type boolean. */
enum kleene evaluate_truth(struct evaluation *, const struct node *, const struct item *);

/* The order of two values of one type: less than 0, 0, more than 0. Of statuses and strings only 0 means something. */
int value_order(enum value_type, const struct value *, const struct value *);

/* Does `a op b` hold, when their order is `order`? */
bool order_holds(enum token_kind op, int order);

#endif
