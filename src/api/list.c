/* list.c - see list.h. */
#include "list.h"

#include "chaingate/api.h"

struct list list_make(struct arena *arena, const char *key, struct text body, struct json_limits limits)
{
	return (struct list){.reader = reader_make(arena, body, limits), .key = key};
}

void list_release(struct list *list)
{
	reader_release(&list->reader);
}

/* ---- signs of a page -------------------------------------------------------------------------------------------- */

/* The members that say there are more pages, at the top or in "pagination". Baseten's newer lists have them. */
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

/* ---- the list --------------------------------------------------------------------------------------------------- */

static bool read_items(struct list *list, const struct json_place *place)
{
	for (bool more;; list->count++) {
		struct json_place item = {.parent = place, .index = list->count};
		if (!json_cursor_item(&list->reader.cursor, &more))
			return false;
		if (!more)
			return true;
		if (list->count == LIST_ITEMS_MAX)
			return reader_complain(&list->reader, place, "has more items than any list needs");
		if (!read_entry(&list->reader, &item, JSON_KIND_OBJECT))
			return false;
		size_t offset = reader_begin(&list->reader);
		if (!list->item(&list->reader, &item, list->count, offset, list->context))
			return false;
	}
}

/* Reads the value of a member of the top. */
static bool read_member(struct list *list, const struct json_place *place, const struct json_value *key)
{
	if (json_value_is(key, text_of(list->key))) {
		list->is_there = true;
		return read_entry(&list->reader, place, JSON_KIND_ARRAY) && read_items(list, place);
	}
	if (json_value_is(key, TEXT("pagination")))
		return read_pagination(list);
	return is_marker(key) ? read_marker(list) : json_cursor_skip(&list->reader.cursor);
}

static bool read_top(struct list *list)
{
	struct json_place place = {.key = list->key};
	struct json_value key;
	if (!read_entry(&list->reader, NULL, JSON_KIND_OBJECT))
		return false;
	for (bool more;;) {
		if (!json_cursor_member(&list->reader.cursor, &key, &more))
			return false;
		if (!more)
			return list->is_there || reader_complain(&list->reader, &place, "is missing");
		if (!read_member(list, &place, &key))
			return false;
	}
}

bool list_read(struct list *list, struct miss *miss)
{
	if (!read_top(list) || !json_cursor_end(&list->reader.cursor)) {
		*miss = reader_miss(&list->reader);
		return false;
	}
	if (list->is_page)
		*miss = (struct miss){.cause = MISS_PAGE, .detail = TEXT(API_PAGE_WORDS)};
	return !list->is_page;
}
