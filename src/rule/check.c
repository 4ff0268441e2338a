/* check.c - checks names, types and scope, so that the judge can rely on them.
 *
 * All independent mistakes of a rule are reported. A rejected node has no type, and no further mistake is reported
 * about nodes that contain it.
 */
#include "checker.h"

#include "chaingate/times.h"
#include "ratio.h"

static bool check_node(struct checker *, struct node *);

/* ---- arithmetic ------------------------------------------------------------------------------------------------- */

static const char *verb(enum token_kind op)
{
	switch ((int)op) {
	case TOKEN_PLUS: return "added to";
	case TOKEN_MINUS: return "subtracted from";
	case TOKEN_TIMES: return "multiplied by";
	default: return "divided by";
	}
}

static bool refuse_arithmetic(struct checker *c, const struct node *right, enum value_type left)
{
	bool reversed = right->joined_by == TOKEN_PLUS || right->joined_by == TOKEN_MINUS;
	const char *first = value_type_name(reversed ? right->type : left);
	const char *second = value_type_name(reversed ? left : right->type);
	struct diag *diag = REFUSE(c, right->join_from, right->join_to, DIAG_WRONG_TYPE, "%s cannot be %s %s", first,
				   verb(right->joined_by), second);
	if ((left == TYPE_DURATION && right->type == TYPE_NUMBER) ||
	    (left == TYPE_NUMBER && right->type == TYPE_DURATION))
		diag_hint(c->diags, diag, "give the number a unit: 90s, 5m");
	return false;
}

/* The type of `left op right`; false if the operation isn't defined for these types. */
static bool sum_type(enum value_type left, const struct node *right, enum value_type *out)
{
	*out = left;
	if (left == TYPE_TIME && right->type == TYPE_TIME && right->joined_by == TOKEN_MINUS) {
		*out = TYPE_DURATION;
		return true;
	}
	return left == right->type && (left == TYPE_NUMBER || left == TYPE_DURATION);
}

static bool product_type(enum value_type left, const struct node *right, enum value_type *out)
{
	bool divides = right->joined_by == TOKEN_DIVIDE;
	*out = TYPE_DURATION;
	if (left == TYPE_NUMBER && right->type == TYPE_NUMBER)
		*out = TYPE_NUMBER;
	else if (left == TYPE_DURATION && right->type == TYPE_DURATION && divides)
		*out = TYPE_NUMBER;
	else
		return (left == TYPE_DURATION && right->type == TYPE_NUMBER) ||
		       (left == TYPE_NUMBER && right->type == TYPE_DURATION && !divides);
	return true;
}

static bool has_space(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.bytes[i] == ' ' || text.bytes[i] == '"')
			return true;
	return false;
}

/* `min-replica`: a name written with a hyphen instead of an underscore. */
static bool refuse_hyphens(struct checker *c, const struct node *node)
{
	struct text written = text_slice(c->excerpt->text, node->from, node->to);
	char *name = ARENA_ARRAY(c->arena, char, written.length + 1);
	for (size_t i = 0; i < written.length; i++)
		name[i] = written.bytes[i] == '-' ? '_' : written.bytes[i];
	struct text joined = {name, written.length};
	bool label = node->count && node->children[0]->label.length && !has_space(written);
	if (node->kind != NODE_SUM || (!field_find(joined, true) && !field_find(joined, false)))
		return false;
	if (node->children[0]->label.length && !label)
		return false;
	struct diag *diag = REFUSE(c, node->from, node->to, DIAG_UNKNOWN_FIELD, "no field is called '%s'",
				   diag_value(c->diags, written));
	if (label)
		diag_hint(c->diags, diag, "put the label's name in quotes: label.\"%s\"",
			  diag_value(c->diags, text_slice(written, sizeof("label.") - 1, written.length)));
	else
		diag_hint(c->diags, diag, "names are written with _: %s", name);
	return true;
}

/* True if the value comes from a field or an aggregate, not only from literals. */
static bool asks(const struct node *node)
{
	bool found = node->kind == NODE_FIELD || node->kind == NODE_AGGREGATE;
	for (size_t i = 0; i < node->count && !found; i++)
		found = asks(node->children[i]);
	return found;
}

static bool check_chain(struct checker *c, struct node *node)
{
	if (refuse_hyphens(c, node))
		return false;
	bool well = true, was_factor = c->is_factor;
	c->is_factor |= node->kind == NODE_PRODUCT && asks(node);
	for (size_t i = 0; i < node->count; i++)
		well &= check_node(c, node->children[i]);
	c->is_factor = was_factor;
	if (!well)
		return false;
	node->type = node->children[0]->type;
	for (size_t i = 1; i < node->count; i++) {
		enum value_type left = node->type;
		const struct node *right = node->children[i];
		bool fits = node->kind == NODE_SUM ? sum_type(left, right, &node->type)
						   : product_type(left, right, &node->type);
		if (!fits)
			return refuse_arithmetic(c, right, left);
	}
	return node->kind != NODE_SUM || node->type != TYPE_NUMBER || check_percent_in_sum(c, node);
}

static bool check_negate(struct checker *c, struct node *node)
{
	struct node *child = node->children[0];
	if (!check_node(c, child))
		return false;
	node->type = child->type;
	if (child->type == TYPE_NUMBER || child->type == TYPE_DURATION)
		return true;
	REFUSE(c, node->op_from, node->op_to, DIAG_WRONG_TYPE, "%s has no sign", value_type_name(child->type));
	return false;
}

/* ---- comparisons ------------------------------------------------------------------------------------------------ */

bool node_is_integer(const struct node *node)
{
	while (node->kind == NODE_NEGATE)
		node = node->children[0];
	return (node->kind == NODE_LITERAL || node->kind == NODE_PARAM) && node->literal.type == TYPE_NUMBER &&
	       !node->literal.is_percent && !node->literal.is_decimal && ratio_is_integer(node->literal.number);
}

/* An integer that is compared with a duration field is in seconds, as in the API: it is changed to a duration here. */
static bool as_seconds(struct checker *c, struct node *node)
{
	for (node->type = TYPE_DURATION; node->kind == NODE_NEGATE;
	     node = node->children[0], node->type = TYPE_DURATION)
		;
	node->literal.type = TYPE_DURATION;
	node->as_seconds = true;
	if (ratio_multiply(node->literal.number, ratio_of(NS_PER_S), &node->literal.number))
		return true;
	REFUSE(c, node->from, node->to, DIAG_NUMBER_TOO_LARGE, "this many seconds do not fit a duration");
	return false;
}

static bool is_ordered(enum value_type type)
{
	return type == TYPE_NUMBER || type == TYPE_DURATION || type == TYPE_TIME;
}

static bool is_duration_field(const struct node *node)
{
	return node->kind == NODE_FIELD && node->type == TYPE_DURATION;
}

/* Checks that two operands can be compared, with any operator. A mistake is reported at the operator, or at the member
 * of a set. */
static bool match_types(struct checker *c, size_t from, size_t to, struct node *left, struct node *right)
{
	if (is_duration_field(left) && node_is_integer(right) && right->type == TYPE_NUMBER)
		return as_seconds(c, right);
	if (is_duration_field(right) && node_is_integer(left) && left->type == TYPE_NUMBER)
		return as_seconds(c, left);
	if (left->type == TYPE_SETTINGS || right->type == TYPE_SETTINGS) {
		struct diag *diag =
			REFUSE(c, from, to, DIAG_WRONG_TYPE, "autoscaling_settings as a whole cannot be compared");
		diag_hint(c->diags, diag,
			  "compare a setting such as min_replica, or write autoscaling_settings is null");
		return false;
	}
	bool are_numbers = left->type == TYPE_NUMBER && right->type == TYPE_NUMBER;
	enum nature one = nature_of(left), two = nature_of(right);
	bool is_left = two == NATURE_PERCENT && one == NATURE_COUNT,
	     is_right = one == NATURE_PERCENT && two == NATURE_COUNT;
	if (are_numbers && (is_left || is_right)) {
		struct node *count = is_left ? left : right, *percent = is_left ? right : left;
		return is_in_percents(count) ? refuse_percent_of_percents(c, from, to, percent)
					     : refuse_percent(c, from, to, count, percent);
	}
	if (left->type == right->type)
		return true;
	struct diag *diag = REFUSE(c, from, to, DIAG_WRONG_TYPE, "%s cannot be compared with %s",
				   value_type_name(left->type), value_type_name(right->type));
	hint_at_types(c, diag, left->type, right->type);
	return false;
}

/* By the name alone, because the field may not be resolved yet. */
static bool names_percents(const struct node *node)
{
	const struct field *field = node->kind == NODE_FIELD ? field_find(node->text, true) : NULL;
	return field && field->counts_percents;
}

static bool check_compare(struct checker *c, struct node *node)
{
	struct node *left = node->children[0], *right = node->children[1];
	c->is_beside_percents = names_percents(left) || names_percents(right);
	bool well = check_node(c, left);
	well &= check_node(c, right);
	c->is_beside_percents = false;
	if (!well || !match_types(c, node->op_from, node->op_to, left, right))
		return false;
	node->type = TYPE_BOOLEAN;
	if (node->op == TOKEN_EQUAL || node->op == TOKEN_NOT_EQUAL || is_ordered(left->type))
		return true;
	struct diag *diag =
		REFUSE(c, node->op_from, node->op_to, DIAG_WRONG_TYPE, "%s has no order", value_type_name(left->type));
	diag_hint(c->diags, diag, "only numbers, durations and times have; write ==, != or in");
	return false;
}

static bool check_set(struct checker *c, struct node *node, struct node *compared)
{
	bool well = true;
	for (size_t i = 0; i < node->set_count; i++) {
		struct node *member = node->set[i];
		well &= check_node(c, member) && match_types(c, member->from, member->to, compared, member);
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
	REFUSE(c, node->op_from, node->op_to, DIAG_WRONG_TYPE, "%s is in no class of statuses",
	       value_type_name(compared->type));
	return false;
}

static bool check_status_is(struct checker *c, struct node *node)
{
	struct node status = {.kind = NODE_STATUS_IS, .type = TYPE_STATUS};
	node->type = TYPE_BOOLEAN;
	node->field = field_find(TEXT("status"), c->noun != SCOPE_DEPLOYMENTS);
	return check_set(c, node, &status);
}

static bool check_is_null(struct checker *c, struct node *node)
{
	struct node *child = node->children[0];
	node->type = TYPE_BOOLEAN;
	if (!check_node(c, child))
		return false;
	if (child->kind == NODE_FIELD)
		return true;
	REFUSE(c, node->op_from, node->op_to, DIAG_WRONG_TYPE, "only a field can be null");
	return false;
}

/* Where a pattern's mistake is in the rule. The exact bytes are known only in a literal without escapes, whose bytes
 * are the same; otherwise it is the whole literal. */
static struct span pattern_place(const struct checker *c, const struct node *literal, const struct pattern_fault *fault)
{
	size_t start = literal->from + 1;
	if (literal->kind == NODE_PARAM || literal->to - literal->from != literal->literal.text.length + 2)
		return excerpt_span(c->excerpt, literal->from, literal->to);
	return excerpt_span(c->excerpt, start + fault->from, start + fault->to);
}

static bool check_match(struct checker *c, struct node *node)
{
	struct node *child = node->children[0], *literal = node->pattern_literal;
	const char *word = node->is_glob ? "like" : "matches";
	struct pattern_fault fault;
	node->type = TYPE_BOOLEAN;
	bool well = check_node(c, child);
	if (!check_node(c, literal) || !well)
		return false;
	if (child->type != TYPE_STRING || literal->type != TYPE_STRING) {
		struct diag *diag =
			REFUSE(c, node->op_from, node->op_to, DIAG_WRONG_TYPE, "'%s' is about strings, this is %s",
			       word, value_type_name(child->type != TYPE_STRING ? child->type : literal->type));
		if (child->type == TYPE_STATUS)
			diag_hint(c->diags, diag, "compare statuses with ==, or with in and a set or a class");
		return false;
	}
	node->pattern = node->is_glob ? pattern_glob(c->arena, literal->literal.text, &fault)
				      : pattern_regex(c->arena, literal->literal.text, &fault);
	if (node->pattern)
		return true;
	struct diag *diag = diag_error(c->diags, c->excerpt->source, pattern_place(c, literal, &fault),
				       DIAG_INVALID_PATTERN, "%s", fault.message);
	if (fault.hint)
		diag_hint(c->diags, diag, "%s", fault.hint);
	return false;
}

/* ---- truth ------------------------------------------------------------------------------------------------------ */

static bool expect_boolean(struct checker *c, const struct node *node, const char *what)
{
	if (node->type == TYPE_BOOLEAN)
		return true;
	struct diag *diag = REFUSE(c, node->from, node->to, DIAG_NOT_BOOLEAN, "%s must be true or false, this is %s",
				   what, value_type_name(node->type));
	if (node->kind == NODE_LITERAL && node->type == TYPE_STATUS)
		diag_hint(c->diags, diag, "say whose it is, as in all chainlets ACTIVE or status == ACTIVE");
	else
		diag_hint(c->diags, diag, "compare it with something: ==, !=, <, <=, >, >=, in, is null");
	return false;
}

static bool check_children(struct checker *c, struct node *node)
{
	bool well = true;
	node->type = TYPE_BOOLEAN;
	for (size_t i = 0; i < node->count; i++)
		well &= check_node(c, node->children[i]) &&
			expect_boolean(c, node->children[i], "an operand of and, or or not");
	return well;
}

/* ---- aggregates ------------------------------------------------------------------------------------------------- */

static const char *const aggregate_names[] = {
	[AGGREGATE_COUNT] = "count", [AGGREGATE_SUM] = "sum", [AGGREGATE_MIN] = "min", [AGGREGATE_MAX] = "max"};

static bool check_aggregate_expression(struct checker *c, struct node *node)
{
	struct node *expression = node->children[0];
	if (!check_node(c, expression))
		return false;
	node->type = expression->type;
	bool takes_times = node->aggregate != AGGREGATE_SUM;
	if (node->type == TYPE_NUMBER || node->type == TYPE_DURATION || (takes_times && node->type == TYPE_TIME))
		return true;
	REFUSE(c, expression->from, expression->to, DIAG_WRONG_TYPE, "'%s' takes numbers%s, this is %s",
	       aggregate_names[node->aggregate], takes_times ? ", durations and times" : " and durations",
	       value_type_name(node->type));
	return false;
}

/* Names inside an aggregate belong to the noun it ranges over, and don't affect the scope of the rule around it. */
static bool check_aggregate(struct checker *c, struct node *node)
{
	struct checker inner = *c;
	inner.is_bare = false;
	inner.noun = node->noun;
	inner.saw_judged = inner.is_factor = inner.is_beside_percents = false;
	bool well = node->noun != SCOPE_BASELINE_CHAINLETS || need_baseline(c, node->noun_from, node->noun_to);
	node->type = TYPE_NUMBER;
	if (node->count)
		well &= check_aggregate_expression(&inner, node);
	if (node->where)
		well &= check_node(&inner, node->where) && expect_boolean(&inner, node->where, "a where");
	node->names_judged = inner.saw_judged;
	return well;
}

/* ---- any node --------------------------------------------------------------------------------------------------- */

static bool check_node(struct checker *c, struct node *node)
{
	switch (node->kind) {
	case NODE_OR:
	case NODE_AND:
	case NODE_NOT: return check_children(c, node);
	case NODE_COMPARE: return check_compare(c, node);
	case NODE_IN: return check_in(c, node);
	case NODE_IS_NULL: return check_is_null(c, node);
	case NODE_MATCH: return check_match(c, node);
	case NODE_STATUS_IS: return check_status_is(c, node);
	case NODE_SUM:
	case NODE_PRODUCT: return check_chain(c, node);
	case NODE_NEGATE: return check_negate(c, node);
	case NODE_FIELD: return resolve_field(c, node);
	case NODE_LITERAL:
	case NODE_PARAM: node->type = node->literal.type; return true;
	case NODE_AGGREGATE: return check_aggregate(c, node);
	}
	return false;
}

/* The scope of a bare rule follows from the fields outside its aggregates. */
static bool settle_scope(struct checker *c)
{
	struct rule *rule = c->rule;
	if (!rule->bare)
		return true;
	if (c->saw_chainlet && c->own_deployment)
		return refuse_field(c, c->own_deployment, true);
	if (c->saw_chainlet || c->saw_deployment)
		rule->quantifier = QUANTIFIER_ALL;
	rule->scope = c->saw_chainlet ? SCOPE_CHAINLETS : c->saw_deployment ? SCOPE_DEPLOYMENTS : SCOPE_TARGET;
	return true;
}

bool rule_check(struct arena *arena, struct rule *rule, const struct rule_context *context, struct diags *diags)
{
	bool told = false;
	struct checker c = {
		.arena = arena,
		.rule = rule,
		.excerpt = &rule->excerpt,
		.context = context,
		.diags = diags,
		.is_bare = rule->bare,
		.noun = rule->scope,
		.told_no_baseline = &told,
	};
	bool well = rule->scope != SCOPE_BASELINE_CHAINLETS || need_baseline(&c, rule->noun_from, rule->noun_to);
	if (rule->where)
		well &= check_node(&c, rule->where) && expect_boolean(&c, rule->where, "a where");
	if (!check_node(&c, rule->body) || !expect_boolean(&c, rule->body, "a rule"))
		return false;
	return settle_scope(&c) && well;
}
