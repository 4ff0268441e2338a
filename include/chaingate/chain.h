/* chain.h - a chain, as GET /v1/chains lists it.
 *
 * Ids and names aren't empty, ids are unique within the list, texts are UTF-8. The texts are in the arena into which
 * the list was read.
 */
#ifndef CHAINGATE_CHAIN_H
#define CHAINGATE_CHAIN_H

#include "chaingate/text.h"

#include <stdint.h>

struct chain {
	struct text id;
	struct text name; /* chains of different teams may have the same name */
	struct text team; /* may be empty */
	int64_t created_at_wall_ns;
	int64_t deployments_count; /* negative if the API sends a negative number; then it is unknown */
};

#endif
