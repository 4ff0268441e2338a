/* json.h - strict JSON: our own scan first, then json-c.
 *
 * json-c alone, even with JSON_TOKENER_STRICT, accepts NaN, single quotes, duplicate keys (the last wins), 1e999 as
 * infinity, and integers over 64 bits as the largest one. Each of these could turn a failure into a pass. So the
 * bytes are first scanned strictly by RFC 8259; json-c then only builds the tree.
 */
#ifndef CHAINGATE_JSON_H
#define CHAINGATE_JSON_H

#include "chaingate/arena.h"
#include "chaingate/text.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

/* The API's answers nest at most 5 deep, its documentation shows at most 8. */
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

/* For people: "has a key twice". The key's name isn't known here. */
const char *json_fault_text(enum json_fault_kind);

/* Checks the bytes against RFC 8259 and the faults above. A byte-order mark and a lone surrogate in an escape are
 * refused. Keys are compared after decoding escapes ("a" and "\u0061" are the same key). A key with \u0000 in it is
 * refused (JSON_SYNTAX): json-c would cut it there, and read "status\u0000" as "status". Linear time, but n log n in
 * the number of keys of one object. */
bool json_scan(struct text, struct json_fault *out);

/* Scans, then parses with json-c. False with the fault. The caller owns the object (json_object_put). JSON's null
 * gives true and a NULL pointer, as in json-c. */
bool json_parse(struct text, struct json_object **out, struct json_fault *fault);

/* json-c alone: builds the tree of a value that a scan or a cursor (json_cursor.h) has accepted, without white space
 * around it. The text comes in `count` pieces. `values` is the number of values in it, including the value itself, but
 * not the keys. False if json-c refuses it, or if a piece is longer than INT_MAX. */
bool json_build(const struct text *pieces, size_t count, size_t values, struct json_object **out);

/* Reads a member of a given type. False, with `out` unchanged, if it is absent, null or of another type. Texts point
 * into the object. Integers must be JSON integers: 2.0 isn't one. */
bool json_get_text(struct json_object *, const char *key, struct text *out);
bool json_get_integer(struct json_object *, const char *key, int64_t *out);
bool json_get_boolean(struct json_object *, const char *key, bool *out);

#endif
