/* keys.h - which keys the mappings of a policy have. Private to src/policy.
 *
 * One table for each kind of mapping. The loader reads with it, suggestions come from it, and so will the JSON Schema.
 */
#ifndef CHAINGATE_POLICY_KEYS_H
#define CHAINGATE_POLICY_KEYS_H

#include "chaingate/diag.h"
#include "chaingate/yaml.h"

#include <stdbool.h>

enum mapping { MAPPING_POLICY, MAPPING_TARGET, MAPPING_WAIT, MAPPING_RULE, MAPPING_COUNT };

struct key {
	const char *name;
	bool supported; /* in this version; else it is known and refused */
	const char *meaning;
};

/* Reports every key of a mapping that isn't known, or isn't supported yet. */
void keys_check(enum mapping, const struct yaml_node *, const struct source *, struct diags *);

#endif
