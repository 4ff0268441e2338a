/* help.c - `chaingate help` and --help, made from the tables of commands, options and exit codes. */
#include "chaingate/buf.h"
#include "chaingate/report.h"
#include "command.h"

#include <string.h>

/* The column where explanations of options and commands begin. */
#define EXPLANATION_COLUMN 31
#define SUMMARY_COLUMN 13
#define MEANING_COLUMN 7
/* The width that every terminal has. */
#define HELP_COLUMNS 80

static void add_padded(struct buf *buf, size_t from, size_t column)
{
	size_t used = buf->length - from;
	buf_add_repeated(buf, ' ', used < column ? column - used : 1);
}

static void add_option(struct buf *buf, const struct option_row *row)
{
	size_t from = buf->length;
	if (row->letter)
		buf_printf(buf, "  -%c, --%s", row->letter, row->name);
	else
		buf_printf(buf, "  --%s", row->name);
	if (row->argument)
		buf_printf(buf, " %s", row->argument);
	add_padded(buf, from, EXPLANATION_COLUMN);
	buf_printf(buf, "%s\n", row->help);
}

static void add_group(struct buf *buf, const struct command *command, enum option_group group)
{
	const struct option_row *rows = option_rows();
	bool has_heading = false;
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if (rows[i].group != group || !(rows[i].commands & command->set))
			continue;
		if (!has_heading)
			buf_printf(buf, "%s:\n", option_group_name(group));
		has_heading = true;
		add_option(buf, &rows[i]);
	}
}

static void add_formats(struct buf *buf)
{
	size_t count, from = buf->length;
	const char *const *names = report_format_names(&count);
	buf_add_string(buf, "Formats:");
	for (size_t i = 0; i < count; i++) {
		if (buf->length - from + strlen(names[i]) + 1 > HELP_COLUMNS) {
			buf_add_byte(buf, '\n');
			from = buf->length;
			buf_add_string(buf, "        ");
		}
		buf_printf(buf, " %s", names[i]);
	}
	buf_add_byte(buf, '\n');
}

void help_add_command(struct buf *buf, const struct command *command)
{
	bool has_reports = command->set & option_rows()[OPTION_REPORT].commands;
	/* With reports, every line of the screen is needed. */
	const char *gap = has_reports ? "" : "\n";
	buf_printf(buf, "%s\n%s%s%s", command->example, gap, command->details, gap);
	buf_printf(buf, "Usage: chaingate %s [OPTION…]%s%s\n", command->name, command->operands[0] ? " " : "",
		   command->operands);
	for (size_t i = 0; i < GROUP_COUNT; i++)
		add_group(buf, command, (enum option_group)i);
	if (has_reports)
		add_formats(buf);
	if (command->closing)
		buf_printf(buf, "%s%s", gap, command->closing);
}

/* The meaning may have any length, so it is wrapped. */
static void add_exit(struct buf *buf, const struct exit_row *row)
{
	struct text rest = text_of(row->meaning);
	buf_printf(buf, "  %3d  ", (int)row->code);
	while (rest.length > HELP_COLUMNS - MEANING_COLUMN) {
		size_t end = HELP_COLUMNS - MEANING_COLUMN;
		while (end > 1 && rest.bytes[end] != ' ')
			end--;
		buf_add(buf, text_slice(rest, 0, end));
		buf_add_byte(buf, '\n');
		buf_add_repeated(buf, ' ', MEANING_COLUMN);
		rest = text_slice(rest, end + 1, rest.length);
	}
	buf_printf(buf, "%.*s\n", TEXT_ARG(rest));
}

void help_add_overview(struct buf *buf, const struct commands *all)
{
	size_t exit_count;
	const struct exit_row *exits = exit_rows(&exit_count);
	buf_printf(buf, "%s\n\n%s\nCommands:\n", check_command.example,
		   "A gate for Baseten Chains: polls a deployment until it is stable, judges the\n"
		   "rules of a policy, and answers with an exit code and a JUnit report.\n");
	for (size_t i = 0; i < all->count; i++) {
		size_t from = buf->length;
		buf_printf(buf, "  %s", all->items[i]->name);
		add_padded(buf, from, SUMMARY_COLUMN);
		buf_printf(buf, "%s\n", all->items[i]->summary);
	}
	buf_add_string(buf,
		       "\n'chaingate COMMAND --help' lists a command's options.\n\nExit codes of 'chaingate check':\n");
	for (size_t i = 0; i < exit_count; i++)
		add_exit(buf, &exits[i]);
}

static enum gate_exit run(struct invocation *invocation)
{
	const struct command_line *line = invocation->line;
	const struct command *wanted = NULL;
	if (line->operand_count > 1)
		diag_hint(invocation->usage, usage_error(invocation->usage, "help takes one command at a time"),
			  "chaingate help %s", line->operands[0]);
	if (line->operand_count == 1) {
		wanted = command_find(invocation->all, line->operands[0]);
		if (!wanted)
			command_refuse_name(invocation->all, invocation->usage, line->operands[0],
					    "'chaingate help' lists them");
	}
	if (invocation->usage->errors)
		return command_refuse(invocation);
	struct buf help = buf_make(BUF_LIMIT_REPORT);
	if (wanted)
		help_add_command(&help, wanted);
	else
		help_add_overview(&help, invocation->all);
	enum gate_exit code = command_print(invocation, buf_text(&help));
	buf_release(&help);
	return code;
}

const struct command help_command = {
	.name = "help",
	.operands = "[COMMAND]",
	.summary = "this overview, or the help of a command",
	.example = "chaingate help check",
	.details = "Prints the list of commands and exit codes, or the help of one command.\n",
	.set = IN_HELP,
	.run = run,
};
