/* merge.c - reads the reports of shards, and puts them together. See merge.h. */
#include "merged.h"

#include "chaingate/buf.h"
#include "chaingate/json.h"
#include "chaingate/json_out.h"
#include "chaingate/report_json.h"
#include "chaingate/times.h"

#include <stdlib.h>
#include <string.h>

/* One shard's report. */
struct part {
	const char *name;
	struct json_object *object; /* the document; the fields below are in it */
	struct json_object *targets, *events, *fleet, *positions;
	size_t shard, shards, whole;
	struct text digest;
	enum verdict verdict; /* VERDICT_NONE: the shard has no chain */
	int64_t exit;
};

struct merge {
	struct arena *arena;
	struct diags *diags;
	struct part *parts;
	size_t count;
};

/* ---- reading ---------------------------------------------------------------------------------------------------- */

/* Reports a mistake. The message must be in the arena. */
static bool refuse(struct merge *m, const char *hint, const char *message)
{
	struct diag *diag = diag_error(m->diags, NULL, (struct span){0, 0}, DIAG_INVALID_VALUE, "%s", message);
	diag_hint(m->diags, diag, "%s", hint);
	return false;
}

#define HINT_FILE "give the files that 'chaingate check --shard I/N --report json=PATH' has written"
#define HINT_AGAIN "run that shard again"

static struct json_object *member(struct json_object *object, const char *key, enum json_type type)
{
	struct json_object *value;
	if (!json_object_object_get_ex(object, key, &value) || !json_object_is_type(value, type))
		return NULL;
	return value;
}

static bool get_size(struct json_object *object, const char *key, size_t *out)
{
	int64_t value;
	if (!json_get_integer(object, key, &value) || value < 0)
		return false;
	*out = (size_t)value;
	return true;
}

static bool verdict_parse(struct json_object *object, enum verdict *out)
{
	struct text word;
	for (int v = VERDICT_NONE + 1; json_get_text(object, "verdict", &word) && v < VERDICT_COUNT; v++)
		if (text_is(word, verdict_name((enum verdict)v))) {
			*out = (enum verdict)v;
			return true;
		}
	return false;
}

/* True if the target's rules agree with its verdict: a pass needs a deployment, a rule that decides and is satisfied, and
 * none that decides and isn't. */
static bool is_consistent(struct json_object *target, enum verdict verdict)
{
	struct json_object *rules = member(target, "rules", json_type_array),
			   *deployments = member(target, "deployments", json_type_array);
	size_t satisfied = 0, open = 0;
	if (!rules || !deployments || !json_object_array_length(rules))
		return false;
	for (size_t i = 0; i < json_object_array_length(rules); i++) {
		struct json_object *rule = json_object_array_get_idx(rules, i);
		struct text outcome, name, sentence;
		bool decides;
		if (!json_object_is_type(rule, json_type_object) || !json_get_text(rule, "outcome", &outcome) ||
		    !json_get_text(rule, "name", &name) || !json_get_text(rule, "sentence", &sentence) ||
		    !json_get_boolean(rule, "decides", &decides))
			return false;
		satisfied += decides && text_is(outcome, rule_outcome_name(RULE_PASS));
		open += decides && !text_is(outcome, rule_outcome_name(RULE_PASS)) &&
			!text_is(outcome, rule_outcome_name(RULE_SKIPPED));
	}
	return verdict != VERDICT_PASSED || (satisfied && !open && json_object_array_length(deployments));
}

static bool read_targets(struct merge *m, struct part *part)
{
	enum verdict all = VERDICT_NONE;
	for (size_t i = 0; i < json_object_array_length(part->targets); i++) {
		struct json_object *target = json_object_array_get_idx(part->targets, i);
		enum verdict verdict;
		struct text name, reason;
		if (!json_object_is_type(target, json_type_object) || !json_get_text(target, "name", &name) ||
		    !json_get_text(target, "reason", &reason) || !member(target, "at_s", json_type_double) ||
		    !verdict_parse(target, &verdict) || !is_consistent(target, verdict))
			return refuse(m, HINT_AGAIN,
				      arena_printf(m->arena, "the report '%s' contradicts itself in its target %zu",
						   part->name, i + 1));
		all = verdict_first(all, verdict);
	}
	if (all != part->verdict)
		return refuse(m, HINT_AGAIN,
			      arena_printf(m->arena,
					   "the report '%s' contradicts itself: its verdict isn't that of its targets",
					   part->name));
	return true;
}

/* A shard's exit code follows from its verdict; only a pass may have been lost on the way to a report. */
static bool is_exit_of(const struct part *part)
{
	switch (part->verdict) {
	case VERDICT_NONE: return part->exit == GATE_EXIT_PASSED || part->exit == GATE_EXIT_UNREPORTED;
	case VERDICT_PASSED: return part->exit == GATE_EXIT_PASSED || part->exit == GATE_EXIT_UNREPORTED;
	case VERDICT_INTERRUPTED:
		return part->exit == GATE_EXIT_SIGHUP || part->exit == GATE_EXIT_SIGINT ||
		       part->exit == GATE_EXIT_SIGTERM;
	case VERDICT_FAILED:
	case VERDICT_TIMED_OUT:
	case VERDICT_UNDECIDED:
	case VERDICT_UNREACHABLE:
	case VERDICT_COUNT: break;
	}
	return part->exit == (int64_t)verdict_exit(part->verdict, 0);
}

/* The shard's number, and which of the targets of all shards it has. */
static bool read_fleet(struct merge *m, struct part *part)
{
	part->fleet = member(part->object, "fleet", json_type_object);
	if (!part->fleet || !get_size(part->fleet, "shard", &part->shard))
		return refuse(m, HINT_FILE, arena_printf(m->arena, "the report '%s' is not of a shard", part->name));
	part->positions = member(part->fleet, "positions", json_type_array);
	size_t count = json_object_array_length(part->targets);
	if (!get_size(part->fleet, "shards", &part->shards) || !get_size(part->fleet, "targets", &part->whole) ||
	    !json_get_text(part->fleet, "sha256", &part->digest) || !part->positions || part->shard < 1 ||
	    part->shards > SHARDS_MAX || part->shard > part->shards || part->whole < 1 ||
	    json_object_array_length(part->positions) != count)
		return refuse(m, HINT_AGAIN,
			      arena_printf(m->arena, "the report '%s' contradicts itself about its shard", part->name));
	return true;
}

/* Why nothing was judged, in the report's words. */
static const char *problem_of(struct merge *m, const struct part *part)
{
	struct text problem;
	return json_get_text(part->object, "problem", &problem) ? diag_value(m->diags, problem) : "it doesn't say why";
}

static bool read_part(struct merge *m, struct part *part, struct text content)
{
	struct json_fault fault;
	struct text format;
	int64_t version;
	if (!json_parse(content, &part->object, &fault))
		return refuse(m, HINT_FILE,
			      arena_printf(m->arena, "'%s' is not a JSON report: it %s", part->name,
					   json_fault_text(fault.kind)));
	if (!json_object_is_type(part->object, json_type_object) || !json_get_text(part->object, "format", &format) ||
	    !text_is(format, "chaingate report"))
		return refuse(m, HINT_FILE,
			      arena_printf(m->arena, "'%s' is not a JSON report of chaingate", part->name));
	if (!json_get_integer(part->object, "version", &version) || version != REPORT_VERSION)
		return refuse(m, "use the version of chaingate that wrote it",
			      arena_printf(m->arena, "the report '%s' is of another version than %d", part->name,
					   REPORT_VERSION));
	part->targets = member(part->object, "targets", json_type_array);
	part->events = member(part->object, "events", json_type_array);
	if (!json_get_integer(part->object, "exit", &part->exit))
		return refuse(
			m, HINT_AGAIN,
			arena_printf(m->arena, "the report '%s' is not finished: %s", part->name, problem_of(m, part)));
	bool is_judged = verdict_parse(part->object, &part->verdict);
	if (!is_judged && part->exit != GATE_EXIT_PASSED && part->exit != GATE_EXIT_UNREPORTED)
		return refuse(m, HINT_AGAIN,
			      arena_printf(m->arena, "in the report '%s' nothing was judged: %s", part->name,
					   problem_of(m, part)));
	if (!part->targets || !part->events || is_judged != (json_object_array_length(part->targets) > 0) ||
	    !is_exit_of(part))
		return refuse(m, HINT_AGAIN, arena_printf(m->arena, "the report '%s' contradicts itself", part->name));
	return read_fleet(m, part) && read_targets(m, part);
}

/* ---- comparing -------------------------------------------------------------------------------------------------- */

/* What must be the same in all shards. */
static const struct {
	const char *key, *what;
} common[] = {{"policies", "policies"}, {"params", "parameters"}, {"policy", "policies"}, {"api", "APIs"}};

static bool is_same(const struct merge *m, size_t index, const char *key)
{
	struct json_object *a = NULL, *b = NULL;
	bool has_a = json_object_object_get_ex(m->parts[0].object, key, &a),
	     has_b = json_object_object_get_ex(m->parts[index].object, key, &b);
	return has_a && has_b && json_object_equal(a, b);
}

static struct text tool_of(const struct part *part)
{
	struct text tool = {0};
	struct json_object *run = member(part->object, "run", json_type_object);
	if (run)
		json_get_text(run, "tool", &tool);
	return tool;
}

static bool compare(struct merge *m, size_t index)
{
	const struct part *first = &m->parts[0], *part = &m->parts[index];
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (!is_same(m, index, common[i].key))
			return refuse(m, "merge the reports of one run",
				      arena_printf(m->arena, "the reports '%s' and '%s' are of different %s",
						   first->name, part->name, common[i].what));
	if (part->shards != first->shards)
		return refuse(m, "merge the reports of one run",
			      arena_printf(m->arena, "the report '%s' is of %zu shards, and '%s' of %zu", first->name,
					   first->shards, part->name, part->shards));
	if (!text_equal(part->digest, first->digest) || part->whole != first->whole)
		return refuse(m, "a chain has come or gone between the jobs: run all shards again",
			      arena_printf(m->arena, "the reports '%s' and '%s' are of different chains", first->name,
					   part->name));
	if (!text_equal(tool_of(part), tool_of(first)))
		return refuse(m, "use one version in all jobs",
			      arena_printf(m->arena, "the reports '%s' and '%s' are of different versions", first->name,
					   part->name));
	return true;
}

static bool has_all_shards(struct merge *m)
{
	const char **names = ARENA_ARRAY(m->arena, const char *, m->parts[0].shards + 1);
	struct buf missing = buf_make(BUF_LIMIT_REPORT);
	size_t count = 0, errors = m->diags->errors;
	for (size_t i = 0; i < m->count; i++) {
		const struct part *part = &m->parts[i];
		if (names[part->shard])
			refuse(m, "give each shard once",
			       arena_printf(m->arena, "the shard %zu/%zu is given twice: '%s' and '%s'", part->shard,
					    part->shards, names[part->shard], part->name));
		names[part->shard] = part->name;
	}
	for (size_t i = 1; i <= m->parts[0].shards; i++)
		if (!names[i])
			buf_printf(&missing, "%s%zu/%zu", count++ ? ", " : "", i, m->parts[0].shards);
	if (count)
		refuse(m, "without it nobody knows whether its chains pass: give its report, too",
		       arena_printf(m->arena, "%s missing: %s", count == 1 ? "a shard is" : "shards are",
				    buf_string(&missing)));
	buf_release(&missing);
	return m->diags->errors == errors;
}

/* ---- putting together ------------------------------------------------------------------------------------------- */

static bool place_targets(struct merge *m, struct json_object **places)
{
	size_t placed = 0;
	for (size_t i = 0; i < m->count; i++) {
		struct part *part = &m->parts[i];
		for (size_t t = 0; t < json_object_array_length(part->targets); t++) {
			struct json_object *position = json_object_array_get_idx(part->positions, t);
			int64_t at =
				json_object_is_type(position, json_type_int) ? json_object_get_int64(position) : -1;
			if (at < 0 || (size_t)at >= part->whole || places[at])
				return refuse(m, HINT_AGAIN,
					      arena_printf(m->arena,
							   "the report '%s' has a target that is in another, too",
							   part->name));
			places[at] = json_object_array_get_idx(part->targets, t);
			placed++;
		}
	}
	if (placed == m->parts[0].whole)
		return true;
	return refuse(m, "run all shards again",
		      arena_printf(m->arena, "%zu of the %zu targets are in no report", m->parts[0].whole - placed,
				   m->parts[0].whole));
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
			return (size_t)json_object_get_int64(json_object_array_get_idx(part->positions, t));
	}
	return SIZE_MAX;
}

/* NULL if a report contradicts itself. */
static struct json_object *events_of(struct merge *m)
{
	size_t room = 0, count = 0, most = 0;
	for (size_t i = 0; i < m->count; i++)
		most += json_object_array_length(m->parts[i].events);
	struct ordered *all = NULL;
	for (size_t i = 0; i < m->count; i++) {
		double latest_s = 0;
		for (size_t e = 0; e < json_object_array_length(m->parts[i].events); e++) {
			struct json_object *event = json_object_array_get_idx(m->parts[i].events, e);
			struct json_object *at = member(event, "at_s", json_type_double);
			struct text kind;
			size_t position = at ? position_of(&m->parts[i], event) : SIZE_MAX;
			if (position == SIZE_MAX || !json_get_text(event, "kind", &kind)) {
				refuse(m, HINT_AGAIN,
				       arena_printf(m->arena, "the report '%s' contradicts itself in its event %zu",
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
		struct json_object *own = member(m->parts[i].object, "diagnostics", json_type_array);
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

static void put_same(struct json_object *object, const struct part *part, const char *key)
{
	struct json_object *value;
	if (json_object_object_get_ex(part->object, key, &value))
		json_out_put(object, key, json_object_get(value));
}

/* From the first start to the last end, by the jobs' wall clocks. */
static struct json_object *run_of(const struct merge *m, struct merged *out)
{
	struct json_object *object = json_out_object();
	int64_t first_ns = INT64_MAX, last_ns = 0, start_ns;
	for (size_t i = 0; i < m->count; i++) {
		struct json_object *run = member(m->parts[i].object, "run", json_type_object), *took = NULL;
		struct text start;
		if (!run || !json_get_text(run, "start", &start) || !moment_parse(start, &start_ns))
			continue;
		json_object_object_get_ex(run, "took_s", &took);
		int64_t end_ns = time_add(start_ns, (int64_t)(json_object_get_double(took) * (double)NS_PER_S));
		first_ns = start_ns < first_ns ? start_ns : first_ns;
		last_ns = end_ns > last_ns ? end_ns : last_ns;
	}
	out->start_wall_ns = first_ns == INT64_MAX ? 0 : first_ns;
	out->took_ns = last_ns > out->start_wall_ns ? last_ns - out->start_wall_ns : 0;
	json_out_put_moment(object, "start", out->start_wall_ns, false);
	json_out_put_seconds(object, "took_s", true, out->took_ns);
	struct json_object *run = member(m->parts[0].object, "run", json_type_object), *value;
	for (size_t i = 0; run && i < 2; i++)
		if (json_object_object_get_ex(run, i ? "tool" : "host", &value))
			json_out_put(object, i ? "tool" : "host", json_object_get(value));
	return object;
}

/* When the last shard ended; null if none judged anything. */
static struct json_object *at_of(const struct merge *m)
{
	struct json_object *latest = NULL;
	for (size_t i = 0; i < m->count; i++) {
		struct json_object *at = member(m->parts[i].object, "at_s", json_type_double);
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

static bool put_together(struct merge *m, struct merged *out)
{
	const struct part *first = &m->parts[0];
	struct json_object **places = ARENA_ARRAY(m->arena, struct json_object *, first->whole), *events;
	if (!place_targets(m, places) || !(events = events_of(m)))
		return false;
	struct json_object *object = json_out_object(), *targets = json_out_array(), *fleet = json_out_object();
	decide(m, out);
	put_same(object, first, "format");
	put_same(object, first, "version");
	json_out_put_optional(object, "verdict", verdict_name(out->verdict));
	json_out_put_integer(object, "exit", (int64_t)out->exit);
	json_out_put(object, "at_s", at_of(m));
	json_out_put_optional(object, "problem", NULL);
	json_out_put(object, "diagnostics", diagnostics_of(m));
	put_same(object, first, "policy");
	put_same(object, first, "policies");
	put_same(object, first, "params");
	put_same(object, first, "api");
	put_same(fleet, &(struct part){.object = first->fleet}, "policy_name");
	put_same(fleet, &(struct part){.object = first->fleet}, "targets");
	put_same(fleet, &(struct part){.object = first->fleet}, "sha256");
	json_out_put(object, "fleet", fleet);
	for (size_t i = 0; i < first->whole; i++)
		json_out_append(targets, json_object_get(places[i]));
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
		read_part(&m, &m.parts[i], inputs[i].content);
	}
	for (size_t i = 1; i < count && diags->errors == errors; i++)
		compare(&m, i);
	bool is_whole = diags->errors == errors && count && has_all_shards(&m) && put_together(&m, out);
	for (size_t i = 0; i < count; i++)
		json_object_put(m.parts[i].object);
	return is_whole ? out : NULL;
}

void merged_free(struct merged *merged)
{
	if (merged)
		json_object_put(merged->document);
}

enum gate_exit merged_exit(const struct merged *merged)
{
	return merged->exit;
}
