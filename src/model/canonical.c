/* canonical.c - the text that is compared to find out whether two snapshots are equal.
 *
 * Each text is written with its length before it, so that no two different deployments give the same text. Replica
 * counts are left out, because they change with traffic. A new member of a struct must be added here; a test changes
 * each member and expects another text. Attestations contain the text's digest, so the text must not change for any
 * other reason. What only models' deployments have is written for these alone.
 */
#include "chaingate/deployment.h"

#include <stdlib.h>
#include <string.h>

/* Digits, a sign and the byte after them. */
#define INTEGER_BYTES 21

/* Writes the integer and the byte `after` it, and returns where they end. Each poll writes thousands of them, and
 * printf takes ten times as long. */
static char *put_integer(char *at, int64_t integer, char after)
{
	char digits[INTEGER_BYTES], *first = digits + sizeof(digits);
	uint64_t rest = integer < 0 ? 0 - (uint64_t)integer : (uint64_t)integer;
	*--first = after;
	do
		*--first = (char)('0' + rest % 10);
	while (rest /= 10);
	if (integer < 0)
		*at++ = '-';
	size_t count = (size_t)(digits + sizeof(digits) - first);
	memcpy(at, first, count);
	return at + count;
}

static char *put_optional(char *at, struct optional_integer integer)
{
	if (integer.present)
		return put_integer(at, integer.value, ';');
	*at++ = '-';
	*at++ = ';';
	return at;
}

static void add_count(struct buf *buf, size_t count, char after)
{
	char bytes[INTEGER_BYTES];
	buf_add(buf, (struct text){bytes, (size_t)(put_integer(bytes, (int64_t)count, after) - bytes)});
}

static void add_text(struct buf *buf, struct text text)
{
	add_count(buf, text.length, ':');
	buf_add(buf, text);
}

/* Three integers are required, and five are optional. */
#define SETTINGS_INTEGERS (3 + 5)

void settings_add_canonical(struct buf *buf, const struct autoscaling_settings *settings)
{
	char bytes[SETTINGS_INTEGERS * INTEGER_BYTES], *at = bytes;
	if (!settings) {
		buf_add_string(buf, "null;");
		return;
	}
	at = put_integer(at, settings->min_replica, ';');
	at = put_integer(at, settings->max_replica, ';');
	at = put_integer(at, settings->concurrency_target, ';');
	at = put_optional(at, settings->autoscaling_window_s);
	at = put_optional(at, settings->scale_down_delay_s);
	at = put_optional(at, settings->target_utilization_percentage);
	at = put_optional(at, settings->target_in_flight_tokens);
	at = put_optional(at, settings->max_scale_down_rate);
	buf_add(buf, (struct text){bytes, (size_t)(at - bytes)});
}

static int by_name(const void *left, const void *right)
{
	const struct chainlet *const *a = left, *const *b = right;
	return text_compare((*a)->name, (*b)->name);
}

static int by_label(const void *left, const void *right)
{
	const struct label *const *a = left, *const *b = right;
	return text_compare((*a)->name, (*b)->name);
}

/* Nothing if there are none. A sign first if nobody knows which there are: no other text begins like that here. */
static void add_labels(struct buf *buf, struct arena *arena, const struct deployment *deployment)
{
	const struct label **sorted = ARENA_ARRAY(arena, const struct label *, deployment->label_count + 1);
	for (size_t i = 0; i < deployment->label_count; i++)
		sorted[i] = &deployment->labels[i];
	if (deployment->of == TARGET_MODEL && deployment->labels_told != LABELS_TOLD)
		buf_add_string(buf, deployment->labels_told == LABELS_UNTOLD ? "-;" : "+;");
	if (!deployment->label_count)
		return;
	qsort(sorted, deployment->label_count, sizeof(*sorted), by_label);
	add_count(buf, deployment->label_count, '{');
	for (size_t i = 0; i < deployment->label_count; i++) {
		add_text(buf, sorted[i]->name);
		add_count(buf, sorted[i]->kind, ';');
		add_text(buf, sorted[i]->value);
	}
	buf_add_byte(buf, '}');
}

/* Chainlets are sorted by name, because the order of the API's lists has no meaning. */
void deployment_add_canonical(struct buf *buf, const struct deployment *deployment, bool with_statuses)
{
	struct arena arena = {0};
	const struct chainlet **sorted = ARENA_ARRAY(&arena, const struct chainlet *, deployment->chainlet_count);
	add_text(buf, deployment->id);
	if (deployment->of != TARGET_CHAIN)
		buf_printf(buf, "%s%s;", target_kind_name(deployment->of),
			   deployment->is_development.value ? " in development" : "");
	add_labels(buf, &arena, deployment);
	if (with_statuses)
		add_text(buf, deployment->status_word);
	for (size_t i = 0; i < deployment->chainlet_count; i++)
		sorted[i] = &deployment->chainlets[i];
	if (deployment->chainlet_count)
		qsort(sorted, deployment->chainlet_count, sizeof(*sorted), by_name);
	add_count(buf, deployment->chainlet_count, '[');
	for (size_t i = 0; i < deployment->chainlet_count; i++) {
		if (sorted[i]->has_unknown_name)
			buf_add_string(buf, "unknown;");
		else
			add_text(buf, sorted[i]->name);
		add_text(buf, sorted[i]->id);
		if (sorted[i]->has_no_instance_type)
			buf_add_string(buf, "null;");
		else
			add_text(buf, sorted[i]->instance_type_name);
		if (with_statuses)
			add_text(buf, sorted[i]->status_word);
		settings_add_canonical(buf, sorted[i]->settings);
	}
	buf_add_byte(buf, ']');
	arena_release(&arena);
}
