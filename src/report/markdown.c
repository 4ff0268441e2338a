/* markdown.c - the verdict for pull requests and step summaries: GitHub's dialect, which others read, too.
 *
 * A text of others stands only in code, inline or fenced, where nothing in it means anything: no link, no mention, no HTML.
 */
#include "chaingate/report.h"

#include "chaingate/times.h"
#include "words.h"

/* A step's summary may have 1 MiB; a comment 64 KiB. Evidence of so many rules is far below both, and the rest is counted. */
#define EVIDENCE_SHOWN_MAX 20
#define EVIDENCE_BYTES_MAX 2000

static size_t longest_run(struct text text, char byte)
{
	size_t longest = 0, run = 0;
	for (size_t i = 0; i < text.length; i++) {
		run = text.bytes[i] == byte ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

/* Inline code; in a table a | would end the cell. */
static void add_code(struct buf *buf, struct text text)
{
	struct buf shown = buf_make(BUF_LIMIT_REPORT);
	text_add_printable(&shown, text);
	size_t ticks = longest_run(buf_text(&shown), '`') + 1;
	bool spaced = shown.length == 0 || shown.bytes[0] == '`' || shown.bytes[shown.length - 1] == '`';
	buf_add_repeated(buf, '`', ticks);
	buf_add_string(buf, spaced ? " " : "");
	for (size_t i = 0; i < shown.length; i++) {
		if (shown.bytes[i] == '|')
			buf_add_byte(buf, '\\');
		buf_add_byte(buf, shown.bytes[i]);
	}
	buf_add_string(buf, spaced ? " " : "");
	buf_add_repeated(buf, '`', ticks);
	buf_release(&shown);
}

static void add_fenced(struct buf *buf, struct text text)
{
	size_t ticks = longest_run(text, '`') + 1;
	bool cut = text.length > EVIDENCE_BYTES_MAX;
	if (cut)
		text = text_slice(text, 0, EVIDENCE_BYTES_MAX);
	while (cut && text.length && text.bytes[text.length - 1] != '\n')
		text.length--;
	buf_add_byte(buf, '\n');
	buf_add_repeated(buf, '`', ticks < 3 ? 3 : ticks);
	buf_add_string(buf, "text\n");
	buf_add(buf, text);
	if (text.length && text.bytes[text.length - 1] != '\n')
		buf_add_byte(buf, '\n');
	buf_add_string(buf, cut ? "\u2026\n" : "");
	buf_add_repeated(buf, '`', ticks < 3 ? 3 : ticks);
	buf_add_string(buf, "\n");
}

static const char *const marks[] = {
	[MARK_PASS] = "\u2713 pass", [MARK_FAIL] = "\u2717 **fail**", [MARK_WARN] = "! warning", [MARK_UNKNOWN] = "? open", [MARK_SKIP] = "- skipped"};

static void add_rules(struct buf *buf, const struct target_result *target)
{
	buf_add_string(buf, "\n| | rule | where |\n| --- | --- | --- |\n");
	for (size_t i = 0; i < target->target->rule_count; i++) {
		const struct rule_result *rule = &target->rules[i];
		struct buf place = buf_make(BUF_LIMIT_REPORT);
		buf_printf(&place, "%s:%zu", rule->rule->source->name, rule->rule->line);
		buf_printf(buf, "| %s | ", marks[rule_mark(rule)]);
		add_code(buf, rule->rule->name);
		buf_add_string(buf, " | ");
		add_code(buf, buf_text(&place));
		buf_add_string(buf, " |\n");
		buf_release(&place);
	}
}

static void add_details(struct buf *buf, const struct target_result *target)
{
	size_t shown = 0, left_out = 0;
	for (size_t i = 0; i < target->target->rule_count; i++) {
		const struct rule_result *rule = &target->rules[i];
		enum rule_mark mark = rule_mark(rule);
		struct buf evidence = buf_make(BUF_LIMIT_REPORT);
		if (mark == MARK_PASS || mark == MARK_SKIP || !rule->judged)
			continue;
		if (shown++ >= EVIDENCE_SHOWN_MAX) {
			left_out++;
			continue;
		}
		buf_printf(buf, "\n%s: ", marks[mark]);
		add_code(buf, rule->rule->name);
		buf_add_byte(buf, '\n');
		add_evidence(&evidence, rule, 0, DIAG_PLAIN);
		add_fenced(buf, buf_text(&evidence));
		buf_release(&evidence);
	}
	if (left_out)
		buf_printf(buf, "\n\u2026 and %zu more.\n", left_out);
}

static void add_target(struct buf *buf, const struct report *report, const struct target_result *target)
{
	struct buf reason = buf_make(BUF_LIMIT_REPORT);
	buf_printf(buf, "\n### %s %s: ", target->verdict == VERDICT_PASSED ? "\u2713" : "\u2717", verdict_name(target->verdict));
	add_code(buf, target->target->name);
	buf_add_string(buf, "\n\n");
	verdict_reason(&reason, target, report->gate);
	add_code(buf, buf_text(&reason));
	buf_release(&reason);
	buf_add_string(buf, ", after ");
	duration_add_clock(buf, target->at_ns);
	buf_add_string(buf, " (");
	add_counted(buf, target->polls, "poll");
	buf_add_string(buf, ", ");
	add_counted(buf, target->misses, "error");
	buf_add_string(buf, ").\n");
	if (verdict_remedy(target))
		buf_printf(buf, "\n%s\n", verdict_remedy(target));
	add_rules(buf, target);
	add_details(buf, target);
}

bool report_markdown(struct buf *buf, const struct report *report)
{
	const struct gate_result *gate = report->gate;
	buf_printf(buf, "## chaingate: %s\n", gate ? verdict_name(gate->verdict) : "nothing was judged");
	for (size_t i = 0; gate && i < gate->target_count; i++)
		add_target(buf, report, &gate->targets[i]);
	if (!gate) {
		buf_add_byte(buf, '\n');
		add_code(buf, text_of(report->problem ? report->problem : "nothing was polled"));
		buf_add_byte(buf, '\n');
	}
	if (report->diags && report->diags->errors) {
		struct buf lines = buf_make(BUF_LIMIT_REPORT);
		diags_render(&lines, report->diags, 0, DIAG_PLAIN);
		add_fenced(buf, buf_text(&lines));
		buf_release(&lines);
	}
	buf_printf(buf, "\nExit code %d. Policy: ", (int)report->exit);
	add_code(buf, text_of(report->policy_path));
	buf_add_string(buf, ".\n");
	return !buf->overflowed;
}
