/* reports.c - see reports.h. */
#include "chaingate/reports.h"

#include "chaingate/buf.h"
#include "chaingate/clock.h"
#include "chaingate/files.h"
#include "chaingate/places.h"
#include "chaingate/times.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* File systems allow 255 bytes; this leaves room for the text around the name. */
#define NAME_BYTES_MAX 120

/* Makes a name usable in a path: characters that could lead elsewhere, or hide the file, become dashes. */
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

/* Names by their hashes; never full. */
struct taken {
	const char **names;
	size_t room;
};

/* False if the name is taken. */
static bool take(struct taken *taken, const char *name)
{
	size_t at = (size_t)(text_hash(TEXT_HASH_BEGIN, text_of(name)) % taken->room);
	for (; taken->names[at]; at = (at + 1) % taken->room)
		if (strcmp(taken->names[at], name) == 0)
			return false;
	taken->names[at] = name;
	return true;
}

const char *const *reports_target_names(struct arena *arena, const struct text *targets, size_t count)
{
	const char **names = ARENA_ARRAY(arena, const char *, count + 1);
	struct arena scratch = {0};
	struct taken taken = {.room = 2 * count + 1};
	taken.names = ARENA_ARRAY(&scratch, const char *, taken.room);
	for (size_t i = 0; i < count; i++) {
		struct buf plain = buf_make(BUF_LIMIT_REPORT);
		add_as_file(&plain, targets[i]);
		names[i] = arena_string(arena, buf_string(&plain));
		for (size_t number = 2; !take(&taken, names[i]); number++)
			names[i] = arena_printf(arena, "%s-%zu", buf_string(&plain), number);
		buf_release(&plain);
	}
	arena_release(&scratch);
	return names;
}

static const char *path_for(struct arena *arena, const char *path, const char *name)
{
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	const char *mark;
	for (; (mark = strstr(path, REPORT_TARGET_MARK)); path = mark + strlen(REPORT_TARGET_MARK)) {
		buf_add(&buf, (struct text){path, (size_t)(mark - path)});
		buf_add_string(&buf, name);
	}
	buf_add_string(&buf, path);
	const char *kept = arena_string(arena, buf_string(&buf));
	buf_release(&buf);
	return kept;
}

const char *report_order_path(struct arena *arena, const struct report_order *order, const char *const *names,
			      size_t target)
{
	return strstr(order->path, REPORT_TARGET_MARK) ? path_for(arena, order->path, names[target]) : order->path;
}

/* The report of one target alone, as if it were the run's only one; the exit code stays the run's. */
static struct report report_of(struct arena *arena, const struct report *whole, size_t index, struct gate_result *gate)
{
	struct report one = *whole;
	size_t count = 0;
	for (size_t i = 0; i < whole->event_count; i++)
		count += whole->events[i].target == index;
	struct gate_event *events = ARENA_ARRAY(arena, struct gate_event, count + 1);
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

/* Replaces {target} if the policy couldn't be read, so that its targets aren't known. */
#define NO_TARGET "none"

/* The places of an order; their number, and with {target} the target of each. */
static size_t places_of(const struct report_orders *orders, const struct report_order *order)
{
	return strstr(order->path, REPORT_TARGET_MARK) && orders->target_count ? orders->target_count : 1;
}

static const char *place_at(struct arena *arena, const struct report_orders *orders, const struct report_order *order,
			    size_t target)
{
	static const char *const nobody[] = {NO_TARGET};
	return report_order_path(arena, order, orders->target_count ? orders->target_names : nobody, target);
}

bool reports_render(struct buf *buf, const void *of, const struct report_order *order, size_t target,
		    enum gate_exit code)
{
	const struct report *whole = of;
	struct arena arena = {0};
	struct gate_result gate;
	/* If nothing was polled, each target's file gets the whole report, so that it doesn't keep the previous run's. */
	bool splits = strstr(order->path, REPORT_TARGET_MARK) && whole->gate;
	struct report report = splits ? report_of(&arena, whole, target, &gate) : *whole;
	report.exit = code;
	bool is_whole = report_render(buf, &report, order->format);
	arena_release(&arena);
	return is_whole;
}

static bool render(struct buf *content, const struct reports_end *end, const struct report_order *order, size_t target,
		   enum gate_exit code, const char **why)
{
	if (end->render(content, end->of, order, target, code))
		return true;
	*why = "it is too large";
	return false;
}

/* Tells the user that a report is lost, and returns the run's exit code: 6 instead of 0. */
static enum gate_exit lose(struct reports_end *end, const struct report_order *order, const char *path, const char *why,
			   enum gate_exit code)
{
	if (!order->is_lost)
		output_message(end->output, "could not write the report %s to %s: %s",
			       report_format_name(order->format), place_is_stdout(path) ? "stdout" : path, why);
	end->is_lost = true;
	return code == GATE_EXIT_PASSED ? GATE_EXIT_UNREPORTED : code;
}

static bool is_sent(const struct report_order *order, const char *path)
{
	return order->appends || place_is_stdout(path) || !file_is_replaced(path);
}

/* ---- places ----------------------------------------------------------------------------------------------------- */

/* When a place is written: the later, the more of what can fail is known by then. */
enum stage {
	STAGE_PLAIN,
	STAGE_STEP, /* what other steps read: variables, the step's summary */
	STAGE_JSON, /* what `chaingate merge` and ci/promote believe */
	STAGE_COUNT
};

struct report_place {
	const struct report_order *order;
	size_t target;
	const char *path;
	enum stage stage;
	bool is_sent; /* not a file that is replaced */
	struct file_ready ready;
	bool is_ready; /* complete, beside its place */
	bool is_put;   /* in its place */
	bool is_lost;
};

static enum stage stage_of(const struct report_order *order)
{
	if (order->format == REPORT_JSON)
		return STAGE_JSON;
	return order->format == REPORT_ENV || order->appends ? STAGE_STEP : STAGE_PLAIN;
}

static void add_places(struct reports_end *end, const struct report_order *order, size_t *room)
{
	for (size_t t = 0; t < places_of(end->orders, order); t++) {
		const char *path = place_at(&end->arena, end->orders, order, t);
		end->places = arena_grow(&end->arena, end->places, end->place_count, room, sizeof(*end->places));
		end->places[end->place_count++] = (struct report_place){.order = order,
									.target = t,
									.path = path,
									.stage = stage_of(order),
									.is_sent = is_sent(order, path)};
	}
}

/* ---- stdout, pipes, devices ------------------------------------------------------------------------------------- */

static bool send(const struct reports_end *end, const struct report_place *place, enum gate_exit code,
		 int64_t patience_ns, const char **why)
{
	const struct report_order *order = place->order;
	struct buf content = buf_make(BUF_LIMIT_REPORT);
	bool is_whole = render(&content, end, order, place->target, code, why), sent = false;
	if (is_whole && place_is_stdout(place->path))
		sent = output_result(buf_text(&content), report_form(order->format), patience_ns, why);
	else if (is_whole && order->appends)
		sent = file_append(place->path, buf_text(&content), patience_ns, why);
	else if (is_whole)
		sent = file_write(place->path, buf_text(&content), patience_ns, why);
	buf_release(&content);
	return sent;
}

/* Sends to the places of the stages from `first` to `last`. */
static enum gate_exit send_places(struct reports_end *end, enum stage first, enum stage last, enum gate_exit code)
{
	/* All pipes share one timeout: several without readers cost no more than one. */
	int64_t start_ns = clock_monotonic_ns(), until_ns = time_add(start_ns, end->patience_ns);
	const char *why;
	for (size_t i = 0; i < end->place_count; i++) {
		const struct report_place *place = &end->places[i];
		if (!place->is_sent || place->stage < first || place->stage > last)
			continue;
		if (!send(end, place, code, until_ns - clock_monotonic_ns(), &why))
			code = lose(end, place->order, place->path, why, code);
	}
	end->patience_ns -= clock_monotonic_ns() - start_ns;
	return code;
}

/* ---- files ------------------------------------------------------------------------------------------------------ */

static bool prepare_file(struct reports_end *end, struct report_place *file, enum gate_exit code, const char **why)
{
	struct buf content = buf_make(BUF_LIMIT_REPORT);
	file->is_ready = render(&content, end, file->order, file->target, code, why) &&
			 file_prepare(&end->arena, file->path, buf_text(&content), &file->ready, why);
	buf_release(&content);
	return file->is_ready;
}

/* Makes all files anew that aren't lost, so that they say `code`. */
static enum gate_exit prepare_files(struct reports_end *end, enum gate_exit code)
{
	enum gate_exit left = code;
	const char *why;
	end->said = code;
	for (size_t i = 0; i < end->place_count; i++) {
		struct report_place *file = &end->places[i];
		if (file->is_ready)
			file_discard(&file->ready);
		file->is_ready = false;
		if (file->is_sent || file->is_lost || prepare_file(end, file, code, &why))
			continue;
		file->is_lost = true;
		left = lose(end, file->order, file->path, why, left);
	}
	return left;
}

/* Puts the files of the stages up to `last` that aren't in their places. */
static enum gate_exit put_files(struct reports_end *end, enum stage last, enum gate_exit code)
{
	const char *why;
	for (size_t i = 0; i < end->place_count; i++) {
		struct report_place *file = &end->places[i];
		if (!file->is_ready || file->stage > last)
			continue;
		file->is_ready = false;
		if (file_put(&file->ready, &why)) {
			file->is_put = true;
			continue;
		}
		file->is_lost = true;
		code = lose(end, file->order, file->path, why, code);
	}
	return code;
}

/* Nothing else is possible for a file that says 0 and can't be written again. The file goes, not a link to it: `ready`
 * still has where it was put. */
static void withdraw(const struct reports_end *end)
{
	for (size_t i = 0; i < end->place_count; i++)
		if (end->places[i].is_put && end->places[i].is_lost)
			unlink(end->places[i].ready.target);
}

/* ---- the end ---------------------------------------------------------------------------------------------------- */

enum gate_exit reports_prepare(struct reports_end *end, enum gate_exit code)
{
	size_t room = 0;
	for (enum stage stage = STAGE_PLAIN; stage < STAGE_COUNT; stage++)
		for (size_t i = 0; i < end->orders->count; i++)
			if (stage_of(&end->orders->items[i]) == stage)
				add_places(end, &end->orders->items[i], &room);
	return prepare_files(end, code);
}

enum gate_exit reports_send(struct reports_end *end, enum gate_exit code)
{
	return send_places(end, STAGE_PLAIN, STAGE_PLAIN, code);
}

enum gate_exit reports_put(struct reports_end *end, enum gate_exit code)
{
	/* What was sent has failed, or a file: the others still say 0. */
	while (code != end->said)
		code = prepare_files(end, code);
	code = put_files(end, STAGE_STEP, code);
	code = send_places(end, STAGE_STEP, STAGE_JSON, code);
	if (code == end->said)
		code = put_files(end, STAGE_JSON, code);
	if (code != end->said) {
		prepare_files(end, code);
		put_files(end, STAGE_JSON, code);
		withdraw(end);
	}
	arena_release(&end->arena);
	return code;
}

/* ---- the beginning ---------------------------------------------------------------------------------------------- */

/* Writes to a file that may contain an older report. Pipes and stdout contain none. */
static bool begin_place(const struct report_order *order, const char *path, const struct report *report,
			const char **why)
{
	if (order->appends)
		return file_append(path, (struct text){0}, 0, why);
	if (place_is_stdout(path))
		return true;
	if (!file_is_replaced(path))
		return file_takes_writes(path, why);
	struct buf content = buf_make(BUF_LIMIT_REPORT);
	report_render(&content, report, order->format);
	bool written = file_write_ahead(path, buf_text(&content), why);
	buf_release(&content);
	return written;
}

void reports_begin(struct report_orders *orders, const struct report *report, struct diags *usage)
{
	struct arena arena = {0};
	for (size_t i = 0; i < orders->count; i++) {
		struct report_order *order = &orders->items[i];
		bool splits = strstr(order->path, REPORT_TARGET_MARK) != NULL;
		size_t count = splits ? orders->target_count : 1;
		for (size_t t = 0; t < count; t++) {
			if (splits && orders->waits[t])
				continue;
			const char *path = report_order_path(&arena, order, orders->target_names, t), *why;
			if (begin_place(order, path, report, &why))
				continue;
			struct diag *diag =
				diag_error(usage, NULL, (struct span){0, 0}, DIAG_INVALID_VALUE,
					   "the report %s cannot be written to '%s': %s",
					   report_format_name(order->format), diag_value(usage, text_of(path)), why);
			diag_hint(usage, diag, "check the path, and that it may be written; nothing was judged");
			order->is_lost = true;
		}
	}
	arena_release(&arena);
}

void reports_drop(const struct report_orders *orders, const struct report_orders *before)
{
	struct arena arena = {0};
	for (size_t t = 0; t < before->target_count; t++) {
		const char *name = before->target_names[t];
		if (before->waits[t] || is_taken(orders->target_names, orders->target_count, name))
			continue;
		for (size_t i = 0; i < orders->count; i++) {
			const struct report_order *order = &orders->items[i];
			const char *path = report_order_path(&arena, order, before->target_names, t);
			if (path != order->path && file_is_replaced(path))
				unlink(path);
		}
	}
	arena_release(&arena);
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
	/* `verdict` is the name of the exit code, not the gate's verdict: if the gate passed but a report couldn't be
	 * written, a step that reads only this must not see "passed". */
	bool is_empty = report->is_empty && code == GATE_EXIT_PASSED;
	buf_printf(&lines, "verdict=%s\nexit=%d\ndeployment=%s\n", is_empty ? REPORT_EMPTY : exit_name(code), (int)code,
		   buf_string(&ids));
	bool written = file_append(path, buf_text(&lines), FD_PATIENCE_NS, &why);
	if (!written)
		output_message(output, "could not write the step's outputs to %s: %s", path, why);
	buf_release(&lines);
	buf_release(&ids);
	return written;
}
