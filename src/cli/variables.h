/* variables.h - CHAINGATE_TIMEOUT and its kin: options from the environment, between the policy and the command line. */
#ifndef CHAINGATE_CLI_VARIABLES_H
#define CHAINGATE_CLI_VARIABLES_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/diag.h"
#include "options.h"

/* The variable of an option: CHAINGATE_ and its name in capitals; NULL: it has none. In the arena. */
const char *variable_of(struct arena *, enum option_id);

/* Adds to the line what the environment says of the command's options and the line doesn't. An empty variable isn't set. One that begins with CHAINGATE_ and is
 * nobody's is reported: a slip of the pen must not loosen a gate. */
void variables_read(struct arena *, unsigned command, struct command_line *, struct diags *);

#endif
