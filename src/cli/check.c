/* check.c - `chaingate check`: the gate.
 *
 * Whatever goes wrong, every requested report is written, and the exit code says what happened.
 */
#include "chaingate/buf.h"
#include "chaingate/clock.h"
#include "chaingate/files.h"
#include "chaingate/recorder.h"
#include "chaingate/run.h"
#include "chaingate/signals.h"
#include "chaingate/version.h"
#include "command.h"
#include "confine.h"
#include "connection.h"
#include "ending.h"
#include "plan_read.h"
#include "policy_file.h"
#include "print_config.h"
#include "rate.h"

#include <unistd.h>

/* How long after the deadline a slow reader of stdout may delay the end: a run may exceed its timeout by a second. */
#define LATE_PATIENCE_NS (700 * NS_PER_MS)

enum progress { PROGRESS_AUTO, PROGRESS_LIVE, PROGRESS_LINES, PROGRESS_NONE };

struct check {
	struct invocation *invocation;
	int64_t start_ns; /* monotonic */
	int wake_fd;
	struct net_options connection;
	struct connection_origins origins;
	const struct gate_plan *plan;
	const char *const *inputs; /* files that are read; some may be NULL */
	size_t input_count;
	struct ending ending;
};

/* ---- preparation ------------------------------------------------------------------------------------------------ */

static bool is_stdin(const char *path)
{
	return path && text_is(text_of(path), "-");
}

/* Reports options that contradict each other. */
static void check_contradictions(const struct check *check)
{
	const struct command_line *line = check->invocation->line;
	struct diags *usage = check->invocation->usage;
	size_t from_stdin = 0;
	for (size_t i = 0; i < line->operand_count; i++)
		from_stdin += is_stdin(line->operands[i]);
	if (from_stdin > 1)
		diag_hint(usage, usage_error(usage, "only one policy can be read from stdin"),
			  "give the others as files");
	if (from_stdin && is_stdin(option_value(line, OPTION_API_KEY_FILE)))
		diag_hint(usage, usage_error(usage, "the policy and the API key cannot both be read from stdin"),
			  "set BASETEN_API_KEY, or give one of them as a file");
	if (option_is_given(line, OPTION_QUIET) && option_is_given(line, OPTION_VERBOSE))
		diag_hint(usage,
			  usage_error(usage, "%s and %s exclude each other", line->options[OPTION_QUIET].spelling,
				      line->options[OPTION_VERBOSE].spelling),
			  "leave out one of them");
}

/* Reads the command line, then the policy and the key, and reports all mistakes. If the command line has mistakes, the
 * files aren't read, because the user may have meant other files. */
static void prepare(struct check *check)
{
	struct invocation *invocation = check->invocation;
	const struct command_line *line = invocation->line;
	struct diags *usage = invocation->usage;
	struct ending *ending = &check->ending;
	size_t input_count = 0;
	const char **inputs = ARENA_ARRAY(invocation->arena, const char *, line->operand_count + 2);
	for (size_t i = 0; i < line->operand_count; i++)
		inputs[input_count++] = line->operands[i];
	inputs[input_count++] = option_value(line, OPTION_API_KEY_FILE);
	inputs[input_count++] = option_value(line, OPTION_CA_FILE);
	if (line->operand_count)
		ending->policy_path = line->operands[0];
	ending->only_reports = option_is_given(line, OPTION_REPORT_ONLY);
	ending->orders = orders_read(invocation->arena, line, inputs, input_count, usage);
	check_contradictions(check);
	struct policy_request request = policy_request_read(invocation->arena, line, usage);
	if (usage->errors == 0)
		ending->policy = policy_files_load(invocation->arena, line->operands, line->operand_count, &request,
						   &ending->policy_diags);
	if (ending->policy) {
		policy_request_check(invocation->arena, &request, ending->policy, usage);
		policy_digests_check(invocation->arena, line, ending->policy, usage);
		check->plan = plan_read(invocation->arena, ending->policy, line, ending->start_wall_ns, usage);
	}
	check->inputs = inputs;
	check->input_count = input_count;
	if (check->plan)
		plan_suspect(invocation->arena, ending->policy, line, check->plan, &ending->policy_diags);
	if (check->plan)
		orders_check_targets(invocation->arena, &ending->orders, check->plan, inputs, input_count, usage);
	connection_read(invocation->arena, line, usage, &check->connection, &check->origins);
	ending->api_url = check->connection.base_url;
}

/* ---- the end ---------------------------------------------------------------------------------------------------- */

static int64_t stdout_patience_ns(const struct check *check)
{
	if (!check->ending.gate)
		return FD_PATIENCE_NS;
	int64_t left_ns = time_add(gate_run_deadline_ns(check->ending.gate), LATE_PATIENCE_NS) -
			  (clock_monotonic_ns() - check->start_ns);
	if (left_ns < LATE_PATIENCE_NS)
		return LATE_PATIENCE_NS;
	return left_ns < FD_PATIENCE_NS ? left_ns : FD_PATIENCE_NS;
}

static enum gate_exit conclude(struct check *check, enum gate_exit code)
{
	check->ending.took_ns = clock_monotonic_ns() - check->start_ns;
	check->ending.stdout_patience_ns = stdout_patience_ns(check);
	return ending_conclude(&check->ending, code);
}

static enum gate_exit conclude_with_errors(struct check *check)
{
	check->ending.took_ns = clock_monotonic_ns() - check->start_ns;
	check->ending.stdout_patience_ns = FD_PATIENCE_NS;
	return ending_refuse(&check->ending);
}

static enum gate_exit conclude_with_signal(struct check *check)
{
	check->ending.problem = "interrupted before anything was polled";
	output_message(check->invocation->output, "%s", check->ending.problem);
	return conclude(check, verdict_exit(VERDICT_INTERRUPTED, signals_caught()));
}

/* If signals can't be caught, nothing is polled. */
static enum gate_exit conclude_with_defect(struct check *check)
{
	check->ending.problem = "could not catch signals: too many open files";
	output_message(check->invocation->output, "%s", check->ending.problem);
	return conclude(check, GATE_EXIT_DEFECT);
}

/* ---- the gate --------------------------------------------------------------------------------------------------- */

/* If stderr can't be drawn on, it gets lines even if a table was asked for: escape sequences are useless in a file. */
static enum run_progress progress_of(const struct command_line *line)
{
	enum progress progress = (enum progress)option_choice(line, OPTION_PROGRESS);
	bool can_draw = output_can_draw(STDERR_FILENO);
	switch (progress) {
	case PROGRESS_AUTO:
		if (option_is_given(line, OPTION_QUIET))
			return RUN_SILENT;
		return can_draw && !output_is_in_ci() ? RUN_LIVE : RUN_LINES;
	case PROGRESS_LIVE: return can_draw ? RUN_LIVE : RUN_LINES;
	case PROGRESS_LINES: return RUN_LINES;
	case PROGRESS_NONE: break;
	}
	return RUN_SILENT;
}

/* The options that are needed to make the same plan from the same policy again. */
static size_t recorded_options(struct arena *arena, const struct command_line *line, struct record_option **out)
{
	size_t count = 0, room = 0;
	for (int id = 0; id < OPTION_COUNT; id++) {
		const struct option_row *row = &option_rows()[id];
		/* --policy-digest is left out: it doesn't change the plan, and a replay may use another policy. */
		if ((row->group != GROUP_WATCH && row->group != GROUP_WAIT) || id == OPTION_POLICY_DIGEST)
			continue;
		for (size_t i = 0; i < line->options[id].count; i++) {
			*out = arena_grow(arena, *out, count, &room, sizeof(**out));
			(*out)[count++] = (struct record_option){row->name, line->options[id].items[i]};
		}
	}
	return count;
}

/* The chains that a driver asks, as a recording names them. */
static struct record_chains recorded_chains(struct arena *arena, const struct driver *driver,
					    const enum target_kind **kinds)
{
	size_t count;
	const struct driver_chain *chains = driver_chains(driver, &count);
	struct text *names = ARENA_ARRAY(arena, struct text, count), *of = ARENA_ARRAY(arena, struct text, count);
	enum target_kind *of_kind = ARENA_ARRAY(arena, enum target_kind, count);
	bool *by_id = ARENA_ARRAY(arena, bool, count);
	for (size_t i = 0; i < count; i++) {
		names[i] = chains[i].wanted;
		by_id[i] = chains[i].is_id;
		of[i] = chains[i].environment;
		of_kind[i] = chains[i].kind;
	}
	*kinds = of_kind;
	return (struct record_chains){.chains = names, .environments = of, .by_id = by_id, .chain_count = count};
}

static struct record_header record_header_of(const struct check *check, const struct driver *driver)
{
	const struct command_line *line = check->invocation->line;
	struct record_option *options = NULL;
	struct record_header header = {
		.tool = CHAINGATE_VERSION,
		.api = check->connection.base_url,
		.start_wall_ns = check->ending.start_wall_ns,
		.policies = line->operands,
		.policy_count = line->operand_count,
	};
	struct record_chains asked = recorded_chains(check->invocation->arena, driver, &header.kinds);
	header.chains = asked.chains;
	header.environments = asked.environments;
	header.by_id = asked.by_id;
	header.chain_count = asked.chain_count;
	header.option_count = recorded_options(check->invocation->arena, line, &options);
	header.options = options;
	return header;
}

/* Returns true, too, if no recording was asked for. */
static bool open_recorder(struct check *check, const struct driver *driver, struct recorder **out)
{
	const char *path = check->ending.orders.recording, *why;
	if (!path)
		return true;
	struct record_header header = record_header_of(check, driver);
	*out = recorder_open(path, &header, &why);
	struct diags *usage = check->invocation->usage;
	if (!*out)
		diag_hint(usage,
			  usage_error(usage, "could not write the recording '%s': %s", diag_value(usage, text_of(path)),
				      why),
			  "check the path, and that it may be written");
	return *out != NULL;
}

/* An incomplete recording counts like a report that couldn't be written. */
static enum gate_exit close_recorder(struct check *check, struct recorder *recorder, const struct gate_result *result,
				     enum gate_exit code)
{
	const char *why;
	if (recorder_close(recorder, result, code, stdout_patience_ns(check), &why))
		return code;
	output_message(check->invocation->output, "the recording is incomplete: %s", why);
	return code == GATE_EXIT_PASSED ? GATE_EXIT_UNREPORTED : code;
}

/* `driver` NULL: nothing will be asked. */
static void record_beginning(const struct check *check, const struct driver *driver, const struct run_options *options)
{
	struct record_chains chains = {0};
	if (!options->recorder)
		return;
	const enum target_kind *kinds; /* models have no list of chains */
	if (driver)
		chains = recorded_chains(check->invocation->arena, driver, &kinds);
	chains.at_ns = options->beginning->at_ns;
	chains.listed = options->beginning->chains;
	chains.listed_count = options->beginning->chain_count;
	recorder_begin(options->recorder, &chains);
}

static struct driver *new_driver(const struct check *check)
{
	struct driver *driver = driver_new(check->plan, DRIVER_LIVE);
	driver_limit_rate(driver, (size_t)check->connection.requests_per_second);
	return driver;
}

/* A driver for the chains that there are, instead of the open plan's. NULL if a mistake was reported, or if the shard has
 * no chain. Frees `driver`. */
static struct driver *begin_fleet(struct check *check, struct driver *driver, const struct run_options *options)
{
	struct invocation *invocation = check->invocation;
	const struct run_beginning *beginning = options->beginning;
	const struct report_orders before = check->ending.orders;
	driver_free(driver);
	check->ending.gate = NULL;
	check->plan =
		plan_read_fleet(invocation->arena, check->ending.policy, invocation->line, check->ending.start_wall_ns,
				beginning->chains, beginning->chain_count, invocation->usage);
	if (check->plan)
		check->ending.fleet = check->plan->fleet;
	if (!check->plan || check->plan->target_count == 0) {
		if (check->plan)
			check->ending.orders.target_count = 0; /* {target} is none */
		record_beginning(check, NULL, options);
		return NULL;
	}
	orders_check_targets(invocation->arena, &check->ending.orders, check->plan, check->inputs, check->input_count,
			     invocation->usage);
	if (invocation->usage->errors == 0) {
		reports_drop(&check->ending.orders, &before);
		ending_begin(&check->ending);
	}
	if (invocation->usage->errors)
		return NULL;
	driver = new_driver(check);
	record_beginning(check, driver, options);
	return driver;
}

static enum gate_exit run_driver(struct check *check, struct driver *driver, const struct run_options *options,
				 bool is_done)
{
	size_t lists;
	driver_chains(driver, &lists);
	if (!is_done && !option_is_given(check->invocation->line, OPTION_QUIET))
		rate_warn(check->invocation->output, &check->connection, check->plan, lists);
	check->ending.gate = driver_gate(driver);
	bool is_well = is_done || run_gate(driver, options);
	const struct gate_result *result = gate_result(check->ending.gate);
	enum gate_exit code = is_well ? verdict_exit(result->verdict, result->signal_number) : GATE_EXIT_USAGE;
	if (options->recorder)
		code = close_recorder(check, options->recorder, result, code);
	if (!is_well)
		check->ending.gate = NULL;
	code = is_well ? conclude(check, code) : conclude_with_errors(check);
	driver_free(driver);
	return code;
}

static enum gate_exit run_check(struct check *check, struct net *net)
{
	const struct command_line *line = check->invocation->line;
	struct run_options options = {
		.plan = check->plan,
		.net = net,
		.body_max = check->connection.body_max,
		.start_ns = check->start_ns,
		.wake_fd = check->wake_fd,
		.progress = progress_of(line),
		.output = check->invocation->output,
		.usage = check->invocation->usage,
	};
	struct run_beginning beginning;
	check->ending.fleet = check->plan->fleet;
	ending_begin(&check->ending);
	if (check->invocation->usage->errors)
		return conclude_with_errors(check);
	struct driver *driver = new_driver(check);
	if (!open_recorder(check, driver, &options.recorder)) {
		driver_free(driver);
		return conclude_with_errors(check);
	}
	confine(check->invocation, &check->ending.orders, NULL, check->ending.is_step);
	check->ending.gate = driver_gate(driver);
	if (!check->plan->is_open)
		return run_driver(check, driver, &options, false);
	if (!run_find_chains(driver, &options, check->invocation->arena, &beginning))
		return run_driver(check, driver, &options, true);
	options.beginning = &beginning;
	driver = begin_fleet(check, driver, &options);
	options.plan = check->plan;
	if (driver)
		return run_driver(check, driver, &options, false);
	const struct gate_result nothing = {0};
	bool is_empty = check->plan && check->invocation->usage->errors == 0;
	int caught = signals_caught();
	enum gate_exit code = !is_empty ? GATE_EXIT_USAGE
			      : caught  ? verdict_exit(VERDICT_INTERRUPTED, caught)
					: GATE_EXIT_PASSED;
	if (options.recorder)
		code = close_recorder(check, options.recorder, &nothing, code);
	if (!is_empty)
		return conclude_with_errors(check);
	if (caught)
		return conclude_with_signal(check);
	ending_empty(&check->ending);
	return conclude(check, code);
}

/* The dry run. */
static enum gate_exit conclude_with_config(const struct check *check)
{
	const struct config config = {check->invocation->line, check->ending.policy, check->plan,
				      &check->connection,      &check->origins,      &check->ending.orders};
	struct buf text = buf_make(BUF_LIMIT_REPORT);
	print_config(&text, &config);
	enum gate_exit code = command_print(check->invocation, buf_text(&text));
	buf_release(&text);
	return code;
}

static enum gate_exit run(struct invocation *invocation)
{
	struct check check = {
		.invocation = invocation,
		.start_ns = clock_monotonic_ns(),
		.wake_fd = signals_catch(),
		.ending = {.invocation = invocation,
			   .is_step = true,
			   .start_wall_ns = clock_wall_ns(),
			   .policy_diags = {.arena = invocation->arena}},
	};
	struct net *net = NULL;
	prepare(&check);
	if (check.wake_fd < 0)
		return conclude_with_defect(&check);
	if (signals_caught())
		return conclude_with_signal(&check);
	if (invocation->usage->errors == 0 && check.plan)
		net = connection_open(&check.connection, invocation->usage);
	if (!net)
		return conclude_with_errors(&check);
	if (!option_is_given(invocation->line, OPTION_QUIET))
		output_diagnostics(invocation->output, &check.ending.policy_diags); /* warnings */
	enum gate_exit code = option_is_given(invocation->line, OPTION_PRINT_CONFIG) ? conclude_with_config(&check)
										     : run_check(&check, net);
	net_free(net);
	return code;
}

const struct command check_command = {
	.name = "check",
	.operands = "[POLICY…]",
	.summary = "the gate: poll, judge, report",
	.example = "chaingate check policy.yaml --chain rag --deployment q86yjdy --junit report.xml",
	.details = "Judges policies when deployments are stable; default: all ACTIVE, all replicas.\n",
	.closing = "Key: its file, BASETEN_API_KEY or ~/.trussrc. Exit codes: see 'chaingate help'.\n",
	.set = IN_CHECK,
	.run = run,
};
