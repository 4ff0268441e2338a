/* rounds.c - see rounds.h. */
#include "chaingate/rounds.h"

static size_t chain_index(struct rounds *rounds, struct text wanted)
{
	size_t index = 0;
	while (index < rounds->count && !text_equal(rounds->chains[index].wanted, wanted))
		index++;
	if (index == rounds->count) {
		rounds->chains[index] = (struct round_chain){
			.wanted = wanted,
			.group = index,
			.miss = {.cause = MISS_TIMEOUT, .detail = TEXT("nothing was answered yet")}};
		rounds->count++;
	}
	return index;
}

static void join_groups(struct rounds *rounds, size_t a, size_t b)
{
	size_t from = rounds->chains[b].group, to = rounds->chains[a].group;
	for (size_t i = 0; i < rounds->count; i++)
		if (rounds->chains[i].group == from)
			rounds->chains[i].group = to;
}

struct rounds rounds_make(struct arena *arena, const struct gate_plan *plan)
{
	struct rounds rounds = {
		.plan = plan,
		.chains = ARENA_ARRAY(arena, struct round_chain, 2 * plan->target_count),
		.own = ARENA_ARRAY(arena, size_t, plan->target_count),
		.baseline = ARENA_ARRAY(arena, size_t, plan->target_count),
	};
	for (size_t i = 0; i < plan->target_count; i++) {
		const struct gate_target *target = &plan->targets[i];
		rounds.own[i] = rounds.baseline[i] = chain_index(&rounds, target->chain);
		if (target->baseline.given && !gate_target_has_own_baseline(target))
			rounds.baseline[i] = chain_index(&rounds, target->baseline.chain);
		join_groups(&rounds, rounds.own[i], rounds.baseline[i]);
	}
	return rounds;
}

static struct observation observation_of(const struct rounds *rounds, size_t target, int64_t at_ns)
{
	const struct round_chain *own = &rounds->chains[rounds->own[target]],
				 *other = &rounds->chains[rounds->baseline[target]];
	struct observation observation = {.at_ns = at_ns};
	if (own->chain_id.length && text_equal(own->chain_id, other->chain_id))
		other = own; /* one chain, named in two ways */
	bool no_such_chain = !other->is_current && miss_class(&other->miss) == MISS_ABSENT;
	if (!own->is_current) {
		observation.miss = own->miss;
	} else if (!other->is_current && !no_such_chain) {
		observation.miss = other->miss;
	} else {
		observation.at_ns = own->at_ns;
		observation.listing = own->listing;
		observation.chain_id = own->chain_id;
		observation.baseline_listing = no_such_chain ? NULL : other->listing;
		observation.baseline_chain_id = other->chain_id;
		observation.baseline_at_ns = other->at_ns;
	}
	return observation;
}

struct round_outcome rounds_show(const struct rounds *rounds, struct gate *gate, size_t group, int64_t at_ns)
{
	struct round_outcome outcome = {0};
	while (gate_deadline_ns(gate) < at_ns && !gate_done(gate))
		gate_deadline(gate, gate_deadline_ns(gate));
	for (size_t i = 0; i < rounds->plan->target_count; i++) {
		if (rounds->chains[rounds->own[i]].group != group)
			continue;
		struct observation observation = observation_of(rounds, i, at_ns);
		gate_observe(gate, i, &observation);
		bool transient = !observation.listing && miss_class(&observation.miss) == MISS_TRANSIENT;
		outcome.again |= transient || gate_wants_confirmation(gate, i);
		if (!observation.listing && observation.miss.retry_after_ns > outcome.retry_after_ns)
			outcome.retry_after_ns = observation.miss.retry_after_ns;
	}
	gate_settle(gate, at_ns);
	return outcome;
}

const int64_t *rounds_deadlines(struct arena *arena, const struct rounds *rounds, size_t group, size_t *count)
{
	const struct gate_plan *plan = rounds->plan;
	int64_t *deadlines = ARENA_ARRAY(arena, int64_t, plan->target_count);
	*count = 0;
	for (size_t i = 0; i < plan->target_count; i++) {
		int64_t own_ns = plan->targets[i].timeout_ns;
		if (rounds->chains[rounds->own[i]].group == group && own_ns > 0 && own_ns < plan->timeout_ns)
			deadlines[(*count)++] = own_ns;
	}
	return deadlines;
}
