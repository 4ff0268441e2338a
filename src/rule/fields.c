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
				.meaning = "the chainlet's name, the same in every deployment of the chain; the "
					   "model's name",
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
		.may_be_unknown = true,
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
		.may_be_unknown = true,
		.lacked_by = {[TARGET_MODEL] = true},
		.row =
			{
				.name = "chain_id",
				.type = "string",
				.of_deployment = true,
				.meaning = "the chain that the deployment belongs to",
			},
	},
	{
		.id = FIELD_MODEL_ID,
		.type = TYPE_STRING,
		.may_be_unknown = true,
		.lacked_by = {[TARGET_CHAIN] = true},
		.row =
			{
				.name = "model_id",
				.type = "string",
				.of_deployment = true,
				.meaning = "the model that the deployment belongs to, if the target is a model",
			},
	},
	{
		.id = FIELD_IS_DEVELOPMENT,
		.type = TYPE_BOOLEAN,
		.may_be_unknown = true,
		.lacked_by = {[TARGET_CHAIN] = true},
		.row =
			{
				.name = "is_development",
				.type = "boolean",
				.of_deployment = true,
				.meaning = "whether it is the development deployment of its model",
			},
	},
	{
		.id = FIELD_LABEL,
		.type = TYPE_STRING,
		.may_be_unknown = true,
		.lacked_by = {[TARGET_CHAIN] = true},
		.row =
			{
				.name = "label.NAME",
				.type = "string",
				.of_deployment = true,
				.may_be_null = true,
				.meaning = "the label of that name of a model's deployment; null if it has none",
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
		.id = FIELD_PROMOTING,
		.type = TYPE_BOOLEAN,
		.row =
			{
				.name = "environment.promoting",
				.type = "boolean",
				.of_deployment = true,
				.of_environment = true,
				.meaning = "whether a promotion to the environment of the target is running",
			},
	},
	{
		.id = FIELD_REDEPLOYS,
		.type = TYPE_BOOLEAN,
		.row =
			{
				.name = "environment.redeploys",
				.type = "boolean",
				.of_deployment = true,
				.of_environment = true,
				.may_be_null = true,
				.meaning =
					"whether a promotion to the environment of the target creates a new deployment",
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
	if (text_starts_with(name, "label."))
		name = TEXT("label.NAME");
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
