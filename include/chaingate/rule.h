/* rule.h - the rule language: a rule's text, checked, and judged on what a poll saw.
 *
 * rule_parse reads, types and checks a rule once, when a policy is loaded; whatever it lets through can be judged on any
 * observation without failing: judging gives true, false or unknown, never an error. Nothing here knows about time
 * beyond the two moments in a view, about polls, or about policies.
 *
 * Three values, by Kleene's strong logic. What is absent, null, an unrecognised status, hidden by `only_failed`, or over nothing at all is
 * unknown; unknown is never true by any operator that could turn it into a pass.
 */
#ifndef CHAINGATE_RULE_H
#define CHAINGATE_RULE_H

#include "chaingate/arena.h"
#include "chaingate/deployment.h"
#include "chaingate/diag.h"
#include "chaingate/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest rule, in bytes. The longest rule that a reviewer would read is a tenth of it. */
#define RULE_BYTES_MAX 4096
/* Deepest nesting of parentheses, `not`, unary minus and aggregates: parser and evaluator recurse, and a stack is finite. */
#define RULE_DEPTH_MAX 64
/* Items shown for one rule; the rest is counted. A screen holds about two of these. */
#define EVIDENCE_ITEMS_MAX 20
/* Items shown that speak for the rule, beside those that don't. */
#define EVIDENCE_OTHERS_MAX 3

struct rule;

enum rule_scope {
	SCOPE_TARGET,      /* only aggregates and literals: about the target as a whole */
	SCOPE_CHAINLETS,   /* ranges over the chainlets of the selected deployments */
	SCOPE_DEPLOYMENTS, /* ranges over the selected deployments */
};

/* Parses and checks a rule. NULL if and only if an error was reported. The excerpt's source and text must outlive the rule. */
const struct rule *rule_parse(struct arena *, const struct excerpt *, struct diags *);

/* What it ranges over, also where the writer gave no quantifier. */
enum rule_scope rule_scope(const struct rule *);

/* The excerpt it was parsed from. */
const struct excerpt *rule_excerpt(const struct rule *);

/* Zero is unknown, so that what was never set can't pass. */
enum truth { TRUTH_UNKNOWN, TRUTH_FALSE, TRUTH_TRUE };

const char *truth_name(enum truth); /* "unknown", "false", "true" */

/* What a rule is judged on. */
struct view {
	const struct deployment *const *deployments; /* the selected ones */
	size_t count;
	const struct status_history *history; /* for status_for; NULL: every status_for is 0 s */
	int64_t at_ns;                        /* the observation, monotonic: for status_for */
	int64_t at_wall_ns;                   /* the observation by the wall: for age */
	bool only_failed; /* fail_fast: fields of what hasn't a failed status are unknown, and so are counts over them */
};

/* One operand of the rule as it was for one item: the value of a field or of a subexpression. */
struct operand {
	struct span span;  /* in bytes of the rule's own text: where the value belongs */
	struct text name;  /* what it is the value of: "min_replica", "deployment.status" */
	struct text value; /* printable: "1", "ACTIVE", "null", "4m10s", "unknown status 'PAUSED'", "not final yet" (only_failed) */
	bool unknown;      /* this operand is (part of) why the item is unknown */
};

struct evidence_item {
	struct text deployment; /* its id */
	struct text chainlet;   /* its name; empty where the rule ranges over deployments */
	enum truth truth;       /* of the quantifier's body for this item */
	bool where_unknown;     /* it isn't known whether the item is selected by `where` */
	const struct operand *operands;
	size_t operand_count;
};

/* Why a rule had its value. Texts are copied: evidence outlives the listing. */
struct evidence {
	enum truth value;
	enum rule_scope scope;
	bool empty;          /* the quantifier had nothing to range over: nothing selected by `where`, or no chainlets at all */
	size_t considered;   /* items that are or may be selected by `where` */
	size_t true_count;   /* of these: the body is true, false, unknown */
	size_t false_count;
	size_t unknown_count;
	/* Items that stand against the rule, in the order deployment id, then the API's order of chainlets: for `all` those not true; for
	 * `any`, `at least`: all that aren't true; for `no`, `at most`: those not false; for `exactly`: true and unknown ones. Of a rule about the target one item with
	 * neither deployment nor chainlet. Empty for a rule that holds, but for items that are unknown: those are listed always. */
	const struct evidence_item *items;
	size_t item_count;
	size_t more; /* left out over EVIDENCE_ITEMS_MAX */
	/* Items that speak for the rule, at most EVIDENCE_OTHERS_MAX. */
	const struct evidence_item *others;
	size_t other_count;
};

/* Judges. Total: every view gives a value. Linear in the number of chainlets in the view. Evidence goes into the arena; pass
 * NULL for `out` where only the value is wanted (then nothing is allocated). */
enum truth rule_judge(const struct rule *, const struct view *, struct arena *, struct evidence *out);

#endif
