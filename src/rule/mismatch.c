/* mismatch.c - reports operands that can't be compared, with what the user probably meant. */
#include "checker.h"
#include "ratio.h"

#include <string.h>

/* ---- types ------------------------------------------------------------------------------------------------------ */

void hint_at_types(struct checker *c, struct diag *diag, enum value_type left, enum value_type right)
{
	bool duration = left == TYPE_DURATION || right == TYPE_DURATION;
	if (left == TYPE_STRING && right == TYPE_STATUS)
		diag_hint(c->diags, diag, "write a text in quotes");
	else if (left == TYPE_STATUS && right == TYPE_STRING)
		diag_hint(c->diags, diag, "write statuses without quotes: status == ACTIVE");
	else if (left == TYPE_TIME || right == TYPE_TIME)
		diag_hint(c->diags, diag, AGE_REMEDY);
	else if (right == TYPE_STRING && left == TYPE_NUMBER)
		diag_hint(c->diags, diag, "write numbers without quotes: 2");
	else if (right == TYPE_STRING && left == TYPE_DURATION)
		diag_hint(c->diags, diag, "write durations without quotes: 5m");
	else if (duration && (left == TYPE_NUMBER || right == TYPE_NUMBER))
		diag_hint(c->diags, diag, "write durations as whole numbers with a unit: 90s, 5m");
}

/* ---- percents --------------------------------------------------------------------------------------------------- */

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
	return count->kind == NODE_FIELD
		       ? count->field->id == FIELD_MAX_REPLICA
		       : count->kind == NODE_AGGREGATE && count->aggregate == AGGREGATE_COUNT && !count->where;
}

bool refuse_percent(struct checker *c, size_t from, size_t to, const struct node *count, const struct node *percent)
{
	struct diag *diag = REFUSE(c, from, to, DIAG_WRONG_TYPE, "a count cannot be compared with a bare percent");
	struct text share = text_slice(c->excerpt->text, percent->from, percent->to);
	const char *whole = whole_of(count);
	bool is_member = from == percent->from; /* else it is at the operator */
	if (is_whole(count) && count->kind == NODE_AGGREGATE && count->aggregate == AGGREGATE_COUNT && !is_member)
		diag_hint(c->diags, diag, "count some of them: %.*s where status == ACTIVE) >= %s * %.*s",
			  (int)strlen(whole) - 1, whole, whole, TEXT_ARG(share));
	else if (is_whole(count) || is_member)
		diag_hint(c->diags, diag, "write a whole number, such as 2");
	else
		diag_hint(c->diags, diag, "write %s * %.*s", whole, TEXT_ARG(share));
	return false;
}

bool refuse_percent_of_percents(struct checker *c, size_t from, size_t to, const struct node *percent)
{
	struct buf number = buf_make(RULE_BYTES_MAX);
	const struct node *constant = node_constant(percent);
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

/* True for a number of replicas, chainlets and the like, or a share of it; false for a quotient, which is a share
 * itself. */
static bool counts_something(const struct node *node)
{
	if (node->kind == NODE_FIELD)
		return node->type == TYPE_NUMBER;
	if (node->kind == NODE_AGGREGATE)
		return !node->count || counts_something(node->children[0]);
	bool found = false;
	for (size_t i = 0; i < node->count; i++) {
		if (i && node->children[i]->joined_by == TOKEN_DIVIDE)
			return false;
		found |= counts_something(node->children[i]);
	}
	return found;
}

static bool is_percent(const struct node *node)
{
	const struct node *constant = node_constant(node);
	return constant && constant->literal.is_percent;
}

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

bool check_percent_in_sum(struct checker *c, const struct node *sum)
{
	const struct node *count = NULL, *percent = NULL;
	for (size_t i = 0; i < sum->count; i++) {
		const struct node *child = sum->children[i];
		if (!percent && is_percent(child))
			percent = child;
		else if (!count && counts_something(child))
			count = child;
	}
	if (!count || !percent)
		return true;
	const struct node *joined = percent == sum->children[0] ? sum->children[1] : percent;
	bool subtracts = joined->joined_by == TOKEN_MINUS;
	struct diag *diag = REFUSE(c, joined->join_from, joined->join_to, DIAG_WRONG_TYPE,
				   "a percent cannot be %s a count: as a number, %.*s is less than it looks",
				   subtracts ? "subtracted from" : "added to",
				   TEXT_ARG(text_slice(c->excerpt->text, percent->from, percent->to)));
	if (sum->count == 2)
		diag_hint(c->diags, diag, "write %s", share_in_place_of(c, count, percent, subtracts));
	else
		diag_hint(c->diags, diag, "write a share of a count: max_replica * 150%%");
	return false;
}
