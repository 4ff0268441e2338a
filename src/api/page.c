/* page.c - finds out from an answer's status and headers that it is only a page, or comes from a cache. (list.c checks
 * the body.)
 *
 * Link = "<" address ">" { ";" name "=" ( token | quoted ) }, joined by "," (RFC 8288). Names and relations ignore
 * case.
 */
#include "page.h"

#include "answer.h"
#include "chaingate/buf.h"
#include "quote.h"

/* Longest name and value in a message, in bytes, so that the words with three of them fit API_DETAIL_MAX. */
#define NAME_SHOWN_MAX 50
#define VALUE_SHOWN_MAX 60

/* ---- Link ------------------------------------------------------------------------------------------------------- */

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

/* True if `word` is one of the words. */
static bool has_word(struct text words, const char *word)
{
	for (size_t at = 0; at < words.length; at++) {
		size_t from = at;
		while (at < words.length && !is_space(words.bytes[at]))
			at++;
		if (text_is_in_any_case(text_slice(words, from, at), word))
			return true;
	}
	return false;
}

static size_t skip_spaces(struct text text, size_t at)
{
	while (at < text.length && is_space(text.bytes[at]))
		at++;
	return at;
}

/* Reads a token, or the text between quotation marks. Returns where it ends. */
static size_t read_value(struct text link, size_t at, struct text *out)
{
	bool is_quoted = at < link.length && link.bytes[at] == '"';
	size_t from = at + is_quoted;
	for (at = from; at < link.length; at++) {
		char c = link.bytes[at];
		if (is_quoted ? c == '"' : is_space(c) || c == ';' || c == ',' || c == '=')
			break;
	}
	*out = text_slice(link, from, at);
	return at < link.length ? at + is_quoted : at;
}

static bool has_next(struct text link)
{
	struct text name, value;
	for (size_t at = 0; at < link.length;) {
		if (link.bytes[at] == '<')
			while (at < link.length && link.bytes[at] != '>')
				at++;
		if (at >= link.length || link.bytes[at] != ';') {
			at++;
			continue;
		}
		at = skip_spaces(link, read_value(link, skip_spaces(link, at + 1), &name));
		if (at >= link.length || link.bytes[at] != '=')
			continue;
		at = read_value(link, skip_spaces(link, at + 1), &value);
		if (text_is_in_any_case(name, "rel") && has_word(value, "next"))
			return true;
	}
	return false;
}

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

static struct miss page_miss_of(struct arena *arena, const char *what)
{
	struct buf words = buf_make(API_DETAIL_MAX);
	buf_printf(&words, "%s: %s", API_PAGE_WORDS, what);
	return miss_of(arena, &words);
}

bool answer_is_page(struct arena *arena, const struct api_answer *answer, struct miss *miss)
{
	if (answer->transport.cause != MISS_NONE)
		return false;
	if (answer->http_status == HTTP_PARTIAL_CONTENT) {
		*miss = page_miss_of(arena, "its HTTP status is 206");
		return true;
	}
	if (answer->http_status != 200)
		return false;
	struct paging paging = paging_of_headers(answer->headers);
	bool is_linked = has_next(answer->link);
	if (is_linked)
		*miss = page_miss_of(arena, "the header 'Link' has rel=\"next\"");
	else if (paging.more.name.length)
		*miss = page_miss(arena, &paging.more, 0, false);
	return is_linked || paging.more.name.length;
}

/* ---- caches ----------------------------------------------------------------------------------------------------- */

int64_t answer_age_s(const struct api_answer *answer)
{
	int64_t seconds = paging_number(paging_header(answer->headers, "Age"));
	return seconds < API_AGE_KNOWN_MAX_S ? seconds : API_AGE_KNOWN_MAX_S;
}

bool answer_is_stale(const struct api_answer *answer)
{
	return answer->transport.cause == MISS_NONE && answer->http_status == 200 &&
	       answer_age_s(answer) > API_AGE_MAX_S;
}
