/* parts.c - see parts.h. */
#include "parts.h"

#include "chaingate/buf.h"
#include "chaingate/json.h"
#include "chaingate/report_json.h"
#include "chaingate/times.h"

#include <stdlib.h>
#include <string.h>

/* ---- reading ---------------------------------------------------------------------------------------------------- */

bool merge_refuse(struct merge *m, const char *hint, const char *message)
{
	struct diag *diag = diag_error(m->diags, NULL, (struct span){0, 0}, DIAG_INVALID_VALUE, "%s", message);
	diag_hint(m->diags, diag, "%s", hint);
	return false;
}

#define HINT_FILE "give the files that 'chaingate check --shard I/N --report json=PATH' has written"
#define HINT_ONE_RUN "merge the reports of one run"

bool merge_is_time(const char *key)
{
	static const char *const keys[] = {"at_s", "since_s", "until_s", "stable_at_s", "held_at_s"};
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return false;
}

struct json_object *merge_member(struct json_object *object, const char *key, enum json_type type)
{
	struct json_object *value;
	if (!json_object_object_get_ex(object, key, &value) || !json_object_is_type(value, type))
		return NULL;
	return value;
}

bool merge_seconds(struct json_object *object, const char *key, int64_t *out_ns)
{
	struct json_object *value = merge_member(object, key, json_type_double);
	double seconds = value ? json_object_get_double(value) : MERGE_TIME_MAX_S + 1;
	if (!(seconds >= -MERGE_TIME_MAX_S && seconds <= MERGE_TIME_MAX_S))
		return false;
	double ns = seconds * (double)NS_PER_S;
	*out_ns = (int64_t)(ns + (ns < 0 ? -0.5 : 0.5));
	return true;
}

/* True if all times in the value, which count from the run's start, can be read. */
static bool has_times(struct json_object *value)
{
	int64_t ns;
	if (json_object_is_type(value, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(value); i++)
			if (!has_times(json_object_array_get_idx(value, i)))
				return false;
	} else if (json_object_is_type(value, json_type_object)) {
		json_object_object_foreach(value, key, of_key)
		{
			if (merge_is_time(key) && of_key ? !merge_seconds(value, key, &ns) : !has_times(of_key))
				return false;
		}
	}
	return true;
}

struct json_object *merge_value(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;
	json_object_object_get_ex(object, key, &value);
	return value;
}

size_t merge_length(struct json_object *array)
{
	return json_object_is_type(array, json_type_array) ? json_object_array_length(array) : 0;
}

struct text merge_text(struct json_object *object, const char *key)
{
	struct text text = {"", 0};
	json_get_text(object, key, &text);
	return text;
}

int64_t merge_ns(struct json_object *object, const char *key)
{
	int64_t ns = 0;
	merge_seconds(object, key, &ns);
	return ns;
}

size_t merge_size(struct json_object *object, const char *key)
{
	int64_t value = 0;
	return json_get_integer(object, key, &value) && value > 0 ? (size_t)value : 0;
}

bool merge_is_true(struct json_object *object, const char *key)
{
	bool value = false;
	return json_get_boolean(object, key, &value) && value;
}

enum verdict merge_verdict(struct json_object *object)
{
	struct text word = merge_text(object, "verdict");
	for (int v = VERDICT_NONE + 1; v < VERDICT_COUNT; v++)
		if (text_is(word, verdict_name((enum verdict)v)))
			return (enum verdict)v;
	return VERDICT_NONE;
}

static bool get_size(struct json_object *object, const char *key, size_t *out)
{
	int64_t value;
	if (!json_get_integer(object, key, &value) || value < 0)
		return false;
	*out = (size_t)value;
	return true;
}

/* Ids, none of them empty. */
static bool are_ids(struct json_object *array)
{
	for (size_t i = 0; i < json_object_array_length(array); i++) {
		struct json_object *id = json_object_array_get_idx(array, i);
		if (!json_object_is_type(id, json_type_string) || !json_object_get_string_len(id))
			return false;
	}
	return true;
}

/* A chain that never answered has no id; then nothing was judged. */
static bool has_chain(struct json_object *target, bool is_judged)
{
	struct json_object *chain;
	struct text id;
	return json_object_object_get_ex(target, "chain_id", &chain) &&
	       (chain ? json_get_text(target, "chain_id", &id) && id.length : !is_judged);
}

/* Counts that can be true: a pass needs two polls that weren't errors, or one if the timeout is 0. */
static bool has_counts(struct json_object *target, bool is_judged)
{
	size_t polls, errors;
	return get_size(target, "polls", &polls) && get_size(target, "errors", &errors) && errors <= polls &&
	       (!is_judged || errors < polls);
}

/* True if the target's rules agree with its verdict: a pass needs a chain, a deployment, a poll, a moment at which it was
 * stable, a rule that decides and is satisfied, and none that decides and isn't. */
static bool is_consistent(struct json_object *target, enum verdict verdict)
{
	struct json_object *rules = merge_member(target, "rules", json_type_array),
			   *deployments = merge_member(target, "deployments", json_type_array);
	bool is_passed = verdict == VERDICT_PASSED;
	size_t satisfied = 0, open = 0;
	if (!rules || !deployments || !json_object_array_length(rules) || !are_ids(deployments) ||
	    !has_chain(target, is_passed || json_object_array_length(deployments)) || !has_counts(target, is_passed) ||
	    (is_passed && !merge_member(target, "stable_at_s", json_type_double)))
		return false;
	for (size_t i = 0; i < json_object_array_length(rules); i++) {
		struct json_object *rule = json_object_array_get_idx(rules, i);
		struct text outcome, name, sentence;
		bool decides;
		if (!json_object_is_type(rule, json_type_object) || !json_get_text(rule, "outcome", &outcome) ||
		    !json_get_text(rule, "name", &name) || !json_get_text(rule, "sentence", &sentence) ||
		    !sentence.length || !json_get_boolean(rule, "decides", &decides))
			return false;
		satisfied += decides && text_is(outcome, rule_outcome_name(RULE_PASS));
		open += decides && !text_is(outcome, rule_outcome_name(RULE_PASS)) &&
			!text_is(outcome, rule_outcome_name(RULE_SKIPPED));
	}
	return !is_passed || (satisfied && !open && json_object_array_length(deployments));
}

static bool read_targets(struct merge *m, struct part *part)
{
	enum verdict all = VERDICT_NONE;
	for (size_t i = 0; i < json_object_array_length(part->targets); i++) {
		struct json_object *target = json_object_array_get_idx(part->targets, i);
		enum verdict verdict;
		struct text name, reason;
		if (!json_object_is_type(target, json_type_object) || !json_get_text(target, "name", &name) ||
		    !json_get_text(target, "reason", &reason) || !reason.length ||
		    !merge_member(target, "at_s", json_type_double) ||
		    (verdict = merge_verdict(target)) == VERDICT_NONE || !is_consistent(target, verdict))
			return merge_refuse(m, HINT_AGAIN,
					    arena_printf(m->arena,
							 "the report '%s' contradicts itself in its target %zu",
							 part->name, i + 1));
		all = verdict_first(all, verdict);
	}
	if (all != part->verdict)
		return merge_refuse(
			m, HINT_AGAIN,
			arena_printf(m->arena,
				     "the report '%s' contradicts itself: its verdict doesn't follow from its targets'",
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

/* Targets of a shard without a list of chains come after those of all others. A report has fewer than 2^32. */
#define PLACE_UNLISTED(shard) (((size_t)INT64_MAX + 1) + ((shard) << 32))

/* True if the target's chain is the member's. */
static bool is_of_member(struct json_object *target, struct text member)
{
	struct text chain;
	size_t at = 0;
	while (at < member.length && member.bytes[at] >= '0' && member.bytes[at] <= '9')
		at++;
	if (at == 0 || at == member.length || member.bytes[at] != ' ')
		return false;
	return !json_get_text(target, "chain_id", &chain) ||
	       text_equal(chain, text_slice(member, at + 1, member.length));
}

/* Which of the targets of all shards it has. False if it contradicts itself. */
static bool read_places(struct merge *m, struct part *part)
{
	struct json_object *positions = merge_member(part->fleet, "positions", json_type_array),
			   *members = merge_member(part->fleet, "members", json_type_array);
	size_t count = json_object_array_length(part->targets), next = 0;
	part->places = ARENA_ARRAY(m->arena, size_t, count + 1);
	if (!part->is_listed) {
		for (size_t i = 0; i < count; i++)
			part->places[i] = PLACE_UNLISTED(part->shard) + i;
		/* Without the list there are no targets to pass, and it isn't known that there are none. */
		return !positions && !members && part->verdict != VERDICT_NONE && part->verdict != VERDICT_PASSED;
	}
	if (!get_size(part->fleet, "targets", &part->whole) || !json_get_text(part->fleet, "sha256", &part->digest) ||
	    !positions || json_object_array_length(positions) != count || !members ||
	    json_object_array_length(members) != count)
		return false;
	part->members = ARENA_ARRAY(m->arena, struct text, count + 1);
	for (size_t i = 0; i < count; i++) {
		struct json_object *position = json_object_array_get_idx(positions, i);
		int64_t at = json_object_is_type(position, json_type_int) ? json_object_get_int64(position) : -1;
		struct json_object *member = json_object_array_get_idx(members, i);
		if (at < 0 || (size_t)at >= part->whole || (size_t)at < next ||
		    !json_object_is_type(member, json_type_string))
			return false;
		part->members[i] =
			(struct text){json_object_get_string(member), (size_t)json_object_get_string_len(member)};
		if (!is_of_member(json_object_array_get_idx(part->targets, i), part->members[i]))
			return false;
		part->places[i] = (size_t)at;
		next = (size_t)at + 1;
	}
	return true;
}

static bool read_fleet(struct merge *m, struct part *part)
{
	part->fleet = merge_member(part->object, "fleet", json_type_object);
	if (!part->fleet || !get_size(part->fleet, "shard", &part->shard))
		return merge_refuse(m, HINT_FILE,
				    arena_printf(m->arena, "the report '%s' is not of a shard", part->name));
	part->is_listed = json_object_object_get_ex(part->fleet, "targets", NULL) ||
			  json_object_object_get_ex(part->fleet, "sha256", NULL);
	if (!get_size(part->fleet, "shards", &part->shards) || part->shard < 1 || part->shards > SHARDS_MAX ||
	    part->shard > part->shards || !json_get_text(part->fleet, "plan_sha256", &part->plan) ||
	    !read_places(m, part))
		return merge_refuse(
			m, HINT_AGAIN,
			arena_printf(m->arena, "the report '%s' contradicts itself about its shard", part->name));
	return true;
}

/* When, and by which version. */
static bool read_run(struct merge *m, struct part *part)
{
	struct text start;
	int64_t took_ns;
	part->run = merge_member(part->object, "run", json_type_object);
	if (!part->run || !json_get_text(part->run, "start", &start) || !moment_parse(start, &part->start_ns) ||
	    part->start_ns < 0 || !merge_seconds(part->run, "took_s", &took_ns) || took_ns < 0 ||
	    !json_get_text(part->run, "tool", &part->tool))
		return merge_refuse(m, HINT_AGAIN,
				    arena_printf(m->arena, "the report '%s' doesn't say when its run was", part->name));
	if (json_object_object_get_ex(part->run, "replayed", NULL))
		return merge_refuse(
			m, "give the reports of the runs themselves",
			arena_printf(m->arena, "the report '%s' is of a replay, which polled nothing", part->name));
	part->end_ns = time_add(part->start_ns, took_ns);
	if (!has_times(part->object))
		return merge_refuse(m, HINT_AGAIN,
				    arena_printf(m->arena, "the report '%s' has a time that no run takes", part->name));
	return true;
}

/* Why nothing was judged, in the report's words. */
static const char *problem_of(struct merge *m, const struct part *part)
{
	struct text problem;
	return json_get_text(part->object, "problem", &problem) ? diag_value(m->diags, problem) : "it doesn't say why";
}

bool part_read(struct merge *m, struct part *part, struct text content)
{
	struct json_fault fault;
	struct text format;
	int64_t version;
	if (!json_parse(content, &part->object, &fault))
		return merge_refuse(m, HINT_FILE,
				    arena_printf(m->arena, "'%s' is not a JSON report: it %s", part->name,
						 json_fault_text(fault.kind)));
	if (!json_object_is_type(part->object, json_type_object) || !json_get_text(part->object, "format", &format) ||
	    !text_is(format, "chaingate report"))
		return merge_refuse(m, HINT_FILE,
				    arena_printf(m->arena, "'%s' is not a JSON report of chaingate", part->name));
	if (!json_get_integer(part->object, "version", &version) || version != REPORT_VERSION)
		return merge_refuse(m, "use the version of chaingate that wrote it",
				    arena_printf(m->arena, "the report '%s' is of another version than %d", part->name,
						 REPORT_VERSION));
	part->targets = merge_member(part->object, "targets", json_type_array);
	part->events = merge_member(part->object, "events", json_type_array);
	if (!json_get_integer(part->object, "exit", &part->exit))
		return merge_refuse(
			m, HINT_AGAIN,
			arena_printf(m->arena, "the report '%s' is not finished: %s", part->name, problem_of(m, part)));
	part->verdict = merge_verdict(part->object);
	bool is_judged = part->verdict != VERDICT_NONE;
	if (!is_judged && part->exit != GATE_EXIT_PASSED && part->exit != GATE_EXIT_UNREPORTED)
		return merge_refuse(m, HINT_AGAIN,
				    arena_printf(m->arena, "in the report '%s' nothing was judged: %s", part->name,
						 problem_of(m, part)));
	if (!part->targets || !part->events || is_judged != (json_object_array_length(part->targets) > 0) ||
	    !is_exit_of(part))
		return merge_refuse(m, HINT_AGAIN,
				    arena_printf(m->arena, "the report '%s' contradicts itself", part->name));
	return read_fleet(m, part) && read_run(m, part) && read_targets(m, part);
}

/* ---- comparing -------------------------------------------------------------------------------------------------- */

/* What must be the same in all shards. */
static const struct {
	const char *key, *what;
} common[] = {{"policies", "policies"}, {"params", "parameters"}, {"policy", "policies"}, {"api", "APIs"}};

static bool is_same(const struct part *first, const struct part *part, const char *key)
{
	struct json_object *a = NULL, *b = NULL;
	bool has_a = json_object_object_get_ex(first->object, key, &a),
	     has_b = json_object_object_get_ex(part->object, key, &b);
	return has_a && has_b && json_object_equal(a, b);
}

static bool compare_starts(struct merge *m, const struct part *earliest, const struct part *latest)
{
	int64_t apart_ns = latest->start_ns - earliest->start_ns;
	if (apart_ns > MERGE_APART_MAX_NS)
		return merge_refuse(m, "one of them is of an earlier attempt: run all shards again",
				    arena_printf(m->arena,
						 "the runs of '%s' and '%s' started %s apart, which is more than %s",
						 earliest->name, latest->name, duration_string(m->arena, apart_ns),
						 duration_string(m->arena, MERGE_APART_MAX_NS)));
	return true;
}

static bool compare(struct merge *m, const struct part *first, const struct part *part)
{
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (!is_same(first, part, common[i].key))
			return merge_refuse(m, HINT_ONE_RUN,
					    arena_printf(m->arena, "the reports '%s' and '%s' are of different %s",
							 first->name, part->name, common[i].what));
	if (!text_equal(part->tool, first->tool))
		return merge_refuse(m, "use one version in all jobs",
				    arena_printf(m->arena, "the reports '%s' and '%s' are of different versions",
						 first->name, part->name));
	if (part->shards != first->shards)
		return merge_refuse(m, HINT_ONE_RUN,
				    arena_printf(m->arena, "the report '%s' is of %zu shard%s, and '%s' of %zu",
						 first->name, first->shards, text_plural(first->shards), part->name,
						 part->shards));
	if (!text_equal(part->plan, first->plan))
		return merge_refuse(
			m, "give all shards the same chains, selection and options, apart from --shard",
			arena_printf(m->arena, "the runs of '%s' and '%s' had different targets, parameters or options",
				     first->name, part->name));
	if (part->is_listed && first->is_listed &&
	    (!text_equal(part->digest, first->digest) || part->whole != first->whole))
		return merge_refuse(m, "a chain has come or gone between the jobs: run all shards again",
				    arena_printf(m->arena, "the reports '%s' and '%s' are of different chains",
						 first->name, part->name));
	return true;
}

/* All with one that has a list of chains, if any has. */
static bool compare_all(struct merge *m)
{
	const struct part *first = &m->parts[0], *earliest = first, *latest = first;
	for (size_t i = 0; i < m->count; i++) {
		const struct part *part = &m->parts[i];
		first = !first->is_listed && part->is_listed ? part : first;
		earliest = part->start_ns < earliest->start_ns ? part : earliest;
		latest = part->start_ns > latest->start_ns ? part : latest;
	}
	for (size_t i = 0; i < m->count; i++)
		if (!compare(m, first, &m->parts[i]))
			return false;
	return compare_starts(m, earliest, latest);
}

static bool has_all_shards(struct merge *m)
{
	const char **names = ARENA_ARRAY(m->arena, const char *, m->parts[0].shards + 1);
	struct buf missing = buf_make(BUF_LIMIT_REPORT);
	size_t count = 0, errors = m->diags->errors;
	for (size_t i = 0; i < m->count; i++) {
		const struct part *part = &m->parts[i];
		if (names[part->shard])
			merge_refuse(m, "give each shard once",
				     arena_printf(m->arena, "the shard %zu/%zu is given twice: '%s' and '%s'",
						  part->shard, part->shards, names[part->shard], part->name));
		names[part->shard] = part->name;
	}
	for (size_t i = 1; i <= m->parts[0].shards; i++)
		if (!names[i])
			buf_printf(&missing, "%s%zu/%zu", count++ ? ", " : "", i, m->parts[0].shards);
	if (count)
		merge_refuse(m, "without it nobody knows whether its chains pass: give its report, too",
			     arena_printf(m->arena, "%s missing: %s", count == 1 ? "a shard is" : "shards are",
					  buf_string(&missing)));
	buf_release(&missing);
	return m->diags->errors == errors;
}

static int compare_shards(const void *left, const void *right)
{
	const struct part *a = left, *b = right;
	return (a->shard > b->shard) - (a->shard < b->shard);
}

bool parts_compare(struct merge *m)
{
	if (!compare_all(m) || !has_all_shards(m))
		return false;
	qsort(m->parts, m->count, sizeof(*m->parts), compare_shards);
	return true;
}
