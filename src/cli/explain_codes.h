/* explain_codes.h - longer explanations of diagnostics. */
#ifndef CHAINGATE_CLI_EXPLAIN_CODES_H
#define CHAINGATE_CLI_EXPLAIN_CODES_H

#include "chaingate/diag.h"

/* Why it is a mistake, and what to write instead, in lines of at most 80 columns that each end in a newline. Never
 * NULL for a code that is reported. */
const char *code_explanation(enum diag_code);

#endif
