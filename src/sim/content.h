/* content.h - makes the API's JSON from a scenario at a moment. Fields are in the API's order.
 *
 * The caller owns each returned object (json_object_put). A flavour puts its fault into every value that can have it.
 */
#ifndef CHAINGATE_SIM_CONTENT_H
#define CHAINGATE_SIM_CONTENT_H

#include "scenario.h"
#include "state.h"

#include <json-c/json.h>

enum flavour {
	FLAVOUR_TRUE,
	FLAVOUR_DUPLICATE_KEYS, /* each status twice, FAILED first and ACTIVE last: a reader that takes the last
				 * reads ACTIVE */
	FLAVOUR_WRONG_TYPE,     /* counts as strings */
};

/* The data that content is made from. */
struct moment {
	const struct scenario *scenario;
	const struct promotions *promotions;
	int64_t scenario_ns;
	int64_t start_wall_ns;
	enum flavour flavour;
};

struct json_object *content_chains(const struct moment *, enum target_kind);
struct json_object *content_chain(const struct moment *, const struct sim_chain *);
struct json_object *content_deployments(const struct moment *, const struct sim_chain *);
struct json_object *content_deployment(const struct moment *, const struct sim_deployment *);
struct json_object *content_environment(const struct moment *, const struct occupation *);
struct json_object *content_user(const struct moment *);

/* {"error": "…"}, with retry_after if one is given. */
struct json_object *content_error(const char *message, const int64_t *retry_after_s);

/* Returns the object's text, in the arena, and releases the object. */
struct text content_text(struct arena *, struct json_object *);

#endif
