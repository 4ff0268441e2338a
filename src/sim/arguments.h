/* arguments.h - the command line of chaingate-sim. */
#ifndef CHAINGATE_SIM_ARGUMENTS_H
#define CHAINGATE_SIM_ARGUMENTS_H

#include "chaingate/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum action { ACTION_SERVE, ACTION_CHECK, ACTION_HELP, ACTION_VERSION };

struct arguments {
	enum action action;   /* with help and version, only this is valid; ACTION_CHECK reads the scenario and ends */
	uint16_t port;        /* 0, the default: one that is free */
	const char *log;      /* a path, "-" for stdout; NULL: no log */
	const char *tls_cert; /* paths of PEM files: both or neither. NULL: HTTP */
	const char *tls_key;
	bool until_eof;       /* end when stdin is closed; then the scenario isn't "-" */
	const char *scenario; /* a path, "-" for stdin */
};

/* Skips argv[0]. *out points into argv. False with *why (a constant or in the arena), without a newline, for people;
 * then *out is unchanged. With --help or --version it needs no scenario, and checks neither the port nor which options
 * go together; any other mistake, such as an unknown option, still is one. --help overrides --version. */
bool arguments_parse(struct arena *, int argc, char *const *argv, struct arguments *out, const char **why);

/* The text of --help. */
const char *arguments_help(void);

#endif
