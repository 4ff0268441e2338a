/* yaml_json.h - writes YAML nodes as JSON. Wherever a file shows what the API sends, its values are read like this. */
#ifndef CHAINGATE_YAML_JSON_H
#define CHAINGATE_YAML_JSON_H

#include "chaingate/buf.h"
#include "chaingate/yaml.h"

/* Appends the node, with all that is in it, as JSON without white space. A plain scalar is null if yaml_is_null says so,
 * a boolean if it is true or false, and a number if JSON's grammar allows it (-1, 1.5, 2e3). Any other scalar is a
 * string: yes, 007, +1, .5, "1". A number may be too large for json_scan. */
void yaml_add_json(struct buf *, const struct yaml_node *);

/* Appends a text as a JSON string. It must be UTF-8. */
void yaml_add_json_text(struct buf *, struct text);

#endif
