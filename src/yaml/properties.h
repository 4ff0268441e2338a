/* properties.h - the anchor and tag in front of a value, and what a line end is.
 *
 * libyaml lets a node begin at its anchor or tag. Where the value begins, and whether there is a tag, is read from the
 * file: of a single '!' libyaml doesn't tell.
 */
#ifndef CHAINGATE_YAML_PROPERTIES_H
#define CHAINGATE_YAML_PROPERTIES_H

#include "chaingate/source.h"

#include <stdbool.h>

struct properties {
	bool has_tag;
	struct span tag; /* the first, if there is one */
	size_t value;    /* where the value begins: behind them, white space and comments */
};

/* Reads what is at the beginning of a span. */
struct properties properties_read(const struct source *, struct span);

/* How long the line end is that `bytes` begin with, 0 if they don't. YAML 1.1, and so libyaml, has three more than a
 * text file: U+0085, U+2028 and U+2029. */
size_t line_end_length(const char *bytes, size_t length);

#endif
