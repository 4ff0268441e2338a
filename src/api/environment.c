/* environment.c - reads the answer about an environment of a chain or model: its current deployment, and the candidate of
 * a promotion that is running.
 *
 * The settings of the environment itself are scanned, because the body is accepted whole or not at all, but nobody needs
 * their values.
 */
#include "environment.h"

#include "answer.h"
#include "chaingate/buf.h"
#include "draft.h"
#include "page.h"

/* Longest name in a message, in columns: two of them fit API_DETAIL_MAX. */
#define NAME_SHOWN_MAX 60

struct environment_draft {
	struct environment environment; /* without the deployments' ids */
	int64_t created_at_wall_ns;     /* checked, and not kept */
	struct draft current, candidate;
	bool has_current, has_candidate;
	struct promotion promotion; /* of a model */
	bool has_promotion;
};

#define ENVIRONMENT(name) offsetof(struct environment_draft, environment.name)

/* ---- parts ------------------------------------------------------------------------------------------------------ */

/* PromotionSettingsV1: the one setting that rules know. */
static const struct field promotion_fields[] = {
	{FIELD_NAMED("redeploy_on_promotion"), FIELD_OPTIONAL_BOOLEAN, OPTIONAL, ENVIRONMENT(redeploys), NULL},
};

static bool read_promotion(struct reader *r, const struct json_place *place, void *record)
{
	return READ_RECORD(r, place, promotion_fields, record);
}

static bool confirm_promotion(struct reader *r, const struct json_place *place, struct json_object *object,
			      void *record)
{
	return CONFIRM_RECORD(r, place, object, promotion_fields, record);
}

static const struct nested promotion_nested = {read_promotion, confirm_promotion};

static bool skip_settings(struct reader *r, const struct json_place *place, void *record)
{
	(void)place;
	(void)record;
	return json_cursor_leave(&r->cursor, JSON_KIND_ARRAY);
}

static bool confirm_settings(struct reader *r, const struct json_place *place, struct json_object *array, void *record)
{
	(void)record;
	return json_object_is_type(array, json_type_array) || reader_disagree(r, place);
}

static const struct nested settings_nested = {skip_settings, confirm_settings};

static bool read_current(struct reader *r, const struct json_place *place, void *record)
{
	struct environment_draft *draft = record;
	draft->has_current = true;
	return draft_read(r, place, &draft->current);
}

static bool confirm_current(struct reader *r, const struct json_place *place, struct json_object *object, void *record)
{
	struct environment_draft *draft = record;
	if (draft->has_current)
		return draft_confirm_within(r, place, object, &draft->current);
	return !object || reader_disagree(r, place);
}

static const struct nested current_nested = {read_current, confirm_current};

static bool read_candidate(struct reader *r, const struct json_place *place, void *record)
{
	struct environment_draft *draft = record;
	draft->has_candidate = true;
	return draft_read(r, place, &draft->candidate);
}

static bool confirm_candidate(struct reader *r, const struct json_place *place, struct json_object *object,
			      void *record)
{
	struct environment_draft *draft = record;
	if (draft->has_candidate)
		return draft_confirm_within(r, place, object, &draft->candidate);
	return !object || reader_disagree(r, place);
}

static const struct nested candidate_nested = {read_candidate, confirm_candidate};

#define PROMOTION(name) offsetof(struct environment_draft, promotion.name)

/* InProgressPromotionV1 */
static const struct field in_progress_fields[] = {
	{FIELD_NAMED("status"), FIELD_TEXT, REQUIRED, PROMOTION(word), NULL},
	{FIELD_NAMED("percent_traffic_to_new_version"), FIELD_INTEGER, REQUIRED, PROMOTION(traffic_percent), NULL},
	{FIELD_NAMED("error_message"), FIELD_TEXT, OPTIONAL, PROMOTION(error), NULL},
};

static bool read_in_progress(struct reader *r, const struct json_place *place, void *record)
{
	struct environment_draft *draft = record;
	draft->has_promotion = true;
	return READ_RECORD(r, place, in_progress_fields, draft);
}

static bool confirm_in_progress(struct reader *r, const struct json_place *place, struct json_object *object,
				void *record)
{
	struct environment_draft *draft = record;
	if (draft->has_promotion)
		return CONFIRM_RECORD(r, place, object, in_progress_fields, draft);
	return !object || reader_disagree(r, place);
}

static const struct nested in_progress_nested = {read_in_progress, confirm_in_progress};

/* EnvironmentV1, of a model. Settings that no rule knows are not looked at. */
static const struct field model_environment_fields[] = {
	{FIELD_NAMED("name"), FIELD_NAME, REQUIRED, ENVIRONMENT(name), NULL},
	{FIELD_NAMED("created_at"), FIELD_MOMENT, REQUIRED, offsetof(struct environment_draft, created_at_wall_ns),
	 NULL},
	{FIELD_NAMED("model_id"), FIELD_NAME, REQUIRED, ENVIRONMENT(chain_id), NULL},
	{FIELD_NAMED("current_deployment"), FIELD_OBJECT, NULLABLE, 0, &current_nested},
	{FIELD_NAMED("candidate_deployment"), FIELD_OBJECT, OPTIONAL, 0, &candidate_nested},
	{FIELD_NAMED("in_progress_promotion"), FIELD_OBJECT, OPTIONAL, 0, &in_progress_nested},
	{FIELD_NAMED("promotion_settings"), FIELD_OBJECT, REQUIRED, 0, &promotion_nested},
};

/* ChainEnvironmentV1. The API's document lets only candidate_deployment be absent, which is the same as null. */
static const struct field environment_fields[] = {
	{FIELD_NAMED("name"), FIELD_NAME, REQUIRED, ENVIRONMENT(name), NULL},
	{FIELD_NAMED("created_at"), FIELD_MOMENT, REQUIRED, offsetof(struct environment_draft, created_at_wall_ns),
	 NULL},
	{FIELD_NAMED("chain_id"), FIELD_NAME, REQUIRED, ENVIRONMENT(chain_id), NULL},
	{FIELD_NAMED("promotion_settings"), FIELD_OBJECT, REQUIRED, 0, &promotion_nested},
	{FIELD_NAMED("chainlet_settings"), FIELD_LIST, REQUIRED, 0, &settings_nested},
	{FIELD_NAMED("current_deployment"), FIELD_OBJECT, NULLABLE, 0, &current_nested},
	{FIELD_NAMED("candidate_deployment"), FIELD_OBJECT, OPTIONAL, 0, &candidate_nested},
};

/* ---- the whole -------------------------------------------------------------------------------------------------- */

static bool is_of_chain(struct reader *r, const char *key, const struct draft *deployment, struct text chain_id)
{
	enum target_kind of = deployment->owner.kind;
	struct json_place place = {.key = key}, member = {.parent = &place, .key = target_kind_id(of)};
	return text_equal(deployment->deployment.chain_id, chain_id) ||
	       reader_complain(r, &member,
			       arena_printf(r->arena, "is not the %s of the environment", target_kind_name(of)));
}

/* A deployment is either served or on its way. */
static bool parts_agree(struct reader *r, const struct environment_draft *draft)
{
	struct json_place place = {.key = "candidate_deployment"}, member = {.parent = &place, .key = "id"};
	struct text chain_id = draft->environment.chain_id;
	if (draft->has_current && !is_of_chain(r, "current_deployment", &draft->current, chain_id))
		return false;
	if (draft->has_candidate && !is_of_chain(r, "candidate_deployment", &draft->candidate, chain_id))
		return false;
	if (draft->has_current && draft->has_candidate &&
	    text_equal(draft->current.deployment.id, draft->candidate.deployment.id))
		return reader_complain(r, &member, "is the id of the current deployment, too");
	return true;
}

static void keep_deployment(struct arena *arena, struct listing *listing, struct deployment *row,
			    const struct draft *draft)
{
	*row = draft_keep(arena, draft, &(const struct deployment){0});
	row->shown_by = listing->environment;
	row->ordinal = listing->ordinals;
	draft_keep_chainlets(arena, draft, row->ordinal + 1, row);
	listing->ordinals += 1 + row->chainlet_count;
	listing->count++;
}

static const struct promotion *keep_promotion(struct arena *arena, const struct promotion *draft)
{
	struct promotion *kept = ARENA_NEW(arena, struct promotion);
	*kept = *draft;
	kept->word = arena_text(arena, draft->word);
	kept->error = arena_text(arena, draft->error);
	kept->state = promotion_state_parse(kept->word);
	return kept;
}

static const struct listing *keep(struct arena *arena, const struct environment_draft *draft)
{
	struct listing *listing = ARENA_NEW(arena, struct listing);
	struct environment *environment = ARENA_NEW(arena, struct environment);
	struct deployment *rows = ARENA_ARRAY(arena, struct deployment, 2);
	*environment = draft->environment;
	environment->name = arena_text(arena, environment->name);
	environment->chain_id = arena_text(arena, environment->chain_id);
	*listing = (struct listing){.deployments = rows, .environment = environment};
	if (draft->has_current) {
		keep_deployment(arena, listing, &rows[listing->count], &draft->current);
		environment->current = rows[listing->count - 1].id;
	}
	if (draft->has_promotion)
		environment->promotion = keep_promotion(arena, &draft->promotion);
	if (draft->has_candidate) {
		keep_deployment(arena, listing, &rows[listing->count], &draft->candidate);
		environment->candidate = rows[listing->count - 1].id;
	}
	if (environment->promotion && promotion_is_over(environment->promotion->state)) {
		environment->ended = environment->candidate;
		environment->candidate = (struct text){0};
	}
	return listing;
}

/* An environment isn't a list. But if the answer says that a part is left out, or that something went wrong, the
 * candidate may be missing. */
static bool is_whole(struct arena *arena, struct text body, struct miss *miss)
{
	struct json_cursor cursor = json_cursor_make(body, DRAFT_LIMITS);
	struct json_value value, key;
	struct paging paging = {0};
	bool more = true, is_read = json_cursor_value(&cursor, &value);
	while (is_read && json_cursor_member(&cursor, &key, &more) && more)
		is_read = paging_read(&cursor, &key, &paging);
	json_cursor_release(&cursor);
	if (!paging.more.name.length)
		return true;
	*miss = page_miss(arena, &paging.more, 0, false);
	return false;
}

static bool read_fields(struct reader *r, enum target_kind kind, struct environment_draft *draft)
{
	if (kind == TARGET_MODEL)
		return READ_RECORD(r, NULL, model_environment_fields, draft) &&
		       READER_CONFIRM(r, NULL, model_environment_fields, draft);
	return READ_RECORD(r, NULL, environment_fields, draft) && READER_CONFIRM(r, NULL, environment_fields, draft);
}

const struct listing *environment_read(struct arena *arena, struct text body, struct api_owner owner, struct miss *miss)
{
	const struct listing *listing = NULL;
	struct environment_draft draft = {.current = {.owner = owner}, .candidate = {.owner = owner}};
	struct reader reader = reader_make(arena, body, DRAFT_LIMITS);
	bool ok = read_entry(&reader, NULL, JSON_KIND_OBJECT);
	if (ok)
		reader_begin(&reader);
	ok = ok && read_fields(&reader, owner.kind, &draft) && json_cursor_end(&reader.cursor) &&
	     parts_agree(&reader, &draft);
	if (ok)
		listing = keep(arena, &draft);
	else
		*miss = reader_miss(&reader);
	draft_release(&draft.current);
	draft_release(&draft.candidate);
	reader_release(&reader);
	return listing && is_whole(arena, body, miss) ? listing : NULL;
}

/* ---- public functions ------------------------------------------------------------------------------------------- */

bool api_read_environment(struct arena *arena, const struct api_answer *answer, struct api_owner owner,
			  const struct listing **out, struct miss *miss)
{
	if (!answer_is_good(arena, answer, miss))
		return false;
	const struct listing *listing = environment_read(arena, answer->body, owner, miss);
	if (listing)
		*out = listing;
	return listing != NULL;
}

static bool refuse(struct arena *arena, const char *what, struct text is, struct text asked, struct miss *miss)
{
	struct buf words = buf_make(API_DETAIL_MAX);
	buf_printf(&words, "%s: is ", what);
	text_add_quoted(&words, is, NAME_SHOWN_MAX);
	buf_add_string(&words, ", and ");
	text_add_quoted(&words, asked, NAME_SHOWN_MAX);
	buf_add_string(&words, " was asked for");
	*miss = (struct miss){.cause = MISS_MALFORMED, .detail = arena_text(arena, buf_text(&words))};
	buf_release(&words);
	return false;
}

bool api_environment_is(struct arena *arena, const struct environment *environment, enum target_kind kind,
			struct text chain_id, struct text name, struct miss *miss)
{
	if (!text_equal(environment->chain_id, chain_id))
		return refuse(arena, target_kind_id(kind), environment->chain_id, chain_id, miss);
	return text_equal(environment->name, name) || refuse(arena, "name", environment->name, name, miss);
}
