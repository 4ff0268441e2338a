/* junit.c - the report that every CI system reads.
 *
 * Exactly one result in a case, counts that add up, times with three decimals: what parsers were seen to need. The strict dialect has no
 * file, line or totals, and a case holds nothing but its result.
 */
#include "chaingate/arena.h"
#include "chaingate/report.h"
#include "chaingate/times.h"

#include <libxml/xmlwriter.h>

struct writer {
	struct arena arena;
	const struct report_suites *run;
	bool strict;
	xmlTextWriterPtr xml;
	bool failed;
};

static const char *keep(struct writer *w, struct buf *buf)
{
	const char *text = arena_text(&w->arena, buf_text(buf)).bytes;
	buf_release(buf);
	return text;
}

static void count_results(const struct report_suite *suite, size_t totals[CASE_RESULT_COUNT])
{
	for (size_t r = 0; r < CASE_RESULT_COUNT; r++)
		totals[r] = 0;
	for (size_t i = 0; i < suite->count; i++)
		totals[suite->cases[i].result]++;
}

/* ---- XML -------------------------------------------------------------------------------------------------------- */

static void check(struct writer *w, int written)
{
	if (written < 0)
		w->failed = true;
}

static void start(struct writer *w, const char *element)
{
	check(w, xmlTextWriterStartElement(w->xml, BAD_CAST element));
}

static void end(struct writer *w)
{
	check(w, xmlTextWriterEndElement(w->xml));
}

static void attribute(struct writer *w, const char *name, const char *value)
{
	check(w, xmlTextWriterWriteAttribute(w->xml, BAD_CAST name, BAD_CAST value));
}

static void attribute_count(struct writer *w, const char *name, size_t count)
{
	attribute(w, name, arena_printf(&w->arena, "%zu", count));
}

static void attribute_seconds(struct writer *w, const char *name, int64_t ns)
{
	struct buf buf = buf_make(64);
	duration_add_seconds(&buf, ns);
	attribute(w, name, keep(w, &buf));
}

static void element(struct writer *w, const char *name, const char *text)
{
	start(w, name);
	if (text && *text)
		check(w, xmlTextWriterWriteString(w->xml, BAD_CAST text));
	end(w);
}

static void write_case(struct writer *w, const struct report_suite *suite, const struct report_case *one)
{
	static const char *const elements[] = {
		[CASE_PASS] = NULL, [CASE_FAILURE] = "failure", [CASE_ERROR] = "error", [CASE_SKIPPED] = "skipped"};
	start(w, "testcase");
	attribute(w, "name", one->name);
	attribute(w, "classname", suite->name);
	attribute_seconds(w, "time", one->time_ns);
	if (!w->strict && one->file) {
		attribute(w, "file", one->file);
		attribute_count(w, "line", one->line);
	}
	if (elements[one->result]) {
		start(w, elements[one->result]);
		attribute(w, "message", one->message);
		if (one->type)
			attribute(w, "type", one->type);
		check(w, xmlTextWriterWriteString(w->xml, BAD_CAST one->text));
		end(w);
	}
	if (!w->strict && one->out)
		element(w, "system-out", one->out);
	end(w);
}

static void property(struct writer *w, const char *name, const char *value)
{
	start(w, "property");
	attribute(w, "name", name);
	attribute(w, "value", value);
	end(w);
}

static void write_properties(struct writer *w, const struct report_suite *suite)
{
	start(w, "properties");
	for (size_t i = 0; i < suite->property_count; i++)
		property(w, suite->properties[i].name, suite->properties[i].value);
	end(w);
}

/* In the strict dialect a case can't say more than its result, so the suite says what the warnings were. */
static const char *suite_out(struct writer *w, const struct report_suite *suite)
{
	struct buf out = buf_make(BUF_LIMIT_REPORT);
	for (size_t i = 0; i < suite->count && w->strict; i++)
		if (suite->cases[i].out)
			buf_printf(&out, "rule %s: %s\n", suite->cases[i].name, suite->cases[i].out);
	return keep(w, &out);
}

static void write_suite(struct writer *w, const struct report_suite *suite, size_t id)
{
	struct buf timestamp = buf_make(64);
	size_t totals[CASE_RESULT_COUNT];
	count_results(suite, totals);
	moment_add_without_zone(&timestamp, w->run->start_wall_ns);
	start(w, "testsuite");
	attribute(w, "name", suite->name);
	attribute_count(w, "tests", suite->count);
	attribute_count(w, "failures", totals[CASE_FAILURE]);
	attribute_count(w, "errors", totals[CASE_ERROR]);
	attribute_count(w, "skipped", totals[CASE_SKIPPED]);
	attribute_seconds(w, "time", suite->time_ns);
	attribute(w, "timestamp", keep(w, &timestamp));
	attribute(w, "hostname", w->run->host_name);
	attribute(w, "package", "");
	attribute_count(w, "id", id);
	write_properties(w, suite);
	for (size_t i = 0; i < suite->count; i++)
		write_case(w, suite, &suite->cases[i]);
	element(w, "system-out", suite_out(w, suite));
	element(w, "system-err", "");
	end(w);
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
	check(w, xmlTextWriterStartDocument(w->xml, NULL, "UTF-8", NULL));
	start(w, "testsuites");
	if (!w->strict) { /* the windyroad schema knows none of them, not even the name */
		attribute(w, "name", "chaingate");
		attribute_count(w, "tests", tests);
		attribute_count(w, "failures", totals[CASE_FAILURE]);
		attribute_count(w, "errors", totals[CASE_ERROR]);
		attribute_count(w, "skipped", totals[CASE_SKIPPED]);
		attribute_seconds(w, "time", w->run->took_ns);
	}
	for (size_t i = 0; i < w->run->count; i++)
		write_suite(w, &w->run->suites[i], i);
	end(w);
	check(w, xmlTextWriterEndDocument(w->xml));
}

bool report_junit(struct buf *out, const struct report_suites *run, bool strict)
{
	struct writer w = {.run = run, .strict = strict};
	xmlBufferPtr bytes = xmlBufferCreate();
	w.xml = bytes ? xmlNewTextWriterMemory(bytes, 0) : NULL;
	if (!w.xml)
		memory_exhausted();
	xmlTextWriterSetIndent(w.xml, 1);
	write_suites(&w);
	xmlFreeTextWriter(w.xml); /* flushes */
	bool whole = !w.failed && buf_add(out, (struct text){(const char *)xmlBufferContent(bytes), (size_t)xmlBufferLength(bytes)});
	xmlBufferFree(bytes);
	arena_release(&w.arena);
	return whole;
}
