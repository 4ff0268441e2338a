/* rate.c - see rate.h. */
#include "rate.h"

#include "chaingate/arena.h"
#include "chaingate/times.h"
#include "connection.h"

static int64_t round_up(int64_t value, int64_t to)
{
	return (value + to - 1) / to;
}

/* The rate that keeps the interval; 0: none that is permitted does. */
static int64_t rate_needed(size_t lists, int64_t interval_ns)
{
	int64_t rate = round_up((int64_t)lists * NS_PER_S, interval_ns);
	return rate > REQUESTS_PER_SECOND_MOST ? 0 : rate;
}

/* How long a round takes at least: in whole seconds, as people write intervals; below one in milliseconds. */
static int64_t round_ns(size_t lists, int64_t per_second)
{
	int64_t exact_ns = round_up((int64_t)lists * NS_PER_S, per_second);
	int64_t unit_ns = exact_ns < NS_PER_S ? NS_PER_MS : NS_PER_S;
	return round_up(exact_ns, unit_ns) * unit_ns;
}

/* "130 lists take 13s at 10 requests per second" */
static const char *cost(struct arena *arena, size_t lists, int64_t takes_ns, int per_second)
{
	return arena_printf(arena, "%zu %s %s at %d request%s per second", lists,
			    lists == 1 ? "list takes" : "lists take", duration_string(arena, takes_ns), per_second,
			    text_plural((size_t)per_second));
}

/* The last polls of all chains begin at half of the timeout at the earliest. */
static void warn_of_timeout(const struct output *output, const struct net_options *net, const struct gate_plan *plan,
			    size_t lists)
{
	struct arena arena = {0};
	int64_t takes_ns = round_ns(lists, net->requests_per_second), half_ns = plan->wait.timeout_ns / 2;
	if (takes_ns <= half_ns)
		return;
	int64_t rate = rate_needed(lists, half_ns);
	const char *raise = rate ? arena_printf(&arena, ", or --max-rps %lld", (long long)rate) : "";
	output_message(output,
		       "%s, which is longer than half of the timeout of %s, and the last polls have no more than that, "
		       "so some chains may time out: give --timeout %s%s",
		       cost(&arena, lists, takes_ns, net->requests_per_second),
		       duration_string(&arena, plan->wait.timeout_ns), duration_string(&arena, 2 * takes_ns), raise);
	arena_release(&arena);
}

void rate_warn(const struct output *output, const struct net_options *net, const struct gate_plan *plan, size_t lists)
{
	struct arena arena = {0};
	/* A run with timeout 0 has one round, and the time of one request for it and for the look-up before it. */
	bool is_single = plan->wait.timeout_ns == 0;
	size_t requests = is_single ? lists + 1 : lists;
	int64_t takes_ns = round_ns(requests, net->requests_per_second);
	int64_t has_ns = is_single ? GATE_SINGLE_REQUEST_NS : plan->wait.interval_ns;
	if (takes_ns <= has_ns) {
		if (!is_single)
			warn_of_timeout(output, net, plan, lists);
		return;
	}
	int64_t rate = rate_needed(requests, has_ns);
	const char *takes = cost(&arena, lists, takes_ns, net->requests_per_second);
	const char *has = duration_string(&arena, has_ns);
	const char *raise = rate ? arena_printf(&arena, ", or --max-rps %lld", (long long)rate) : "";
	if (is_single)
		output_message(
			output,
			"%s, and a run with a timeout of 0s has %s: the last chains get no answer: give a --timeout%s",
			takes, has, raise);
	else
		output_message(output,
			       "%s, which is longer than the interval of %s, and with long gaps no chain becomes "
			       "stable: give --interval %s%s",
			       takes, has, duration_string(&arena, takes_ns), raise);
	arena_release(&arena);
}
