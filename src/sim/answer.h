/* answer.h - makes the answer to a request: authentication, paths, rate limit, faults.
 *
 * It knows no sockets: a request comes in as texts and a time; the answer says which bytes to send and how the
 * sending goes wrong (its kind of fault). The checks are in this order: key (401), path (404), method (405), rate
 * (429), then the content. A fault in force replaces or changes the result.
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

/* The API's endpoints, of chains or of models; each has a rate limit of its own. */
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

/* The requests of an endpoint are counted in windows of a real second. A window begins with the first request after
 * the previous window. */
struct rate_window {
	int64_t began_ns;
	int64_t requests; /* 0: none has begun yet */
};

/* A scenario while it runs. */
struct simulation {
	const struct scenario *scenario;
	int64_t start_wall_ns;
	int64_t *fault_uses; /* parallel to the scenario's faults */
	struct rate_window windows[TARGET_KIND_COUNT][ENDPOINT_COUNT];
	struct promotions promotions;
	struct arena *arena; /* for texts that it keeps */
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
	const char *content_type; /* a header of that name in `headers` overrides it */
	const struct header *headers;
	size_t header_count;
	enum fault_kind kind; /* how sending goes wrong; FAULT_NONE: it doesn't */
	const char *fault;    /* for the log: "rate_limit", "http", the name of a kind, or NULL */
};

/* The answer's texts live in the arena or the scenario. Counts the request. */
struct answer answer_make(struct simulation *, struct arena *, const struct request *);

#endif
