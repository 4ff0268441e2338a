/* latest.c - the deployment that `latest` has picked, and newer ones that come after it. */
#include "watch.h"

static bool is_newer_than_pinned(const struct watch *watch, const struct deployment *deployment)
{
	if (deployment->created_at_wall_ns != watch->pinned_wall_ns)
		return deployment->created_at_wall_ns > watch->pinned_wall_ns;
	return text_compare(deployment->id, watch->pinned) > 0;
}

bool latest_follow(struct watch *watch, const struct listing *listing, const struct selection *selection)
{
	if (watch->target->selector.kind != SELECT_LATEST)
		return false;
	if (!watch->pinned.length && selection->count) {
		watch->pinned = arena_text(&watch->memory, selection->deployments[0]->id);
		watch->pinned_wall_ns = selection->deployments[0]->created_at_wall_ns;
	}
	const struct deployment *newest = selection_newest(listing, &watch->selector, watch->chain_id);
	if (!newest || !watch->pinned.length || !is_newer_than_pinned(watch, newest))
		return false;
	if (!text_equal(newest->id, watch->superseded)) {
		watch->superseded = arena_text(&watch->memory, newest->id);
		event_add(watch->log, (struct gate_event){.kind = EVENT_SUPERSEDED,
							  .at_ns = watch->at_ns,
							  .target = watch->index,
							  .deployment = watch->pinned,
							  .to = newest->id});
	}
	return watch->target->fail_on_superseded;
}
