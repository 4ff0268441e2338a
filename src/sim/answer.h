/* answer.h - what is answered to a request: authentication, paths, rate limit, faults.
 *
 * Knows nothing of sockets: a request comes in as texts and a time, and what goes out says what bytes to send and, by
 * its kind of fault, how the sending goes wrong. An answer is made in this order: who asks (401), what for (404), how
 * (405), how often (429), then the content; a fault in force replaces or bends whatever came out.
 */
#ifndef CHAINGATE_SIM_ANSWER_H
#define CHAINGATE_SIM_ANSWER_H

#include "chaingate/arena.h"
#include "chaingate/text.h"
#include "fault.h"
#include "promotion.h"
#include "scenario.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the API has; each has a rate limit of its own. */
enum endpoint {
	ENDPOINT_NONE,
	ENDPOINT_CHAINS,
	ENDPOINT_CHAIN,
	ENDPOINT_DEPLOYMENTS,
	ENDPOINT_DEPLOYMENT,
	ENDPOINT_ENVIRONMENT,
	ENDPOINT_PROMOTION,
	ENDPOINT_USER,
	ENDPOINT_COUNT
};

/* The requests of an endpoint are counted in windows of a real second, each beginning with the first request after the
 * one before. */
struct rate_window {
	int64_t began_ns;
	int64_t requests; /* 0: none began yet */
};

/* A scenario as it goes. */
struct simulation {
	const struct scenario *scenario;
	int64_t start_wall_ns;
	int64_t *fault_uses; /* by the scenario's faults */
	struct rate_window windows[ENDPOINT_COUNT];
	struct promotions promotions;
	struct arena *arena; /* of what it keeps */
	uint64_t random;
};

struct simulation simulation_make(struct arena *, const struct scenario *, int64_t start_wall_ns);

struct request {
	struct text method;
	struct text path;          /* decoded, without a query */
	struct text body;          /* of a POST */
	const char *authorization; /* NULL: no such header */
	int64_t real_ns;           /* since the start */
};

struct answer {
	unsigned int status;
	struct text body;
	const char *content_type; /* a header of that name among `headers` goes before it */
	const struct header *headers;
	size_t header_count;
	enum fault_kind kind; /* how sending goes wrong; FAULT_NONE: it doesn't */
	const char *fault;    /* for the log: "rate_limit", "http", the name of a kind, or NULL */
};

/* The answer's texts live in the arena or the scenario. Counts the request. */
struct answer answer_make(struct simulation *, struct arena *, const struct request *);

#endif
