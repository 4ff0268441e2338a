/* json_out.h - writes JSON for programs, with json-c. If memory runs out, the program ends (arena.h). */
#ifndef CHAINGATE_JSON_OUT_H
#define CHAINGATE_JSON_OUT_H

#include "chaingate/buf.h"
#include "chaingate/text.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_object *json_out_object(void);
struct json_object *json_out_array(void);

/* The object or array owns the value afterwards. NULL is written as null. A double must come from
 * json_object_new_double_s, because its text is written. */
void json_out_put(struct json_object *, const char *key, struct json_object *value);
void json_out_append(struct json_object *array, struct json_object *value);

struct json_object *json_out_text(struct text);
struct json_object *json_out_boolean(bool);
/* A value as it was received, in its own words: valid JSON, whatever its type. Only hidden characters in its strings are
 * written as escapes. */
struct json_object *json_out_received(struct text json);

/* For a text that isn't UTF-8, json_out_put_text and json_out_text write the result of text_add_printable for the whole
 * text. json_out_put_optional writes null for NULL. */
void json_out_put_text(struct json_object *, const char *key, struct text);
void json_out_put_optional(struct json_object *, const char *key, const char *value);
void json_out_put_integer(struct json_object *, const char *key, int64_t);
/* Null unless `known`. */
void json_out_put_integer_if(struct json_object *, const char *key, bool known, int64_t);
/* Nanoseconds since 1970 as a moment, "2026-08-14T09:00:00Z"; if `is_exact`, with milliseconds. The rest is cut off. */
void json_out_put_moment(struct json_object *, const char *key, int64_t wall_ns, bool is_exact);
void json_out_put_size(struct json_object *, const char *key, size_t);
/* Nanoseconds as seconds, exactly: 12.5; null unless `known`. */
void json_out_put_seconds(struct json_object *, const char *key, bool known, int64_t ns);
void json_out_put_boolean(struct json_object *, const char *key, bool);

/* Appends the document, indented, with a newline at its end, and releases it. Text that a CI system would take for a
 * command is broken up (text_add_defused), and hidden characters (point_is_hidden) are escaped. */
void json_out_finish(struct buf *, struct json_object *);

/* Like json_out_finish, but the document is on one line. */
void json_out_line(struct buf *, struct json_object *);

#endif
