/* chains.c - reads the list of chains that a key can see, and finds the requested one. */
#include "answer.h"
#include "chaingate/buf.h"
#include "list.h"
#include "quote.h"

#include <stdlib.h>

/* How many chains a message lists. */
#define LISTED_MAX 5

/* Longest name in such a list, in bytes, so that the whole list fits API_DETAIL_MAX. Real ids have 8. */
#define NAME_SHOWN_MAX 30
#define ID_SHOWN_MAX 24
#define TEAM_SHOWN_MAX 18

struct chain {
	struct text id, name, team;
	size_t distance; /* of its name from the requested one */
};

struct chains {
	struct chain *items;
	size_t count, room;
};

/* ---- reading ---------------------------------------------------------------------------------------------------- */

/* Limits for such a list: ten times the values that its items have, and room for keys that are new to us. */
#define CHAIN_LIMITS ((struct json_limits){(size_t)10 * LIST_ITEMS_MAX, 10000})

/* A chain while it is read. Fields that aren't used must be correct, too, or the body is rejected. */
struct chain_draft {
	struct text id, name, team;
	int64_t created_at_wall_ns, deployments_count;
};

/* ChainV1 */
static const struct field chain_fields[] = {
	{"id", FIELD_NAME, REQUIRED, offsetof(struct chain_draft, id), NULL},
	{"created_at", FIELD_MOMENT, REQUIRED, offsetof(struct chain_draft, created_at_wall_ns), NULL},
	{"name", FIELD_NAME, REQUIRED, offsetof(struct chain_draft, name), NULL},
	{"deployments_count", FIELD_INTEGER, REQUIRED, offsetof(struct chain_draft, deployments_count), NULL},
	{"team_name", FIELD_TEXT, REQUIRED, offsetof(struct chain_draft, team), NULL},
};

static bool read_chain(struct reader *r, const struct json_place *place, size_t index, size_t offset, void *context)
{
	struct chains *chains = context;
	struct chain_draft draft = {0};
	(void)offset;
	arena_clear(&r->scratch);
	if (!READ_RECORD(r, place, chain_fields, &draft) || !READER_CONFIRM(r, place, chain_fields, &draft))
		return false;
	chains->items = arena_grow(r->arena, chains->items, index, &chains->room, sizeof *chains->items);
	chains->items[index] = (struct chain){.id = arena_text(r->arena, draft.id),
					      .name = arena_text(r->arena, draft.name),
					      .team = arena_text(r->arena, draft.team)};
	return true;
}

static bool read_chains(struct list *list, struct text body, struct chains *chains, struct miss *miss)
{
	struct json_place place = {.key = list->key};
	list->item = read_chain;
	list->context = chains;
	list_look(list, body, true);
	chains->count = list->count;
	if (!list_is_good(list, miss))
		return false;
	struct unique *uniques = reader_uniques(&list->reader, chains->count);
	for (size_t i = 0; i < chains->count; i++)
		uniques[i] = (struct unique){chains->items[i].id, i};
	if (read_distinct(&list->reader, &place, "id", chains->count))
		return true;
	*miss = reader_miss(&list->reader);
	return false;
}

/* ---- choosing --------------------------------------------------------------------------------------------------- */

static void add_quoted(struct buf *words, struct text value, size_t limit)
{
	buf_add_byte(words, '\'');
	quote_value(words, value, limit);
	buf_add_byte(words, '\'');
}

static struct miss miss_of(struct arena *arena, enum miss_cause cause, struct buf *words)
{
	struct miss miss = {.cause = cause, .detail = arena_text(arena, buf_text(words))};
	buf_release(words);
	return miss;
}

/* Most similar first; equally similar ones by name, then by id, so that the API's order doesn't matter. */
static int compare_nearness(const void *left, const void *right)
{
	const struct chain *a = left, *b = right;
	if (a->distance != b->distance)
		return a->distance < b->distance ? -1 : 1;
	int order = text_compare(a->name, b->name);
	return order != 0 ? order : text_compare(a->id, b->id);
}

static struct miss no_chain(struct arena *arena, struct chains *chains, struct text wanted)
{
	struct buf words = buf_make(API_DETAIL_MAX);
	size_t listed = 0, names = 0;
	for (size_t i = 0; i < chains->count; i++)
		chains->items[i].distance = text_distance(chains->items[i].name, wanted);
	if (chains->count > 1)
		qsort(chains->items, chains->count, sizeof *chains->items, compare_nearness);
	buf_add_string(&words, "no chain has the id or name ");
	add_quoted(&words, wanted, NAME_SHOWN_MAX);
	if (chains->count == 0)
		buf_add_string(&words, "; the key sees none at all");
	for (size_t i = 0; i < chains->count; i++) {
		if (i > 0 && text_equal(chains->items[i].name, chains->items[i - 1].name))
			continue;
		if (names++ >= LISTED_MAX)
			continue;
		buf_add_string(&words, listed++ == 0 ? "; there is " : ", ");
		add_quoted(&words, chains->items[i].name, NAME_SHOWN_MAX);
	}
	if (names > listed)
		buf_printf(&words, " and %zu more", names - listed);
	return miss_of(arena, MISS_NO_CHAIN, &words);
}

static bool is_called(const struct chain *chain, struct text wanted)
{
	return text_equal(chain->name, wanted);
}

static struct miss ambiguous(struct arena *arena, struct chains *chains, struct text wanted, size_t called)
{
	struct buf words = buf_make(API_DETAIL_MAX);
	size_t listed = 0;
	for (size_t i = 0; i < chains->count; i++)
		chains->items[i].distance = is_called(&chains->items[i], wanted) ? 0 : 1;
	qsort(chains->items, chains->count, sizeof *chains->items, compare_nearness);
	buf_printf(&words, "%zu chains are called ", called);
	add_quoted(&words, wanted, NAME_SHOWN_MAX);
	buf_add_string(&words, "; say which by its id: ");
	for (; listed < called && listed < LISTED_MAX; listed++) {
		buf_add_string(&words, listed == 0 ? "" : ", ");
		quote_value(&words, chains->items[listed].id, ID_SHOWN_MAX);
		buf_add_string(&words, " (team ");
		quote_value(&words, chains->items[listed].team, TEAM_SHOWN_MAX);
		buf_add_byte(&words, ')');
	}
	if (called > listed)
		buf_printf(&words, " and %zu more", called - listed);
	return miss_of(arena, MISS_AMBIGUOUS, &words);
}

/* The requested chain, or NULL with *miss. Sorts the chains if it has to list them. */
static const struct chain *choose(struct arena *arena, struct chains *chains, struct text wanted, struct miss *miss)
{
	const struct chain *found = NULL;
	size_t called = 0;
	for (size_t i = 0; i < chains->count; i++) {
		const struct chain *chain = &chains->items[i];
		if (text_equal(chain->id, wanted))
			return chain;
		if (is_called(chain, wanted)) {
			found = chain;
			called++;
		}
	}
	if (called == 1)
		return found;
	*miss = called == 0 ? no_chain(arena, chains, wanted) : ambiguous(arena, chains, wanted, called);
	return NULL;
}

bool api_find_chain(struct arena *arena, const struct api_answer *answer, struct text wanted, struct text *out_id,
		    struct text *out_name, struct miss *miss)
{
	struct chains chains = {0};
	const struct chain *chain = NULL;
	if (!answer_is_good_fixed(arena, answer, api_chains_path(), miss))
		return false;
	struct list list = list_make(arena, "chains", CHAIN_LIMITS);
	if (read_chains(&list, answer->body, &chains, miss))
		chain = choose(arena, &chains, wanted, miss);
	list_release(&list);
	if (!chain)
		return false;
	*out_id = chain->id;
	*out_name = chain->name;
	return true;
}
