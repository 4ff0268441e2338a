/* arguments.c - the command line of chaingate-sim. */
#include "arguments.h"

#include "chaingate/buf.h"
#include "chaingate/text.h"

enum option {
	OPTION_CHECK,
	OPTION_HELP,
	OPTION_LOG,
	OPTION_PORT,
	OPTION_TLS_CERT,
	OPTION_TLS_KEY,
	OPTION_UNTIL_EOF,
	OPTION_VERSION,
	OPTION_COUNT
};

static const char *const option_names[] = {
	[OPTION_CHECK] = "--check",         [OPTION_HELP] = "--help",         [OPTION_LOG] = "--log",
	[OPTION_PORT] = "--port",           [OPTION_TLS_CERT] = "--tls-cert", [OPTION_TLS_KEY] = "--tls-key",
	[OPTION_UNTIL_EOF] = "--until-eof", [OPTION_VERSION] = "--version",
};

static const bool option_wants_value[OPTION_COUNT] = {
	[OPTION_LOG] = true,
	[OPTION_PORT] = true,
	[OPTION_TLS_CERT] = true,
	[OPTION_TLS_KEY] = true,
};

static const char help[] =
	"Usage: chaingate-sim --port 8080 scenario.yaml\n"
	"\n"
	"Speaks the API of Baseten Chains on 127.0.0.1, from a scenario: chains whose deployments move through\n"
	"statuses at given times, and faults at given times. The first line on stdout is its URL.\n"
	"\n"
	"  --port N           the port; 0 (the default) takes one that is free\n"
	"  --log FILE         a JSON line for each request; - is stdout\n"
	"  --until-eof        end when stdin is closed, so that no script leaves a simulator behind\n"
	"  --tls-cert FILE    serve HTTPS with this certificate (PEM)\n"
	"  --tls-key FILE     its private key (PEM)\n"
	"  --check            only check the scenario\n"
	"  --help, --version\n"
	"\n"
	"Ends with 0 on SIGHUP, SIGINT, SIGTERM or the end of stdin; 1 if it could not serve; 2 if the command line or "
	"the\n"
	"scenario is wrong.\n";

const char *arguments_help(void)
{
	return help;
}

/* An option as found on the command line. */
struct given {
	bool is_given;
	const char *value;
};

/* The option that a word names, with the value after "=" if there is one. OPTION_COUNT, with *why, if there is none. */
static enum option option_of(struct arena *arena, const char *word, const char **value, const char **why)
{
	struct text text = text_of(word);
	size_t end = 0;
	while (end < text.length && text.bytes[end] != '=')
		end++;
	struct text name = text_slice(text, 0, end);
	*value = end < text.length ? word + end + 1 : NULL;
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (text_is(name, option_names[i]))
			return (enum option)i;
	struct buf shown = buf_make(BUF_LIMIT_REPORT);
	text_add_printable(&shown, name);
	const char *near = text_nearest(name, option_names, OPTION_COUNT);
	*why = near ? arena_printf(arena, "no option is called '%s'; one has a similar name: %s", buf_string(&shown),
				   near)
		    : arena_printf(arena, "no option is called '%s'; see chaingate-sim --help", buf_string(&shown));
	buf_release(&shown);
	return OPTION_COUNT;
}

static bool take_option(struct arena *arena, char *const *argv, int argc, int *at, struct given *given,
			const char **why)
{
	const char *value;
	enum option option = option_of(arena, argv[*at], &value, why);
	if (option == OPTION_COUNT)
		return false;
	const char *name = option_names[option];
	if (given[option].is_given) {
		*why = arena_printf(arena, "the option %s is given twice", name);
		return false;
	}
	if (value && !option_wants_value[option]) {
		*why = arena_printf(arena, "the option %s takes no value", name);
		return false;
	}
	if (!value && option_wants_value[option]) {
		if (*at + 1 >= argc) {
			*why = arena_printf(arena, "the option %s needs a value", name);
			return false;
		}
		value = argv[++*at];
	}
	if (value && !value[0]) {
		*why = arena_printf(arena, "the value of the option %s is empty", name);
		return false;
	}
	given[option] = (struct given){.is_given = true, .value = value};
	return true;
}

static bool parse_port(struct arena *arena, const char *value, uint16_t *out, const char **why)
{
	uint32_t port = 0;
	bool fine = value[0] != '\0';
	for (const char *at = value; *at && fine; at++) {
		fine = *at >= '0' && *at <= '9' && (port = port * 10 + (uint32_t)(*at - '0')) <= UINT16_MAX;
	}
	if (!fine) {
		struct buf shown = buf_make(BUF_LIMIT_REPORT);
		text_add_printable(&shown, text_of(value));
		*why = arena_printf(arena, "the port '%s' isn't a number from 0 to 65535", buf_string(&shown));
		buf_release(&shown);
		return false;
	}
	*out = (uint16_t)port;
	return true;
}

/* Each option is valid by itself; checks whether they go together. */
static bool settle(struct arena *arena, const struct given *given, struct arguments *arguments, const char **why)
{
	if (given[OPTION_HELP].is_given || given[OPTION_VERSION].is_given) {
		arguments->action = given[OPTION_HELP].is_given ? ACTION_HELP : ACTION_VERSION;
		return true;
	}
	if (!arguments->scenario) {
		*why = "a scenario is needed: chaingate-sim scenario.yaml";
		return false;
	}
	if (given[OPTION_CHECK].is_given)
		arguments->action = ACTION_CHECK;
	if (given[OPTION_PORT].is_given && !parse_port(arena, given[OPTION_PORT].value, &arguments->port, why))
		return false;
	if (given[OPTION_TLS_CERT].is_given != given[OPTION_TLS_KEY].is_given) {
		*why = "HTTPS needs both --tls-cert and --tls-key";
		return false;
	}
	arguments->log = given[OPTION_LOG].value;
	arguments->tls_cert = given[OPTION_TLS_CERT].value;
	arguments->tls_key = given[OPTION_TLS_KEY].value;
	arguments->until_eof = given[OPTION_UNTIL_EOF].is_given;
	if (arguments->until_eof && text_is(text_of(arguments->scenario), "-")) {
		*why = "the scenario cannot be read from stdin if --until-eof is given";
		return false;
	}
	return true;
}

bool arguments_parse(struct arena *arena, int argc, char *const *argv, struct arguments *out, const char **why)
{
	struct given given[OPTION_COUNT] = {0};
	struct arguments arguments = {0};
	bool only_operands = false;
	for (int at = 1; at < argc; at++) {
		struct text word = text_of(argv[at]);
		if (!only_operands && text_is(word, "--")) {
			only_operands = true;
		} else if (!only_operands && word.length > 1 && word.bytes[0] == '-') {
			if (!take_option(arena, argv, argc, &at, given, why))
				return false;
		} else if (arguments.scenario) {
			*why = "only one scenario can be given";
			return false;
		} else {
			arguments.scenario = argv[at];
		}
	}
	if (!settle(arena, given, &arguments, why))
		return false;
	*out = arguments;
	return true;
}
