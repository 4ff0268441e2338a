/* reader.h - taking typed values out of a JSON body, strictly, with the place of the first thing that is wrong.
 *
 * Every reading function gives true with a value, or false having complained; the first complaint is kept, and reading
 * ends with it. Texts are copied into the arena, since json-c's go with its tree.
 */
#ifndef CHAINGATE_API_READER_H
#define CHAINGATE_API_READER_H

#include "chaingate/arena.h"
#include "chaingate/deployment.h"
#include "chaingate/json.h"
#include "chaingate/miss.h"
#include "chaingate/text.h"

/* Where a value stands in the body. NULL is the body itself. */
struct json_place {
	const struct json_place *parent;
	const char *key; /* the member of that name; NULL: the item at `index` */
	size_t index;
};

/* A value that has been found to be an object, or for lists an array, and where. */
struct record {
	struct json_object *object;
	const struct json_place *place;
};

/* A value that must be unique, and the index of its item. */
struct unique {
	struct text value;
	size_t index;
};

struct reader {
	struct arena *arena;
	const char *complaint;  /* in the arena; NULL: none yet */
	struct unique *uniques; /* room for read_distinct, kept from one list to the next */
	size_t unique_room;
	struct arena scratch; /* what `uniques` is in */
};

struct reader reader_make(struct arena *);
void reader_release(struct reader *);

/* The complaint as a miss. */
struct miss reader_miss(const struct reader *);

/* Complains, unless somebody did before: "deployments[3].id: is empty". Always false. */
bool reader_complain(struct reader *, const struct json_place *, const char *what);

/* ---- members ---------------------------------------------------------------------------------------------------- */

enum presence {
	REQUIRED, /* there, and not null */
	NULLABLE, /* there, or null */
	OPTIONAL, /* there, null, or left out */
};

/* A text; one that isn't there is empty, with *present (which may be NULL when it is REQUIRED) false. */
bool read_text(struct reader *, struct record, const char *key, enum presence, struct text *out, bool *present);

/* A required text that isn't empty: an id or a name. */
bool read_name(struct reader *, struct record, const char *key, struct text *out);

/* An integer of 0 or more: everything that the API counts. */
bool read_count(struct reader *, struct record, const char *key, int64_t *out);
bool read_optional_count(struct reader *, struct record, const char *key, enum presence, struct optional_integer *out);

/* Likewise, in seconds, few enough that their nanoseconds fit 64 bits. */
bool read_optional_seconds(struct reader *, struct record, const char *key, enum presence,
			   struct optional_integer *out);

/* ISO 8601 with a zone. */
bool read_moment(struct reader *, struct record, const char *key, int64_t *out_wall_ns);

/* ---- objects and lists ------------------------------------------------------------------------------------------ */

/* The body, as an object. */
bool read_body(struct reader *, struct json_object *body, struct record *out);

/* A member that is an object, at `place`, which the caller fills in and which must outlive the record. The record's
 * object is NULL where it needn't be there and isn't. */
bool read_object(struct reader *, struct record, enum presence, const struct json_place *place, struct record *out);

/* A required member that is a list, likewise, and how long it is. */
bool read_list(struct reader *, struct record, const struct json_place *place, struct record *out, size_t *out_count);

/* An item of a list, which must be an object. `place` is filled in. */
bool read_item(struct reader *, struct record list, size_t index, struct json_place *place, struct record *out);

/* Room to collect `count` values in, until the next call. */
struct unique *reader_uniques(struct reader *, size_t count);

/* Are the first `count` of them all different? They are the members `key` of a list's items. n log n. */
bool read_distinct(struct reader *, struct record list, const char *key, size_t count);

#endif
