/* ast.h - a rule as a tree: what the parser builds, the checker types, and the judge walks. Private to src/rule. */
#ifndef CHAINGATE_RULE_AST_H
#define CHAINGATE_RULE_AST_H

#include "chaingate/rule.h"
#include "fields.h"
#include "lex.h"

enum node_kind {
	NODE_OR,  /* children: 2 or more */
	NODE_AND, /* likewise */
	NODE_NOT, /* 1 child */
	NODE_COMPARE,
	NODE_IN,      /* child in `set` or `class` */
	NODE_IS_NULL, /* 1 child */
	NODE_STATUS_IS, /* the item's own status is one of `statuses`: body STATUS, CLASS, in … */
	NODE_NEGATE,
	NODE_FIELD,
	NODE_INTEGER,
	NODE_DURATION,
	NODE_STRING,
	NODE_STATUS,
	NODE_BOOLEAN,
	/* in the grammar, not in this version: refused by the checker */
	NODE_ARITHMETIC,
	NODE_MATCH,
	NODE_PERCENT,
	NODE_DECIMAL,
	NODE_PARAM,
	NODE_AGGREGATE,
};

/* Whose field it is. */
enum field_of { FIELD_OF_ITEM, FIELD_OF_CHAINLET, FIELD_OF_DEPLOYMENT, FIELD_OF_BASELINE };

struct node {
	enum node_kind kind;
	enum value_type type;     /* by the checker */
	size_t from, to;          /* bytes of the rule's text; of a comparison and its like, the operator's: op_from, op_to */
	size_t op_from, op_to;
	enum token_kind op;       /* of COMPARE */
	bool negated;             /* not in, is not null, not STATUS */
	struct node **children;
	size_t count, capacity;
	int64_t integer;          /* INTEGER, DURATION (ns), BOOLEAN */
	struct text text;         /* STRING; FIELD: as written */
	enum status status;       /* STATUS */
	enum status_class class;  /* IN and STATUS_IS with a class */
	struct node **set;        /* IN and STATUS_IS with a list of literals */
	size_t set_count, set_capacity;
	enum field_of of;
	const struct field *field;
};

enum quantifier { QUANTIFIER_NONE, QUANTIFIER_ALL, QUANTIFIER_ANY, QUANTIFIER_NO, QUANTIFIER_AT_LEAST, QUANTIFIER_AT_MOST, QUANTIFIER_EXACTLY };

struct rule {
	struct excerpt excerpt;
	enum quantifier quantifier;
	int64_t number; /* of at least, at most, exactly */
	enum rule_scope scope;
	struct node *where; /* or NULL */
	struct node *body;
};

/* The tree of a rule, untyped. NULL if and only if an error was reported. */
struct rule *rule_read(struct arena *, const struct excerpt *, struct diags *);

/* Names, types and scope. False if and only if an error was reported. */
bool rule_check(struct rule *, struct diags *);

#endif
