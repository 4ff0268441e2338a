/* evidence.c - collects why a rule has its value: the culprits and unknown items, with the values of the rule's
 * fields. */
#include "judge.h"

#include "chaingate/buf.h"
#include "chaingate/times.h"
#include "ratio.h"

#include <inttypes.h>

/* Longest value that is shown: a name from the API could be as long as a body. */
#define VALUE_BYTES_MAX 4096

struct collector {
	struct evaluation *e;       /* of everything that was observed */
	struct evaluation *decided; /* as judged: with only_failed, what may still change is unknown */
	struct evidence *out;
	enum truth value, wanted;
	bool second;     /* the second of two walks; the first takes the items that decided */
	bool has_second; /* there is an item for the second walk */
	struct evidence_item *items, *others;
	size_t item_capacity, other_capacity;
};

/* The operands of one item while they are collected. */
struct operands {
	struct collector *collector;
	const struct item *item;
	struct operand *list;
	size_t count, capacity;
};

/* ---- values ----------------------------------------------------------------------------------------------------- */

static void add_known(struct buf *buf, enum value_type type, const struct value *value)
{
	switch (type) {
	case TYPE_BOOLEAN: buf_add_string(buf, value->number.numerator ? "true" : "false"); break;
	case TYPE_NUMBER: ratio_add_text(buf, value->number); break;
	case TYPE_DURATION: duration_add(buf, value->number.numerator / value->number.denominator); break;
	case TYPE_TIME: moment_add(buf, value->number.numerator, false); break;
	case TYPE_STRING: text_add_printable(buf, value->text); break;
	case TYPE_STATUS: buf_add_string(buf, status_name(value->status)); break;
	case TYPE_SETTINGS: buf_add_string(buf, "set"); break;
	}
}

static bool is_without_baseline(const struct collector *c, const struct node *node)
{
	return node->kind == NODE_AGGREGATE && node->noun == SCOPE_BASELINE_CHAINLETS && !c->e->baseline;
}

static void add_missing(struct buf *buf, const struct baseline *baseline)
{
	buf_add_string(buf, "missing: ");
	if (baseline->deployment && !baseline->deployment->chainlet_count)
		buf_add_string(buf, "the baseline lists no chainlets");
	else if (baseline->deployment)
		buf_add_string(buf, "the baseline has no chainlet of this name");
	else if (baseline->why_missing.length)
		text_add_printable(buf, baseline->why_missing);
	else
		buf_add_string(buf, "there is no baseline");
}

/* How many of the deployments that lack a baseline's chainlet are named; further ones are counted. */
#define LACKING_SHOWN_MAX 5

/* "not in d1, d2": the selected deployments without a chainlet of the item's name. */
static struct text lacking_note(struct collector *c, const struct item *item)
{
	struct buf buf = buf_make(VALUE_BYTES_MAX);
	size_t count = 0;
	for (size_t i = 0; i < c->e->view->count; i++) {
		const struct deployment *deployment = c->e->view->deployments[i];
		if (deployment_chainlet(deployment, item->chainlet->name) || count++ >= LACKING_SHOWN_MAX)
			continue;
		buf_add_string(&buf, count == 1 ? "not in " : ", ");
		text_add_printable(&buf, deployment->id);
	}
	if (count > LACKING_SHOWN_MAX)
		buf_printf(&buf, " and %zu more", count - LACKING_SHOWN_MAX);
	struct text text = buf.overflowed ? (struct text){0} : arena_text(c->e->arena, buf_text(&buf));
	buf_release(&buf);
	return text;
}

static void add_value(struct buf *buf, const struct collector *c, const struct node *node, const struct value *value)
{
	switch (value->lack) {
	case LACK_NOTHING: add_known(buf, node->kind == NODE_STATUS_IS ? TYPE_STATUS : node->type, value); break;
	case LACK_NULL: buf_add_string(buf, "null"); break;
	case LACK_WORD:
		text_add_quoted(buf, value->text, 0);
		buf_add_string(buf, ", an unknown status");
		break;
	case LACK_HIDDEN: buf_add_string(buf, "not final yet"); break;
	case LACK_NEGATIVE: buf_add_string(buf, "unknown: it was created in the future"); break;
	case LACK_BELOW_0: buf_printf(buf, "unknown: the API sent %" PRId64, value->number.numerator); break;
	case LACK_MISSING:
		if (node->kind == NODE_FIELD || is_without_baseline(c, node))
			add_missing(buf, &c->e->view->baseline);
		else
			buf_add_string(buf, "unknown: a counterpart is missing");
		break;
	case LACK_ABSENT: buf_add_string(buf, "unknown: the selected deployment has no chainlet of this name"); break;
	case LACK_SEVERAL: buf_add_string(buf, "unknown: several deployments are selected"); break;
	case LACK_UNSELECTED: buf_add_string(buf, "unknown: no deployment is selected"); break;
	case LACK_UNTOLD: buf_add_string(buf, "unknown: only a target with a role asks the environment"); break;
	case LACK_KIND: buf_add_string(buf, "unknown: deployments of this kind of target don't have it"); break;
	case LACK_ODD_LABEL: buf_add_string(buf, "unknown: this label is no text that rules can compare"); break;
	case LACK_UNLABELLED: buf_add_string(buf, "unknown: the API doesn't say which labels there are"); break;
	case LACK_UNREAD:
		buf_add_string(buf,
			       "unknown: the deployment has more labels, or longer names of labels, than are read");
		break;
	case LACK_UNCALLED:
		buf_add_string(buf, "unknown: neither the body nor the policy says what the model is called");
		break;
	case LACK_UNNAMED: buf_add_string(buf, "unknown: the API names no instance type"); break;
	case LACK_DIVISION: buf_add_string(buf, "unknown: division by zero"); break;
	case LACK_OVERFLOW: buf_add_string(buf, "unknown: the result is too large"); break;
	case LACK_EMPTY: buf_add_string(buf, "unknown: nothing is selected to compute it from"); break;
	case LACK_OPERAND: buf_add_string(buf, "unknown"); break;
	}
}

/* Names the item whose value made an aggregate unknown. */
static void add_offender(struct buf *buf, const struct evaluation *e, const struct node *node)
{
	const struct item *offender = &e->computed[node->index].offender;
	if (!offender->deployment)
		return;
	buf_add_string(buf, " because of ");
	if (offender->of_baseline)
		buf_add_string(buf, "baseline chainlet ");
	if (offender->chainlet) {
		text_add_printable(buf, offender->chainlet->name);
		buf_add_string(buf, " of ");
	}
	text_add_printable(buf, offender->deployment->id);
}

static void add_item_name(struct buf *buf, bool with_deployment, const struct item *item)
{
	text_add_printable(buf, item->chainlet ? item->chainlet->name : item->deployment->id);
	if (item->chainlet && with_deployment) {
		buf_add_string(buf, " of ");
		text_add_printable(buf, item->deployment->id);
	}
}

static void add_named(struct buf *buf, bool with_deployment, const struct named *named)
{
	size_t shown = named->count < AGGREGATE_NAMED_MAX ? named->count : AGGREGATE_NAMED_MAX;
	for (size_t i = 0; i < shown; i++) {
		buf_add_string(buf, i ? ", " : "");
		add_item_name(buf, with_deployment, &named->items[i]);
	}
	if (shown < named->count)
		buf_printf(buf, " and %zu more", named->count - shown);
}

/* Names the items of an aggregate: "of 3: Router", "of 30: all but Chainlet23"; for min and max, the item with the
 * value. */
static struct text aggregate_note(struct collector *c, const struct node *node)
{
	const struct computed *computed = &c->e->computed[node->index];
	const struct named *taken = &computed->taken, *left = &computed->left;
	struct buf buf = buf_make(VALUE_BYTES_MAX);
	bool with_deployment = c->e->view->count > 1 && !computed->of;
	bool is_best = node->aggregate == AGGREGATE_MIN || node->aggregate == AGGREGATE_MAX;
	if (computed->value.lack == LACK_NOTHING && is_best && taken->count > 1) {
		buf_add_string(&buf, "of ");
		add_item_name(&buf, with_deployment, &computed->best);
	} else if (computed->value.lack == LACK_NOTHING && node->aggregate == AGGREGATE_COUNT && node->where) {
		buf_printf(&buf, "of %zu", taken->count + left->count);
		if (taken->count && left->count) {
			buf_add_string(&buf, taken->count <= left->count ? ": " : ": all but ");
			add_named(&buf, with_deployment, taken->count <= left->count ? taken : left);
		}
	}
	struct text text = buf.overflowed ? (struct text){0} : arena_text(c->e->arena, buf_text(&buf));
	buf_release(&buf);
	return text;
}

static struct text operand_note(struct collector *c, const struct node *node, const struct item *item,
				const struct value *value)
{
	if (node->kind == NODE_AGGREGATE)
		return aggregate_note(c, node);
	bool is_missing = node->kind == NODE_FIELD && node->field->id == FIELD_MISSING;
	bool is_true = value->lack == LACK_NOTHING && value->number.numerator;
	return is_missing && is_true ? lacking_note(c, item) : (struct text){0};
}

/* True if the operand has no value. For `is null`, null is a value. */
static bool is_unknown(const struct value *value, bool tested_for_null)
{
	return value->lack != LACK_NOTHING && !(tested_for_null && value->lack == LACK_NULL);
}

static struct value operand_value(struct collector *c, const struct node *node, const struct item *item)
{
	return node->kind == NODE_STATUS_IS ? field_value(node->field, item) : evaluate(c->e, node, item);
}

static void add_operand(struct operands *operands, const struct node *node, bool tested_for_null)
{
	struct collector *c = operands->collector;
	struct arena *arena = c->e->arena;
	struct value value = operand_value(c, node, operands->item);
	struct text written = text_slice(c->e->rule->excerpt.text, node->from, node->to);
	struct buf buf = buf_make(VALUE_BYTES_MAX);
	add_value(&buf, c, node, &value);
	if (node->kind == NODE_AGGREGATE && value.lack != LACK_NOTHING)
		add_offender(&buf, c->e, node);
	if (buf.overflowed) {
		buf_clear(&buf);
		buf_add_string(&buf, "(too long to show)");
	}
	operands->list =
		arena_grow(arena, operands->list, operands->count, &operands->capacity, sizeof(*operands->list));
	operands->list[operands->count++] = (struct operand){
		.span = {node->from, node->to},
		.name = node->kind == NODE_STATUS_IS ? TEXT("status") : written,
		.value = arena_text(arena, buf_text(&buf)),
		.note = operand_note(c, node, operands->item, &value),
		.unknown = is_unknown(&value, tested_for_null),
	};
	buf_release(&buf);
}

/* True if the node has a name of its own, so that its value is shown. */
static bool is_named(const struct node *node)
{
	return node->kind == NODE_FIELD || node->kind == NODE_STATUS_IS || node->kind == NODE_PARAM ||
	       node->kind == NODE_AGGREGATE;
}

/* Collects fields, aggregates, parameters, and the results of arithmetic with them. */
static void collect_operands(struct operands *operands, const struct node *node)
{
	if (is_named(node)) {
		add_operand(operands, node, false);
	} else if (node->kind == NODE_IS_NULL) {
		add_operand(operands, node->children[0], true);
	} else {
		for (size_t i = 0; i < node->count; i++)
			collect_operands(operands, node->children[i]);
		if (node->kind == NODE_SUM || node->kind == NODE_PRODUCT)
			add_operand(operands, node, false);
	}
}

/* True if anything that the condition names is unknown, even if that doesn't affect the result. */
static bool names_unknown(struct collector *c, const struct node *node, const struct item *item)
{
	bool tested_for_null = node->kind == NODE_IS_NULL;
	if (is_named(node) || tested_for_null) {
		struct value value = operand_value(c, tested_for_null ? node->children[0] : node, item);
		return is_unknown(&value, tested_for_null);
	}
	for (size_t i = 0; i < node->count; i++)
		if (names_unknown(c, node->children[i], item))
			return true;
	return (node->kind == NODE_SUM || node->kind == NODE_PRODUCT) &&
	       evaluate(c->e, node, item).lack != LACK_NOTHING;
}

/* ---- items ------------------------------------------------------------------------------------------------------ */

static struct evidence_item make_item(struct collector *c, const struct item *item, struct standing standing)
{
	const struct rule *rule = c->e->rule;
	struct evidence_item out = {
		.truth = kleene_truth(standing.body),
		.where_unknown = kleene_truth(standing.selected) == TRUTH_UNKNOWN,
	};
	struct operands operands = {.collector = c, .item = item};
	if (item)
		out.deployment = arena_text(c->e->arena, item->deployment->id);
	if (item && item->chainlet)
		out.chainlet = arena_text(c->e->arena, item->chainlet->name);
	out.of_baseline = item && item->of_baseline;
	if (rule->where)
		collect_operands(&operands, rule->where);
	collect_operands(&operands, rule->body);
	out.operands = operands.list;
	out.operand_count = operands.count;
	return out;
}

/* True if an item for which the body is true is a culprit. `yes` is the number of items that the quantifier
 * certainly counts. */
static bool is_true_against(const struct rule *rule, size_t yes, bool wants_false)
{
	bool against = false;
	switch (rule->quantifier) {
	case QUANTIFIER_NONE:
	case QUANTIFIER_ALL:
	case QUANTIFIER_ANY:
	case QUANTIFIER_AT_LEAST: against = false; break;
	case QUANTIFIER_NO:
	case QUANTIFIER_AT_MOST: against = true; break;
	/* For an assert, true items are culprits if there are too many. For a violated `never`, exactly `number` items
	 * are true, and they are the culprits, unless `number` is 0. */
	case QUANTIFIER_EXACTLY:
		return wants_false ? rule->number > 0 : rule->number == 0 || yes > (uint64_t)rule->number;
	}
	return against != wants_false;
}

static bool is_about_number(enum quantifier quantifier, bool wants_false)
{
	switch (quantifier) {
	case QUANTIFIER_NONE: return false;
	case QUANTIFIER_ALL:
	case QUANTIFIER_NO: return wants_false;
	case QUANTIFIER_ANY: return !wants_false;
	case QUANTIFIER_AT_LEAST:
	case QUANTIFIER_AT_MOST:
	case QUANTIFIER_EXACTLY: break;
	}
	return true;
}

/* True if the item is a culprit. */
static bool is_against(const struct collector *c, enum truth contribution)
{
	return contribution != (c->out->true_is_against ? TRUTH_FALSE : TRUTH_TRUE);
}

static void add_item(struct collector *c, const struct item *item, struct standing standing)
{
	struct evidence *out = c->out;
	if (out->item_count == EVIDENCE_ITEMS_MAX) {
		out->more++;
		return;
	}
	c->items = arena_grow(c->e->arena, c->items, out->item_count, &c->item_capacity, sizeof(*c->items));
	c->items[out->item_count++] = make_item(c, item, standing);
}

static void add_other(struct collector *c, const struct item *item, struct standing standing)
{
	struct evidence *out = c->out;
	if (out->other_count == EVIDENCE_OTHERS_MAX)
		return;
	c->others = arena_grow(c->e->arena, c->others, out->other_count, &c->other_capacity, sizeof(*c->others));
	c->others[out->other_count++] = make_item(c, item, standing);
}

/* The item as judged. */
static struct standing judge_decided(const struct collector *c, const struct item *item, struct standing standing)
{
	struct item decided = *item;
	if (c->decided == c->e)
		return standing;
	decided.view = c->decided->view;
	return judge_item(c->decided, &decided);
}

/* With only_failed, an item whose status isn't final yet decides nothing, unless the rest of the rule does. */
static bool is_hidden(const struct collector *c, const struct item *item, bool is_open)
{
	struct item judged = *item;
	judged.view = c->decided->view;
	return is_open && item_is_hidden(&judged);
}

static bool is_unclear(struct collector *c, const struct item *item, struct standing standing)
{
	const struct rule *rule = c->e->rule;
	return kleene_truth(standing.body) == TRUTH_UNKNOWN || kleene_truth(standing.selected) == TRUTH_UNKNOWN ||
	       names_unknown(c, rule->body, item) || (rule->where && names_unknown(c, rule->where, item));
}

static void count_item(struct evidence *out, enum truth body)
{
	out->considered++;
	switch (body) {
	case TRUTH_TRUE: out->true_count++; break;
	case TRUTH_FALSE: out->false_count++; break;
	case TRUTH_UNKNOWN: out->unknown_count++; break;
	}
}

static void collect_item(void *context, const struct item *item)
{
	struct collector *c = context;
	const struct rule *rule = c->e->rule;
	struct standing standing = judge_item(c->e, item);
	if (standing.selected == KLEENE_FALSE)
		return;
	struct standing decided = judge_decided(c, item, standing);
	bool against = c->value != c->wanted && is_against(c, kleene_truth(judge_contribution(rule, standing)));
	bool is_open = kleene_truth(judge_contribution(rule, decided)) == TRUTH_UNKNOWN;
	bool decides = against && is_open == (c->value == TRUTH_UNKNOWN);
	bool is_listed = against || is_unclear(c, item, standing);
	bool hidden = is_listed && is_hidden(c, item, is_open);
	bool is_shown = is_listed && !hidden;
	if (is_shown && decides != c->second)
		add_item(c, item, standing);
	if (c->second)
		return;
	c->has_second |= is_shown && !decides;
	c->out->hidden_count += hidden;
	if (!is_listed)
		add_other(c, item, standing);
	count_item(c->out, kleene_truth(standing.body));
}

static bool any_unknown(const struct evidence_item *item)
{
	for (size_t i = 0; i < item->operand_count; i++)
		if (item->operands[i].unknown)
			return true;
	return false;
}

/* A rule about the target as a whole has one item, without deployment and chainlet. */
static void collect_target(struct collector *c)
{
	struct standing standing = {KLEENE_TRUE, evaluate_truth(c->e, c->e->rule->body, NULL)};
	struct evidence_item *item = ARENA_NEW(c->e->arena, struct evidence_item);
	*item = make_item(c, NULL, standing);
	bool shown = c->value != c->wanted || any_unknown(item);
	*(shown ? &c->items : &c->others) = item;
	*(shown ? &c->out->item_count : &c->out->other_count) = 1;
}

/* If there are no baseline chainlets to range over, one item says why. */
static void collect_no_baseline(struct collector *c)
{
	const struct rule *rule = c->e->rule;
	struct buf why = buf_make(VALUE_BYTES_MAX);
	struct evidence_item *item = ARENA_NEW(c->e->arena, struct evidence_item);
	struct operand *operand = ARENA_NEW(c->e->arena, struct operand);
	add_missing(&why, &c->e->view->baseline);
	*operand = (struct operand){
		.span = {rule->noun_from, rule->noun_to},
		.name = text_slice(rule->excerpt.text, rule->noun_from, rule->noun_to),
		.value = why.overflowed ? TEXT("missing") : arena_text(c->e->arena, buf_text(&why)),
		.unknown = true,
	};
	*item = (struct evidence_item){.of_baseline = true, .operands = operand, .operand_count = 1};
	c->items = item;
	c->out->item_count = 1;
	buf_release(&why);
}

/* "not ACTIVE" */
static struct text status_body(const struct evaluation *e)
{
	struct buf buf = buf_make(RULE_BYTES_MAX);
	if (e->rule->body->kind == NODE_STATUS_IS)
		node_print(&buf, e->rule->body);
	struct text text = buf.overflowed ? (struct text){0} : arena_text(e->arena, buf_text(&buf));
	buf_release(&buf);
	return text;
}

/* What failed items decide stays decided when the others are known, too. So the evidence is then of everything that
 * was observed, and agrees with what else is reported of the deployments. */
void evidence_collect(struct evaluation *decided, enum truth value, size_t yes, struct evidence *out)
{
	struct view observed = *decided->view;
	struct evaluation whole, *e = decided;
	if (decided->view->only_failed && value != TRUTH_UNKNOWN) {
		observed.only_failed = false;
		whole = evaluation_make(decided->rule, &observed, decided->arena);
		e = &whole;
	}
	struct collector collector = {.e = e,
				      .decided = decided,
				      .out = out,
				      .value = value,
				      .wanted = e->view->wants_false ? TRUTH_FALSE : TRUTH_TRUE};
	bool has_range = e->rule->scope != SCOPE_BASELINE_CHAINLETS || e->baseline;
	out->wants_false = e->view->wants_false;
	out->true_is_against = is_true_against(e->rule, yes, out->wants_false);
	out->is_about_number = is_about_number(e->rule->quantifier, out->wants_false);
	out->status_body = status_body(e);
	if (!has_range) {
		collect_no_baseline(&collector);
	} else if (e->rule->quantifier == QUANTIFIER_NONE) {
		collect_target(&collector);
	} else {
		judge_walk(e, collect_item, &collector);
		collector.second = true;
		if (collector.has_second)
			judge_walk(e, collect_item, &collector);
		out->empty = out->considered == 0;
	}
	out->items = collector.items;
	out->others = collector.others;
}
