/* variables.h - options from environment variables such as CHAINGATE_TIMEOUT: they override the policy, and the
 * command line overrides them. */
#ifndef CHAINGATE_CLI_VARIABLES_H
#define CHAINGATE_CLI_VARIABLES_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/diag.h"
#include "options.h"

/* Adds the command's options from the environment that aren't on the line. An empty variable counts as not set. An
 * unknown CHAINGATE_* variable whose name is similar to an option's is an error, because a typo could loosen a gate.
 * The variables that Kubernetes sets for a Service, and CHAINGATE_VERSION, _IMAGE and _BIN, are ignored. Any other
 * one is reported in `warnings`. */
void variables_read(struct arena *, unsigned command, struct command_line *, struct diags *, struct diags *warnings);

#endif
