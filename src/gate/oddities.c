/* oddities.c - notes what is odd about a snapshot or the clock. A note changes no verdict. */
#include "watch.h"

#include "chaingate/buf.h"

#include <inttypes.h>

static void note_negative(struct watch *watch, const struct chainlet *chainlet)
{
	int64_t value;
	const char *count = chainlet_negative(chainlet, &value);
	if (count)
		watch_note(watch,
			   "%.*s has the %s %" PRId64 ": a count can't be negative, so rules treat it as unknown",
			   TEXT_ARG(chainlet->name), count, value);
}

void watch_note_oddities(struct watch *watch, const struct selection *selection)
{
	if (selection->foreign)
		watch_note(watch, "%zu listed deployments belong to another %s and are left out", selection->foreign,
			   target_kind_name(watch->selector.of));
	for (size_t i = 0; i < watch->seen.lane_count; i++) {
		const struct gate_lane *lane = &watch->seen.lanes[i];
		struct text who = lane->chainlet.length ? lane->chainlet : lane->deployment;
		if (lane->status == STATUS_UNKNOWN)
			watch_note(watch, "%.*s has the status '%.*s', which this version doesn't know", TEXT_ARG(who),
				   TEXT_ARG(lane->status_word));
	}
	for (size_t i = 0; i < selection->count; i++) {
		const struct deployment *deployment = selection->deployments[i];
		for (size_t j = 0; j < deployment->chainlet_count; j++) {
			note_negative(watch, &deployment->chainlets[j]);
			if (deployment->status == STATUS_ACTIVE && deployment->chainlets[j].status != STATUS_ACTIVE)
				watch_note(watch, "deployment %.*s is ACTIVE while its chainlet %.*s is %.*s",
					   TEXT_ARG(deployment->id), TEXT_ARG(deployment->chainlets[j].name),
					   TEXT_ARG(deployment->chainlets[j].status_word));
		}
	}
}

/* A difference between the clocks that is larger than this is noted. */
#define CLOCK_NOTED_NS (30 * NS_PER_S)

void watch_note_clock(struct watch *watch)
{
	int64_t offset_ns = watch->clock_offset_ns;
	if (watch->is_clock_noted || (offset_ns <= CLOCK_NOTED_NS && offset_ns >= -CLOCK_NOTED_NS))
		return;
	struct buf by = buf_make(100);
	watch->is_clock_noted = true;
	/* A Date has whole seconds. */
	duration_add(&by, ((offset_ns < 0 ? -offset_ns : offset_ns) + NS_PER_S / 2) / NS_PER_S * NS_PER_S);
	watch_note(watch, "this machine's clock is %s %s the API's; ages and 'since' use the API's clock",
		   buf_string(&by), offset_ns < 0 ? "ahead of" : "behind");
	buf_release(&by);
}
