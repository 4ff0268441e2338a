/* stability.c - defines "at rest" and "the same" for snapshots.
 *
 * Two snapshots are the same if their canonical texts are equal, byte for byte: a hash could collide, and a collision
 * could become a pass. src/model says what the texts contain (deployment_add_canonical).
 */
#include "watch.h"

static const struct gate_lane *lanes_make(struct arena *arena, const struct selection *selection,
					  const struct status_history *history, size_t *count)
{
	size_t total = 0;
	for (size_t i = 0; i < selection->count; i++)
		total += 1 + selection->deployments[i]->chainlet_count;
	struct gate_lane *lanes = ARENA_ARRAY(arena, struct gate_lane, total), *lane = lanes;
	for (size_t i = 0; i < selection->count; i++) {
		const struct deployment *deployment = selection->deployments[i];
		struct text id = arena_text(arena, deployment->id);
		*lane++ = (struct gate_lane){.deployment = id,
					     .status = deployment->status,
					     .status_word = arena_text(arena, deployment->status_word),
					     .since_ns = history->since_ns[deployment->ordinal]};
		for (size_t j = 0; j < deployment->chainlet_count; j++) {
			const struct chainlet *chainlet = &deployment->chainlets[j];
			*lane++ = (struct gate_lane){.deployment = id,
						     .chainlet = arena_text(arena, chainlet->name),
						     .chainlet_id = arena_text(arena, chainlet->id),
						     .status = chainlet->status,
						     .status_word = arena_text(arena, chainlet->status_word),
						     .since_ns = history->since_ns[chainlet->ordinal],
						     .active_replica_count = chainlet->active_replica_count};
			if (chainlet->settings)
				lane[-1].min_replica = (struct optional_integer){true, chainlet->settings->min_replica};
		}
	}
	*count = total;
	return lanes;
}

/* The canonical text of a selection. */
static struct text canonical(struct arena *arena, const struct selection *selection, bool with_statuses)
{
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	for (size_t i = 0; i < selection->count; i++)
		deployment_add_canonical(&buf, selection->deployments[i], with_statuses);
	/* A text that was cut can't be compared: seen_is_same treats the empty text as different from everything. */
	struct text text = buf.overflowed ? (struct text){0} : arena_text(arena, buf_text(&buf));
	buf_release(&buf);
	return text;
}

/* A chainlet with one of these statuses isn't at rest while its settings are unknown, because its replica count may
 * still change. */
static bool needs_settings(enum status status)
{
	return status == STATUS_ACTIVE || status == STATUS_UNHEALTHY || status == STATUS_SCALED_TO_ZERO;
}

static void look_at_status(struct seen *seen, enum status status, const struct policy_wait *wait)
{
	if (!status_is_at_rest(status))
		seen->at_rest = false;
	if (status_class(status) == CLASS_FAILED)
		seen->has_failed = true;
	if (wait->stable_for_status_ns[status] > seen->stable_for_ns)
		seen->stable_for_ns = wait->stable_for_status_ns[status];
}

static void look_at_deployment(struct seen *seen, const struct deployment *deployment, const struct policy_wait *wait)
{
	if (deployment->chainlet_count == 0)
		seen->at_rest = false;
	look_at_status(seen, deployment->status, wait);
	for (size_t j = 0; j < deployment->chainlet_count; j++) {
		const struct chainlet *chainlet = &deployment->chainlets[j];
		look_at_status(seen, chainlet->status, wait);
		if (!chainlet->settings && needs_settings(chainlet->status))
			seen->at_rest = false;
	}
}

static const struct text *ids_make(struct arena *arena, const struct selection *selection)
{
	struct text *ids = ARENA_ARRAY(arena, struct text, selection->count);
	for (size_t i = 0; i < selection->count; i++)
		ids[i] = arena_text(arena, selection->deployments[i]->id);
	return ids;
}

struct seen seen_make(struct arena *arena, const struct seen *before, const struct selection *selection,
		      const struct status_history *history, const struct policy_wait *wait)
{
	struct seen seen = {
		.ids = ids_make(arena, selection),
		.id_count = selection->count,
		.at_rest = selection->count > 0,
		.stable_for_ns = wait->stable_for_ns,
		.state = canonical(arena, selection, true),
	};
	seen.identity =
		seen_is_same(before, &seen) ? arena_text(arena, before->identity) : canonical(arena, selection, false);
	seen.lanes = lanes_make(arena, selection, history, &seen.lane_count);
	for (size_t i = 0; i < selection->count; i++)
		look_at_deployment(&seen, selection->deployments[i], wait);
	for (size_t i = 0; i < seen.lane_count && !seen.mover; i++)
		if (!status_is_at_rest(seen.lanes[i].status) && seen.lanes[i].status != STATUS_WAKING_UP)
			seen.mover = &seen.lanes[i];
	return seen;
}

bool seen_is_same(const struct seen *a, const struct seen *b)
{
	return a->state.length > 0 && text_equal(a->state, b->state);
}

bool seen_is_same_ids(const struct seen *a, const struct seen *b)
{
	for (size_t i = 0; i < a->id_count && a->id_count == b->id_count; i++)
		if (!text_equal(a->ids[i], b->ids[i]))
			return false;
	return a->id_count == b->id_count;
}
