/* sources.c - the files that a policy was read from. */
#include "chaingate/policy.h"

static bool is_known(const struct source *const *known, size_t count, const struct source *source)
{
	for (size_t i = 0; i < count; i++)
		if (known[i] == source)
			return true;
	return false;
}

size_t policy_sources(struct arena *arena, const struct policy *policy, const struct source *const **out)
{
	const struct source **known = NULL;
	size_t count = 0, room = 0;
	for (size_t t = 0; t < policy->target_count; t++)
		for (size_t i = 0; i < policy->targets[t].rule_count; i++) {
			const struct source *source = policy->targets[t].rules[i].source;
			if (is_known(known, count, source))
				continue;
			known = arena_grow(arena, known, count, &room, sizeof(*known));
			known[count++] = source;
		}
	*out = known;
	return count;
}
