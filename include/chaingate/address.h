/* address.h - the addresses in which people meet a chain's and a deployment's ids: of the console, of what truss prints, of the API. */
#ifndef CHAINGATE_ADDRESS_H
#define CHAINGATE_ADDRESS_H

#include "chaingate/text.h"

#include <stdbool.h>

/* Empty where the address doesn't say. Views of the address. */
struct address {
	struct text chain, deployment, environment;
};

/* Does the text want to be an address, and no id or name? */
bool address_is_one(struct text);

/* Takes the ids out of
 *
 *   https://app.HOST/chains/CHAIN[/overview | /logs[/DEPLOYMENT[/CHAINLET]]]
 *   https://chain-CHAIN[-ENVIRONMENT].api.HOST/deployment/DEPLOYMENT/(run_remote | async_run_remote | websocket), wss://…
 *   https://chain-CHAIN[-ENVIRONMENT].api.HOST/(environments/ENVIRONMENT | production | development)/…
 *   https://api.HOST/v1/chains/CHAIN[/deployments[/DEPLOYMENT …] | /environments[/ENVIRONMENT …]]
 *
 * with any query, fragment or slash at the end, where HOST is baseten.co or a region's *.baseten.co. False for anything else: an id is taken only where there is no
 * doubt. */
bool address_parse(struct text, struct address *out);

#endif
