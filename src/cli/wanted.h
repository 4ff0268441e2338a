/* wanted.h - what to watch, as the command line says it, and how that goes together with a policy's target. */
#ifndef CHAINGATE_CLI_WANTED_H
#define CHAINGATE_CLI_WANTED_H

#include "chaingate/diag.h"
#include "chaingate/policy.h"
#include "options.h"

/* The chain and the selector that the options give, each of which may be absent. Reports what contradicts itself. */
struct policy_target wanted_read(const struct command_line *, struct diags *);

/* Reports what must be known before anything is polled and isn't: the chain, the selector, its `since`. */
void wanted_check(const struct policy_target *, struct diags *);

#endif
