/* fields.h - the only table of the fields that rules can use, and their values. Private to src/rule. */
#ifndef CHAINGATE_RULE_FIELDS_H
#define CHAINGATE_RULE_FIELDS_H

#include "chaingate/deployment.h"
#include "chaingate/rule.h"

#include <stdbool.h>

/* The reason why there is no value. */
enum lack {
	LACK_NOTHING, /* there is a value */
	LACK_NULL,
	LACK_WORD,       /* a status that this version doesn't know: `text` is the word */
	LACK_HIDDEN,     /* hidden by only_failed or only_rollout: it may still change */
	LACK_NEGATIVE,   /* the age would be negative: a clock is wrong */
	LACK_BELOW_0,    /* a count that the API sent as a negative number, `number`: not null, but without meaning */
	LACK_MISSING,    /* a counterpart in the baseline, or the baseline itself, is missing */
	LACK_ABSENT,     /* the selected deployment has no counterpart; `if_missing` doesn't apply to this and the next
			  * two */
	LACK_SEVERAL,    /* several selected deployments could have the counterpart */
	LACK_UNSELECTED, /* nothing is selected, so there is no counterpart */
	LACK_UNTOLD,     /* the chain's list doesn't say it, and the environment wasn't asked */
	LACK_KIND,       /* only deployments of the other kind of target have it */
	LACK_ODD_LABEL,  /* a label that is no text, or too long a one */
	LACK_UNLABELLED, /* a label, where the API doesn't say which labels there are, not even that there are none */
	LACK_UNREAD,     /* a label, where there are more labels than are kept, or longer names */
	LACK_UNCALLED,   /* a model's name that nobody says */
	LACK_UNNAMED,    /* an instance type that the API sends as null: there is a machine, but nobody knows which */
	LACK_DIVISION,   /* division by zero */
	LACK_OVERFLOW,   /* the exact result doesn't fit */
	LACK_EMPTY,      /* min or max of nothing */
	LACK_OPERAND,    /* an operand has no value */
};

/* The value of an expression for an item. */
struct value {
	enum lack lack;
	struct ratio number; /* numbers; durations and times in ns; booleans */
	struct text text;    /* strings; the word of a status */
	enum status status;
};

struct item {
	const struct view *view;
	const struct status_history *history; /* of the listing that contains the item; or NULL */
	const struct deployment *deployment;
	const struct chainlet *chainlet; /* NULL: the deployment itself */
	bool of_baseline;                /* a chainlet of the baseline's deployment, in a rule over baseline
					  * chainlets */
	const struct deployment *judged; /* with of_baseline: the deployment it is compared with; NULL: all selected
					  * ones */
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
	FIELD_MODEL_ID,
	FIELD_IS_DEVELOPMENT,
	FIELD_LABEL,
	FIELD_ENVIRONMENT,
	FIELD_PROMOTING,
	FIELD_REDEPLOYS,
	FIELD_CREATED_AT,
	FIELD_AGE,
};

struct field {
	struct field_row row; /* the part that people see */
	enum field_id id;
	enum value_type type;
	bool may_be_unknown; /* some targets or answers of the API don't say it, so even `is not null` tests something */
	bool lacked_by
		[TARGET_KIND_COUNT]; /* the deployments of such a target never have it: it is always unknown there */
	bool counts_percents;        /* 70 is 70 %: 0.7 and 70% are mistakes */
	struct text label;           /* of FIELD_LABEL in a rule: which one; empty in the table */
};

/* True if only_failed is set and the item may still change, so that none of its values counts. */
bool item_is_hidden(const struct item *);

/* The value of a field of the item, or the reason why there is none. Not for `new` and `missing`, which compare two
 * deployments: the evaluator does these. */
struct value field_value(const struct field *, const struct item *);

/* Finds a field by name; NULL if the noun has no such field. */
const struct field *field_find(struct text name, bool of_chainlet);

/* The most similar name among the fields of the noun on that side; NULL if none is similar. */
const char *field_nearest(struct text word, bool of_chainlet, enum field_side);

#endif
