/* deployment.h - the deployments that the API lists for a chain or a model, and their chainlets.
 *
 * A listing is one accepted body of GET /v1/chains/{id}/deployments, or of GET /v1/chains/{id}/environments/{name}; or
 * of the same below /v1/models. A model has no chainlets in the API: what its deployment says of itself is here what its
 * only chainlet says, whose name is the model's, so that two deployments of a model are compared like two of a chain.
 * src/api makes it in the arena it decodes into; nobody changes it afterwards.
 *
 * Invariants, checked by the decoder: ids and names aren't empty; ids of deployments are unique within the listing, ids
 * and names of chainlets within their deployment; texts are UTF-8.
 *
 * An integer may be negative, because the vendor's document sets no minimum. A negative count has no meaning, so rules
 * and reports treat it as unknown.
 */
#ifndef CHAINGATE_DEPLOYMENT_H
#define CHAINGATE_DEPLOYMENT_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/status.h"
#include "chaingate/target_kind.h"
#include "chaingate/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An integer that the API may leave out or send as null. */
struct optional_integer {
	bool present;
	int64_t value;
};

/* A boolean that the API may leave out or send as null. */
struct optional_boolean {
	bool present;
	bool value;
};

/* AutoscalingSettingsV1. Durations are in whole seconds, as in the API. */
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

/* Appends the canonical text. Two settings are equal if and only if their canonical texts are. NULL has a canonical
 * text, too. */
void settings_add_canonical(struct buf *, const struct autoscaling_settings *);

struct chainlet {
	struct text id;
	struct text name;
	struct text instance_type_name;
	enum status status;
	struct text status_word; /* as received; needed if `status` is STATUS_UNKNOWN */
	int64_t active_replica_count;
	const struct autoscaling_settings *settings; /* NULL: the API sends null, which means "has not finished
						      * deploying" */
	size_t ordinal;        /* an index for parallel arrays: the deployments and chainlets of a listing are numbered
			 * together, from 0 */
	bool has_unknown_name; /* of a model whose name nobody says: `name` is the model's id, only to be shown */
	bool has_no_instance_type; /* null in the API, as only a model's can be: nobody knows the machine */
};

/* What a model's environment says of a promotion to it (InProgressPromotionV1). Zero is unknown. */
enum promotion_state {
	PROMOTION_UNKNOWN, /* a word that this version doesn't know: perhaps it is running */
	PROMOTION_RUNNING, /* RELEASING, RAMPING_UP */
	PROMOTION_PAUSED,
	PROMOTION_RECEDING, /* RAMPING_DOWN: it was canceled, but still has a part of the traffic */
	PROMOTION_SUCCEEDED,
	PROMOTION_ENDED, /* FAILED, CANCELED: it won't be served */
};

struct promotion {
	enum promotion_state state;
	struct text word;        /* as received */
	int64_t traffic_percent; /* that the new deployment gets; negative: unknown, as with other counts */
	struct text error;       /* why it failed; may be empty */
};

enum promotion_state promotion_state_parse(struct text word);
/* True if the new deployment won't be served: ended, or receding. Then the environment has no candidate. */
bool promotion_is_over(enum promotion_state);

/* An environment of a chain or model, as the answer of GET /v1/chains/{id}/environments/{name} describes it. */
struct environment {
	struct text name;
	struct text chain_id;
	struct text current; /* the id of the deployment that it serves; empty: it serves none (null in the API) */
	struct text
		candidate; /* the id of the deployment that is being promoted to it; empty: no promotion is running */
	/* Of a model: what the API says of the promotion that is running; NULL: nothing, as always of a chain. If it is
	 * over without success, the environment has no candidate any more, and `ended` is the one that it had. */
	const struct promotion *promotion;
	struct text ended;
	struct optional_boolean redeploys; /* redeploy_on_promotion: a promotion to it creates a new deployment */
};

/* A label that a user gave a model's deployment (DeploymentV1's `labels`, an object). */
struct label {
	struct text name;
	struct text value; /* with LABEL_TEXT the text; with LABEL_ODD the bytes of its JSON, to see that it changes */
	enum label_kind {
		LABEL_ODD, /* a number, a boolean, an object, a list, or a text longer than an id can be: no rule
			    * can compare it */
		LABEL_NULL,
		LABEL_TEXT,
	} kind;
};

struct deployment {
	struct text id;
	struct text chain_id; /* the chain's; of a model's deployment, the model's (model_id in the API) */
	bool has_environment; /* false: null in the API */
	struct text environment;
	int64_t created_at_wall_ns;
	enum status status;
	struct text status_word;
	const struct chainlet *chainlets;
	size_t chainlet_count;
	bool is_brief; /* the chainlets were checked, then dropped, because no selector wants them (api_wanted);
			* chainlet_count is 0 */
	const struct environment *shown_by; /* the environment whose answer showed it, as its current deployment or
					     * its candidate; NULL: the chain's list did */
	size_t ordinal;
	enum target_kind of;
	struct optional_boolean is_development; /* of a model's; a chain's has none */
	enum labels_told {
		LABELS_UNTOLD, /* the API doesn't say which there are, not even that there are none; of a chain's, too,
				  * and if is_brief */
		LABELS_TOO_MANY, /* more, or with longer names, than are kept: `labels` is one without a name, LABEL_ODD,
				  * for all of them */
		LABELS_TOLD,     /* perhaps none */
	} labels_told;
	const struct label *labels; /* of a model's, in the API's order, each name once; none if is_brief */
	size_t label_count;
};

struct listing {
	const struct deployment *deployments; /* in the API's order, which has no meaning */
	size_t count;
	size_t ordinals;                       /* the number of deployments and chainlets together */
	const struct environment *environment; /* the answer was about this environment, and `deployments` are its
						* current deployment and its candidate; NULL: it was the chain's list */
};

/* Appends the canonical text: ids, names, settings, instance types, and of a model's is_development and the labels;
 * with `with_statuses` the statuses, too. The order of chainlets and labels makes no difference. A gate treats two
 * deployments as equal if and only if their canonical texts are equal. Replica counts aren't part of it, because they
 * change with traffic. */
void deployment_add_canonical(struct buf *, const struct deployment *, bool with_statuses);

/* True while a promotion to the environment is running, or may be. */
bool environment_is_promoted_to(const struct environment *);

/* True if the listing shows anything of the chain (or model) with that id. */
bool listing_shows_chain(const struct listing *, struct text chain_id);

/* The deployment with that id, or NULL. */
const struct deployment *listing_find(const struct listing *, struct text id);

/* The chainlet with that name, or NULL. */
const struct chainlet *deployment_chainlet(const struct deployment *, struct text name);

/* The label with that name, or NULL. */
const struct label *deployment_label(const struct deployment *, struct text name);

/* Finds the first negative count. Returns the API's name for it, with its value in *out, or NULL if there is none. */
const char *chainlet_negative(const struct chainlet *, int64_t *out);

/* Since when (monotonic time) each status of a listing has been seen unchanged. A deployment is identified by its id, a
 * chainlet by its deployment's id and its own name. An item that wasn't in the previous listing starts anew, and so
 * does a status if one unknown word changes to another. */
struct status_history {
	int64_t at_ns;              /* when the listing was seen */
	const int64_t *since_ns;    /* indexed by ordinal, for the listing this was made from */
	struct known_status *known; /* copies, in the listing's order: the next listing is compared with them */
	size_t count;
};

/* Returns the history at the next listing, seen at `at_ns`, in the arena. `previous` may be NULL or `{0}`; else it must
 * be in another arena that is still alive. The history keeps no reference to any listing. Takes n log n time in the
 * number of deployments and chainlets. */
struct status_history status_history_next(struct arena *, const struct status_history *previous, const struct listing *,
					  int64_t at_ns);

/* Like status_history_next, but follows only `deployments`, some of the listing's: all others, with their chainlets,
 * count as first seen at `at_ns`, at this listing and again at the next. */
struct status_history status_history_of(struct arena *, const struct status_history *previous, const struct listing *,
					const struct deployment *const *deployments, size_t count, int64_t at_ns);

#endif
