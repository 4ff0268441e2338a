/* strict_scan.c - scans a whole text with the cursor, which accepts JSON by RFC 8259 unless json-c would read it
 * differently. */
#include "strict.h"

bool strict_scan(struct text text, struct json_limits limits, struct scanned *out, struct json_fault *fault)
{
	struct json_cursor cursor = json_cursor_make(text, limits);
	bool ok = json_cursor_skip(&cursor);
	size_t end = cursor.mark.at;
	ok = ok && json_cursor_end(&cursor);
	if (ok) {
		size_t start = run_of_white(text.bytes, text.length);
		*out = (struct scanned){text_slice(text, start, end), cursor.mark.values};
	} else {
		*fault = cursor.fault;
	}
	json_cursor_release(&cursor);
	return ok;
}

bool json_scan(struct text text, struct json_fault *out)
{
	struct scanned ignored;
	return strict_scan(text, JSON_UNLIMITED, &ignored, out);
}
