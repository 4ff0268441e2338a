/* candidates.h - the values with which a condition is tried (study.h). Private to src/rule. */
#ifndef CHAINGATE_RULE_CANDIDATES_H
#define CHAINGATE_RULE_CANDIDATES_H

#include "evaluate.h"

enum candidate_kind {
	CANDIDATE_VALUE,
	CANDIDATE_NULL,
	CANDIDATE_UNKNOWN, /* nobody knows it, nor whether it is null */
	CANDIDATE_OTHER,   /* a text unlike all constants */
};

struct candidate {
	enum candidate_kind kind;
	struct value value;
};

/* A field, an aggregate or an opaque condition. The same words are the same variable. */
struct variable {
	struct text words;
	const struct node *node;
	bool is_opaque;          /* a condition as a whole: its candidates are the booleans */
	bool is_tested_for_null; /* and may be null */
	bool is_tested_unknown;  /* tested for null, and may be unknown */
	struct candidate *candidates;
	size_t count, capacity;
	size_t now; /* index of the current candidate */
};

/* What is known before a value is tried. */
struct ground {
	struct arena *arena; /* for candidates */
	const struct rule *rule;
	bool at_rest; /* only statuses that something judged can have once the target is stable */
	bool at_once; /* it is judged on one snapshot, so it may be of any age */
	const struct rule_selected *selected; /* not NULL */
	bool gave_up;                         /* a value can't be represented: nothing is known */
};

void candidate_add(struct ground *, struct variable *, struct candidate);

/* Adds the values that make a difference to the constants with which the variable is compared, and removes those that
 * the API can't send. Afterwards it has at least one. */
void candidates_complete(struct ground *, struct variable *);

/* The greatest or the least number that a field or an aggregate can be; false if there is none. */
bool candidate_limit(const struct ground *, const struct node *, bool greatest, struct ratio *out);

#endif
