/* quote.h - words from outside within a line for people: printable, and never longer than was allowed.
 */
#ifndef CHAINGATE_API_QUOTE_H
#define CHAINGATE_API_QUOTE_H

#include "chaingate/buf.h"
#include "chaingate/text.h"

/* Appends the text as a person may see it: at most `limit` bytes, and an ellipsis where it was cut. */
void quote_value(struct buf *, struct text, size_t limit);

/* The same for prose: white space of any kind and length is one space, none at the ends. `markup`: what stands in <>
 * is left out. */
void quote_prose(struct buf *, struct text, size_t limit, bool markup);

#endif
