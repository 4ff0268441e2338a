/* merge.c - `chaingate merge`: one report out of the JSON reports of all shards. */
#include "chaingate/merge.h"

#include "chaingate/buf.h"
#include "chaingate/clock.h"
#include "chaingate/files.h"
#include "chaingate/places.h"
#include "chaingate/policy.h"
#include "chaingate/signals.h"
#include "chaingate/times.h"
#include "command.h"
#include "ending.h"
#include "values.h"

#include <string.h>
#include <unistd.h>

/* Largest report that is read: no report that is written is larger, and the merged one can't be either. */
#define REPORT_BYTES_MAX BUF_LIMIT_REPORT

/* Reports what can't be written: formats that need more than the JSON report has, and a report for each target. */
static void check_orders(const struct report_orders *orders, struct diags *usage)
{
	for (size_t i = 0; i < orders->count; i++) {
		const struct report_order *order = &orders->items[i];
		if (!merge_has_format(order->format))
			diag_hint(usage,
				  usage_error(usage, "'chaingate merge' cannot write the format %s",
					      report_format_name(order->format)),
				  "it needs more than the JSON reports have; the shards' own jobs write it");
		if (strstr(order->path, REPORT_TARGET_MARK))
			diag_hint(usage,
				  usage_error(usage,
					      "'chaingate merge' writes one report, so the path '%s' has no target",
					      diag_value(usage, text_of(order->path))),
				  "leave " REPORT_TARGET_MARK " out");
	}
}

static struct merged *read_reports(const struct invocation *invocation)
{
	const struct command_line *line = invocation->line;
	struct diags *usage = invocation->usage;
	struct merge_input *inputs = ARENA_ARRAY(invocation->arena, struct merge_input, line->operand_count + 1);
	for (size_t i = 0; i < line->operand_count; i++) {
		const char *why;
		inputs[i].name = line->operands[i];
		if (!file_read(invocation->arena, line->operands[i], REPORT_BYTES_MAX, &inputs[i].content, &why))
			diag_hint(usage,
				  usage_error(usage, "could not read the report '%s': %s",
					      diag_value(usage, text_of(line->operands[i])), why),
				  "check the path, and that the job of this shard has kept its report");
	}
	if (line->operand_count == 0)
		diag_hint(usage, usage_error(usage, "no report is given"),
			  "give the JSON reports of all shards: chaingate merge gate-*.json");
	return usage->errors ? NULL : merge_reports(invocation->arena, inputs, line->operand_count, usage);
}

/* The clocks of the jobs and of this machine may differ by that; ci/promote has the same limit. */
#define SKEW_MAX_NS (5 * 60 * NS_PER_S)

static const char *moment_string(struct arena *arena, int64_t wall_ns)
{
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	moment_add(&buf, wall_ns, false);
	const char *string = arena_string(arena, buf_string(&buf));
	buf_release(&buf);
	return string;
}

/* Refuses reports of which one is older than `max_age_ns`, or ended in the future: nobody knows how old that one is. */
static bool check_age(struct diags *usage, const struct merged *merged, int64_t max_age_ns)
{
	int64_t first_ns = merged_first_end_ns(merged), last_ns = merged_last_end_ns(merged), now_ns = clock_wall_ns();
	bool is_old = time_add(first_ns, max_age_ns) < now_ns;
	bool is_ahead = time_add(now_ns, SKEW_MAX_NS) < last_ns;
	if (is_old)
		diag_hint(usage,
			  usage_error(usage, "the reports are older than %s: the first shard ended at %s",
				      duration_string(usage->arena, max_age_ns), moment_string(usage->arena, first_ns)),
			  "they are of an earlier run: run all shards again");
	else if (is_ahead)
		diag_hint(usage,
			  usage_error(usage, "the reports are of the future: the last shard ended at %s",
				      moment_string(usage->arena, last_ns)),
			  "set the clocks of the machines right, and run all shards again");
	return !is_old && !is_ahead;
}

static bool render(struct buf *buf, const void *of, const struct report_order *order, size_t target,
		   enum gate_exit code)
{
	(void)target; /* there are none: check_orders */
	return merged_render(buf, of, order->format, code);
}

static bool print_verdict(const struct invocation *invocation, const struct report_orders *orders,
			  const struct merged *merged, enum gate_exit code)
{
	struct buf text = buf_make(BUF_LIMIT_REPORT);
	const char *why;
	bool is_printed = true;
	merged_text(&text, merged, code, option_is_given(invocation->line, OPTION_QUIET));
	if (orders->takes_stdout)
		output_error_text(buf_text(&text));
	else
		is_printed = output_result(buf_text(&text), FORM_LINES, FD_PATIENCE_NS, &why);
	if (!is_printed)
		output_message(invocation->output, "could not write the verdict to stdout: %s", why);
	buf_release(&text);
	return is_printed;
}

/* Writes the reports, and prints the verdict. A pass that couldn't be reported isn't a pass. */
static enum gate_exit conclude(const struct invocation *invocation, const struct report_orders *orders,
			       const struct merged *merged)
{
	struct reports_end end = {.orders = orders,
				  .output = invocation->output,
				  .patience_ns = FD_PATIENCE_NS,
				  .render = render,
				  .of = merged};
	signals_catch(); /* from here the files come whole; before, a signal ends the process */
	enum gate_exit code = reports_send(&end, reports_prepare(&end, merged_exit(merged)));
	if (!orders->takes_stdout && !print_verdict(invocation, orders, merged, code) && code == GATE_EXIT_PASSED)
		code = GATE_EXIT_UNREPORTED;
	code = reports_put(&end, code);
	/* On stderr it can't be lost, so it comes after the report on stdout, and knows the final code. */
	if (orders->takes_stdout)
		print_verdict(invocation, orders, merged, code);
	return code;
}

static enum gate_exit run(struct invocation *invocation)
{
	const struct command_line *line = invocation->line;
	struct ending ending = {.invocation = invocation,
				.start_wall_ns = clock_wall_ns(),
				.policy_diags = {.arena = invocation->arena},
				.stdout_patience_ns = FD_PATIENCE_NS};
	int64_t max_age_ns = INT64_MAX;
	ending.orders = orders_read(invocation->arena, line, line->operands, line->operand_count, invocation->usage);
	check_orders(&ending.orders, invocation->usage);
	value_duration(line, OPTION_MAX_AGE, 0, WAIT_MAX_NS, invocation->usage, &max_age_ns);
	if (invocation->usage->errors)
		return ending_refuse(&ending);
	ending_begin(&ending);
	struct merged *merged = invocation->usage->errors ? NULL : read_reports(invocation);
	const char *checkout, *folder;
	if (merged && option_is_given(line, OPTION_MAX_AGE) && !check_age(invocation->usage, merged, max_age_ns)) {
		merged_free(merged);
		merged = NULL;
	}
	if (!merged)
		return ending_refuse(&ending);
	if (place_find_checkout(invocation->arena, &checkout, &folder))
		merged_set_place(merged, checkout, folder);
	enum gate_exit code = conclude(invocation, &ending.orders, merged);
	merged_free(merged);
	return code;
}

const struct command merge_command = {
	.name = "merge",
	.operands = "REPORT.json…",
	.summary = "one report out of the JSON reports of all shards",
	.example = "chaingate merge gate-*.json --junit report.xml --report json=gate.json",
	.details = "Puts the JSON reports of all jobs with --shard together. Refuses them if one\n"
		   "is missing or given twice, isn't finished, or is of other chains or policies.\n"
		   "Yesterday's reports make yesterday's whole; --max-age refuses them.\n",
	.closing = "It writes all formats but html and intoto.\n"
		   "Exit: as one check of all chains; 2 if the reports don't make a whole.\n",
	.set = IN_MERGE,
	.run = run,
};
