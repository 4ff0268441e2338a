/* text.c - the verdict for a person: a line per rule, failures with their evidence, and a last line that sums up. */
#include "words.h"

#include "chaingate/times.h"

#include <string.h>

/* How many failures are shown in full: about a screen. The others are counted. */
#define SHOWN_IN_FULL_MAX 5

static const struct {
	const char *word, *colour;
} marks[MARK_COUNT] = {
	[MARK_FAIL] = {"FAIL", "\x1b[1;31m"},    [MARK_OPEN] = {"OPEN", "\x1b[35m"}, [MARK_WARN] = {"WARN", "\x1b[33m"},
	[MARK_UNFINISHED] = {"OPEN", "\x1b[2m"}, [MARK_SKIP] = {"SKIP", "\x1b[2m"},  [MARK_PASS] = {"PASS", "\x1b[32m"},
};

static void add_mark(struct buf *buf, enum rule_mark mark, bool colour)
{
	if (colour)
		buf_add_string(buf, marks[mark].colour);
	buf_add_string(buf, marks[mark].word);
	if (colour)
		buf_add_string(buf, "\x1b[0m");
}

static void add_rule_line(struct buf *buf, const struct target_result *target, const struct rule_result *rule,
			  bool colour)
{
	enum rule_mark mark = rule_mark(target, rule);
	add_mark(buf, mark, colour);
	buf_add_string(buf, "  ");
	text_add_printable(buf, rule->rule->name);
	if (mark != MARK_PASS) {
		buf_add_string(buf, "  (");
		text_add_printable(buf, text_of(rule->rule->source->name));
		buf_printf(buf, ":%zu", rule->rule->line);
		if (mark == MARK_UNFINISHED)
			buf_add_string(buf,
				       rule->decides ? "; not finished: another rule failed first" : "; not finished");
		else if (mark == MARK_OPEN && rule->finding == FINDING_SKIPPED)
			buf_add_string(buf, "; skipped so far");
		buf_add_byte(buf, ')');
	}
	buf_add_byte(buf, '\n');
}

/* Why the rule failed, in a sentence under its line. */
static void add_why(struct buf *buf, const struct target_result *target, const struct rule_result *rule, size_t columns)
{
	struct buf why = buf_make(BUF_LIMIT_REPORT);
	if (rule_is_finding(target, rule)) {
		add_sentence(&why, target, rule);
		add_note(buf, "      ", buf_text(&why), columns);
	}
	buf_release(&why);
}

/* If another rule has failed, open rules are no news. If none has failed, an open rule is why there is no pass. */
static bool is_shown(const struct target_result *target, const struct rule_result *rule,
		     const struct text_options *options)
{
	bool is_open = rule_mark(target, rule) == MARK_OPEN && (target->verdict == VERDICT_FAILED || !rule->judged);
	return (rule_is_finding(target, rule) && !is_open) || options->verbose;
}

static void add_rules(struct buf *buf, const struct target_result *target, const struct text_options *options)
{
	struct arena arena = {0};
	const size_t *order = rules_by_need(&arena, target);
	size_t shown = 0, left_out = 0;
	for (size_t i = 0; i < target->target->rule_count; i++) {
		add_rule_line(buf, target, &target->rules[order[i]], options->colour);
		add_why(buf, target, &target->rules[order[i]], options->columns);
	}
	for (size_t i = 0; i < target->target->rule_count; i++) {
		const struct rule_result *rule = &target->rules[order[i]];
		if (!is_shown(target, rule, options))
			continue;
		if (shown == SHOWN_IN_FULL_MAX && !options->verbose) {
			left_out++;
			continue;
		}
		shown++;
		buf_add_byte(buf, '\n');
		add_rule_line(buf, target, rule, options->colour);
		add_evidence(buf, rule, options->columns, options->colour ? DIAG_COLOUR : DIAG_PLAIN);
	}
	arena_release(&arena);
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

/* Appends a text so that a shell takes it as one word. */
static void add_word(struct buf *buf, struct text text)
{
	bool is_plain = text.length > 0;
	for (size_t i = 0; i < text.length; i++) {
		char byte = text.bytes[i];
		bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
		is_plain &= letter || (byte >= '0' && byte <= '9') || (byte && strchr("-_./:@{}", byte));
	}
	if (is_plain) {
		buf_add(buf, text);
		return;
	}
	struct buf shown = buf_make(BUF_LIMIT_REPORT);
	text_add_printable(&shown, text);
	buf_add_byte(buf, '\'');
	for (size_t i = 0; i < shown.length; i++) {
		if (shown.bytes[i] == '\'')
			buf_add_string(buf, "'\\'");
		buf_add_byte(buf, shown.bytes[i]);
	}
	buf_add_byte(buf, '\'');
	buf_release(&shown);
}

/* True if a look at the deployments, or at the whole recording, can show more. */
static bool has_more_to_see(const struct target_result *target)
{
	switch (target->reason) {
	case REASON_RULE_FAILED:
	case REASON_DEADLINE:
	case REASON_RULES_UNKNOWN:
	case REASON_INTERRUPTED:
	case REASON_RECORDING_ENDED: return target->was_present;
	case REASON_NONE:
	case REASON_RULES_HOLD:
	case REASON_SUPERSEDED:
	case REASON_DEPLOYMENT_NOT_FOUND:
	case REASON_UNEXPECTED:
	case REASON_PROMOTION_ENDED:
	case REASON_ENVIRONMENT_NOT_FOUND:
	case REASON_CHAIN_NOT_FOUND:
	case REASON_REFUSED:
	case REASON_NO_ANSWER:
	case REASON_NEVER_ANSWERED:
	case REASON_FINAL_MISS: break;
	}
	return false;
}

/* The command that shows more: the live state, or, after a replay, everything in the recording. */
static void add_next(struct buf *buf, const struct report *report, const struct target_result *target,
		     const struct text_options *options)
{
	struct buf command = buf_make(BUF_LIMIT_REPORT);
	if (options->quiet || !has_more_to_see(target) || (report->recording && options->verbose))
		return;
	if (report->recording) {
		buf_add_string(&command, "chaingate replay ");
		add_word(&command, text_of(report->recording));
		buf_add_string(&command, " --verbose");
	} else {
		buf_printf(&command, "chaingate status --%s ", target_kind_name(target->target->selector.of));
		add_word(&command, target->target->chain);
		if (target->deployment_count == 1) {
			buf_add_string(&command, " --deployment ");
			add_word(&command, target->deployment_ids[0]);
		}
		buf_add_string(&command, " --watch");
	}
	add_note(buf, "  = next:  ", buf_text(&command), 0); /* not wrapped, because users copy it */
	buf_release(&command);
}

static void add_places(struct buf *buf, const struct report *report, const struct text_options *options)
{
	struct buf places = buf_make(BUF_LIMIT_REPORT);
	if (options->quiet || report->place_count == 0)
		return;
	for (size_t i = 0; i < report->place_count; i++) {
		buf_add_string(&places, i ? ", " : "");
		add_word(&places, text_of(report->places[i]));
	}
	add_note(buf, "  = reports: ", buf_text(&places), 0);
	buf_release(&places);
}

/* `passed: 5 rules on rag/q86yjdy in 4m12s (51 polls, 1 error)`, `passed: 5 rules, 1 warning failed, 2 skipped, on …` */
static void add_last_line(struct buf *buf, const struct gate_result *run, const struct target_result *target,
			  const struct text_options *options)
{
	size_t rules = target->target->rule_count, failed = 0, warned = 0, skipped = 0;
	const char *remedy = verdict_remedy(target);
	struct buf stretch = buf_make(BUF_LIMIT_REPORT);
	if (stretch_has_gaps(&target->stretch) && !options->quiet) {
		add_stretch(&stretch, target);
		add_note(buf, "  = watched: ", buf_text(&stretch), options->columns);
	}
	buf_release(&stretch);
	if (remedy && !options->quiet)
		add_note(buf, "  = help: ", text_of(remedy), options->columns);
	for (size_t i = 0; i < rules; i++) {
		failed += target->rules[i].outcome == RULE_FAIL && target->rules[i].decides;
		warned += rule_mark(target, &target->rules[i]) == MARK_WARN;
		skipped += target->rules[i].outcome == RULE_SKIPPED;
	}
	add_verdict(buf, target, options);
	if (target->reason == REASON_RULE_FAILED)
		buf_printf(buf, "%zu of ", failed);
	add_counted(buf, rules, "rule");
	if (warned) {
		buf_add_string(buf, ", ");
		add_counted(buf, warned, "warning");
		buf_add_string(buf, " failed");
	}
	if (skipped)
		buf_printf(buf, ", %zu skipped", skipped);
	buf_add_string(buf, warned || skipped ? ", on " : " on ");
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
		add_next(buf, report, target, options);
		if (i + 1 == report->gate->target_count)
			add_places(buf, report, options);
		add_last_line(buf, report->gate, target, options);
	}
	if (report->gate->target_count > 1) {
		add_heading(buf, report);
		buf_add_byte(buf, '\n');
	}
}
