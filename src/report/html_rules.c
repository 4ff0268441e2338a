/* html_rules.c - a target's rules for people: for each finding why, what to do and the observed values, then all
 * rules.
 *
 * Nothing here is wider than a phone: values are in flowing text, not under carets.
 */
#include "html.h"

/* How many items of one rule are shown unfolded. A phone's screen holds about that many. */
#define ITEMS_OPEN_MAX 5

static void write_place(struct xml *x, const char *element, const struct rule_result *rule)
{
	struct buf place = buf_make(BUF_LIMIT_REPORT);
	text_add_printable(&place, text_of(rule->rule->source->name));
	buf_printf(&place, ":%zu", rule->rule->line);
	html_buf(x, element, "dim", &place);
}

/* The rule's own text, or the `when` that the evidence is about. */
static void write_rule_text(struct xml *x, const struct rule_result *rule)
{
	struct text text = rule_excerpt(rule->about)->text;
	xml_open(x, "p");
	if (rule->about != rule->rule->expression)
		xml_text(x, "when: ");
	else if (rule->rule->kind == RULE_NEVER)
		xml_text(x, "never: ");
	html_text(x, "code", NULL, text);
	xml_text(x, " ");
	write_place(x, "span", rule);
	xml_close(x);
}

static void write_operand(struct xml *x, const struct operand *operand)
{
	xml_text(x, " ");
	xml_open(x, "span");
	xml_attribute(x, "class", "value");
	html_text(x, "code", NULL, operand->name);
	xml_text(x, " ");
	html_text(x, "b", NULL, operand->value);
	if (operand->note.length) {
		struct buf note = buf_make(BUF_LIMIT_REPORT);
		buf_printf(&note, " (%.*s)", TEXT_ARG(operand->note));
		xml_text_buf(x, &note);
	}
	xml_close(x);
}

static void write_item(struct xml *x, const struct report *report, const struct target_result *target,
		       const struct evidence *evidence, const struct evidence_item *item)
{
	struct buf name = buf_make(BUF_LIMIT_REPORT);
	const struct gate_lane *lane = console_lane(target, item->deployment, item->chainlet);
	xml_open(x, "li");
	add_item_name(&name, evidence, item);
	html_link(x, console_address(&x->arena, report, target, lane), buf_string(&name));
	buf_release(&name);
	for (size_t i = 0; i < item->operand_count; i++)
		if (!operand_is_repeated(item, i))
			write_operand(x, &item->operands[i]);
	xml_close(x);
}

static void write_items(struct xml *x, const struct report *report, const struct target_result *target,
			const struct evidence *evidence)
{
	size_t open = evidence->item_count < ITEMS_OPEN_MAX ? evidence->item_count : ITEMS_OPEN_MAX;
	if (!evidence->item_count)
		return;
	xml_open(x, "ul");
	xml_attribute(x, "class", "items");
	for (size_t i = 0; i < open; i++)
		write_item(x, report, target, evidence, &evidence->items[i]);
	xml_close(x);
	if (open == evidence->item_count && !evidence->more)
		return;
	struct buf words = buf_make(100);
	buf_printf(&words, "%zu more", evidence->item_count - open + evidence->more);
	html_begin_fold(x, buf_string(&words), false);
	buf_release(&words);
	xml_open(x, "ul");
	xml_attribute(x, "class", "items");
	for (size_t i = open; i < evidence->item_count; i++)
		write_item(x, report, target, evidence, &evidence->items[i]);
	if (evidence->more) {
		words = buf_make(100);
		buf_printf(&words, "\u2026 and %zu more", evidence->more);
		html_buf(x, "li", "dim", &words);
	}
	xml_close(x);
	xml_close(x);
}

static void write_evidence(struct xml *x, const struct report *report, const struct target_result *target,
			   const struct rule_result *rule)
{
	struct buf words = buf_make(BUF_LIMIT_REPORT);
	write_rule_text(x, rule);
	if (!rule->judged) {
		buf_release(&words);
		return;
	}
	write_items(x, report, target, &rule->evidence);
	if (rule->evidence.considered > 1) {
		add_also(&words, rule);
		buf_add_string(&words, "; ");
	}
	add_seen(&words, rule);
	html_buf(x, "p", "dim", &words);
}

static void write_message(struct xml *x, const struct rule_result *rule)
{
	if (!rule->rule->message.length)
		return;
	xml_open(x, "p");
	xml_attribute(x, "class", "todo");
	xml_element(x, "b", NULL, "What to do:");
	xml_text(x, " ");
	html_text(x, "span", NULL, rule->rule->message);
	xml_close(x);
}

static void write_finding(struct xml *x, const struct report *report, const struct target_result *target,
			  const struct rule_result *rule)
{
	struct buf sentence = buf_make(BUF_LIMIT_REPORT);
	xml_open(x, "section");
	xml_attribute(x, "class", "finding f-%s", html_mark_class(rule_mark(target, rule)));
	xml_open(x, "h3");
	html_mark(x, rule_mark(target, rule));
	xml_text(x, " ");
	html_text(x, "span", NULL, rule->rule->name);
	xml_close(x);
	add_sentence(&sentence, target, rule);
	buf_add_byte(&sentence, '.');
	html_buf(x, "p", NULL, &sentence);
	write_message(x, rule);
	write_evidence(x, report, target, rule);
	xml_close(x);
}

/* Explains the words for the outcomes in the table, except for pass and fail. */
static void write_key(struct xml *x, const struct target_result *target)
{
	bool is_there[MARK_COUNT] = {false};
	for (size_t i = 0; i < target->target->rule_count; i++)
		is_there[rule_mark(target, &target->rules[i])] = true;
	is_there[MARK_FAIL] = is_there[MARK_PASS] = false;
	for (int mark = 0; mark < MARK_COUNT; mark++) {
		if (!is_there[mark])
			continue;
		xml_open(x, "p");
		xml_attribute(x, "class", "dim");
		xml_element(x, "b", NULL, rule_mark_word((enum rule_mark)mark));
		xml_text(x, ": ");
		xml_text(x, rule_mark_meaning((enum rule_mark)mark));
		xml_text(x, ".");
		xml_close(x);
	}
}

static void write_all(struct xml *x, const struct target_result *target, const size_t *order)
{
	static const char *const heads[] = {"Outcome", "Rule", NULL};
	xml_element(x, "h3", NULL, "All rules");
	html_begin_table(x, heads);
	for (size_t i = 0; i < target->target->rule_count; i++) {
		const struct rule_result *rule = &target->rules[order[i]];
		xml_open(x, "tr");
		xml_open(x, "td");
		html_mark(x, rule_mark(target, rule));
		xml_close(x);
		xml_open(x, "td");
		html_text(x, "span", NULL, rule->rule->name);
		xml_text(x, " ");
		write_place(x, "span", rule);
		xml_close(x);
		xml_close(x);
	}
	html_end_table(x);
	write_key(x, target);
}

/* Rules that aren't finished or were skipped, folded. */
static void write_others(struct xml *x, const struct report *report, const struct target_result *target,
			 const size_t *order)
{
	bool any = false;
	for (size_t i = 0; i < target->target->rule_count; i++) {
		const struct rule_result *rule = &target->rules[order[i]];
		enum rule_mark mark = rule_mark(target, rule);
		if (rule_is_finding(target, rule) || mark == MARK_PASS || !rule->judged)
			continue;
		if (!any) {
			html_begin_fold(x, "The other rules, as last seen", false);
		}
		any = true;
		write_finding(x, report, target, rule);
	}
	if (any)
		xml_close(x);
}

void html_rules(struct xml *x, const struct report *report, const struct target_result *target)
{
	const size_t *order = rules_by_need(&x->arena, target);
	for (size_t i = 0; i < target->target->rule_count; i++)
		if (rule_is_finding(target, &target->rules[order[i]]))
			write_finding(x, report, target, &target->rules[order[i]]);
	write_all(x, target, order);
	write_others(x, report, target, order);
}
