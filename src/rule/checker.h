/* checker.h - what the files of the checker share: names in resolve.c, types in check.c. Private to src/rule. */
#ifndef CHAINGATE_RULE_CHECKER_H
#define CHAINGATE_RULE_CHECKER_H

#include "ast.h"

struct checker {
	struct arena *arena;
	struct rule *rule;
	const struct excerpt *excerpt;
	const struct rule_context *context;
	struct diags *diags;
	bool is_bare;         /* the scope isn't known yet: fields say it */
	enum rule_scope noun; /* else what bare names are fields of */
	bool saw_chainlet, saw_deployment;
	bool saw_judged;                   /* `missing` or `counterpart.` */
	const struct node *own_deployment; /* the first bare name that only deployments have, in a bare rule */
	bool *told_no_baseline;            /* it is said once in a rule */
};

/* Reports at bytes [from, to) of the rule and gives the diagnostic, for a hint. */
#define REFUSE(c, from, to, code, ...) \
	diag_error((c)->diags, (c)->excerpt->source, excerpt_span((c)->excerpt, from, to), code, __VA_ARGS__)

/* Finds the field that a node names, whose it is, and its type. False if and only if an error was reported in the rule. */
bool resolve_field(struct checker *, struct node *);

/* mistakes.c: the field that a name was meant to be, or that there is none; NULL if nobody knows. */
const char *guessed_name_remedy(struct text name);

/* Reports that the noun has no such field. Always false. */
bool refuse_field(struct checker *, const struct node *, bool of_chainlet);

/* False, with an error reported in the rule, where there is no baseline to range over or to compare with. */
bool need_baseline(struct checker *, size_t from, size_t to);

#endif
