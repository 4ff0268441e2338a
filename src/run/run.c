/* run.c - see run.h. */
#include "chaingate/run.h"

#include "chaingate/api.h"
#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/clock.h"
#include "chaingate/live.h"
#include "chaingate/recorder.h"
#include "chaingate/report.h"
#include "chaingate/rounds.h"
#include "chaingate/signals.h"

#include <stdlib.h>
#include <unistd.h>

/* How one chain is asked. */
struct feed {
	const char *list_path; /* NULL until the chain's id is known: it is looked up first */
	struct api_lists lists;
};

/* When the chains of a group are asked. A round is over when all of them have answered. */
struct group {
	struct schedule schedule;
	size_t chain_count;
	size_t missing; /* answers of this round */
	int64_t sent_ns;
};

struct run {
	const struct run_options *options;
	struct gate *gate;
	struct rounds rounds;
	struct feed *feeds;   /* one for each chain */
	struct group *groups; /* as many as there are chains, of which some are empty */
	struct arena arena;   /* lives as long as the run */
	struct arena scratch; /* for one answer */
	int64_t observed_ns;  /* of the latest observation */
	int64_t passed_ns;    /* just after the last deadline that has passed */
	size_t events_shown;
	int64_t printed_ns;
	struct live live; /* times as the run's */
};

static int64_t run_now(const struct run *run)
{
	return clock_monotonic_ns() - run->options->start_ns;
}

static struct group *group_of(struct run *run, size_t target)
{
	return &run->groups[run->rounds.chains[run->rounds.own[target]].group];
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
	if (run->events_shown == count)
		return;
	run->live.is_stale = true;
	if (run->options->progress != RUN_LINES) {
		run->events_shown = count;
		return;
	}
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
	if (run->options->progress != RUN_LINES || now_ns - run->printed_ns < RUN_SILENCE_NS || gate_done(run->gate))
		return;
	struct buf lines = buf_make(BUF_LIMIT_REPORT);
	const struct gate_result *result = gate_result(run->gate);
	for (size_t i = 0; i < result->target_count; i++)
		progress_waiting(&lines, &result->targets[i], now_ns);
	run->printed_ns = now_ns; /* even if there was nothing to say */
	print_line(run, &lines);
}

static void draw(struct run *run)
{
	int64_t now_ns = run_now(run);
	bool is_last = gate_done(run->gate);
	if (run->options->progress != RUN_LIVE || (!is_last && now_ns < live_due_ns(&run->live)))
		return;
	struct buf lines = buf_make(BUF_LIMIT_REPORT);
	struct screen screen = live_screen(&run->live);
	const struct gate_result *result = gate_result(run->gate);
	live_table(&lines, result, is_last ? result->at_ns : now_ns, &screen);
	if (is_last)
		live_end(&run->live, buf_text(&lines));
	else
		live_draw(&run->live, buf_text(&lines), now_ns);
	buf_release(&lines);
}

/* ---- asking ----------------------------------------------------------------------------------------------------- */

static void ask(struct run *run, size_t index)
{
	struct feed *feed = &run->feeds[index];
	const char *path = feed->list_path ? feed->list_path : api_chains_path();
	net_get(run->options->net, path, time_add(run->options->start_ns, gate_run_deadline_ns(run->gate)), index);
}

/* Is there a target that what the group says could decide? */
static bool is_needed(const struct run *run, size_t group)
{
	for (size_t i = 0; i < run->options->plan->target_count; i++)
		if (run->rounds.chains[run->rounds.own[i]].group == group && !gate_target_done(run->gate, i))
			return true;
	return false;
}

static void ask_what_is_due(struct run *run)
{
	int64_t now_ns = run_now(run);
	for (size_t i = 0; i < run->rounds.count; i++) {
		struct group *group = &run->groups[i];
		if (group->chain_count == 0 || group->missing || schedule_next(&group->schedule) > now_ns ||
		    !is_needed(run, i))
			continue;
		group->missing = group->chain_count;
		group->sent_ns = INT64_MAX;
		for (size_t j = 0; j < run->rounds.count; j++)
			if (run->rounds.chains[j].group == i)
				ask(run, j);
	}
}

/* When something is to be done even if no answer comes. */
static int64_t next_alarm(const struct run *run)
{
	int64_t alarm_ns = gate_deadline_ns(run->gate);
	for (size_t i = 0; i < run->rounds.count; i++) {
		const struct group *group = &run->groups[i];
		if (group->chain_count && !group->missing && schedule_next(&group->schedule) < alarm_ns &&
		    is_needed(run, i))
			alarm_ns = schedule_next(&group->schedule);
	}
	if (run->options->progress == RUN_LINES && time_add(run->printed_ns, RUN_SILENCE_NS) < alarm_ns)
		alarm_ns = time_add(run->printed_ns, RUN_SILENCE_NS);
	if (run->options->progress == RUN_LIVE && live_due_ns(&run->live) < alarm_ns)
		alarm_ns = live_due_ns(&run->live);
	return alarm_ns;
}

/* ---- answers ---------------------------------------------------------------------------------------------------- */

/* The wall clock counts at the start only: a step of it during the run is no step of the run's time. */
static struct api_answer api_answer_of(const struct run *run, const struct net_answer *answer)
{
	return (struct api_answer){
		.transport = answer->transport,
		.http_status = answer->http_status,
		.body = answer->body,
		.retry_after = answer->retry_after,
		.wall_ns = time_add(run->options->plan->start_wall_ns, answer->done_ns - run->options->start_ns),
	};
}

/* The chain's id, from the list of chains. */
static bool learn_chain(struct run *run, size_t index, const struct api_answer *answer)
{
	struct round_chain *chain = &run->rounds.chains[index];
	struct text id, name;
	if (!api_find_chain(&run->scratch, answer, chain->wanted, &id, &name, &chain->miss))
		return false;
	chain->chain_id = arena_text(&run->arena, id);
	run->feeds[index].list_path = api_deployments_path(&run->arena, chain->chain_id);
	return true;
}

/* The miss outlives the answer: another chain of the group may answer later. */
static void keep_miss(struct run *run, struct round_chain *chain)
{
	chain->miss.detail = arena_text(&run->arena, chain->miss.detail);
}

/* All chains of a group have answered: what they said, as one moment. */
static void end_round(struct run *run, size_t index)
{
	struct group *group = &run->groups[index];
	if (run->options->recorder)
		recorder_end_round(run->options->recorder, &run->rounds, index);
	struct round_outcome outcome = rounds_show(&run->rounds, run->gate, index, run->observed_ns);
	schedule_answered(&group->schedule, group->sent_ns, run->observed_ns, outcome.again, outcome.retry_after_ns,
			  clock_random());
	print_events(run);
}

static void take_answer(struct run *run, const struct net_answer *answer)
{
	struct feed *feed = &run->feeds[answer->tag];
	struct round_chain *chain = &run->rounds.chains[answer->tag];
	struct group *group = &run->groups[chain->group];
	int64_t at_ns = answer->done_ns - run->options->start_ns, sent_ns = answer->sent_ns - run->options->start_ns;
	if (at_ns < run->passed_ns)
		at_ns = run->passed_ns;
	/* Of two answers that wait to be taken, the later one may come first: a round isn't over before the one that was over before it. */
	if (at_ns > run->observed_ns)
		run->observed_ns = at_ns;
	chain->at_ns = at_ns;
	if (sent_ns < group->sent_ns)
		group->sent_ns = sent_ns;
	chain->is_current = false;
	bool looked_up = false;
	struct api_answer believed = api_answer_of(run, answer);
	if (!feed->list_path) {
		looked_up = learn_chain(run, answer->tag, &believed);
	} else {
		chain->is_current = api_lists_read(&feed->lists, &believed, &chain->miss);
		chain->listing = feed->lists.latest;
	}
	if (!chain->is_current && !looked_up)
		keep_miss(run, chain);
	if (run->options->recorder && !looked_up)
		recorder_keep(run->options->recorder, answer->tag, &believed, feed->list_path != NULL,
			      answer->done_ns - answer->sent_ns);
	if (looked_up)
		ask(run, answer->tag); /* that was the first half of this poll */
	else if (--group->missing == 0)
		end_round(run, chain->group);
	arena_clear(&run->scratch);
}

/* ---- life ------------------------------------------------------------------------------------------------------- */

static void begin_group(struct run *run, size_t index)
{
	const struct gate_plan *plan = run->options->plan;
	struct group *group = &run->groups[index];
	group->schedule = schedule_make(plan->targets[0].wait.interval_ns, plan->timeout_ns, true);
	group->schedule.deadlines = rounds_deadlines(&run->arena, &run->rounds, index, &group->schedule.deadline_count);
}

static void begin(struct run *run)
{
	run->rounds = rounds_make(&run->arena, run->options->plan);
	run->feeds = ARENA_ARRAY(&run->arena, struct feed, run->rounds.count);
	run->groups = ARENA_ARRAY(&run->arena, struct group, run->rounds.count);
	for (size_t i = 0; i < run->rounds.count; i++) {
		run->feeds[i].lists = api_lists_make(run->options->body_max);
		run->groups[run->rounds.chains[i].group].chain_count++;
	}
	for (size_t i = 0; i < run->rounds.count; i++)
		if (run->groups[i].chain_count)
			begin_group(run, i);
	if (run->options->recorder)
		recorder_begin(run->options->recorder, run->rounds.count);
}

static void end(struct run *run)
{
	for (size_t i = 0; i < run->rounds.count; i++)
		api_lists_release(&run->feeds[i].lists);
	arena_release(&run->scratch);
	arena_release(&run->arena);
}

/* The deadline counts when it was, however late it is noticed; what is taken in afterwards came after it. */
static void pass_deadline(struct run *run)
{
	int64_t deadline_ns = gate_deadline_ns(run->gate);
	gate_deadline(run->gate, deadline_ns);
	run->passed_ns = deadline_ns + 1;
	if (run->observed_ns < run->passed_ns)
		run->observed_ns = run->passed_ns;
}

/* ---- the loop --------------------------------------------------------------------------------------------------- */

static void run_step(struct run *run)
{
	const struct run_options *options = run->options;
	struct net_answer answer;
	ask_what_is_due(run);
	draw(run);
	if (net_wait(options->net, time_add(options->start_ns, next_alarm(run)), options->wake_fd, &answer)) {
		take_answer(run, &answer);
		net_answer_release(&answer);
	} else if (run_now(run) >= gate_deadline_ns(run->gate)) {
		pass_deadline(run);
	}
	break_silence(run);
}

void run_gate(struct gate *gate, const struct run_options *options)
{
	struct run run = {.options = options, .gate = gate, .live = {.output = options->output, .fd = STDERR_FILENO}};
	begin(&run);
	while (!gate_done(gate)) {
		if (signals_caught() && run_now(&run) < gate_deadline_ns(gate))
			gate_interrupt(gate, run_now(&run), signals_caught());
		else if (signals_caught())
			pass_deadline(&run); /* that came first */
		else
			run_step(&run);
	}
	net_cancel(options->net);
	print_events(&run);
	draw(&run);
	end(&run);
}
