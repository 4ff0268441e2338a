/* list.c - see list.h. */
#include "list.h"

#include "chaingate/api.h"

struct list list_make(struct arena *arena, const char *key, struct json_limits limits)
{
	return (struct list){.reader = reader_make(arena, (struct text){0}, limits), .key = key};
}

void list_release(struct list *list)
{
	reader_release(&list->reader);
}

/* ---- signs of a page -------------------------------------------------------------------------------------------- */

/* Where APIs say that there are more pages, at the top or in "pagination". The vendor's newer lists do. */
static const char *const markers[] = {"has_more", "next", "next_page", "next_cursor", "cursor"};

static bool is_marker(const struct json_value *key)
{
	for (size_t i = 0; i < sizeof markers / sizeof *markers; i++)
		if (json_value_is(key, text_of(markers[i])))
			return true;
	return false;
}

static bool is_zero(struct text real)
{
	for (size_t i = 0; i < real.length && real.bytes[i] != 'e' && real.bytes[i] != 'E'; i++)
		if (real.bytes[i] >= '1' && real.bytes[i] <= '9')
			return false;
	return true;
}

/* null, false, 0 and "" mean that there are no more pages; everything else means that there are. */
static bool read_marker(struct list *list)
{
	struct json_cursor *cursor = &list->reader.cursor;
	struct json_value value;
	if (!json_cursor_value(cursor, &value))
		return false;
	switch (value.kind) {
	case JSON_KIND_NULL: return true;
	case JSON_KIND_BOOLEAN: list->is_page |= value.boolean; return true;
	case JSON_KIND_INTEGER: list->is_page |= value.integer != 0; return true;
	case JSON_KIND_REAL: list->is_page |= !is_zero(value.raw); return true;
	case JSON_KIND_STRING: list->is_page |= value.raw.length > 0; return true;
	case JSON_KIND_ARRAY:
	case JSON_KIND_OBJECT: list->is_page = true; return json_cursor_leave(cursor, value.kind);
	}
	return false;
}

static bool read_pagination(struct list *list)
{
	struct json_cursor *cursor = &list->reader.cursor;
	struct json_value value, key;
	bool more = true;
	if (!json_cursor_value(cursor, &value))
		return false;
	if (value.kind == JSON_KIND_ARRAY)
		return json_cursor_leave(cursor, value.kind);
	if (value.kind != JSON_KIND_OBJECT)
		return true;
	for (;;) {
		if (!json_cursor_member(cursor, &key, &more))
			return false;
		if (!more)
			return true;
		if (is_marker(&key) ? !read_marker(list) : !json_cursor_skip(cursor))
			return false;
	}
}

/* ---- parts ------------------------------------------------------------------------------------------------------ */

static bool read_start(struct list *list)
{
	if (!read_entry(&list->reader, NULL, JSON_KIND_OBJECT))
		return false;
	list->stage = LIST_AT_MEMBER;
	return true;
}

static bool read_end(struct list *list)
{
	struct json_place place = {.key = list->key};
	if (!list->is_there)
		return reader_complain(&list->reader, &place, "is missing");
	list->stage = LIST_AT_END;
	return true;
}

static bool read_member(struct list *list)
{
	struct json_place place = {.key = list->key};
	struct json_value key;
	bool more;
	if (!json_cursor_member(&list->reader.cursor, &key, &more))
		return false;
	if (!more)
		return read_end(list);
	if (json_value_is(&key, text_of(list->key))) {
		if (!read_entry(&list->reader, &place, JSON_KIND_ARRAY))
			return false;
		list->stage = LIST_AT_ITEM;
		list->is_there = true;
		return true;
	}
	if (json_value_is(&key, TEXT("pagination")))
		return read_pagination(list);
	return is_marker(&key) ? read_marker(list) : json_cursor_skip(&list->reader.cursor);
}

static bool read_one_item(struct list *list)
{
	struct json_place place = {.key = list->key}, item = {.parent = &place, .index = list->count};
	bool more;
	if (!json_cursor_item(&list->reader.cursor, &more))
		return false;
	if (!more) {
		list->stage = LIST_AT_MEMBER;
		return true;
	}
	if (list->count == LIST_ITEMS_MAX)
		return reader_complain(&list->reader, &place, "has more items than any list needs");
	if (!read_entry(&list->reader, &item, JSON_KIND_OBJECT))
		return false;
	size_t offset = reader_begin(&list->reader);
	if (!list->item(&list->reader, &item, list->count, offset, list->context))
		return false;
	list->count++;
	return true;
}

static bool read_part(struct list *list)
{
	switch (list->stage) {
	case LIST_AT_START: return read_start(list);
	case LIST_AT_MEMBER: return read_member(list);
	case LIST_AT_ITEM: return read_one_item(list);
	case LIST_AT_END: break;
	}
	return false;
}

/* ---- the list --------------------------------------------------------------------------------------------------- */

bool list_read(struct list *list, struct text body, struct miss *miss)
{
	list->reader.cursor.bytes = body.bytes;
	list->reader.cursor.length = body.length;
	while (list->stage != LIST_AT_END && read_part(list))
		;
	if (list->stage != LIST_AT_END || !json_cursor_end(&list->reader.cursor)) {
		*miss = reader_miss(&list->reader);
		return false;
	}
	if (list->is_page) {
		*miss = (struct miss){
			.cause = MISS_PAGE,
			.detail = TEXT(API_PAGE_WORDS),
		};
		return false;
	}
	return true;
}
