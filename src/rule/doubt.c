/* doubt.c - warns of well-formed rules that are probably not meant: values in the wrong unit. Strings are in
 * doubt_text.c, rules that fail or hold in every rollout in rollout.c. */
#include "judge.h"

#include "chaingate/times.h"
#include "ratio.h"

/* ---- values ----------------------------------------------------------------------------------------------------- */

/* A share where percents are expected: 0.7 isn't 70. */
static void doubt_share(const struct rule *rule, const struct node *field, const struct node *value,
			struct diags *diags)
{
	const struct node *constant = node_constant(value);
	if (field->kind != NODE_FIELD || !field->field->counts_percents || !constant)
		return;
	struct ratio number = constant->literal.number;
	if (number.numerator <= 0 || number.numerator >= number.denominator)
		return;
	struct diag *diag = rule_warn(rule, value, diags, DIAG_DOUBTFUL_VALUE,
				      "the field counts percents: this is less than 1 percent");
	struct buf buf = buf_make(RULE_BYTES_MAX);
	node_add_hundredfold(&buf, value);
	diag_hint(diags, diag, "write %s", buf_string(&buf));
	buf_release(&buf);
}

/* 0.7 for a count may have been meant as 70% of another one: as a count, anything above 0 is more. */
static void doubt_fraction(const struct rule *rule, const struct node *count, const struct node *value,
			   struct diags *diags)
{
	const struct node *constant = node_constant(value);
	bool counts = count->kind == NODE_FIELD
			      ? count->type == TYPE_NUMBER && !count->field->counts_percents
			      : count->kind == NODE_AGGREGATE &&
					(count->aggregate == AGGREGATE_COUNT || count->children[0]->kind == NODE_FIELD);
	if (!counts || !constant || constant->type != TYPE_NUMBER)
		return;
	struct ratio number = constant->literal.number;
	if (number.numerator <= 0 || number.numerator >= number.denominator)
		return;
	struct diag *diag =
		rule_warn(rule, value, diags, DIAG_DOUBTFUL_VALUE, "a count is a whole number: this is less than one");
	diag_hint(diags, diag, "write a whole number, such as 2, or a share of another count: max_replica * 70%%");
}

/* The settings are whole seconds: 600ms may have been meant as 600 seconds. */
static void doubt_milliseconds(const struct rule *rule, const struct node *field, const struct node *value,
			       struct diags *diags)
{
	const struct node *constant = node_constant(value);
	if (field->kind != NODE_FIELD || !field->field->row.is_setting || !constant ||
	    constant->literal.type != TYPE_DURATION || constant->as_seconds ||
	    constant->literal.number.numerator % NS_PER_S == 0)
		return;
	struct diag *diag = rule_warn(rule, value, diags, DIAG_DOUBTFUL_VALUE,
				      "the setting is in whole seconds: this has a part of one");
	diag_hint(diags, diag, "write %llds", (long long)(constant->literal.number.numerator / (NS_PER_S / 1000)));
}

/* 5 for a delay may have been meant as minutes. 0 is the same in every unit. */
static void doubt_seconds(const struct rule *rule, const struct node *value, struct diags *diags)
{
	const struct node *constant = node_constant(value);
	if (!constant || !constant->as_seconds)
		return;
	int64_t seconds = constant->literal.number.numerator / NS_PER_S;
	if (seconds < 1 || seconds >= 60)
		return;
	struct diag *diag =
		rule_warn(rule, value, diags, DIAG_DOUBTFUL_VALUE, "a number without a unit is seconds here");
	diag_hint(diags, diag, "write %ds if seconds are meant, %dm if minutes are", (int)seconds, (int)seconds);
}

/* True if the first is a part of the second, so that it can't be more: a count with `where` and the same count without;
 * a number of replicas and max_replica; sums of these. */
static bool is_part(const struct node *part, const struct node *whole)
{
	if (part->kind != whole->kind)
		return false;
	if (part->kind == NODE_AGGREGATE && part->aggregate == whole->aggregate && part->noun == whole->noun &&
	    !whole->where)
		return part->aggregate == AGGREGATE_COUNT
			       ? part->where != NULL
			       : part->aggregate == AGGREGATE_SUM && is_part(part->children[0], whole->children[0]);
	return part->kind == NODE_FIELD && part->of == whole->of && whole->field->id == FIELD_MAX_REPLICA &&
	       (part->field->id == FIELD_ACTIVE_REPLICA_COUNT || part->field->id == FIELD_MIN_REPLICA);
}

static bool joins_two(const struct node *node, enum token_kind by)
{
	return node->kind == NODE_PRODUCT && node->count == 2 && node->children[1]->joined_by == by;
}

/* The whole number that a part of a whole is compared with: `a / b >= 70`, `a >= b * 70`. NULL if there is none. */
static const struct node *multiple_of(const struct node *side, const struct node *other)
{
	if (joins_two(side, TOKEN_DIVIDE) && is_part(side->children[0], side->children[1]))
		return node_is_integer(other) ? other : NULL;
	for (size_t i = 0; joins_two(other, TOKEN_TIMES) && i < 2; i++)
		if (is_part(side, other->children[i]) && node_is_integer(other->children[1 - i]))
			return other->children[1 - i];
	return NULL;
}

/* A bound on the replicas in use that leaves room, such as max_replica * 2, is a smaller multiple than any percent that
 * people write. */
#define PERCENT_LEAST 10

/* max_replica may well be 10 times min_replica, so only 100 and more are taken for a percent of it. */
#define PERCENT_OF_LEAST_REPLICAS 100

/* The largest multiple that is taken for a percent. */
#define PERCENT_MOST 1000

static void advise_percent(struct diags *diags, struct diag *diag, const struct node *multiple, int64_t most)
{
	int64_t number = node_constant(multiple)->literal.number.numerator;
	if (number <= most && multiple->kind == NODE_LITERAL)
		diag_hint(diags, diag, "write %d%%", (int)number);
	else
		diag_hint(diags, diag, "write a share of it: 70%%");
}

/* 70 is 70 times the whole, and not 70 % of it. `is_bound`: the part is at most so many times the whole, which isn't
 * wrong. */
static void doubt_multiple(const struct rule *rule, const struct node *side, const struct node *other, bool is_bound,
			   struct diags *diags)
{
	const struct node *multiple = multiple_of(side, other), *constant = multiple ? node_constant(multiple) : NULL;
	if (!constant || constant->literal.number.numerator < (is_bound ? PERCENT_LEAST : 2))
		return;
	struct diag *diag =
		rule_warn(rule, multiple, diags, DIAG_DOUBTFUL_VALUE, "a part cannot be this many times its whole");
	advise_percent(diags, diag, multiple, 100);
}

/* The field that a number is of, also in an aggregate; NULL for a count of chainlets or deployments. */
static const struct node *field_in(const struct node *node)
{
	return node->kind == NODE_FIELD                      ? node
	       : node->kind == NODE_AGGREGATE && node->count ? field_in(node->children[0])
							     : NULL;
}

static bool counts_replicas(const struct node *field)
{
	return field && (field->field->id == FIELD_ACTIVE_REPLICA_COUNT || field->field->id == FIELD_MIN_REPLICA ||
			 field->field->id == FIELD_MAX_REPLICA);
}

static bool is_of_baseline(const struct node *node)
{
	const struct node *field = field_in(node);
	return (node->kind == NODE_AGGREGATE && node->noun == SCOPE_BASELINE_CHAINLETS) ||
	       (field && (field->of == FIELD_OF_BASELINE_ITEM || field->of == FIELD_OF_BASELINE_CHAINLET ||
			  field->of == FIELD_OF_BASELINE_DEPLOYMENT));
}

/* From which number on a multiple of the other count is more likely a percent of it; 0: it isn't likely at all, because
 * they count different things. */
static int64_t percent_least(const struct node *one, const struct node *other)
{
	const struct node *field = field_in(one), *second = field_in(other);
	bool are_replicas = counts_replicas(field) && counts_replicas(second);
	bool are_of_baseline = is_of_baseline(one) || is_of_baseline(other);
	bool is_one_max = field && field->field->id == FIELD_MAX_REPLICA;
	bool is_other_max = second && second->field->id == FIELD_MAX_REPLICA;
	bool are_counts = one->kind == NODE_AGGREGATE && other->kind == NODE_AGGREGATE && !field && !second;
	if (are_of_baseline && (are_replicas || are_counts || (field && second && field->field == second->field)))
		return PERCENT_LEAST;
	return !are_replicas || are_of_baseline ? 0
	       : is_one_max != is_other_max     ? PERCENT_OF_LEAST_REPLICAS
						: PERCENT_LEAST;
}

/* `max_replica <= baseline.max_replica * 110`, `max_replica / baseline.max_replica <= 110`: 110 times as many. */
static void doubt_times(const struct rule *rule, const struct node *side, const struct node *other, struct diags *diags)
{
	const struct node *number = NULL, *one = side, *two = NULL;
	if (joins_two(side, TOKEN_DIVIDE)) {
		number = other;
		one = side->children[0];
		two = side->children[1];
	}
	for (size_t i = 0; joins_two(other, TOKEN_TIMES) && i < 2; i++)
		if (node_is_integer(other->children[i])) {
			number = other->children[i];
			two = other->children[1 - i];
		}
	bool is_number = number && node_is_integer(number) && number->type == TYPE_NUMBER;
	int64_t least = is_number ? percent_least(one, two) : 0;
	if (!least || node_constant(number)->literal.number.numerator < least || multiple_of(side, other))
		return;
	struct diag *diag = rule_warn(rule, number, diags, DIAG_DOUBTFUL_VALUE,
				      "this is a multiple, not a percent: so many times the other count");
	int64_t times = node_constant(number)->literal.number.numerator;
	if (times <= PERCENT_MOST && number->kind == NODE_LITERAL)
		diag_hint(diags, diag, "write %d%%, or %d00%% if so many times is meant", (int)times, (int)times);
	else
		advise_percent(diags, diag, number, 0);
}

/* ---- percents --------------------------------------------------------------------------------------------------- */

static struct ratio hundredfold(struct ratio number)
{
	struct ratio product = number;
	(void)ratio_multiply(number, ratio_of(100), &product);
	return product;
}

static bool is_below_percent(const struct node *constant)
{
	return constant && constant->literal.is_percent && constant->literal.number.numerator > 0 &&
	       ratio_compare(constant->literal.number, (struct ratio){1, 100}) < 0;
}

/* 0.7% may have been meant as 0.7, or 70%. */
static void doubt_small_percent(const struct rule *rule, const struct node *percent, struct diags *diags)
{
	const struct node *constant = node_constant(percent);
	if (!is_below_percent(constant))
		return;
	struct diag *diag =
		rule_warn(rule, percent, diags, DIAG_DOUBTFUL_VALUE, "this is less than one hundredth of it");
	struct buf share = buf_make(RULE_BYTES_MAX);
	literal_add(&share, &(struct literal){.type = TYPE_NUMBER,
					      .number = hundredfold(constant->literal.number),
					      .is_percent = true});
	struct buf number = buf_make(RULE_BYTES_MAX);
	ratio_add_text(&number, constant->literal.number);
	if (constant->kind == NODE_LITERAL)
		diag_hint(diags, diag, "write %s, or %s if so little is meant", buf_string(&share),
			  buf_string(&number));
	else
		diag_hint(diags, diag, "write a share of it: 70%%");
	buf_release(&number);
	buf_release(&share);
}

/* By what a share is multiplied: 100 for `active_replica_count * 100 / min_replica`, which is in percents already. 0: the
 * numbers are too large to tell. */
static struct ratio factor_of(const struct node *node)
{
	struct ratio product = ratio_of(1);
	if (node_constant(node) && node->kind != NODE_NEGATE)
		return node->literal.number;
	if (node->kind == NODE_AGGREGATE && node->count)
		return factor_of(node->children[0]);
	for (size_t i = 0; node->kind == NODE_PRODUCT && i < node->count; i++) {
		bool divides = i && node->children[i]->joined_by == TOKEN_DIVIDE;
		struct ratio factor = factor_of(node->children[i]);
		if (!(divides ? ratio_divide : ratio_multiply)(product, factor, &product))
			return ratio_of(0);
	}
	return product;
}

/* 70% of 100 is 70: as a number, it is 0.7. `is_bound`: the share is at most the value, which may well be small. */
static void doubt_percent(const struct rule *rule, const struct node *share, const struct node *value, bool is_bound,
			  struct diags *diags)
{
	const struct node *constant = node_constant(value);
	if (!constant || nature_of(share) != NATURE_SHARE)
		return;
	struct ratio number = constant->literal.number;
	bool is_share = constant->literal.is_percent || (!is_bound && ratio_compare(number, ratio_of(1)) < 0);
	if (ratio_compare(factor_of(share), ratio_of(100)) != 0) {
		if (!is_bound)
			doubt_small_percent(rule, value, diags);
	} else if (is_share && number.numerator > 0) {
		struct diag *diag = rule_warn(rule, value, diags, DIAG_DOUBTFUL_VALUE,
					      "what it is compared with is in percents already: this is a share");
		struct buf percents = buf_make(RULE_BYTES_MAX);
		node_add_hundredfold(&percents, value);
		diag_hint(diags, diag, "write %s", buf_string(&percents));
		buf_release(&percents);
	}
}

static void doubt_numbers(const struct rule *rule, const struct node *one, const struct node *other, bool is_bound,
			  struct diags *diags)
{
	doubt_multiple(rule, one, other, is_bound, diags);
	doubt_times(rule, one, other, diags);
	doubt_percent(rule, one, other, is_bound, diags);
}

/* `is_bound`: the one is at most the other. */
static void doubt_pair(const struct rule *rule, const struct node *one, const struct node *other, bool is_bound,
		       struct diags *diags)
{
	doubt_share(rule, one, other, diags);
	doubt_fraction(rule, one, other, diags);
	doubt_seconds(rule, other, diags);
	doubt_milliseconds(rule, one, other, diags);
	if (one->type == TYPE_NUMBER && other->type == TYPE_NUMBER)
		doubt_numbers(rule, one, other, is_bound, diags);
}

static void doubt_node(const struct rule *rule, const struct node *node, struct diags *diags)
{
	if (node->kind == NODE_COMPARE) {
		bool is_less = node->op == TOKEN_LESS || node->op == TOKEN_LESS_EQUAL;
		bool is_more = node->op == TOKEN_GREATER || node->op == TOKEN_GREATER_EQUAL;
		doubt_pair(rule, node->children[0], node->children[1], is_less, diags);
		doubt_pair(rule, node->children[1], node->children[0], is_more, diags);
	}
	for (size_t i = 0; node->kind == NODE_IN && i < node->set_count; i++)
		doubt_pair(rule, node->children[0], node->set[i], false, diags);
	bool is_share = node->kind == NODE_PRODUCT && node->type == TYPE_NUMBER && nature_of(node) >= NATURE_COUNT;
	for (size_t i = 0; is_share && i < node->count; i++)
		doubt_small_percent(rule, node->children[i], diags);
	doubt_texts(rule, node, diags);
	for (size_t i = 0; i < node->count; i++)
		doubt_node(rule, node->children[i], diags);
	if (node->where)
		doubt_node(rule, node->where, diags);
}

void rule_doubt(const struct rule *rule, struct diags *diags)
{
	if (rule->where)
		doubt_node(rule, rule->where, diags);
	doubt_node(rule, rule->body, diags);
}
