/* junit.c - the report that every CI system reads.
 *
 * A suite per target; its first case says whether it became stable in time, then a case per rule. A failed rule is a <failure>, one that isn't known an
 * <error>, a warning a passing case with its text in <system-out>. Exactly one result in a case, counts that add up, times with
 * three decimals: what parsers were seen to need. The strict dialect has no file, line or totals, and a case holds nothing but its result.
 */
#include "junit.h"

#include "chaingate/arena.h"
#include "chaingate/times.h"
#include "words.h"

#include <libxml/xmlwriter.h>

enum result { RESULT_PASS, RESULT_FAILURE, RESULT_ERROR, RESULT_SKIPPED, RESULT_COUNT };

/* One case, before it is written: the counts must be known first. */
struct testcase {
	const char *name;
	const char *file; /* NULL: none */
	size_t line;
	int64_t time_ns;
	enum result result;
	const char *type;
	const char *message; /* on one line */
	const char *text;    /* several lines; begins with the message */
	const char *out;     /* for <system-out>, or NULL */
};

struct suite {
	const char *name;
	struct testcase *cases;
	size_t count;
	size_t totals[RESULT_COUNT];
	int64_t time_ns;
	const struct target_result *target; /* NULL: nothing was polled */
};

struct junit {
	struct arena arena;
	const struct report *report;
	bool strict;
	xmlTextWriterPtr xml;
	bool failed;
};

/* ---- texts ------------------------------------------------------------------------------------------------------ */

static const char *keep(struct junit *j, struct buf *buf)
{
	const char *text = arena_text(&j->arena, buf_text(buf)).bytes;
	buf_release(buf);
	return text;
}

/* Printable, with every run of white space one space and none at the ends: an xs:token. */
static const char *token(struct junit *j, struct text text)
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
	return keep(j, &out);
}

static const char *policy_name(struct junit *j)
{
	if (j->report->policy_count && j->report->policies[0])
		return token(j, j->report->policies[0]->name);
	return "policy";
}

/* ---- cases ------------------------------------------------------------------------------------------------------ */

/* Message, then details, as the text of a result. */
static void set_result(struct junit *j, struct testcase *one, enum result result, const char *type, struct buf *message, struct buf *details)
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
	one->message = keep(j, message);
	one->text = keep(j, &text);
}

static const char *reason_type(const struct target_result *target)
{
	switch (target->reason) {
	case REASON_DEPLOYMENT_NOT_FOUND:
	case REASON_CHAIN_NOT_FOUND: return "NotFound";
	case REASON_REFUSED: return "KeyRefused";
	case REASON_NO_ANSWER:
	case REASON_NEVER_ANSWERED:
	case REASON_FINAL_MISS: return "ApiUnreachable";
	case REASON_INTERRUPTED: return "Interrupted";
	case REASON_SUPERSEDED: return "Superseded";
	case REASON_NONE:
	case REASON_RULES_HOLD:
	case REASON_RULE_FAILED:
	case REASON_RULES_UNKNOWN:
	case REASON_DEADLINE: break;
	}
	return "NotStable";
}

/* The first case: was it stable before the timeout? */
static struct testcase stable_case(struct junit *j, const struct target_result *target)
{
	struct testcase one = {.name = "stable before the timeout", .time_ns = target->at_ns};
	if (target->stable || target->verdict == VERDICT_PASSED)
		one.time_ns = target->stable_at_ns;
	bool reached = target->stable && (target->verdict == VERDICT_PASSED || target->verdict == VERDICT_FAILED ||
					  target->verdict == VERDICT_UNDECIDED);
	if (reached && target->reason != REASON_SUPERSEDED)
		return one;
	struct buf message = buf_make(BUF_LIMIT_REPORT), details = buf_make(BUF_LIMIT_REPORT);
	if (target->reason == REASON_RULE_FAILED)
		buf_add_string(&message, "not reached: a rule failed first");
	else
		verdict_reason(&message, target, j->report->gate);
	const char *remedy = verdict_remedy(target);
	if (remedy)
		buf_add_string(&details, remedy);
	set_result(j, &one, target->reason == REASON_SUPERSEDED ? RESULT_FAILURE : RESULT_ERROR, reason_type(target), &message, &details);
	return one;
}

static struct testcase rule_case(struct junit *j, const struct target_result *target, const struct rule_result *rule)
{
	struct testcase one = {
		.name = token(j, rule->rule->name), .file = token(j, text_of(rule->rule->source->name)), .line = rule->rule->line};
	enum rule_mark mark = rule_mark(rule);
	if (mark == MARK_PASS)
		return one;
	struct buf message = buf_make(BUF_LIMIT_REPORT), details = buf_make(BUF_LIMIT_REPORT);
	if (mark == MARK_UNKNOWN)
		buf_printf(&message, "not satisfied when the gate ended (%s); ", verdict_name(target->verdict));
	if (mark == MARK_SKIP)
		buf_add_string(&message, rule->about == rule->rule->expression ? "skipped without a counterpart in the baseline; "
									       : "skipped by its 'when'; ");
	add_evidence_line(&message, rule);
	add_evidence(&details, rule, 0, DIAG_PLAIN);
	bool warning = rule->rule->severity == SEVERITY_WARNING;
	if (mark == MARK_SKIP)
		set_result(j, &one, RESULT_SKIPPED, NULL, &message, &details);
	else if (mark == MARK_FAIL)
		set_result(j, &one, RESULT_FAILURE, "RuleFailed", &message, &details);
	else if (mark == MARK_UNKNOWN && !warning)
		set_result(j, &one, RESULT_ERROR, "RuleUndecided", &message, &details);
	else
		set_result(j, &one, RESULT_PASS, NULL, &message, &details);
	if (one.result == RESULT_PASS)
		one.out = arena_printf(&j->arena, "warning: %s", one.text);
	return one;
}

/* Under --strict a warning that failed has ended the gate: then no case passes that stands for it. */
static void harden_warnings(struct suite *suite, const struct target_result *target)
{
	bool any = false;
	for (size_t i = 0; i < suite->count; i++)
		any |= suite->cases[i].result == RESULT_FAILURE || suite->cases[i].result == RESULT_ERROR;
	for (size_t i = 1; i < suite->count && !any && target->verdict != VERDICT_PASSED; i++)
		if (suite->cases[i].out) {
			suite->cases[i].result = RESULT_FAILURE;
			suite->cases[i].type = "RuleFailed";
			suite->cases[i].out = NULL;
		}
}

static void count_results(struct suite *suite)
{
	for (size_t i = 0; i < suite->count; i++)
		suite->totals[suite->cases[i].result]++;
}

static struct suite target_suite(struct junit *j, const struct target_result *target)
{
	struct suite suite = {
		.name = arena_printf(&j->arena, "chaingate.%s.%s", policy_name(j), token(j, target->target->name)),
		.count = 1 + target->target->rule_count,
		.time_ns = target->at_ns,
		.target = target,
	};
	suite.cases = ARENA_ARRAY(&j->arena, struct testcase, suite.count);
	suite.cases[0] = stable_case(j, target);
	for (size_t i = 0; i < target->target->rule_count; i++)
		suite.cases[i + 1] = rule_case(j, target, &target->rules[i]);
	harden_warnings(&suite, target);
	count_results(&suite);
	return suite;
}

/* Nothing was polled: one case that errors, with what is wrong. */
static struct suite problem_suite(struct junit *j)
{
	const struct report *report = j->report;
	struct suite suite = {.name = arena_printf(&j->arena, "chaingate.%s", policy_name(j)), .count = 1};
	bool policy = report->diags && report->diags->errors;
	suite.cases = ARENA_NEW(&j->arena, struct testcase);
	suite.cases[0].name = policy ? "the policy can be used" : "the gate can run";
	struct buf message = buf_make(BUF_LIMIT_REPORT), details = buf_make(BUF_LIMIT_REPORT);
	text_add_printable(&message, text_of(report->problem ? report->problem : "nothing was polled"));
	if (policy)
		diags_render(&details, report->diags, 0, DIAG_PLAIN);
	set_result(j, suite.cases, RESULT_ERROR, policy ? "PolicyInvalid" : "UsageError", &message, &details);
	suite.time_ns = report->took_ns;
	count_results(&suite);
	return suite;
}

/* ---- XML -------------------------------------------------------------------------------------------------------- */

static void check(struct junit *j, int written)
{
	if (written < 0)
		j->failed = true;
}

static void start(struct junit *j, const char *element)
{
	check(j, xmlTextWriterStartElement(j->xml, BAD_CAST element));
}

static void end(struct junit *j)
{
	check(j, xmlTextWriterEndElement(j->xml));
}

static void attribute(struct junit *j, const char *name, const char *value)
{
	check(j, xmlTextWriterWriteAttribute(j->xml, BAD_CAST name, BAD_CAST value));
}

static void attribute_count(struct junit *j, const char *name, size_t count)
{
	attribute(j, name, arena_printf(&j->arena, "%zu", count));
}

static void attribute_seconds(struct junit *j, const char *name, int64_t ns)
{
	struct buf buf = buf_make(64);
	duration_add_seconds(&buf, ns);
	attribute(j, name, keep(j, &buf));
}

static void element(struct junit *j, const char *name, const char *text)
{
	start(j, name);
	if (text && *text)
		check(j, xmlTextWriterWriteString(j->xml, BAD_CAST text));
	end(j);
}

static void write_case(struct junit *j, const struct suite *suite, const struct testcase *one)
{
	static const char *const elements[] = {
		[RESULT_PASS] = NULL, [RESULT_FAILURE] = "failure", [RESULT_ERROR] = "error", [RESULT_SKIPPED] = "skipped"};
	start(j, "testcase");
	attribute(j, "name", one->name);
	attribute(j, "classname", suite->name);
	attribute_seconds(j, "time", one->time_ns);
	if (!j->strict && one->file) {
		attribute(j, "file", one->file);
		attribute_count(j, "line", one->line);
	}
	if (elements[one->result]) {
		start(j, elements[one->result]);
		attribute(j, "message", one->message);
		if (one->type)
			attribute(j, "type", one->type);
		check(j, xmlTextWriterWriteString(j->xml, BAD_CAST one->text));
		end(j);
	}
	if (!j->strict && one->out)
		element(j, "system-out", one->out);
	end(j);
}

static void property(struct junit *j, const char *name, const char *value)
{
	start(j, "property");
	attribute(j, "name", name);
	attribute(j, "value", value);
	end(j);
}

static void write_properties(struct junit *j, const struct suite *suite)
{
	const struct report *report = j->report;
	const struct target_result *target = suite->target;
	start(j, "properties");
	property(j, "chaingate.version", report->tool_version);
	property(j, "chaingate.exit", arena_printf(&j->arena, "%d", (int)report->exit));
	property(j, "policy", token(j, text_of(report->policy_path)));
	if (report->api_url)
		property(j, "api", token(j, text_of(report->api_url)));
	if (target) {
		property(j, "verdict", verdict_name(target->verdict));
		property(j, "chain", token(j, target->chain_id.length ? target->chain_id : target->target->chain));
		for (size_t i = 0; i < target->deployment_count; i++)
			property(j, "deployment", token(j, target->deployment_ids[i]));
		property(j, "polls", arena_printf(&j->arena, "%zu", target->polls));
		property(j, "errors", arena_printf(&j->arena, "%zu", target->misses));
	}
	end(j);
}

/* In the strict dialect a case can't say more than its result, so the suite says what the warnings were. */
static const char *suite_out(struct junit *j, const struct suite *suite)
{
	struct buf out = buf_make(BUF_LIMIT_REPORT);
	for (size_t i = 0; i < suite->count && j->strict; i++)
		if (suite->cases[i].out)
			buf_printf(&out, "%s: %s\n", suite->cases[i].name, suite->cases[i].out);
	return keep(j, &out);
}

static void write_suite(struct junit *j, const struct suite *suite, size_t id)
{
	struct buf timestamp = buf_make(64);
	moment_add_without_zone(&timestamp, j->report->start_wall_ns);
	start(j, "testsuite");
	attribute(j, "name", suite->name);
	attribute_count(j, "tests", suite->count);
	attribute_count(j, "failures", suite->totals[RESULT_FAILURE]);
	attribute_count(j, "errors", suite->totals[RESULT_ERROR]);
	attribute_count(j, "skipped", suite->totals[RESULT_SKIPPED]);
	attribute_seconds(j, "time", suite->time_ns);
	attribute(j, "timestamp", keep(j, &timestamp));
	attribute(j, "hostname", token(j, text_of(j->report->host_name)));
	attribute(j, "package", "");
	attribute_count(j, "id", id);
	write_properties(j, suite);
	for (size_t i = 0; i < suite->count; i++)
		write_case(j, suite, &suite->cases[i]);
	element(j, "system-out", suite_out(j, suite));
	element(j, "system-err", "");
	end(j);
}

static void write_suites(struct junit *j, const struct suite *suites, size_t count)
{
	size_t tests = 0, totals[RESULT_COUNT] = {0};
	for (size_t i = 0; i < count; i++) {
		tests += suites[i].count;
		for (size_t r = 0; r < RESULT_COUNT; r++)
			totals[r] += suites[i].totals[r];
	}
	check(j, xmlTextWriterStartDocument(j->xml, NULL, "UTF-8", NULL));
	start(j, "testsuites");
	attribute(j, "name", "chaingate");
	if (!j->strict) {
		attribute_count(j, "tests", tests);
		attribute_count(j, "failures", totals[RESULT_FAILURE]);
		attribute_count(j, "errors", totals[RESULT_ERROR]);
		attribute_count(j, "skipped", totals[RESULT_SKIPPED]);
		attribute_seconds(j, "time", j->report->took_ns);
	}
	for (size_t i = 0; i < count; i++)
		write_suite(j, &suites[i], i);
	end(j);
	check(j, xmlTextWriterEndDocument(j->xml));
}

bool junit_render(struct buf *out, const struct report *report, bool strict)
{
	struct junit j = {.report = report, .strict = strict};
	size_t count = report->gate ? report->gate->target_count : 1;
	struct suite *suites = ARENA_ARRAY(&j.arena, struct suite, count);
	for (size_t i = 0; i < count; i++)
		suites[i] = report->gate ? target_suite(&j, &report->gate->targets[i]) : problem_suite(&j);

	xmlBufferPtr bytes = xmlBufferCreate();
	j.xml = bytes ? xmlNewTextWriterMemory(bytes, 0) : NULL;
	if (!j.xml)
		memory_exhausted();
	xmlTextWriterSetIndent(j.xml, 1);
	write_suites(&j, suites, count);
	xmlFreeTextWriter(j.xml); /* flushes */
	bool whole = !j.failed && buf_add(out, (struct text){(const char *)xmlBufferContent(bytes), (size_t)xmlBufferLength(bytes)});
	xmlBufferFree(bytes);
	arena_release(&j.arena);
	return whole;
}
