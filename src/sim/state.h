/* state.h - the values of a scenario at a moment, including those that the file leaves out.
 *
 * If the file has no status for a deployment, it is derived from the chainlets: the first of this list that any of
 * them has. How the real API derives it is undocumented.
 *
 *   BUILD_FAILED, BUILD_STOPPED, DEPLOY_FAILED, FAILED        one failure fails the whole
 *   a word that isn't a status                                the first one, in the order of the chainlets
 *   BUILDING, DEPLOYING, LOADING_MODEL, UPDATING, WAKING_UP,
 *   DEACTIVATING                                              the least advanced
 *   UNHEALTHY, ACTIVE, SCALED_TO_ZERO, INACTIVE               serving in part is serving
 *
 * If the file has no active_replica_count for a chainlet, it is 0 unless the chainlet is ACTIVE; then it is its
 * min_replica, but at least 1.
 */
#ifndef CHAINGATE_SIM_STATE_H
#define CHAINGATE_SIM_STATE_H

#include "promotion.h"
#include "scenario.h"

bool deployment_listed(const struct sim_deployment *, int64_t scenario_ns);

/* False: the environment is null. */
bool deployment_environment(const struct promotions *, const struct sim_deployment *, int64_t scenario_ns,
			    struct text *out);

struct text deployment_status(const struct sim_deployment *, int64_t scenario_ns);
struct text chainlet_status(const struct sim_chainlet *, int64_t scenario_ns);
int64_t chainlet_replicas(const struct sim_chainlet *, int64_t scenario_ns);

/* NULL: the settings are null. */
const struct settings *chainlet_settings(const struct sim_chainlet *, int64_t scenario_ns);

/* When it was created, by the wall clock. Something created during the scenario gets the real moment at which a
 * client can first see it. A time before the start is taken unchanged, because no scenario time ran then. */
int64_t creation_wall_ns(const struct scenario *, struct creation, int64_t start_wall_ns);

/* An environment as GET …/environments/{name} shows it. */
struct occupation {
	struct text name;
	const struct sim_chain *chain;
	struct creation created;
	const struct sim_deployment *current;   /* NULL: null */
	const struct sim_deployment *candidate; /* NULL: null */
	const struct sim_deployment *copy; /* the deployment that a promotion to it creates; NULL: none, the promoted
					    * one is moved */
	struct text promotion;             /* of a model: the word of its in_progress_promotion; empty: null */
	int64_t traffic_percent;
	int64_t promotion_takes_ns;
};

/* False: there is no such environment. An environment that isn't in `environments` exists if a deployment of the
 * chain is ever in it: its current deployment is the newest of those that are in it now, and it has no candidate. */
bool environment_occupation(const struct scenario *, const struct promotions *, const struct sim_chain *,
			    struct text name, int64_t scenario_ns, int64_t start_wall_ns, struct occupation *out);

#endif
