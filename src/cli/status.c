/* status.c - `chaingate status`: what the API lists for a chain, as a table, once or again and again. No policy, no verdict. */
#include "chaingate/api.h"
#include "chaingate/buf.h"
#include "chaingate/clock.h"
#include "chaingate/report.h"
#include "chaingate/signals.h"
#include "command.h"
#include "connection.h"
#include "key.h"
#include "live.h"
#include "values.h"
#include "wanted.h"

#include <string.h>
#include <unistd.h>

struct status_request {
	const struct invocation *invocation;
	struct net_options connection;
	struct policy_target wanted;
	int64_t start_wall_ns;
	int64_t interval_ns;
	int wake_fd;
	struct net *net;
	struct arena chain_arena;
	struct text chain_id; /* empty until it was looked up */
	struct arena arena;   /* of one poll */
	struct live live;
	struct buf shown; /* what was printed last, where it isn't drawn */
};

/* Asked for and not got. */
enum got { GOT_ANSWER, GOT_MISS, GOT_SIGNAL };

/* One answer; what it says is in the poll's arena. */
static enum got get(struct status_request *request, const char *path, struct api_answer *out)
{
	struct arena *arena = &request->arena;
	struct net_answer answer;
	net_get(request->net, path, time_add(clock_monotonic_ns(), GATE_SINGLE_REQUEST_NS), 0);
	/* The request itself is cut at the deadline, so an answer comes by then. */
	if (!net_wait(request->net, INT64_MAX, request->wake_fd, &answer))
		return GOT_SIGNAL;
	*out = (struct api_answer){
		.transport = answer.transport,
		.http_status = answer.http_status,
		.body = arena_text(arena, key_hide(arena, answer.body, request->connection.key)),
		.retry_after = arena_text(arena, key_hide(arena, answer.retry_after, request->connection.key)),
		.wall_ns = clock_wall_ns(),
	};
	out->transport.detail = arena_text(arena, key_hide(arena, answer.transport.detail, request->connection.key));
	net_answer_release(&answer);
	return GOT_ANSWER;
}

static void say_miss(struct status_request *request, const char *what, const struct miss *miss)
{
	const char *how = miss->cause == MISS_HTTP ? arena_printf(&request->arena, "HTTP %d", miss->http_status) : miss_cause_name(miss->cause);
	output_message(request->invocation->output, "could not read %s: %s%s%.*s", what, how, miss->detail.length > 0 ? ": " : "",
		       TEXT_ARG(miss->detail));
}

static enum got get_listing(struct status_request *request, const struct listing **out, struct miss *miss)
{
	struct api_answer answer;
	struct text id, name;
	if (!request->chain_id.length) {
		if (get(request, api_chains_path(), &answer) == GOT_SIGNAL)
			return GOT_SIGNAL;
		if (!api_find_chain(&request->arena, &answer, request->wanted.chain, &id, &name, miss))
			return GOT_MISS;
		request->chain_id = arena_text(&request->chain_arena, id);
	}
	if (get(request, api_deployments_path(&request->arena, request->chain_id), &answer) == GOT_SIGNAL)
		return GOT_SIGNAL;
	return api_read_deployments(&request->arena, &answer, out, miss) ? GOT_ANSWER : GOT_MISS;
}

static struct selection select_wanted(struct status_request *request, const struct listing *listing)
{
	struct selector selector = request->wanted.selector;
	if (selector.kind == SELECT_NOTHING)
		selector.kind = SELECT_ALL;
	selector.since = since_resolve(selector.since, request->start_wall_ns);
	return selection_make(&request->arena, listing, &selector, request->chain_id, (struct text){0});
}

/* ---- once ------------------------------------------------------------------------------------------------------- */

static enum gate_exit print_once(struct status_request *request)
{
	const struct invocation *invocation = request->invocation;
	const struct listing *listing;
	struct miss miss;
	enum got got = get_listing(request, &listing, &miss);
	if (got == GOT_SIGNAL)
		return verdict_exit(VERDICT_INTERRUPTED, signals_caught());
	if (got == GOT_MISS) {
		say_miss(request, "the deployments", &miss);
		return GATE_EXIT_UNREACHABLE;
	}
	struct selection selection = select_wanted(request, listing);
	if (selection.count == 0) {
		output_message(invocation->output, "none of the chain's %zu deployments is selected%s", listing->count,
			       selection.older > 0 ? ": some are older than --since" : "");
		return request->wanted.selector.kind == SELECT_NOTHING ? GATE_EXIT_PASSED : GATE_EXIT_UNREACHABLE;
	}
	struct buf table = buf_make(BUF_LIMIT_REPORT);
	struct status_window window = {.columns = output_columns(STDOUT_FILENO), .colour = output_has_color(invocation->output, STDOUT_FILENO)};
	status_table(&table, &selection, clock_wall_ns(), &window);
	enum gate_exit code = command_print(invocation, buf_text(&table));
	buf_release(&table);
	return code;
}

static enum gate_exit print_user(struct status_request *request)
{
	struct api_answer answer;
	struct api_user user;
	struct miss miss;
	if (get(request, api_whoami_path(), &answer) == GOT_SIGNAL)
		return verdict_exit(VERDICT_INTERRUPTED, signals_caught());
	if (!api_read_whoami(&request->arena, &answer, &user, &miss)) {
		say_miss(request, "whose key it is", &miss);
		return GATE_EXIT_UNREACHABLE;
	}
	const struct text fields[] = {user.id, user.email, user.name, user.workspace};
	static const char *const names[] = {"id", "email", "name", "workspace"};
	struct buf lines = buf_make(BUF_LIMIT_REPORT);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (!fields[i].length)
			continue;
		buf_printf(&lines, "%-10s ", names[i]);
		text_add_printable(&lines, fields[i]);
		buf_add_byte(&lines, '\n');
	}
	enum gate_exit code = command_print(request->invocation, buf_text(&lines));
	buf_release(&lines);
	return code;
}

/* ---- again and again -------------------------------------------------------------------------------------------- */

/* The table, or why there is none: that may be over with the next poll. */
static void make_frame(struct status_request *request, struct buf *frame, bool drawn, const struct listing *listing, const struct miss *miss)
{
	struct status_window window = {.colour = output_has_color(request->invocation->output, STDOUT_FILENO)};
	if (drawn)
		live_size(&request->live, &window.columns, &window.rows);
	if (!listing) {
		buf_printf(frame, "could not read the deployments: %s", miss->cause == MISS_HTTP ? "HTTP " : miss_cause_name(miss->cause));
		if (miss->cause == MISS_HTTP)
			buf_printf(frame, "%d", miss->http_status);
		buf_add_byte(frame, '\n');
		return;
	}
	struct selection selection = select_wanted(request, listing);
	if (selection.count == 0)
		buf_printf(frame, "none of the chain's %zu deployments is selected\n", listing->count);
	status_table(frame, &selection, clock_wall_ns(), &window);
}

/* What is drawn says how old things are; what is printed, to be read later, is printed where something else has changed. */
static bool show_frame(struct status_request *request, struct buf *frame, bool drawn, struct text state)
{
	if (drawn) {
		live_draw(&request->live, buf_text(frame));
		return true;
	}
	if (text_equal(state, buf_text(&request->shown)))
		return true;
	buf_clear(&request->shown);
	buf_add(&request->shown, state);
	return output_print(request->invocation->output, buf_text(frame));
}

/* False if nobody reads any more. */
static bool poll_and_show(struct status_request *request, bool drawn)
{
	const struct listing *listing = NULL;
	struct miss miss = {0};
	struct buf frame = buf_make(BUF_LIMIT_REPORT), state = buf_make(BUF_LIMIT_REPORT);
	enum got got = get_listing(request, &listing, &miss);
	bool shown = true;
	if (got != GOT_SIGNAL) {
		if (got == GOT_MISS)
			listing = NULL;
		make_frame(request, &frame, drawn, listing, &miss);
		if (listing) {
			struct selection selection = select_wanted(request, listing);
			status_table(&state, &selection, request->start_wall_ns, &(struct status_window){0});
		} else {
			buf_add(&state, buf_text(&frame));
		}
		shown = show_frame(request, &frame, drawn, buf_text(&state));
	}
	buf_release(&frame);
	buf_release(&state);
	arena_clear(&request->arena);
	return shown;
}

static enum gate_exit watch(struct status_request *request)
{
	bool drawn = live_is_possible(STDOUT_FILENO);
	request->live.fd = STDOUT_FILENO;
	request->shown = buf_make(BUF_LIMIT_REPORT);
	while (!signals_caught()) {
		struct net_answer none;
		int64_t next_ns = time_add(clock_monotonic_ns(), request->interval_ns);
		if (!poll_and_show(request, drawn))
			return GATE_EXIT_UNREPORTED;
		while (!signals_caught() && clock_monotonic_ns() < next_ns)
			net_wait(request->net, next_ns, request->wake_fd, &none); /* nothing is asked: it only waits */
	}
	return verdict_exit(VERDICT_INTERRUPTED, signals_caught());
}

/* ---- the command ------------------------------------------------------------------------------------------------ */

static void prepare(struct invocation *invocation, struct status_request *request)
{
	const struct command_line *line = invocation->line;
	struct diags *usage = invocation->usage;
	if (line->operand_count > 0)
		usage_error(usage, "'chaingate status' takes no operands: it judges nothing");
	request->interval_ns = WAIT_INTERVAL_DEFAULT_NS;
	request->wanted = wanted_read(line, usage);
	value_duration(line, OPTION_INTERVAL, WAIT_INTERVAL_MIN_NS, WAIT_MAX_NS, usage, &request->interval_ns);
	value_since(line, OPTION_SINCE, usage, &request->wanted.selector.since);
	if (option_is_given(line, OPTION_WHOAMI) && option_is_given(line, OPTION_WATCH))
		usage_error(usage, "--whoami and --watch exclude each other");
	if (!option_is_given(line, OPTION_WHOAMI) && request->wanted.chain.length == 0 && usage->errors == 0)
		usage_error(usage, "it is not said which chain: give --chain NAME");
	connection_read(invocation->arena, line, usage, &request->connection);
}

static enum gate_exit run(struct invocation *invocation)
{
	struct status_request request = {
		.invocation = invocation,
		.start_wall_ns = clock_wall_ns(),
		.wake_fd = signals_catch(),
	};
	prepare(invocation, &request);
	if (signals_caught())
		return verdict_exit(VERDICT_INTERRUPTED, signals_caught());
	if (invocation->usage->errors == 0)
		request.net = connection_open(&request.connection, invocation->usage);
	if (!request.net)
		return command_refuse(invocation);
	enum gate_exit code = option_is_given(invocation->line, OPTION_WHOAMI)  ? print_user(&request)
			      : option_is_given(invocation->line, OPTION_WATCH) ? watch(&request)
										 : print_once(&request);
	net_free(request.net);
	live_end(&request.live);
	buf_release(&request.shown);
	arena_release(&request.chain_arena);
	arena_release(&request.arena);
	return code;
}

const struct command status_command = {
	.name = "status",
	.operands = "",
	.summary = "a chain's deployments as a table; no policy, no verdict",
	.example = "chaingate status --chain rag",
	.details = "Asks the API once, or with --watch again and again, and shows each deployment\n"
		   "with its chainlets. All of them are shown unless some are selected.\n",
	.closing = "The key: --api-key-file, else BASETEN_API_KEY, else api_key in ~/.trussrc.\n"
		   "Exit: 0 shown, 2 usage, 5 the API could not be read or nothing is selected.\n",
	.set = IN_STATUS,
	.run = run,
};
