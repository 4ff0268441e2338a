/* promotion.h - who was promoted where since the simulator began.
 *
 * The one thing that a request changes. A scenario says where its deployments are at which time; what was promoted is
 * in its environment from then on, whatever the scenario says, and what was there before is in none.
 */
#ifndef CHAINGATE_SIM_PROMOTION_H
#define CHAINGATE_SIM_PROMOTION_H

#include "chaingate/arena.h"
#include "scenario.h"

struct promotion {
	struct text environment;
	const struct sim_deployment *deployment; /* its chain is the environment's */
};

/* At most one for each environment of a chain: the latest. {0} is none. */
struct promotions {
	struct promotion *items;
	size_t count, room;
};

/* Copies what it keeps of the texts into the arena. */
void promotions_add(struct promotions *, struct arena *, struct text environment, const struct sim_deployment *);

/* NULL: none to that environment. */
const struct sim_deployment *promotions_into(const struct promotions *, const struct sim_chain *,
					     struct text environment);

/* The environment it was promoted to, if that is still its own; false: none. */
bool promotions_of(const struct promotions *, const struct sim_deployment *, struct text *out);

#endif
