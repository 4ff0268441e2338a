/* wanted.h - the selection on the command line, and how it combines with a policy's target. */
#ifndef CHAINGATE_CLI_WANTED_H
#define CHAINGATE_CLI_WANTED_H

#include "chaingate/diag.h"
#include "chaingate/policy.h"
#include "options.h"

/* The chain and the selector from the options; each may be absent. Reports contradictions. */
struct policy_target wanted_read(const struct command_line *, struct diags *);

/* Reports a URL that was given as the name of an environment. `spelling`: the option. */
void wanted_check_environment(struct text environment, const char *spelling, struct diags *);

/* Reports what is missing before anything can be polled: the chain, the selector, its `since`. */
void wanted_check(const struct policy_target *, struct diags *);

#endif
