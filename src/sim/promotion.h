/* promotion.h - which deployments were promoted to which environments since the simulator began.
 *
 * Promotions are the only change that a request makes. A scenario says where its deployments are at which time. A
 * promoted deployment is in its environment from then on, whatever the scenario says, and the one that was there
 * before is in none.
 */
#ifndef CHAINGATE_SIM_PROMOTION_H
#define CHAINGATE_SIM_PROMOTION_H

#include "chaingate/arena.h"
#include "scenario.h"

struct promotion {
	struct text environment;
	const struct sim_deployment *deployment; /* its chain is the environment's */
};

/* At most one for each environment of a chain: the latest. {0}: none. */
struct promotions {
	struct promotion *items;
	size_t count, room;
};

/* Copies the environment's name into the arena. */
void promotions_add(struct promotions *, struct arena *, struct text environment, const struct sim_deployment *);

/* The latest deployment that was promoted to an environment; NULL: none was. */
const struct sim_deployment *promotions_into(const struct promotions *, const struct sim_chain *,
					     struct text environment);

/* The environment it was promoted to, if no later promotion has replaced it there; false: none. */
bool promotions_of(const struct promotions *, const struct sim_deployment *, struct text *out);

#endif
