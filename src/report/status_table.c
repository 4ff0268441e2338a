/* status_table.c - the output of `chaingate status`: deployments and their chainlets in aligned columns.
 *
 * For a file or a pipe the lines contain everything, however long; for a terminal they are drawn like the live
 * table.
 */
#include "table.h"

#include "chaingate/times.h"

#include <inttypes.h>

/* Columns between two cells. */
#define GAP 2

static void add_cell(struct buf *buf, struct text text, size_t width, const char *colour)
{
	size_t columns = text_columns(text);
	if (colour)
		buf_add_string(buf, colour);
	text_add_printable(buf, text);
	if (colour)
		buf_add_string(buf, "\x1b[0m");
	buf_add_repeated(buf, ' ', (width > columns ? width - columns : 0) + GAP);
}

struct widths {
	size_t name, status;
};

static void widen(size_t *width, struct text text)
{
	size_t columns = text_columns(text);
	if (columns > *width)
		*width = columns;
}

static struct widths measure(const struct selection *selection)
{
	struct widths widths = {0};
	for (size_t i = 0; i < selection->count; i++) {
		const struct deployment *deployment = selection->deployments[i];
		widen(&widths.name, deployment->id);
		widen(&widths.status, deployment->status_word);
		for (size_t j = 0; j < deployment->chainlet_count; j++) {
			widen(&widths.status, deployment->chainlets[j].status_word);
			size_t indented = text_columns(deployment->chainlets[j].name) + GAP;
			if (indented > widths.name)
				widths.name = indented;
		}
	}
	return widths;
}

static struct text environment(const struct deployment *deployment)
{
	return deployment->has_environment ? deployment->environment : TEXT("no environment");
}

static void add_created(struct buf *buf, const struct deployment *deployment, int64_t now_wall_ns)
{
	buf_add_string(buf, deployment->is_development.value ? ", in development, created " : ", created ");
	if (now_wall_ns >= deployment->created_at_wall_ns) {
		duration_add_clock(buf, now_wall_ns - deployment->created_at_wall_ns);
		buf_add_string(buf, " ago");
	} else {
		moment_add(buf, deployment->created_at_wall_ns, false);
	}
}

static struct text instance_type(const struct chainlet *chainlet)
{
	return chainlet->has_no_instance_type ? TEXT("unknown instance type") : chainlet->instance_type_name;
}

/* ---- for a pipe ------------------------------------------------------------------------------------------------- */

static void add_deployment(struct buf *buf, const struct deployment *deployment, struct widths widths,
			   int64_t now_wall_ns, bool colour)
{
	add_cell(buf, deployment->id, widths.name, NULL);
	add_cell(buf, deployment->status_word, widths.status, colour ? status_colour(deployment->status) : NULL);
	text_add_printable(buf, environment(deployment));
	add_created(buf, deployment, now_wall_ns);
	buf_add_byte(buf, '\n');
}

static void add_chainlet(struct buf *buf, const struct chainlet *chainlet, struct widths widths, bool colour)
{
	buf_add_repeated(buf, ' ', GAP);
	add_cell(buf, chainlet->name, widths.name - GAP, NULL);
	add_cell(buf, chainlet->status_word, widths.status, colour ? status_colour(chainlet->status) : NULL);
	buf_printf(buf, "%" PRId64, chainlet->active_replica_count);
	if (chainlet->settings)
		buf_printf(buf, " of %" PRId64 " to %" PRId64, chainlet->settings->min_replica,
			   chainlet->settings->max_replica);
	buf_add_string(buf, " replicas, ");
	text_add_printable(buf, instance_type(chainlet));
	buf_add_byte(buf, '\n');
}

void status_table(struct buf *buf, const struct selection *selection, int64_t now_wall_ns, bool colour)
{
	struct widths widths = measure(selection);
	for (size_t i = 0; i < selection->count; i++) {
		const struct deployment *deployment = selection->deployments[i];
		add_deployment(buf, deployment, widths, now_wall_ns, colour);
		for (size_t j = 0; j < deployment->chainlet_count; j++)
			add_chainlet(buf, &deployment->chainlets[j], widths, colour);
	}
}

/* ---- chains ----------------------------------------------------------------------------------------------------- */

struct chain_widths {
	size_t name, id, team;
};

static void add_chain_cells(struct buf *buf, const struct chain *chain, const struct chain_widths *widths)
{
	add_cell(buf, chain->name, widths->name, NULL);
	add_cell(buf, chain->id, widths->id, NULL);
	add_cell(buf, chain->team, widths->team, NULL);
}

void chains_table(struct buf *buf, const struct chain *chains, size_t count)
{
	const struct chain heading = {.name = TEXT("NAME"), .id = TEXT("ID"), .team = TEXT("TEAM")};
	struct chain_widths widths = {heading.name.length, heading.id.length, heading.team.length};
	for (size_t i = 0; i < count; i++) {
		widen(&widths.name, chains[i].name);
		widen(&widths.id, chains[i].id);
		widen(&widths.team, chains[i].team);
	}
	add_chain_cells(buf, &heading, &widths);
	buf_add_string(buf, "DEPLOYMENTS\n");
	for (size_t i = 0; i < count; i++) {
		add_chain_cells(buf, &chains[i], &widths);
		buf_printf(buf, "%" PRId64 "\n", chains[i].deployments_count);
	}
}

/* ---- for a terminal --------------------------------------------------------------------------------------------- */

/* The time in the status is only known after several polls. */
static struct text time_in_status(struct arena *arena, const struct status_view *view, size_t ordinal)
{
	return view->since_ns ? row_clock(arena, view->now_ns - view->since_ns[ordinal]) : (struct text){0};
}

static struct table_row deployment_row(struct arena *arena, const struct deployment *deployment,
				       const struct status_view *view)
{
	struct buf note = buf_make(BUF_LIMIT_REPORT);
	buf_add(&note, environment(deployment));
	add_created(&note, deployment, view->now_wall_ns);
	struct table_row row = {
		.deployment = deployment->id,
		.status = deployment->status,
		.cells = {[CELL_NAME] = deployment->id,
			  [CELL_STATUS] = deployment->status_word,
			  [CELL_TIME] = time_in_status(arena, view, deployment->ordinal),
			  [CELL_NOTE] = arena_text(arena, buf_text(&note))},
	};
	buf_release(&note);
	return row;
}

static struct table_row chainlet_row(struct arena *arena, const struct deployment *deployment,
				     const struct chainlet *chainlet, const struct status_view *view)
{
	struct optional_integer least = {0};
	if (chainlet->settings)
		least = (struct optional_integer){true, chainlet->settings->min_replica};
	return (struct table_row){
		.deployment = deployment->id,
		.is_chainlet = true,
		.indent = CHAINLET_INDENT,
		.status = chainlet->status,
		.cells = {[CELL_NAME] = chainlet->name,
			  [CELL_STATUS] = chainlet->status_word,
			  [CELL_REPLICAS] = row_replicas(arena, chainlet->active_replica_count, least),
			  [CELL_TIME] = time_in_status(arena, view, chainlet->ordinal),
			  [CELL_NOTE] = instance_type(chainlet)},
	};
}

static void add_rows(struct buf *buf, const struct status_view *view, size_t lines_most, const struct screen *screen)
{
	struct arena arena = {0};
	size_t total = 0, count = 0;
	for (size_t i = 0; i < view->selection->count; i++)
		total += 1 + view->selection->deployments[i]->chainlet_count;
	struct table_row *rows = ARENA_ARRAY(&arena, struct table_row, total);
	for (size_t i = 0; i < view->selection->count; i++) {
		const struct deployment *deployment = view->selection->deployments[i];
		rows[count++] = deployment_row(&arena, deployment, view);
		for (size_t j = 0; j < deployment->chainlet_count; j++)
			rows[count++] = chainlet_row(&arena, deployment, &deployment->chainlets[j], view);
	}
	table_add(buf, rows, count, lines_most, screen);
	arena_release(&arena);
}

void status_rows(struct buf *buf, const struct status_view *view, const struct screen *screen)
{
	add_rows(buf, view, screen->rows ? screen->rows : SIZE_MAX, screen);
}

/* "rag  1 of 3 deployments  2026-11-07T05:31:56Z". If the window is narrow, the time is left out first, then the
 * number. */
static void add_status_heading(struct buf *buf, const struct status_view *view, const struct screen *screen)
{
	struct line line = line_begin(buf, screen);
	struct buf number = buf_make(BUF_LIMIT_REPORT), moment = buf_make(BUF_LIMIT_REPORT);
	if (view->selection && view->selection->count != view->listed)
		buf_printf(&number, "%zu of ", view->selection->count);
	if (view->selection)
		add_counted(&number, view->listed, "deployment");
	moment_add(&moment, view->now_wall_ns, false);
	line_add(&line, view->chain, NULL);
	if (number.length && line.left >= GAP + number.length) {
		line_pad(&line, GAP);
		line_add(&line, buf_text(&number), NULL);
	}
	if (line.left >= GAP + moment.length) {
		line_pad(&line, GAP);
		line_add(&line, buf_text(&moment), NULL);
	}
	line_end(&line);
	buf_release(&number);
	buf_release(&moment);
}

/* "12 polls, 1 error, the last poll: 503 (upstream connect error)" */
static void add_polls(struct buf *buf, const struct status_view *view, size_t lines_most, const struct screen *screen)
{
	struct buf words = buf_make(BUF_LIMIT_REPORT);
	add_counted(&words, view->polls, "poll");
	buf_add_string(&words, ", ");
	add_counted(&words, view->misses, "error");
	if (view->miss.cause != MISS_NONE) {
		buf_add_string(&words, ", the last poll: ");
		add_miss(&words, &view->miss);
	} else if (view->selection && view->selection->count == 0) {
		buf_add_string(&words, ", nothing is selected: ");
		text_add_printable(&words, view->instead);
	}
	lines_add_wrapped(buf, buf_text(&words), lines_most, screen);
	buf_release(&words);
}

/* If nothing is selected, this line also says what exists instead, which may take several lines. */
#define POLLS_LINES_MAX 4

static size_t polls_lines(const struct status_view *view, size_t left)
{
	bool has_rows = !view->selection || view->selection->count > 0;
	return has_rows ? 1 : left < POLLS_LINES_MAX ? left : POLLS_LINES_MAX;
}

/* The heading and the polls. */
#define STATUS_OTHER_LINES 2

void status_live(struct buf *buf, const struct status_view *view, const struct screen *screen)
{
	size_t rows = screen->rows ? screen->rows : SIZE_MAX;
	add_status_heading(buf, view, screen);
	if (view->selection && rows > STATUS_OTHER_LINES)
		add_rows(buf, view, rows - STATUS_OTHER_LINES, screen);
	if (rows > 1)
		add_polls(buf, view, polls_lines(view, rows - 1), screen);
}
