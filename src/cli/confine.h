/* confine.h - the sandbox of a command that asks the API. */
#ifndef CHAINGATE_CLI_CONFINE_H
#define CHAINGATE_CLI_CONFINE_H

#include "command.h"
#include "orders.h"

/* Enters the sandbox (sandbox.h), unless --no-sandbox is given; with --verbose, says on stderr what it restricts. Call it
 * when all inputs are read and nothing was asked yet. `orders`: what the run will write; NULL: nothing. `file`: one more
 * file, or NULL. `is_step`: $GITHUB_OUTPUT is written, too. */
void confine(const struct invocation *, const struct report_orders *orders, const char *file, bool is_step);

#endif
