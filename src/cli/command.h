/* command.h - commands: each has a file, and a constant entry in the table of dispatch.c. A command gets the table as
 * an argument, because the table refers to every command. */
#ifndef CHAINGATE_CLI_COMMAND_H
#define CHAINGATE_CLI_COMMAND_H

#include "chaingate/arena.h"
#include "chaingate/diag.h"
#include "chaingate/gate.h"
#include "chaingate/output.h"
#include "options.h"

#include <stdbool.h>
#include <stddef.h>

/* The arguments of a command. */
struct invocation {
	const struct commands *all;
	const struct command *command;
	struct arena *arena; /* lives as long as the process */
	struct output *output;
	const struct command_line *line;
	struct diags *usage; /* mistakes on the command line: first the parser's, then those found while reading
			      * values */
};

struct command {
	const char *name;
	const char *operands; /* for the usage line: "POLICY…" */
	const char *summary;  /* for the list of commands: one line */
	const char *example;  /* the first line of its help */
	const char *details;  /* the paragraph below the example, in lines of at most 80 columns */
	const char *closing;  /* the text below the options: exit codes, where the key comes from; or NULL */
	unsigned set;         /* the command's bit in the table of options */
	/* Also called if the line has errors, so that a command can write its reports. */
	enum gate_exit (*run)(struct invocation *);
};

/* All commands, in the order of the help. */
struct commands {
	const struct command *const *items;
	size_t count;
};
const struct commands *all_commands(void);

extern const struct command check_command, completion_command, eval_command, explain_command, help_command,
	init_command, lint_command, merge_command, replay_command, schema_command, status_command, test_command,
	version_command;

/* NULL if there is no such command. */
const struct command *command_find(const struct commands *, const char *name);

/* Reports that no command has this name. The hint suggests a command with a similar name; `otherwise` is the hint if
 * there is none. */
void command_refuse_name(const struct commands *, struct diags *usage, const char *name, const char *otherwise);

/* Prints the mistakes of the command line, and returns the exit code. The command then ends without running. */
enum gate_exit command_refuse(const struct invocation *);

/* Reports a mistake about the line as a whole. The caller may add a diag_hint to the result. */
__attribute__((format(printf, 2, 3))) struct diag *usage_error(struct diags *, const char *format, ...);

/* For commands without operands: reports the first operand. `hint` says what to use instead. */
void command_refuse_operand(const struct invocation *, const char *hint);

/* Prints a text. Returns 0, or GATE_EXIT_UNREPORTED if it couldn't be written. */
enum gate_exit command_print(const struct invocation *, struct text);

/* Append the help of one command, and the general help. */
void help_add_command(struct buf *, const struct command *);
void help_add_overview(struct buf *, const struct commands *);

/* Everything that main does. */
enum gate_exit command_dispatch(int argc, char *const *argv);

#endif
