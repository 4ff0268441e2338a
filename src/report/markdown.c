/* markdown.c - the verdict for pull requests and step summaries: GitHub's dialect, which others read, too.
 *
 * Foreign text is only written as code, inline or fenced, where it can't become a link, a mention or HTML.
 */
#include "chaingate/report.h"

#include "chaingate/times.h"
#include "sources.h"
#include "words.h"

/* GitHub limits a step's summary to 1 MiB, and a comment to 64 KiB. A report of one target fits a comment, unless its
 * names are extremely long. */
#define TARGETS_BYTES_MAX ((size_t)512 << 10)
#define POLICIES_SHOWN_MAX 20
/* How many rules in the whole report have evidence; the others are counted. */
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

/* Inline code. Escapes |, which would end a cell of a table. */
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

/* A table with a row for each rule; long names are cut. */
#define RULES_SHOWN_MAX 200
#define NAME_COLUMNS_MAX 300

static const char *const signs[MARK_COUNT] = {
	[MARK_FAIL] = "\u2717 **fail**",           [MARK_OPEN] = "? **open**", [MARK_WARN] = "! warning",
	[MARK_UNFINISHED] = "\u2026 not finished", [MARK_SKIP] = "- skipped",  [MARK_PASS] = "\u2713 pass"};

/* Limits for the rest of the report. */
struct budget {
	size_t evidence; /* how many more rules may have evidence */
};

static void add_name(struct buf *buf, struct text name)
{
	struct buf cut = buf_make(BUF_LIMIT_REPORT);
	text_add_within(&cut, name, NAME_COLUMNS_MAX);
	add_code(buf, buf_text(&cut));
	buf_release(&cut);
}

static void add_row(struct buf *buf, const struct target_result *target, const struct rule_result *rule)
{
	struct buf place = buf_make(BUF_LIMIT_REPORT);
	buf_printf(&place, "%s:%zu", rule->rule->source->name, rule->rule->line);
	buf_printf(buf, "| %s | ", signs[rule_mark(target, rule)]);
	add_name(buf, rule->rule->name);
	buf_add_string(buf, " | ");
	add_name(buf, buf_text(&place));
	buf_add_string(buf, " |\n");
	buf_release(&place);
}

/* Comes before the table: why, and what to do, for each rule with a finding. */
static void add_findings(struct buf *buf, const struct target_result *target, const size_t *order)
{
	size_t count = target->target->rule_count, shown = 0;
	for (size_t i = 0; i < count && shown < EVIDENCE_SHOWN_MAX; i++) {
		const struct rule_result *rule = &target->rules[order[i]];
		struct buf sentence = buf_make(BUF_LIMIT_REPORT);
		if (!rule_is_finding(target, rule))
			continue;
		buf_printf(buf, "%s- %s ", shown++ ? "" : "\n", signs[rule_mark(target, rule)]);
		add_name(buf, rule->rule->name);
		buf_add_string(buf, ": ");
		add_sentence(&sentence, target, rule);
		add_name(buf, buf_text(&sentence));
		buf_release(&sentence);
		if (rule->rule->message.length) {
			buf_add_string(buf, "  \n  What to do: ");
			add_name(buf, rule->rule->message);
		}
		buf_add_byte(buf, '\n');
	}
}

static void add_rules(struct buf *buf, const struct target_result *target, const size_t *order)
{
	size_t count = target->target->rule_count, shown = 0;
	bool is_unfinished = false;
	buf_add_string(buf, "\n| | rule | where |\n| --- | --- | --- |\n");
	for (size_t i = 0; i < count && shown < RULES_SHOWN_MAX; i++, shown++) {
		add_row(buf, target, &target->rules[order[i]]);
		is_unfinished |= rule_mark(target, &target->rules[order[i]]) == MARK_UNFINISHED;
	}
	if (shown < count)
		buf_printf(buf, "\n\u2026 and %zu more rule%s.\n", count - shown, text_plural(count - shown));
	if (is_unfinished)
		buf_printf(buf, "\n%s: %s.\n", rule_mark_word(MARK_UNFINISHED), rule_mark_meaning(MARK_UNFINISHED));
}

static void add_details(struct buf *buf, const struct target_result *target, const size_t *order, struct budget *budget)
{
	size_t left_out = 0;
	for (size_t i = 0; i < target->target->rule_count; i++) {
		const struct rule_result *rule = &target->rules[order[i]];
		enum rule_mark mark = rule_mark(target, rule);
		struct buf evidence = buf_make(BUF_LIMIT_REPORT);
		if (!rule_is_finding(target, rule) || !rule->judged || rule->told.length)
			continue;
		if (budget->evidence == 0) {
			left_out++;
			continue;
		}
		budget->evidence--;
		buf_printf(buf, "\n%s: ", signs[mark]);
		add_name(buf, rule->rule->name);
		buf_add_byte(buf, '\n');
		add_evidence(&evidence, rule, 0, DIAG_PLAIN);
		add_fenced(buf, buf_text(&evidence));
		buf_release(&evidence);
	}
	if (left_out)
		buf_printf(buf, "\n\u2026 and %zu more that do%s hold.\n", left_out, left_out == 1 ? "esn't" : "n't");
}

static void add_target(struct buf *buf, const struct report *report, const struct target_result *target,
		       struct budget *budget)
{
	struct buf reason = buf_make(BUF_LIMIT_REPORT);
	struct arena arena = {0};
	buf_printf(buf, "\n### %s %s: ", target->verdict == VERDICT_PASSED ? "\u2713" : "\u2717",
		   verdict_name(target->verdict));
	add_name(buf, target->target->name);
	buf_add_string(buf, "\n\n");
	verdict_reason(&reason, target, report->gate);
	add_code(buf, buf_text(&reason));
	buf_release(&reason);
	buf_add_string(buf, ", after ");
	duration_add_clock(buf, target->at_ns);
	buf_add_string(buf, ", at ");
	add_wall(buf, report->start_wall_ns + target->at_ns);
	buf_add_string(buf, " (");
	add_counted(buf, target->polls, "poll");
	buf_add_string(buf, ", ");
	add_counted(buf, target->misses, "error");
	buf_add_string(buf, ").\n");
	if (stretch_has_gaps(&target->stretch)) {
		buf_add_string(buf, "\nWatched: ");
		add_stretch(buf, target);
		buf_add_string(buf, ".\n");
	}
	if (verdict_remedy(target))
		buf_printf(buf, "\n%s\n", verdict_remedy(target));
	const size_t *order = rules_by_need(&arena, target);
	add_findings(buf, target, order);
	add_rules(buf, target, order);
	add_details(buf, target, order, budget);
	arena_release(&arena);
}

/* Adds as many targets as fit; those that didn't pass come first. */
static void add_targets(struct buf *buf, const struct report *report)
{
	const struct gate_result *gate = report->gate;
	struct arena arena = {0};
	struct budget budget = {EVIDENCE_SHOWN_MAX};
	const size_t *order = targets_by_need(&arena, gate);
	size_t i = 0;
	for (; i < gate->target_count; i++) {
		struct buf one = buf_make(BUF_LIMIT_REPORT);
		add_target(&one, report, &gate->targets[order[i]], &budget);
		bool fits = buf->length + one.length <= TARGETS_BYTES_MAX;
		if (fits)
			buf_add(buf, buf_text(&one));
		buf_release(&one);
		if (!fits)
			break;
	}
	if (i < gate->target_count) {
		buf_add_string(buf, "\n\u2026 and ");
		add_counted(buf, gate->target_count - i, "more target");
		buf_add_string(buf, ".\n");
	}
	arena_release(&arena);
}

static void add_policies(struct buf *buf, const struct report *report)
{
	const struct source *const *sources;
	struct arena arena = {0};
	size_t count = report->gate ? sources_of_rules(&arena, report->gate, &sources) : 0;
	buf_add_string(buf, count > 1 ? " Policies: " : " Policy: ");
	for (size_t i = 0; i < count && i < POLICIES_SHOWN_MAX; i++) {
		buf_add_string(buf, i ? ", " : "");
		add_name(buf, text_of(sources[i]->name));
	}
	if (count > POLICIES_SHOWN_MAX)
		buf_printf(buf, " and %zu more", count - POLICIES_SHOWN_MAX);
	if (count == 0)
		add_name(buf, text_of(report->policy_path));
	buf_add_string(buf, ".\n");
	arena_release(&arena);
}

bool report_markdown(struct buf *buf, const struct report *report)
{
	struct buf heading = buf_make(BUF_LIMIT_REPORT);
	const struct gate_result *gate = report->gate;
	if (gate && gate->target_count > 1) {
		add_heading(&heading, report);
		buf_printf(buf, "## chaingate: %s\n", buf_string(&heading)); /* it contains no foreign text */
	} else {
		buf_printf(buf, "## chaingate: %s%s\n", gate ? verdict_name(gate->verdict) : nothing_judged(report),
			   unreported_words(report));
	}
	buf_release(&heading);
	if (gate) {
		add_targets(buf, report);
	} else {
		buf_add_byte(buf, '\n');
		add_code(buf, text_of(report->problem ? report->problem : "nothing was polled"));
		buf_add_byte(buf, '\n');
	}
	if (has_problems(report)) {
		struct buf lines = buf_make(BUF_LIMIT_REPORT);
		add_problems(&lines, report);
		add_fenced(buf, buf_text(&lines));
		buf_release(&lines);
	}
	if (!report->is_unfinished)
		buf_printf(buf, "\nExit code %d.", (int)report->exit);
	add_policies(buf, report);
	return !buf->overflowed;
}
