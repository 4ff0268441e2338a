/* formats.c - the table of report formats. */
#include "chaingate/report.h"

static const char *const names[REPORT_FORMAT_COUNT] = {
	[REPORT_JUNIT] = "junit",   [REPORT_JUNIT_STRICT] = "junit-strict",
	[REPORT_TAP] = "tap",       [REPORT_JSON] = "json",
	[REPORT_HTML] = "html",     [REPORT_MARKDOWN] = "markdown",
	[REPORT_GITHUB] = "github", [REPORT_GITLAB] = "gitlab",
	[REPORT_INTOTO] = "intoto", [REPORT_ENV] = "env",
};

static const enum text_form forms[REPORT_FORMAT_COUNT] = {
	[REPORT_JUNIT] = FORM_XML,       [REPORT_JUNIT_STRICT] = FORM_XML, [REPORT_TAP] = FORM_LINES,
	[REPORT_JSON] = FORM_JSON,       [REPORT_HTML] = FORM_XML,         [REPORT_MARKDOWN] = FORM_LINES,
	[REPORT_GITHUB] = FORM_COMMANDS, [REPORT_GITLAB] = FORM_JSON,      [REPORT_INTOTO] = FORM_JSON,
	[REPORT_ENV] = FORM_LINES,
};

enum text_form report_form(enum report_format format)
{
	return forms[format];
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

static bool render(struct buf *buf, const struct report *report, enum report_format format)
{
	struct arena arena = {0};
	struct report_suites cases = report_cases(&arena, report);
	bool whole = false;
	switch (format) {
	case REPORT_JUNIT: whole = report_junit(buf, &cases, false); break;
	case REPORT_JUNIT_STRICT: whole = report_junit(buf, &cases, true); break;
	case REPORT_TAP: whole = report_tap(buf, &cases); break;
	case REPORT_JSON: whole = report_json(buf, report); break;
	case REPORT_HTML: whole = report_html(buf, report); break;
	case REPORT_MARKDOWN: whole = report_markdown(buf, report); break;
	case REPORT_GITHUB: whole = report_github(buf, report); break;
	case REPORT_GITLAB: whole = report_gitlab(buf, report); break;
	case REPORT_INTOTO: whole = report_intoto(buf, report); break;
	case REPORT_ENV: whole = report_env(buf, report); break;
	case REPORT_FORMAT_COUNT: break;
	}
	arena_release(&arena);
	return whole;
}

bool report_render(struct buf *buf, const struct report *report, enum report_format format)
{
	struct buf content = buf_make(BUF_LIMIT_REPORT);
	bool whole = render(&content, report, format);
	if (whole)
		text_add_defused(buf, buf_text(&content), forms[format]);
	buf_release(&content);
	return whole && !buf->overflowed;
}
