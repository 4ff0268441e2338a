/* transfer.c - see transfer.h. */
#include "transfer.h"

#include "../../src/net/headers.h"

#include <strings.h>

static struct transfer miss(enum miss_cause cause, const char *words, int64_t done_ns)
{
	return (struct transfer){.cause = cause, .words = words, .done_ns = done_ns};
}

struct transfer transfer_obstructed(enum miss_cause cause, int64_t sent_ns, int64_t latency_ns, int64_t cut_ns)
{
	static const char *const words[MISS_CAUSE_COUNT] = {
		[MISS_RESOLVE] = "Could not resolve host",
		[MISS_CONNECT] = "Failed to connect: Couldn't connect to server",
		[MISS_TIMEOUT] = "Connection timed out",
		[MISS_RESET] = "Recv failure: Connection reset by peer",
		[MISS_TLS] = "the server's certificate is not trusted: SSL certificate problem",
		[MISS_PROTOCOL] = "Received HTTP/0.9 when not allowed",
		[MISS_REQUEST] = "libcurl lacks an option that is needed",
	};
	return miss(cause, words[cause], cause == MISS_TIMEOUT ? cut_ns : time_add(sent_ns, latency_ns));
}

static struct text header_of(const struct answer *answer, const char *name)
{
	for (size_t i = 0; i < answer->header_count; i++)
		if (strcasecmp(answer->headers[i].name, name) == 0)
			return text_of(answer->headers[i].value);
	return (struct text){0};
}

static struct text headers_of(struct arena *arena, const struct answer *answer)
{
	const char *lines = "";
	for (size_t i = 0; i < answer->header_count; i++)
		if (header_is_passed_on(text_of(answer->headers[i].name)))
			lines = arena_printf(arena, "%s%s: %s\n", lines, answer->headers[i].name,
					     answer->headers[i].value);
	return text_of(lines);
}

/* A body over the limit counts as no answer. After an error's status the limit doesn't matter, because the status
 * says enough. */
static struct transfer whole(struct arena *arena, const struct answer *answer, size_t body_max, int64_t done_ns)
{
	struct text body = answer->status == 204 || answer->status == 304 ? (struct text){0} : answer->body;
	bool is_too_large = body.length > body_max || answer->kind == FAULT_HUGE;
	if (is_too_large && answer->status == 200)
		return miss(MISS_TOO_LARGE, arena_printf(arena, "the body is over the limit of %zu bytes", body_max),
			    done_ns);
	return (struct transfer){
		.body = text_slice(body, 0, body.length < body_max ? body.length : body_max),
		.retry_after = header_of(answer, "Retry-After"),
		.date = header_of(answer, "Date"),
		.link = header_of(answer, "Link"),
		.headers = headers_of(arena, answer),
		.done_ns = done_ns,
	};
}

/* One byte per second is just fast enough. */
static struct transfer slow(struct arena *arena, const struct answer *answer, size_t body_max, int64_t first_ns)
{
	int64_t seconds = answer->body.length < INT32_MAX ? (int64_t)answer->body.length : INT32_MAX;
	return whole(arena, answer, body_max, time_add(first_ns, seconds * NS_PER_S));
}

static struct transfer truncated(struct arena *arena, const struct answer *answer, int64_t done_ns)
{
	size_t left = answer->body.length ? answer->body.length - answer->body.length / 2 : 1;
	return miss(
		MISS_RESET,
		arena_printf(arena, "the answer was cut short: transfer closed with %zu bytes remaining to read", left),
		done_ns);
}

static struct transfer uncut(struct arena *arena, const struct answer *answer, size_t body_max, int64_t first_ns)
{
	switch (answer->kind) {
	case FAULT_RESET: return miss(MISS_RESET, "Recv failure: Connection reset by peer", first_ns);
	case FAULT_SILENCE:
	case FAULT_STALL: return miss(MISS_TIMEOUT, NULL, INT64_MAX);
	case FAULT_SLOW: return slow(arena, answer, body_max, first_ns);
	case FAULT_TRUNCATED: return truncated(arena, answer, first_ns);
	case FAULT_NONE:
	case FAULT_HUGE:
	case FAULT_GARBAGE:
	case FAULT_HTML:
	case FAULT_EMPTY:
	case FAULT_DUPLICATE_KEYS:
	case FAULT_WRONG_TYPE:
	case FAULT_KIND_COUNT: break;
	}
	return whole(arena, answer, body_max, first_ns);
}

struct transfer transfer_make(struct arena *arena, const struct answer *answer, size_t body_max, int64_t sent_ns,
			      int64_t latency_ns, int64_t cut_ns)
{
	struct transfer transfer = uncut(arena, answer, body_max, time_add(sent_ns, latency_ns));
	if (transfer.done_ns <= cut_ns)
		return transfer;
	return miss(MISS_TIMEOUT,
		    arena_printf(arena, "Operation timed out after %lld milliseconds",
				 (long long)((cut_ns - sent_ns) / NS_PER_MS)),
		    cut_ns);
}
