/* miss.c - the table of misses, and their classes. */
#include "chaingate/miss.h"

#include <stddef.h>

struct miss_row {
	const char *name;
	enum miss_class class;
};

/* For MISS_HTTP this is the class of a status that class_of_http doesn't list. MISS_NONE has a row because zero must
 * be safe: a miss without a cause leads to one more poll, never to an end. */
static const struct miss_row rows[MISS_CAUSE_COUNT] = {
	[MISS_NONE] = {"nothing", MISS_TRANSIENT},
	[MISS_RESOLVE] = {"name not resolved", MISS_TRANSIENT},
	[MISS_CONNECT] = {"no connection", MISS_TRANSIENT},
	[MISS_TIMEOUT] = {"timeout", MISS_TRANSIENT},
	[MISS_RESET] = {"connection reset", MISS_TRANSIENT},
	[MISS_PROTOCOL] = {"broken HTTP", MISS_TRANSIENT},
	[MISS_TLS] = {"TLS failure", MISS_FINAL},
	[MISS_TOO_LARGE] = {"body too large", MISS_FINAL},
	[MISS_HTTP] = {"HTTP status", MISS_FINAL},
	[MISS_MALFORMED] = {"malformed body", MISS_TRANSIENT},
	[MISS_STALE] = {"old copy", MISS_TRANSIENT},
	[MISS_PAGE] = {"only a page", MISS_FINAL},
	[MISS_NO_CHAIN] = {"not found", MISS_ABSENT},
	[MISS_AMBIGUOUS] = {"ambiguous name", MISS_FINAL},
	[MISS_REQUEST] = {"impossible request", MISS_FINAL},
};

static const struct miss_row *row_of(enum miss_cause cause)
{
	size_t index = (size_t)cause;
	return &rows[index < MISS_CAUSE_COUNT ? index : MISS_NONE];
}

static enum miss_class class_of_http(int http_status)
{
	switch (http_status) {
	case 401:
	case 403: return MISS_REFUSED;
	case 404: return MISS_ABSENT;
	case 408: /* the server waited too long for the request */
	case 425: /* too early */
	case 429: /* too many requests */ return MISS_TRANSIENT;
	default: return http_status >= 500 && http_status <= 599 ? MISS_TRANSIENT : rows[MISS_HTTP].class;
	}
}

enum miss_class miss_class(const struct miss *miss)
{
	if (miss->cause == MISS_HTTP)
		return class_of_http(miss->http_status);
	return row_of(miss->cause)->class;
}

const char *miss_cause_name(enum miss_cause cause)
{
	return row_of(cause)->name;
}
