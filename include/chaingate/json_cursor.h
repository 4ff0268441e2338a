/* json_cursor.h - strict JSON, read value by value, without building or copying anything.
 *
 * A cursor is as strict as json_scan (json.h): reading a text to its end with a cursor makes all of the scan's checks,
 * except for json_cursor_likely_member. A string is returned as the bytes between its quotes, a number as its digits
 * and, if it is an integer, its value. An array or object is entered, then read with json_cursor_item or
 * json_cursor_member until there is no more. json_cursor_skip reads over a value of any kind.
 *
 *     if (!json_cursor_value(c, &value)) …
 *     for (;;) {                                   // value.kind is JSON_KIND_OBJECT
 *             if (!json_cursor_member(c, &key, &more)) …
 *             if (!more) break;
 *             if (!json_cursor_value(c, &value)) …   // or json_cursor_skip
 *     }
 *
 * Every function returns false at a fault, with `fault` set; the cursor can't be used any more then. Memory: 16 bytes
 * for each key of the open objects; the limits allow at most `keys` of them.
 */
#ifndef CHAINGATE_JSON_CURSOR_H
#define CHAINGATE_JSON_CURSOR_H

#include "chaingate/arena.h"
#include "chaingate/json.h"
#include "chaingate/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum json_kind {
	JSON_KIND_NULL,
	JSON_KIND_BOOLEAN,
	JSON_KIND_INTEGER, /* without fraction and exponent; it fits int64_t */
	JSON_KIND_REAL,    /* with a fraction or an exponent; it fits a double */
	JSON_KIND_STRING,
	JSON_KIND_ARRAY,
	JSON_KIND_OBJECT,
};

struct json_value {
	enum json_kind kind;
	size_t offset;    /* of its first byte; for a string, of the opening quote */
	struct text raw;  /* of a string, the bytes between its quotes; of a number, all its bytes */
	bool has_escapes; /* of a string: `raw` must still be decoded, see json_value_text */
	bool boolean;
	int64_t integer;
};

/* Limits. Exceeding one is the fault JSON_TOO_MANY. */
struct json_limits {
	size_t values; /* in the whole text; keys aren't values */
	size_t keys;   /* in all objects that are open at the same time */
};

/* For a text that we wrote ourselves, or that is in memory several times already. */
#define JSON_UNLIMITED ((struct json_limits){SIZE_MAX, SIZE_MAX})

struct json_key;

struct json_cursor {
	const char *bytes;
	size_t length;
	struct json_mark {
		size_t at;
		size_t depth;  /* of open arrays and objects */
		bool is_first; /* directly after an opening bracket */
		size_t values; /* so far */
		size_t keys;   /* of open objects, in `keys` */
	} mark;
	struct json_limits limits;
	size_t outer_keys[JSON_DEPTH_MAX + 1]; /* at each depth: how many keys the enclosing objects have */
	struct json_key *keys;
	size_t key_room;
	struct json_fault fault;
};

struct json_cursor json_cursor_make(struct text, struct json_limits);
void json_cursor_release(struct json_cursor *);

/* Reads the next value; of an array or object only the opening bracket. */
bool json_cursor_value(struct json_cursor *, struct json_value *out);
/* In an array: *out_more is true if there is another item. If there is none, the cursor has left the array. */
bool json_cursor_item(struct json_cursor *, bool *out_more);
/* In an object: *out_more is true if there is another member; then *out_key is its key, and the colon has been read.
 * If there is none, the cursor has left the object, and all its keys were different. */
bool json_cursor_member(struct json_cursor *, struct json_value *out_key, bool *out_more);
/* Like json_cursor_member, but faster if the next key is `likely`, which is plain ASCII without quotes, backslashes and
 * controls (empty: no key is). *out_is_likely is true if the key's bytes are those of `likely`; false for any other
 * key, for one with escapes, and if there is no member. If true, the key wasn't compared with the object's other keys:
 * the caller must notice if it comes a second time. */
bool json_cursor_likely_member(struct json_cursor *, struct text likely, struct json_value *out_key, bool *out_more,
			       bool *out_is_likely);

/* Reads over the next value, whole. */
bool json_cursor_skip(struct json_cursor *);
/* Reads over the rest of an array or object that json_cursor_value has just entered. */
bool json_cursor_leave(struct json_cursor *, enum json_kind);

/* After the one value: true if only white space follows. */
bool json_cursor_end(struct json_cursor *);

/* The text of a string: `raw` itself if it has no escapes, else decoded, in the arena. */
struct text json_value_text(struct arena *, const struct json_value *);
/* Compares the text of a string with another, without an arena. */
bool json_value_is(const struct json_value *, struct text);

#endif
