/* address.h - reads the ids of chains, models and deployments from addresses: of the console, in truss's output, of
 * the API.
 */
#ifndef CHAINGATE_ADDRESS_H
#define CHAINGATE_ADDRESS_H

#include "chaingate/selection.h"
#include "chaingate/target_kind.h"
#include "chaingate/text.h"

#include <stdbool.h>

/* Each part is empty if the address doesn't contain it. The texts are views of the address. */
struct address {
	enum target_kind of; /* `chain` is a chain's id, or a model's */
	struct text chain, deployment, environment;
};

/* True if the text looks like an address rather than an id or a name. */
bool address_is_one(struct text);

/* Reads the ids out of an address of one of these forms:
 *
 *   https://app.HOST/chains/CHAIN[/overview | /logs[/DEPLOYMENT[/CHAINLET]]]
 *   https://chain-CHAIN[-ENVIRONMENT].api.HOST/deployment/DEPLOYMENT/(run_remote | async_run_remote | websocket)
 *   https://chain-CHAIN[-ENVIRONMENT].api.HOST/(environments/ENVIRONMENT | production | development)/…
 *   https://api.HOST/v1/chains/CHAIN[/deployments[/DEPLOYMENT …] | /environments[/ENVIRONMENT …]]
 *
 * or of the same forms of a model, with models, model-MODEL, and (predict | async_predict | websocket), but without
 * development, because no environment has a model's development deployment.
 *
 * The two with chain-CHAIN may begin with wss://. A query, a fragment or a slash may follow. HOST is baseten.co or a
 * region's *.baseten.co, in any case, perhaps with the port 443; the scheme may be missing, because browsers and chats
 * leave it out. Returns false for anything else: a wrong id would be worse than none.
 */
bool address_parse(struct text, struct address *out);

/* For an address that is given as the chain: the deployment, or else the environment, that it names but the selector
 * doesn't select. Dropping it would watch something else than the address shows. Empty: nothing is dropped. */
struct text address_dropped(const struct address *, const struct selector *, const char **out_kind);

#endif
