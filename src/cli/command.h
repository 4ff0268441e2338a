/* command.h - what a command is: one file, one constant entry in the table of command.c.
 */
#ifndef CHAINGATE_CLI_COMMAND_H
#define CHAINGATE_CLI_COMMAND_H

#include "chaingate/arena.h"
#include "chaingate/diag.h"
#include "chaingate/gate.h"
#include "chaingate/output.h"
#include "options.h"

#include <stdbool.h>
#include <stddef.h>

/* What a command is called with. */
struct invocation {
	const struct command *command;
	struct arena *arena; /* lives as long as the process */
	struct output *output;
	const struct command_line *line;
	struct diags *usage; /* what is wrong with the line: of the parser first, then of whoever reads the values */
};

struct command {
	const char *name;
	const char *operands; /* for the usage line: "POLICY…" */
	const char *summary;  /* for the list of commands: one line */
	const char *example;  /* the first line of its help */
	const char *details;  /* the paragraph below, in lines of at most 80 columns */
	const char *closing;  /* below the options: exit codes, where the key comes from; or NULL */
	unsigned set;         /* its bit in the table of options */
	/* Called also when the line has errors: a command that writes reports still does. */
	enum gate_exit (*run)(struct invocation *);
};

extern const struct command check_command, completion_command, eval_command, explain_command, help_command,
	init_command, lint_command, replay_command, schema_command, status_command, test_command, version_command;

/* All, in the order in which help lists them. */
const struct command *const *commands(size_t *count);

/* NULL: there is none. */
const struct command *command_find(const char *name);

/* Reports that no command has that name, and which may have been meant, else `otherwise`. */
void command_refuse_name(struct diags *usage, const char *name, const char *otherwise);

/* For commands that do nothing with a wrong line: prints what is wrong, and gives the exit code. */
enum gate_exit command_refuse(const struct invocation *);

/* A usage error about the line as a whole. `diag_hint` may be given to what comes back. */
__attribute__((format(printf, 2, 3))) struct diag *usage_error(struct diags *, const char *format, ...);

/* Reports the first operand, of a command that takes none; `hint` says what there is instead. */
void command_refuse_operand(const struct invocation *, const char *hint);

/* Printed and 0, or GATE_EXIT_UNREPORTED: nobody got to read it. */
enum gate_exit command_print(const struct invocation *, struct text);

/* The help of one command; the general one. */
void help_add_command(struct buf *, const struct command *);
void help_add_overview(struct buf *);

/* What main does. */
enum gate_exit command_dispatch(int argc, char *const *argv);

#endif
