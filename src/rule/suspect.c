/* suspect.c - warns of rules that are well formed but can't be meant: always true, never true, or true when nothing
 * is selected. */
#include "negations.h"
#include "ratio.h"
#include "study.h"

/* Warns if the rule can't vary. */
static void suspect_constant(struct arena *arena, const struct rule *rule, enum rest rest, struct diags *diags)
{
	bool at_rest = rest != REST_NOT_KNOWN;
	struct studied found = rule_study(arena, rule, rest, NULL);
	const char *message = !found.selects    ? "the where can never be true: it selects nothing"
			      : !found.can_hold ? "this can never be true"
						: "this can never be false: it tests nothing";
	if (!found.is_known || (found.selects && found.can_hold && found.can_fail))
		return;
	if (at_rest)
		message = arena_printf(arena, "once the target is stable, %s", message);
	struct diag *diag =
		rule_warn(rule, found.selects ? rule->body : rule->where, diags, DIAG_CONSTANT_RULE, message);
	diag_hint(diags, diag, "%s",
		  at_rest ? "it is judged when something is there and nothing is in progress: look at the values "
			    "again, or leave "
			    "the rule out"
			  : "look at the operators and the values again, or leave the rule out");
}

/* `all chainlets not X` means the same as `no chainlet X`, also when nothing is selected, but is harder to read. */
static void suspect_all_not(const struct rule *rule, struct diags *diags)
{
	const struct node *body = rule->body;
	if (rule->quantifier != QUANTIFIER_ALL || rule->where || body->kind != NODE_STATUS_IS || !body->negated)
		return;
	if (body->class == CLASS_NONE && (body->set_count != 1 || body->set[0]->kind != NODE_LITERAL))
		return;
	const char *noun = rule->scope == SCOPE_CHAINLETS     ? "chainlet"
			   : rule->scope == SCOPE_DEPLOYMENTS ? "deployment"
							      : "baseline chainlet";
	const char *word =
		body->class != CLASS_NONE ? status_class_name(body->class) : status_name(body->set[0]->literal.status);
	struct diag *diag =
		rule_warn(rule, body, diags, DIAG_VACUOUS_RULE, "'all … not' is easily read as 'not all …'");
	diag_hint(diags, diag, "say no %s %s", noun, word);
}

static bool is_integer(const struct node *node, int64_t number)
{
	return (node->kind == NODE_LITERAL || node->kind == NODE_PARAM) && node->literal.type == TYPE_NUMBER &&
	       ratio_compare(node->literal.number, ratio_of(number)) == 0;
}

/* The operand that must be 0, its least value, if this comparison is to hold: == 0, <= 0, < 1, in either order. NULL:
 * there is none. */
static const struct node *must_be_zero(const struct node *node)
{
	const struct node *left = node->children[0], *right = node->children[1];
	switch ((int)node->op) {
	case TOKEN_EQUAL: return is_integer(right, 0) ? left : is_integer(left, 0) ? right : NULL;
	case TOKEN_LESS_EQUAL: return is_integer(right, 0) ? left : NULL;
	case TOKEN_LESS: return is_integer(right, 1) ? left : NULL;
	case TOKEN_GREATER_EQUAL: return is_integer(left, 0) ? right : NULL;
	case TOKEN_GREATER: return is_integer(left, 1) ? right : NULL;
	default: return NULL;
	}
}

/* `count(chainlets where …) == 0`: also true if there are no chainlets at all. */
static void suspect_count(const struct rule *rule, const struct node *node, struct diags *diags)
{
	for (size_t i = 0; i < node->count; i++)
		suspect_count(rule, node->children[i], diags);
	const struct node *counted = node->kind == NODE_COMPARE ? must_be_zero(node) : NULL;
	if (!counted || counted->kind != NODE_AGGREGATE || counted->aggregate != AGGREGATE_COUNT || !counted->where ||
	    counted->noun == SCOPE_BASELINE_CHAINLETS) /* a baseline has at least one, or the count is unknown */
		return;
	const char *noun = counted->noun == SCOPE_CHAINLETS ? "chainlet" : "deployment";
	struct diag *diag =
		rule_warn(rule, node, diags, DIAG_VACUOUS_RULE, "this is also true if there is nothing to judge");
	const struct node *where = counted->where;
	const struct node *tested = where->count ? where->children[0] : NULL;
	bool of_own = tested && tested->kind == NODE_FIELD && tested->type == TYPE_STATUS &&
		      tested->of == (counted->noun == SCOPE_CHAINLETS ? FIELD_OF_CHAINLET : FIELD_OF_DEPLOYMENT);
	bool of_class = of_own && where->kind == NODE_IN && where->class != CLASS_NONE && !where->negated;
	bool of_status = of_own && where->kind == NODE_COMPARE && where->op == TOKEN_EQUAL &&
			 where->children[1]->kind == NODE_LITERAL;
	if (of_class)
		diag_hint(diags, diag, "say no %s %s", noun, status_class_name(where->class));
	else if (of_status)
		diag_hint(diags, diag, "say no %s %s", noun, status_name(where->children[1]->literal.status));
	else
		diag_hint(diags, diag, "say no %s has …, which is unknown if there is no %s", noun, noun);
}

void rule_suspect(struct arena *arena, const struct rule *rule, struct diags *diags)
{
	if (!rule_suspect_negations(arena, rule, diags))
		suspect_constant(arena, rule, REST_NOT_KNOWN, diags);
	suspect_all_not(rule, diags);
	suspect_count(rule, rule->body, diags);
}

void rule_suspect_at_rest(struct arena *arena, const struct rule *rule, enum rest rest, struct diags *diags)
{
	struct studied anyway = rule_study(arena, rule, REST_NOT_KNOWN, NULL);
	if (anyway.is_known && anyway.selects && anyway.can_hold && anyway.can_fail)
		suspect_constant(arena, rule, rest, diags);
}

void rule_suspect_selected(struct arena *arena, const struct rule *rule, const struct rule_selected *selected,
			   bool is_when, struct diags *diags)
{
	struct studied anyway = rule_study(arena, rule, REST_NOT_KNOWN, NULL);
	struct studied found = rule_study(arena, rule, REST_NOT_KNOWN, selected);
	if (!anyway.is_known || !found.is_known || !anyway.can_hold || (found.selects && (found.can_hold || !is_when)))
		return;
	struct diag *diag = rule_warn(rule, found.selects ? rule->body : rule->where, diags, DIAG_SKIPPED_RULE,
				      found.selects ? "this can never be true of the deployment that target selects"
						    : "the deployment that target selects never has this: the where "
						      "selects nothing");
	diag_hint(diags, diag, "look at target and at this again, or leave the rule out");
}
