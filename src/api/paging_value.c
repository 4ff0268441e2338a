/* paging_value.c - what a single value says about pages, whose member or header has a known meaning. See paging.h. */
#include "paging_add.h"

#include "paging_count.h"

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

struct paging_mark paging_mark_of(struct paging_mark mark, const struct json_value *value)
{
	mark.value = shown(value);
	return mark;
}

static bool is_number_or_text(const struct json_value *value)
{
	return value->kind == JSON_KIND_INTEGER || value->kind == JSON_KIND_REAL ||
	       (value->kind == JSON_KIND_STRING && value->raw.length > 0);
}

/* "1 of 7" may be any page. A text without a digit at its beginning isn't a number of anything. */
static int64_t place_of(const struct json_value *value)
{
	int64_t place = paging_count_of(value, false);
	bool is_unreadable = place == 0 && value->kind == JSON_KIND_STRING && paging_limit_of(value) > 0;
	return is_unreadable ? INT64_MAX : place;
}

static void add_place(struct paging *paging, enum paging_word word, const struct json_value *value, bool is_loose,
		      struct paging_mark mark)
{
	if (!is_number_or_text(value))
		return;
	paging->has_offset = true;
	if (place_of(value) <= 1)
		return;
	if (word == PAGING_INDEX && is_loose)
		paging->index = mark;
	else
		paging_add_more(paging, mark);
}

/* The least number that is a moment: 2001, in seconds since 1970. No list has so many items. */
#define MOMENT_MIN INT64_C(1000000000)

static bool is_moment(const struct json_value *value)
{
	int64_t number = paging_limit_of(value);
	return number >= MOMENT_MIN && number < INT64_MAX;
}

/* An offset may be a text that isn't a number, or a moment; a start is a number, or says nothing: `from` may be a date.
 */
static void add_offset(struct paging *paging, enum paging_word word, const struct json_value *value,
		       struct paging_mark mark)
{
	bool is_number = value->kind == JSON_KIND_INTEGER || value->kind == JSON_KIND_REAL;
	int64_t count = paging_count_of(value, false);
	paging->has_offset = true;
	bool is_other = count == 1 || (!is_number && count == 0) || is_moment(value);
	if (paging_is_no_place(value) || (word == PAGING_START && is_other))
		return;
	paging_add_more(paging, mark);
}

/* Adds that there are other pages for false, or a text of it. Returns false if the value is neither true nor false. */
static bool add_truth(struct paging *paging, const struct json_value *value, struct paging_mark mark)
{
	bool is_true;
	if (!paging_is_truth(value, &is_true))
		return false;
	if (!is_true)
		paging_add_more(paging, mark);
	return true;
}

static void add_last(struct paging *paging, enum paging_word word, const struct json_value *value,
		     struct paging_mark mark)
{
	bool is_true;
	if (add_truth(paging, value, mark))
		paging->has_end |= paging_is_truth(value, &is_true) && is_true;
	else if (word == PAGING_LAST_PAGE)
		paging_add_pages(paging, paging_count_of(value, true), mark);
}

/* True for a member that says where a page is, and not only whether there is one. */
static bool is_place(enum paging_word word)
{
	return word == PAGING_NEXT || word == PAGING_CURSOR || word == PAGING_PREVIOUS;
}

static void add_more(struct paging *paging, enum paging_word word, const struct json_value *value,
		     struct paging_mark mark)
{
	bool is_nothing = is_place(word) ? paging_is_no_place(value) : paging_is_nothing(value);
	if ((word == PAGING_MAYBE || word == PAGING_CURSOR) && !is_nothing)
		paging->perhaps = mark;
	else if (!is_nothing)
		paging_add_more(paging, mark);
	paging->has_end |= is_nothing && (word == PAGING_MORE || word == PAGING_NEXT);
}

void paging_add_value(struct paging *paging, enum paging_word word, const struct json_value *value, bool is_loose,
		      struct paging_mark mark)
{
	mark.value = shown(value);
	switch (word) {
	case PAGING_MORE:
	case PAGING_MAYBE:
	case PAGING_FAULT:
	case PAGING_NEXT:
	case PAGING_CURSOR:
	case PAGING_PREVIOUS:
	case PAGING_MORE_BEFORE: add_more(paging, word, value, mark); break;
	case PAGING_LAST:
	case PAGING_LAST_PAGE: add_last(paging, word, value, mark); break;
	case PAGING_FIRST:
		if (add_truth(paging, value, mark))
			break;
		add_place(paging, word, value, is_loose, mark);
		break;
	case PAGING_PLACE:
	case PAGING_PAGE:
	case PAGING_INDEX: add_place(paging, word, value, is_loose, mark); break;
	case PAGING_OFFSET:
	case PAGING_START: add_offset(paging, word, value, mark); break;
	case PAGING_TOTAL:
	case PAGING_COUNT: paging_add_total(paging, paging_count_of(value, true), word == PAGING_TOTAL, mark); break;
	case PAGING_PAGES: paging_add_pages(paging, paging_count_of(value, true), mark); break;
	case PAGING_RESULTS:
	case PAGING_NOUN:
		if (value->kind == JSON_KIND_INTEGER)
			paging_add_total(paging, value->integer, false, mark);
		break;
	case PAGING_LIMIT:
	case PAGING_SIZE:
		paging_add_limit(paging, paging_limit_of(value), is_loose && word == PAGING_SIZE, mark);
		break;
	case PAGING_WARNING:
	case PAGING_ASIDE:
	case PAGING_PART:
	case PAGING_OTHER: break;
	}
}
