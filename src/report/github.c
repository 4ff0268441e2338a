/* github.c - GitHub's workflow commands, shown as annotations at a policy's file and line.
 *
 * A line is `::error file=F,line=N,title=T::MESSAGE`. In a message %, CR and LF are escaped, in a property : and ,
 * too. Source: GitHub's documentation of workflow commands.
 */
#include "chaingate/report.h"

#include "words.h"

/* How many annotations of each kind GitHub shows for a step. The last one says how many more there are. */
#define OF_EACH_MAX 10

enum kind { KIND_ERROR, KIND_WARNING, KIND_NOTICE, KIND_COUNT };

static const char *const kinds[] = {[KIND_ERROR] = "error", [KIND_WARNING] = "warning", [KIND_NOTICE] = "notice"};

struct annotation {
	enum kind kind;
	const char *file; /* NULL: no file */
	size_t line, column;
	struct text title;
	struct text message;
};

struct list {
	struct buf *buf;
	const struct report *report;
	size_t totals[KIND_COUNT]; /* counted in a first pass */
	size_t written[KIND_COUNT];
	bool is_counting;
};

static void add_escaped(struct buf *buf, struct text text, const char *special)
{
	struct buf shown = buf_make(BUF_LIMIT_REPORT);
	text_add_printable(&shown, text);
	for (size_t i = 0; i < shown.length; i++) {
		char byte = shown.bytes[i];
		bool escape = byte == '%';
		for (const char *s = special; *s; s++)
			escape |= byte == *s;
		if (escape)
			buf_printf(buf, "%%%02X", (unsigned)(unsigned char)byte);
		else
			buf_add_byte(buf, byte);
	}
	buf_release(&shown);
}

static void add_property(struct list *list, const char *before, const char *name, struct text value)
{
	buf_printf(list->buf, "%s%s=", before, name);
	add_escaped(list->buf, value, ":,");
}

static void add(struct list *list, const struct annotation *a)
{
	if (list->is_counting) {
		list->totals[a->kind]++;
		return;
	}
	if (list->written[a->kind] == OF_EACH_MAX)
		return;
	bool is_last = ++list->written[a->kind] == OF_EACH_MAX && list->totals[a->kind] > OF_EACH_MAX;
	buf_printf(list->buf, "::%s", kinds[a->kind]);
	const char *before = " ";
	if (a->file) {
		struct buf file = buf_make(BUF_LIMIT_REPORT);
		add_repository_path(&file, list->report, a->file);
		add_property(list, before, "file", buf_text(&file));
		buf_release(&file);
		buf_printf(list->buf, ",line=%zu", a->line);
		if (a->column)
			buf_printf(list->buf, ",col=%zu", a->column);
		before = ",";
	}
	add_property(list, before, "title", a->title);
	buf_add_string(list->buf, "::");
	add_escaped(list->buf, a->message, "");
	if (is_last)
		buf_printf(list->buf, " (and %zu more like this)", list->totals[a->kind] - OF_EACH_MAX);
	buf_add_byte(list->buf, '\n');
}

static void add_rule(struct list *list, const struct target_result *target, const struct rule_result *rule)
{
	struct buf message = buf_make(BUF_LIMIT_REPORT);
	struct annotation a = {.file = rule->rule->source->name, .line = rule->rule->line, .title = rule->rule->name};
	enum rule_mark mark = rule_mark(target, rule);
	switch (mark) {
	case MARK_FAIL: a.kind = KIND_ERROR; break;
	case MARK_WARN: a.kind = KIND_WARNING; break;
	case MARK_OPEN: a.kind = rule->decides && target->verdict != VERDICT_FAILED ? KIND_ERROR : KIND_NOTICE; break;
	case MARK_UNFINISHED: a.kind = KIND_NOTICE; break;
	case MARK_PASS:
	case MARK_SKIP:
	case MARK_COUNT: return;
	}
	add_target_name(&message, target->target);
	buf_add_string(&message, rule->outcome == RULE_FAIL ? " fails: "
				 : mark == MARK_OPEN        ? " is open: "
							    : " is not finished: ");
	add_sentence(&message, target, rule);
	a.message = buf_text(&message);
	add(list, &a);
	buf_release(&message);
}

static void add_verdict(struct list *list, const struct report *report, const struct target_result *target)
{
	struct buf title = buf_make(BUF_LIMIT_REPORT), message = buf_make(BUF_LIMIT_REPORT);
	buf_printf(&title, "chaingate: %s", verdict_name(target->verdict));
	add_target_name(&message, target->target);
	buf_add_string(&message, ": ");
	verdict_reason(&message, target, report->gate);
	add(list, &(struct annotation){.kind = target->verdict == VERDICT_PASSED ? KIND_NOTICE : KIND_ERROR,
				       .title = buf_text(&title),
				       .message = buf_text(&message)});
	buf_release(&title);
	buf_release(&message);
}

static void add_diags(struct list *list, const struct diags *diags)
{
	for (const struct diag *diag = diags ? diags->first : NULL; diag; diag = diag->next) {
		struct place place = {0, 0};
		struct annotation a = {.kind = diag->severity == DIAG_ERROR ? KIND_ERROR : KIND_WARNING,
				       .title = text_of(diag_code_name(diag->code)),
				       .message = text_of(diag->message)};
		if (diag->source) {
			place = source_place(diag->source, diag->span.start);
			a.file = diag->source->name;
			a.line = place.line;
			a.column = place.column;
		}
		add(list, &a);
	}
}

static void add_nothing_judged(struct list *list, const struct report *report)
{
	add(list, &(struct annotation){.kind = report->is_empty ? KIND_NOTICE : KIND_ERROR,
				       .title = report->is_empty ? TEXT("chaingate: nothing to judge")
								 : TEXT("chaingate: nothing was judged"),
				       .message = text_of(report->problem ? report->problem : "nothing was polled")});
}

bool report_github(struct buf *buf, const struct report *report)
{
	struct list list = {.buf = buf, .report = report};
	for (int walk = 0; walk < 2; walk++) {
		list.is_counting = walk == 0;
		if (is_unreported(report))
			add(&list, &(struct annotation){.kind = KIND_ERROR,
							.title = TEXT("chaingate: unreported"),
							.message = TEXT(UNREPORTED_WORDS " (exit 6)")});
		add_diags(&list, report->diags);
		add_diags(&list, report->usage);
		for (size_t i = 0; report->gate && i < report->gate->target_count; i++)
			add_verdict(&list, report,
				    &report->gate->targets[i]); /* before the rules: GitHub drops what comes late */
		for (size_t i = 0; report->gate && i < report->gate->target_count; i++)
			for (size_t r = 0; r < report->gate->targets[i].target->rule_count; r++)
				add_rule(&list, &report->gate->targets[i], &report->gate->targets[i].rules[r]);
		if (!report->gate)
			add_nothing_judged(&list, report);
	}
	return !buf->overflowed;
}
