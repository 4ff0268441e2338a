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

void rate_warn(const struct output *output, const struct net_options *net, const struct gate_plan *plan, size_t lists)
{
	struct arena arena = {0};
	int64_t round_s = round_up((int64_t)lists, net->requests_per_second),
		rate = rate_needed(lists, plan->wait.interval_ns);
	if (plan->wait.timeout_ns == 0 || round_s * NS_PER_S <= plan->wait.interval_ns)
		return;
	output_message(
		output,
		"%zu lists take %s at %d requests per second, which is longer than the interval of %s, and with long "
		"gaps no chain becomes stable: give --interval %s%s",
		lists, duration_string(&arena, round_s * NS_PER_S), net->requests_per_second,
		duration_string(&arena, plan->wait.interval_ns), duration_string(&arena, round_s * NS_PER_S),
		rate ? arena_printf(&arena, ", or --max-rps %lld", (long long)rate) : "");
	arena_release(&arena);
}
