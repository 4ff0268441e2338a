/* sources.c - see sources.h. */
#include "sources.h"

static bool is_known(const struct source *const *known, size_t count, const struct source *source)
{
	for (size_t i = 0; i < count; i++)
		if (known[i] == source)
			return true;
	return false;
}

size_t sources_of_rules(struct arena *arena, const struct gate_result *gate, const struct source *const **out)
{
	const struct source **known = NULL;
	size_t count = 0, room = 0;
	for (size_t t = 0; t < gate->target_count; t++)
		for (size_t i = 0; i < gate->targets[t].target->rule_count; i++) {
			const struct source *source = gate->targets[t].target->rules[i]->source;
			if (is_known(known, count, source))
				continue;
			known = arena_grow(arena, known, count, &room, sizeof(*known));
			known[count++] = source;
		}
	*out = known;
	return count;
}
