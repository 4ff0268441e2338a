/* json.c - the report for programs: the whole verdict with its evidence, the events, and the gate's task.
 *
 * Times are seconds since the run's start, exact to the nanosecond. Only `run` depends on the wall clock or the
 * machine: replaying a recording with the same policy gives the same bytes otherwise.
 */
#include "chaingate/report.h"

#include "chaingate/json_out.h"
#include "chaingate/literal.h"
#include "chaingate/report_json.h"
#include "chaingate/times.h"
#include "digest.h"
#include "sources.h"
#include "words.h"

static void put_text_or_null(struct json_object *object, const char *key, struct text text)
{
	if (text.length > 0)
		json_out_put_text(object, key, text);
	else
		json_out_put(object, key, NULL);
}

static void put_sentence(struct json_object *object, const char *key, struct buf *buf)
{
	json_out_put_text(object, key, buf_text(buf));
	buf_release(buf);
}

/* ---- evidence --------------------------------------------------------------------------------------------------- */

static struct json_object *item_object(const struct evidence_item *item)
{
	struct json_object *object = json_out_object();
	struct json_object *operands = json_out_array();
	put_text_or_null(object, "deployment", item->deployment);
	put_text_or_null(object, "chainlet", item->chainlet);
	if (item->of_baseline)
		json_out_put_boolean(object, "baseline", true);
	json_out_put_optional(object, "value", truth_name(item->truth));
	json_out_put_boolean(object, "where_unknown", item->where_unknown);
	for (size_t i = 0; i < item->operand_count; i++) {
		struct json_object *operand = json_out_object();
		json_out_put_text(operand, "text", item->operands[i].name);
		json_out_put_text(operand, "value", item->operands[i].value);
		put_text_or_null(operand, "note", item->operands[i].note);
		json_out_put_boolean(operand, "unknown", item->operands[i].unknown);
		json_out_append(operands, operand);
	}
	json_out_put(object, "operands", operands);
	return object;
}

static struct json_object *item_array(const struct evidence_item *items, size_t count)
{
	struct json_object *array = json_out_array();
	for (size_t i = 0; i < count; i++)
		json_out_append(array, item_object(&items[i]));
	return array;
}

static const char *scope_name(enum rule_scope scope)
{
	switch (scope) {
	case SCOPE_TARGET: return "target";
	case SCOPE_CHAINLETS: return "chainlets";
	case SCOPE_DEPLOYMENTS: return "deployments";
	case SCOPE_BASELINE_CHAINLETS: return "baseline chainlets";
	}
	return "";
}

struct json_object *report_evidence_object(const struct evidence *evidence)
{
	struct json_object *object = json_out_object();
	json_out_put_optional(object, "scope", scope_name(evidence->scope));
	json_out_put_boolean(object, "empty", evidence->empty);
	json_out_put_size(object, "considered", evidence->considered);
	json_out_put_size(object, "true", evidence->true_count);
	json_out_put_size(object, "false", evidence->false_count);
	json_out_put_size(object, "unknown", evidence->unknown_count);
	json_out_put_size(object, "hidden", evidence->hidden_count);
	json_out_put(object, "items", item_array(evidence->items, evidence->item_count));
	json_out_put_size(object, "more", evidence->more);
	json_out_put(object, "others", item_array(evidence->others, evidence->other_count));
	return object;
}

/* ---- rules ------------------------------------------------------------------------------------------------------ */

const char *report_finding_name(enum rule_finding finding)
{
	static const char *const names[] = {[FINDING_OPEN] = "unknown",
					    [FINDING_HOLDS] = "holds",
					    [FINDING_VIOLATED] = "violated",
					    [FINDING_SKIPPED] = "skipped"};
	return names[finding];
}

static void put_judging(struct json_object *object, const struct rule_result *result)
{
	json_out_put_optional(object, "finding", result->judged ? report_finding_name(result->finding) : NULL);
	json_out_put_optional(object, "value", result->judged ? truth_name(result->last) : NULL);
	json_out_put_optional(object, "of", result->about == result->rule->expression ? "rule" : "when");
	json_out_put_size(object, "poll", result->poll);
	json_out_put_seconds(object, "at_s", result->judged, result->last_at_ns);
	json_out_put_seconds(object, "since_s", result->judged, result->since_ns);
	json_out_put_seconds(object, "held_at_s", result->has_held, result->held_at_ns);
	json_out_put(object, "evidence", result->judged ? report_evidence_object(&result->evidence) : NULL);
}

static struct json_object *rule_object(const struct target_result *target, const struct rule_result *result)
{
	const struct policy_rule *rule = result->rule;
	struct json_object *object = json_out_object();
	json_out_put_text(object, "name", rule->name);
	json_out_put_optional(object, "outcome", rule_outcome_name(result->outcome));
	struct buf sentence = buf_make(BUF_LIMIT_REPORT);
	add_sentence(&sentence, target, result);
	put_sentence(object, "sentence", &sentence);
	json_out_put_optional(object, "kind", rule->kind == RULE_NEVER ? "never" : "assert");
	json_out_put_optional(object, "severity", rule_severity_name(rule->severity));
	json_out_put_boolean(object, "decides", result->decides);
	json_out_put_text(object, "rule", rule_excerpt(rule->expression)->text);
	if (rule->when)
		json_out_put_text(object, "when", rule_excerpt(rule->when)->text);
	else
		json_out_put(object, "when", NULL);
	json_out_put_text(object, "file", text_of(rule->source->name));
	json_out_put_size(object, "line", rule->line);
	put_text_or_null(object, "message", rule->message);
	json_out_put_optional(object, "if_empty", rule_fallback_name(rule->if_empty));
	json_out_put_optional(object, "if_missing", rule_fallback_name(rule->if_missing));
	json_out_put_seconds(object, "within_s", true, rule->within_ns);
	json_out_put_seconds(object, "hold_s", true, rule->hold_ns);
	json_out_put_seconds(object, "tolerate_s", true, rule->tolerate_ns);
	json_out_put_seconds(object, "during_s", true, rule->during_ns);
	put_judging(object, result);
	return object;
}

/* ---- parameters ------------------------------------------------------------------------------------------------- */

struct json_object *report_param_object(const struct param *param)
{
	struct json_object *object = json_out_object();
	struct buf value = buf_make(BUF_LIMIT_REPORT);
	json_out_put_text(object, "name", param->name);
	literal_add(&value, &param->value);
	put_sentence(object, "value", &value);
	return object;
}

struct json_object *report_target_params(const struct gate_target *target)
{
	struct json_object *array = json_out_array();
	for (size_t p = 0; p < target->params_count; p++)
		for (size_t i = 0; i < target->params[p].count; i++) {
			struct json_object *object = report_param_object(&target->params[p].items[i]);
			json_out_put_text(object, "file", text_of(target->params[p].source->name));
			json_out_append(array, object);
		}
	return array;
}

/* ---- targets ---------------------------------------------------------------------------------------------------- */

static const char *selector_name(enum selector_kind kind)
{
	static const char *const names[] = {[SELECT_NOTHING] = NULL,
					    [SELECT_DEPLOYMENT] = "deployment",
					    [SELECT_ENVIRONMENT] = "environment",
					    [SELECT_LATEST] = "latest",
					    [SELECT_ALL] = "all"};
	return names[kind];
}

static struct json_object *selection_object(struct text chain, const struct selector *selector)
{
	struct json_object *object = json_out_object();
	put_text_or_null(object, target_kind_name(selector->of), chain);
	json_out_put_optional(object, "select", selector_name(selector->kind));
	put_text_or_null(object, "value", selector->value);
	if (selector->role != ROLE_ANY)
		json_out_put_optional(object, "role", environment_role_name(selector->role));
	if (selector->expected.length)
		json_out_put_text(object, "expect_deployment", selector->expected);
	if (selector->since.kind == SINCE_MOMENT)
		json_out_put_moment(object, "since", selector->since.ns, false);
	else
		json_out_put(object, "since", NULL);
	return object;
}

struct json_object *report_wait_object(const struct target_result *target)
{
	const struct policy_wait *wait = target->wait;
	struct json_object *object = json_out_object(), *statuses = json_out_object();
	json_out_put_seconds(object, "timeout_s", true, target->target->timeout_ns);
	json_out_put_seconds(object, "interval_s", true, wait->interval_ns);
	json_out_put_seconds(object, "stable_for_s", true, wait->stable_for_ns);
	for (int i = STATUS_UNKNOWN + 1; i < STATUS_COUNT; i++)
		if (wait->stable_for_status_ns[i])
			json_out_put_seconds(statuses, status_name((enum status)i), true,
					     wait->stable_for_status_ns[i]);
	json_out_put(object, "stable_for_status_s", statuses);
	json_out_put_seconds(object, "discover_for_s", true, wait->discover_for_ns);
	json_out_put_seconds(object, "unreachable_after_s", true, wait->unreachable_after_ns);
	json_out_put_boolean(object, "fail_fast", wait->fail_fast);
	return object;
}

static struct json_object *lane_object(const struct gate_lane *lane)
{
	struct json_object *object = json_out_object();
	json_out_put_text(object, "deployment", lane->deployment);
	put_text_or_null(object, "chainlet", lane->chainlet);
	json_out_put_text(object, "status", lane->status_word);
	json_out_put_boolean(object, "status_known", lane->status != STATUS_UNKNOWN);
	json_out_put_seconds(object, "since_s", true, lane->since_ns);
	if (lane->chainlet.length) {
		json_out_put_integer(object, "active_replica_count", lane->active_replica_count);
		json_out_put_integer_if(object, "min_replica", lane->min_replica.present, lane->min_replica.value);
	}
	return object;
}

static void put_ids(struct json_object *object, const struct target_result *target)
{
	struct json_object *ids = json_out_array();
	for (size_t i = 0; i < target->deployment_count; i++)
		json_out_append(ids, json_out_text(target->deployment_ids[i]));
	json_out_put(object, "deployments", ids);
}

static struct json_object *stretch_object(const struct gate_stretch *stretch)
{
	if (!stretch->polls)
		return NULL;
	struct json_object *object = json_out_object();
	json_out_put_seconds(object, "since_s", true, stretch->since_ns);
	json_out_put_seconds(object, "until_s", true, stretch->until_ns);
	json_out_put_seconds(object, "watched_s", true, stretch->watched_ns);
	json_out_put_size(object, "polls", stretch->polls);
	json_out_put_size(object, "errors", stretch->misses);
	return object;
}

static struct json_object *target_object(const struct report *report, const struct target_result *target)
{
	struct json_object *object = json_out_object(), *rules = json_out_array(), *lanes = json_out_array();
	struct buf reason = buf_make(BUF_LIMIT_REPORT);
	const struct gate_target *asked = target->target;
	json_out_put_text(object, "name", asked->name);
	json_out_put_optional(object, "verdict", verdict_name(target->verdict));
	verdict_reason(&reason, target, report->gate);
	put_sentence(object, "reason", &reason);
	json_out_put_optional(object, "remedy", verdict_remedy(target));
	json_out_put_seconds(object, "at_s", true, target->at_ns);
	json_out_put_seconds(object, "stable_at_s", target->stable, target->stable_at_ns);
	json_out_put(object, "stretch", stretch_object(&target->stretch));
	put_text_or_null(object, target_kind_id(asked->selector.of), target->chain_id);
	put_ids(object, target);
	json_out_put_size(object, "polls", target->polls);
	json_out_put_size(object, "errors", target->misses);
	json_out_put(object, "target", selection_object(asked->chain, &target->selector));
	json_out_put(object, "baseline",
		     asked->baseline.given ? selection_object(asked->baseline.chain, &asked->baseline.selector) : NULL);
	json_out_put_optional(object, "on_superseded", asked->fail_on_superseded ? "fail" : "note");
	json_out_put(object, "wait", report_wait_object(target));
	json_out_put(object, "params", report_target_params(asked));
	for (size_t i = 0; i < asked->rule_count; i++)
		json_out_append(rules, rule_object(target, &target->rules[i]));
	json_out_put(object, "rules", rules);
	for (size_t i = 0; i < target->lane_count; i++)
		json_out_append(lanes, lane_object(&target->lanes[i]));
	json_out_put(object, "statuses", lanes);
	return object;
}

/* ---- events ----------------------------------------------------------------------------------------------------- */

static const char *event_name(enum gate_event_kind kind)
{
	switch (kind) {
	case EVENT_SELECTED: return "selected";
	case EVENT_STATUS: return "status";
	case EVENT_MISS: return "error";
	case EVENT_RECOVERED: return "recovered";
	case EVENT_STABLE: return "stable";
	case EVENT_MOVED: return "moved";
	case EVENT_RULE: return "rule";
	case EVENT_SUPERSEDED: return "superseded";
	case EVENT_NOTE: return "note";
	case EVENT_VERDICT: return "verdict";
	}
	return "";
}

static struct json_object *event_object(const struct report *report, const struct gate_event *event)
{
	struct json_object *object = json_out_object();
	json_out_put_seconds(object, "at_s", true, event->at_ns);
	json_out_put_text(object, "target", report->gate->targets[event->target].target->name);
	json_out_put_optional(object, "kind", event_name(event->kind));
	if (event->deployment.length)
		json_out_put_text(object, "deployment", event->deployment);
	if (event->chainlet.length)
		json_out_put_text(object, "chainlet", event->chainlet);
	if (event->from.length)
		json_out_put_text(object, "from", event->from);
	if (event->to.length)
		json_out_put_text(object, "to", event->to);
	if (event->listed.length)
		json_out_put_text(object, "listed", event->listed);
	if (event->kind == EVENT_RULE) {
		json_out_put_text(object, "rule", event->rule->name);
		json_out_put_optional(object, "finding", report_finding_name(event->finding));
		json_out_put_boolean(object, "final", event->is_final);
	}
	if (event->kind == EVENT_MISS) {
		struct buf words = buf_make(BUF_LIMIT_REPORT);
		add_miss(&words, &event->miss);
		put_sentence(object, "error", &words);
	}
	if (event->kind == EVENT_VERDICT)
		json_out_put_optional(object, "verdict", verdict_name(event->verdict));
	return object;
}

/* ---- policies --------------------------------------------------------------------------------------------------- */

static struct json_object *params_array(const struct report *report)
{
	struct json_object *array = json_out_array();
	for (size_t p = 0; p < report->policy_count; p++)
		for (size_t i = 0; report->policies[p] && i < report->policies[p]->param_count; i++)
			json_out_append(array, report_param_object(&report->policies[p]->params[i]));
	return array;
}

/* Of a shard without a chain too: whoever puts the shards together compares them. */
static struct json_object *policies_array(const struct report *report)
{
	struct json_object *array = json_out_array();
	struct arena arena = {0};
	const struct source *const *sources;
	size_t count = 0;
	if (report->gate)
		count = sources_of_rules(&arena, report->gate, &sources);
	else if (report->is_empty && report->policy_count)
		count = policy_sources(&arena, report->policies[0], &sources);
	for (size_t i = 0; i < count; i++) {
		struct json_object *object = json_out_object();
		char digest[DIGEST_LETTERS + 1];
		digest_make(sources[i]->text, digest);
		json_out_put_text(object, "file", text_of(sources[i]->name));
		json_out_put_optional(object, "sha256", digest);
		json_out_append(array, object);
	}
	arena_release(&arena);
	return array;
}

/* ---- the document ----------------------------------------------------------------------------------------------- */

static struct json_object *run_object(const struct report *report)
{
	struct json_object *object = json_out_object();
	json_out_put_moment(object, "start", report->start_wall_ns, false);
	json_out_put_seconds(object, "took_s", true, report->took_ns);
	if (report->recording)
		json_out_put_boolean(object, "replayed", true);
	json_out_put_optional(object, "host", report->host_name);
	json_out_put_optional(object, "tool", report->tool_version);
	return object;
}

static void append_diags(struct json_object *array, const struct diags *diags)
{
	for (const struct diag *diag = diags ? diags->first : NULL; diag; diag = diag->next) {
		struct json_object *object = json_out_object();
		struct place place = {0, 0};
		if (diag->source)
			place = source_place(diag->source, diag->span.start);
		json_out_put_optional(object, "file", diag->source ? diag->source->name : NULL);
		json_out_put_size(object, "line", place.line);
		json_out_put_size(object, "column", place.column);
		json_out_put_optional(object, "severity", diag_severity_name(diag->severity));
		json_out_put_optional(object, "code", diag_code_name(diag->code));
		json_out_put_optional(object, "message", diag->message);
		json_out_put_optional(object, "hint", diag->hint);
		json_out_append(array, object);
	}
}

/* Of each target of the shard its line of the text of which sha256 is the digest. */
static struct json_object *members_array(const struct plan_fleet *fleet)
{
	struct json_object *members = json_out_array();
	size_t start = 0, line = 0, next = 0;
	for (size_t i = 0; i < fleet->ids.length && next < fleet->count; i++) {
		if (fleet->ids.bytes[i] != '\n')
			continue;
		if (line++ == fleet->positions[next]) {
			json_out_append(members, json_out_text(text_slice(fleet->ids, start, i)));
			next++;
		}
		start = i + 1;
	}
	return members;
}

/* The chains that all shards watch: the same for each of them. Before the list of chains was read: only whose it is. */
static struct json_object *fleet_object(const struct report *report)
{
	const struct plan_fleet *fleet = report->fleet;
	struct json_object *object = json_out_object();
	char digest[DIGEST_LETTERS + 1];
	if (report->policy_count && report->policies[0])
		json_out_put_text(object, "policy_name", report->policies[0]->name);
	if (fleet->whole) {
		digest_make(fleet->ids, digest);
		json_out_put_size(object, "targets", fleet->whole);
		json_out_put_optional(object, "sha256", digest);
	}
	digest_make(fleet->plan, digest);
	json_out_put_optional(object, "plan_sha256", digest);
	if (fleet->shard.count) {
		json_out_put_size(object, "shard", fleet->shard.index);
		json_out_put_size(object, "shards", fleet->shard.count);
	}
	if (fleet->shard.count && fleet->whole) {
		struct json_object *positions = json_out_array();
		for (size_t i = 0; i < fleet->count; i++)
			json_out_append(positions, json_object_new_int64((int64_t)fleet->positions[i]));
		json_out_put(object, "positions", positions);
		json_out_put(object, "members", members_array(fleet));
	}
	return object;
}

bool report_json(struct buf *buf, const struct report *report)
{
	const struct gate_result *gate = report->gate;
	struct json_object *object = json_out_object(), *targets = json_out_array(), *events = json_out_array();
	struct json_object *diags = json_out_array();
	json_out_put_optional(object, "format", "chaingate report");
	json_out_put_integer(object, "version", REPORT_VERSION);
	json_out_put_optional(object, "verdict", gate ? verdict_name(gate->verdict) : NULL);
	if (report->is_unfinished)
		json_out_put(object, "exit", NULL);
	else
		json_out_put_integer(object, "exit", (int64_t)report->exit);
	json_out_put_seconds(object, "at_s", gate != NULL, gate ? gate->at_ns : 0);
	json_out_put_optional(object, "problem", report->problem);
	append_diags(diags, report->diags);
	append_diags(diags, report->usage);
	json_out_put(object, "diagnostics", diags);
	json_out_put_optional(object, "policy", report->policy_path);
	json_out_put(object, "policies", policies_array(report));
	json_out_put(object, "params", params_array(report));
	json_out_put_optional(object, "api", report->api_url);
	if (report->fleet)
		json_out_put(object, "fleet", fleet_object(report));
	for (size_t i = 0; gate && i < gate->target_count; i++)
		json_out_append(targets, target_object(report, &gate->targets[i]));
	json_out_put(object, "targets", targets);
	for (size_t i = 0; gate && i < report->event_count; i++)
		json_out_append(events, event_object(report, &report->events[i]));
	json_out_put(object, "events", events);
	json_out_put(object, "run", run_object(report));
	json_out_finish(buf, object);
	return !buf->overflowed;
}
