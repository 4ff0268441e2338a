/* placeholder.h - recognises variables that nothing replaced, in what should be a name or an id.
 *
 * Without this a gate would look for a chain called "${CHAIN}" until its timeout.
 */
#ifndef CHAINGATE_PLACEHOLDER_H
#define CHAINGATE_PLACEHOLDER_H

#include "chaingate/text.h"

#include <stdbool.h>

/* True if the text has what shells, CI systems or templates replace, as "rag-${CHAIN}", "$CHAIN", "%CHAIN%", "<CHAIN>".
 * A single $, % or < may be in a name, so "a$b" has none; "rag-$chain" has one, because the $ follows a mark that divides
 * words. Of an address, the query and the fragment may have anything. Not recognised, because names may look so:
 * "< CHAIN >", "%{CHAIN}", "!CHAIN!", "@CHAIN@". */
bool placeholder_is_in(struct text);

#endif
