/* quote.h - quotes words from outside in a line for people: printable, and never longer than a limit. */
#ifndef CHAINGATE_API_QUOTE_H
#define CHAINGATE_API_QUOTE_H

#include "chaingate/buf.h"
#include "chaingate/text.h"

/* Appends the text, printable: at most `limit` bytes, with an ellipsis if it was cut. */
void quote_value(struct buf *, struct text, size_t limit);

/* Like quote_value, for prose: each sequence of white space becomes one space; white space at the ends is dropped.
 * `markup`: text in <> is left out. */
void quote_prose(struct buf *, struct text, size_t limit, bool markup);

#endif
