/* rebuilt.c - see rebuilt.h. */
#include "rebuilt.h"
#include "parts.h"

#include "chaingate/json.h"
#include "chaingate/report_json.h"

#include <string.h>

struct builder {
	struct arena *arena;
	const struct source **sources; /* a source for each name, without its text */
	size_t count, room;
};

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static struct json_object *value_at(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;
	json_object_object_get_ex(object, key, &value);
	return value;
}

static size_t length_of(struct json_object *array)
{
	return json_object_is_type(array, json_type_array) ? json_object_array_length(array) : 0;
}

/* A copy with a NUL behind it; empty if it isn't a text. */
static struct text text_at(struct builder *b, struct json_object *object, const char *key)
{
	struct text text = {"", 0};
	json_get_text(object, key, &text);
	return arena_text(b->arena, text);
}

static int64_t ns_at(struct json_object *object, const char *key)
{
	int64_t ns = 0;
	merge_seconds(object, key, &ns);
	return ns;
}

static size_t size_at(struct json_object *object, const char *key)
{
	int64_t value = 0;
	return json_get_integer(object, key, &value) && value > 0 ? (size_t)value : 0;
}

static bool is_true_at(struct json_object *object, const char *key)
{
	bool value = false;
	return json_get_boolean(object, key, &value) && value;
}

/* ---- rules ------------------------------------------------------------------------------------------------------ */

static const struct source *source_of(struct builder *b, struct text name)
{
	for (size_t i = 0; i < b->count; i++)
		if (text_is(name, b->sources[i]->name))
			return b->sources[i];
	b->sources = arena_grow(b->arena, b->sources, b->count, &b->room, sizeof(*b->sources));
	b->sources[b->count] = source_make(b->arena, name.bytes, TEXT(""));
	return b->sources[b->count++];
}

static enum rule_outcome outcome_of(struct text word)
{
	static const enum rule_outcome all[] = {RULE_PASS, RULE_FAIL, RULE_SKIPPED};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (text_is(word, rule_outcome_name(all[i])))
			return all[i];
	return RULE_UNKNOWN;
}

static enum rule_finding finding_of(struct text word)
{
	static const enum rule_finding all[] = {FINDING_HOLDS, FINDING_VIOLATED, FINDING_SKIPPED};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (text_is(word, report_finding_name(all[i])))
			return all[i];
	return FINDING_OPEN;
}

static const struct policy_rule *rule_of(struct builder *b, struct json_object *object)
{
	struct policy_rule *rule = ARENA_NEW(b->arena, struct policy_rule);
	*rule = (struct policy_rule){.name = text_at(b, object, "name"),
				     .message = text_at(b, object, "message"),
				     .source = source_of(b, text_at(b, object, "file")),
				     .line = size_at(object, "line")};
	return rule;
}

static struct rule_result rule_result_of(struct builder *b, struct json_object *object, const struct policy_rule *rule)
{
	struct text finding = text_at(b, object, "finding");
	return (struct rule_result){.rule = rule,
				    .decides = is_true_at(object, "decides"),
				    .outcome = outcome_of(text_at(b, object, "outcome")),
				    .judged = finding.length > 0,
				    .finding = finding_of(finding),
				    .told = text_at(b, object, "sentence")};
}

/* ---- targets ---------------------------------------------------------------------------------------------------- */

static enum verdict verdict_of(struct text word)
{
	for (int v = VERDICT_NONE + 1; v < VERDICT_COUNT; v++)
		if (text_is(word, verdict_name((enum verdict)v)))
			return (enum verdict)v;
	return VERDICT_NONE;
}

static void set_rules(struct builder *b, struct json_object *rules, struct gate_target *target,
		      struct target_result *result)
{
	size_t count = length_of(rules);
	const struct policy_rule **plan = ARENA_ARRAY(b->arena, const struct policy_rule *, count + 1);
	struct rule_result *results = ARENA_ARRAY(b->arena, struct rule_result, count + 1);
	bool has_failed = false;
	for (size_t i = 0; i < count; i++) {
		struct json_object *rule = json_object_array_get_idx(rules, i);
		plan[i] = rule_of(b, rule);
		results[i] = rule_result_of(b, rule, plan[i]);
		has_failed |= results[i].decides && results[i].outcome == RULE_FAIL;
	}
	target->rules = plan;
	target->rule_count = count;
	result->rules = results;
	result->reason = has_failed && result->verdict == VERDICT_FAILED ? REASON_RULE_FAILED : REASON_DEADLINE;
}

static void set_deployments(struct builder *b, struct json_object *deployments, struct target_result *result)
{
	struct text *ids = ARENA_ARRAY(b->arena, struct text, length_of(deployments) + 1);
	for (size_t i = 0; i < length_of(deployments); i++)
		ids[i] = text_of(
			arena_string(b->arena, json_object_get_string(json_object_array_get_idx(deployments, i))));
	result->deployment_ids = ids;
	result->deployment_count = length_of(deployments);
}

static struct gate_stretch stretch_of(struct json_object *object)
{
	return (struct gate_stretch){.since_ns = ns_at(object, "since_s"),
				     .until_ns = ns_at(object, "until_s"),
				     .watched_ns = ns_at(object, "watched_s"),
				     .polls = size_at(object, "polls"),
				     .misses = size_at(object, "errors")};
}

static struct target_result target_of(struct builder *b, struct json_object *object)
{
	struct gate_target *target = ARENA_NEW(b->arena, struct gate_target);
	struct json_object *stretch = value_at(object, "stretch");
	struct target_result result = {
		.target = target,
		.verdict = verdict_of(text_at(b, object, "verdict")),
		.at_ns = ns_at(object, "at_s"),
		.stable = value_at(object, "stable_at_s") != NULL,
		.stable_at_ns = ns_at(object, "stable_at_s"),
		.chain_id = text_at(b, object, "chain_id"),
		.polls = size_at(object, "polls"),
		.misses = size_at(object, "errors"),
		.told = text_at(b, object, "reason"),
		.told_remedy = text_at(b, object, "remedy"),
	};
	if (stretch)
		result.stretch = stretch_of(stretch);
	*target = (struct gate_target){.name = text_at(b, object, "name")};
	set_rules(b, value_at(object, "rules"), target, &result);
	set_deployments(b, value_at(object, "deployments"), &result);
	return result;
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

/* "" if the rules are of several files. */
static const char *digest_of(struct builder *b, struct json_object *policies)
{
	return length_of(policies) == 1 ? text_at(b, json_object_array_get_idx(policies, 0), "sha256").bytes : "";
}

struct report rebuilt_report(struct arena *arena, const struct merged *merged, enum gate_exit code)
{
	struct builder b = {.arena = arena};
	struct json_object *document = merged->document, *targets = value_at(document, "targets");
	struct target_result *results = ARENA_ARRAY(arena, struct target_result, length_of(targets) + 1);
	struct gate_result *gate = ARENA_NEW(arena, struct gate_result);
	struct plan_fleet *fleet = ARENA_NEW(arena, struct plan_fleet);
	for (size_t i = 0; i < length_of(targets); i++)
		results[i] = target_of(&b, json_object_array_get_idx(targets, i));
	*gate = (struct gate_result){.verdict = merged->verdict,
				     .at_ns = ns_at(document, "at_s"),
				     .targets = results,
				     .target_count = length_of(targets),
				     .start_wall_ns = merged->start_wall_ns};
	return (struct report){.gate = gate,
			       .policy_path = text_at(&b, document, "policy").bytes,
			       .policy_digest = digest_of(&b, value_at(document, "policies")),
			       .checkout = merged->checkout,
			       .folder = merged->folder,
			       .api_url = text_at(&b, document, "api").bytes,
			       .start_wall_ns = merged->start_wall_ns,
			       .took_ns = merged->took_ns,
			       .fleet = fleet,
			       .exit = code};
}
