/* cache.c - finds out whether an answer comes from a cache on its way, which sent a copy that it had kept. */
#include "answer.h"
#include "chaingate/buf.h"
#include "paging.h"
#include "paging_count.h"
#include "quote.h"

/* Longest name and value of a header in a message, in bytes. */
#define SHOWN_MAX 60

int64_t answer_age_s(const struct api_answer *answer)
{
	int64_t seconds = paging_header_number(answer->headers, "Age");
	return seconds < API_AGE_KNOWN_MAX_S ? seconds : API_AGE_KNOWN_MAX_S;
}

static bool is_of_word(char c)
{
	return c == '_' || c == '-' || c == '=' || (c >= '0' && c <= '9') ||
	       (text_lower(c) >= 'a' && text_lower(c) <= 'z');
}

static bool begins(struct text word, const char *with)
{
	return text_is_in_any_case(text_slice(word, 0, text_of(with).length), with);
}

static bool ends(struct text word, const char *with)
{
	size_t length = text_of(with).length;
	return word.length >= length && text_is_in_any_case(text_slice(word, word.length - length, word.length), with);
}

/* "TCP_REFRESH_FAIL_OLD", "TCP_REFRESH_FAIL_HIT": the API didn't answer, so the cache sent what it had. */
static bool has_failed(struct text word)
{
	for (size_t at = 0; at < word.length; at++)
		if (begins(text_slice(word, at, word.length), "refresh_fail"))
			return true;
	return false;
}

/* True for the words of a cache that sent a copy. One that asked the API says "REVALIDATED", "RefreshHit",
 * "TCP_REFRESH_HIT", "fwd=stale", "HIT-FOR-PASS". */
static bool is_of_copy(struct text word)
{
	if (has_failed(word))
		return true;
	if (ends(word, "refresh_hit") || ends(word, "refresh-hit") || begins(word, "hit-for-") ||
	    begins(word, "hit_for_"))
		return false;
	if (begins(word, "no-") || begins(word, "no_"))
		return false;
	return text_is_in_any_case(word, "hit") || begins(word, "hit-") || begins(word, "hit_") || ends(word, "_hit") ||
	       ends(word, "-hit") || begins(word, "stale") || text_is_in_any_case(word, "updating") ||
	       text_is_in_any_case(word, "cached");
}

/* "HIT", "MISS, HIT", "Hit from cloudfront", "TCP_MEM_HIT", "example; hit; ttl=30", but not "no hit" */
static bool says_copy(struct text value)
{
	bool is_negated = false;
	for (size_t at = 0, from; at < value.length; at++) {
		for (from = at; at < value.length && is_of_word(value.bytes[at]);)
			at++;
		struct text word = text_slice(value, from, at);
		if (!is_negated && is_of_copy(word))
			return true;
		is_negated = at < value.length && value.bytes[at] == ' ' &&
			     (text_is_in_any_case(word, "no") || text_is_in_any_case(word, "not"));
	}
	return false;
}

/* True for a code of a copy: 110 "Response is Stale", 111 "Revalidation Failed", 112 "Disconnected Operation", 113
 * "Heuristic Expiration" (RFC 7234, section 5.5). warnings = code agent text [ date ] { "," code … } */
static bool warns_of_copy(struct text value)
{
	bool is_quoted = false;
	for (size_t at = 0; at < value.length; at++) {
		bool is_first = at == 0 || (value.bytes[at] == ',' && !is_quoted);
		struct text rest = text_trim(text_slice(value, at + (at > 0), value.length));
		int64_t code = is_first ? paging_digits(rest) : 0;
		if (code >= 110 && code <= 113)
			return true;
		is_quoted ^= value.bytes[at] == '"';
	}
	return false;
}

/* "true", "1", "HIT": for names that are true of a copy. */
static bool says_yes(struct text value)
{
	return text_is_in_any_case(value, "true") || text_is_in_any_case(value, "yes") || paging_digits(value) > 0 ||
	       says_copy(value);
}

/* Varnish's number for this request, and for the one whose answer it kept. */
static bool has_two_numbers(struct text value)
{
	size_t space = 0;
	while (space < value.length && value.bytes[space] != ' ')
		space++;
	return paging_digits(value) > 0 && paging_digits(text_slice(value, space + 1, value.length)) > 0;
}

/* "cdn-cache; desc=HIT, edge; dur=1": Akamai's. Other metrics may be about other caches. */
static bool times_copy(struct text value)
{
	return begins(value, "cdn-cache; desc=hit") || begins(value, "cdn-cache;desc=hit");
}

static bool says_number(struct text value)
{
	return paging_largest_number(value) > 0;
}

/* Names, or ends of names, in which caches say what they did, and how they say that they sent a copy. X-Cache-Lookup only
 * says that there was one. */
static const struct {
	const char *end;
	bool (*is_copy)(struct text value);
} cache_headers[] = {
	{"cache", says_copy},        /* X-Cache, X-Proxy-Cache */
	{"cache-status", says_copy}, /* CF-Cache-Status, and RFC 9211's own */
	{"from-cache", says_yes},    /* X-From-Cache */
	{"-cached", says_yes},       /* X-Cached */
	{"cache-hits", says_number}, /* X-Cache-Hits: "0, 3" */
	{"x-varnish", has_two_numbers}, {"warning", warns_of_copy}, {"server-timing", times_copy},
};

static bool header_says_copy(struct text name, struct text value)
{
	for (size_t i = 0; i < sizeof cache_headers / sizeof *cache_headers; i++)
		if (ends(name, cache_headers[i].end) && cache_headers[i].is_copy(value))
			return true;
	return false;
}

/* ages = age { "," age }, where an age is digits, or missing. */
static bool are_ages(struct text value)
{
	for (size_t at = 0, from; at < value.length; at++) {
		for (from = at; at < value.length && value.bytes[at] != ',';)
			at++;
		struct text age = text_trim(text_slice(value, from, at));
		for (size_t i = 0; i < age.length; i++)
			if (age.bytes[i] < '0' || age.bytes[i] > '9')
				return false;
	}
	return true;
}

/* True if a header says that the answer is a copy, and none says how old it is. An Age that can't be read is such a
 * header: "900" in quotation marks. */
static bool is_undated_copy(const struct api_answer *answer, struct text *out_name, struct text *out_value)
{
	struct text name, value;
	bool is_copy = false, has_age = false;
	for (size_t at = 0; paging_next_header(answer->headers, &at, &name, &value);) {
		bool is_age = text_is_in_any_case(name, "Age"), is_unread = is_age && !are_ages(value);
		has_age |= is_age && value.length;
		if (!is_unread && (is_copy || !header_says_copy(name, value)))
			continue;
		is_copy = true;
		*out_name = name;
		*out_value = value;
		if (is_unread)
			return true;
	}
	return is_copy && !has_age;
}

bool answer_is_stale(const struct api_answer *answer)
{
	struct text name, value;
	return answer->transport.cause == MISS_NONE && answer->http_status == 200 &&
	       (answer_age_s(answer) > API_AGE_MAX_S || is_undated_copy(answer, &name, &value));
}

struct miss answer_stale_miss(struct arena *arena, const struct api_answer *answer)
{
	struct buf words = buf_make(API_DETAIL_MAX);
	struct text name, value;
	if (answer_age_s(answer) > API_AGE_MAX_S || !is_undated_copy(answer, &name, &value)) {
		buf_printf(&words, "the answer is %lld s old: a cache on the way sent it again (its Age header)",
			   (long long)answer_age_s(answer));
	} else {
		buf_add_string(&words,
			       "nobody knows how old the answer is: a cache on the way sent it again (its header '");
		quote_value(&words, name, SHOWN_MAX);
		buf_add_string(&words, "' is '");
		quote_value(&words, value, SHOWN_MAX);
		buf_add_string(&words, "')");
	}
	struct miss miss = {.cause = MISS_STALE, .detail = arena_text(arena, buf_text(&words))};
	buf_release(&words);
	return miss;
}

struct miss answer_old_date_miss(struct arena *arena, const struct api_answer *answer, int64_t seconds,
				 bool stands_still)
{
	struct buf words = buf_make(API_DETAIL_MAX);
	buf_printf(&words, "the answer is %lld s old: a cache on the way sent it again%s (its Date is '",
		   (long long)seconds, stands_still ? "" : ", or the clocks of the API's servers differ");
	quote_value(&words, answer->date, SHOWN_MAX);
	buf_printf(&words, "', %s)", stands_still ? "and doesn't move" : "and earlier answers show what it should be");
	struct miss miss = {.cause = MISS_STALE, .detail = arena_text(arena, buf_text(&words))};
	buf_release(&words);
	return miss;
}
