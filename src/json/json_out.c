/* json_out.c - see json_out.h. */
#include "chaingate/json_out.h"

#include "chaingate/arena.h"
#include "chaingate/times.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

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

void json_out_put_integer_if(struct json_object *object, const char *key, bool known, int64_t value)
{
	json_out_put(object, key, known ? made(json_object_new_int64(value)) : NULL);
}

void json_out_put_moment(struct json_object *object, const char *key, int64_t wall_ns, bool is_exact)
{
	struct buf moment = buf_make(100);
	moment_add(&moment, wall_ns, is_exact);
	json_out_put_text(object, key, buf_text(&moment));
	buf_release(&moment);
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

struct json_object *json_out_boolean(bool value)
{
	return made(json_object_new_boolean(value));
}

void json_out_put_boolean(struct json_object *object, const char *key, bool value)
{
	json_out_put(object, key, json_out_boolean(value));
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

/* json_object_to_json_string isn't used: if its buffer can't grow, json-c leaves a part out and returns the rest. A buf
 * ends the program instead. The layout is json-c's, except that an empty array is "[]". */

/* Where a document is being written. `is_pretty`: each member and item has a line of its own. */
struct writer {
	struct buf *buf;
	bool is_pretty;
	size_t depth;
};

/* "\u202e"; beyond 16 bits, two of them. */
static void add_escape(struct buf *buf, uint32_t point)
{
	static const char escaped[] = "\b\n\r\t\f\"\\", letters[] = "bnrtf\"\\";
	const char *found = point && point < 0x80 ? strchr(escaped, (int)point) : NULL;
	if (found)
		buf_printf(buf, "\\%c", letters[found - escaped]);
	else if (point < 0x10000)
		buf_printf(buf, "\\u%04x", (unsigned)point);
	else
		buf_printf(buf, "\\u%04x\\u%04x", 0xd800u + (unsigned)((point - 0x10000) >> 10),
			   0xdc00u + (unsigned)(point & 0x3ff));
}

/* The length of the character at `bytes` if it is escaped, else 0: what JSON forbids; and what no terminal and no log
 * should get. */
static size_t escaped_length(const char *bytes, size_t length, uint32_t *point)
{
	unsigned char byte = (unsigned char)*bytes;
	*point = byte;
	if (byte < 0x7f)
		return byte < 0x20 || byte == '"' || byte == '\\';
	size_t size = utf8_decode(bytes, length, point);
	return size > 0 && point_is_hidden(*point) ? size : 0;
}

static void add_string(struct buf *buf, const char *bytes, size_t length)
{
	size_t plain = 0, size;
	uint32_t point;
	buf_add_byte(buf, '"');
	for (size_t i = 0; i < length; i += size ? size : 1) {
		size = escaped_length(bytes + i, length - i, &point);
		if (size == 0)
			continue;
		buf_add(buf, (struct text){bytes + plain, i - plain});
		add_escape(buf, point);
		plain = i + size;
	}
	buf_add(buf, (struct text){bytes + plain, length - plain});
	buf_add_byte(buf, '"');
}

/* Outside of strings, JSON has nothing that is hidden but white space. The text of a double is written as it is. */
struct json_object *json_out_received(struct text json)
{
	struct buf shown = buf_make(INT_MAX);
	uint32_t point;
	for (size_t i = 0, size; i < json.length; i += size) {
		size = utf8_decode(json.bytes + i, json.length - i, &point);
		size = size ? size : 1;
		if (size > 1 && point_is_hidden(point))
			add_escape(&shown, point);
		else
			buf_add(&shown, text_slice(json, i, i + size));
	}
	struct json_object *value = made(json_object_new_double_s(0, buf_string(&shown)));
	buf_release(&shown);
	return value;
}

static void add_line(const struct writer *w)
{
	if (!w->is_pretty)
		return;
	buf_add_byte(w->buf, '\n');
	buf_add_repeated(w->buf, ' ', 2 * w->depth);
}

static void add_value(struct writer *w, struct json_object *value);

static void add_members(struct writer *w, struct json_object *object)
{
	bool is_first = true;
	buf_add_byte(w->buf, '{');
	w->depth++;
	json_object_object_foreach(object, key, value)
	{
		if (!is_first)
			buf_add_byte(w->buf, ',');
		is_first = false;
		add_line(w);
		add_string(w->buf, key, strlen(key));
		buf_add_string(w->buf, w->is_pretty ? ": " : ":");
		add_value(w, value);
	}
	w->depth--;
	if (!is_first)
		add_line(w);
	buf_add_byte(w->buf, '}');
}

static void add_items(struct writer *w, struct json_object *array)
{
	size_t count = json_object_array_length(array);
	buf_add_byte(w->buf, '[');
	w->depth++;
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_add_byte(w->buf, ',');
		add_line(w);
		add_value(w, json_object_array_get_idx(array, i));
	}
	w->depth--;
	if (count > 0)
		add_line(w);
	buf_add_byte(w->buf, ']');
}

static void add_value(struct writer *w, struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_null: buf_add_string(w->buf, "null"); break;
	case json_type_boolean: buf_add_string(w->buf, json_object_get_boolean(value) ? "true" : "false"); break;
	case json_type_int: buf_printf(w->buf, "%" PRId64, json_object_get_int64(value)); break;
	case json_type_double: buf_add_string(w->buf, json_object_get_userdata(value)); break; /* its digits */
	case json_type_string:
		add_string(w->buf, json_object_get_string(value), (size_t)json_object_get_string_len(value));
		break;
	case json_type_object: add_members(w, value); break;
	case json_type_array: add_items(w, value); break;
	}
}

static void add_document(struct buf *buf, struct json_object *document, bool is_pretty)
{
	struct buf plain = buf_make(buf->limit);
	add_value(&(struct writer){.buf = &plain, .is_pretty = is_pretty}, document);
	if (plain.overflowed)
		buf->overflowed = true;
	text_add_defused(buf, buf_text(&plain), FORM_JSON);
	buf_add_byte(buf, '\n');
	buf_release(&plain);
	json_object_put(document);
}

void json_out_finish(struct buf *buf, struct json_object *document)
{
	add_document(buf, document, true);
}

void json_out_line(struct buf *buf, struct json_object *document)
{
	add_document(buf, document, false);
}
