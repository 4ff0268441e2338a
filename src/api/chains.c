/* chains.c - reads the list of chains, or of models, that a key can see, and finds the requested one. */
#include "answer.h"
#include "chaingate/buf.h"
#include "list.h"
#include "quote.h"

#include <stdlib.h>

/* How many chains a message lists. */
#define LISTED_MAX 5

/* Longest name in a message, in bytes, so that the whole list fits API_DETAIL_MAX. Real ids have 8. */
#define NAME_SHOWN_MAX 30
#define ID_SHOWN_MAX 24
#define TEAM_SHOWN_MAX 18

struct chains {
	struct chain *items;
	size_t count, room;
};

/* A chain, and the distance of its name from the requested one. */
struct ranked {
	const struct chain *chain;
	size_t distance;
};

/* ---- reading ---------------------------------------------------------------------------------------------------- */

/* Limits for a list of chains: ten values for each item, which leaves room for new keys. */
#define CHAIN_LIMITS ((struct json_limits){(size_t)10 * LIST_ITEMS_MAX, 10000})

/* ChainV1, and what ModelV1 has in common with it. The rest of a model says nothing about which one it is. */
static const struct field chain_fields[] = {
	{FIELD_NAMED("id"), FIELD_NAME, REQUIRED, offsetof(struct chain, id), NULL},
	{FIELD_NAMED("created_at"), FIELD_MOMENT, REQUIRED, offsetof(struct chain, created_at_wall_ns), NULL},
	{FIELD_NAMED("name"), FIELD_NAME, REQUIRED, offsetof(struct chain, name), NULL},
	{FIELD_NAMED("deployments_count"), FIELD_INTEGER, REQUIRED, offsetof(struct chain, deployments_count), NULL},
	{FIELD_NAMED("team_name"), FIELD_TEXT, REQUIRED, offsetof(struct chain, team), NULL},
};

static bool read_chain(struct reader *r, const struct json_place *place, size_t index, size_t offset, void *context)
{
	struct chains *chains = context;
	struct chain draft = {0};
	(void)offset;
	arena_clear(&r->scratch);
	if (!READ_RECORD(r, place, chain_fields, &draft) || !READER_CONFIRM(r, place, chain_fields, &draft))
		return false;
	chains->items = arena_grow(r->arena, chains->items, index, &chains->room, sizeof *chains->items);
	draft.id = arena_text(r->arena, draft.id);
	draft.name = arena_text(r->arena, draft.name);
	draft.team = arena_text(r->arena, draft.team);
	chains->items[index] = draft;
	return true;
}

static bool read_chains(struct list *list, struct chains *chains, struct miss *miss)
{
	struct json_place place = {.key = list->key};
	list->item = read_chain;
	list->context = chains;
	if (!list_read(list, miss))
		return false;
	chains->count = list->count;
	struct unique *uniques = reader_uniques(&list->reader, chains->count);
	for (size_t i = 0; i < chains->count; i++)
		uniques[i] = (struct unique){chains->items[i].id, i};
	if (read_distinct(&list->reader, &place, "id", chains->count))
		return true;
	*miss = reader_miss(&list->reader);
	return false;
}

/* ---- choosing --------------------------------------------------------------------------------------------------- */

static struct miss miss_of(struct arena *arena, enum miss_cause cause, struct buf *words)
{
	struct miss miss = {.cause = cause, .detail = arena_text(arena, buf_text(words))};
	buf_release(words);
	return miss;
}

/* The most similar chain first; equally similar ones by name, then by id, so that the API's order doesn't matter. */
static int compare_nearness(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;
	if (a->distance != b->distance)
		return a->distance < b->distance ? -1 : 1;
	int order = text_compare(a->chain->name, b->chain->name);
	return order != 0 ? order : text_compare(a->chain->id, b->chain->id);
}

/* text_distance ignores case, but names are case-sensitive. */
static size_t distance_of(const struct chain *chain, struct text wanted)
{
	size_t distance = text_distance(chain->name, wanted);
	return distance == 0 && !text_equal(chain->name, wanted) ? 1 : distance;
}

/* All chains in the arena, nearest to `wanted` first. */
static const struct ranked *rank(struct arena *arena, const struct chain *chains, size_t count, struct text wanted)
{
	struct ranked *ranks = ARENA_ARRAY(arena, struct ranked, count + 1);
	for (size_t i = 0; i < count; i++)
		ranks[i] = (struct ranked){&chains[i], distance_of(&chains[i], wanted)};
	qsort(ranks, count, sizeof *ranks, compare_nearness);
	return ranks;
}

/* "; the key can see 'a', 'b' and 3 more": the names, each once. */
static void add_seen(struct buf *words, enum target_kind kind, const struct ranked *ranks, size_t count)
{
	size_t listed = 0, names = 0;
	if (count == 0)
		buf_printf(words, "; the key can see no %s", target_kind_plural(kind));
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && text_equal(ranks[i].chain->name, ranks[i - 1].chain->name))
			continue;
		if (names++ >= LISTED_MAX)
			continue;
		buf_add_string(words, listed++ == 0 ? "; the key can see " : ", ");
		text_add_quoted(words, ranks[i].chain->name, NAME_SHOWN_MAX);
	}
	if (names > listed)
		buf_printf(words, " and %zu more", names - listed);
}

static struct miss no_chain(struct arena *arena, enum target_kind kind, const struct chain *chains, size_t count,
			    struct text wanted, bool is_id)
{
	struct buf words = buf_make(API_DETAIL_MAX);
	const struct ranked *ranks = rank(arena, chains, count, wanted);
	buf_printf(&words, "no %s has the %s ", target_kind_name(kind), is_id ? "id" : "id or name");
	text_add_quoted(&words, wanted, NAME_SHOWN_MAX);
	if (is_id)
		buf_add_string(&words, " that the URL gives");
	if (is_id && count > 0 && text_equal(ranks[0].chain->name, wanted))
		buf_printf(&words, "; a %s has this name: to watch it, give the name without a URL",
			   target_kind_name(kind));
	else
		add_seen(&words, kind, ranks, count);
	return miss_of(arena, MISS_NO_CHAIN, &words);
}

/* Chains with exactly this name come first: their distance is 0. */
static struct miss ambiguous(struct arena *arena, enum target_kind kind, const struct chain *chains, size_t count,
			     struct text wanted, size_t called)
{
	struct buf words = buf_make(API_DETAIL_MAX);
	const struct ranked *ranks = rank(arena, chains, count, wanted);
	size_t listed = 0;
	buf_printf(&words, "%zu %s are called ", called, target_kind_plural(kind));
	text_add_quoted(&words, wanted, NAME_SHOWN_MAX);
	buf_add_string(&words, "; give the id of one:  ");
	for (; listed < called && listed < LISTED_MAX; listed++) {
		buf_add_string(&words, listed == 0 ? "" : ", ");
		quote_value(&words, ranks[listed].chain->id, ID_SHOWN_MAX);
		buf_add_string(&words, " (team ");
		quote_value(&words, ranks[listed].chain->team, TEAM_SHOWN_MAX);
		buf_add_byte(&words, ')');
	}
	if (called > listed)
		buf_printf(&words, " and %zu more", called - listed);
	return miss_of(arena, MISS_AMBIGUOUS, &words);
}

const struct chain *api_choose_chain(struct arena *arena, enum target_kind kind, const struct chain *chains,
				     size_t count, struct text wanted, bool is_id, struct miss *miss)
{
	const struct chain *found = NULL;
	size_t called = 0;
	for (size_t i = 0; i < count; i++) {
		const struct chain *chain = &chains[i];
		if (text_equal(chain->id, wanted))
			return chain;
		if (!is_id && text_equal(chain->name, wanted)) {
			found = chain;
			called++;
		}
	}
	if (called == 1)
		return found;
	*miss = called == 0 ? no_chain(arena, kind, chains, count, wanted, is_id)
			    : ambiguous(arena, kind, chains, count, wanted, called);
	return NULL;
}

/* ---- answers ---------------------------------------------------------------------------------------------------- */

static bool read_answer(struct arena *arena, const struct api_answer *answer, enum target_kind kind,
			struct chains *chains, struct miss *miss)
{
	if (!answer_is_good_fixed(arena, answer, api_chains_path(kind), miss))
		return false;
	struct list list = list_make(arena, target_kind_plural(kind), answer, CHAIN_LIMITS);
	bool is_read = read_chains(&list, chains, miss);
	list_release(&list);
	return is_read;
}

bool api_read_chains(struct arena *arena, const struct api_answer *answer, enum target_kind kind,
		     const struct chain **out, size_t *count, struct miss *miss)
{
	struct chains chains = {0};
	if (!read_answer(arena, answer, kind, &chains, miss))
		return false;
	*out = chains.items;
	*count = chains.count;
	return true;
}

bool api_find_chain(struct arena *arena, const struct api_answer *answer, enum target_kind kind, struct text wanted,
		    struct text *out_id, struct text *out_name, struct miss *miss)
{
	struct chains chains = {0};
	if (!read_answer(arena, answer, kind, &chains, miss))
		return false;
	const struct chain *chain = api_choose_chain(arena, kind, chains.items, chains.count, wanted, false, miss);
	if (!chain)
		return false;
	*out_id = chain->id;
	*out_name = chain->name;
	return true;
}
