/* deployments.h - a list of deployments, decoded one by one. */
#ifndef CHAINGATE_API_DEPLOYMENTS_H
#define CHAINGATE_API_DEPLOYMENTS_H

#include "chaingate/api.h"

/* Reads a whole body. Returns the listing, made in the arena, or NULL with *miss. `wanted`: which deployments keep
 * their chainlets; NULL: all. `newest`: the chain's, to which reading adds if `wanted` asks for the latest; NULL if it
 * never does. */
const struct listing *deployments_read(struct arena *, struct text body, const struct api_wanted *wanted,
				       struct api_newest *newest, struct miss *miss);

#endif
