/* live.c - what a person sees who watches: the targets as a table that is drawn again and again. */
#include "words.h"

#include "chaingate/times.h"

#include <inttypes.h>

/* A bar needs so many columns to say anything, and more than that is decoration. */
#define BAR_LEAST 8
#define BAR_MOST 30
/* Below so many columns the time in a status has no room. */
#define TIMES_FROM_COLUMNS 56
/* A line of a lane: sign, name, status, replicas, time, with a gap of one before each but the first two. */
#define INDENT 2
#define REPLICA_COLUMNS 5
#define TIME_COLUMNS 7
/* A name is cut before it has fewer, however narrow the window is. */
#define NAME_LEAST 6

/* A sign as well as a colour: neither alone is seen by everybody. */
static const struct {
	const char *sign, *colour;
} signs[] = {
	[CLASS_NONE] = {"?", "\x1b[35m"}, [CLASS_IN_PROGRESS] = {"~", "\x1b[36m"}, [CLASS_READY] = {"+", "\x1b[32m"},
	[CLASS_IDLE] = {"-", "\x1b[2m"}, [CLASS_UNHEALTHY] = {"!", "\x1b[33m"}, [CLASS_FAILED] = {"x", "\x1b[1;31m"},
};

struct live {
	struct buf *out;
	const struct live_options *options;
	int64_t now_ns;
	size_t name_columns, status_columns;
};

/* ---- lines ------------------------------------------------------------------------------------------------------ */

/* A line of plain text, cut to the window. */
static void add_line(struct live *l, const char *before, const char *colour, struct buf *line)
{
	if (l->options->colour && colour)
		buf_add_string(l->out, colour);
	buf_add_string(l->out, before);
	text_add_within(l->out, buf_text(line), l->options->columns - text_columns(text_of(before)));
	if (l->options->colour && colour)
		buf_add_string(l->out, "\x1b[0m");
	buf_add_byte(l->out, '\n');
	buf_release(line);
}

static void add_padded(struct live *l, struct text text, size_t columns)
{
	size_t from = l->out->length;
	text_add_within(l->out, text, columns);
	size_t taken = text_columns(text_slice(buf_text(l->out), from, l->out->length));
	buf_add_repeated(l->out, ' ', columns > taken ? columns - taken : 0);
}

/* "  + Retriever    ACTIVE          1/2   4m12s" */
static void add_lane(struct live *l, const struct gate_lane *lane)
{
	enum status_class class = status_class(lane->status);
	bool colour = l->options->colour;
	struct buf replicas = buf_make(64), time = buf_make(64);
	buf_add_repeated(l->out, ' ', INDENT);
	buf_printf(l->out, "%s%s%s ", colour ? signs[class].colour : "", signs[class].sign, colour ? "\x1b[0m" : "");
	add_padded(l, lane->chainlet.length ? lane->chainlet : lane->deployment, l->name_columns);
	buf_printf(l->out, " %s", colour ? signs[class].colour : "");
	add_padded(l, lane->status_word, l->status_columns);
	buf_add_string(l->out, colour ? "\x1b[0m" : "");
	if (lane->chainlet.length && lane->min_replica.present)
		buf_printf(&replicas, "%" PRId64 "/%" PRId64, lane->active_replica_count, lane->min_replica.value);
	else if (lane->chainlet.length)
		buf_printf(&replicas, "%" PRId64, lane->active_replica_count);
	duration_add_clock(&time, l->now_ns - lane->since_ns);
	buf_add_byte(l->out, ' ');
	add_padded(l, buf_text(&replicas), REPLICA_COLUMNS);
	if (l->options->columns >= TIMES_FROM_COLUMNS) {
		buf_add_byte(l->out, ' ');
		add_padded(l, buf_text(&time), TIME_COLUMNS);
	}
	buf_release(&replicas);
	buf_release(&time);
	while (l->out->length && l->out->bytes[l->out->length - 1] == ' ')
		l->out->length--;
	buf_add_byte(l->out, '\n');
}

/* ---- a target --------------------------------------------------------------------------------------------------- */

/* `[#####-----]`: how much of the time is gone. */
static void add_bar(struct live *l, struct buf *line, int64_t deadline_ns)
{
	size_t used = text_columns(buf_text(line)) + 4;
	size_t width = l->options->columns > used ? l->options->columns - used : 0;
	if (width < BAR_LEAST || deadline_ns <= 0)
		return;
	width = width > BAR_MOST ? BAR_MOST : width;
	size_t done = (size_t)((double)width * (double)(l->now_ns < deadline_ns ? l->now_ns : deadline_ns) / (double)deadline_ns);
	buf_add_string(line, "  [");
	buf_add_repeated(line, '#', done);
	buf_add_repeated(line, '-', width - done);
	buf_add_byte(line, ']');
}

/* "rag/q86yjdy  2m10s of 60m, 1 error  [####------]" */
static void add_head(struct live *l, const struct target_result *target)
{
	struct buf line = buf_make(BUF_LIMIT_REPORT);
	text_add_within(&line, target->target->name, l->options->columns > 50 ? l->options->columns - 30 : 20);
	buf_add_string(&line, "  ");
	if (target->verdict != VERDICT_NONE) {
		buf_printf(&line, "%s after ", verdict_name(target->verdict));
		duration_add_clock(&line, target->at_ns);
	} else {
		duration_add_clock(&line, l->now_ns);
		buf_add_string(&line, " of ");
		duration_add(&line, target->deadline_ns);
	}
	if (target->misses) {
		buf_add_string(&line, ", ");
		add_counted(&line, target->misses, "error");
	}
	if (target->verdict == VERDICT_NONE)
		add_bar(l, &line, target->deadline_ns);
	add_line(l, "", "\x1b[1m", &line);
}

static void add_waiting(struct live *l, const struct target_result *target)
{
	struct buf line = buf_make(BUF_LIMIT_REPORT);
	if (target->verdict != VERDICT_NONE)
		return;
	buf_add_string(&line, "waiting: ");
	waiting_phrase(&line, target, l->now_ns);
	add_line(l, "  ", NULL, &line);
}

static bool is_ready(const struct gate_lane *lane)
{
	return status_class(lane->status) == CLASS_READY;
}

/* All lanes if there is room for them; else those that aren't ready first, and how many are left out. */
static void add_lanes(struct live *l, const struct target_result *target, size_t room)
{
	size_t shown = 0, ready = 0, limit = target->lane_count <= room ? room : room ? room - 1 : 0;
	bool all = target->lane_count <= room;
	for (int pass = 0; pass < (all ? 1 : 2); pass++)
		for (size_t i = 0; i < target->lane_count && shown < limit; i++) {
			if (!all && is_ready(&target->lanes[i]) != (pass == 1))
				continue;
			add_lane(l, &target->lanes[i]);
			shown++;
		}
	if (shown == target->lane_count || room == 0)
		return;
	struct buf line = buf_make(BUF_LIMIT_REPORT);
	for (size_t i = 0; i < target->lane_count; i++)
		ready += is_ready(&target->lanes[i]);
	buf_printf(&line, "\u2026 and %zu more; %zu of %zu ready", target->lane_count - shown, ready, target->lane_count);
	add_line(l, "  ", NULL, &line);
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

static void measure(struct live *l, const struct gate_result *result)
{
	size_t fixed = INDENT + 2 + 1 + 1 + REPLICA_COLUMNS + (l->options->columns >= TIMES_FROM_COLUMNS ? 1 + TIME_COLUMNS : 0);
	for (size_t t = 0; t < result->target_count; t++)
		for (size_t i = 0; i < result->targets[t].lane_count; i++) {
			const struct gate_lane *lane = &result->targets[t].lanes[i];
			size_t name = text_columns(lane->chainlet.length ? lane->chainlet : lane->deployment), status = text_columns(lane->status_word);
			l->name_columns = name > l->name_columns ? name : l->name_columns;
			l->status_columns = status > l->status_columns ? status : l->status_columns;
		}
	size_t room = l->options->columns > fixed ? l->options->columns - fixed : 0;
	if (l->status_columns > room - (room > NAME_LEAST ? NAME_LEAST : room))
		l->status_columns = room > NAME_LEAST ? room - NAME_LEAST : 1; /* a word that nobody knows can be of any length */
	if (l->name_columns + l->status_columns > room)
		l->name_columns = room > l->status_columns + 1 ? room - l->status_columns : 1;
}

/* How many lines a target may have for its lanes, so that all targets fit. */
static size_t lanes_room(const struct gate_result *result, const struct live_options *options, size_t shown_targets)
{
	size_t heads = 2 * shown_targets + (shown_targets < result->target_count);
	return options->rows > heads ? (options->rows - heads) / (shown_targets ? shown_targets : 1) : 0;
}

void live_table(struct buf *out, const struct gate_result *result, int64_t now_ns, const struct live_options *options)
{
	struct live l = {.out = out, .options = options, .now_ns = now_ns};
	size_t targets = result->target_count, most = options->rows / 3 ? options->rows / 3 : 1;
	size_t shown = targets < most ? targets : most;
	measure(&l, result);
	for (size_t i = 0; i < shown; i++) {
		add_head(&l, &result->targets[i]);
		add_lanes(&l, &result->targets[i], lanes_room(result, options, shown));
		add_waiting(&l, &result->targets[i]);
	}
	if (shown < targets) {
		struct buf line = buf_make(BUF_LIMIT_REPORT);
		buf_printf(&line, "\u2026 and %zu more targets", targets - shown);
		add_line(&l, "", NULL, &line);
	}
}
