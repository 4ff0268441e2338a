/* evidence.c - why a rule has its value, for people: its line with the values under the operands, and other
 * observations. */
#include "words.h"

#include "chaingate/times.h"

#include <string.h>

/* How many items are shown in full; the others are counted. */
#define ITEMS_SHOWN_MAX 5

/* The deployment of all shown items; empty if they are from several, or from none. */
static struct text common_deployment(const struct evidence *evidence)
{
	struct text id = {0};
	for (size_t i = 0; i < evidence->item_count + evidence->other_count; i++) {
		bool other = i >= evidence->item_count;
		struct text one =
			other ? evidence->others[i - evidence->item_count].deployment : evidence->items[i].deployment;
		if (i && !text_equal(one, id))
			return (struct text){0};
		id = one;
	}
	return id;
}

void add_item_name(struct buf *buf, const struct evidence *evidence, const struct evidence_item *item)
{
	if (item->of_baseline)
		buf_add_string(buf, item->deployment.length ? "baseline " : "the baseline");
	if (item->chainlet.length) {
		buf_add_string(buf, "chainlet ");
		text_add_printable(buf, item->chainlet);
		if (!common_deployment(evidence).length) {
			buf_add_string(buf, " of ");
			text_add_printable(buf, item->deployment);
		}
	} else if (item->deployment.length) {
		buf_add_string(buf, "deployment ");
		text_add_printable(buf, item->deployment);
	} else if (!item->of_baseline) {
		buf_add_string(buf, "the target");
	}
	if (item->where_unknown)
		buf_add_string(buf, ", if 'where' selects it");
}

bool operand_is_repeated(const struct evidence_item *item, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (text_equal(item->operands[i].name, item->operands[index].name))
			return true;
	return false;
}

#define BASELINE_PREFIX "baseline."

/* "min_replica is 2, production has 3" if the baseline's value has the same name; else "production's min_replica is
 * 3". */
static void add_counterpart(struct buf *buf, const struct evidence_item *item, size_t index, struct text baseline)
{
	const struct operand *operand = &item->operands[index];
	struct text name = text_slice(operand->name, strlen(BASELINE_PREFIX), operand->name.length);
	bool is_same = false;
	for (size_t i = 0; i < index; i++)
		is_same |= text_equal(item->operands[i].name, name);
	text_add_printable(buf, baseline);
	if (is_same && !operand->unknown) {
		buf_add_string(buf, " has ");
	} else {
		buf_add_string(buf, "'s ");
		text_add_printable(buf, name);
		buf_add_string(buf, " is ");
	}
}

static void add_operand(struct buf *buf, const struct evidence_item *item, size_t index, struct text baseline)
{
	const struct operand *operand = &item->operands[index];
	if (baseline.length && text_starts_with(operand->name, BASELINE_PREFIX)) {
		add_counterpart(buf, item, index, baseline);
	} else {
		text_add_printable(buf, operand->name);
		buf_add_string(buf, " is ");
	}
	buf_add(buf, operand->value);
	if (operand->note.length)
		buf_printf(buf, " (%.*s)", TEXT_ARG(operand->note));
}

/* "chainlet Router is UNHEALTHY", "chainlet Router: min_replica is 1, active_replica_count is 4" */
static void add_item(struct buf *buf, const struct evidence *evidence, const struct evidence_item *item,
		     struct text baseline)
{
	bool first = true, named = evidence->scope != SCOPE_TARGET;
	if (named)
		add_item_name(buf, evidence, item);
	for (size_t i = 0; i < item->operand_count; i++) {
		if (operand_is_repeated(item, i))
			continue;
		if (first && named && text_is(item->operands[i].name, "status")) {
			buf_add_string(buf, " is ");
			buf_add(buf, item->operands[i].value);
		} else {
			buf_add_string(buf, first ? named ? ": " : "" : ", ");
			add_operand(buf, item, i, baseline);
		}
		first = false;
	}
}

static const char *noun_of(const struct evidence *evidence)
{
	switch (evidence->scope) {
	case SCOPE_TARGET: return "target";
	case SCOPE_CHAINLETS: return "chainlet";
	case SCOPE_DEPLOYMENTS: return "deployment";
	case SCOPE_BASELINE_CHAINLETS: return "baseline chainlet";
	}
	return "";
}

/* "the only chainlet is not ACTIVE", "true for the only chainlet". One item is true, false or unknown. */
static void add_only(struct buf *buf, const struct evidence *evidence, const char *noun)
{
	struct text body = evidence->status_body;
	bool is_true = evidence->true_count > 0, is_unknown = evidence->unknown_count > 0;
	noun = *noun ? noun : "one";
	if (!body.length) {
		buf_printf(buf, "%s for the only %s", is_true ? "true" : is_unknown ? "unknown" : "not true", noun);
		return;
	}
	bool is_not = !is_true && !is_unknown && text_starts_with(body, "not ");
	buf_printf(buf, is_unknown && !is_true ? "it is unknown whether the only %s is " : "the only %s is ", noun);
	if (is_not)
		body = text_slice(body, strlen("not "), body.length);
	else if (!is_true && !is_unknown)
		buf_add_string(buf, "not ");
	text_add_printable(buf, body);
}

/* "1 of 30 chainlets is UNHEALTHY", "true for 2 of 3 chainlets" */
static void add_number(struct buf *buf, const struct evidence *evidence, const char *noun)
{
	size_t count = evidence->true_count;
	if (evidence->considered == 1) {
		add_only(buf, evidence, noun);
		return;
	}
	if (!evidence->status_body.length)
		buf_add_string(buf, "true for ");
	if (count)
		buf_printf(buf, "%zu of %zu", count, evidence->considered);
	else
		buf_printf(buf, "none of the %zu", evidence->considered);
	if (*noun)
		buf_printf(buf, " %ss", noun);
	if (!evidence->status_body.length)
		return;
	buf_add_string(buf, count > 1 ? " are " : " is ");
	text_add_printable(buf, evidence->status_body);
}

static void add_items_line(struct buf *buf, const struct evidence *evidence, size_t items_most, struct text baseline)
{
	size_t more = evidence->more;
	if (evidence->is_about_number)
		add_number(buf, evidence, noun_of(evidence));
	for (size_t i = 0; i < evidence->item_count && i < items_most; i++) {
		buf_add_string(buf, i ? "; " : evidence->is_about_number ? ": " : "");
		add_item(buf, evidence, &evidence->items[i], baseline);
	}
	if (evidence->item_count > items_most)
		more += evidence->item_count - items_most;
	if (more)
		buf_printf(buf, "; and %zu more", more);
	if (evidence->item_count && evidence->is_about_number && evidence->hidden_count)
		buf_printf(buf, "; %zu may still change", evidence->hidden_count);
	if (evidence->item_count == 0 && !evidence->is_about_number && evidence->scope != SCOPE_TARGET)
		add_number(buf, evidence, noun_of(evidence));
	for (size_t i = 0; evidence->scope == SCOPE_TARGET && i < evidence->other_count && !evidence->item_count; i++)
		add_item(buf, evidence, &evidence->others[i], baseline);
}

static void add_line(struct buf *buf, const struct rule_result *result, struct text baseline)
{
	if (!result->judged)
		buf_add_string(buf, "never judged: nothing was selected");
	else if (result->evidence.empty)
		buf_printf(buf, "there is no %s to judge", noun_of(&result->evidence));
	else
		add_items_line(buf, &result->evidence, ITEMS_SHOWN_MAX, baseline);
}

void add_sentence(struct buf *buf, const struct target_result *target, const struct rule_result *result)
{
	const struct policy_baseline *baseline = &target->target->baseline;
	if (result->told.length) {
		text_add_printable(buf, result->told);
		return;
	}
	bool is_named = baseline->given && baseline->selector.kind == SELECT_ENVIRONMENT;
	add_line(buf, result, is_named ? baseline->selector.value : TEXT("the baseline"));
}

/* Below this width a note isn't wrapped: it would become a column of single words. */
#define NOTE_COLUMNS_LEAST 40

void add_note(struct buf *buf, const char *label, struct text text, size_t columns)
{
	size_t indent = strlen(label), room = columns >= NOTE_COLUMNS_LEAST ? columns - indent : SIZE_MAX;
	do {
		size_t end = text_within_words(text, room);
		buf_add_string(buf, label);
		buf_add_repeated(buf, ' ', indent - strlen(label));
		text_add_printable(buf, text_slice(text, 0, end));
		buf_add_byte(buf, '\n');
		while (end < text.length && text.bytes[end] == ' ')
			end++;
		text = text_slice(text, end, text.length);
		label = "";
	} while (text.length);
}

/* `deployment q86yjdy, poll 17 at 4m10s; never true, false since 1m30s` */
void add_seen(struct buf *buf, const struct rule_result *result)
{
	struct text deployment = common_deployment(&result->evidence);
	bool of_baseline = result->evidence.scope == SCOPE_BASELINE_CHAINLETS;
	if (deployment.length && (of_baseline || result->evidence.scope == SCOPE_CHAINLETS)) {
		buf_add_string(buf, of_baseline ? "baseline deployment " : "deployment ");
		text_add_printable(buf, deployment);
		buf_add_string(buf, ", ");
	}
	buf_printf(buf, "poll %zu at ", result->poll);
	duration_add_clock(buf, result->last_at_ns);
	buf_add_string(buf, "; ");
	const char *wanted = result->rule->kind == RULE_NEVER ? "false" : "true";
	if (result->about != result->rule->expression) {
		buf_add_string(buf, "its 'when' is ");
	} else if (result->finding != FINDING_HOLDS && result->has_held) {
		buf_printf(buf, "%s until ", wanted);
		duration_add_clock(buf, result->held_at_ns);
		buf_add_string(buf, ", ");
	} else if (result->finding != FINDING_HOLDS) {
		buf_printf(buf, "never %s, ", wanted);
	}
	buf_printf(buf, "%s since ", truth_name(result->last));
	duration_add_clock(buf, result->since_ns);
}

/* If the body is a single status, items for which it is true only need to be named. */
static bool is_named_alone(const struct evidence *evidence, const struct evidence_item *item)
{
	return item->operand_count > 0 && text_is(item->operands[item->operand_count - 1].name, "status") &&
	       text_equal(item->operands[item->operand_count - 1].value, evidence->status_body);
}

/* How many items are neither culprits nor unknown. */
static size_t count_others(const struct evidence *evidence)
{
	size_t listed = evidence->item_count + evidence->more + evidence->hidden_count;
	return evidence->considered > listed ? evidence->considered - listed : 0;
}

/* "2 of 5 are ACTIVE (Router, Gate), 1 may still change". The list in parentheses is left out if the evidence has already
 * named the culprits. */
void add_also(struct buf *buf, const struct rule_result *result)
{
	const struct evidence *evidence = &result->evidence;
	size_t others = evidence->true_is_against && evidence->item_count ? 0 : evidence->other_count;
	add_number(buf, evidence, "");
	bool alone = false;
	for (size_t i = 0; i < others; i++) {
		const struct evidence_item *item = &evidence->others[i];
		alone = is_named_alone(evidence, item) && item->chainlet.length;
		buf_add_string(buf, i ? alone ? ", " : "; " : " (");
		if (alone)
			text_add_printable(buf, item->chainlet);
		else
			add_item(buf, evidence, item, (struct text){0});
	}
	if (others && count_others(evidence) > others)
		buf_printf(buf, "%s and %zu more", alone ? "" : ";", count_others(evidence) - others);
	buf_add_string(buf, others ? ")" : "");
	if (evidence->hidden_count)
		buf_printf(buf, ", %zu may still change", evidence->hidden_count);
}

/* A rule's message may have several lines. */
static void add_help(struct buf *buf, struct text message, size_t columns)
{
	const char *label = "  = help:  ";
	size_t start = 0;
	while (message.length && message.bytes[message.length - 1] == '\n')
		message.length--;
	for (size_t i = 0; i <= message.length && message.length; i++) {
		if (i < message.length && message.bytes[i] != '\n')
			continue;
		add_note(buf, label, text_slice(message, start, i), columns);
		label = "           ";
		start = i + 1;
	}
}

/* "1", "1 (of 3: Router)" */
static struct text operand_words(struct arena *arena, const struct operand *operand)
{
	if (!operand->note.length)
		return operand->value;
	return text_of(arena_printf(arena, "%.*s (%.*s)", TEXT_ARG(operand->value), TEXT_ARG(operand->note)));
}

/* The rule's line, with each item's values under the operands. Without values, only the line, with carets. */
static void add_items(struct buf *buf, const struct rule_result *result, size_t columns, enum diag_style style)
{
	const struct evidence *evidence = &result->evidence;
	const struct excerpt *excerpt = rule_excerpt(result->about);
	struct diag_row rows[ITEMS_SHOWN_MAX];
	struct arena arena = {0};
	size_t count = 0;
	for (size_t i = 0; i < evidence->item_count && i < ITEMS_SHOWN_MAX; i++) {
		const struct evidence_item *item = &evidence->items[i];
		struct diag_mark *marks = ARENA_ARRAY(&arena, struct diag_mark, item->operand_count + 1);
		struct buf label = buf_make(BUF_LIMIT_REPORT);
		add_item_name(&label, evidence, item);
		for (size_t j = 0; j < item->operand_count; j++)
			marks[j] = (struct diag_mark){
				excerpt_span(excerpt, item->operands[j].span.start, item->operands[j].span.end),
				operand_words(&arena, &item->operands[j])};
		if (item->operand_count)
			rows[count++] =
				(struct diag_row){marks, item->operand_count, arena_text(&arena, buf_text(&label))};
		buf_release(&label);
	}
	if (count)
		diag_render_rows(buf, excerpt->source, rows, count, columns, style);
	else
		diag_render_line(buf, excerpt->source, excerpt_span(excerpt, 0, excerpt->text.length), columns, style);
	arena_release(&arena);
	size_t more = evidence->more;
	if (evidence->item_count > ITEMS_SHOWN_MAX)
		more += evidence->item_count - ITEMS_SHOWN_MAX;
	if (more)
		buf_printf(buf, "  - and %zu more\n", more);
}

void add_evidence(struct buf *buf, const struct rule_result *result, size_t columns, enum diag_style style)
{
	const struct excerpt *excerpt = rule_excerpt(result->about);
	if (!result->judged || result->evidence.empty) {
		diag_render_line(buf, excerpt->source, excerpt_span(excerpt, 0, excerpt->text.length), columns, style);
		buf_add_string(buf, "  - ");
		add_line(buf, result, (struct text){0});
		buf_add_byte(buf, '\n');
	} else {
		add_items(buf, result, columns, style);
	}
	struct buf seen = buf_make(BUF_LIMIT_REPORT), also = buf_make(BUF_LIMIT_REPORT);
	if (result->judged) {
		add_seen(&seen, result);
		add_note(buf, "  = seen:  ", buf_text(&seen), columns);
	}
	if (result->judged && result->evidence.considered > 1) {
		add_also(&also, result);
		add_note(buf, "  = also:  ", buf_text(&also), columns);
	}
	add_help(buf, result->rule->message, columns);
	buf_release(&seen);
	buf_release(&also);
}

void report_evidence(struct buf *buf, const struct rule_result *result)
{
	add_evidence(buf, result, 0, DIAG_PLAIN);
}
