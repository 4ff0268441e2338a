/* json_out.c - see json_out.h. */
#include "chaingate/json_out.h"

#include "chaingate/arena.h"

#include <inttypes.h>
#include <limits.h>

static struct json_object *made(struct json_object *object)
{
	if (!object)
		memory_exhausted();
	return object;
}

struct json_object *json_out_object(void)
{
	return made(json_object_new_object());
}

struct json_object *json_out_array(void)
{
	return made(json_object_new_array());
}

void json_out_put(struct json_object *object, const char *key, struct json_object *value)
{
	if (json_object_object_add(object, key, value) != 0)
		memory_exhausted();
}

void json_out_append(struct json_object *array, struct json_object *value)
{
	if (json_object_array_add(array, value) != 0)
		memory_exhausted();
}

struct json_object *json_out_text(struct text text)
{
	struct buf shown = buf_make(INT_MAX);
	if (text_is_utf8(text))
		buf_add(&shown, text);
	else
		text_add_printable(&shown, text);
	struct json_object *string = made(json_object_new_string_len(buf_string(&shown), (int)shown.length));
	buf_release(&shown);
	return string;
}

void json_out_put_text(struct json_object *object, const char *key, struct text text)
{
	json_out_put(object, key, json_out_text(text));
}

void json_out_put_optional(struct json_object *object, const char *key, const char *value)
{
	if (value)
		json_out_put_text(object, key, text_of(value));
	else
		json_out_put(object, key, NULL);
}

void json_out_put_integer(struct json_object *object, const char *key, int64_t value)
{
	json_out_put(object, key, made(json_object_new_int64(value)));
}

void json_out_put_size(struct json_object *object, const char *key, size_t value)
{
	json_out_put_integer(object, key, (int64_t)value);
}

void json_out_put_seconds(struct json_object *object, const char *key, bool known, int64_t ns)
{
	struct buf text = buf_make(64);
	if (!known) {
		json_out_put(object, key, NULL);
		return;
	}
	uint64_t size = ns < 0 ? (uint64_t)0 - (uint64_t)ns : (uint64_t)ns;
	buf_printf(&text, "%s%" PRIu64 ".%09" PRIu64, ns < 0 ? "-" : "", size / 1000000000u, size % 1000000000u);
	while (text.bytes[text.length - 1] == '0' && text.bytes[text.length - 2] != '.')
		text.bytes[--text.length] = '\0';
	json_out_put(object, key, made(json_object_new_double_s((double)ns / 1e9, buf_string(&text))));
	buf_release(&text);
}

void json_out_put_boolean(struct json_object *object, const char *key, bool value)
{
	json_out_put(object, key, made(json_object_new_boolean(value)));
}

static void add_document(struct buf *buf, struct json_object *document, int flags)
{
	const char *text = json_object_to_json_string_ext(document, flags | JSON_C_TO_STRING_NOSLASHESCAPE);
	if (!text)
		memory_exhausted();
	text_add_defused(buf, text_of(text), FORM_JSON);
	buf_add_byte(buf, '\n');
	json_object_put(document);
}

void json_out_finish(struct buf *buf, struct json_object *document)
{
	add_document(buf, document, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED);
}

void json_out_line(struct buf *buf, struct json_object *document)
{
	add_document(buf, document, JSON_C_TO_STRING_PLAIN);
}
