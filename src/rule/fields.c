/* fields.c - see fields.h. */
#include "fields.h"

#include "chaingate/times.h"
#include "ratio.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* In the order of the documentation. */
static const struct field fields[] = {
	{
		.id = FIELD_NAME,
		.type = TYPE_STRING,
		.row =
			{
				.name = "name",
				.type = "string",
				.of_chainlet = true,
				.meaning = "the chainlet's name, the same in every deployment of the chain",
			},
	},
	{
		.id = FIELD_ID,
		.type = TYPE_STRING,
		.row =
			{
				.name = "id",
				.type = "string",
				.of_chainlet = true,
				.of_deployment = true,
				.meaning = "the id that the API gave it",
			},
	},
	{
		.id = FIELD_INSTANCE_TYPE_NAME,
		.type = TYPE_STRING,
		.row =
			{
				.name = "instance_type_name",
				.type = "string",
				.of_chainlet = true,
				.meaning = "the machine it runs on, such as H100:1x32x256",
			},
	},
	{
		.id = FIELD_STATUS,
		.type = TYPE_STATUS,
		.row =
			{
				.name = "status",
				.type = "status",
				.of_chainlet = true,
				.of_deployment = true,
				.meaning = "one of the API's words",
			},
	},
	{
		.id = FIELD_STATUS_FOR,
		.type = TYPE_DURATION,
		.row =
			{
				.name = "status_for",
				.type = "duration",
				.of_chainlet = true,
				.of_deployment = true,
				.meaning = "how long this run has seen the status unchanged",
			},
	},
	{
		.id = FIELD_ACTIVE_REPLICA_COUNT,
		.type = TYPE_NUMBER,
		.row =
			{
				.name = "active_replica_count",
				.type = "integer",
				.of_chainlet = true,
				.meaning = "the replicas that are up",
			},
	},
	{
		.id = FIELD_SETTINGS,
		.type = TYPE_SETTINGS,
		.row =
			{
				.name = "autoscaling_settings",
				.type = "settings",
				.of_chainlet = true,
				.may_be_null = true,
				.meaning = "all settings together; can only be tested for null",
			},
	},
	{
		.id = FIELD_MIN_REPLICA,
		.type = TYPE_NUMBER,
		.row =
			{
				.name = "min_replica",
				.type = "integer",
				.of_chainlet = true,
				.is_setting = true,
				.may_be_null = true,
				.meaning = "the minimum number of replicas; with 0 it can scale to zero",
			},
	},
	{
		.id = FIELD_MAX_REPLICA,
		.type = TYPE_NUMBER,
		.row =
			{
				.name = "max_replica",
				.type = "integer",
				.of_chainlet = true,
				.is_setting = true,
				.may_be_null = true,
				.meaning = "the maximum number of replicas",
			},
	},
	{
		.id = FIELD_CONCURRENCY_TARGET,
		.type = TYPE_NUMBER,
		.row =
			{
				.name = "concurrency_target",
				.type = "integer",
				.of_chainlet = true,
				.is_setting = true,
				.may_be_null = true,
				.meaning = "the requests per replica before it scales up",
			},
	},
	{
		.id = FIELD_AUTOSCALING_WINDOW,
		.type = TYPE_DURATION,
		.row =
			{
				.name = "autoscaling_window",
				.type = "duration",
				.of_chainlet = true,
				.is_setting = true,
				.may_be_null = true,
				.meaning = "the time over which traffic is averaged",
			},
	},
	{
		.id = FIELD_SCALE_DOWN_DELAY,
		.type = TYPE_DURATION,
		.row =
			{
				.name = "scale_down_delay",
				.type = "duration",
				.of_chainlet = true,
				.is_setting = true,
				.may_be_null = true,
				.meaning = "how long it waits before it scales down",
			},
	},
	{
		.id = FIELD_TARGET_UTILIZATION_PERCENTAGE,
		.type = TYPE_NUMBER,
		.counts_percents = true,
		.row =
			{
				.name = "target_utilization_percentage",
				.type = "integer",
				.of_chainlet = true,
				.is_setting = true,
				.may_be_null = true,
				.meaning = "the share of concurrency_target to aim at, in percent",
			},
	},
	{
		.id = FIELD_TARGET_IN_FLIGHT_TOKENS,
		.type = TYPE_NUMBER,
		.row =
			{
				.name = "target_in_flight_tokens",
				.type = "integer",
				.of_chainlet = true,
				.is_setting = true,
				.may_be_null = true,
				.meaning = "the tokens in flight per replica before it scales up",
			},
	},
	{
		.id = FIELD_MAX_SCALE_DOWN_RATE,
		.type = TYPE_NUMBER,
		.counts_percents = true,
		.row =
			{
				.name = "max_scale_down_rate",
				.type = "integer",
				.of_chainlet = true,
				.is_setting = true,
				.may_be_null = true,
				.meaning = "how fast replicas may be removed",
			},
	},
	{
		.id = FIELD_NEW,
		.type = TYPE_BOOLEAN,
		.row =
			{
				.name = "new",
				.type = "boolean",
				.of_chainlet = true,
				.side = SIDE_JUDGED,
				.meaning = "true for a chainlet whose name the baseline does not have",
			},
	},
	{
		.id = FIELD_MISSING,
		.type = TYPE_BOOLEAN,
		.row =
			{
				.name = "missing",
				.type = "boolean",
				.of_chainlet = true,
				.side = SIDE_BASELINE,
				.meaning = "true for a chainlet of the baseline whose name a selected deployment does "
					   "not have",
			},
	},
	{
		.id = FIELD_CHAIN_ID,
		.type = TYPE_STRING,
		.row =
			{
				.name = "chain_id",
				.type = "string",
				.of_deployment = true,
				.meaning = "the chain that the deployment belongs to",
			},
	},
	{
		.id = FIELD_ENVIRONMENT,
		.type = TYPE_STRING,
		.row =
			{
				.name = "environment",
				.type = "string",
				.of_deployment = true,
				.may_be_null = true,
				.meaning = "the environment that points at the deployment",
			},
	},
	{
		.id = FIELD_CREATED_AT,
		.type = TYPE_TIME,
		.row =
			{
				.name = "created_at",
				.type = "time",
				.of_deployment = true,
				.meaning = "when the deployment was created",
			},
	},
	{
		.id = FIELD_AGE,
		.type = TYPE_DURATION,
		.row =
			{
				.name = "age",
				.type = "duration",
				.of_deployment = true,
				.meaning = "from created_at to the observation",
			},
	},
};

const struct field_row *rule_field(size_t index)
{
	return index < COUNT_OF(fields) ? &fields[index].row : NULL;
}

static bool is_of(const struct field *field, bool of_chainlet)
{
	return of_chainlet ? field->row.of_chainlet : field->row.of_deployment;
}

const struct field *field_find(struct text name, bool of_chainlet)
{
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		if (text_is(name, fields[i].row.name) && is_of(&fields[i], of_chainlet))
			return &fields[i];
	return NULL;
}

const char *field_nearest(struct text word, bool of_chainlet, enum field_side side)
{
	const char *names[COUNT_OF(fields)];
	size_t count = 0;
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		if (is_of(&fields[i], of_chainlet) && (fields[i].row.side == SIDE_BOTH || fields[i].row.side == side))
			names[count++] = fields[i].row.name;
	return text_nearest(word, names, count);
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

static struct value number(int64_t integer)
{
	return (struct value){.number = ratio_of(integer)};
}

static struct value string(struct text text)
{
	return (struct value){.text = text};
}

static const struct value null_value = {.lack = LACK_NULL};

static struct value status_value(enum status status, struct text word)
{
	return (struct value){
		.lack = status == STATUS_UNKNOWN ? LACK_WORD : LACK_NOTHING, .status = status, .text = word};
}

/* A count below 0 has no meaning. */
static struct value count(int64_t integer)
{
	struct value value = number(integer);
	if (integer < 0)
		value.lack = LACK_BELOW_0;
	return value;
}

static struct value optional(struct optional_integer integer, int64_t unit)
{
	int64_t value;
	if (!integer.present)
		return null_value;
	if (integer.value < 0)
		return count(integer.value);
	if (__builtin_mul_overflow(integer.value, unit, &value))
		return (struct value){.lack = LACK_OVERFLOW};
	return number(value);
}

static struct value status_for(const struct item *item, size_t ordinal)
{
	return number(item->history ? item->history->at_ns - item->history->since_ns[ordinal] : 0);
}

static struct value age(const struct item *item)
{
	int64_t ns;
	if (__builtin_sub_overflow(item->view->at_wall_ns, item->deployment->created_at_wall_ns, &ns) || ns < 0)
		return (struct value){.lack = LACK_NEGATIVE}; /* this machine's clock or the API's is wrong */
	return number(ns);
}

static struct value lacking(enum lack lack)
{
	return (struct value){.lack = lack};
}

static struct value setting_value(enum field_id id, const struct autoscaling_settings *settings)
{
	if (!settings)
		return null_value;
	switch (id) {
	case FIELD_MIN_REPLICA: return count(settings->min_replica);
	case FIELD_MAX_REPLICA: return count(settings->max_replica);
	case FIELD_CONCURRENCY_TARGET: return count(settings->concurrency_target);
	case FIELD_AUTOSCALING_WINDOW: return optional(settings->autoscaling_window_s, NS_PER_S);
	case FIELD_SCALE_DOWN_DELAY: return optional(settings->scale_down_delay_s, NS_PER_S);
	case FIELD_TARGET_UTILIZATION_PERCENTAGE: return optional(settings->target_utilization_percentage, 1);
	case FIELD_TARGET_IN_FLIGHT_TOKENS: return optional(settings->target_in_flight_tokens, 1);
	case FIELD_MAX_SCALE_DOWN_RATE: return optional(settings->max_scale_down_rate, 1);
	case FIELD_ID:
	case FIELD_STATUS:
	case FIELD_STATUS_FOR:
	case FIELD_NAME:
	case FIELD_INSTANCE_TYPE_NAME:
	case FIELD_ACTIVE_REPLICA_COUNT:
	case FIELD_SETTINGS:
	case FIELD_NEW:
	case FIELD_MISSING:
	case FIELD_CHAIN_ID:
	case FIELD_ENVIRONMENT:
	case FIELD_CREATED_AT:
	case FIELD_AGE: break;
	}
	return lacking(LACK_OPERAND);
}

static struct value chainlet_value(enum field_id id, const struct item *item)
{
	const struct chainlet *chainlet = item->chainlet;
	switch (id) {
	case FIELD_ID: return string(chainlet->id);
	case FIELD_NAME: return string(chainlet->name);
	case FIELD_INSTANCE_TYPE_NAME: return string(chainlet->instance_type_name);
	case FIELD_STATUS: return status_value(chainlet->status, chainlet->status_word);
	case FIELD_STATUS_FOR: return status_for(item, chainlet->ordinal);
	case FIELD_ACTIVE_REPLICA_COUNT: return count(chainlet->active_replica_count);
	case FIELD_SETTINGS: return chainlet->settings ? number(1) : null_value;
	case FIELD_MIN_REPLICA:
	case FIELD_MAX_REPLICA:
	case FIELD_CONCURRENCY_TARGET:
	case FIELD_AUTOSCALING_WINDOW:
	case FIELD_SCALE_DOWN_DELAY:
	case FIELD_TARGET_UTILIZATION_PERCENTAGE:
	case FIELD_TARGET_IN_FLIGHT_TOKENS:
	case FIELD_MAX_SCALE_DOWN_RATE: return setting_value(id, chainlet->settings);
	case FIELD_NEW:
	case FIELD_MISSING: /* evaluated elsewhere: it compares two deployments, not one chainlet */
	case FIELD_CHAIN_ID:
	case FIELD_ENVIRONMENT:
	case FIELD_CREATED_AT:
	case FIELD_AGE: break;
	}
	return lacking(LACK_OPERAND);
}

static struct value deployment_value(enum field_id id, const struct item *item)
{
	const struct deployment *deployment = item->deployment;
	switch (id) {
	case FIELD_ID: return string(deployment->id);
	case FIELD_CHAIN_ID: return string(deployment->chain_id);
	case FIELD_STATUS: return status_value(deployment->status, deployment->status_word);
	case FIELD_STATUS_FOR: return status_for(item, deployment->ordinal);
	case FIELD_ENVIRONMENT: return deployment->has_environment ? string(deployment->environment) : null_value;
	case FIELD_CREATED_AT: return number(deployment->created_at_wall_ns);
	case FIELD_AGE: return age(item);
	case FIELD_NAME:
	case FIELD_INSTANCE_TYPE_NAME:
	case FIELD_ACTIVE_REPLICA_COUNT:
	case FIELD_SETTINGS:
	case FIELD_MIN_REPLICA:
	case FIELD_MAX_REPLICA:
	case FIELD_CONCURRENCY_TARGET:
	case FIELD_AUTOSCALING_WINDOW:
	case FIELD_SCALE_DOWN_DELAY:
	case FIELD_TARGET_UTILIZATION_PERCENTAGE:
	case FIELD_TARGET_IN_FLIGHT_TOKENS:
	case FIELD_MAX_SCALE_DOWN_RATE:
	case FIELD_NEW:
	case FIELD_MISSING: break;
	}
	return lacking(LACK_OPERAND);
}

bool item_is_hidden(const struct item *item)
{
	enum status own = item->chainlet ? item->chainlet->status : item->deployment->status;
	return item->view->only_failed && status_class(own) != CLASS_FAILED;
}

/* True if a field is known in a simulated rollout: the status always; before the end also that it has just changed, and
 * the replicas (there are none); while a chainlet is BUILDING its settings (there are none) and the deployment's age; the
 * settings of replicas where the story has some. */
static bool is_of_rollout(enum field_id id, const struct item *item)
{
	if (item->of_baseline || !item->deployment->status)
		return false;
	bool is_early = item->chainlet && item->chainlet->status == STATUS_BUILDING;
	bool is_up = item->chainlet && item->chainlet->status == STATUS_ACTIVE;
	bool is_at_end = status_is_at_rest(item->deployment->status);
	switch (id) {
	case FIELD_STATUS: return true;
	case FIELD_STATUS_FOR: return !is_at_end && !is_up;
	case FIELD_AGE: return item->deployment->status == STATUS_BUILDING;
	case FIELD_ACTIVE_REPLICA_COUNT: return !is_at_end && !is_up;
	case FIELD_MIN_REPLICA:
	case FIELD_MAX_REPLICA: return is_early || item->chainlet->settings;
	case FIELD_SETTINGS:
	case FIELD_CONCURRENCY_TARGET:
	case FIELD_AUTOSCALING_WINDOW:
	case FIELD_SCALE_DOWN_DELAY:
	case FIELD_TARGET_UTILIZATION_PERCENTAGE:
	case FIELD_TARGET_IN_FLIGHT_TOKENS:
	case FIELD_MAX_SCALE_DOWN_RATE: return is_early;
	case FIELD_ID:
	case FIELD_NAME:
	case FIELD_INSTANCE_TYPE_NAME:
	case FIELD_NEW:
	case FIELD_MISSING:
	case FIELD_CHAIN_ID:
	case FIELD_ENVIRONMENT:
	case FIELD_CREATED_AT: break;
	}
	return false;
}

struct value field_value(const struct field *field, const struct item *item)
{
	if (item_is_hidden(item) || (item->view->only_rollout && !is_of_rollout(field->id, item)))
		return lacking(LACK_HIDDEN);
	return item->chainlet ? chainlet_value(field->id, item) : deployment_value(field->id, item);
}
