/* answer.h - what every answer of the API is looked at for, whatever it was asked: did it come, is it 200?
 */
#ifndef CHAINGATE_API_ANSWER_H
#define CHAINGATE_API_ANSWER_H

#include "chaingate/api.h"
#include "chaingate/json.h"

/* Does it say, by status 206 or a Link to the next, that it is only a page? */
bool answer_is_page(const struct api_answer *);

/* Did it come, with status 200? False with *miss, its texts in the arena. */
bool answer_is_good(struct arena *, const struct api_answer *, struct miss *miss);

/* The same for paths that every such API has: there a 404 says that this isn't one. `path` is for the message. */
bool answer_is_good_fixed(struct arena *, const struct api_answer *, const char *path, struct miss *miss);

/* A body that isn't strict JSON. */
struct miss answer_malformed(struct arena *, struct text body, struct json_fault);

/* How long a 429 or 503 asked to wait: what the header says or what the body (NULL, or any JSON) says, the longer.
 * 0: nothing usable. */
int64_t answer_retry_after_ns(const struct api_answer *, struct json_object *body);

#endif
