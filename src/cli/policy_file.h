/* policy_file.h - loads policies from paths, with the command line's settings. */
#ifndef CHAINGATE_CLI_POLICY_FILE_H
#define CHAINGATE_CLI_POLICY_FILE_H

#include "chaingate/arena.h"
#include "chaingate/diag.h"
#include "chaingate/policy.h"
#include "options.h"

/* The name of stdin in messages. */
#define STDIN_NAME "<stdin>"

/* Reads --set and --baseline-environment. Mistakes in their form are reported. */
struct policy_request policy_request_read(struct arena *, const struct command_line *, struct diags *usage);

/* `@production` is the policy `production` that comes with the program. */
#define POLICY_SHIPPED_MARK '@'
bool policy_is_shipped(const char *path);

/* Loads one policy ("-" is stdin; "@NAME" comes with the program; NULL is the built-in policy). NULL if and only if an
 * error was reported. */
const struct policy *policy_file_load(struct arena *, const char *path, struct policy_request *, struct diags *);

/* Loads several policies and joins them; without paths, loads the built-in one. All mistakes of all of them are
 * reported. */
const struct policy *policy_files_load(struct arena *, const char *const *paths, size_t count, struct policy_request *,
				       struct diags *);

/* Reports settings for parameters that no loaded policy has. `policy` may be NULL. */
void policy_request_check(struct arena *, const struct policy_request *, const struct policy *, struct diags *usage);

/* Reports each policy whose digest differs from --policy-digest: the first digest is for the first file, and so on.
 * Without the option every policy is accepted. */
void policy_digests_check(struct arena *, const struct command_line *, const struct policy *, struct diags *usage);

#endif
