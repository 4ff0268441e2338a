/* percents.c - refuses percents that are added to or compared with something else than shares: as a number, 50% is half,
 * and not half of what is beside it. */
#include "checker.h"
#include "ratio.h"

#include <string.h>

/* ---- natures ---------------------------------------------------------------------------------------------------- */

static enum nature nature_of_sum(const struct node *sum)
{
	static const enum nature strongest[] = {NATURE_COUNT, NATURE_QUOTIENT, NATURE_SHARE, NATURE_PERCENT};
	for (size_t i = 0; i < sizeof(strongest) / sizeof(strongest[0]); i++)
		for (size_t j = 0; j < sum->count; j++)
			if (nature_of(sum->children[j]) == strongest[i])
				return strongest[i];
	return NATURE_NUMBER;
}

static bool counts_percents(const struct node *node)
{
	return node->kind == NODE_FIELD && node->field->counts_percents;
}

/* True if the field is anywhere in it. */
static bool mentions_percents(const struct node *node)
{
	bool found = counts_percents(node);
	for (size_t i = 0; i < node->count && !found; i++)
		found = mentions_percents(node->children[i]);
	return found;
}

bool is_in_percents(const struct node *node)
{
	bool found = counts_percents(node);
	if (node->kind == NODE_NEGATE || (node->kind == NODE_AGGREGATE && node->count))
		return is_in_percents(node->children[0]);
	for (size_t i = 0; (node->kind == NODE_SUM || node->kind == NODE_PRODUCT) && i < node->count; i++) {
		const struct node *constant = node_constant(node->children[i]);
		if (constant && constant->literal.is_percent)
			return false;
		found |= is_in_percents(node->children[i]);
	}
	return found;
}

/* Of `active_replica_count / max_replica` the counts cancel out: it is a share. */
static enum nature nature_of_product(const struct node *product)
{
	bool has_number = false, has_share = false, has_count = false, is_quotient = false;
	int counts = 0;
	for (size_t i = 0; i < product->count; i++) {
		bool divides = i && product->children[i]->joined_by == TOKEN_DIVIDE;
		enum nature nature = nature_of(product->children[i]);
		bool is_count = nature == NATURE_COUNT || nature == NATURE_QUOTIENT;
		has_number |= nature == NATURE_NUMBER;
		has_share |= nature == NATURE_SHARE || counts_percents(product->children[i]);
		has_count |= is_count;
		is_quotient |= nature == NATURE_QUOTIENT || divides;
		counts += !is_count ? 0 : divides ? -1 : 1;
	}
	if (!has_count && !has_share)
		return has_number ? NATURE_NUMBER : NATURE_PERCENT;
	if (counts <= 0 || (has_share && is_quotient))
		return NATURE_SHARE;
	return is_quotient ? NATURE_QUOTIENT : NATURE_COUNT;
}

enum nature nature_of(const struct node *node)
{
	switch (node->kind) {
	case NODE_LITERAL:
	case NODE_PARAM: return node->literal.is_percent ? NATURE_PERCENT : NATURE_NUMBER;
	case NODE_NEGATE: return nature_of(node->children[0]);
	case NODE_FIELD: return node->type == TYPE_NUMBER ? NATURE_COUNT : NATURE_SHARE;
	case NODE_AGGREGATE:
		return node->count && nature_of(node->children[0]) == NATURE_SHARE ? NATURE_SHARE : NATURE_COUNT;
	case NODE_SUM: return nature_of_sum(node);
	case NODE_PRODUCT: return nature_of_product(node);
	case NODE_OR:
	case NODE_AND:
	case NODE_NOT:
	case NODE_COMPARE:
	case NODE_IN:
	case NODE_IS_NULL:
	case NODE_MATCH:
	case NODE_STATUS_IS: break;
	}
	return NATURE_NUMBER;
}

/* ---- comparisons ------------------------------------------------------------------------------------------------ */

/* For the hint: the total of which the user may have meant a percentage. */
static const char *whole_of(const struct node *count)
{
	if (count->kind != NODE_AGGREGATE)
		return "max_replica";
	if (count->aggregate != AGGREGATE_COUNT)
		return count->noun == SCOPE_BASELINE_CHAINLETS ? "sum(max_replica of baseline chainlets)"
							       : "sum(max_replica of chainlets)";
	return count->noun == SCOPE_DEPLOYMENTS          ? "count(deployments)"
	       : count->noun == SCOPE_BASELINE_CHAINLETS ? "count(baseline chainlets)"
							 : "count(chainlets)";
}

/* True for a count of all of something: comparing it with a share of itself says nothing. */
static bool is_whole(const struct node *count)
{
	if (count->kind == NODE_AGGREGATE && count->aggregate == AGGREGATE_SUM && !count->where)
		count = count->children[0];
	for (size_t i = 0; count->kind == NODE_PRODUCT && i < count->count; i++)
		if (is_whole(count->children[i]))
			return true;
	return count->kind == NODE_FIELD
		       ? count->field->id == FIELD_MAX_REPLICA
		       : count->kind == NODE_AGGREGATE && count->aggregate == AGGREGATE_COUNT && !count->where;
}

/* The percent as a factor: what is added up needs parentheses. */
static const char *share_words(struct checker *c, const struct node *percent)
{
	struct text text = text_slice(c->excerpt->text, percent->from, percent->to);
	bool is_open = percent->kind == NODE_SUM && !text_starts_with(text, "(");
	return arena_printf(c->arena, is_open ? "(%.*s)" : "%.*s", TEXT_ARG(text));
}

bool refuse_percent(struct checker *c, size_t from, size_t to, const struct node *count, const struct node *percent)
{
	struct diag *diag = REFUSE(c, from, to, DIAG_WRONG_TYPE, "a count cannot be compared with a bare percent");
	const char *share = share_words(c, percent);
	const char *whole = whole_of(count);
	bool is_member = from == percent->from; /* else it is at the operator */
	if (mentions_percents(count))
		diag_hint(c->diags, diag, "write a number without %%");
	else if (is_whole(count) && count->kind == NODE_AGGREGATE && count->aggregate == AGGREGATE_COUNT && !is_member)
		diag_hint(c->diags, diag, "count some of them: %.*s where status == ACTIVE) >= %s * %s",
			  (int)strlen(whole) - 1, whole, whole, share);
	else if (is_whole(count) || is_member || percent->kind == NODE_NEGATE)
		diag_hint(c->diags, diag, "write a whole number, such as 2");
	else
		diag_hint(c->diags, diag, "write %s * %s", whole, share);
	return false;
}

bool refuse_percent_of_percents(struct checker *c, size_t from, size_t to, const struct node *percent)
{
	const struct node *constant = node_constant(percent);
	if (!constant) {
		struct diag *diag = REFUSE(c, from, to, DIAG_WRONG_TYPE,
					   "the field counts percents: as a number, a percent is less than it looks");
		diag_hint(c->diags, diag, "write the numbers without %%, such as 70");
		return false;
	}
	struct buf number = buf_make(RULE_BYTES_MAX);
	ratio_add_text(&number, constant->literal.number);
	struct diag *diag =
		REFUSE(c, from, to, DIAG_WRONG_TYPE, "the field counts percents, but %.*s is the number %s",
		       TEXT_ARG(text_slice(c->excerpt->text, constant->from, constant->to)), buf_string(&number));
	buf_clear(&number);
	node_add_hundredfold(&number, percent);
	diag_hint(c->diags, diag, "write the number without %%: %s", buf_string(&number));
	buf_release(&number);
	return false;
}

/* ---- sums ------------------------------------------------------------------------------------------------------- */

/* `min_replica * 150%` for `min_replica + 50%`. */
static const char *share_in_place_of(struct checker *c, const struct node *count, const struct node *percent,
				     bool subtracts)
{
	struct text whole = text_slice(c->excerpt->text, count->from, count->to);
	struct ratio more, share;
	struct ratio_sum sum = {0};
	ratio_sum_add(&sum, ratio_of(1));
	if (percent->kind == NODE_LITERAL)
		(subtracts ? ratio_sum_subtract : ratio_sum_add)(&sum, percent->literal.number);
	if (percent->kind != NODE_LITERAL || !ratio_sum_total(&sum, &more) ||
	    !ratio_multiply(more, ratio_of(100), &share))
		return arena_printf(c->arena, "%.*s * (100%% %c %.*s)", TEXT_ARG(whole), subtracts ? '-' : '+',
				    TEXT_ARG(text_slice(c->excerpt->text, percent->from, percent->to)));
	struct buf number = buf_make(RULE_BYTES_MAX);
	ratio_add_text(&number, share);
	const char *text = arena_printf(c->arena, "%.*s * %s%%", TEXT_ARG(whole), buf_string(&number));
	buf_release(&number);
	return text;
}

static bool divides(const struct node *product)
{
	bool found = false;
	for (size_t i = 1; i < product->count; i++)
		found |= product->children[i]->joined_by == TOKEN_DIVIDE;
	return found;
}

/* What a percent can't be added to. 1 is 100%, and as a factor 2 is 200%. */
static bool takes_no_percent(const struct checker *c, const struct node *node)
{
	enum nature nature = nature_of(node);
	const struct node *constant = node_constant(node);
	if (nature == NATURE_COUNT || nature == NATURE_QUOTIENT)
		return true;
	if (nature != NATURE_NUMBER || c->is_factor)
		return false;
	return constant ? ratio_compare(constant->literal.number, ratio_of(1)) > 0
			: node->kind == NODE_PRODUCT && !divides(node);
}

/* What was meant for fields that count percents: `60 + 10` for `60 + 10%`. */
static const char *percents_in_place_of(struct checker *c, const struct node *other, const struct node *percent,
					bool subtracts)
{
	struct buf number = buf_make(RULE_BYTES_MAX);
	node_add_hundredfold(&number, percent);
	const char *text =
		arena_printf(c->arena, "%.*s %c %s", TEXT_ARG(text_slice(c->excerpt->text, other->from, other->to)),
			     subtracts ? '-' : '+', buf_string(&number));
	buf_release(&number);
	return text;
}

/* What the sum is now: 2.5 for `2 + 50%`. NULL: nobody knows, or it is too large. */
static const char *total_of(struct checker *c, const struct node *other, const struct node *percent, bool subtracts)
{
	struct ratio total;
	struct ratio_sum sum = {0};
	if (other->kind != NODE_LITERAL || percent->kind != NODE_LITERAL)
		return NULL;
	ratio_sum_add(&sum, other->literal.number);
	(subtracts ? ratio_sum_subtract : ratio_sum_add)(&sum, percent->literal.number);
	if (!ratio_sum_total(&sum, &total))
		return NULL;
	struct buf number = buf_make(RULE_BYTES_MAX);
	ratio_add_text(&number, total);
	const char *text = arena_string(c->arena, buf_string(&number));
	buf_release(&number);
	return text;
}

static void hint_at_sum(struct checker *c, struct diag *diag, const struct node *other, const struct node *percent,
			bool subtracts)
{
	const char *share = share_in_place_of(c, other, percent, subtracts);
	const char *total = total_of(c, other, percent, subtracts);
	if ((c->is_beside_percents || counts_percents(other)) && percent->kind == NODE_LITERAL)
		diag_hint(c->diags, diag, "write %s, or %s", percents_in_place_of(c, other, percent, subtracts), share);
	else if (total)
		diag_hint(c->diags, diag, "write %s, or %s", share, total);
	else
		diag_hint(c->diags, diag, "write %s", share);
}

bool check_percent_in_sum(struct checker *c, const struct node *sum)
{
	const struct node *other = NULL, *percent = NULL;
	for (size_t i = 0; i < sum->count; i++) {
		const struct node *child = sum->children[i];
		if (!percent && nature_of(child) == NATURE_PERCENT)
			percent = child;
		else if (!other && takes_no_percent(c, child))
			other = child;
	}
	if (!other || !percent)
		return true;
	const struct node *joined = percent == sum->children[0] ? sum->children[1] : percent;
	bool subtracts = joined->joined_by == TOKEN_MINUS;
	struct diag *diag = REFUSE(c, joined->join_from, joined->join_to, DIAG_WRONG_TYPE,
				   "a percent cannot be %s a %s: as a number, %.*s is less than it looks",
				   subtracts ? "subtracted from" : "added to",
				   nature_of(other) == NATURE_NUMBER ? "number" : "count",
				   TEXT_ARG(text_slice(c->excerpt->text, percent->from, percent->to)));
	/* Not of `50% - max_replica`, which is no share, nor of `max_replica - 130%`, which is below 0. */
	bool is_above_zero =
		!subtracts || percent->kind != NODE_LITERAL || ratio_compare(percent->literal.number, ratio_of(1)) < 0;
	if (sum->count == 2 && is_above_zero && (!subtracts || percent != sum->children[0]))
		hint_at_sum(c, diag, other, percent, subtracts);
	else
		diag_hint(c->diags, diag, "write a share of a count: max_replica * 150%%");
	return false;
}
