/* sources.c - see sources.h. */
#include "sources.h"

size_t sources_of_rules(struct arena *arena, const struct gate_result *gate, const struct source *const **out)
{
	struct source_list list = {.arena = arena};
	for (size_t t = 0; t < gate->target_count; t++)
		for (size_t i = 0; i < gate->targets[t].target->rule_count; i++)
			source_list_add(&list, gate->targets[t].target->rules[i]->source);
	*out = list.items;
	return list.count;
}
