/* run.c - each test: a plan from its policy, the gate driven by its timeline, the outcome compared. */
#include "trial_room.h"

/* ---- the plan --------------------------------------------------------------------------------------------------- */

/* Where neither the policy nor the test says what to watch, everything is watched. */
static void complete(struct policy_target *target, const struct policy_target *given)
{
	if (given->chain.length)
		target->chain = given->chain;
	if (given->selector.kind != SELECT_NOTHING)
		target->selector = given->selector;
	if (!target->chain.length)
		target->chain = TEXT("chain");
	if (target->selector.kind == SELECT_NOTHING)
		target->selector.kind = SELECT_ALL;
	if (target->selector.since.kind == SINCE_NOT_GIVEN)
		target->selector.since.kind = SINCE_ANY;
}

static const struct gate_plan *make_plan(struct arena *arena, const struct policy *policy, const struct test *test)
{
	struct gate_plan *plan = ARENA_NEW(arena, struct gate_plan);
	struct gate_target *targets = ARENA_ARRAY(arena, struct gate_target, policy->target_count);
	for (size_t i = 0; i < policy->target_count; i++) {
		struct policy_target wanted = policy->targets[i];
		complete(&wanted, &test->target);
		const struct policy_rule **rules = ARENA_ARRAY(arena, const struct policy_rule *, wanted.rule_count);
		for (size_t j = 0; j < wanted.rule_count; j++)
			rules[j] = &wanted.rules[j];
		targets[i] = (struct gate_target){
			.name = wanted.name.length ? wanted.name : wanted.chain,
			.chain = wanted.chain,
			.selector = wanted.selector,
			.wait = policy->wait,
			.fail_on_superseded = wanted.fail_on_superseded,
			.baseline = wanted.baseline,
			.timeout_ns = wanted.timeout_ns,
			.rules = rules,
			.rule_count = wanted.rule_count,
		};
		targets[i].selector.since = since_resolve(wanted.selector.since, test->zero_wall_ns);
	}
	*plan = (struct gate_plan){.targets = targets,
				   .target_count = policy->target_count,
				   .timeout_ns = policy->wait.timeout_ns,
				   .start_wall_ns = test->zero_wall_ns};
	return plan;
}

/* ---- what is seen ----------------------------------------------------------------------------------------------- */

struct scene {
	const struct test *test;
	const struct gate_plan *plan;
};

static const struct step *step_at(const struct test *test, int64_t at_ns)
{
	const struct step *step = test->steps;
	for (size_t i = 0; i < test->step_count && test->steps[i].at_ns <= at_ns; i++)
		step = &test->steps[i];
	return step;
}

/* A chain that isn't in the step is one that isn't there. */
static const struct view_of_chain *view_of(const struct step *step, struct text chain)
{
	static const struct view_of_chain absent = {
		.miss = {.cause = MISS_NO_CHAIN, .detail = {"the step doesn't show this chain", 32}}};
	for (size_t i = 0; i < step->view_count; i++)
		if (!step->views[i].chain.length || text_equal(step->views[i].chain, chain))
			return &step->views[i];
	return &absent;
}

static struct observation see(void *context, size_t index, int64_t at_ns)
{
	const struct scene *scene = context;
	const struct gate_target *target = &scene->plan->targets[index];
	const struct step *step = step_at(scene->test, at_ns);
	const struct view_of_chain *own = view_of(step, target->chain), *other = own;
	struct observation observation = {.at_ns = at_ns, .miss = own->miss};
	if (target->baseline.given && !gate_target_has_own_baseline(target))
		other = view_of(step, target->baseline.chain);
	if (!own->listing)
		return observation;
	if (!other->listing && miss_class(&other->miss) != MISS_ABSENT) {
		observation.miss = other->miss;
		return observation;
	}
	observation.listing = own->listing;
	observation.chain_id = own->chain_id;
	observation.baseline_listing = other->listing;
	observation.baseline_chain_id = other->chain_id;
	observation.baseline_at_ns = at_ns;
	return observation;
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
	struct gate *gate = NULL;
	const struct gate_result *result = NULL;
	if (policy && !test->expect.errors) {
		struct scene scene = {.test = test, .plan = make_plan(room->reader.arena, policy, test)};
		gate = gate_new(scene.plan);
		trial_play(gate, scene.plan, see, &scene);
		result = gate_result(gate);
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
	gate_free(gate);
	buf_release(&out);
	return trial;
}

/* What is wrong with a policy that wasn't expected to be. */
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
