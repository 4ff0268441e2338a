/* status.c - `chaingate status`: what the API lists for a chain, as a table, once or (status_watch.c) repeatedly; or
 * the owner of the key. No policy, no verdict. */
#include "chaingate/buf.h"
#include "chaingate/clock.h"
#include "chaingate/listed.h"
#include "chaingate/signals.h"
#include "chaingate/terminal.h"
#include "status_request.h"
#include "values.h"
#include "wanted.h"

#include <string.h>
#include <unistd.h>

/* ---- asking ----------------------------------------------------------------------------------------------------- */

struct api_answer status_answer(struct arena *arena, const struct net_answer *answer)
{
	struct api_answer believed = {
		.transport = answer->transport,
		.http_status = answer->http_status,
		.body = arena_text(arena, answer->body),
		.retry_after = arena_text(arena, answer->retry_after),
		.wall_ns = clock_wall_ns(),
	};
	believed.transport.detail = arena_text(arena, answer->transport.detail);
	return believed;
}

/* Gets one answer, in the invocation's arena. False if a signal came instead. */
static bool get(const struct status_request *request, const char *path, struct api_answer *out)
{
	struct net_answer answer;
	net_get(request->net, path, request->deadline_ns, 0);
	/* The request itself ends at the deadline, so an answer comes by then. */
	if (!net_wait(request->net, INT64_MAX, request->wake_fd, &answer))
		return false;
	*out = status_answer(request->invocation->arena, &answer);
	net_answer_release(&answer);
	return true;
}

const char *status_miss_words(struct arena *arena, const struct miss *miss)
{
	const char *what = miss->cause == MISS_HTTP ? arena_printf(arena, "HTTP %d", miss->http_status)
						    : miss_cause_name(miss->cause);
	return arena_printf(arena, "%s%s%.*s", what, miss->detail.length > 0 ? ": " : "", TEXT_ARG(miss->detail));
}

enum gate_exit status_refuse_miss(const struct status_request *request, const char *what, const struct miss *miss)
{
	const struct invocation *invocation = request->invocation;
	diag_hint(invocation->usage,
		  usage_error(invocation->usage, "could not read %s: %s", what,
			      status_miss_words(invocation->arena, miss)),
		  "%s", miss_remedy(miss));
	output_usage_errors(invocation->output, invocation->usage);
	return GATE_EXIT_UNREACHABLE;
}

static enum gate_exit interrupted(void)
{
	return verdict_exit(VERDICT_INTERRUPTED, signals_caught());
}

/* ---- whose key -------------------------------------------------------------------------------------------------- */

static void add_field(struct buf *buf, const char *name, struct text value)
{
	if (value.length == 0)
		return;
	buf_printf(buf, "%-9s  ", name);
	text_add_printable(buf, value);
	buf_add_byte(buf, '\n');
}

static enum gate_exit say_who(const struct status_request *request)
{
	struct api_answer answer;
	struct api_user user;
	struct miss miss;
	if (!get(request, api_whoami_path(), &answer))
		return interrupted();
	if (!api_read_whoami(request->invocation->arena, &answer, &user, &miss))
		return status_refuse_miss(request, "whose key it is", &miss);
	struct buf lines = buf_make(BUF_LIMIT_REPORT);
	add_field(&lines, "user", user.id);
	add_field(&lines, "name", user.name);
	add_field(&lines, "email", user.email);
	add_field(&lines, "workspace", user.workspace);
	enum gate_exit code = command_print(request->invocation, buf_text(&lines));
	buf_release(&lines);
	return code;
}

/* ---- one look --------------------------------------------------------------------------------------------------- */

struct selection status_select(const struct status_request *request, struct arena *arena, const struct listing *listing,
			       struct text chain_id)
{
	return selection_make(arena, listing, &request->wanted.selector, chain_id, (struct text){0});
}

struct text status_instead(const struct status_request *request, struct arena *arena, const struct listing *listing,
			   struct text chain_id, const struct selection *selection)
{
	struct buf words = buf_make(BUF_LIMIT_REPORT);
	if (selection->count == 0)
		listed_add(&words, listing, &request->wanted.selector, selection->older, chain_id, clock_wall_ns());
	struct text instead = arena_text(arena, buf_text(&words));
	buf_release(&words);
	return instead;
}

void status_say_nothing(const struct status_request *request, struct text instead)
{
	output_message(request->invocation->output, "nothing is selected: %.*s", TEXT_ARG(instead));
}

static enum gate_exit print_table(const struct status_request *request, const struct listing *listing,
				  struct text chain_id)
{
	const struct invocation *invocation = request->invocation;
	struct selection selection = status_select(request, invocation->arena, listing, chain_id);
	if (selection.count == 0) {
		status_say_nothing(request, status_instead(request, invocation->arena, listing, chain_id, &selection));
		return request->is_selecting ? GATE_EXIT_UNREACHABLE : GATE_EXIT_PASSED;
	}
	struct buf table = buf_make(BUF_LIMIT_REPORT);
	struct status_view view = {.selection = &selection, .now_wall_ns = clock_wall_ns()};
	struct screen screen = {.colour = output_has_color(invocation->output, STDOUT_FILENO)};
	/* Output that doesn't go to a terminal is read by programs, which accept lines of any length. */
	if (terminal_is_terminal(STDOUT_FILENO))
		screen.columns = terminal_size(STDOUT_FILENO).columns;
	if (screen.columns)
		status_rows(&table, &view, &screen);
	else
		status_table(&table, &selection, view.now_wall_ns, screen.colour);
	enum gate_exit code = command_print(invocation, buf_text(&table));
	buf_release(&table);
	return code;
}

static enum gate_exit look(const struct status_request *request)
{
	static const char what[] = "the deployments";
	struct arena *arena = request->invocation->arena;
	struct api_answer answer;
	struct text id, name;
	struct miss miss;
	const struct listing *listing;
	if (!get(request, api_chains_path(), &answer))
		return interrupted();
	if (!api_find_chain(arena, &answer, request->wanted.chain, &id, &name, &miss))
		return status_refuse_miss(request, what, &miss);
	if (!get(request, api_deployments_path(arena, id), &answer))
		return interrupted();
	if (!api_read_deployments(arena, &answer, &listing, &miss))
		return status_refuse_miss(request, what, &miss);
	return print_table(request, listing, id);
}

/* ---- the command ------------------------------------------------------------------------------------------------ */

/* Reports options that contradict each other. */
static void check_contradictions(const struct status_request *request, struct diags *usage)
{
	const struct command_line *line = request->invocation->line;
	bool is_whoami = option_is_given(line, OPTION_WHOAMI), watches = option_is_given(line, OPTION_WATCH);
	/* A variable that is set for all commands of a pipeline contradicts none of them. */
	static const enum option_id of_chains[] = {OPTION_CHAIN,  OPTION_DEPLOYMENT,      OPTION_ENVIRONMENT,
						   OPTION_LATEST, OPTION_ALL_DEPLOYMENTS, OPTION_SINCE,
						   OPTION_WATCH};
	if (line->operand_count > 0)
		command_refuse_operand(request->invocation,
				       "it judges nothing, so it needs no policy; the chain is --chain NAME");
	for (size_t i = 0; is_whoami && i < sizeof(of_chains) / sizeof(*of_chains); i++)
		if (option_is_typed(line, of_chains[i]))
			usage_error(usage, "--whoami is about the key and not about a chain: leave out %s",
				    line->options[of_chains[i]].spelling);
	if (option_is_typed(line, OPTION_INTERVAL) && !watches)
		usage_error(usage, "--interval is for --watch: one look has none");
	if (!is_whoami && request->wanted.chain.length == 0 && usage->errors == 0)
		usage_error(usage, "it is not said which chain: give --chain NAME");
}

static void prepare(struct invocation *invocation, struct status_request *request)
{
	const struct command_line *line = invocation->line;
	struct diags *usage = invocation->usage;
	request->wanted = wanted_read(line, usage);
	value_since(line, OPTION_SINCE, usage, &request->wanted.selector.since);
	value_duration(line, OPTION_INTERVAL, WAIT_INTERVAL_MIN_NS, WAIT_MAX_NS, usage, &request->interval_ns);
	request->is_selecting = request->wanted.selector.kind != SELECT_NOTHING;
	check_contradictions(request, usage);
	struct selector *selector = &request->wanted.selector;
	if (!request->is_selecting)
		selector->kind = SELECT_ALL;
	selector->since = since_resolve(selector->since, clock_wall_ns());
	struct connection_origins unused;
	connection_read(invocation->arena, line, usage, &request->connection, &unused);
}

static enum gate_exit run(struct invocation *invocation)
{
	struct status_request request = {
		.invocation = invocation,
		.deadline_ns = time_add(clock_monotonic_ns(), GATE_SINGLE_REQUEST_NS),
		.interval_ns = WAIT_INTERVAL_DEFAULT_NS,
		.wake_fd = signals_catch(),
	};
	enum gate_exit code;
	prepare(invocation, &request);
	if (signals_caught())
		return interrupted();
	if (invocation->usage->errors == 0)
		request.net = connection_open(&request.connection, invocation->usage);
	if (!request.net)
		return command_refuse(invocation);
	if (option_is_given(invocation->line, OPTION_WHOAMI))
		code = say_who(&request);
	else if (option_is_given(invocation->line, OPTION_WATCH))
		code = status_watch(&request);
	else
		code = look(&request);
	net_free(request.net);
	return code;
}

const struct command status_command = {
	.name = "status",
	.operands = "",
	.summary = "a chain's deployments as a table; no policy, no verdict",
	.example = "chaingate status --chain rag",
	.details = "Asks the API once, or with --watch until Ctrl-C, and shows each deployment with\n"
		   "its chainlets. All of them are shown unless some are selected.\n",
	.closing = "The key: --api-key-file, else BASETEN_API_KEY, else truss's login (~/.trussrc).\n"
		   "Exit: 0 shown, 2 usage, 5 the API could not be read or nothing is selected,\n"
		   "      6 shown to nobody, 130 --watch ended with Ctrl-C.\n",
	.set = IN_STATUS,
	.run = run,
};
