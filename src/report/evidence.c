/* evidence.c - why a rule has its value, for people: its line with the values under the operands, and what else was seen. */
#include "words.h"

#include "chaingate/times.h"

/* Items shown in full; the rest is named in one line. */
#define ITEMS_SHOWN_MAX 5

static void add_item_name(struct buf *buf, const struct evidence_item *item)
{
	if (item->chainlet.length) {
		buf_add_string(buf, "chainlet ");
		text_add_printable(buf, item->chainlet);
	} else if (item->deployment.length) {
		buf_add_string(buf, "deployment ");
		text_add_printable(buf, item->deployment);
	}
}

/* "min_replica is 1, active_replica_count is 4" */
static void add_operands(struct buf *buf, const struct evidence_item *item)
{
	for (size_t i = 0; i < item->operand_count; i++) {
		const struct operand *operand = &item->operands[i];
		buf_add_string(buf, i ? ", " : "");
		text_add_printable(buf, operand->name);
		buf_add_string(buf, " is ");
		buf_add(buf, operand->value);
	}
}

void add_evidence_line(struct buf *buf, const struct rule_result *result)
{
	const struct evidence *evidence = &result->evidence;
	if (!result->judged) {
		buf_add_string(buf, "never judged: nothing was selected");
		return;
	}
	if (evidence->empty) {
		buf_printf(buf, "there is no %s to judge", evidence->scope == SCOPE_DEPLOYMENTS ? "deployment" : "chainlet");
		return;
	}
	for (size_t i = 0; i < evidence->item_count && i < ITEMS_SHOWN_MAX; i++) {
		buf_add_string(buf, i ? "; " : "");
		add_item_name(buf, &evidence->items[i]);
		buf_add_string(buf, ": ");
		add_operands(buf, &evidence->items[i]);
	}
	size_t more = evidence->more;
	if (evidence->item_count > ITEMS_SHOWN_MAX)
		more += evidence->item_count - ITEMS_SHOWN_MAX;
	if (more)
		buf_printf(buf, "; and %zu more", more);
	if (evidence->item_count == 0)
		buf_printf(buf, "%zu of %zu hold", evidence->true_count, evidence->considered);
}

static void add_seen(struct buf *buf, const struct rule_result *result)
{
	buf_printf(buf, "  = seen:  poll %zu at ", result->poll);
	duration_add_clock(buf, result->last_at_ns);
	buf_printf(buf, "; %s since ", truth_name(result->last));
	duration_add_clock(buf, result->since_ns);
	buf_add_byte(buf, '\n');
}

static void add_also(struct buf *buf, const struct rule_result *result)
{
	const struct evidence *evidence = &result->evidence;
	if (evidence->considered < 2)
		return;
	buf_printf(buf, "  = also:  %zu of %zu hold", evidence->true_count, evidence->considered);
	for (size_t i = 0; i < evidence->other_count; i++) {
		buf_add_string(buf, i ? "; " : " (");
		add_item_name(buf, &evidence->others[i]);
		buf_add_string(buf, ": ");
		add_operands(buf, &evidence->others[i]);
	}
	buf_add_string(buf, evidence->other_count ? ")\n" : "\n");
}

/* The message of a policy may have several lines. */
static void add_help(struct buf *buf, struct text message)
{
	const char *label = "  = help:  ";
	size_t start = 0;
	while (message.length && message.bytes[message.length - 1] == '\n')
		message.length--;
	for (size_t i = 0; i <= message.length && message.length; i++) {
		if (i < message.length && message.bytes[i] != '\n')
			continue;
		buf_add_string(buf, label);
		text_add_printable(buf, text_slice(message, start, i));
		buf_add_byte(buf, '\n');
		label = "           ";
		start = i + 1;
	}
}

/* The first item's values stand under the operands, each under its own where they don't touch. */
static void add_items(struct buf *buf, const struct rule_result *result)
{
	const struct evidence *evidence = &result->evidence;
	for (size_t i = 0; i < evidence->item_count && i < ITEMS_SHOWN_MAX; i++) {
		const struct evidence_item *item = &evidence->items[i];
		buf_add_string(buf, "  - ");
		add_item_name(buf, item);
		buf_add_string(buf, ": ");
		add_operands(buf, item);
		if (item->where_unknown)
			buf_add_string(buf, " (it is not known whether the rule is about it)");
		buf_add_byte(buf, '\n');
	}
	size_t more = evidence->more;
	if (evidence->item_count > ITEMS_SHOWN_MAX)
		more += evidence->item_count - ITEMS_SHOWN_MAX;
	if (more)
		buf_printf(buf, "  - and %zu more\n", more);
}

void add_evidence(struct buf *buf, const struct rule_result *result, size_t columns, enum diag_style style)
{
	const struct rule *rule = result->rule->expression;
	const struct excerpt *excerpt = rule_excerpt(rule);
	const struct evidence *evidence = &result->evidence;
	struct span span = excerpt_span(excerpt, 0, excerpt->text.length);
	if (result->judged && evidence->item_count && evidence->items[0].operand_count) {
		struct span own = evidence->items[0].operands[0].span;
		span = excerpt_span(excerpt, own.start, own.end);
	}
	diag_render_line(buf, excerpt->source, span, columns, style);
	if (!result->judged || evidence->empty) {
		buf_add_string(buf, "  - ");
		add_evidence_line(buf, result);
		buf_add_byte(buf, '\n');
	} else {
		add_items(buf, result);
	}
	if (result->judged) {
		add_seen(buf, result);
		add_also(buf, result);
	}
	add_help(buf, result->rule->message);
}
