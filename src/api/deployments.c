/* deployments.c - reads the list of a chain's deployments from the API's JSON.
 *
 * One table for each schema of the API's document, with its field names in its order. A whole deployment is read into a
 * draft and checked there. How much of it is kept depends on which deployments the selectors can select.
 */
#include "deployments.h"

#include "answer.h"
#include "list.h"

#include "chaingate/selection.h"

#include <stdlib.h>

/* Most chainlets in a list. The longest list it is designed for has 40,000. */
#define CHAINLETS_MAX 1000000

/* Most chainlets of one deployment; they are in memory at the same time. Real ones have 2 to 9. */
#define CHAINLETS_OF_ONE_MAX 10000

/* Most values: for each chainlet 7, its settings 9, and some that are new to us. */
#define VALUES_MAX ((size_t)20 * CHAINLETS_MAX)

/* Most keys in the objects that are open at the same time. Real lists have under 30. */
#define KEYS_MAX 10000

/* ---- drafts ----------------------------------------------------------------------------------------------------- */

struct chainlet_draft {
	struct chainlet chainlet;
	struct autoscaling_settings settings;
	bool has_settings;
};

/* A deployment while it is read. The reader owns its texts. */
struct draft {
	struct deployment deployment;
	struct chainlet_draft *chainlets;
	size_t count, room;
};

/* Where a deployment is in the body, and the number of chainlets up to its end. */
struct mark {
	size_t offset, chainlets;
};

struct deployments {
	struct list list;
	struct arena *arena;
	const struct api_wanted *wanted;
	struct api_newest *newest;
	struct draft draft;
	struct deployment *rows;
	struct mark *marks;
	size_t room; /* of both arrays */
};

static void *grown(void *items, size_t room, size_t size)
{
	void *moved = room <= SIZE_MAX / size ? realloc(items, room * size) : NULL;
	if (!moved)
		memory_exhausted();
	return moved;
}

/* ---- schemas ---------------------------------------------------------------------------------------------------- */

#define SETTING(name) offsetof(struct autoscaling_settings, name)

/* AutoscalingSettingsV1 */
static const struct field settings_fields[] = {
	{FIELD_NAMED("min_replica"), FIELD_INTEGER, REQUIRED, SETTING(min_replica), NULL},
	{FIELD_NAMED("max_replica"), FIELD_INTEGER, REQUIRED, SETTING(max_replica), NULL},
	{FIELD_NAMED("autoscaling_window"), FIELD_OPTIONAL_INTEGER, NULLABLE, SETTING(autoscaling_window_s), NULL},
	{FIELD_NAMED("scale_down_delay"), FIELD_OPTIONAL_INTEGER, NULLABLE, SETTING(scale_down_delay_s), NULL},
	{FIELD_NAMED("concurrency_target"), FIELD_INTEGER, REQUIRED, SETTING(concurrency_target), NULL},
	{FIELD_NAMED("target_utilization_percentage"), FIELD_OPTIONAL_INTEGER, NULLABLE,
	 SETTING(target_utilization_percentage), NULL},
	{FIELD_NAMED("target_in_flight_tokens"), FIELD_OPTIONAL_INTEGER, OPTIONAL, SETTING(target_in_flight_tokens),
	 NULL},
	{FIELD_NAMED("max_scale_down_rate"), FIELD_OPTIONAL_INTEGER, OPTIONAL, SETTING(max_scale_down_rate), NULL},
};

static bool read_settings(struct reader *r, const struct json_place *place, void *record)
{
	struct chainlet_draft *draft = record;
	draft->has_settings = true;
	return READ_RECORD(r, place, settings_fields, &draft->settings);
}

static bool confirm_settings(struct reader *r, const struct json_place *place, struct json_object *object, void *record)
{
	struct chainlet_draft *draft = record;
	if (draft->has_settings)
		return CONFIRM_RECORD(r, place, object, settings_fields, &draft->settings);
	return !object || reader_disagree(r, place);
}

static const struct nested settings_nested = {read_settings, confirm_settings};

#define CHAINLET(name) offsetof(struct chainlet_draft, chainlet.name)

/* ChainletV1. Any word is accepted as a DeploymentStatusV1; rules treat a new one as unknown. */
static const struct field chainlet_fields[] = {
	{FIELD_NAMED("id"), FIELD_NAME, REQUIRED, CHAINLET(id), NULL},
	{FIELD_NAMED("name"), FIELD_NAME, REQUIRED, CHAINLET(name), NULL},
	{FIELD_NAMED("autoscaling_settings"), FIELD_OBJECT, NULLABLE, 0, &settings_nested},
	{FIELD_NAMED("instance_type_name"), FIELD_TEXT, REQUIRED, CHAINLET(instance_type_name), NULL},
	{FIELD_NAMED("active_replica_count"), FIELD_INTEGER, REQUIRED, CHAINLET(active_replica_count), NULL},
	{FIELD_NAMED("status"), FIELD_TEXT, REQUIRED, CHAINLET(status_word), NULL},
};

static bool chainlets_are_distinct(struct reader *r, const struct json_place *list, const struct draft *draft)
{
	struct unique *uniques = reader_uniques(r, draft->count);
	for (size_t i = 0; i < draft->count; i++)
		uniques[i] = (struct unique){draft->chainlets[i].chainlet.name, i};
	if (!read_distinct(r, list, "name", draft->count))
		return false;
	for (size_t i = 0; i < draft->count; i++)
		uniques[i] = (struct unique){draft->chainlets[i].chainlet.id, i};
	return read_distinct(r, list, "id", draft->count);
}

static bool read_chainlets(struct reader *r, const struct json_place *place, void *record)
{
	struct draft *draft = record;
	for (draft->count = 0;; draft->count++) {
		struct json_place item = {.parent = place, .index = draft->count};
		bool more;
		if (!read_item(r, &item, &more))
			return false;
		if (!more)
			return chainlets_are_distinct(r, place, draft);
		if (draft->count == CHAINLETS_OF_ONE_MAX)
			return reader_complain(r, place, "has more chainlets than any deployment needs");
		if (draft->count == draft->room) {
			draft->room = draft->room ? draft->room * 2 : 16;
			draft->chainlets = grown(draft->chainlets, draft->room, sizeof *draft->chainlets);
		}
		struct chainlet_draft *one = &draft->chainlets[draft->count];
		*one = (struct chainlet_draft){0};
		if (!READ_RECORD(r, &item, chainlet_fields, one))
			return false;
		one->chainlet.status = status_parse(one->chainlet.status_word);
	}
}

static bool confirm_chainlets(struct reader *r, const struct json_place *place, struct json_object *array, void *record)
{
	struct draft *draft = record;
	if (!json_object_is_type(array, json_type_array) || json_object_array_length(array) != draft->count)
		return reader_disagree(r, place);
	for (size_t i = 0; i < draft->count; i++) {
		struct json_place item = {.parent = place, .index = i};
		struct json_object *object = json_object_array_get_idx(array, i);
		if (!CONFIRM_RECORD(r, &item, object, chainlet_fields, &draft->chainlets[i]))
			return false;
	}
	return true;
}

static const struct nested chainlets_nested = {read_chainlets, confirm_chainlets};

#define DEPLOYMENT(name) offsetof(struct draft, deployment.name)

/* ChainDeploymentV1 */
static const struct field deployment_fields[] = {
	{FIELD_NAMED("id"), FIELD_NAME, REQUIRED, DEPLOYMENT(id), NULL},
	{FIELD_NAMED("created_at"), FIELD_MOMENT, REQUIRED, DEPLOYMENT(created_at_wall_ns), NULL},
	{FIELD_NAMED("chain_id"), FIELD_NAME, REQUIRED, DEPLOYMENT(chain_id), NULL},
	{FIELD_NAMED("environment"), FIELD_TEXT, NULLABLE, DEPLOYMENT(environment), NULL},
	{FIELD_NAMED("chainlets"), FIELD_LIST, REQUIRED, 0, &chainlets_nested},
	{FIELD_NAMED("status"), FIELD_TEXT, REQUIRED, DEPLOYMENT(status_word), NULL},
};

static bool read_deployment(struct reader *r, const struct json_place *place, struct draft *draft)
{
	draft->deployment = (struct deployment){0};
	draft->count = 0;
	arena_clear(&r->scratch);
	if (!READ_RECORD(r, place, deployment_fields, draft))
		return false;
	draft->deployment.has_environment = draft->deployment.environment.bytes != NULL;
	draft->deployment.status = status_parse(draft->deployment.status_word);
	return true;
}

/* ---- what a listing keeps --------------------------------------------------------------------------------------- */

/* Keeps a text; if it equals `known`, returns that instead of a copy. */
static struct text keep_text(struct arena *arena, struct text text, struct text known)
{
	return text_equal(text, known) && known.bytes ? known : arena_text(arena, text);
}

static struct text keep_word(struct arena *arena, enum status status, struct text word)
{
	return status == STATUS_UNKNOWN ? arena_text(arena, word) : text_of(status_name(status));
}

/* Keeps the chainlets of the draft; their ordinals begin with `ordinal`. */
static void keep_chainlets(struct arena *arena, const struct draft *draft, size_t ordinal, struct deployment *out)
{
	struct chainlet *chainlets = ARENA_ARRAY(arena, struct chainlet, draft->count);
	for (size_t i = 0; i < draft->count; i++) {
		const struct chainlet_draft *from = &draft->chainlets[i];
		struct chainlet *to = &chainlets[i];
		*to = from->chainlet;
		to->id = arena_text(arena, to->id);
		to->name = arena_text(arena, to->name);
		to->instance_type_name =
			keep_text(arena, to->instance_type_name, i > 0 ? to[-1].instance_type_name : (struct text){0});
		to->status_word = keep_word(arena, to->status, to->status_word);
		to->ordinal = ordinal + i;
		if (from->has_settings) {
			struct autoscaling_settings *settings = ARENA_NEW(arena, struct autoscaling_settings);
			*settings = from->settings;
			to->settings = settings;
		}
	}
	out->chainlets = chainlets;
	out->chainlet_count = draft->count;
	out->is_brief = false;
}

/* True if a selector may select the deployment. `latest` is left out: which one is the newest is only known at the end
 * of the list. */
static bool is_wanted(const struct deployments *d, const struct deployment *deployment)
{
	for (size_t i = 0; d->wanted && i < d->wanted->count; i++) {
		const struct selector *selector = d->wanted->selectors[i];
		if (selector->kind != SELECT_LATEST && selector_matches(selector, deployment))
			return true;
	}
	return !d->wanted;
}

/* Keeps the draft after json-c has read the same values. */
static bool keep_draft(struct deployments *d, const struct json_place *place, size_t index)
{
	bool whole = is_wanted(d, &d->draft.deployment);
	if (whole && !READER_CONFIRM(&d->list.reader, place, deployment_fields, &d->draft))
		return false;
	const struct deployment *before = index > 0 ? &d->rows[index - 1] : &(const struct deployment){0};
	struct deployment *row = &d->rows[index];
	*row = d->draft.deployment;
	row->ordinal = index > 0 ? before->ordinal + 1 + before->chainlet_count : 0;
	row->id = arena_text(d->arena, row->id);
	row->chain_id = keep_text(d->arena, row->chain_id, before->chain_id);
	row->environment = keep_text(d->arena, row->environment, before->environment);
	row->status_word = keep_word(d->arena, row->status, row->status_word);
	row->is_brief = true;
	if (whole)
		keep_chainlets(d->arena, &d->draft, row->ordinal + 1, row);
	return true;
}

static bool read_one(struct reader *r, const struct json_place *place, size_t index, size_t offset, void *context)
{
	struct deployments *d = context;
	size_t before = index > 0 ? d->marks[index - 1].chainlets : 0;
	if (index == d->room) {
		d->room = d->room ? d->room * 2 : 64;
		d->rows = grown(d->rows, d->room, sizeof *d->rows);
		d->marks = grown(d->marks, d->room, sizeof *d->marks);
	}
	if (!read_deployment(r, place, &d->draft))
		return false;
	d->marks[index] = (struct mark){offset, before + d->draft.count};
	if (d->marks[index].chainlets > CHAINLETS_MAX)
		return reader_complain(r, place, "is where the list has more chainlets than any list needs");
	return keep_draft(d, place, index);
}

/* ---- the end of the list ---------------------------------------------------------------------------------------- */

/* Reads a deployment again that is wanted after all, as the end of the list has shown. It was valid before, but json-c
 * hasn't read it yet. */
static bool keep_after_all(struct deployments *d, struct listing *listing, const struct deployment *deployment,
			   struct miss *miss)
{
	size_t index = (size_t)(deployment - d->rows);
	struct json_place list = {.key = d->list.key}, place = {.parent = &list, .index = index};
	if (!deployment->is_brief)
		return true;
	struct reader again = reader_make(
		d->arena, (struct text){d->list.reader.cursor.bytes, d->list.reader.cursor.length}, JSON_UNLIMITED);
	again.cursor.mark.at = d->marks[index].offset;
	bool ok = read_entry(&again, &place, JSON_KIND_OBJECT);
	if (ok)
		reader_begin(&again);
	ok = ok && read_deployment(&again, &place, &d->draft) &&
	     READER_CONFIRM(&again, &place, deployment_fields, &d->draft);
	if (ok) {
		keep_chainlets(d->arena, &d->draft, listing->ordinals, &d->rows[index]);
		listing->ordinals += d->draft.count;
	} else {
		*miss = reader_miss(&again);
	}
	reader_release(&again);
	return ok;
}

static void remember_newest(struct api_newest *newest, struct text id)
{
	for (size_t i = 0; i < newest->count; i++)
		if (text_equal(newest->ids[i], id))
			return;
	newest->ids = arena_grow(&newest->arena, newest->ids, newest->count, &newest->room, sizeof *newest->ids);
	newest->ids[newest->count++] = arena_text(&newest->arena, id);
}

/* For `latest`: keeps the newest deployment, and those that were the newest before. */
static bool keep_newest(struct deployments *d, struct listing *listing, struct miss *miss)
{
	const struct selector latest = {.kind = SELECT_LATEST, .since = {.kind = SINCE_ANY}};
	bool is_asked_for = false;
	for (size_t i = 0; d->wanted && i < d->wanted->count; i++)
		is_asked_for |= d->wanted->selectors[i]->kind == SELECT_LATEST;
	if (!is_asked_for)
		return true;
	const struct deployment *now = selection_newest(listing, &latest, d->wanted->chain_id);
	if (now)
		remember_newest(d->newest, now->id);
	for (size_t i = 0; i < d->newest->count; i++) {
		const struct deployment *deployment = listing_find(listing, d->newest->ids[i]);
		if (deployment && !keep_after_all(d, listing, deployment, miss))
			return false;
	}
	return true;
}

static bool deployments_are_distinct(struct deployments *d)
{
	struct json_place place = {.key = d->list.key};
	size_t count = d->list.count;
	struct unique *uniques = reader_uniques(&d->list.reader, count);
	for (size_t i = 0; i < count; i++)
		uniques[i] = (struct unique){d->rows[i].id, i};
	return read_distinct(&d->list.reader, &place, "id", count);
}

static const struct listing *read_all(struct deployments *d, struct miss *miss)
{
	if (!list_read(&d->list, miss))
		return NULL;
	if (!deployments_are_distinct(d)) {
		*miss = reader_miss(&d->list.reader);
		return NULL;
	}
	size_t count = d->list.count;
	struct listing *listing = ARENA_NEW(d->arena, struct listing);
	*listing = (struct listing){.deployments = d->rows, .count = count};
	if (count)
		listing->ordinals = d->rows[count - 1].ordinal + 1 + d->rows[count - 1].chainlet_count;
	if (!keep_newest(d, listing, miss))
		return NULL;
	if (d->rows)
		arena_defer(d->arena, free, d->rows);
	d->rows = NULL;
	return listing;
}

/* ---- public functions ------------------------------------------------------------------------------------------- */

const struct listing *deployments_read(struct arena *arena, struct text body, const struct api_wanted *wanted,
				       struct api_newest *newest, struct miss *miss)
{
	struct deployments d = {
		.list = list_make(arena, "deployments", body, (struct json_limits){VALUES_MAX, KEYS_MAX}),
		.arena = arena,
		.wanted = wanted,
		.newest = newest,
	};
	d.list.item = read_one;
	d.list.context = &d;
	const struct listing *listing = read_all(&d, miss);
	list_release(&d.list);
	free(d.draft.chainlets);
	free(d.rows);
	free(d.marks);
	return listing;
}

bool api_read_deployments(struct arena *arena, const struct api_answer *answer, const struct listing **out,
			  struct miss *miss)
{
	if (!answer_is_good(arena, answer, miss))
		return false;
	const struct listing *listing = deployments_read(arena, answer->body, NULL, NULL, miss);
	if (listing)
		*out = listing;
	return listing;
}
