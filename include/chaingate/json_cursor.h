/* json_cursor.h - strict JSON, read value by value. Nothing is built, and nothing is copied.
 *
 * As strict as json_scan (json.h): whoever reads a text to its end with a cursor has scanned it. A string is given as the
 * bytes between its quotes, a number by its digits and, when it is an integer, by its value; an array or object is
 * entered, and then read by json_cursor_item or json_cursor_member until there is no more; json_cursor_skip reads a value
 * of any kind and forgets it.
 *
 *     if (!json_cursor_value(c, &value)) …
 *     for (;;) {                                   // value.kind is JSON_KIND_OBJECT
 *             if (!json_cursor_member(c, &key, &more)) …
 *             if (!more) break;
 *             if (!json_cursor_value(c, &value)) …   // or json_cursor_skip
 *     }
 *
 * Every function gives false when the text is at fault there, with `fault`; the cursor is of no use then. Memory: 16 bytes
 * for each key of the objects that are open, of at most as many keys as the limits allow.
 *
 * A text may still be growing: JSON_TRUNCATED then says that what was asked for isn't all there yet. Restore the cursor's
 * mark, and ask again when there is more; nothing in the cursor points into the text but `bytes`, which may be replaced.
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
	JSON_KIND_REAL,    /* with; it fits a double */
	JSON_KIND_STRING,
	JSON_KIND_ARRAY,
	JSON_KIND_OBJECT,
};

struct json_value {
	enum json_kind kind;
	size_t offset;    /* of its first byte, for a string the quote */
	struct text raw;  /* of a string, the bytes between its quotes; of a number, all of it */
	bool has_escapes; /* of a string: `raw` isn't its text yet, see json_value_text */
	bool boolean;
	int64_t integer;
};

/* How much there may be. A limit that is reached is the fault JSON_TOO_MANY. */
struct json_limits {
	size_t values; /* in the whole text; keys aren't values */
	size_t keys;   /* in all the objects that are open at the same time */
};

/* For a text that is ours, or that is in memory several times over already. */
#define JSON_UNLIMITED ((struct json_limits){SIZE_MAX, SIZE_MAX})

struct json_key;

struct json_cursor {
	const char *bytes;
	size_t length;
	struct json_mark {
		size_t at;
		size_t depth;  /* of open arrays and objects */
		bool is_first; /* directly behind an opening bracket */
		size_t values; /* so far */
		size_t keys;   /* of open objects, in `keys` */
	} mark;
	struct json_limits limits;
	size_t outer_keys[JSON_DEPTH_MAX + 1]; /* how many keys the objects around the one at that depth have */
	struct json_key *keys;
	size_t key_room;
	struct json_fault fault;
};

/* Life. */
struct json_cursor json_cursor_make(struct text, struct json_limits);
void json_cursor_release(struct json_cursor *);

/* The next value; of an array or object only the opening bracket. */
bool json_cursor_value(struct json_cursor *, struct json_value *out);
/* In an array: is there another item? Without one, the array is left. */
bool json_cursor_item(struct json_cursor *, bool *out_more);
/* In an object: is there another member, and its key, with the colon. Without one, the object is left, and its keys were all different. */
bool json_cursor_member(struct json_cursor *, struct json_value *out_key, bool *out_more);

/* The next value, whole. */
bool json_cursor_skip(struct json_cursor *);
/* The rest of an array or object that json_cursor_value has just entered. */
bool json_cursor_leave(struct json_cursor *, enum json_kind);

/* Behind the one value: nothing but white space. */
bool json_cursor_end(struct json_cursor *);

/* A string's text: `raw` itself where there are no escapes, else decoded, in the arena. */
struct text json_value_text(struct arena *, const struct json_value *);
/* The same question without an arena: is it that text? */
bool json_value_is(const struct json_value *, struct text);

#endif
