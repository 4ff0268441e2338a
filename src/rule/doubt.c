/* doubt.c - warns of well-formed rules that are probably not meant: values in the wrong unit. Strings are in
 * doubt_text.c, rules that fail or hold in every rollout in rollout.c. */
#include "judge.h"

#include "chaingate/times.h"
#include "ratio.h"

/* ---- values ----------------------------------------------------------------------------------------------------- */

/* A share where percents are expected: 0.7 isn't 70. */
static void doubt_share(const struct rule *rule, const struct node *field, const struct node *value,
			struct diags *diags)
{
	const struct node *constant = node_constant(value);
	if (field->kind != NODE_FIELD || !field->field->counts_percents || !constant)
		return;
	struct ratio number = constant->literal.number;
	if (number.numerator <= 0 || number.numerator >= number.denominator)
		return;
	struct diag *diag = rule_warn(rule, value, diags, DIAG_DOUBTFUL_VALUE,
				      "the field counts percents: this is less than 1 percent");
	struct buf buf = buf_make(RULE_BYTES_MAX);
	node_add_hundredfold(&buf, value);
	diag_hint(diags, diag, "write %s", buf_string(&buf));
	buf_release(&buf);
}

/* 0.7 for a count may have been meant as 70% of another one: as a count, anything above 0 is more. */
static void doubt_fraction(const struct rule *rule, const struct node *count, const struct node *value,
			   struct diags *diags)
{
	const struct node *constant = node_constant(value);
	bool counts = count->kind == NODE_FIELD
			      ? count->type == TYPE_NUMBER && !count->field->counts_percents
			      : count->kind == NODE_AGGREGATE &&
					(count->aggregate == AGGREGATE_COUNT || count->children[0]->kind == NODE_FIELD);
	if (!counts || !constant || constant->type != TYPE_NUMBER)
		return;
	struct ratio number = constant->literal.number;
	if (number.numerator <= 0 || number.numerator >= number.denominator)
		return;
	struct diag *diag =
		rule_warn(rule, value, diags, DIAG_DOUBTFUL_VALUE, "a count is a whole number: this is less than one");
	diag_hint(diags, diag, "write a whole number, such as 2, or a share of another count: max_replica * 70%%");
}

/* The settings are whole seconds: 600ms may have been meant as 600 seconds. */
static void doubt_milliseconds(const struct rule *rule, const struct node *field, const struct node *value,
			       struct diags *diags)
{
	const struct node *constant = node_constant(value);
	if (field->kind != NODE_FIELD || !field->field->row.is_setting || !constant ||
	    constant->literal.type != TYPE_DURATION || constant->as_seconds ||
	    constant->literal.number.numerator % NS_PER_S == 0)
		return;
	struct diag *diag = rule_warn(rule, value, diags, DIAG_DOUBTFUL_VALUE,
				      "the setting is in whole seconds: this has a part of one");
	diag_hint(diags, diag, "write %llds", (long long)(constant->literal.number.numerator / (NS_PER_S / 1000)));
}

/* 5 for a delay may have been meant as minutes. 0 is the same in every unit. */
static void doubt_seconds(const struct rule *rule, const struct node *value, struct diags *diags)
{
	const struct node *constant = node_constant(value);
	if (!constant || !constant->as_seconds)
		return;
	int64_t seconds = constant->literal.number.numerator / NS_PER_S;
	if (seconds < 1 || seconds >= 60)
		return;
	struct diag *diag =
		rule_warn(rule, value, diags, DIAG_DOUBTFUL_VALUE, "a number without a unit is seconds here");
	diag_hint(diags, diag, "write %ds if seconds are meant, %dm if minutes are", (int)seconds, (int)seconds);
}

/* True if the first is a part of the second, so that it can't be more: a count with `where` and the same count without;
 * a number of replicas and max_replica; sums of these. */
static bool is_part(const struct node *part, const struct node *whole)
{
	if (part->kind != whole->kind)
		return false;
	if (part->kind == NODE_AGGREGATE && part->aggregate == whole->aggregate && part->noun == whole->noun &&
	    !whole->where)
		return part->aggregate == AGGREGATE_COUNT
			       ? part->where != NULL
			       : part->aggregate == AGGREGATE_SUM && is_part(part->children[0], whole->children[0]);
	return part->kind == NODE_FIELD && part->of == whole->of && whole->field->id == FIELD_MAX_REPLICA &&
	       (part->field->id == FIELD_ACTIVE_REPLICA_COUNT || part->field->id == FIELD_MIN_REPLICA);
}

static bool joins_two(const struct node *node, enum token_kind by)
{
	return node->kind == NODE_PRODUCT && node->count == 2 && node->children[1]->joined_by == by;
}

/* The whole number that a part of a whole is compared with: `a / b >= 70`, `a >= b * 70`. NULL if there is none. */
static const struct node *multiple_of(const struct node *side, const struct node *other)
{
	if (joins_two(side, TOKEN_DIVIDE) && is_part(side->children[0], side->children[1]))
		return node_is_integer(other) ? other : NULL;
	for (size_t i = 0; joins_two(other, TOKEN_TIMES) && i < 2; i++)
		if (is_part(side, other->children[i]) && node_is_integer(other->children[1 - i]))
			return other->children[1 - i];
	return NULL;
}

/* A bound on the replicas in use that leaves room, such as max_replica * 2, is a smaller multiple than any percent that
 * people write. */
#define PERCENT_LEAST 10

/* 70 is 70 times the whole, and not 70 % of it. `is_bound`: the part is at most so many times the whole, which isn't
 * wrong. */
static void doubt_multiple(const struct rule *rule, const struct node *side, const struct node *other, bool is_bound,
			   struct diags *diags)
{
	const struct node *multiple = multiple_of(side, other), *constant = multiple ? node_constant(multiple) : NULL;
	if (!constant || constant->literal.number.numerator < (is_bound ? PERCENT_LEAST : 2))
		return;
	struct diag *diag =
		rule_warn(rule, multiple, diags, DIAG_DOUBTFUL_VALUE, "a part cannot be this many times its whole");
	int64_t number = constant->literal.number.numerator;
	if (number <= 100 && constant->kind == NODE_LITERAL)
		diag_hint(diags, diag, "write %d%%", (int)number);
	else
		diag_hint(diags, diag, "write a share of it: 70%%");
}

/* `is_bound`: the one is at most the other. */
static void doubt_pair(const struct rule *rule, const struct node *one, const struct node *other, bool is_bound,
		       struct diags *diags)
{
	doubt_share(rule, one, other, diags);
	doubt_fraction(rule, one, other, diags);
	doubt_seconds(rule, other, diags);
	doubt_milliseconds(rule, one, other, diags);
	if (one->type == TYPE_NUMBER && other->type == TYPE_NUMBER)
		doubt_multiple(rule, one, other, is_bound, diags);
}

static void doubt_node(const struct rule *rule, const struct node *node, struct diags *diags)
{
	if (node->kind == NODE_COMPARE) {
		bool is_less = node->op == TOKEN_LESS || node->op == TOKEN_LESS_EQUAL;
		bool is_more = node->op == TOKEN_GREATER || node->op == TOKEN_GREATER_EQUAL;
		doubt_pair(rule, node->children[0], node->children[1], is_less, diags);
		doubt_pair(rule, node->children[1], node->children[0], is_more, diags);
	}
	for (size_t i = 0; node->kind == NODE_IN && i < node->set_count; i++)
		doubt_pair(rule, node->children[0], node->set[i], false, diags);
	doubt_texts(rule, node, diags);
	for (size_t i = 0; i < node->count; i++)
		doubt_node(rule, node->children[i], diags);
	if (node->where)
		doubt_node(rule, node->where, diags);
}

void rule_doubt(const struct rule *rule, struct diags *diags)
{
	if (rule->where)
		doubt_node(rule, rule->where, diags);
	doubt_node(rule, rule->body, diags);
}
