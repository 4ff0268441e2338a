/* reports.c - see reports.h. */
#include "reports.h"

#include "chaingate/files.h"
#include "command.h"

#include <string.h>
#include <sys/stat.h>

/* ---- reading ---------------------------------------------------------------------------------------------------- */

struct reader {
	struct arena *arena;
	struct diags *diags;
	struct report_order *orders;
	size_t count, room;
};

static bool is_stdout(const char *path)
{
	return strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0;
}

/* Moves over what doesn't change where a path leads: "./" at the start of a part, slashes in a row. */
static const char *skip_idle(const char *start, const char *at)
{
	for (;;) {
		bool begins = at == start || at[-1] == '/';
		if (begins && at[0] == '.' && at[1] == '/')
			at += 2;
		else if (begins && at > start && at[0] == '/')
			at++;
		else
			return at;
	}
}

static bool is_same_spelling(const char *a, const char *b)
{
	const char *at = a, *other = b;
	for (;;) {
		at = skip_idle(a, at);
		other = skip_idle(b, other);
		if (*at != *other)
			return false;
		if (!*at)
			return true;
		at++;
		other++;
	}
}

/* Would writing to one change the other? Devices and pipes may be shared. */
static bool is_same_place(const char *a, const char *b)
{
	struct stat one, other;
	if (is_stdout(a) || is_stdout(b))
		return is_stdout(a) && is_stdout(b);
	if (stat(a, &one) == 0 && stat(b, &other) == 0)
		return S_ISREG(one.st_mode) && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
	return is_same_spelling(a, b);
}

static void add_order(struct reader *r, enum report_format format, const char *path)
{
	for (size_t i = 0; i < r->count; i++) {
		if (!is_same_place(r->orders[i].path, path))
			continue;
		usage_error(r->diags, "two reports cannot both be written to '%s'",
			    diag_value(r->diags, text_of(path)));
		return;
	}
	r->orders = arena_grow(r->arena, r->orders, r->count, &r->room, sizeof(*r->orders));
	r->orders[r->count++] = (struct report_order){format, path};
}

/* report = FORMAT "=" PATH */
static void read_report(struct reader *r, const char *value)
{
	size_t end = strcspn(value, "="), count;
	struct text format_name = {value, end};
	const char *const *names = report_format_names(&count);
	enum report_format format;
	if (!report_format_parse(format_name, &format)) {
		const char *near = text_nearest(format_name, names, count);
		struct diag *diag =
			usage_error(r->diags, "no report format is called '%s'", diag_value(r->diags, format_name));
		diag_hint(r->diags, diag, near ? "a format has a similar name: %s" : "the first of the formats is %s",
			  near ? near : names[0]);
	} else if (!value[end] || !value[end + 1]) {
		struct diag *diag = usage_error(r->diags, "it is not said where to write the report '%s'",
						diag_value(r->diags, format_name));
		diag_hint(r->diags, diag, "--report %s=PATH, where - is stdout", report_format_name(format));
	} else {
		add_order(r, format, value + end + 1);
	}
}

/* What is written in the place of an input would destroy it. */
static bool is_input(const char *path, const char *const *inputs, size_t input_count)
{
	for (size_t i = 0; i < input_count && !is_stdout(path); i++)
		if (inputs[i] && strcmp(inputs[i], "-") != 0 && is_same_place(path, inputs[i]))
			return true;
	return false;
}

static void check_inputs(struct reader *r, const char *const *inputs, size_t input_count)
{
	size_t kept = 0;
	for (size_t i = 0; i < r->count; i++) {
		if (is_input(r->orders[i].path, inputs, input_count))
			usage_error(r->diags, "a report cannot be written over '%s': it is read from",
				    diag_value(r->diags, text_of(r->orders[i].path)));
		else
			r->orders[kept++] = r->orders[i];
	}
	r->count = kept;
}

/* A recording has a file of its own. */
static const char *read_recording(struct reader *r, const char *path, const char *const *inputs, size_t input_count)
{
	const char *why = NULL;
	if (!path)
		return NULL;
	for (size_t i = 0; i < r->count; i++)
		if (is_same_place(r->orders[i].path, path))
			why = "a report is written there";
	if (is_input(path, inputs, input_count))
		why = "it is read from";
	if (!*path || is_stdout(path))
		why = "a recording is a file";
	if (!why)
		return path;
	usage_error(r->diags, "the recording cannot be written to '%s': %s", diag_value(r->diags, text_of(path)), why);
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
		add_order(&reader, REPORT_JUNIT, option_value(line, OPTION_JUNIT));
	check_inputs(&reader, inputs, input_count);
	struct report_orders orders = {.items = reader.orders, .count = reader.count};
	orders.recording = read_recording(&reader, option_value(line, OPTION_RECORD), inputs, input_count);
	for (size_t i = 0; i < orders.count; i++)
		orders.takes_stdout = orders.takes_stdout || is_stdout(orders.items[i].path);
	return orders;
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

static bool write_one(const struct report_order *order, const struct report *report, int64_t stdout_patience_ns,
		      const char **why)
{
	struct buf content = buf_make(BUF_LIMIT_REPORT);
	bool written = report_render(&content, report, order->format);
	if (!written)
		*why = "it is too large";
	else if (is_stdout(order->path))
		written = output_result(buf_text(&content), stdout_patience_ns, why);
	else
		written = file_write(order->path, buf_text(&content), why);
	buf_release(&content);
	return written;
}

bool reports_write(const struct report_orders *orders, const struct report *report, int64_t stdout_patience_ns,
		   const struct output *output)
{
	bool all = true;
	for (size_t i = 0; i < orders->count; i++) {
		const struct report_order *order = &orders->items[i];
		const char *why;
		if (write_one(order, report, stdout_patience_ns, &why))
			continue;
		all = false;
		output_message(output, "could not write the report %s to %s: %s", report_format_name(order->format),
			       is_stdout(order->path) ? "stdout" : order->path, why);
	}
	return all;
}
