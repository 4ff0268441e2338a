/* miss.h - why a poll gave no snapshot, and what the gate does about it.
 *
 * A failed request is an observation like any other. The cause says what happened. The class says what the gate does
 * then, and depends only on the cause; for MISS_HTTP, on the status.
 */
#ifndef CHAINGATE_MISS_H
#define CHAINGATE_MISS_H

#include "chaingate/text.h"

#include <stdint.h>

/* A cause is transient unless its comment names another class. The class of MISS_HTTP depends on the status. */
enum miss_cause {
	MISS_NONE,      /* there was no miss */
	MISS_RESOLVE,   /* the host's name could not be resolved */
	MISS_CONNECT,   /* refused, unreachable */
	MISS_TIMEOUT,   /* no connection, or no complete answer, within the time allowed */
	MISS_RESET,     /* the connection ended early: reset, closed, truncated */
	MISS_PROTOCOL,  /* not HTTP, or broken HTTP */
	MISS_TLS,       /* the certificate or the handshake; final */
	MISS_TOO_LARGE, /* a body over the limit; final */
	MISS_HTTP,      /* any status but 200 */
	MISS_MALFORMED, /* status 200 with a body that isn't acceptable (api.h) */
	MISS_STALE,     /* status 200, but a cache on the way sent an old copy (api.h) */
	MISS_PAGE,      /* the answer says that the list is only one of several pages; final */
	MISS_NO_CHAIN,  /* the chain or model isn't among those the key can see; absent */
	MISS_AMBIGUOUS, /* several chains or models have the name; final */
	/* The request couldn't be made (a bad URL or proxy); or the base URL isn't the API's, because a path that every
	 * API has gave a 404. Final. */
	MISS_REQUEST,
	MISS_CAUSE_COUNT
};

enum miss_class {
	MISS_TRANSIENT, /* try again, with backoff */
	MISS_REFUSED,   /* the key is wrong, or has no permission */
	MISS_ABSENT,    /* there is no such chain or environment, at least not yet */
	MISS_FINAL,     /* trying again can't help */
};

struct miss {
	enum miss_cause cause;
	int http_status;    /* with MISS_HTTP, else 0 */
	struct text detail; /* for people, printable, one line, without the key: libcurl's or the API's words, or where
			     * the body is malformed; may be empty. Owned by the miss's maker: copy it to keep it */
	int64_t retry_after_ns; /* how long the server asked to wait with a 429 or 503, within a limit (api.h); 0: it
				 * didn't */
};

/* 408, 425, 429, 500 to 599: transient; 401, 403: refused; 404: absent; every other status: final. */
enum miss_class miss_class(const struct miss *);

/* "timeout", "connection reset": a few constant words for a progress line. For MISS_HTTP "HTTP status": the caller
 * shows http_status instead. */
const char *miss_cause_name(enum miss_cause);

#endif
