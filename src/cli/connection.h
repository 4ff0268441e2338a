/* connection.h - reads from options and environment how to reach the API. */
#ifndef CHAINGATE_CLI_CONNECTION_H
#define CHAINGATE_CLI_CONNECTION_H

#include "chaingate/arena.h"
#include "chaingate/diag.h"
#include "chaingate/net.h"
#include "options.h"

#include <stdbool.h>

#define API_URL_DEFAULT "https://api.baseten.co"
/* The API's limit for one key. */
#define REQUESTS_PER_SECOND_MOST 100
/* A larger answer can't be a list of deployments. */
#define BODY_MOST ((size_t)1 << 30)

/* Where each value came from. */
struct connection_origins {
	const char *url, *key;
};

/* Reads all settings, and then the key, possibly from stdin. False if a mistake was reported; *out then still has the
 * settings that could be read. *out points into the arena, the command line and the environment. */
bool connection_read(struct arena *, const struct command_line *, struct diags *, struct net_options *out,
		     struct connection_origins *origins);

/* NULL if a mistake was reported. */
struct net *connection_open(const struct net_options *, struct diags *);

#endif
