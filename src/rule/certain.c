/* certain.c - see certain.h.
 *
 * Of a comparison of numbers, the right side is subtracted from the left one. If only multiples of fields and aggregates
 * and a constant remain, the difference has a least and a greatest value, because no number that the API sends is
 * negative. A pattern is tried on texts that have little in common.
 */
#include "certain.h"

#include "ratio.h"

#include <string.h>

/* Most different fields and aggregates in one comparison: people rarely write more than three. */
#define TERMS_MAX 8

struct term {
	struct text words;
	const struct node *node; /* NULL: the items of a count that another count with `where` leaves out */
	struct ratio factor;
};

struct linear {
	const struct ground *ground;
	struct term terms[TERMS_MAX];
	size_t count;
	struct ratio constant;
	bool gave_up; /* it isn't of that form, or a number doesn't fit */
};

static struct ratio sum_of(struct linear *l, struct ratio a, struct ratio b)
{
	struct ratio_sum sum = {0};
	struct ratio total = ratio_of(0);
	ratio_sum_add(&sum, a);
	ratio_sum_add(&sum, b);
	l->gave_up |= !ratio_sum_total(&sum, &total);
	return total;
}

static struct ratio product_of(struct linear *l, struct ratio a, struct ratio b)
{
	struct ratio product = ratio_of(0);
	l->gave_up |= !ratio_multiply(a, b, &product);
	return product;
}

static void add_term(struct linear *l, struct text words, const struct node *node, struct ratio factor)
{
	for (size_t i = 0; i < l->count; i++)
		if (text_equal(l->terms[i].words, words)) {
			l->terms[i].factor = sum_of(l, l->terms[i].factor, factor);
			return;
		}
	if (l->count == TERMS_MAX)
		l->gave_up = true;
	else
		l->terms[l->count++] = (struct term){words, node, factor};
}

static void add_variable(struct linear *l, const struct node *node, struct ratio factor)
{
	struct buf words = buf_make(4 * RULE_BYTES_MAX);
	node_print(&words, node);
	l->gave_up |= words.overflowed;
	add_term(l, arena_text(l->ground->arena, buf_text(&words)), node, factor);
	buf_release(&words);
}

static void add_node(struct linear *l, const struct node *node, struct ratio factor);

/* All factors but one are constants, and nothing is divided by the one that isn't. Each is looked at only once, because
 * products nest. */
static void add_product(struct linear *l, const struct node *node, struct ratio factor)
{
	struct linear varies = {.ground = l->ground, .constant = ratio_of(1)};
	for (size_t i = 0; i < node->count; i++) {
		bool divides = i > 0 && node->children[i]->joined_by == TOKEN_DIVIDE;
		struct linear one = {.ground = l->ground, .constant = ratio_of(0)};
		add_node(&one, node->children[i], ratio_of(1));
		l->gave_up |= one.gave_up || (one.count && (varies.count || divides));
		if (one.count)
			varies = one;
		else if (!divides)
			factor = product_of(l, factor, one.constant);
		else if (one.constant.numerator == 0 || !ratio_divide(factor, one.constant, &factor))
			l->gave_up = true;
	}
	for (size_t i = 0; i < varies.count; i++)
		add_term(l, varies.terms[i].words, varies.terms[i].node, product_of(l, factor, varies.terms[i].factor));
	l->constant = sum_of(l, l->constant, product_of(l, factor, varies.constant));
}

static void add_node(struct linear *l, const struct node *node, struct ratio factor)
{
	struct ratio negative = product_of(l, factor, ratio_of(-1));
	switch (node->kind) {
	case NODE_LITERAL:
	case NODE_PARAM: l->constant = sum_of(l, l->constant, product_of(l, factor, node->literal.number)); break;
	case NODE_SUM:
		for (size_t i = 0; i < node->count; i++)
			add_node(l, node->children[i],
				 i > 0 && node->children[i]->joined_by == TOKEN_MINUS ? negative : factor);
		break;
	case NODE_NEGATE: add_node(l, node->children[0], negative); break;
	case NODE_PRODUCT: add_product(l, node, factor); break;
	case NODE_FIELD:
	case NODE_AGGREGATE: add_variable(l, node, factor); break;
	case NODE_OR:
	case NODE_AND:
	case NODE_NOT:
	case NODE_COMPARE:
	case NODE_IN:
	case NODE_IS_NULL:
	case NODE_MATCH:
	case NODE_STATUS_IS: l->gave_up = true; break;
	}
}

static bool is_count(const struct term *term)
{
	return term->node && term->node->kind == NODE_AGGREGATE && term->node->aggregate == AGGREGATE_COUNT;
}

/* A count without `where` is the same count with `where` and the rest. */
static void split_whole(struct linear *l)
{
	for (size_t i = 0; i < l->count; i++)
		for (size_t j = 0; j < l->count; j++) {
			struct term *whole = &l->terms[i], *part = &l->terms[j];
			if (!is_count(whole) || !is_count(part) || whole->node->where || !part->node->where ||
			    whole->node->noun != part->node->noun)
				continue;
			part->factor = sum_of(l, part->factor, whole->factor);
			whole->node = NULL;
			break;
		}
}

/* The least value of the difference, or the greatest. False if there is none. */
static bool limit(struct linear *l, bool greatest, struct ratio *out)
{
	struct ratio total = l->constant;
	for (size_t i = 0; i < l->count; i++) {
		const struct term *term = &l->terms[i];
		bool needs_greatest = (term->factor.numerator > 0) == greatest;
		struct ratio value = ratio_of(0);
		if (term->factor.numerator == 0)
			continue;
		if (term->node ? !candidate_limit(l->ground, term->node, needs_greatest, &value) : needs_greatest)
			return false;
		total = sum_of(l, total, product_of(l, term->factor, value));
	}
	*out = total;
	return !l->gave_up;
}

static enum certain of_comparison(const struct ground *ground, const struct node *node)
{
	struct linear l = {.ground = ground, .constant = ratio_of(0)};
	struct ratio least = ratio_of(0), greatest = ratio_of(0);
	enum value_type type = node->children[0]->type;
	if (type != TYPE_NUMBER && type != TYPE_DURATION)
		return CERTAIN_NOTHING;
	add_node(&l, node->children[0], ratio_of(1));
	add_node(&l, node->children[1], ratio_of(-1));
	if (l.gave_up)
		return CERTAIN_NOTHING;
	split_whole(&l);
	bool has_least = limit(&l, false, &least), has_greatest = limit(&l, true, &greatest);
	bool may_be_less = !has_least || least.numerator < 0;
	bool may_be_more = !has_greatest || greatest.numerator > 0;
	bool may_be_equal = (!has_least || least.numerator <= 0) && (!has_greatest || greatest.numerator >= 0);
	bool may_hold = (may_be_less && order_holds(node->op, -1)) || (may_be_more && order_holds(node->op, 1)) ||
			(may_be_equal && order_holds(node->op, 0));
	bool may_fail = (may_be_less && !order_holds(node->op, -1)) || (may_be_more && !order_holds(node->op, 1)) ||
			(may_be_equal && !order_holds(node->op, 0));
	if (l.gave_up || (may_hold && may_fail))
		return CERTAIN_NOTHING;
	return may_hold ? CERTAIN_TRUE : CERTAIN_FALSE;
}

/* Characters in the longest sample: more than a name may have, so a pattern that limits a name's length fails on it. */
#define LONG_SAMPLE_LENGTH 1024
#define WIDE_CHARACTER "\u751f"

static bool matches_repeated(const struct ground *ground, const struct pattern *pattern, const char *character)
{
	struct buf buf = buf_make(LONG_SAMPLE_LENGTH * strlen(character));
	for (size_t i = 0; i < LONG_SAMPLE_LENGTH; i++)
		buf_add_string(&buf, character);
	bool matches = pattern_matches(pattern, buf_text(&buf), ground->arena);
	buf_release(&buf);
	return matches;
}

/* True if the pattern matches the character alone, and where it begins, divides and ends a longer text. */
static bool matches_anywhere(const struct ground *ground, const struct pattern *pattern, char c)
{
	char longer[] = "a chainlet's name, Retriever-2_b";
	size_t places[] = {0, sizeof(longer) / 2, sizeof(longer) - 2};
	bool all = pattern_matches(pattern, (struct text){&c, 1}, ground->arena);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && all; i++) {
		char instead = longer[places[i]];
		longer[places[i]] = c;
		all = pattern_matches(pattern, text_of(longer), ground->arena);
		longer[places[i]] = instead;
	}
	return all;
}

/* True if the pattern matches each character of ASCII wherever it is, one beyond, and longer texts: it matches every
 * name. */
static bool matches_everything(const struct ground *ground, const struct pattern *pattern)
{
	static const char *const longer[] = {WIDE_CHARACTER, "H100:1x80", "a chainlet's name", "-_-"};
	bool all = true;
	for (size_t i = 0; i < sizeof(longer) / sizeof(longer[0]) && all; i++)
		all = pattern_matches(pattern, text_of(longer[i]), ground->arena);
	for (char c = ' '; c <= '~' && all; c++)
		all = matches_anywhere(ground, pattern, c);
	return all && matches_repeated(ground, pattern, "a") && matches_repeated(ground, pattern, WIDE_CHARACTER);
}

/* Where a field is null or unknown, the match is unknown, so even a * says something of it. */
static enum certain of_match(const struct ground *ground, const struct node *node)
{
	const struct node *field = node->children[0];
	if (field->kind != NODE_FIELD || field->field->row.may_be_null || field->field->may_be_unknown ||
	    !matches_everything(ground, node->pattern))
		return CERTAIN_NOTHING;
	return node->negated ? CERTAIN_FALSE : CERTAIN_TRUE;
}

enum certain certain_result(const struct ground *ground, const struct node *node)
{
	if (node->kind == NODE_COMPARE)
		return of_comparison(ground, node);
	return node->kind == NODE_MATCH ? of_match(ground, node) : CERTAIN_NOTHING;
}
