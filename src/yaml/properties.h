/* properties.h - the anchor and tag before a value, and line ends.
 *
 * libyaml lets a node begin at its anchor or tag. The place where the value begins, and whether there is a tag, are
 * read from the file, because libyaml doesn't report a single '!'.
 */
#ifndef CHAINGATE_YAML_PROPERTIES_H
#define CHAINGATE_YAML_PROPERTIES_H

#include "chaingate/source.h"

#include <stdbool.h>

struct properties {
	bool has_tag;
	struct span tag; /* the first, if there is one */
	size_t value;    /* where the value begins: after anchor, tag, white space and comments */
};

/* Reads the properties at the beginning of a span. */
struct properties properties_read(const struct source *, struct span);

/* The length of the line end that `bytes` begin with, or 0. YAML 1.1, and so libyaml, has three more line ends than
 * text files have: U+0085, U+2028 and U+2029. */
size_t line_end_length(const char *bytes, size_t length);

#endif
