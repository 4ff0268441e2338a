/* deployments.c - the list of a chain's deployments, from the API's JSON to a listing.
 *
 * One function for each schema of the API's document, its fields in the document's words.
 */
#include "answer.h"
#include "reader.h"

/* AutoscalingSettingsV1 */
static bool read_settings(struct reader *r, struct record chainlet, const struct autoscaling_settings **out)
{
	struct json_place place = {.parent = chainlet.place, .key = "autoscaling_settings"};
	struct record record;
	if (!read_object(r, chainlet, NULLABLE, &place, &record))
		return false;
	if (!record.object) {
		*out = NULL;
		return true;
	}
	struct autoscaling_settings *settings = ARENA_NEW(r->arena, struct autoscaling_settings);
	*out = settings;
	return read_count(r, record, "min_replica", &settings->min_replica) &&
	       read_count(r, record, "max_replica", &settings->max_replica) &&
	       read_optional_seconds(r, record, "autoscaling_window", NULLABLE, &settings->autoscaling_window_s) &&
	       read_optional_seconds(r, record, "scale_down_delay", NULLABLE, &settings->scale_down_delay_s) &&
	       read_count(r, record, "concurrency_target", &settings->concurrency_target) &&
	       read_optional_count(r, record, "target_utilization_percentage", NULLABLE,
				   &settings->target_utilization_percentage) &&
	       read_optional_count(r, record, "target_in_flight_tokens", OPTIONAL,
				   &settings->target_in_flight_tokens) &&
	       read_optional_count(r, record, "max_scale_down_rate", OPTIONAL, &settings->max_scale_down_rate);
}

/* DeploymentStatusV1. Any word is taken: what a new one means is for the rules, to which it means nothing. */
static bool read_status(struct reader *r, struct record record, enum status *out, struct text *out_word)
{
	if (!read_text(r, record, "status", REQUIRED, out_word, NULL))
		return false;
	*out = status_parse(*out_word);
	return true;
}

/* ChainletV1 */
static bool read_chainlet(struct reader *r, struct record record, struct chainlet *chainlet)
{
	return read_name(r, record, "id", &chainlet->id) && read_name(r, record, "name", &chainlet->name) &&
	       read_settings(r, record, &chainlet->settings) &&
	       read_text(r, record, "instance_type_name", REQUIRED, &chainlet->instance_type_name, NULL) &&
	       read_count(r, record, "active_replica_count", &chainlet->active_replica_count) &&
	       read_status(r, record, &chainlet->status, &chainlet->status_word);
}

static bool chainlets_are_distinct(struct reader *r, struct record list, const struct chainlet *chainlets, size_t count)
{
	struct unique *uniques = reader_uniques(r, count);
	for (size_t i = 0; i < count; i++)
		uniques[i] = (struct unique){chainlets[i].name, i};
	if (!read_distinct(r, list, "name", count))
		return false;
	for (size_t i = 0; i < count; i++)
		uniques[i] = (struct unique){chainlets[i].id, i};
	return read_distinct(r, list, "id", count);
}

static bool read_chainlets(struct reader *r, struct record deployment, struct deployment *out, size_t *ordinals)
{
	struct json_place place = {.parent = deployment.place, .key = "chainlets"};
	struct record list;
	struct chainlet *chainlets = NULL;
	size_t count, room = 0;
	if (!read_list(r, deployment, &place, &list, &count))
		return false;
	/* grown, not made at once: of a million empty objects only the first should cost anything */
	for (size_t i = 0; i < count; i++) {
		struct json_place item_place;
		struct record item;
		chainlets = arena_grow(r->arena, chainlets, i, &room, sizeof *chainlets);
		chainlets[i] = (struct chainlet){.ordinal = (*ordinals)++};
		if (!read_item(r, list, i, &item_place, &item) || !read_chainlet(r, item, &chainlets[i]))
			return false;
	}
	out->chainlets = chainlets;
	out->chainlet_count = count;
	return chainlets_are_distinct(r, list, chainlets, count);
}

/* ChainDeploymentV1 */
static bool read_deployment(struct reader *r, struct record record, struct deployment *deployment, size_t *ordinals)
{
	return read_name(r, record, "id", &deployment->id) &&
	       read_moment(r, record, "created_at", &deployment->created_at_wall_ns) &&
	       read_name(r, record, "chain_id", &deployment->chain_id) &&
	       read_text(r, record, "environment", NULLABLE, &deployment->environment, &deployment->has_environment) &&
	       read_chainlets(r, record, deployment, ordinals) &&
	       read_status(r, record, &deployment->status, &deployment->status_word);
}

static bool deployments_are_distinct(struct reader *r, struct record list, const struct listing *listing)
{
	struct unique *uniques = reader_uniques(r, listing->count);
	for (size_t i = 0; i < listing->count; i++)
		uniques[i] = (struct unique){listing->deployments[i].id, i};
	return read_distinct(r, list, "id", listing->count);
}

/* ChainDeploymentsV1 */
static bool read_listing(struct reader *r, struct json_object *body, struct listing *out)
{
	static const struct json_place place = {.key = "deployments"};
	struct record top, list;
	struct deployment *deployments = NULL;
	size_t room = 0;
	if (!read_body(r, body, &top) || !read_list(r, top, &place, &list, &out->count))
		return false;
	for (size_t i = 0; i < out->count; i++) {
		struct json_place item_place;
		struct record item;
		deployments = arena_grow(r->arena, deployments, i, &room, sizeof *deployments);
		deployments[i] = (struct deployment){.ordinal = out->ordinals++};
		if (!read_item(r, list, i, &item_place, &item) ||
		    !read_deployment(r, item, &deployments[i], &out->ordinals))
			return false;
	}
	out->deployments = deployments;
	return deployments_are_distinct(r, list, out);
}

bool api_read_deployments(struct arena *arena, const struct api_answer *answer, const struct listing **out,
			  struct miss *miss)
{
	struct json_object *body;
	if (!answer_open(arena, answer, &body, miss))
		return false;
	struct reader reader = reader_make(arena);
	struct listing *listing = ARENA_NEW(arena, struct listing);
	bool ok = read_listing(&reader, body, listing);
	if (ok)
		*out = listing;
	else
		*miss = reader_miss(&reader);
	reader_release(&reader);
	json_object_put(body);
	return ok;
}
