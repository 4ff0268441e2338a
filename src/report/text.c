/* text.c - the verdict for a person: a line per rule, what failed with its evidence, and one line that says it all. */
#include "words.h"

#include "chaingate/times.h"

/* Failures shown in full: about a screen. The rest is counted. */
#define SHOWN_IN_FULL_MAX 5

static const struct {
	const char *word, *colour;
} marks[] = {
	[MARK_PASS] = {"PASS", "\x1b[32m"},    [MARK_FAIL] = {"FAIL", "\x1b[1;31m"}, [MARK_WARN] = {"WARN", "\x1b[33m"},
	[MARK_UNKNOWN] = {"OPEN", "\x1b[35m"}, [MARK_SKIP] = {"SKIP", "\x1b[2m"},
};

static void add_mark(struct buf *buf, enum rule_mark mark, bool colour)
{
	if (colour)
		buf_add_string(buf, marks[mark].colour);
	buf_add_string(buf, marks[mark].word);
	if (colour)
		buf_add_string(buf, "\x1b[0m");
}

static void add_rule_line(struct buf *buf, const struct rule_result *rule, bool colour)
{
	enum rule_mark mark = rule_mark(rule);
	add_mark(buf, mark, colour);
	buf_add_string(buf, "  ");
	text_add_printable(buf, rule->rule->name);
	if (mark != MARK_PASS) {
		buf_add_string(buf, "  (");
		text_add_printable(buf, text_of(rule->rule->source->name));
		buf_printf(buf, ":%zu)", rule->rule->line);
	}
	buf_add_byte(buf, '\n');
}

/* What is open when another rule has failed is no news; when nothing has, it is why there is no pass. */
static bool is_shown(const struct target_result *target, const struct rule_result *rule,
		     const struct text_options *options)
{
	enum rule_mark mark = rule_mark(rule);
	bool open = mark == MARK_UNKNOWN && target->verdict != VERDICT_FAILED && rule->judged &&
		    rule->finding != FINDING_HOLDS;
	return mark == MARK_FAIL || mark == MARK_WARN || open || options->verbose;
}

static void add_rules(struct buf *buf, const struct target_result *target, const struct text_options *options)
{
	size_t shown = 0, left_out = 0;
	for (size_t i = 0; i < target->target->rule_count; i++)
		add_rule_line(buf, &target->rules[i], options->colour);
	for (size_t i = 0; i < target->target->rule_count; i++) {
		const struct rule_result *rule = &target->rules[i];
		if (!is_shown(target, rule, options))
			continue;
		if (shown == SHOWN_IN_FULL_MAX && !options->verbose) {
			left_out++;
			continue;
		}
		shown++;
		buf_add_byte(buf, '\n');
		add_rule_line(buf, rule, options->colour);
		add_evidence(buf, rule, options->columns, options->colour ? DIAG_COLOUR : DIAG_PLAIN);
	}
	if (left_out)
		buf_printf(buf, "\n… and %zu more; --verbose shows all\n", left_out);
	if (shown)
		buf_add_byte(buf, '\n');
}

static void add_verdict(struct buf *buf, const struct target_result *target, const struct text_options *options)
{
	bool passed = target->verdict == VERDICT_PASSED;
	if (options->colour)
		buf_add_string(buf, passed ? "\x1b[1;32m" : "\x1b[1;31m");
	buf_add_string(buf, verdict_name(target->verdict));
	if (options->colour)
		buf_add_string(buf, "\x1b[0m");
	buf_add_string(buf, ": ");
}

/* `passed: 5 rules on rag/q86yjdy in 4m12s (51 polls, 1 error)` */
static void add_last_line(struct buf *buf, const struct gate_result *run, const struct target_result *target,
			  const struct text_options *options)
{
	size_t rules = target->target->rule_count, failed = 0;
	const char *remedy = verdict_remedy(target);
	if (remedy && !options->quiet)
		add_note(buf, "  = help: ", text_of(remedy), options->columns);
	for (size_t i = 0; i < rules; i++)
		failed += target->rules[i].outcome == RULE_FAIL && target->rules[i].decides;
	add_verdict(buf, target, options);
	if (target->reason == REASON_RULE_FAILED)
		buf_printf(buf, "%zu of ", failed);
	add_counted(buf, rules, "rule");
	buf_add_string(buf, " on ");
	add_target_name(buf, target->target);
	buf_add_string(buf, " in ");
	duration_add_clock(buf, target->at_ns);
	buf_add_string(buf, " (");
	add_counted(buf, target->polls, "poll");
	buf_add_string(buf, ", ");
	add_counted(buf, target->misses, "error");
	buf_add_byte(buf, ')');
	if (target->verdict != VERDICT_PASSED && target->reason != REASON_RULE_FAILED) {
		buf_add_string(buf, ": ");
		verdict_reason(buf, target, run);
	}
	buf_add_byte(buf, '\n');
}

void report_text(struct buf *buf, const struct report *report, const struct text_options *options)
{
	if (!report->gate)
		return;
	for (size_t i = 0; i < report->gate->target_count; i++) {
		const struct target_result *target = &report->gate->targets[i];
		if (!options->quiet)
			add_rules(buf, target, options);
		add_last_line(buf, report->gate, target, options);
	}
}
