/* settings.c - autoscaling settings: names, defaults, reading. */
#include "settings.h"

#include "fields.h"
#include "timeline.h"

/* The names, and which settings may be null: from the OpenAPI document, AutoscalingSettingsV1. */
static const struct setting_row {
	const char *name;
	bool nullable;
} settings_table[] = {
	[SETTING_MIN_REPLICA] = {"min_replica", false},
	[SETTING_MAX_REPLICA] = {"max_replica", false},
	[SETTING_AUTOSCALING_WINDOW] = {"autoscaling_window", true},
	[SETTING_SCALE_DOWN_DELAY] = {"scale_down_delay", true},
	[SETTING_CONCURRENCY_TARGET] = {"concurrency_target", false},
	[SETTING_TARGET_UTILIZATION_PERCENTAGE] = {"target_utilization_percentage", true},
	[SETTING_TARGET_IN_FLIGHT_TOKENS] = {"target_in_flight_tokens", true},
	[SETTING_MAX_SCALE_DOWN_RATE] = {"max_scale_down_rate", true},
};

const struct settings settings_default = {{
	[SETTING_MIN_REPLICA] = {SETTING_PRESENT, 0},
	[SETTING_MAX_REPLICA] = {SETTING_PRESENT, 1},
	[SETTING_AUTOSCALING_WINDOW] = {SETTING_PRESENT, 60},
	[SETTING_SCALE_DOWN_DELAY] = {SETTING_PRESENT, 900},
	[SETTING_CONCURRENCY_TARGET] = {SETTING_PRESENT, 1},
	[SETTING_TARGET_UTILIZATION_PERCENTAGE] = {SETTING_PRESENT, 70},
	[SETTING_TARGET_IN_FLIGHT_TOKENS] = {SETTING_ABSENT, 0},
	[SETTING_MAX_SCALE_DOWN_RATE] = {SETTING_ABSENT, 0},
}};

const char *setting_name(enum setting setting)
{
	return settings_table[setting].name;
}

bool mapping_is_settings(const struct yaml_node *mapping)
{
	for (size_t i = 0; i < mapping->count; i++) {
		struct text key = mapping->pairs[i].key->scalar.text;
		if (key.length && key.bytes[0] >= '0' && key.bytes[0] <= '9')
			return false;
	}
	return true;
}

bool step_settings_or_null(struct fields_reader *reader, const struct yaml_node *node, const char *what,
			   struct step *out)
{
	out->is_null = yaml_is_null(node);
	if (out->is_null)
		return true;
	struct field fields[SETTING_COUNT];
	for (size_t i = 0; i < SETTING_COUNT; i++)
		fields[i] = (struct field){.name = settings_table[i].name};
	if (!fields_take(reader, node, what, fields, SETTING_COUNT))
		return false;

	struct settings *settings = ARENA_NEW(reader->arena, struct settings);
	*settings = settings_default;
	bool fine = true;
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		struct setting_value *value = &settings->values[i];
		if (!fields[i].node)
			continue;
		value->state = SETTING_PRESENT;
		if (settings_table[i].nullable && yaml_is_null(fields[i].node))
			value->state = SETTING_NULL;
		else
			fine = field_integer(reader, fields[i].node, fields[i].name, INT64_MIN + 1, INT64_MAX,
					     &value->value) &&
			       fine;
	}
	/* If only min_replica is given, the default maximum, 1, may be below it: it is raised then. */
	struct setting_value *most = &settings->values[SETTING_MAX_REPLICA];
	if (fine && !fields[SETTING_MAX_REPLICA].node && most->value < settings->values[SETTING_MIN_REPLICA].value)
		most->value = settings->values[SETTING_MIN_REPLICA].value;
	out->settings = settings;
	return fine;
}
