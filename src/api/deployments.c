/* deployments.c - reads the list of a chain's deployments from the API's JSON.
 *
 * A whole deployment is read into a draft and checked there (draft.c). How much of it is kept depends on which
 * deployments the selectors can select.
 */
#include "deployments.h"

#include "answer.h"
#include "draft.h"
#include "list.h"

#include "chaingate/selection.h"

#include <stdlib.h>

/* Where a deployment is in the body, and the number of chainlets up to its end. */
struct mark {
	size_t offset, chainlets;
};

struct deployments {
	struct list list;
	struct arena *arena;
	const struct api_wanted *wanted;
	struct text chain_id;
	struct api_newest *newest;
	struct draft draft;
	struct deployment *rows;
	struct mark *marks;
	size_t room; /* of both arrays */
};

/* ---- what a listing keeps --------------------------------------------------------------------------------------- */

/* True if a selector may select the deployment. `latest` is left out: which one is the newest is only known at the end
 * of the list. */
static bool is_wanted(const struct deployments *d, const struct deployment *deployment)
{
	for (size_t i = 0; i < d->wanted->count; i++) {
		const struct selector *selector = d->wanted->selectors[i];
		if (selector->kind != SELECT_LATEST && selector_matches(selector, deployment))
			return true;
	}
	return !d->wanted->selectors;
}

/* Keeps the draft after json-c has read the same values. */
static bool keep_draft(struct deployments *d, const struct json_place *place, size_t index)
{
	bool whole = is_wanted(d, &d->draft.deployment);
	if (whole && !draft_confirm(&d->list.reader, place, &d->draft))
		return false;
	const struct deployment *before = index > 0 ? &d->rows[index - 1] : &(const struct deployment){0};
	struct deployment *row = &d->rows[index];
	*row = draft_keep(d->arena, &d->draft, before);
	row->ordinal = index > 0 ? before->ordinal + 1 + before->chainlet_count : 0;
	if (whole)
		draft_keep_chainlets(d->arena, &d->draft, row->ordinal + 1, row);
	return true;
}

static bool read_one(struct reader *r, const struct json_place *place, size_t index, size_t offset, void *context)
{
	struct deployments *d = context;
	size_t before = index > 0 ? d->marks[index - 1].chainlets : 0;
	if (index == d->room) {
		d->room = d->room ? d->room * 2 : 64;
		d->rows = reader_grow(d->rows, d->room, sizeof *d->rows);
		d->marks = reader_grow(d->marks, d->room, sizeof *d->marks);
	}
	arena_clear(&r->scratch);
	if (!draft_read(r, place, &d->draft))
		return false;
	d->marks[index] = (struct mark){offset, before + d->draft.count};
	if (d->marks[index].chainlets > CHAINLETS_MAX)
		return reader_complain(r, place, "has the first chainlet over the limit for a list");
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
	ok = ok && draft_read(&again, &place, &d->draft) && draft_confirm(&again, &place, &d->draft);
	if (ok) {
		draft_keep_chainlets(d->arena, &d->draft, listing->ordinals, &d->rows[index]);
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
	for (size_t i = 0; i < d->wanted->count; i++)
		is_asked_for |= d->wanted->selectors[i]->kind == SELECT_LATEST;
	if (!is_asked_for)
		return true;
	const struct deployment *now = selection_newest(listing, &latest, d->chain_id);
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

const struct listing *deployments_read(struct arena *arena, const struct api_answer *answer, struct api_owner owner,
				       const struct api_wanted *wanted, struct text chain_id, struct api_newest *newest,
				       struct miss *miss)
{
	struct deployments d = {
		.list = list_make(arena, "deployments", answer, DRAFT_LIMITS),
		.arena = arena,
		.wanted = wanted,
		.chain_id = chain_id,
		.newest = newest,
		.draft = {.owner = owner},
	};
	d.list.item = read_one;
	d.list.context = &d;
	const struct listing *listing = read_all(&d, miss);
	list_release(&d.list);
	draft_release(&d.draft);
	free(d.rows);
	free(d.marks);
	return listing;
}

bool api_read_deployments(struct arena *arena, const struct api_answer *answer, struct api_owner owner,
			  const struct listing **out, struct miss *miss)
{
	const struct api_wanted everything = {0};
	if (!answer_is_good(arena, answer, miss))
		return false;
	const struct listing *listing =
		deployments_read(arena, answer, owner, &everything, (struct text){0}, NULL, miss);
	if (!listing)
		return false;
	*out = listing;
	return true;
}
