/* status_watch.c - `chaingate status --watch`: asks again and again.
 *
 * A temporary error is shown, and the watch goes on. A permanent one (a wrong key, no such chain) ends it.
 */
#include "chaingate/buf.h"
#include "chaingate/clock.h"
#include "chaingate/feed.h"
#include "chaingate/gate.h"
#include "chaingate/live.h"
#include "chaingate/schedule.h"
#include "chaingate/signals.h"
#include "status_request.h"

#include <unistd.h>

/* Nothing in here grows with the duration of the watch. All times are since its start. */
struct status_watch {
	const struct status_request *request;
	int64_t start_ns; /* monotonic */
	struct schedule schedule;
	struct feed *feed;     /* of one chain */
	bool is_asking;        /* a request is running */
	struct arena scratch;  /* for one answer */
	struct arena missed;   /* for the latest miss */
	struct arena chosen;   /* for the selection */
	struct arena known[2]; /* for the history, used in turn: the next one is made from the last */
	size_t turn;
	struct status_history history;
	struct selection selection;
	struct status_view view;
	struct live live;
	bool draws;
	struct buf printed; /* the last printed table */
	bool is_over;
	enum gate_exit code;
};

static int64_t watch_now(const struct status_watch *watch)
{
	return clock_monotonic_ns() - watch->start_ns;
}

/* ---- showing ---------------------------------------------------------------------------------------------------- */

static void draw(struct status_watch *watch, bool is_last)
{
	int64_t now_ns = watch_now(watch);
	if (!watch->draws || (!is_last && now_ns < live_due_ns(&watch->live)))
		return;
	struct buf lines = buf_make(BUF_LIMIT_REPORT);
	struct screen screen = live_screen(&watch->live);
	watch->view.now_ns = now_ns;
	watch->view.now_wall_ns = clock_wall_ns();
	status_live(&lines, &watch->view, &screen);
	if (is_last)
		live_end(&watch->live, buf_text(&lines));
	else
		live_draw(&watch->live, buf_text(&lines), now_ns);
	buf_release(&lines);
	if (watch->request->invocation->output->is_deaf) { /* nobody would see anything any more */
		watch->is_over = true;
		watch->code = GATE_EXIT_UNREPORTED;
	}
}

/* For a pipe: prints the time and the table if it differs from the last one. */
static void print_if_new(struct status_watch *watch)
{
	struct output *output = watch->request->invocation->output;
	struct buf said = buf_make(BUF_LIMIT_REPORT), lines = buf_make(BUF_LIMIT_REPORT);
	/* Compares tables without ages, which always change: with INT64_MIN as the time, the table shows none. */
	status_table(&said, &watch->selection, INT64_MIN, false);
	bool is_new =
		watch->view.polls == watch->view.misses + 1 || !text_equal(buf_text(&said), buf_text(&watch->printed));
	if (is_new && watch->selection.count == 0) {
		status_say_nothing(watch->request, watch->view.instead);
	} else if (is_new) {
		moment_add(&lines, clock_wall_ns(), false);
		buf_add_byte(&lines, '\n');
		status_table(&lines, &watch->selection, clock_wall_ns(), output_has_color(output, STDOUT_FILENO));
		watch->is_over = !output_print(output, buf_text(&lines));
		watch->code = GATE_EXIT_UNREPORTED; /* used only if it is over */
	}
	buf_release(&watch->printed);
	watch->printed = said;
	buf_release(&lines);
}

static void say_retry(struct status_watch *watch, const struct miss *miss)
{
	output_message(watch->request->invocation->output, "could not read the deployments: %s; trying again",
		       status_miss_words(&watch->scratch, miss));
}

/* ---- requests --------------------------------------------------------------------------------------------------- */

/* Sends the look-up or the request for the chain's list, whichever is next. */
static void ask(struct status_watch *watch)
{
	struct feed_request next;
	while (feed_request(watch->feed, &next)) {
		net_get_again(watch->request->net, next.path, time_add(clock_monotonic_ns(), GATE_SINGLE_REQUEST_NS),
			      next.tag, next.last);
		watch->is_asking = true;
	}
}

static void take_list(struct status_watch *watch, const struct feed_reading *reading)
{
	const struct listing *listing = reading->listing;
	size_t turn = 1 - watch->turn;
	arena_clear(&watch->known[turn]);
	watch->history = status_history_next(&watch->known[turn], &watch->history, listing, reading->at_ns);
	watch->turn = turn;
	arena_clear(&watch->chosen);
	watch->selection = status_select(watch->request, &watch->chosen, listing, reading->chain_id);
	watch->view.selection = &watch->selection;
	watch->view.instead =
		status_instead(watch->request, &watch->chosen, listing, reading->chain_id, &watch->selection);
	watch->view.since_ns = watch->history.since_ns;
	watch->view.listed = listing->count;
	watch->view.miss = (struct miss){0};
	if (!watch->draws)
		print_if_new(watch);
}

static void take_miss(struct status_watch *watch, const struct miss *miss)
{
	bool is_first = watch->view.miss.cause == MISS_NONE;
	watch->view.misses++;
	arena_clear(&watch->missed);
	watch->view.miss = *miss;
	watch->view.miss.detail = arena_text(&watch->missed, miss->detail);
	if (miss_class(miss) != MISS_TRANSIENT) {
		watch->is_over = true;
		watch->code = GATE_EXIT_UNREACHABLE;
	} else if (is_first && !watch->draws) {
		say_retry(watch, miss);
	}
}

static void take_reading(struct status_watch *watch, const struct feed_reading *reading)
{
	watch->view.polls++;
	if (reading->chain_id.length && !status_is_of_chain(watch->request, reading->chain_id)) {
		watch->is_over = true;
		watch->code = GATE_EXIT_USAGE;
		return;
	}
	if (reading->listing)
		take_list(watch, reading);
	else
		take_miss(watch, &reading->miss);
	schedule_answered(&watch->schedule,
			  &(struct schedule_answer){.sent_ns = reading->sent_ns,
						    .at_ns = reading->at_ns,
						    .again = !reading->listing,
						    .retry_after_ns = reading->miss.retry_after_ns},
			  clock_random());
	watch->live.is_stale = true;
}

static void take_answer(struct status_watch *watch, struct net_answer *answer)
{
	struct api_answer believed = status_answer(answer);
	struct feed_reading reading;
	watch->is_asking = false;
	feed_take(watch->feed, answer->tag, &believed, answer->sent_ns - watch->start_ns,
		  answer->done_ns - watch->start_ns);
	while (feed_reading(watch->feed, &reading))
		take_reading(watch, &reading);
	if (!watch->is_over)
		ask(watch); /* after the look-up, for the chain's list */
}

/* ---- the loop --------------------------------------------------------------------------------------------------- */

static int64_t next_alarm(const struct status_watch *watch)
{
	int64_t alarm_ns = watch->is_asking ? INT64_MAX : schedule_next(&watch->schedule);
	if (watch->draws && live_due_ns(&watch->live) < alarm_ns)
		alarm_ns = live_due_ns(&watch->live);
	return time_add(watch->start_ns, alarm_ns);
}

static void step(struct status_watch *watch)
{
	struct net_answer answer;
	if (!watch->is_asking && schedule_next(&watch->schedule) <= watch_now(watch)) {
		feed_ask(watch->feed, 0);
		ask(watch);
	}
	draw(watch, false);
	if (!net_wait(watch->request->net, next_alarm(watch), watch->request->wake_fd, &answer))
		return;
	take_answer(watch, &answer);
	net_answer_release(&answer);
	arena_clear(&watch->scratch);
}

static void release(struct status_watch *watch)
{
	feed_free(watch->feed);
	buf_release(&watch->printed);
	arena_release(&watch->scratch);
	arena_release(&watch->missed);
	arena_release(&watch->chosen);
	arena_release(&watch->known[0]);
	arena_release(&watch->known[1]);
}

enum gate_exit status_watch(const struct status_request *request)
{
	struct feed_source source = {.kind = request->wanted.selector.of,
				     .wanted = request->wanted.chain,
				     .is_id = request->wanted.chain_is_id,
				     .environment = selector_environment(&request->wanted.selector)};
	struct status_watch watch = {
		.request = request,
		.start_ns = clock_monotonic_ns(),
		.schedule = schedule_make(request->interval_ns, INT64_MAX, true),
		.feed = feed_new(&source, 1, request->connection.body_max),
		.view = {.chain = request->wanted.chain},
		.live = {.output = request->invocation->output, .fd = STDOUT_FILENO},
		.draws = output_can_draw(STDOUT_FILENO),
		.printed = buf_make(BUF_LIMIT_REPORT),
	};
	while (!watch.is_over && !signals_caught())
		step(&watch);
	net_cancel(request->net);
	enum gate_exit code = watch.is_over ? watch.code : verdict_exit(VERDICT_INTERRUPTED, signals_caught());
	draw(&watch, true);
	if (code == GATE_EXIT_USAGE)
		command_refuse(request->invocation);
	if (code == GATE_EXIT_UNREACHABLE)
		status_refuse_miss(request, "the deployments", &watch.view.miss);
	release(&watch);
	return code;
}
