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

/* What is known of the chain that a target watches. */
struct feed {
	struct schedule schedule;
	bool is_asking;        /* a request is on its way */
	const char *list_path; /* NULL until the chain's id is known: then its name is looked up first */
	struct text chain_id;
	struct arena listings[2]; /* in turn: the gate needs a listing until it has taken in the next */
	size_t turn;
	const struct listing *listing; /* the last one that could be read … */
	struct buf body;               /* … and the bytes it was read from */
};

struct run {
	const struct run_options *options;
	struct gate *gate;
	struct feed *feeds;   /* one for each target */
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
		progress_event(&lines, result, event, schedule_next(&run->feeds[event->target].schedule));
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

static void ask(struct run *run, size_t target)
{
	struct feed *feed = &run->feeds[target];
	const char *path = feed->list_path ? feed->list_path : api_chains_path();
	net_get(run->options->net, path, time_add(run->options->start_ns, gate_deadline_ns(run->gate)), target);
	feed->is_asking = true;
}

static void ask_what_is_due(struct run *run)
{
	int64_t now_ns = run_now(run);
	for (size_t i = 0; i < run->options->plan->target_count; i++)
		if (!run->feeds[i].is_asking && schedule_next(&run->feeds[i].schedule) <= now_ns)
			ask(run, i);
}

/* When something is to be done even if no answer comes. */
static int64_t next_alarm(const struct run *run)
{
	int64_t alarm_ns = gate_deadline_ns(run->gate);
	for (size_t i = 0; i < run->options->plan->target_count; i++) {
		const struct feed *feed = &run->feeds[i];
		if (!feed->is_asking && schedule_next(&feed->schedule) < alarm_ns)
			alarm_ns = schedule_next(&feed->schedule);
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
static bool learn_chain(struct run *run, struct feed *feed, struct text wanted, const struct api_answer *answer,
			struct miss *miss)
{
	struct text id, name;
	if (!api_find_chain(&run->scratch, answer, wanted, &id, &name, miss))
		return false;
	feed->chain_id = arena_text(&run->arena, id);
	feed->list_path = api_deployments_path(&run->arena, feed->chain_id);
	return true;
}

/* A body that is the last one's again, byte for byte, says the same: nothing to decode. */
static bool is_repetition(const struct feed *feed, const struct net_answer *answer)
{
	return feed->listing && answer->transport.cause == MISS_NONE && answer->http_status == 200 &&
	       text_equal(buf_text(&feed->body), answer->body);
}

static bool learn_listing(struct run *run, struct feed *feed, const struct net_answer *answer, struct miss *miss)
{
	size_t turn = 1 - feed->turn;
	struct arena *arena = &feed->listings[turn];
	const struct listing *listing;
	if (is_repetition(feed, answer))
		return true;
	struct api_answer believed = answer_without_key(run, answer);
	arena_clear(arena);
	if (!api_read_deployments(arena, &believed, &listing, miss))
		return false;
	feed->listing = listing;
	feed->turn = turn;
	buf_clear(&feed->body);
	if (!buf_add(&feed->body, answer->body))
		buf_clear(&feed->body); /* it is never larger than the limit; if it were, nothing repeats it */
	return true;
}

static bool is_asked_again(const struct run *run, size_t target, const struct observation *observation)
{
	if (gate_wants_confirmation(run->gate, target))
		return true;
	return !observation->listing && miss_class(&observation->miss) == MISS_TRANSIENT;
}

static void observe(struct run *run, size_t target, const struct net_answer *answer,
		    const struct observation *observation)
{
	gate_observe(run->gate, target, observation);
	gate_settle(run->gate, observation->at_ns);
	schedule_answered(&run->feeds[target].schedule, answer->sent_ns - run->options->start_ns, observation->at_ns,
			  is_asked_again(run, target, observation),
			  observation->listing ? 0 : observation->miss.retry_after_ns, clock_random());
	print_events(run);
}

static void take_answer(struct run *run, const struct net_answer *answer)
{
	size_t target = answer->tag;
	struct feed *feed = &run->feeds[target];
	struct observation observation = {.at_ns = answer->done_ns - run->options->start_ns};
	/* Of two answers that wait to be taken, the later one may come first: the gate's times never go back. */
	if (observation.at_ns < run->observed_ns)
		observation.at_ns = run->observed_ns;
	run->observed_ns = observation.at_ns;
	feed->is_asking = false;
	if (!feed->list_path) {
		struct api_answer believed = answer_without_key(run, answer);
		if (learn_chain(run, feed, run->options->plan->targets[target].chain, &believed, &observation.miss))
			ask(run, target); /* the look-up was the first half of this poll */
		else
			observe(run, target, answer, &observation);
	} else {
		if (learn_listing(run, feed, answer, &observation.miss)) {
			observation.listing = feed->listing;
			observation.chain_id = feed->chain_id;
		}
		observe(run, target, answer, &observation);
	}
	arena_clear(&run->scratch);
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
	const struct gate_plan *plan = options->plan;
	struct run run = {.options = options, .gate = gate};
	run.feeds = ARENA_ARRAY(&run.arena, struct feed, plan->target_count);
	for (size_t i = 0; i < plan->target_count; i++) {
		run.feeds[i].schedule = schedule_make(plan->targets[i].wait.interval_ns, plan->timeout_ns, true);
		run.feeds[i].body = buf_make(options->body_max);
	}
	while (!gate_done(gate)) {
		if (signals_caught())
			gate_interrupt(gate, run_now(&run), signals_caught());
		else
			run_step(&run);
	}
	net_cancel(options->net);
	print_events(&run);
	for (size_t i = 0; i < plan->target_count; i++) {
		arena_release(&run.feeds[i].listings[0]);
		arena_release(&run.feeds[i].listings[1]);
		buf_release(&run.feeds[i].body);
	}
	arena_release(&run.scratch);
	arena_release(&run.arena);
}
