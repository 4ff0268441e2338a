/* paging.c - reads what the members of a body, or of a header's object, say about pages. See paging.h. */
#include "paging_add.h"

#include "paging_count.h"

/* Where a member is. */
enum where {
	AT_TOP,
	IN_PART,  /* in an object of the answer's that is about pages */
	IN_OTHER, /* in an object at the top that may be about anything */
};

struct level {
	enum where where;
	bool is_header;
	struct text part; /* the object's or the header's name */
};

/* ---- marks ------------------------------------------------------------------------------------------------------ */

/* A value for a message. */
static struct text shown(const struct json_value *value)
{
	switch (value->kind) {
	case JSON_KIND_NULL: return TEXT("null");
	case JSON_KIND_BOOLEAN: return value->boolean ? TEXT("true") : TEXT("false");
	case JSON_KIND_ARRAY: return TEXT("[…]");
	case JSON_KIND_OBJECT: return TEXT("{…}");
	case JSON_KIND_INTEGER:
	case JSON_KIND_REAL:
	case JSON_KIND_STRING: break;
	}
	return value->raw;
}

/* ---- arrays and objects ----------------------------------------------------------------------------------------- */

struct counting {
	enum paging_word word; /* PAGING_TOTAL, PAGING_COUNT or PAGING_PAGES */
	struct paging_mark mark;
	bool is_count; /* what can't be read here is unknown; otherwise it isn't about the count */
};

/* How the items or the members of a value are read. */
struct visit {
	/* Reads a member's or an item's value, whole; `key` is NULL for an item. */
	bool (*read)(struct json_cursor *, const struct json_value *key, const struct visit *, struct paging *);
	struct level level;       /* in a part */
	struct counting counting; /* in a count */
	struct paging_mark mark;  /* the array or the object itself */
};

/* Reads the rest of an array or object that was just entered. *out_count: how many items or members it has. */
static bool read_each(struct json_cursor *cursor, enum json_kind kind, const struct visit *visit, struct paging *paging,
		      int64_t *out_count)
{
	struct json_value key;
	bool is_object = kind == JSON_KIND_OBJECT;
	*out_count = 0;
	for (bool more;; ++*out_count) {
		if (is_object ? !json_cursor_member(cursor, &key, &more) : !json_cursor_item(cursor, &more))
			return false;
		if (!more)
			return true;
		if (visit->level.where != IN_OTHER && paging->looked++ >= PAGING_LOOKED_MAX) {
			paging_add_more(paging, visit->mark);
			return json_cursor_skip(cursor) && json_cursor_leave(cursor, kind);
		}
		if (!visit->read(cursor, is_object ? &key : NULL, visit, paging))
			return false;
	}
}

/* Reads a value whole. Returns it in *out. */
static bool read_value(struct json_cursor *cursor, struct json_value *out)
{
	if (!json_cursor_value(cursor, out))
		return false;
	return (out->kind != JSON_KIND_ARRAY && out->kind != JSON_KIND_OBJECT) || json_cursor_leave(cursor, out->kind);
}

static bool read_member(struct json_cursor *, const struct json_value *key, struct level, struct paging *);

/* ---- counts ----------------------------------------------------------------------------------------------------- */

static bool read_count(struct json_cursor *, struct counting, struct paging *);

static void add_count(const struct json_value *value, const struct counting *counting, struct paging *paging)
{
	int64_t count = paging_count_of(value, counting->is_count);
	if (counting->word == PAGING_PAGES)
		paging_add_pages(paging, count, counting->mark);
	else
		paging_add_total(paging, count, counting->word == PAGING_TOTAL, counting->mark);
}

/* A total of at least so many isn't known. */
static bool read_relation(struct json_cursor *cursor, struct counting counting, struct paging *paging)
{
	struct json_value value;
	if (!read_value(cursor, &value))
		return false;
	counting.mark.value = shown(&value);
	if (value.kind == JSON_KIND_STRING && !json_value_is(&value, TEXT("eq")))
		paging_add_more(paging, counting.mark);
	return true;
}

static bool read_counted_member(struct json_cursor *cursor, const struct json_value *key, struct counting counting,
				struct paging *paging)
{
	bool is_sure;
	enum paging_word word = paging_word_of(key, &is_sure);
	struct level level = {IN_PART, counting.mark.is_header, counting.mark.name};
	counting.is_count = word == PAGING_TOTAL || word == PAGING_COUNT || word == PAGING_PAGES ||
			    json_value_is(key, TEXT("value"));
	counting.mark.part = counting.mark.name;
	counting.mark.name = key->raw;
	switch (word) {
	case PAGING_MORE:
	case PAGING_PART: return read_member(cursor, key, level, paging);
	case PAGING_OFFSET:
	case PAGING_START:
	case PAGING_LIMIT:
	case PAGING_SIZE:
	case PAGING_PLACE:
	case PAGING_ASIDE: return json_cursor_skip(cursor);
	case PAGING_TOTAL:
	case PAGING_COUNT:
	case PAGING_PAGES:
	case PAGING_OTHER: break;
	}
	return json_value_is(key, TEXT("relation")) ? read_relation(cursor, counting, paging)
						    : read_count(cursor, counting, paging);
}

static bool read_counted(struct json_cursor *cursor, const struct json_value *key, const struct visit *visit,
			 struct paging *paging)
{
	return key ? read_counted_member(cursor, key, visit->counting, paging)
		   : read_count(cursor, visit->counting, paging);
}

/* What a count says may be inside: {"value": 57, "relation": "eq"}, [57]. */
static bool read_count(struct json_cursor *cursor, struct counting counting, struct paging *paging)
{
	struct json_value value;
	int64_t items;
	if (!json_cursor_value(cursor, &value))
		return false;
	counting.mark.value = shown(&value);
	if (value.kind != JSON_KIND_ARRAY && value.kind != JSON_KIND_OBJECT) {
		add_count(&value, &counting, paging);
		return true;
	}
	const struct visit visit = {read_counted, {IN_PART, false, {0}}, counting, counting.mark};
	if (!read_each(cursor, value.kind, &visit, paging, &items))
		return false;
	if (value.kind == JSON_KIND_ARRAY && counting.word == PAGING_PAGES)
		paging_add_pages(paging, items, counting.mark);
	return true;
}

/* ---- parts ------------------------------------------------------------------------------------------------------ */

static bool read_inside(struct json_cursor *, const struct json_value *value, struct level, struct paging *);

/* A member of a part, or an item: links = [ { "rel": "next", "href": address } ] */
static bool read_in_part(struct json_cursor *cursor, const struct json_value *key, const struct visit *visit,
			 struct paging *paging)
{
	struct json_value value;
	if (key)
		return read_member(cursor, key, visit->level, paging);
	if (!json_cursor_value(cursor, &value))
		return false;
	if (value.kind == JSON_KIND_OBJECT)
		return read_inside(cursor, &value, visit->level, paging);
	return value.kind != JSON_KIND_ARRAY || json_cursor_leave(cursor, value.kind);
}

static bool read_inside(struct json_cursor *cursor, const struct json_value *value, struct level level,
			struct paging *paging)
{
	struct paging_mark mark = {.name = level.part, .value = shown(value), .is_header = level.is_header};
	const struct visit visit = {.read = read_in_part, .level = level, .mark = mark};
	int64_t ignored;
	return read_each(cursor, value->kind, &visit, paging, &ignored);
}

/* True for a value that may be the number of a page or an item. */
static bool is_place(const struct json_value *value)
{
	switch (value->kind) {
	case JSON_KIND_INTEGER:
	case JSON_KIND_REAL: return true;
	case JSON_KIND_STRING: return value->raw.length > 0;
	case JSON_KIND_NULL:
	case JSON_KIND_BOOLEAN:
	case JSON_KIND_ARRAY:
	case JSON_KIND_OBJECT: break;
	}
	return false;
}

static bool read_part(struct json_cursor *cursor, struct level level, struct paging *paging)
{
	struct json_value value;
	if (!json_cursor_value(cursor, &value))
		return false;
	if (value.kind == JSON_KIND_OBJECT || (value.kind == JSON_KIND_ARRAY && level.where == IN_PART))
		return read_inside(cursor, &value, level, paging);
	paging->has_offset |= level.where == IN_PART && is_place(&value); /* "page": 1 */
	return value.kind != JSON_KIND_ARRAY || json_cursor_leave(cursor, value.kind);
}

/* Adds what a member says whose value isn't a count and no part. */
static void add_member(enum paging_word word, const struct json_value *value, enum where where, struct paging_mark mark,
		       struct paging *paging)
{
	bool is_first = word == PAGING_START && paging_count_of(value, false) == 1;
	bool is_nothing = is_first || paging_is_nothing(value);
	mark.value = shown(value);
	if (word == PAGING_LIMIT || word == PAGING_SIZE) {
		paging_add_limit(paging, paging_limit_of(value), word == PAGING_SIZE && where == AT_TOP, mark);
		return;
	}
	paging->has_offset |= word == PAGING_OFFSET || word == PAGING_START || word == PAGING_PLACE;
	if (word == PAGING_PLACE)
		return;
	if (!is_nothing)
		paging_add_more(paging, mark);
	paging->has_end |= is_nothing && word == PAGING_MORE;
}

/* A member whose name says nothing. */
static bool read_other(struct json_cursor *cursor, const struct json_value *key, struct level level,
		       struct paging_mark mark, struct paging *paging)
{
	struct json_value value;
	if (level.where == AT_TOP)
		return read_part(cursor, (struct level){IN_OTHER, false, key->raw}, paging);
	if (level.where == IN_OTHER || !json_value_is(key, TEXT("rel")))
		return json_cursor_skip(cursor);
	if (!read_value(cursor, &value))
		return false;
	mark.value = shown(&value);
	if (value.kind == JSON_KIND_STRING && json_value_is(&value, TEXT("next")))
		paging_add_more(paging, mark);
	return true;
}

static bool read_member(struct json_cursor *cursor, const struct json_value *key, struct level level,
			struct paging *paging)
{
	bool is_sure;
	enum paging_word word = paging_word_of(key, &is_sure);
	struct paging_mark mark = {.part = level.part, .name = key->raw, .is_header = level.is_header};
	struct level inner = {IN_PART, level.is_header, level.is_header ? level.part : key->raw};
	struct json_value value;
	if (level.where == IN_OTHER && !is_sure)
		word = PAGING_OTHER;
	switch (word) {
	case PAGING_TOTAL:
	case PAGING_COUNT:
	case PAGING_PAGES: return read_count(cursor, (struct counting){word, mark, true}, paging);
	case PAGING_PART: return read_part(cursor, inner, paging);
	case PAGING_ASIDE: return json_cursor_skip(cursor);
	case PAGING_MORE:
	case PAGING_PLACE:
	case PAGING_OFFSET:
	case PAGING_START:
	case PAGING_LIMIT:
	case PAGING_SIZE: break;
	case PAGING_OTHER: return read_other(cursor, key, level, mark, paging);
	}
	if (!read_value(cursor, &value))
		return false;
	add_member(word, &value, level.where, mark, paging);
	return true;
}

bool paging_read(struct json_cursor *cursor, const struct json_value *key, struct paging *paging)
{
	return read_member(cursor, key, (struct level){AT_TOP, false, {0}}, paging);
}

/* X-Pagination: {"totalCount": 57, …} */
void paging_read_header(struct text name, struct text value, struct paging *paging)
{
	struct json_cursor cursor = json_cursor_make(value, JSON_UNLIMITED);
	read_part(&cursor, (struct level){IN_PART, true, name}, paging);
	json_cursor_release(&cursor);
}
