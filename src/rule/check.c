/* check.c - names, types and scope: what the judge may rely on.
 *
 * All independent mistakes of a rule are reported. A node that was refused has no type, and nothing more is said about what it is part of.
 */
#include "ast.h"

#include "chaingate/times.h"

struct checker {
	struct rule *rule;
	struct diags *diags;
	bool bare;          /* no quantifier: the scope isn't known at first */
	bool saw_chainlet;  /* a bare rule names a field that only chainlets have */
	bool saw_deployment;
};

static const char *const type_names[] = {
	[TYPE_BOOLEAN] = "true or false", [TYPE_NUMBER] = "a number", [TYPE_DURATION] = "a duration", [TYPE_TIME] = "a time",
	[TYPE_STRING] = "a string",       [TYPE_STATUS] = "a status", [TYPE_SETTINGS] = "autoscaling_settings as a whole",
};

__attribute__((format(printf, 5, 6))) static struct diag *refuse(struct checker *c, size_t from, size_t to,
								   enum diag_code code, const char *format, ...);

#include <stdarg.h>
#include <stdio.h>

static struct diag *refuse(struct checker *c, size_t from, size_t to, enum diag_code code, const char *format, ...)
{
	char *words;
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	words = arena_alloc(c->diags->arena, (size_t)length + 1);
	vsnprintf(words, (size_t)length + 1, format, again);
	va_end(again);
	va_end(args);
	return diag_error(c->diags, c->rule->excerpt.source, excerpt_span(&c->rule->excerpt, from, to), code, "%s", words);
}

static bool check_node(struct checker *, struct node *);

/* ---- fields ----------------------------------------------------------------------------------------------------- */

#define SETTINGS_PREFIX "autoscaling_settings."

static struct text bare_name(const struct node *node, bool *nested)
{
	*nested = text_starts_with(node->text, SETTINGS_PREFIX);
	return *nested ? text_slice(node->text, sizeof(SETTINGS_PREFIX) - 1, node->text.length) : node->text;
}

static const struct field *find(const struct node *node, bool of_chainlet)
{
	bool nested;
	struct text name = bare_name(node, &nested);
	const struct field *field = field_find(name, of_chainlet);
	return field && nested && !field->is_setting ? NULL : field;
}

static bool refuse_unknown_field(struct checker *c, const struct node *node, bool of_chainlet)
{
	bool nested;
	struct text name = bare_name(node, &nested);
	const char *value = diag_value(c->diags, node->text);
	if (find(node, !of_chainlet)) {
		struct diag *diag = refuse(c, node->from, node->to, DIAG_WRONG_SCOPE, "'%s' is a field of %s, not of %s", value,
					   of_chainlet ? "deployments" : "chainlets", of_chainlet ? "chainlets" : "deployments");
		if (of_chainlet)
			diag_hint(c->diags, diag, "write deployment.%s for the chainlet's own deployment", value);
		return false;
	}
	struct diag *diag = refuse(c, node->from, node->to, DIAG_UNKNOWN_FIELD, "no field is called '%s'", value);
	const char *near = field_nearest(name, of_chainlet);
	if (!near)
		near = field_nearest(name, !of_chainlet);
	if (near)
		diag_hint(c->diags, diag, "a field has a similar name: %s", near);
	return false;
}

/* In a bare rule the fields say what the rule ranges over; names that both nouns have can't. */
static bool check_bare_field(struct checker *c, struct node *node)
{
	const struct field *chainlet = find(node, true), *deployment = find(node, false);
	if (chainlet && deployment) {
		const char *value = diag_value(c->diags, node->text);
		struct diag *diag = refuse(c, node->from, node->to, DIAG_AMBIGUOUS_FIELD,
					   "'%s' could be the chainlets' or the deployments'", value);
		diag_hint(c->diags, diag, "say `all chainlets` or `all deployments`");
		return false;
	}
	c->saw_chainlet |= chainlet != NULL;
	c->saw_deployment |= deployment != NULL;
	node->field = chainlet ? chainlet : deployment;
	node->of = chainlet ? FIELD_OF_CHAINLET : FIELD_OF_DEPLOYMENT;
	return node->field || refuse_unknown_field(c, node, true);
}

static bool check_field(struct checker *c, struct node *node)
{
	bool over_chainlets = c->rule->scope == SCOPE_CHAINLETS;
	if (node->of == FIELD_OF_BASELINE)
		return refuse(c, node->from, node->to, DIAG_NOT_SUPPORTED, "baselines are not supported yet"), false;
	if (node->of == FIELD_OF_ITEM && c->bare) {
		if (!check_bare_field(c, node))
			return false;
	} else {
		bool of_chainlet = node->of == FIELD_OF_CHAINLET || (node->of == FIELD_OF_ITEM && over_chainlets);
		if (of_chainlet && !c->bare && !over_chainlets)
			return refuse(c, node->from, node->to, DIAG_WRONG_SCOPE,
				      "a rule over deployments has no single chainlet"), false;
		node->field = find(node, of_chainlet);
		if (!node->field)
			return refuse_unknown_field(c, node, of_chainlet);
		node->of = of_chainlet ? FIELD_OF_CHAINLET : FIELD_OF_DEPLOYMENT;
		c->saw_chainlet |= of_chainlet;
		c->saw_deployment |= !of_chainlet;
	}
	node->type = node->field->type;
	return true;
}

/* ---- comparisons ------------------------------------------------------------------------------------------------ */

static bool is_integer(const struct node *node)
{
	while (node->kind == NODE_NEGATE)
		node = node->children[0];
	return node->kind == NODE_INTEGER;
}

/* An integer literal compared with a duration is seconds, as in the API: it is made a duration here. */
static bool as_seconds(struct checker *c, struct node *node)
{
	for (node->type = TYPE_DURATION; node->kind == NODE_NEGATE; node = node->children[0], node->type = TYPE_DURATION)
		;
	if (!__builtin_mul_overflow(node->integer, NS_PER_S, &node->integer))
		return true;
	return refuse(c, node->from, node->to, DIAG_NUMBER_TOO_LARGE, "so many seconds do not fit a duration"), false;
}

static bool is_ordered(enum value_type type)
{
	return type == TYPE_NUMBER || type == TYPE_DURATION || type == TYPE_TIME;
}

static bool match_types(struct checker *c, size_t from, size_t to, struct node *left, struct node *right)
{
	if (left->type == TYPE_DURATION && is_integer(right) && right->type == TYPE_NUMBER)
		return as_seconds(c, right);
	if (right->type == TYPE_DURATION && is_integer(left) && left->type == TYPE_NUMBER)
		return as_seconds(c, left);
	if (left->type == TYPE_SETTINGS || right->type == TYPE_SETTINGS) {
		struct diag *diag = refuse(c, from, to, DIAG_WRONG_TYPE, "autoscaling_settings as a whole compares with nothing");
		diag_hint(c->diags, diag, "compare a setting such as min_replica, or write autoscaling_settings is null");
		return false;
	}
	if (left->type == right->type)
		return true;
	struct diag *diag = refuse(c, from, to, DIAG_WRONG_TYPE, "%s cannot be compared with %s", type_names[left->type],
				   type_names[right->type]);
	bool status = left->type == TYPE_STATUS || right->type == TYPE_STATUS;
	if (status && (left->type == TYPE_STRING || right->type == TYPE_STRING))
		diag_hint(c->diags, diag, "write statuses without quotes: status == ACTIVE");
	return false;
}

static bool check_compare(struct checker *c, struct node *node)
{
	struct node *left = node->children[0], *right = node->children[1];
	bool well = check_node(c, left);
	if (!check_node(c, right) || !well || !match_types(c, node->op_from, node->op_to, left, right))
		return false;
	node->type = TYPE_BOOLEAN;
	if (node->op == TOKEN_EQUAL || node->op == TOKEN_NOT_EQUAL || is_ordered(left->type))
		return true;
	struct diag *diag = refuse(c, node->op_from, node->op_to, DIAG_WRONG_TYPE, "%s has no order", type_names[left->type]);
	diag_hint(c->diags, diag, "only numbers, durations and times have; write ==, != or in");
	return false;
}

static bool check_set(struct checker *c, struct node *node, struct node *compared)
{
	bool well = true;
	for (size_t i = 0; i < node->set_count; i++) {
		struct node *literal = node->set[i];
		if (!check_node(c, literal)) {
			well = false;
			continue;
		}
		well &= match_types(c, literal->from, literal->to, compared, literal);
	}
	return well;
}

static bool check_in(struct checker *c, struct node *node)
{
	struct node *compared = node->children[0];
	node->type = TYPE_BOOLEAN;
	if (!check_node(c, compared))
		return false;
	if (node->class == CLASS_NONE)
		return check_set(c, node, compared);
	if (compared->type == TYPE_STATUS)
		return true;
	return refuse(c, node->op_from, node->op_to, DIAG_WRONG_TYPE, "%s is in no class of statuses", type_names[compared->type]), false;
}

static bool check_status_is(struct checker *c, struct node *node)
{
	struct node status = {.type = TYPE_STATUS};
	node->type = TYPE_BOOLEAN;
	node->field = field_find(TEXT("status"), c->rule->scope == SCOPE_CHAINLETS);
	return check_set(c, node, &status);
}

/* ---- everything ------------------------------------------------------------------------------------------------- */

static bool expect_boolean(struct checker *c, const struct node *node, const char *what)
{
	if (node->type == TYPE_BOOLEAN)
		return true;
	struct diag *diag = refuse(c, node->from, node->to, DIAG_NOT_BOOLEAN, "%s must be true or false, this is %s", what,
				   type_names[node->type]);
	diag_hint(c->diags, diag, "compare it with something: ==, !=, <, <=, >, >=, in, is null");
	return false;
}

static bool check_children(struct checker *c, struct node *node)
{
	bool well = true;
	node->type = TYPE_BOOLEAN;
	for (size_t i = 0; i < node->count; i++)
		well &= check_node(c, node->children[i]) && expect_boolean(c, node->children[i], "what and, or and not join");
	return well;
}

static bool check_negate(struct checker *c, struct node *node)
{
	struct node *child = node->children[0];
	if (!check_node(c, child))
		return false;
	node->type = child->type;
	if (is_integer(node) || child->kind == NODE_DURATION)
		return true;
	return refuse(c, node->op_from, node->op_to, DIAG_NOT_SUPPORTED, "arithmetic is not supported yet"), false;
}

static bool refuse_later(struct checker *c, const struct node *node, const char *what)
{
	refuse(c, node->op_from, node->op_to, DIAG_NOT_SUPPORTED, "%s are not supported yet", what);
	return false;
}

static bool typed(struct node *node, enum value_type type)
{
	node->type = type;
	return true;
}

static bool check_node(struct checker *c, struct node *node)
{
	switch (node->kind) {
	case NODE_OR:
	case NODE_AND:
	case NODE_NOT: return check_children(c, node);
	case NODE_COMPARE: return check_compare(c, node);
	case NODE_IN: return check_in(c, node);
	case NODE_IS_NULL: return check_node(c, node->children[0]) && typed(node, TYPE_BOOLEAN);
	case NODE_STATUS_IS: return check_status_is(c, node);
	case NODE_NEGATE: return check_negate(c, node);
	case NODE_FIELD: return check_field(c, node);
	case NODE_INTEGER: return typed(node, TYPE_NUMBER);
	case NODE_DURATION: return typed(node, TYPE_DURATION);
	case NODE_STRING: return typed(node, TYPE_STRING);
	case NODE_STATUS: return typed(node, TYPE_STATUS);
	case NODE_BOOLEAN: return typed(node, TYPE_BOOLEAN);
	case NODE_ARITHMETIC: return refuse(c, node->op_from, node->op_to, DIAG_NOT_SUPPORTED, "arithmetic is not supported yet"), false;
	case NODE_MATCH: return refuse_later(c, node, "like and matches");
	case NODE_PERCENT: return refuse_later(c, node, "percents");
	case NODE_DECIMAL: return refuse_later(c, node, "decimals");
	case NODE_PARAM: return refuse_later(c, node, "parameters");
	case NODE_AGGREGATE: return refuse_later(c, node, "aggregates");
	}
	return false;
}

/* What a bare rule ranges over follows from the fields it names. One that names none is about nothing that was seen. */
static bool settle_scope(struct checker *c)
{
	struct rule *rule = c->rule;
	if (!c->bare)
		return true;
	rule->quantifier = QUANTIFIER_ALL;
	rule->scope = c->saw_chainlet ? SCOPE_CHAINLETS : SCOPE_DEPLOYMENTS;
	if (c->saw_chainlet || c->saw_deployment)
		return true;
	struct diag *diag = refuse(c, rule->body->from, rule->body->to, DIAG_CONSTANT_RULE, "the rule looks at nothing");
	diag_hint(c->diags, diag, "name a field, such as min_replica >= 2");
	return false;
}

bool rule_check(struct rule *rule, struct diags *diags)
{
	struct checker c = {.rule = rule, .diags = diags, .bare = rule->quantifier == QUANTIFIER_NONE};
	bool well = true;
	if (rule->where)
		well = check_node(&c, rule->where) && expect_boolean(&c, rule->where, "a where");
	if (!check_node(&c, rule->body) || !expect_boolean(&c, rule->body, "a rule"))
		return false;
	return well && settle_scope(&c);
}
