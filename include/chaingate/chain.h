/* chain.h - a chain, as GET /v1/chains lists it; or a model, as GET /v1/models does.
 *
 * api_read_chains (api.h) reads a list of them. It refuses the whole list if any chain lacks a field, has a field of
 * the wrong type or an empty id or name, or if two chains have the same id. The texts are UTF-8, in the arena it gets.
 */
#ifndef CHAINGATE_CHAIN_H
#define CHAINGATE_CHAIN_H

#include "chaingate/text.h"

#include <stdint.h>

struct chain {
	struct text id;
	struct text name;           /* several of a list may have the same name */
	struct text team;           /* may be empty */
	int64_t created_at_wall_ns; /* since 1970, UTC */
	int64_t deployments_count;  /* not checked: negative if the API sends a negative number */
};

#endif
