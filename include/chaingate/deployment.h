/* deployment.h - what the API lists for a chain: deployments and their chainlets.
 *
 * A listing is one body of GET /v1/chains/{id}/deployments, believed whole. It is made by src/api, lives in the arena it
 * was decoded into, and nobody changes it afterwards.
 *
 * Invariants, checked by the decoder: ids and names aren't empty; ids of deployments are unique within the listing, ids
 * and names of chainlets within their deployment; texts are UTF-8.
 *
 * An integer may be negative, because the vendor's document sets no minimum. Nothing that is counted can be: what it means is
 * unknown, to rules and to people.
 */
#ifndef CHAINGATE_DEPLOYMENT_H
#define CHAINGATE_DEPLOYMENT_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/status.h"
#include "chaingate/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An integer that the API may leave out or send as null. */
struct optional_integer {
	bool present;
	int64_t value;
};

/* AutoscalingSettingsV1. Durations are whole seconds, as in the API. */
struct autoscaling_settings {
	int64_t min_replica;
	int64_t max_replica;
	int64_t concurrency_target; /* requests per replica before scaling up */
	struct optional_integer autoscaling_window_s;
	struct optional_integer scale_down_delay_s;
	struct optional_integer target_utilization_percentage;
	struct optional_integer target_in_flight_tokens;
	struct optional_integer max_scale_down_rate;
};

/* The canonical text: two settings are the same if and only if their texts are. NULL has one, too. */
void settings_add_canonical(struct buf *, const struct autoscaling_settings *);

struct chainlet {
	struct text id;
	struct text name;
	struct text instance_type_name;
	enum status status;
	struct text status_word; /* as received; of use where `status` is STATUS_UNKNOWN */
	int64_t active_replica_count;
	const struct autoscaling_settings *settings; /* NULL: null in the API, "has not finished deploying" */
	size_t ordinal; /* counts the deployments and chainlets of a listing from 0: an index for arrays beside it */
};

struct deployment {
	struct text id;
	struct text chain_id;
	bool has_environment; /* false: null in the API */
	struct text environment;
	int64_t created_at_wall_ns;
	enum status status;
	struct text status_word;
	const struct chainlet *chainlets;
	size_t chainlet_count;
	bool is_brief; /* its chainlets were checked and not kept, since nobody was going to ask for them: there seem to be none */
	size_t ordinal;
};

struct listing {
	const struct deployment *deployments; /* in the API's order, which means nothing */
	size_t count;
	size_t ordinals; /* how many ordinals there are: deployments and chainlets together */
};

/* The canonical text: ids, names, settings and instance types, whatever the order of the chainlets, and statuses where these count. Two deployments are the
 * same for a gate if and only if their texts are; replica counts, which move with traffic, aren't in it. */
void deployment_add_canonical(struct buf *, const struct deployment *, bool with_statuses);

/* The deployment with that id, or NULL. */
const struct deployment *listing_find(const struct listing *, struct text id);

/* The chainlet with that name, or NULL. */
const struct chainlet *deployment_chainlet(const struct deployment *, struct text name);

/* The first of its counts that is negative, by the API's name, and what it is; NULL: none. */
const char *chainlet_negative(const struct chainlet *, int64_t *out);

/* Since when (monotonic) each status of a listing has been seen unchanged, by ordinal. A deployment is known by its id, a chainlet by its
 * deployment's id and its own name; what wasn't in the listing before starts anew, and so does an unknown word that changes to another. */
struct status_history {
	int64_t at_ns;              /* when the listing was seen */
	const int64_t *since_ns;    /* of the listing it was made of: by ordinal */
	struct known_status *known; /* what the next listing is compared with: copies, in order */
	size_t count;
};

/* The history at the next listing, seen at `at_ns`, in the arena. `previous` may be NULL or `{0}`, and must be in another arena that is still alive. Nothing of
 * listings is needed afterwards. n log n in the number of deployments and chainlets. */
struct status_history status_history_next(struct arena *, const struct status_history *previous, const struct listing *,
					  int64_t at_ns);

/* The same for some deployments of the listing only: all others are as if they had been seen first at `at_ns`. */
struct status_history status_history_of(struct arena *, const struct status_history *previous, const struct listing *,
					const struct deployment *const *deployments, size_t count, int64_t at_ns);

#endif
