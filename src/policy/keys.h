/* keys.h - which keys the mappings of a policy have, and what stands behind each. Private to src/policy.
 *
 * One table for each kind of mapping: the loader refuses by it, suggestions come from it, and the JSON Schema is made of it.
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

/* What stands behind a key, for the schema. */
enum shape {
	SHAPE_VERSION,
	SHAPE_NAME, /* something printable on one line */
	SHAPE_TEXT,
	SHAPE_DURATION,
	SHAPE_INTERVAL, /* a duration that isn't nothing */
	SHAPE_BOOLEAN,
	SHAPE_YES, /* true */
	SHAPE_SINCE,
	SHAPE_RULE_TEXT, /* a rule of the language */
	SHAPE_CHOICE,    /* one of `choices` */
	SHAPE_STATUSES,  /* statuses to durations */
	SHAPE_PARAMS,    /* names to values */
	SHAPE_RULES,     /* a list of rules, each a text or a mapping */
	SHAPE_MAPPING,   /* of kind `mapping` */
	SHAPE_LIST,      /* of mappings of kind `mapping` */
};

struct key {
	const char *name;
	enum shape shape;
	const char *meaning;
	enum mapping mapping;       /* with SHAPE_MAPPING and SHAPE_LIST */
	const char *const *choices; /* with SHAPE_CHOICE; ends with NULL */
	bool required;              /* always, whatever else is given */
};

/* The keys of a mapping, in the order of the documentation; ends with a name that is NULL. */
const struct key *keys_of(enum mapping);

/* What a mapping is called in messages: "a rule". */
const char *mapping_name(enum mapping);

/* The words of the choices, in the order of the enums that they become. */
extern const char *const severity_choices[];   /* enum rule_severity */
extern const char *const superseded_choices[]; /* note, fail */
extern const char *const if_empty_choices[];
extern const char *const if_missing_choices[];

/* Reports every key of a mapping that isn't known. */
void keys_check(enum mapping, const struct yaml_node *, const struct source *, struct diags *);

#endif
