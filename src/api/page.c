/* page.c - finds out from an answer's status and headers that it is only a page, or comes from a cache. (list.c checks
 * the body.)
 *
 * Link = "<" address ">" { ";" name "=" ( token | quoted ) }, joined by "," (RFC 8288). Names and relations ignore
 * case.
 */
#include "answer.h"
#include "paging.h"

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

bool answer_is_page(const struct api_answer *answer)
{
	if (answer->transport.cause != MISS_NONE)
		return false;
	return answer->http_status == 206 ||
	       (answer->http_status == 200 && (has_next(answer->link) || paging_of_headers(answer->headers).is_page));
}

bool answer_has_all(const struct api_answer *answer, size_t count, struct miss *miss)
{
	bool has_all = paging_of_headers(answer->headers).total <= (int64_t)count;
	if (!has_all)
		*miss = (struct miss){.cause = MISS_PAGE, .detail = TEXT(API_PAGE_WORDS)};
	return has_all;
}

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
