/* dispatch.c - the table of commands, and the call of the command that the command line names. */
#include "chaingate/buf.h"
#include "chaingate/key.h"
#include "command.h"
#include "variables.h"

#include <string.h>

static const struct command *const table[] = {
	&check_command,      &status_command,  &lint_command,    &eval_command,   &test_command,
	&replay_command,     &merge_command,   &explain_command, &schema_command, &init_command,
	&completion_command, &version_command, &help_command,
};

const struct commands *all_commands(void)
{
	static const struct commands all = {table, sizeof(table) / sizeof(*table)};
	return &all;
}

static enum gate_exit print_help(const struct invocation *invocation)
{
	struct buf help = buf_make(BUF_LIMIT_REPORT);
	help_add_command(&help, invocation->command);
	enum gate_exit code = command_print(invocation, buf_text(&help));
	buf_release(&help);
	return code;
}

/* `name`: the name for messages. For a misspelt command, --help prints no help: it would be another command's, with
 * exit code 0. */
static enum gate_exit call(struct arena *arena, const struct command *command, const char *name, struct diags *usage,
			   int count, char *const *words)
{
	bool is_mistaken = usage->errors > 0;
	struct command_line line;
	struct output output = {.name = name};
	struct invocation invocation = {.all = all_commands(),
					.command = command,
					.arena = arena,
					.output = &output,
					.line = &line,
					.usage = usage};
	command_line_parse(arena, all_commands(), command->set, command->name, count, words, usage, &line);
	struct diags warnings = {.arena = arena};
	variables_read(arena, command->set, &line, usage, &warnings);
	/* The others read the key first. */
	if (!(command->set & (IN_CHECK | IN_STATUS)))
		key_forget();
	output.color = (enum output_color)option_choice(&line, OPTION_COLOR);
	if (!option_is_given(&line, OPTION_QUIET))
		output_usage_errors(&output, &warnings);
	return option_is_given(&line, OPTION_HELP) && !is_mistaken ? print_help(&invocation)
								   : command->run(&invocation);
}

/* Reports an unknown command. Then runs `check` with the rest of the line, so that the requested reports are written:
 * `check` was probably meant, because it writes reports. */
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
		command_refuse_name(all_commands(), usage, word, remedy);
	return call(arena, &check_command, "chaingate", usage, is_option ? count : count - 1,
		    is_option ? words : words + 1);
}

static enum gate_exit dispatch(struct arena *arena, int argc, char *const *argv)
{
	struct diags usage = {.arena = arena};
	struct output output = {0};
	const char *word = argc > 1 ? argv[1] : NULL;
	if (!word) {
		output_message(&output, "no command is given: 'chaingate check' is the gate; see 'chaingate help'");
		return GATE_EXIT_USAGE;
	}
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
		word = help_command.name;
	else if (strcmp(word, "--version") == 0)
		word = version_command.name;
	const struct command *command = command_find(all_commands(), word);
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
