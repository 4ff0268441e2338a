/* timeline.c - see timeline.h. */
#include "timeline.h"

#include "chaingate/times.h"
#include "drawing.h"
#include "legend.h"
#include "words.h"

#include <inttypes.h>
#include <string.h>

/* Most ticks of the axis. */
#define TICKS_MAX 8
/* Most lines of a mark's title: nobody reads more. */
#define TITLE_LINES_MAX 12

/* ---- lanes ------------------------------------------------------------------------------------------------------ */

/* A bar from one change to the next, or to the end. */
static void draw_status(struct drawing *t, const struct gate_event *event, int64_t until_ns)
{
	struct buf what = buf_make(BUF_LIMIT_REPORT);
	text_add_printable(&what, event->chainlet.length ? event->chainlet : event->deployment);
	buf_add_string(&what, ": ");
	text_add_printable(&what, event->to);
	buf_add_string(&what, " from ");
	duration_add_clock(&what, event->at_ns);
	buf_add_string(&what, " to ");
	duration_add_clock(&what, until_ns);
	draw_bar(t, event->at_ns, until_ns, paint_of(status_parse(event->to)), event->to, &what);
}

/* The status at the verdict, in words right of the verdict's line. A bar there would look as if the run had gone on. */
static void draw_end(struct drawing *t, const struct gate_event *event)
{
	struct buf shown = buf_make(BUF_LIMIT_REPORT), what = buf_make(BUF_LIMIT_REPORT);
	text_add_within(&shown, event->to, (END_WIDTH - 2) / LETTER);
	text_add_printable(&what, event->chainlet.length ? event->chainlet : event->deployment);
	buf_add_string(&what, ": ");
	text_add_printable(&what, event->to);
	buf_add_string(&what, " at the verdict");
	xml_open(t->xml, "text");
	draw_number(t, "x", RIGHT + END_GAP);
	draw_number(t, "y", t->y + 12);
	xml_attribute(t->xml, "fill", "currentColor");
	if (status_class(status_parse(event->to)) != CLASS_READY)
		xml_attribute(t->xml, "font-weight", "bold");
	draw_title(t, &what);
	xml_text_buf(t->xml, &shown);
	xml_close(t->xml);
}

static void draw_lanes(struct drawing *t)
{
	for (size_t i = 0; i < t->lane_count; i++) {
		const struct lane *lane = &t->lanes[i];
		const struct gate_event *last = lane->statuses[lane->count - 1];
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
	buf_add_string(&more, "\u2026 and ");
	add_counted(&more, t->lanes_left_out, "more lane");
	buf_add_string(&more, ": see the table below");
	draw_letters(t, t->left, t->y + 12, "start", "currentColor", buf_string(&more));
	buf_release(&more);
	t->y += ROW;
}

/* ---- the other rows --------------------------------------------------------------------------------------------- */

static void draw_stable(struct drawing *t, int64_t from_ns, int64_t to_ns)
{
	struct buf what = buf_make(BUF_LIMIT_REPORT);
	buf_add_string(&what, "stable from ");
	duration_add_clock(&what, from_ns);
	buf_add_string(&what, " to ");
	duration_add_clock(&what, to_ns);
	static const struct paint paint = {"#1a6f73", NULL};
	draw_bar(t, from_ns, to_ns, &paint, TEXT("stable"), &what);
}

static void draw_stability(struct drawing *t)
{
	int64_t since_ns = -1;
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

static void draw_mark(struct drawing *t, int x, enum shape shape, struct buf *what)
{
	t->drawn[shape] = true;
	draw_shape(t, x, shape);
	draw_title(t, what);
	xml_close(t->xml);
}

static bool is_warning(const struct drawing *t, const struct gate_event *event)
{
	for (size_t i = 0; i < t->target->target->rule_count; i++)
		if (t->target->rules[i].rule == event->rule)
			return !t->target->rules[i].decides;
	return false;
}

static enum shape shape_of(const struct drawing *t, const struct gate_event *event)
{
	if (event->kind == EVENT_MISS || (event->is_final && !is_warning(t, event)))
		return SHAPE_BAD;
	switch (event->finding) {
	case FINDING_HOLDS: return SHAPE_GOOD;
	case FINDING_VIOLATED: return SHAPE_DOUBT;
	case FINDING_OPEN:
	case FINDING_SKIPPED: break;
	}
	return SHAPE_OTHER;
}

/* The shape for events that share a mark. */
static enum shape worst_shape(const bool is_there[SHAPE_OTHER + 1])
{
	static const enum shape from_worst[] = {SHAPE_BAD, SHAPE_DOUBT, SHAPE_OTHER, SHAPE_GOOD};
	for (size_t i = 0; i < sizeof(from_worst) / sizeof(*from_worst); i++)
		if (is_there[from_worst[i]])
			return from_worst[i];
	return SHAPE_OTHER;
}

/* Draws the marks for one kind of event; events at nearly the same time share a mark. A skipped rule doesn't hide that
 * others hold. */
static void draw_marks(struct drawing *t, enum gate_event_kind kind)
{
	for (size_t i = 0; i < t->report->event_count;) {
		struct buf what = buf_make(BUF_LIMIT_REPORT);
		bool is_there[SHAPE_OTHER + 1] = {false};
		int x = -1, lines = 0;
		for (; i < t->report->event_count; i++) {
			const struct gate_event *event = &t->report->events[i];
			if (event->target != t->index || event->kind != kind)
				continue;
			if (x >= 0 && drawing_x(t, event->at_ns) > x + 3)
				break;
			x = x < 0 ? drawing_x(t, event->at_ns) : x;
			if (kind == EVENT_MISS || event->finding != FINDING_SKIPPED)
				is_there[shape_of(t, event)] = true;
			if (++lines > TITLE_LINES_MAX)
				continue;
			buf_add_string(&what, lines > 1 ? "\n" : "");
			duration_add_clock(&what, event->at_ns);
			buf_add_string(&what, "  ");
			add_event(&what, t->target, event);
		}
		if (x >= 0)
			draw_mark(t, x, worst_shape(is_there), &what);
		else
			buf_release(&what);
	}
	t->y += ROW;
}

static void draw_polls(struct drawing *t)
{
	size_t kept = t->target->polls < GATE_POLLS_KEPT ? t->target->polls : GATE_POLLS_KEPT;
	int last = -1;
	for (size_t i = 0; i < kept; i++) {
		int x = drawing_x(t, t->target->poll_at_ns[i]);
		if (x == last)
			continue;
		draw_line(t, x, t->y + 4, t->y + BAR - 3, "0.55", NULL);
		last = x;
	}
	t->y += ROW;
}

static bool has_event(const struct drawing *t, enum gate_event_kind kind)
{
	for (size_t i = 0; i < t->report->event_count; i++)
		if (t->report->events[i].target == t->index && t->report->events[i].kind == kind)
			return true;
	return false;
}

/* ---- names ------------------------------------------------------------------------------------------------------ */

static void draw_row_name(struct drawing *t, const char *name)
{
	draw_name(t, text_of(name), "normal");
	t->y += ROW;
}

/* Room for the longest name, and for "stable" and "errors". */
static int left_of_plot(const struct drawing *t)
{
	size_t longest = strlen("stable");
	for (size_t i = 0; i < t->lane_count; i++) {
		const struct gate_event *first = t->lanes[i].statuses[0];
		size_t columns = text_columns(first->chainlet.length ? first->chainlet : first->deployment);
		longest = columns > longest ? columns : longest;
	}
	return NAME_EDGE + LETTER * (int)(longest < NAME_COLUMNS ? longest : NAME_COLUMNS) + NAME_GAP;
}

static void draw_names(struct drawing *t, bool has_rules, bool has_errors)
{
	t->y = TOP;
	for (size_t i = 0; i < t->lane_count; i++) {
		const struct gate_event *first = t->lanes[i].statuses[0];
		bool is_chainlet = first->chainlet.length > 0;
		draw_name(t, is_chainlet ? first->chainlet : first->deployment, is_chainlet ? "normal" : "bold");
		t->y += ROW;
	}
	t->y += t->lanes_left_out ? ROW : 0;
	draw_row_name(t, "stable");
	if (has_rules)
		draw_row_name(t, "rules");
	draw_row_name(t, "polls");
	if (has_errors)
		draw_row_name(t, "errors");
	t->y = TOP;
}

/* Opens a part of the picture that is shown once more, apart from it. Only a style sheet gives it a size. */
static void open_alone(struct xml *x, const char *class, int width, int height)
{
	xml_open(x, "svg");
	xml_attribute(x, "xmlns", "http://www.w3.org/2000/svg");
	xml_attribute(x, "class", "%s", class);
	xml_attribute(x, "viewBox", "0 0 %d %d", width, height);
	xml_attribute(x, "width", "0");
	xml_attribute(x, "height", "0");
	xml_attribute(x, "aria-hidden", "true");
	xml_attribute(x, "font-family", "system-ui, sans-serif");
	xml_attribute(x, "font-size", "12");
}

/* The names once more. On a phone the page shows the end of the picture, where the verdict is, and these beside it. */
static void write_names_alone(struct drawing *t, int height, bool has_rules, bool has_errors)
{
	open_alone(t->xml, "names", t->left, height);
	xml_attribute(t->xml, "style", "width:%.4f%%", 100.0 * t->left / WIDTH);
	draw_names(t, has_rules, has_errors);
	xml_close(t->xml);
}

/* The legend's width on a phone: in html.c's style sheet it is 21rem, and the picture 52rem. */
#define LEGEND_WIDTH (WIDTH * 21 / 52)

/* The legend once more, for a phone: in the picture, it would be left of what is shown. */
static void write_legend_alone(struct drawing *t, bool has_rules)
{
	struct legend legend = {.right = LEGEND_WIDTH, .has_rules = has_rules};
	t->y = 0;
	open_alone(t->xml, "legend", LEGEND_WIDTH, ROW * legend_draw(t, &legend));
	legend.draws = true;
	legend_draw(t, &legend);
	xml_close(t->xml);
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

/* The verdict and its time. Returns where they begin: at the verdict's line, or, if they are too long, left of it. */
static int verdict_label(const struct drawing *t, struct buf *out)
{
	buf_printf(out, "%s ", verdict_name(t->target->verdict));
	duration_add_clock(out, t->target->at_ns);
	int room = WIDTH - RIGHT - END_GAP, width = (int)text_columns(buf_text(out)) * LETTER;
	return RIGHT + END_GAP - (width > room ? width - room : 0);
}

/* Half the width of the widest label of the axis, and a gap. */
#define TICK_LABEL_HALF 30

/* Drawn before the lanes, so that they cover it. Labels keep clear of the right end, where the verdict's time is. */
static void draw_axis(struct drawing *t, int bottom)
{
	struct buf verdict = buf_make(BUF_LIMIT_REPORT);
	int64_t step_ns = tick_step(t->span_ns);
	int end = verdict_label(t, &verdict);
	buf_release(&verdict);
	for (int64_t at_ns = 0; at_ns <= t->span_ns; at_ns += step_ns) {
		struct buf label = buf_make(64);
		draw_line(t, drawing_x(t, at_ns), TOP - 4, bottom, "0.18", NULL);
		duration_add_clock(&label, at_ns);
		if (drawing_x(t, at_ns) < end - END_GAP - TICK_LABEL_HALF)
			draw_letters(t, drawing_x(t, at_ns), TOP - 10, at_ns ? "middle" : "start", "currentColor",
				     buf_string(&label));
		buf_release(&label);
	}
}

static void draw_verdict(struct drawing *t, int bottom)
{
	struct buf label = buf_make(BUF_LIMIT_REPORT);
	int x = drawing_x(t, t->target->at_ns), words = verdict_label(t, &label);
	draw_line(t, x, TOP - 6, bottom, "1", "4 3");
	draw_letters(t, words, TOP - 10, "start", "currentColor", buf_string(&label));
	buf_release(&label);
}

static void describe(struct drawing *t, size_t number)
{
	struct buf heading = buf_make(BUF_LIMIT_REPORT), words = buf_make(BUF_LIMIT_REPORT);
	buf_add_string(&heading, "Timeline of ");
	add_target_name(&heading, t->target->target);
	add_counted(&words, t->lane_count, "lane");
	if (t->lanes_left_out)
		buf_printf(&words, " of %zu", t->lane_count + t->lanes_left_out);
	buf_add_string(&words, ", of deployments and chainlets by status, over ");
	duration_add_clock(&words, t->span_ns);
	buf_add_string(&words,
		       "; then stability, changes of rules, polls and errors. The tables below say the same in words.");
	xml_open(t->xml, "title");
	xml_attribute(t->xml, "id", "timeline-%zu", number);
	xml_text_buf(t->xml, &heading);
	xml_close(t->xml);
	xml_open(t->xml, "desc");
	xml_attribute(t->xml, "id", "timeline-%zu-text", number);
	xml_text_buf(t->xml, &words);
	xml_close(t->xml);
}

static void open_picture(struct drawing *t, int height, size_t number)
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
	struct drawing t = {
		.xml = xml, .report = report, .target = &report->gate->targets[index], .index = index, .y = TOP};
	bool has_rules = has_event(&(struct drawing){.report = report, .index = index}, EVENT_RULE);
	bool has_errors = t.target->misses > 0;
	t.span_ns = t.target->at_ns > 0 ? t.target->at_ns : 1;
	size_t lane_count = lanes_gather(&t.arena, report, index, &t.lanes);
	t.lane_count = lane_count < TIMELINE_LANES_MAX ? lane_count : TIMELINE_LANES_MAX;
	t.lanes_left_out = lane_count - t.lane_count;
	int bottom = TOP + ROW * (int)(t.lane_count + (t.lanes_left_out > 0) + 2 + has_rules + has_errors);
	t.left = left_of_plot(&t);
	struct legend legend = {.left = t.left, .right = WIDTH, .has_rules = has_rules};
	int height = bottom + 6 + ROW * (legend_draw(&t, &legend) + (has_rules || has_errors));
	t.number = number;
	open_picture(&t, height, number);
	paint_patterns(xml, number);
	draw_axis(&t, bottom);
	draw_names(&t, has_rules, has_errors);
	draw_lanes(&t);
	draw_stability(&t);
	if (has_rules)
		draw_marks(&t, EVENT_RULE);
	draw_polls(&t);
	if (has_errors)
		draw_marks(&t, EVENT_MISS);
	draw_verdict(&t, bottom);
	t.y = bottom + 6;
	legend.draws = true;
	xml_open(xml, "g");
	xml_attribute(xml, "class", "legend");
	legend_draw(&t, &legend);
	xml_close(xml);
	xml_close(xml);
	write_names_alone(&t, height, has_rules, has_errors);
	write_legend_alone(&t, has_rules);
	arena_release(&t.arena);
}
