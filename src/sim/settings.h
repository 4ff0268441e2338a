/* settings.h - autoscaling settings of a simulated chainlet, as the API sends them.
 *
 * This isn't the model's struct autoscaling_settings, because a simulator must distinguish "absent" from "null", to
 * test programs that read them.
 */
#ifndef CHAINGATE_SIM_SETTINGS_H
#define CHAINGATE_SIM_SETTINGS_H

#include "chaingate/yaml.h"

#include <stdbool.h>
#include <stdint.h>

/* In the API's order, which is the order in bodies. */
enum setting {
	SETTING_MIN_REPLICA,
	SETTING_MAX_REPLICA,
	SETTING_AUTOSCALING_WINDOW,
	SETTING_SCALE_DOWN_DELAY,
	SETTING_CONCURRENCY_TARGET,
	SETTING_TARGET_UTILIZATION_PERCENTAGE,
	SETTING_TARGET_IN_FLIGHT_TOKENS,
	SETTING_MAX_SCALE_DOWN_RATE,
	SETTING_COUNT
};

enum setting_state { SETTING_ABSENT, SETTING_NULL, SETTING_PRESENT };

struct setting_value {
	enum setting_state state;
	int64_t value;
};

struct settings {
	struct setting_value values[SETTING_COUNT];
};

const char *setting_name(enum setting);

/* The API's settings for a chainlet whose settings nobody changed: 0 to 1 replicas. */
extern const struct settings settings_default;

/* True if a mapping is settings rather than a timeline of settings: no key begins with a digit. True for an empty
 * one. */
bool mapping_is_settings(const struct yaml_node *);

#endif
