/* run.c - runs each test: makes a plan from its policy, gives its timeline to the gate, and compares the outcome. */
#include "trial_room.h"

#include "chaingate/target_check.h"

/* ---- the plan --------------------------------------------------------------------------------------------------- */

/* If neither the policy nor the test says what to watch, all deployments are watched. */
static struct plan_overrides overrides_of(const struct policy *policy, const struct test *test)
{
	return (struct plan_overrides){
		.target = test->target,
		.wait = policy->wait,
		.watches_all = true,
		.start_wall_ns = test->zero_wall_ns,
	};
}

/* As on the command line: `targets` say what to watch. */
static bool refuse_target_of_test(struct room *room, const struct test *test)
{
	struct diag *diag =
		diag_error(room->reader.diags, room->reader.source, test->target.span, DIAG_CONFLICTING_KEYS,
			   "a test's 'target' does not go with a policy that has 'targets'");
	diag_hint(room->reader.diags, diag, "leave it out, or test a policy without 'targets'");
	return false;
}

static bool has_target(const struct test *test)
{
	return test->target.span.end > test->target.span.start;
}

/* Refuses what the gate refuses. */
static bool check_targets(struct room *room, const struct policy *policy, const struct test *test)
{
	struct diags *diags = room->reader.diags;
	const struct target_place place = {room->reader.source, has_target(test) ? test->target.span : test->node->span,
					   diags};
	const struct plan_overrides overrides = overrides_of(policy, test);
	size_t count, errors = diags->errors;
	if (policy->has_targets && has_target(test))
		return refuse_target_of_test(room, test);
	if (!policy->has_targets && target_replaces_chain(&test->target, &policy->targets[0]))
		target_refuse_other_kind(&test->target, &policy->targets[0], &place);
	const struct policy_target *targets = plan_targets(room->reader.arena, policy, &overrides, &count);
	for (size_t i = 0; i < count && diags->errors == errors; i++) {
		target_check(&targets[i], &place);
		if (plan_chain_is_glob(&targets[i]))
			target_check_several(&targets[i], &place);
	}
	if (diags->errors == errors)
		target_refuse_models_of_fleet(targets, count, NULL, &place);
	return diags->errors == errors;
}

static const struct gate_plan *make_plan(struct arena *arena, const struct policy *policy, const struct test *test)
{
	const struct plan_overrides overrides = overrides_of(policy, test);
	return plan_make(arena, policy, &overrides);
}

/* ---- the driver's answers --------------------------------------------------------------------------------------- */

struct scene {
	const struct test *test;
	const struct driver_chain *chains;
	size_t chain_count;
	struct text *ids; /* by chain */
	struct arena *arena;
};

static const struct step *step_at(const struct test *test, int64_t at_ns)
{
	const struct step *step = test->steps;
	for (size_t i = 0; i < test->step_count && test->steps[i].at_ns <= at_ns; i++)
		step = &test->steps[i];
	return step;
}

/* A chain or environment that isn't in the step doesn't exist at that moment. */
static const struct view_of_chain *view_of(const struct step *step, const struct driver_chain *chain)
{
	static const struct view_of_chain absent[TARGET_KIND_COUNT] = {
		[TARGET_CHAIN] = {.miss = {.cause = MISS_NO_CHAIN, .detail = {"the step doesn't show this chain", 32}}},
		[TARGET_MODEL] = {.miss = {.cause = MISS_NO_CHAIN, .detail = {"the step doesn't show this model", 32}}},
	};
	static const struct view_of_chain no_environment = {
		.miss = {.cause = MISS_HTTP,
			 .http_status = 404,
			 .detail = {"the step doesn't show this environment", 38}}};
	for (size_t i = 0; i < step->view_count; i++) {
		const struct view_of_chain *view = &step->views[i];
		if (step->is_fault ||
		    (view->kind == chain->kind && (!view->chain.length || text_equal(view->chain, chain->wanted)) &&
		     text_equal(view->environment, chain->environment)))
			return view;
	}
	return chain->environment.length ? &no_environment : &absent[chain->kind];
}

static struct driver_answer see(void *context, size_t index, int64_t at_ns)
{
	struct scene *scene = context;
	const struct driver_chain *chain = &scene->chains[index];
	const struct view_of_chain *view = view_of(step_at(scene->test, at_ns), chain);
	struct driver_answer answer = {.chain_id = scene->ids[index], .listing = view->listing, .miss = view->miss};
	if (view->listing && view->listing->environment &&
	    !api_environment_is(scene->arena, view->listing->environment, chain->kind, answer.chain_id,
				chain->environment, &answer.miss))
		answer.listing = NULL;
	return answer;
}

/* The id of a chain, independent of the order of steps and lists, and the same for its list and its environments: its
 * own name, if anything that is shown of it has that as its chain_id; else the id in the first answer about one of its
 * environments; else the only id in the first list that has a deployment. Only an answer that doesn't say whose it is
 * replaces an id that a URL gives. False if there are several. */
static bool find_chain_id(const struct test *test, const struct driver_chain *chain, struct text *out)
{
	const struct listing *list = NULL, *of_environment = NULL;
	*out = chain->wanted;
	for (size_t i = 0; i < test->step_count; i++)
		for (size_t j = 0; j < test->steps[i].view_count; j++) {
			const struct view_of_chain *view = &test->steps[i].views[j];
			const struct listing *listing = view->listing;
			if (!listing || view->kind != chain->kind ||
			    (view->chain.length && !text_equal(view->chain, chain->wanted)))
				continue;
			if (listing_shows_chain(listing, chain->wanted))
				return true;
			if (!of_environment && listing->environment)
				of_environment = listing;
			if (!list && !listing->environment && listing->count)
				list = listing;
		}
	if (of_environment)
		*out = of_environment->environment->chain_id;
	else if (list)
		*out = list->deployments[0].chain_id;
	if (chain->is_id && !text_is(*out, FALLBACK_CHAIN))
		*out = chain->wanted;
	for (size_t i = 1; list && !chain->is_id && !of_environment && i < list->count; i++)
		if (!text_equal(list->deployments[i].chain_id, *out))
			return false;
	return true;
}

static bool find_chain_ids(struct room *room, struct scene *scene)
{
	bool well = true;
	scene->ids = ARENA_ARRAY(room->reader.arena, struct text, scene->chain_count);
	for (size_t i = 0; i < scene->chain_count; i++) {
		if (find_chain_id(scene->test, &scene->chains[i], &scene->ids[i]))
			continue;
		struct diag *diag =
			diag_error(room->reader.diags, room->reader.source, scene->test->node->span, DIAG_INVALID_VALUE,
				   "the test's first list has deployments of several %s, and none of them is '%s'",
				   target_kind_plural(scene->chains[i].kind),
				   diag_value(room->reader.diags, scene->chains[i].wanted));
		const char *of = target_kind_name(scene->chains[i].kind);
		diag_hint(room->reader.diags, diag, "say which %s is meant, by its id: target: {%s: ID}", of, of);
		well = false;
	}
	return well;
}

static bool needs_kind(const struct scene *scene, enum target_kind kind)
{
	for (size_t i = 0; i < scene->chain_count; i++)
		if (scene->chains[i].kind == kind)
			return true;
	return false;
}

/* The first thing a test shows that is of a kind nobody watches; NULL: there is none. A fault is of every kind. */
static const struct view_of_chain *view_of_no_use(const struct scene *scene)
{
	for (size_t i = 0; i < scene->test->step_count; i++) {
		const struct step *step = &scene->test->steps[i];
		for (size_t j = 0; j < step->view_count && !step->is_fault; j++)
			if (!needs_kind(scene, step->views[j].kind))
				return &step->views[j];
	}
	return NULL;
}

/* Else the test would say of what it shows that it doesn't exist. */
static bool check_kinds(struct room *room, const struct scene *scene)
{
	static const char *const keys[TARGET_KIND_COUNT][2] = {
		[TARGET_CHAIN] = {"deployments", "environments"},
		[TARGET_MODEL] = {"models", "model_environments"},
	};
	const struct view_of_chain *view = view_of_no_use(scene);
	if (!view)
		return true;
	const struct driver_chain *watched = &scene->chains[0];
	const char *of = target_kind_name(watched->kind);
	struct diag *diag =
		diag_error(room->reader.diags, room->reader.source, view->node->span, DIAG_INVALID_VALUE,
			   "this shows a %s, but the test watches the %s '%s'", target_kind_name(view->kind), of,
			   diag_value(room->reader.diags, watched->wanted));
	diag_hint(room->reader.diags, diag, "show the %s under %s, or watch a %s: target: {%s: NAME}", of,
		  keys[watched->kind][view->environment.length > 0], target_kind_name(view->kind),
		  target_kind_name(view->kind));
	return false;
}

/* ---- coverage --------------------------------------------------------------------------------------------------- */

static struct trial_coverage *coverage_of(struct trial_coverage_list *list, struct text policy, struct text rule)
{
	for (size_t i = 0; i < list->count; i++)
		if (text_equal(list->items[i].policy, policy) && text_equal(list->items[i].rule, rule))
			return &list->items[i];
	list->items = arena_grow(list->arena, list->items, list->count, &list->capacity, sizeof(*list->items));
	struct trial_coverage *one = &list->items[list->count++];
	*one = (struct trial_coverage){.policy = arena_text(list->arena, policy),
				       .rule = arena_text(list->arena, rule)};
	return one;
}

static void note_coverage(struct room *room, const struct test *test, const struct gate_result *result)
{
	if (!room->coverage)
		return;
	for (size_t i = 0; i < result->target_count; i++)
		for (size_t j = 0; j < result->targets[i].target->rule_count; j++) {
			const struct rule_result *rule = &result->targets[i].rules[j];
			coverage_of(room->coverage, policy_path(room, test), rule->rule->name)->seen[rule->outcome] =
				true;
		}
}

/* ---- tests ------------------------------------------------------------------------------------------------------ */

static struct trial_result run_test(struct room *room, const struct test *test, const struct policy *policy,
				    const struct diags *refused)
{
	struct buf out = buf_make(BUF_LIMIT_REPORT);
	struct driver *driver = NULL;
	const struct gate_result *result = NULL;
	if (policy && !test->expect.errors && !check_targets(room, policy, test))
		return (struct trial_result){0};
	if (policy && !test->expect.errors) {
		struct scene scene = {.test = test, .arena = room->reader.arena};
		driver = driver_new(make_plan(room->reader.arena, policy, test), DRIVER_EXACT);
		scene.chains = driver_chains(driver, &scene.chain_count);
		if (!check_kinds(room, &scene) || !find_chain_ids(room, &scene)) {
			driver_free(driver);
			return (struct trial_result){0};
		}
		trial_play(driver, see, &scene);
		result = gate_result(driver_gate(driver));
		note_coverage(room, test, result);
	}
	compare(room, test, policy, refused, result, &out);
	struct trial_result trial = {
		.name = test->name,
		.line = source_place(room->reader.source, test->node->span.start).line,
		.passed = out.length == 0 && !out.overflowed,
		.differences = arena_text(room->reader.arena, buf_text(&out)),
		.at_ns = result ? result->at_ns : 0,
	};
	driver_free(driver);
	buf_release(&out);
	return trial;
}

/* Reports the mistakes in a policy, if they weren't expected. */
static void report_refused(struct room *room, const struct diags *refused)
{
	for (const struct diag *diag = refused->first; diag; diag = diag->next) {
		if (diag->severity != DIAG_ERROR)
			continue;
		struct diag *copy =
			diag_error(room->reader.diags, diag->source, diag->span, diag->code, "%s", diag->message);
		copy->hint = diag->hint;
		copy->also = diag->also;
	}
}

const struct trial *trial_run(struct arena *arena, const struct source *source, const struct trial_files *files,
			      struct trial_coverage_list *coverage, struct diags *diags)
{
	struct room room = {.reader = {arena, source, diags}, .files = files, .coverage = coverage};
	size_t count, errors = diags->errors;
	struct test *tests = load_tests(&room, &count);
	if (!tests)
		return NULL;
	struct trial *trial = ARENA_NEW(arena, struct trial);
	struct trial_result *results = ARENA_ARRAY(arena, struct trial_result, count);
	for (size_t i = 0; i < count; i++) {
		struct diags refused = {.arena = arena};
		const struct policy *policy = load_policy(&room, &tests[i], &refused);
		if (!policy && !tests[i].expect.errors) {
			report_refused(&room, &refused);
			continue;
		}
		results[i] = run_test(&room, &tests[i], policy, &refused);
		trial->failed += !results[i].passed;
	}
	trial->results = results;
	trial->count = count;
	return diags->errors == errors ? trial : NULL;
}
