/* policy_file.h - a policy from a path. */
#ifndef CHAINGATE_CLI_POLICY_FILE_H
#define CHAINGATE_CLI_POLICY_FILE_H

#include "chaingate/arena.h"
#include "chaingate/diag.h"
#include "chaingate/policy.h"

/* What stdin is called in messages. */
#define STDIN_NAME "<stdin>"

/* Reads and loads it ("-" is stdin; NULL is the built-in policy). NULL if and only if an error was reported. */
const struct policy *policy_file_load(struct arena *, const char *path, struct diags *);

#endif
