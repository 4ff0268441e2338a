/* candidates.c - see candidates.h. */
#include "candidates.h"

#include "chaingate/times.h"
#include "ratio.h"

void candidate_add(struct ground *g, struct variable *v, struct candidate candidate)
{
	v->candidates = arena_grow(g->arena, v->candidates, v->count, &v->capacity, sizeof(*v->candidates));
	v->candidates[v->count++] = candidate;
}

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
static bool is_counted_at_rest(const struct ground *g, const struct node *node)
{
	return g->at_rest && node->kind == NODE_AGGREGATE && node->aggregate == AGGREGATE_COUNT && !node->where;
}

/* Counts all selected deployments, and only one is selected. */
static bool is_counted_single(const struct ground *g, const struct node *node)
{
	return g->selected->is_single && node->kind == NODE_AGGREGATE && node->aggregate == AGGREGATE_COUNT &&
	       node->noun == SCOPE_DEPLOYMENTS;
}

/* A field without a prefix, or of `deployment`, is the baseline's in a rule about its chainlets. */
static bool is_of_judged(const struct ground *g, const struct node *node)
{
	return node->kind == NODE_FIELD && node->of <= FIELD_OF_DEPLOYMENT &&
	       g->rule->scope != SCOPE_BASELINE_CHAINLETS;
}

/* No start-up was seen that took less than a minute. */
#define AGE_AT_REST_LEAST_NS NS_PER_MINUTE

static bool is_too_young(const struct ground *g, const struct node *node, struct ratio number)
{
	return g->at_rest && !g->at_once && is_of_judged(g, node) && node->field->id == FIELD_AGE &&
	       node->of == FIELD_OF_DEPLOYMENT && ratio_compare(number, ratio_of(AGE_AT_REST_LEAST_NS)) < 0;
}

/* Values that the API can't send needn't be tried. */
static bool is_possible(const struct ground *g, const struct node *node, struct ratio number)
{
	if (is_counted_at_rest(g, node) && number.numerator == 0)
		return false;
	if ((is_counted_single(g, node) && number.numerator > 1) || is_too_young(g, node, number))
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
static void add_between(struct ground *g, struct variable *v, const struct ratio *low, const struct ratio *high)
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
		g->gave_up = true;
	else if (!high || ratio_compare(between, *high) < 0)
		candidate_add(g, v, (struct candidate){.value = {.number = between}});
}

static void add_numbers(struct ground *g, struct variable *v)
{
	if (is_never_negative(v->node))
		candidate_add(g, v, (struct candidate){.value = {.number = ratio_of(0)}});
	if (is_too_young(g, v->node, ratio_of(0)))
		candidate_add(g, v, (struct candidate){.value = {.number = ratio_of(AGE_AT_REST_LEAST_NS)}});
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
			add_between(g, v, i ? &low : NULL, i < given ? &high : NULL);
	}
	for (size_t i = 0; i < v->count; i++)
		if (!is_possible(g, v->node, v->candidates[i].value.number))
			v->candidates[i--] = v->candidates[--v->count];
}

/* Only of what is judged: the baseline isn't waited for. */
static bool is_waited_for(const struct ground *g, const struct node *node)
{
	if (node->kind == NODE_STATUS_IS)
		return g->rule->scope != SCOPE_BASELINE_CHAINLETS;
	return is_of_judged(g, node);
}

static void add_statuses(struct ground *g, struct variable *v)
{
	bool at_rest = g->at_rest && is_waited_for(g, v->node);
	v->count = 0;
	for (enum status status = STATUS_UNKNOWN + 1; status < STATUS_COUNT; status++)
		if (!at_rest || status_is_at_rest(status) || status == STATUS_WAKING_UP)
			candidate_add(g, v, (struct candidate){.value = {.status = status}});
}

/* The text that a field has in all selected deployments; empty: it isn't known. */
static struct text known_text(const struct ground *g, const struct node *node)
{
	if (!is_of_judged(g, node) || node->of != FIELD_OF_DEPLOYMENT)
		return TEXT("");
	return node->field->id == FIELD_ENVIRONMENT ? g->selected->environment
	       : node->field->id == FIELD_ID        ? g->selected->deployment
						    : TEXT("");
}

/* Leaves only the known text. True if there is one. */
static bool complete_known(struct ground *g, struct variable *v)
{
	struct text known = known_text(g, v->node);
	if (!known.length || v->is_opaque)
		return false;
	v->count = 0;
	candidate_add(g, v, (struct candidate){.value = {.text = known}});
	return true;
}

static void add_lacks(struct ground *g, struct variable *v)
{
	if (v->is_tested_for_null)
		candidate_add(g, v, (struct candidate){.kind = CANDIDATE_NULL});
	if (v->is_tested_unknown)
		candidate_add(g, v, (struct candidate){.kind = CANDIDATE_UNKNOWN});
}

void candidates_complete(struct ground *g, struct variable *v)
{
	if (complete_known(g, v))
		return;
	enum value_type type = v->node->kind == NODE_STATUS_IS ? TYPE_STATUS : v->node->type;
	if (v->is_opaque || type == TYPE_BOOLEAN) {
		v->count = 0;
		candidate_add(g, v, (struct candidate){.value = {.number = ratio_of(0)}});
		candidate_add(g, v, (struct candidate){.value = {.number = ratio_of(1)}});
		add_lacks(g, v);
		return;
	}
	switch (type) {
	case TYPE_NUMBER:
	case TYPE_DURATION:
	case TYPE_TIME: add_numbers(g, v); break;
	case TYPE_STATUS: add_statuses(g, v); break;
	case TYPE_BOOLEAN:
	case TYPE_STRING:
	case TYPE_SETTINGS: candidate_add(g, v, (struct candidate){.kind = CANDIDATE_OTHER}); break;
	}
	if (v->count == 0)
		candidate_add(g, v, (struct candidate){.kind = CANDIDATE_OTHER});
	add_lacks(g, v);
}

bool candidate_limit(const struct ground *g, const struct node *node, bool greatest, struct ratio *out)
{
	bool is_percent = node->kind == NODE_FIELD && node->field->counts_percents;
	if (greatest ? !is_percent && !is_counted_single(g, node) : !is_never_negative(node))
		return false;
	if (greatest)
		*out = ratio_of(is_percent ? 100 : 1);
	else
		*out = is_too_young(g, node, ratio_of(0)) ? ratio_of(AGE_AT_REST_LEAST_NS)
							  : ratio_of(is_counted_at_rest(g, node) ? 1 : 0);
	return true;
}
