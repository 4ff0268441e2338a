/* field_values.c - the value that a field has in an item, or the reason why it has none. */
#include "chaingate/times.h"
#include "fields.h"
#include "ratio.h"

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
	case FIELD_MODEL_ID:
	case FIELD_IS_DEVELOPMENT:
	case FIELD_LABEL:
	case FIELD_ENVIRONMENT:
	case FIELD_PROMOTING:
	case FIELD_REDEPLOYS:
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
	case FIELD_NAME: return chainlet->has_unknown_name ? lacking(LACK_UNCALLED) : string(chainlet->name);
	case FIELD_INSTANCE_TYPE_NAME:
		return chainlet->has_no_instance_type ? lacking(LACK_UNNAMED) : string(chainlet->instance_type_name);
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
	case FIELD_MODEL_ID:
	case FIELD_IS_DEVELOPMENT:
	case FIELD_LABEL:
	case FIELD_ENVIRONMENT:
	case FIELD_PROMOTING:
	case FIELD_REDEPLOYS:
	case FIELD_CREATED_AT:
	case FIELD_AGE: break;
	}
	return lacking(LACK_OPERAND);
}

/* What only an environment's own answer says. */
static struct value environment_value(enum field_id id, const struct environment *environment)
{
	if (!environment)
		return lacking(LACK_UNTOLD);
	const struct promotion *promotion = environment->promotion;
	if (id == FIELD_PROMOTING && promotion && promotion->state == PROMOTION_UNKNOWN)
		return (struct value){.lack = LACK_WORD, .text = promotion->word};
	if (id == FIELD_PROMOTING)
		return number(environment_is_promoted_to(environment));
	return environment->redeploys.present ? number(environment->redeploys.value) : null_value;
}

static struct value label_value(const struct deployment *deployment, struct text name)
{
	const struct label *label = deployment_label(deployment, name);
	if (deployment->labels_told != LABELS_TOLD)
		return lacking(deployment->labels_told == LABELS_UNTOLD ? LACK_UNLABELLED : LACK_UNREAD);
	if (!label || label->kind == LABEL_NULL)
		return null_value;
	return label->kind == LABEL_TEXT ? string(label->value) : lacking(LACK_ODD_LABEL);
}

static struct value deployment_value(const struct field *field, const struct item *item)
{
	const struct deployment *deployment = item->deployment;
	enum field_id id = field->id;
	if (field->lacked_by[deployment->of])
		return lacking(LACK_KIND);
	switch (id) {
	case FIELD_LABEL: return label_value(deployment, field->label);
	case FIELD_ID: return string(deployment->id);
	case FIELD_CHAIN_ID:
	case FIELD_MODEL_ID: return string(deployment->chain_id);
	case FIELD_IS_DEVELOPMENT:
		return deployment->is_development.present ? number(deployment->is_development.value)
							  : lacking(LACK_KIND);
	case FIELD_STATUS: return status_value(deployment->status, deployment->status_word);
	case FIELD_STATUS_FOR: return status_for(item, deployment->ordinal);
	case FIELD_ENVIRONMENT: return deployment->has_environment ? string(deployment->environment) : null_value;
	case FIELD_PROMOTING:
	case FIELD_REDEPLOYS: return environment_value(id, deployment->shown_by);
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
	case FIELD_ACTIVE_REPLICA_COUNT: return item->view->only_rollout_with_replicas || (!is_at_end && !is_up);
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
	case FIELD_MODEL_ID:
	case FIELD_IS_DEVELOPMENT:
	case FIELD_LABEL:
	case FIELD_ENVIRONMENT:
	case FIELD_PROMOTING:
	case FIELD_REDEPLOYS:
	case FIELD_CREATED_AT: break;
	}
	return false;
}

struct value field_value(const struct field *field, const struct item *item)
{
	if (item_is_hidden(item) || (item->view->only_rollout && !is_of_rollout(field->id, item)))
		return lacking(LACK_HIDDEN);
	return item->chainlet ? chainlet_value(field->id, item) : deployment_value(field, item);
}
