/* feed.h - asks several chains through one API: which request to send next, and which chains an answer is about.
 *
 * The feed first looks up a chain's id in the list of chains, then asks for the chain's own list, or for one of its
 * environments. One look-up serves all chains that wait for it, another one all models. It is pure: the caller sends
 * the requests and hands back the answers.
 *
 *	feed_ask(feed, chain)               whenever a chain is to be asked
 *	while (feed_request(feed, &r))      send r.path; give its answer to feed_take with r.tag
 *	while (feed_reading(feed, &reading))    a chain has answered, or missed
 */
#ifndef CHAINGATE_FEED_H
#define CHAINGATE_FEED_H

#include "chaingate/api.h"

struct feed;

struct feed_source {
	struct text wanted;      /* the chain's id or name */
	struct text environment; /* ask for this environment of it; empty: for its list of deployments */
	struct text id;          /* empty: look it up in the list of chains */
	enum target_kind kind; /* with a model, `wanted` is a model's, which is looked up in the list of models; `id` is
				  * empty then: only the look-up tells the model's name */
	bool is_id;            /* `wanted` is an id, out of a URL, and never a name */
};

/* An answer of more than `body_max` bytes isn't remembered, so it is decoded each time. The texts of the sources must
 * outlive the feed. */
struct feed *feed_new(const struct feed_source *, size_t count, size_t body_max);
void feed_free(struct feed *);

/* Sets which deployments of the chain's lists keep their chainlets: those that one of the selectors selects (see
 * api_wanted). Without a call all keep them. The array and its selectors must outlive the feed. */
void feed_want(struct feed *, size_t chain, const struct selector *const *selectors, size_t count);

/* `true`: the caller wants only the list of chains. When the first whole list has come, feed_chains returns it, and the
 * chains that wait for it get no reading. If the answer isn't such a list, each of them gets a miss, as without this. */
void feed_want_chains(struct feed *, bool);
/* False if no list has come yet. The chains live until the next feed_take. */
bool feed_chains(const struct feed *, const struct chain **out, size_t *count);

/* The first Date of an answer that could be read, in nanoseconds since 1970, and when that answer was asked for and came. */
struct feed_date {
	bool is_known;
	int64_t date_ns, sent_ns, at_ns;
};
struct feed_date feed_date(const struct feed *);
/* The list of chains that the feed's ids are from had this Date, on the same clock as feed_take's times. If a later answer
 * shows that it was an old copy, there are only misses from then on. */
void feed_set_date(struct feed *, struct feed_date);

/* Asks for the chain's list. Don't call it again for a chain before that chain has answered. */
void feed_ask(struct feed *, size_t chain);

struct feed_request {
	const char *path; /* lives as long as the feed */
	size_t tag;
	struct text last; /* the body of the chain's last list, for net_get_again; empty: there is none. Lives until the
			   * answer has been taken */
};
bool feed_request(struct feed *, struct feed_request *out);

/* Takes an answer. Its request was sent at `sent_ns`; the answer was complete at `at_ns`; both on any clock. The answer
 * must live until feed_reading has returned false. */
void feed_take(struct feed *, size_t tag, const struct api_answer *, int64_t sent_ns, int64_t at_ns);

/* The result of a chain's poll. */
struct feed_reading {
	size_t chain;
	int64_t sent_ns, at_ns; /* from its first request (the look-up, if there was one) to its last answer */
	struct text chain_id;   /* empty: not known. Lives as long as the feed */
	struct text name;       /* from the look-up; empty: there was none. Lives as long as the feed */
	struct text model;      /* a model's name; empty: not known, or it is a chain. Lives as long as the feed */
	const struct listing *listing; /* NULL: a miss. Lives until the chain's next list */
	struct miss miss;              /* its detail lives until the next feed_take */
	/* True if the API's clock is known: from the first chain's list (or environment) that can be read and has a Date
	 * on; then for all later readings, also for misses. Answers from a cache that are too old (API_AGE_MAX_S) don't
	 * count. clock_offset_ns is the API's clock minus this machine's, at least; it may be clock_slack_ns more, because
	 * nobody knows when during a slow answer its Date was written.
	 * An answer whose Date is some seconds behind the one expected since the first Date, or stands still, is a
	 * cache's old copy: a miss. If it is some seconds ahead, all answers before were such copies: this one is a miss,
	 * too, tells the clock anew, and the ids are looked up again. */
	bool has_clock;
	int64_t clock_offset_ns, clock_slack_ns;
	bool is_list; /* `answer` is the chain's list or about its environment; false: it is the list of chains */
	/* A copy of the answer that was taken, until the next feed_take. Its wall_ns is by the API's clock; if
	 * that isn't known, it is the answer's Date, if there is one. */
	const struct api_answer *answer;
};
bool feed_reading(struct feed *, struct feed_reading *out);

#endif
