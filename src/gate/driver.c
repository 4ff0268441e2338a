/* driver.c - see driver.h. */
#include "chains.h"

#include "chaingate/times.h"

#include <stdlib.h>

/* The end of a list of indexes. */
#define NONE SIZE_MAX

/* ---- chains and groups ------------------------------------------------------------------------------------------ */

static size_t group_of(const struct driver *driver, size_t target)
{
	return driver->chains[driver->own[target]].group;
}

/* Lists each group's chains and targets, because a round concerns only its own group: with 1,000 groups, going through
 * all chains and targets at each answer took longer than the requests. */
static void list_groups(struct driver *driver)
{
	for (size_t i = 0; i < driver->chain_count; i++)
		driver->groups[i].first_chain = driver->groups[i].first_target = NONE;
	for (size_t i = driver->chain_count; i-- > 0;) {
		struct group *group = &driver->groups[driver->chains[i].group];
		driver->next_chain[i] = group->first_chain;
		group->first_chain = i;
		group->chain_count++;
	}
	for (size_t i = driver->plan->target_count; i-- > 0;) {
		struct group *group = &driver->groups[group_of(driver, i)];
		driver->next_target[i] = group->first_target;
		group->first_target = i;
	}
}

/* The grid goes on to the run's last poll. A target's own, earlier deadline adds a poll before it. */
static void begin_group(struct driver *driver, size_t index, enum driver_pace pace)
{
	const struct gate_plan *plan = driver->plan;
	const struct group *group = &driver->groups[index];
	struct schedule *schedule = &driver->groups[index].schedule;
	size_t targets = 0;
	for (size_t i = group->first_target; i != NONE; i = driver->next_target[i])
		targets++;
	int64_t *deadlines = ARENA_ARRAY(&driver->arena, int64_t, targets);
	*schedule = schedule_make(plan->wait.interval_ns, plan->wait.timeout_ns, pace == DRIVER_LIVE);
	schedule->deadlines = deadlines;
	for (size_t i = group->first_target; i != NONE; i = driver->next_target[i]) {
		int64_t own_ns = plan->targets[i].timeout_ns;
		if (own_ns > 0 && own_ns < plan->wait.timeout_ns)
			deadlines[schedule->deadline_count++] = own_ns;
	}
}

struct driver *driver_new(const struct gate_plan *plan, enum driver_pace pace)
{
	struct driver *driver = calloc(1, sizeof(*driver));
	if (!driver)
		memory_exhausted();
	size_t most = 2 * plan->target_count;
	driver->plan = plan;
	driver->gate = gate_new(plan);
	driver->chains = ARENA_ARRAY(&driver->arena, struct driver_chain, most);
	driver->misses = ARENA_ARRAY(&driver->arena, struct arena, most);
	driver->took_ns = ARENA_ARRAY(&driver->arena, int64_t, most);
	driver->selectors = ARENA_ARRAY(&driver->arena, struct selectors, most);
	driver->is_refused = ARENA_ARRAY(&driver->arena, bool, most);
	driver->is_to_ask = ARENA_ARRAY(&driver->arena, bool, most);
	driver->groups = ARENA_ARRAY(&driver->arena, struct group, most);
	driver->next_chain = ARENA_ARRAY(&driver->arena, size_t, most);
	driver->next_target = ARENA_ARRAY(&driver->arena, size_t, plan->target_count);
	driver->own = ARENA_ARRAY(&driver->arena, size_t, plan->target_count);
	driver->baseline = ARENA_ARRAY(&driver->arena, size_t, plan->target_count);
	driver->is_settled = true;
	driver->due_events = SIZE_MAX;
	chains_find(driver);
	list_groups(driver);
	for (size_t i = 0; i < driver->chain_count; i++)
		if (driver->groups[i].chain_count)
			begin_group(driver, i, pace);
	return driver;
}

/* How long the limit may hold a request back that `others` were asked for before. In any second at most `rate` start, so
 * those of the last second count as well. */
static int64_t held_ns(size_t others, size_t just_sent, size_t rate)
{
	return (int64_t)((others + just_sent) / rate) * NS_PER_S;
}

/* Only requests of open chains can hold this group's back, but any chain may just have been asked. No chain has two
 * requests at a time. */
static void hold(struct driver *driver, size_t index, int64_t now_ns)
{
	struct group *group = &driver->groups[index];
	size_t open = driver->open_chains > group->chain_count ? driver->open_chains : group->chain_count;
	size_t just_sent = driver->chain_count < driver->rate ? driver->chain_count : driver->rate;
	if (driver->rate)
		schedule_hold(&group->schedule, held_ns(open - 1, just_sent, driver->rate),
			      held_ns(open - group->chain_count, just_sent, driver->rate), now_ns);
}

void driver_limit_rate(struct driver *driver, size_t per_second)
{
	driver->rate = per_second;
	driver->open_chains = driver->chain_count;
}

void driver_free(struct driver *driver)
{
	if (!driver)
		return;
	for (size_t i = 0; i < driver->chain_count; i++)
		arena_release(&driver->misses[i]);
	gate_free(driver->gate);
	arena_release(&driver->arena);
	free(driver);
}

struct gate *driver_gate(const struct driver *driver)
{
	return driver->gate;
}

const struct driver_chain *driver_chains(const struct driver *driver, size_t *count)
{
	*count = driver->chain_count;
	return driver->chains;
}

/* ---- moments ---------------------------------------------------------------------------------------------------- */

static void settle(struct driver *driver)
{
	if (!driver->is_settled)
		gate_settle(driver->gate, driver->moment_ns);
	driver->is_settled = true;
}

/* A deadline is applied at its own time, even if it is noticed late. An answer that is given afterwards counts as
 * coming after it. */
static void pass_deadlines(struct driver *driver, int64_t now_ns)
{
	while (!gate_done(driver->gate) && gate_deadline_ns(driver->gate) < now_ns) {
		int64_t deadline_ns = gate_deadline_ns(driver->gate);
		gate_deadline(driver->gate, deadline_ns);
		driver->passed_ns = deadline_ns + 1;
		if (driver->moment_ns < driver->passed_ns)
			driver->moment_ns = driver->passed_ns;
	}
}

void driver_pass(struct driver *driver, int64_t now_ns)
{
	if (driver->moment_ns < now_ns)
		settle(driver);
	pass_deadlines(driver, now_ns);
}

void driver_interrupt(struct driver *driver, int64_t at_ns, int signal_number)
{
	settle(driver);
	pass_deadlines(driver, at_ns);
	gate_interrupt(driver->gate, at_ns, signal_number);
}

void driver_run_out(struct driver *driver, int64_t at_ns)
{
	settle(driver);
	pass_deadlines(driver, time_add(at_ns, 1));
	gate_run_out(driver->gate, at_ns);
}

/* ---- a target's view of a round --------------------------------------------------------------------------------- */

/* The answer with the lowest rank counts: a final miss, then a refused key, then a transient miss. These hide the list;
 * below them are an absent chain, then a list. */
static int rank(const struct driver_chain *chain)
{
	if (chain->listing)
		return 4;
	switch (miss_class(&chain->miss)) {
	case MISS_FINAL: return 0;
	case MISS_REFUSED: return 1;
	case MISS_TRANSIENT: return 2;
	case MISS_ABSENT: break;
	}
	return 3;
}

static struct observation observation_of(const struct driver *driver, size_t target, bool is_confirmed)
{
	const struct driver_chain *own = &driver->chains[driver->own[target]],
				  *other = &driver->chains[driver->baseline[target]];
	struct observation observation = {
		.at_ns = driver->moment_ns, .is_confirmed = is_confirmed, .own_listing = own->listing};
	if (own->kind == other->kind && own->chain_id.length && text_equal(own->chain_id, other->chain_id) &&
	    text_equal(own->environment, other->environment))
		other = own; /* the same chain, named in two ways */
	if (rank(own) < 3 || rank(other) < 3) {
		observation.miss = rank(other) < rank(own) ? other->miss : own->miss;
	} else if (!own->listing) {
		observation.miss = own->miss;
	} else {
		observation.at_ns = own->at_ns;
		observation.listing = own->listing;
		observation.chain_id = own->chain_id;
		observation.baseline_listing = other->listing;
		observation.baseline_chain_id = other->chain_id;
		observation.baseline_absence = other->listing ? (struct text){0} : other->miss.detail;
		observation.baseline_at_ns = other->at_ns;
	}
	return observation;
}

/* Shows a finished round to the targets of its group. A round that is complete only after a deadline is too late. */
static void show_round(struct driver *driver, size_t index, bool is_confirmed)
{
	for (size_t i = driver->groups[index].first_target; i != NONE; i = driver->next_target[i]) {
		struct observation observation = observation_of(driver, i, is_confirmed);
		gate_observe(driver->gate, i, &observation);
	}
	driver->is_settled = false;
}

/* True if one of the group's chains refused the key, and hasn't answered since. */
static bool is_refused(const struct driver *driver, size_t group)
{
	for (size_t i = driver->groups[group].first_chain; i != NONE; i = driver->next_chain[i])
		if (driver->is_refused[i])
			return true;
	return false;
}

/* Takes over from a chain's answer what the schedule needs for the group's next poll. */
static void count_answer(struct driver *driver, size_t index, struct schedule_answer *answer)
{
	struct driver_chain *chain = &driver->chains[index];
	chain->is_fresh = false;
	if (driver->took_ns[index] > answer->chain_took_ns)
		answer->chain_took_ns = driver->took_ns[index];
	if (chain->listing) {
		driver->is_refused[index] = false;
		return;
	}
	enum miss_class kind = miss_class(&chain->miss);
	if (kind != MISS_TRANSIENT)
		driver->is_refused[index] = kind == MISS_REFUSED;
	answer->again |= kind == MISS_TRANSIENT;
	if (chain->miss.retry_after_ns > answer->retry_after_ns)
		answer->retry_after_ns = chain->miss.retry_after_ns;
}

/* True if a target of the group has no verdict yet. */
static bool is_needed(const struct driver *driver, size_t group)
{
	for (size_t i = driver->groups[group].first_target; i != NONE; i = driver->next_target[i])
		if (!gate_target_done(driver->gate, i))
			return true;
	return false;
}

static void end_round(struct driver *driver, size_t index, uint32_t random)
{
	struct group *group = &driver->groups[index];
	struct schedule_answer answer = {.sent_ns = group->sent_ns, .at_ns = driver->moment_ns};
	bool was_refused = is_refused(driver, index);
	for (size_t i = group->first_chain; i != NONE; i = driver->next_chain[i]) {
		group->has_listed |= driver->chains[i].listing != NULL;
		count_answer(driver, i, &answer);
	}
	group->fresh = 0;
	group->is_asking = false;
	show_round(driver, index, was_refused || !group->has_listed);
	answer.again |= is_refused(driver, index);
	hold(driver, index, driver->moment_ns);
	schedule_answered(&group->schedule, &answer, random);
	if (schedule_next(&group->schedule) < driver->due_ns)
		driver->due_ns = schedule_next(&group->schedule);
	if (!is_needed(driver, index)) /* its chains aren't open any more; there may be no event that tells it */
		driver->due_events = SIZE_MAX;
}

/* When the last of a group's chains answered. */
static int64_t over_ns(const struct driver *driver, size_t group)
{
	int64_t latest_ns = 0;
	for (size_t i = driver->groups[group].first_chain; i != NONE; i = driver->next_chain[i])
		if (driver->chains[i].at_ns > latest_ns)
			latest_ns = driver->chains[i].at_ns;
	return latest_ns;
}

bool driver_answered(struct driver *driver, size_t index, const struct driver_answer *answer, uint32_t random)
{
	struct driver_chain *chain = &driver->chains[index];
	struct group *group = &driver->groups[chain->group];
	int64_t at_ns = answer->at_ns < driver->passed_ns ? driver->passed_ns : answer->at_ns;
	if (!group->is_asking || answer->sent_ns < group->sent_ns)
		group->sent_ns = answer->sent_ns;
	group->is_asking = true;
	if (answer->has_clock)
		gate_set_api_clock(driver->gate, answer->clock_offset_ns, answer->clock_slack_ns);
	group->fresh += !chain->is_fresh;
	chain->is_fresh = true;
	chain->at_ns = at_ns;
	driver->took_ns[index] = at_ns - answer->sent_ns;
	if (!text_equal(chain->chain_id, answer->chain_id))
		chain->chain_id = arena_text(&driver->arena, answer->chain_id);
	chain->listing = answer->listing;
	arena_clear(&driver->misses[index]);
	chain->miss = answer->miss;
	chain->miss.detail = arena_text(&driver->misses[index], answer->miss.detail);
	if (group->fresh < group->chain_count)
		return false;
	/* Rounds must end in the order of their times. If two answers are waiting, the later one may be given first;
	 * the other one then gets the later time. */
	if (over_ns(driver, chain->group) < driver->moment_ns)
		chain->at_ns = driver->moment_ns;
	driver_pass(driver, over_ns(driver, chain->group));
	driver->moment_ns = over_ns(driver, chain->group);
	end_round(driver, chain->group, random);
	return true;
}

/* ---- the next step ---------------------------------------------------------------------------------------------- */

static void begin_round(struct driver *driver, size_t index)
{
	driver->groups[index].is_asking = true;
	driver->groups[index].sent_ns = INT64_MAX;
	for (size_t i = driver->groups[index].first_chain; i != NONE; i = driver->next_chain[i]) {
		driver->to_ask += !driver->is_to_ask[i];
		driver->is_to_ask[i] = true;
	}
}

/* Fewer chains are open. The groups whose last poll is over, or that before a target's own deadline, may be asked again. */
static void go_on(struct driver *driver, int64_t now_ns)
{
	for (size_t i = 0; i < driver->chain_count; i++) {
		const struct group *group = &driver->groups[i];
		if (!group->chain_count || group->is_asking || !is_needed(driver, i))
			continue;
		hold(driver, i, now_ns);
		if (schedule_next(&group->schedule) < driver->due_ns)
			driver->due_ns = schedule_next(&group->schedule);
	}
}

/* Begins the rounds that are due, and finds when the next one is. */
static void begin_due(struct driver *driver, int64_t now_ns)
{
	size_t open = 0, before = driver->open_chains;
	driver->due_ns = INT64_MAX;
	for (size_t i = 0; i < driver->chain_count; i++) {
		const struct group *group = &driver->groups[i];
		int64_t due_ns = schedule_next(&group->schedule);
		if (!group->chain_count || (!group->is_asking && !is_needed(driver, i)))
			continue;
		open += group->chain_count;
		if (group->is_asking)
			continue;
		if (due_ns <= now_ns)
			begin_round(driver, i);
		else if (due_ns < driver->due_ns)
			driver->due_ns = due_ns;
	}
	driver->open_chains = open;
	if (driver->rate && open < before)
		go_on(driver, now_ns);
}

struct driver_step driver_next(struct driver *driver, int64_t now_ns)
{
	struct driver_step step = {.action = DRIVER_WAIT, .until_ns = time_add(gate_deadline_ns(driver->gate), 1)};
	if (gate_done(driver->gate))
		return (struct driver_step){.action = DRIVER_DONE};
	if (!driver->is_settled)
		step.until_ns = time_add(driver->moment_ns, 1);
	size_t events;
	gate_events(driver->gate, &events);
	if (driver->due_ns <= now_ns || driver->due_events != events)
		begin_due(driver, now_ns);
	driver->due_events = events;
	if (driver->due_ns < step.until_ns)
		step.until_ns = driver->due_ns;
	for (size_t i = 0; driver->to_ask && i < driver->chain_count; i++) {
		if (!driver->is_to_ask[i])
			continue;
		driver->is_to_ask[i] = false;
		driver->to_ask--;
		return (struct driver_step){.action = DRIVER_ASK, .chain = i};
	}
	return step;
}

int64_t driver_next_poll_ns(const struct driver *driver, size_t target)
{
	return schedule_next(&driver->groups[group_of(driver, target)].schedule);
}
