/* deployments.h - a list of deployments, decoded one by one. */
#ifndef CHAINGATE_API_DEPLOYMENTS_H
#define CHAINGATE_API_DEPLOYMENTS_H

#include "chaingate/api.h"

struct deployments;

/* The listing is made in the arena. `wanted`: which deployments keep their chainlets; NULL: all. `newest`: the
 * chain's, to which reading adds if `wanted` asks for the latest; NULL if it never does. Both must live until the
 * reading has ended. */
struct deployments *deployments_new(struct arena *, const struct api_wanted *wanted, struct api_newest *newest);
void deployments_free(struct deployments *);

/* Reads a whole body; call it once. Returns the listing, or NULL with *miss. */
const struct listing *deployments_read(struct deployments *, struct text body, struct miss *miss);

#endif
