/* events.c - what happened, in order: the material of progress lines and timelines. */
#include "watch.h"

#include <stdarg.h>
#include <stdio.h>

/* Most notes of one target. Each is about something odd; after so many different ones, more say nothing new. */
#define NOTES_MAX 100

struct gate_event *event_add(struct event_log *log, struct gate_event event)
{
	struct arena *arena = &log->arena;
	event.deployment = arena_text(arena, event.deployment);
	event.chainlet = arena_text(arena, event.chainlet);
	event.from = arena_text(arena, event.from);
	event.to = arena_text(arena, event.to);
	event.miss.detail = arena_text(arena, event.miss.detail);
	log->events = arena_grow(arena, log->events, log->count, &log->capacity, sizeof(*log->events));
	log->events[log->count] = event;
	return &log->events[log->count++];
}

void watch_note(struct watch *watch, const char *format, ...)
{
	if (watch->note_count == NOTES_MAX)
		return;
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	char *words = arena_alloc(&watch->memory, (size_t)length + 1);
	vsnprintf(words, (size_t)length + 1, format, again);
	va_end(again);
	va_end(args);

	for (size_t i = 0; i < watch->note_count; i++)
		if (text_is(watch->notes[i], words))
			return;
	watch->notes = arena_grow(&watch->memory, watch->notes, watch->note_count, &watch->note_capacity,
				  sizeof(*watch->notes));
	watch->notes[watch->note_count++] = text_of(words);
	event_add(watch->log,
		  (struct gate_event){
			  .kind = EVENT_NOTE, .at_ns = watch->at_ns, .target = watch->index, .to = text_of(words)});
}

/* The lane of a deployment and chainlet. Lanes are by deployment id, ascending: a binary search finds the deployment's first lane,
 * and a chain has few chainlets. */
static const struct gate_lane *lane_find(const struct gate_lane *lanes, size_t count, const struct gate_lane *wanted)
{
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

static void report_selection(struct watch *watch, const struct text *old_ids, size_t old_id_count)
{
	bool same = old_id_count == watch->id_count;
	for (size_t i = 0; same && i < old_id_count; i++)
		same = text_equal(old_ids[i], watch->ids[i]);
	if (same)
		return;
	struct buf list = buf_make(BUF_LIMIT_REPORT);
	for (size_t i = 0; i < watch->id_count; i++) {
		buf_add_string(&list, i ? ", " : "");
		buf_add(&list, watch->ids[i]);
	}
	event_add(watch->log, (struct gate_event){.kind = EVENT_SELECTED,
						  .at_ns = watch->at_ns,
						  .target = watch->index,
						  .to = buf_text(&list),
						  .count = watch->id_count});
	buf_release(&list);
}

void watch_report_changes(struct watch *watch, const struct text *old_ids, size_t old_id_count,
			  const struct gate_lane *old_lanes, size_t old_lane_count)
{
	report_selection(watch, old_ids, old_id_count);
	for (size_t i = 0; i < old_lane_count; i++)
		if (!lane_find(watch->lanes, watch->lane_count, &old_lanes[i]))
			event_add(watch->log, (struct gate_event){.kind = EVENT_STATUS,
								  .at_ns = watch->at_ns,
								  .target = watch->index,
								  .deployment = old_lanes[i].deployment,
								  .chainlet = old_lanes[i].chainlet,
								  .from = old_lanes[i].status_word});
	for (size_t i = 0; i < watch->lane_count; i++) {
		const struct gate_lane *lane = &watch->lanes[i];
		const struct gate_lane *old = lane_find(old_lanes, old_lane_count, lane);
		if (old && old->status == lane->status && text_equal(old->status_word, lane->status_word))
			continue;
		event_add(watch->log, (struct gate_event){.kind = EVENT_STATUS,
							  .at_ns = watch->at_ns,
							  .target = watch->index,
							  .deployment = lane->deployment,
							  .chainlet = lane->chainlet,
							  .from = old ? old->status_word : (struct text){0},
							  .to = lane->status_word});
	}
}
