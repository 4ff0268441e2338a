/* keys.h - the keys of a policy's mappings, and the form of their values. Private to src/policy.
 *
 * One table for each kind of mapping. The loader uses it to reject unknown keys and to suggest known ones, and the JSON
 * Schema is generated from it.
 */
#ifndef CHAINGATE_POLICY_KEYS_H
#define CHAINGATE_POLICY_KEYS_H

#include "chaingate/diag.h"
#include "chaingate/yaml.h"

#include <stdbool.h>

enum mapping {
	MAPPING_POLICY,
	MAPPING_TARGET,
	MAPPING_TARGETS_ITEM,
	MAPPING_BASELINE,
	MAPPING_WAIT,
	MAPPING_TARGET_WAIT,
	MAPPING_RULE,
	MAPPING_COUNT
};

/* The form of a key's value, for the schema. */
enum shape {
	SHAPE_VERSION,
	SHAPE_NAME, /* a printable text on one line */
	SHAPE_TEXT,
	SHAPE_DURATION,
	SHAPE_INTERVAL, /* a duration greater than 0 */
	SHAPE_BOOLEAN,
	SHAPE_YES, /* true */
	SHAPE_SINCE,
	SHAPE_RULE_TEXT, /* a rule of the language */
	SHAPE_CHOICE,    /* one of `choices` */
	SHAPE_STATUSES,  /* a mapping from statuses to durations */
	SHAPE_PARAMS,    /* a mapping from names to values */
	SHAPE_RULES,     /* a list of rules, each a string or a mapping */
	SHAPE_MAPPING,   /* of kind `mapping` */
	SHAPE_LIST,      /* of mappings of kind `mapping` */
};

struct key {
	const char *name;
	enum shape shape;
	const char *meaning;
	enum mapping mapping;       /* with SHAPE_MAPPING and SHAPE_LIST */
	const char *const *choices; /* with SHAPE_CHOICE; ends with NULL */
	bool required;              /* always required, whatever other keys are given */
};

/* The keys of a mapping, in the order of the documentation; the last has the name NULL. */
const struct key *keys_of(enum mapping);

/* The words of the choices, in the order of their enums. */
extern const char *const severity_choices[];   /* enum rule_severity */
extern const char *const superseded_choices[]; /* note, fail */
extern const char *const role_choices[];       /* enum environment_role */
extern const char *const if_empty_choices[];
extern const char *const if_missing_choices[];

bool key_is_known(enum mapping, struct text name);

/* The key that is usually meant by a word of another tool: assert for `expect` in a rule. NULL: nobody knows. */
const char *key_meant(enum mapping, struct text word);

/* Reports every unknown key of a mapping. */
void keys_check(enum mapping, const struct yaml_node *, const struct source *, struct diags *);

#endif
