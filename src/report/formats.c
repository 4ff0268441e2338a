/* formats.c - the table of report formats. */
#include "chaingate/report.h"
#include "junit.h"

static const char *const names[REPORT_FORMAT_COUNT] = {
	[REPORT_JUNIT] = "junit",
	[REPORT_JUNIT_STRICT] = "junit-strict",
};

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

bool report_render(struct buf *buf, const struct report *report, enum report_format format)
{
	switch (format) {
	case REPORT_JUNIT: return junit_render(buf, report, false);
	case REPORT_JUNIT_STRICT: return junit_render(buf, report, true);
	case REPORT_FORMAT_COUNT: break;
	}
	return false;
}
