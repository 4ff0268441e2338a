/* paging.c - reads what the members of a body, or of a header's object, say about pages. See paging.h. */
#include "paging_add.h"

#include "paging_count.h"

/* Longest relation that is decoded, in bytes as written: real ones have one word, or an address. A longer one may be that
 * of another page. */
#define RELATION_MAX 200

/* Longest text that may be a link, and longest warnings, in bytes as written: real ones have a few hundred. Longer
 * ones are not searched, so that they may say anything. */
#define SEARCHED_MAX 10000

/* Where a member is. */
enum where {
	AT_TOP,
	IN_PART,  /* in an object of the answer's that is about pages */
	IN_OTHER, /* in an object at the top that may be about anything, or in a part of it */
};

struct level {
	enum where where;
	bool is_header;
	struct text part; /* the object's or the header's name */
	bool is_sure;     /* it can only be about pages: what no word names may say that others follow */
};

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
		if (paging->looked++ >= PAGING_LOOKED_MAX) {
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
	counting.mark = paging_mark_of(counting.mark, &value);
	if (value.kind == JSON_KIND_STRING && !json_value_is(&value, TEXT("eq")))
		paging_add_more(paging, counting.mark);
	return true;
}

static bool read_counted_member(struct json_cursor *cursor, const struct json_value *key, struct counting counting,
				struct paging *paging)
{
	bool is_sure;
	enum paging_word word = paging_word_of(key, &paging->noun, &is_sure);
	struct level level = {IN_PART, counting.mark.is_header, counting.mark.name, false};
	counting.is_count = word == PAGING_TOTAL || word == PAGING_COUNT || word == PAGING_PAGES ||
			    json_value_is(key, TEXT("value"));
	counting.mark.part = counting.mark.name;
	counting.mark.name = key->raw;
	switch (word) {
	case PAGING_MORE:
	case PAGING_MAYBE:
	case PAGING_MORE_BEFORE:
	case PAGING_NEXT:
	case PAGING_CURSOR:
	case PAGING_PREVIOUS:
	case PAGING_FAULT:
	case PAGING_WARNING:
	case PAGING_PART: return read_member(cursor, key, level, paging);
	case PAGING_FIRST:
	case PAGING_PLACE:
	case PAGING_PAGE:
	case PAGING_INDEX:
		return counting.word == PAGING_PAGES ? read_member(cursor, key, level, paging)
						     : json_cursor_skip(cursor);
	case PAGING_OFFSET:
	case PAGING_START:
	case PAGING_LIMIT:
	case PAGING_SIZE:
	case PAGING_ASIDE: return json_cursor_skip(cursor);
	case PAGING_LAST:
	case PAGING_LAST_PAGE:
	case PAGING_TOTAL:
	case PAGING_COUNT:
	case PAGING_PAGES:
	case PAGING_NOUN:
	case PAGING_RESULTS:
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
	counting.mark = paging_mark_of(counting.mark, &value);
	if (value.kind != JSON_KIND_ARRAY && value.kind != JSON_KIND_OBJECT) {
		add_count(&value, &counting, paging);
		return true;
	}
	const struct visit visit = {read_counted, {IN_PART, false, {0}, false}, counting, counting.mark};
	if (!read_each(cursor, value.kind, &visit, paging, &items))
		return false;
	if (value.kind == JSON_KIND_ARRAY && counting.word == PAGING_PAGES)
		paging_add_pages(paging, items, counting.mark);
	return true;
}

/* ---- parts ------------------------------------------------------------------------------------------------------ */

static bool read_inside(struct json_cursor *, const struct json_value *value, struct level, struct paging *);

/* "links": "<address>; rel=\"next\"" */
static void add_link(struct paging *paging, const struct json_value *value, struct level level)
{
	struct arena arena = {0};
	struct paging_mark mark = {.name = level.part, .is_header = level.is_header};
	bool is_plain = value->kind != JSON_KIND_ARRAY && value->kind != JSON_KIND_OBJECT;
	if (value->kind == JSON_KIND_STRING && level.where == IN_PART &&
	    (value->raw.length > SEARCHED_MAX || paging_relation_in(json_value_text(&arena, value)).length))
		paging_add_more(paging, paging_mark_of(mark, value));
	else if (is_plain && level.is_sure)
		paging_add_value(paging, PAGING_MAYBE, value, false, mark);
	arena_release(&arena);
}

/* A member of a part, or an item: links = [ { "rel": "next", "href": address } ] */
static bool read_in_part(struct json_cursor *cursor, const struct json_value *key, const struct visit *visit,
			 struct paging *paging)
{
	struct json_value value;
	if (key)
		return read_member(cursor, key, visit->level, paging);
	if (!json_cursor_value(cursor, &value))
		return false;
	if (value.kind == JSON_KIND_OBJECT || (value.kind == JSON_KIND_ARRAY && visit->level.is_sure))
		return read_inside(cursor, &value, visit->level, paging);
	add_link(paging, &value, visit->level);
	return value.kind != JSON_KIND_ARRAY || json_cursor_leave(cursor, value.kind);
}

static bool read_inside(struct json_cursor *cursor, const struct json_value *value, struct level level,
			struct paging *paging)
{
	struct paging_mark mark = {.name = level.part, .is_header = level.is_header};
	const struct visit visit = {.read = read_in_part, .level = level, .mark = paging_mark_of(mark, value)};
	int64_t ignored;
	return read_each(cursor, value->kind, &visit, paging, &ignored);
}

static bool read_part(struct json_cursor *cursor, struct level level, struct paging *paging)
{
	struct json_value value;
	if (!json_cursor_value(cursor, &value))
		return false;
	if (value.kind == JSON_KIND_OBJECT || (value.kind == JSON_KIND_ARRAY && level.where == IN_PART))
		return read_inside(cursor, &value, level, paging);
	add_link(paging, &value, level);
	return value.kind != JSON_KIND_ARRAY || json_cursor_leave(cursor, value.kind);
}

/* The place of a page or a number of items, or an object about it: "page": 1, "page": {"number": 1}, "results": 9. */
static bool read_place(struct json_cursor *cursor, enum paging_word word, struct level inner, bool is_loose,
		       struct paging_mark mark, struct paging *paging)
{
	struct json_value value;
	if (!json_cursor_value(cursor, &value))
		return false;
	if (value.kind == JSON_KIND_OBJECT)
		return read_inside(cursor, &value, inner, paging);
	paging_add_value(paging, word, &value, is_loose, mark);
	return value.kind != JSON_KIND_ARRAY || json_cursor_leave(cursor, value.kind);
}

/* ---- links ------------------------------------------------------------------------------------------------------ */

static bool is_relation(const struct json_value *key)
{
	return json_value_is(key, TEXT("rel")) || json_value_is(key, TEXT("rels")) ||
	       json_value_is(key, TEXT("relation")) || json_value_is(key, TEXT("relationship"));
}

static void add_relation(struct paging *paging, const struct json_value *value, struct paging_mark mark)
{
	struct arena arena = {0};
	if (value->kind == JSON_KIND_STRING &&
	    (value->raw.length > RELATION_MAX || paging_is_other_page(json_value_text(&arena, value))))
		paging_add_more(paging, paging_mark_of(mark, value));
	arena_release(&arena);
}

/* relation = text | [ text… ] */
static bool read_related(struct json_cursor *cursor, struct paging_mark mark, struct paging *paging)
{
	struct json_value value;
	if (!json_cursor_value(cursor, &value))
		return false;
	if (value.kind == JSON_KIND_OBJECT)
		return json_cursor_leave(cursor, value.kind);
	add_relation(paging, &value, mark);
	for (bool more = value.kind == JSON_KIND_ARRAY; more;) {
		if (!json_cursor_item(cursor, &more) || (more && !read_value(cursor, &value)))
			return false;
		if (more)
			add_relation(paging, &value, mark);
	}
	return true;
}

/* ---- members ---------------------------------------------------------------------------------------------------- */

/* Reads the members of an object that was just entered. *out_is_empty: all of them are nothing. */
static bool read_nothings(struct json_cursor *cursor, struct paging *paging, bool *out_is_empty)
{
	struct json_value key, value;
	for (bool more;;) {
		if (!json_cursor_member(cursor, &key, &more))
			return false;
		if (!more) {
			*out_is_empty = true;
			return true;
		}
		if (!read_value(cursor, &value))
			return false;
		if (paging->looked++ >= PAGING_LOOKED_MAX || !paging_is_nothing(&value))
			return json_cursor_leave(cursor, JSON_KIND_OBJECT);
	}
}

/* Reads a value whole. *out_is_empty: it is an array or an object, and says nothing: [], {}, {"href": null}. */
static bool read_whole(struct json_cursor *cursor, struct paging *paging, struct json_value *out, bool *out_is_empty)
{
	bool is_any;
	*out_is_empty = false;
	if (!json_cursor_value(cursor, out))
		return false;
	if (out->kind == JSON_KIND_OBJECT)
		return read_nothings(cursor, paging, out_is_empty);
	if (out->kind != JSON_KIND_ARRAY)
		return true;
	if (!json_cursor_item(cursor, &is_any))
		return false;
	*out_is_empty = !is_any;
	return !is_any || (json_cursor_skip(cursor) && json_cursor_leave(cursor, out->kind));
}

static bool read_scalar(struct json_cursor *cursor, enum paging_word word, bool is_loose, struct paging_mark mark,
			struct paging *paging)
{
	struct json_value value;
	bool is_empty;
	if (!read_whole(cursor, paging, &value, &is_empty))
		return false;
	if (!is_empty)
		paging_add_value(paging, word, &value, is_loose, mark);
	return true;
}

/* A member whose name says nothing. */
static bool read_other(struct json_cursor *cursor, const struct json_value *key, struct level level,
		       struct paging_mark mark, struct paging *paging)
{
	if (level.where == AT_TOP)
		return read_part(cursor, (struct level){IN_OTHER, false, key->raw, false}, paging);
	if (level.where == IN_PART && is_relation(key))
		return read_related(cursor, mark, paging);
	return level.is_sure ? read_scalar(cursor, PAGING_MAYBE, false, mark, paging) : json_cursor_skip(cursor);
}

/* True if a word in the text begins like this. Words like "missing" are about other things, too. */
static bool says_missing(struct text text)
{
	static const char *const words[] = {"truncat", "incomplet", "partial", "omitted", "unreachable", "timed out"};
	for (size_t at = 0; at < text.length; at++)
		for (size_t i = 0; i < sizeof words / sizeof *words; i++)
			if (text_is_in_any_case(text_slice(text, at, at + text_of(words[i]).length), words[i]))
				return true;
	return false;
}

/* "warnings": ["truncated"], or texts in objects. Other warnings are about something else. */
static bool read_warning(struct json_cursor *cursor, struct paging_mark mark, struct paging *paging)
{
	size_t from = cursor->mark.at;
	if (!json_cursor_skip(cursor))
		return false;
	mark.value = text_trim((struct text){cursor->bytes + from, cursor->mark.at - from});
	if (mark.value.length > SEARCHED_MAX || says_missing(mark.value))
		paging_add_more(paging, mark);
	return true;
}

/* Links lead to this page, the first and the last one, too; `next` is a word. */
static bool is_link(const struct json_value *key)
{
	return json_value_is(key, TEXT("links")) || json_value_is(key, TEXT("_links")) ||
	       json_value_is(key, TEXT("link"));
}

static bool read_member(struct json_cursor *cursor, const struct json_value *key, struct level level,
			struct paging *paging)
{
	bool is_sure, is_loose = level.where == AT_TOP;
	enum paging_word word = paging_word_of(key, level.where == IN_OTHER ? NULL : &paging->noun, &is_sure);
	struct paging_mark mark = {.part = level.part, .name = key->raw, .is_header = level.is_header};
	struct level inner = {IN_PART, level.is_header, level.is_header ? level.part : key->raw,
			      is_sure || (level.is_sure && word == PAGING_PART && !is_link(key))};
	if (level.where == IN_OTHER && !is_sure) {
		/* "result": {"meta": {"has_more": true}}: here, too, only words count that are sure */
		inner.where = IN_OTHER;
		word = word == PAGING_PART ? PAGING_PART : PAGING_OTHER;
	}
	switch (word) {
	case PAGING_TOTAL:
	case PAGING_COUNT:
	case PAGING_PAGES: return read_count(cursor, (struct counting){word, mark, true}, paging);
	case PAGING_PART: return read_part(cursor, inner, paging);
	case PAGING_WARNING: return read_warning(cursor, mark, paging);
	case PAGING_PLACE:
	case PAGING_PAGE:
	case PAGING_RESULTS:
	case PAGING_INDEX: return read_place(cursor, word, inner, is_loose, mark, paging);
	case PAGING_ASIDE:
		if (level.where == IN_PART)
			return json_cursor_skip(cursor);
		break;
	case PAGING_FAULT:
	case PAGING_MORE:
	case PAGING_MAYBE:
	case PAGING_MORE_BEFORE:
	case PAGING_NEXT:
	case PAGING_CURSOR:
	case PAGING_PREVIOUS:
	case PAGING_LAST:
	case PAGING_LAST_PAGE:
	case PAGING_FIRST:
	case PAGING_OFFSET:
	case PAGING_START:
	case PAGING_LIMIT:
	case PAGING_SIZE:
	case PAGING_NOUN: return read_scalar(cursor, word, is_loose, mark, paging);
	case PAGING_OTHER: break;
	}
	return read_other(cursor, key, level, mark, paging);
}

bool paging_read(struct json_cursor *cursor, const struct json_value *key, struct paging *paging)
{
	return read_member(cursor, key, (struct level){AT_TOP, false, {0}, false}, paging);
}

bool paging_read_aside(struct json_cursor *cursor, const struct json_value *key, struct paging *paging)
{
	bool is_sure, is_named = paging_has_noun(key, paging->noun);
	if (!is_named && (paging_word_of(key, NULL, &is_sure) == PAGING_OTHER || !is_sure))
		return json_cursor_skip(cursor);
	return read_member(cursor, key, (struct level){AT_TOP, false, {0}, false}, paging);
}

/* ---- headers ---------------------------------------------------------------------------------------------------- */

/* Where the next value begins after a comma; `length` if there is none. False: something else follows. */
static bool next_value(struct text value, size_t *at)
{
	while (*at < value.length && (value.bytes[*at] == ' ' || value.bytes[*at] == '\t'))
		++*at;
	if (*at == value.length)
		return true;
	return value.bytes[(*at)++] == ',';
}

/* X-Pagination: {"totalCount": 57, …} */
bool paging_read_header(struct text name, struct text value, bool is_sure, struct paging *paging)
{
	bool is_read = true;
	value = text_trim(value);
	for (size_t at = 0; is_read && at < value.length;) {
		struct json_cursor cursor = json_cursor_make(text_slice(value, at, value.length), JSON_UNLIMITED);
		is_read = read_part(&cursor, (struct level){IN_PART, true, name, is_sure}, paging);
		at += cursor.mark.at;
		json_cursor_release(&cursor);
		is_read = is_read && next_value(value, &at);
	}
	return is_read;
}
