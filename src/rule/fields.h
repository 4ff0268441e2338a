/* fields.h - the one table of fields that rules can name, and their values. Private to src/rule. */
#ifndef CHAINGATE_RULE_FIELDS_H
#define CHAINGATE_RULE_FIELDS_H

#include "chaingate/deployment.h"
#include "chaingate/rule.h"

#include <stdbool.h>

/* Why there is no value. */
enum lack {
	LACK_NOTHING, /* there is one */
	LACK_NULL,
	LACK_WORD,       /* a status that the tool doesn't know: `text` is the word */
	LACK_HIDDEN,     /* by only_failed: it may still change */
	LACK_NEGATIVE,   /* an age before the deployment was created: a clock is wrong */
	LACK_BELOW_0,    /* a count that the API sent as a negative number, `number`: not null, and of no meaning */
	LACK_MISSING,    /* a counterpart in the baseline, or the baseline itself */
	LACK_ABSENT,     /* a counterpart among what is judged: `if_missing` is not about these three */
	LACK_SEVERAL,    /* likewise, and several deployments could have it */
	LACK_UNSELECTED, /* likewise, and nothing is selected */
	LACK_DIVISION,   /* by zero */
	LACK_OVERFLOW,   /* the exact result doesn't fit */
	LACK_EMPTY,      /* min or max of nothing */
	LACK_OPERAND,    /* something that it is made of has no value */
};

/* A value at a moment, for an item. */
struct value {
	enum lack lack;
	struct ratio number; /* numbers; durations and times in ns; booleans */
	struct text text;    /* strings; the word of a status */
	enum status status;
};

struct item {
	const struct view *view;
	const struct status_history *history; /* of the listing that the item is in; or NULL */
	const struct deployment *deployment;
	const struct chainlet *chainlet; /* NULL: the deployment itself */
	bool of_baseline;                /* a chainlet of the baseline's deployment, by its scope … */
	const struct deployment *judged; /* … which is held against this deployment; NULL: against all selected ones */
};

enum field_id {
	FIELD_ID,
	FIELD_STATUS,
	FIELD_STATUS_FOR,
	FIELD_NAME,
	FIELD_INSTANCE_TYPE_NAME,
	FIELD_ACTIVE_REPLICA_COUNT,
	FIELD_SETTINGS,
	FIELD_MIN_REPLICA,
	FIELD_MAX_REPLICA,
	FIELD_CONCURRENCY_TARGET,
	FIELD_AUTOSCALING_WINDOW,
	FIELD_SCALE_DOWN_DELAY,
	FIELD_TARGET_UTILIZATION_PERCENTAGE,
	FIELD_TARGET_IN_FLIGHT_TOKENS,
	FIELD_MAX_SCALE_DOWN_RATE,
	FIELD_NEW,
	FIELD_MISSING,
	FIELD_CHAIN_ID,
	FIELD_ENVIRONMENT,
	FIELD_CREATED_AT,
	FIELD_AGE,
};

struct field {
	struct field_row row; /* what people see of it */
	enum field_id id;
	enum value_type type;
};

/* Under only_failed: may the item still change, so that nothing of it counts? */
bool item_is_hidden(const struct item *);

/* Total: a field of the item, or why there is none. `new` and `missing` are the evaluator's: they take two deployments. */
struct value field_value(const struct field *, const struct item *);

/* By name; NULL if there is none for the noun. */
const struct field *field_find(struct text name, bool of_chainlet);

/* The name most like a word, among those of the noun on that side; NULL if none is near. */
const char *field_nearest(struct text word, bool of_chainlet, enum field_side);

#endif
