/* list.c - see list.h. */
#include "list.h"

#include "page.h"

struct list list_make(struct arena *arena, const char *key, const struct api_answer *answer, struct json_limits limits)
{
	return (struct list){
		.reader = reader_make(arena, answer->body, limits),
		.key = key,
		.paging = paging_of_headers(answer->headers, text_of(key)),
	};
}

void list_release(struct list *list)
{
	reader_release(&list->reader);
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
	return paging_read(&list->reader.cursor, key, &list->paging);
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
	const struct paging_mark *mark = paging_of_page(&list->paging, list->count);
	if (mark)
		*miss = page_miss(list->reader.arena, mark, list->count, mark != &list->paging.more);
	return !mark;
}
