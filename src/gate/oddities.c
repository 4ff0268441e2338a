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

/* An unknown word is quoted, because it could be one of ours. */
struct buf watch_status_word(enum status status, struct text word)
{
	struct buf shown = buf_make(BUF_LIMIT_REPORT);
	if (status == STATUS_UNKNOWN)
		text_add_quoted(&shown, word, 0);
	else
		text_add_printable(&shown, word);
	return shown;
}

static void note_unknown(struct watch *watch, struct text who, struct text word)
{
	struct buf quoted = text_quoted(word);
	watch_note(watch, "%.*s has the status %s, which this version doesn't know", TEXT_ARG(who),
		   buf_string(&quoted));
	buf_release(&quoted);
}

static void note_disagreement(struct watch *watch, const struct deployment *deployment, const struct chainlet *chainlet)
{
	struct buf word = watch_status_word(chainlet->status, chainlet->status_word);
	watch_note(watch, "deployment %.*s is ACTIVE while its chainlet %.*s is %s", TEXT_ARG(deployment->id),
		   TEXT_ARG(chainlet->name), buf_string(&word));
	buf_release(&word);
}

void watch_note_oddities(struct watch *watch, const struct selection *selection)
{
	if (selection->foreign)
		watch_note(watch, "%zu listed deployment%s to another %s and %s left out", selection->foreign,
			   selection->foreign == 1 ? " belongs" : "s belong", target_kind_name(watch->selector.of),
			   selection->foreign == 1 ? "is" : "are");
	for (size_t i = 0; i < watch->seen.lane_count; i++) {
		const struct gate_lane *lane = &watch->seen.lanes[i];
		struct text who = lane->chainlet.length ? lane->chainlet : lane->deployment;
		if (lane->status == STATUS_UNKNOWN)
			note_unknown(watch, who, lane->status_word);
	}
	for (size_t i = 0; i < selection->count; i++) {
		const struct deployment *deployment = selection->deployments[i];
		for (size_t j = 0; j < deployment->chainlet_count; j++) {
			note_negative(watch, &deployment->chainlets[j]);
			if (deployment->status == STATUS_ACTIVE && deployment->chainlets[j].status != STATUS_ACTIVE)
				note_disagreement(watch, deployment, &deployment->chainlets[j]);
		}
	}
}

/* A difference between the clocks that is larger than this is noted. */
#define CLOCK_NOTED_NS (30 * NS_PER_S)

/* Of the differences that there may be, the one that is nearest to none. */
static int64_t least_offset_ns(const struct watch *watch)
{
	int64_t least_ns = watch->clock_offset_ns, most_ns = time_add(least_ns, watch->clock_slack_ns);
	if (least_ns > 0)
		return least_ns;
	return most_ns < 0 ? most_ns : 0;
}

void watch_note_clock(struct watch *watch)
{
	int64_t offset_ns = least_offset_ns(watch);
	if (watch->is_clock_note_wrong)
		watch_note(watch, "what was said of this machine's clock came from old answers");
	watch->is_clock_noted &= !watch->is_clock_note_wrong;
	watch->is_clock_note_wrong = false;
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

void watch_note_slack(struct watch *watch)
{
	if (watch->is_slack_noted)
		return;
	struct buf by = buf_make(100);
	watch->is_slack_noted = true;
	duration_add(&by, (watch->clock_slack_ns - 1) / NS_PER_S * NS_PER_S + NS_PER_S);
	watch_note(watch,
		   "the first answer took %s, so ages are known only to within that, and a rule is open if it matters",
		   buf_string(&by));
	buf_release(&by);
}
