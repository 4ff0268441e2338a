/* answer.h - the checks for every answer of the API: did an answer come, and is its status 200? */
#ifndef CHAINGATE_API_ANSWER_H
#define CHAINGATE_API_ANSWER_H

#include "chaingate/api.h"
#include "chaingate/json.h"

/* True if status 206 or a Link to the next page says that the answer is only a page. */
bool answer_is_page(const struct api_answer *);

/* True if an answer came, with status 200. False with *miss, its texts in the arena. */
bool answer_is_good(struct arena *, const struct api_answer *, struct miss *miss);

/* The same for paths that every server with this API has: a 404 means that the server isn't the API. `path` is for
 * the message. */
bool answer_is_good_fixed(struct arena *, const struct api_answer *, const char *path, struct miss *miss);

/* The miss for a body that isn't strict JSON. */
struct miss answer_malformed(struct arena *, struct text body, struct json_fault);

/* How long a 429 or 503 asked to wait: the longer of the header's value and the one in the body (NULL, or any JSON).
 * 0: no usable value. */
int64_t answer_retry_after_ns(const struct api_answer *, struct json_object *body);

#endif
