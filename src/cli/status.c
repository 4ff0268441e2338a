/* status.c - `chaingate status`: what the API lists for a chain or a model, as a table, once or (status_watch.c)
 * repeatedly; or the owner of the key. No policy, no verdict. */
#include "chaingate/buf.h"
#include "chaingate/clock.h"
#include "chaingate/feed.h"
#include "chaingate/files.h"
#include "chaingate/places.h"
#include "chaingate/signals.h"
#include "chaingate/terminal.h"
#include "confine.h"
#include "orders.h"
#include "status_request.h"
#include "values.h"
#include "wanted.h"

#include <string.h>
#include <unistd.h>

enum format { FORMAT_TEXT, FORMAT_JSON };

/* By how much escaping can lengthen a body: in each "##[", one character becomes six. */
#define BODY_GROWTH_MAX 3

/* ---- requests --------------------------------------------------------------------------------------------------- */

/* Gets one answer, which lives until the next call. Returns false if a signal came first. */
static bool get(const struct status_request *request, const char *path, struct api_answer *out)
{
	net_answer_release(request->held);
	net_get(request->net, path, request->deadline_ns, 0);
	/* The request itself ends at the deadline, so an answer comes by then. */
	if (!net_wait(request->net, INT64_MAX, request->wake_fd, request->held))
		return false;
	*out = status_answer(request->held);
	return true;
}

static enum gate_exit interrupted(void)
{
	return verdict_exit(VERDICT_INTERRUPTED, signals_caught());
}

/* ---- the key's owner -------------------------------------------------------------------------------------------- */

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
	struct api_answer answer = {0};
	struct api_user user;
	struct miss miss;
	if (!get(request, api_whoami_path(), &answer))
		return interrupted();
	if (!api_read_whoami(request->invocation->arena, &answer, &user, &miss))
		return status_refuse_miss(request, "the owner of the key", &miss);
	struct buf lines = buf_make(BUF_LIMIT_REPORT);
	add_field(&lines, "user", user.id);
	add_field(&lines, "name", user.name);
	add_field(&lines, "email", user.email);
	add_field(&lines, "workspace", user.workspace);
	enum gate_exit code = command_print(request->invocation, buf_text(&lines));
	buf_release(&lines);
	return code;
}

/* ---- one listing ------------------------------------------------------------------------------------------------ */

static void add_table(const struct status_request *request, struct buf *out, const struct selection *selection)
{
	struct status_view view = {.selection = selection, .now_wall_ns = clock_wall_ns()};
	struct screen screen = {.colour = output_has_color(request->invocation->output, STDOUT_FILENO)};
	/* Output that doesn't go to a terminal is read by programs, which accept lines of any length. */
	if (terminal_is_terminal(STDOUT_FILENO))
		screen.columns = terminal_size(STDOUT_FILENO).columns;
	if (screen.columns)
		status_rows(out, &view, &screen);
	else
		status_table(out, selection, view.now_wall_ns, screen.colour);
}

static enum gate_exit print_and_release(const struct status_request *request, struct buf *out)
{
	enum gate_exit code = command_print(request->invocation, buf_text(out));
	buf_release(out);
	return code;
}

static enum gate_exit print_deployments(const struct status_request *request, const struct listing *listing,
					struct text chain_id, struct text chain_name)
{
	struct selection selection = status_select(request, request->invocation->arena, listing, chain_id);
	struct buf out = buf_make(BUF_LIMIT_REPORT);
	bool is_empty = selection.count == 0;
	if (is_empty)
		status_say_nothing(request,
				   status_instead(request, request->invocation->arena, listing, chain_id, &selection));
	if (request->is_json)
		status_json(&out, request->wanted.selector.of, chain_id, chain_name, &selection, clock_wall_ns());
	else if (!is_empty)
		add_table(request, &out, &selection);
	enum gate_exit code = print_and_release(request, &out);
	return is_empty && request->is_selecting && code == GATE_EXIT_PASSED ? GATE_EXIT_UNREACHABLE : code;
}

/* Saves the body as the API sent it, without the key. False if that failed: with an error in the invocation's usage, if
 * it isn't about stdout. */
static bool save_body(const struct status_request *request, const struct api_answer *answer)
{
	const struct invocation *invocation = request->invocation;
	const char *path = request->saved_body, *why;
	if (place_is_stdout(path)) {
		struct buf body = buf_make(BODY_GROWTH_MAX * answer->body.length);
		text_add_defused(&body, answer->body, FORM_JSON);
		return print_and_release(request, &body) == GATE_EXIT_PASSED;
	}
	if (file_write(path, answer->body, FD_PATIENCE_NS, &why))
		return true;
	diag_hint(invocation->usage,
		  usage_error(invocation->usage, "could not save the body in '%s': %s",
			      diag_value(invocation->usage, text_of(path)), why),
		  "check the path, and that the file may be written");
	return false;
}

/* Saves the body of a good answer, if --body asks for it. True with *code if the command ends here. */
static bool ends_with_body(const struct status_request *request, const struct api_answer *answer, enum gate_exit *code)
{
	if (!request->saved_body)
		return false;
	bool is_saved = save_body(request, answer);
	*code = is_saved ? GATE_EXIT_PASSED : GATE_EXIT_UNREPORTED;
	if (!is_saved)
		output_usage_errors(request->invocation->output, request->invocation->usage);
	return !is_saved || place_is_stdout(request->saved_body); /* only the body goes to stdout */
}

/* Refuses an answer. --body saves its body all the same: whoever looks for the reason needs it most of all. */
static enum gate_exit refuse_answer(const struct status_request *request, const char *what,
				    const struct api_answer *answer, const struct miss *miss)
{
	const struct invocation *invocation = request->invocation;
	bool is_answer =
		answer->transport.cause == MISS_NONE && miss->cause != MISS_NO_CHAIN && miss->cause != MISS_AMBIGUOUS;
	if (request->saved_body && is_answer && save_body(request, answer) && !place_is_stdout(request->saved_body))
		output_message(invocation->output, "the answer's body is in '%s'",
			       diag_value(invocation->usage, text_of(request->saved_body)));
	return status_refuse_miss(request, what, miss);
}

static enum gate_exit list_chains(const struct status_request *request, enum target_kind kind)
{
	struct arena *arena = request->invocation->arena;
	struct api_answer answer = {0};
	struct miss miss;
	const struct chain *chains;
	size_t count;
	enum gate_exit code;
	if (!get(request, api_chains_path(kind), &answer))
		return interrupted();
	if (!api_read_chains(arena, &answer, kind, &chains, &count, &miss))
		return refuse_answer(request, arena_printf(arena, "the %s", target_kind_plural(kind)), &answer, &miss);
	if (ends_with_body(request, &answer, &code))
		return code;
	struct buf out = buf_make(BUF_LIMIT_REPORT);
	if (count == 0)
		output_message(request->invocation->output, "the key can see no %s; --whoami shows the key's owner%s",
			       target_kind_name(kind), kind == TARGET_CHAIN ? ", and --models lists the models" : "");
	if (request->is_json)
		chains_json(&out, kind, chains, count, clock_wall_ns());
	else if (count > 0)
		chains_table(&out, chains, count);
	return print_and_release(request, &out);
}

/* Asks for the look-up, then for the chain's list. False if a signal came first. */
static bool ask(const struct status_request *request, struct feed *feed, struct api_answer *answer,
		struct feed_reading *out)
{
	struct feed_request next;
	feed_ask(feed, 0);
	while (feed_request(feed, &next)) {
		if (!get(request, next.path, answer))
			return false;
		feed_take(feed, next.tag, answer, request->held->sent_ns, request->held->done_ns);
	}
	return feed_reading(feed, out);
}

static enum gate_exit look_with(const struct status_request *request, struct feed *feed)
{
	struct api_answer answer = {0};
	struct feed_reading reading;
	enum gate_exit code;
	if (!ask(request, feed, &answer, &reading))
		return interrupted();
	if (reading.chain_id.length && !status_is_of_chain(request, reading.chain_id))
		return command_refuse(request->invocation);
	if (!reading.listing)
		return refuse_answer(request, "the deployments", &answer, &reading.miss);
	if (ends_with_body(request, &answer, &code))
		return code;
	return print_deployments(request, reading.listing, reading.chain_id, reading.name);
}

static enum gate_exit look(const struct status_request *request)
{
	struct feed_source source = {.kind = request->wanted.selector.of,
				     .wanted = request->wanted.chain,
				     .is_id = request->wanted.chain_is_id,
				     .environment = selector_environment(&request->wanted.selector)};
	struct feed *feed = feed_new(&source, 1, 0); /* nothing is asked twice, so no body is remembered */
	enum gate_exit code = look_with(request, feed);
	feed_free(feed);
	return code;
}

/* ---- the command ------------------------------------------------------------------------------------------------ */

/* Refuses options that make no sense here, but only those on the command line: a pipeline may set a variable for all
 * its commands. */
static void refuse_beside(const struct status_request *request, const char *reason, const enum option_id *options,
			  size_t count)
{
	const struct command_line *line = request->invocation->line;
	for (size_t i = 0; i < count; i++)
		if (option_is_typed(line, options[i]))
			usage_error(request->invocation->usage, "%s leave out %s", reason,
				    line->options[options[i]].spelling);
}

#define REFUSE_BESIDE(request, reason, options) \
	refuse_beside(request, reason, options, sizeof(options) / sizeof((options)[0]))

static void check_contradictions(const struct status_request *request, struct diags *usage)
{
	static const enum option_id of_chains[] = {OPTION_CHAIN,       OPTION_MODEL,  OPTION_DEPLOYMENT,
						   OPTION_ENVIRONMENT, OPTION_LATEST, OPTION_ALL_DEPLOYMENTS,
						   OPTION_SINCE,       OPTION_WATCH,  OPTION_FORMAT,
						   OPTION_SAVED_BODY,  OPTION_ROLE};
	static const enum option_id of_models[] = {
		OPTION_WHOAMI, OPTION_CHAIN,           OPTION_MODEL, OPTION_DEPLOYMENT, OPTION_ENVIRONMENT,
		OPTION_LATEST, OPTION_ALL_DEPLOYMENTS, OPTION_SINCE, OPTION_WATCH,      OPTION_ROLE};
	static const enum option_id of_one_look[] = {OPTION_FORMAT, OPTION_SAVED_BODY};
	static const enum option_id of_one_chain[] = {
		OPTION_DEPLOYMENT, OPTION_ENVIRONMENT, OPTION_LATEST, OPTION_ALL_DEPLOYMENTS,
		OPTION_SINCE,      OPTION_WATCH,       OPTION_ROLE};
	const struct command_line *line = request->invocation->line;
	bool watches = option_is_given(line, OPTION_WATCH);
	if (line->operand_count > 0)
		command_refuse_operand(request->invocation, "it judges nothing, so it needs no policy; give the chain "
							    "with --chain NAME, or the model with --model NAME");
	if (!watches && option_is_typed(line, OPTION_INTERVAL))
		usage_error(usage, "--interval is only for --watch");
	if (option_is_given(line, OPTION_LIST_MODELS)) {
		REFUSE_BESIDE(request, "--models lists the models, and nothing else:", of_models);
		return;
	}
	if (option_is_given(line, OPTION_WHOAMI)) {
		REFUSE_BESIDE(request, "--whoami is about the key, not about a chain or model:", of_chains);
		return;
	}
	if (watches)
		REFUSE_BESIDE(request, "--watch prints a table repeatedly:", of_one_look);
	if (request->wanted.chain.length == 0 && usage->errors == 0)
		REFUSE_BESIDE(request, "no chain or model is given: add --chain NAME or --model NAME, or",
			      of_one_chain);
	if (option_is_typed(line, OPTION_ROLE) && request->wanted.selector.kind != SELECT_ENVIRONMENT)
		diag_hint(usage, usage_error(usage, "a role is only for an environment"),
			  "give --environment NAME, or leave out --role");
	if (request->saved_body && place_is_stdout(request->saved_body) && request->is_json)
		usage_error(usage, "--body - and --format json both want stdout: leave out one of them");
}

/* The saved body must not overwrite the file of the key, or of the certificates. */
static void protect_inputs(const struct status_request *request, struct diags *usage)
{
	const struct command_line *line = request->invocation->line;
	const char *inputs[] = {option_value(line, OPTION_API_KEY_FILE), option_value(line, OPTION_CA_FILE)};
	const char *path = request->saved_body, *why = path ? place_conflict(path, inputs, 2) : NULL;
	if (why)
		diag_hint(usage,
			  usage_error(usage, "the body cannot be written over '%s': %s",
				      diag_value(usage, text_of(path)), why),
			  "give --body another path");
}

static void prepare(struct invocation *invocation, struct status_request *request)
{
	const struct command_line *line = invocation->line;
	struct diags *usage = invocation->usage;
	request->wanted = wanted_read(line, usage);
	wanted_check_chains(line, &request->wanted.selector, usage);
	value_since(line, OPTION_SINCE, usage, &request->wanted.selector.since);
	value_duration(line, OPTION_INTERVAL, WAIT_INTERVAL_MIN_NS, WAIT_MAX_NS, usage, &request->interval_ns);
	request->is_json = option_choice(line, OPTION_FORMAT) == FORMAT_JSON;
	request->saved_body = option_value(line, OPTION_SAVED_BODY);
	request->is_selecting = request->wanted.selector.kind != SELECT_NOTHING;
	check_contradictions(request, usage);
	protect_inputs(request, usage);
	struct selector *selector = &request->wanted.selector;
	if (!request->is_selecting)
		selector->kind = SELECT_ALL;
	selector->since = since_resolve(selector->since, clock_wall_ns());
	struct connection_origins unused;
	connection_read(invocation->arena, line, usage, &request->connection, &unused);
}

static enum gate_exit run(struct invocation *invocation)
{
	struct net_answer held = {0};
	struct status_request request = {
		.invocation = invocation,
		.held = &held,
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
	confine(invocation, NULL, request.saved_body, false);
	if (option_is_given(invocation->line, OPTION_WHOAMI))
		code = say_who(&request);
	else if (option_is_given(invocation->line, OPTION_LIST_MODELS))
		code = list_chains(&request, TARGET_MODEL);
	else if (option_is_given(invocation->line, OPTION_WATCH))
		code = status_watch(&request);
	else if (request.wanted.chain.length > 0)
		code = look(&request);
	else
		code = list_chains(&request, TARGET_CHAIN);
	net_answer_release(&held);
	net_free(request.net);
	return code;
}

const struct command status_command = {
	.name = "status",
	.operands = "",
	.summary = "the chains or models, or the deployments of one, as a table",
	.example = "chaingate status --chain rag",
	.details = "Without --chain or --model, lists the chains; with --models, the models.\n"
		   "With one, asks once, or with --watch until Ctrl-C, and shows each deployment\n"
		   "with its chainlets: all, or those selected. No policy, no verdict.\n",
	.closing = "The key: --api-key-file, else BASETEN_API_KEY, else truss's login (~/.trussrc).\n"
		   "Exit: 0 shown, 2 usage, 5 the API could not be read or nothing is selected,\n"
		   "      6 not printed or not saved, 130 --watch ended with Ctrl-C.\n",
	.set = IN_STATUS,
	.run = run,
};
