/* variables.c - see variables.h. */
#include "variables.h"

#include "command.h"

#include <stdlib.h>
#include <string.h>

#define PREFIX "CHAINGATE_"

extern char **environ; /* required by POSIX, but declared by no header */

/* Commands that poll. A replay doesn't read the environment, because it must repeat the recorded run. */
#define HAVE_VARIABLES (IN_CHECK | IN_STATUS)

/* Names that this project's own tests export. */
static const char *const others[] = {PREFIX "SIM", PREFIX "VIRTUAL", PREFIX "TEST_SEED"};

/* Variables that --report env writes: a CI system may set them for a later run. CHAINGATE_CHAIN, CHAINGATE_MODEL and
 * CHAINGATE_DEPLOYMENT are also options, with the same meaning. */
static const char *const told[] = {PREFIX "VERDICT",      PREFIX "EXIT",    PREFIX "DEPLOYMENTS",
				   PREFIX "FAILED_RULES", PREFIX "SECONDS", PREFIX "POLICY_SHA256"};

/* Options that say how a gate works have a variable. Options for a single run have none, and neither have repeatable
 * ones, but --chain: its variable names one chain, or a glob. */
static bool has_variable(enum option_id id)
{
	const struct option_row *row = &option_rows()[id];
	if (!(row->commands & HAVE_VARIABLES) || (row->repeatable && id != OPTION_CHAINS))
		return false;
	switch (row->group) {
	/* A shard left in the environment would make another gate of the job judge nothing. */
	case GROUP_WATCH: return id != OPTION_SHARD && id != OPTION_LIST_MODELS;
	case GROUP_WAIT: return id != OPTION_WATCH;
	case GROUP_API: return id != OPTION_WHOAMI;
	case GROUP_OUTPUT:
		return id == OPTION_COLOR || id == OPTION_PROGRESS || id == OPTION_QUIET || id == OPTION_VERBOSE;
	case GROUP_INPUT:
	case GROUP_REPORT:
	case GROUP_COUNT: break;
	}
	return false;
}

static const char *variable_name(struct arena *arena, enum option_id id)
{
	char *name = arena_printf(arena, PREFIX "%s", option_rows()[id].name);
	for (char *at = name; *at; at++)
		*at = *at == '-' ? '_' : *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at;
	return name;
}

/* The variable of an option: CHAINGATE_ and its name in capitals; NULL if it has none. In the arena. */
static const char *variable_of(struct arena *arena, enum option_id id)
{
	return has_variable(id) ? variable_name(arena, id) : NULL;
}

/* The option that this variable's name would belong to, if it has no variable but decides what a gate accepts (--set,
 * --policy-digest) or leaves behind (--junit). NULL for any other name. */
static const struct option_row *lacks_variable(struct arena *arena, struct text variable)
{
	for (int id = 0; id < OPTION_COUNT; id++) {
		const struct option_row *row = &option_rows()[id];
		if (row->commands & IN_CHECK && (row->group == GROUP_WATCH || row->group == GROUP_REPORT) &&
		    !has_variable((enum option_id)id) && text_is(variable, variable_name(arena, (enum option_id)id)))
			return row;
	}
	return NULL;
}

/* Reads a flag: on or off. False if the value is neither. */
static bool read_flag(const char *value, bool *out)
{
	static const char *const on[] = {"1", "true", "yes"}, *const off[] = {"0", "false", "no"};
	for (size_t i = 0; i < 3; i++) {
		if (strcmp(value, on[i]) == 0 || strcmp(value, off[i]) == 0) {
			*out = strcmp(value, on[i]) == 0;
			return true;
		}
	}
	return false;
}

static void take(struct arena *arena, struct command_line *line, enum option_id id, const char *variable,
		 const char *value, struct diags *diags)
{
	const struct option_row *row = &option_rows()[id];
	struct option_values *values = &line->options[id];
	bool is_on = true;
	if (!row->argument && !read_flag(value, &is_on)) {
		struct diag *diag =
			usage_error(diags, "%s cannot be '%s'", variable, diag_value(diags, text_of(value)));
		diag_hint(diags, diag, "write 1, true or yes; or 0, false or no");
		return;
	}
	if (!option_accepts(id, value)) {
		usage_error(diags, "%s cannot be '%s': it takes %s", variable, diag_value(diags, text_of(value)),
			    row->argument);
		return;
	}
	if (!is_on || !option_path_is_expanded(diags, id, variable, value))
		return;
	values->items = arena_grow(arena, values->items, values->count, &values->room, sizeof(*values->items));
	values->items[values->count++] = row->argument ? value : "";
	values->spelling = variable;
}

static bool selects(const struct command_line *line)
{
	for (int id = 0; id < OPTION_COUNT; id++)
		if (option_is_selecting((enum option_id)id) && option_is_given(line, (enum option_id)id))
			return true;
	return false;
}

static bool ends_with(struct text text, const char *ending)
{
	size_t length = strlen(ending);
	return text.length >= length && text_is(text_slice(text, text.length - length, text.length), ending);
}

/* True if the value looks like a port of a Kubernetes Service: tcp://10.0.0.1:80. */
static bool is_address(const char *value)
{
	static const char *const schemes[] = {"tcp://", "udp://", "sctp://"};
	for (size_t i = 0; i < 3; i++)
		if (text_starts_with(text_of(value), schemes[i]))
			return true;
	return false;
}

/* "_PORT_" DIGITS "_" ( "TCP" | "UDP" | "SCTP" ) [ "_" ( "PROTO" | "PORT" | "ADDR" ) ], at the end of the name */
static bool is_port_variable(const char *name)
{
	static const char *const protocols[] = {"TCP", "UDP", "SCTP"}, *const tails[] = {"", "_PROTO", "_PORT",
											 "_ADDR"};
	for (const char *at = strstr(name, "_PORT_"); at; at = strstr(at + 1, "_PORT_")) {
		const char *digits = at + strlen("_PORT_");
		size_t length = strspn(digits, "0123456789");
		for (size_t i = 0; i < 12 && length > 0 && digits[length] == '_'; i++) {
			size_t size = strlen(protocols[i / 4]);
			const char *rest = digits + length + 1;
			if (strncmp(rest, protocols[i / 4], size) == 0 && strcmp(rest + size, tails[i % 4]) == 0)
				return true;
		}
	}
	return false;
}

/* Variables that weren't meant for this tool: those that Kubernetes sets in every pod for a Service whose name
 * begins with "chaingate", and names that images and scripts use for their version of the tool. */
static bool is_of_others(struct arena *arena, struct text name, const char *value)
{
	static const char *const tools[] = {PREFIX "VERSION", PREFIX "IMAGE", PREFIX "BIN"};
	const char *string = arena_text(arena, name).bytes;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (text_is(name, others[i]))
			return true;
	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++)
		if (text_is(name, tools[i]))
			return true;
	return ends_with(name, "_SERVICE_HOST") || ends_with(name, "_SERVICE_PORT") ||
	       strstr(string, "_SERVICE_PORT_") || (ends_with(name, "_PORT") && is_address(value)) ||
	       is_port_variable(string);
}

struct strangers {
	struct arena *arena;
	unsigned command; /* one value of enum command_set */
	const struct command_line *line;
	struct diags *diags, *warnings;
};

/* A policy's path in a variable, which nothing reads. If the command line has policies, it may have them from there. */
static bool is_unread_policy(const struct command_line *line, struct text name)
{
	return !line->operand_count && text_starts_with(name, PREFIX "POLIC");
}

/* The same for an option without a variable. --set and --policy-digest are repeatable, so the line may lack this one. A
 * flag that is off asks for nothing. */
static bool is_unread_option(const struct command_line *line, const struct option_row *row, const char *value)
{
	bool is_on = true;
	bool is_given = row->group == GROUP_REPORT && option_is_given(line, (enum option_id)(row - option_rows()));
	return !is_given && (row->argument || !read_flag(value, &is_on) || is_on);
}

/* Two kinds of names are errors. A name similar to an option's is a typo, and could loosen a gate. The name of an
 * option without a variable, or of the policy, would be ignored, though whoever set it relies on it. Any other name may
 * belong to another program. */
static void report_stranger(const struct strangers *s, struct text name, const char *value, const char *const *known,
			    size_t count)
{
	static const char remedy[] = "'chaingate help check' lists the options; --timeout has CHAINGATE_TIMEOUT";
	struct diags *diags = s->diags, *warnings = s->warnings;
	const struct option_row *row = s->command & IN_CHECK ? lacks_variable(s->arena, name) : NULL;
	if (s->command & IN_CHECK && !row && is_unread_policy(s->line, name)) {
		struct diag *diag =
			usage_error(diags, "'%s' is set, but policies have no variable", diag_value(diags, name));
		diag_hint(diags, diag,
			  "give each policy on the command line, 'chaingate check PATH', and unset the variable");
		return;
	}
	if (row) {
		if (!is_unread_option(s->line, row, value))
			return;
		struct diag *diag =
			usage_error(diags, "'%s' is set, but --%s has no variable", diag_value(diags, name), row->name);
		diag_hint(diags, diag, "give --%s on the command line, and unset the variable", row->name);
		return;
	}
	struct text word = text_slice(name, strlen(PREFIX), name.length);
	const char *near = text_nearest(word, known, count);
	for (size_t i = 0; i < count && !near; i++) /* suggests API_KEY_FILE for CHAINGATE_API_KEY */
		if (text_starts_with(word, known[i]) || strncmp(known[i], word.bytes, word.length) == 0)
			near = known[i];
	if (near) {
		struct diag *diag =
			usage_error(diags, "'%s' is set, but no option has this variable", diag_value(diags, name));
		diag_hint(diags, diag, "a variable has a similar name: " PREFIX "%s", near);
		return;
	}
	struct diag *diag =
		diag_warning(warnings, NULL, (struct span){0, 0}, DIAG_INVALID_VALUE,
			     "warning: '%s' is set, but no option has this variable", diag_value(warnings, name));
	diag_hint(warnings, diag, "correct its name if it is meant for chaingate: %s", remedy);
}

static void report_strangers(const struct strangers *s)
{
	struct arena *arena = s->arena;
	const char *known[OPTION_COUNT];
	size_t count = 0;
	for (int id = 0; id < OPTION_COUNT; id++) {
		const char *variable = variable_of(arena, (enum option_id)id);
		if (variable)
			known[count++] = variable + strlen(PREFIX);
	}
	for (char **entry = environ; *entry; entry++) {
		size_t length = strcspn(*entry, "=");
		if (strncmp(*entry, PREFIX, strlen(PREFIX)) != 0 || !(*entry)[length] || !(*entry)[length + 1])
			continue;
		struct text name = {*entry, length};
		bool is_known = is_of_others(arena, name, *entry + length + 1);
		for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
			is_known |= text_is(name, told[i]);
		for (size_t i = 0; i < count; i++)
			is_known |= text_is(text_slice(name, strlen(PREFIX), name.length), known[i]);
		if (!is_known)
			report_stranger(s, name, *entry + length + 1, known, count);
	}
}

bool variables_are_of_earlier_gate(void)
{
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		const char *value = getenv(told[i]);
		if (value && *value)
			return true;
	}
	return false;
}

/* True if the command line says which chains or which model: then no variable does. */
static bool says_chains(const struct command_line *line)
{
	for (int i = 0; i < OPTION_COUNT; i++)
		if (option_says_chains((enum option_id)i) && option_is_given(line, (enum option_id)i))
			return true;
	return false;
}

void variables_read(struct arena *arena, unsigned command, struct command_line *line, struct diags *diags,
		    struct diags *warnings)
{
	if (!(command & HAVE_VARIABLES))
		return;
	bool line_selects = selects(line);
	bool line_says_chains = says_chains(line);
	bool line_says_how_much = option_is_given(line, OPTION_QUIET) || option_is_given(line, OPTION_VERBOSE);
	for (int i = 0; i < OPTION_COUNT; i++) {
		enum option_id id = (enum option_id)i;
		const char *variable = variable_of(arena, id), *value = variable ? getenv(variable) : NULL;
		if (!value || !*value || !(option_rows()[id].commands & command) || option_is_given(line, id))
			continue;
		if ((option_is_selecting(id) && line_selects) || (option_says_chains(id) && line_says_chains))
			continue;
		/* --quiet on the command line overrides the environment's --verbose, and the other way round. */
		if ((id == OPTION_QUIET || id == OPTION_VERBOSE) && line_says_how_much)
			continue;
		take(arena, line, id, variable, value, diags);
	}
	report_strangers(&(struct strangers){arena, command, line, diags, warnings});
}
