/* scenario.c - finds things in a scenario, and its moments. scenario_read.c reads one. */
#include "scenario.h"

const struct sim_chain *scenario_chain(const struct scenario *scenario, enum target_kind kind, struct text id)
{
	for (size_t i = 0; i < scenario->chain_count; i++)
		if (scenario->chains[i].kind == kind && text_equal(scenario->chains[i].id, id))
			return &scenario->chains[i];
	return NULL;
}

const struct sim_deployment *scenario_deployment(const struct scenario *scenario, struct text id)
{
	for (size_t i = 0; i < scenario->deployment_count; i++)
		if (text_equal(scenario->deployments[i].id, id))
			return &scenario->deployments[i];
	return NULL;
}

int64_t scenario_time(const struct scenario *scenario, int64_t real_ns)
{
	/* Split, because nanoseconds times thousandths overflow 64 bits after a minute at the highest speed. */
	int64_t whole = real_ns / 1000, rest = real_ns % 1000;
	if (whole > INT64_MAX / scenario->speed_milli - 1)
		return INT64_MAX;
	return whole * scenario->speed_milli + rest * scenario->speed_milli / 1000;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t timeline_end(const struct timeline *timeline)
{
	return timeline->count ? timeline->steps[timeline->count - 1].at_ns : 0;
}

static int64_t span_end(int64_t from_ns, int64_t until_ns)
{
	return until_ns == INT64_MAX ? from_ns : until_ns;
}

static int64_t deployment_last_change(const struct sim_deployment *deployment)
{
	int64_t last = later(timeline_end(&deployment->environment), timeline_end(&deployment->listed));
	last = later(last, timeline_end(&deployment->status));
	for (size_t i = 0; i < deployment->chainlet_count; i++) {
		const struct sim_chainlet *chainlet = &deployment->chainlets[i];
		last = later(last, timeline_end(&chainlet->status));
		last = later(last, timeline_end(&chainlet->settings));
		last = later(last, timeline_end(&chainlet->replicas));
	}
	return last;
}

int64_t scenario_last_change(const struct scenario *scenario)
{
	int64_t last = 0;
	for (size_t i = 0; i < scenario->deployment_count; i++)
		last = later(last, deployment_last_change(&scenario->deployments[i]));
	for (size_t i = 0; i < scenario->environment_count; i++) {
		last = later(last, timeline_end(&scenario->environments[i].current));
		last = later(last, timeline_end(&scenario->environments[i].candidate));
		last = later(last, timeline_end(&scenario->environments[i].promotion));
		last = later(last, timeline_end(&scenario->environments[i].traffic));
	}
	for (size_t i = 0; i < scenario->body_count; i++)
		last = later(last, span_end(scenario->bodies[i].from_ns, scenario->bodies[i].until_ns));
	for (size_t i = 0; i < scenario->fault_count; i++)
		last = later(last, span_end(scenario->faults[i].from_ns, scenario->faults[i].until_ns));
	return last;
}
