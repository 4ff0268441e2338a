/* as_model.h - writes a body about a chain as if each chainlet were a model: so that a rule can be judged on both, and must
 * say the same.
 */
#ifndef CHAINGATE_TESTS_AS_MODEL_H
#define CHAINGATE_TESTS_AS_MODEL_H

#include "chaingate/arena.h"
#include "chaingate/text.h"

/* Most chainlet names in one body. */
#define AS_MODEL_NAMES_MAX 16

/* Two bodies that say the same: the deployments that have the chainlet `name`, reduced to it. Each has that chainlet's status
 * itself, and the chainlet has its id, as with a model's deployment. */
struct as_model {
	struct text name;
	struct text of_chain, of_model;
};

/* Makes a pair for each name of a chainlet in the body, a list or an answer about an environment. Returns their number. */
size_t as_model(struct arena *, struct text body, struct as_model out[AS_MODEL_NAMES_MAX]);

#endif
