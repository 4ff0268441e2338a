/* connection.h - how the API is reached, as options and environment say it. */
#ifndef CHAINGATE_CLI_CONNECTION_H
#define CHAINGATE_CLI_CONNECTION_H

#include "chaingate/arena.h"
#include "chaingate/diag.h"
#include "chaingate/net.h"
#include "options.h"

#include <stdbool.h>

#define API_URL_DEFAULT "https://api.baseten.co"
/* What the API allows for one key. */
#define REQUESTS_PER_SECOND_MOST 100
/* Beyond it, the answer isn't a list of deployments. */
#define BODY_MOST ((size_t)1 << 30)

/* Where the values came from, kept with them when they were read. */
struct connection_origins {
	const char *url, *key;
};

/* Reads what there is to be known, and then the key, possibly from stdin. False if something was reported; what
 * could be read before is there all the same. The options point to the arena, the command line and the
 * environment. */
bool connection_read(struct arena *, const struct command_line *, struct diags *, struct net_options *out,
		     struct connection_origins *origins);

/* NULL if a reason was reported. */
struct net *connection_open(const struct net_options *, struct diags *);

#endif
