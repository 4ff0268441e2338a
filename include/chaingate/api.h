/* api.h - the Baseten API: the paths to ask for, and how answers are read.
 *
 * Of HTTP it knows only status codes and the values of a few headers; times are arguments. An answer is data: it may
 * come from the network, from a recording or from a test, and the same answer always reads the same.
 *
 * A list, and an answer about an environment, is accepted whole or rejected whole. It is malformed, and therefore a
 * miss, if it contains one of these anywhere, even in a deployment that isn't selected:
 *   - not strict JSON (json.h)
 *   - a required field that is missing, null or of another type
 *   - an integer that doesn't fit 64 bits; in a known field also a number with a fraction or exponent
 *   - a date that can't be read
 *   - an empty id or name
 *   - two deployments or two chains with the same id, or two chainlets of one deployment with the same name or id
 *   - an id, name or word of more than 1024 bytes, more than 50,000 deployments or chains, or more than 10,000
 *     chainlets of one deployment
 * Unknown fields, negative integers and unknown status words are not malformed; an unknown word becomes STATUS_UNKNOWN
 * and is kept.
 *
 * A list is MISS_PAGE if the answer says that it is only a page, a part of the whole list. A member or a header says so:
 *   - has_more, nextPageToken, cursor, is_last, remaining …: there are other pages
 *   - page, offset, prev …: this isn't the first page
 *   - total, deployments_count, pages …: there is more than was sent, or the number can't be read
 *   - error, errors, unreachable …: something went wrong, so that a part may be missing
 *   - per_page, limit …: the page is full, and nothing says that it is the last
 *   - Link with rel="next" or "prev", Content-Range, X-Pagination …; or the status is 206
 * A deployment that says so of its chainlets makes the list malformed. Members count at the top, and in
 * "pagination", "links", "meta" and the like. null, false, 0 and "" say nothing. The
 * miss's detail names which.
 *
 * An answer is MISS_STALE if it is older than API_AGE_MAX_S by its Age, or if a header of a cache says that it is a
 * copy: X-Cache, Cache-Status, Warning …
 *
 * The reading functions copy everything they return, texts included, into the arena; the answer may be freed
 * afterwards. The detail of a miss is one printable line of at most API_DETAIL_MAX bytes. It may quote the body, from
 * which the key must have been removed before (net does that), in case a server sent the key back.
 *
 * Source: the API's reference and OpenAPI document of August 2026.
 */
#ifndef CHAINGATE_API_H
#define CHAINGATE_API_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/chain.h"
#include "chaingate/deployment.h"
#include "chaingate/miss.h"
#include "chaingate/selection.h"
#include "chaingate/target_kind.h"
#include "chaingate/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Limit for the detail of a miss, in bytes: four lines of a terminal. */
#define API_DETAIL_MAX 400

/* The detail of MISS_PAGE. After it come a colon and what says so. */
#define API_PAGE_WORDS "the API sent only a page of the list, and this version reads no pages"

/* The oldest answer that is believed, in seconds. Requests say that no cache may answer from what it kept, so an older
 * one is a copy. Several polls that get the same copy would be one observation that looks like a stable state, and
 * what happened since then would be unseen. Age is in whole seconds, and a cache that asked the API may have rounded.
 */
#define API_AGE_MAX_S 2

/* The longest Retry-After that is accepted, in seconds: a day. A longer one is a mistake or an attempt to stall, and
 * the run's deadline comes sooner anyway. */
#define API_RETRY_AFTER_MAX_S INT64_C(86400)

/* One answer, as the transport received it. */
struct api_answer {
	struct miss transport; /* cause MISS_NONE: an HTTP answer came; otherwise why none came */
	int http_status;       /* valid only if an answer came */
	struct text body;      /* valid only if an answer came; already decompressed */
	char **allocation;     /* NULL, or the address of a pointer to a malloc'd block. If that begins with `body` and
				* a NUL, api_lists_read takes it, doesn't copy, and sets the pointer to NULL */
	struct text retry_after; /* the header's value; empty if there was none */
	struct text date, link;  /* the values of these headers; empty if there was none */
	struct text headers;     /* other headers, in lines "Name: value\n": NET_HEADER_WORDS (net.h) says which */
	int64_t wall_ns;         /* when it arrived, by this machine's clock: for a Retry-After that is a date */
};

/* ---- paths ------------------------------------------------------------------------------------------------------ */

/* All characters of an id are percent-encoded, except RFC 3986's unreserved ones. If an id consists only of dots, these
 * are encoded, too, because the path would lead upwards; the transport must send the path unchanged. The caller rejects
 * an empty id. */
const char *api_deployments_path(struct arena *, enum target_kind, struct text chain_id);
const char *api_environment_path(struct arena *, enum target_kind, struct text chain_id, struct text environment);
const char *api_chains_path(enum target_kind); /* "/v1/models" */
const char *api_whoami_path(void);

/* ---- answers ---------------------------------------------------------------------------------------------------- */

/* Whose deployments an answer has. */
struct api_owner {
	enum target_kind kind;
	/* of a model: the name that its chainlets get; it isn't in the answer. Empty: unknown, so they are shown by the
	 * model's id, and no rule knows the name */
	struct text name;
};

/* The deployments of a chain or model. True with the listing in *out. False with the reason in *miss: the transport's,
 * a status other than 200 (with the server's words and, for 429 and 503, the wait it asked for), or a body that isn't
 * acceptable. In the last case the detail begins with the JSON path: "deployments[3].chainlets[1].status: is a number,
 * should be a string". */
bool api_read_deployments(struct arena *, const struct api_answer *, struct api_owner, const struct listing **out,
			  struct miss *miss);

/* Whose deployments a body has, as `chaingate status --format json` writes it beside the list. The API's own lists
 * don't say it: then both are empty. */
struct api_said {
	struct text id, name;
};

/* False with a MISS_MALFORMED if the body isn't an object of strict JSON, if one of both isn't a text, if the id is
 * empty, or if the body says that it is of the other kind, too. Everything else in the body is only read over. */
bool api_read_said(struct arena *, struct text body, enum target_kind, struct api_said *out, struct miss *miss);

/* The environment of a chain or model: a listing of its current deployment and its candidate, with `environment` set.
 * False likewise. Malformed is also: a deployment of another chain than the environment's, and one deployment that is
 * both current and candidate. A 404 is MISS_HTTP: there is no such environment, at least not yet. */
bool api_read_environment(struct arena *, const struct api_answer *, struct api_owner, const struct listing **out,
			  struct miss *miss);

/* True if the answer is about that environment of that chain. If false, it is malformed, with *miss in the arena. */
bool api_environment_is(struct arena *, const struct environment *, enum target_kind, struct text chain_id,
			struct text name, struct miss *miss);

/* Which deployments of a list keep their chainlets: those that a selector selects. The others are checked as well, but
 * their chainlets are dropped (is_brief). The `since` of the selectors is ignored. For SELECT_LATEST, the newest
 * deployment of the lists' chain and all that were the newest before keep theirs. NULL: all deployments keep theirs. */
struct api_wanted {
	const struct selector *const *selectors;
	size_t count;
};

/* The ids of all deployments that were ever the newest of a chain. The gate may have pinned any of them, and a missing
 * one may be listed again. */
struct api_newest {
	struct arena arena;
	struct text *ids;
	size_t count, room;
};

/* The lists of one chain or model, or the answers about one of its environments, poll by poll. A body that equals the
 * last one byte for byte isn't decoded again. */
struct api_lists {
	/* All four are set before the first answer, and must outlive the lists. An answer about another environment,
	 * or about an environment of another chain, is malformed. `environment` empty: they are the chain's lists, and
	 * only then `wanted` counts. */
	struct text environment, chain_id;
	struct api_owner owner;
	struct api_wanted wanted;
	struct arena arenas[2]; /* used in turn, so that a list that can't be read doesn't overwrite the last good one
				 */
	size_t turn;
	const struct listing *latest; /* the last list that could be read; NULL: none yet */
	struct buf body;              /* the body `latest` was read from, if is_remembered */
	bool is_remembered;
	bool has_paging; /* that answer's headers said something about pages: an equal body is decoded again */
	struct api_newest newest;
};

/* Bodies of more than `body_max` bytes aren't remembered, so they are decoded each time. */
struct api_lists api_lists_make(size_t body_max);
void api_lists_release(struct api_lists *);

/* The body of the list in `latest`; empty if it isn't remembered. Valid until the next call of api_lists_read returns.
 * An answer whose body is this memory itself needs no comparison. */
struct text api_lists_last(const struct api_lists *);

/* Like api_read_deployments or api_read_environment; the listing is in `latest`, and lives until another one is. The
 * miss's detail lives until the next call. `wanted` is only for lists. */
bool api_lists_read(struct api_lists *, const struct api_answer *, struct miss *miss);

/* The chains, or the models, that the key can see, in the API's order. False as api_read_deployments; a 404 is treated
 * as in api_find_chain. */
bool api_read_chains(struct arena *, const struct api_answer *, enum target_kind, const struct chain **out,
		     size_t *count, struct miss *miss);

/* Chooses the chain or model that `wanted` means: the one with that id, else the one with that name; if `is_id`, only
 * the id counts. NULL with MISS_NO_CHAIN (the detail lists up to 5 existing names, the most similar first) or
 * MISS_AMBIGUOUS (the detail lists id and team of up to 5 chains with that name). */
const struct chain *api_choose_chain(struct arena *, enum target_kind, const struct chain *chains, size_t count,
				     struct text wanted, bool is_id, struct miss *miss);

/* Reads the chains and chooses one. Every such API has this path, so a 404 is MISS_REQUEST: the base URL is wrong. */
bool api_find_chain(struct arena *, const struct api_answer *, enum target_kind, struct text wanted,
		    struct text *out_id, struct text *out_name, struct miss *miss);

/* The user the key belongs to. A text is empty if the API has null or nothing for it. */
struct api_user {
	struct text id; /* never empty */
	struct text email;
	struct text name;
	struct text workspace;
};

/* False as api_read_deployments; a 404 is MISS_REQUEST here, too. */
bool api_read_whoami(struct arena *, const struct api_answer *, struct api_user *out, struct miss *miss);

#endif
