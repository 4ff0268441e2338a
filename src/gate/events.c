/* events.c - records what happened, in order: for progress lines and timelines. */
#include "watch.h"

#include "chaingate/listed.h"

#include <stdarg.h>

/* Limit for the notes of one target. Each is about something odd; after this many, another one says nothing new. */
#define NOTES_MAX 100

struct gate_event *event_add(struct event_log *log, struct gate_event event)
{
	struct arena *arena = &log->arena;
	event.deployment = arena_text(arena, event.deployment);
	event.chainlet = arena_text(arena, event.chainlet);
	event.from = arena_text(arena, event.from);
	event.to = arena_text(arena, event.to);
	event.listed = arena_text(arena, event.listed);
	event.miss.detail = arena_text(arena, event.miss.detail);
	log->events = arena_grow(arena, log->events, log->count, &log->capacity, sizeof(*log->events));
	log->events[log->count] = event;
	return &log->events[log->count++];
}

void watch_note(struct watch *watch, const char *format, ...)
{
	if (watch->note_count == NOTES_MAX)
		return;
	va_list args;
	va_start(args, format);
	/* Most notes were given before; so memory that lasts is only for new ones. */
	struct text words = text_of(arena_vprintf(&watch->turns[watch->turn], format, args));
	va_end(args);
	for (size_t i = 0; i < watch->note_count; i++)
		if (text_equal(watch->notes[i], words))
			return;
	watch->notes = arena_grow(&watch->memory, watch->notes, watch->note_count, &watch->note_capacity,
				  sizeof(*watch->notes));
	watch->notes[watch->note_count++] = arena_text(&watch->memory, words);
	event_add(watch->log,
		  (struct gate_event){.kind = EVENT_NOTE, .at_ns = watch->at_ns, .target = watch->index, .to = words});
}

static bool is_lane(const struct gate_lane *a, const struct gate_lane *b)
{
	return text_equal(a->chainlet, b->chainlet) && text_equal(a->deployment, b->deployment);
}

/* Finds the lane of a deployment or chainlet, which is usually at `likely`. Lanes are sorted by deployment id: a binary
 * search finds the deployment's first lane. */
static const struct gate_lane *lane_find(const struct gate_lane *lanes, size_t count, size_t likely,
					 const struct gate_lane *wanted)
{
	if (likely < count && is_lane(&lanes[likely], wanted))
		return &lanes[likely];
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (text_compare(lanes[middle].deployment, wanted->deployment) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < count && text_equal(lanes[low].deployment, wanted->deployment); low++)
		if (text_equal(lanes[low].chainlet, wanted->chainlet))
			return &lanes[low];
	return NULL;
}

static void report_selection(struct watch *watch, const struct seen *before)
{
	const struct seen *seen = &watch->seen;
	if (seen_is_same_ids(before, seen))
		return;
	struct buf list = buf_make(BUF_LIMIT_REPORT);
	for (size_t i = 0; i < seen->id_count; i++) {
		buf_add_string(&list, i ? ", " : "");
		buf_add(&list, seen->ids[i]);
	}
	event_add(watch->log, (struct gate_event){.kind = EVENT_SELECTED,
						  .at_ns = watch->at_ns,
						  .target = watch->index,
						  .to = buf_text(&list),
						  .listed = buf_text(&watch->listed),
						  .count = seen->id_count});
	buf_release(&list);
}

static void report_status(struct watch *watch, const struct gate_lane *lane, struct text from, struct text to)
{
	event_add(watch->log, (struct gate_event){.kind = EVENT_STATUS,
						  .at_ns = watch->at_ns,
						  .target = watch->index,
						  .deployment = lane->deployment,
						  .chainlet = lane->chainlet,
						  .from = from,
						  .to = to});
}

void watch_report_changes(struct watch *watch, const struct seen *before)
{
	const struct seen *seen = &watch->seen;
	if (seen_is_same(before, seen))
		return;
	report_selection(watch, before);
	for (size_t i = 0; i < before->lane_count; i++)
		if (!lane_find(seen->lanes, seen->lane_count, i, &before->lanes[i]))
			report_status(watch, &before->lanes[i], before->lanes[i].status_word, (struct text){0});
	for (size_t i = 0; i < seen->lane_count; i++) {
		const struct gate_lane *lane = &seen->lanes[i];
		const struct gate_lane *old = lane_find(before->lanes, before->lane_count, i, lane);
		if (!old || old->status != lane->status || !text_equal(old->status_word, lane->status_word))
			report_status(watch, lane, old ? old->status_word : (struct text){0}, lane->status_word);
	}
}

void watch_report_nothing(struct watch *watch, const struct listing *listing, const struct selection *selection,
			  int64_t now_wall_ns)
{
	struct buf ids = buf_make(BUF_LIMIT_REPORT);
	listed_add(&ids, listing, &watch->selector, selection->older, watch->chain_id, LISTED_AT_NO_TIME);
	buf_clear(&watch->listed);
	listed_add(&watch->listed, listing, &watch->selector, selection->older, watch->chain_id, now_wall_ns);
	if (watch->seen.id_count == 0 && !text_equal(buf_text(&ids), buf_text(&watch->listed_ids)))
		event_add(watch->log, (struct gate_event){.kind = EVENT_SELECTED,
							  .at_ns = watch->at_ns,
							  .target = watch->index,
							  .listed = buf_text(&watch->listed)});
	buf_release(&watch->listed_ids);
	watch->listed_ids = ids;
}

void watch_forget_listed(struct watch *watch)
{
	buf_clear(&watch->listed);
	buf_clear(&watch->listed_ids);
}
