/* wanted.h - what to watch, as the command line says it, and how that goes together with a policy's target. */
#ifndef CHAINGATE_CLI_WANTED_H
#define CHAINGATE_CLI_WANTED_H

#include "chaingate/diag.h"
#include "chaingate/policy.h"
#include "options.h"

/* The chain and the selector that the options give, each of which may be absent. Reports what contradicts itself. */
struct policy_target wanted_read(const struct command_line *, struct diags *);

/* What the command line gives replaces what the policy has: the chain; the selector but for its `since`; the
 * `since`. */
struct policy_target wanted_over(struct policy_target policy, struct policy_target line);

/* Reports what must be known before anything is polled and isn't: the chain, the selector, its `since`. */
void wanted_check(const struct policy_target *, struct diags *);

/* What people call it: "rag/q86yjdy", "rag/latest". */
struct text wanted_name(struct arena *, const struct policy_target *);

#endif
