/* lanes.c - see lanes.h. */
#include "lanes.h"

#include "table.h"

#include <stdlib.h>

static bool is_digit(struct text text, size_t at)
{
	return at < text.length && text.bytes[at] >= '0' && text.bytes[at] <= '9';
}

/* The digits at `at`, without zeros before them. Moves *at past them. */
static struct text next_number(struct text text, size_t *at)
{
	while (is_digit(text, *at) && text.bytes[*at] == '0')
		(*at)++;
	size_t from = *at;
	while (is_digit(text, *at))
		(*at)++;
	return text_slice(text, from, *at);
}

/* Orders names as people do: Chainlet2 comes before Chainlet10. 0 only for equal names. */
static int compare_names(struct text a, struct text b)
{
	size_t i = 0, j = 0;
	while (i < a.length && j < b.length) {
		if (!is_digit(a, i) || !is_digit(b, j)) {
			if (a.bytes[i] != b.bytes[j])
				break;
			i++;
			j++;
			continue;
		}
		struct text left = next_number(a, &i), right = next_number(b, &j);
		if (left.length != right.length)
			return left.length < right.length ? -1 : 1;
		if (!text_equal(left, right))
			return text_compare(left, right);
	}
	int order = text_compare(text_slice(a, i, a.length), text_slice(b, j, b.length));
	return order ? order : text_compare(a, b);
}

static int compare_statuses(const void *left, const void *right)
{
	const struct gate_event *a = *(const struct gate_event *const *)left,
				*b = *(const struct gate_event *const *)right;
	int order = text_compare(a->deployment, b->deployment);
	if (order == 0)
		order = compare_names(a->chainlet, b->chainlet);
	return order ? order : (a > b) - (a < b); /* events of one log keep their order */
}

static bool is_same_lane(const struct gate_event *a, const struct gate_event *b)
{
	return text_equal(a->deployment, b->deployment) && text_equal(a->chainlet, b->chainlet);
}

/* Lanes that are gone come last. */
static int need(const struct lane *lane)
{
	const struct gate_event *last = lane->statuses[lane->count - 1];
	return last->to.length ? status_rank(status_parse(last->to)) : STATUS_RANKS;
}

static int compare_lanes(const void *left, const void *right)
{
	const struct lane *a = left, *b = right;
	int order = text_compare(a->statuses[0]->deployment, b->statuses[0]->deployment);
	if (order == 0)
		order = (a->statuses[0]->chainlet.length > 0) - (b->statuses[0]->chainlet.length > 0);
	if (order == 0)
		order = need(a) - need(b);
	return order ? order
		     : (a->statuses > b->statuses) -
			       (a->statuses < b->statuses); /* by name: the array has that order */
}

size_t lanes_gather(struct arena *arena, const struct report *report, size_t target, const struct lane **out)
{
	const struct gate_event **statuses = ARENA_ARRAY(arena, const struct gate_event *, report->event_count);
	size_t status_count = 0, count = 0;
	for (size_t i = 0; i < report->event_count; i++)
		if (report->events[i].target == target && report->events[i].kind == EVENT_STATUS)
			statuses[status_count++] = &report->events[i];
	if (status_count)
		qsort(statuses, status_count, sizeof(*statuses), compare_statuses);
	struct lane *lanes = ARENA_ARRAY(arena, struct lane, status_count);
	for (size_t i = 0; i < status_count; i++) {
		if (i == 0 || !is_same_lane(statuses[i - 1], statuses[i]))
			lanes[count++] = (struct lane){&statuses[i], 0};
		lanes[count - 1].count++;
	}
	if (count)
		qsort(lanes, count, sizeof(*lanes), compare_lanes);
	*out = lanes;
	return count;
}
