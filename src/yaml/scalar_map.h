/* scalar_map.h - finds the place in the file of each byte of a decoded scalar. */
#ifndef CHAINGATE_YAML_SCALAR_MAP_H
#define CHAINGATE_YAML_SCALAR_MAP_H

#include "chaingate/arena.h"
#include "chaingate/source.h"

/* How a scalar is written, as far as decoding depends on it. */
enum scalar_form { SCALAR_PLAIN, SCALAR_SINGLE_QUOTED, SCALAR_DOUBLE_QUOTED, SCALAR_LITERAL, SCALAR_FOLDED };

/* Makes the excerpt of a scalar that is written at `span` (from its first byte, quote and indicator included, to
 * libyaml's end) and that libyaml decoded as `text`. If decoding the file's bytes again gives another text, all
 * bytes get the place of the scalar's beginning: imprecise, but never out of range. */
struct excerpt scalar_map(struct arena *, const struct source *, struct span, enum scalar_form, struct text text);

#endif
