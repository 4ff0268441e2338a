/* page.c - finds out from an answer's status and headers that it is only a page. list.c checks the body. */
#include "page.h"

#include "answer.h"
#include "chaingate/buf.h"
#include "quote.h"

/* Longest name and value in a message, in bytes, so that the words with three of them fit API_DETAIL_MAX. */
#define NAME_SHOWN_MAX 50
#define VALUE_SHOWN_MAX 60

/* ---- what says so ----------------------------------------------------------------------------------------------- */

#define HTTP_PARTIAL_CONTENT 206 /* RFC 9110, section 15.3.7 */

static struct miss miss_of(struct arena *arena, struct buf *words)
{
	struct miss miss = {.cause = MISS_PAGE, .detail = arena_text(arena, buf_text(words))};
	buf_release(words);
	return miss;
}

struct miss page_miss(struct arena *arena, const struct paging_mark *mark, size_t count, bool is_count)
{
	struct buf words = buf_make(API_DETAIL_MAX), name = buf_make(API_DETAIL_MAX);
	bool is_member = !mark->is_header || mark->part.length;
	if (mark->part.length && !mark->is_header) {
		quote_value(&name, mark->part, NAME_SHOWN_MAX);
		buf_add_byte(&name, '.');
	}
	quote_value(&name, mark->name, NAME_SHOWN_MAX);
	buf_printf(&words, "%s: the %s '%s'", API_PAGE_WORDS, is_member ? "member" : "header", buf_string(&name));
	if (is_member && mark->is_header) {
		buf_add_string(&words, " of the header ");
		text_add_quoted(&words, mark->part, NAME_SHOWN_MAX);
	}
	buf_add_string(&words, " is '");
	quote_value(&words, mark->value, VALUE_SHOWN_MAX);
	buf_add_byte(&words, '\'');
	if (is_count)
		buf_printf(&words, ", and the list has %zu", count);
	buf_release(&name);
	return miss_of(arena, &words);
}

/* What says so, and a value in quotation marks. */
static struct miss page_miss_of(struct arena *arena, const char *what, struct text value)
{
	struct buf words = buf_make(API_DETAIL_MAX);
	buf_printf(&words, "%s: %s", API_PAGE_WORDS, what);
	if (value.length) {
		buf_add_byte(&words, '"');
		quote_value(&words, value, VALUE_SHOWN_MAX);
		buf_add_byte(&words, '"');
	}
	return miss_of(arena, &words);
}

bool answer_is_page(struct arena *arena, const struct api_answer *answer, struct miss *miss)
{
	if (answer->transport.cause != MISS_NONE)
		return false;
	if (answer->http_status == HTTP_PARTIAL_CONTENT) {
		*miss = page_miss_of(arena, "its HTTP status is 206", (struct text){0});
		return true;
	}
	if (answer->http_status != 200)
		return false;
	struct paging paging = paging_of_headers(answer->headers, (struct text){0});
	struct text relation = paging_relation_in(answer->link);
	if (relation.length)
		*miss = page_miss_of(arena, "the header 'Link' has rel=", relation);
	else if (paging.more.name.length)
		*miss = page_miss(arena, &paging.more, 0, false);
	return relation.length || paging.more.name.length;
}
