/* rule.c - a rule as a whole: parsing it, and its properties. */
#include "ast.h"

const struct rule *rule_parse(struct arena *arena, const struct excerpt *excerpt, const struct rule_context *context,
			      struct diags *diags)
{
	struct rule *rule = rule_read(arena, excerpt, context, diags);
	if (!rule || !rule_check(arena, rule, context, diags))
		return NULL;
	rule_suspect(arena, rule, diags);
	rule_doubt(rule, diags);
	return rule;
}

enum rule_scope rule_scope(const struct rule *rule)
{
	return rule->scope;
}

bool rule_is_quantified(const struct rule *rule)
{
	return rule->quantifier != QUANTIFIER_NONE;
}

bool rule_uses_baseline(const struct rule *rule)
{
	return rule->uses_baseline;
}

bool rule_asks_environment(const struct rule *rule, bool of_baseline)
{
	return of_baseline ? rule->asks_baseline_environment : rule->asks_environment;
}

struct text rule_lacked_field(const struct rule *rule, enum target_kind kind)
{
	return rule->lacked_by[kind];
}

bool rule_uses_missing(const struct rule *rule)
{
	return rule->uses_missing;
}

static bool names_status(const struct node *node, enum status status)
{
	bool literal = node->kind == NODE_LITERAL || node->kind == NODE_PARAM;
	if (literal && node->literal.type == TYPE_STATUS && node->literal.status == status)
		return true;
	if (node->class != CLASS_NONE && node->class == status_class(status))
		return true;
	for (size_t i = 0; i < node->set_count; i++)
		if (names_status(node->set[i], status))
			return true;
	for (size_t i = 0; i < node->count; i++)
		if (names_status(node->children[i], status))
			return true;
	return node->where && names_status(node->where, status);
}

bool rule_names_status(const struct rule *rule, enum status status)
{
	return names_status(rule->body, status) || (rule->where && names_status(rule->where, status));
}

const struct excerpt *rule_excerpt(const struct rule *rule)
{
	return &rule->excerpt;
}
