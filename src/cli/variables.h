/* variables.h - options from environment variables such as CHAINGATE_TIMEOUT: they override the policy, and the
 * command line overrides them. */
#ifndef CHAINGATE_CLI_VARIABLES_H
#define CHAINGATE_CLI_VARIABLES_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/diag.h"
#include "options.h"

/* Adds to the line each option of the command that isn't on it and whose variable isn't empty, nor 0, false or no (a
 * flag's). Only `check` and `status` have variables, for some options (has_variable in variables.c). `command` is one
 * value of enum command_set. If the line selects deployments, no variable does; if it has --quiet or --verbose, neither
 * variable counts, and CHAINGATE_QUIET overrides CHAINGATE_VERBOSE. The values point into the environment; numbers and
 * durations are checked by their readers. Errors: in a variable that counts, a flag that isn't 1, true, yes, 0, false
 * or no, a word that the option doesn't accept, or a path that is ~ or begins with ~/; for `check`, a name such as
 * CHAINGATE_POLICY if the line has no policy, and the name of an option that has no variable but decides what a gate
 * accepts (--set) or leaves behind (--junit, unless the line has it, too); any other CHAINGATE_* name that is no variable
 * of either command but similar to one, because a typo could loosen a gate. One that isn't similar gives a warning. Names
 * that others set (Kubernetes, images, --report env) are ignored. */
void variables_read(struct arena *, unsigned command, struct command_line *, struct diags *, struct diags *warnings);

/* True if the environment has what --report env of an earlier gate wrote. Its chain or model, and its deployment, are
 * options, too, but nobody chose them for this gate. */
bool variables_are_of_earlier_gate(void);

#endif
