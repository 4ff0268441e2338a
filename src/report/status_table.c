/* status_table.c - what `chaingate status` shows: deployments and their chainlets in aligned columns. */
#include "words.h"

#include "chaingate/times.h"

#include <inttypes.h>

/* Columns between two cells. */
#define GAP 2

static const char *class_colour(enum status status)
{
	switch (status_class(status)) {
	case CLASS_READY: return "\x1b[32m";
	case CLASS_IN_PROGRESS: return "\x1b[36m";
	case CLASS_IDLE: return "\x1b[2m";
	case CLASS_UNHEALTHY: return "\x1b[33m";
	case CLASS_FAILED: return "\x1b[31m";
	case CLASS_NONE:
	case CLASS_COUNT: break;
	}
	return "\x1b[35m";
}

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

static void add_deployment(struct buf *buf, const struct deployment *deployment, struct widths widths, int64_t now_wall_ns, bool colour)
{
	add_cell(buf, deployment->id, widths.name, NULL);
	add_cell(buf, deployment->status_word, widths.status, colour ? class_colour(deployment->status) : NULL);
	text_add_printable(buf, deployment->has_environment ? deployment->environment : TEXT("no environment"));
	buf_add_string(buf, ", created ");
	if (now_wall_ns >= deployment->created_at_wall_ns) {
		duration_add_clock(buf, now_wall_ns - deployment->created_at_wall_ns);
		buf_add_string(buf, " ago");
	} else {
		moment_add(buf, deployment->created_at_wall_ns, false);
	}
	buf_add_byte(buf, '\n');
}

static void add_chainlet(struct buf *buf, const struct chainlet *chainlet, struct widths widths, bool colour)
{
	buf_add_repeated(buf, ' ', GAP);
	add_cell(buf, chainlet->name, widths.name - GAP, NULL);
	add_cell(buf, chainlet->status_word, widths.status, colour ? class_colour(chainlet->status) : NULL);
	buf_printf(buf, "%" PRId64, chainlet->active_replica_count);
	if (chainlet->settings)
		buf_printf(buf, " of %" PRId64 " to %" PRId64, chainlet->settings->min_replica, chainlet->settings->max_replica);
	buf_add_string(buf, " replicas, ");
	text_add_printable(buf, chainlet->instance_type_name);
	buf_add_byte(buf, '\n');
}

void status_table(struct buf *buf, const struct selection *selection, int64_t now_wall_ns, size_t columns, bool colour)
{
	(void)columns;
	struct widths widths = measure(selection);
	for (size_t i = 0; i < selection->count; i++) {
		const struct deployment *deployment = selection->deployments[i];
		add_deployment(buf, deployment, widths, now_wall_ns, colour);
		for (size_t j = 0; j < deployment->chainlet_count; j++)
			add_chainlet(buf, &deployment->chainlets[j], widths, colour);
	}
}
