/* explain_codes.h - longer explanations of diagnostics. */
#ifndef CHAINGATE_CLI_EXPLAIN_CODES_H
#define CHAINGATE_CLI_EXPLAIN_CODES_H

#include "chaingate/diag.h"

/* Why it is a mistake, and what to write instead: lines of at most 100 columns, each with a newline. Never NULL for a
 * code that is reported. */
const char *code_explanation(enum diag_code);

#endif
