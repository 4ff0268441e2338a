/* paging.c - see paging.h.
 *
 * An object that may hold such words has a name of its own (pagination, meta, links …), because an unknown member of
 * another name may have a `total` of anything.
 */
#include "paging.h"

#include "chaingate/arena.h"

/* Longest name without its separators; longer ones aren't words about pages. */
#define NAME_MAX 24
/* The longest name as written in JSON, with each character escaped, and half as many separators. */
#define WRITTEN_MAX ((size_t)NAME_MAX * 6 * 3 / 2)

static const struct {
	const char *name; /* in lower case, without separators */
	enum paging_word word;
} words[] = {
	{"hasmore", PAGING_MORE},
	{"hasmoreitems", PAGING_MORE},
	{"hasmorepages", PAGING_MORE},
	{"hasmoreresults", PAGING_MORE},
	{"hasnext", PAGING_MORE},
	{"hasnextpage", PAGING_MORE},
	{"more", PAGING_MORE},
	{"moreavailable", PAGING_MORE},
	{"moreitems", PAGING_MORE},
	{"moreresults", PAGING_MORE},
	{"next", PAGING_MORE},
	{"nextcursor", PAGING_MORE},
	{"nexthref", PAGING_MORE},
	{"nextid", PAGING_MORE},
	{"nextkey", PAGING_MORE},
	{"nextlink", PAGING_MORE},
	{"nextmarker", PAGING_MORE},
	{"nextoffset", PAGING_MORE},
	{"nextpage", PAGING_MORE},
	{"nextpagecursor", PAGING_MORE},
	{"nextpagelink", PAGING_MORE},
	{"nextpagetoken", PAGING_MORE},
	{"nextpageurl", PAGING_MORE},
	{"nexttoken", PAGING_MORE},
	{"nexturi", PAGING_MORE},
	{"nexturl", PAGING_MORE},
	{"odatanextlink", PAGING_MORE},
	{"cursor", PAGING_MORE},
	{"continue", PAGING_MORE},
	{"continuation", PAGING_MORE},
	{"continuationtoken", PAGING_MORE},
	{"lastevaluatedkey", PAGING_MORE},
	{"remainingitemcount", PAGING_MORE},
	{"scrollid", PAGING_MORE},
	{"incomplete", PAGING_MORE},
	{"incompleteresults", PAGING_MORE},
	{"ispartial", PAGING_MORE},
	{"istruncated", PAGING_MORE},
	{"partial", PAGING_MORE},
	{"truncated", PAGING_MORE},
	{"count", PAGING_TOTAL},
	{"numfound", PAGING_TOTAL},
	{"odatacount", PAGING_TOTAL},
	{"total", PAGING_TOTAL},
	{"totalcount", PAGING_TOTAL},
	{"totalelements", PAGING_TOTAL},
	{"totalhits", PAGING_TOTAL},
	{"totalitems", PAGING_TOTAL},
	{"totalrecords", PAGING_TOTAL},
	{"totalresults", PAGING_TOTAL},
	{"totalsize", PAGING_TOTAL},
	{"lastpage", PAGING_PAGES},
	{"numpages", PAGING_PAGES},
	{"pagecount", PAGING_PAGES},
	{"pages", PAGING_PAGES},
	{"totalpages", PAGING_PAGES},
	{"links", PAGING_PART},
	{"listmeta", PAGING_PART},
	{"meta", PAGING_PART},
	{"metadata", PAGING_PART},
	{"page", PAGING_PART},
	{"pageinfo", PAGING_PART},
	{"pagination", PAGING_PART},
	{"paging", PAGING_PART},
	{"responsemetadata", PAGING_PART},
};

/* ---- names ------------------------------------------------------------------------------------------------------ */

/* The name in lower case, without separators; false if it isn't a word. */
static bool plain_name(struct text name, char out[NAME_MAX + 1])
{
	size_t length = 0;
	for (size_t i = 0; i < name.length; i++) {
		char c = text_lower(name.bytes[i]);
		if (c == '_' || c == '-' || c == '.' || c == '@' || c == '$' || c == ' ')
			continue;
		if (c < 'a' || c > 'z' || length == NAME_MAX)
			return false;
		out[length++] = c;
	}
	out[length] = '\0';
	return true;
}

static enum paging_word word_of(struct text name)
{
	char plain[NAME_MAX + 1];
	if (!plain_name(name, plain))
		return PAGING_OTHER;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (text_is(text_of(plain), words[i].name))
			return words[i].word;
	return PAGING_OTHER;
}

static bool is_named(const struct json_value *key, const char *name)
{
	return json_value_is(key, text_of(name));
}

enum paging_word paging_word_of(const struct json_value *key)
{
	struct arena arena = {0};
	if (!key->has_escapes)
		return word_of(key->raw);
	if (key->raw.length > WRITTEN_MAX)
		return PAGING_OTHER;
	enum paging_word word = word_of(json_value_text(&arena, key));
	arena_release(&arena);
	return word;
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

/* The digits at the beginning of a text; 0 if there are none. A number that doesn't fit is the largest. */
static int64_t number_of(struct text text)
{
	int64_t number = 0;
	for (size_t i = 0; i < text.length; i++) {
		int64_t digit = text.bytes[i] - '0';
		if (digit < 0 || digit > 9)
			break;
		number = number > (INT64_MAX - digit) / 10 ? INT64_MAX : number * 10 + digit;
	}
	return number;
}

/* A real number's digits before the point; with an exponent, more than any list has. Nobody writes a count so, unless
 * all numbers are written so. */
static int64_t whole_of(struct text real)
{
	for (size_t i = 0; i < real.length; i++)
		if (real.bytes[i] == 'e' || real.bytes[i] == 'E')
			return INT64_MAX;
	return number_of(real);
}

static int64_t count_of(const struct json_value *value)
{
	switch (value->kind) {
	case JSON_KIND_INTEGER: return value->integer;
	case JSON_KIND_REAL: return whole_of(value->raw);
	case JSON_KIND_STRING: return number_of(value->raw);
	case JSON_KIND_NULL:
	case JSON_KIND_BOOLEAN:
	case JSON_KIND_ARRAY:
	case JSON_KIND_OBJECT: break;
	}
	return 0;
}

static bool is_zero(struct text real)
{
	for (size_t i = 0; i < real.length && real.bytes[i] != 'e' && real.bytes[i] != 'E'; i++)
		if (real.bytes[i] >= '1' && real.bytes[i] <= '9')
			return false;
	return true;
}

/* null, false, 0 and "" mean that there are no more pages; everything else means that there are. */
static bool is_more(const struct json_value *value)
{
	switch (value->kind) {
	case JSON_KIND_NULL: return false;
	case JSON_KIND_BOOLEAN: return value->boolean;
	case JSON_KIND_INTEGER: return value->integer != 0;
	case JSON_KIND_REAL: return !is_zero(value->raw);
	case JSON_KIND_STRING: return value->raw.length > 0;
	case JSON_KIND_ARRAY:
	case JSON_KIND_OBJECT: break;
	}
	return true;
}

static void add_total(struct paging *paging, int64_t total)
{
	if (total > paging->total)
		paging->total = total;
}

/* ---- parts ------------------------------------------------------------------------------------------------------ */

static bool read_member(struct json_cursor *cursor, const struct json_value *key, struct paging *paging)
{
	enum paging_word word = paging_word_of(key);
	struct json_value value;
	if (word != PAGING_OTHER)
		return paging_read(cursor, word, paging);
	if (!is_named(key, "rel"))
		return json_cursor_skip(cursor);
	if (!json_cursor_value(cursor, &value))
		return false;
	if (value.kind == JSON_KIND_ARRAY || value.kind == JSON_KIND_OBJECT)
		return json_cursor_leave(cursor, value.kind);
	paging->is_page |= value.kind == JSON_KIND_STRING && is_named(&value, "next");
	return true;
}

static bool read_part(struct json_cursor *cursor, enum json_kind kind, struct paging *paging)
{
	struct json_value key, value;
	for (bool more;;) {
		if (kind == JSON_KIND_OBJECT ? !json_cursor_member(cursor, &key, &more)
					     : !json_cursor_item(cursor, &more))
			return false;
		if (!more)
			return true;
		if (kind == JSON_KIND_OBJECT) {
			if (!read_member(cursor, &key, paging))
				return false;
			continue;
		}
		/* links = [ { "rel": "next", "href": address } ] */
		if (!json_cursor_value(cursor, &value))
			return false;
		if (value.kind == JSON_KIND_OBJECT
			    ? !read_part(cursor, value.kind, paging)
			    : value.kind == JSON_KIND_ARRAY && !json_cursor_leave(cursor, value.kind))
			return false;
	}
}

bool paging_read(struct json_cursor *cursor, enum paging_word word, struct paging *paging)
{
	struct json_value value;
	if (!json_cursor_value(cursor, &value))
		return false;
	switch (word) {
	case PAGING_MORE: paging->is_page |= is_more(&value); break;
	case PAGING_TOTAL: add_total(paging, count_of(&value)); break;
	case PAGING_PAGES: paging->is_page |= count_of(&value) > 1; break;
	case PAGING_OTHER:
	case PAGING_PART: break;
	}
	bool is_open = value.kind == JSON_KIND_ARRAY || value.kind == JSON_KIND_OBJECT;
	if (!is_open)
		return true;
	return word == PAGING_PART ? read_part(cursor, value.kind, paging) : json_cursor_leave(cursor, value.kind);
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

int64_t paging_number(struct text value)
{
	int64_t largest = 0;
	for (size_t from = 0, to; from < value.length; from = to + 1) {
		for (to = from; to < value.length && value.bytes[to] != ',';)
			to++;
		int64_t number = number_of(text_trim(text_slice(value, from, to)));
		largest = number > largest ? number : largest;
	}
	return largest;
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

static bool is_nothing(struct text value)
{
	return value.length == 0 || text_is_in_any_case(value, "false") || text_is_in_any_case(value, "null") ||
	       text_is_in_any_case(value, "none") || text_is(value, "0");
}

/* range = [ unit ] ( first "-" last | "*" ) "/" ( total | "*" )	(RFC 9110). With an unknown total nobody knows whether
 * it is all. */
static void read_range(struct text range, struct paging *paging)
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
	if (dash > 0 && number_of(text_slice(range, first, dash - 1)) > 0)
		paging->is_page = true;
	if (text_is(total, "*"))
		paging->is_page = true;
	add_total(paging, number_of(total));
}

/* X-Pagination: {"totalCount": 57, …} */
static void read_object(struct text value, struct paging *paging)
{
	struct json_cursor cursor = json_cursor_make(value, JSON_UNLIMITED);
	paging_read(&cursor, PAGING_PART, paging);
	json_cursor_release(&cursor);
}

struct paging paging_of_headers(struct text headers)
{
	struct paging paging = {0};
	struct text name, value;
	for (size_t at = 0; next_header(headers, &at, &name, &value);) {
		if (text_is_in_any_case(name, "Content-Range")) {
			read_range(value, &paging);
			continue;
		}
		switch (word_of(short_name(name))) {
		case PAGING_MORE: paging.is_page |= !is_nothing(value); break;
		case PAGING_TOTAL: add_total(&paging, paging_number(value)); break;
		case PAGING_PAGES: paging.is_page |= paging_number(value) > 1; break;
		case PAGING_PART: read_object(value, &paging); break;
		case PAGING_OTHER: break;
		}
	}
	return paging;
}
