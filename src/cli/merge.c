/* merge.c - `chaingate merge`: one report out of the JSON reports of all shards. */
#include "chaingate/merge.h"

#include "chaingate/buf.h"
#include "chaingate/clock.h"
#include "chaingate/files.h"
#include "chaingate/places.h"
#include "command.h"
#include "ending.h"

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
				  "it writes json, junit, junit-strict and tap; the shards' own jobs write the others");
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

static bool write_report(const struct report_order *order, const struct merged *merged, const char **why)
{
	struct buf content = buf_make(BUF_LIMIT_REPORT);
	bool is_written = merged_render(&content, merged, order->format);
	if (!is_written)
		*why = "it is too large";
	else if (place_is_stdout(order->path))
		is_written = output_result(buf_text(&content), report_form(order->format), FD_PATIENCE_NS, why);
	else
		is_written = file_write(order->path, buf_text(&content), FD_PATIENCE_NS, why);
	buf_release(&content);
	return is_written;
}

/* Writes the reports, and prints the verdict. A pass that couldn't be reported isn't a pass. */
static enum gate_exit conclude(const struct invocation *invocation, const struct report_orders *orders,
			       const struct merged *merged)
{
	enum gate_exit code = merged_exit(merged);
	struct buf text = buf_make(BUF_LIMIT_REPORT);
	bool all = true;
	const char *why;
	for (size_t i = 0; i < orders->count; i++) {
		if (write_report(&orders->items[i], merged, &why))
			continue;
		all = false;
		output_message(invocation->output, "could not write the report %s to %s: %s",
			       report_format_name(orders->items[i].format),
			       place_is_stdout(orders->items[i].path) ? "stdout" : orders->items[i].path, why);
	}
	merged_text(&text, merged, option_is_given(invocation->line, OPTION_QUIET));
	if (orders->takes_stdout) {
		output_error_text(buf_text(&text));
	} else if (!output_result(buf_text(&text), FORM_LINES, FD_PATIENCE_NS, &why)) {
		all = false;
		output_message(invocation->output, "could not write the verdict to stdout: %s", why);
	}
	buf_release(&text);
	return all || code != GATE_EXIT_PASSED ? code : GATE_EXIT_UNREPORTED;
}

static enum gate_exit run(struct invocation *invocation)
{
	const struct command_line *line = invocation->line;
	struct ending ending = {.invocation = invocation,
				.start_wall_ns = clock_wall_ns(),
				.policy_diags = {.arena = invocation->arena},
				.stdout_patience_ns = FD_PATIENCE_NS};
	ending.orders = orders_read(invocation->arena, line, line->operands, line->operand_count, invocation->usage);
	check_orders(&ending.orders, invocation->usage);
	if (invocation->usage->errors)
		return ending_refuse(&ending);
	ending_begin(&ending);
	struct merged *merged = invocation->usage->errors ? NULL : read_reports(invocation);
	if (!merged)
		return ending_refuse(&ending);
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
		   "is missing or given twice, isn't finished, or is of other chains or policies.\n",
	.closing = "Of the formats it writes json, junit, junit-strict and tap.\n"
		   "Exit: as one check of all chains; 2 if the reports don't make a whole.\n",
	.set = IN_MERGE,
	.run = run,
};
