/* test_options.c - the table of options is consistent; the parser reads command lines as documented. */
#include "../../src/cli/command.h"
#include "../../src/cli/options.h"
#include "../../src/cli/slips.h"
#include "chaingate/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ---- the table -------------------------------------------------------------------------------------------------- */

static void names_and_letters_are_unique(void **state)
{
	const struct option_row *rows = option_rows();
	(void)state;
	for (size_t i = 0; i < OPTION_COUNT; i++)
		for (size_t j = 0; j < i; j++) {
			if (rows[i].commands & rows[j].commands)
				assert_string_not_equal(rows[i].name, rows[j].name);
			if (rows[i].letter)
				assert_int_not_equal(rows[i].letter, rows[j].letter);
		}
}

static void every_option_is_complete(void **state)
{
	const struct option_row *rows = option_rows();
	(void)state;
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		assert_non_null(rows[i].name);
		assert_true(strlen(rows[i].name) > 1);
		assert_int_equal(strspn(rows[i].name, "abcdefghijklmnopqrstuvwxyz-"), strlen(rows[i].name));
		assert_int_not_equal(rows[i].name[0], '-');
		assert_true(rows[i].help && rows[i].help[0]);
		assert_true(rows[i].commands != 0);
		assert_int_equal(rows[i].commands & ~(unsigned)IN_ALL, 0);
		assert_true(rows[i].group < GROUP_COUNT);
		assert_non_null(option_group_name(rows[i].group));
		/* Repeating an option without a value would have no effect. */
		assert_false(rows[i].repeatable && !rows[i].argument);
	}
}

static void every_command_is_complete(void **state)
{
	size_t count = all_commands()->count;
	const struct command *const *all = all_commands()->items;
	unsigned seen = 0;
	(void)state;
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(seen & all[i]->set, 0);
		seen |= all[i]->set;
		assert_ptr_equal(command_find(all_commands(), all[i]->name), all[i]);
		assert_true(all[i]->summary[0] && all[i]->details[0] && all[i]->operands);
		assert_true(text_starts_with(text_of(all[i]->example), "chaingate "));
		assert_non_null(all[i]->run);
	}
	assert_int_equal(seen, IN_ALL);
	assert_null(command_find(all_commands(), "chec"));
	assert_null(command_find(all_commands(), ""));
}

/* A screen of 80 columns and some 45 lines: what a terminal on a laptop shows. */
#define HELP_LINES_MAX 45
#define HELP_COLUMNS_MAX 80

static void assert_fits(const struct buf *help)
{
	struct text text = buf_text(help);
	size_t lines = 0, start = 0;
	for (size_t i = 0; i < text.length; i++) {
		if (text.bytes[i] != '\n')
			continue;
		assert_in_range(text_columns(text_slice(text, start, i)), 0, HELP_COLUMNS_MAX);
		start = i + 1;
		lines++;
	}
	assert_in_range(lines, 1, HELP_LINES_MAX);
	assert_int_equal(start, text.length);
}

static void help_fits_a_screen_and_begins_with_an_example(void **state)
{
	size_t count = all_commands()->count;
	const struct command *const *all = all_commands()->items;
	(void)state;
	for (size_t i = 0; i < count; i++) {
		struct buf help = buf_make(BUF_LIMIT_REPORT);
		help_add_command(&help, all[i]);
		assert_true(text_starts_with(buf_text(&help), all[i]->example));
		assert_fits(&help);
		for (size_t j = 0; j < OPTION_COUNT; j++) {
			char wanted[64];
			snprintf(wanted, sizeof(wanted), "--%s ", option_rows()[j].name);
			assert_int_equal(strstr(buf_string(&help), wanted) != NULL ||
						 /* prose may mention another command's option */
						 !(option_rows()[j].commands & all[i]->set),
					 true);
		}
		buf_release(&help);
	}
	struct buf overview = buf_make(BUF_LIMIT_REPORT);
	help_add_overview(&overview, all_commands());
	assert_fits(&overview);
	buf_release(&overview);
}

/* ---- slips ------------------------------------------------------------------------------------------------------ */

#define ADVICE_WORDS_MAX 8

/* Splits at spaces, but not inside quotes, as a shell does. Returns the number of words. */
static int split_advice(struct arena *arena, const char *line, char **out)
{
	int count = 0;
	while (*line) {
		bool quoted = *line == '\'';
		size_t length = strcspn(line + quoted, quoted ? "'" : " ");
		assert_in_range(count, 0, ADVICE_WORDS_MAX - 1);
		out[count++] = arena_printf(arena, "%.*s", (int)length, line + quoted);
		line += quoted + length + quoted;
		line += strspn(line, " ");
	}
	return count;
}

static void assert_accepted(struct arena *arena, const struct command *command, const char *write)
{
	char *words[ADVICE_WORDS_MAX];
	struct diags diags = {.arena = arena};
	struct command_line line;
	int count = split_advice(arena, write, words);
	command_line_parse(arena, all_commands(), command->set, command->name, count, words, &diags, &line);
	if (diags.errors)
		fail_msg("%s: '%s' is advised, but: %s", command->name, write, diags.first->message);
}

/* Does what each hint advises. */
static void advice_for_slips_is_accepted(void **state)
{
	const struct commands *all = all_commands();
	struct arena arena = {0};
	(void)state;
	for (size_t i = 0; slip_at(i); i++) {
		const struct slip *slip = slip_at(i);
		char *words[ADVICE_WORDS_MAX];
		assert_true(slip->write || slip->why);
		if (!slip->commands) {
			assert_true(text_starts_with(text_of(slip->write), "chaingate "));
			split_advice(&arena, slip->write, words);
			const struct command *command = command_find(all, words[1]);
			assert_non_null(command);
			assert_accepted(&arena, command, slip->write + strlen("chaingate ") + strlen(words[1]));
		}
		for (size_t j = 0; j < all->count; j++)
			if ((slip->commands & all->items[j]->set) && slip->write)
				assert_accepted(&arena, all->items[j], slip->write);
		arena_clear(&arena);
	}
	arena_release(&arena);
}

/* A slip that is no mistake would never be looked up, and of two with one word only the first would. */
static void slips_are_mistakes_and_unique(void **state)
{
	const struct option_row *rows = option_rows();
	(void)state;
	for (size_t i = 0; slip_at(i); i++) {
		const struct slip *slip = slip_at(i);
		assert_non_null(slip->words[0]);
		for (size_t j = 0; j < SLIP_WORDS_MAX && slip->words[j]; j++) {
			const char *word = slip->words[j];
			if (!slip->commands)
				assert_null(command_find(all_commands(), word));
			for (size_t k = 0; k < OPTION_COUNT; k++)
				if (rows[k].commands & slip->commands) {
					assert_string_not_equal(word, rows[k].name);
					if (!word[1])
						assert_int_not_equal(word[0], rows[k].letter);
				}
			for (unsigned set = 1; set < IN_ALL; set *= 2)
				if (slip->commands & set)
					assert_ptr_equal(slip_find(set, text_of(word)), slip);
			if (!slip->commands)
				assert_ptr_equal(slip_find(0, text_of(word)), slip);
		}
	}
	assert_null(slip_find(IN_SCHEMA, TEXT("wait")));
	assert_null(slip_find(0, TEXT("dry-run")));
	assert_null(slip_find(IN_CHECK, TEXT("")));
}

/* ---- the parser ------------------------------------------------------------------------------------------------- */

/* `understood` lists the options and arguments that were parsed: "timeout=20m quiet [a b]". Repeated values are joined
 * with commas. */
static const struct {
	const char *words; /* separated by spaces; "~" means an empty word */
	const char *understood;
} lines[] = {
	{"", "[]"},
	{"a", "[a]"},
	{"a b", "[a b]"},
	{"--timeout 20m", "timeout=20m []"},
	{"--timeout=20m", "timeout=20m []"},
	{"-t 20m", "timeout=20m []"},
	{"-t20m", "timeout=20m []"},
	{"-t=20m", "timeout==20m []"},
	{"a --quiet b", "quiet [a b]"},
	{"-q -v", "quiet verbose []"},
	{"-qv", "quiet verbose []"},
	{"-qvt20m p", "timeout=20m quiet verbose [p]"},
	{"-qt 20m p", "timeout=20m quiet [p]"},
	{"-- --quiet", "[--quiet]"},
	{"-- -- a", "[-- a]"},
	{"a -- -t 3", "[a -t 3]"},
	{"-", "[-]"},
	{"--api-key-file -", "api-key-file=- []"},
	{"--api-key-file=-", "api-key-file=- []"},
	{"--chain=a=b", "chain=a=b []"},
	{"--chain=--quiet", "chain=--quiet []"},
	{"--chain -5", "chain=-5 []"},
	{"--chain --", "chain=-- []"},
	{"--chain --x", "chain=--x []"},
	{"--report junit=a --report junit-strict=b", "report=junit=a,junit-strict=b []"},
	{"--color never", "color=never []"},
};

/* The first error's message and hint, and what was parsed in spite of the error. */
static const struct {
	const char *words;
	const char *message;
	const char *hint; /* NULL: none */
	const char *understood;
} mistakes[] = {
	{"--chian rag", "no option is called '--chian'", "an option has a similar name: --chain", "[]"},
	{"--chian=rag p", "no option is called '--chian'", "an option has a similar name: --chain", "[p]"},
	{"--time 5m", "no option is called '--time'", "an option has a similar name: --timeout", "[]"},
	{"--timeou=5m", "no option is called '--timeou'", "an option has a similar name: --timeout", "[]"},
	{"--unlike-any", "no option is called '--unlike-any'", "see 'chaingate check --help'", "[]"},
	{"--=x", "no option is called '--'", "see 'chaingate check --help'", "[]"},
	{"--TIMEOUT=5m", "no option is called '--TIMEOUT'", "an option has a similar name: --timeout", "[]"},
	{"-x", "no option is called '-x'", "see 'chaingate check --help'", "[]"},
	{"-qx", "no option is called '-x'", "see 'chaingate check --help'", "quiet []"},
	{"-\xc3\xa9", "no option is called '-\xc3\xa9'", "see 'chaingate check --help'", "[]"},
	{"-\xff", "no option is called '-\\x{ff}'", "see 'chaingate check --help'", "[]"},
	{"--\x1b[2J", "no option is called '--\\u{1b}[2J'", "see 'chaingate check --help'", "[]"},
	{"--body x", "'chaingate check' has no option --body: it belongs to 'chaingate status' and 'chaingate eval'",
	 NULL, "[]"},
	{"--format=json",
	 "'chaingate check' has no option --format: it belongs to 'chaingate status' and 'chaingate lint' and "
	 "'chaingate eval' and 'chaingate test'",
	 "write --report json=report.json", "[]"},
	{"--quiet=yes", "--quiet takes no value", "leave out = and what follows", "[]"},
	{"--quiet=", "--quiet takes no value", "leave out = and what follows", "[]"},
	{"--quiet -q", "--quiet is given twice", "leave out one of them", "quiet []"},
	{"--since a --since a", "--since is given twice", "leave out one of them", "since=a []"},
	{"--chain", "--chain needs a value: --chain NAME", NULL, "[]"},
	{"-t", "--timeout needs a value: --timeout TIME", NULL, "[]"},
	{"--chain=", "the value of --chain is empty", "is a variable empty? Leave the option out if it has no value",
	 "[]"},
	{"--chain ~ p", "the value of --chain is empty", "is a variable empty? Leave the option out if it has no value",
	 "[p]"},
	{"--chain --junit r.xml", "--chain needs a value: --chain NAME",
	 "the next word is the option '--junit'; is a variable empty?", "junit=r.xml []"},
	{"--chain --junit=r.xml", "--chain needs a value: --chain NAME",
	 "the next word is the option '--junit=r.xml'; is a variable empty?", "junit=r.xml []"},
	{"--chian rag --junit r.xml", "no option is called '--chian'", "an option has a similar name: --chain",
	 "junit=r.xml []"},
	{"--color sometimes", "--color cannot be 'sometimes': it takes auto|always|never", NULL, "[]"},
	{"--color auto|always", "--color cannot be 'auto|always': it takes auto|always|never", NULL, "[]"},
	{"--color aut", "--color cannot be 'aut': it takes auto|always|never", NULL, "[]"},
	{"--auth-scheme=Bearer", "--auth-scheme cannot be 'Bearer': it takes api-key|bearer", NULL, "[]"},
};

#define WORDS_MAX 16

static int split(char *copy, char **words)
{
	int count = 0;
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
		assert_in_range(count, 0, WORDS_MAX - 1);
		words[count++] = strcmp(word, "~") == 0 ? word + 1 : word;
	}
	return count;
}

static const char *understood(struct arena *arena, const struct command_line *line)
{
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option_values *values = &line->options[i];
		assert_int_equal(option_is_given(line, (enum option_id)i), values->count > 0);
		for (size_t j = 0; j < values->count; j++)
			buf_printf(&buf, "%s%s%s", j ? "," : option_rows()[i].name,
				   j || !values->items[j][0] ? "" : "=", values->items[j]);
		if (values->count > 0)
			buf_add_byte(&buf, ' ');
	}
	buf_add_byte(&buf, '[');
	for (size_t i = 0; i < line->operand_count; i++)
		buf_printf(&buf, "%s%s", i ? " " : "", line->operands[i]);
	buf_add_byte(&buf, ']');
	const char *text = arena_string(arena, buf_string(&buf));
	buf_release(&buf);
	return text;
}

static void parse(struct arena *arena, const char *text, struct diags *diags, struct command_line *line)
{
	char **words = ARENA_ARRAY(arena, char *, WORDS_MAX);
	int count = split(arena_string(arena, text), words);
	*diags = (struct diags){.arena = arena};
	command_line_parse(arena, all_commands(), IN_CHECK, "check", count, words, diags, line);
}

static void lines_are_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		struct arena arena = {0};
		struct diags diags;
		struct command_line line;
		parse(&arena, lines[i].words, &diags, &line);
		if (diags.errors)
			fail_msg("%s: %s", lines[i].words, diags.first->message);
		assert_string_equal(understood(&arena, &line), lines[i].understood);
		arena_release(&arena);
	}
}

static void mistakes_are_named_and_the_rest_is_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(mistakes); i++) {
		struct arena arena = {0};
		struct diags diags;
		struct command_line line;
		parse(&arena, mistakes[i].words, &diags, &line);
		if (diags.errors != 1)
			fail_msg("%s: %zu errors", mistakes[i].words, diags.errors);
		assert_string_equal(diags.first->message, mistakes[i].message);
		if (mistakes[i].hint)
			assert_string_equal(diags.first->hint ? diags.first->hint : "", mistakes[i].hint);
		else
			assert_null(diags.first->hint);
		assert_string_equal(understood(&arena, &line), mistakes[i].understood);
		arena_release(&arena);
	}
}

static void all_mistakes_are_reported(void **state)
{
	struct arena arena = {0};
	struct diags diags;
	struct command_line line;
	(void)state;
	parse(&arena, "--quiet --quiet --color x --timeout 5m --junit", &diags, &line);
	assert_int_equal(diags.errors, 3);
	assert_string_equal(understood(&arena, &line), "timeout=5m quiet []");
	arena_release(&arena);
}

/* No abbreviation is accepted: a new option in a later version could make it ambiguous. */
static void no_abbreviation_is_accepted(void **state)
{
	const struct option_row *rows = option_rows();
	(void)state;
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		for (size_t length = 1; length < strlen(rows[i].name); length++) {
			struct arena arena = {0};
			struct diags diags;
			struct command_line line;
			parse(&arena, arena_printf(&arena, "--%.*s", (int)length, rows[i].name), &diags, &line);
			assert_int_equal(diags.errors, 1);
			assert_string_equal(understood(&arena, &line), "[]");
			arena_release(&arena);
		}
	}
}

static void choices_are_numbered_from_their_default(void **state)
{
	static const char *const words[] = {"--quiet", "--color auto", "--color always", "--color never"};
	static const size_t expected[] = {COLOR_AUTO, COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		struct arena arena = {0};
		struct diags diags;
		struct command_line line;
		parse(&arena, words[i], &diags, &line);
		assert_int_equal(option_choice(&line, OPTION_COLOR), expected[i]);
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_letters_are_unique),
		cmocka_unit_test(every_option_is_complete),
		cmocka_unit_test(every_command_is_complete),
		cmocka_unit_test(help_fits_a_screen_and_begins_with_an_example),
		cmocka_unit_test(advice_for_slips_is_accepted),
		cmocka_unit_test(slips_are_mistakes_and_unique),
		cmocka_unit_test(lines_are_understood),
		cmocka_unit_test(mistakes_are_named_and_the_rest_is_understood),
		cmocka_unit_test(all_mistakes_are_reported),
		cmocka_unit_test(no_abbreviation_is_accepted),
		cmocka_unit_test(choices_are_numbered_from_their_default),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
