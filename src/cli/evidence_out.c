/* evidence_out.c - see evidence_out.h. */
#include "evidence_out.h"

#include "chaingate/report_json.h"

static const struct {
	const char *name, *sign, *color;
} values[] = {
	[TRUTH_UNKNOWN] = {"unknown", "UNKNOWN", "\x1b[1;33m"},
	[TRUTH_FALSE] = {"fail", "FAIL", "\x1b[1;31m"},
	[TRUTH_TRUE] = {"pass", "PASS", "\x1b[1;32m"},
};
#define COLOR_OFF "\x1b[0m"
/* The column where rules begin: after the longest sign. */
#define RULE_COLUMN 9

const char *evidence_value_name(enum truth truth)
{
	return values[truth].name;
}

/* A field that is used twice in a rule is shown once. */
static bool is_shown(const struct evidence_item *item, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (text_equal(item->operands[i].name, item->operands[index].name))
			return true;
	return false;
}

/* ---- for people ------------------------------------------------------------------------------------------------- */

static const char *noun(enum rule_scope scope)
{
	switch (scope) {
	case SCOPE_TARGET: return "target";
	case SCOPE_CHAINLETS: return "chainlet";
	case SCOPE_DEPLOYMENTS: return "deployment";
	case SCOPE_BASELINE_CHAINLETS: return "baseline chainlet";
	}
	return "";
}

static void add_who(struct buf *buf, const struct evidence_item *item)
{
	if (item->of_baseline)
		buf_add_string(buf, item->deployment.length ? "baseline " : "the baseline: ");
	if (item->chainlet.length > 0) {
		buf_add_string(buf, "chainlet ");
		text_add_printable(buf, item->chainlet);
		buf_add_string(buf, " of ");
	} else if (item->deployment.length > 0) {
		buf_add_string(buf, "deployment ");
	}
	text_add_printable(buf, item->deployment);
	if (item->deployment.length > 0)
		buf_add_string(buf, ": ");
}

/* `chainlet Retriever of q86yjdy: min_replica is 1, max_replica is 4` */
static void add_item(struct buf *buf, const struct evidence_item *item)
{
	buf_add_repeated(buf, ' ', RULE_COLUMN);
	add_who(buf, item);
	if (item->where_unknown)
		buf_add_string(buf, "whether it is selected by 'where' is unknown; ");
	for (size_t i = 0; i < item->operand_count; i++) {
		if (is_shown(item, i))
			continue;
		if (i > 0)
			buf_add_string(buf, ", ");
		text_add_printable(buf, item->operands[i].name);
		buf_add_string(buf, " is ");
		text_add_printable(buf, item->operands[i].value);
		if (item->operands[i].note.length)
			buf_printf(buf, " (%.*s)", TEXT_ARG(item->operands[i].note));
	}
	if (item->operand_count == 0)
		buf_add_string(buf, truth_name(item->truth));
	buf_add_byte(buf, '\n');
}

static void add_sum(struct buf *buf, const struct evidence *evidence)
{
	if (evidence->scope == SCOPE_TARGET)
		return;
	buf_add_repeated(buf, ' ', RULE_COLUMN);
	if (evidence->empty || evidence->considered == 0)
		buf_printf(buf, "there is no %s to look at\n", noun(evidence->scope));
	else
		buf_printf(buf, "of %zu %s%s: true for %zu, false for %zu, unknown for %zu\n", evidence->considered,
			   noun(evidence->scope), evidence->considered == 1 ? "" : "s", evidence->true_count,
			   evidence->false_count, evidence->unknown_count);
}

void evidence_add_text(struct buf *buf, const struct rule *rule, const struct evidence *evidence,
		       const struct evidence_style *style)
{
	enum truth value = evidence->value;
	buf_printf(buf, "%s%-*s%s", style->colour ? values[value].color : "", RULE_COLUMN, values[value].sign,
		   style->colour ? COLOR_OFF : "");
	text_add_printable(buf, rule_excerpt(rule)->text);
	buf_add_byte(buf, '\n');
	for (size_t i = 0; i < evidence->item_count; i++)
		add_item(buf, &evidence->items[i]);
	if (evidence->more > 0) {
		buf_add_repeated(buf, ' ', RULE_COLUMN);
		buf_printf(buf, "… and %zu more\n", evidence->more);
	}
	for (size_t i = 0; i < evidence->other_count && style->verbose; i++)
		add_item(buf, &evidence->others[i]);
	if (value != TRUTH_TRUE || style->verbose)
		add_sum(buf, evidence);
}

/* ---- for programs ----------------------------------------------------------------------------------------------- */

void evidence_add_json(struct json_object *array, const struct rule *rule, const struct evidence *evidence)
{
	struct json_object *object = json_out_object();
	json_out_put_text(object, "rule", rule_excerpt(rule)->text);
	json_out_put_optional(object, "value", evidence_value_name(evidence->value));
	json_out_put(object, "evidence", report_evidence_object(evidence));
	json_out_append(array, object);
}
