/* variables.h - CHAINGATE_TIMEOUT and its kin: options from the environment, between the policy and the command line. */
#ifndef CHAINGATE_CLI_VARIABLES_H
#define CHAINGATE_CLI_VARIABLES_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/diag.h"
#include "options.h"

/* The variable of an option: CHAINGATE_ and its name in capitals; NULL: it has none. In the arena. */
const char *variable_of(struct arena *, enum option_id);

/* Adds to the line what the environment says of the command's options and the line doesn't. An empty variable isn't set. Of those that begin with CHAINGATE_ and are no
 * option's, one that is nearly an option's is a mistake: a slip of the pen must not loosen a gate. Those that Kubernetes sets for a Service, and CHAINGATE_VERSION,
 * _IMAGE and _BIN, are let pass; of any other `warnings` has a word. */
void variables_read(struct arena *, unsigned command, struct command_line *, struct diags *, struct diags *warnings);

#endif
