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

/* A copy with a NUL behind it. */
static struct text text_at(struct builder *b, struct json_object *object, const char *key)
{
	return arena_text(b->arena, merge_text(object, key));
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
				     .line = merge_size(object, "line")};
	return rule;
}

static struct rule_result rule_result_of(struct builder *b, struct json_object *object, const struct policy_rule *rule)
{
	struct text finding = text_at(b, object, "finding");
	return (struct rule_result){.rule = rule,
				    .decides = merge_is_true(object, "decides"),
				    .outcome = outcome_of(text_at(b, object, "outcome")),
				    .judged = finding.length > 0,
				    .finding = finding_of(finding),
				    .told = text_at(b, object, "sentence")};
}

/* ---- targets ---------------------------------------------------------------------------------------------------- */

static void set_rules(struct builder *b, struct json_object *rules, struct gate_target *target,
		      struct target_result *result)
{
	size_t count = merge_length(rules);
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
	struct text *ids = ARENA_ARRAY(b->arena, struct text, merge_length(deployments) + 1);
	for (size_t i = 0; i < merge_length(deployments); i++)
		ids[i] = text_of(
			arena_string(b->arena, json_object_get_string(json_object_array_get_idx(deployments, i))));
	result->deployment_ids = ids;
	result->deployment_count = merge_length(deployments);
}

static struct gate_stretch stretch_of(struct json_object *object)
{
	return (struct gate_stretch){.since_ns = merge_ns(object, "since_s"),
				     .until_ns = merge_ns(object, "until_s"),
				     .watched_ns = merge_ns(object, "watched_s"),
				     .polls = merge_size(object, "polls"),
				     .misses = merge_size(object, "errors")};
}

static struct target_result target_of(struct builder *b, struct json_object *object)
{
	struct gate_target *target = ARENA_NEW(b->arena, struct gate_target);
	struct json_object *stretch = merge_value(object, "stretch");
	struct target_result result = {
		.target = target,
		.verdict = merge_verdict(object),
		.at_ns = merge_ns(object, "at_s"),
		.stable = merge_value(object, "stable_at_s") != NULL,
		.stable_at_ns = merge_ns(object, "stable_at_s"),
		.chain_id = text_at(b, object, "chain_id"),
		.polls = merge_size(object, "polls"),
		.misses = merge_size(object, "errors"),
		.told = text_at(b, object, "reason"),
		.told_remedy = text_at(b, object, "remedy"),
	};
	if (stretch)
		result.stretch = stretch_of(stretch);
	*target = (struct gate_target){.name = text_at(b, object, "name")};
	set_rules(b, merge_value(object, "rules"), target, &result);
	set_deployments(b, merge_value(object, "deployments"), &result);
	return result;
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

/* "" if the rules are of several files. */
static const char *digest_of(struct builder *b, struct json_object *policies)
{
	return merge_length(policies) == 1 ? text_at(b, json_object_array_get_idx(policies, 0), "sha256").bytes : "";
}

struct report rebuilt_report(struct arena *arena, const struct merged *merged, enum gate_exit code)
{
	struct builder b = {.arena = arena};
	struct json_object *document = merged->document, *targets = merge_value(document, "targets");
	struct target_result *results = ARENA_ARRAY(arena, struct target_result, merge_length(targets) + 1);
	struct gate_result *gate = ARENA_NEW(arena, struct gate_result);
	struct plan_fleet *fleet = ARENA_NEW(arena, struct plan_fleet);
	for (size_t i = 0; i < merge_length(targets); i++)
		results[i] = target_of(&b, json_object_array_get_idx(targets, i));
	*gate = (struct gate_result){.verdict = merged->verdict,
				     .at_ns = merge_ns(document, "at_s"),
				     .targets = results,
				     .target_count = merge_length(targets),
				     .start_wall_ns = merged->start_wall_ns};
	return (struct report){.gate = gate,
			       .policy_path = text_at(&b, document, "policy").bytes,
			       .policy_digest = digest_of(&b, merge_value(document, "policies")),
			       .checkout = merged->checkout,
			       .folder = merged->folder,
			       .api_url = text_at(&b, document, "api").bytes,
			       .start_wall_ns = merged->start_wall_ns,
			       .took_ns = merged->took_ns,
			       .fleet = fleet,
			       .exit = code};
}
