/* ast.h - a rule as a tree: the parser builds it, the checker adds types, the judge walks it. Private to src/rule. */
#ifndef CHAINGATE_RULE_AST_H
#define CHAINGATE_RULE_AST_H

#include "chaingate/rule.h"
#include "fields.h"
#include "lex.h"
#include "pattern.h"

enum node_kind {
	NODE_OR,  /* children: 2 or more */
	NODE_AND, /* children: 2 or more */
	NODE_NOT, /* 1 child */
	NODE_COMPARE,
	NODE_IN,        /* child in `set` or `class` */
	NODE_IS_NULL,   /* 1 child, a field */
	NODE_MATCH,     /* like, matches: 1 child, and `pattern_literal` */
	NODE_STATUS_IS, /* tests the item's own status against `set` or `class`: body STATUS, CLASS, in … */
	NODE_SUM,       /* children: 2 or more, each but the first with its `joined_by` */
	NODE_PRODUCT,   /* as in NODE_SUM */
	NODE_NEGATE,
	NODE_FIELD,
	NODE_LITERAL,
	NODE_PARAM, /* a literal with a name */
	NODE_AGGREGATE,
};

/* The object that a field belongs to. The checker replaces FIELD_OF_ITEM and FIELD_OF_BASELINE_ITEM by one of the
 * others. */
enum field_of {
	FIELD_OF_ITEM, /* no prefix */
	FIELD_OF_CHAINLET,
	FIELD_OF_DEPLOYMENT,
	FIELD_OF_BASELINE_ITEM, /* baseline.x: of the chainlet's counterpart */
	FIELD_OF_BASELINE_CHAINLET,
	FIELD_OF_BASELINE_DEPLOYMENT,
	FIELD_OF_COUNTERPART, /* counterpart.x: of the judged chainlet with the same name as the baseline chainlet */
};

enum aggregate { AGGREGATE_COUNT, AGGREGATE_SUM, AGGREGATE_MIN, AGGREGATE_MAX };

struct node {
	enum node_kind kind;
	enum value_type type;      /* set by the checker */
	size_t from, to;           /* bytes of the rule's text, including parentheses around it */
	size_t op_from, op_to;     /* of the operator that joins or compares */
	enum token_kind op;        /* of COMPARE */
	enum token_kind joined_by; /* + - * /: the operator before this child of a sum or product */
	size_t join_from, join_to; /* where that operator is */
	bool negated;              /* not in, is not null, not like, not STATUS */
	struct node **children;
	size_t count, capacity;
	struct literal literal;  /* of LITERAL, PARAM */
	bool as_seconds;         /* of LITERAL, PARAM: the checker changed an integer to a duration */
	struct text text;        /* of FIELD without its prefix, of PARAM without its $ */
	enum status_class class; /* IN and STATUS_IS with a class */
	struct node **set;       /* IN and STATUS_IS with literals */
	size_t set_count, set_capacity;
	struct node *pattern_literal;  /* of MATCH: a string */
	bool is_glob;                  /* of MATCH: like, not matches */
	const struct pattern *pattern; /* set by the checker */
	enum field_of of;
	struct text label;         /* of FIELD: the decoded name after `label.`; empty: it is another field */
	bool has_prefix;           /* of FIELD: it was written with a prefix */
	const struct field *field; /* of FIELD and STATUS_IS, set by the checker */
	enum aggregate aggregate;
	enum rule_scope noun;      /* of AGGREGATE: what it ranges over; its expression, if any, is the child */
	size_t noun_from, noun_to; /* where the noun is written */
	struct node *where;        /* of AGGREGATE, or NULL */
	bool names_judged; /* of AGGREGATE over baseline chainlets, set by the checker: it uses their counterparts */
	size_t index;      /* of AGGREGATE: numbers the aggregates of a rule from 0 */
};

enum quantifier {
	QUANTIFIER_NONE, /* the rule is about the target as a whole */
	QUANTIFIER_ALL,
	QUANTIFIER_ANY,
	QUANTIFIER_NO,
	QUANTIFIER_AT_LEAST,
	QUANTIFIER_AT_MOST,
	QUANTIFIER_EXACTLY,
};

struct rule {
	struct excerpt excerpt;
	bool bare; /* written without a quantifier */
	enum quantifier quantifier;
	struct node *number_node; /* of at least, at most, exactly: a literal or a parameter */
	int64_t number;           /* the value of number_node */
	enum rule_scope scope;
	size_t noun_from, noun_to; /* where the noun is written; empty for a bare rule */
	struct node *where;        /* or NULL */
	struct node *body;
	size_t aggregate_count;
	bool uses_baseline, uses_missing;
	struct text lacked_by[TARGET_KIND_COUNT]; /* the first field in it that this kind of target never has, as it is
						   * written; or empty */
	bool asks_environment, asks_baseline_environment; /* it has a field that only an environment's answer gives */
	bool names_judged;                                /* it uses the counterparts of baseline chainlets */
};

/* Parses a rule to an untyped tree. NULL if and only if an error was reported. */
struct rule *rule_read(struct arena *, const struct excerpt *, const struct rule_context *, struct diags *);

/* Resolves names, checks types and finds the scope. False if and only if an error was reported. */
bool rule_check(struct arena *, struct rule *, const struct rule_context *, struct diags *);

/* Warns of rules that can never be false, can never be true, or are true when nothing is selected. */
void rule_suspect(struct arena *, const struct rule *, struct diags *);

/* Warns of values that are probably not meant. */
void rule_doubt(const struct rule *, struct diags *);

/* rule_doubt's warnings about strings, for one node without its children. */
void doubt_texts(const struct rule *, const struct node *, struct diags *);

/* In mistakes.c: what to write instead of a word whose most similar class has the opposite meaning; NULL if it isn't
 * such a word. */
const char *class_remedy(struct text word);

/* In warn.c: warns of one node of the rule. */
struct diag *rule_warn(const struct rule *, const struct node *, struct diags *, enum diag_code, const char *message);

/* True for an integer literal or parameter, also with a sign or in parentheses. */
bool node_is_integer(const struct node *);

/* The literal or parameter itself, without its sign; NULL for anything else. */
const struct node *node_constant(const struct node *);

/* What a number stands for, as far as percents are concerned. */
enum nature {
	NATURE_NUMBER,   /* 2, 0.5, 2 * 150%: nobody knows of what */
	NATURE_PERCENT,  /* 50%, 50% + 20%, 1 - 20% */
	NATURE_COUNT,    /* of replicas, chainlets and the like; a share of these, max_replica * 50%; and percents that
			  * are counted, target_utilization_percentage */
	NATURE_QUOTIENT, /* active_replica_count / 4: what is it of? */
	NATURE_SHARE,    /* active_replica_count / max_replica; also what has no count in it */
};

/* In percents.c: of an expression of TYPE_NUMBER whose types were checked. */
enum nature nature_of(const struct node *);

/* Also in percents.c: of a NATURE_COUNT, true for what is counted in percents, like target_utilization_percentage, its
 * sum, or ten more. */
bool is_in_percents(const struct node *);

/* Appends a hundred times the number of a node_constant: 70 for 0.7 and for 70%. */
void node_add_hundredfold(struct buf *, const struct node *);

/* Appends one node as rule_print writes it. */
void node_print(struct buf *, const struct node *);

/* The same as a string, for a remedy; "…" if it is too long. */
const char *node_words(struct arena *, const struct node *);

#endif
