/* deployments.h - a list of deployments, decoded one by one. */
#ifndef CHAINGATE_API_DEPLOYMENTS_H
#define CHAINGATE_API_DEPLOYMENTS_H

#include "chaingate/api.h"

/* Reads a good answer's whole body, with its headers. Returns the listing, made in the arena, or NULL with *miss.
 * `chain_id` and `newest` are the chain's; they count if `wanted` asks for the latest, and reading then adds to
 * `newest`. */
const struct listing *deployments_read(struct arena *, const struct api_answer *, struct api_owner,
				       const struct api_wanted *wanted, struct text chain_id, struct api_newest *newest,
				       struct miss *miss);

#endif
