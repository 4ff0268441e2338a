/* canonical.c - the text that is compared to find out whether two snapshots are equal.
 *
 * Each text is written with its length before it, so that no two different deployments give the same text. Numbers
 * are written as they are in memory: the text never leaves the process, and each poll makes it. Replica counts are left out, because they change with traffic. A new member of a struct must be added here; a test changes
 * each member and expects another text.
 */
#include "chaingate/deployment.h"

#include <stdlib.h>

static void add_integers(struct buf *buf, const int64_t *integers, size_t count)
{
	buf_add(buf, (struct text){(const char *)integers, count * sizeof(*integers)});
}

static void add_text(struct buf *buf, struct text text)
{
	add_integers(buf, &(int64_t){(int64_t)text.length}, 1);
	buf_add(buf, text);
}

static int64_t *put_optional(int64_t *at, struct optional_integer integer)
{
	*at++ = integer.present;
	*at++ = integer.present ? integer.value : 0;
	return at;
}

/* Integers of the canonical text of settings: one says that there are settings, three are required, and five optional
 * ones take two each. */
#define SETTINGS_INTEGERS (1 + 3 + 5 * 2)

void settings_add_canonical(struct buf *buf, const struct autoscaling_settings *settings)
{
	int64_t integers[SETTINGS_INTEGERS] = {0}, *at = integers;
	*at++ = settings != NULL;
	if (settings) {
		*at++ = settings->min_replica;
		*at++ = settings->max_replica;
		*at++ = settings->concurrency_target;
		at = put_optional(at, settings->autoscaling_window_s);
		at = put_optional(at, settings->scale_down_delay_s);
		at = put_optional(at, settings->target_utilization_percentage);
		at = put_optional(at, settings->target_in_flight_tokens);
		at = put_optional(at, settings->max_scale_down_rate);
	}
	add_integers(buf, integers, (size_t)(at - integers));
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
	add_integers(buf, &(int64_t){(int64_t)deployment->chainlet_count}, 1);
	for (size_t i = 0; i < deployment->chainlet_count; i++) {
		add_text(buf, sorted[i]->name);
		add_text(buf, sorted[i]->id);
		add_text(buf, sorted[i]->instance_type_name);
		if (with_statuses)
			add_text(buf, sorted[i]->status_word);
		settings_add_canonical(buf, sorted[i]->settings);
	}
	arena_release(&arena);
}
