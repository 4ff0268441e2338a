/* completion.c - `chaingate completion`: completion scripts for shells, made from the tables that parse the line. */
#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/report.h"
#include "command.h"
#include "explain.h"

#include <string.h>

/* What follows an option. */
enum value_kind { VALUE_NONE, VALUE_WORDS, VALUE_FORMAT, VALUE_FILE, VALUE_OTHER };

/* What kind of operands a command has. */
enum operand_kind { OPERAND_NONE, OPERAND_WORD, OPERAND_FILE, OPERAND_WORD_OR_FILE };

static enum value_kind kind_of(const struct option_row *row)
{
	static const char *const files[] = {"PATH", "FILE"};
	if (!row->argument)
		return VALUE_NONE;
	if (strchr(row->argument, '|'))
		return VALUE_WORDS;
	if (strcmp(row->argument, "FORMAT=PATH") == 0)
		return VALUE_FORMAT;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (strcmp(row->argument, files[i]) == 0)
			return VALUE_FILE;
	return VALUE_OTHER;
}

static enum operand_kind operands_of(const struct command *command)
{
	switch (command->set) {
	case IN_STATUS:
	case IN_SCHEMA:
	case IN_VERSION:
	case IN_EVAL: return OPERAND_NONE; /* eval's operands are rules: no list can complete them */
	case IN_HELP:
	case IN_COMPLETION: return OPERAND_WORD;
	case IN_EXPLAIN: return OPERAND_WORD_OR_FILE;
	default: return OPERAND_FILE;
	}
}

static bool takes_files(const struct command *command)
{
	return operands_of(command) == OPERAND_FILE || operands_of(command) == OPERAND_WORD_OR_FILE;
}

/* "auto live lines none", or the formats, each followed by an =. */
static void add_words(struct buf *buf, const struct option_row *row)
{
	size_t count;
	const char *const *names = report_format_names(&count);
	if (kind_of(row) == VALUE_WORDS) {
		for (const char *at = row->argument; *at; at++)
			buf_add_byte(buf, *at == '|' ? ' ' : *at);
		return;
	}
	for (size_t i = 0; i < count; i++)
		buf_printf(buf, "%s%s=", i ? " " : "", names[i]);
}

static void add_command_names(struct buf *buf, const struct commands *all)
{
	for (size_t i = 0; i < all->count; i++)
		buf_printf(buf, "%s%s", i ? " " : "", all->items[i]->name);
}

static void add_shell_names(struct buf *buf);

/* The words that a command's operands can be; none if they can be anything. */
static void add_operands(struct buf *buf, const struct commands *all, const struct command *command)
{
	if (command->set == IN_HELP)
		add_command_names(buf, all);
	if (command->set == IN_COMPLETION)
		add_shell_names(buf);
	if (command->set == IN_EXPLAIN) {
		struct arena arena = {0};
		size_t count;
		const char *const *words = explain_words(&arena, &count);
		for (size_t i = 0; i < count; i++)
			buf_printf(buf, "%s%s", i ? " " : "", words[i]);
		arena_release(&arena);
	}
}

static bool is_of(const struct option_row *row, const struct command *command)
{
	return (row->commands & command->set) != 0;
}

/* Appends a text, with `before` in front of each character that is in `special`. */
static void add_escaped(struct buf *buf, const char *text, const char *special, const char *before)
{
	for (; *text; text++) {
		if (strchr(special, *text))
			buf_add_string(buf, before);
		buf_add_byte(buf, *text);
	}
}

/* ---- bash ------------------------------------------------------------------------------------------------------- */

/* "	check\ --color|" and so on. An option of the same name may have other words in other commands. */
static void add_bash_value(struct buf *buf, const struct command *command, const struct option_row *row)
{
	enum value_kind kind = kind_of(row);
	if (kind == VALUE_NONE || !is_of(row, command))
		return;
	buf_printf(buf, "\t%s\\ --%s", command->name, row->name);
	if (row->letter)
		buf_printf(buf, " | %s\\ -%c", command->name, row->letter);
	if (kind == VALUE_FILE) {
		buf_add_string(buf, ") files=yes ;;\n");
	} else if (kind == VALUE_OTHER) {
		buf_add_string(buf, ") return ;;\n");
	} else {
		buf_add_string(buf, ") words='");
		add_words(buf, row);
		buf_add_string(buf, "' ;;\n");
	}
}

static void add_bash_command(struct buf *buf, const struct commands *all, const struct command *command)
{
	const char *before = "";
	buf_printf(buf, "\t%s)\n\t\toptions='", command->name);
	for (int id = 0; id < OPTION_COUNT; id++) {
		if (!is_of(&option_rows()[id], command))
			continue;
		buf_printf(buf, "%s--%s", before, option_rows()[id].name);
		before = " ";
	}
	buf_add_string(buf, "'\n\t\toperands='");
	add_operands(buf, all, command);
	buf_printf(buf, "'\n\t\tfiles=%s\n\t\t;;\n", takes_files(command) ? "yes" : "");
}

/* Bash splits `--color=always` and `json=r.json` into three words each. */
static void add_bash(struct buf *buf, const struct commands *all)
{
	size_t count;
	buf_add_string(buf, "# shellcheck shell=bash\n_chaingate() {\n"
			    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} options='' "
			    "operands='' words='' files=''\n"
			    "\tCOMPREPLY=()\n"
			    "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\tmapfile -t COMPREPLY < <(compgen -W '");
	add_command_names(buf, all);
	buf_add_string(buf, "' -- \"$cur\")\n\t\treturn\n\tfi\n\tcase ${COMP_WORDS[1]} in\n");
	for (size_t i = 0; i < all->count; i++)
		add_bash_command(buf, all, all->items[i]);
	buf_add_string(buf, "\tesac\n"
			    "\tif [ \"$cur\" = = ]; then\n\t\tcur=''\n"
			    "\telif [ \"$prev\" = = ]; then\n\t\tprev=${COMP_WORDS[COMP_CWORD - 2]}\n\tfi\n"
			    "\tcase \"${COMP_WORDS[1]} $prev\" in\n");
	for (size_t i = 0; i < all->count; i++)
		for (int id = 0; id < OPTION_COUNT; id++)
			add_bash_value(buf, all->items[i], &option_rows()[id]);
	const char *const *formats = report_format_names(&count);
	for (size_t i = 0; i < count; i++)
		buf_printf(buf, "%s*\\ %s", i ? " | " : "\t", formats[i]);
	buf_add_string(
		buf,
		") files=yes ;;\n\tesac\n\tif [ -n \"$words\" ]; then\n\t\tmapfile -t COMPREPLY < <(compgen -W "
		"\"$words\" -- \"$cur\")\n"
		"\t\t[[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null\n"
		"\telif [[ $cur == -* ]]; then\n\t\tmapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$cur\")\n"
		"\telse\n\t\tmapfile -t COMPREPLY < <(compgen -W \"$operands\" -- \"$cur\"; [ -z \"$files\" ] || "
		"compgen -f -- \"$cur\")\n"
		"\t\tcompopt -o filenames 2>/dev/null\n\tfi\n}\ncomplete -F _chaingate chaingate\n");
}

/* ---- zsh -------------------------------------------------------------------------------------------------------- */

/* Appends a text for use inside single quotes of a shell. */
static void add_quoted(struct buf *buf, const char *text)
{
	for (; *text; text++)
		if (*text == '\'')
			buf_add_string(buf, "'\\''");
		else
			buf_add_byte(buf, *text);
}

static void add_zsh_option(struct buf *buf, const struct option_row *row)
{
	/* The letter and the long name exclude each other: completes only one of them. */
	if (row->letter)
		buf_printf(buf, " \\\n\t\t\t'(-%c --%s)'{-%c%s,--%s%s}'[", row->letter, row->name, row->letter,
			   row->argument ? "+" : "", row->name, row->argument ? "=" : "");
	else
		buf_printf(buf, " \\\n\t\t\t'%s--%s%s[", row->repeatable ? "*" : "", row->name,
			   row->argument ? "=" : "");
	struct buf help = buf_make(BUF_LIMIT_REPORT);
	add_escaped(&help, row->help, "[]:\\", "\\");
	add_quoted(buf, buf_string(&help));
	buf_release(&help);
	buf_add_byte(buf, ']');
	switch (kind_of(row)) {
	case VALUE_NONE: break;
	case VALUE_WORDS:
		buf_add_string(buf, ":value:(");
		add_words(buf, row);
		buf_add_byte(buf, ')');
		break;
	case VALUE_FORMAT:
		buf_add_string(buf, ":report:{ if compset -P \"*=\"; then _files; else compadd -S \"\" -- ");
		add_words(buf, row);
		buf_add_string(buf, "; fi }");
		break;
	case VALUE_FILE: buf_add_string(buf, ":file:_files"); break;
	case VALUE_OTHER: buf_add_string(buf, ":value: "); break;
	}
	buf_add_byte(buf, '\'');
}

static void add_zsh_operands(struct buf *buf, const struct commands *all, const struct command *command)
{
	if (operands_of(command) == OPERAND_NONE)
		return;
	buf_add_string(buf, " \\\n\t\t\t'");
	if (operands_of(command) == OPERAND_FILE) {
		buf_add_string(buf, "*:file:_files'");
		return;
	}
	buf_add_string(buf, takes_files(command) ? "*:word:{ compadd -- " : "*:word:(");
	add_operands(buf, all, command);
	buf_add_string(buf, takes_files(command) ? "; _files }'" : ")'");
}

static void add_zsh(struct buf *buf, const struct commands *all)
{
	buf_add_string(buf, "#compdef chaingate\n\n_chaingate() {\n\tlocal -a commands\n\tcommands=(\n");
	for (size_t i = 0; i < all->count; i++) {
		struct buf summary = buf_make(BUF_LIMIT_REPORT);
		add_escaped(&summary, all->items[i]->summary, ":\\", "\\");
		buf_printf(buf, "\t\t'%s:", all->items[i]->name);
		add_quoted(buf, buf_string(&summary));
		buf_add_string(buf, "'\n");
		buf_release(&summary);
	}
	buf_add_string(buf, "\t)\n\tif (( CURRENT == 2 )); then\n\t\t_describe command "
			    "commands\n\t\treturn\n\tfi\n\tshift words\n\t(( CURRENT-- ))\n\tcase $words[1] in\n");
	for (size_t i = 0; i < all->count; i++) {
		struct buf options = buf_make(BUF_LIMIT_REPORT);
		buf_printf(buf, "\t%s)\n\t\t_arguments", all->items[i]->name);
		for (int id = 0; id < OPTION_COUNT; id++)
			if (is_of(&option_rows()[id], all->items[i]))
				add_zsh_option(&options, &option_rows()[id]);
		buf_add(buf, buf_text(&options));
		add_zsh_operands(buf, all, all->items[i]);
		buf_add_string(buf, "\n\t\t;;\n");
		buf_release(&options);
	}
	buf_add_string(buf, "\tesac\n}\n\nif [[ $funcstack[1] == _chaingate ]]; then\n\t_chaingate "
			    "\"$@\"\nelse\n\tcompdef _chaingate chaingate\nfi\n");
}

/* ---- fish ------------------------------------------------------------------------------------------------------- */

/* fish offers files by itself. */
static void add_fish_operands(struct buf *buf, const struct commands *all, const struct command *command)
{
	struct buf words = buf_make(BUF_LIMIT_REPORT);
	add_operands(&words, all, command);
	if (words.length || !takes_files(command))
		buf_printf(buf, "complete -c chaingate -n '__fish_seen_subcommand_from %s'%s", command->name,
			   takes_files(command) ? "" : " -f");
	if (words.length)
		buf_printf(buf, " -a '%s'", buf_string(&words));
	if (words.length || !takes_files(command))
		buf_add_byte(buf, '\n');
	buf_release(&words);
}

static void add_fish_option(struct buf *buf, const struct command *command, const struct option_row *row)
{
	enum value_kind kind = kind_of(row);
	buf_printf(buf, "complete -c chaingate -n '__fish_seen_subcommand_from %s' -l %s", command->name, row->name);
	if (row->letter)
		buf_printf(buf, " -s %c", row->letter);
	buf_add_string(buf, kind == VALUE_NONE ? "" : kind == VALUE_FILE ? " -r -F" : " -x");
	if (kind == VALUE_WORDS || kind == VALUE_FORMAT) {
		buf_add_string(buf, " -a '");
		add_words(buf, row);
		buf_add_byte(buf, '\'');
	}
	buf_add_string(buf, " -d '");
	add_escaped(buf, row->help, "'\\", "\\");
	buf_add_string(buf, "'\n");
}

static void add_fish(struct buf *buf, const struct commands *all)
{
	for (size_t i = 0; i < all->count; i++) {
		buf_printf(buf, "complete -c chaingate -n __fish_use_subcommand -f -a %s -d '", all->items[i]->name);
		add_escaped(buf, all->items[i]->summary, "'\\", "\\");
		buf_add_string(buf, "'\n");
	}
	for (size_t i = 0; i < all->count; i++) {
		add_fish_operands(buf, all, all->items[i]);
		for (int id = 0; id < OPTION_COUNT; id++)
			if (is_of(&option_rows()[id], all->items[i]))
				add_fish_option(buf, all->items[i], &option_rows()[id]);
	}
}

/* ---- the command ------------------------------------------------------------------------------------------------ */

static const struct {
	const char *name;
	void (*add)(struct buf *, const struct commands *);
} shells[] = {{"bash", add_bash}, {"zsh", add_zsh}, {"fish", add_fish}};

static void add_shell_names(struct buf *buf)
{
	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++)
		buf_printf(buf, "%s%s", i ? " " : "", shells[i].name);
}

static enum gate_exit run(struct invocation *invocation)
{
	const struct command_line *line = invocation->line;
	struct buf script = buf_make(BUF_LIMIT_REPORT);
	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]) && line->operand_count == 1; i++)
		if (strcmp(line->operands[0], shells[i].name) == 0)
			shells[i].add(&script, invocation->all);
	if (line->operand_count != 1)
		usage_error(invocation->usage, "no shell is given: write bash, zsh or fish");
	else if (!script.length)
		usage_error(invocation->usage, "there is no completion for '%s': the shells are bash, zsh and fish",
			    diag_value(invocation->usage, text_of(line->operands[0])));
	enum gate_exit code =
		invocation->usage->errors ? command_refuse(invocation) : command_print(invocation, buf_text(&script));
	buf_release(&script);
	return code;
}

const struct command completion_command = {
	.name = "completion",
	.operands = "SHELL",
	.summary = "completion for bash, zsh or fish",
	.example = "chaingate completion bash > chaingate.bash",
	.details = "Prints a script that completes commands, options and their values.\n"
		   "'make install' puts it where the shell looks.\n",
	.set = IN_COMPLETION,
	.run = run,
};
