/* test.c - `chaingate test`: policy tests, in virtual time. */
#include "chaingate/buf.h"
#include "chaingate/clock.h"
#include "chaingate/files.h"
#include "chaingate/trial.h"
#include "chaingate/yaml.h"
#include "command.h"
#include "file_list.h"

#include <string.h>

enum format { FORMAT_TEXT, FORMAT_JUNIT, FORMAT_TAP };

/* In a directory, only files with these endings are run. */
static const char *const endings[] = {".test.yaml", ".test.yml", NULL};

/* The suite of --require-coverage, beside those of the files. */
#define COVERAGE_SUITE "coverage"

struct testing {
	const struct invocation *invocation;
	struct file_list files;
	struct buf text;
	struct trial_coverage_list coverage;
	struct report_suite *suites;
	size_t suite_count;
	size_t passed, failed, broken; /* passed and failed: tests; broken: files */
	bool is_text;
};

static void find_files(struct testing *t)
{
	const struct command_line *line = t->invocation->line;
	struct diags *usage = t->invocation->usage;
	if (line->operand_count == 0)
		usage_error(usage, "no tests are given: write 'chaingate test policies/'");
	file_list_add(t->invocation->arena, &t->files, line->operands, line->operand_count, endings, "tests", usage);
}

/* ---- running ---------------------------------------------------------------------------------------------------- */

/* Paths in a test file are relative to the test file's directory. */
struct neighbours {
	struct arena *arena;
	const char *beside;
};

static bool read_neighbour(void *context, const char *path, struct text *out, const char **why)
{
	const struct neighbours *n = context;
	const char *slash = strrchr(n->beside, '/');
	if (path[0] != '/' && slash)
		path = arena_printf(n->arena, "%.*s%s", (int)(slash - n->beside + 1), n->beside, path);
	return file_read(n->arena, path, YAML_BYTES_MAX, out, why);
}

static void add_test_text(struct testing *t, const char *path, const struct trial_result *result)
{
	struct text rest = result->differences;
	buf_add_string(&t->text, result->passed ? "ok    " : "FAIL  ");
	text_add_printable(&t->text, text_of(path));
	buf_printf(&t->text, ":%zu  ", result->line);
	text_add_printable(&t->text, result->name);
	buf_add_byte(&t->text, '\n');
	while (rest.length) {
		size_t end = 0;
		while (end < rest.length && rest.bytes[end] != '\n')
			end++;
		buf_printf(&t->text, "      %.*s\n", (int)end, rest.bytes);
		rest = text_slice(rest, end + 1, rest.length);
	}
}

static const char *printable(struct arena *arena, struct text text)
{
	struct buf out = buf_make(BUF_LIMIT_REPORT);
	text_add_printable(&out, text);
	const char *copy = arena_text(arena, buf_text(&out)).bytes;
	buf_release(&out);
	return copy;
}

static const char *first_line(struct arena *arena, struct text text)
{
	size_t end = 0;
	while (end < text.length && text.bytes[end] != '\n')
		end++;
	return arena_text(arena, text_slice(text, 0, end)).bytes;
}

static void add_suite(struct testing *t, const char *path, const struct trial *trial)
{
	struct arena *arena = t->invocation->arena;
	struct report_suite *suite = &t->suites[t->suite_count++];
	const char *file = printable(arena, text_of(path));
	struct report_case *cases = ARENA_ARRAY(arena, struct report_case, trial->count);
	for (size_t i = 0; i < trial->count; i++) {
		const struct trial_result *result = &trial->results[i];
		cases[i] = (struct report_case){.name = arena_text(arena, result->name).bytes,
						.file = file,
						.line = result->line,
						.time_ns = result->at_ns,
						.result = result->passed ? CASE_PASS : CASE_FAILURE};
		if (result->passed)
			continue;
		cases[i].type = "TestFailed";
		cases[i].message = first_line(arena, result->differences);
		cases[i].text = result->differences.bytes;
	}
	*suite = (struct report_suite){.name = file, .cases = cases, .count = trial->count};
}

/* A file that can't be read or has mistakes: none of its tests ran, and a report without them would be green. */
static void add_refused_suite(struct testing *t, const char *path, const struct diags *diags)
{
	struct arena *arena = t->invocation->arena;
	struct report_case *one = ARENA_NEW(arena, struct report_case);
	const char *file = printable(arena, text_of(path));
	struct buf text = buf_make(BUF_LIMIT_REPORT);
	diags_render(&text, diags, 0, DIAG_PLAIN);
	struct text lines = arena_text(arena, buf_text(&text));
	buf_release(&text);
	*one = (struct report_case){.name = "its tests can be run",
				    .file = file,
				    .line = 1,
				    .result = CASE_ERROR,
				    .type = "TestsRefused",
				    .message = first_line(arena, lines),
				    .text = lines.bytes};
	t->suites[t->suite_count++] = (struct report_suite){.name = file, .cases = one, .count = 1};
	t->broken++;
}

static void run_file(struct testing *t, const char *path)
{
	struct arena *arena = t->invocation->arena;
	struct diags diags = {.arena = arena};
	struct neighbours neighbours = {arena, path};
	struct trial_files files = {read_neighbour, &neighbours};
	struct text content;
	const char *why;
	const struct trial *trial = NULL;
	if (file_read(arena, path, YAML_BYTES_MAX, &content, &why))
		trial = trial_run(arena, source_make(arena, path, content), &files, &t->coverage, &diags);
	else
		diag_error(&diags, NULL, (struct span){0, 0}, DIAG_UNREADABLE_FILE, "could not read the tests '%s': %s",
			   diag_value(&diags, text_of(path)), why);
	diags_sort(&diags);
	output_diagnostics(t->invocation->output, &diags);
	if (!trial) {
		add_refused_suite(t, path, &diags);
		return;
	}
	add_suite(t, path, trial);
	t->failed += trial->failed;
	t->passed += trial->count - trial->failed;
	for (size_t i = 0; t->is_text && i < trial->count; i++)
		add_test_text(t, path, &trial->results[i]);
}

/* ---- coverage --------------------------------------------------------------------------------------------------- */

/* One case for each rule. */
static void add_coverage_suite(struct testing *t)
{
	struct arena *arena = t->invocation->arena;
	const struct trial_coverage_list *list = &t->coverage;
	struct report_case *cases = ARENA_ARRAY(arena, struct report_case, list->count);
	for (size_t i = 0; i < list->count; i++) {
		const struct trial_coverage *one = &list->items[i];
		cases[i] = (struct report_case){.name = arena_printf(arena, "%s: %s", printable(arena, one->policy),
								     printable(arena, one->rule))};
		if (one->seen[RULE_FAIL])
			continue;
		cases[i].result = CASE_FAILURE;
		cases[i].type = "RuleNotCovered";
		cases[i].message = cases[i].text = "no test makes this rule fail: it may check nothing";
	}
	t->suites[t->suite_count++] =
		(struct report_suite){.name = COVERAGE_SUITE, .cases = cases, .count = list->count};
}

/* A rule that no test makes fail may check nothing. Returns the number of such rules. */
static size_t add_coverage(struct testing *t)
{
	const struct trial_coverage_list *list = &t->coverage;
	size_t unbroken = 0, full = 0;
	for (size_t i = 0; i < list->count; i++) {
		const struct trial_coverage *one = &list->items[i];
		bool is_full = one->seen[RULE_PASS] && one->seen[RULE_FAIL] && one->seen[RULE_UNKNOWN];
		full += is_full;
		unbroken += !one->seen[RULE_FAIL];
		if (!t->is_text)
			continue;
		buf_printf(&t->text, "%s  %s %s %s  ", is_full ? "full  " : "partly",
			   one->seen[RULE_PASS] ? "pass" : "----", one->seen[RULE_FAIL] ? "fail" : "----",
			   one->seen[RULE_UNKNOWN] ? "unknown" : "-------");
		text_add_printable(&t->text, one->policy);
		buf_add_string(&t->text, "  ");
		text_add_printable(&t->text, one->rule);
		buf_add_byte(&t->text, '\n');
	}
	if (t->is_text)
		buf_printf(&t->text, "%zu of %zu rule%s seen to pass, to fail and to be unknown\n", full, list->count,
			   list->count == 1 ? " was"
			   : full == 1      ? "s was"
					    : "s were");
	return unbroken;
}

/* ---- the command ------------------------------------------------------------------------------------------------ */

static void add_summary(struct testing *t)
{
	size_t count = t->passed + t->failed;
	buf_printf(&t->text, "%zu test%s, %zu passed, %zu failed", count, text_plural(count), t->passed, t->failed);
	if (t->broken)
		buf_printf(&t->text, "; the tests of %zu file%s could not be run", t->broken, text_plural(t->broken));
	buf_add_byte(&t->text, '\n');
}

static void render(struct testing *t, enum format format)
{
	struct report_suites run = {.suites = t->suites,
				    .count = t->suite_count,
				    .start_wall_ns = clock_wall_ns(),
				    .host_name = host_name(t->invocation->arena)};
	if (format == FORMAT_JUNIT)
		report_junit(&t->text, &run, false);
	else if (format == FORMAT_TAP)
		report_tap(&t->text, &run);
	else
		add_summary(t);
}

static enum gate_exit run_all(struct testing *t)
{
	const struct command_line *line = t->invocation->line;
	enum format format = (enum format)option_choice(line, OPTION_TEST_FORMAT);
	bool required = option_is_given(line, OPTION_REQUIRE_COVERAGE);
	size_t unbroken = 0;
	t->is_text = format == FORMAT_TEXT;
	t->suites = ARENA_ARRAY(t->invocation->arena, struct report_suite, t->files.count + 1 /* coverage */);
	t->coverage.arena = t->invocation->arena;
	for (size_t i = 0; i < t->files.count; i++)
		run_file(t, t->files.items[i]);
	if (required || option_is_given(line, OPTION_COVERAGE))
		unbroken = add_coverage(t);
	if (required)
		add_coverage_suite(t);
	render(t, format);
	enum gate_exit printed = command_print(t->invocation, buf_text(&t->text));
	if (required && unbroken)
		output_message(t->invocation->output,
			       "%zu rule%s never seen to fail: a rule that no test breaks may check nothing", unbroken,
			       unbroken == 1 ? " was" : "s were");
	if (t->broken)
		return GATE_EXIT_USAGE;
	return t->failed || (required && unbroken) ? GATE_EXIT_FAILED : printed;
}

static enum gate_exit run(struct invocation *invocation)
{
	struct testing t = {.invocation = invocation, .text = buf_make(BUF_LIMIT_REPORT)};
	if (invocation->usage->errors == 0)
		find_files(&t);
	enum gate_exit code = invocation->usage->errors ? command_refuse(invocation) : run_all(&t);
	buf_release(&t.text);
	return code;
}

const struct command test_command = {
	.name = "test",
	.operands = "FILE|DIRECTORY…",
	.summary = "policy tests, in virtual time and without a network",
	.example = "chaingate test policies/ --coverage",
	.details = "Runs tests of policies. Each has the API's answers, their times and the expected\n"
		   "outcome. For a directory, runs NAME.test.yaml (or .yml) in it and below.\n",
	.closing = "Exit: 0 all pass, 1 one fails or coverage is missing, 2 a file has mistakes.\n",
	.set = IN_TEST,
	.run = run,
};
