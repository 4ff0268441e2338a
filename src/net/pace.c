/* pace.c - see pace.h. */
#include "pace.h"

#include "chaingate/times.h"

struct pace pace_make(struct arena *arena, size_t per_second)
{
	struct pace pace = {.starts_ns = ARENA_ARRAY(arena, int64_t, per_second), .rate = per_second};
	for (size_t i = 0; i < per_second; i++)
		pace.starts_ns[i] = INT64_MIN;
	return pace;
}

/* The next request must wait until the one `rate` requests before it is a second old. */
int64_t pace_next_ns(const struct pace *pace)
{
	int64_t oldest_ns = pace->starts_ns[pace->oldest];
	return oldest_ns == INT64_MIN ? INT64_MIN : time_add(oldest_ns, NS_PER_S);
}

void pace_started(struct pace *pace, int64_t now_ns)
{
	pace->starts_ns[pace->oldest] = now_ns;
	pace->oldest = (pace->oldest + 1) % pace->rate;
}
