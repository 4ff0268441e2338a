/* gitlab.c - GitLab's code quality report: the findings, each at the policy's file and line. A pass is an empty
 * list. Source: GitLab's documentation of the format. */
#include "chaingate/report.h"

#include "chaingate/json_out.h"
#include "digest.h"
#include "words.h"

struct list {
	struct json_object *items;
	const struct report *report;
};

/* `what` distinguishes findings of one rule. The same finding has the same fingerprint in another run, so that
 * GitLab can show which are new. */
static void add(struct list *list, const char *severity, const char *check, struct text description, const char *file,
		size_t line, struct text what)
{
	struct json_object *object = json_out_object(), *location = json_out_object(), *lines = json_out_object();
	struct buf identity = buf_make(BUF_LIMIT_REPORT), words = buf_make(BUF_LIMIT_REPORT),
		   path = buf_make(BUF_LIMIT_REPORT);
	char fingerprint[DIGEST_LETTERS + 1];
	add_repository_path(&path, list->report, file);
	buf_printf(&identity, "%s\n%s\n%zu\n", check, buf_string(&path), line);
	buf_add(&identity, what);
	digest_make(buf_text(&identity), fingerprint);
	text_add_printable(&words, description);
	json_out_put_text(object, "description", buf_text(&words));
	json_out_put_optional(object, "check_name", check);
	json_out_put_optional(object, "fingerprint", fingerprint);
	json_out_put_optional(object, "severity", severity);
	json_out_put_text(location, "path", buf_text(&path));
	json_out_put_size(lines, "begin", line ? line : 1);
	json_out_put(location, "lines", lines);
	json_out_put(object, "location", location);
	json_out_append(list->items, object);
	buf_release(&identity);
	buf_release(&path);
	buf_release(&words);
}

static void add_rule(struct list *list, const struct target_result *target, const struct rule_result *rule)
{
	struct buf words = buf_make(BUF_LIMIT_REPORT), what = buf_make(BUF_LIMIT_REPORT);
	enum rule_mark mark = rule_mark(target, rule);
	if (mark == MARK_PASS || mark == MARK_SKIP)
		return;
	text_add_printable(&words, rule->rule->name);
	buf_add_string(&words, rule->outcome == RULE_FAIL ? " fails for "
			       : mark == MARK_OPEN        ? " is open for "
							  : " is not finished for ");
	add_target_name(&words, target->target);
	buf_add_string(&words, ": ");
	add_sentence(&words, target, rule);
	buf_add(&what, target->target->name);
	buf_add_byte(&what, '\n');
	buf_add(&what, rule->rule->name);
	add(list,
	    mark == MARK_FAIL                     ? "critical"
	    : mark == MARK_WARN || !rule->decides ? "minor"
	    : mark == MARK_UNFINISHED             ? "info"
						  : "major",
	    "chaingate-rule", buf_text(&words), rule->rule->source->name, rule->rule->line, buf_text(&what));
	buf_release(&words);
	buf_release(&what);
}

static void add_target(struct list *list, const struct target_result *target)
{
	const struct report *report = list->report;
	struct buf words = buf_make(BUF_LIMIT_REPORT);
	for (size_t i = 0; i < target->target->rule_count; i++)
		add_rule(list, target, &target->rules[i]);
	if (target->verdict == VERDICT_PASSED || target->reason == REASON_RULE_FAILED)
		return;
	add_target_name(&words, target->target);
	buf_printf(&words, " is %s: ", verdict_name(target->verdict));
	verdict_reason(&words, target, report->gate);
	add(list, "blocker", "chaingate-verdict", buf_text(&words), report->policy_path, 1, target->target->name);
	buf_release(&words);
}

bool report_gitlab(struct buf *buf, const struct report *report)
{
	struct list list = {json_out_array(), report};
	for (const struct diag *diag = report->diags ? report->diags->first : NULL; diag; diag = diag->next) {
		const char *file = diag->source ? diag->source->name : report->policy_path;
		size_t line = diag->source ? source_place(diag->source, diag->span.start).line : 1;
		add(&list, diag->severity == DIAG_ERROR ? "blocker" : "minor", diag_code_name(diag->code),
		    text_of(diag->message), file, line, text_of(diag->message));
	}
	for (size_t i = 0; report->gate && i < report->gate->target_count; i++)
		add_target(&list, &report->gate->targets[i]);
	if (is_unreported(report)) {
		struct text words = TEXT(UNREPORTED_WORDS " (exit 6)");
		add(&list, "blocker", "chaingate-problem", words, report->policy_path, 1, words);
	}
	if (!report->gate && !report->is_empty) {
		struct text problem = text_of(report->problem ? report->problem : "nothing was polled");
		add(&list, "blocker", "chaingate-problem", problem, report->policy_path, 1, problem);
	}
	json_out_finish(buf, list.items);
	return !buf->overflowed;
}
