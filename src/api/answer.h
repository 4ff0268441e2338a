/* answer.h - the checks for every answer of the API: did an answer come, and is its status 200? */
#ifndef CHAINGATE_API_ANSWER_H
#define CHAINGATE_API_ANSWER_H

#include "chaingate/api.h"
#include "chaingate/json.h"

/* True if the status or a header says that the answer is only a page, whatever it lists. Then with *miss, its texts in
 * the arena. */
bool answer_is_page(struct arena *, const struct api_answer *, struct miss *miss);

/* How long the answer was in caches on its way, in seconds: the header Age. It is at most API_AGE_KNOWN_MAX_S. */
int64_t answer_age_s(const struct api_answer *);
#define API_AGE_KNOWN_MAX_S INT64_C(1000000000)

/* True if a copy of the answer would be taken for what is so now: a list, or that there is none (404), or a refusal. Other
 * answers are only misses, so their age doesn't matter. */
bool answer_is_observation(const struct api_answer *);

/* True if such an answer is a cache's copy: its Age is more than API_AGE_MAX_S or can't be read, or another header says
 * so, such as X-Cache: HIT, whatever its Age. */
bool answer_is_stale(const struct api_answer *);

/* The miss for such an answer. */
struct miss answer_stale_miss(struct arena *, const struct api_answer *);

/* The miss for an answer whose Date is so many seconds too old. If its Date is behind, but moves, it may also be that of
 * a server with another clock: only a Date that stands still is surely a copy's. */
struct miss answer_old_date_miss(struct arena *, const struct api_answer *, int64_t seconds, bool stands_still);

/* The miss for an answer whose Date shows that those before it were so many seconds old. 0: another answer has shown it. */
struct miss answer_old_answers_miss(struct arena *, const struct api_answer *, int64_t seconds);

/* The miss for a chain that had another id in that old list. */
struct miss answer_other_id_miss(struct arena *, enum target_kind, struct text wanted, struct text id, struct text now);

/* True if an answer came, with status 200. False with *miss, its texts in the arena. */
bool answer_is_good(struct arena *, const struct api_answer *, struct miss *miss);

/* Like answer_is_good, for a path that every server with this API has: a 404 is MISS_REQUEST, because the server isn't
 * the API. `path` is for the message. */
bool answer_is_good_fixed(struct arena *, const struct api_answer *, const char *path, struct miss *miss);

/* The miss for a body that isn't strict JSON. */
struct miss answer_malformed(struct arena *, struct text body, struct json_fault);

/* How long a 429 or 503 asked to wait: the longer of the header's value and the one in the body (NULL, or any JSON).
 * 0: no usable value. */
int64_t answer_retry_after_ns(const struct api_answer *, struct json_object *body);

#endif
