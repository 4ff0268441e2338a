/* placeholder.h - recognises variables that nothing replaced, in what should be a name or an id.
 *
 * Without this a gate would look for a chain called "${CHAIN}" until its timeout.
 */
#ifndef CHAINGATE_PLACEHOLDER_H
#define CHAINGATE_PLACEHOLDER_H

#include "chaingate/text.h"

#include <stdbool.h>

/* True if the text has what shells, CI systems or templates replace, as "rag-${CHAIN}", "$CHAIN", "%CHAIN%", "<CHAIN>".
 * A single $, % or < may be in a name. */
bool placeholder_is_in(struct text);

#endif
