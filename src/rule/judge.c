/* judge.c - a checked rule, judged on a view: Kleene's logic per item, counting over items, evidence. */
#include "ast.h"

#include "chaingate/buf.h"
#include "chaingate/times.h"

#include <inttypes.h>

static const char *const truth_names[] = {
	[TRUTH_UNKNOWN] = "unknown", [TRUTH_FALSE] = "false", [TRUTH_TRUE] = "true"};

const char *truth_name(enum truth truth)
{
	return truth_names[truth];
}

const struct rule *rule_parse(struct arena *arena, const struct excerpt *excerpt, struct diags *diags)
{
	struct rule *rule = rule_read(arena, excerpt, diags);
	return rule && rule_check(rule, diags) ? rule : NULL;
}

enum rule_scope rule_scope(const struct rule *rule)
{
	return rule->scope;
}

const struct excerpt *rule_excerpt(const struct rule *rule)
{
	return &rule->excerpt;
}

/* ---- one item --------------------------------------------------------------------------------------------------- */

static enum truth truth_of(bool holds)
{
	return holds ? TRUTH_TRUE : TRUTH_FALSE;
}

static enum truth negate(enum truth truth)
{
	if (truth == TRUTH_UNKNOWN)
		return TRUTH_UNKNOWN;
	return truth == TRUTH_TRUE ? TRUTH_FALSE : TRUTH_TRUE;
}

static enum truth truth_and(enum truth a, enum truth b)
{
	if (a == TRUTH_FALSE || b == TRUTH_FALSE)
		return TRUTH_FALSE;
	return a == TRUTH_TRUE && b == TRUTH_TRUE ? TRUTH_TRUE : TRUTH_UNKNOWN;
}

static enum truth truth_or(enum truth a, enum truth b)
{
	return negate(truth_and(negate(a), negate(b)));
}

static struct value field_of(const struct node *node, const struct item *item)
{
	struct item of = *item;
	if (node->of == FIELD_OF_DEPLOYMENT)
		of.chainlet = NULL;
	return field_value(node->field, &of);
}

static struct value value_of(const struct node *node, const struct item *item)
{
	if (node->kind == NODE_FIELD)
		return field_of(node, item);
	if (node->kind == NODE_NEGATE) {
		struct value value = value_of(node->children[0], item);
		value.integer = -value.integer; /* of a literal, which isn't negative: it can't overflow */
		return value;
	}
	return (struct value){.known = true, .integer = node->integer, .text = node->text, .status = node->status};
}

static int order(enum value_type type, const struct value *a, const struct value *b)
{
	if (type == TYPE_STRING)
		return text_compare(a->text, b->text);
	if (type == TYPE_STATUS)
		return (a->status > b->status) - (a->status < b->status);
	return (a->integer > b->integer) - (a->integer < b->integer);
}

static enum truth judge_compare(const struct node *node, const struct item *item)
{
	struct value a = value_of(node->children[0], item), b = value_of(node->children[1], item);
	if (!a.known || !b.known)
		return TRUTH_UNKNOWN;
	int o = order(node->children[0]->type, &a, &b);
	switch (node->op) {
	case TOKEN_EQUAL: return truth_of(o == 0);
	case TOKEN_NOT_EQUAL: return truth_of(o != 0);
	case TOKEN_LESS: return truth_of(o < 0);
	case TOKEN_LESS_EQUAL: return truth_of(o <= 0);
	case TOKEN_GREATER: return truth_of(o > 0);
	case TOKEN_GREATER_EQUAL: return truth_of(o >= 0);
	default: return TRUTH_UNKNOWN; /* the parser lets nothing else through */
	}
}

static enum truth judge_in(const struct node *node, const struct item *item, const struct value *value)
{
	if (!value->known)
		return TRUTH_UNKNOWN;
	bool found = node->class != CLASS_NONE && status_class(value->status) == node->class;
	for (size_t i = 0; i < node->set_count && !found; i++) {
		struct value one = value_of(node->set[i], item);
		found = order(node->set[i]->type, value, &one) == 0;
	}
	return truth_of(found != node->negated);
}

static enum truth judge_is_null(const struct node *node, const struct item *item)
{
	struct value value = value_of(node->children[0], item);
	if (value.null)
		return truth_of(!node->negated);
	/* A word that isn't known is still a word; what is hidden may be anything. */
	if (!value.known && !value.text.length)
		return TRUTH_UNKNOWN;
	return truth_of(node->negated);
}

static enum truth judge_node(const struct node *node, const struct item *item);

static enum truth judge_list(const struct node *node, const struct item *item)
{
	enum truth truth = node->kind == NODE_AND ? TRUTH_TRUE : TRUTH_FALSE;
	for (size_t i = 0; i < node->count; i++) {
		enum truth one = judge_node(node->children[i], item);
		truth = node->kind == NODE_AND ? truth_and(truth, one) : truth_or(truth, one);
	}
	return truth;
}

static enum truth judge_field(const struct node *node, const struct item *item)
{
	struct value value = value_of(node, item);
	return value.known ? truth_of(value.integer != 0) : TRUTH_UNKNOWN;
}

static enum truth judge_node(const struct node *node, const struct item *item)
{
	struct value value;
	switch (node->kind) {
	case NODE_OR:
	case NODE_AND: return judge_list(node, item);
	case NODE_NOT: return negate(judge_node(node->children[0], item));
	case NODE_COMPARE:
		if (node->children[0]->type == TYPE_BOOLEAN) {
			enum truth a = judge_node(node->children[0], item), b = judge_node(node->children[1], item);
			if (a == TRUTH_UNKNOWN || b == TRUTH_UNKNOWN)
				return TRUTH_UNKNOWN;
			return truth_of((a == b) == (node->op == TOKEN_EQUAL));
		}
		return judge_compare(node, item);
	case NODE_IN:
		value = value_of(node->children[0], item);
		return judge_in(node, item, &value);
	case NODE_STATUS_IS:
		value = field_value(node->field, item);
		return judge_in(node, item, &value);
	case NODE_IS_NULL: return judge_is_null(node, item);
	case NODE_FIELD:
	case NODE_BOOLEAN: return judge_field(node, item);
	case NODE_NEGATE:
	case NODE_INTEGER:
	case NODE_DURATION:
	case NODE_STRING:
	case NODE_STATUS:
	case NODE_ARITHMETIC:
	case NODE_MATCH:
	case NODE_PERCENT:
	case NODE_DECIMAL:
	case NODE_PARAM:
	case NODE_AGGREGATE: break; /* the checker lets none of these stand for true or false */
	}
	return TRUTH_UNKNOWN;
}

/* ---- all items -------------------------------------------------------------------------------------------------- */

/* How an item stands to the rule: is it selected by `where`, and does the body hold for it? */
struct standing {
	enum truth selected, body;
};

struct tally {
	size_t items, selected; /* looked at; definitely selected */
	size_t yes, no, open;   /* by what each contributes to the quantifier */
};

static struct standing judge_item(const struct rule *rule, const struct item *item)
{
	struct standing standing = {TRUTH_TRUE, TRUTH_UNKNOWN};
	if (rule->where)
		standing.selected = judge_node(rule->where, item);
	if (standing.selected != TRUTH_FALSE)
		standing.body = judge_node(rule->body, item);
	return standing;
}

/* What an item contributes: `(not where) or body` to all, `where and body` to the others. */
static enum truth contribution(const struct rule *rule, struct standing standing)
{
	if (rule->quantifier == QUANTIFIER_ALL)
		return truth_or(negate(standing.selected), standing.body);
	return truth_and(standing.selected, standing.body);
}

static void count(struct tally *tally, const struct rule *rule, struct standing standing)
{
	if (standing.selected == TRUTH_FALSE)
		return;
	tally->items++;
	tally->selected += standing.selected == TRUTH_TRUE;
	switch (contribution(rule, standing)) {
	case TRUTH_TRUE: tally->yes++; break;
	case TRUTH_FALSE: tally->no++; break;
	case TRUTH_UNKNOWN: tally->open++; break;
	}
}

/* Between `least` and `most` items hold, whatever the open ones turn out to be. */
static enum truth within(const struct tally *tally, uint64_t least, uint64_t most)
{
	uint64_t low = tally->yes, high = tally->yes + tally->open;
	if (high < least || low > most)
		return TRUTH_FALSE;
	return low >= least && high <= most ? TRUTH_TRUE : TRUTH_UNKNOWN;
}

static enum truth quantify(const struct rule *rule, const struct tally *tally)
{
	uint64_t number = (uint64_t)rule->number;
	enum truth truth = TRUTH_UNKNOWN;
	bool vacuous = true; /* could hold of nothing at all */
	switch (rule->quantifier) {
	case QUANTIFIER_NONE:
	case QUANTIFIER_ALL:
		truth = tally->no ? TRUTH_FALSE : tally->open ? TRUTH_UNKNOWN : TRUTH_TRUE;
		break;
	case QUANTIFIER_NO: truth = within(tally, 0, 0); break;
	case QUANTIFIER_AT_MOST: truth = within(tally, 0, number); break;
	case QUANTIFIER_EXACTLY:
		truth = within(tally, number, number);
		vacuous = number == 0;
		break;
	case QUANTIFIER_ANY:
		truth = within(tally, 1, UINT64_MAX);
		vacuous = false;
		break;
	case QUANTIFIER_AT_LEAST:
		truth = within(tally, number, UINT64_MAX);
		vacuous = false;
		break;
	}
	return truth == TRUTH_TRUE && vacuous && tally->selected == 0 ? TRUTH_UNKNOWN : truth;
}

/* ---- evidence --------------------------------------------------------------------------------------------------- */

struct collector {
	struct arena *arena;
	const struct rule *rule;
	struct evidence *out;
	struct evidence_item *items, *others;
	size_t item_capacity, other_capacity;
};

/* The operands of one item, while they are collected. */
struct operands {
	struct operand *items;
	size_t capacity;
};

static void add_value(struct buf *buf, const struct node *node, const struct value *value)
{
	if (value->null) {
		buf_add_string(buf, "null");
	} else if (value->hidden) {
		buf_add_string(buf, "not final yet");
	} else if (!value->known && value->text.length) {
		buf_add_string(buf, "unknown status '");
		text_add_printable(buf, value->text);
		buf_add_byte(buf, '\'');
	} else if (!value->known) {
		buf_add_string(buf, "unknown");
	} else if (node->type == TYPE_NUMBER) {
		buf_printf(buf, "%" PRId64, value->integer);
	} else if (node->type == TYPE_DURATION) {
		duration_add(buf, value->integer);
	} else if (node->type == TYPE_TIME) {
		moment_add(buf, value->integer, false);
	} else if (node->type == TYPE_STATUS) {
		buf_add_string(buf, status_name(value->status));
	} else if (node->type == TYPE_SETTINGS) {
		buf_add_string(buf, "set");
	} else {
		text_add_printable(buf, value->text);
	}
}

/* Longest value shown: a name of the API's, which could be as long as a body. */
#define VALUE_BYTES_MAX 4096

static void add_operand(struct collector *c, struct evidence_item *item, struct operands *operands, const struct node *node,
			const struct value *value)
{
	struct buf buf = buf_make(VALUE_BYTES_MAX);
	add_value(&buf, node, value);
	if (buf.overflowed) {
		buf_clear(&buf);
		buf_add_string(&buf, "(too long to show)");
	}
	operands->items = arena_grow(c->arena, operands->items, item->operand_count, &operands->capacity, sizeof(*operands->items));
	operands->items[item->operand_count++] = (struct operand){
		.span = {node->from, node->to},
		.name = node->text,
		.value = arena_text(c->arena, buf_text(&buf)),
		.unknown = !value->known,
	};
	item->operands = operands->items;
	buf_release(&buf);
}

static void collect_operands(struct collector *c, struct evidence_item *out, struct operands *operands, const struct node *node,
			     const struct item *item)
{
	if (node->kind == NODE_FIELD || node->kind == NODE_STATUS_IS) {
		struct node shown = *node;
		struct value value = node->kind == NODE_FIELD ? field_of(node, item) : field_value(node->field, item);
		shown.text = text_slice(c->rule->excerpt.text, node->from, node->to);
		if (node->kind == NODE_STATUS_IS) {
			shown.type = TYPE_STATUS;
			shown.text = TEXT("status");
		}
		add_operand(c, out, operands, &shown, &value);
	}
	for (size_t i = 0; i < node->count; i++)
		collect_operands(c, out, operands, node->children[i], item);
}

static struct evidence_item evidence_item(struct collector *c, const struct rule *rule, const struct item *item,
					  struct standing standing)
{
	struct evidence_item out = {
		.deployment = arena_text(c->arena, item->deployment->id),
		.truth = standing.body,
		.where_unknown = standing.selected == TRUTH_UNKNOWN,
	};
	struct operands operands = {0};
	if (item->chainlet)
		out.chainlet = arena_text(c->arena, item->chainlet->name);
	if (rule->where)
		collect_operands(c, &out, &operands, rule->where, item);
	collect_operands(c, &out, &operands, rule->body, item);
	return out;
}

/* Does the item stand against the rule, or is it unknown? */
static bool is_against(const struct rule *rule, struct standing standing)
{
	enum truth truth = contribution(rule, standing);
	switch (rule->quantifier) {
	case QUANTIFIER_NONE:
	case QUANTIFIER_ALL:
	case QUANTIFIER_ANY:
	case QUANTIFIER_AT_LEAST: return truth != TRUTH_TRUE;
	case QUANTIFIER_NO:
	case QUANTIFIER_AT_MOST:
	case QUANTIFIER_EXACTLY: return truth != TRUTH_FALSE;
	}
	return true;
}

static void collect_item(struct collector *c, const struct rule *rule, const struct item *item, enum truth value)
{
	struct evidence *out = c->out;
	struct standing standing = judge_item(rule, item);
	if (standing.selected == TRUTH_FALSE)
		return;
	bool unknown = standing.body == TRUTH_UNKNOWN || standing.selected == TRUTH_UNKNOWN;
	bool against = value == TRUTH_TRUE ? unknown : is_against(rule, standing) || unknown;
	if (against && out->item_count == EVIDENCE_ITEMS_MAX) {
		out->more++;
	} else if (against) {
		c->items = arena_grow(c->arena, c->items, out->item_count, &c->item_capacity, sizeof(*c->items));
		c->items[out->item_count++] = evidence_item(c, rule, item, standing);
	} else if (out->other_count < EVIDENCE_OTHERS_MAX) {
		c->others = arena_grow(c->arena, c->others, out->other_count, &c->other_capacity, sizeof(*c->others));
		c->others[out->other_count++] = evidence_item(c, rule, item, standing);
	}
	switch (standing.body) {
	case TRUTH_TRUE: out->true_count++; break;
	case TRUTH_FALSE: out->false_count++; break;
	case TRUTH_UNKNOWN: out->unknown_count++; break;
	}
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

/* Goes through what the rule ranges over, in order: counts with `tally`, or collects with `collector`. */
static void walk(const struct rule *rule, const struct view *view, struct tally *tally, struct collector *collector,
		 enum truth value)
{
	for (size_t i = 0; i < view->count; i++) {
		struct item item = {.view = view, .deployment = view->deployments[i]};
		bool chainlets = rule->scope == SCOPE_CHAINLETS;
		for (size_t j = 0; j < (chainlets ? item.deployment->chainlet_count : 1); j++) {
			item.chainlet = chainlets ? &item.deployment->chainlets[j] : NULL;
			if (tally)
				count(tally, rule, judge_item(rule, &item));
			else
				collect_item(collector, rule, &item, value);
		}
	}
}

enum truth rule_judge(const struct rule *rule, const struct view *view, struct arena *arena, struct evidence *out)
{
	struct tally tally = {0};
	walk(rule, view, &tally, NULL, TRUTH_UNKNOWN);
	enum truth value = quantify(rule, &tally);
	if (!out)
		return value;
	struct evidence evidence = {
		.value = value, .scope = rule->scope, .empty = tally.items == 0, .considered = tally.items};
	struct collector collector = {.arena = arena, .rule = rule, .out = &evidence};
	walk(rule, view, NULL, &collector, value);
	evidence.items = collector.items;
	evidence.others = collector.others;
	*out = evidence;
	return value;
}
