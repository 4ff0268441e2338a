/* reader.c - see reader.h.
 */
#include "reader.h"

#include "chaingate/api.h"
#include "chaingate/buf.h"
#include "chaingate/times.h"
#include "quote.h"

#include <stdlib.h>

/* Most bytes of a value that a complaint quotes: with the longest path and words it stays below API_DETAIL_MAX. */
#define QUOTED_MAX 60

/* ---- complaining ------------------------------------------------------------------------------------------------ */

struct reader reader_make(struct arena *arena)
{
	return (struct reader){.arena = arena};
}

void reader_release(struct reader *r)
{
	arena_release(&r->scratch);
	*r = (struct reader){0};
}

struct miss reader_miss(const struct reader *r)
{
	return (struct miss){.cause = MISS_MALFORMED, .detail = text_of(r->complaint)};
}

/* "deployments[3].id". Recurses once for each level of the API's own nesting. */
static void add_place(struct buf *buf, const struct json_place *place)
{
	if (place->parent)
		add_place(buf, place->parent);
	if (place->key)
		buf_printf(buf, "%s%s", place->parent ? "." : "", place->key);
	else
		buf_printf(buf, "[%zu]", place->index);
}

bool reader_complain(struct reader *r, const struct json_place *place, const char *what)
{
	if (r->complaint)
		return false;
	struct buf words = buf_make(API_DETAIL_MAX);
	if (place)
		add_place(&words, place);
	buf_add_string(&words, place ? ": " : "the body ");
	buf_add_string(&words, what);
	r->complaint = arena_string(r->arena, buf_string(&words));
	buf_release(&words);
	return false;
}

static bool complain_of_value(struct reader *r, const struct json_place *place, const char *before, struct text value,
			      const char *after)
{
	struct buf words = buf_make(API_DETAIL_MAX);
	buf_add_string(&words, before);
	buf_add_byte(&words, '\'');
	quote_value(&words, value, QUOTED_MAX);
	buf_add_byte(&words, '\'');
	buf_add_string(&words, after);
	reader_complain(r, place, buf_string(&words));
	buf_release(&words);
	return false;
}

/* ---- types ------------------------------------------------------------------------------------------------------ */

static const char *type_name(enum json_type type)
{
	switch (type) {
	case json_type_null: return "null";
	case json_type_boolean: return "a boolean";
	case json_type_double:
	case json_type_int: return "a number";
	case json_type_object: return "an object";
	case json_type_array: return "an array";
	case json_type_string: return "a string";
	}
	return "something else";
}

static bool complain_of_type(struct reader *r, const struct json_place *place, enum json_type is,
			     enum json_type should_be)
{
	const char *wanted = should_be == json_type_int ? "an integer" : type_name(should_be);
	const char *got = is == json_type_double ? "a number with a fraction or exponent" : type_name(is);
	return reader_complain(r, place, arena_printf(r->arena, "is %s, should be %s", got, wanted));
}

/* The member at `place`, of that type. NULL with true where it needn't be there. */
static bool find(struct reader *r, struct json_object *object, const struct json_place *place, enum presence presence,
		 enum json_type type, struct json_object **out)
{
	struct json_object *value = NULL;
	if (!json_object_object_get_ex(object, place->key, &value)) {
		if (presence != OPTIONAL)
			return reader_complain(r, place, "is missing");
	} else if (!value ? presence == REQUIRED : !json_object_is_type(value, type)) {
		return complain_of_type(r, place, json_object_get_type(value), type);
	}
	*out = value;
	return true;
}

/* ---- members ---------------------------------------------------------------------------------------------------- */

static struct json_place member_place(struct record record, const char *key)
{
	return (struct json_place){.parent = record.place, .key = key};
}

bool read_text(struct reader *r, struct record record, const char *key, enum presence presence, struct text *out,
	       bool *present)
{
	struct json_place place = member_place(record, key);
	struct json_object *value = NULL;
	struct text text = {0};
	if (!find(r, record.object, &place, presence, json_type_string, &value))
		return false;
	if (value)
		text = (struct text){json_object_get_string(value), (size_t)json_object_get_string_len(value)};
	*out = arena_text(r->arena, text);
	if (present)
		*present = value != NULL;
	return true;
}

bool read_name(struct reader *r, struct record record, const char *key, struct text *out)
{
	struct json_place place = member_place(record, key);
	struct text text;
	if (!read_text(r, record, key, REQUIRED, &text, NULL))
		return false;
	if (text.length == 0)
		return reader_complain(r, &place, "is empty");
	*out = text;
	return true;
}

bool read_optional_count(struct reader *r, struct record record, const char *key, enum presence presence,
			 struct optional_integer *out)
{
	struct json_place place = member_place(record, key);
	struct json_object *value = NULL;
	struct optional_integer count = {0};
	if (!find(r, record.object, &place, presence, json_type_int, &value))
		return false;
	if (value)
		count = (struct optional_integer){true, json_object_get_int64(value)};
	if (count.value < 0)
		return reader_complain(r, &place, "is negative");
	*out = count;
	return true;
}

bool read_count(struct reader *r, struct record record, const char *key, int64_t *out)
{
	struct optional_integer count;
	if (!read_optional_count(r, record, key, REQUIRED, &count))
		return false;
	*out = count.value;
	return true;
}

bool read_optional_seconds(struct reader *r, struct record record, const char *key, enum presence presence,
			   struct optional_integer *out)
{
	struct json_place place = member_place(record, key);
	struct optional_integer seconds;
	if (!read_optional_count(r, record, key, presence, &seconds))
		return false;
	if (seconds.value > INT64_MAX / NS_PER_S)
		return reader_complain(r, &place, "is more seconds than anything takes");
	*out = seconds;
	return true;
}

bool read_moment(struct reader *r, struct record record, const char *key, int64_t *out_wall_ns)
{
	struct json_place place = member_place(record, key);
	struct json_object *value = NULL;
	if (!find(r, record.object, &place, REQUIRED, json_type_string, &value))
		return false;
	struct text text = {json_object_get_string(value), (size_t)json_object_get_string_len(value)};
	return moment_parse(text, out_wall_ns) ||
	       complain_of_value(r, &place, "is ", text, ", should be a date and time with a zone");
}

/* ---- objects and lists ------------------------------------------------------------------------------------------ */

bool read_body(struct reader *r, struct json_object *body, struct record *out)
{
	if (!json_object_is_type(body, json_type_object))
		return complain_of_type(r, NULL, json_object_get_type(body), json_type_object);
	*out = (struct record){.object = body};
	return true;
}

bool read_object(struct reader *r, struct record record, enum presence presence, const struct json_place *place,
		 struct record *out)
{
	struct json_object *value = NULL;
	if (!find(r, record.object, place, presence, json_type_object, &value))
		return false;
	*out = (struct record){value, place};
	return true;
}

bool read_list(struct reader *r, struct record record, const struct json_place *place, struct record *out,
	       size_t *out_count)
{
	struct json_object *value = NULL;
	if (!find(r, record.object, place, REQUIRED, json_type_array, &value))
		return false;
	*out = (struct record){value, place};
	*out_count = json_object_array_length(value);
	return true;
}

bool read_item(struct reader *r, struct record list, size_t index, struct json_place *place, struct record *out)
{
	struct json_object *value = json_object_array_get_idx(list.object, index);
	*place = (struct json_place){.parent = list.place, .index = index};
	if (!json_object_is_type(value, json_type_object))
		return complain_of_type(r, place, json_object_get_type(value), json_type_object);
	*out = (struct record){value, place};
	return true;
}

/* ---- unique values ---------------------------------------------------------------------------------------------- */

struct unique *reader_uniques(struct reader *r, size_t count)
{
	if (count > r->unique_room) {
		arena_clear(&r->scratch);
		r->uniques = ARENA_ARRAY(&r->scratch, struct unique, count);
		r->unique_room = count;
	}
	return r->uniques;
}

static int compare_uniques(const void *left, const void *right)
{
	const struct unique *a = left, *b = right;
	int order = text_compare(a->value, b->value);
	return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

bool read_distinct(struct reader *r, struct record list, const char *key, size_t count)
{
	const struct unique *first = NULL; /* of the values that were there before, the earliest in the body */
	if (count > 1)
		qsort(r->uniques, count, sizeof *r->uniques, compare_uniques);
	for (size_t i = 1; i < count; i++) {
		const struct unique *unique = &r->uniques[i];
		if (text_equal(unique->value, unique[-1].value) && (!first || unique->index < first->index))
			first = unique;
	}
	if (!first)
		return true;
	struct json_place item = {.parent = list.place, .index = first->index};
	struct json_place place = {.parent = &item, .key = key};
	return complain_of_value(r, &place, "is ", first->value,
				 arena_printf(r->arena, ", as that of [%zu] is", first[-1].index));
}
