/* merge.c - puts the reports of shards together. See merge.h. */
#include "digest.h"
#include "merged.h"
#include "parts.h"

#include "chaingate/buf.h"
#include "chaingate/json.h"
#include "chaingate/json_out.h"
#include "chaingate/report_json.h"
#include "chaingate/times.h"

#include <stdlib.h>
#include <string.h>

/* ---- putting together ------------------------------------------------------------------------------------------- */

struct placed {
	size_t place;
	const struct part *part;
	struct json_object *target;
	struct text name, member;
};

static int compare_places(const void *left, const void *right)
{
	const struct placed *a = left, *b = right;
	return (a->place > b->place) - (a->place < b->place);
}

static int compare_placed_names(const void *left, const void *right)
{
	const struct placed *a = left, *b = right;
	int order = text_compare(a->name, b->name);
	return order ? order : compare_places(left, right);
}

/* One run has no two targets with the same name: one was copied into another's place. */
static bool have_own_names(struct merge *m, const struct placed *all, size_t count)
{
	struct placed *sorted = ARENA_ARRAY(m->arena, struct placed, count + 1);
	for (size_t i = 0; i < count; i++)
		sorted[i] = all[i];
	qsort(sorted, count, sizeof(*sorted), compare_placed_names);
	for (size_t i = 1; i < count; i++)
		if (text_equal(sorted[i].name, sorted[i - 1].name))
			return merge_refuse(m, HINT_AGAIN,
					    arena_printf(m->arena,
							 "the reports '%s' and '%s' both have the target '%s'",
							 sorted[i - 1].part->name, sorted[i].part->name,
							 diag_value(m->diags, sorted[i].name)));
	return true;
}

/* True if the chains are those that the shards found when they started, each at its place. */
static bool are_the_chains(struct merge *m, const struct placed *all, size_t count)
{
	struct buf lines = buf_make(BUF_LIMIT_REPORT);
	char digest[DIGEST_LETTERS + 1];
	for (size_t i = 0; i < count; i++)
		buf_printf(&lines, "%.*s\n", TEXT_ARG(all[i].member));
	digest_make(buf_text(&lines), digest);
	bool is_same = !lines.overflowed && text_is(all[0].part->digest, digest);
	buf_release(&lines);
	return is_same ||
	       merge_refuse(m, "run all shards again", "the targets are not those of the chains that the shards found");
}

/* The targets of all shards, in their order. NULL if one is in two reports, or in none. */
static struct json_object *targets_of(struct merge *m)
{
	size_t count = 0, room = 0, listed = 0, whole = 0, unlisted = 0;
	struct placed *all = NULL;
	for (size_t i = 0; i < m->count; i++) {
		const struct part *part = &m->parts[i];
		unlisted += !part->is_listed;
		whole = part->is_listed ? part->whole : whole;
		for (size_t t = 0; t < json_object_array_length(part->targets); t++) {
			all = arena_grow(m->arena, all, count, &room, sizeof(*all));
			struct placed one = {.place = part->places[t],
					     .part = part,
					     .target = json_object_array_get_idx(part->targets, t)};
			if (part->is_listed)
				one.member = part->members[t];
			json_get_text(one.target, "name", &one.name);
			all[count++] = one;
			listed += part->is_listed;
		}
	}
	if (count)
		qsort(all, count, sizeof(*all), compare_places);
	for (size_t i = 1; i < count; i++)
		if (all[i].place == all[i - 1].place) {
			merge_refuse(m, HINT_AGAIN,
				     arena_printf(m->arena, "the reports '%s' and '%s' have the same target",
						  all[i - 1].part->name, all[i].part->name));
			return NULL;
		}
	if (!unlisted && (listed != whole || !count)) {
		merge_refuse(m, "run all shards again",
			     arena_printf(m->arena, "%zu of the %zu target%s in no report", whole - listed, whole,
					  whole == 1            ? " is"
					  : whole - listed == 1 ? "s is"
								: "s are"));
		return NULL;
	}
	if (!have_own_names(m, all, count) || (!unlisted && !are_the_chains(m, all, count)))
		return NULL;
	struct json_object *array = json_out_array();
	for (size_t i = 0; i < count; i++)
		json_out_append(array, json_object_get(all[i].target));
	return array;
}

/* Without a list of chains a shard's targets are what the command line gives, the same for each such shard: names them
 * apart. */
static void rename_targets(struct merge *m, const struct part *part, struct json_object *array, const char *key)
{
	for (size_t i = 0; i < json_object_array_length(array); i++) {
		struct json_object *object = json_object_array_get_idx(array, i);
		struct text name;
		if (json_get_text(object, key, &name))
			json_out_put_text(object, key,
					  text_of(arena_printf(m->arena, "%.*s (shard %zu/%zu)", TEXT_ARG(name),
							       part->shard, part->shards)));
	}
}

/* Makes all times in the value count from the merged run's start. */
static void shift_times(struct json_object *value, int64_t by_ns)
{
	int64_t ns;
	if (json_object_is_type(value, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(value); i++)
			shift_times(json_object_array_get_idx(value, i), by_ns);
	} else if (json_object_is_type(value, json_type_object)) {
		json_object_object_foreach(value, key, of_key)
		{
			if (!merge_is_time(key))
				shift_times(of_key, by_ns);
			else if (merge_seconds(value, key, &ns))
				json_out_put_seconds(value, key, true, ns + by_ns);
		}
	}
}

static void align(struct merge *m)
{
	int64_t first_ns = INT64_MAX;
	for (size_t i = 0; i < m->count; i++)
		first_ns = m->parts[i].start_ns < first_ns ? m->parts[i].start_ns : first_ns;
	for (size_t i = 0; i < m->count; i++) {
		struct part *part = &m->parts[i];
		if (part->start_ns != first_ns)
			shift_times(part->object, part->start_ns - first_ns);
		if (!part->is_listed) {
			rename_targets(m, part, part->targets, "name");
			rename_targets(m, part, part->events, "target");
		}
	}
}

struct ordered {
	double at_s; /* the latest moment of its shard so far: verdicts of passes are known later than they are dated */
	bool is_verdict;
	size_t position, number;
	struct json_object *event;
};

static int compare_events(const void *left, const void *right)
{
	const struct ordered *a = left, *b = right;
	if (a->at_s < b->at_s || b->at_s < a->at_s)
		return a->at_s < b->at_s ? -1 : 1;
	if (a->is_verdict != b->is_verdict)
		return a->is_verdict ? 1 : -1;
	if (a->position != b->position)
		return a->position < b->position ? -1 : 1;
	return (a->number > b->number) - (a->number < b->number);
}

/* The position of the event's target; SIZE_MAX: the report has no such target. */
static size_t position_of(const struct part *part, struct json_object *event)
{
	struct text wanted, name;
	for (size_t t = 0; json_get_text(event, "target", &wanted) && t < json_object_array_length(part->targets);
	     t++) {
		json_get_text(json_object_array_get_idx(part->targets, t), "name", &name);
		if (text_equal(name, wanted))
			return part->places[t];
	}
	return SIZE_MAX;
}

/* NULL if a report contradicts itself. */
static struct json_object *events_of(struct merge *m)
{
	size_t room = 0, count = 0;
	struct ordered *all = NULL;
	for (size_t i = 0; i < m->count; i++) {
		double latest_s = 0;
		for (size_t e = 0; e < json_object_array_length(m->parts[i].events); e++) {
			struct json_object *event = json_object_array_get_idx(m->parts[i].events, e);
			struct json_object *at = merge_member(event, "at_s", json_type_double);
			struct text kind;
			size_t position = at ? position_of(&m->parts[i], event) : SIZE_MAX;
			if (position == SIZE_MAX || !json_get_text(event, "kind", &kind)) {
				merge_refuse(m, HINT_AGAIN,
					     arena_printf(m->arena,
							  "the report '%s' contradicts itself in its event %zu",
							  m->parts[i].name, e + 1));
				return NULL;
			}
			latest_s = json_object_get_double(at) > latest_s ? json_object_get_double(at) : latest_s;
			all = arena_grow(m->arena, all, count, &room, sizeof(*all));
			all[count++] = (struct ordered){latest_s, text_is(kind, "verdict"), position, e, event};
		}
	}
	struct json_object *array = json_out_array();
	if (count)
		qsort(all, count, sizeof(*all), compare_events);
	for (size_t i = 0; i < count; i++)
		json_out_append(array, json_object_get(all[i].event));
	return array;
}

/* Those of all shards, each once. */
static struct json_object *diagnostics_of(const struct merge *m)
{
	struct json_object *array = json_out_array();
	for (size_t i = 0; i < m->count; i++) {
		struct json_object *own = merge_member(m->parts[i].object, "diagnostics", json_type_array);
		for (size_t d = 0; own && d < json_object_array_length(own); d++) {
			struct json_object *one = json_object_array_get_idx(own, d);
			bool is_known = false;
			for (size_t k = 0; k < json_object_array_length(array); k++)
				is_known |= json_object_equal(one, json_object_array_get_idx(array, k)) != 0;
			if (!is_known)
				json_out_append(array, json_object_get(one));
		}
	}
	return array;
}

static void put_same(struct json_object *object, struct json_object *from, const char *key)
{
	struct json_object *value;
	if (json_object_object_get_ex(from, key, &value))
		json_out_put(object, key, json_object_get(value));
}

/* From the first start to the last end, by the jobs' wall clocks; and when the first shard ended: what it says is as old
 * as that. A shard without a chain says nothing, so its age doesn't matter. */
static struct json_object *run_of(const struct merge *m, struct merged *out)
{
	struct json_object *object = json_out_object();
	int64_t start_ns = INT64_MAX, first_end_ns = INT64_MAX, end_ns = 0;
	for (size_t i = 0; i < m->count; i++) {
		const struct part *part = &m->parts[i];
		start_ns = part->start_ns < start_ns ? part->start_ns : start_ns;
		if (part->verdict != VERDICT_NONE && part->end_ns < first_end_ns)
			first_end_ns = part->end_ns;
		end_ns = part->end_ns > end_ns ? part->end_ns : end_ns;
	}
	out->start_wall_ns = start_ns;
	out->took_ns = end_ns - start_ns;
	out->first_end_wall_ns = first_end_ns;
	json_out_put_moment(object, "start", start_ns, false);
	json_out_put_moment(object, "first_end", first_end_ns, false);
	json_out_put_seconds(object, "took_s", true, out->took_ns);
	put_same(object, m->parts[0].run, "host");
	put_same(object, m->parts[0].run, "tool");
	return object;
}

/* When the last shard ended; null if none judged anything. */
static struct json_object *at_of(const struct merge *m)
{
	struct json_object *latest = NULL;
	for (size_t i = 0; i < m->count; i++) {
		struct json_object *at = merge_member(m->parts[i].object, "at_s", json_type_double);
		if (at && (!latest || json_object_get_double(at) > json_object_get_double(latest)))
			latest = at;
	}
	return json_object_get(latest);
}

static void decide(const struct merge *m, struct merged *out)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->parts[i].verdict != VERDICT_NONE)
			out->verdict = verdict_first(out->verdict, m->parts[i].verdict);
	out->exit = verdict_exit(out->verdict, 0);
	for (size_t i = m->count; i-- > 0;)
		if ((out->verdict == VERDICT_PASSED && m->parts[i].exit != GATE_EXIT_PASSED) ||
		    (out->verdict == VERDICT_INTERRUPTED && m->parts[i].verdict == VERDICT_INTERRUPTED))
			out->exit = (enum gate_exit)m->parts[i].exit;
}

/* One that has a list of chains, if any has. */
static const struct part *first_of(const struct merge *m)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->parts[i].is_listed)
			return &m->parts[i];
	return &m->parts[0];
}

static bool put_together(struct merge *m, struct merged *out)
{
	const struct part *first = first_of(m);
	align(m);
	struct json_object *targets = targets_of(m), *events = targets ? events_of(m) : NULL;
	if (!events) {
		json_object_put(targets);
		return false;
	}
	struct json_object *object = json_out_object(), *fleet = json_out_object();
	decide(m, out);
	put_same(object, first->object, "format");
	put_same(object, first->object, "version");
	json_out_put_optional(object, "verdict", verdict_name(out->verdict));
	json_out_put_integer(object, "exit", (int64_t)out->exit);
	json_out_put(object, "at_s", at_of(m));
	json_out_put_optional(object, "problem", NULL);
	json_out_put(object, "diagnostics", diagnostics_of(m));
	put_same(object, first->object, "policy");
	put_same(object, first->object, "policies");
	put_same(object, first->object, "params");
	put_same(object, first->object, "api");
	put_same(fleet, first->fleet, "policy_name");
	put_same(fleet, first->fleet, "targets");
	put_same(fleet, first->fleet, "sha256");
	put_same(fleet, first->fleet, "plan_sha256");
	json_out_put(object, "fleet", fleet);
	json_out_put(object, "targets", targets);
	json_out_put(object, "events", events);
	json_out_put(object, "run", run_of(m, out));
	out->document = object;
	return true;
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

struct merged *merge_reports(struct arena *arena, const struct merge_input *inputs, size_t count, struct diags *diags)
{
	struct merge m = {.arena = arena, .diags = diags, .count = count};
	struct merged *out = ARENA_NEW(arena, struct merged);
	size_t errors = diags->errors;
	m.parts = ARENA_ARRAY(arena, struct part, count);
	for (size_t i = 0; i < count; i++) {
		m.parts[i].name = diag_value(diags, text_of(inputs[i].name));
		part_read(&m, &m.parts[i], inputs[i].content);
	}
	bool is_whole = diags->errors == errors && count && parts_compare(&m) && put_together(&m, out);
	for (size_t i = 0; i < count; i++)
		json_object_put(m.parts[i].object);
	return is_whole ? out : NULL;
}

void merged_free(struct merged *merged)
{
	if (merged)
		json_object_put(merged->document);
}

void merged_set_place(struct merged *merged, const char *checkout, const char *folder)
{
	merged->checkout = checkout;
	merged->folder = folder;
}

enum gate_exit merged_exit(const struct merged *merged)
{
	return merged->exit;
}

int64_t merged_first_end_ns(const struct merged *merged)
{
	return merged->first_end_wall_ns;
}

int64_t merged_last_end_ns(const struct merged *merged)
{
	return time_add(merged->start_wall_ns, merged->took_ns);
}
