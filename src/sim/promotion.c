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

void promotions_add(struct promotions *promotions, struct arena *arena, struct promotion promotion)
{
	struct promotion *known = find(promotions, promotion.deployment->chain, promotion.environment);
	if (!known) {
		promotions->items = arena_grow(arena, promotions->items, promotions->count, &promotions->room,
					       sizeof(*promotions->items));
		known = &promotions->items[promotions->count++];
	}
	promotion.environment = arena_text(arena, promotion.environment);
	*known = promotion;
}

const struct promotion *promotions_into(const struct promotions *promotions, const struct sim_chain *chain,
					struct text environment)
{
	return find(promotions, chain, environment);
}

const struct sim_deployment *promotion_serves(const struct promotion *promotion, int64_t scenario_ns)
{
	return scenario_ns < promotion->ends_ns ? promotion->before : promotion->deployment;
}

bool promotions_of(const struct promotions *promotions, const struct sim_deployment *deployment, int64_t scenario_ns,
		   struct text *out)
{
	/* From the end: if it was promoted to two environments, it is in the later one, because a deployment is in
	 * one environment only. */
	for (size_t i = promotions->count; i-- > 0;)
		if (promotion_serves(&promotions->items[i], scenario_ns) == deployment) {
			*out = promotions->items[i].environment;
			return true;
		}
	return false;
}
