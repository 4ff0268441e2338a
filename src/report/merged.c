/* merged.c - the merged report in each format. Everything is taken from the document that merge.c has made; see merge.h.
 *
 * The cases are those of cases.c, but for the evidence, of which the JSON report has the values and not the picture: the
 * text of a case is its message, the rule, and what the policy's author says to do.
 */
#include "merged.h"
#include "parts.h"
#include "rebuilt.h"

#include "chaingate/buf.h"
#include "chaingate/json.h"
#include "chaingate/json_out.h"
#include "chaingate/times.h"
#include "words.h"

struct maker {
	struct arena *arena;
	const struct merged *merged;
	enum gate_exit exit; /* the process's: what merged_exit says, or that this pass couldn't be reported */
};

static bool is_null_at(struct json_object *object, const char *key)
{
	return !merge_value(object, key);
}

static struct json_object *targets_of(const struct merged *merged)
{
	return merge_value(merged->document, "targets");
}

static const char *keep(struct maker *m, struct text text)
{
	struct buf printable = buf_make(BUF_LIMIT_REPORT);
	text_add_printable(&printable, text);
	const char *kept = arena_string(m->arena, buf_string(&printable));
	buf_release(&printable);
	return kept;
}

/* ---- cases ------------------------------------------------------------------------------------------------------ */

static void set_result(struct maker *m, struct report_case *one, enum case_result result, const char *type,
		       const char *message, const char *details)
{
	one->result = result;
	one->type = type;
	one->message = message;
	one->text = arena_printf(m->arena, "%s%s%s", message, *details ? "\n" : "", details);
}

static bool has_failed_rule(struct json_object *target)
{
	struct json_object *rules = merge_value(target, "rules");
	for (size_t i = 0; i < merge_length(rules); i++) {
		struct json_object *rule = json_object_array_get_idx(rules, i);
		if (merge_is_true(rule, "decides") &&
		    text_is(merge_text(rule, "outcome"), rule_outcome_name(RULE_FAIL)))
			return true;
	}
	return false;
}

static struct report_case stable_case(struct maker *m, struct json_object *target)
{
	struct report_case one = {.name = "stable before the timeout", .time_ns = merge_ns(target, "at_s")};
	struct text verdict = merge_text(target, "verdict");
	bool is_stable = !is_null_at(target, "stable_at_s"), is_failed = text_is(verdict, verdict_name(VERDICT_FAILED)),
	     is_rule = is_failed && has_failed_rule(target);
	if (is_stable)
		one.time_ns = merge_ns(target, "stable_at_s");
	if (text_is(verdict, verdict_name(VERDICT_PASSED)) ||
	    (is_stable && (is_rule || text_is(verdict, verdict_name(VERDICT_UNDECIDED)))))
		return one;
	if (is_rule)
		set_result(m, &one, CASE_SKIPPED, NULL, "not finished: a rule failed first", "");
	else
		set_result(m, &one, is_failed ? CASE_FAILURE : CASE_ERROR,
			   is_failed                                             ? "WrongDeployment"
			   : text_is(verdict, verdict_name(VERDICT_UNREACHABLE)) ? "ApiUnreachable"
			   : text_is(verdict, verdict_name(VERDICT_INTERRUPTED)) ? "Interrupted"
										 : "NotStable",
			   keep(m, merge_text(target, "reason")), keep(m, merge_text(target, "remedy")));
	return one;
}

static struct report_case rule_case(struct maker *m, struct json_object *target, struct json_object *rule)
{
	struct text outcome = merge_text(rule, "outcome"), message = merge_text(rule, "message");
	int64_t line = 0;
	json_get_integer(rule, "line", &line);
	struct report_case one = {.name = keep(m, merge_text(rule, "name")),
				  .file = keep(m, merge_text(rule, "file")),
				  .line = line > 0 ? (size_t)line : 0};
	if (text_is(outcome, rule_outcome_name(RULE_PASS)))
		return one;
	const char *sentence = keep(m, merge_text(rule, "sentence")),
		   *details = arena_printf(m->arena, "rule: %s%s%s", keep(m, merge_text(rule, "rule")),
					   message.length ? "\n" : "", keep(m, message));
	bool decides = merge_is_true(rule, "decides");
	const char *open = decides ? "not finished: another rule failed first; " : "not finished when the gate ended; ";
	if (text_is(outcome, rule_outcome_name(RULE_SKIPPED)))
		set_result(m, &one, CASE_SKIPPED, NULL, arena_printf(m->arena, "skipped; %s", sentence), details);
	else if (text_is(outcome, rule_outcome_name(RULE_FAIL)))
		set_result(m, &one, decides ? CASE_FAILURE : CASE_PASS, "RuleFailed", sentence, details);
	else if (decides && !has_failed_rule(target))
		set_result(m, &one, CASE_ERROR, "RuleUndecided",
			   arena_printf(m->arena, "not satisfied when the gate ended (%s); %s",
					keep(m, merge_text(target, "verdict")), sentence),
			   details);
	else
		set_result(m, &one, decides ? CASE_SKIPPED : CASE_PASS, NULL,
			   arena_printf(m->arena, "%s%s", open, sentence), details);
	if (one.result == CASE_PASS)
		one.out = arena_printf(m->arena, "warning: %s", one.text);
	return one;
}

static void set_properties(struct maker *m, struct report_suite *suite, struct json_object *target)
{
	struct json_object *document = m->merged->document, *run = merge_value(document, "run"),
			   *deployments = merge_value(target, "deployments");
	struct report_property *items = ARENA_ARRAY(m->arena, struct report_property, 8 + merge_length(deployments));
	int64_t polls = 0, errors = 0;
	size_t count = 0;
	json_get_integer(target, "polls", &polls);
	json_get_integer(target, "errors", &errors);
	items[count++] = (struct report_property){"chaingate.version", keep(m, merge_text(run, "tool"))};
	items[count++] = (struct report_property){"chaingate.exit", arena_printf(m->arena, "%d", (int)m->exit)};
	items[count++] = (struct report_property){"policy", keep(m, merge_text(document, "policy"))};
	if (!is_null_at(document, "api"))
		items[count++] = (struct report_property){"api", keep(m, merge_text(document, "api"))};
	items[count++] = (struct report_property){"verdict", keep(m, merge_text(target, "verdict"))};
	items[count++] = (struct report_property){"chain", keep(m, merge_text(target, "chain_id"))};
	for (size_t i = 0; i < merge_length(deployments); i++)
		items[count++] = (struct report_property){
			"deployment",
			keep(m, text_of(json_object_get_string(json_object_array_get_idx(deployments, i))))};
	items[count++] = (struct report_property){"polls", arena_printf(m->arena, "%lld", (long long)polls)};
	items[count++] = (struct report_property){"errors", arena_printf(m->arena, "%lld", (long long)errors)};
	suite->properties = items;
	suite->property_count = count;
}

static struct report_suite suite_of(struct maker *m, struct json_object *target)
{
	struct json_object *fleet = merge_value(m->merged->document, "fleet"), *rules = merge_value(target, "rules");
	struct report_suite suite = {
		.name = arena_printf(m->arena, "chaingate.%s.%s", keep(m, merge_text(fleet, "policy_name")),
				     keep(m, merge_text(target, "name"))),
		.count = 1 + merge_length(rules),
		.time_ns = merge_ns(target, "at_s"),
	};
	suite.cases = ARENA_ARRAY(m->arena, struct report_case, suite.count);
	suite.cases[0] = stable_case(m, target);
	for (size_t i = 0; i < merge_length(rules); i++)
		suite.cases[i + 1] = rule_case(m, target, json_object_array_get_idx(rules, i));
	set_properties(m, &suite, target);
	return suite;
}

static struct report_suites suites_of(struct maker *m)
{
	struct json_object *targets = targets_of(m->merged), *run = merge_value(m->merged->document, "run");
	size_t count = merge_length(targets);
	struct report_suite *suites = ARENA_ARRAY(m->arena, struct report_suite, count);
	for (size_t i = 0; i < count; i++)
		suites[i] = suite_of(m, json_object_array_get_idx(targets, i));
	return (struct report_suites){.suites = suites,
				      .count = count,
				      .start_wall_ns = m->merged->start_wall_ns,
				      .took_ns = m->merged->took_ns,
				      .host_name = keep(m, merge_text(run, "host"))};
}

/* ---- text ------------------------------------------------------------------------------------------------------- */

void merged_text(struct buf *buf, const struct merged *merged, enum gate_exit code, bool quiet)
{
	struct json_object *targets = targets_of(merged);
	size_t count = merge_length(targets), open = 0;
	for (size_t i = 0; i < count; i++) {
		struct json_object *target = json_object_array_get_idx(targets, i);
		if (text_is(merge_text(target, "verdict"), verdict_name(VERDICT_PASSED)))
			continue;
		open++;
		if (quiet)
			continue;
		text_add_printable(buf, merge_text(target, "name"));
		buf_add_string(buf, " is ");
		text_add_printable(buf, merge_text(target, "verdict"));
		buf_add_string(buf, ": ");
		text_add_printable(buf, merge_text(target, "reason"));
		buf_add_byte(buf, '\n');
	}
	buf_printf(buf, "%s: ", exit_name(code));
	if (open)
		buf_printf(buf, "%zu of %zu target%s did not pass\n", open, count, text_plural(count));
	else
		buf_printf(buf, "%zu target%s passed%s\n", count, text_plural(count),
			   code == GATE_EXIT_PASSED           ? ""
			   : merged->exit == GATE_EXIT_PASSED ? ", but a report could not be written"
							      : ", but a shard could not write its reports");
}

/* ---- formats ---------------------------------------------------------------------------------------------------- */

bool merge_has_format(enum report_format format)
{
	return format != REPORT_HTML && format != REPORT_INTOTO;
}

static bool render(struct buf *buf, const struct merged *merged, enum report_format format, enum gate_exit code)
{
	struct arena arena = {0};
	struct maker maker = {&arena, merged, code};
	bool is_whole = true,
	     has_cases = format == REPORT_TAP || format == REPORT_JUNIT || format == REPORT_JUNIT_STRICT;
	if (format != REPORT_JSON && !has_cases) {
		struct report report = rebuilt_report(&arena, merged, code);
		is_whole = report_render(buf, &report, format);
	} else if (format == REPORT_JSON) {
		json_out_put_integer(merged->document, "exit", (int64_t)code);
		json_out_finish(buf, json_object_get(merged->document));
	} else {
		struct report_suites suites = suites_of(&maker);
		is_whole = format == REPORT_TAP ? report_tap(buf, &suites)
						: report_junit(buf, &suites, format == REPORT_JUNIT_STRICT);
	}
	arena_release(&arena);
	return is_whole && !buf->overflowed;
}

bool merged_render(struct buf *buf, const struct merged *merged, enum report_format format, enum gate_exit code)
{
	struct buf content = buf_make(BUF_LIMIT_REPORT);
	bool is_whole = render(&content, merged, format, code);
	if (is_whole && report_form(format) == FORM_COMMANDS)
		buf_add(buf, buf_text(&content)); /* report_render has defused the rest */
	else if (is_whole)
		text_add_defused(buf, buf_text(&content), report_form(format));
	buf_release(&content);
	return is_whole && !buf->overflowed;
}
