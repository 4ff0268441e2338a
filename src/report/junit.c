/* junit.c - the report that every CI system reads.
 *
 * Each case has exactly one result, counts add up, and times have three decimals, because some real parsers need this.
 * In the strict dialect there is no file, line or total, and a case contains nothing but its result.
 */
#include "chaingate/report.h"
#include "chaingate/times.h"
#include "xml.h"

struct writer {
	const struct report_suites *run;
	bool strict;
	struct xml xml;
};

static void count_results(const struct report_suite *suite, size_t totals[CASE_RESULT_COUNT])
{
	for (size_t r = 0; r < CASE_RESULT_COUNT; r++)
		totals[r] = 0;
	for (size_t i = 0; i < suite->count; i++)
		totals[suite->cases[i].result]++;
}

static void attribute_seconds(struct writer *w, const char *name, int64_t ns)
{
	struct buf buf = buf_make(64);
	duration_add_seconds(&buf, ns);
	xml_attribute(&w->xml, name, "%s", buf_string(&buf));
	buf_release(&buf);
}

/* Jenkins's attachments, GitLab's and Testmo's take "[[ATTACHMENT|path]]" in the output of a case or suite for an order
 * to publish that file, and "[[PROPERTY|name=value]]" for a property. A foreign text must not give such orders. */
static void write_out(struct writer *w, const char *element, const char *text)
{
	struct buf out = buf_make(BUF_LIMIT_REPORT);
	for (const char *at = text; *at; at++) {
		buf_add_byte(&out, *at);
		if (at[0] == '[' && at[1] == '[')
			buf_add_byte(&out, '\\');
	}
	if (out.overflowed)
		w->xml.failed = true;
	xml_element(&w->xml, element, NULL, buf_string(&out));
	buf_release(&out);
}

static void write_case(struct writer *w, const struct report_suite *suite, const struct report_case *one)
{
	static const char *const elements[] = {
		[CASE_PASS] = NULL, [CASE_FAILURE] = "failure", [CASE_ERROR] = "error", [CASE_SKIPPED] = "skipped"};
	xml_open(&w->xml, "testcase");
	xml_attribute(&w->xml, "name", "%s", one->name);
	xml_attribute(&w->xml, "classname", "%s", suite->name);
	attribute_seconds(w, "time", one->time_ns);
	if (!w->strict && one->file) {
		xml_attribute(&w->xml, "file", "%s", one->file);
		xml_attribute(&w->xml, "line", "%zu", one->line);
	}
	if (elements[one->result]) {
		xml_open(&w->xml, elements[one->result]);
		xml_attribute(&w->xml, "message", "%s", one->message);
		if (one->type)
			xml_attribute(&w->xml, "type", "%s", one->type);
		xml_text(&w->xml, one->text);
		xml_close(&w->xml);
	}
	if (!w->strict && one->out)
		write_out(w, "system-out", one->out);
	xml_close(&w->xml);
}

static void property(struct writer *w, const char *name, const char *value)
{
	xml_open(&w->xml, "property");
	xml_attribute(&w->xml, "name", "%s", name);
	xml_attribute(&w->xml, "value", "%s", value);
	xml_close(&w->xml);
}

static void write_properties(struct writer *w, const struct report_suite *suite)
{
	xml_open(&w->xml, "properties");
	for (size_t i = 0; i < suite->property_count; i++)
		property(w, suite->properties[i].name, suite->properties[i].value);
	xml_close(&w->xml);
}

/* In the strict dialect a case contains nothing but its result, so the warnings are in the suite's output. */
static void write_suite_out(struct writer *w, const struct report_suite *suite)
{
	struct buf out = buf_make(BUF_LIMIT_REPORT);
	for (size_t i = 0; i < suite->count && w->strict; i++)
		if (suite->cases[i].out)
			buf_printf(&out, "rule %s: %s\n", suite->cases[i].name, suite->cases[i].out);
	write_out(w, "system-out", buf_string(&out));
	buf_release(&out);
}

static void write_suite(struct writer *w, const struct report_suite *suite, size_t id)
{
	struct buf timestamp = buf_make(64);
	size_t totals[CASE_RESULT_COUNT];
	count_results(suite, totals);
	moment_add_without_zone(&timestamp, w->run->start_wall_ns);
	xml_open(&w->xml, "testsuite");
	xml_attribute(&w->xml, "name", "%s", suite->name);
	xml_attribute(&w->xml, "tests", "%zu", suite->count);
	xml_attribute(&w->xml, "failures", "%zu", totals[CASE_FAILURE]);
	xml_attribute(&w->xml, "errors", "%zu", totals[CASE_ERROR]);
	xml_attribute(&w->xml, "skipped", "%zu", totals[CASE_SKIPPED]);
	attribute_seconds(w, "time", suite->time_ns);
	xml_attribute(&w->xml, "timestamp", "%s", buf_string(&timestamp));
	xml_attribute(&w->xml, "hostname", "%s", w->run->host_name);
	xml_attribute(&w->xml, "package", "%s", "");
	xml_attribute(&w->xml, "id", "%zu", id);
	write_properties(w, suite);
	for (size_t i = 0; i < suite->count; i++)
		write_case(w, suite, &suite->cases[i]);
	buf_release(&timestamp);
	write_suite_out(w, suite);
	/* The warnings belong to no target, so only the first suite has them. */
	write_out(w, "system-err", id == 0 && w->run->warnings ? w->run->warnings : "");
	xml_close(&w->xml);
}

static void write_suites(struct writer *w)
{
	size_t tests = 0, totals[CASE_RESULT_COUNT] = {0};
	for (size_t i = 0; i < w->run->count; i++) {
		size_t own[CASE_RESULT_COUNT];
		count_results(&w->run->suites[i], own);
		tests += w->run->suites[i].count;
		for (size_t r = 0; r < CASE_RESULT_COUNT; r++)
			totals[r] += own[r];
	}
	xml_open(&w->xml, "testsuites");
	if (!w->strict) { /* the windyroad schema allows no attribute here, not even the name */
		xml_attribute(&w->xml, "name", "%s", "chaingate");
		xml_attribute(&w->xml, "tests", "%zu", tests);
		xml_attribute(&w->xml, "failures", "%zu", totals[CASE_FAILURE]);
		xml_attribute(&w->xml, "errors", "%zu", totals[CASE_ERROR]);
		xml_attribute(&w->xml, "skipped", "%zu", totals[CASE_SKIPPED]);
		attribute_seconds(w, "time", w->run->took_ns);
	}
	for (size_t i = 0; i < w->run->count; i++)
		write_suite(w, &w->run->suites[i], i);
	xml_close(&w->xml);
}

bool report_junit(struct buf *out, const struct report_suites *run, bool strict)
{
	struct writer w = {.run = run, .strict = strict};
	xml_begin(&w.xml, false);
	write_suites(&w);
	return xml_finish(&w.xml, out);
}
