/* deployments.h - a list of deployments, decoded one by one while it comes.
 */
#ifndef CHAINGATE_API_DEPLOYMENTS_H
#define CHAINGATE_API_DEPLOYMENTS_H

#include "chaingate/api.h"

struct deployments;

/* What the listing is made of goes into the arena. `wanted`: which deployments are kept with their chainlets; NULL: all. `newest`: the chain's, added to
 * where `wanted` asks for the latest; NULL if it never does. Both must live as long as the reading takes. */
struct deployments *deployments_new(struct arena *, const struct api_wanted *wanted, struct api_newest *newest);
void deployments_free(struct deployments *);

/* Decodes what is whole of it. `bytes` are all of the body so far, from its beginning, wherever they are now. False when it can't be
 * believed any more, whatever comes. */
bool deployments_look(struct deployments *, struct text bytes);

/* The body is over, and these are all its bytes. The listing, or NULL with *miss. */
const struct listing *deployments_end(struct deployments *, struct text bytes, struct miss *miss);

#endif
