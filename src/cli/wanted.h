/* wanted.h - the selection on the command line, and how it combines with a policy's target. */
#ifndef CHAINGATE_CLI_WANTED_H
#define CHAINGATE_CLI_WANTED_H

#include "chaingate/diag.h"
#include "chaingate/policy.h"
#include "options.h"

/* The chain or model, and the selector, from the options; each may be absent. Reports contradictions. */
struct policy_target wanted_read(const struct command_line *, struct diags *);

/* Reports a URL that was given as the name of an environment. `spelling`: the option. */
void wanted_check_environment(struct text environment, const char *spelling, struct diags *);

/* Reports a variable that nothing has replaced in a name or id. `has_id`: what the name is of could be given by its id,
 * too. */
void wanted_check_replaced(struct text name, bool has_id, const char *spelling, struct diags *);

/* The chains of --chain, if it is given several times, and the target's chain of --all-chains: a glob that matches every
 * name. Reports contradictions. Returns the number of *out; *urls, parallel to it, has the
 * URLs that gave them, or empty texts. */
size_t wanted_chains(struct arena *, const struct command_line *, struct policy_target *, const struct text **out,
		     const struct text **urls, struct diags *);

/* Reports a URL at --chain that names a deployment or an environment which isn't selected. The selector is the one that
 * counts: the option's or, without one, the policy's. */
void wanted_check_chains(const struct command_line *, const struct selector *, struct diags *);

/* Reports what the gate refuses (target_check), and what is missing before anything can be polled: the chain, the
 * selector, its `since`. */
void wanted_check(const struct policy_target *, struct diags *);

#endif
