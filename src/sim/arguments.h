/* arguments.h - the command line of chaingate-sim. */
#ifndef CHAINGATE_SIM_ARGUMENTS_H
#define CHAINGATE_SIM_ARGUMENTS_H

#include "chaingate/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum action { ACTION_SERVE, ACTION_CHECK, ACTION_HELP, ACTION_VERSION };

struct arguments {
	enum action action;
	uint16_t port;
	const char *log;      /* NULL: none */
	const char *tls_cert; /* NULL: HTTP */
	const char *tls_key;
	bool until_eof;
	const char *scenario;
};

/* False with *why, a line for people in the arena. --help and --version override everything else. */
bool arguments_parse(struct arena *, int argc, char *const *argv, struct arguments *out, const char **why);

/* The text of --help. */
const char *arguments_help(void);

#endif
