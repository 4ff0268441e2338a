/* draft.c - reads a deployment of the API.
 *
 * One table for each schema of the API's document, with its field names in its order; a model's deployment has one of
 * its own, and is then like one of a chain with a single chainlet. A deployment is read whole
 * and checked there, whatever is kept of it.
 */
#include "draft.h"

#include "chaingate/api.h"
#include "paging.h"
#include "quote.h"

#include <stdlib.h>

/* Most chainlets of one deployment; they are in memory at the same time. Real ones have 2 to 9. */
#define CHAINLETS_OF_ONE_MAX 10000

/* Most labels of one deployment: a hundred times what anybody would write by hand. */
#define LABELS_OF_ONE_MAX 1000

/* Longest name of a member in a message, in bytes. */
#define NAME_SHOWN_MAX 40

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
	struct paging *paging = r->paging;
	r->paging = NULL; /* what a chainlet says is about itself */
	for (draft->count = 0;; draft->count++) {
		struct json_place item = {.parent = place, .index = draft->count};
		bool more;
		if (!read_item(r, &item, &more))
			return false;
		if (!more) {
			r->paging = paging;
			return chainlets_are_distinct(r, place, draft);
		}
		if (draft->count == CHAINLETS_OF_ONE_MAX)
			return reader_complain(r, place, "has more chainlets than any deployment needs");
		if (draft->count == draft->room) {
			draft->room = draft->room ? draft->room * 2 : 16;
			draft->chainlets = reader_grow(draft->chainlets, draft->room, sizeof *draft->chainlets);
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

/* A deployment may say that only a page of its chainlets is listed: "total_chainlets": 9. */
static bool has_all_chainlets(struct reader *r, const struct json_place *place, const struct draft *draft,
			      const struct paging *paging)
{
	struct json_place list = {.parent = place, .key = "chainlets"};
	const struct paging_mark *mark = paging_of_page(paging, draft->count);
	if (!mark)
		return true;
	struct buf said = buf_make(API_DETAIL_MAX);
	buf_add_string(&said, "is only a page, as the member '");
	quote_value(&said, mark->name, NAME_SHOWN_MAX);
	buf_add_string(&said, "' says");
	reader_complain(r, &list, buf_string(&said));
	buf_release(&said);
	return false;
}

static bool read_only_settings(struct reader *r, const struct json_place *place, void *record)
{
	struct draft *draft = record;
	return read_settings(r, place, &draft->only);
}

static bool confirm_only_settings(struct reader *r, const struct json_place *place, struct json_object *object,
				  void *record)
{
	struct draft *draft = record;
	return confirm_settings(r, place, object, &draft->only);
}

static const struct nested only_settings_nested = {read_only_settings, confirm_only_settings};

/* ---- labels ----------------------------------------------------------------------------------------------------- */

static struct text bytes_since(const struct reader *r, size_t offset)
{
	return (struct text){r->cursor.bytes + offset, r->cursor.mark.at - offset};
}

/* A label is the user's own: whatever it is, it makes no list malformed. */
static bool read_label(struct reader *r, struct label *out)
{
	struct json_value value;
	if (!json_cursor_value(&r->cursor, &value))
		return false;
	if ((value.kind == JSON_KIND_ARRAY || value.kind == JSON_KIND_OBJECT) &&
	    !json_cursor_leave(&r->cursor, value.kind))
		return false;
	out->kind = LABEL_ODD;
	if (value.kind == JSON_KIND_NULL)
		out->kind = LABEL_NULL;
	else if (value.kind == JSON_KIND_STRING && value.raw.length <= READER_TEXT_MAX)
		out->kind = LABEL_TEXT;
	if (out->kind == LABEL_ODD)
		out->value = bytes_since(r, value.offset);
	if (out->kind == LABEL_TEXT)
		out->value = json_value_text(&r->scratch, &value);
	return true;
}

static struct label *add_label(struct reader *r, struct draft *draft, const struct json_value *key)
{
	if (draft->label_count == draft->label_room) {
		draft->label_room = draft->label_room ? draft->label_room * 2 : 8;
		draft->labels = reader_grow(draft->labels, draft->label_room, sizeof *draft->labels);
	}
	struct label *label = &draft->labels[draft->label_count++];
	*label = (struct label){.name = json_value_text(&r->scratch, key)};
	return label;
}

/* Labels that nobody keeps one by one still show whether anything about them changes. */
static void join_labels(struct reader *r, struct draft *draft, size_t start)
{
	static const struct json_value no_name = {.kind = JSON_KIND_STRING, .raw = {"", 0}};
	draft->has_too_many_labels = true;
	draft->label_count = 0;
	add_label(r, draft, &no_name)->value = bytes_since(r, start);
}

static bool read_labels(struct reader *r, const struct json_place *place, void *record)
{
	struct draft *draft = record;
	size_t start = r->cursor.mark.at - 1; /* the bracket has been read */
	bool fit = true;
	(void)place;
	for (;;) {
		struct json_value key;
		bool more;
		if (!json_cursor_member(&r->cursor, &key, &more))
			return false;
		if (!more)
			break;
		fit &= draft->label_count < LABELS_OF_ONE_MAX && key.raw.length <= READER_TEXT_MAX;
		if (!(fit ? read_label(r, add_label(r, draft, &key)) : json_cursor_skip(&r->cursor)))
			return false;
	}
	if (!fit)
		join_labels(r, draft, start);
	return true;
}

/* json-c's value is the same, as far as it is kept; then the label's texts are json-c's. */
static bool confirm_label(struct label *label, const char *key, struct json_object *value)
{
	bool is_text = json_object_is_type(value, json_type_string);
	struct text again =
		is_text ? (struct text){json_object_get_string(value), (size_t)json_object_get_string_len(value)}
			: (struct text){0};
	if (!text_is(label->name, key) || (label->kind == LABEL_NULL) != !value)
		return false;
	if (label->kind == LABEL_TEXT && !(is_text && text_equal(again, label->value)))
		return false;
	label->name = text_of(key);
	if (label->kind == LABEL_TEXT)
		label->value = again;
	return true;
}

static bool confirm_labels(struct reader *r, const struct json_place *place, struct json_object *object, void *record)
{
	struct draft *draft = record;
	size_t at = 0;
	if (!object)
		return draft->label_count == 0 || reader_disagree(r, place);
	if (!json_object_is_type(object, json_type_object))
		return reader_disagree(r, place);
	if (draft->has_too_many_labels)
		return true;
	if ((size_t)json_object_object_length(object) != draft->label_count)
		return reader_disagree(r, place);
	json_object_object_foreach(object, key, value)
	{
		if (at == draft->label_count || !confirm_label(&draft->labels[at++], key, value))
			return reader_disagree(r, place);
	}
	return true;
}

static const struct nested labels_nested = {read_labels, confirm_labels};

/* ---- models ----------------------------------------------------------------------------------------------------- */

#define ONLY(name) offsetof(struct draft, only.chainlet.name)

/* DeploymentV1, a model's deployment. Not read are its own name, is_production and request_backpressure_settings: rules
 * don't know them, and no listing is less true without them. */
static const struct field model_fields[] = {
	{FIELD_NAMED("id"), FIELD_NAME, REQUIRED, DEPLOYMENT(id), NULL},
	{FIELD_NAMED("created_at"), FIELD_MOMENT, REQUIRED, DEPLOYMENT(created_at_wall_ns), NULL},
	{FIELD_NAMED("model_id"), FIELD_NAME, REQUIRED, DEPLOYMENT(chain_id), NULL},
	{FIELD_NAMED("is_development"), FIELD_OPTIONAL_BOOLEAN, REQUIRED, DEPLOYMENT(is_development), NULL},
	{FIELD_NAMED("status"), FIELD_TEXT, REQUIRED, DEPLOYMENT(status_word), NULL},
	{FIELD_NAMED("active_replica_count"), FIELD_INTEGER, REQUIRED, ONLY(active_replica_count), NULL},
	{FIELD_NAMED("autoscaling_settings"), FIELD_OBJECT, NULLABLE, 0, &only_settings_nested},
	{FIELD_NAMED("instance_type_name"), FIELD_TEXT, NULLABLE, ONLY(instance_type_name), NULL},
	{FIELD_NAMED("environment"), FIELD_TEXT, NULLABLE, DEPLOYMENT(environment), NULL},
	{FIELD_NAMED("labels"), FIELD_NOTED_OBJECT, OPTIONAL, offsetof(struct draft, has_labels), &labels_nested},
};

/* Makes what the deployment says of itself its only chainlet. */
static void make_only_chainlet(struct draft *draft)
{
	struct chainlet *chainlet = &draft->only.chainlet;
	chainlet->id = draft->deployment.id;
	chainlet->has_unknown_name = draft->owner.name.length == 0;
	chainlet->name = chainlet->has_unknown_name ? draft->deployment.chain_id : draft->owner.name;
	chainlet->status_word = draft->deployment.status_word;
	chainlet->status = status_parse(chainlet->status_word);
	chainlet->has_no_instance_type = !chainlet->instance_type_name.bytes;
	if (!draft->room) {
		draft->room = 1;
		draft->chainlets = reader_grow(draft->chainlets, draft->room, sizeof *draft->chainlets);
	}
	draft->chainlets[0] = draft->only;
	draft->count = 1;
}

static bool read_fields(struct reader *r, const struct json_place *place, struct draft *draft)
{
	if (draft->owner.kind == TARGET_CHAIN)
		return READ_RECORD(r, place, deployment_fields, draft);
	draft->only = (struct chainlet_draft){0};
	return READ_RECORD(r, place, model_fields, draft);
}

bool draft_read(struct reader *r, const struct json_place *place, struct draft *draft)
{
	struct paging paging = {.noun = TEXT("chainlets")};
	bool is_of_chain = draft->owner.kind == TARGET_CHAIN;
	draft->deployment = (struct deployment){.of = draft->owner.kind};
	draft->count = draft->label_count = 0;
	draft->has_labels = draft->has_too_many_labels = false;
	r->paging = is_of_chain ? &paging : NULL;
	bool is_read = read_fields(r, place, draft);
	r->paging = NULL;
	if (!is_read || (is_of_chain && !has_all_chainlets(r, place, draft, &paging)))
		return false;
	draft->deployment.has_environment = draft->deployment.environment.bytes != NULL;
	draft->deployment.status = status_parse(draft->deployment.status_word);
	return true;
}

bool draft_confirm(struct reader *r, const struct json_place *place, struct draft *draft)
{
	if (draft->owner.kind == TARGET_CHAIN)
		return READER_CONFIRM(r, place, deployment_fields, draft);
	if (!READER_CONFIRM(r, place, model_fields, draft))
		return false;
	make_only_chainlet(draft);
	return true;
}

bool draft_confirm_within(struct reader *r, const struct json_place *place, struct json_object *object,
			  struct draft *draft)
{
	if (draft->owner.kind == TARGET_CHAIN)
		return CONFIRM_RECORD(r, place, object, deployment_fields, draft);
	if (!CONFIRM_RECORD(r, place, object, model_fields, draft))
		return false;
	make_only_chainlet(draft);
	return true;
}

void draft_release(struct draft *draft)
{
	free(draft->chainlets);
	free(draft->labels);
	*draft = (struct draft){0};
}

/* ---- keeping ---------------------------------------------------------------------------------------------------- */

/* Keeps a text; if it equals `known`, returns that instead of a copy. */
static struct text keep_text(struct arena *arena, struct text text, struct text known)
{
	return text_equal(text, known) && known.bytes ? known : arena_text(arena, text);
}

static struct text keep_word(struct arena *arena, enum status status, struct text word)
{
	return status == STATUS_UNKNOWN ? arena_text(arena, word) : text_of(status_name(status));
}

static void keep_labels(struct arena *arena, const struct draft *draft, struct deployment *out)
{
	struct label *labels = ARENA_ARRAY(arena, struct label, draft->label_count);
	for (size_t i = 0; i < draft->label_count; i++) {
		labels[i] = draft->labels[i];
		labels[i].name = arena_text(arena, labels[i].name);
		labels[i].value = arena_text(arena, labels[i].value);
	}
	out->labels_told = !draft->has_labels           ? LABELS_UNTOLD
			   : draft->has_too_many_labels ? LABELS_TOO_MANY
							: LABELS_TOLD;
	out->labels = labels;
	out->label_count = draft->label_count;
}

void draft_keep_chainlets(struct arena *arena, const struct draft *draft, size_t ordinal, struct deployment *out)
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
	keep_labels(arena, draft, out);
}

struct deployment draft_keep(struct arena *arena, const struct draft *draft, const struct deployment *before)
{
	struct deployment kept = draft->deployment;
	kept.id = arena_text(arena, kept.id);
	kept.chain_id = keep_text(arena, kept.chain_id, before->chain_id);
	kept.environment = keep_text(arena, kept.environment, before->environment);
	kept.status_word = keep_word(arena, kept.status, kept.status_word);
	kept.is_brief = true;
	return kept;
}
