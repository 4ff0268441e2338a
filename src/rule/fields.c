/* fields.c - see fields.h. */
#include "fields.h"

#include "chaingate/times.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct field fields[] = {
	{"name", FIELD_NAME, TYPE_STRING, true, false, false},
	{"id", FIELD_ID, TYPE_STRING, true, true, false},
	{"instance_type_name", FIELD_INSTANCE_TYPE_NAME, TYPE_STRING, true, false, false},
	{"status", FIELD_STATUS, TYPE_STATUS, true, true, false},
	{"active_replica_count", FIELD_ACTIVE_REPLICA_COUNT, TYPE_NUMBER, true, false, false},
	{"autoscaling_settings", FIELD_SETTINGS, TYPE_SETTINGS, true, false, false},
	{"min_replica", FIELD_MIN_REPLICA, TYPE_NUMBER, true, false, true},
	{"max_replica", FIELD_MAX_REPLICA, TYPE_NUMBER, true, false, true},
	{"concurrency_target", FIELD_CONCURRENCY_TARGET, TYPE_NUMBER, true, false, true},
	{"autoscaling_window", FIELD_AUTOSCALING_WINDOW, TYPE_DURATION, true, false, true},
	{"scale_down_delay", FIELD_SCALE_DOWN_DELAY, TYPE_DURATION, true, false, true},
	{"target_utilization_percentage", FIELD_TARGET_UTILIZATION_PERCENTAGE, TYPE_NUMBER, true, false, true},
	{"target_in_flight_tokens", FIELD_TARGET_IN_FLIGHT_TOKENS, TYPE_NUMBER, true, false, true},
	{"max_scale_down_rate", FIELD_MAX_SCALE_DOWN_RATE, TYPE_NUMBER, true, false, true},
	{"status_for", FIELD_STATUS_FOR, TYPE_DURATION, true, true, false},
	{"chain_id", FIELD_CHAIN_ID, TYPE_STRING, false, true, false},
	{"environment", FIELD_ENVIRONMENT, TYPE_STRING, false, true, false},
	{"created_at", FIELD_CREATED_AT, TYPE_TIME, false, true, false},
	{"age", FIELD_AGE, TYPE_DURATION, false, true, false},
};

const struct field *field_find(struct text name, bool of_chainlet)
{
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		if (text_is(name, fields[i].name) && (of_chainlet ? fields[i].of_chainlet : fields[i].of_deployment))
			return &fields[i];
	return NULL;
}

const char *field_nearest(struct text word, bool of_chainlet)
{
	const char *names[COUNT_OF(fields)];
	size_t count = 0;
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		if (of_chainlet ? fields[i].of_chainlet : fields[i].of_deployment)
			names[count++] = fields[i].name;
	return text_nearest(word, names, count);
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

static struct value number(int64_t integer)
{
	return (struct value){.known = true, .integer = integer};
}

static struct value string(struct text text)
{
	return (struct value){.known = true, .text = text};
}

static const struct value null_value = {.null = true};

static struct value status_value(enum status status, struct text word)
{
	return (struct value){.known = status != STATUS_UNKNOWN, .status = status, .text = word};
}

static struct value optional(struct optional_integer integer, int64_t unit)
{
	int64_t value;
	if (!integer.present)
		return null_value;
	if (__builtin_mul_overflow(integer.value, unit, &value))
		return (struct value){0};
	return number(value);
}

static struct value status_for(const struct item *item, size_t ordinal)
{
	const struct status_history *history = item->view->history;
	return number(history ? item->view->at_ns - history->since_ns[ordinal] : 0);
}

static struct value age(const struct item *item)
{
	int64_t ns;
	if (__builtin_sub_overflow(item->view->at_wall_ns, item->deployment->created_at_wall_ns, &ns) || ns < 0)
		return (struct value){0}; /* a clock is wrong, ours or theirs */
	return number(ns);
}

static struct value setting_value(enum field_id id, const struct autoscaling_settings *settings)
{
	if (!settings)
		return null_value;
	if (id == FIELD_MIN_REPLICA)
		return number(settings->min_replica);
	if (id == FIELD_MAX_REPLICA)
		return number(settings->max_replica);
	if (id == FIELD_CONCURRENCY_TARGET)
		return number(settings->concurrency_target);
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
		return number(chainlet->active_replica_count);
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
		return (struct value){.hidden = true};
	return item->chainlet ? chainlet_value(field->id, item) : deployment_value(field->id, item);
}
