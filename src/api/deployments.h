/* deployments.h - a list of deployments, decoded one by one while it arrives. */
#ifndef CHAINGATE_API_DEPLOYMENTS_H
#define CHAINGATE_API_DEPLOYMENTS_H

#include "chaingate/api.h"

struct deployments;

/* The listing is made in the arena. `wanted`: which deployments keep their chainlets; NULL: all. `newest`: the
 * chain's, to which reading adds if `wanted` asks for the latest; NULL if it never does. Both must live until the
 * reading has ended. */
struct deployments *deployments_new(struct arena *, const struct api_wanted *wanted, struct api_newest *newest);
void deployments_free(struct deployments *);

/* Decodes the complete parts. `bytes` are all bytes of the body so far, from its beginning, and may have moved.
 * False if the body can't become acceptable any more, whatever follows. */
bool deployments_look(struct deployments *, struct text bytes);

/* The body is complete, and `bytes` are all of it. Returns the listing, or NULL with *miss. */
const struct listing *deployments_end(struct deployments *, struct text bytes, struct miss *miss);

#endif
