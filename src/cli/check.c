/* check.c - `chaingate check`: the gate.
 *
 * Whatever goes wrong on the way, the end is the same: every report that was asked for is written, and the exit
 * code says what happened.
 */
#include "chaingate/buf.h"
#include "chaingate/clock.h"
#include "chaingate/files.h"
#include "chaingate/report.h"
#include "chaingate/signals.h"
#include "chaingate/version.h"
#include "command.h"
#include "connection.h"
#include "plan.h"
#include "policy_file.h"
#include "reports.h"
#include "run.h"

#include <unistd.h>

/* After the deadline, somebody who doesn't read stdout is waited for this much longer: a run may outlast its
 * timeout by a second. */
#define LATE_PATIENCE_NS (700 * NS_PER_MS)

enum progress { PROGRESS_AUTO, PROGRESS_LINES, PROGRESS_NONE };

struct check {
	struct invocation *invocation;
	int64_t start_ns; /* monotonic */
	int64_t start_wall_ns;
	int wake_fd;
	struct report_orders reports;
	const char *policy_path; /* of the first one; NULL: the built-in one */
	const struct policy *policy;
	struct diags policy_diags;
	struct net_options connection;
	const struct gate_plan *plan;
	struct gate *gate;
	const char *problem; /* why nothing was polled */
};

static struct text policy_name(const struct check *check)
{
	return text_of(check->policy_path ? check->policy_path : POLICY_BUILTIN_NAME);
}

/* ---- what to do ------------------------------------------------------------------------------------------------- */

static bool is_stdin(const char *path)
{
	return path && text_is(text_of(path), "-");
}

/* What the command line contradicts itself in. */
static void check_contradictions(const struct check *check)
{
	const struct command_line *line = check->invocation->line;
	struct diags *usage = check->invocation->usage;
	size_t from_stdin = 0;
	for (size_t i = 0; i < line->operand_count; i++)
		from_stdin += is_stdin(line->operands[i]);
	if (from_stdin > 1)
		usage_error(usage, "only one policy can be read from stdin");
	if (from_stdin && is_stdin(option_value(line, OPTION_API_KEY_FILE)))
		usage_error(usage, "the policy and the API key cannot both be read from stdin");
	if (option_is_given(line, OPTION_QUIET) && option_is_given(line, OPTION_VERBOSE))
		usage_error(usage, "--quiet and --verbose exclude each other");
}

/* Reads the command line, then the policy and the key; reports all that is wrong with them. The files are left
 * alone where the command line cannot be understood: they may not be the ones that were meant. */
static void prepare(struct check *check)
{
	struct invocation *invocation = check->invocation;
	const struct command_line *line = invocation->line;
	struct diags *usage = invocation->usage;
	size_t input_count = 0;
	const char **inputs = ARENA_ARRAY(invocation->arena, const char *, line->operand_count + 2);
	for (size_t i = 0; i < line->operand_count; i++)
		inputs[input_count++] = line->operands[i];
	inputs[input_count++] = option_value(line, OPTION_API_KEY_FILE);
	inputs[input_count++] = option_value(line, OPTION_CA_FILE);
	if (line->operand_count)
		check->policy_path = line->operands[0];
	check->reports = reports_read(invocation->arena, line, inputs, input_count, usage);
	check_contradictions(check);
	struct policy_request request = policy_request_read(invocation->arena, line, usage);
	if (usage->errors == 0)
		check->policy = policy_files_load(invocation->arena, line->operands, line->operand_count, &request, &check->policy_diags);
	if (check->policy) {
		policy_request_check(invocation->arena, &request, check->policy, usage);
		check->plan = plan_make(invocation->arena, check->policy, line, check->start_wall_ns, usage);
	}
	connection_read(invocation->arena, line, usage, &check->connection);
}

/* ---- the end ---------------------------------------------------------------------------------------------------- */

static int64_t stdout_patience_ns(const struct check *check)
{
	if (!check->gate)
		return FD_PATIENCE_NS;
	int64_t left_ns =
		time_add(gate_run_deadline_ns(check->gate), LATE_PATIENCE_NS) - (clock_monotonic_ns() - check->start_ns);
	if (left_ns < LATE_PATIENCE_NS)
		return LATE_PATIENCE_NS;
	return left_ns < FD_PATIENCE_NS ? left_ns : FD_PATIENCE_NS;
}

static bool print_verdict(const struct check *check, const struct report *report)
{
	const struct invocation *invocation = check->invocation;
	int fd = check->reports.takes_stdout ? STDERR_FILENO : STDOUT_FILENO;
	struct text_options options = {
		.columns = output_columns(fd),
		.colour = output_has_color(invocation->output, fd),
		.quiet = option_is_given(invocation->line, OPTION_QUIET),
		.verbose = option_is_given(invocation->line, OPTION_VERBOSE),
	};
	struct buf text = buf_make(BUF_LIMIT_REPORT);
	const char *why;
	bool printed = true;
	report_text(&text, report, &options);
	if (check->reports.takes_stdout)
		output_error_text(buf_text(&text));
	else
		printed = output_result(buf_text(&text), stdout_patience_ns(check), &why);
	if (!printed)
		output_message(invocation->output, "could not write the verdict to stdout: %s", why);
	buf_release(&text);
	return printed;
}

/* Writes all that was asked for. A pass that can't be shown is no pass. */
static enum gate_exit conclude(const struct check *check, enum gate_exit code)
{
	const struct invocation *invocation = check->invocation;
	struct report report = {
		.gate = check->gate ? gate_result(check->gate) : NULL,
		.policies = &check->policy,
		.policy_count = check->policy ? 1 : 0,
		.policy_path = policy_name(check).bytes,
		.tool_version = CHAINGATE_VERSION,
		.host_name = host_name(invocation->arena),
		.api_url = check->connection.base_url,
		.start_wall_ns = check->start_wall_ns,
		.took_ns = clock_monotonic_ns() - check->start_ns,
		.problem = check->problem,
		.diags = &check->policy_diags,
		.exit = code,
	};
	if (check->gate)
		report.events = gate_events(check->gate, &report.event_count);
	bool written = reports_write(&check->reports, &report, stdout_patience_ns(check), invocation->output);
	if (check->gate)
		written = print_verdict(check, &report) && written;
	return code == GATE_EXIT_PASSED && !written ? GATE_EXIT_UNREPORTED : code;
}

/* The first thing that is wrong, for the reports; all of them go to stderr. */
static enum gate_exit conclude_with_errors(struct check *check)
{
	const struct invocation *invocation = check->invocation;
	output_diagnostics(invocation->output, &check->policy_diags);
	output_usage_errors(invocation->output, invocation->usage);
	if (invocation->usage->first)
		check->problem = invocation->usage->first->message;
	else
		check->problem = arena_printf(invocation->arena, "the policy cannot be used: %zu error%s",
					      check->policy_diags.errors, check->policy_diags.errors == 1 ? "" : "s");
	return conclude(check, GATE_EXIT_USAGE);
}

static enum gate_exit conclude_with_signal(struct check *check)
{
	check->problem = "interrupted before anything was polled";
	output_message(check->invocation->output, "%s", check->problem);
	return conclude(check, verdict_exit(VERDICT_INTERRUPTED, signals_caught()));
}

/* Without a way to be interrupted nothing is polled. */
static enum gate_exit conclude_with_defect(struct check *check)
{
	check->problem = "could not catch signals: too many open files";
	output_message(check->invocation->output, "%s", check->problem);
	return conclude(check, GATE_EXIT_DEFECT);
}

/* ---- the gate --------------------------------------------------------------------------------------------------- */

static bool shows_progress(const struct command_line *line)
{
	enum progress progress = (enum progress)option_choice(line, OPTION_PROGRESS);
	switch (progress) {
	case PROGRESS_AUTO: return !option_is_given(line, OPTION_QUIET);
	case PROGRESS_LINES: return true;
	case PROGRESS_NONE: break;
	}
	return false;
}

static enum gate_exit run_check(struct check *check, struct net *net)
{
	const struct command_line *line = check->invocation->line;
	struct run_options options = {
		.plan = check->plan,
		.net = net,
		.key = check->connection.key,
		.body_max = check->connection.body_max,
		.start_ns = check->start_ns,
		.wake_fd = check->wake_fd,
		.shows_progress = shows_progress(line),
		.output = check->invocation->output,
	};
	check->gate = gate_new(check->plan);
	run_gate(check->gate, &options);
	const struct gate_result *result = gate_result(check->gate);
	enum gate_exit code = conclude(check, verdict_exit(result->verdict, result->signal_number));
	gate_free(check->gate);
	return code;
}

static enum gate_exit run(struct invocation *invocation)
{
	struct check check = {
		.invocation = invocation,
		.start_ns = clock_monotonic_ns(),
		.start_wall_ns = clock_wall_ns(),
		.wake_fd = signals_catch(),
		.policy_diags = {.arena = invocation->arena},
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
		output_diagnostics(invocation->output, &check.policy_diags); /* warnings */
	enum gate_exit code = run_check(&check, net);
	net_free(net);
	return code;
}

const struct command check_command = {
	.name = "check",
	.operands = "[POLICY…]",
	.summary = "the gate: poll, judge, report",
	.example = "chaingate check policy.yaml --chain rag --deployment q86yjdy --junit report.xml",
	.details = "Polls deployments until they are stable, judges the policy's rules, and answers\n"
		   "with an exit code. Several policies are one gate: their rules add up. Without\n"
		   "one: all chainlets ACTIVE with all replicas.\n",
	.closing = "The key: --api-key-file, else BASETEN_API_KEY, else api_key in ~/.trussrc.\n"
		   "Exit: 0 passed, 1 failed, 2 usage, 3 timed out, 4 undecided, 5 unreachable,\n"
		   "      6 passed but not reported; 'chaingate help' says more.\n",
	.set = IN_CHECK,
	.run = run,
};
