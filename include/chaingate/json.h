/* json.h - strict JSON: a scan of our own, then json-c.
 *
 * json-c alone, even with JSON_TOKENER_STRICT, takes NaN, single quotes, duplicate keys (the last wins), 1e999 as
 * infinity, and integers over 64 bits as the largest. Each of these could turn a failure into a pass, so the bytes are
 * scanned first, by RFC 8259 and no more; json-c then only builds the tree.
 */
#ifndef CHAINGATE_JSON_H
#define CHAINGATE_JSON_H

#include "chaingate/arena.h"
#include "chaingate/text.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

/* Deepest nesting of what the API sends is 5; its documentation knows none deeper than 8. */
#define JSON_DEPTH_MAX 32

enum json_fault_kind {
	JSON_OK,
	JSON_EMPTY,     /* nothing but white space */
	JSON_TRUNCATED, /* ends in the middle */
	JSON_SYNTAX,    /* not JSON */
	JSON_NOT_UTF8,
	JSON_DUPLICATE_KEY,
	JSON_NUMBER_TOO_LARGE, /* an integer beyond 64 bits, a real beyond a double */
	JSON_TOO_DEEP,
	JSON_TRAILING_BYTES,
	JSON_TOO_MANY, /* more values, or more keys in open objects, than the reader allows */
};

struct json_fault {
	enum json_fault_kind kind;
	size_t offset; /* of the first offending byte */
};

/* For people: "has the key 'status' twice" lacks the key's name, so: "has a key twice". */
const char *json_fault_text(enum json_fault_kind);

/* Checks the bytes against RFC 8259 and the list above. A byte-order mark is refused. A lone surrogate in an escape is refused.
 * Keys are compared after decoding escapes ("a" and "\u0061" are one key). A key with \u0000 in it is refused (JSON_SYNTAX): json-c
 * would end it there, and "status\u0000" be its "status". Linear, but for the keys of one object, n log n. */
bool json_scan(struct text, struct json_fault *out);

/* Scan, then json-c. False with the fault. The object is the caller's (json_object_put); JSON's null is a NULL
 * pointer with true, as json-c has it. */
bool json_parse(struct text, struct json_object **out, struct json_fault *fault);

/* json-c alone: the tree of a value that a scan or a cursor (json_cursor.h) has accepted, without white space around it. It comes in pieces, and has so many values in
 * it, itself included; keys aren't values. False if json-c refuses it, or a piece is longer than INT_MAX. */
bool json_build(const struct text *pieces, size_t count, size_t values, struct json_object **out);

/* Asking for a value of a type; false, with `out` untouched, when it is absent, null or of another type. Texts point into the object. Integers must be
 * JSON integers: 2.0 isn't one. */
bool json_get_text(struct json_object *, const char *key, struct text *out);
bool json_get_integer(struct json_object *, const char *key, int64_t *out);
bool json_get_boolean(struct json_object *, const char *key, bool *out);

#endif
