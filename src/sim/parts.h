/* parts.h - reading the parts of a scenario that name each other: chains, deployments, environments, bodies.
 *
 * Private to scenario.c and its neighbours. Each function reads one item into `out`, false if it reported.
 */
#ifndef CHAINGATE_SIM_PARTS_H
#define CHAINGATE_SIM_PARTS_H

#include "fields.h"
#include "scenario.h"

/* What is being read, and what has been read of it. */
struct draft {
	struct fields_reader reader;
	struct file_reader files;
	struct scenario scenario;
	/* A chain or a deployment was refused: what refers to one may mean that one, and isn't a mistake of its own. */
	bool has_refused_chain, has_refused_deployment;
};

bool sim_chain_read(struct draft *, const struct yaml_node *, struct sim_chain *out);
bool sim_deployment_read(struct draft *, const struct yaml_node *, struct sim_deployment *out);
bool sim_environment_read(struct draft *, const struct yaml_node *, struct sim_environment *out);
bool sim_body_read(struct draft *, const struct yaml_node *, struct sim_body *out);

/* The chain that an item belongs to; an unknown one is reported, with the nearest known, unless a chain was refused. */
bool chain_reference_read(struct draft *, const struct yaml_node *, const struct sim_chain **out);

/* "30s" (scenario time), "-2h" (a plain time before the start), or ISO 8601. */
bool creation_read(struct draft *, const struct yaml_node *, struct creation *out);

#endif
