/* chain.h - a chain, as the list GET /v1/chains has it.
 *
 * Ids and names aren't empty, ids are unique within the list, texts are UTF-8. The texts live in the arena that the list was read into.
 */
#ifndef CHAINGATE_CHAIN_H
#define CHAINGATE_CHAIN_H

#include "chaingate/text.h"

#include <stdint.h>

struct chain {
	struct text id;
	struct text name; /* chains of different teams may share one */
	struct text team; /* may be empty */
	int64_t created_at_wall_ns;
	int64_t deployments_count; /* negative where the API says so: unknown then */
};

#endif
