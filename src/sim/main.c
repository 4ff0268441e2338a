/* main.c - chaingate-sim: serves a scenario on a port.
 *
 * The only file in this room that prints, reads files or exits.
 */
#include "arguments.h"
#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/diag.h"
#include "chaingate/files.h"
#include "chaingate/signals.h"
#include "chaingate/terminal.h"
#include "chaingate/times.h"
#include "chaingate/version.h"
#include "load.h"
#include "scenario.h"
#include "server.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Largest PEM file; a certificate chain or key has a few KiB. */
#define PEM_MAX ((size_t)1 << 20)

enum { EXIT_FINE = 0, EXIT_CANNOT_SERVE = 1, EXIT_USAGE = 2 };

static int complain(int code, const char *message)
{
	fprintf(stderr, "chaingate-sim: %s\n", message);
	return code;
}

static void print_diagnostics(const struct diags *diags)
{
	bool colour = terminal_is_capable(STDERR_FILENO);
	struct buf text = buf_make(BUF_LIMIT_REPORT);
	diags_render(&text, diags, terminal_columns(STDERR_FILENO), colour ? DIAG_COLOUR : DIAG_PLAIN);
	fputs(buf_string(&text), stderr);
	buf_release(&text);
}

/* NULL if an error was printed. */
static const struct scenario *load(struct arena *arena, const char *path)
{
	struct diags diags = {.arena = arena};
	const char *why;
	const struct scenario *scenario = scenario_load(arena, path, &diags, &why);
	if (!scenario && why)
		complain(EXIT_USAGE, arena_printf(arena, "could not read '%s': %s", path, why));
	print_diagnostics(&diags);
	return scenario;
}

static int summarize(const struct scenario *scenario, const char *path)
{
	struct buf end = buf_make(BUF_LIMIT_REPORT);
	duration_add(&end, scenario_last_change(scenario));
	size_t models = 0;
	for (size_t i = 0; i < scenario->chain_count; i++)
		models += scenario->chains[i].kind == TARGET_MODEL;
	printf("%s: no mistakes (chains: %zu, models: %zu, deployments: %zu, bodies: %zu, faults: %zu, last change at "
	       "%s)\n",
	       path, scenario->chain_count - models, models, scenario->deployment_count, scenario->body_count,
	       scenario->fault_count, buf_string(&end));
	buf_release(&end);
	return EXIT_FINE;
}

/* A PEM file as a C string, or NULL with *why. */
static const char *pem_read(struct arena *arena, const char *path, const char **why)
{
	struct text pem;
	if (!file_read(arena, path, PEM_MAX, &pem, why)) {
		*why = arena_printf(arena, "could not read '%s': %s", path, *why);
		return NULL;
	}
	return arena_text(arena, pem).bytes;
}

static bool wish_for(struct arena *arena, const struct arguments *arguments, struct request_log *log,
		     struct server_wish *out, const char **why)
{
	struct server_wish wish = {.port = arguments->port, .log = log};
	if (arguments->tls_cert) {
		wish.tls_cert = pem_read(arena, arguments->tls_cert, why);
		wish.tls_key = wish.tls_cert ? pem_read(arena, arguments->tls_key, why) : NULL;
		if (!wish.tls_key)
			return false;
	}
	if (arguments->log && !request_log_open(log, arguments->log)) {
		*why = arena_printf(arena, "could not write '%s': %s", arguments->log, strerror(errno));
		return false;
	}
	*out = wish;
	return true;
}

static int serve(struct arena *arena, const struct scenario *scenario, const struct arguments *arguments)
{
	struct request_log log = {0};
	struct server_wish wish;
	const char *why;
	int signal_fd = signals_catch();
	if (signal_fd < 0)
		return complain(EXIT_CANNOT_SERVE, "could not catch signals: too many open files");
	if (!wish_for(arena, arguments, &log, &wish, &why))
		return complain(EXIT_CANNOT_SERVE, why);
	struct server *server = server_start(arena, scenario, &wish, &why);
	int code = EXIT_FINE;
	if (!server) {
		code = complain(EXIT_CANNOT_SERVE, why);
	} else {
		printf("%s://127.0.0.1:%u\n", wish.tls_cert ? "https" : "http", (unsigned int)server_port(server));
		if (fflush(stdout))
			code = complain(EXIT_CANNOT_SERVE, "could not print the URL to stdout");
		else if (!server_run(server, signal_fd, arguments->until_eof ? STDIN_FILENO : -1, &why))
			code = complain(EXIT_CANNOT_SERVE, why);
		server_stop(server);
	}
	if (!request_log_close(&log))
		code = complain(EXIT_CANNOT_SERVE,
				arena_printf(arena, "could not write all of the log to '%s'", log.name));
	return code;
}

static int act(struct arena *arena, const struct arguments *arguments)
{
	const struct scenario *scenario = NULL;
	switch (arguments->action) {
	case ACTION_HELP: fputs(arguments_help(), stdout); return EXIT_FINE;
	case ACTION_VERSION: printf("chaingate-sim %s\n", CHAINGATE_VERSION); return EXIT_FINE;
	case ACTION_CHECK:
		scenario = load(arena, arguments->scenario);
		return scenario ? summarize(scenario, arguments->scenario) : EXIT_USAGE;
	case ACTION_SERVE:
		scenario = load(arena, arguments->scenario);
		return scenario ? serve(arena, scenario, arguments) : EXIT_USAGE;
	}
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct arena arena = {0};
	struct arguments arguments;
	const char *why;
	int code = arguments_parse(&arena, argc, argv, &arguments, &why) ? act(&arena, &arguments)
									 : complain(EXIT_USAGE, why);
	if (fflush(stdout) || ferror(stdout))
		code = code ? code : complain(EXIT_CANNOT_SERVE, "could not write to stdout");
	arena_release(&arena);
	return code;
}
