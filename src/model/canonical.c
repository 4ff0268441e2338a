/* canonical.c - the text by which two snapshots are the same.
 *
 * Every text in it is written with its length before it, so that no two different deployments look alike. Replica counts
 * aren't in it: they move with traffic. A new member of a struct belongs here; a test flips every one and looks for it.
 */
#include "chaingate/deployment.h"

#include <inttypes.h>
#include <stdlib.h>

static void add_text(struct buf *buf, struct text text)
{
	buf_printf(buf, "%zu:", text.length);
	buf_add(buf, text);
}

static void add_optional(struct buf *buf, struct optional_integer integer)
{
	if (integer.present)
		buf_printf(buf, "%" PRId64 ";", integer.value);
	else
		buf_add_string(buf, "-;");
}

void settings_add_canonical(struct buf *buf, const struct autoscaling_settings *settings)
{
	if (!settings) {
		buf_add_string(buf, "null;");
		return;
	}
	buf_printf(buf, "%" PRId64 ";%" PRId64 ";%" PRId64 ";", settings->min_replica, settings->max_replica,
		   settings->concurrency_target);
	add_optional(buf, settings->autoscaling_window_s);
	add_optional(buf, settings->scale_down_delay_s);
	add_optional(buf, settings->target_utilization_percentage);
	add_optional(buf, settings->target_in_flight_tokens);
	add_optional(buf, settings->max_scale_down_rate);
}

static int by_name(const void *left, const void *right)
{
	const struct chainlet *const *a = left, *const *b = right;
	return text_compare((*a)->name, (*b)->name);
}

/* Chainlets are put in the order of their names, because the order of the API's lists means nothing. */
void deployment_add_canonical(struct buf *buf, const struct deployment *deployment, bool with_statuses)
{
	struct arena arena = {0};
	const struct chainlet **sorted = ARENA_ARRAY(&arena, const struct chainlet *, deployment->chainlet_count);
	add_text(buf, deployment->id);
	if (with_statuses)
		add_text(buf, deployment->status_word);
	for (size_t i = 0; i < deployment->chainlet_count; i++)
		sorted[i] = &deployment->chainlets[i];
	if (deployment->chainlet_count)
		qsort(sorted, deployment->chainlet_count, sizeof(*sorted), by_name);
	buf_printf(buf, "%zu[", deployment->chainlet_count);
	for (size_t i = 0; i < deployment->chainlet_count; i++) {
		add_text(buf, sorted[i]->name);
		add_text(buf, sorted[i]->id);
		add_text(buf, sorted[i]->instance_type_name);
		if (with_statuses)
			add_text(buf, sorted[i]->status_word);
		settings_add_canonical(buf, sorted[i]->settings);
	}
	buf_add_byte(buf, ']');
	arena_release(&arena);
}
