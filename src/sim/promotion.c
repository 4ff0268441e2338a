/* promotion.c - see promotion.h. */
#include "promotion.h"

static struct promotion *find(const struct promotions *promotions, const struct sim_chain *chain,
			      struct text environment)
{
	for (size_t i = 0; i < promotions->count; i++) {
		struct promotion *promotion = &promotions->items[i];
		if (promotion->deployment->chain == chain && text_equal(promotion->environment, environment))
			return promotion;
	}
	return NULL;
}

void promotions_add(struct promotions *promotions, struct arena *arena, struct text environment,
		    const struct sim_deployment *deployment)
{
	struct promotion *known = find(promotions, deployment->chain, environment);
	if (known) {
		known->deployment = deployment;
		return;
	}
	promotions->items =
		arena_grow(arena, promotions->items, promotions->count, &promotions->room, sizeof(*promotions->items));
	promotions->items[promotions->count++] = (struct promotion){arena_text(arena, environment), deployment};
}

const struct sim_deployment *promotions_into(const struct promotions *promotions, const struct sim_chain *chain,
					     struct text environment)
{
	const struct promotion *promotion = find(promotions, chain, environment);
	return promotion ? promotion->deployment : NULL;
}

bool promotions_of(const struct promotions *promotions, const struct sim_deployment *deployment, struct text *out)
{
	/* From the end: if it was promoted to two environments, it is in the later one, because a deployment is in
	 * one environment only. */
	for (size_t i = promotions->count; i-- > 0;)
		if (promotions->items[i].deployment == deployment) {
			*out = promotions->items[i].environment;
			return true;
		}
	return false;
}
