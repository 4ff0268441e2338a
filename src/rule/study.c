/* study.c - see study.h.
 *
 * A condition is tried with every combination of values that could make a difference. For a field that is compared
 * with constants, these are the constants, a value between each two of them, and values outside. A condition that
 * can't be analysed like that (a field compared with a field, a pattern) is taken as true and as false, independent
 * of everything else.
 */
#include "study.h"

#include "chaingate/times.h"
#include "evaluate.h"
#include "ratio.h"

/* Most combinations that are tried: a rule rarely has more than three fields of ten values. With more there is no
 * warning. */
#define COMBINATIONS_MAX 20000

enum candidate_kind { CANDIDATE_VALUE, CANDIDATE_NULL, CANDIDATE_OTHER /* a text unlike all constants */ };

struct candidate {
	enum candidate_kind kind;
	struct value value;
};

/* A field, an aggregate or an opaque condition. The same words are the same variable. */
struct variable {
	struct text words;
	const struct node *node;
	bool is_opaque; /* a condition as a whole: its candidates are the booleans */
	bool is_tested_for_null;
	struct candidate *candidates;
	size_t count, capacity;
	size_t now; /* index of the current candidate */
};

/* How a condition is analysed. */
enum shape {
	SHAPE_OPAQUE,
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
	struct arena *arena;
	bool at_rest;
	const struct rule_selected *selected;
	struct evaluation evaluation; /* for evaluating constants: it has no items */
	struct variable *variables;
	size_t count, capacity;
	struct condition *conditions;
	size_t condition_count, condition_capacity;
	bool gave_up;
};

/* ---- variables -------------------------------------------------------------------------------------------------- */

static struct text words_of(struct study *s, const struct node *node)
{
	struct buf buf = buf_make(4 * RULE_BYTES_MAX);
	if (node->kind == NODE_STATUS_IS)
		buf_add_string(&buf, "status");
	else
		node_print(&buf, node);
	struct text words = arena_text(s->arena, buf_text(&buf));
	s->gave_up |= buf.overflowed;
	buf_release(&buf);
	return words;
}

static struct variable *variable(struct study *s, const struct node *node, bool is_opaque)
{
	struct text words = words_of(s, node);
	for (size_t i = 0; i < s->count; i++)
		if (text_equal(s->variables[i].words, words))
			return &s->variables[i];
	s->variables = arena_grow(s->arena, s->variables, s->count, &s->capacity, sizeof(*s->variables));
	s->variables[s->count] = (struct variable){.words = words, .node = node, .is_opaque = is_opaque};
	return &s->variables[s->count++];
}

static void add_candidate(struct study *s, struct variable *v, struct candidate candidate)
{
	v->candidates = arena_grow(s->arena, v->candidates, v->count, &v->capacity, sizeof(*v->candidates));
	v->candidates[v->count++] = candidate;
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

/* All other operands always have a value, or are unknown. */
static bool may_be_null(const struct node *node)
{
	return node->kind == NODE_FIELD && node->field->row.may_be_null;
}

static void add_constant(struct study *s, struct variable *v, const struct node *node)
{
	struct value value = evaluate(&s->evaluation, node, NULL);
	if (value.lack != LACK_NOTHING)
		s->gave_up = true;
	else
		add_candidate(s, v, (struct candidate){.value = value});
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

static void collect(struct study *s, const struct node *node)
{
	if (node->kind == NODE_OR || node->kind == NODE_AND || node->kind == NODE_NOT) {
		for (size_t i = 0; i < node->count; i++)
			collect(s, node->children[i]);
		return;
	}
	struct variable *v = NULL;
	struct condition condition = {.node = node, .shape = shape_of(s, node)};
	switch (condition.shape) {
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
		v->is_tested_for_null |= node->kind == NODE_IS_NULL && may_be_null(node->children[0]);
		for (size_t i = 0; i < node->set_count; i++)
			add_constant(s, v, node->set[i]);
		break;
	}
	condition.variable = v ? (size_t)(v - s->variables) : 0;
	s->conditions =
		arena_grow(s->arena, s->conditions, s->condition_count, &s->condition_capacity, sizeof(*s->conditions));
	s->conditions[s->condition_count++] = condition;
}

/* ---- candidates ------------------------------------------------------------------------------------------------- */

static bool is_integral(const struct node *node)
{
	if (node->kind == NODE_AGGREGATE && node->count)
		return node->children[0]->kind == NODE_FIELD;
	return true;
}

static bool is_never_negative(const struct node *node)
{
	if (node->type == TYPE_TIME)
		return false;
	return is_integral(node);
}

/* What is stable has at least one deployment, and each has at least one chainlet. */
static bool is_counted_at_rest(const struct study *s, const struct node *node)
{
	return s->at_rest && node->kind == NODE_AGGREGATE && node->aggregate == AGGREGATE_COUNT && !node->where;
}

/* Counts all selected deployments, and only one is selected. */
static bool is_counted_single(const struct study *s, const struct node *node)
{
	return s->selected->is_single && node->kind == NODE_AGGREGATE && node->aggregate == AGGREGATE_COUNT &&
	       node->noun == SCOPE_DEPLOYMENTS;
}

/* A field without a prefix, or of `deployment`, is the baseline's in a rule about its chainlets. */
static bool is_of_judged(const struct study *s, const struct node *node)
{
	return node->kind == NODE_FIELD && node->of <= FIELD_OF_DEPLOYMENT &&
	       s->evaluation.rule->scope != SCOPE_BASELINE_CHAINLETS;
}

/* No start-up was seen that took less than a minute. */
#define AGE_AT_REST_LEAST_NS NS_PER_MINUTE

static bool is_too_young(const struct study *s, const struct node *node, struct ratio number)
{
	return s->at_rest && is_of_judged(s, node) && node->field->id == FIELD_AGE && node->of == FIELD_OF_DEPLOYMENT &&
	       ratio_compare(number, ratio_of(AGE_AT_REST_LEAST_NS)) < 0;
}

/* Values that the API can't send needn't be tried. */
static bool is_possible(const struct study *s, const struct node *node, struct ratio number)
{
	if (is_counted_at_rest(s, node) && number.numerator == 0)
		return false;
	if ((is_counted_single(s, node) && number.numerator > 1) || is_too_young(s, node, number))
		return false;
	bool is_percent = node->kind == NODE_FIELD && node->field->counts_percents;
	if (is_never_negative(node) && number.numerator < 0)
		return false;
	if (is_percent && ratio_compare(number, ratio_of(100)) > 0)
		return false;
	return node->type != TYPE_NUMBER || !is_integral(node) || ratio_is_integer(number);
}

static struct ratio floor_of(struct ratio ratio)
{
	int64_t whole = ratio.numerator / ratio.denominator;
	return ratio_of(whole - (ratio.numerator < 0 && ratio.numerator % ratio.denominator));
}

/* Adds a value strictly between two numbers, if there is one. */
static void add_between(struct study *s, struct variable *v, const struct ratio *low, const struct ratio *high)
{
	struct ratio_sum sum = {0};
	struct ratio between = ratio_of(0);
	bool integral = is_integral(v->node), fits;
	if (low && (integral || !high)) {
		ratio_sum_add(&sum, integral ? floor_of(*low) : *low);
		ratio_sum_add(&sum, ratio_of(1));
		fits = ratio_sum_total(&sum, &between);
	} else if (low) {
		ratio_sum_add(&sum, *low);
		ratio_sum_add(&sum, *high);
		fits = ratio_sum_total(&sum, &between) && ratio_divide(between, ratio_of(2), &between);
	} else {
		ratio_sum_add(&sum, *high);
		ratio_sum_subtract(&sum, ratio_of(1));
		fits = ratio_sum_total(&sum, &between);
	}
	if (!fits)
		s->gave_up = true;
	else if (!high || ratio_compare(between, *high) < 0)
		add_candidate(s, v, (struct candidate){.value = {.number = between}});
}

static void add_numbers(struct study *s, struct variable *v)
{
	if (is_never_negative(v->node))
		add_candidate(s, v, (struct candidate){.value = {.number = ratio_of(0)}});
	if (is_too_young(s, v->node, ratio_of(0)))
		add_candidate(s, v, (struct candidate){.value = {.number = ratio_of(AGE_AT_REST_LEAST_NS)}});
	size_t given = v->count;
	/* Sorted by insertion, because there are few constants. */
	for (size_t i = 1; i < given; i++)
		for (size_t j = i; j > 0; j--) {
			struct candidate *a = &v->candidates[j - 1], *b = &v->candidates[j], swapped = *a;
			if (ratio_compare(a->value.number, b->value.number) <= 0)
				break;
			*a = *b;
			*b = swapped;
		}
	for (size_t i = 0; i <= given; i++) {
		struct ratio low = i ? v->candidates[i - 1].value.number : ratio_of(0);
		struct ratio high = i < given ? v->candidates[i].value.number : ratio_of(0);
		if (given)
			add_between(s, v, i ? &low : NULL, i < given ? &high : NULL);
	}
	for (size_t i = 0; i < v->count; i++)
		if (!is_possible(s, v->node, v->candidates[i].value.number))
			v->candidates[i--] = v->candidates[--v->count];
}

/* Only of what is judged: the baseline isn't waited for. */
static bool is_waited_for(const struct study *s, const struct node *node)
{
	if (node->kind == NODE_STATUS_IS)
		return s->evaluation.rule->scope != SCOPE_BASELINE_CHAINLETS;
	return is_of_judged(s, node);
}

static void add_statuses(struct study *s, struct variable *v)
{
	bool at_rest = s->at_rest && is_waited_for(s, v->node);
	v->count = 0;
	for (enum status status = STATUS_UNKNOWN + 1; status < STATUS_COUNT; status++)
		if (!at_rest || status_is_at_rest(status) || status == STATUS_WAKING_UP)
			add_candidate(s, v, (struct candidate){.value = {.status = status}});
}

/* The text that a field has in all selected deployments; empty: it isn't known. */
static struct text known_text(const struct study *s, const struct node *node)
{
	if (!is_of_judged(s, node) || node->of != FIELD_OF_DEPLOYMENT)
		return TEXT("");
	return node->field->id == FIELD_ENVIRONMENT ? s->selected->environment
	       : node->field->id == FIELD_ID        ? s->selected->deployment
						    : TEXT("");
}

/* Leaves only the known text. True if there is one. */
static bool complete_known(struct study *s, struct variable *v)
{
	struct text known = known_text(s, v->node);
	if (!known.length || v->is_opaque)
		return false;
	v->count = 0;
	add_candidate(s, v, (struct candidate){.value = {.text = known}});
	return true;
}

static void complete(struct study *s, struct variable *v)
{
	if (complete_known(s, v))
		return;
	enum value_type type = v->node->kind == NODE_STATUS_IS ? TYPE_STATUS : v->node->type;
	if (v->is_opaque || type == TYPE_BOOLEAN) {
		v->count = 0;
		add_candidate(s, v, (struct candidate){.value = {.number = ratio_of(0)}});
		add_candidate(s, v, (struct candidate){.value = {.number = ratio_of(1)}});
		if (v->is_tested_for_null)
			add_candidate(s, v, (struct candidate){.kind = CANDIDATE_NULL});
		return;
	}
	switch (type) {
	case TYPE_NUMBER:
	case TYPE_DURATION:
	case TYPE_TIME: add_numbers(s, v); break;
	case TYPE_STATUS: add_statuses(s, v); break;
	case TYPE_BOOLEAN:
	case TYPE_STRING:
	case TYPE_SETTINGS: add_candidate(s, v, (struct candidate){.kind = CANDIDATE_OTHER}); break;
	}
	if (v->count == 0)
		add_candidate(s, v, (struct candidate){.kind = CANDIDATE_OTHER});
	if (v->is_tested_for_null)
		add_candidate(s, v, (struct candidate){.kind = CANDIDATE_NULL});
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
	if (now->kind == CANDIDATE_NULL)
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
	const struct variable *v = &s->variables[condition->variable];
	switch (condition->shape) {
	case SHAPE_COMPARED: return try_compared(s, node, v);
	case SHAPE_TESTED: return try_tested(s, node, v);
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

struct studied rule_study(struct arena *arena, const struct rule *rule, bool at_rest,
			  const struct rule_selected *selected)
{
	static const struct view nothing;
	static const struct rule_selected anything;
	struct study s = {.arena = arena,
			  .at_rest = at_rest,
			  .selected = selected ? selected : &anything,
			  .evaluation = evaluation_make(rule, &nothing, arena)};
	struct studied found = {0};
	if (rule->where)
		collect(&s, rule->where);
	collect(&s, rule->body);
	for (size_t i = 0; i < s.count && !s.gave_up; i++)
		complete(&s, &s.variables[i]);
	if (s.gave_up || !is_small(&s))
		return found;
	found.is_known = true;
	do {
		if (rule->where && try_node(&s, rule->where) == KLEENE_FALSE)
			continue;
		enum kleene body = try_node(&s, rule->body);
		found.selects = true;
		found.can_hold |= body == KLEENE_TRUE;
		found.can_fail |= body == KLEENE_FALSE;
	} while (advance(&s));
	return found;
}
