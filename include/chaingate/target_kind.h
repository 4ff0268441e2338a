/* target_kind.h - the kinds of targets: what one can watch the deployments of.
 *
 * The API has the same requests for each kind, under the plural of its word, and lists the same things. So everything
 * behind src/api treats all kinds alike, and only asks here for a word. In the headers of gate, driver, feed and record,
 * "chain" means one chain or one model.
 */
#ifndef CHAINGATE_TARGET_KIND_H
#define CHAINGATE_TARGET_KIND_H

#include "chaingate/text.h"

#include <stdbool.h>

/* A chain is zero: policies and recordings that don't say the kind are about chains. */
enum target_kind {
	TARGET_CHAIN,
	TARGET_MODEL, /* each of its deployments counts as one with a single chainlet, which has the model's name */
	TARGET_KIND_COUNT
};

/* "chain": in sentences, as a policy's key, an option, a member of reports and recordings. */
const char *target_kind_name(enum target_kind);
/* "Chain": at the beginning of a sentence. */
const char *target_kind_title(enum target_kind);
/* "chains": in sentences, in the paths of the API and of the console, as the member with the API's list of them. */
const char *target_kind_plural(enum target_kind);
/* "chain_id": the member in which the API's objects name what they belong to. */
const char *target_kind_id(enum target_kind);

/* The kind with that name. False: there is none. */
bool target_kind_parse(struct text name, enum target_kind *out);

#endif
