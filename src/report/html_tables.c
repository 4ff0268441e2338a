/* html_tables.c - tables of the final state of deployments and chainlets, and of the events: the timeline in words. */
#include "html.h"

#include "chaingate/times.h"
#include "table.h"

#include <inttypes.h>
#include <string.h>

/* Most rows of events; further ones are counted. A run of a day with 200 chainlets has fewer. */
#define EVENTS_SHOWN_MAX 5000
/* Longer tables are folded, because the data of the run comes after them. */
#define EVENTS_OPEN_MAX 60

/* ---- chainlets at the end --------------------------------------------------------------------------------------- */

static void write_lane(struct xml *x, const struct report *report, const struct target_result *target,
		       const struct gate_lane *lane)
{
	struct buf replicas = buf_make(BUF_LIMIT_REPORT), name = buf_make(BUF_LIMIT_REPORT);
	bool is_chainlet = lane->chainlet.length > 0;
	xml_open(x, "tr");
	xml_open(x, "td");
	xml_attribute(x, "class", "name");
	if (!is_chainlet)
		buf_add_string(&name, "deployment ");
	text_add_printable(&name, is_chainlet ? lane->chainlet : lane->deployment);
	html_link(x, console_address(&x->arena, report, target, lane), buf_string(&name));
	buf_release(&name);
	xml_close(x);
	html_text(x, "td", NULL, lane->status_word);
	html_clock(x, "td", target->at_ns - lane->since_ns);
	if (is_chainlet && lane->min_replica.present)
		buf_printf(&replicas, "%" PRId64 "/%" PRId64, lane->active_replica_count, lane->min_replica.value);
	else if (is_chainlet)
		buf_printf(&replicas, "%" PRId64, lane->active_replica_count);
	html_buf(x, "td", NULL, &replicas);
	xml_close(x);
}

/* A deployment, then its chainlets, those that aren't ready first. Returns the index of the next deployment. */
static size_t write_deployment(struct xml *x, const struct report *report, const struct target_result *target,
			       size_t first)
{
	size_t end = first + 1;
	while (end < target->lane_count && target->lanes[end].chainlet.length)
		end++;
	write_lane(x, report, target, &target->lanes[first]);
	for (int rank = 0; rank < STATUS_RANKS; rank++)
		for (size_t i = first + 1; i < end; i++)
			if (status_rank(target->lanes[i].status) == rank)
				write_lane(x, report, target, &target->lanes[i]);
	return end;
}

void html_lanes(struct xml *x, const struct report *report, size_t index)
{
	static const char *const heads[] = {"Name", "Status", "For", "Replicas (min)", NULL};
	const struct target_result *target = &report->gate->targets[index];
	if (!target->lane_count)
		return;
	html_begin_fold(x, "Deployments and chainlets at the end", html_lanes_are_open(report, index));
	html_begin_table(x, heads);
	for (size_t i = 0; i < target->lane_count;)
		i = write_deployment(x, report, target, i);
	html_end_table(x);
	xml_close(x);
}

/* ---- events ----------------------------------------------------------------------------------------------------- */

/* The time of day, and the date in the first row and when it has changed. */
static void write_moment(struct xml *x, int64_t wall_ns, struct text *day)
{
	struct buf moment = buf_make(100), shown = buf_make(100);
	moment_add_without_zone(&moment, wall_ns);
	struct text text = buf_text(&moment);
	size_t letters = 0;
	while (letters < text.length && text.bytes[letters] != 'T')
		letters++;
	struct text date = text_slice(text, 0, letters);
	if (!text_equal(date, *day)) {
		buf_add(&shown, date);
		buf_add_byte(&shown, ' ');
		*day = arena_text(&x->arena, date);
	}
	buf_add(&shown, text_slice(text, letters + 1, text.length));
	html_buf(x, "td", "dim", &shown);
	buf_release(&moment);
}

/* An event in words, with an arrow that stays with the word after it: a phone's column would break "->" in two. */
static void write_event(struct xml *x, const struct target_result *target, const struct gate_event *event)
{
	struct buf words = buf_make(BUF_LIMIT_REPORT), shown = buf_make(BUF_LIMIT_REPORT);
	add_event(&words, target, event);
	const char *rest = buf_string(&words);
	for (const char *arrow; (arrow = strstr(rest, " -> ")) != NULL; rest = arrow + strlen(" -> ")) {
		buf_add(&shown, (struct text){rest, (size_t)(arrow - rest)});
		buf_add_string(&shown, " \u2192\u00a0");
	}
	buf_add_string(&shown, rest);
	x->failed |= words.overflowed;
	buf_release(&words);
	html_buf(x, "td", NULL, &shown);
}

void html_events(struct xml *x, const struct report *report, size_t target)
{
	static const char *const heads[] = {"After", "UTC", "Event", NULL};
	size_t count = 0, shown = 0;
	struct text day = {0};
	for (size_t i = 0; i < report->event_count; i++)
		count += report->events[i].target == target;
	html_begin_fold(x, "What happened", count <= EVENTS_OPEN_MAX && html_is_open(report, target));
	html_begin_table(x, heads);
	for (size_t i = 0; i < report->event_count && shown < EVENTS_SHOWN_MAX; i++) {
		if (report->events[i].target != target)
			continue;
		shown++;
		xml_open(x, "tr");
		html_clock(x, "td", report->events[i].at_ns);
		write_moment(x, report->start_wall_ns + report->events[i].at_ns, &day);
		write_event(x, &report->gate->targets[target], &report->events[i]);
		xml_close(x);
	}
	html_end_table(x);
	if (shown < count) {
		struct buf more = buf_make(100);
		buf_printf(&more, "\u2026 and %zu more", count - shown);
		html_buf(x, "p", "dim", &more);
	}
	xml_close(x);
}
