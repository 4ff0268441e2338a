/* reader.c - see reader.h.
 */
#include "reader.h"

#include "paging.h"

#include "answer.h"
#include "chaingate/buf.h"
#include "chaingate/times.h"
#include "quote.h"

#include <stdlib.h>
#include <string.h>

/* Longest value that a complaint quotes, in bytes: with the longest path and words it fits API_DETAIL_MAX. */
#define QUOTED_MAX 60

/* ---- errors ----------------------------------------------------------------------------------------------------- */

struct reader reader_make(struct arena *arena, struct text body, struct json_limits limits)
{
	return (struct reader){.cursor = json_cursor_make(body, limits), .arena = arena};
}

void reader_release(struct reader *r)
{
	json_cursor_release(&r->cursor);
	arena_release(&r->scratch);
	free(r->uniques);
	free(r->pieces);
	json_object_put(r->tree);
	*r = (struct reader){0};
}

struct miss reader_miss(const struct reader *r)
{
	if (r->complaint)
		return (struct miss){.cause = MISS_MALFORMED, .detail = text_of(r->complaint)};
	return answer_malformed(r->arena, (struct text){r->cursor.bytes, r->cursor.length}, r->cursor.fault);
}

/* Writes "deployments[3].id". Recurses once for each level of the API's own nesting. */
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

/* ---- kinds ------------------------------------------------------------------------------------------------------ */

static const char *kind_name(enum json_kind kind)
{
	switch (kind) {
	case JSON_KIND_NULL: return "null";
	case JSON_KIND_BOOLEAN: return "a boolean";
	case JSON_KIND_INTEGER:
	case JSON_KIND_REAL: return "a number";
	case JSON_KIND_STRING: return "a string";
	case JSON_KIND_ARRAY: return "an array";
	case JSON_KIND_OBJECT: return "an object";
	}
	return "something else";
}

static bool complain_of_kind(struct reader *r, const struct json_place *place, enum json_kind is,
			     enum json_kind should_be)
{
	bool wants_integer = should_be == JSON_KIND_INTEGER;
	const char *got =
		wants_integer && is == JSON_KIND_REAL ? "a number with a fraction or exponent" : kind_name(is);
	const char *wanted = wants_integer ? "an integer" : kind_name(should_be);
	return reader_complain(r, place, arena_printf(r->arena, "is %s, should be %s", got, wanted));
}

static enum json_kind kind_of(enum field_type type)
{
	switch (type) {
	case FIELD_TEXT:
	case FIELD_NAME:
	case FIELD_MOMENT: return JSON_KIND_STRING;
	case FIELD_INTEGER:
	case FIELD_OPTIONAL_INTEGER: return JSON_KIND_INTEGER;
	case FIELD_OPTIONAL_BOOLEAN: return JSON_KIND_BOOLEAN;
	case FIELD_OBJECT:
	case FIELD_NOTED_OBJECT: return JSON_KIND_OBJECT;
	case FIELD_LIST: return JSON_KIND_ARRAY;
	}
	return JSON_KIND_NULL;
}

/* ---- fields ----------------------------------------------------------------------------------------------------- */

static struct text field_name(const struct field *field)
{
	return (struct text){field->name, field->name_length};
}

/* The tables and the API's answers have the order of the API's document, so `likely` is the index to try first. */
static size_t find_field(const struct field *fields, size_t count, size_t likely, const struct json_value *key)
{
	for (size_t i = 0; i < count; i++) {
		size_t index = (likely + i) % count;
		if (json_value_is(key, field_name(&fields[index])))
			return index;
	}
	return count;
}

static bool store_text(struct reader *r, const struct json_place *place, const struct field *field,
		       const struct json_value *value, char *where)
{
	bool is_long = value->raw.length > READER_TEXT_MAX;
	if (is_long && field->type != FIELD_MOMENT)
		return reader_complain(r, place, arena_printf(r->arena, "is longer than %d bytes", READER_TEXT_MAX));
	struct text text = is_long ? value->raw : json_value_text(&r->scratch, value);
	if (field->type == FIELD_NAME && text.length == 0)
		return reader_complain(r, place, "is empty");
	if (field->type != FIELD_MOMENT)
		*(struct text *)(void *)where = text;
	else if (!moment_parse(text, (int64_t *)(void *)where))
		return complain_of_value(r, place, "is ", text, ", should be a date and time with a zone");
	return true;
}

static bool store_integer(const struct field *field, const struct json_value *value, char *where)
{
	if (field->type == FIELD_INTEGER)
		*(int64_t *)(void *)where = value->integer;
	else
		*(struct optional_integer *)(void *)where = (struct optional_integer){true, value->integer};
	return true;
}

static bool store_boolean(const struct json_value *value, char *where)
{
	*(struct optional_boolean *)(void *)where = (struct optional_boolean){true, value->boolean};
	return true;
}

static bool read_field(struct reader *r, const struct json_place *place, const struct field *field, void *record)
{
	struct json_value value;
	char *where = (char *)record + field->offset;
	if (!json_cursor_value(&r->cursor, &value))
		return false;
	if (field->type == FIELD_NOTED_OBJECT)
		*(bool *)(void *)where = true;
	if (value.kind == JSON_KIND_NULL && field->presence != REQUIRED)
		return true;
	if (value.kind != kind_of(field->type))
		return complain_of_kind(r, place, value.kind, kind_of(field->type));
	switch (field->type) {
	case FIELD_TEXT:
	case FIELD_NAME:
	case FIELD_MOMENT: return store_text(r, place, field, &value, where);
	case FIELD_INTEGER:
	case FIELD_OPTIONAL_INTEGER: return store_integer(field, &value, where);
	case FIELD_OPTIONAL_BOOLEAN: return store_boolean(&value, where);
	case FIELD_OBJECT:
	case FIELD_NOTED_OBJECT:
	case FIELD_LIST: return field->nested->read(r, place, record);
	}
	return false;
}

void *reader_grow(void *items, size_t room, size_t size)
{
	void *moved = room <= SIZE_MAX / size ? realloc(items, room * size) : NULL;
	if (!moved)
		memory_exhausted();
	return moved;
}

static void add_piece(struct reader *r, struct text piece)
{
	if (r->piece_count == r->piece_room) {
		r->piece_room = r->piece_room ? r->piece_room * 2 : 64;
		r->pieces = reader_grow(r->pieces, r->piece_room, sizeof *r->pieces);
	}
	r->pieces[r->piece_count++] = piece;
}

/* Adds the body from `piece_from` to `until` as a piece for json-c. */
static void end_piece(struct reader *r, size_t until)
{
	add_piece(r, (struct text){r->cursor.bytes + r->piece_from, until - r->piece_from});
}

/* Members that aren't in the table may be of any size. json-c sees a 0 with an empty key in place of such a member,
 * or of several adjacent ones; an object with several of these keeps one. */
enum skipped { SKIPPED_NONE, SKIPPED_BEFORE, SKIPPED_LAST };

static bool skip_member(struct reader *r, const struct json_value *key, enum skipped *skipped)
{
	size_t before = r->cursor.mark.values + (*skipped == SKIPPED_NONE ? 1 : 0);
	if (!(r->paging ? paging_read_aside(&r->cursor, key, r->paging) : json_cursor_skip(&r->cursor)))
		return false;
	if (*skipped != SKIPPED_LAST) {
		end_piece(r, key->offset);
		add_piece(r, TEXT("\"\":0"));
	}
	*skipped = SKIPPED_LAST;
	r->piece_from = r->cursor.mark.at;
	r->hidden += r->cursor.mark.values - before;
	return true;
}

/* The cursor finds only repeated members that aren't in the table. */
static bool fail_twice(struct reader *r, const struct json_value *key)
{
	r->cursor.fault = (struct json_fault){JSON_DUPLICATE_KEY, key->offset};
	return false;
}

bool read_record(struct reader *r, const struct json_place *place, const struct field *fields, size_t count,
		 void *record)
{
	uint32_t seen = 0;
	enum skipped skipped = SKIPPED_NONE;
	for (size_t likely = 0;;) {
		struct json_value key;
		bool more, is_likely;
		struct text next = likely < count ? field_name(&fields[likely]) : (struct text){0};
		if (!json_cursor_likely_member(&r->cursor, next, &key, &more, &is_likely))
			return false;
		if (!more)
			break;
		size_t index = is_likely ? likely : find_field(fields, count, likely, &key);
		if (index == count) {
			if (!skip_member(r, &key, &skipped))
				return false;
			continue;
		}
		if (seen >> index & 1)
			return fail_twice(r, &key);
		seen |= UINT32_C(1) << index;
		struct json_place member = {.parent = place, .key = fields[index].name};
		if (!read_field(r, &member, &fields[index], record))
			return false;
		likely = index + 1;
		if (skipped == SKIPPED_LAST)
			skipped = SKIPPED_BEFORE;
	}
	for (size_t i = 0; i < count; i++) {
		struct json_place member = {.parent = place, .key = fields[i].name};
		if (fields[i].presence != OPTIONAL && !(seen >> i & 1))
			return reader_complain(r, &member, "is missing");
	}
	return true;
}

bool read_entry(struct reader *r, const struct json_place *place, enum json_kind kind)
{
	struct json_value value;
	return json_cursor_value(&r->cursor, &value) &&
	       (value.kind == kind || complain_of_kind(r, place, value.kind, kind));
}

bool read_item(struct reader *r, const struct json_place *place, bool *more)
{
	return json_cursor_item(&r->cursor, more) && (!*more || read_entry(r, place, JSON_KIND_OBJECT));
}

/* ---- the second reader ------------------------------------------------------------------------------------------ */

bool reader_disagree(struct reader *r, const struct json_place *place)
{
	return reader_complain(r, place, "is read differently by the scan and by json-c, so the body is rejected");
}

/* True if the value is a string; *out is its text. */
static bool is_string(struct json_object *value, struct text *out)
{
	if (!json_object_is_type(value, json_type_string))
		return false;
	*out = (struct text){json_object_get_string(value), (size_t)json_object_get_string_len(value)};
	return true;
}

static bool is_integer(struct json_object *value, int64_t integer)
{
	return json_object_is_type(value, json_type_int) && json_object_get_int64(value) == integer;
}

static bool is_boolean(struct json_object *value, bool boolean)
{
	return json_object_is_type(value, json_type_boolean) && json_object_get_boolean(value) == boolean;
}

static bool confirm_text(struct json_object *value, struct text *text)
{
	struct text again = {0};
	if (value && !is_string(value, &again))
		return false;
	if ((again.bytes == NULL) != (text->bytes == NULL) || !text_equal(again, *text))
		return false;
	*text = again;
	return true;
}

static bool confirm_moment(struct json_object *value, int64_t ns)
{
	struct text text;
	int64_t again;
	return is_string(value, &text) && moment_parse(text, &again) && again == ns;
}

static bool confirm_field(struct reader *r, const struct json_place *place, const struct field *field,
			  struct json_object *value, void *record)
{
	void *where = (char *)record + field->offset;
	const struct optional_integer *optional = where;
	const struct optional_boolean *choice = where;
	bool agrees = false;
	switch (field->type) {
	case FIELD_TEXT:
	case FIELD_NAME: agrees = confirm_text(value, where); break;
	case FIELD_MOMENT: agrees = confirm_moment(value, *(int64_t *)where); break;
	case FIELD_INTEGER: agrees = is_integer(value, *(int64_t *)where); break;
	case FIELD_OPTIONAL_INTEGER: agrees = optional->present ? is_integer(value, optional->value) : !value; break;
	case FIELD_OPTIONAL_BOOLEAN: agrees = choice->present ? is_boolean(value, choice->value) : !value; break;
	case FIELD_OBJECT:
	case FIELD_NOTED_OBJECT:
	case FIELD_LIST: return field->nested->confirm(r, place, value, record);
	}
	return agrees || reader_disagree(r, place);
}

bool confirm_record(struct reader *r, const struct json_place *place, struct json_object *object,
		    const struct field *fields, size_t count, void *record)
{
	if (!json_object_is_type(object, json_type_object))
		return reader_disagree(r, place);
	for (size_t i = 0; i < count; i++) {
		struct json_place member = {.parent = place, .key = fields[i].name};
		struct json_object *value = NULL;
		bool is_there = json_object_object_get_ex(object, fields[i].name, &value);
		const bool *noted = (const void *)((const char *)record + fields[i].offset);
		if (!is_there && fields[i].presence != OPTIONAL)
			return reader_disagree(r, &member);
		if (fields[i].type == FIELD_NOTED_OBJECT && *noted != is_there)
			return reader_disagree(r, &member);
		if (!confirm_field(r, &member, &fields[i], value, record))
			return false;
	}
	return true;
}

size_t reader_begin(struct reader *r)
{
	r->piece_count = 0;
	r->piece_from = r->cursor.mark.at - 1;
	r->values = r->cursor.mark.values - 1;
	r->hidden = 0;
	return r->piece_from;
}

bool reader_confirm(struct reader *r, const struct json_place *place, const struct field *fields, size_t count,
		    void *record)
{
	end_piece(r, r->cursor.mark.at);
	json_object_put(r->tree);
	r->tree = NULL;
	if (!json_build(r->pieces, r->piece_count, r->cursor.mark.values - r->values - r->hidden, &r->tree))
		return reader_disagree(r, place);
	return confirm_record(r, place, r->tree, fields, count, record);
}

/* ---- unique values ---------------------------------------------------------------------------------------------- */

/* Up to this many values, comparing each with each is cheaper than sorting. */
#define FEW_UNIQUES 32

struct unique *reader_uniques(struct reader *r, size_t count)
{
	if (count > r->unique_room) {
		free(r->uniques);
		r->uniques = calloc(count, sizeof *r->uniques);
		if (!r->uniques)
			memory_exhausted();
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

/* Gives different tags to most different texts: it uses the length and the last bytes. */
static uint64_t make_tag(struct text text)
{
	uint64_t tag = 0;
	size_t count = text.length < sizeof tag ? text.length : sizeof tag;
	memcpy(&tag, text.bytes + text.length - count, count);
	return tag ^ (uint64_t)text.length << 56;
}

/* Finds two equal ones of a few values, comparing each with each. */
static bool find_twice_of_few(const struct unique *uniques, size_t count, struct unique *out, size_t *out_before)
{
	uint64_t tags[FEW_UNIQUES];
	for (size_t i = 0; i < count; i++) {
		tags[i] = make_tag(uniques[i].value);
		for (size_t j = 0; j < i; j++)
			if (tags[i] == tags[j] && text_equal(uniques[i].value, uniques[j].value)) {
				*out = uniques[i];
				*out_before = uniques[j].index;
				return true;
			}
	}
	return false;
}

/* Finds the first value in the body that equals an earlier one, and the index of that earlier one. */
static bool find_twice(struct unique *uniques, size_t count, struct unique *out, size_t *out_before)
{
	*out = (struct unique){.index = SIZE_MAX};
	if (count <= FEW_UNIQUES)
		return find_twice_of_few(uniques, count, out, out_before);
	qsort(uniques, count, sizeof *uniques, compare_uniques);
	for (size_t i = 1; i < count; i++)
		if (text_equal(uniques[i].value, uniques[i - 1].value) && uniques[i].index < out->index) {
			*out = uniques[i];
			*out_before = uniques[i - 1].index;
		}
	return out->index != SIZE_MAX;
}

bool read_distinct(struct reader *r, const struct json_place *list, const char *key, size_t count)
{
	struct unique twice;
	size_t before;
	if (!find_twice(r->uniques, count, &twice, &before))
		return true;
	struct json_place item = {.parent = list, .index = twice.index};
	struct json_place place = {.parent = &item, .key = key};
	return complain_of_value(r, &place, "is ", twice.value,
				 arena_printf(r->arena, ", the same as in [%zu]", before));
}
