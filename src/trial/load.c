/* load.c - reads a file of tests, and checks all of it before any test runs. */
#include "trial_room.h"

#include "chaingate/file_kind.h"

/* The default for the virtual clock's zero: 2026-01-01T00:00:00Z. */
#define ZERO_WALL_NS (INT64_C(1767225600) * NS_PER_S)

static const char *const verdict_words[] = {"passed", "failed", "timed_out", "undecided", "unreachable", NULL};
static const char *const outcome_words[] = {"pass", "fail", "unknown", "skipped", NULL};

/* ---- keys ------------------------------------------------------------------------------------------------------- */

static const char *const file_keys[] = {"policy", "tests", NULL};
static const char *const test_keys[] = {"name", "policy", "set", "target", "now", "timeline", "expect", NULL};
static const char *const step_keys[] = {"at",   "deployments", "models", "environments", "model_environments",
					"page", "error",       "http",   "retry_after",  NULL};
static const char *const expect_keys[] = {"verdict", "exit", "at", "errors", "rules", NULL};

static struct diag *refuse(struct room *room, const struct yaml_node *node, enum diag_code code, const char *message,
			   const char *hint)
{
	struct diag *diag = diag_error(room->reader.diags, room->reader.source, node->span, code, "%s", message);
	diag_hint(room->reader.diags, diag, "%s", hint);
	return diag;
}

/* ---- the timeline ----------------------------------------------------------------------------------------------- */

/* A step's keys that say nothing about what it shows: the test would be about something else than its author meant. */
static void check_company(struct room *room, const struct yaml_node *step, bool shows, bool fault)
{
	const struct yaml_node *page = yaml_get(step, "page"), *retry = yaml_get(step, "retry_after");
	bool lists = yaml_get(step, "deployments") || yaml_get(step, "models");
	if (fault && page)
		refuse(room, page, DIAG_CONFLICTING_KEYS, "a fault cannot be a page of a list",
		       "say page: true beside deployments");
	else if (shows && !lists && page)
		refuse(room, page, DIAG_CONFLICTING_KEYS, "an answer about an environment cannot be a page of a list",
		       "say page: true beside deployments");
	if (shows && !fault && retry)
		refuse(room, retry, DIAG_CONFLICTING_KEYS, "'retry_after' does not go without 'http'",
		       "say it beside http: 429");
}

static void read_step(struct room *room, const struct yaml_node *node, struct test *test)
{
	struct step *step = &test->steps[test->step_count++];
	const struct yaml_node *at, *deployments, *models, *environments, *of_models;
	if (!yaml_read_mapping(&room->reader, node, "a step"))
		return;
	check_keys(room, node, "a step", step_keys);
	if (!(at = yaml_get(node, "at")))
		refuse(room, node, DIAG_MISSING_KEY, "the step has no 'at'", "say when it begins: at: 40s");
	else if (yaml_read_duration(&room->reader, at, "at", 0, WAIT_MAX_NS, &step->at_ns) && test->step_count > 1 &&
		 step->at_ns <= step[-1].at_ns)
		refuse(room, at, DIAG_INVALID_VALUE, "the step is not later than the one before",
		       "put the steps in the order of their times");
	if (at && test->step_count == 1 && step->at_ns != 0)
		refuse(room, at, DIAG_INVALID_VALUE, "the first step is not at 0s",
		       "the first poll is at 0s: say what it sees");
	deployments = yaml_get(node, "deployments");
	models = yaml_get(node, "models");
	environments = yaml_get(node, "environments");
	of_models = yaml_get(node, "model_environments");
	bool shows = deployments || models || environments || of_models;
	bool fault = yaml_get(node, "error") || yaml_get(node, "http");
	check_company(room, node, shows, fault);
	if (shows && !fault) {
		if (deployments)
			read_views(room, deployments, test->zero_wall_ns, step);
		if (models)
			read_models(room, models, test->zero_wall_ns, step);
		for (size_t i = 0; i < step->view_count; i++)
			read_page(room, node, &step->views[i]);
		if (environments)
			read_environments(room, environments, TARGET_CHAIN, test->zero_wall_ns, step);
		if (of_models)
			read_environments(room, of_models, TARGET_MODEL, test->zero_wall_ns, step);
	} else if (fault && !shows) {
		step->views = ARENA_NEW(room->reader.arena, struct view_of_chain);
		step->view_count = 1;
		step->is_fault = read_fault(room, node, &step->views->miss);
	} else {
		refuse(room, node, DIAG_CONFLICTING_KEYS, "a step shows either deployments or a fault",
		       "give it deployments, models or environments, or error, or http");
	}
}

static void read_zero(struct room *room, struct test *test)
{
	const struct yaml_node *now = yaml_get(test->node, "now");
	struct text text;
	test->zero_wall_ns = ZERO_WALL_NS;
	if (now && yaml_read_text(&room->reader, now, "now", &text) && !moment_parse(text, &test->zero_wall_ns))
		refuse(room, now, DIAG_INVALID_TIME, "'now' is not a moment", "write it as 2026-01-31T12:00:00Z");
}

/* By default the test's clock starts when the newest deployment of its first step was created. */
static void set_zero(struct room *room, struct test *test)
{
	int64_t newest;
	if (newest_created(&test->steps[0], &newest))
		test->zero_wall_ns = newest;
	else if (test->steps[0].view_count && !test->steps[0].views->listing)
		refuse(room, test->node, DIAG_MISSING_KEY, "the test begins with a fault, and doesn't say when it is",
		       "give it now: 2026-01-31T12:00:00Z");
}

static void read_timeline(struct room *room, struct test *test)
{
	const struct yaml_node *timeline = yaml_get(test->node, "timeline");
	if (!timeline || timeline->kind != YAML_SEQUENCE || timeline->count == 0 || timeline->count > TRIAL_STEPS_MAX) {
		refuse(room, timeline ? timeline : test->node, DIAG_MISSING_KEY,
		       "the test needs a 'timeline': a list of 1 to 1,000 steps",
		       "write timeline: with - {at: 0s, deployments: body.json}");
		return;
	}
	test->steps = ARENA_ARRAY(room->reader.arena, struct step, timeline->count);
	size_t errors = room->reader.diags->errors;
	read_step(room, timeline->items[0], test);
	bool is_read = room->reader.diags->errors == errors;
	for (size_t i = 1; i < timeline->count; i++)
		read_step(room, timeline->items[i], test);
	if (is_read && !yaml_get(test->node, "now"))
		set_zero(room, test);
}

/* ---- expectations ----------------------------------------------------------------------------------------------- */

static void check_rules(struct room *room, const struct yaml_node *rules)
{
	size_t choice;
	if (!yaml_read_mapping(&room->reader, rules, "rules"))
		return;
	if (rules->count == 0)
		refuse(room, rules, DIAG_MISSING_KEY, "'rules' expects nothing: it can't fail",
		       "name a rule and its outcome, rules: {all chainlets ACTIVE: pass}, or leave 'rules' out");
	for (size_t i = 0; i < rules->count; i++)
		yaml_read_choice(&room->reader, rules->pairs[i].value, "the outcome of a rule", outcome_words, &choice);
}

static void check_errors(struct room *room, const struct yaml_node *errors)
{
	struct text text;
	if (errors->kind != YAML_SEQUENCE || errors->count == 0) {
		refuse(room, errors, DIAG_WRONG_TYPE, "'errors' must be a list of errors",
		       "write errors: [\"4:9 unknown-field\"]");
		return;
	}
	for (size_t i = 0; i < errors->count; i++)
		yaml_read_text(&room->reader, errors->items[i], "an error", &text);
}

static void read_expectation(struct room *room, struct test *test)
{
	const struct yaml_node *node = yaml_get(test->node, "expect");
	struct expectation *expect = &test->expect;
	size_t choice;
	struct text text;
	int64_t ns;
	if (!node || node->kind != YAML_MAPPING || node->count == 0) {
		refuse(room, node ? node : test->node, DIAG_MISSING_KEY, "the test expects nothing: it can't fail",
		       "write expect: {verdict: passed} or more");
		return;
	}
	check_keys(room, node, "expect", expect_keys);
	if ((expect->verdict = yaml_get(node, "verdict")))
		yaml_read_choice(&room->reader, expect->verdict, "verdict", verdict_words, &choice);
	if ((expect->exit = yaml_get(node, "exit")))
		yaml_read_text(&room->reader, expect->exit, "exit", &text);
	if ((expect->at = yaml_get(node, "at")))
		yaml_read_duration(&room->reader, expect->at, "at", 0, WAIT_MAX_NS, &ns);
	if ((expect->rules = yaml_get(node, "rules")))
		check_rules(room, expect->rules);
	if ((expect->errors = yaml_get(node, "errors"))) {
		check_errors(room, expect->errors);
		if (node->count > 1)
			refuse(room, node, DIAG_CONFLICTING_KEYS, "a policy that is refused has no verdict",
			       "leave out everything but errors");
	}
}

/* ---- tests ------------------------------------------------------------------------------------------------------ */

static void read_settings(struct room *room, struct test *test)
{
	const struct yaml_node *set = yaml_get(test->node, "set");
	struct text text;
	if (!set || !yaml_read_mapping(&room->reader, set, "set"))
		return;
	test->request.settings = ARENA_ARRAY(room->reader.arena, struct policy_setting, set->count);
	for (size_t i = 0; i < set->count; i++)
		if (yaml_read_text(&room->reader, set->pairs[i].value, "a value of set", &text))
			test->request.settings[test->request.setting_count++] = (struct policy_setting){
				.name = set->pairs[i].key->scalar.text, .value = set->pairs[i].value->scalar};
}

static void read_test(struct room *room, const struct yaml_node *node, const struct yaml_node *file_policy,
		      struct test *test)
{
	const struct yaml_node *value;
	test->node = node;
	if (!yaml_read_mapping(&room->reader, node, "a test"))
		return;
	check_keys(room, node, "a test", test_keys);
	if ((value = yaml_get(node, "name")))
		yaml_read_name(&room->reader, value, "name", &test->name);
	else
		refuse(room, node, DIAG_MISSING_KEY, "the test has no 'name'",
		       "say what it shows: name: a chainlet fails to build");
	test->policy_node = yaml_get(node, "policy") ? yaml_get(node, "policy") : file_policy;
	if (!test->policy_node)
		refuse(room, node, DIAG_MISSING_KEY, "the test has no 'policy', and neither has the file",
		       "write policy: production.yaml");
	if ((value = yaml_get(node, "target")))
		policy_target_load(&room->reader, value, &test->target);
	read_settings(room, test);
	read_zero(room, test);
	read_expectation(room, test);
	if (!test->expect.errors || yaml_get(node, "timeline"))
		read_timeline(room, test);
}

static void check_names(struct room *room, const struct test *tests, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (tests[i].name.length && text_equal(tests[i].name, tests[j].name)) {
				refuse(room, tests[i].node, DIAG_DUPLICATE_NAME, "two tests have the same name",
				       "give one of them another name");
				break;
			}
}

struct test *load_tests(struct room *room, size_t *count)
{
	size_t errors = room->reader.diags->errors;
	if (!file_kind_check(room->reader.source, FILE_KIND_TESTS, room->reader.diags))
		return NULL;
	const struct yaml_node *root = yaml_parse(room->reader.arena, room->reader.source, room->reader.diags);
	if (!root || !yaml_read_mapping(&room->reader, root, "a file of tests"))
		return NULL;
	check_keys(room, root, "a file of tests", file_keys);
	const struct yaml_node *tests = yaml_get(root, "tests");
	if (!tests || tests->kind != YAML_SEQUENCE || tests->count == 0 || tests->count > TRIAL_TESTS_MAX) {
		refuse(room, tests ? tests : root, DIAG_MISSING_KEY,
		       "the file needs 'tests': a list of 1 to 1,000 tests", "write tests: with - name: …");
		return NULL;
	}
	struct test *out = ARENA_ARRAY(room->reader.arena, struct test, tests->count);
	for (size_t i = 0; i < tests->count; i++)
		read_test(room, tests->items[i], yaml_get(root, "policy"), &out[i]);
	check_names(room, out, tests->count);
	*count = tests->count;
	return room->reader.diags->errors == errors ? out : NULL;
}

/* ---- policies --------------------------------------------------------------------------------------------------- */

struct text policy_path(struct room *room, const struct test *test)
{
	if (test->policy_node->kind == YAML_SCALAR)
		return test->policy_node->scalar.text;
	return text_of(room->reader.source->name);
}

const struct policy *load_policy(struct room *room, const struct test *test, struct diags *refused)
{
	const struct yaml_node *node = test->policy_node;
	struct policy_request request = test->request;
	struct text content;
	const char *why;
	if (node->kind != YAML_SCALAR)
		return policy_load_node(room->reader.arena, room->reader.source, node, &request, refused);
	const char *path = arena_text(room->reader.arena, node->scalar.text).bytes;
	if (!room->files->read(room->files->context, path, &content, &why)) {
		struct diag *diag =
			diag_error(refused, room->reader.source, node->span, DIAG_UNREADABLE_FILE,
				   "could not read the policy '%s': %s", diag_value(refused, node->scalar.text), why);
		diag_hint(refused, diag, "paths are relative to the test's file");
		return NULL;
	}
	const struct policy *policy =
		policy_load(room->reader.arena, source_make(room->reader.arena, path, content), &request, refused);
	for (size_t i = 0; policy && i < request.setting_count; i++)
		if (!request.settings[i].used) {
			struct diag *diag =
				diag_error(refused, room->reader.source, excerpt_span(&request.settings[i].value, 0, 1),
					   DIAG_UNKNOWN_PARAMETER, "the policy has no parameter '%s'",
					   diag_value(refused, request.settings[i].name));
			diag_hint(refused, diag, "parameters and their defaults are under params: in the policy");
			policy = NULL;
		}
	return policy;
}
