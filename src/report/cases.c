/* cases.c - the verdict as test cases.
 *
 * A suite per target. Its first case says whether the target became stable in time; then there is a case per rule. A
 * failed rule is a failure, an unknown one an error, and a warning is a passing case with output.
 */
#include "chaingate/report.h"

#include "chaingate/arena.h"
#include "chaingate/times.h"
#include "words.h"

#include <string.h>

struct maker {
	struct arena *arena;
	const struct report *report;
};

/* ---- texts ------------------------------------------------------------------------------------------------------ */

static const char *keep(struct maker *m, struct buf *buf)
{
	const char *text = arena_text(m->arena, buf_text(buf)).bytes;
	buf_release(buf);
	return text;
}

/* Makes a text printable, replaces each sequence of white space with one space, and drops it at the ends: an
 * xs:token. */
static const char *token(struct maker *m, struct text text)
{
	struct buf printable = buf_make(BUF_LIMIT_REPORT), out = buf_make(BUF_LIMIT_REPORT);
	text_add_printable(&printable, text);
	bool space = false;
	for (size_t i = 0; i < printable.length; i++) {
		if (printable.bytes[i] == ' ') {
			space = out.length > 0;
			continue;
		}
		if (space)
			buf_add_byte(&out, ' ');
		space = false;
		buf_add_byte(&out, printable.bytes[i]);
	}
	buf_release(&printable);
	if (out.length == 0)
		buf_add_string(&out, "(empty)");
	return keep(m, &out);
}

static const char *policy_name(struct maker *m)
{
	if (m->report->policy_count && m->report->policies[0])
		return token(m, m->report->policies[0]->name);
	return "policy";
}

/* ---- cases ------------------------------------------------------------------------------------------------------ */

/* Sets a result's text: the message, then the details. */
static void set_result(struct maker *m, struct report_case *one, enum case_result result, const char *type,
		       struct buf *message, struct buf *details)
{
	struct buf text = buf_make(BUF_LIMIT_REPORT);
	buf_add(&text, buf_text(message));
	if (details->length) {
		buf_add_byte(&text, '\n');
		buf_add(&text, buf_text(details));
	}
	buf_release(details);
	one->result = result;
	one->type = type;
	one->message = keep(m, message);
	one->text = keep(m, &text);
}

static const char *reason_type(const struct target_result *target)
{
	switch (target->reason) {
	case REASON_DEPLOYMENT_NOT_FOUND:
	case REASON_ENVIRONMENT_NOT_FOUND:
	case REASON_CHAIN_NOT_FOUND: return "NotFound";
	case REASON_REFUSED: return "KeyRefused";
	case REASON_NO_ANSWER:
	case REASON_NEVER_ANSWERED:
	case REASON_FINAL_MISS: return "ApiUnreachable";
	case REASON_INTERRUPTED: return "Interrupted";
	case REASON_RECORDING_ENDED: return "RecordingEnded";
	case REASON_SUPERSEDED: return "Superseded";
	case REASON_UNEXPECTED: return "UnexpectedDeployment";
	case REASON_PROMOTION_ENDED: return "PromotionEnded";
	case REASON_NONE:
	case REASON_RULES_HOLD:
	case REASON_RULE_FAILED:
	case REASON_RULES_UNKNOWN:
	case REASON_DEADLINE: break;
	}
	return "NotStable";
}

/* The first case: whether it was stable before the timeout. */
static struct report_case stable_case(struct maker *m, const struct target_result *target)
{
	struct report_case one = {.name = "stable before the timeout", .time_ns = target->at_ns};
	if (target->stable || target->verdict == VERDICT_PASSED)
		one.time_ns = target->stable_at_ns;
	bool reached = target->stable && (target->verdict == VERDICT_PASSED || target->verdict == VERDICT_FAILED ||
					  target->verdict == VERDICT_UNDECIDED);
	bool is_failure = target->reason == REASON_SUPERSEDED || target->reason == REASON_UNEXPECTED ||
			  target->reason == REASON_PROMOTION_ENDED;
	if (reached && !is_failure)
		return one;
	struct buf message = buf_make(BUF_LIMIT_REPORT), details = buf_make(BUF_LIMIT_REPORT);
	if (target->reason == REASON_RULE_FAILED) {
		buf_add_string(&message, "not finished: a rule failed first");
		set_result(m, &one, CASE_SKIPPED, NULL, &message, &details);
		return one;
	}
	verdict_reason(&message, target, m->report->gate);
	const char *remedy = verdict_remedy(target);
	if (remedy)
		buf_add_string(&details, remedy);
	set_result(m, &one, is_failure ? CASE_FAILURE : CASE_ERROR, reason_type(target), &message, &details);
	return one;
}

static struct report_case rule_case(struct maker *m, const struct target_result *target, const struct rule_result *rule)
{
	struct report_case one = {.name = token(m, rule->rule->name),
				  .file = token(m, text_of(rule->rule->source->name)),
				  .line = rule->rule->line};
	enum rule_mark mark = rule_mark(target, rule);
	if (mark == MARK_PASS)
		return one;
	struct buf message = buf_make(BUF_LIMIT_REPORT), details = buf_make(BUF_LIMIT_REPORT);
	if (mark == MARK_OPEN)
		buf_printf(&message, "not satisfied when the gate ended (%s); ", verdict_name(target->verdict));
	if (mark == MARK_UNFINISHED)
		buf_add_string(&message, rule->decides ? "not finished: another rule failed first; "
						       : "not finished when the gate ended; ");
	if (mark == MARK_SKIP)
		buf_add_string(&message, rule->about == rule->rule->expression
						 ? "skipped without a counterpart in the baseline; "
						 : "skipped by its 'when'; ");
	add_sentence(&message, target, rule);
	add_evidence(&details, rule, 0, DIAG_PLAIN);
	if (mark == MARK_SKIP || (mark == MARK_UNFINISHED && rule->decides))
		set_result(m, &one, CASE_SKIPPED, NULL, &message, &details);
	else if (mark == MARK_FAIL)
		set_result(m, &one, CASE_FAILURE, "RuleFailed", &message, &details);
	else if (mark == MARK_OPEN && rule->decides)
		set_result(m, &one, CASE_ERROR, "RuleUndecided", &message, &details);
	else
		set_result(m, &one, CASE_PASS, NULL, &message, &details);
	if (one.result == CASE_PASS)
		one.out = arena_printf(m->arena, "warning: %s", one.text);
	return one;
}

/* Readers identify a case by its name, so a name that equals another after it was made printable gets a number. */
static const char *unlike(struct maker *m, const char *name, const char *const *before, size_t count)
{
	const char *unique = name;
	for (size_t number = 2, i = 0; i < count; i++)
		if (strcmp(before[i], unique) == 0) {
			unique = arena_printf(m->arena, "%s (%zu)", name, number++);
			i = SIZE_MAX; /* starts again with the first name */
		}
	return unique;
}

static void make_names_unique(struct maker *m, struct report_suite *suite)
{
	const char **names = ARENA_ARRAY(m->arena, const char *, suite->count);
	for (size_t i = 0; i < suite->count; i++)
		names[i] = suite->cases[i].name = unlike(m, suite->cases[i].name, names, i);
}

/* ---- properties ------------------------------------------------------------------------------------------------- */

struct properties {
	struct report_property *items;
	size_t count, capacity;
};

static void add_property(struct maker *m, struct properties *list, const char *name, const char *value)
{
	list->items = arena_grow(m->arena, list->items, list->count, &list->capacity, sizeof(*list->items));
	list->items[list->count++] = (struct report_property){name, value};
}

static void set_properties(struct maker *m, struct report_suite *suite, const struct target_result *target)
{
	const struct report *report = m->report;
	struct properties list = {0};
	add_property(m, &list, "chaingate.version", report->tool_version);
	if (!report->is_unfinished)
		add_property(m, &list, "chaingate.exit", arena_printf(m->arena, "%d", (int)report->exit));
	add_property(m, &list, "policy", token(m, text_of(report->policy_path)));
	if (report->api_url)
		add_property(m, &list, "api", token(m, text_of(report->api_url)));
	if (target) {
		add_property(m, &list, "verdict", verdict_name(target->verdict));
		add_property(m, &list, target_kind_name(target->target->selector.of),
			     token(m, target->chain_id.length ? target->chain_id : target->target->chain));
		for (size_t i = 0; i < target->deployment_count; i++)
			add_property(m, &list, "deployment", token(m, target->deployment_ids[i]));
		add_property(m, &list, "polls", arena_printf(m->arena, "%zu", target->polls));
		add_property(m, &list, "errors", arena_printf(m->arena, "%zu", target->misses));
		struct buf stretch = buf_make(BUF_LIMIT_REPORT);
		add_stretch(&stretch, target);
		if (stretch.length)
			add_property(m, &list, "watched", arena_text(m->arena, buf_text(&stretch)).bytes);
		buf_release(&stretch);
	}
	suite->properties = list.items;
	suite->property_count = list.count;
}

/* ---- suites ----------------------------------------------------------------------------------------------------- */

static struct report_suite target_suite(struct maker *m, const struct target_result *target)
{
	struct report_suite suite = {
		.name = arena_printf(m->arena, "chaingate.%s.%s", policy_name(m), token(m, target->target->name)),
		.count = 1 + target->target->rule_count,
		.time_ns = target->at_ns,
	};
	suite.cases = ARENA_ARRAY(m->arena, struct report_case, suite.count);
	suite.cases[0] = stable_case(m, target);
	for (size_t i = 0; i < target->target->rule_count; i++)
		suite.cases[i + 1] = rule_case(m, target, &target->rules[i]);
	make_names_unique(m, &suite);
	set_properties(m, &suite, target);
	return suite;
}

static const char *problem_type(const struct report *report)
{
	if (report->is_unfinished)
		return "NotFinished";
	switch (report->exit) {
	case GATE_EXIT_SIGHUP:
	case GATE_EXIT_SIGINT:
	case GATE_EXIT_SIGTERM: return "Interrupted";
	case GATE_EXIT_DEFECT: return "Defect";
	default: return report->diags && report->diags->errors ? "PolicyInvalid" : "UsageError";
	}
}

/* After the targets, none of which is to blame. */
static struct report_suite unreported_suite(struct maker *m)
{
	struct report_suite suite = {.name = arena_printf(m->arena, "chaingate.%s", policy_name(m)), .count = 1};
	struct buf message = buf_make(BUF_LIMIT_REPORT), details = buf_make(BUF_LIMIT_REPORT);
	suite.cases = ARENA_NEW(m->arena, struct report_case);
	suite.cases[0].name = "the reports could be written";
	buf_add_string(&message, UNREPORTED_WORDS " (exit 6)");
	set_result(m, suite.cases, CASE_ERROR, "Unreported", &message, &details);
	set_properties(m, &suite, NULL);
	return suite;
}

/* If nothing was polled: one case with an error that says why. */
static struct report_suite problem_suite(struct maker *m)
{
	const struct report *report = m->report;
	struct report_suite suite = {.name = arena_printf(m->arena, "chaingate.%s", policy_name(m)), .count = 1};
	bool policy = report->diags && report->diags->errors;
	suite.cases = ARENA_NEW(m->arena, struct report_case);
	suite.cases[0].name = report->is_empty        ? "the shard has chains"
			      : policy                ? "the policy can be used"
			      : report->is_unfinished ? "the gate has finished"
						      : "the gate can run";
	struct buf message = buf_make(BUF_LIMIT_REPORT), details = buf_make(BUF_LIMIT_REPORT);
	text_add_printable(&message, text_of(report->problem ? report->problem : "nothing was polled"));
	add_problems(&details, report);
	set_result(m, suite.cases, report->is_empty ? CASE_SKIPPED : CASE_ERROR,
		   report->is_empty ? NULL : problem_type(report), &message, &details);
	suite.time_ns = report->took_ns;
	set_properties(m, &suite, NULL);
	return suite;
}

struct report_suites report_cases(struct arena *arena, const struct report *report)
{
	struct maker maker = {.arena = arena, .report = report};
	size_t judged = report->gate ? report->gate->target_count : 1, count = judged + is_unreported(report);
	struct report_suite *suites = ARENA_ARRAY(arena, struct report_suite, count);
	const char **names = ARENA_ARRAY(arena, const char *, count);
	for (size_t i = 0; i < count; i++) {
		suites[i] = i == judged    ? unreported_suite(&maker)
			    : report->gate ? target_suite(&maker, &report->gate->targets[i])
					   : problem_suite(&maker);
		names[i] = suites[i].name = unlike(&maker, suites[i].name, names, i);
	}
	struct buf warnings = buf_make(BUF_LIMIT_REPORT);
	if (report->gate) /* otherwise they are in the case */
		add_problems(&warnings, report);
	return (struct report_suites){
		.suites = suites,
		.warnings = keep(&maker, &warnings),
		.count = count,
		.start_wall_ns = report->start_wall_ns,
		.took_ns = report->took_ns,
		.host_name = token(&maker, text_of(report->host_name)),
	};
}
