/* reports.c - see reports.h. */
#include "reports.h"

#include "chaingate/buf.h"
#include "chaingate/files.h"
#include "command.h"
#include "places.h"

#include <stdlib.h>
#include <string.h>

/* ---- reading ---------------------------------------------------------------------------------------------------- */

struct reader {
	struct arena *arena;
	struct diags *diags;
	struct report_order *orders;
	size_t count, room;
};

static void add_order(struct reader *r, enum report_format format, const char *path, bool appends)
{
	for (size_t i = 0; i < r->count; i++) {
		if (!place_is_same(r->orders[i].path, path))
			continue;
		diag_hint(r->diags,
			  usage_error(r->diags, "two reports cannot both be written to '%s'",
				      diag_value(r->diags, text_of(path))),
			  "give each a path of its own");
		return;
	}
	r->orders = arena_grow(r->arena, r->orders, r->count, &r->room, sizeof(*r->orders));
	r->orders[r->count++] = (struct report_order){format, path, appends};
}

/* Where a format goes that was given without a path; NULL: nowhere. */
static const char *own_place(enum report_format format)
{
	const char *summary = getenv("GITHUB_STEP_SUMMARY");
	if (format == REPORT_GITHUB)
		return "-";
	return format == REPORT_MARKDOWN && summary && *summary ? summary : NULL;
}

/* report = FORMAT [ "=" PATH ] */
static void read_report(struct reader *r, const char *value)
{
	size_t end = strcspn(value, "="), count;
	struct text format_name = {value, end};
	const char *const *names = report_format_names(&count);
	enum report_format format;
	if (!report_format_parse(format_name, &format)) {
		const char *near = text_nearest(format_name, names, count);
		struct buf all = buf_make(BUF_LIMIT_REPORT);
		for (size_t i = 0; i < count; i++)
			buf_printf(&all, "%s%s", i ? ", " : "", names[i]);
		struct diag *diag =
			usage_error(r->diags, "no report format is called '%s'", diag_value(r->diags, format_name));
		diag_hint(r->diags, diag, near ? "a format has a similar name: %s" : "the formats are %s",
			  near ? near : buf_string(&all));
		buf_release(&all);
	} else if (!value[end] && own_place(format)) {
		add_order(r, format, own_place(format), format == REPORT_MARKDOWN);
	} else if (!value[end] || !value[end + 1]) {
		struct diag *diag = usage_error(r->diags, "it is not said where to write the report '%s'",
						diag_value(r->diags, format_name));
		diag_hint(r->diags, diag, "--report %s=PATH, where - is stdout", report_format_name(format));
	} else {
		add_order(r, format, value + end + 1, false);
	}
}

/* What is written in the place of an input would destroy it. */
static bool is_input(const char *path, const char *const *inputs, size_t input_count)
{
	for (size_t i = 0; i < input_count && !place_is_stdout(path); i++)
		if (inputs[i] && strcmp(inputs[i], "-") != 0 && place_is_same(path, inputs[i]))
			return true;
	return false;
}

void reports_protect(struct report_orders *orders, const char *const *inputs, size_t input_count, struct diags *usage)
{
	size_t kept = 0;
	for (size_t i = 0; i < orders->count; i++) {
		if (is_input(orders->items[i].path, inputs, input_count))
			diag_hint(usage,
				  usage_error(usage, "a report cannot be written over '%s': it is read from",
					      diag_value(usage, text_of(orders->items[i].path))),
				  "give the report another path");
		else
			orders->items[kept++] = orders->items[i];
	}
	orders->count = kept;
}

/* A recording has a file of its own. */
static const char *read_recording(struct reader *r, const char *path, const char *const *inputs, size_t input_count)
{
	const char *why = NULL;
	if (!path)
		return NULL;
	for (size_t i = 0; i < r->count; i++)
		if (place_is_same(r->orders[i].path, path))
			why = "a report is written there";
	if (is_input(path, inputs, input_count))
		why = "it is read from";
	if (!*path || place_is_stdout(path))
		why = "a recording is a file";
	if (!why)
		return path;
	diag_hint(r->diags,
		  usage_error(r->diags, "the recording cannot be written to '%s': %s",
			      diag_value(r->diags, text_of(path)), why),
		  "give the recording another path");
	return NULL;
}

struct report_orders reports_read(struct arena *arena, const struct command_line *line, const char *const *inputs,
				  size_t input_count, struct diags *diags)
{
	struct reader reader = {.arena = arena, .diags = diags};
	const struct option_values *reports = &line->options[OPTION_REPORT];
	for (size_t i = 0; i < reports->count; i++)
		read_report(&reader, reports->items[i]);
	if (option_is_given(line, OPTION_JUNIT))
		add_order(&reader, REPORT_JUNIT, option_value(line, OPTION_JUNIT), false);
	struct report_orders orders = {.items = reader.orders, .count = reader.count};
	reports_protect(&orders, inputs, input_count, diags);
	reader.count = orders.count;
	orders.recording = read_recording(&reader, option_value(line, OPTION_RECORD), inputs, input_count);
	for (size_t i = 0; i < orders.count; i++)
		orders.takes_stdout = orders.takes_stdout || place_is_stdout(orders.items[i].path);
	return orders;
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

/* What a path holds instead of a target's name. */
#define TARGET_MARK "{target}"

static bool write_content(const struct report_order *order, const char *path, const struct report *report,
			  int64_t stdout_patience_ns, const char **why)
{
	struct buf content = buf_make(BUF_LIMIT_REPORT);
	bool written = report_render(&content, report, order->format);
	if (!written)
		*why = "it is too large";
	else if (place_is_stdout(path))
		written = output_result(buf_text(&content), stdout_patience_ns, why);
	else if (order->appends)
		written = file_append(path, buf_text(&content), why);
	else
		written = file_write(path, buf_text(&content), why);
	buf_release(&content);
	return written;
}

/* File systems take 255 bytes; this leaves room for what stands around it. */
#define NAME_BYTES_MAX 120

/* A name as a part of a path: what could lead elsewhere, or hide, becomes a dash. */
static void add_as_file(struct buf *buf, struct text name)
{
	for (size_t i = 0; i < name.length && i < NAME_BYTES_MAX; i++) {
		char byte = name.bytes[i];
		bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
			     (byte >= '0' && byte <= '9') || byte == '_' || (byte == '.' && i > 0);
		buf_add_byte(buf, plain ? byte : '-');
	}
}

static bool is_taken(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* What each target is called in paths: never two the same. */
static const char *const *file_names(struct arena *arena, const struct text *targets, size_t count)
{
	const char **names = ARENA_ARRAY(arena, const char *, count);
	for (size_t i = 0; i < count; i++) {
		struct buf plain = buf_make(BUF_LIMIT_REPORT);
		add_as_file(&plain, targets[i]);
		names[i] = arena_string(arena, buf_string(&plain));
		for (size_t number = 2; is_taken(names, i, names[i]); number++)
			names[i] = arena_printf(arena, "%s-%zu", buf_string(&plain), number);
		buf_release(&plain);
	}
	return names;
}

static const char *path_for(struct arena *arena, const char *path, const char *name)
{
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	const char *mark;
	for (; (mark = strstr(path, TARGET_MARK)); path = mark + strlen(TARGET_MARK)) {
		buf_add(&buf, (struct text){path, (size_t)(mark - path)});
		buf_add_string(&buf, name);
	}
	buf_add_string(&buf, path);
	const char *kept = arena_string(arena, buf_string(&buf));
	buf_release(&buf);
	return kept;
}

/* Where an order's report goes, of all targets or of one. */
static const char *path_of(struct arena *arena, const struct report_order *order, const char *const *names,
			   size_t target)
{
	return strstr(order->path, TARGET_MARK) ? path_for(arena, order->path, names[target]) : order->path;
}

struct paths {
	const char **items;
	size_t count;
};

/* Why nothing may be written there; NULL: it may. */
static const char *obstacle(const struct paths *paths, const char *path, const char *const *inputs, size_t input_count)
{
	for (size_t i = 0; i < paths->count; i++)
		if (place_is_same(paths->items[i], path))
			return "something else is written there";
	return is_input(path, inputs, input_count) ? "it is read from" : NULL;
}

/* Adds the order's paths. False, and none of them, if one of them is in the way of something. */
static bool claim(struct arena *arena, struct paths *paths, const struct report_order *order,
		  const struct report_orders *orders, const char *const *inputs, size_t input_count,
		  struct diags *usage)
{
	size_t before = paths->count, count = strstr(order->path, TARGET_MARK) ? orders->target_count : 1;
	for (size_t t = 0; t < count; t++) {
		const char *path = path_of(arena, order, orders->target_names, t),
			   *why = obstacle(paths, path, inputs, input_count);
		if (why) {
			diag_hint(usage,
				  usage_error(usage, "a report cannot be written to '%s': %s",
					      diag_value(usage, text_of(path)), why),
				  "give it a path where nothing else is");
			paths->count = before;
			return false;
		}
		paths->items[paths->count++] = path;
	}
	return true;
}

void reports_check_targets(struct arena *arena, struct report_orders *orders, const struct gate_plan *plan,
			   const char *const *inputs, size_t input_count, struct diags *usage)
{
	struct text *targets = ARENA_ARRAY(arena, struct text, plan->target_count);
	struct paths paths = {ARENA_ARRAY(arena, const char *, orders->count * plan->target_count + 1), 0};
	size_t kept = 0;
	for (size_t i = 0; i < plan->target_count; i++)
		targets[i] = plan->targets[i].name;
	orders->target_names = file_names(arena, targets, plan->target_count);
	orders->target_count = plan->target_count;
	if (orders->recording)
		paths.items[paths.count++] = orders->recording;
	for (size_t i = 0; i < orders->count; i++)
		if (claim(arena, &paths, &orders->items[i], orders, inputs, input_count, usage))
			orders->items[kept++] = orders->items[i];
	orders->count = kept;
}

/* The report of one target alone, as if the run had been about nothing else; the exit code stays the run's. */
static struct report report_of(struct arena *arena, const struct report *whole, size_t index, struct gate_result *gate)
{
	struct report one = *whole;
	struct gate_event *events = ARENA_ARRAY(arena, struct gate_event, whole->event_count);
	one.event_count = 0;
	for (size_t i = 0; i < whole->event_count; i++) {
		if (whole->events[i].target != index)
			continue;
		events[one.event_count] = whole->events[i];
		events[one.event_count++].target = 0;
	}
	one.events = events;
	*gate = *whole->gate;
	gate->targets = &whole->gate->targets[index];
	gate->target_count = 1;
	gate->verdict = gate->targets->verdict;
	one.gate = gate;
	return one;
}

/* What {target} is where the policy couldn't be read, so that nobody knows the targets. */
#define NO_TARGET "none"

static bool write_order(const struct report_orders *orders, const struct report_order *order,
			const struct report *report, int64_t stdout_patience_ns, const struct output *output)
{
	static const char *const nobody[] = {NO_TARGET};
	struct arena arena = {0};
	bool splits = strstr(order->path, TARGET_MARK) != NULL, all = true;
	const char *const *names = orders->target_count ? orders->target_names : nobody;
	size_t count = splits && orders->target_count ? orders->target_count : 1;
	for (size_t i = 0; i < count; i++) {
		struct gate_result gate;
		/* Where nothing was polled, each target has the report of that: what is left of the last run says something else. */
		struct report part = splits && report->gate ? report_of(&arena, report, i, &gate) : *report;
		const char *path = path_of(&arena, order, names, i), *why;
		if (write_content(order, path, &part, stdout_patience_ns, &why))
			continue;
		all = false;
		output_message(output, "could not write the report %s to %s: %s", report_format_name(order->format),
			       place_is_stdout(path) ? "stdout" : path, why);
	}
	arena_release(&arena);
	return all;
}

bool reports_write(const struct report_orders *orders, const struct report *report, int64_t stdout_patience_ns,
		   const struct output *output)
{
	bool all = true;
	for (size_t i = 0; i < orders->count; i++)
		all = write_order(orders, &orders->items[i], report, stdout_patience_ns, output) && all;
	return all;
}

bool reports_write_outputs(const struct report *report, enum gate_exit code, const struct output *output)
{
	const char *path = getenv("GITHUB_OUTPUT"), *why;
	struct buf lines = buf_make(BUF_LIMIT_REPORT), ids = buf_make(BUF_LIMIT_REPORT);
	if (!path || !*path)
		return true;
	for (size_t t = 0; report->gate && t < report->gate->target_count; t++)
		for (size_t i = 0; i < report->gate->targets[t].deployment_count; i++) {
			buf_add_string(&ids, ids.length ? "," : "");
			text_add_printable(&ids, report->gate->targets[t].deployment_ids[i]);
		}
	/* The word of the exit code and not the gate's verdict: a step that asks only for it must not take a pass that nobody can show for one. */
	buf_printf(&lines, "verdict=%s\nexit=%d\ndeployment=%s\n", exit_name(code), (int)code, buf_string(&ids));
	bool written = file_append(path, buf_text(&lines), &why);
	if (!written)
		output_message(output, "could not write the step's outputs to %s: %s", path, why);
	buf_release(&lines);
	buf_release(&ids);
	return written;
}
