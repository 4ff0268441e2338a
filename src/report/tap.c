/* tap.c - TAP 13: a line for each case, with its details in a YAML block. */
#include "chaingate/report.h"

/* In a description, # begins a directive and \ escapes it. */
static void add_description(struct buf *buf, const char *text)
{
	for (; *text; text++) {
		if (*text == '#' || *text == '\\')
			buf_add_byte(buf, '\\');
		buf_add_byte(buf, *text);
	}
}

/* Lines under "  ---", as a YAML block scalar. */
static void add_block(struct buf *buf, const char *key, const char *text)
{
	buf_printf(buf, "  ---\n  %s: |\n", key);
	for (bool at_start = true; *text; text++) {
		if (at_start && *text != '\n')
			buf_add_string(buf, "    ");
		buf_add_byte(buf, *text);
		at_start = *text == '\n';
	}
	if (buf->bytes[buf->length - 1] != '\n')
		buf_add_byte(buf, '\n');
	buf_add_string(buf, "  ...\n");
}

static void add_case(struct buf *buf, const struct report_suite *suite, const struct report_case *one, size_t number)
{
	bool ok = one->result == CASE_PASS || one->result == CASE_SKIPPED;
	buf_printf(buf, "%sok %zu - ", ok ? "" : "not ", number);
	add_description(buf, suite->name);
	buf_add_string(buf, ": ");
	add_description(buf, one->name);
	if (one->result == CASE_SKIPPED)
		buf_add_string(buf, " # SKIP");
	buf_add_byte(buf, '\n');
	if (one->result == CASE_PASS && one->out)
		add_block(buf, "out", one->out);
	else if (one->result != CASE_PASS)
		add_block(buf, "message", one->text);
}

static void add_comment(struct buf *buf, const char *lines)
{
	for (bool at_start = true; *lines; lines++) {
		if (at_start)
			buf_add_string(buf, *lines == '\n' ? "#" : "# ");
		buf_add_byte(buf, *lines);
		at_start = *lines == '\n';
	}
}

bool report_tap(struct buf *buf, const struct report_suites *run)
{
	size_t total = 0, number = 0;
	for (size_t i = 0; i < run->count; i++)
		total += run->suites[i].count;
	buf_printf(buf, "TAP version 13\n1..%zu\n", total);
	if (run->warnings)
		add_comment(buf, run->warnings);
	for (size_t i = 0; i < run->count; i++)
		for (size_t j = 0; j < run->suites[i].count; j++)
			add_case(buf, &run->suites[i], &run->suites[i].cases[j], ++number);
	return !buf->overflowed;
}
