/* ending.c - see ending.h. */
#include "ending.h"

#include "chaingate/buf.h"
#include "chaingate/files.h"
#include "chaingate/places.h"
#include "chaingate/report.h"
#include "chaingate/signals.h"
#include "chaingate/version.h"

#include <unistd.h>

static bool print_verdict(const struct ending *ending, const struct report *report)
{
	const struct invocation *invocation = ending->invocation;
	int fd = ending->orders.takes_stdout ? STDERR_FILENO : STDOUT_FILENO;
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
	if (ending->orders.takes_stdout)
		output_error_text(buf_text(&text));
	else
		printed = output_result(buf_text(&text), FORM_LINES, ending->stdout_patience_ns, &why);
	if (!printed)
		output_message(invocation->output, "could not write the verdict to stdout: %s", why);
	buf_release(&text);
	return printed;
}

/* The files that contain only a report: not stdout, and not files that others write to, too. */
static void set_places(const struct ending *ending, struct report *report)
{
	const char **places = ARENA_ARRAY(ending->invocation->arena, const char *, ending->orders.count);
	for (size_t i = 0; i < ending->orders.count; i++)
		if (!place_is_stdout(ending->orders.items[i].path) && !ending->orders.items[i].appends)
			places[report->place_count++] = ending->orders.items[i].path;
	report->places = places;
}

/* True if each target had a deployment that the gate could judge. It has none if the id is wrong and the timeout is too
 * short to conclude that: then the run times out. */
static bool has_judged(const struct ending *ending)
{
	const struct gate_result *gate = ending->gate ? gate_result(ending->gate) : NULL;
	for (size_t i = 0; gate && i < gate->target_count; i++)
		if (gate->targets[i].deployment_count == 0)
			return false;
	return gate && gate->target_count > 0;
}

/* --report-only: a deployment that doesn't pass doesn't fail the pipeline. A gate that couldn't judge still does: a
 * usage error, an API that doesn't answer, nothing to judge, a defect, a signal, a requested report that is missing. */
static enum gate_exit forgive(const struct ending *ending, enum gate_exit code, bool is_reported)
{
	if (code != GATE_EXIT_FAILED && code != GATE_EXIT_TIMED_OUT && code != GATE_EXIT_UNDECIDED)
		return code;
	if (!has_judged(ending)) {
		output_message(ending->invocation->output,
			       "--report-only doesn't apply: there was nothing to judge (exit %d)", (int)code);
		return code;
	}
	output_message(ending->invocation->output, "would have %s (exit %d) without --report-only",
		       code == GATE_EXIT_FAILED      ? "failed"
		       : code == GATE_EXIT_TIMED_OUT ? "timed out"
						     : "been undecided",
		       (int)code);
	return is_reported ? GATE_EXIT_PASSED : GATE_EXIT_UNREPORTED;
}

static struct report make_report(const struct ending *ending, enum gate_exit code)
{
	const struct invocation *invocation = ending->invocation;
	struct report report = {
		.gate = ending->gate ? gate_result(ending->gate) : NULL,
		.policies = &ending->policy,
		.policy_count = ending->policy ? 1 : 0,
		.policy_path = ending->policy_path ? ending->policy_path : POLICY_BUILTIN_NAME,
		.tool_version = CHAINGATE_VERSION,
		.host_name = host_name(invocation->arena),
		.api_url = ending->api_url,
		.recording = ending->recording,
		.start_wall_ns = ending->start_wall_ns,
		.took_ns = ending->took_ns,
		.problem = ending->problem,
		.fleet = ending->fleet,
		.is_empty = ending->is_empty,
		.diags = &ending->policy_diags,
		.usage = invocation->usage,
		.exit = code,
	};
	place_find_checkout(invocation->arena, &report.checkout, &report.folder);
	if (ending->gate)
		report.events = gate_events(ending->gate, &report.event_count);
	return report;
}

/* The reason in every report until there is a verdict. */
#define UNFINISHED "not finished: this run has no verdict, because it is still going on, or it was killed"

void ending_begin(struct ending *ending)
{
	struct report report = make_report(ending, GATE_EXIT_DEFECT);
	report.problem = UNFINISHED;
	report.is_unfinished = true;
	reports_begin(&ending->orders, &report, ending->invocation->usage);
}

void ending_empty(struct ending *ending)
{
	const struct plan_fleet *fleet = ending->fleet;
	struct arena *arena = ending->invocation->arena;
	const char *where =
		fleet->whole == 1
			? "doesn't have the only chain, it is in another shard"
			: arena_printf(arena, "has none of the %zu chains, they are in other shards", fleet->whole);
	ending->is_empty = true;
	ending->problem = arena_printf(arena, "nothing to judge: shard %zu/%zu %s", fleet->shard.index,
				       fleet->shard.count, where);
	output_message(ending->invocation->output, "%s", ending->problem);
}

/* A pass that couldn't be reported isn't a pass. */
static enum gate_exit lowered(enum gate_exit code, bool is_reported)
{
	return code == GATE_EXIT_PASSED && !is_reported ? GATE_EXIT_UNREPORTED : code;
}

enum gate_exit ending_conclude(const struct ending *ending, enum gate_exit verdict)
{
	const struct invocation *invocation = ending->invocation;
	struct report report = make_report(ending, verdict);
	struct reports_end end = {.orders = &ending->orders,
				  .output = invocation->output,
				  .patience_ns = ending->stdout_patience_ns,
				  .render = reports_render,
				  .of = &report};
	/* `check` has caught them since its start. Others die of them, but not while they put files into their places. */
	if (!ending->is_step)
		signals_catch();
	enum gate_exit code = reports_send(&end, reports_prepare(&end, verdict)), told;
	bool is_lost = false; /* the verdict, or a step's outputs */
	if (!end.is_lost)
		set_places(ending, &report);
	/* On stderr it can't be lost, so it comes after the report on stdout. */
	if (ending->gate && !ending->orders.takes_stdout)
		is_lost = !print_verdict(ending, &report);
	code = lowered(code, !is_lost);
	is_lost |= ending->is_step && !reports_write_outputs(&report, code, invocation->output);
	told = lowered(code, !is_lost);
	code = reports_put(&end, told);
	if (end.is_lost)
		report.place_count = 0;
	if (ending->gate && ending->orders.takes_stdout)
		print_verdict(ending, &report);
	if (code != told && ending->is_step)
		reports_write_outputs(&report, code, invocation->output);
	return ending->only_reports ? forgive(ending, code, !is_lost && !end.is_lost) : code;
}

/* The reports get the first mistake; stderr gets all of them. */
enum gate_exit ending_refuse(struct ending *ending)
{
	const struct invocation *invocation = ending->invocation;
	output_diagnostics(invocation->output, &ending->policy_diags);
	output_usage_errors(invocation->output, invocation->usage);
	if (invocation->usage->first)
		ending->problem = invocation->usage->first->message;
	else
		ending->problem = arena_printf(invocation->arena, "the policy cannot be used: %zu error%s",
					       ending->policy_diags.errors, text_plural(ending->policy_diags.errors));
	return ending_conclude(ending, GATE_EXIT_USAGE);
}
