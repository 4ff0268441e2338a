/* formats.c - the table of report formats. */
#include "chaingate/report.h"

static const char *const names[REPORT_FORMAT_COUNT] = {
	[REPORT_JUNIT] = "junit",   [REPORT_JUNIT_STRICT] = "junit-strict",
	[REPORT_TAP] = "tap",       [REPORT_JSON] = "json",
	[REPORT_HTML] = "html",     [REPORT_MARKDOWN] = "markdown",
	[REPORT_GITHUB] = "github", [REPORT_GITLAB] = "gitlab",
	[REPORT_INTOTO] = "intoto", [REPORT_ENV] = "env",
};

static bool junit(struct buf *buf, const struct report_suites *cases)
{
	return report_junit(buf, cases, false);
}

static bool junit_strict(struct buf *buf, const struct report_suites *cases)
{
	return report_junit(buf, cases, true);
}

/* Each format is rendered either from the report or from its cases. */
static const struct format_row {
	enum text_form form;
	bool (*of_report)(struct buf *, const struct report *);
	bool (*of_cases)(struct buf *, const struct report_suites *);
} rows[REPORT_FORMAT_COUNT] = {
	[REPORT_JUNIT] = {FORM_XML, NULL, junit},
	[REPORT_JUNIT_STRICT] = {FORM_XML, NULL, junit_strict},
	[REPORT_TAP] = {FORM_LINES, NULL, report_tap},
	[REPORT_JSON] = {FORM_JSON, report_json, NULL},
	[REPORT_HTML] = {FORM_XML, report_html, NULL},
	[REPORT_MARKDOWN] = {FORM_LINES, report_markdown, NULL},
	[REPORT_GITHUB] = {FORM_COMMANDS, report_github, NULL},
	[REPORT_GITLAB] = {FORM_JSON, report_gitlab, NULL},
	[REPORT_INTOTO] = {FORM_JSON, report_intoto, NULL},
	[REPORT_ENV] = {FORM_LINES, report_env, NULL},
};

enum text_form report_form(enum report_format format)
{
	return rows[format].form;
}

const char *report_format_name(enum report_format format)
{
	return names[format];
}

const char *const *report_format_names(size_t *count)
{
	*count = REPORT_FORMAT_COUNT;
	return names;
}

bool report_format_parse(struct text text, enum report_format *out)
{
	for (int i = 0; i < REPORT_FORMAT_COUNT; i++)
		if (text_is(text, names[i])) {
			*out = (enum report_format)i;
			return true;
		}
	return false;
}

static bool render(struct buf *buf, const struct report *report, const struct format_row *row)
{
	if (row->of_report)
		return row->of_report(buf, report);
	struct arena arena = {0};
	struct report_suites cases = report_cases(&arena, report);
	bool whole = row->of_cases(buf, &cases);
	arena_release(&arena);
	return whole;
}

bool report_render(struct buf *buf, const struct report *report, enum report_format format)
{
	struct buf content = buf_make(BUF_LIMIT_REPORT);
	bool whole = render(&content, report, &rows[format]);
	if (whole)
		text_add_defused(buf, buf_text(&content), rows[format].form);
	buf_release(&content);
	return whole && !buf->overflowed;
}
