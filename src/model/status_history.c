/* status_history.c - since when each status has been seen unchanged, carried from one listing to the next.
 *
 * A listing lives until the next one is read, which can be before the next call here. So its statuses are copied. The
 * next listing usually has the same items in the same order; if not, the copies are sorted and searched.
 */
#include "chaingate/deployment.h"

#include <stdlib.h>

/* The status, as last seen, of a deployment (`chainlet` is empty, which no chainlet's name is) or of a chainlet. */
struct known_status {
	struct text deployment, chainlet;
	enum status status;
	struct text word;
	int64_t since_ns;
};

static int compare_known(const void *left, const void *right)
{
	const struct known_status *const *a = left, *const *b = right;
	int order = text_compare((*a)->deployment, (*b)->deployment);
	return order ? order : text_compare((*a)->chainlet, (*b)->chainlet);
}

/* The last listing's statuses, and where to find them. */
struct search {
	struct arena *arena; /* of `sorted` */
	const struct status_history *previous;
	const struct known_status **sorted; /* NULL until it is needed */
};

static void sort_known(struct search *search)
{
	size_t count = search->previous->count;
	search->sorted = ARENA_ARRAY(search->arena, const struct known_status *, count);
	for (size_t i = 0; i < count; i++)
		search->sorted[i] = &search->previous->known[i];
	qsort(search->sorted, count, sizeof(*search->sorted), compare_known);
}

/* The same item's status in the last listing, or NULL. It is usually at `likely`. */
static const struct known_status *find_known(struct search *search, size_t likely, const struct known_status *wanted)
{
	const struct status_history *previous = search->previous;
	if (!previous || !previous->count)
		return NULL;
	if (likely < previous->count && text_equal(previous->known[likely].chainlet, wanted->chainlet) &&
	    text_equal(previous->known[likely].deployment, wanted->deployment))
		return &previous->known[likely];
	if (!search->sorted)
		sort_known(search);
	const struct known_status **found =
		bsearch(&wanted, search->sorted, previous->count, sizeof(*search->sorted), compare_known);
	return found ? *found : NULL;
}

/* Two unknown statuses are the same only if the API sent the same word. */
static bool is_unchanged(const struct known_status *before, const struct known_status *now)
{
	return before->status == now->status && (now->status != STATUS_UNKNOWN || text_equal(before->word, now->word));
}

/* Copies a status into the history, and returns since when it has been unchanged. */
static int64_t learn(struct arena *arena, struct search *search, struct known_status now,
		     struct status_history *history)
{
	const struct known_status *before = find_known(search, history->count, &now);
	if (before && is_unchanged(before, &now))
		now.since_ns = before->since_ns;
	struct known_status *out = &history->known[history->count++];
	*out = now;
	out->chainlet = arena_text(arena, now.chainlet);
	out->word = now.status == STATUS_UNKNOWN ? arena_text(arena, now.word) : (struct text){0};
	return now.since_ns;
}

static size_t count_of(const struct deployment *const *deployments, size_t count)
{
	size_t total = count;
	for (size_t i = 0; i < count; i++)
		total += deployments[i]->chainlet_count;
	return total;
}

struct status_history status_history_of(struct arena *arena, const struct status_history *previous,
					const struct listing *listing, const struct deployment *const *deployments,
					size_t count, int64_t at_ns)
{
	int64_t *since_ns = ARENA_ARRAY(arena, int64_t, listing->ordinals);
	struct status_history history = {.at_ns = at_ns,
					 .since_ns = since_ns,
					 .known =
						 ARENA_ARRAY(arena, struct known_status, count_of(deployments, count))};
	struct search search = {.arena = arena, .previous = previous};
	for (size_t i = 0; i < listing->ordinals; i++)
		since_ns[i] = at_ns;
	for (size_t i = 0; i < count; i++) {
		const struct deployment *deployment = deployments[i];
		struct known_status now = {.deployment = arena_text(arena, deployment->id), .since_ns = at_ns};
		now.status = deployment->status;
		now.word = deployment->status_word;
		since_ns[deployment->ordinal] = learn(arena, &search, now, &history);
		for (size_t j = 0; j < deployment->chainlet_count; j++) {
			const struct chainlet *chainlet = &deployment->chainlets[j];
			now.chainlet = chainlet->name;
			now.status = chainlet->status;
			now.word = chainlet->status_word;
			since_ns[chainlet->ordinal] = learn(arena, &search, now, &history);
		}
	}
	return history;
}

struct status_history status_history_next(struct arena *arena, const struct status_history *previous,
					  const struct listing *listing, int64_t at_ns)
{
	const struct deployment **all = ARENA_ARRAY(arena, const struct deployment *, listing->count);
	for (size_t i = 0; i < listing->count; i++)
		all[i] = &listing->deployments[i];
	return status_history_of(arena, previous, listing, all, listing->count, at_ns);
}
