/* sources.c - the files that a policy was read from. */
#include "chaingate/policy.h"

void source_list_add(struct source_list *list, const struct source *source)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i] == source)
			return;
	list->items = arena_grow(list->arena, list->items, list->count, &list->room, sizeof(*list->items));
	list->items[list->count++] = source;
}

size_t policy_sources(struct arena *arena, const struct policy *policy, const struct source *const **out)
{
	struct source_list list = {.arena = arena};
	for (size_t t = 0; t < policy->target_count; t++)
		for (size_t i = 0; i < policy->targets[t].rule_count; i++)
			source_list_add(&list, policy->targets[t].rules[i].source);
	*out = list.items;
	return list.count;
}
