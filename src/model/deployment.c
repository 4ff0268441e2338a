/* deployment.c - finds a deployment or a chainlet in a listing; the states of a promotion. */
#include "chaingate/deployment.h"

static const struct {
	const char *word;
	enum promotion_state state;
} promotions[] = {
	{"RELEASING", PROMOTION_RUNNING}, {"RAMPING_UP", PROMOTION_RUNNING},  {"RAMPING_DOWN", PROMOTION_RECEDING},
	{"PAUSED", PROMOTION_PAUSED},     {"SUCCEEDED", PROMOTION_SUCCEEDED}, {"FAILED", PROMOTION_ENDED},
	{"CANCELED", PROMOTION_ENDED},
};

enum promotion_state promotion_state_parse(struct text word)
{
	for (size_t i = 0; i < sizeof promotions / sizeof *promotions; i++)
		if (text_is(word, promotions[i].word))
			return promotions[i].state;
	return PROMOTION_UNKNOWN;
}

bool promotion_is_over(enum promotion_state state)
{
	return state == PROMOTION_ENDED || state == PROMOTION_RECEDING;
}

bool environment_is_promoted_to(const struct environment *environment)
{
	if (environment->candidate.length)
		return true;
	if (!environment->promotion)
		return false;
	switch (environment->promotion->state) {
	case PROMOTION_UNKNOWN:
	case PROMOTION_RUNNING:
	case PROMOTION_PAUSED:
	case PROMOTION_RECEDING: return true;
	case PROMOTION_SUCCEEDED:
	case PROMOTION_ENDED: break;
	}
	return false;
}

bool listing_shows_chain(const struct listing *listing, struct text chain_id)
{
	if (listing->environment)
		return text_equal(listing->environment->chain_id, chain_id);
	for (size_t i = 0; i < listing->count; i++)
		if (text_equal(listing->deployments[i].chain_id, chain_id))
			return true;
	return false;
}

const struct deployment *listing_find(const struct listing *listing, struct text id)
{
	for (size_t i = 0; i < listing->count; i++)
		if (text_equal(listing->deployments[i].id, id))
			return &listing->deployments[i];
	return NULL;
}

const struct chainlet *deployment_chainlet(const struct deployment *deployment, struct text name)
{
	for (size_t i = 0; i < deployment->chainlet_count; i++)
		if (text_equal(deployment->chainlets[i].name, name))
			return &deployment->chainlets[i];
	return NULL;
}

const struct label *deployment_label(const struct deployment *deployment, struct text name)
{
	for (size_t i = 0; i < deployment->label_count; i++)
		if (text_equal(deployment->labels[i].name, name))
			return &deployment->labels[i];
	return NULL;
}

const char *chainlet_negative(const struct chainlet *chainlet, int64_t *out)
{
	static const struct autoscaling_settings none;
	const struct autoscaling_settings *settings = chainlet->settings ? chainlet->settings : &none;
	const struct {
		const char *name;
		int64_t value;
	} counts[] = {
		{"active_replica_count", chainlet->active_replica_count},
		{"min_replica", settings->min_replica},
		{"max_replica", settings->max_replica},
		{"autoscaling_window", settings->autoscaling_window_s.value},
		{"scale_down_delay", settings->scale_down_delay_s.value},
		{"concurrency_target", settings->concurrency_target},
		{"target_utilization_percentage", settings->target_utilization_percentage.value},
		{"target_in_flight_tokens", settings->target_in_flight_tokens.value},
		{"max_scale_down_rate", settings->max_scale_down_rate.value},
	};
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		if (counts[i].value < 0) {
			*out = counts[i].value;
			return counts[i].name;
		}
	return NULL;
}
