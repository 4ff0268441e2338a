/* counterparts.c - finds chainlets of the same name in the baseline and in the selected deployments. A model's
 * deployment has only one, which is the counterpart of any other model's: two models are compared although their names
 * differ. */
#include "evaluate.h"

#include <stdlib.h>

static int by_name(const void *a, const void *b)
{
	return text_compare((*(const struct chainlet *const *)a)->name, (*(const struct chainlet *const *)b)->name);
}

/* Sorted once, because every chainlet looks up its counterpart. */
static const struct chainlet **sort_counterparts(struct arena *arena, const struct deployment *baseline)
{
	const struct chainlet **sorted = ARENA_ARRAY(arena, const struct chainlet *, baseline->chainlet_count);
	for (size_t i = 0; i < baseline->chainlet_count; i++)
		sorted[i] = &baseline->chainlets[i];
	qsort(sorted, baseline->chainlet_count, sizeof(*sorted), by_name);
	return sorted;
}

/* All selected deployments are of one kind. */
static bool are_models(const struct evaluation *e)
{
	return e->baseline->of == TARGET_MODEL && e->view->count && e->view->deployments[0]->of == TARGET_MODEL;
}

static const struct chainlet *const *find_counterpart(const struct evaluation *e, const struct chainlet *chainlet)
{
	if (are_models(e))
		return e->counterparts;
	return bsearch(&chainlet, e->counterparts, e->baseline->chainlet_count, sizeof(*e->counterparts), by_name);
}

const struct chainlet *evaluation_counterpart(const struct evaluation *e, const struct chainlet *chainlet)
{
	const struct chainlet *const *found = find_counterpart(e, chainlet);
	return found ? *found : NULL;
}

static void hold(struct evaluation *e, const struct deployment *deployment)
{
	for (size_t i = 0; i < deployment->chainlet_count; i++) {
		const struct chainlet *const *found = find_counterpart(e, &deployment->chainlets[i]);
		if (!found)
			continue;
		struct held *held = &e->held[found - (const struct chainlet *const *)e->counterparts];
		*held = (struct held){held->count + 1, deployment, &deployment->chainlets[i]};
	}
}

const struct held *evaluation_held(struct evaluation *e, const struct item *item)
{
	if (!e->held || e->held_by != item->judged) {
		e->held = ARENA_ARRAY(e->arena, struct held, e->baseline->chainlet_count);
		e->held_by = item->judged;
		if (item->judged)
			hold(e, item->judged);
		for (size_t i = 0; !item->judged && i < e->view->count; i++)
			hold(e, e->view->deployments[i]);
	}
	return &e->held[find_counterpart(e, item->chainlet) - (const struct chainlet *const *)e->counterparts];
}

struct item evaluation_baseline_item(const struct evaluation *e, const struct chainlet *chainlet,
				     const struct deployment *judged)
{
	return (struct item){.view = e->view,
			     .history = e->view->baseline.history,
			     .deployment = e->baseline,
			     .chainlet = chainlet,
			     .of_baseline = true,
			     .judged = judged};
}

void counterparts_make(struct evaluation *e)
{
	const struct deployment *baseline = e->view->baseline.deployment;
	if (!e->rule->uses_baseline || !baseline || !baseline->chainlet_count)
		return;
	e->baseline = baseline;
	e->counterparts = sort_counterparts(e->arena, baseline);
}
