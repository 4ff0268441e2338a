/* deployment.c - finds a deployment or a chainlet in a listing. */
#include "chaingate/deployment.h"

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
