/* answer.c - see answer.h. Also reads a server's error messages; the API, the gateways before it, and proxies on the
 * way each have their own form. */
#include "answer.h"

#include "chaingate/buf.h"
#include "quote.h"

/* How much of a server's words is quoted, in bytes. The sentence that matters comes first. */
#define WORDS_MAX 200

/* How much of the transport's words is quoted, in bytes: they are the whole detail. */
#define TRANSPORT_MAX (API_DETAIL_MAX - sizeof "…")

/* Longest body that is searched for an error message of the API, in bytes. Real ones have about 100. */
#define ERROR_MAX ((size_t)64 << 10)

/* How much is quoted of a body from the place where it isn't JSON: enough to recognise a login page. */
#define SYNTAX_MAX 40

static struct text keep(struct arena *arena, struct buf *words)
{
	struct text kept = arena_text(arena, buf_text(words));
	buf_release(words);
	return kept;
}

/* ---- malformed -------------------------------------------------------------------------------------------------- */

struct miss answer_malformed(struct arena *arena, struct text body, struct json_fault fault)
{
	struct buf words = buf_make(API_DETAIL_MAX);
	buf_printf(&words, "the body %s", json_fault_text(fault.kind));
	if (fault.kind != JSON_EMPTY)
		buf_printf(&words, ", at byte %zu", fault.offset);
	if (fault.kind == JSON_SYNTAX) {
		buf_add_string(&words, ": '");
		quote_prose(&words, text_slice(body, fault.offset, body.length), SYNTAX_MAX, false);
		buf_add_byte(&words, '\'');
	}
	return (struct miss){.cause = MISS_MALFORMED, .detail = keep(arena, &words)};
}

/* ---- refused ---------------------------------------------------------------------------------------------------- */

/* The keys that the API and its gateways use for the message, the most reliable first. */
static const char *const message_keys[] = {"message", "error", "detail"};

static bool has_words(struct json_object *body, const char *key, struct buf *words)
{
	struct text text;
	if (json_get_text(body, key, &text))
		quote_prose(words, text, WORDS_MAX, false);
	return words->length > 0;
}

static struct text server_words(struct arena *arena, struct text raw, struct json_object *body)
{
	struct buf words = buf_make(API_DETAIL_MAX);
	for (size_t i = 0; i < sizeof message_keys / sizeof *message_keys; i++)
		if (has_words(body, message_keys[i], &words))
			return keep(arena, &words);
	size_t start = 0;
	while (start < raw.length &&
	       (raw.bytes[start] == ' ' || (raw.bytes[start] >= '\t' && raw.bytes[start] <= '\r')))
		start++;
	if (start < raw.length && raw.bytes[start] == '<')
		quote_prose(&words, raw, WORDS_MAX, true);
	if (words.length == 0)
		quote_prose(&words, raw, WORDS_MAX, false);
	return keep(arena, &words);
}

static struct miss refused(struct arena *arena, const struct api_answer *answer)
{
	struct json_object *body = NULL;
	struct json_fault fault;
	/* a longer body isn't an error message of the API, and is only quoted */
	if (answer->body.length <= ERROR_MAX)
		json_parse(answer->body, &body, &fault);
	struct miss miss = {
		.cause = MISS_HTTP,
		.http_status = answer->http_status,
		.detail = server_words(arena, answer->body, body),
		.retry_after_ns = answer_retry_after_ns(answer, body),
	};
	json_object_put(body);
	return miss;
}

/* A live transport's words are printable already; a recording may contain anything. */
static struct text transport_words(struct arena *arena, struct text detail)
{
	struct buf words = buf_make(API_DETAIL_MAX);
	quote_prose(&words, detail, TRANSPORT_MAX, false);
	return keep(arena, &words);
}

/* ---- good answers ----------------------------------------------------------------------------------------------- */

bool answer_is_good(struct arena *arena, const struct api_answer *answer, struct miss *miss)
{
	if (answer->transport.cause != MISS_NONE) {
		*miss = answer->transport;
		miss->detail = transport_words(arena, answer->transport.detail);
		return false;
	}
	if (answer_is_page(arena, answer, miss))
		return false;
	if (answer_is_stale(answer)) {
		*miss = answer_stale_miss(arena, answer);
		return false;
	}
	if (answer->http_status != 200) {
		*miss = refused(arena, answer);
		return false;
	}
	return true;
}

bool answer_is_good_fixed(struct arena *arena, const struct api_answer *answer, const char *path, struct miss *miss)
{
	if (answer->transport.cause == MISS_NONE && answer->http_status == 404 && !answer_is_stale(answer)) {
		const char *words =
			arena_printf(arena, "there is no %s at this base URL (HTTP 404): is it the API's?", path);
		*miss = (struct miss){.cause = MISS_REQUEST, .detail = text_of(words)};
		return false;
	}
	return answer_is_good(arena, answer, miss);
}
