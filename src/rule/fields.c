/* fields.c - see fields.h. */
#include "fields.h"

#include "chaingate/times.h"
#include "ratio.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Name, type in words, of chainlets, of deployments, a setting, null at times, meaning; id, type. */
static const struct field fields[] = {
	{{"name", "string", true, false, false, false,
	  "the chainlet's name, the same in every deployment of the chain"},
	 FIELD_NAME,
	 TYPE_STRING},
	{{"id", "string", true, true, false, false, "the id that the API gave it"}, FIELD_ID, TYPE_STRING},
	{{"instance_type_name", "string", true, false, false, false, "what it runs on, such as H100:1x32x256"},
	 FIELD_INSTANCE_TYPE_NAME,
	 TYPE_STRING},
	{{"status", "status", true, true, false, false, "one of the API's words"}, FIELD_STATUS, TYPE_STATUS},
	{{"status_for", "duration", true, true, false, false, "how long this run has seen the status unchanged"},
	 FIELD_STATUS_FOR,
	 TYPE_DURATION},
	{{"active_replica_count", "integer", true, false, false, false, "the replicas that are up"},
	 FIELD_ACTIVE_REPLICA_COUNT,
	 TYPE_NUMBER},
	{{"autoscaling_settings", "settings", true, false, false, true,
	  "the settings as a whole, to be tested for null"},
	 FIELD_SETTINGS,
	 TYPE_SETTINGS},
	{{"min_replica", "integer", true, false, true, true, "the least replicas, 0 to let it sleep"},
	 FIELD_MIN_REPLICA,
	 TYPE_NUMBER},
	{{"max_replica", "integer", true, false, true, true, "the most replicas"}, FIELD_MAX_REPLICA, TYPE_NUMBER},
	{{"concurrency_target", "integer", true, false, true, true, "the requests per replica before it scales up"},
	 FIELD_CONCURRENCY_TARGET,
	 TYPE_NUMBER},
	{{"autoscaling_window", "duration", true, false, true, true, "the time over which traffic is averaged"},
	 FIELD_AUTOSCALING_WINDOW,
	 TYPE_DURATION},
	{{"scale_down_delay", "duration", true, false, true, true, "how long it waits before it scales down"},
	 FIELD_SCALE_DOWN_DELAY,
	 TYPE_DURATION},
	{{"target_utilization_percentage", "integer", true, false, true, true,
	  "the share of concurrency_target to aim at, in percent"},
	 FIELD_TARGET_UTILIZATION_PERCENTAGE,
	 TYPE_NUMBER},
	{{"target_in_flight_tokens", "integer", true, false, true, true,
	  "the tokens in flight per replica before it scales up"},
	 FIELD_TARGET_IN_FLIGHT_TOKENS,
	 TYPE_NUMBER},
	{{"max_scale_down_rate", "integer", true, false, true, true, "how fast replicas may go"},
	 FIELD_MAX_SCALE_DOWN_RATE,
	 TYPE_NUMBER},
	{{"chain_id", "string", false, true, false, false, "the chain that the deployment belongs to"},
	 FIELD_CHAIN_ID,
	 TYPE_STRING},
	{{"environment", "string", false, true, false, true, "the environment that points at the deployment"},
	 FIELD_ENVIRONMENT,
	 TYPE_STRING},
	{{"created_at", "time", false, true, false, false, "when the deployment was created"},
	 FIELD_CREATED_AT,
	 TYPE_TIME},
	{{"age", "duration", false, true, false, false, "from created_at to the observation"},
	 FIELD_AGE,
	 TYPE_DURATION},
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

const char *field_nearest(struct text word, bool of_chainlet)
{
	const char *names[COUNT_OF(fields)];
	size_t count = 0;
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		if (is_of(&fields[i], of_chainlet))
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

/* Nothing that is counted is below 0: what the API means by it, nobody knows. */
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
		return (struct value){.lack = LACK_NEGATIVE}; /* a clock is wrong, ours or theirs */
	return number(ns);
}

static struct value setting_value(enum field_id id, const struct autoscaling_settings *settings)
{
	if (!settings)
		return null_value;
	if (id == FIELD_MIN_REPLICA)
		return count(settings->min_replica);
	if (id == FIELD_MAX_REPLICA)
		return count(settings->max_replica);
	if (id == FIELD_CONCURRENCY_TARGET)
		return count(settings->concurrency_target);
	if (id == FIELD_AUTOSCALING_WINDOW)
		return optional(settings->autoscaling_window_s, NS_PER_S);
	if (id == FIELD_SCALE_DOWN_DELAY)
		return optional(settings->scale_down_delay_s, NS_PER_S);
	if (id == FIELD_TARGET_UTILIZATION_PERCENTAGE)
		return optional(settings->target_utilization_percentage, 1);
	if (id == FIELD_TARGET_IN_FLIGHT_TOKENS)
		return optional(settings->target_in_flight_tokens, 1);
	return optional(settings->max_scale_down_rate, 1);
}

static struct value chainlet_value(enum field_id id, const struct item *item)
{
	const struct chainlet *chainlet = item->chainlet;
	if (id == FIELD_NAME)
		return string(chainlet->name);
	if (id == FIELD_ID)
		return string(chainlet->id);
	if (id == FIELD_INSTANCE_TYPE_NAME)
		return string(chainlet->instance_type_name);
	if (id == FIELD_STATUS)
		return status_value(chainlet->status, chainlet->status_word);
	if (id == FIELD_STATUS_FOR)
		return status_for(item, chainlet->ordinal);
	if (id == FIELD_ACTIVE_REPLICA_COUNT)
		return count(chainlet->active_replica_count);
	if (id == FIELD_SETTINGS)
		return chainlet->settings ? number(1) : null_value;
	return setting_value(id, chainlet->settings);
}

static struct value deployment_value(enum field_id id, const struct item *item)
{
	const struct deployment *deployment = item->deployment;
	if (id == FIELD_ID)
		return string(deployment->id);
	if (id == FIELD_CHAIN_ID)
		return string(deployment->chain_id);
	if (id == FIELD_STATUS)
		return status_value(deployment->status, deployment->status_word);
	if (id == FIELD_STATUS_FOR)
		return status_for(item, deployment->ordinal);
	if (id == FIELD_ENVIRONMENT)
		return deployment->has_environment ? string(deployment->environment) : null_value;
	if (id == FIELD_CREATED_AT)
		return number(deployment->created_at_wall_ns);
	return age(item);
}

struct value field_value(const struct field *field, const struct item *item)
{
	enum status own = item->chainlet ? item->chainlet->status : item->deployment->status;
	if (item->view->only_failed && status_class(own) != CLASS_FAILED)
		return (struct value){.lack = LACK_HIDDEN};
	return item->chainlet ? chainlet_value(field->id, item) : deployment_value(field->id, item);
}
