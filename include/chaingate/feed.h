/* feed.h - several chains asked through one API: which request comes next, and what an answer says of whom.
 *
 * A chain's id is looked up first, in the list of chains, and then its own list is asked for. One look-up serves all chains that wait for it.
 * Pure: whoever has a network sends the requests and hands back what came.
 *
 *	feed_ask(feed, chain)               whenever a chain is to be asked
 *	while (feed_request(feed, &r))      send r.path; its answer goes to feed_take with r.tag
 *	while (feed_reading(feed, &reading))    a chain has answered, or missed
 */
#ifndef CHAINGATE_FEED_H
#define CHAINGATE_FEED_H

#include "chaingate/api.h"

struct feed;

/* `wanted`: an id or name for each chain. A list of more than `body_max` bytes isn't remembered, and so always decoded. */
struct feed *feed_new(const struct text *wanted, size_t count, size_t body_max);
void feed_free(struct feed *);

/* Which deployments of the chain's lists are kept with their chainlets: what one of these selects (see api_wanted). They must outlive the feed. Until it is
 * said, all are. */
void feed_want(struct feed *, size_t chain, const struct selector *const *selectors, size_t count);

/* The chain is to be asked for its list. Not again before it has answered. */
void feed_ask(struct feed *, size_t chain);

struct feed_request {
	const char *path; /* lives as long as the feed */
	size_t tag;
};
bool feed_request(struct feed *, struct feed_request *out);

/* An answer came back: when it was sent and when it was over, on any clock. It is needed until the last feed_reading. */
void feed_take(struct feed *, size_t tag, const struct api_answer *, int64_t sent_ns, int64_t at_ns);

/* What a chain's poll gave. */
struct feed_reading {
	size_t chain;
	int64_t sent_ns, at_ns; /* from its first request (the look-up, where there was one) to its last answer */
	struct text chain_id;   /* empty: not known. Lives as long as the feed */
	const struct listing *listing; /* NULL: a miss. Lives until the chain's next answer */
	struct miss miss;              /* its detail lives until the next feed_take */
	bool has_clock; /* the first answer with status 200 had a Date: so much the API's clock is ahead of this machine's */
	int64_t clock_offset_ns;
	bool is_list; /* the answer is the chain's list, else the list of chains */
	const struct api_answer *answer;
};
bool feed_reading(struct feed *, struct feed_reading *out);

#endif
