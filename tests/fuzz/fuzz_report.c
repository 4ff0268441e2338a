/* fuzz_report.c - any bytes as reports that `merge` reads, separated by a byte 0x1e: the result is a merged report or
 * an error, never neither. A pass needs passes only, and what is rendered is strict JSON or printable. */
#include "demand.h"

#include "chaingate/json.h"
#include "chaingate/merge.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

/* More reports would only make the inputs longer. */
#define REPORTS_MAX 4
#define SEPARATOR 0x1e

static bool says_pass(struct text content)
{
	char *string = malloc(content.length + 1);
	demand(string != NULL);
	memcpy(string, content.bytes, content.length);
	string[content.length] = '\0';
	struct json_object *report = json_tokener_parse(string), *code = NULL, *verdict = NULL;
	bool is_pass = json_object_object_get_ex(report, "exit", &code) && json_object_get_int64(code) == 0 &&
		       json_object_object_get_ex(report, "verdict", &verdict) &&
		       (!verdict || strcmp(json_object_get_string(verdict), "passed") == 0);
	json_object_put(report);
	free(string);
	return is_pass;
}

static void check_rendered(const struct merged *merged, enum gate_exit code)
{
	for (int i = 0; i < REPORT_FORMAT_COUNT; i++) {
		enum report_format format = (enum report_format)i;
		struct buf buf = buf_make(BUF_LIMIT_REPORT);
		struct json_fault fault;
		if (merge_has_format(format)) {
			demand(merged_render(&buf, merged, format, code));
			demand(text_is_utf8(buf_text(&buf)));
			demand(format != REPORT_JSON || json_scan(buf_text(&buf), &fault));
		}
		buf_release(&buf);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct merge_input inputs[REPORTS_MAX];
	size_t count = 0;
	for (const uint8_t *at = data, *end = data + size; size > 0 && at <= end && count < REPORTS_MAX; count++) {
		const uint8_t *next = at < end ? memchr(at, SEPARATOR, (size_t)(end - at)) : NULL;
		size_t length = (size_t)((next ? next : end) - at);
		inputs[count] = (struct merge_input){.name = "part.json", .content = {(const char *)at, length}};
		if (!next)
			next = end;
		at = next + 1;
	}
	if (count == 0)
		return 0;
	struct arena arena = {0};
	struct diags diags = {.arena = &arena};
	struct merged *merged = merge_reports(&arena, inputs, count, &diags);
	demand((merged == NULL) == (diags.errors > 0));
	if (merged) {
		enum gate_exit code = merged_exit(merged);
		struct buf buf = buf_make(BUF_LIMIT_REPORT);
		struct json_fault fault;
		for (size_t i = 0; i < count; i++) {
			demand(json_scan(inputs[i].content, &fault));
			demand(code != GATE_EXIT_PASSED || says_pass(inputs[i].content));
		}
		check_rendered(merged, code);
		merged_text(&buf, merged, code, false);
		demand(buf_text(&buf).length > 0);
		buf_release(&buf);
	}
	merged_free(merged);
	arena_release(&arena);
	return 0;
}
