/* environment.h - the answer about an environment of a chain or model, decoded. */
#ifndef CHAINGATE_API_ENVIRONMENT_H
#define CHAINGATE_API_ENVIRONMENT_H

#include "chaingate/api.h"

/* Reads a whole body. Returns the listing, all of it in the arena, or NULL with *miss. */
const struct listing *environment_read(struct arena *, struct text body, struct api_owner, struct miss *miss);

#endif
