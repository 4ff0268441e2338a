/* evidence_out.c - see evidence_out.h. */
#include "evidence_out.h"

#include "chaingate/report_json.h"

static const struct {
	const char *name, *sign, *color;
} findings[] = {
	[FINDING_OPEN] = {"unknown", "UNKNOWN", "\x1b[1;33m"},
	[FINDING_HOLDS] = {"pass", "PASS", "\x1b[1;32m"},
	[FINDING_VIOLATED] = {"fail", "FAIL", "\x1b[1;31m"},
	[FINDING_SKIPPED] = {"skipped", "SKIPPED", ""},
};
#define WARNING_SIGN "WARN"
#define WARNING_COLOR "\x1b[1;33m"
#define COLOR_OFF "\x1b[0m"
/* The column in which rules begin: after the longest sign. */
#define RULE_COLUMN 9

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
		buf_add_string(buf, "it is unknown whether 'where' selects it; ");
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
			   noun(evidence->scope), text_plural(evidence->considered), evidence->true_count,
			   evidence->false_count, evidence->unknown_count);
}

static void add_sign(struct buf *buf, const struct evidence_entry *entry, bool colour)
{
	bool warns = entry->finding == FINDING_VIOLATED && entry->rule->severity == SEVERITY_WARNING;
	buf_printf(buf, "%s%-*s%s",
		   !colour ? ""
		   : warns ? WARNING_COLOR
			   : findings[entry->finding].color,
		   RULE_COLUMN, warns ? WARNING_SIGN : findings[entry->finding].sign, colour ? COLOR_OFF : "");
}

void evidence_add_text(struct buf *buf, const struct evidence_entry *entry, const struct evidence_style *style)
{
	const struct evidence *evidence = entry->evidence;
	add_sign(buf, entry, style->colour);
	if (entry->target.length > 0) {
		text_add_printable(buf, entry->target);
		buf_add_string(buf, ": ");
	}
	text_add_printable(buf, entry->rule->name);
	buf_add_byte(buf, '\n');
	for (size_t i = 0; i < evidence->item_count; i++)
		add_item(buf, &evidence->items[i]);
	if (evidence->more > 0) {
		buf_add_repeated(buf, ' ', RULE_COLUMN);
		buf_printf(buf, "… and %zu more\n", evidence->more);
	}
	for (size_t i = 0; i < evidence->other_count && style->verbose; i++)
		add_item(buf, &evidence->others[i]);
	if (entry->finding != FINDING_HOLDS || style->verbose)
		add_sum(buf, evidence);
}

/* ---- for programs ----------------------------------------------------------------------------------------------- */

void evidence_add_json(struct json_object *array, const struct evidence_entry *entry, bool of_policy)
{
	struct json_object *object = json_out_object();
	json_out_put_text(object, "rule", rule_excerpt(entry->rule->expression)->text);
	if (of_policy) {
		json_out_put_text(object, "name", entry->rule->name);
		json_out_put_optional(object, "severity", rule_severity_name(entry->rule->severity));
	}
	if (entry->target.length > 0)
		json_out_put_text(object, "target", entry->target);
	json_out_put_optional(object, "value", findings[entry->finding].name);
	json_out_put(object, "evidence", report_evidence_object(entry->evidence));
	json_out_append(array, object);
}
