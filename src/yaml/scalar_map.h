/* scalar_map.h - where in the file each byte of a decoded scalar came from.
 */
#ifndef CHAINGATE_YAML_SCALAR_MAP_H
#define CHAINGATE_YAML_SCALAR_MAP_H

#include "chaingate/arena.h"
#include "chaingate/source.h"

/* How a scalar is written, as far as decoding it depends on it. */
enum scalar_form { SCALAR_PLAIN, SCALAR_SINGLE_QUOTED, SCALAR_DOUBLE_QUOTED, SCALAR_LITERAL, SCALAR_FOLDED };

/* The excerpt of a scalar that is written at `span`, from its first byte (quote and indicator included) to libyaml's
 * end, and was decoded as `text`. What libyaml did is done again over the file's bytes, and compared byte by byte;
 * where the two differ all bytes are said to come from the scalar's beginning: imprecise, never out of range. */
struct excerpt scalar_map(struct arena *, const struct source *, struct span, enum scalar_form, struct text text);

#endif
