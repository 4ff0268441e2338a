/* intoto.c - an in-toto Statement with the test-result predicate. The pipeline signs it, so that a later stage can
 * demand proof that this deployment passed this policy. Source: in-toto's attestation framework, Statement v1 and
 * test-result v0.1.
 *
 * A subject is a deployment. Its digest is the digest of the judged snapshot in the gate's canonical text, which
 * contains ids, statuses, settings and instance types of all selected deployments. If nothing was selected, the target
 * itself is the subject, with the digest of an empty text, and the result is FAILED. Facts that aren't in the policy's
 * file are annotations: on the subject the API's address, the time of judging, the waiting times and the parameters; on
 * the policy its parameters, which --set may have changed.
 */
#include "chaingate/report.h"

#include "chaingate/json_out.h"
#include "chaingate/report_json.h"
#include "chaingate/times.h"
#include "digest.h"
#include "sources.h"
#include "words.h"

#define STATEMENT_TYPE "https://in-toto.io/Statement/v1"
#define PREDICATE_TYPE "https://in-toto.io/attestation/test-result/v0.1"

static void put_digest(struct json_object *object, struct text text)
{
	struct json_object *digest = json_out_object();
	char letters[DIGEST_LETTERS + 1];
	digest_make(text, letters);
	json_out_put_optional(digest, "sha256", letters);
	json_out_put(object, "digest", digest);
}

static struct json_object *add_resource(struct json_object *list, struct text name, struct text content)
{
	struct json_object *object = json_out_object();
	json_out_put_text(object, "name", name);
	put_digest(object, content);
	json_out_append(list, object);
	return object;
}

static void add_subjects(struct json_object *list, const struct report *report, const struct target_result *target)
{
	if (target->deployment_count == 0)
		add_resource(list, target->target->name, (struct text){"", 0});
	for (size_t i = 0; i < target->deployment_count; i++) {
		struct buf name = buf_make(BUF_LIMIT_REPORT);
		buf_printf(&name, "%s/", target_kind_plural(target->target->selector.of));
		buf_add(&name, target->chain_id);
		buf_add_string(&name, "/deployments/");
		buf_add(&name, target->deployment_ids[i]);
		struct json_object *annotations = json_out_object();
		json_out_put(annotations, "wait", report_wait_object(target));
		json_out_put(annotations, "params", report_target_params(target->target));
		json_out_put_optional(annotations, "api", report->api_url);
		json_out_put_moment(annotations, "judged_at", time_add(report->start_wall_ns, target->at_ns), false);
		json_out_put(add_resource(list, buf_text(&name), target->snapshot), "annotations", annotations);
		buf_release(&name);
	}
}

/* Takes `item`. */
static void append_once(struct json_object *array, struct json_object *item)
{
	for (size_t i = 0; i < json_object_array_length(array); i++)
		if (json_object_equal(json_object_array_get_idx(array, i), item)) {
			json_object_put(item);
			return;
		}
	json_out_append(array, item);
}

/* The values with which the file's rules were judged, each once. Targets may have values of their own: then a name has
 * several, and the subjects say which is whose. */
static struct json_object *params_of(const struct report *report, const struct source *source)
{
	struct json_object *array = json_out_array();
	for (size_t t = 0; t < report->gate->target_count; t++) {
		const struct gate_target *target = report->gate->targets[t].target;
		for (size_t p = 0; p < target->params_count; p++)
			for (size_t i = 0; target->params[p].source == source && i < target->params[p].count; i++)
				append_once(array, report_param_object(&target->params[p].items[i]));
	}
	return array;
}

/* Each policy's file, with its parameters after --set, because the file alone doesn't show what was demanded. */
static void add_policies(struct json_object *list, const struct report *report)
{
	struct arena arena = {0};
	const struct source *const *sources;
	size_t count = sources_of_rules(&arena, report->gate, &sources);
	for (size_t i = 0; i < count; i++) {
		struct json_object *annotations = json_out_object();
		json_out_put(annotations, "params", params_of(report, sources[i]));
		json_out_put(add_resource(list, text_of(sources[i]->name), sources[i]->text), "annotations",
			     annotations);
	}
	arena_release(&arena);
}

static bool is_warning(const struct rule_result *rule)
{
	return !rule->decides && rule->outcome != RULE_PASS && rule->outcome != RULE_SKIPPED;
}

static bool has_warnings(const struct gate_result *gate)
{
	for (size_t t = 0; t < gate->target_count; t++)
		for (size_t i = 0; i < gate->targets[t].target->rule_count; i++)
			if (is_warning(&gate->targets[t].rules[i]))
				return true;
	return false;
}

/* Skipped rules are in none of the lists: they didn't pass, and a reader who requires a rule must notice that it is
 * absent. */
static void add_tests(struct json_object *predicate, const struct report *report)
{
	const struct gate_result *gate = report->gate;
	struct json_object *passed = json_out_array(), *warned = json_out_array(), *failed = json_out_array();
	for (size_t t = 0; t < gate->target_count; t++)
		for (size_t i = 0; i < gate->targets[t].target->rule_count; i++) {
			const struct rule_result *rule = &gate->targets[t].rules[i];
			if (rule->outcome == RULE_SKIPPED)
				continue;
			struct buf name = buf_make(BUF_LIMIT_REPORT);
			buf_add(&name, gate->targets[t].target->name);
			buf_add_string(&name, ": ");
			buf_add(&name, rule->rule->name);
			struct json_object *item = json_out_text(buf_text(&name));
			buf_release(&name);
			/* An open rule didn't pass. */
			json_out_append(rule->outcome == RULE_PASS ? passed : is_warning(rule) ? warned : failed, item);
		}
	if (is_unreported(report))
		json_out_append(failed, json_out_text(TEXT("chaingate: " UNREPORTED_WORDS " (exit 6)")));
	json_out_put(predicate, "passedTests", passed);
	json_out_put(predicate, "warnedTests", warned);
	json_out_put(predicate, "failedTests", failed);
}

bool report_intoto(struct buf *buf, const struct report *report)
{
	struct json_object *statement = json_out_object(), *subjects = json_out_array(), *predicate = json_out_object(),
			   *policies = json_out_array();
	const struct gate_result *gate = report->gate;
	for (size_t i = 0; gate && i < gate->target_count; i++)
		add_subjects(subjects, report, &gate->targets[i]);
	if (!gate)
		add_resource(subjects, text_of(nothing_judged(report)), (struct text){"", 0});
	/* In the report of one of several targets, gate->verdict is this target's own, whatever the run's exit code
	 * is. */
	bool passed = gate && !report->problem && gate->verdict == VERDICT_PASSED && !is_unreported(report);
	json_out_put_optional(predicate, "result", !passed ? "FAILED" : has_warnings(gate) ? "WARNED" : "PASSED");
	if (gate)
		add_policies(policies, report);
	json_out_put(predicate, "configuration", policies);
	if (gate)
		add_tests(predicate, report);
	json_out_put_optional(statement, "_type", STATEMENT_TYPE);
	json_out_put(statement, "subject", subjects);
	json_out_put_optional(statement, "predicateType", PREDICATE_TYPE);
	json_out_put(statement, "predicate", predicate);
	json_out_finish(buf, statement);
	return !buf->overflowed;
}
