/* state.h - what is true of a scenario at a moment: the values that the file leaves to be derived.
 *
 * A deployment's status, where the file has none, is rolled up from its chainlets: the first of this list that any of
 * them has. How the real API does it is undocumented.
 *
 *   BUILD_FAILED, BUILD_STOPPED, DEPLOY_FAILED, FAILED        one failure fails the whole
 *   a word that isn't a status                                the first one, in the order of the chainlets
 *   BUILDING, DEPLOYING, LOADING_MODEL, UPDATING, WAKING_UP,
 *   DEACTIVATING                                              the least advanced
 *   UNHEALTHY, ACTIVE, SCALED_TO_ZERO, INACTIVE               serving in part is serving
 *
 * A chainlet's active_replica_count, where the file has none, is 0 unless it is ACTIVE; then its min_replica, at least
 * 1.
 */
#ifndef CHAINGATE_SIM_STATE_H
#define CHAINGATE_SIM_STATE_H

#include "promotion.h"
#include "scenario.h"

bool deployment_listed(const struct sim_deployment *, int64_t scenario_ns);

/* False: null. */
bool deployment_environment(const struct promotions *, const struct sim_deployment *, int64_t scenario_ns,
			    struct text *out);

struct text deployment_status(const struct sim_deployment *, int64_t scenario_ns);
struct text chainlet_status(const struct sim_chainlet *, int64_t scenario_ns);
int64_t chainlet_replicas(const struct sim_chainlet *, int64_t scenario_ns);

/* NULL: null. */
const struct settings *chainlet_settings(const struct sim_chainlet *, int64_t scenario_ns);

/* When it was created, by the clock on the wall. What is created in the course of the scenario is so at the real moment
 * at which a client can see it; before the start nothing ran, so a time before it is taken as it is. */
int64_t creation_wall_ns(const struct scenario *, struct creation, int64_t start_wall_ns);

/* An environment as GET …/environments/{name} shows it. */
struct occupation {
	struct text name;
	const struct sim_chain *chain;
	struct creation created;
	const struct sim_deployment *current;   /* NULL: null */
	const struct sim_deployment *candidate; /* NULL: null */
	const struct sim_deployment *copy; /* what a promotion to it creates; NULL: nothing, the same one is moved */
};

/* False: there is no such environment. One that isn't in `environments` exists if a deployment of the chain is ever in
 * it: its current deployment is the newest of those that are in it now, and it has no candidate. */
bool environment_occupation(const struct scenario *, const struct promotions *, const struct sim_chain *,
			    struct text name, int64_t scenario_ns, int64_t start_wall_ns, struct occupation *out);

#endif
