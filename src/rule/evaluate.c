/* evaluate.c - see evaluate.h. Recursion goes as deep as the rule nests, which the parser limits. */
#include "evaluate.h"

#include "ratio.h"

/* ---- logic ------------------------------------------------------------------------------------------------------ */

enum kleene kleene_not(enum kleene a)
{
	switch (a) {
	case KLEENE_FALSE: return KLEENE_TRUE;
	case KLEENE_TRUE: return KLEENE_FALSE;
	case KLEENE_UNKNOWN:
	case KLEENE_MISSING: break;
	}
	return a;
}

/* UNKNOWN wins over MISSING: filling in the missing counterparts would not decide it. */
enum kleene kleene_and(enum kleene a, enum kleene b)
{
	if (a == KLEENE_FALSE || b == KLEENE_FALSE)
		return KLEENE_FALSE;
	if (a == KLEENE_UNKNOWN || b == KLEENE_UNKNOWN)
		return KLEENE_UNKNOWN;
	return a == KLEENE_TRUE ? b : a;
}

enum kleene kleene_or(enum kleene a, enum kleene b)
{
	return kleene_not(kleene_and(kleene_not(a), kleene_not(b)));
}

enum truth kleene_truth(enum kleene value)
{
	switch (value) {
	case KLEENE_FALSE: return TRUTH_FALSE;
	case KLEENE_TRUE: return TRUTH_TRUE;
	case KLEENE_UNKNOWN:
	case KLEENE_MISSING: break;
	}
	return TRUTH_UNKNOWN;
}

static enum kleene truth_of(const struct value *value)
{
	if (value->lack == LACK_NOTHING)
		return value->number.numerator ? KLEENE_TRUE : KLEENE_FALSE;
	return value->lack == LACK_MISSING ? KLEENE_MISSING : KLEENE_UNKNOWN;
}

static struct value lacking(enum lack lack)
{
	return (struct value){.lack = lack};
}

static struct value value_of_truth(enum kleene truth)
{
	switch (truth) {
	case KLEENE_FALSE: return (struct value){.number = ratio_of(0)};
	case KLEENE_TRUE: return (struct value){.number = ratio_of(1)};
	case KLEENE_UNKNOWN: break;
	case KLEENE_MISSING: return lacking(LACK_MISSING);
	}
	return lacking(LACK_OPERAND);
}

/* The lack of a value that is computed from two others. */
static enum lack joint_lack(enum lack a, enum lack b)
{
	if (a == LACK_NOTHING && b == LACK_NOTHING)
		return LACK_NOTHING;
	bool only_missing = (a == LACK_NOTHING || a == LACK_MISSING) && (b == LACK_NOTHING || b == LACK_MISSING);
	return only_missing ? LACK_MISSING : LACK_OPERAND;
}

/* ---- fields ----------------------------------------------------------------------------------------------------- */

struct item evaluation_item(const struct evaluation *e, const struct deployment *deployment,
			    const struct chainlet *chainlet)
{
	return (struct item){
		.view = e->view, .history = e->view->history, .deployment = deployment, .chainlet = chainlet};
}

static struct value baseline_field(const struct evaluation *e, const struct node *node, const struct item *item)
{
	if (!e->baseline)
		return lacking(LACK_MISSING);
	struct item counterpart = evaluation_baseline_item(e, NULL, NULL);
	if (node->of == FIELD_OF_BASELINE_CHAINLET)
		counterpart.chainlet = evaluation_counterpart(e, item->chainlet);
	if (node->of == FIELD_OF_BASELINE_CHAINLET && !counterpart.chainlet)
		return lacking(LACK_MISSING);
	return field_value(node->field, &counterpart);
}

static struct value evaluate_new(const struct evaluation *e, const struct item *item)
{
	if (item_is_hidden(item) || e->view->only_rollout)
		return lacking(LACK_HIDDEN);
	if (!e->baseline)
		return lacking(LACK_MISSING);
	return value_of_truth(evaluation_counterpart(e, item->chainlet) ? KLEENE_FALSE : KLEENE_TRUE);
}

/* With only_failed, a chainlet that isn't listed yet may still come. */
static struct value evaluate_missing(struct evaluation *e, const struct item *item)
{
	size_t selected = item->judged ? 1 : e->view->count;
	if (e->view->only_failed)
		return lacking(LACK_HIDDEN);
	if (selected == 0)
		return lacking(LACK_UNSELECTED);
	bool is_missing = evaluation_held(e, item)->count < selected;
	if (e->view->only_rollout && !is_missing)
		return lacking(LACK_HIDDEN);
	return value_of_truth(is_missing ? KLEENE_TRUE : KLEENE_FALSE);
}

static struct value judged_field(struct evaluation *e, const struct node *node, const struct item *item)
{
	size_t selected = item->judged ? 1 : e->view->count;
	if (selected != 1)
		return lacking(selected ? LACK_SEVERAL : LACK_UNSELECTED);
	const struct held *held = evaluation_held(e, item);
	if (held->count == 0)
		return lacking(LACK_ABSENT);
	struct item counterpart = evaluation_item(e, held->deployment, held->chainlet);
	return field_value(node->field, &counterpart);
}

static struct value evaluate_field(struct evaluation *e, const struct node *node, const struct item *item)
{
	struct item own = *item;
	switch (node->of) {
	case FIELD_OF_BASELINE_ITEM:
	case FIELD_OF_BASELINE_CHAINLET:
	case FIELD_OF_BASELINE_DEPLOYMENT: return baseline_field(e, node, item);
	case FIELD_OF_COUNTERPART: return judged_field(e, node, item);
	case FIELD_OF_DEPLOYMENT: own.chainlet = NULL; break;
	case FIELD_OF_ITEM:
	case FIELD_OF_CHAINLET: break;
	}
	if (node->field->id == FIELD_NEW)
		return evaluate_new(e, item);
	if (node->field->id == FIELD_MISSING)
		return evaluate_missing(e, item);
	return field_value(node->field, &own);
}

/* ---- arithmetic ------------------------------------------------------------------------------------------------- */

static struct value evaluate_sum(struct evaluation *e, const struct node *node, const struct item *item)
{
	struct ratio_sum sum = {0};
	struct value out = {0};
	for (size_t i = 0; i < node->count; i++) {
		struct value term = evaluate(e, node->children[i], item);
		out.lack = joint_lack(out.lack, term.lack);
		if (term.lack != LACK_NOTHING)
			continue;
		if (i && node->children[i]->joined_by == TOKEN_MINUS)
			ratio_sum_subtract(&sum, term.number);
		else
			ratio_sum_add(&sum, term.number);
	}
	if (out.lack == LACK_NOTHING && !ratio_sum_total(&sum, &out.number))
		return lacking(LACK_OVERFLOW);
	return out;
}

static enum lack multiply(struct ratio *product, const struct node *right, const struct value *factor)
{
	if (right->joined_by == TOKEN_TIMES)
		return ratio_multiply(*product, factor->number, product) ? LACK_NOTHING : LACK_OVERFLOW;
	if (factor->number.numerator == 0)
		return LACK_DIVISION;
	return ratio_divide(*product, factor->number, product) ? LACK_NOTHING : LACK_OVERFLOW;
}

static struct value evaluate_product(struct evaluation *e, const struct node *node, const struct item *item)
{
	struct value out = evaluate(e, node->children[0], item);
	enum lack own = LACK_NOTHING; /* the operation's own lack, which counts more than an operand's */
	for (size_t i = 1; i < node->count; i++) {
		struct value factor = evaluate(e, node->children[i], item);
		out.lack = joint_lack(out.lack, factor.lack);
		if (factor.lack == LACK_NOTHING && node->children[i]->joined_by == TOKEN_DIVIDE &&
		    !factor.number.numerator)
			own = LACK_DIVISION;
		else if (out.lack == LACK_NOTHING && own == LACK_NOTHING)
			own = multiply(&out.number, node->children[i], &factor);
	}
	return own == LACK_NOTHING ? out : lacking(own);
}

static struct value evaluate_negate(struct evaluation *e, const struct node *node, const struct item *item)
{
	struct value value = evaluate(e, node->children[0], item);
	if (value.lack != LACK_NOTHING)
		return lacking(joint_lack(value.lack, LACK_NOTHING));
	return ratio_negate(value.number, &value.number) ? value : lacking(LACK_OVERFLOW);
}

/* ---- comparisons ------------------------------------------------------------------------------------------------ */

int value_order(enum value_type type, const struct value *a, const struct value *b)
{
	if (type == TYPE_STRING)
		return text_compare(a->text, b->text);
	if (type == TYPE_STATUS)
		return (a->status > b->status) - (a->status < b->status);
	return ratio_compare(a->number, b->number);
}

bool order_holds(enum token_kind op, int o)
{
	switch ((int)op) {
	case TOKEN_EQUAL: return o == 0;
	case TOKEN_NOT_EQUAL: return o != 0;
	case TOKEN_LESS: return o < 0;
	case TOKEN_LESS_EQUAL: return o <= 0;
	case TOKEN_GREATER: return o > 0;
	default: return o >= 0;
	}
}

static struct value evaluate_compare(struct evaluation *e, const struct node *node, const struct item *item)
{
	struct value a = evaluate(e, node->children[0], item), b = evaluate(e, node->children[1], item);
	enum lack lack = joint_lack(a.lack, b.lack);
	if (lack != LACK_NOTHING)
		return lacking(lack);
	return value_of_truth(order_holds(node->op, value_order(node->children[0]->type, &a, &b)) ? KLEENE_TRUE
												  : KLEENE_FALSE);
}

static struct value member(struct evaluation *e, const struct node *node, const struct item *item,
			   const struct value *value)
{
	if (value->lack != LACK_NOTHING)
		return lacking(joint_lack(value->lack, LACK_NOTHING));
	bool found = node->class != CLASS_NONE && status_class(value->status) == node->class;
	for (size_t i = 0; i < node->set_count && !found; i++) {
		struct value one = evaluate(e, node->set[i], item);
		if (one.lack != LACK_NOTHING) /* the least integer has no negative */
			return lacking(LACK_OPERAND);
		found = value_order(node->set[i]->type, value, &one) == 0;
	}
	return value_of_truth(found != node->negated ? KLEENE_TRUE : KLEENE_FALSE);
}

/* An unknown word isn't null, and neither is any other value that exists. A hidden value may still become null. */
static struct value evaluate_is_null(struct evaluation *e, const struct node *node, const struct item *item)
{
	struct value value = evaluate(e, node->children[0], item);
	switch (value.lack) {
	case LACK_MISSING:
	case LACK_HIDDEN:
	case LACK_ABSENT:
	case LACK_SEVERAL:
	case LACK_UNSELECTED:
	case LACK_UNTOLD:
	case LACK_KIND:
	case LACK_ODD_LABEL:
	case LACK_UNLABELLED:
	case LACK_UNREAD:
	case LACK_UNCALLED:
	case LACK_UNNAMED: return lacking(joint_lack(value.lack, LACK_NOTHING));
	case LACK_NOTHING:
	case LACK_NULL:
	case LACK_WORD:
	case LACK_NEGATIVE:
	case LACK_BELOW_0:
	case LACK_DIVISION:
	case LACK_OVERFLOW:
	case LACK_EMPTY:
	case LACK_OPERAND: break;
	}
	return value_of_truth((value.lack == LACK_NULL) != node->negated ? KLEENE_TRUE : KLEENE_FALSE);
}

static struct value evaluate_match(struct evaluation *e, const struct node *node, const struct item *item)
{
	struct value value = evaluate(e, node->children[0], item);
	if (value.lack != LACK_NOTHING)
		return lacking(joint_lack(value.lack, LACK_NOTHING));
	bool matches = pattern_matches(node->pattern, value.text, e->arena);
	return value_of_truth(matches != node->negated ? KLEENE_TRUE : KLEENE_FALSE);
}

/* ---- aggregates ------------------------------------------------------------------------------------------------- */

/* The state of an aggregate while it is computed. */
struct running {
	const struct node *node;
	size_t count;
	struct ratio_sum sum;
	struct ratio best; /* for min and max */
	enum lack lack;
	struct item offender, best_item;
	struct named taken, left;
};

static void name_item(struct named *named, const struct item *item)
{
	if (named->count < AGGREGATE_NAMED_MAX)
		named->items[named->count] = *item;
	named->count++;
}

static void take(struct running *r, const struct value *value, const struct item *item)
{
	r->lack = joint_lack(r->lack, value->lack);
	if (value->lack != LACK_NOTHING)
		return;
	int o = r->count ? ratio_compare(value->number, r->best) : 0;
	if (r->count == 0 || (r->node->aggregate == AGGREGATE_MIN ? o < 0 : o > 0)) {
		r->best = value->number;
		r->best_item = *item;
	}
	name_item(&r->taken, item);
	ratio_sum_add(&r->sum, value->number);
	r->count++;
}

static void take_item(struct evaluation *e, struct running *r, const struct item *item)
{
	static const struct value one = {.number = {1, 1}};
	bool hidden = item_is_hidden(item);
	enum kleene selected = hidden ? KLEENE_UNKNOWN : KLEENE_TRUE;
	if (!hidden && r->node->where)
		selected = evaluate_truth(e, r->node->where, item);
	struct value value = one;
	switch (selected) {
	case KLEENE_FALSE: name_item(&r->left, item); return;
	case KLEENE_TRUE:
		if (r->node->count)
			value = evaluate(e, r->node->children[0], item);
		break;
	case KLEENE_UNKNOWN: value = lacking(LACK_OPERAND); break;
	case KLEENE_MISSING:
		if (r->node->count)
			value = evaluate(e, r->node->children[0], item);
		value = lacking(joint_lack(LACK_MISSING, value.lack));
		break;
	}
	if (value.lack != LACK_NOTHING && !r->offender.deployment)
		r->offender = *item;
	take(r, &value, item);
}

static void take_deployment(struct evaluation *e, struct running *r, const struct deployment *deployment)
{
	struct item item = evaluation_item(e, deployment, NULL);
	if (r->node->noun == SCOPE_DEPLOYMENTS)
		take_item(e, r, &item);
	for (size_t i = 0; r->node->noun == SCOPE_CHAINLETS && i < deployment->chainlet_count; i++) {
		item.chainlet = &deployment->chainlets[i];
		take_item(e, r, &item);
	}
}

static struct value total(const struct running *r)
{
	struct value out = {.lack = r->lack};
	if (r->lack != LACK_NOTHING)
		return out;
	switch (r->node->aggregate) {
	case AGGREGATE_COUNT: out.number = ratio_of((int64_t)r->count); break;
	case AGGREGATE_SUM:
		if (!ratio_sum_total(&r->sum, &out.number))
			return lacking(LACK_OVERFLOW);
		break;
	case AGGREGATE_MIN:
	case AGGREGATE_MAX:
		if (r->count == 0)
			return lacking(LACK_EMPTY);
		out.number = r->best;
		break;
	}
	return out;
}

static void take_baseline(struct evaluation *e, struct running *r, const struct deployment *judged)
{
	for (size_t i = 0; i < e->baseline->chainlet_count; i++) {
		struct item item = evaluation_baseline_item(e, &e->baseline->chainlets[i], judged);
		take_item(e, r, &item);
	}
}

/* Inside a quantifier over deployments, an aggregate over chainlets takes only the deployment's own, and one over
 * baseline chainlets compares them with that deployment. Every other aggregate takes all, and is computed once. */
static struct value evaluate_aggregate(struct evaluation *e, const struct node *node, const struct item *item)
{
	struct computed *computed = &e->computed[node->index];
	bool over_baseline = node->noun == SCOPE_BASELINE_CHAINLETS;
	bool own = item && e->rule->scope == SCOPE_DEPLOYMENTS && (node->noun == SCOPE_CHAINLETS || node->names_judged);
	const struct deployment *of = own ? item->deployment : NULL;
	if (computed->is_computed && computed->of == of)
		return computed->value;
	struct running running = {.node = node};
	if (over_baseline && !e->baseline)
		running.lack = LACK_MISSING;
	else if (over_baseline)
		take_baseline(e, &running, of);
	else if (of)
		take_deployment(e, &running, of);
	for (size_t i = 0; !of && !over_baseline && i < e->view->count; i++)
		take_deployment(e, &running, e->view->deployments[i]);
	*computed = (struct computed){.is_computed = true,
				      .of = of,
				      .value = total(&running),
				      .offender = running.offender,
				      .taken = running.taken,
				      .left = running.left,
				      .best = running.best_item};
	return computed->value;
}

/* ---- any node --------------------------------------------------------------------------------------------------- */

static struct value evaluate_list(struct evaluation *e, const struct node *node, const struct item *item)
{
	enum kleene truth = node->kind == NODE_AND ? KLEENE_TRUE : KLEENE_FALSE;
	for (size_t i = 0; i < node->count; i++) {
		enum kleene one = evaluate_truth(e, node->children[i], item);
		truth = node->kind == NODE_AND ? kleene_and(truth, one) : kleene_or(truth, one);
	}
	return value_of_truth(truth);
}

struct value evaluate(struct evaluation *e, const struct node *node, const struct item *item)
{
	struct value value;
	switch (node->kind) {
	case NODE_OR:
	case NODE_AND: return evaluate_list(e, node, item);
	case NODE_NOT: return value_of_truth(kleene_not(evaluate_truth(e, node->children[0], item)));
	case NODE_COMPARE: return evaluate_compare(e, node, item);
	case NODE_IN: value = evaluate(e, node->children[0], item); return member(e, node, item, &value);
	case NODE_STATUS_IS: value = field_value(node->field, item); return member(e, node, item, &value);
	case NODE_IS_NULL: return evaluate_is_null(e, node, item);
	case NODE_MATCH: return evaluate_match(e, node, item);
	case NODE_SUM: return evaluate_sum(e, node, item);
	case NODE_PRODUCT: return evaluate_product(e, node, item);
	case NODE_NEGATE: return evaluate_negate(e, node, item);
	case NODE_FIELD: return evaluate_field(e, node, item);
	case NODE_LITERAL:
	case NODE_PARAM:
		return (struct value){
			.number = node->literal.number, .text = node->literal.text, .status = node->literal.status};
	case NODE_AGGREGATE: return evaluate_aggregate(e, node, item);
	}
	return lacking(LACK_OPERAND);
}

enum kleene evaluate_truth(struct evaluation *e, const struct node *node, const struct item *item)
{
	struct value value = evaluate(e, node, item);
	return truth_of(&value);
}

struct evaluation evaluation_make(const struct rule *rule, const struct view *view, struct arena *arena)
{
	struct evaluation e = {.rule = rule,
			       .view = view,
			       .arena = arena,
			       .computed = ARENA_ARRAY(arena, struct computed, rule->aggregate_count)};
	counterparts_make(&e);
	return e;
}
