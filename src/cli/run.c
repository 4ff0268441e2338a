/* run.c - see run.h. */
#include "run.h"

#include "chaingate/api.h"
#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/clock.h"
#include "chaingate/report.h"
#include "chaingate/signals.h"
#include "key.h"

#include <stdlib.h>

/* What is known of one chain. */
struct chain {
	struct text wanted;    /* id or name */
	size_t group;
	bool is_asking;        /* a request is on its way */
	const char *list_path; /* NULL until the chain's id is known: then its name is looked up first */
	struct text chain_id;
	struct arena listings[2]; /* in turn: the gate needs a listing until it has taken in the next */
	size_t turn;
	const struct listing *listing; /* the last one that could be read … */
	struct buf body;               /* … and the bytes it was read from */
	bool is_current;               /* the listing is what this round's answer said … */
	struct miss miss;              /* … else this is */
};

/* Chains that are asked at the same time, because a target of one has its baseline in another; nearly always one alone. A
 * round is over when all of them have answered. */
struct group {
	struct schedule schedule;
	size_t chain_count;
	size_t missing; /* answers of this round */
	int64_t sent_ns;
	int64_t *deadlines; /* of its targets */
};

struct run {
	const struct run_options *options;
	struct gate *gate;
	struct chain *chains;
	struct group *groups; /* as many as there are chains, of which some are empty */
	size_t chain_count;
	size_t *chain_of;    /* of each target */
	size_t *baseline_of; /* of each target, the same as its chain where it has none of another */
	struct arena arena;   /* lives as long as the run */
	struct arena scratch; /* for one answer */
	int64_t observed_ns;  /* of the latest observation */
	size_t events_shown;
	int64_t printed_ns;
};

static int64_t run_now(const struct run *run)
{
	return clock_monotonic_ns() - run->options->start_ns;
}

static struct group *group_of(struct run *run, size_t target)
{
	return &run->groups[run->chains[run->chain_of[target]].group];
}

/* ---- printing --------------------------------------------------------------------------------------------------- */

static void print_line(struct run *run, struct buf *line)
{
	output_progress(run->options->output, buf_text(line));
	if (line->length > 0)
		run->printed_ns = run_now(run);
	buf_release(line);
}

static void print_events(struct run *run)
{
	size_t count;
	const struct gate_event *events = gate_events(run->gate, &count);
	if (!run->options->shows_progress || run->events_shown == count)
		return;
	struct buf lines = buf_make(BUF_LIMIT_REPORT);
	const struct gate_result *result = gate_result(run->gate);
	for (; run->events_shown < count; run->events_shown++) {
		const struct gate_event *event = &events[run->events_shown];
		progress_event(&lines, result, event, schedule_next(&group_of(run, event->target)->schedule));
	}
	print_line(run, &lines);
}

static void break_silence(struct run *run)
{
	int64_t now_ns = run_now(run);
	if (!run->options->shows_progress || now_ns - run->printed_ns < RUN_SILENCE_NS || gate_done(run->gate))
		return;
	struct buf lines = buf_make(BUF_LIMIT_REPORT);
	const struct gate_result *result = gate_result(run->gate);
	for (size_t i = 0; i < result->target_count; i++)
		progress_waiting(&lines, &result->targets[i], now_ns);
	run->printed_ns = now_ns; /* even if there was nothing to say */
	print_line(run, &lines);
}

/* ---- asking ----------------------------------------------------------------------------------------------------- */

static void ask(struct run *run, size_t index)
{
	struct chain *chain = &run->chains[index];
	const char *path = chain->list_path ? chain->list_path : api_chains_path();
	net_get(run->options->net, path, time_add(run->options->start_ns, gate_run_deadline_ns(run->gate)), index);
	chain->is_asking = true;
}

static void ask_what_is_due(struct run *run)
{
	int64_t now_ns = run_now(run);
	for (size_t i = 0; i < run->chain_count; i++) {
		struct group *group = &run->groups[i];
		if (group->chain_count == 0 || group->missing || schedule_next(&group->schedule) > now_ns)
			continue;
		group->missing = group->chain_count;
		group->sent_ns = INT64_MAX;
		for (size_t j = 0; j < run->chain_count; j++)
			if (run->chains[j].group == i)
				ask(run, j);
	}
}

/* When something is to be done even if no answer comes. */
static int64_t next_alarm(const struct run *run)
{
	int64_t alarm_ns = gate_deadline_ns(run->gate);
	for (size_t i = 0; i < run->chain_count; i++) {
		const struct group *group = &run->groups[i];
		if (group->chain_count && !group->missing && schedule_next(&group->schedule) < alarm_ns)
			alarm_ns = schedule_next(&group->schedule);
	}
	if (run->options->shows_progress && time_add(run->printed_ns, RUN_SILENCE_NS) < alarm_ns)
		alarm_ns = time_add(run->printed_ns, RUN_SILENCE_NS);
	return alarm_ns;
}

/* ---- answers ---------------------------------------------------------------------------------------------------- */

static struct api_answer answer_without_key(struct run *run, const struct net_answer *answer)
{
	return (struct api_answer){
		.transport = answer->transport,
		.http_status = answer->http_status,
		.body = key_hide(&run->scratch, answer->body, run->options->key),
		.retry_after = answer->retry_after,
		.wall_ns = clock_wall_ns(),
	};
}

/* The chain's id, from the list of chains. */
static bool learn_chain(struct run *run, struct chain *chain, const struct api_answer *answer)
{
	struct text id, name;
	if (!api_find_chain(&run->scratch, answer, chain->wanted, &id, &name, &chain->miss))
		return false;
	chain->chain_id = arena_text(&run->arena, id);
	chain->list_path = api_deployments_path(&run->arena, chain->chain_id);
	return true;
}

/* A body that is the last one's again, byte for byte, says the same: nothing to decode. */
static bool is_repetition(const struct chain *chain, const struct net_answer *answer)
{
	return chain->listing && answer->transport.cause == MISS_NONE && answer->http_status == 200 &&
	       text_equal(buf_text(&chain->body), answer->body);
}

static bool learn_listing(struct run *run, struct chain *chain, const struct net_answer *answer)
{
	size_t turn = 1 - chain->turn;
	struct arena *arena = &chain->listings[turn];
	const struct listing *listing;
	if (is_repetition(chain, answer))
		return true;
	struct api_answer believed = answer_without_key(run, answer);
	arena_clear(arena);
	if (!api_read_deployments(arena, &believed, &listing, &chain->miss))
		return false;
	chain->listing = listing;
	chain->turn = turn;
	buf_clear(&chain->body);
	if (!buf_add(&chain->body, answer->body))
		buf_clear(&chain->body); /* it is never larger than the limit; if it were, nothing repeats it */
	return true;
}

/* What a target saw in this round: its own chain, and its baseline's. */
static struct observation observation_of(const struct run *run, size_t target, int64_t at_ns)
{
	const struct chain *own = &run->chains[run->chain_of[target]], *other = &run->chains[run->baseline_of[target]];
	struct observation observation = {.at_ns = at_ns};
	if (own->list_path && text_equal(own->chain_id, other->chain_id))
		other = own; /* one chain, named in two ways */
	bool no_such_chain = !other->is_current && miss_class(&other->miss) == MISS_ABSENT;
	if (!own->is_current) {
		observation.miss = own->miss;
	} else if (!other->is_current && !no_such_chain) {
		observation.miss = other->miss;
	} else {
		observation.listing = own->listing;
		observation.chain_id = own->chain_id;
		observation.baseline_listing = no_such_chain ? NULL : other->listing;
		observation.baseline_chain_id = other->chain_id;
	}
	return observation;
}

/* All chains of a group have answered: what they said, as one moment. */
static void end_round(struct run *run, size_t index)
{
	struct group *group = &run->groups[index];
	bool again = false;
	int64_t retry_after_ns = 0;
	for (size_t i = 0; i < run->options->plan->target_count; i++) {
		if (run->chains[run->chain_of[i]].group != index)
			continue;
		struct observation observation = observation_of(run, i, run->observed_ns);
		gate_observe(run->gate, i, &observation);
		bool transient = !observation.listing && miss_class(&observation.miss) == MISS_TRANSIENT;
		again |= transient || gate_wants_confirmation(run->gate, i);
		if (!observation.listing && observation.miss.retry_after_ns > retry_after_ns)
			retry_after_ns = observation.miss.retry_after_ns;
	}
	gate_settle(run->gate, run->observed_ns);
	schedule_answered(&group->schedule, group->sent_ns, run->observed_ns, again, retry_after_ns, clock_random());
	print_events(run);
}

static void take_answer(struct run *run, const struct net_answer *answer)
{
	struct chain *chain = &run->chains[answer->tag];
	struct group *group = &run->groups[chain->group];
	int64_t at_ns = answer->done_ns - run->options->start_ns, sent_ns = answer->sent_ns - run->options->start_ns;
	/* Of two answers that wait to be taken, the later one may come first: the gate's times never go back. */
	if (at_ns > run->observed_ns)
		run->observed_ns = at_ns;
	if (sent_ns < group->sent_ns)
		group->sent_ns = sent_ns;
	chain->is_asking = false;
	chain->is_current = false;
	bool looked_up = false;
	if (!chain->list_path) {
		struct api_answer believed = answer_without_key(run, answer);
		looked_up = learn_chain(run, chain, &believed);
	} else {
		chain->is_current = learn_listing(run, chain, answer);
	}
	if (looked_up)
		ask(run, answer->tag); /* that was the first half of this poll */
	else if (--group->missing == 0)
		end_round(run, chain->group);
	arena_clear(&run->scratch);
}

/* ---- chains and groups ------------------------------------------------------------------------------------------ */

static size_t chain_index(struct run *run, struct text wanted)
{
	size_t index = 0;
	while (index < run->chain_count && !text_equal(run->chains[index].wanted, wanted))
		index++;
	if (index == run->chain_count) {
		run->chains[index].wanted = wanted;
		run->chains[index].group = index;
		run->chains[index].body = buf_make(run->options->body_max);
		run->chain_count++;
	}
	return index;
}

static void join_groups(struct run *run, size_t a, size_t b)
{
	size_t from = run->chains[b].group, to = run->chains[a].group;
	for (size_t i = 0; i < run->chain_count; i++)
		if (run->chains[i].group == from)
			run->chains[i].group = to;
}

static void begin_group(struct run *run, size_t index)
{
	const struct gate_plan *plan = run->options->plan;
	struct group *group = &run->groups[index];
	group->deadlines = ARENA_ARRAY(&run->arena, int64_t, plan->target_count);
	group->schedule = schedule_make(plan->targets[0].wait.interval_ns, plan->timeout_ns, true);
	group->schedule.deadlines = group->deadlines;
	for (size_t i = 0; i < plan->target_count; i++) {
		int64_t own_ns = plan->targets[i].timeout_ns;
		if (run->chains[run->chain_of[i]].group == index && own_ns > 0 && own_ns < plan->timeout_ns)
			group->deadlines[group->schedule.deadline_count++] = own_ns;
	}
}

static void begin(struct run *run)
{
	const struct gate_plan *plan = run->options->plan;
	run->chains = ARENA_ARRAY(&run->arena, struct chain, 2 * plan->target_count);
	run->groups = ARENA_ARRAY(&run->arena, struct group, 2 * plan->target_count);
	run->chain_of = ARENA_ARRAY(&run->arena, size_t, plan->target_count);
	run->baseline_of = ARENA_ARRAY(&run->arena, size_t, plan->target_count);
	for (size_t i = 0; i < plan->target_count; i++) {
		const struct gate_target *target = &plan->targets[i];
		run->chain_of[i] = run->baseline_of[i] = chain_index(run, target->chain);
		if (target->baseline.given && !gate_target_has_own_baseline(target))
			run->baseline_of[i] = chain_index(run, target->baseline.chain);
		join_groups(run, run->chain_of[i], run->baseline_of[i]);
	}
	for (size_t i = 0; i < run->chain_count; i++)
		run->groups[run->chains[i].group].chain_count++;
	for (size_t i = 0; i < run->chain_count; i++)
		if (run->groups[i].chain_count)
			begin_group(run, i);
}

static void end(struct run *run)
{
	for (size_t i = 0; i < run->chain_count; i++) {
		arena_release(&run->chains[i].listings[0]);
		arena_release(&run->chains[i].listings[1]);
		buf_release(&run->chains[i].body);
	}
	arena_release(&run->scratch);
	arena_release(&run->arena);
}

/* ---- the loop --------------------------------------------------------------------------------------------------- */

static void run_step(struct run *run)
{
	const struct run_options *options = run->options;
	struct net_answer answer;
	ask_what_is_due(run);
	if (net_wait(options->net, time_add(options->start_ns, next_alarm(run)), options->wake_fd, &answer)) {
		take_answer(run, &answer);
		net_answer_release(&answer);
	} else if (run_now(run) >= gate_deadline_ns(run->gate)) {
		gate_deadline(run->gate, run_now(run));
	}
	break_silence(run);
}

void run_gate(struct gate *gate, const struct run_options *options)
{
	struct run run = {.options = options, .gate = gate};
	begin(&run);
	while (!gate_done(gate)) {
		if (signals_caught())
			gate_interrupt(gate, run_now(&run), signals_caught());
		else
			run_step(&run);
	}
	net_cancel(options->net);
	print_events(&run);
	end(&run);
}
