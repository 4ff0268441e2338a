/* status.c - `chaingate status`: what the API lists for a chain, as a table, once. No policy, no verdict. */
#include "chaingate/api.h"
#include "chaingate/buf.h"
#include "chaingate/clock.h"
#include "chaingate/report.h"
#include "chaingate/signals.h"
#include "command.h"
#include "connection.h"
#include "key.h"
#include "values.h"
#include "wanted.h"

#include <string.h>
#include <unistd.h>

struct status_request {
	const struct invocation *invocation;
	struct net_options connection;
	struct policy_target wanted;
	int64_t start_wall_ns;
	int64_t deadline_ns; /* monotonic */
	int wake_fd;
	struct net *net;
};

/* One answer; what it says is in the invocation's arena. False if a signal came instead. */
static bool get(const struct status_request *request, const char *path, struct api_answer *out)
{
	struct arena *arena = request->invocation->arena;
	struct net_answer answer;
	net_get(request->net, path, request->deadline_ns, 0);
	/* The request itself is cut at the deadline, so an answer comes by then. */
	if (!net_wait(request->net, INT64_MAX, request->wake_fd, &answer))
		return false;
	*out = (struct api_answer){
		.transport = answer.transport,
		.http_status = answer.http_status,
		.body = arena_text(arena, key_hide(arena, answer.body, request->connection.key)),
		.retry_after = arena_text(arena, answer.retry_after),
		.wall_ns = clock_wall_ns(),
	};
	out->transport.detail = arena_text(arena, answer.transport.detail);
	net_answer_release(&answer);
	return true;
}

static enum gate_exit refuse_miss(const struct status_request *request, const struct miss *miss)
{
	struct arena *arena = request->invocation->arena;
	const char *what = miss->cause == MISS_HTTP ? arena_printf(arena, "HTTP %d", miss->http_status)
						    : miss_cause_name(miss->cause);
	output_message(request->invocation->output, "could not read the deployments: %s%s%.*s", what,
		       miss->detail.length > 0 ? ": " : "", TEXT_ARG(miss->detail));
	return GATE_EXIT_UNREACHABLE;
}

static enum gate_exit print_table(const struct status_request *request, const struct listing *listing,
				  struct text chain_id)
{
	const struct invocation *invocation = request->invocation;
	struct selector selector = request->wanted.selector;
	if (selector.kind == SELECT_NOTHING)
		selector.kind = SELECT_ALL;
	selector.since = since_resolve(selector.since, request->start_wall_ns);
	struct selection selection = selection_make(invocation->arena, listing, &selector, chain_id, (struct text){0});
	if (selection.count == 0) {
		output_message(invocation->output, "none of the chain's %zu deployments is selected%s", listing->count,
			       selection.older > 0 ? ": some are older than --since" : "");
		return request->wanted.selector.kind == SELECT_NOTHING ? GATE_EXIT_PASSED : GATE_EXIT_UNREACHABLE;
	}
	struct buf table = buf_make(BUF_LIMIT_REPORT);
	status_table(&table, &selection, clock_wall_ns(), output_columns(STDOUT_FILENO),
		     output_has_color(invocation->output, STDOUT_FILENO));
	enum gate_exit code = command_print(invocation, buf_text(&table));
	buf_release(&table);
	return code;
}

static enum gate_exit ask(const struct status_request *request)
{
	struct arena *arena = request->invocation->arena;
	struct api_answer answer;
	struct text id, name;
	struct miss miss;
	const struct listing *listing;
	if (!get(request, api_chains_path(), &answer))
		return verdict_exit(VERDICT_INTERRUPTED, signals_caught());
	if (!api_find_chain(arena, &answer, request->wanted.chain, &id, &name, &miss))
		return refuse_miss(request, &miss);
	if (!get(request, api_deployments_path(arena, id), &answer))
		return verdict_exit(VERDICT_INTERRUPTED, signals_caught());
	if (!api_read_deployments(arena, &answer, &listing, &miss))
		return refuse_miss(request, &miss);
	return print_table(request, listing, id);
}

static void prepare(struct invocation *invocation, struct status_request *request)
{
	const struct command_line *line = invocation->line;
	struct diags *usage = invocation->usage;
	if (line->operand_count > 0)
		usage_error(usage, "'chaingate status' takes no operands: it judges nothing");
	request->wanted = wanted_read(line, usage);
	value_since(line, OPTION_SINCE, usage, &request->wanted.selector.since);
	if (request->wanted.chain.length == 0 && usage->errors == 0)
		usage_error(usage, "it is not said which chain: give --chain NAME");
	connection_read(invocation->arena, line, usage, &request->connection);
}

static enum gate_exit run(struct invocation *invocation)
{
	struct status_request request = {
		.invocation = invocation,
		.start_wall_ns = clock_wall_ns(),
		.deadline_ns = time_add(clock_monotonic_ns(), GATE_SINGLE_REQUEST_NS),
		.wake_fd = signals_catch(),
	};
	prepare(invocation, &request);
	if (signals_caught())
		return verdict_exit(VERDICT_INTERRUPTED, signals_caught());
	if (invocation->usage->errors == 0)
		request.net = connection_open(&request.connection, invocation->usage);
	if (!request.net)
		return command_refuse(invocation);
	enum gate_exit code = ask(&request);
	net_free(request.net);
	return code;
}

const struct command status_command = {
	.name = "status",
	.operands = "",
	.summary = "a chain's deployments as a table; no policy, no verdict",
	.example = "chaingate status --chain rag",
	.details = "Asks the API once and prints each deployment with its chainlets. All of them are\n"
		   "shown unless some are selected.\n",
	.closing = "The key: --api-key-file, else BASETEN_API_KEY, else api_key in ~/.trussrc.\n"
		   "Exit: 0 shown, 2 usage, 5 the API could not be read or nothing is selected.\n",
	.set = IN_STATUS,
	.run = run,
};
