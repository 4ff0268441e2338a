/* policy_file.h - policies from paths, with what the command line says about them. */
#ifndef CHAINGATE_CLI_POLICY_FILE_H
#define CHAINGATE_CLI_POLICY_FILE_H

#include "chaingate/arena.h"
#include "chaingate/diag.h"
#include "chaingate/policy.h"
#include "options.h"

/* What stdin is called in messages. */
#define STDIN_NAME "<stdin>"

/* What --set and --baseline-environment say. Mistakes in their form are reported. */
struct policy_request policy_request_read(struct arena *, const struct command_line *, struct diags *usage);

/* `@production` is the policy of that name that comes with the programme. */
#define POLICY_SHIPPED_MARK '@'
bool policy_is_shipped(const char *path);

/* Reads and loads one ("-" is stdin; "@NAME" is one that comes with the programme; NULL is the built-in policy). NULL if and only if an error was reported. */
const struct policy *policy_file_load(struct arena *, const char *path, struct policy_request *, struct diags *);

/* Loads several and joins them; none of them is the built-in one. All mistakes of all are reported. */
const struct policy *policy_files_load(struct arena *, const char *const *paths, size_t count, struct policy_request *,
				       struct diags *);

/* Reports settings that no policy that was loaded has a parameter for. `policy` may be NULL. */
void policy_request_check(struct arena *, const struct policy_request *, const struct policy *, struct diags *usage);

/* Reports each policy that isn't the one that --policy-digest says: the first digest is of the first file, and so on. Without the option all are. */
void policy_digests_check(struct arena *, const struct command_line *, const struct policy *, struct diags *usage);

#endif
