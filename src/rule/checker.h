/* checker.h - shared by the checker's files: names in resolve.c, types in check.c and mismatch.c. Private to
 * src/rule. */
#ifndef CHAINGATE_RULE_CHECKER_H
#define CHAINGATE_RULE_CHECKER_H

#include "ast.h"

struct checker {
	struct arena *arena;
	struct rule *rule;
	const struct excerpt *excerpt;
	const struct rule_context *context;
	struct diags *diags;
	bool is_bare;         /* the scope isn't known yet; the fields determine it */
	enum rule_scope noun; /* otherwise: the noun that names without a prefix belong to */
	bool saw_chainlet, saw_deployment;
	bool saw_judged;                   /* `missing` or `counterpart.` */
	const struct node *own_deployment; /* in a bare rule: the first bare name of a field that only deployments
					    * have */
	bool is_factor;                    /* checking a factor of what fields or aggregates give: 2 is 200% there */
	bool is_beside_percents;           /* checking what is compared with a field that counts percents */
	bool *told_no_baseline;            /* reported once per rule */
};

/* Reports a mistake at bytes [from, to) of the rule and returns the diagnostic, for a hint. */
#define REFUSE(c, from, to, code, ...) \
	diag_error((c)->diags, (c)->excerpt->source, excerpt_span((c)->excerpt, from, to), code, __VA_ARGS__)

/* Finds the field that a node names, the object it belongs to, and its type. False if and only if an error was
 * reported in the rule. */
bool resolve_field(struct checker *, struct node *);

/* Hint for a moment that is compared with anything but a moment. */
#define AGE_REMEDY "to test how long ago it was created, write age: age < 2h"

/* In mistakes.c: suggests the field that a name was meant to be, or says that there is none; NULL if the name isn't
 * known. */
const char *guessed_name_remedy(struct text name);

/* In mismatch.c: adds what was probably meant to a report that the two types can't be compared. */
void hint_at_types(struct checker *, struct diag *, enum value_type left, enum value_type right);

/* In percents.c: reports at [from, to) that a percent can't be compared with a count, or with a field that counts
 * percents. Always false. */
bool refuse_percent(struct checker *, size_t from, size_t to, const struct node *count, const struct node *percent);
bool refuse_percent_of_percents(struct checker *, size_t from, size_t to, const struct node *percent);

/* False, with an error reported, if the sum adds a percent to a count or to a whole number: `min_replica + 50%` is half
 * a replica more, `2 + 50%` is 2.5. */
bool check_percent_in_sum(struct checker *, const struct node *sum);

/* Reports that the noun has no such field. Always returns false. */
bool refuse_field(struct checker *, const struct node *, bool of_chainlet);

/* False, with an error reported in the rule, if there is no baseline to range over or to compare with. */
bool need_baseline(struct checker *, size_t from, size_t to);

#endif
