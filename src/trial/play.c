/* play.c - the gate driven in virtual time: an hour takes a millisecond. */
#include "chaingate/trial.h"

static struct schedule make_schedule(struct arena *arena, const struct gate_plan *plan)
{
	struct schedule schedule = schedule_make(plan->targets[0].wait.interval_ns, plan->timeout_ns, false);
	int64_t *deadlines = ARENA_ARRAY(arena, int64_t, plan->target_count);
	for (size_t i = 0; i < plan->target_count; i++)
		if (plan->targets[i].timeout_ns > 0 && plan->targets[i].timeout_ns < plan->timeout_ns)
			deadlines[schedule.deadline_count++] = plan->targets[i].timeout_ns;
	schedule.deadlines = deadlines;
	return schedule;
}

void trial_play(struct gate *gate, const struct gate_plan *plan,
		struct observation (*see)(void *context, size_t target, int64_t at_ns), void *context)
{
	struct arena arena = {0};
	struct schedule schedule = make_schedule(&arena, plan);
	while (!gate_done(gate)) {
		int64_t at_ns = schedule_next(&schedule);
		bool again = false;
		int64_t retry_after_ns = 0;
		if (at_ns > gate_deadline_ns(gate)) {
			gate_deadline(gate, gate_deadline_ns(gate));
			continue;
		}
		for (size_t i = 0; i < plan->target_count; i++) {
			struct observation observation = see(context, i, at_ns);
			observation.at_ns = at_ns;
			gate_observe(gate, i, &observation);
			again |= !observation.listing && miss_class(&observation.miss) == MISS_TRANSIENT;
			again |= gate_wants_confirmation(gate, i);
			if (!observation.listing && observation.miss.retry_after_ns > retry_after_ns)
				retry_after_ns = observation.miss.retry_after_ns;
		}
		gate_settle(gate, at_ns);
		schedule_answered(&schedule, at_ns, at_ns, again, retry_after_ns, 0);
	}
	arena_release(&arena);
}
