/* promotion.h - which deployments were promoted to which environments since the simulator began.
 *
 * Promotions are the only change that a request makes. A scenario says where its deployments are at which time. A
 * promotion may take some time: until it ends, the promoted deployment is the environment's candidate, and the
 * environment serves the one that it served before. From then on the promoted deployment is in its environment,
 * whatever the scenario says, and the one that was there before is in none.
 */
#ifndef CHAINGATE_SIM_PROMOTION_H
#define CHAINGATE_SIM_PROMOTION_H

#include "chaingate/arena.h"
#include "scenario.h"

struct promotion {
	struct text environment;
	const struct sim_deployment *deployment; /* its chain is the environment's */
	const struct sim_deployment *before;     /* what the environment served when the promotion began; or NULL */
	int64_t ends_ns;                         /* scenario time */
};

/* At most one for each environment of a chain: the latest. {0}: none. */
struct promotions {
	struct promotion *items;
	size_t count, room;
};

/* Copies what it keeps of the texts into the arena. */
void promotions_add(struct promotions *, struct arena *, struct promotion);

/* The promotion to that environment; NULL: there was none. */
const struct promotion *promotions_into(const struct promotions *, const struct sim_chain *, struct text environment);

/* What the environment serves at a time because of the promotion; NULL: nothing. */
const struct sim_deployment *promotion_serves(const struct promotion *, int64_t scenario_ns);

/* The environment that serves it because of a promotion, if no later promotion has replaced it there; false: none. */
bool promotions_of(const struct promotions *, const struct sim_deployment *, int64_t scenario_ns, struct text *out);

#endif
