/* canonical.c - the text that is compared to find out whether two snapshots are equal.
 *
 * Each text is written with its length before it, so that no two different deployments give the same text. Replica
 * counts are left out, because they change with traffic. A new member of a struct must be added here; a test changes
 * each member and expects another text.
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

/* Chainlets are sorted by name, because the order of the API's lists has no meaning. */
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
