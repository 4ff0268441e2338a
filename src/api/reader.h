/* reader.h - reads typed values from a JSON body, strictly, and remembers the place of the first mistake.
 *
 * A record (an object of the API's document) is read into a struct by a table of its fields. Members that aren't in the
 * table are scanned and dropped. Every reading function returns true, or false for one of two reasons: the text is
 * invalid (the cursor's fault, JSON_TRUNCATED included), or it is JSON that isn't acceptable (`complaint`: the first
 * reason).
 *
 * Texts point into the body, or into `scratch` if escapes had to be decoded: copy a text to keep it.
 *
 * Values that are kept are read twice: by the cursor, which rejects everything that isn't strict JSON of the right
 * shape, and by json-c, which shares no code with this file. Both must agree on every value.
 */
#ifndef CHAINGATE_API_READER_H
#define CHAINGATE_API_READER_H

#include "chaingate/arena.h"
#include "chaingate/deployment.h"
#include "chaingate/json_cursor.h"
#include "chaingate/miss.h"
#include "chaingate/text.h"

/* Longest id, name or word, in bytes as written. Real ones are under 100. Without a limit, decoding one full of
 * escapes could take as much memory as the body. */
#define READER_TEXT_MAX 1024

/* The place of a value in the body. NULL is the body itself. */
struct json_place {
	const struct json_place *parent;
	const char *key; /* the member's name; NULL: the item at `index` */
	size_t index;
};

/* A value that must be unique, and the index of its item. */
struct unique {
	struct text value;
	size_t index;
};

struct reader {
	struct json_cursor cursor;
	struct arena *arena;    /* for the complaint */
	const char *complaint;  /* NULL: none yet */
	struct arena scratch;   /* texts that had escapes, decoded */
	struct unique *uniques; /* room for read_distinct, reused for the next list */
	size_t unique_room;

	/* The parts of the item that json-c reads. It doesn't see the members that aren't in the table. */
	struct text *pieces;
	size_t piece_count, piece_room;
	size_t piece_from;        /* where the next piece begins in the body */
	size_t values;            /* the cursor's count of values when the item began */
	size_t hidden;            /* how many values since then json-c doesn't see */
	struct paging *paging;    /* adds what members say that aren't in a record's table; NULL: they are skipped */
	struct json_object *tree; /* json-c's: texts of a confirmed record point into it */
};

struct reader reader_make(struct arena *, struct text body, struct json_limits);
void reader_release(struct reader *);

/* Why reading ended: the fault or the complaint, as a miss with its texts in the arena. */
struct miss reader_miss(const struct reader *);

/* Sets the complaint, unless there is one already: "deployments[3].id: is empty". Always returns false. */
bool reader_complain(struct reader *, const struct json_place *, const char *what);

/* ---- records ---------------------------------------------------------------------------------------------------- */

enum presence {
	REQUIRED, /* present and not null */
	NULLABLE, /* present, perhaps null */
	OPTIONAL, /* present, null, or absent */
};

enum field_type {
	FIELD_TEXT,             /* struct text; `bytes` is NULL if it is null or absent */
	FIELD_NAME,             /* struct text that isn't empty: an id or a name */
	FIELD_MOMENT,           /* int64_t, wall, in ns: ISO 8601 with a zone */
	FIELD_INTEGER,          /* int64_t, negative ones included: see deployment.h */
	FIELD_OPTIONAL_INTEGER, /* struct optional_integer */
	FIELD_OPTIONAL_BOOLEAN, /* struct optional_boolean */
	FIELD_OBJECT,           /* an object, read by `nested`, which isn't called for null */
	FIELD_NOTED_OBJECT,     /* an object that may be absent; bool: it is there, or null is */
	FIELD_LIST,             /* an array, read by `nested`, which isn't called for null */
};

/* Reads a field that is an object or array. `record` is the struct that has the field. */
struct nested {
	/* Reads an object or array that has just been entered, to its end. */
	bool (*read)(struct reader *, const struct json_place *, void *record);
	/* Compares the result with json-c's value (NULL for null), and keeps json-c's. */
	bool (*confirm)(struct reader *, const struct json_place *, struct json_object *, void *record);
};

struct field {
	const char *name;
	size_t name_length; /* FIELD_NAMED gives both */
	enum field_type type;
	enum presence presence;
	size_t offset; /* in the struct that is read into; not used for FIELD_OBJECT and FIELD_LIST */
	const struct nested *nested;
};

/* The beginning of a field in a table: its name, plain ASCII as in the API's document, and the name's length. */
#define FIELD_NAMED(name) name, sizeof(name) - 1

/* Most fields of a record: read_record has a bit for each, to notice one that is repeated or missing. */
#define FIELDS_MAX 32

/* Reads an object that has just been entered, to its end, into `record`. Absent fields stay unchanged. */
bool read_record(struct reader *, const struct json_place *, const struct field *, size_t count, void *record);
#define READ_RECORD(reader, place, fields, record) \
	read_record((reader), (place), (fields), \
		    sizeof(char[sizeof(fields) / sizeof *(fields) <= FIELDS_MAX ? 1 : -1]) * sizeof(fields) / \
			    sizeof *(fields), \
		    (record))

/* Reads a value and enters it. It must be of the given kind, object or array. */
bool read_entry(struct reader *, const struct json_place *, enum json_kind);

/* ---- the second reader ------------------------------------------------------------------------------------------ */

/* Call after entering an object that reader_confirm will check. Returns its offset. */
size_t reader_begin(struct reader *);

/* Call after read_record has read that object into `record`. Lets json-c read it again. If both agree, the record's
 * texts point into json-c's tree, until the next call. Complains if json-c rejects it or reads anything else. */
bool reader_confirm(struct reader *, const struct json_place *, const struct field *, size_t count, void *record);
#define READER_CONFIRM(reader, place, fields, record) \
	reader_confirm((reader), (place), (fields), sizeof(fields) / sizeof *(fields), (record))

/* Like reader_confirm, for an object inside json-c's tree, such as one that a `nested` gets. */
bool confirm_record(struct reader *, const struct json_place *, struct json_object *, const struct field *,
		    size_t count, void *record);
#define CONFIRM_RECORD(reader, place, object, fields, record) \
	confirm_record((reader), (place), (object), (fields), sizeof(fields) / sizeof *(fields), (record))

/* Complains that the two readers disagree. Always returns false. */
bool reader_disagree(struct reader *, const struct json_place *);

/* Enters the next item of a list, which must be an object. *more is false if there is none. */
bool read_item(struct reader *, const struct json_place *, bool *more);

/* `items`, from malloc or NULL, with room for `room` items of that size. If memory runs out, the program ends. */
void *reader_grow(void *items, size_t room, size_t size);

/* Room for `count` values, valid until the next call. */
struct unique *reader_uniques(struct reader *, size_t count);

/* True if the first `count` values are all different. They are the values of the member `key` in the items of that
 * list. O(n log n). */
bool read_distinct(struct reader *, const struct json_place *list, const char *key, size_t count);

#endif
