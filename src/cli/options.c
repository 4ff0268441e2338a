/* options.c - see options.h. */
#include "options.h"

#include "chaingate/buf.h"
#include "command.h"
#include "slips.h"

#include <string.h>

/* ---- the table -------------------------------------------------------------------------------------------------- */

#define GATED (IN_CHECK | IN_STATUS)
#define POLICED (IN_CHECK | IN_EVAL | IN_LINT | IN_EXPLAIN | IN_REPLAY)
#define SELECTING (IN_CHECK | IN_STATUS | IN_EVAL | IN_REPLAY)
/* Commands that judge like the gate. */
#define JUDGING (IN_CHECK | IN_REPLAY)

static const struct option_row rows[OPTION_COUNT] = {
	[OPTION_CHAIN] = {"chain", 0, "NAME", "the chain, by id or name", GROUP_WATCH, IN_STATUS | IN_EVAL, false},
	[OPTION_CHAINS] = {"chain", 0, "NAME", "the chain: id, name or glob (repeatable)", GROUP_WATCH, JUDGING, true},
	[OPTION_ALL_CHAINS] = {"all-chains", 0, NULL, "or: every chain of the account", GROUP_WATCH, JUDGING, false},
	[OPTION_MODEL] = {"model", 0, "NAME", "or: a model, by id or name", GROUP_WATCH, SELECTING, false},
	[OPTION_SHARD] = {"shard", 0, "I/N", "of these chains only part I of N", GROUP_WATCH, JUDGING, false},
	[OPTION_DEPLOYMENT] = {"deployment", 0, "ID", "this deployment; or its logs URL from truss", GROUP_WATCH,
			       SELECTING, false},
	[OPTION_ENVIRONMENT] = {"environment", 0, "NAME", "or: those in this environment", GROUP_WATCH, SELECTING,
				false},
	[OPTION_ROLE] = {"role", 0, "any|current|candidate", "of the environment: which one", GROUP_WATCH,
			 GATED | IN_REPLAY, false},
	[OPTION_EXPECT_DEPLOYMENT] = {"expect-deployment", 0, "ID", "the one that the environment must serve",
				      GROUP_WATCH, JUDGING, false},
	[OPTION_LATEST] = {"latest", 0, NULL, "or: the newest one", GROUP_WATCH, SELECTING, false},
	[OPTION_ALL_DEPLOYMENTS] = {"all-deployments", 0, NULL, "or: all of them", GROUP_WATCH, SELECTING, false},
	[OPTION_SINCE] = {"since", 0, "TIME", "created since TIME: a moment, 10m (ago), or any", GROUP_WATCH, SELECTING,
			  false},
	[OPTION_BASELINE_ENVIRONMENT] = {"baseline-environment", 0, "NAME", "compare to this environment's deployment",
					 GROUP_WATCH, POLICED, false},
	[OPTION_SET] = {"set", 0, "NAME=VALUE", "a parameter of the policy (repeatable)", GROUP_WATCH, POLICED, true},
	[OPTION_POLICY_DIGEST] = {"policy-digest", 0, "sha256:HEX", "refuse any other policy (repeatable)", GROUP_WATCH,
				  IN_CHECK, true},
	[OPTION_TIMEOUT] = {"timeout", 't', "TIME", "the whole run; 0s judges one snapshot (60m)", GROUP_WAIT, JUDGING,
			    false},
	[OPTION_INTERVAL] = {"interval", 0, "TIME", "between polls (10s)", GROUP_WAIT, JUDGING | IN_STATUS, false},
	[OPTION_STABLE_FOR] = {"stable-for", 0, "TIME", "judge when nothing has changed for so long (30s)", GROUP_WAIT,
			       JUDGING, false},
	[OPTION_STRICT] = {"strict", 0, NULL, "treat warnings as errors", GROUP_WAIT, JUDGING | IN_LINT, false},
	[OPTION_WATCH] = {"watch", 'w', NULL, "poll repeatedly, until Ctrl-C", GROUP_WAIT, IN_STATUS, false},
	[OPTION_WHOAMI] = {"whoami", 0, NULL, "only show the owner of the key", GROUP_API, IN_STATUS, false},
	[OPTION_LIST_MODELS] = {"models", 0, NULL, "list the models instead of the chains", GROUP_WATCH, IN_STATUS,
				false},
	[OPTION_FROM] = {"from", 0, "NAME", "write a policy that comes with chaingate", GROUP_INPUT, IN_INIT, false},
	[OPTION_BODY] = {"body", 0, "FILE", "the API's list of deployments; - is stdin", GROUP_INPUT, IN_EVAL, false},
	[OPTION_SAVED_BODY] = {"body", 0, "FILE", "save what the API sent, for eval; - is stdout", GROUP_OUTPUT,
			       IN_STATUS, false},
	[OPTION_EVAL_POLICY] = {"policy", 0, "PATH", "judge by the rules of this policy", GROUP_INPUT, IN_EVAL, false},
	[OPTION_NOW] = {"now", 0, "TIME", "use this as the current time (age, --since)", GROUP_INPUT, IN_EVAL, false},
	[OPTION_MAX_AGE] = {"max-age", 0, "TIME", "refuse reports that are older (no limit)", GROUP_INPUT, IN_MERGE,
			    false},
	[OPTION_REPORT] = {"report", 0, "FORMAT=PATH", "write a report (repeatable); - is stdout", GROUP_REPORT,
			   JUDGING | IN_MERGE, true},
	[OPTION_JUNIT] = {"junit", 0, "PATH", "short for --report junit=PATH", GROUP_REPORT, JUDGING | IN_MERGE, false},
	[OPTION_RECORD] = {"record", 0, "PATH", "record the API's answers, for replay", GROUP_REPORT, IN_CHECK, false},
	[OPTION_REPORT_ONLY] = {"report-only", 0, NULL, "exit with 0 even if the gate fails", GROUP_REPORT, IN_CHECK,
				false},
	[OPTION_POLICY] = {"policy", 0, "PATH", "judge by this policy (repeatable)", GROUP_WATCH, IN_REPLAY, true},
	[OPTION_SCHEMA_OF_REPORT] = {"report", 0, NULL, "the JSON report's schema instead", GROUP_OUTPUT, IN_SCHEMA,
				     false},
	[OPTION_PRINT_CONFIG] = {"print-config", 0, NULL, "show the settings in effect, poll nothing", GROUP_OUTPUT,
				 IN_CHECK, false},
	[OPTION_API_URL] = {"api-url", 0, "URL", "the API's URL, instead of BASETEN_API_URL", GROUP_API, GATED, false},
	[OPTION_API_KEY_FILE] = {"api-key-file", 0, "PATH", "read the API key from a file; - is stdin", GROUP_API,
				 GATED, false},
	[OPTION_AUTH_SCHEME] = {"auth-scheme", 0, "api-key|bearer", "how the key is sent", GROUP_API, GATED, false},
	[OPTION_CA_FILE] = {"ca-file", 0, "PATH", "trust these certificates (PEM), too", GROUP_API, GATED, false},
	[OPTION_MAX_RPS] = {"max-rps", 0, "N", "at most this many requests per second (10)", GROUP_API, GATED, false},
	[OPTION_MAX_BODY] = {"max-body", 0, "SIZE", "largest answer: bytes, or with K, M, G (64M)", GROUP_API, GATED,
			     false},
	[OPTION_NO_SANDBOX] = {"no-sandbox", 0, NULL, "let the run keep rights that it doesn't need", GROUP_API, GATED,
			       false},
	[OPTION_FORMAT] = {"format", 0, "text|json", "what to print", GROUP_OUTPUT, IN_LINT | IN_EVAL | IN_STATUS,
			   false},
	[OPTION_TEST_FORMAT] = {"format", 0, "text|junit|tap", "what to print", GROUP_OUTPUT, IN_TEST, false},
	[OPTION_COVERAGE] = {"coverage", 0, NULL, "list which outcomes each rule had", GROUP_OUTPUT, IN_TEST, false},
	[OPTION_REQUIRE_COVERAGE] = {"require-coverage", 0, NULL, "fail unless each rule fails in a test", GROUP_OUTPUT,
				     IN_TEST, false},
	[OPTION_COLOR] = {"color", 0, "auto|always|never", "auto obeys NO_COLOR and FORCE_COLOR", GROUP_OUTPUT,
			  IN_CHECK | IN_LINT | IN_STATUS | IN_EVAL | IN_REPLAY, false},
	[OPTION_PROGRESS] = {"progress", 0, "auto|live|lines|none", "how to show progress on stderr", GROUP_OUTPUT,
			     IN_CHECK, false},
	[OPTION_QUIET] = {"quiet", 'q', NULL, "only the last line of the verdict", GROUP_OUTPUT, JUDGING | IN_MERGE,
			  false},
	[OPTION_VERBOSE] = {"verbose", 'v', NULL, "evidence of rules that passed; check: the sandbox", GROUP_OUTPUT,
			    IN_CHECK | IN_EVAL | IN_REPLAY, false},
	[OPTION_HELP] = {"help", 'h', NULL, "this help", GROUP_OUTPUT, IN_ALL, false},
};

static const char *const group_names[GROUP_COUNT] = {
	[GROUP_WATCH] = "What to watch", [GROUP_WAIT] = "How long", [GROUP_INPUT] = "What to judge",
	[GROUP_REPORT] = "Reports",      [GROUP_API] = "The API",   [GROUP_OUTPUT] = "Output",
};

const struct option_row *option_rows(void)
{
	return rows;
}

const char *option_group_name(enum option_group group)
{
	return group_names[group];
}

/* ---- choices ---------------------------------------------------------------------------------------------------- */

static bool is_choice(const struct option_row *row)
{
	return row->argument && strchr(row->argument, '|');
}

/* The index of `value` among the words between the bars; *count, their number, if it is none of them. */
static size_t choice_of(const struct option_row *row, const char *value, size_t *count)
{
	size_t found = SIZE_MAX;
	const char *at = row->argument;
	for (*count = 0;; at++) {
		size_t length = strcspn(at, "|");
		if (text_is((struct text){at, length}, value))
			found = *count;
		++*count;
		at += length;
		if (!*at)
			break;
	}
	return found < *count ? found : *count;
}

/* ---- the parser ------------------------------------------------------------------------------------------------- */

struct option_parser {
	struct arena *arena;
	const struct commands *all;
	struct diags *diags;
	struct command_line *line;
	unsigned command;
	const char *command_name;
	char *const *words;
	int count;
	int at;
	bool is_lost; /* an option was unknown, so an operand after it may be its value */
};

/* An option's name in messages. */
static const char *shown_name(struct option_parser *p, enum option_id id)
{
	return arena_printf(p->arena, "--%s", rows[id].name);
}

/* If several options have this name, finds the one of this command. */
static enum option_id find_by_name(unsigned command, struct text name)
{
	enum option_id found = OPTION_COUNT;
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (text_is(name, rows[i].name) && (found == OPTION_COUNT || (rows[i].commands & command)))
			found = (enum option_id)i;
	return found;
}

static enum option_id find_by_letter(char letter)
{
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (rows[i].letter == letter)
			return (enum option_id)i;
	return OPTION_COUNT;
}

/* True if the option belongs to this command; otherwise reports which command it belongs to. */
static bool is_ours(struct option_parser *p, enum option_id id)
{
	struct buf owners = buf_make(BUF_LIMIT_REPORT);
	const struct commands *all = p->all;
	unsigned commands = 0; /* the commands that have an option of this name */
	if (rows[id].commands & p->command)
		return true;
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (strcmp(rows[i].name, rows[id].name) == 0)
			commands |= rows[i].commands;
	for (size_t i = 0; i < all->count; i++)
		if (commands & all->items[i]->set)
			buf_printf(&owners, "%s'chaingate %s'", owners.length ? " and " : "", all->items[i]->name);
	struct diag *diag = usage_error(p->diags, "'chaingate %s' has no option %s: it belongs to %s", p->command_name,
					shown_name(p, id), buf_string(&owners));
	const struct slip *slip = slip_find(p->command, text_of(rows[id].name));
	if (slip)
		slip_hint(slip, p->diags, diag);
	buf_release(&owners);
	p->is_lost = p->is_lost || rows[id].argument;
	return false;
}

/* The option of this command that was probably meant: one with a similar spelling, or one that begins with the word. */
static const char *nearest(const struct option_parser *p, struct text name)
{
	const char *names[OPTION_COUNT];
	size_t count = 0;
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (rows[i].commands & p->command)
			names[count++] = rows[i].name;
	const char *near = text_nearest(name, names, count);
	for (size_t i = 0; i < count && !near && name.length > 0; i++)
		if (strncmp(names[i], name.bytes, name.length) == 0)
			near = names[i];
	return near;
}

static void report_unknown(struct option_parser *p, struct text name, bool is_long)
{
	struct diag *diag =
		usage_error(p->diags, "no option is called '%s%s'", is_long ? "--" : "-", diag_value(p->diags, name));
	const char *near = is_long ? nearest(p, name) : NULL;
	const struct slip *slip = slip_find(p->command, name);
	if (slip)
		slip_hint(slip, p->diags, diag);
	else if (near)
		diag_hint(p->diags, diag, "an option has a similar name: --%s", near);
	else if (!is_long && p->command == IN_EVAL)
		diag_hint(p->diags, diag, "write '--' before a rule that begins with '-'");
	else
		diag_hint(p->diags, diag, "see 'chaingate %s --help'", p->command_name);
}

/* True for what a shell replaces at the beginning of a path: "~", "~/", "~user/", "~+/". "~x" alone is more likely a
 * file's name. */
static bool begins_with_home(const char *path)
{
	size_t end = 1;
	if (path[0] != '~')
		return false;
	while (path[end] && path[end] != '/')
		end++;
	return path[end] == '/' || end == 1;
}

/* Reports a path that begins with a folder as begins_with_home, and returns false: the shell didn't replace it, and it
 * would create a folder named ~. `shown` is the option, variable or operand. */
static bool path_is_expanded(struct diags *diags, const char *shown, const char *path)
{
	if (!begins_with_home(path))
		return true;
	struct diag *diag = usage_error(diags, "%s: the path '%s' begins with ~: the shell did not replace it", shown,
					diag_value(diags, text_of(path)));
	diag_hint(diags, diag, "write the whole path instead of ~, such as $HOME; ./~ if it is a name");
	return false;
}

bool option_path_is_expanded(struct diags *diags, enum option_id id, const char *shown, const char *value)
{
	const char *argument = rows[id].argument, *equals = strchr(value, '=');
	if (argument && (strcmp(argument, "PATH") == 0 || strcmp(argument, "FILE") == 0))
		return path_is_expanded(diags, shown, value);
	/* FORMAT=PATH */
	return id != OPTION_REPORT || !equals || path_is_expanded(diags, shown, equals + 1);
}

static void add_value(struct option_parser *p, struct option_values *values, const char *value)
{
	values->items = arena_grow(p->arena, values->items, values->count, &values->room, sizeof(*values->items));
	values->items[values->count++] = value;
}

static void keep(struct option_parser *p, enum option_id id, const char *value)
{
	struct option_values *values = &p->line->options[id];
	size_t count;
	if (rows[id].argument && !*value) {
		diag_hint(p->diags, usage_error(p->diags, "the value of %s is empty", shown_name(p, id)),
			  "is a variable empty? Leave the option out if it has no value");
		return;
	}
	if (is_choice(&rows[id]) && choice_of(&rows[id], value, &count) == count) {
		usage_error(p->diags, "%s cannot be '%s': it takes %s", shown_name(p, id),
			    diag_value(p->diags, text_of(value)), rows[id].argument);
		return;
	}
	if (!option_path_is_expanded(p->diags, id, shown_name(p, id), value))
		return;
	if (values->count > 0 && !rows[id].repeatable) {
		diag_hint(p->diags, usage_error(p->diags, "%s is given twice", shown_name(p, id)), "%s",
			  id == OPTION_MODEL ? "leave out one of them; a policy can watch several models: targets: "
					       "[{name: a, model: NAME, …}, …]"
					     : "leave out one of them");
		return;
	}
	add_value(p, values, value);
	values->spelling = arena_printf(p->arena, "--%s", rows[id].name);
}

/* True if the word where a value is expected is an option: probably a shell variable was empty. The option must not be
 * taken for the value, because it may ask for a report. */
static bool is_option(const struct option_parser *p, const char *word)
{
	struct text text = text_of(word);
	size_t end = strcspn(word, "=");
	return text_starts_with(text, "--") && find_by_name(p->command, text_slice(text, 2, end)) != OPTION_COUNT;
}

/* Takes the next word as the value of an option that needs one. */
static void take_next_word(struct option_parser *p, enum option_id id)
{
	const char *next = p->at + 1 < p->count ? p->words[p->at + 1] : NULL;
	if (next && !is_option(p, next)) {
		p->at++;
		keep(p, id, next);
		return;
	}
	struct diag *diag = usage_error(p->diags, "%s needs a value: %s %s", shown_name(p, id), shown_name(p, id),
					rows[id].argument);
	if (next)
		diag_hint(p->diags, diag, "the next word is the option '%s'; is a variable empty?",
			  diag_value(p->diags, text_of(next)));
}

/* long = "--" NAME [ "=" VALUE ] */
static void parse_long(struct option_parser *p)
{
	struct text word = text_slice(text_of(p->words[p->at]), 2, SIZE_MAX);
	size_t end = strcspn(word.bytes, "=");
	const char *value = end < word.length ? word.bytes + end + 1 : NULL;
	enum option_id id = find_by_name(p->command, text_slice(word, 0, end));

	if (id == OPTION_COUNT) {
		report_unknown(p, text_slice(word, 0, end), true);
		p->is_lost = p->is_lost || !value;
		if (value)
			add_value(p, &p->line->strays, value);
	} else if (!is_ours(p, id)) {
		if (value)
			add_value(p, &p->line->strays, value);
	} else if (!rows[id].argument) {
		if (value)
			diag_hint(p->diags, usage_error(p->diags, "%s takes no value", shown_name(p, id)),
				  "leave out = and what follows");
		else
			keep(p, id, "");
	} else if (value) {
		keep(p, id, value);
	} else {
		take_next_word(p, id);
	}
}

/* short = "-" LETTER { LETTER } [ VALUE ] */
static void parse_short(struct option_parser *p)
{
	for (const char *at = p->words[p->at] + 1; *at; at++) {
		enum option_id id = find_by_letter(*at);
		if (id == OPTION_COUNT) {
			uint32_t point;
			size_t size = utf8_decode(at, strlen(at), &point);
			report_unknown(p, (struct text){at, size ? size : 1}, false);
			p->is_lost = true;
			return;
		}
		if (!is_ours(p, id))
			return;
		if (rows[id].argument) {
			if (at[1])
				keep(p, id, at + 1);
			else
				take_next_word(p, id);
			return;
		}
		keep(p, id, "");
	}
}

static void keep_operand(struct option_parser *p, const char *word)
{
	struct command_line *line = p->line;
	if (p->is_lost)
		add_value(p, &line->strays, word);
	if (p->is_lost || !path_is_expanded(p->diags, p->command_name, word))
		return;
	line->operands =
		arena_grow(p->arena, line->operands, line->operand_count, &line->operand_room, sizeof(*line->operands));
	line->operands[line->operand_count++] = word;
}

void command_line_parse(struct arena *arena, const struct commands *all, unsigned command, const char *command_name,
			int count, char *const *words, struct diags *diags, struct command_line *out)
{
	struct option_parser parser = {
		.arena = arena,
		.all = all,
		.diags = diags,
		.line = out,
		.command = command,
		.command_name = command_name,
		.words = words,
		.count = count,
	};
	bool only_operands = false;
	for (*out = (struct command_line){0}; parser.at < count; parser.at++) {
		const char *word = words[parser.at];
		if (only_operands || word[0] != '-' || !word[1])
			keep_operand(&parser, word);
		else if (strcmp(word, "--") == 0)
			only_operands = true;
		else if (word[1] == '-')
			parse_long(&parser);
		else
			parse_short(&parser);
	}
}

/* ---- values of options ------------------------------------------------------------------------------------------ */

bool option_accepts(enum option_id id, const char *value)
{
	size_t count;
	return !is_choice(&rows[id]) || choice_of(&rows[id], value, &count) < count;
}

bool option_is_typed(const struct command_line *line, enum option_id id)
{
	return option_is_given(line, id) && strncmp(line->options[id].spelling, "--", 2) == 0;
}

bool option_is_given(const struct command_line *line, enum option_id id)
{
	return line->options[id].count > 0;
}

const char *option_value(const struct command_line *line, enum option_id id)
{
	return line->options[id].count > 0 ? line->options[id].items[0] : NULL;
}

size_t option_choice(const struct command_line *line, enum option_id id)
{
	const char *value = option_value(line, id);
	size_t count;
	return value ? choice_of(&rows[id], value, &count) : 0;
}

bool option_is_selecting(enum option_id id)
{
	return id == OPTION_DEPLOYMENT || id == OPTION_ENVIRONMENT || id == OPTION_LATEST ||
	       id == OPTION_ALL_DEPLOYMENTS;
}

bool option_says_chains(enum option_id id)
{
	return id == OPTION_CHAIN || id == OPTION_CHAINS || id == OPTION_ALL_CHAINS || id == OPTION_MODEL;
}
