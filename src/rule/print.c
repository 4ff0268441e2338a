/* print.c - prints a rule in its canonical form, which parses to the same tree. */
#include "ast.h"

#include "chaingate/buf.h"
#include "chaingate/times.h"

#include <inttypes.h>

/* How tightly a node binds. A child that binds less tightly than its place needs is put in parentheses. */
enum binding {
	BINDING_OR,
	BINDING_AND,
	BINDING_NOT,
	BINDING_COMPARISON,
	BINDING_SUM,
	BINDING_PRODUCT,
	BINDING_UNARY,
	BINDING_PRIMARY
};

static enum binding binding_of(const struct node *node)
{
	switch (node->kind) {
	case NODE_OR: return BINDING_OR;
	case NODE_AND: return BINDING_AND;
	case NODE_NOT: return BINDING_NOT;
	case NODE_COMPARE:
	case NODE_IN:
	case NODE_IS_NULL:
	case NODE_MATCH:
	case NODE_STATUS_IS: return BINDING_COMPARISON;
	case NODE_SUM: return BINDING_SUM;
	case NODE_PRODUCT: return BINDING_PRODUCT;
	case NODE_NEGATE: return BINDING_UNARY;
	case NODE_FIELD:
	case NODE_LITERAL:
	case NODE_PARAM:
	case NODE_AGGREGATE: break;
	}
	return BINDING_PRIMARY;
}

static void print_child(struct buf *buf, const struct node *child, enum binding least)
{
	bool loose = binding_of(child) < least;
	buf_add_string(buf, loose ? "(" : "");
	node_print(buf, child);
	buf_add_string(buf, loose ? ")" : "");
}

static const char *sign(enum token_kind kind)
{
	switch ((int)kind) {
	case TOKEN_PLUS: return "+";
	case TOKEN_MINUS: return "-";
	case TOKEN_TIMES: return "*";
	case TOKEN_DIVIDE: return "/";
	case TOKEN_EQUAL: return "==";
	case TOKEN_NOT_EQUAL: return "!=";
	case TOKEN_LESS: return "<";
	case TOKEN_LESS_EQUAL: return "<=";
	case TOKEN_GREATER: return ">";
	default: return ">=";
	}
}

static void print_list(struct buf *buf, const struct node *node, const char *word, enum binding least)
{
	for (size_t i = 0; i < node->count; i++) {
		buf_add_string(buf, i ? word : "");
		print_child(buf, node->children[i], least);
	}
}

static void print_chain(struct buf *buf, const struct node *node, enum binding least)
{
	for (size_t i = 0; i < node->count; i++) {
		if (i)
			buf_printf(buf, " %s ", sign(node->children[i]->joined_by));
		print_child(buf, node->children[i], least);
	}
}

static void print_set(struct buf *buf, const struct node *node)
{
	if (node->class != CLASS_NONE) {
		buf_add_string(buf, status_class_name(node->class));
		return;
	}
	buf_add_byte(buf, '[');
	for (size_t i = 0; i < node->set_count; i++) {
		buf_add_string(buf, i ? ", " : "");
		node_print(buf, node->set[i]);
	}
	buf_add_byte(buf, ']');
}

static void print_status_is(struct buf *buf, const struct node *node)
{
	buf_add_string(buf, node->negated ? "not " : "");
	if (node->class != CLASS_NONE) {
		buf_add_string(buf, status_class_name(node->class));
	} else if (node->set_count == 1 && node->set[0]->kind == NODE_LITERAL) {
		node_print(buf, node->set[0]);
	} else {
		buf_add_string(buf, "in ");
		print_set(buf, node);
	}
}

static bool is_plain_name(struct text name)
{
	for (size_t i = 0; i < name.length; i++) {
		char c = name.bytes[i];
		bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
		if (!is_letter && !(i && c >= '0' && c <= '9'))
			return false;
	}
	return name.length > 0;
}

static void print_label(struct buf *buf, struct text name)
{
	buf_add_string(buf, "label.");
	if (is_plain_name(name))
		buf_add(buf, name);
	else
		literal_add(buf, &(struct literal){.type = TYPE_STRING, .text = name});
}

static void print_field(struct buf *buf, const struct node *node)
{
	static const char *const prefixes[] = {
		[FIELD_OF_ITEM] = "",
		[FIELD_OF_CHAINLET] = "chainlet.",
		[FIELD_OF_DEPLOYMENT] = "deployment.",
		[FIELD_OF_BASELINE_ITEM] = "baseline.",
		[FIELD_OF_BASELINE_CHAINLET] = "baseline.",
		[FIELD_OF_BASELINE_DEPLOYMENT] = "baseline.deployment.",
		[FIELD_OF_COUNTERPART] = "counterpart.",
	};
	buf_add_string(buf, node->has_prefix ? prefixes[node->of] : "");
	if (node->label.length)
		print_label(buf, node->label);
	else
		buf_add(buf, node->text);
}

static const char *noun(enum rule_scope scope, bool is_one)
{
	switch (scope) {
	case SCOPE_CHAINLETS: return is_one ? "chainlet" : "chainlets";
	case SCOPE_DEPLOYMENTS: return is_one ? "deployment" : "deployments";
	case SCOPE_BASELINE_CHAINLETS: return is_one ? "baseline chainlet" : "baseline chainlets";
	case SCOPE_TARGET: break;
	}
	return "";
}

static void print_aggregate(struct buf *buf, const struct node *node)
{
	static const char *const names[] = {[AGGREGATE_COUNT] = "count(",
					    [AGGREGATE_SUM] = "sum(",
					    [AGGREGATE_MIN] = "min(",
					    [AGGREGATE_MAX] = "max("};
	buf_add_string(buf, names[node->aggregate]);
	if (node->count) {
		node_print(buf, node->children[0]);
		buf_add_string(buf, " of ");
	}
	buf_add_string(buf, noun(node->noun, false));
	if (node->where) {
		buf_add_string(buf, " where ");
		node_print(buf, node->where);
	}
	buf_add_byte(buf, ')');
}

void node_print(struct buf *buf, const struct node *node)
{
	switch (node->kind) {
	case NODE_OR: print_list(buf, node, " or ", BINDING_AND); break;
	case NODE_AND: print_list(buf, node, " and ", BINDING_NOT); break;
	case NODE_NOT:
		buf_add_string(buf, "not ");
		print_child(buf, node->children[0], BINDING_NOT);
		break;
	case NODE_COMPARE:
		print_child(buf, node->children[0], BINDING_SUM);
		buf_printf(buf, " %s ", sign(node->op));
		print_child(buf, node->children[1], BINDING_SUM);
		break;
	case NODE_IN:
		print_child(buf, node->children[0], BINDING_SUM);
		buf_add_string(buf, node->negated ? " not in " : " in ");
		print_set(buf, node);
		break;
	case NODE_IS_NULL:
		print_child(buf, node->children[0], BINDING_SUM);
		buf_add_string(buf, node->negated ? " is not null" : " is null");
		break;
	case NODE_MATCH:
		print_child(buf, node->children[0], BINDING_SUM);
		buf_printf(buf, " %s%s ", node->negated ? "not " : "", node->is_glob ? "like" : "matches");
		node_print(buf, node->pattern_literal);
		break;
	case NODE_STATUS_IS: print_status_is(buf, node); break;
	case NODE_SUM: print_chain(buf, node, BINDING_PRODUCT); break;
	case NODE_PRODUCT: print_chain(buf, node, BINDING_UNARY); break;
	case NODE_NEGATE:
		buf_add_byte(buf, '-');
		print_child(buf, node->children[0], BINDING_UNARY);
		break;
	case NODE_FIELD: print_field(buf, node); break;
	case NODE_LITERAL:
		if (node->as_seconds)
			buf_printf(buf, "%" PRId64, node->literal.number.numerator / NS_PER_S);
		else
			literal_add(buf, &node->literal);
		break;
	case NODE_PARAM:
		buf_add_byte(buf, '$');
		buf_add(buf, node->text);
		break;
	case NODE_AGGREGATE: print_aggregate(buf, node); break;
	}
}

static void print_number(struct buf *buf, const struct rule *rule, const char *words)
{
	buf_printf(buf, "%s ", words);
	node_print(buf, rule->number_node);
	buf_add_byte(buf, ' ');
}

static void print_quantifier(struct buf *buf, const struct rule *rule)
{
	switch (rule->quantifier) {
	case QUANTIFIER_NONE: break;
	case QUANTIFIER_ALL: buf_add_string(buf, "all "); break;
	case QUANTIFIER_ANY: buf_add_string(buf, "any "); break;
	case QUANTIFIER_NO: buf_add_string(buf, "no "); break;
	case QUANTIFIER_AT_LEAST: print_number(buf, rule, "at least"); break;
	case QUANTIFIER_AT_MOST: print_number(buf, rule, "at most"); break;
	case QUANTIFIER_EXACTLY: print_number(buf, rule, "exactly"); break;
	}
}

/* True if the body follows "are": `are missing`, `are ACTIVE`; but `have min_replica >= 2`. */
static bool is_adjective(const struct node *body)
{
	if (body->kind == NODE_NOT)
		body = body->children[0];
	return body->kind == NODE_STATUS_IS ||
	       (body->kind == NODE_FIELD && body->type == TYPE_BOOLEAN && !body->field->row.of_environment);
}

/* "at least 1 chainlet is ACTIVE". A parameter may have any value. */
static bool is_about_one(const struct rule *rule)
{
	return rule->number_node && rule->number_node->kind == NODE_LITERAL && rule->number == 1;
}

static void print_rule(struct buf *buf, const struct rule *rule)
{
	if (!rule->bare) {
		print_quantifier(buf, rule);
		bool is_one = is_about_one(rule);
		buf_add_string(buf, noun(rule->scope, is_one));
		if (rule->where) {
			buf_add_string(buf, " where ");
			node_print(buf, rule->where);
		}
		buf_add_string(buf, is_adjective(rule->body) ? is_one ? " is " : " are " : is_one ? " has " : " have ");
	}
	node_print(buf, rule->body);
}

void rule_print(struct buf *buf, const struct rule *rule)
{
	struct buf canonical = buf_make(RULE_BYTES_MAX);
	print_rule(&canonical, rule);
	if (canonical.overflowed)
		text_add_printable(buf, rule->excerpt.text);
	else
		buf_add(buf, buf_text(&canonical));
	buf_release(&canonical);
}
