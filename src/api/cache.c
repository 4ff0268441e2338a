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
	return c == '_' || c == '-' || (c >= '0' && c <= '9') || (text_lower(c) >= 'a' && text_lower(c) <= 'z');
}

/* In any case; "_" and "." are as good as "-". */
static bool is_alike(struct text word, const char *with)
{
	struct text other = text_of(with);
	if (word.length != other.length)
		return false;
	for (size_t i = 0; i < word.length; i++) {
		char c = word.bytes[i] == '_' || word.bytes[i] == '.' ? '-' : text_lower(word.bytes[i]);
		if (c != other.bytes[i])
			return false;
	}
	return true;
}

static bool begins(struct text word, const char *with)
{
	return is_alike(text_slice(word, 0, text_of(with).length), with);
}

static bool ends(struct text word, const char *with)
{
	size_t length = text_of(with).length;
	return word.length >= length && is_alike(text_slice(word, word.length - length, word.length), with);
}

static bool contains(struct text word, const char *part)
{
	for (size_t at = 0; at < word.length; at++)
		if (begins(text_slice(word, at, word.length), part))
			return true;
	return false;
}

/* True for the words of a cache that sent a copy. One that asked the API says "REVALIDATED", "RefreshHit",
 * "TCP_REFRESH_HIT", "HIT-FOR-PASS". With "TCP_REFRESH_FAIL_HIT" the API didn't answer; with "TCP_REFRESH_IGNORED" it
 * did, but the cache kept to what it had. */
static bool is_of_copy(struct text word)
{
	static const char *const words[] = {"updating", "cached", "prerender", "grace", "fresh", "hits"};
	if (contains(word, "refresh-fail") || contains(word, "refresh-ignored"))
		return true;
	if (ends(word, "refresh-hit") || ends(word, "refreshhit") || begins(word, "hit-for-") || begins(word, "no-") ||
	    is_alike(word, "nohit"))
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (is_alike(word, words[i]))
			return true;
	return ends(word, "hit") || begins(word, "hit-") || contains(word, "-hit-") || begins(word, "stale") ||
	       ends(word, "-stale");
}

/* "hit=?0" */
static bool is_denied(struct text after)
{
	return begins(after, "=?0") || begins(after, "=0") || begins(after, "=false") || begins(after, "=no");
}

/* The end of the quoted text that begins at `at`. In it "\" stands before a character that is meant literally. */
static size_t quoted_end(struct text value, size_t at)
{
	for (at++; at < value.length && value.bytes[at] != '"'; at++)
		at += value.bytes[at] == '\\';
	return at < value.length ? at + 1 : value.length;
}

/* True for parameters whose quoted value says what the cache did. That of others is any text: key="/v1/hit". */
static bool is_of_result(struct text name)
{
	return is_alike(name, "status") || is_alike(name, "state") || is_alike(name, "result") ||
	       is_alike(name, "cache") || is_alike(name, "hit");
}

/* Where to read on after a word that ends at `at`: behind a quoted value, or the host's name behind "from". */
static size_t after_word(struct text value, struct text word, size_t at)
{
	struct text after = text_slice(value, at, value.length);
	if (begins(after, "=\"") && !is_of_result(word))
		return quoted_end(value, at + 1);
	if (!is_alike(word, "from") || !begins(after, " "))
		return at;
	for (at++; at < value.length && value.bytes[at] != ' ' && value.bytes[at] != ',' && value.bytes[at] != ';';)
		at++;
	return at;
}

/* "from cache", "served from cache", but not "MISS from cache": there, it is a host's name. */
static bool is_from_cache(struct text before, struct text word, struct text after)
{
	static const char *const words[] = {"",     "served", "loaded",    "fetched",   "read",
					    "sent", "answer", "retrieved", "delivered", "response"};
	size_t length = text_of(" cache").length;
	bool is_cache = is_alike(word, "from") && begins(after, " cache") &&
			(after.length == length || after.bytes[length] == ',' || after.bytes[length] == ';');
	for (size_t i = 0; i < sizeof words / sizeof *words && is_cache; i++)
		if (is_alike(before, words[i]))
			return true;
	return false;
}

/* "HIT", "MISS, HIT", "Hit from cloudfront", "TCP_MEM_HIT", "example; hit; ttl=30", "hit=?1", but not "no hit",
 * "fwd=stale", "MISS from hit-server" or key="hit" */
static bool says_copy(struct text value)
{
	struct text before = {0};
	bool is_skipped = false;
	for (size_t at = 0, from; at < value.length;) {
		for (from = at; at < value.length && is_of_word(value.bytes[at]);)
			at++;
		struct text word = text_slice(value, from, at), after = text_slice(value, at, value.length);
		if (!is_skipped && !is_denied(after) && (is_of_copy(word) || is_from_cache(before, word, after)))
			return true;
		is_skipped = (begins(after, " ") && (is_alike(word, "no") || is_alike(word, "not"))) ||
			     (begins(after, "=") && is_alike(word, "fwd"));
		before = begins(after, " ") ? word : (struct text){0};
		at = after_word(value, word, at);
		at += at < value.length;
	}
	return false;
}

/* The first part of `list` up to a separator outside of quotation marks, trimmed; `*at` is where the next one begins. False
 * at the end. In a quoted text "\" stands before a character that is meant literally. */
static bool next_part(struct text list, char separator, size_t *at, struct text *out)
{
	size_t from = *at;
	bool is_quoted = false;
	if (from > list.length)
		return false;
	for (; *at < list.length && (is_quoted || list.bytes[*at] != separator); ++*at) {
		if (is_quoted && list.bytes[*at] == '\\' && *at + 1 < list.length)
			++*at;
		else
			is_quoted ^= list.bytes[*at] == '"';
	}
	*out = text_trim(text_slice(list, from, *at));
	++*at;
	return true;
}

/* True for a code of a copy: 110 "Response is Stale", 111 "Revalidation Failed", 112 "Disconnected Operation", 113
 * "Heuristic Expiration" (RFC 7234, section 5.5). warnings = code agent text [ date ] { "," code … } */
static bool warns_of_copy(struct text value)
{
	struct text warning;
	for (size_t at = 0; next_part(value, ',', &at, &warning);)
		if (paging_digits(warning) >= 110 && paging_digits(warning) <= 113)
			return true;
	return false;
}

/* "true", "1", "3", "HIT": for names that are true of a copy. */
static bool says_yes(struct text value)
{
	return is_alike(value, "true") || is_alike(value, "yes") || paging_digits(value) > 0 || says_copy(value);
}

/* "32770 3": Varnish's number for this request, and for the one whose answer it kept. Each Varnish on the way has a
 * part. */
static bool has_two_numbers(struct text value)
{
	struct text part;
	for (size_t at = 0, space; next_part(value, ',', &at, &part);) {
		for (space = 0; space < part.length && part.bytes[space] != ' ';)
			space++;
		if (paging_digits(part) > 0 && paging_digits(text_trim(text_slice(part, space, part.length))) > 0)
			return true;
	}
	return false;
}

/* parameter = name "=" value. True if its name is this one. */
static bool is_parameter(struct text parameter, const char *name, struct text *out_value)
{
	size_t equals = 0;
	while (equals < parameter.length && parameter.bytes[equals] != '=')
		equals++;
	*out_value = text_slice(parameter, equals + (equals < parameter.length), parameter.length);
	return text_is_in_any_case(text_trim(text_slice(parameter, 0, equals)), name);
}

/* metric = name { ";" parameter }. True for Akamai's, CloudFront's and Cloudflare's. Other metrics may be about other caches: the API's
 * own. */
static bool metric_is_copy(struct text metric)
{
	size_t at = 0;
	struct text name, parameter, value;
	next_part(metric, ';', &at, &name);
	if (is_alike(name, "cdn-cache-hit"))
		return true;
	if (!is_alike(name, "cdn-cache") && !text_is_in_any_case(name, "cfCacheStatus"))
		return false;
	while (next_part(metric, ';', &at, &parameter))
		if (is_parameter(parameter, "desc", &value) && says_copy(value))
			return true;
	return false;
}

/* "edge; dur=1, cdn-cache; desc=HIT", "cfCacheStatus;dur=0;desc=\"HIT\"" */
static bool times_copy(struct text value)
{
	struct text metric;
	for (size_t at = 0; next_part(value, ',', &at, &metric);)
		if (metric_is_copy(metric))
			return true;
	return false;
}

/* "fresh": the copy was young enough for it, so that it asked nobody. "stale-if-error": the API didn't answer. "stale,
 * valid": it did. Symfony's has the request before it: "GET /v1/chains: fresh". */
static bool says_fresh(struct text value)
{
	struct text word;
	size_t from = value.length;
	while (from > 0 && value.bytes[from - 1] != ':')
		from--;
	value = text_slice(value, from, value.length);
	for (size_t at = 0; next_part(value, ',', &at, &word);)
		if (is_alike(word, "fresh") || begins(word, "stale-"))
			return true;
	return false;
}

static bool says_number(struct text value)
{
	return paging_largest_number(value) > 0;
}

/* It only says that there was a copy, or how long one may be kept. */
static bool says_nothing(struct text value)
{
	(void)value;
	return false;
}

/* "qd [2], bd [4]", a date: the name is there only if there was a copy. */
static bool says_anything(struct text value)
{
	return value.length > 0;
}

/* X-Served-From: cache */
static bool says_cache(struct text value)
{
	return is_alike(value, "cache") || says_copy(value);
}

/* "Cache Hit", "Hit From MemCache". Squid's "HIT from proxy:3128" only says that there was a copy. */
static bool looked_up_copy(struct text value)
{
	for (size_t i = 0; i < value.length; i++)
		if (value.bytes[i] == ':')
			return false;
	return says_copy(value);
}

/* Apache's. "conditional cache hit: entity refreshed": it asked. */
static bool details_copy(struct text value)
{
	return !contains(value, "conditional") && says_copy(value);
}

/* Ends of names in which caches say what they did, and how they say that they sent a copy: the first that fits. Any other
 * name with "cache" in it is searched for the words of copies. */
static const struct {
	const char *end;
	bool (*is_copy)(struct text value);
} cache_headers[] = {
	{"cache-lookup", looked_up_copy},
	{"cache-detail", details_copy},
	{"cacheable", says_nothing}, /* X-Cacheable: YES */
	{"no-cache", says_nothing},
	{"not-cached", says_nothing},
	{"cache-tag", says_nothing}, /* Cache-Tag: chains-hit */
	{"cache-tags", says_nothing},
	{"cache-key", says_nothing}, /* X-Cache-Key: /v1/chains/hit */
	{"cache-keys", says_nothing},
	{"cache-group", says_nothing},
	{"cache-groups", says_nothing},
	{"cache-policy", says_nothing},
	{"cache-rule", says_nothing},
	{"cache-id", says_nothing},
	{"cache-enabled", says_nothing},
	{"cache-bypass", says_nothing},
	{"cache-miss", says_nothing},
	{"cache-ttl", says_nothing},
	{"cache-revalidated", says_nothing},
	{"ohc-cache-hit", says_anything}, /* "qd [2], bd [4]" */
	{"cached-since", says_anything},
	{"fastly-state", says_copy}, /* "HIT-CLUSTER" */
	{"served-from", says_cache},
	{"cache-control", says_nothing}, /* CDN-Cache-Control: stale-if-error=60 */
	{"rack-cache", says_fresh},      /* "stale, valid": it asked */
	{"symfony-cache", says_fresh},   /* "GET /v1/chains: fresh" */
	{"from-cache", says_yes},        /* X-From-Cache */
	{"-cached", says_yes},           /* X-Cached */
	{"cache-hit", says_yes},         /* X-Cache-Hit */
	{"cache-hits", says_number},     /* X-Cache-Hits: "0, 3" */
	{"cache-age", says_number},      /* X-Cache-Age: "900" */
	{"varnish-hits", says_number},   /* X-Varnish-Hits: "3" */
	{"x-varnish", has_two_numbers},  /* "32770 3" */
	{"warning", warns_of_copy},      /* "110 - …" */
	{"server-timing", times_copy},   /* "cdn-cache; desc=HIT" */
};

/* X-Cache, X-Cached-Response, X-Cache-Stale: names of which "true", "1" and "3" say that it is a copy. */
static bool is_name_of_copy(struct text name)
{
	return ends(name, "cache") || ends(name, "hit") || ends(name, "hits") || ends(name, "-stale") ||
	       contains(name, "cached");
}

static bool header_says_copy(struct text name, struct text value)
{
	for (size_t i = 0; i < sizeof cache_headers / sizeof *cache_headers; i++)
		if (ends(name, cache_headers[i].end))
			return cache_headers[i].is_copy(value);
	return contains(name, "cache") && (is_name_of_copy(name) ? says_yes(value) : says_copy(value));
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

/* True if a header says that the answer is a copy. The Age beside it may be as small as it likes: some caches hand on the
 * API's, or write 0 for what they have just kept. An Age that can't be read is such a header, too: "900" in quotation
 * marks. */
static bool says_that_it_is_a_copy(const struct api_answer *answer, struct text *out_name, struct text *out_value)
{
	for (size_t at = 0; paging_next_header(answer->headers, &at, out_name, out_value);) {
		bool is_age = text_is_in_any_case(*out_name, "Age");
		if (is_age ? !are_ages(*out_value) : header_says_copy(*out_name, *out_value))
			return true;
	}
	return false;
}

bool answer_is_observation(const struct api_answer *answer)
{
	int status = answer->http_status;
	bool is_refusal = status >= 400 && status < 500 && status != 408 && status != 425 && status != 429;
	return answer->transport.cause == MISS_NONE && (status == 200 || is_refusal);
}

bool answer_is_stale(const struct api_answer *answer)
{
	struct text name, value;
	return answer_is_observation(answer) &&
	       (answer_age_s(answer) > API_AGE_MAX_S || says_that_it_is_a_copy(answer, &name, &value));
}

struct miss answer_stale_miss(struct arena *arena, const struct api_answer *answer)
{
	struct buf words = buf_make(API_DETAIL_MAX);
	struct text name, value;
	if (answer_age_s(answer) > API_AGE_MAX_S || !says_that_it_is_a_copy(answer, &name, &value)) {
		buf_printf(&words, "the answer is %lld s old: a cache on the way sent it again (its Age header)",
			   (long long)answer_age_s(answer));
	} else {
		buf_add_string(&words, "the answer is a copy: a cache on the way sent it again (its header '");
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

struct miss answer_old_answers_miss(struct arena *arena, const struct api_answer *answer, int64_t seconds)
{
	struct buf words = buf_make(API_DETAIL_MAX);
	buf_add_string(&words,
		       "earlier answers were old: a cache on the way sent them again, or the clocks of the API's "
		       "servers differ");
	if (seconds) {
		buf_printf(&words, " (%lld s later, the Date here is '", (long long)seconds);
		quote_value(&words, answer->date, SHOWN_MAX);
		buf_add_string(&words, "')");
	}
	struct miss miss = {.cause = MISS_STALE, .detail = arena_text(arena, buf_text(&words))};
	buf_release(&words);
	return miss;
}

struct miss answer_other_id_miss(struct arena *arena, enum target_kind kind, struct text wanted, struct text id,
				 struct text now)
{
	struct buf words = buf_make(API_DETAIL_MAX);
	buf_printf(&words, "an old list said that the %s '", target_kind_name(kind));
	quote_value(&words, wanted, SHOWN_MAX);
	buf_add_string(&words, "' has the id '");
	quote_value(&words, id, SHOWN_MAX);
	buf_add_string(&words, "', and now it has the id '");
	quote_value(&words, now, SHOWN_MAX);
	buf_add_string(&words, "': run again");
	struct miss miss = {.cause = MISS_STALE, .detail = arena_text(arena, buf_text(&words))};
	buf_release(&words);
	return miss;
}
