/* live_table.c - the state of a run as lines for a terminal.
 *
 * It knows only the terminal's size. The caller draws the lines in place of the last ones.
 */
#include "table.h"

#include "chaingate/times.h"

/* A shorter bar says little, and a longer one says no more. */
#define BAR_CELLS_MIN 20
#define BAR_CELLS_MAX 50
#define BAR_BRACKETS 2
#define GAP 2
/* How many lines the "waiting" phrase may take: as many as three long names need in 40 columns. */
#define WAITING_LINES_MAX 3
/* How many targets are named if the window is large enough: as many as a person takes in at a glance. */
#define TARGETS_NAMED_MAX 10
/* Targets take at most this part of the window: a third. */
#define TARGETS_WINDOW_PART 3

/* ---- the head: name, bar, time ---------------------------------------------------------------------------------- */

static void add_name(struct buf *buf, const struct gate_result *result)
{
	if (result->target_count == 1)
		buf_add(buf, result->targets[0].target->name);
	else
		add_counted(buf, result->target_count, "target");
}

/* "3m10s of 20m" */
static void add_elapsed(struct buf *buf, int64_t now_ns, int64_t timeout_ns)
{
	duration_add_clock(buf, now_ns);
	if (timeout_ns > 0) {
		buf_add_string(buf, " of ");
		duration_add(buf, timeout_ns);
	}
}

/* The bar fills the rest of the line, leaving room for the words after it. */
static void add_bar(struct line *line, int64_t now_ns, int64_t timeout_ns, size_t words)
{
	size_t taken = words + GAP + BAR_BRACKETS;
	size_t cells = line->left > taken ? line->left - taken : 0;
	if (timeout_ns <= 0 || cells < BAR_CELLS_MIN / 2)
		return;
	if (cells > BAR_CELLS_MAX)
		cells = BAR_CELLS_MAX;
	int64_t share_ns = timeout_ns / (int64_t)cells > 0 ? timeout_ns / (int64_t)cells : 1;
	size_t full = now_ns >= timeout_ns ? cells : (size_t)(now_ns / share_ns);
	struct buf bar = buf_make(BUF_LIMIT_REPORT);
	buf_add_byte(&bar, '[');
	buf_add_repeated(&bar, '#', full < cells ? full : cells);
	buf_add_repeated(&bar, '.', full < cells ? cells - full : 0);
	buf_add_byte(&bar, ']');
	line_add(line, buf_text(&bar), NULL);
	line_pad(line, GAP);
	buf_release(&bar);
}

/* On one line, or on two if the name leaves no room for the rest. */
static void add_head(struct buf *buf, const struct gate_result *result, int64_t now_ns, const struct screen *screen)
{
	struct line line = line_begin(buf, screen);
	struct buf name = buf_make(BUF_LIMIT_REPORT), elapsed = buf_make(BUF_LIMIT_REPORT);
	add_name(&name, result);
	add_elapsed(&elapsed, now_ns, result->timeout_ns);
	size_t words = elapsed.length;
	size_t bar = result->timeout_ns > 0 ? BAR_CELLS_MIN + BAR_BRACKETS + GAP : 0;
	bool is_one_line = text_columns(buf_text(&name)) + GAP + bar + words <= line.left;
	line_add(&line, buf_text(&name), NULL);
	if (is_one_line) {
		line_pad(&line, GAP);
	} else {
		line_end(&line);
		line = line_begin(buf, screen);
	}
	add_bar(&line, now_ns, result->timeout_ns, words);
	line_add(&line, buf_text(&elapsed), NULL);
	line_end(&line);
	buf_release(&name);
	buf_release(&elapsed);
}

/* ---- the foot: what each target waits for, and errors ----------------------------------------------------------- */

/* "waiting: …", or how the run ended. */
static void add_state(struct buf *buf, const struct target_result *target, const struct gate_result *result,
		      int64_t now_ns)
{
	if (target->verdict == VERDICT_NONE) {
		buf_add_string(buf, target->waiting == WAITING_NOTHING ? "passing, " : "");
		waiting_phrase(buf, target, now_ns);
		add_listed(buf, target);
		return;
	}
	if (target->reason != REASON_INTERRUPTED) /* its reason begins with "interrupted" */
		buf_printf(buf, "%s: ", verdict_name(target->verdict));
	verdict_reason(buf, target, result);
}

static void add_only_target(struct buf *buf, const struct gate_result *result, int64_t now_ns,
			    const struct screen *screen)
{
	const struct target_result *target = &result->targets[0];
	struct buf words = buf_make(BUF_LIMIT_REPORT);
	add_state(&words, target, result, now_ns);
	lines_add_wrapped(buf, buf_text(&words), WAITING_LINES_MAX, screen);
	buf_clear(&words);
	add_counted(&words, target->polls, "poll");
	buf_add_string(&words, ", ");
	add_counted(&words, target->misses, "error");
	if (target->misses > 0 && target->miss.cause != MISS_NONE) {
		buf_add_string(&words, target->misses > 1 ? ", the last: " : ": ");
		add_miss(&words, &target->miss);
	}
	struct line line = line_begin(buf, screen);
	line_add(&line, buf_text(&words), NULL);
	line_end(&line);
	buf_release(&words);
}

static void add_target(struct buf *buf, const struct target_result *target, const struct gate_result *result,
		       int64_t now_ns, const struct screen *screen)
{
	struct line line = line_begin(buf, screen);
	struct buf words = buf_make(BUF_LIMIT_REPORT);
	buf_add(&words, target->target->name);
	buf_add_string(&words, "  ");
	if (target->misses > 0) {
		add_counted(&words, target->misses, "error");
		buf_add_string(&words, ", ");
	}
	add_state(&words, target, result, now_ns);
	line_add(&line, buf_text(&words), NULL);
	line_end(&line);
	buf_release(&words);
}

/* The order in which targets are shown if there are many: the smallest rank first. What only has to stay as it is comes
 * after what isn't ready. */
static int target_rank(const struct target_result *target)
{
	switch (target->verdict) {
	case VERDICT_NONE: return target->waiting == WAITING_NOTHING ? 3 : target->waiting == WAITING_STABLE ? 2 : 1;
	case VERDICT_PASSED: return 4;
	case VERDICT_FAILED:
	case VERDICT_TIMED_OUT:
	case VERDICT_UNDECIDED:
	case VERDICT_UNREACHABLE:
	case VERDICT_INTERRUPTED:
	case VERDICT_COUNT: break;
	}
	return 0;
}
#define TARGET_RANKS 5

static size_t targets_most(const struct screen *screen)
{
	size_t part = screen->rows / TARGETS_WINDOW_PART;
	if (screen->rows == 0 || part > TARGETS_NAMED_MAX)
		return TARGETS_NAMED_MAX;
	return part > 0 ? part : 1;
}

static void add_targets(struct buf *buf, const struct gate_result *result, int64_t now_ns, const struct screen *screen)
{
	size_t most = targets_most(screen), shown = 0, done = 0;
	if (result->target_count > most)
		most--;
	for (int rank = 0; rank < TARGET_RANKS; rank++)
		for (size_t i = 0; i < result->target_count; i++) {
			const struct target_result *target = &result->targets[i];
			if (target_rank(target) != rank)
				continue;
			if (shown < most) {
				add_target(buf, target, result, now_ns, screen);
				shown++;
			} else {
				done += target->verdict == VERDICT_PASSED;
			}
		}
	if (shown == result->target_count)
		return;
	struct line line = line_begin(buf, screen);
	struct buf words = buf_make(BUF_LIMIT_REPORT);
	buf_add_string(&words, "… and ");
	add_counted(&words, result->target_count - shown, "more target");
	buf_printf(&words, ", %zu passed", done);
	line_add(&line, buf_text(&words), NULL);
	line_end(&line);
	buf_release(&words);
}

/* ---- the rows --------------------------------------------------------------------------------------------------- */

/* With several targets the deployment's id is told with its chain: ids alone say nothing to a reader. */
static struct table_row lane_row(struct arena *arena, const struct gate_result *result,
				 const struct target_result *target, const struct gate_lane *lane, int64_t now_ns)
{
	bool is_chainlet = lane->chainlet.length > 0;
	struct text deployment = lane->deployment;
	if (result->target_count > 1)
		deployment = text_of(
			arena_printf(arena, "%.*s/%.*s", TEXT_ARG(target->target->chain), TEXT_ARG(deployment)));
	struct table_row row = {
		.deployment = deployment,
		.is_chainlet = is_chainlet,
		.indent = is_chainlet ? CHAINLET_INDENT : 0,
		.status = lane->status,
		.cells = {[CELL_NAME] = is_chainlet ? lane->chainlet : deployment,
			  [CELL_STATUS] = lane->status_word,
			  [CELL_TIME] = row_clock(arena, now_ns - lane->since_ns)},
	};
	if (is_chainlet)
		row.cells[CELL_REPLICAS] = row_replicas(arena, lane->active_replica_count, lane->min_replica);
	return row;
}

static void add_lanes(struct buf *buf, const struct gate_result *result, int64_t now_ns, size_t lines_most,
		      const struct screen *screen)
{
	struct arena arena = {0};
	size_t total = 0, count = 0;
	for (size_t i = 0; i < result->target_count; i++)
		total += result->targets[i].lane_count;
	struct table_row *rows = ARENA_ARRAY(&arena, struct table_row, total);
	for (size_t i = 0; i < result->target_count; i++)
		for (size_t j = 0; j < result->targets[i].lane_count; j++)
			rows[count++] =
				lane_row(&arena, result, &result->targets[i], &result->targets[i].lanes[j], now_ns);
	table_add(buf, rows, count, lines_most, screen);
	arena_release(&arena);
}

/* ---- the whole table -------------------------------------------------------------------------------------------- */

/* The first lines of a text, at most `lines_most`. Returns how many more may follow. */
static size_t add_lines(struct buf *buf, struct text text, size_t lines_most)
{
	size_t end = 0;
	for (; end < text.length && lines_most > 0; end++)
		lines_most -= text.bytes[end] == '\n';
	buf_add(buf, text_slice(text, 0, end));
	return lines_most;
}

static size_t count_lines(const struct buf *buf)
{
	size_t count = 0;
	for (size_t i = 0; i < buf->length; i++)
		count += buf->bytes[i] == '\n';
	return count;
}

void live_table(struct buf *buf, const struct gate_result *result, int64_t now_ns, const struct screen *screen)
{
	struct buf head = buf_make(BUF_LIMIT_REPORT), foot = buf_make(BUF_LIMIT_REPORT);
	add_head(&head, result, now_ns, screen);
	if (result->target_count == 1)
		add_only_target(&foot, result, now_ns, screen);
	else
		add_targets(&foot, result, now_ns, screen);
	size_t left = add_lines(buf, buf_text(&head), screen->rows ? screen->rows : SIZE_MAX);
	size_t foot_lines = count_lines(&foot);
	if (left > foot_lines)
		add_lanes(buf, result, now_ns, left - foot_lines, screen);
	add_lines(buf, buf_text(&foot), left);
	buf_release(&head);
	buf_release(&foot);
}
