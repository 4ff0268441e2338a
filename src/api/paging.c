/* paging.c - see paging.h. */
#include "paging.h"

#include "paging_count.h"

/* How many digits, at least, are between the commas of "1,234,567". */
#define GROUP 3

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

static void add_more(struct paging *paging, struct paging_mark mark)
{
	if (!paging->more.name.length)
		paging->more = mark;
}

/* `is_all`: it can't be the number of items of this page. */
static void add_total(struct paging *paging, int64_t total, bool is_all, struct paging_mark mark)
{
	paging->has_end |= is_all && total > 0; /* unless it is more than there are */
	if (total > paging->total) {
		paging->total = total;
		paging->whole = mark;
	}
}

static void add_pages(struct paging *paging, int64_t pages, struct paging_mark mark)
{
	if (pages > 1)
		add_more(paging, mark);
	paging->has_end |= pages == 1;
}

/* `is_loose`: it may be a limit of something else, unless an offset is beside it. */
static void add_limit(struct paging *paging, int64_t limit, bool is_loose, struct paging_mark mark)
{
	bool is_first = !paging->limit, is_less = limit < paging->limit;
	if (limit <= 0)
		return;
	if (is_first || (paging->is_loose && !is_loose) || (is_less && paging->is_loose == is_loose)) {
		paging->limit = limit;
		paging->is_loose = is_loose;
		paging->cut = mark;
	}
}

const struct paging_mark *paging_of_page(const struct paging *paging, size_t count)
{
	int64_t items = (int64_t)count;
	if (paging->more.name.length)
		return &paging->more;
	if (paging->total > items)
		return &paging->whole;
	/* a page that is full, and nothing says that it is the last */
	bool is_full = paging->limit > 0 && paging->limit <= items && (paging->has_offset || !paging->is_loose);
	return is_full && !paging->has_end ? &paging->cut : NULL;
}

/* ---- counts ----------------------------------------------------------------------------------------------------- */

static bool read_member(struct json_cursor *, const struct json_value *key, struct level, struct paging *);

/* What a count says may be inside: {"value": 57, "relation": "eq"}, [57]. */
struct counting {
	enum paging_word word; /* PAGING_TOTAL, PAGING_COUNT or PAGING_PAGES */
	struct paging_mark mark;
	bool is_count; /* what can't be read here is unknown; otherwise it isn't about the count */
};

static bool read_count(struct json_cursor *, struct counting, struct paging *);

static void add_count(const struct json_value *value, const struct counting *counting, struct paging *paging)
{
	int64_t count = paging_count_of(value, counting->is_count);
	if (counting->word == PAGING_PAGES)
		add_pages(paging, count, counting->mark);
	else
		add_total(paging, count, counting->word == PAGING_TOTAL, counting->mark);
}

static bool read_counted_items(struct json_cursor *cursor, struct counting counting, struct paging *paging)
{
	int64_t items = 0;
	for (bool more;; items++) {
		if (!json_cursor_item(cursor, &more))
			return false;
		if (!more)
			break;
		if (!read_count(cursor, counting, paging))
			return false;
	}
	if (counting.word == PAGING_PAGES)
		add_pages(paging, items, counting.mark);
	return true;
}

/* A total of at least so many isn't known. */
static bool read_relation(struct json_cursor *cursor, struct counting counting, struct paging *paging)
{
	struct json_value value;
	if (!json_cursor_value(cursor, &value))
		return false;
	counting.mark.value = shown(&value);
	if (value.kind == JSON_KIND_STRING && !json_value_is(&value, TEXT("eq")))
		add_more(paging, counting.mark);
	return (value.kind != JSON_KIND_ARRAY && value.kind != JSON_KIND_OBJECT) ||
	       json_cursor_leave(cursor, value.kind);
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

static bool read_counted_members(struct json_cursor *cursor, struct counting counting, struct paging *paging)
{
	struct json_value key;
	for (bool more;;) {
		if (!json_cursor_member(cursor, &key, &more))
			return false;
		if (!more)
			return true;
		if (!read_counted_member(cursor, &key, counting, paging))
			return false;
	}
}

static bool read_count(struct json_cursor *cursor, struct counting counting, struct paging *paging)
{
	struct json_value value;
	if (!json_cursor_value(cursor, &value))
		return false;
	counting.mark.value = shown(&value);
	if (value.kind == JSON_KIND_ARRAY)
		return read_counted_items(cursor, counting, paging);
	if (value.kind == JSON_KIND_OBJECT)
		return read_counted_members(cursor, counting, paging);
	add_count(&value, &counting, paging);
	return true;
}

/* ---- parts ------------------------------------------------------------------------------------------------------ */

static bool read_members(struct json_cursor *cursor, struct level level, struct paging *paging)
{
	struct json_value key;
	for (bool more;;) {
		if (!json_cursor_member(cursor, &key, &more))
			return false;
		if (!more)
			return true;
		if (!read_member(cursor, &key, level, paging))
			return false;
	}
}

/* links = [ { "rel": "next", "href": address } ] */
static bool read_items(struct json_cursor *cursor, struct level level, struct paging *paging)
{
	struct json_value value;
	for (bool more;;) {
		if (!json_cursor_item(cursor, &more))
			return false;
		if (!more)
			return true;
		if (!json_cursor_value(cursor, &value))
			return false;
		if (value.kind == JSON_KIND_OBJECT
			    ? !read_members(cursor, level, paging)
			    : value.kind == JSON_KIND_ARRAY && !json_cursor_leave(cursor, value.kind))
			return false;
	}
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
	if (value.kind == JSON_KIND_OBJECT)
		return read_members(cursor, level, paging);
	paging->has_offset |= level.where == IN_PART && is_place(&value); /* "page": 1 */
	if (value.kind != JSON_KIND_ARRAY)
		return true;
	return level.where == IN_PART ? read_items(cursor, level, paging) : json_cursor_leave(cursor, value.kind);
}

/* Reads a value whole. Returns it in *out. */
static bool read_value(struct json_cursor *cursor, struct json_value *out)
{
	if (!json_cursor_value(cursor, out))
		return false;
	return (out->kind != JSON_KIND_ARRAY && out->kind != JSON_KIND_OBJECT) || json_cursor_leave(cursor, out->kind);
}

/* Adds what a member says whose value isn't a count and no part. */
static void add_member(enum paging_word word, const struct json_value *value, enum where where, struct paging_mark mark,
		       struct paging *paging)
{
	bool is_nothing = paging_is_nothing(value);
	mark.value = shown(value);
	if (word == PAGING_LIMIT || word == PAGING_SIZE) {
		add_limit(paging, paging_limit_of(value), word == PAGING_SIZE && where == AT_TOP, mark);
		return;
	}
	paging->has_offset |= word == PAGING_OFFSET || word == PAGING_PLACE;
	if (word == PAGING_PLACE)
		return;
	if (!is_nothing)
		add_more(paging, mark);
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
		add_more(paging, mark);
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

/* ---- headers ---------------------------------------------------------------------------------------------------- */

/* Reads the line at *at, and moves *at past it. False at the end. */
static bool next_header(struct text headers, size_t *at, struct text *name, struct text *value)
{
	size_t end = *at, colon;
	if (end >= headers.length)
		return false;
	while (end < headers.length && headers.bytes[end] != '\n')
		end++;
	for (colon = *at; colon < end && headers.bytes[colon] != ':';)
		colon++;
	*name = text_trim(text_slice(headers, *at, colon));
	*value = text_trim(text_slice(headers, colon + 1, end));
	*at = end + 1;
	return true;
}

struct text paging_header(struct text headers, const char *wanted)
{
	struct text name, value;
	for (size_t at = 0; next_header(headers, &at, &name, &value);)
		if (text_is_in_any_case(name, wanted))
			return value;
	return (struct text){0};
}

/* The next of the parts between commas, from *at on, and moves *at past it. False at the end. */
static bool next_part(struct text value, size_t *at, struct text *part)
{
	size_t from = *at, to = from;
	if (from >= value.length)
		return false;
	while (to < value.length && value.bytes[to] != ',')
		to++;
	*part = text_slice(value, from, to);
	*at = to + 1;
	return true;
}

/* True if the part may be a group of a number's digits, and no number: the second one of "1,234", "1, 000", "1,00". */
static bool is_group(struct text part)
{
	size_t digits = 0;
	for (part = text_trim(part); digits < part.length; digits++)
		if (part.bytes[digits] < '0' || part.bytes[digits] > '9')
			return false;
	return digits >= GROUP || (digits > 1 && part.bytes[0] == '0');
}

/* The largest number in a header that may have come several times: "3, 57". But "1,234" may be one number: INT64_MAX.
 * "120, 120" is the same header twice. */
static int64_t largest(struct text value, int64_t (*number_of)(struct text))
{
	int64_t most = 0;
	struct text part, first = {0};
	bool has_group = false, is_first = true, are_equal = true;
	for (size_t at = 0; next_part(value, &at, &part); is_first = false) {
		int64_t number = number_of(text_trim(part));
		most = number > most ? number : most;
		if (is_first) {
			first = text_trim(part);
			continue;
		}
		has_group |= is_group(part);
		are_equal &= part.length > 0 && part.bytes[0] == ' ' && text_equal(text_trim(part), first);
	}
	return has_group && !are_equal ? INT64_MAX : most;
}

int64_t paging_number(struct text value)
{
	return largest(value, paging_digits);
}

/* The least limit in a header that may have come several times, 0 if there is none. */
static int64_t least_limit(struct text value)
{
	int64_t least = 0;
	struct text part;
	for (size_t at = 0; next_part(value, &at, &part);) {
		int64_t limit = paging_digits(text_trim(part));
		if (limit > 0 && (least == 0 || limit < least))
			least = limit;
	}
	return least;
}

/* The name without what frameworks put before it: X-, and then Pagination-, WP- or MS-. */
static struct text short_name(struct text name)
{
	static const char *const prefixes[] = {"x-", "pagination-", "wp-", "ms-"};
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		struct text prefix = text_of(prefixes[i]);
		if (name.length > prefix.length && text_is_in_any_case(text_slice(name, 0, prefix.length), prefixes[i]))
			name = text_slice(name, prefix.length, name.length);
	}
	return name;
}

/* range = [ unit ] ( first "-" last | "*" ) "/" ( total | "*" )	(RFC 9110). With an unknown total nobody knows whether
 * it is all. */
static void read_range(struct text range, struct paging_mark mark, struct paging *paging)
{
	size_t slash = 0, dash, first;
	while (slash < range.length && range.bytes[slash] != '/')
		slash++;
	struct text total = text_trim(text_slice(range, slash + 1, range.length));
	for (dash = slash; dash > 0 && range.bytes[dash - 1] != '-';)
		dash--;
	for (first = dash > 0 ? dash - 1 : 0;
	     first > 0 && range.bytes[first - 1] >= '0' && range.bytes[first - 1] <= '9';)
		first--;
	if (dash > 0 && paging_digits(text_slice(range, first, dash - 1)) > 0)
		add_more(paging, mark);
	if (text_is(total, "*"))
		add_more(paging, mark);
	add_total(paging, paging_count_of_text(total), true, mark);
}

/* X-Pagination: {"totalCount": 57, …} */
static void read_object(struct text name, struct text value, struct paging *paging)
{
	struct json_cursor cursor = json_cursor_make(value, JSON_UNLIMITED);
	read_part(&cursor, (struct level){IN_PART, true, name}, paging);
	json_cursor_release(&cursor);
}

static void read_header(struct text name, struct text value, struct paging *paging)
{
	struct paging_mark mark = {.name = name, .value = value, .is_header = true};
	bool is_sure;
	if (text_is_in_any_case(name, "Content-Range")) {
		read_range(value, mark, paging);
		return;
	}
	switch (paging_word_of_name(short_name(name), &is_sure)) {
	case PAGING_MORE:
		if (paging_text_is_nothing(value))
			paging->has_end = true;
		else
			add_more(paging, mark);
		break;
	case PAGING_TOTAL: add_total(paging, largest(value, paging_count_of_text), true, mark); break;
	case PAGING_COUNT: add_total(paging, largest(value, paging_count_of_text), false, mark); break;
	case PAGING_PAGES: add_pages(paging, largest(value, paging_count_of_text), mark); break;
	case PAGING_LIMIT: add_limit(paging, least_limit(value), false, mark); break;
	case PAGING_PART: read_object(name, value, paging); break;
	case PAGING_OFFSET:
	case PAGING_SIZE:
	case PAGING_PLACE:
	case PAGING_ASIDE:
	case PAGING_OTHER: break;
	}
}

struct paging paging_of_headers(struct text headers)
{
	struct paging paging = {0};
	struct text name, value;
	for (size_t at = 0; next_header(headers, &at, &name, &value);)
		read_header(name, value, &paging);
	return paging;
}
