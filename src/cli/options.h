/* options.h - the options of all commands in one table, and the parser of the command line.
 *
 * POSIX and GNU style: --timeout 20m, --timeout=20m, -t 20m, -t20m, -qv; options may follow operands; `--` ends
 * them. Options can't be abbreviated: an abbreviation that is unambiguous today might break a pipeline with the next
 * version.
 */
#ifndef CHAINGATE_CLI_OPTIONS_H
#define CHAINGATE_CLI_OPTIONS_H

#include "chaingate/arena.h"
#include "chaingate/diag.h"

#include <stdbool.h>
#include <stddef.h>

/* The commands as a set, for the table of options. */
enum command_set {
	IN_CHECK = 1,
	IN_LINT = 2,
	IN_STATUS = 4,
	IN_EVAL = 8,
	IN_HELP = 16,
	IN_VERSION = 32,
	IN_EXPLAIN = 64,
	IN_SCHEMA = 128,
	IN_INIT = 256,
	IN_TEST = 512,
	IN_REPLAY = 1024,
	IN_COMPLETION = 2048,
	IN_MERGE = 4096,
	IN_ALL = 8191,
};

/* The headings of the help, in this order. */
enum option_group { GROUP_WATCH, GROUP_WAIT, GROUP_INPUT, GROUP_REPORT, GROUP_API, GROUP_OUTPUT, GROUP_COUNT };

enum option_id {
	OPTION_CHAIN,
	OPTION_CHAINS,
	OPTION_ALL_CHAINS,
	OPTION_MODEL,
	OPTION_SHARD,
	OPTION_DEPLOYMENT,
	OPTION_ENVIRONMENT,
	OPTION_ROLE,
	OPTION_EXPECT_DEPLOYMENT,
	OPTION_LATEST,
	OPTION_ALL_DEPLOYMENTS,
	OPTION_SINCE,
	OPTION_BASELINE_ENVIRONMENT,
	OPTION_SET,
	OPTION_POLICY_DIGEST,
	OPTION_TIMEOUT,
	OPTION_INTERVAL,
	OPTION_STABLE_FOR,
	OPTION_STRICT,
	OPTION_WATCH,
	OPTION_WHOAMI,
	OPTION_LIST_MODELS,
	OPTION_FROM,
	OPTION_BODY,
	OPTION_SAVED_BODY,
	OPTION_EVAL_POLICY,
	OPTION_NOW,
	OPTION_MAX_AGE,
	OPTION_REPORT,
	OPTION_JUNIT,
	OPTION_RECORD,
	OPTION_REPORT_ONLY,
	OPTION_POLICY,
	OPTION_SCHEMA_OF_REPORT,
	OPTION_PRINT_CONFIG,
	OPTION_API_URL,
	OPTION_API_KEY_FILE,
	OPTION_AUTH_SCHEME,
	OPTION_CA_FILE,
	OPTION_MAX_RPS,
	OPTION_MAX_BODY,
	OPTION_NO_SANDBOX,
	OPTION_FORMAT,
	OPTION_TEST_FORMAT,
	OPTION_COVERAGE,
	OPTION_REQUIRE_COVERAGE,
	OPTION_COLOR,
	OPTION_PROGRESS,
	OPTION_QUIET,
	OPTION_VERBOSE,
	OPTION_HELP,
	OPTION_COUNT
};

struct option_row {
	const char *name;     /* without dashes */
	char letter;          /* 0: none */
	const char *argument; /* NULL: none. With a '|': the words that may be given, the default first */
	const char *help;
	enum option_group group;
	unsigned commands; /* the commands that have it: a set of enum command_set */
	bool repeatable;
};

/* Indexed by enum option_id. */
const struct option_row *option_rows(void);
const char *option_group_name(enum option_group);

/* The values given for one option, in order. */
struct option_values {
	const char *spelling; /* as it was last given: "--timeout", or a variable's name */
	const char **items;   /* "" for an option without an argument */
	size_t count;
	size_t room;
};

struct commands; /* command.h */

struct command_line {
	struct option_values options[OPTION_COUNT];
	const char **operands;
	size_t operand_count;
	size_t operand_room;
	/* A mistyped option's value, and the words after it, which may be its value. Nothing is read from files that
	 * they name, and nothing may overwrite them. */
	struct option_values strays;
};

/* Parses the words after the command's name. Mistakes are reported, and the rest is still parsed, so that the
 * requested reports are known. `command_name` is for messages. */
void command_line_parse(struct arena *, const struct commands *, unsigned command, const char *command_name, int count,
			char *const *words, struct diags *, struct command_line *out);

/* False if the option has a list of words and the value isn't one of them. */
bool option_accepts(enum option_id, const char *value);

/* Reports a path in the option's value that is ~ or begins with ~/, because the shell didn't replace that, and returns
 * false. True for all other values. `shown` is the option or variable, for the message. */
bool option_path_is_expanded(struct diags *, enum option_id, const char *shown, const char *value);

/* True if the option was on the command line, not in a variable. */
bool option_is_typed(const struct command_line *, enum option_id);

/* Read the options. option_value: the value of an option that can't be repeated, or NULL. option_choice: the index of
 * its word, 0 if it wasn't given. */
bool option_is_given(const struct command_line *, enum option_id);
const char *option_value(const struct command_line *, enum option_id);

/* True for the options that select deployments: they exclude each other. */
bool option_is_selecting(enum option_id);

/* True for the options that say which chains, or which model: they exclude each other. */
bool option_says_chains(enum option_id);
size_t option_choice(const struct command_line *, enum option_id);

#endif
