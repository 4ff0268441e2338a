/* run.c - see run.h. */
#include "chaingate/run.h"

#include "chaingate/buf.h"
#include "chaingate/clock.h"
#include "chaingate/driver.h"
#include "chaingate/feed.h"
#include "chaingate/live.h"
#include "chaingate/recorder.h"
#include "chaingate/report.h"
#include "chaingate/signals.h"

#include <unistd.h>

struct run {
	const struct run_options *options;
	struct driver *driver;
	struct gate *gate; /* owned by the driver */
	struct feed *feed;
	size_t events_shown;
	int64_t printed_ns;
	bool is_refused;  /* two sources name different chains */
	struct live live; /* its times count from the run's start */
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
	if (run->events_shown == count)
		return;
	run->live.is_stale = true;
	if (run->options->progress != RUN_LINES) {
		run->events_shown = count;
		return;
	}
	struct buf lines = buf_make(BUF_LIMIT_REPORT);
	const struct target_result *result = NULL;
	for (size_t shown = SIZE_MAX; run->events_shown < count; run->events_shown++) {
		const struct gate_event *event = &events[run->events_shown];
		if (event->target != shown)
			result = gate_target_result(run->gate, event->target);
		shown = event->target;
		progress_event(&lines, result, event, driver_next_poll_ns(run->driver, event->target));
	}
	print_line(run, &lines);
}

/* How many targets have a line of their own each time. Of more, those that pass are only counted: nobody reads a
 * thousand lines a minute. */
#define SILENT_TARGETS_MAX 10

static void break_silence(struct run *run)
{
	int64_t now_ns = run_now(run);
	if (run->options->progress != RUN_LINES || now_ns - run->printed_ns < RUN_SILENCE_NS || gate_done(run->gate))
		return;
	struct buf lines = buf_make(BUF_LIMIT_REPORT);
	const struct gate_result *result = gate_result(run->gate);
	size_t named = 0, waiting = 0, passing = 0;
	bool are_many = result->target_count > SILENT_TARGETS_MAX;
	for (size_t i = 0; i < result->target_count; i++) {
		const struct target_result *target = &result->targets[i];
		if (target->verdict != VERDICT_NONE)
			continue;
		if (are_many && target->waiting == WAITING_NOTHING)
			passing++;
		else if (named++ < SILENT_TARGETS_MAX)
			progress_waiting(&lines, target, now_ns);
		else
			waiting++;
	}
	if (waiting || passing)
		progress_others(&lines, waiting, passing, now_ns);
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

/* The moment at which something must be shown even if nothing happens. */
static int64_t next_showing(const struct run *run)
{
	switch (run->options->progress) {
	case RUN_LINES: return time_add(run->printed_ns, RUN_SILENCE_NS);
	case RUN_LIVE: return live_due_ns(&run->live);
	case RUN_SILENT: break;
	}
	return INT64_MAX;
}

/* ---- asking and answers ----------------------------------------------------------------------------------------- */

static void send_requests(struct run *run)
{
	const struct run_options *options = run->options;
	struct feed_request request;
	while (feed_request(run->feed, &request))
		net_get_again(options->net, request.path, time_add(options->start_ns, plan_deadline_ns(options->plan)),
			      request.tag, request.last);
}

/* The wall clock is read only at the start, so setting it during the run doesn't affect the run's time. */
static struct api_answer api_answer_of(const struct run *run, struct net_answer *answer)
{
	return (struct api_answer){
		.transport = answer->transport,
		.http_status = answer->http_status,
		.body = answer->body,
		.allocation = &answer->owned,
		.retry_after = answer->retry_after,
		.date = answer->date,
		.link = answer->link,
		.headers = answer->headers,
		.wall_ns = time_add(run->options->plan->start_wall_ns, answer->done_ns - run->options->start_ns),
	};
}

/* Two sources that name the chain must mean the same one. An address contains the id; for a name, the first answer
 * tells the id. */
static void compare_names(struct run *run, const struct feed_reading *reading)
{
	size_t count;
	const struct driver_chain *chain = &driver_chains(run->driver, &count)[reading->chain];
	const struct plan_chain asked = {chain->kind, chain->wanted, chain->is_id};
	if (reading->chain_id.length && !plan_check_id(run->options->plan, &asked, reading->chain_id,
						       &(struct target_place){.diags = run->options->usage}))
		run->is_refused = true;
}

static void take_reading(struct run *run, const struct feed_reading *reading)
{
	compare_names(run, reading);
	if (run->is_refused)
		return;
	struct driver_answer answer = {
		.sent_ns = reading->sent_ns,
		.at_ns = reading->at_ns,
		.chain_id = reading->chain_id,
		.listing = reading->listing,
		.miss = reading->miss,
		.has_clock = reading->has_clock,
		.clock_offset_ns = reading->clock_offset_ns,
		.clock_slack_ns = reading->clock_slack_ns,
	};
	bool is_over = driver_answered(run->driver, reading->chain, &answer, clock_random());
	if (run->options->recorder)
		recorder_take(run->options->recorder, run->driver, reading, is_over);
}

static void take_answer(struct run *run, struct net_answer *answer)
{
	int64_t start_ns = run->options->start_ns;
	struct api_answer believed = api_answer_of(run, answer);
	struct feed_reading reading;
	feed_take(run->feed, answer->tag, &believed, answer->sent_ns - start_ns, answer->done_ns - start_ns);
	while (feed_reading(run->feed, &reading))
		take_reading(run, &reading);
	send_requests(run); /* after a look-up, the chain's own list is requested */
}

/* ---- the loop --------------------------------------------------------------------------------------------------- */

/* Waits until an answer arrives, or something is due or must be shown. Answers that have arrived are handled before
 * deadlines, because they came earlier. */
static void wait_for(struct run *run, int64_t until_ns)
{
	const struct run_options *options = run->options;
	struct net_answer answer;
	draw(run);
	if (next_showing(run) < until_ns)
		until_ns = next_showing(run);
	if (net_wait(options->net, time_add(options->start_ns, until_ns), options->wake_fd, &answer)) {
		take_answer(run, &answer);
		net_answer_release(&answer);
	} else {
		driver_pass(run->driver, run_now(run));
	}
	print_events(run);
	break_silence(run);
}

static void step(struct run *run, struct driver_step next)
{
	if (signals_caught()) {
		driver_interrupt(run->driver, run_now(run), signals_caught());
	} else if (next.action == DRIVER_ASK) {
		feed_ask(run->feed, next.chain);
		send_requests(run);
	} else {
		wait_for(run, next.until_ns);
	}
}

static struct feed *make_feed(const struct run *run)
{
	struct arena arena = {0};
	size_t count;
	const struct driver_chain *chains = driver_chains(run->driver, &count);
	struct feed_source *sources = ARENA_ARRAY(&arena, struct feed_source, count);
	for (size_t i = 0; i < count; i++)
		sources[i] = (struct feed_source){chains[i].wanted, chains[i].environment, chains[i].known_id,
						  chains[i].kind, chains[i].is_id};
	struct feed *feed = feed_new(sources, count, run->options->body_max);
	for (size_t i = 0; i < count; i++)
		feed_want(feed, i, chains[i].selectors, chains[i].selector_count);
	arena_release(&arena);
	return feed;
}

static struct run begin(struct driver *driver, const struct run_options *options)
{
	struct run run = {.options = options,
			  .driver = driver,
			  .gate = driver_gate(driver),
			  .live = {.output = options->output, .fd = STDERR_FILENO}};
	run.feed = make_feed(&run);
	return run;
}

static void end(struct run *run)
{
	net_cancel(run->options->net);
	print_events(run);
	draw(run);
	feed_free(run->feed);
}

static struct chain keep_chain(struct arena *arena, const struct chain *chain)
{
	struct chain kept = *chain;
	kept.id = arena_text(arena, chain->id);
	kept.name = arena_text(arena, chain->name);
	kept.team = arena_text(arena, chain->team);
	return kept;
}

bool run_find_chains(struct driver *driver, const struct run_options *options, struct arena *arena,
		     struct run_beginning *out)
{
	struct run run = begin(driver, options);
	struct driver_step next;
	const struct chain *chains;
	size_t count;
	bool is_found;
	feed_want_chains(run.feed, true);
	while (!(is_found = feed_chains(run.feed, &chains, &count)) &&
	       (next = driver_next(driver, run_now(&run))).action != DRIVER_DONE)
		step(&run, next);
	if (is_found) {
		struct chain *kept = ARENA_ARRAY(arena, struct chain, count + 1);
		for (size_t i = 0; i < count; i++)
			kept[i] = keep_chain(arena, &chains[i]);
		*out = (struct run_beginning){kept, count, feed_date(run.feed), run_now(&run)};
	}
	end(&run);
	return is_found;
}

bool run_gate(struct driver *driver, const struct run_options *options)
{
	struct run run = begin(driver, options);
	struct driver_step next;
	if (options->beginning)
		feed_set_date(run.feed, options->beginning->date);
	while (!run.is_refused && (next = driver_next(driver, run_now(&run))).action != DRIVER_DONE)
		step(&run, next);
	end(&run);
	return !run.is_refused;
}
