/* timeline.c - see timeline.h. Coordinates are whole pixels; the viewer scales the picture. */
#include "timeline.h"

#include "chaingate/times.h"
#include "lanes.h"
#include "paint.h"
#include "words.h"

#include <inttypes.h>

#define WIDTH 960
/* Width left of the plot, for the names. */
#define LEFT 190
/* Width right of the plot, for the final status of each lane: the status that fails a gate often begins just before
 * the verdict, and its bar would be only a line. */
#define END_WIDTH 124
#define END_GAP 6
#define RIGHT (WIDTH - 14 - END_WIDTH - END_GAP)
#define TOP 26
#define ROW 22
#define BAR 16
/* Width of a letter of 12 pixels; a text is only drawn where it surely fits. */
#define LETTER 8
#define NAME_COLUMNS ((LEFT - 14) / LETTER)
/* Most ticks of the axis. */
#define TICKS_MAX 8
/* Most lines of a mark's title; more say nothing. */
#define TITLE_LINES_MAX 12

struct timeline {
	struct xml *xml;
	const struct report *report;
	const struct target_result *target;
	size_t index;
	int64_t span_ns;
	struct arena arena;
	const struct lane *lanes; /* in the order of drawing */
	size_t lane_count, lanes_left_out;
	size_t number; /* of the picture on its page, used in the ids of its patterns */
	int y;         /* of the next row */
};

static int x_of(const struct timeline *t, int64_t at_ns)
{
	return LEFT + (int)((double)(RIGHT - LEFT) * ((double)at_ns / (double)t->span_ns));
}

/* ---- elements --------------------------------------------------------------------------------------------------- */

static void number(struct timeline *t, const char *name, int value)
{
	xml_attribute(t->xml, name, "%d", value);
}

static void title(struct timeline *t, struct buf *buf)
{
	xml_open(t->xml, "title");
	xml_text_buf(t->xml, buf);
	xml_close(t->xml);
}

static void letters(struct timeline *t, int x, int y, const char *anchor, const char *fill, const char *text)
{
	xml_open(t->xml, "text");
	number(t, "x", x);
	number(t, "y", y);
	xml_attribute(t->xml, "text-anchor", "%s", anchor);
	xml_attribute(t->xml, "fill", "%s", fill);
	xml_text(t->xml, text);
	xml_close(t->xml);
}

static void line(struct timeline *t, int x, int from, int to, const char *opacity, const char *dashes)
{
	xml_open(t->xml, "line");
	number(t, "x1", x);
	number(t, "x2", x);
	number(t, "y1", from);
	number(t, "y2", to);
	xml_attribute(t->xml, "stroke", "currentColor");
	xml_attribute(t->xml, "stroke-opacity", "%s", opacity);
	if (dashes)
		xml_attribute(t->xml, "stroke-dasharray", "%s", dashes);
	xml_close(t->xml);
}

/* As much of a name as fits; the whole name is the title. */
static void name(struct timeline *t, struct text text, const char *weight)
{
	struct buf shown = buf_make(BUF_LIMIT_REPORT);
	text_add_within(&shown, text, NAME_COLUMNS);
	xml_open(t->xml, "text");
	number(t, "x", LEFT - 8);
	number(t, "y", t->y + 12);
	xml_attribute(t->xml, "text-anchor", "end");
	xml_attribute(t->xml, "fill", "currentColor");
	xml_attribute(t->xml, "font-weight", "%s", weight);
	if (text_columns(text) > NAME_COLUMNS) {
		struct buf whole = buf_make(BUF_LIMIT_REPORT);
		text_add_printable(&whole, text);
		title(t, &whole);
	}
	xml_text_buf(t->xml, &shown);
	xml_close(t->xml);
}

static void box(struct timeline *t, int x, int width)
{
	xml_open(t->xml, "rect");
	number(t, "x", x);
	number(t, "y", t->y);
	number(t, "width", width);
	number(t, "height", BAR);
	number(t, "rx", 2);
}

/* Least width: a status that lasted too short to be seen gets a bar that ends where the status ends. */
#define BAR_LEAST 4

static void bar(struct timeline *t, int64_t from_ns, int64_t to_ns, const struct paint *paint, struct text word,
		struct buf *what)
{
	int end = x_of(t, to_ns), x = x_of(t, from_ns),
	    width = end - x - 1; /* the next bar begins one pixel after it */
	if (width < BAR_LEAST) {
		width = BAR_LEAST;
		x = end - width > LEFT ? end - width : LEFT;
	}
	xml_open(t->xml, "g");
	title(t, what);
	box(t, x, width);
	xml_attribute(t->xml, "fill", "%s", paint->colour);
	xml_close(t->xml);
	if (paint->pattern) {
		box(t, x, width);
		xml_attribute(t->xml, "fill", "url(#pattern-%zu-%s)", t->number, paint->pattern);
		xml_close(t->xml);
	}
	struct buf shown = buf_make(BUF_LIMIT_REPORT);
	text_add_printable(&shown, word);
	if ((int)text_columns(buf_text(&shown)) * LETTER + 8 <= width)
		letters(t, x + 5, t->y + 12, "start", "#ffffff", buf_string(&shown));
	buf_release(&shown);
	xml_close(t->xml);
}

/* ---- lanes ------------------------------------------------------------------------------------------------------ */

/* A bar from one change to the next, or to the end. */
static void draw_status(struct timeline *t, const struct gate_event *event, int64_t until_ns)
{
	struct buf what = buf_make(BUF_LIMIT_REPORT);
	text_add_printable(&what, event->chainlet.length ? event->chainlet : event->deployment);
	buf_add_string(&what, ": ");
	text_add_printable(&what, event->to);
	buf_add_string(&what, " from ");
	duration_add_clock(&what, event->at_ns);
	buf_add_string(&what, " to ");
	duration_add_clock(&what, until_ns);
	bar(t, event->at_ns, until_ns, paint_of(status_parse(event->to)), event->to, &what);
}

/* The status at the verdict, in words right of the verdict's line. A bar there would look as if the run had gone on. */
static void draw_end(struct timeline *t, const struct gate_event *event)
{
	struct buf shown = buf_make(BUF_LIMIT_REPORT), what = buf_make(BUF_LIMIT_REPORT);
	text_add_within(&shown, event->to, (END_WIDTH - 2) / LETTER);
	text_add_printable(&what, event->chainlet.length ? event->chainlet : event->deployment);
	buf_add_string(&what, ": ");
	text_add_printable(&what, event->to);
	buf_add_string(&what, " at the verdict");
	xml_open(t->xml, "text");
	number(t, "x", RIGHT + END_GAP);
	number(t, "y", t->y + 12);
	xml_attribute(t->xml, "fill", "currentColor");
	if (status_class(status_parse(event->to)) != CLASS_READY)
		xml_attribute(t->xml, "font-weight", "bold");
	title(t, &what);
	xml_text_buf(t->xml, &shown);
	xml_close(t->xml);
}

static void draw_lanes(struct timeline *t)
{
	for (size_t i = 0; i < t->lane_count; i++) {
		const struct lane *lane = &t->lanes[i];
		const struct gate_event *first = lane->statuses[0], *last = lane->statuses[lane->count - 1];
		name(t, first->chainlet.length ? first->chainlet : first->deployment,
		     first->chainlet.length ? "normal" : "bold");
		for (size_t s = 0; s < lane->count; s++)
			if (lane->statuses[s]->to.length)
				draw_status(t, lane->statuses[s],
					    s + 1 < lane->count ? lane->statuses[s + 1]->at_ns : t->span_ns);
		if (last->to.length)
			draw_end(t, last);
		t->y += ROW;
	}
	if (!t->lanes_left_out)
		return;
	struct buf more = buf_make(100);
	buf_printf(&more, "\u2026 and %zu more lanes, which are in the table below", t->lanes_left_out);
	letters(t, LEFT, t->y + 12, "start", "currentColor", buf_string(&more));
	buf_release(&more);
	t->y += ROW;
}

/* ---- the other rows --------------------------------------------------------------------------------------------- */

static void draw_stable(struct timeline *t, int64_t from_ns, int64_t to_ns)
{
	struct buf what = buf_make(BUF_LIMIT_REPORT);
	buf_add_string(&what, "stable from ");
	duration_add_clock(&what, from_ns);
	buf_add_string(&what, " to ");
	duration_add_clock(&what, to_ns);
	static const struct paint paint = {"#1a6f73", NULL};
	bar(t, from_ns, to_ns, &paint, TEXT("stable"), &what);
}

static void draw_stability(struct timeline *t)
{
	int64_t since_ns = -1;
	name(t, TEXT("stable"), "normal");
	for (size_t i = 0; i < t->report->event_count; i++) {
		const struct gate_event *event = &t->report->events[i];
		if (event->target != t->index)
			continue;
		if (event->kind == EVENT_STABLE)
			since_ns = event->at_ns;
		if (event->kind == EVENT_MOVED && since_ns >= 0) {
			draw_stable(t, since_ns, event->at_ns);
			since_ns = -1;
		}
	}
	if (since_ns >= 0)
		draw_stable(t, since_ns, t->span_ns);
	t->y += ROW;
}

/* A circle for a rule that holds, a triangle for one that doesn't, a square for anything else: the shape shows it
 * without colour. */
enum shape { SHAPE_GOOD, SHAPE_BAD, SHAPE_OTHER };

static void draw_shape(struct timeline *t, int x, enum shape shape)
{
	int middle = t->y + BAR / 2;
	bool bad = shape == SHAPE_BAD, good = shape == SHAPE_GOOD;
	xml_open(t->xml, "path");
	if (bad)
		xml_attribute(t->xml, "d", "M%d %dl6 11h-12z", x, middle - 6);
	else if (good)
		xml_attribute(t->xml, "d", "M%d %da5 5 0 1 0 10 0a5 5 0 1 0-10 0z", x - 5, middle);
	else
		xml_attribute(t->xml, "d", "M%d %dh8v8h-8z", x - 4, middle - 4);
	xml_attribute(t->xml, "fill", "%s", bad ? "#c21c28" : good ? "#1a7431" : "#59636e");
	/* Visible on a light page and on a dark one. */
	xml_attribute(t->xml, "stroke", "currentColor");
	xml_attribute(t->xml, "stroke-width", "1");
}

static void draw_mark(struct timeline *t, int x, enum shape shape, struct buf *what)
{
	draw_shape(t, x, shape);
	title(t, what);
	xml_close(t->xml);
}

/* Draws marks of one kind; those at the same place become one mark. */
static void draw_marks(struct timeline *t, const char *row, enum gate_event_kind kind)
{
	name(t, text_of(row), "normal");
	for (size_t i = 0; i < t->report->event_count;) {
		struct buf what = buf_make(BUF_LIMIT_REPORT);
		bool bad = false, good = true;
		int x = -1, lines = 0;
		for (; i < t->report->event_count; i++) {
			const struct gate_event *event = &t->report->events[i];
			if (event->target != t->index || event->kind != kind)
				continue;
			if (x >= 0 && x_of(t, event->at_ns) > x + 3)
				break;
			x = x < 0 ? x_of(t, event->at_ns) : x;
			bad |= kind == EVENT_MISS || event->finding == FINDING_VIOLATED;
			good &= event->finding == FINDING_HOLDS;
			if (++lines > TITLE_LINES_MAX)
				continue;
			buf_add_string(&what, lines > 1 ? "\n" : "");
			duration_add_clock(&what, event->at_ns);
			buf_add_string(&what, "  ");
			add_event(&what, t->target, event);
		}
		if (x >= 0)
			draw_mark(t, x, bad ? SHAPE_BAD : good ? SHAPE_GOOD : SHAPE_OTHER, &what);
		else
			buf_release(&what);
	}
	t->y += ROW;
}

static void draw_polls(struct timeline *t)
{
	size_t kept = t->target->polls < GATE_POLLS_KEPT ? t->target->polls : GATE_POLLS_KEPT;
	int last = -1;
	name(t, TEXT("polls"), "normal");
	for (size_t i = 0; i < kept; i++) {
		int x = x_of(t, t->target->poll_at_ns[i]);
		if (x == last)
			continue;
		line(t, x, t->y + 4, t->y + BAR - 3, "0.55", NULL);
		last = x;
	}
	t->y += ROW;
}

/* ---- the legend ------------------------------------------------------------------------------------------------- */

/* The width of an entry of the legend: a sample and words. */
static int legend_width(const char *words)
{
	return 16 + (int)text_columns(text_of(words)) * LETTER + 12;
}

static void add_legend(struct timeline *t, int *x, const char *words)
{
	letters(t, *x + 16, t->y + 12, "start", "currentColor", words);
	*x += legend_width(words);
}

/* Finds the statuses that occur, by enum. An unknown word is STATUS_UNKNOWN. */
static void find_statuses(const struct timeline *t, bool is_there[STATUS_COUNT])
{
	for (size_t l = 0; l < t->lane_count; l++)
		for (size_t s = 0; s < t->lanes[l].count; s++)
			if (t->lanes[l].statuses[s]->to.length)
				is_there[status_parse(t->lanes[l].statuses[s]->to)] = true;
}

static const char *legend_word(int status)
{
	return status == STATUS_UNKNOWN ? "an unknown status" : status_name((enum status)status);
}

/* The legend for those colours and patterns that occur. Returns the number of rows; without `draws` it only counts. */
static int draw_statuses(struct timeline *t, bool draws)
{
	bool is_there[STATUS_COUNT] = {false};
	int x = LEFT, rows = 1;
	find_statuses(t, is_there);
	for (int status = 0; status < STATUS_COUNT; status++) {
		const struct paint *paint = paint_of((enum status)status);
		if (!is_there[status])
			continue;
		if (x > LEFT && x + legend_width(legend_word(status)) > WIDTH) {
			x = LEFT;
			rows++;
			t->y += draws ? ROW : 0;
		}
		for (int layer = 0; draws && layer <= (paint->pattern ? 1 : 0); layer++) {
			xml_open(t->xml, "path");
			xml_attribute(t->xml, "d", "M%d %dh12v12h-12z", x, t->y + 2);
			if (layer)
				xml_attribute(t->xml, "fill", "url(#pattern-%zu-%s)", t->number, paint->pattern);
			else
				xml_attribute(t->xml, "fill", "%s", paint->colour);
			xml_close(t->xml);
		}
		if (draws)
			add_legend(t, &x, legend_word(status));
		else
			x += legend_width(legend_word(status));
	}
	t->y += draws ? ROW : 0;
	return rows;
}

/* The legend for the shapes. */
static void draw_shapes(struct timeline *t, bool has_rules, bool has_errors)
{
	int x = LEFT;
	static const char *const of_rules[] = {[SHAPE_GOOD] = "rule holds",
					       [SHAPE_BAD] = "rule violated, or error",
					       [SHAPE_OTHER] = "rule unknown, or skipped"};
	bool is_there[] = {[SHAPE_GOOD] = false, [SHAPE_BAD] = has_errors, [SHAPE_OTHER] = false};
	for (size_t i = 0; i < t->report->event_count; i++) {
		const struct gate_event *event = &t->report->events[i];
		if (event->target == t->index && event->kind == EVENT_RULE)
			is_there[event->finding == FINDING_HOLDS      ? SHAPE_GOOD
				 : event->finding == FINDING_VIOLATED ? SHAPE_BAD
								      : SHAPE_OTHER] = true;
	}
	for (int shape = SHAPE_GOOD; shape <= SHAPE_OTHER; shape++) {
		if (!is_there[shape])
			continue;
		draw_shape(t, x + 5, (enum shape)shape);
		xml_close(t->xml);
		add_legend(t, &x, has_rules ? of_rules[shape] : "error");
	}
	t->y += ROW;
}

static bool has_event(const struct timeline *t, enum gate_event_kind kind)
{
	for (size_t i = 0; i < t->report->event_count; i++)
		if (t->report->events[i].target == t->index && t->report->events[i].kind == kind)
			return true;
	return false;
}

/* ---- the frame -------------------------------------------------------------------------------------------------- */

static int64_t tick_step(int64_t span_ns)
{
	static const int steps[] = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400};
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (span_ns / NS_PER_S / steps[i] <= TICKS_MAX)
			return steps[i] * NS_PER_S;
	return (span_ns / TICKS_MAX / (86400 * NS_PER_S) + 1) * 86400 * NS_PER_S;
}

/* Drawn before the lanes, so that they cover it. Nothing else is drawn at the right, where the verdict's time is. */
static void draw_axis(struct timeline *t, int bottom)
{
	int64_t step_ns = tick_step(t->span_ns);
	for (int64_t at_ns = 0; at_ns <= t->span_ns; at_ns += step_ns) {
		struct buf label = buf_make(64);
		line(t, x_of(t, at_ns), TOP - 4, bottom, "0.18", NULL);
		duration_add_clock(&label, at_ns);
		if (x_of(t, at_ns) < RIGHT - 30)
			letters(t, x_of(t, at_ns), TOP - 10, at_ns ? "middle" : "start", "currentColor",
				buf_string(&label));
		buf_release(&label);
	}
}

static void draw_verdict(struct timeline *t, int bottom)
{
	struct buf label = buf_make(BUF_LIMIT_REPORT);
	int x = x_of(t, t->target->at_ns);
	line(t, x, TOP - 6, bottom, "1", "4 3");
	buf_printf(&label, "%s ", verdict_name(t->target->verdict));
	duration_add_clock(&label, t->target->at_ns);
	letters(t, RIGHT + END_GAP + END_WIDTH, TOP - 10, "end", "currentColor", buf_string(&label));
	buf_release(&label);
}

static void describe(struct timeline *t, size_t number)
{
	struct buf heading = buf_make(BUF_LIMIT_REPORT), words = buf_make(BUF_LIMIT_REPORT);
	buf_add_string(&heading, "Timeline of ");
	add_target_name(&heading, t->target->target);
	add_counted(&words, t->lane_count, "lane");
	if (t->lanes_left_out)
		buf_printf(&words, " of %zu", t->lane_count + t->lanes_left_out);
	buf_add_string(&words, ", of deployments and chainlets by status, over ");
	duration_add_clock(&words, t->span_ns);
	buf_add_string(
		&words,
		"; then stability, changes of rules, polls and errors. The same as text is in the tables below it.");
	xml_open(t->xml, "title");
	xml_attribute(t->xml, "id", "timeline-%zu", number);
	xml_text_buf(t->xml, &heading);
	xml_close(t->xml);
	xml_open(t->xml, "desc");
	xml_attribute(t->xml, "id", "timeline-%zu-text", number);
	xml_text_buf(t->xml, &words);
	xml_close(t->xml);
}

static void open_picture(struct timeline *t, int height, size_t number)
{
	struct xml *x = t->xml;
	xml_open(x, "svg");
	xml_attribute(x, "xmlns", "http://www.w3.org/2000/svg");
	xml_attribute(x, "viewBox", "0 0 %d %d", WIDTH, height);
	xml_attribute(x, "width", "%d", WIDTH);
	xml_attribute(x, "height", "%d", height);
	xml_attribute(x, "role", "img");
	xml_attribute(x, "aria-labelledby", "timeline-%zu timeline-%zu-text", number, number);
	xml_attribute(x, "font-family", "system-ui, sans-serif");
	xml_attribute(x, "font-size", "12");
	describe(t, number);
}

void timeline_write(struct xml *xml, const struct report *report, size_t index, size_t number)
{
	struct timeline t = {
		.xml = xml, .report = report, .target = &report->gate->targets[index], .index = index, .y = TOP};
	bool has_rules = has_event(&(struct timeline){.report = report, .index = index}, EVENT_RULE);
	bool has_errors = t.target->misses > 0;
	t.span_ns = t.target->at_ns > 0 ? t.target->at_ns : 1;
	size_t lane_count = lanes_gather(&t.arena, report, index, &t.lanes);
	t.lane_count = lane_count < TIMELINE_LANES_MAX ? lane_count : TIMELINE_LANES_MAX;
	t.lanes_left_out = lane_count - t.lane_count;
	int bottom = TOP + ROW * (int)(t.lane_count + (t.lanes_left_out > 0) + 2 + has_rules + has_errors);
	t.number = number;
	open_picture(&t, bottom + 6 + ROW * (draw_statuses(&t, false) + (has_rules || has_errors)), number);
	paint_patterns(xml, number);
	draw_axis(&t, bottom);
	draw_lanes(&t);
	draw_stability(&t);
	if (has_rules)
		draw_marks(&t, "rules", EVENT_RULE);
	draw_polls(&t);
	if (has_errors)
		draw_marks(&t, "errors", EVENT_MISS);
	draw_verdict(&t, bottom);
	t.y = bottom + 6;
	draw_statuses(&t, true);
	draw_shapes(&t, has_rules, has_errors);
	xml_close(xml);
	arena_release(&t.arena);
}
