/* status_history.c - since when each status has been seen unchanged, carried from one listing to the next.
 *
 * Ordinals mean nothing beyond their listing, so the previous one is sorted, deployments by id and the chainlets of
 * each that is still there by name, and searched.
 */
#include "chaingate/deployment.h"

#include <stdlib.h>

/* Something of the previous listing, and what it is known by there. */
struct known {
	struct text key;
	const void *item;
};

struct index {
	struct known *items;
	size_t count;
};

/* One step from a listing to the next. */
struct transition {
	struct arena *arena;
	const int64_t *since_before_ns; /* by ordinal of the previous listing */
	int64_t *since_ns;              /* by ordinal of this one */
};

static int compare_known(const void *left, const void *right)
{
	return text_compare(((const struct known *)left)->key, ((const struct known *)right)->key);
}

static void index_sort(struct index *index)
{
	if (index->count > 1)
		qsort(index->items, index->count, sizeof *index->items, compare_known);
}

static const void *index_find(const struct index *index, struct text key)
{
	struct known wanted = {.key = key};
	const struct known *found = NULL;
	if (index->count > 0)
		found = bsearch(&wanted, index->items, index->count, sizeof *index->items, compare_known);
	return found ? found->item : NULL;
}

static struct index index_deployments(struct arena *arena, const struct listing *listing)
{
	struct index index = {.count = listing->count};
	index.items = ARENA_ARRAY(arena, struct known, index.count);
	for (size_t i = 0; i < index.count; i++)
		index.items[i] = (struct known){listing->deployments[i].id, &listing->deployments[i]};
	index_sort(&index);
	return index;
}

static struct index index_chainlets(struct arena *arena, const struct deployment *deployment)
{
	struct index index = {.count = deployment->chainlet_count};
	index.items = ARENA_ARRAY(arena, struct known, index.count);
	for (size_t i = 0; i < index.count; i++)
		index.items[i] = (struct known){deployment->chainlets[i].name, &deployment->chainlets[i]};
	index_sort(&index);
	return index;
}

/* An unknown status is no status: two of them are the same only when the API said the same word. */
static bool is_unchanged(enum status before, struct text word_before, enum status now, struct text word_now)
{
	return before == now && (now != STATUS_UNKNOWN || text_equal(word_before, word_now));
}

static void carry_chainlets(const struct transition *t, const struct deployment *before, const struct deployment *now)
{
	struct index index = index_chainlets(t->arena, before);
	for (size_t i = 0; i < now->chainlet_count; i++) {
		const struct chainlet *chainlet = &now->chainlets[i];
		const struct chainlet *old = index_find(&index, chainlet->name);
		if (old && is_unchanged(old->status, old->status_word, chainlet->status, chainlet->status_word))
			t->since_ns[chainlet->ordinal] = t->since_before_ns[old->ordinal];
	}
}

static void carry(const struct transition *t, const struct listing *before, const struct listing *now)
{
	struct index index = index_deployments(t->arena, before);
	for (size_t i = 0; i < now->count; i++) {
		const struct deployment *deployment = &now->deployments[i];
		const struct deployment *old = index_find(&index, deployment->id);
		if (!old)
			continue;
		if (is_unchanged(old->status, old->status_word, deployment->status, deployment->status_word))
			t->since_ns[deployment->ordinal] = t->since_before_ns[old->ordinal];
		carry_chainlets(t, old, deployment);
	}
}

struct status_history status_history_next(struct arena *arena, const struct status_history *previous,
					  const struct listing *listing, int64_t at_ns)
{
	int64_t *since_ns = ARENA_ARRAY(arena, int64_t, listing->ordinals);
	for (size_t i = 0; i < listing->ordinals; i++)
		since_ns[i] = at_ns;
	if (previous && previous->listing) {
		/* the indexes are of no use afterwards, and the caller's arena lives as long as the listing */
		struct arena scratch = {0};
		struct transition t = {&scratch, previous->since_ns, since_ns};
		carry(&t, previous->listing, listing);
		arena_release(&scratch);
	}
	return (struct status_history){.listing = listing, .since_ns = since_ns};
}
