/* study.c - see study.h.
 *
 * A condition is tried with every combination of values that could make a difference. For a field that is compared
 * with constants, these are the constants, a value between each two of them, and values outside. A condition that
 * can't be analysed like that (a field compared with a field, a pattern) is taken as true and as false, independent
 * of everything else.
 */
#include "study.h"

#include "candidates.h"
#include "certain.h"
#include "evaluate.h"
#include "ratio.h"

/* Most combinations that are tried: a rule rarely has more than three fields of ten values. With more there is no
 * warning. */
#define COMBINATIONS_MAX 20000

/* How a condition is analysed. */
enum shape {
	SHAPE_OPAQUE,
	SHAPE_TRUE, /* whatever its values are (certain.h) */
	SHAPE_FALSE,
	SHAPE_CONSTANT,
	SHAPE_COMPARED,
	SHAPE_SAME,
	SHAPE_TESTED,
	SHAPE_ITSELF /* a field that is true or false */
};

/* A condition, analysed once, because it is tried often. */
struct condition {
	const struct node *node;
	enum shape shape;
	size_t variable; /* index of its variable; not for constants */
};

struct study {
	struct ground ground;
	struct evaluation evaluation; /* for evaluating constants: it has no items */
	struct variable *variables;
	size_t count, capacity;
	struct condition *conditions;
	size_t condition_count, condition_capacity;
};

/* ---- variables -------------------------------------------------------------------------------------------------- */

static struct text words_of(struct study *s, const struct node *node)
{
	struct buf buf = buf_make(4 * RULE_BYTES_MAX);
	if (node->kind == NODE_STATUS_IS)
		buf_add_string(&buf, "status");
	else
		node_print(&buf, node);
	struct text words = arena_text(s->ground.arena, buf_text(&buf));
	s->ground.gave_up |= buf.overflowed;
	buf_release(&buf);
	return words;
}

static struct variable *variable(struct study *s, const struct node *node, bool is_opaque)
{
	struct text words = words_of(s, node);
	for (size_t i = 0; i < s->count; i++)
		if (text_equal(s->variables[i].words, words))
			return &s->variables[i];
	s->variables = arena_grow(s->ground.arena, s->variables, s->count, &s->capacity, sizeof(*s->variables));
	s->variables[s->count] = (struct variable){.words = words, .node = node, .is_opaque = is_opaque};
	return &s->variables[s->count++];
}

static bool is_constant(const struct node *node)
{
	switch (node->kind) {
	case NODE_LITERAL:
	case NODE_PARAM: return true;
	case NODE_SUM:
	case NODE_PRODUCT:
	case NODE_NEGATE:
		for (size_t i = 0; i < node->count; i++)
			if (!is_constant(node->children[i]))
				return false;
		return true;
	case NODE_OR:
	case NODE_AND:
	case NODE_NOT:
	case NODE_COMPARE:
	case NODE_IN:
	case NODE_IS_NULL:
	case NODE_MATCH:
	case NODE_STATUS_IS:
	case NODE_FIELD:
	case NODE_AGGREGATE: break;
	}
	return false;
}

static bool is_variable(const struct node *node)
{
	return node->kind == NODE_FIELD || node->kind == NODE_AGGREGATE;
}

/* Notes that the variable is tested for null. Operands that aren't fields are never null. */
static void add_null_test(struct variable *v, const struct node *node)
{
	v->is_tested_for_null |= node->kind == NODE_FIELD && node->field->row.may_be_null;
	v->is_tested_unknown |= node->kind == NODE_FIELD && node->field->may_be_unknown;
}

static void add_constant(struct study *s, struct variable *v, const struct node *node)
{
	struct value value = evaluate(&s->evaluation, node, NULL);
	if (value.lack != LACK_NOTHING)
		s->ground.gave_up = true;
	else
		candidate_add(&s->ground, v, (struct candidate){.value = value});
}

static enum shape shape_of_comparison(struct study *s, const struct node *left, const struct node *right)
{
	if (is_constant(left) && is_constant(right))
		return SHAPE_CONSTANT;
	if ((is_variable(left) && is_constant(right)) || (is_constant(left) && is_variable(right)))
		return SHAPE_COMPARED;
	return is_variable(left) && text_equal(words_of(s, left), words_of(s, right)) ? SHAPE_SAME : SHAPE_OPAQUE;
}

static enum shape shape_of(struct study *s, const struct node *node)
{
	switch (node->kind) {
	case NODE_LITERAL:
	case NODE_PARAM: return SHAPE_CONSTANT;
	case NODE_STATUS_IS: return SHAPE_TESTED;
	case NODE_IN:
	case NODE_IS_NULL: return is_variable(node->children[0]) ? SHAPE_TESTED : SHAPE_OPAQUE;
	case NODE_COMPARE: return shape_of_comparison(s, node->children[0], node->children[1]);
	case NODE_OR:
	case NODE_AND:
	case NODE_NOT:
	case NODE_MATCH:
	case NODE_SUM:
	case NODE_PRODUCT:
	case NODE_NEGATE:
	case NODE_AGGREGATE: break;
	case NODE_FIELD: return SHAPE_ITSELF;
	}
	return SHAPE_OPAQUE;
}

static enum shape shape_of_opaque(const struct study *s, const struct node *node)
{
	switch (certain_result(&s->ground, node)) {
	case CERTAIN_TRUE: return SHAPE_TRUE;
	case CERTAIN_FALSE: return SHAPE_FALSE;
	case CERTAIN_NOTHING: break;
	}
	return SHAPE_OPAQUE;
}

static void collect(struct study *s, const struct node *node)
{
	if (node->kind == NODE_OR || node->kind == NODE_AND || node->kind == NODE_NOT) {
		for (size_t i = 0; i < node->count; i++)
			collect(s, node->children[i]);
		return;
	}
	struct variable *v = NULL;
	struct condition condition = {.node = node, .shape = shape_of(s, node)};
	if (condition.shape == SHAPE_OPAQUE)
		condition.shape = shape_of_opaque(s, node);
	switch (condition.shape) {
	case SHAPE_TRUE:
	case SHAPE_FALSE:
	case SHAPE_CONSTANT: break;
	case SHAPE_OPAQUE: v = variable(s, node, true); break;
	case SHAPE_ITSELF: v = variable(s, node, false); break;
	case SHAPE_SAME: v = variable(s, node->children[0], false); break;
	case SHAPE_COMPARED: {
		bool is_left = is_variable(node->children[0]);
		v = variable(s, node->children[is_left ? 0 : 1], false);
		add_constant(s, v, node->children[is_left ? 1 : 0]);
		break;
	}
	case SHAPE_TESTED:
		v = variable(s, node->kind == NODE_STATUS_IS ? node : node->children[0], false);
		if (node->kind == NODE_IS_NULL)
			add_null_test(v, node->children[0]);
		for (size_t i = 0; i < node->set_count; i++)
			add_constant(s, v, node->set[i]);
		break;
	}
	condition.variable = v ? (size_t)(v - s->variables) : 0;
	s->conditions = arena_grow(s->ground.arena, s->conditions, s->condition_count, &s->condition_capacity,
				   sizeof(*s->conditions));
	s->conditions[s->condition_count++] = condition;
}

/* ---- trying values ---------------------------------------------------------------------------------------------- */

static enum kleene truth_of(bool value)
{
	return value ? KLEENE_TRUE : KLEENE_FALSE;
}

static enum kleene try_compared(struct study *s, const struct node *node, const struct variable *v)
{
	bool is_left = is_variable(node->children[0]);
	const struct node *subject = node->children[is_left ? 0 : 1], *constant = node->children[is_left ? 1 : 0];
	const struct candidate *now = &v->candidates[v->now];
	if (now->kind == CANDIDATE_NULL || now->kind == CANDIDATE_UNKNOWN)
		return KLEENE_UNKNOWN;
	if (now->kind == CANDIDATE_OTHER)
		return truth_of(node->op == TOKEN_NOT_EQUAL);
	struct value value = evaluate(&s->evaluation, constant, NULL);
	int o = value_order(subject->type, &now->value, &value);
	return truth_of(order_holds(node->op, is_left ? o : -o));
}

static enum kleene try_tested(struct study *s, const struct node *node, const struct variable *v)
{
	bool own = node->kind == NODE_STATUS_IS;
	const struct candidate *now = &v->candidates[v->now];
	if (now->kind == CANDIDATE_UNKNOWN)
		return KLEENE_UNKNOWN;
	if (node->kind == NODE_IS_NULL)
		return truth_of((now->kind == CANDIDATE_NULL) != node->negated);
	if (now->kind == CANDIDATE_NULL)
		return KLEENE_UNKNOWN;
	bool found = now->kind == CANDIDATE_VALUE && node->class != CLASS_NONE &&
		     status_class(now->value.status) == node->class;
	for (size_t i = 0; i < node->set_count && now->kind == CANDIDATE_VALUE; i++) {
		struct value one = evaluate(&s->evaluation, node->set[i], NULL);
		found |= value_order(own ? TYPE_STATUS : node->children[0]->type, &now->value, &one) == 0;
	}
	return truth_of(found != node->negated);
}

static enum kleene try_node(struct study *s, const struct node *node)
{
	enum kleene truth = node->kind == NODE_OR ? KLEENE_FALSE : KLEENE_TRUE;
	if (node->kind == NODE_NOT)
		return kleene_not(try_node(s, node->children[0]));
	if (node->kind == NODE_OR || node->kind == NODE_AND) {
		for (size_t i = 0; i < node->count; i++) {
			enum kleene one = try_node(s, node->children[i]);
			truth = node->kind == NODE_OR ? kleene_or(truth, one) : kleene_and(truth, one);
		}
		return truth;
	}
	const struct condition *condition = s->conditions;
	while (condition->node != node)
		condition++;
	if (condition->shape == SHAPE_CONSTANT)
		return evaluate_truth(&s->evaluation, node, NULL);
	if (condition->shape == SHAPE_SAME)
		return truth_of(order_holds(node->op, 0));
	if (condition->shape == SHAPE_TRUE || condition->shape == SHAPE_FALSE)
		return truth_of(condition->shape == SHAPE_TRUE);
	const struct variable *v = &s->variables[condition->variable];
	switch (condition->shape) {
	case SHAPE_COMPARED: return try_compared(s, node, v);
	case SHAPE_TESTED: return try_tested(s, node, v);
	case SHAPE_TRUE:
	case SHAPE_FALSE:
	case SHAPE_CONSTANT:
	case SHAPE_SAME:
	case SHAPE_ITSELF:
	case SHAPE_OPAQUE: break;
	}
	return truth_of(v->candidates[v->now].value.number.numerator != 0);
}

/* The next combination; false when all were tried. */
static bool advance(struct study *s)
{
	for (size_t i = 0; i < s->count; i++) {
		if (++s->variables[i].now < s->variables[i].count)
			return true;
		s->variables[i].now = 0;
	}
	return false;
}

static bool is_small(const struct study *s)
{
	size_t combinations = 1;
	for (size_t i = 0; i < s->count && combinations <= COMBINATIONS_MAX; i++)
		combinations *= s->variables[i].count;
	return combinations <= COMBINATIONS_MAX;
}

struct studied rule_study(struct arena *arena, const struct rule *rule, enum rest rest,
			  const struct rule_selected *selected)
{
	static const struct view nothing;
	static const struct rule_selected anything;
	struct study s = {.ground = {.arena = arena,
				     .rule = rule,
				     .at_rest = rest != REST_NOT_KNOWN,
				     .at_once = rest == REST_AT_ONCE,
				     .selected = selected ? selected : &anything},
			  .evaluation = evaluation_make(rule, &nothing, arena)};
	struct studied found = {0};
	if (rule->where)
		collect(&s, rule->where);
	collect(&s, rule->body);
	for (size_t i = 0; i < s.count && !s.ground.gave_up; i++)
		candidates_complete(&s.ground, &s.variables[i]);
	if (s.ground.gave_up || !is_small(&s))
		return found;
	found.is_known = true;
	do {
		if (rule->where && try_node(&s, rule->where) == KLEENE_FALSE)
			continue;
		enum kleene body = try_node(&s, rule->body);
		found.selects = true;
		found.can_hold |= body == KLEENE_TRUE;
		found.can_fail |= body != KLEENE_TRUE;
	} while (advance(&s));
	return found;
}
