/* negations.c - warns of tests of one thing that `or` or `and` joins the wrong way round: `name != "a" or name != "b"` is
 * true of every name, and `name == "a" and name == "b"` of none. study.c notices some of them, but doesn't know what was
 * meant. */
#include "negations.h"

#include "ratio.h"

#include <string.h>

/* A test of an operand for some values: == and in, like, matches; or for none of them. */
struct test {
	const struct node *node;
	bool negated;
};

/* False if it is no such test. */
static bool test_of(const struct node *node, struct test *out)
{
	bool flipped = false;
	for (; node->kind == NODE_NOT; node = node->children[0])
		flipped = !flipped;
	bool is_equality = node->kind == NODE_COMPARE && (node->op == TOKEN_EQUAL || node->op == TOKEN_NOT_EQUAL) &&
			   node_constant(node->children[1]) && !node_constant(node->children[0]);
	if (!is_equality && node->kind != NODE_IN && node->kind != NODE_MATCH)
		return false;
	bool negated = is_equality ? node->op == TOKEN_NOT_EQUAL : node->negated;
	*out = (struct test){node, negated != flipped};
	return true;
}

/* ---- do they exclude each other? -------------------------------------------------------------------------------- */

/* The values of == and in; none of like and matches. */
static size_t value_count(const struct node *test)
{
	return test->kind == NODE_COMPARE ? 1 : test->kind == NODE_IN ? test->set_count : 0;
}

static const struct node *value_at(const struct node *test, size_t i)
{
	return test->kind == NODE_COMPARE ? test->children[1] : test->set[i];
}

static bool is_signed(const struct node *node)
{
	bool negative = false;
	for (; node->kind == NODE_NEGATE; node = node->children[0])
		negative = !negative;
	return negative;
}

static bool are_equal(const struct node *one, const struct node *other)
{
	const struct literal *a = &node_constant(one)->literal, *b = &node_constant(other)->literal;
	if (a->type == TYPE_STRING)
		return text_equal(a->text, b->text);
	if (a->type == TYPE_STATUS)
		return a->status == b->status;
	bool same_sign = is_signed(one) == is_signed(other) || a->number.numerator == 0;
	return same_sign && ratio_compare(a->number, b->number) == 0;
}

/* True if the value passes the test. */
static bool passes(struct arena *arena, const struct node *value, const struct node *test)
{
	if (test->kind == NODE_MATCH)
		return pattern_matches(test->pattern, node_constant(value)->literal.text, arena);
	if (test->kind == NODE_IN && test->class != CLASS_NONE)
		return status_class(node_constant(value)->literal.status) == test->class;
	for (size_t i = 0; i < value_count(test); i++)
		if (are_equal(value, value_at(test, i)))
			return true;
	return false;
}

/* What everything that the pattern matches begins with. */
static struct text prefix_of(const struct node *test)
{
	struct text text = test->pattern_literal->literal.text;
	const char *marks = test->is_glob ? "*?[\\" : "*?[\\.+{($^)";
	size_t from = 0, to;
	if (!test->is_glob && (!text_starts_with(text, "^") || memchr(text.bytes, '|', text.length)))
		return TEXT("");
	from = !test->is_glob;
	for (to = from; to < text.length && !memchr(marks, text.bytes[to], strlen(marks)); to++)
		;
	/* What a * of a regular expression follows may be absent, and it may be one of several bytes. */
	bool is_repeated = !test->is_glob && to < text.length && memchr("*?{", text.bytes[to], 3);
	while (is_repeated && to > from && (text.bytes[--to] & 0xc0) == 0x80)
		;
	return text_slice(text, from, to);
}

static bool patterns_exclude(const struct node *one, const struct node *other)
{
	struct text a = prefix_of(one), b = prefix_of(other);
	size_t length = a.length < b.length ? a.length : b.length;
	return length > 0 && memcmp(a.bytes, b.bytes, length) != 0;
}

/* True if nothing passes both. */
static bool exclude(struct arena *arena, const struct node *one, const struct node *other)
{
	if (one->kind == NODE_MATCH && other->kind == NODE_MATCH)
		return patterns_exclude(one, other);
	if (value_count(one) == 0 && value_count(other) == 0)
		return one->kind == NODE_IN && other->kind == NODE_IN && one->class != other->class;
	const struct node *values = value_count(one) ? one : other, *test = values == one ? other : one;
	for (size_t i = 0; i < value_count(values); i++)
		if (passes(arena, value_at(values, i), test))
			return false;
	return true;
}

/* ---- warnings --------------------------------------------------------------------------------------------------- */

static bool is_of_same(struct arena *arena, const struct test *one, const struct test *other)
{
	return strcmp(node_words(arena, one->node->children[0]), node_words(arena, other->node->children[0])) == 0;
}

/* The pair is all that the chain joins: it can be written anew. In a longer chain the other tests stay where they are. */
static void warn(struct arena *arena, const struct rule *rule, const struct node *chain, size_t i, size_t j,
		 struct diags *diags)
{
	const struct node *one = chain->children[i], *other = chain->children[j];
	const struct node both = {.from = one->from, .to = other->to};
	bool by_or = chain->kind == NODE_OR;
	struct diag *diag = rule_warn(rule, &both, diags, DIAG_CONSTANT_RULE,
				      by_or ? "this can never be false: it tests nothing" : "this can never be true");
	if (chain->count == 2)
		diag_hint(diags, diag, "write %s %s %s", node_words(arena, one), by_or ? "and" : "or",
			  node_words(arena, other));
	else
		diag_hint(diags, diag, "join these tests with %s, in parentheses of their own", by_or ? "and" : "or");
}

/* The first pair among the children of `or` or `and`. */
static bool look_at_chain(struct arena *arena, const struct rule *rule, const struct node *chain, struct diags *diags)
{
	bool by_or = chain->kind == NODE_OR;
	for (size_t i = 0; i + 1 < chain->count; i++) {
		struct test one, other;
		if (!test_of(chain->children[i], &one) || one.negated != by_or)
			continue;
		for (size_t j = i + 1; j < chain->count; j++) {
			if (!test_of(chain->children[j], &other) || other.negated != by_or ||
			    !is_of_same(arena, &one, &other) || !exclude(arena, one.node, other.node))
				continue;
			warn(arena, rule, chain, i, j, diags);
			return true;
		}
	}
	return false;
}

static bool look_at(struct arena *arena, const struct rule *rule, const struct node *node, struct diags *diags)
{
	bool found = (node->kind == NODE_OR || node->kind == NODE_AND) && look_at_chain(arena, rule, node, diags);
	for (size_t i = 0; i < node->count; i++)
		found |= look_at(arena, rule, node->children[i], diags);
	return (node->where && look_at(arena, rule, node->where, diags)) || found;
}

bool rule_suspect_negations(struct arena *arena, const struct rule *rule, struct diags *diags)
{
	bool found = rule->where && look_at(arena, rule, rule->where, diags);
	return look_at(arena, rule, rule->body, diags) || found;
}
