/* reader.h - taking typed values out of a JSON body, strictly, with the place of the first thing that is wrong.
 *
 * A record (an object of the API's document) is read into a struct by a table of its fields. Members that the table doesn't
 * have are scanned and forgotten. Every reading function gives true, or false for one of two reasons: the text is at fault
 * (the cursor's fault, JSON_TRUNCATED among them), or it is JSON that can't be believed (`complaint`, the first).
 *
 * Texts point into the body, or, where escapes had to be decoded, into `scratch`: whoever keeps one copies it.
 *
 * What is kept is read twice: by the cursor, which refuses everything that isn't strict JSON of the right shape, and by
 * json-c, which knows nothing of this file. Two readers that don't share a line of code must agree on every value.
 */
#ifndef CHAINGATE_API_READER_H
#define CHAINGATE_API_READER_H

#include "chaingate/arena.h"
#include "chaingate/deployment.h"
#include "chaingate/json_cursor.h"
#include "chaingate/miss.h"
#include "chaingate/text.h"

/* Longest id, name or word, in bytes as written. Real ones are under 100; without a limit, decoding one full of escapes could
 * take as much memory as the body. */
#define READER_TEXT_MAX 1024

/* Where a value stands in the body. NULL is the body itself. */
struct json_place {
	const struct json_place *parent;
	const char *key; /* the member of that name; NULL: the item at `index` */
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
	struct arena scratch;   /* texts that had escapes */
	struct unique *uniques; /* room for read_distinct, kept from one list to the next */
	size_t unique_room;

	/* What json-c is given of the item: all but the members that are in no table. */
	struct text *pieces;
	size_t piece_count, piece_room;
	size_t piece_from;        /* where the next piece begins in the body */
	size_t values;            /* of the cursor, when the item began … */
	size_t hidden;            /* … and how many of those since then json-c doesn't see */
	struct json_object *tree; /* json-c's: texts of a confirmed record point into it */
};

struct reader reader_make(struct arena *, struct text body, struct json_limits);
void reader_release(struct reader *);

/* Why reading ended: the fault, or the complaint, as a miss with its texts in the arena. */
struct miss reader_miss(const struct reader *);

/* Complains, unless somebody did before: "deployments[3].id: is empty". Always false. */
bool reader_complain(struct reader *, const struct json_place *, const char *what);

/* ---- records ---------------------------------------------------------------------------------------------------- */

enum presence {
	REQUIRED, /* there, and not null */
	NULLABLE, /* there, or null */
	OPTIONAL, /* there, null, or left out */
};

enum field_type {
	FIELD_TEXT,             /* struct text; `bytes` is NULL where it is null or left out */
	FIELD_NAME,             /* struct text that isn't empty: an id or a name */
	FIELD_MOMENT,           /* int64_t, wall, in ns: ISO 8601 with a zone */
	FIELD_INTEGER,          /* int64_t, negative ones included: see deployment.h */
	FIELD_OPTIONAL_INTEGER, /* struct optional_integer */
	FIELD_OBJECT,           /* whatever `nested` reads; not called for null */
	FIELD_LIST,             /* likewise */
};

/* How an object or array is read that is a field. `record` is the struct that has the field. */
struct nested {
	/* Reads one that has just been entered, to its end. */
	bool (*read)(struct reader *, const struct json_place *, void *record);
	/* Compares what was read with json-c's value, NULL for null, and takes that. */
	bool (*confirm)(struct reader *, const struct json_place *, struct json_object *, void *record);
};

struct field {
	const char *name;
	enum field_type type;
	enum presence presence;
	size_t offset; /* in the struct that is read into; of no use for an object or a list */
	const struct nested *nested;
};

/* Most fields of a record. */
#define FIELDS_MAX 32

/* Reads an object that has just been entered, to its end, into `record`. What isn't there stays as it is. */
bool read_record(struct reader *, const struct json_place *, const struct field *, size_t count, void *record);
#define READ_RECORD(reader, place, fields, record) \
	read_record((reader), (place), (fields), sizeof(fields) / sizeof *(fields), (record))

/* Reads a value and enters it: it must be of that kind, object or array. */
bool read_entry(struct reader *, const struct json_place *, enum json_kind);

/* ---- the second reader ------------------------------------------------------------------------------------------ */

/* An object has just been entered of which json-c will be asked when it has been read. Gives its offset. */
size_t reader_begin(struct reader *);

/* That object was read to its end, by read_record into `record`. Has json-c read it again; where both agree, the record's texts are those of
 * json-c's tree, until the next call. Complains where json-c refuses it or reads anything else. */
bool reader_confirm(struct reader *, const struct json_place *, const struct field *, size_t count, void *record);
#define READER_CONFIRM(reader, place, fields, record) \
	reader_confirm((reader), (place), (fields), sizeof(fields) / sizeof *(fields), (record))

/* The same for an object of json-c's tree that is within. */
bool confirm_record(struct reader *, const struct json_place *, struct json_object *, const struct field *,
		    size_t count, void *record);
#define CONFIRM_RECORD(reader, place, object, fields, record) \
	confirm_record((reader), (place), (object), (fields), sizeof(fields) / sizeof *(fields), (record))

/* Always false. */
bool reader_disagree(struct reader *, const struct json_place *);

/* The same for the next item of a list, an object. *more is false where there is none. */
bool read_item(struct reader *, const struct json_place *, bool *more);

/* A value that isn't of the kind it should be. Always false. */
bool reader_complain_of_kind(struct reader *, const struct json_place *, enum json_kind is, enum json_kind should_be);

/* Room to collect `count` values in, until the next call. */
struct unique *reader_uniques(struct reader *, size_t count);

/* Are the first `count` of them all different? They are the members `key` of the items of the list at that place. n log n. */
bool read_distinct(struct reader *, const struct json_place *list, const char *key, size_t count);

#endif
