/* bare.c - refuses a condition without a quantifier where it would be read otherwise than it is judged. */
#include "ast.h"

bool rule_check_never(struct arena *arena, const struct rule *rule, struct diags *diags)
{
	if (!rule->bare || rule->quantifier == QUANTIFIER_NONE)
		return true;
	const char *noun = rule->scope == SCOPE_DEPLOYMENTS ? "deployment" : "chainlet";
	const char *condition = node_words(arena, rule->body);
	struct diag *diag = diag_error(
		diags, rule->excerpt.source, excerpt_span(&rule->excerpt, rule->body->from, rule->body->to),
		DIAG_AMBIGUOUS_FIELD,
		"a never must say of how many %ss: without that, only all of them together violate it", noun);
	diag_hint(diags, diag, "write any %s has %s, or all %ss have %s if one of them may be so", noun, condition,
		  noun, condition);
	return false;
}
