/* run.c - runs each test: makes a plan from its policy, gives its timeline to the gate, and compares the outcome. */
#include "trial_room.h"

#include "chaingate/target_check.h"

#include <string.h>

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

static struct target_place place_of(const struct room *room, const struct test *test)
{
	return (struct target_place){room->reader.source, has_target(test) ? test->target.span : test->node->span,
				     room->reader.diags};
}

/* Refuses what the gate refuses. */
static bool check_targets(struct room *room, const struct policy *policy, const struct test *test)
{
	struct diags *diags = room->reader.diags;
	const struct target_place place = place_of(room, test);
	const struct plan_overrides overrides = overrides_of(policy, test);
	size_t count, errors = diags->errors;
	if (policy->has_targets && has_target(test))
		return refuse_target_of_test(room, test);
	if (!policy->has_targets && target_replaces_chain(&test->target, &policy->targets[0]))
		target_refuse_other_kind(&test->target, &policy->targets[0], &place);
	for (size_t i = 0; policy->has_targets && i < policy->target_count; i++)
		target_check_whole(&policy->targets[i], &place);
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

/* Whose deployments a test shows for a chain. */
struct owner {
	struct text id;
	bool is_said; /* the test says it; else `id` is a default, and the chain may have any */
};

struct scene {
	const struct test *test;
	const struct gate_plan *plan;
	const struct driver_chain *chains;
	size_t chain_count;
	struct owner *owners; /* by chain */
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
	struct driver_answer answer = {
		.chain_id = scene->owners[index].id, .listing = view->listing, .miss = view->miss};
	if (view->listing && view->listing->environment &&
	    !api_environment_is(scene->arena, view->listing->environment, chain->kind, answer.chain_id,
				chain->environment, &answer.miss))
		answer.listing = NULL;
	return answer;
}

/* False if nobody has named the chain: what it is called here must be in no message. */
static bool is_named(const struct gate_plan *plan, const struct driver_chain *chain)
{
	const struct plan_chain asked = {chain->kind, chain->wanted, chain->is_id};
	for (size_t i = 0; i < 2 * plan->target_count; i++)
		if (plan_names(&plan->targets[i / 2], i % 2, &asked) &&
		    plan_naming(&plan->targets[i / 2], i % 2).chain_from.length)
			return true;
	return false;
}

/* The id of a chain, independent of the order of steps and lists, and the same for its list and its environments: its
 * own name, if somebody named it, and if anything that is shown of it has that as its chain_id; else the id in the first
 * answer about one of its environments; else the only id in the first list that has a deployment. Only an answer that
 * doesn't say whose it is replaces an id that a URL gives. False if there are several. */
static bool find_owner(const struct test *test, const struct driver_chain *chain, bool has_name, struct owner *out)
{
	const struct view_of_chain *list = NULL, *of_environment = NULL;
	*out = (struct owner){.id = chain->wanted};
	for (size_t i = 0; i < test->step_count; i++)
		for (size_t j = 0; j < test->steps[i].view_count; j++) {
			const struct view_of_chain *view = &test->steps[i].views[j];
			const struct listing *listing = view->listing;
			if (!listing || view->kind != chain->kind ||
			    (view->chain.length && !text_equal(view->chain, chain->wanted)))
				continue;
			out->is_said = view->says_owner;
			if (has_name && listing_shows_chain(listing, chain->wanted))
				return true;
			if (!of_environment && listing->environment)
				of_environment = view;
			if (!list && !listing->environment && listing->count)
				list = view;
		}
	const struct view_of_chain *view = of_environment ? of_environment : list;
	out->is_said = view && view->says_owner;
	if (of_environment)
		out->id = of_environment->listing->environment->chain_id;
	else if (list)
		out->id = list->listing->deployments[0].chain_id;
	if (chain->is_id && out->is_said)
		out->id = chain->wanted;
	for (size_t i = 1; list && !chain->is_id && !of_environment && i < list->listing->count; i++)
		if (!text_equal(list->listing->deployments[i].chain_id, out->id))
			return false;
	return true;
}

static void report_several(struct room *room, const struct scene *scene, const struct driver_chain *chain)
{
	struct diags *diags = room->reader.diags;
	const char *of = target_kind_name(chain->kind);
	const char *wanted =
		is_named(scene->plan, chain)
			? arena_printf(room->reader.arena, "none of them is '%s'", diag_value(diags, chain->wanted))
			: arena_printf(room->reader.arena, "nothing says which %s is watched", of);
	struct diag *diag = diag_error(diags, room->reader.source, scene->test->node->span, DIAG_INVALID_VALUE,
				       "the test's first list has deployments of several %s, and %s",
				       target_kind_plural(chain->kind), wanted);
	diag_hint(diags, diag, "say which %s is meant, by its id: target: {%s: ID}", of, of);
}

static bool find_owners(struct room *room, struct scene *scene)
{
	bool well = true;
	scene->owners = ARENA_ARRAY(room->reader.arena, struct owner, scene->chain_count);
	for (size_t i = 0; i < scene->chain_count; i++) {
		const struct driver_chain *chain = &scene->chains[i];
		if (find_owner(scene->test, chain, is_named(scene->plan, chain), &scene->owners[i]))
			continue;
		report_several(room, scene, chain);
		well = false;
	}
	return well;
}

/* ---- addresses -------------------------------------------------------------------------------------------------- */

/* The id in an address of a deployment of this chain. False: there is none. */
static bool find_address(const struct gate_plan *plan, const struct plan_chain *chain, struct text *out_id)
{
	for (size_t i = 0; i < 2 * plan->target_count; i++) {
		const struct target_naming naming = plan_naming(&plan->targets[i / 2], i % 2);
		*out_id = naming.pasted;
		if (naming.pasted.length && plan_names(&plan->targets[i / 2], i % 2, chain))
			return true;
	}
	return false;
}

/* True if an address or URL of the plan shows that some chain has this id. A word that is an id is never taken for a
 * name. */
static bool is_known_id(const struct gate_plan *plan, enum target_kind kind, struct text word)
{
	for (size_t i = 0; i < 2 * plan->target_count; i++) {
		const struct gate_target *target = &plan->targets[i / 2];
		const struct target_naming naming = plan_naming(target, i % 2);
		bool is_id = i % 2 ? target->baseline.chain_is_id : target->chain_is_id;
		if (naming.of == kind && (text_equal(naming.pasted, word) || (is_id && text_equal(naming.chain, word))))
			return true;
	}
	return false;
}

/* The id that a chain must have; empty: any. */
static struct text id_of(const struct scene *scene, size_t index)
{
	const struct driver_chain *chain = &scene->chains[index];
	struct text id;
	if (chain->is_id)
		return chain->wanted;
	if (scene->owners[index].is_said)
		return scene->owners[index].id;
	if (is_known_id(scene->plan, chain->kind, chain->wanted))
		return chain->wanted;
	return find_address(scene->plan, &(struct plan_chain){chain->kind, chain->wanted, false}, &id)
		       ? id
		       : (struct text){"", 0};
}

/* A chain has one name. Two names cannot both be of the chain in an address. */
static bool check_names(const struct scene *scene, size_t one, size_t other, const struct target_place *place)
{
	const struct driver_chain *a = &scene->chains[one], *b = &scene->chains[other];
	struct text id = id_of(scene, one), unused;
	bool has_address = find_address(scene->plan, &(struct plan_chain){a->kind, a->wanted, a->is_id}, &unused) ||
			   find_address(scene->plan, &(struct plan_chain){b->kind, b->wanted, b->is_id}, &unused);
	if (!has_address || a->kind != b->kind || !text_equal(id, id_of(scene, other)) ||
	    text_equal(a->wanted, b->wanted) || text_equal(a->wanted, id) || text_equal(b->wanted, id))
		return true;
	struct diag *diag =
		diag_error(place->diags, place->source, place->span, DIAG_CONFLICTING_KEYS,
			   "'%s' and '%s' cannot both be the %s '%s', because a %s has one name",
			   diag_value(place->diags, a->wanted), diag_value(place->diags, b->wanted),
			   target_kind_name(a->kind), diag_value(place->diags, id), target_kind_name(a->kind));
	diag_hint(place->diags, diag, "correct the address, or give the deployment by its id");
	return false;
}

/* Refuses two words for two chains, as a live run does when the API's first answer tells the id. */
static bool check_addresses(struct room *room, const struct scene *scene)
{
	const struct target_place place = place_of(room, scene->test);
	bool well = true;
	for (size_t i = 0; i < scene->chain_count; i++) {
		const struct driver_chain *chain = &scene->chains[i];
		const struct plan_chain asked = {chain->kind, chain->wanted, chain->is_id};
		struct text id = id_of(scene, i);
		well = well && (!id.length || plan_check_id(scene->plan, &asked, id, &place));
		for (size_t j = 0; j < i; j++)
			well = well && check_names(scene, j, i, &place);
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
	struct diags *diags = room->reader.diags;
	const char *of = target_kind_name(watched->kind);
	const char *target = is_named(scene->plan, watched) ? arena_printf(room->reader.arena, "the %s '%s'", of,
									   diag_value(diags, watched->wanted))
							    : arena_printf(room->reader.arena, "a %s", of);
	struct diag *diag =
		diag_error(diags, room->reader.source, view->node->span, DIAG_INVALID_VALUE,
			   "this shows a %s, but the test watches %s", target_kind_name(view->kind), target);
	diag_hint(diags, diag, "show the %s under %s, or watch a %s: target: {%s: NAME}", of,
		  keys[watched->kind][view->environment.length > 0], target_kind_name(view->kind),
		  target_kind_name(view->kind));
	return false;
}

/* ---- coverage --------------------------------------------------------------------------------------------------- */

/* A path in a test file is relative to the test file's directory. */
static struct text path_beside(struct arena *arena, const char *file, struct text path)
{
	const char *slash = strrchr(file, '/');
	if (!slash || (path.length && path.bytes[0] == '/'))
		return path;
	return text_of(arena_printf(arena, "%.*s%s", (int)(slash - file + 1), file, arena_text(arena, path).bytes));
}

/* Which policy a test is of, without a rule. */
static struct trial_coverage covered_policy(struct room *room, const struct test *test, const struct policy *policy)
{
	struct trial_coverage one = {.policy = policy_path(room, test), .written = policy_path(room, test)};
	if (test->policy_node->kind != YAML_SCALAR)
		return one;
	one.policy = path_beside(room->reader.arena, room->reader.source->name, one.written);
	one.content = policy->source->text;
	return one;
}

static struct trial_coverage *coverage_of(struct trial_coverage_list *list, const struct trial_coverage *policy,
					  struct text rule)
{
	for (size_t i = 0; i < list->count; i++)
		if (text_equal(list->items[i].rule, rule) && text_equal(list->items[i].written, policy->written) &&
		    text_equal(list->items[i].content, policy->content))
			return &list->items[i];
	list->items = arena_grow(list->arena, list->items, list->count, &list->capacity, sizeof(*list->items));
	struct trial_coverage *one = &list->items[list->count++];
	*one = (struct trial_coverage){.policy = arena_text(list->arena, policy->policy),
				       .written = arena_text(list->arena, policy->written),
				       .content = arena_text(list->arena, policy->content),
				       .rule = arena_text(list->arena, rule)};
	return one;
}

static void note_coverage(struct room *room, const struct test *test, const struct policy *policy,
			  const struct gate_result *result)
{
	if (!room->coverage)
		return;
	const struct trial_coverage covered = covered_policy(room, test, policy);
	for (size_t i = 0; i < result->target_count; i++)
		for (size_t j = 0; j < result->targets[i].target->rule_count; j++) {
			const struct rule_result *rule = &result->targets[i].rules[j];
			coverage_of(room->coverage, &covered, rule->rule->name)->seen[rule->outcome] = true;
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
		scene.plan = make_plan(room->reader.arena, policy, test);
		driver = driver_new(scene.plan, DRIVER_EXACT);
		scene.chains = driver_chains(driver, &scene.chain_count);
		if (!check_kinds(room, &scene) || !find_owners(room, &scene) || !check_addresses(room, &scene)) {
			driver_free(driver);
			return (struct trial_result){0};
		}
		trial_play(driver, see, &scene);
		result = gate_result(driver_gate(driver));
		note_coverage(room, test, policy, result);
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
