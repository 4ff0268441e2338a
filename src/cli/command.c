/* command.c - the table of commands, and finding the command of a command line. */
#include "command.h"

#include "chaingate/buf.h"
#include "chaingate/files.h"
#include "variables.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct command *const table[] = {
	&check_command,   &status_command, &lint_command, &eval_command,       &test_command,    &replay_command,
	&explain_command, &schema_command, &init_command, &completion_command, &version_command, &help_command,
};
#define COMMAND_COUNT (sizeof(table) / sizeof(*table))

const struct command *const *commands(size_t *count)
{
	*count = COMMAND_COUNT;
	return table;
}

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(table[i]->name, name) == 0)
			return table[i];
	return NULL;
}

/* ---- usage errors ----------------------------------------------------------------------------------------------- */

struct diag *usage_error(struct diags *diags, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	char *message = arena_alloc(diags->arena, (size_t)(length < 0 ? 0 : length) + 1);
	vsnprintf(message, (size_t)(length < 0 ? 0 : length) + 1, format, again);
	va_end(again);
	va_end(args);
	return diag_error(diags, NULL, (struct span){0, 0}, DIAG_INVALID_VALUE, "%s", message);
}

enum gate_exit command_refuse(const struct invocation *invocation)
{
	output_usage_errors(invocation->output, invocation->usage);
	return GATE_EXIT_USAGE;
}

enum gate_exit command_print(const struct invocation *invocation, struct text text)
{
	return output_print(invocation->output, text) ? GATE_EXIT_PASSED : GATE_EXIT_UNREPORTED;
}

/* ---- dispatching ------------------------------------------------------------------------------------------------ */

static enum gate_exit print_help(const struct invocation *invocation)
{
	struct buf help = buf_make(BUF_LIMIT_REPORT);
	help_add_command(&help, invocation->command);
	enum gate_exit code = command_print(invocation, buf_text(&help));
	buf_release(&help);
	return code;
}

/* `name`: the name for messages. With a misspelt command there is no help, because it would be another command's and
 * exit with 0. */
static enum gate_exit call(struct arena *arena, const struct command *command, const char *name, struct diags *usage,
			   int count, char *const *words)
{
	bool is_mistaken = usage->errors > 0;
	struct command_line line;
	struct output output = {.name = name};
	struct invocation invocation = {
		.command = command, .arena = arena, .output = &output, .line = &line, .usage = usage};
	command_line_parse(arena, command->set, command->name, count, words, usage, &line);
	struct diags warnings = {.arena = arena};
	variables_read(arena, command->set, &line, usage, &warnings);
	output.color = (enum output_color)option_choice(&line, OPTION_COLOR);
	if (!option_is_given(&line, OPTION_QUIET))
		output_usage_errors(&output, &warnings);
	return option_is_given(&line, OPTION_HELP) && !is_mistaken ? print_help(&invocation)
								   : command->run(&invocation);
}

void command_refuse_operand(const struct invocation *invocation, const char *hint)
{
	struct diags *usage = invocation->usage;
	struct diag *diag =
		usage_error(usage, "'%s' is not expected: 'chaingate %s' takes no operands",
			    diag_value(usage, text_of(invocation->line->operands[0])), invocation->command->name);
	diag_hint(usage, diag, "%s", hint);
}

void command_refuse_name(struct diags *usage, const char *name, const char *otherwise)
{
	const char *names[COMMAND_COUNT];
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		names[i] = table[i]->name;
	struct diag *diag = usage_error(usage, "no command is called '%s'", diag_value(usage, text_of(name)));
	const char *near = text_nearest(text_of(name), names, COMMAND_COUNT);
	if (near)
		diag_hint(usage, diag, "a command has a similar name: %s", near);
	else
		diag_hint(usage, diag, "%s", otherwise);
}

/* Reports an unknown command. Reports that the rest of the line asks for are still written: `check` was probably
 * meant, because it writes reports. */
static enum gate_exit refuse_command(struct arena *arena, struct diags *usage, int count, char *const *words)
{
	static const char remedy[] = "chaingate check policy.yaml …, or see 'chaingate help'";
	const char *word = words[0];
	bool is_option = word[0] == '-';
	if (is_option)
		diag_hint(usage,
			  usage_error(usage, "the command comes first, before '%s'", diag_value(usage, text_of(word))),
			  "%s", remedy);
	else
		command_refuse_name(usage, word, remedy);
	return call(arena, &check_command, "chaingate", usage, is_option ? count : count - 1,
		    is_option ? words : words + 1);
}

static enum gate_exit dispatch(struct arena *arena, int argc, char *const *argv)
{
	struct diags usage = {.arena = arena};
	struct output output = {0};
	const char *word = argc > 1 ? argv[1] : NULL;
	if (!word) {
		output_message(&output, "what to do? 'chaingate check' is the gate; see 'chaingate help'");
		return GATE_EXIT_USAGE;
	}
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
		word = help_command.name;
	else if (strcmp(word, "--version") == 0)
		word = version_command.name;
	const struct command *command = command_find(word);
	if (command)
		return call(arena, command, arena_printf(arena, "chaingate %s", command->name), &usage, argc - 2,
			    argv + 2);
	return refuse_command(arena, &usage, argc - 1, argv + 1);
}

enum gate_exit command_dispatch(int argc, char *const *argv)
{
	struct arena arena = {0};
	enum gate_exit code = dispatch(&arena, argc, argv);
	arena_release(&arena);
	return code;
}
