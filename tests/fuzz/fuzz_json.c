/* fuzz_json.c - any bytes as JSON. Whatever the scan accepts, json-c also accepts, whole and with the same values, and
 * what json-c then writes is accepted again. A second strict parser, which shares no code with ours, accepts exactly
 * the same. The SSE2 code finds the same as the portable code. */
#include "../../src/json/strict.h"
#include "demand.h"
#include "naive_json.h"

#include <string.h>

/* json-c's own result for the text. A line end after it ends a number. */
static void check_with_tokener(struct text text)
{
	struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH_MAX + 1);
	demand(tokener != NULL);
	/* 0.18 refuses characters beyond ASCII then. */
	if (json_c_version_num() < (17 << 8))
		json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	struct json_object *object = json_tokener_parse_ex(tokener, text.bytes, (int)text.length);
	if (json_tokener_get_error(tokener) == json_tokener_continue)
		object = json_tokener_parse_ex(tokener, "\n", 1);
	demand(json_tokener_get_error(tokener) == json_tokener_success);
	json_object_put(object);
	json_tokener_free(tokener);
}

/* The second parser is quadratic in the keys of an object, so it gets only short texts. */
#define NAIVE_MAX 20000

static void check_runs(struct text text)
{
	for (size_t at = 0; at < text.length && at < NAIVE_MAX; at++) {
		const char *bytes = text.bytes + at;
		size_t length = text.length - at < 70 ? text.length - at : 70;
		demand(run_of_plain(bytes, length) == run_of_plain_by_words(bytes, length));
		demand(run_of_white(bytes, length) == run_of_white_by_bytes(bytes, length));
	}
}

static bool is_text(const char *bytes, size_t length, struct text text)
{
	return length == text.length && (length == 0 || memcmp(bytes, text.bytes, length) == 0);
}

/* A guess of the next key changes nothing except `is_likely`, and that a likely key isn't remembered. Tries the key
 * itself, parts of it, and longer keys. */
static void check_guesses(const struct json_cursor *cursor, struct arena *arena)
{
	struct json_cursor plain = *cursor;
	struct json_value key;
	bool more, is_likely;
	plain.keys = NULL;
	plain.key_room = 0;
	plain.mark.keys = 0;
	memset(plain.outer_keys, 0, sizeof plain.outer_keys);
	struct json_cursor before = plain;
	demand(json_cursor_member(&plain, &key, &more));
	const char *name = more ? arena_text(arena, key.raw).bytes : "";
	const char *guesses[] = {name, *name ? name + 1 : "x", arena_printf(arena, "%sx", name),
				 *name ? arena_text(arena, (struct text){name, key.raw.length - 1}).bytes : "y"};
	for (size_t i = 0; more && i < sizeof guesses / sizeof *guesses; i++) {
		struct json_cursor guessing = before;
		struct json_value guessed;
		bool is_ascii = true;
		for (const char *c = guesses[i]; *c; c++)
			is_ascii = is_ascii && (unsigned char)*c < 0x80 && *c != '"' && *c != '\\';
		if (!is_ascii)
			continue;
		demand(json_cursor_likely_member(&guessing, text_of(guesses[i]), &guessed, &more, &is_likely) && more);
		demand(guessed.offset == key.offset && guessed.has_escapes == key.has_escapes &&
		       guessed.raw.bytes == key.raw.bytes && guessed.raw.length == key.raw.length);
		demand(guessing.mark.at == plain.mark.at && guessing.mark.keys == plain.mark.keys - is_likely);
		demand(is_likely == (*guesses[i] && text_equal(key.raw, text_of(guesses[i]))));
		json_cursor_release(&guessing);
	}
	json_cursor_release(&plain);
}

/* Reads a value with the cursor, and compares it with json-c's. Recurses once for each level. */
static void check_value(struct json_cursor *cursor, struct arena *arena, struct json_object *object)
{
	struct json_value value, key;
	struct json_object *inner;
	size_t count = 0;
	bool more = true;
	demand(json_cursor_value(cursor, &value));
	switch (value.kind) {
	case JSON_KIND_NULL: demand(!object); return;
	case JSON_KIND_BOOLEAN:
		demand(json_object_is_type(object, json_type_boolean));
		demand(json_object_get_boolean(object) == value.boolean);
		return;
	case JSON_KIND_INTEGER:
		demand(json_object_is_type(object, json_type_int));
		demand(json_object_get_int64(object) == value.integer);
		return;
	case JSON_KIND_REAL: {
		const char *number = arena_text(arena, value.raw).bytes;
		demand(json_object_is_type(object, json_type_double));
		demand(json_object_get_double(object) == strtod(number, NULL));
		return;
	}
	case JSON_KIND_STRING:
		demand(json_object_is_type(object, json_type_string));
		demand(is_text(json_object_get_string(object), (size_t)json_object_get_string_len(object),
			       json_value_text(arena, &value)));
		return;
	case JSON_KIND_ARRAY:
		demand(json_object_is_type(object, json_type_array));
		for (;; count++) {
			demand(json_cursor_item(cursor, &more));
			if (!more)
				break;
			demand(count < json_object_array_length(object));
			check_value(cursor, arena, json_object_array_get_idx(object, count));
		}
		demand(count == json_object_array_length(object));
		return;
	case JSON_KIND_OBJECT:
		demand(json_object_is_type(object, json_type_object));
		for (;; count++) {
			check_guesses(cursor, arena);
			demand(json_cursor_member(cursor, &key, &more));
			if (!more)
				break;
			struct text name = json_value_text(arena, &key);
			demand(json_value_is(&key, name));
			demand(json_object_object_get_ex(object, arena_text(arena, name).bytes, &inner));
			check_value(cursor, arena, inner);
		}
		demand(count == (size_t)json_object_object_length(object));
		return;
	}
}

static void check_values(struct text text, struct json_object *object)
{
	struct arena arena = {0};
	struct json_cursor cursor = json_cursor_make(text, JSON_UNLIMITED);
	check_value(&cursor, &arena, object);
	demand(json_cursor_end(&cursor));
	json_cursor_release(&cursor);
	arena_release(&arena);
}

/* With a limit, the result is either the same or "too many". */
static void check_limits(struct text text, bool ok)
{
	struct json_cursor cursor = json_cursor_make(text, (struct json_limits){5, 3});
	bool few = json_cursor_skip(&cursor) && json_cursor_end(&cursor);
	demand(!few || ok);
	demand(few || !ok || cursor.fault.kind == JSON_TOO_MANY);
	json_cursor_release(&cursor);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = {(const char *)data, size};
	struct json_fault scanned = {JSON_OK, 0}, parsed = {JSON_OK, 0};
	struct json_object *object = NULL;
	bool ok = json_scan(text, &scanned);
	demand(json_parse(text, &object, &parsed) == ok);
	demand(scanned.kind == parsed.kind && scanned.offset == parsed.offset);
	check_runs(text);
	check_limits(text, ok);
	demand(size > NAIVE_MAX || naive_json(text.bytes, size, JSON_DEPTH_MAX) == ok);
	if (!ok) {
		demand(scanned.kind != JSON_OK && scanned.offset <= size);
		return 0;
	}
	demand(text_is_utf8(text));
	check_with_tokener(text);
	check_values(text, object);
	const char *written = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN);
	demand(json_scan(text_of(written), &scanned));
	json_object_put(object);
	return 0;
}
