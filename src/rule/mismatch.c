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
