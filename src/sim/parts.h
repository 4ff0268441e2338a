/* parts.h - reads the parts of a scenario that refer to each other: chains, deployments, environments, bodies.
 *
 * Private to scenario_read.c and the files it uses. Each function reads one item into `out`; false if it reported an
 * error.
 */
#ifndef CHAINGATE_SIM_PARTS_H
#define CHAINGATE_SIM_PARTS_H

#include "fields.h"
#include "scenario.h"

/* The scenario while it is read: the reader, and the parts so far. */
struct draft {
	struct fields_reader reader;
	struct file_reader files;
	struct scenario scenario;
	/* A chain or a deployment had an error. A reference to an unknown one may mean the one with the error, so it
	 * isn't reported as another mistake. */
	bool has_refused_chain, has_refused_deployment;
};

bool sim_chain_read(struct draft *, const struct yaml_node *, enum target_kind, struct sim_chain *out);
bool sim_deployment_read(struct draft *, const struct yaml_node *, struct sim_deployment *out);
bool sim_environment_read(struct draft *, const struct yaml_node *, struct sim_environment *out);
bool sim_body_read(struct draft *, const struct yaml_node *, struct sim_body *out);

/* Finds the chain or model that an item belongs to, by its keys `chain` and `model`, whose values are given, or NULL;
 * `item` is the whole. Both and neither are reported, and an unknown one, with the most similar known one, unless a chain
 * had an error. */
bool owner_read(struct draft *, const struct yaml_node *item, const struct yaml_node *chain,
		const struct yaml_node *model, const struct sim_chain **out);

/* "30s" (scenario time), "-2h" (a plain time before the start), or ISO 8601. */
bool creation_read(struct draft *, const struct yaml_node *, struct creation *out);

#endif
