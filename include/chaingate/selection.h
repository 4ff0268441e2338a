/* selection.h - which deployments of a listing a gate is about.
 *
 * A selector is what was asked for, on the command line or in a policy; a selection is what it picks from one listing.
 * Deployments whose chain_id isn't the chain that was asked for are never selected, only counted.
 */
#ifndef CHAINGATE_SELECTION_H
#define CHAINGATE_SELECTION_H

#include "chaingate/arena.h"
#include "chaingate/deployment.h"
#include "chaingate/text.h"

#include <stdbool.h>
#include <stdint.h>

enum selector_kind {
	SELECT_NOTHING, /* not given: nothing may be polled */
	SELECT_DEPLOYMENT,
	SELECT_ENVIRONMENT,
	SELECT_LATEST, /* the newest created_at, the greatest id among equals */
	SELECT_ALL,
};

enum since_kind {
	SINCE_NOT_GIVEN,
	SINCE_ANY,
	SINCE_MOMENT, /* created at `ns` (wall) or later */
	SINCE_AGO,    /* created at most `ns` before the run's start: made a SINCE_MOMENT when the run starts */
};

struct since {
	enum since_kind kind;
	int64_t ns;
};

struct selector {
	enum selector_kind kind;
	struct text value; /* the deployment's id, or the environment's name */
	struct since since;
};

/* `any`, a duration, or an RFC 3339 moment. */
bool since_parse(struct text, struct since *out);

/* SINCE_AGO becomes SINCE_MOMENT; the others stay. */
struct since since_resolve(struct since, int64_t run_start_wall_ns);

/* Does it lack the `since` that every selector but `deployment` must be given? Without it, a push that isn't listed yet
 * lets the gate judge what was there before it. */
bool selector_needs_since(const struct selector *);

/* Is it what the selector says, whatever its `since` and the chain? Of SELECT_LATEST any deployment is. */
bool selector_matches(const struct selector *, const struct deployment *);

struct selection {
	const struct deployment *const *deployments; /* by id, ascending, whatever the API's order */
	size_t count;
	size_t foreign; /* deployments listed with another chain_id, left out */
	size_t older;   /* left out by `since` only */
};

/* Picks from a listing. `chain_id` is the id of the chain that was asked for. For SELECT_LATEST, `pinned` is the id that was picked before (empty: none yet): it stays
 * picked while it is listed, and is never replaced by another. `since` must be resolved; SINCE_NOT_GIVEN counts as SINCE_ANY. */
struct selection selection_make(struct arena *, const struct listing *, const struct selector *, struct text chain_id,
				struct text pinned);

/* The newest of a listing under the selector's `since`: what `latest` would pick if nothing were pinned. NULL if there is none. */
const struct deployment *selection_newest(const struct listing *, const struct selector *, struct text chain_id);

#endif
