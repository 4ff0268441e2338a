/* explain.c - explains how a rule was understood: what it ranges over, what it compares, and the types. */
#include "ast.h"

#include "chaingate/buf.h"

#include <inttypes.h>
#include <string.h>

static void explain(struct buf *buf, const struct rule *rule, const struct node *node);

static void explain_field(struct buf *buf, const struct node *node)
{
	static const char *const owners[] = {
		[FIELD_OF_ITEM] = "",
		[FIELD_OF_CHAINLET] = "",
		[FIELD_OF_DEPLOYMENT] = " of the deployment",
		[FIELD_OF_BASELINE_ITEM] = "",
		[FIELD_OF_BASELINE_CHAINLET] = " of the chainlet of the same name in the baseline",
		[FIELD_OF_BASELINE_DEPLOYMENT] = " of the baseline's deployment",
		[FIELD_OF_COUNTERPART] = " of the judged chainlet of the same name",
	};
	if (node->field->id == FIELD_NEW || node->field->id == FIELD_MISSING) {
		buf_add_string(buf, node->field->id == FIELD_NEW ? "the baseline has no chainlet of its name"
								 : "a selected deployment has no chainlet of its name");
		return;
	}
	if (node->label.length)
		buf_add(buf, node->text);
	else
		buf_add_string(buf, node->field->row.name);
	if (strcmp(node->field->row.name, node->field->row.type) != 0)
		buf_printf(buf, " (%s)", node->field->row.type);
	buf_add_string(buf, owners[node->of]);
}

static const char *noun(enum rule_scope scope, bool many)
{
	if (scope == SCOPE_DEPLOYMENTS)
		return many ? "selected deployments" : "selected deployment";
	if (scope == SCOPE_BASELINE_CHAINLETS)
		return many ? "chainlets of the baseline's deployment" : "chainlet of the baseline's deployment";
	return many ? "chainlets of the selected deployments" : "chainlet of the selected deployments";
}

static void explain_aggregate(struct buf *buf, const struct rule *rule, const struct node *node)
{
	static const char *const words[] = {
		[AGGREGATE_COUNT] = "the number",
		[AGGREGATE_SUM] = "the sum of ",
		[AGGREGATE_MIN] = "the least ",
		[AGGREGATE_MAX] = "the greatest ",
	};
	buf_add_string(buf, words[node->aggregate]);
	if (node->count)
		explain(buf, rule, node->children[0]);
	bool own = rule->quantifier != QUANTIFIER_NONE && rule->scope == SCOPE_DEPLOYMENTS &&
		   node->noun == SCOPE_CHAINLETS;
	buf_printf(buf, " of the %s", own ? "deployment's own chainlets" : noun(node->noun, true));
	if (node->where) {
		buf_add_string(buf, " for which ");
		explain(buf, rule, node->where);
	}
}

static const char *comparison(enum token_kind op)
{
	switch ((int)op) {
	case TOKEN_EQUAL: return " is ";
	case TOKEN_NOT_EQUAL: return " is not ";
	case TOKEN_LESS: return " is less than ";
	case TOKEN_LESS_EQUAL: return " is at most ";
	case TOKEN_GREATER: return " is more than ";
	default: return " is at least ";
	}
}

static void explain_class(struct buf *buf, enum status_class class)
{
	const char *before = " (";
	buf_add_string(buf, status_class_name(class));
	for (int status = STATUS_UNKNOWN + 1; status < STATUS_COUNT; status++) {
		if (status_class((enum status)status) != class)
			continue;
		buf_printf(buf, "%s%s", before, status_name((enum status)status));
		before = ", ";
	}
	buf_add_byte(buf, ')');
}

static void explain_set(struct buf *buf, const struct node *node)
{
	if (node->class != CLASS_NONE) {
		explain_class(buf, node->class);
		return;
	}
	for (size_t i = 0; i < node->set_count; i++) {
		buf_add_string(buf, i == 0 ? "" : i + 1 == node->set_count ? " or " : ", ");
		node_print(buf, node->set[i]);
	}
}

static void explain_list(struct buf *buf, const struct rule *rule, const struct node *node)
{
	const char *word = node->kind == NODE_AND ? " and " : " or ";
	for (size_t i = 0; i < node->count; i++) {
		const struct node *child = node->children[i];
		bool mixed = child->kind == NODE_AND || child->kind == NODE_OR;
		buf_add_string(buf, i ? word : "");
		buf_add_string(buf, mixed ? "(" : "");
		explain(buf, rule, child);
		buf_add_string(buf, mixed ? ")" : "");
	}
}

static void explain_chain(struct buf *buf, const struct rule *rule, const struct node *node)
{
	for (size_t i = 0; i < node->count; i++) {
		const struct node *child = node->children[i];
		bool loose = child->kind == NODE_SUM || child->kind == NODE_PRODUCT;
		if (i)
			buf_add_string(buf, child->joined_by == TOKEN_PLUS    ? " plus "
					    : child->joined_by == TOKEN_MINUS ? " minus "
					    : child->joined_by == TOKEN_TIMES ? " times "
									      : " divided by ");
		buf_add_string(buf, loose ? "(" : "");
		explain(buf, rule, child);
		buf_add_string(buf, loose ? ")" : "");
	}
}

static void explain(struct buf *buf, const struct rule *rule, const struct node *node)
{
	switch (node->kind) {
	case NODE_OR:
	case NODE_AND: explain_list(buf, rule, node); return;
	case NODE_NOT:
		buf_add_string(buf, "it is not so that (");
		explain(buf, rule, node->children[0]);
		buf_add_byte(buf, ')');
		return;
	case NODE_COMPARE:
		explain(buf, rule, node->children[0]);
		buf_add_string(buf, comparison(node->op));
		explain(buf, rule, node->children[1]);
		return;
	case NODE_IN:
	case NODE_STATUS_IS:
		if (node->kind == NODE_IN)
			explain(buf, rule, node->children[0]);
		else
			buf_add_string(buf, "status");
		buf_add_string(buf, node->negated ? " is none of " : node->set_count == 1 ? " is " : " is one of ");
		explain_set(buf, node);
		return;
	case NODE_IS_NULL:
		explain(buf, rule, node->children[0]);
		buf_add_string(buf, node->negated ? " has a value" : " has no value");
		return;
	case NODE_MATCH:
		explain(buf, rule, node->children[0]);
		buf_printf(buf, node->is_glob ? " %s the glob " : " %s the regular expression ",
			   node->negated ? "doesn't match" : "matches");
		node_print(buf, node->pattern_literal);
		return;
	case NODE_SUM:
	case NODE_PRODUCT: explain_chain(buf, rule, node); return;
	case NODE_NEGATE:
		buf_add_string(buf, "minus ");
		explain(buf, rule, node->children[0]);
		return;
	case NODE_FIELD: explain_field(buf, node); return;
	case NODE_LITERAL: literal_add(buf, &node->literal); return;
	case NODE_PARAM:
		buf_add_byte(buf, '$');
		buf_add(buf, node->text);
		buf_add_string(buf, " (");
		literal_add(buf, &node->literal);
		buf_add_byte(buf, ')');
		return;
	case NODE_AGGREGATE: explain_aggregate(buf, rule, node); return;
	}
}

static void explain_range(struct buf *buf, const struct rule *rule)
{
	const char *many = noun(rule->scope, true), *one = noun(rule->scope, false);
	switch (rule->quantifier) {
	case QUANTIFIER_NONE: buf_add_string(buf, "Of the target as a whole"); break;
	case QUANTIFIER_ALL: buf_printf(buf, "For every %s", one); break;
	case QUANTIFIER_ANY: buf_printf(buf, "For at least one of the %s", many); break;
	case QUANTIFIER_NO: buf_printf(buf, "For none of the %s", many); break;
	case QUANTIFIER_AT_LEAST: buf_printf(buf, "For at least %" PRId64 " of the %s", rule->number, many); break;
	case QUANTIFIER_AT_MOST: buf_printf(buf, "For at most %" PRId64 " of the %s", rule->number, many); break;
	case QUANTIFIER_EXACTLY: buf_printf(buf, "For exactly %" PRId64 " of the %s", rule->number, many); break;
	}
	if (rule->where) {
		buf_add_string(buf, " for which ");
		explain(buf, rule, rule->where);
		buf_add_byte(buf, ',');
	}
}

void rule_explain(struct buf *buf, const struct rule *rule)
{
	explain_range(buf, rule);
	buf_add_string(buf, rule->quantifier == QUANTIFIER_NONE ? ": " : " it holds that ");
	explain(buf, rule, rule->body);
	buf_add_byte(buf, '.');
}

enum truth rule_over_nothing(const struct rule *rule)
{
	bool needs_one = rule->quantifier == QUANTIFIER_ANY || rule->quantifier == QUANTIFIER_AT_LEAST ||
			 (rule->quantifier == QUANTIFIER_EXACTLY && rule->number > 0);
	return needs_one ? TRUTH_FALSE : TRUTH_UNKNOWN;
}
