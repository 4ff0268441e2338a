/* answer.h - what every answer of the API is looked at for, whatever it was asked: did it come, is it 200, is it JSON?
 */
#ifndef CHAINGATE_API_ANSWER_H
#define CHAINGATE_API_ANSWER_H

#include "chaingate/api.h"
#include "chaingate/json.h"

/* The body of a good answer; the caller's, to json_object_put. False with *miss, its texts in the arena. */
bool answer_open(struct arena *, const struct api_answer *, struct json_object **out, struct miss *miss);

/* The same for paths that every such API has: there a 404 says that this isn't one. `path` is for the message. */
bool answer_open_fixed(struct arena *, const struct api_answer *, const char *path, struct json_object **out,
		       struct miss *miss);

/* How long a 429 or 503 asked to wait: what the header says or what the body (NULL, or any JSON) says, the longer.
 * 0: nothing usable. */
int64_t answer_retry_after_ns(const struct api_answer *, struct json_object *body);

#endif
