/* words.c - phrases that several reports share: counts, moments, misses, headings. */
#include "words.h"

#include "chaingate/times.h"

#include <string.h>

void add_counted(struct buf *buf, size_t count, const char *noun)
{
	buf_printf(buf, "%zu %s%s", count, noun, text_plural(count));
}

void add_wall(struct buf *buf, int64_t wall_ns)
{
	struct buf moment = buf_make(100);
	moment_add_without_zone(&moment, wall_ns);
	for (size_t i = 0; i < moment.length; i++)
		buf_add_byte(buf, moment.bytes[i] == 'T' ? ' ' : moment.bytes[i]);
	buf_add_string(buf, " UTC");
	buf_release(&moment);
}

void add_target_name(struct buf *buf, const struct gate_target *target)
{
	text_add_printable(buf, target->name);
}

void add_miss(struct buf *buf, const struct miss *miss)
{
	if (miss->cause == MISS_HTTP)
		buf_printf(buf, "%d", miss->http_status);
	else
		buf_add_string(buf, miss_cause_name(miss->cause));
	if (miss->detail.length) {
		buf_add_string(buf, miss->cause == MISS_HTTP ? " (" : ": ");
		text_add_printable(buf, miss->detail);
		buf_add_string(buf, miss->cause == MISS_HTTP ? ")" : "");
	}
}

/* ---- the whole run ---------------------------------------------------------------------------------------------- */

const char *nothing_judged(const struct report *report)
{
	return report->is_unfinished ? "not finished" : report->is_empty ? "nothing to judge" : "nothing was judged";
}

bool is_unreported(const struct report *report)
{
	return report->exit == GATE_EXIT_UNREPORTED && !report->is_unfinished;
}

const char *unreported_words(const struct report *report)
{
	return is_unreported(report) ? ", but " UNREPORTED_WORDS " (exit 6)" : "";
}

bool has_problems(const struct report *report)
{
	return (report->diags && report->diags->first) || (report->usage && report->usage->first);
}

void add_problems(struct buf *buf, const struct report *report)
{
	if (report->diags && report->diags->first)
		diags_render(buf, report->diags, 0, DIAG_PLAIN);
	if (report->usage && report->usage->first)
		diags_render(buf, report->usage, 0, DIAG_PLAIN);
}

const size_t *targets_by_need(struct arena *arena, const struct gate_result *gate)
{
	size_t *order = ARENA_ARRAY(arena, size_t, gate->target_count), filled = 0;
	for (int passed = 0; passed <= 1; passed++)
		for (size_t i = 0; i < gate->target_count; i++)
			if ((gate->targets[i].verdict == VERDICT_PASSED) == passed)
				order[filled++] = i;
	return order;
}

void add_heading(struct buf *buf, const struct report *report)
{
	const struct gate_result *gate = report->gate;
	size_t open = 0;
	if (!gate) {
		buf_printf(buf, "%s%s", nothing_judged(report), unreported_words(report));
		return;
	}
	for (size_t i = 0; i < gate->target_count; i++)
		open += gate->targets[i].verdict != VERDICT_PASSED;
	buf_printf(buf, "%s%s: ", verdict_name(gate->verdict), unreported_words(report));
	if (gate->target_count == 1)
		add_target_name(buf, gate->targets[0].target);
	else if (open)
		buf_printf(buf, "%zu of %zu targets did not pass", open, gate->target_count);
	else
		add_counted(buf, gate->target_count, "target");
}

/* ---- paths ------------------------------------------------------------------------------------------------------ */

static void drop_last_part(struct buf *path)
{
	size_t length = path->length;
	while (length > 0 && path->bytes[length - 1] != '/')
		length--;
	path->length = length ? length - 1 : 0;
}

/* Appends a path without ".", ".." and double slashes. False if it leaves the root. */
static bool add_parts(struct buf *path, const char *more)
{
	for (const char *at = more; *at; at += *at == '/') {
		struct text part = {at, strcspn(at, "/")};
		at += part.length;
		if (part.length == 0 || text_is(part, "."))
			continue;
		if (text_is(part, "..")) {
			if (path->length == 0)
				return false;
			drop_last_part(path);
			continue;
		}
		if (path->length > 0)
			buf_add_byte(path, '/');
		buf_add(path, part);
	}
	return path->length > 0;
}

void add_repository_path(struct buf *buf, const struct report *report, const char *path)
{
	struct buf inside = buf_make(BUF_LIMIT_REPORT);
	const char *rest = path;
	bool is_inside = path[0] != '<'; /* "<stdin>" isn't a file */
	if (path[0] == '/') {
		size_t root = report->checkout ? strlen(report->checkout) : 0;
		is_inside = report->checkout && strncmp(path, report->checkout, root) == 0 && path[root] == '/';
		rest = path + (is_inside ? root : 0);
	} else if (report->checkout && report->folder) {
		is_inside = is_inside && (!*report->folder || add_parts(&inside, report->folder));
	}
	if (is_inside && add_parts(&inside, rest))
		buf_add(buf, buf_text(&inside));
	else
		buf_add_string(buf, path);
	buf_release(&inside);
}
