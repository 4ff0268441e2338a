/* selection.h - which deployments of a listing a gate judges.
 *
 * A selector is the request, from the command line or a policy; a selection is its result on one listing. A
 * deployment whose chain_id isn't the requested chain's (or model's) is never selected, only counted.
 *
 * A selector with a role selects from the answer about its environment, and from nothing else: what the chain's list
 * says in a deployment's `environment` doesn't matter then. A selector without a role selects from the chain's list.
 */
#ifndef CHAINGATE_SELECTION_H
#define CHAINGATE_SELECTION_H

#include "chaingate/arena.h"
#include "chaingate/deployment.h"
#include "chaingate/target_kind.h"
#include "chaingate/text.h"

#include <stdbool.h>
#include <stdint.h>

enum selector_kind {
	SELECT_NOTHING, /* not given: the gate must not poll */
	SELECT_DEPLOYMENT,
	SELECT_ENVIRONMENT,
	SELECT_LATEST, /* the newest created_at; if several are equal, the greatest id. Never a development deployment
			* of a model: nobody promotes one */
	SELECT_ALL,
};

/* Which deployments of an environment. */
enum environment_role {
	ROLE_ANY,       /* those that the chain's list shows in it */
	ROLE_CURRENT,   /* the one that it serves */
	ROLE_CANDIDATE, /* the one that is being promoted to it; once selected, it stays selected when it is served */
};

const char *environment_role_name(enum environment_role); /* "current" */

enum since_kind {
	SINCE_NOT_GIVEN,
	SINCE_ANY,
	SINCE_MOMENT, /* created at `ns` (wall) or later */
	SINCE_AGO,    /* created at most `ns` before the run's start: becomes a SINCE_MOMENT when the run starts */
};

struct since {
	enum since_kind kind;
	int64_t ns;
};

struct selector {
	enum selector_kind kind;
	struct text value; /* the deployment's id, or the environment's name */
	struct since since;
	enum environment_role role; /* with SELECT_ENVIRONMENT */
	struct text expected;       /* with ROLE_CURRENT: only the deployment with this id; empty: whichever it is */
	enum target_kind of;        /* a chain's deployments, or a model's */
};

/* The environment whose answer the selector selects from; empty: it selects from the chain's list. */
struct text selector_environment(const struct selector *);

/* Parses `any`, a duration, or an RFC 3339 moment. */
bool since_parse(struct text, struct since *out);

/* The selection that was meant by a word in place of a deployment's id: `latest`, `newest`, `all`. SELECT_NOTHING for
 * everything else. */
enum selector_kind selector_kind_meant(struct text id);

/* Turns SINCE_AGO into SINCE_MOMENT; the others stay as they are. */
struct since since_resolve(struct since, int64_t run_start_wall_ns);

/* True if the deployment was created recently enough. The `since` must be resolved: nothing is after a SINCE_AGO. */
bool since_includes(struct since, const struct deployment *);

/* True if the selector lacks the `since` that every selector but `deployment` needs. Without it, the gate could
 * judge an older deployment while the new push isn't listed yet. */
bool selector_needs_since(const struct selector *);

/* True if the selector matches the deployment; the selector's `since` and the chain are ignored. SELECT_LATEST matches
 * any deployment. */
bool selector_matches(const struct selector *, const struct deployment *);

struct selection {
	const struct deployment *const *deployments; /* the listing's deployments, sorted by id, ascending, so
						      * independent of the API's order. The array is in the arena */
	size_t count;
	size_t foreign; /* deployments in the listing with another chain_id; not selected */
	size_t older;   /* the selector matches them, but they are older than its `since` */
};

/* Selects from a listing. `chain_id` is the id of the requested chain. `pinned` is the id that was selected before
 * (empty: none yet). For SELECT_LATEST it stays selected while it is listed, whatever `since` says; while it isn't
 * listed, nothing is selected. For ROLE_CANDIDATE it is selected if it is now the current deployment, and there is no
 * other candidate. `since` must be resolved; SINCE_NOT_GIVEN counts as SINCE_ANY. */
struct selection selection_make(struct arena *, const struct listing *, const struct selector *, struct text chain_id,
				struct text pinned);

/* The newest deployment of a listing, but no development deployment, that satisfies the selector's `since`: the one
 * `latest` would select if nothing were pinned. NULL if there is none. */
const struct deployment *selection_newest(const struct listing *, const struct selector *, struct text chain_id);

#endif
