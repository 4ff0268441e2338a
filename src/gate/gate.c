/* gate.c - a run: its targets on one clock, and their common verdict. */
#include "watch.h"

#include <stdlib.h>

struct gate {
	const struct gate_plan *plan;
	struct watch *watches;
	struct event_log log;
	struct arena memory;
	struct arena result_memory;
	struct gate_result result;
	bool has_own_deadlines; /* a target's deadline is earlier than the run's */
	bool has_api_clock;
	int64_t api_clock_ns, api_clock_slack_ns;
	int64_t at_ns; /* the latest moment given to it */
	int signal_number;
};

struct gate *gate_new(const struct gate_plan *plan)
{
	struct gate *gate = calloc(1, sizeof(*gate));
	if (!gate)
		memory_exhausted();
	gate->plan = plan;
	gate->watches = ARENA_ARRAY(&gate->memory, struct watch, plan->target_count);
	for (size_t i = 0; i < plan->target_count; i++)
		watch_make(&gate->watches[i], i, plan, &gate->log);
	for (size_t i = 0; i < plan->target_count; i++)
		gate->has_own_deadlines |= gate->watches[i].deadline_ns < gate_run_deadline_ns(gate);
	return gate;
}

void gate_free(struct gate *gate)
{
	if (!gate)
		return;
	for (size_t i = 0; i < gate->plan->target_count; i++)
		watch_release(&gate->watches[i]);
	arena_release(&gate->log.arena);
	arena_release(&gate->result_memory);
	arena_release(&gate->memory);
	free(gate);
}

void gate_set_api_clock(struct gate *gate, int64_t offset_ns, int64_t slack_ns)
{
	if (gate->has_api_clock && offset_ns == gate->api_clock_ns && slack_ns == gate->api_clock_slack_ns)
		return;
	gate->has_api_clock = true;
	gate->api_clock_ns = offset_ns;
	gate->api_clock_slack_ns = slack_ns;
	for (size_t i = 0; i < gate->plan->target_count; i++)
		watch_set_api_clock(&gate->watches[i], offset_ns, slack_ns);
}

static void advance(struct gate *gate, int64_t at_ns)
{
	if (at_ns > gate->at_ns)
		gate->at_ns = at_ns;
}

void gate_observe(struct gate *gate, size_t target, const struct observation *observation)
{
	struct watch *watch = &gate->watches[target];
	/* An observation after a deadline is too late to decide anything, least of all a pass. */
	while (observation->at_ns > gate_deadline_ns(gate) && !gate_done(gate))
		gate_deadline(gate, gate_deadline_ns(gate));
	if (watch_has_ended(watch))
		return;
	advance(gate, observation->at_ns);
	watch_observe(watch, observation);
}

int64_t gate_run_deadline_ns(const struct gate *gate)
{
	return plan_deadline_ns(gate->plan);
}

int64_t gate_deadline_ns(const struct gate *gate)
{
	int64_t next_ns = gate_run_deadline_ns(gate);
	for (size_t i = 0; gate->has_own_deadlines && i < gate->plan->target_count; i++) {
		const struct watch *watch = &gate->watches[i];
		if (!watch_has_ended(watch) && !watch->is_overdue && watch->deadline_ns < next_ns)
			next_ns = watch->deadline_ns;
	}
	return next_ns;
}

bool gate_done(const struct gate *gate)
{
	for (size_t i = 0; i < gate->plan->target_count; i++)
		if (!watch_has_ended(&gate->watches[i]))
			return false;
	return true;
}

bool gate_target_done(const struct gate *gate, size_t target)
{
	return watch_has_ended(&gate->watches[target]);
}

/* All targets use the same key: if it is refused for one, it is refused for all. */
static void end_refused(struct gate *gate)
{
	const struct watch *refused = NULL;
	for (size_t i = 0; i < gate->plan->target_count && !refused; i++)
		if (gate->watches[i].reason == REASON_REFUSED)
			refused = &gate->watches[i];
	for (size_t i = 0; i < gate->plan->target_count && refused; i++) {
		struct watch *other = &gate->watches[i];
		if (watch_has_ended(other))
			continue;
		other->miss = refused->miss;
		watch_end(other, VERDICT_UNREACHABLE, REASON_REFUSED, refused->at_ns);
	}
}

/* A target with a timeout of 0 gets a single observation. */
static void end_singles(struct gate *gate)
{
	for (size_t i = 0; i < gate->plan->target_count; i++) {
		struct watch *watch = &gate->watches[i];
		if (!watch->is_single || watch->polls == 0)
			continue;
		if (watch->passing)
			watch_end(watch, VERDICT_PASSED, REASON_RULES_HOLD, watch->at_ns);
		else
			watch_end_undecided(watch, watch->at_ns);
	}
}

/* The run is over: provisional passes become verdicts. */
static void pass_passing(struct gate *gate)
{
	for (size_t i = 0; i < gate->plan->target_count; i++) {
		struct watch *watch = &gate->watches[i];
		if (watch->passing)
			watch_end(watch, VERDICT_PASSED, REASON_RULES_HOLD, watch->at_ns);
	}
}

/* The other targets may have taken long, or the process was stopped: what passed may have failed since. */
static void forget_old_passes(struct gate *gate, int64_t at_ns)
{
	for (size_t i = 0; i < gate->plan->target_count; i++)
		watch_forget_old_pass(&gate->watches[i], at_ns);
}

void gate_settle(struct gate *gate, int64_t at_ns)
{
	bool all_decided = true;
	if (gate_done(gate))
		return;
	advance(gate, at_ns);
	forget_old_passes(gate, at_ns);
	end_refused(gate);
	end_singles(gate);
	for (size_t i = 0; i < gate->plan->target_count; i++)
		all_decided &= gate->watches[i].passing || watch_has_ended(&gate->watches[i]);
	if (all_decided)
		pass_passing(gate);
}

void gate_deadline(struct gate *gate, int64_t at_ns)
{
	if (at_ns < gate_deadline_ns(gate) || gate_done(gate))
		return;
	advance(gate, at_ns);
	for (size_t i = 0; i < gate->plan->target_count; i++)
		if (gate->watches[i].deadline_ns < gate_run_deadline_ns(gate))
			watch_deadline(&gate->watches[i], at_ns);
	if (at_ns < gate_run_deadline_ns(gate)) {
		gate_settle(gate, at_ns);
		return;
	}
	forget_old_passes(gate, gate_run_deadline_ns(gate));
	pass_passing(gate);
	for (size_t i = 0; i < gate->plan->target_count; i++)
		watch_end_undecided(&gate->watches[i], gate_run_deadline_ns(gate));
}

/* Ends every target that has no verdict, also one that passes for now, because the run didn't come to its end. */
static void break_off(struct gate *gate, int64_t at_ns, enum verdict verdict, enum gate_reason reason)
{
	if (gate_done(gate))
		return;
	advance(gate, at_ns);
	for (size_t i = 0; i < gate->plan->target_count; i++)
		if (!watch_has_ended(&gate->watches[i]))
			watch_end(&gate->watches[i], verdict, reason, at_ns);
}

void gate_interrupt(struct gate *gate, int64_t at_ns, int signal_number)
{
	if (!gate_done(gate))
		gate->signal_number = signal_number;
	break_off(gate, at_ns, VERDICT_INTERRUPTED, REASON_INTERRUPTED);
}

void gate_run_out(struct gate *gate, int64_t at_ns)
{
	break_off(gate, at_ns, VERDICT_UNDECIDED, REASON_RECORDING_ENDED);
}

const struct gate_event *gate_events(const struct gate *gate, size_t *count)
{
	*count = gate->log.count;
	return gate->log.events;
}

static enum verdict run_verdict(const struct gate *gate)
{
	enum verdict verdict = VERDICT_NONE;
	for (size_t i = 0; gate_done(gate) && i < gate->plan->target_count; i++)
		verdict = verdict_first(verdict, gate->watches[i].verdict);
	return verdict;
}

const struct target_result *gate_target_result(struct gate *gate, size_t target)
{
	arena_clear(&gate->result_memory);
	struct target_result *result = ARENA_NEW(&gate->result_memory, struct target_result);
	*result = watch_result(&gate->result_memory, &gate->watches[target]);
	return result;
}

const struct gate_result *gate_result(struct gate *gate)
{
	size_t count = gate->plan->target_count;
	arena_clear(&gate->result_memory);
	struct target_result *targets = ARENA_ARRAY(&gate->result_memory, struct target_result, count);
	for (size_t i = 0; i < count; i++)
		targets[i] = watch_result(&gate->result_memory, &gate->watches[i]);
	gate->result = (struct gate_result){
		.verdict = run_verdict(gate),
		.at_ns = gate->at_ns,
		.signal_number = gate->signal_number,
		.targets = targets,
		.target_count = count,
		.timeout_ns = gate->plan->wait.timeout_ns,
		.start_wall_ns = gate->plan->start_wall_ns,
	};
	return &gate->result;
}
