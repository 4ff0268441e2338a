/* chains.c - the list of chains that a key can see, and which of them somebody meant.
 */
#include "answer.h"
#include "chaingate/buf.h"
#include "quote.h"
#include "reader.h"

#include <stdlib.h>

/* Most chains that a message lists. */
#define LISTED_MAX 5

/* Most bytes of each in such a list, so that all of it stays within API_DETAIL_MAX. Real ids have 8. */
#define NAME_SHOWN_MAX 30
#define ID_SHOWN_MAX 24
#define TEAM_SHOWN_MAX 18

struct chain {
	struct text id, name, team;
	size_t distance; /* of its name from the one asked for */
};

struct chains {
	struct chain *items;
	size_t count;
};

/* ---- reading ---------------------------------------------------------------------------------------------------- */

/* ChainV1 */
static bool read_chain(struct reader *r, struct record record, struct chain *chain)
{
	int64_t created_at_wall_ns, deployments_count; /* of no use here, but part of believing the body */
	return read_name(r, record, "id", &chain->id) && read_moment(r, record, "created_at", &created_at_wall_ns) &&
	       read_name(r, record, "name", &chain->name) &&
	       read_count(r, record, "deployments_count", &deployments_count) &&
	       read_text(r, record, "team_name", REQUIRED, &chain->team, NULL);
}

/* ChainsV1 */
static bool read_chains(struct reader *r, struct json_object *body, struct chains *out)
{
	static const struct json_place place = {.key = "chains"};
	struct record top, list;
	size_t room = 0;
	if (!read_body(r, body, &top) || !read_list(r, top, &place, &list, &out->count))
		return false;
	for (size_t i = 0; i < out->count; i++) {
		struct json_place item_place;
		struct record item;
		out->items = arena_grow(r->arena, out->items, i, &room, sizeof *out->items);
		out->items[i] = (struct chain){0};
		if (!read_item(r, list, i, &item_place, &item) || !read_chain(r, item, &out->items[i]))
			return false;
	}
	struct unique *uniques = reader_uniques(r, out->count);
	for (size_t i = 0; i < out->count; i++)
		uniques[i] = (struct unique){out->items[i].id, i};
	return read_distinct(r, list, "id", out->count);
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

/* Nearest first; those that are equally far by name, then by id, so that the API's order doesn't show. */
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

/* The one that is meant, or NULL with *miss. Sorts the chains where it has to list them. */
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
	struct json_object *body;
	struct chains chains = {0};
	const struct chain *chain = NULL;
	if (!answer_open_fixed(arena, answer, api_chains_path(), &body, miss))
		return false;
	struct reader reader = reader_make(arena);
	if (!read_chains(&reader, body, &chains))
		*miss = reader_miss(&reader);
	else
		chain = choose(arena, &chains, wanted, miss);
	reader_release(&reader);
	json_object_put(body);
	if (!chain)
		return false;
	*out_id = chain->id;
	*out_name = chain->name;
	return true;
}
