/* fields.h - the one table of fields that rules can name. Private to src/rule. */
#ifndef CHAINGATE_RULE_FIELDS_H
#define CHAINGATE_RULE_FIELDS_H

#include "chaingate/deployment.h"
#include "chaingate/rule.h"

#include <stdbool.h>

enum value_type {
	TYPE_BOOLEAN,
	TYPE_NUMBER,
	TYPE_DURATION,
	TYPE_TIME,
	TYPE_STRING,
	TYPE_STATUS,
	TYPE_SETTINGS, /* autoscaling_settings itself: only to be tested for null */
};

/* A field's or a literal's value, at a moment, for an item. */
struct value {
	bool known; /* false: null, an unknown word, hidden, or negative where it can't be */
	bool null;
	bool hidden; /* by only_failed: it may still change */
	int64_t integer; /* numbers, durations in ns, moments in ns, booleans */
	struct text text; /* strings; the word of a status */
	enum status status;
};

struct item {
	const struct view *view;
	const struct deployment *deployment;
	const struct chainlet *chainlet; /* NULL: the deployment itself */
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
	FIELD_CHAIN_ID,
	FIELD_ENVIRONMENT,
	FIELD_CREATED_AT,
	FIELD_AGE,
};

struct field {
	const char *name;
	enum field_id id;
	enum value_type type;
	bool of_chainlet, of_deployment;
	bool is_setting; /* may be written behind autoscaling_settings. */
};

/* Total: a field of the item, or nothing known where it is null, hidden, or of the other noun. */
struct value field_value(const struct field *, const struct item *);

/* By name; NULL if there is none for the noun. */
const struct field *field_find(struct text name, bool of_chainlet);

/* The name most like a word, among those of the noun; NULL if none is near. */
const char *field_nearest(struct text word, bool of_chainlet);

#endif
