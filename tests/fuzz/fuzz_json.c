/* fuzz_json.c - any bytes as JSON: what the scan accepts json-c takes too, whole, and writes so that it is accepted
 * again.
 */
#include "chaingate/json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool truth)
{
	if (!truth)
		abort();
}

/* What json-c makes of the text by itself. A line end behind it ends a number. */
static void check_with_tokener(struct text text)
{
	struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH_MAX + 1);
	demand(tokener != NULL);
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	struct json_object *object = json_tokener_parse_ex(tokener, text.bytes, (int)text.length);
	if (json_tokener_get_error(tokener) == json_tokener_continue)
		object = json_tokener_parse_ex(tokener, "\n", 1);
	demand(json_tokener_get_error(tokener) == json_tokener_success);
	json_object_put(object);
	json_tokener_free(tokener);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = {(const char *)data, size};
	struct json_fault scanned = {JSON_OK, 0}, parsed = {JSON_OK, 0};
	struct json_object *object = NULL;
	bool ok = json_scan(text, &scanned);
	demand(json_parse(text, &object, &parsed) == ok);
	demand(scanned.kind == parsed.kind && scanned.offset == parsed.offset);
	if (!ok) {
		demand(scanned.kind != JSON_OK && scanned.offset <= size);
		return 0;
	}
	demand(text_is_utf8(text));
	check_with_tokener(text);
	const char *written = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN);
	demand(json_scan(text_of(written), &scanned));
	json_object_put(object);
	return 0;
}
