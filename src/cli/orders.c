/* orders.c - see orders.h. */
#include "orders.h"

#include "chaingate/buf.h"
#include "chaingate/files.h"
#include "chaingate/glob.h"
#include "chaingate/key.h"
#include "chaingate/places.h"
#include "command.h"

#include <stdlib.h>
#include <string.h>

/* ---- reading ---------------------------------------------------------------------------------------------------- */

struct reader {
	struct arena *arena;
	struct diags *diags;
	struct report_order *orders;
	size_t count, room;
};

static const char *step_summary(void)
{
	const char *summary = getenv("GITHUB_STEP_SUMMARY");
	return summary && *summary ? summary : NULL;
}

/* True for the file of the step's summary. A device may be both. */
static bool is_step_summary(const char *path)
{
	const char *summary = step_summary();
	return summary && !place_is_stdout(path) && file_is_replaced(path) && place_is_same(path, summary);
}

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
	r->orders[r->count++] = (struct report_order){.format = format, .path = path, .appends = appends};
}

/* Where a report is written if its format has no path; NULL: the format needs a path. */
static const char *own_place(enum report_format format)
{
	if (format == REPORT_GITHUB || format == REPORT_ENV)
		return "-";
	return format == REPORT_MARKDOWN ? step_summary() : NULL;
}

/* The format of which a path that was given alone was probably meant; NULL: nobody knows. */
static const char *format_of_path(struct text path)
{
	static const struct {
		const char *ending;
		enum report_format format;
	} endings[] = {
		{".xml", REPORT_JUNIT},   {".json", REPORT_JSON}, {".html", REPORT_HTML}, {".htm", REPORT_HTML},
		{".md", REPORT_MARKDOWN}, {".tap", REPORT_TAP},   {".env", REPORT_ENV},
	};
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (text_ends_with(path, endings[i].ending))
			return report_format_name(endings[i].format);
	return NULL;
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
		const char *meant = value[end] ? NULL : format_of_path(format_name);
		if (meant)
			diag_hint(r->diags, diag, "write --report %s=%s", meant, diag_value(r->diags, format_name));
		else
			diag_hint(r->diags, diag, near ? "a format has a similar name: %s" : "the formats are %s",
				  near ? near : buf_string(&all));
		buf_release(&all);
	} else if (!value[end] && own_place(format)) {
		add_order(r, format, own_place(format), format == REPORT_MARKDOWN);
	} else if (!value[end] || !value[end + 1]) {
		struct diag *diag = usage_error(r->diags, "no path is given for the report '%s'",
						diag_value(r->diags, format_name));
		diag_hint(r->diags, diag, "--report %s=PATH, where - is stdout", report_format_name(format));
	} else {
		add_order(r, format, value + end + 1, format == REPORT_MARKDOWN && is_step_summary(value + end + 1));
	}
}

/* Files that pass data between a step and the runner, at GitHub, CircleCI, Buildkite, Cirrus, Bitrise, Bitbucket,
 * Drone and Codemagic. A report would destroy them. */
static const char *const step_files[] = {"GITHUB_OUTPUT",        "GITHUB_ENV",
					 "GITHUB_PATH",          "GITHUB_STATE",
					 "GITHUB_EVENT_PATH",    "BASH_ENV",
					 "BUILDKITE_ENV_FILE",   "CIRRUS_ENV",
					 "ENVMAN_ENVSTORE_PATH", "BITBUCKET_PIPELINES_VARIABLES_PATH",
					 "DRONE_OUTPUT",         "CM_ENV"};

#define OF_CI "it belongs to the CI system"

/* As place_conflict, but the step's summary may be written. */
static const char *conflict(const char *path, const char *const *inputs, size_t input_count)
{
	if (place_is_stdout(path))
		return NULL;
	struct arena arena = {0};
	const char *read[] = {key_trussrc_path(&arena), getenv("SSL_CERT_FILE")}, *why = NULL;
	for (size_t i = 0; i < input_count; i++)
		if (inputs[i] && strcmp(inputs[i], "-") != 0 && place_is_same(path, inputs[i]))
			why = "this run reads it";
	for (size_t i = 0; i < sizeof(read) / sizeof(read[0]); i++)
		if (read[i] && *read[i] && place_is_same(path, read[i]))
			why = "this run reads it";
	for (size_t i = 0; i < sizeof(step_files) / sizeof(step_files[0]); i++) {
		const char *file = getenv(step_files[i]);
		if (file && *file && place_is_same(path, file))
			why = OF_CI;
	}
	arena_release(&arena);
	return why;
}

const char *place_conflict(const char *path, const char *const *inputs, size_t input_count)
{
	const char *why = conflict(path, inputs, input_count);
	return !why && is_step_summary(path) ? OF_CI : why;
}

/* For one of the order's paths. Only what is appended to the summary destroys nothing there. */
static const char *order_conflict(const struct report_order *order, const char *path, const char *const *inputs,
				  size_t input_count)
{
	return order->appends ? conflict(path, inputs, input_count) : place_conflict(path, inputs, input_count);
}

void orders_protect(struct report_orders *orders, const char *const *inputs, size_t input_count, struct diags *usage)
{
	size_t kept = 0;
	for (size_t i = 0; i < orders->count; i++) {
		const struct report_order *order = &orders->items[i];
		const char *why = order_conflict(order, order->path, inputs, input_count);
		if (why)
			diag_hint(usage,
				  usage_error(usage, "a report cannot be written over '%s': %s",
					      diag_value(usage, text_of(orders->items[i].path)), why),
				  "give the report another path");
		else
			orders->items[kept++] = orders->items[i];
	}
	orders->count = kept;
}

/* A recording needs a file of its own. */
static const char *read_recording(struct reader *r, const char *path, const char *const *inputs, size_t input_count)
{
	const char *why = NULL;
	if (!path)
		return NULL;
	for (size_t i = 0; i < r->count; i++)
		if (place_is_same(r->orders[i].path, path))
			why = "a report is written there";
	if (!why)
		why = place_conflict(path, inputs, input_count);
	if (!*path || place_is_stdout(path))
		why = "a recording must be a file";
	if (!why)
		return path;
	diag_hint(r->diags,
		  usage_error(r->diags, "the recording cannot be written to '%s': %s",
			      diag_value(r->diags, text_of(path)), why),
		  "give the recording another path");
	return NULL;
}

struct report_orders orders_read(struct arena *arena, const struct command_line *line, const char *const *inputs,
				 size_t input_count, struct diags *diags)
{
	struct reader reader = {.arena = arena, .diags = diags};
	const struct option_values *reports = &line->options[OPTION_REPORT];
	for (size_t i = 0; i < reports->count; i++)
		read_report(&reader, reports->items[i]);
	if (option_is_given(line, OPTION_JUNIT))
		add_order(&reader, REPORT_JUNIT, option_value(line, OPTION_JUNIT), false);
	struct report_orders orders = {.items = reader.orders, .count = reader.count};
	orders_protect(&orders, inputs, input_count, diags);
	orders_protect(&orders, line->strays.items, line->strays.count, diags);
	reader.count = orders.count;
	orders.recording = read_recording(&reader, option_value(line, OPTION_RECORD), inputs, input_count);
	for (size_t i = 0; i < orders.count; i++)
		orders.takes_stdout = orders.takes_stdout || place_is_stdout(orders.items[i].path);
	return orders;
}

/* ---- the targets' places ---------------------------------------------------------------------------------------- */

struct paths {
	struct text *keys; /* place_key */
	size_t count;
};

/* Why nothing may be written there; NULL: it may be written. */
static const char *obstacle(const struct paths *paths, const struct report_order *order, struct text key,
			    const char *path, const char *const *inputs, size_t input_count)
{
	for (size_t i = 0; i < paths->count && key.length; i++)
		if (text_equal(paths->keys[i], key))
			return "something else is written there";
	return order_conflict(order, path, inputs, input_count);
}

/* Replaces {target} in the report of a glob if the list of chains can't be read. */
#define NOT_LISTED "not-listed"

/* Adds the order's paths. If one of them conflicts with something, returns false and adds none. */
static bool claim(struct arena *arena, struct paths *paths, const struct report_order *order,
		  const struct report_orders *orders, const char *const *inputs, size_t input_count,
		  struct diags *usage)
{
	size_t before = paths->count, count = strstr(order->path, REPORT_TARGET_MARK) ? orders->target_count : 1;
	for (size_t t = 0; t < count; t++) {
		const char *path = report_order_path(arena, order, orders->target_names, t);
		struct text key = place_key(arena, path);
		const char *why = obstacle(paths, order, key, path, inputs, input_count);
		if (why) {
			diag_hint(usage,
				  usage_error(usage, "a report cannot be written to '%s': %s",
					      diag_value(usage, text_of(path)), why),
				  "give the report another path");
			paths->count = before;
			return false;
		}
		paths->keys[paths->count++] = key;
	}
	return true;
}

/* Those of the shard's targets among the files of all shards, so that no two shards write to the same place. */
static const char *const *names_in_fleet(struct arena *arena, const struct plan_fleet *fleet)
{
	const char *const *all = reports_target_names(arena, fleet->names, fleet->whole);
	const char **names = ARENA_ARRAY(arena, const char *, fleet->count + 1);
	for (size_t i = 0; i < fleet->count; i++)
		names[i] = all[fleet->positions[i]];
	return names;
}

void orders_check_targets(struct arena *arena, struct report_orders *orders, const struct gate_plan *plan,
			  const char *const *inputs, size_t input_count, struct diags *usage)
{
	struct text *targets = ARENA_ARRAY(arena, struct text, plan->target_count);
	struct paths paths = {ARENA_ARRAY(arena, struct text, orders->count * plan->target_count + 1), 0};
	bool *waits = ARENA_ARRAY(arena, bool, plan->target_count + 1);
	size_t kept = 0;
	for (size_t i = 0; i < plan->target_count; i++) {
		waits[i] = plan->targets[i].waits_for_list;
		targets[i] =
			waits[i] && plan->targets[i].selector.of == TARGET_CHAIN && glob_is_one(plan->targets[i].chain)
				? TEXT(NOT_LISTED)
				: plan->targets[i].name;
	}
	orders->waits = waits;
	orders->target_names = plan->fleet && plan->fleet->names
				       ? names_in_fleet(arena, plan->fleet)
				       : reports_target_names(arena, targets, plan->target_count);
	orders->target_count = plan->target_count;
	if (orders->recording)
		paths.keys[paths.count++] = place_key(arena, orders->recording);
	for (size_t i = 0; i < orders->count; i++)
		if (claim(arena, &paths, &orders->items[i], orders, inputs, input_count, usage))
			orders->items[kept++] = orders->items[i];
	orders->count = kept;
}
