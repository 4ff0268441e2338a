/* api.h - the Baseten API: which paths to ask for, and what to believe of the answers.
 *
 * Knows nothing of HTTP but statuses, and of time but what it is given. An answer is data: it may come from the
 * network, from a recording or from a test, and the same answer always reads the same.
 *
 * A list is believed whole or not at all. Malformed, and so a miss, is whatever isn't strict JSON (json.h); a required
 * field that is missing, null or of another type; a number that has a fraction or doesn't fit 64 bits; a date that can't be read; an empty id or name; two deployments or two chains with one
 * id; two chainlets of one deployment with one name or one id. That goes for deployments that nobody selected, too. Not
 * malformed: fields unknown to us, and status words unknown to us, which become STATUS_UNKNOWN with the word kept; negative integers.
 *
 * A list that says that it is only a page (has_more, next, next_page, next_cursor, cursor, at the top or in "pagination", unless null,
 * false, 0 or ""; a Link with rel="next"; status 206) is MISS_PAGE.
 *
 * The reading functions put everything they give, texts included, into the arena; nothing of the answer is needed
 * afterwards. The detail of a miss is one printable line of at most API_DETAIL_MAX bytes. It may quote the body:
 * whoever prints it must first take the key out, in case a server sent it back.
 *
 * Source: the API's reference and OpenAPI document of August 2026.
 */
#ifndef CHAINGATE_API_H
#define CHAINGATE_API_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/deployment.h"
#include "chaingate/miss.h"
#include "chaingate/selection.h"
#include "chaingate/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest detail of a miss that is made here, in bytes: four lines of a terminal. */
#define API_DETAIL_MAX 400

/* What MISS_PAGE says. */
#define API_PAGE_WORDS "the API sent only a page of the list, and this version reads no pages"

/* Longest that a server may ask to wait, in seconds: a day. More is a mistake, or meant to stall; a run's deadline is
 * nearer anyway. */
#define API_RETRY_AFTER_MAX_S INT64_C(86400)

/* One answer, as the transport saw it. */
struct api_answer {
	struct miss transport; /* cause MISS_NONE when there was an HTTP answer; else what happened, with detail */
	int http_status;       /* with an answer */
	struct text body;      /* with an answer; decoded from any compression */
	char **allocation; /* NULL, or what `body` is the beginning of, malloc'd and with a NUL behind `body`: api_lists_read takes it, and leaves NULL, instead
			    * of copying the body */
	struct text retry_after; /* the header's value, empty if there was none */
	struct text date, link;  /* these headers likewise */
	int64_t wall_ns;         /* when it came by this machine's clock, for a Retry-After that is a date */
};

/* ---- paths ------------------------------------------------------------------------------------------------------ */

/* Everything in an id but RFC 3986's unreserved characters is percent-encoded, and so are the dots of an id that is
 * nothing but dots, which would otherwise be a step upwards; the transport must send a path as it is. The caller
 * refuses an empty id. */
const char *api_deployments_path(struct arena *, struct text chain_id);
const char *api_chains_path(void);
const char *api_whoami_path(void);

/* ---- answers ---------------------------------------------------------------------------------------------------- */

/* The deployments of a chain. True with *out the listing, false with *miss saying why there is none: what the
 * transport saw, any status but 200 (with the server's words, and for 429 and 503 how long it asked to wait), or a body
 * that can't be believed. Then the detail begins with the place: "deployments[3].chainlets[1].status: is a number,
 * should be a string". */
bool api_read_deployments(struct arena *, const struct api_answer *, const struct listing **out, struct miss *miss);

/* Which deployments of a list are kept with their chainlets; of the others is_brief says that there are none to ask for. All of them are checked. Since's
 * aren't looked at. For SELECT_LATEST the newest of that chain is kept, and whatever was it before. */
struct api_wanted {
	const struct selector *const *selectors;
	size_t count;
	struct text chain_id;
};

/* The ids that were ever the newest of a chain: one of them may be pinned, and come back after it was missing. */
struct api_newest {
	struct arena arena;
	struct text *ids;
	size_t count, room;
};

/* One chain's lists, poll by poll. A body that is the last one's again, byte for byte, says the same and isn't decoded again. */
struct api_lists {
	struct arena arenas[2]; /* in turn: what can't be read doesn't take the last that could */
	size_t turn;
	const struct listing *latest; /* the last that could be read; NULL: none yet … */
	struct buf body;              /* … and what it was read from, if … */
	bool is_remembered;
	struct api_newest newest;
	const struct api_wanted *wanted; /* what is kept of the next; NULL: everything */
};

/* Bodies of more than `body_max` bytes aren't remembered, and so always decoded. */
struct api_lists api_lists_make(size_t body_max);
void api_lists_release(struct api_lists *);

/* As api_read_deployments; the listing is in `latest`. */
bool api_lists_read(struct api_lists *, const struct api_answer *, struct miss *miss);

/* Which of the key's chains is meant by `wanted`: the one with that id, else the one with that name. False as above,
 * and with MISS_NO_CHAIN (the detail lists up to 5 names that exist, nearest first) or MISS_AMBIGUOUS (it lists up to 5
 * of the chains with that name, id and team). This path exists on every server that is the API, so a 404 is
 * MISS_REQUEST: the base URL is wrong. */
bool api_find_chain(struct arena *, const struct api_answer *, struct text wanted, struct text *out_id,
		    struct text *out_name, struct miss *miss);

/* Whose key it is. Empty where the API has null or nothing. */
struct api_user {
	struct text id; /* never empty */
	struct text email;
	struct text name;
	struct text workspace;
};

/* False as above, a 404 likewise. */
bool api_read_whoami(struct arena *, const struct api_answer *, struct api_user *out, struct miss *miss);

#endif
