/* model_test.c - compares the gate, behind its driver, with the model of its rules: every history up to a length, and
 * random longer ones. */
#include "../unit/random.h"
#include "model.h"
#include "script.h"

#include "chaingate/buf.h"
#include "chaingate/diag.h"
#include "chaingate/source.h"
#include "chaingate/times.h"
#include "chaingate/trial.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH_MAX 14

/* Everything that changes a rule's value, moves the target or hides it. */
static const struct model_answer answers[] = {
	{"q1", 'A', "A22A22"}, {"q1", 'A', "A12A22"}, {"q1", 'Z', "Z02A22"}, {"q1", 'U', "U22A22"},
	{"q1", 'F', "F02A22"}, {"q1", 'L', "L02A22"}, {"q1", 'W', "W02A22"}, {"q1", 'A', "?22A22"},
	{"q1", 'A', "A2-A22"}, {"q2", 'A', "A22A22"}, {"q1", 'A', "A22"},    {"q1", 'A', ""},
	{"", ' ', ""},         {"!", 'M', ""},        {"!", 'D', ""},        {"!", '4', ""},
	{"!", 'R', ""},        {"!", 'T', ""},
};
#define ANSWERS COUNT_OF(answers)
/* Fewer of them, so that histories of two targets stay countable. */
static const size_t few[] = {0, 3, 4, 5, 12, 13, 16};

/* ---- the gate's side -------------------------------------------------------------------------------------------- */

struct world {
	struct arena arena;
	const struct listing *listings[ANSWERS];
	struct miss misses[ANSWERS];
};

/* What is told of one history. */
struct story {
	struct model_plan model;
	struct gate_plan plan;
	struct gate_target targets[MODEL_TARGETS_MAX];
	const struct world *world;
	const struct model_answer *told[MODEL_TARGETS_MAX][LENGTH_MAX];
	size_t length;
	size_t polls[MODEL_TARGETS_MAX];
};

static const char *status_word_of(char c)
{
	static const char *const words[] = {"ACTIVE",    "LOADING_MODEL", "SCALED_TO_ZERO",
					    "UNHEALTHY", "FAILED",        "WAKING_UP"};
	const char *letters = "ALZUFW", *found = strchr(letters, c);
	return found ? words[found - letters] : "PAUSED";
}

static void make_world(struct world *world)
{
	*world = (struct world){.listings = {0}};
	for (size_t i = 0; i < ANSWERS; i++) {
		const struct model_answer *a = &answers[i];
		struct arena *arena = &world->arena;
		if (a->id[0] == '!') {
			const char *kind = strchr("MDR4T", a->status);
			static const char *const notation[] = {"!503", "!429+25", "!401", "!404", "!tls"};
			world->misses[i] = miss_write(arena, notation[kind - strchr("MDR4T", 'M')]);
			continue;
		}
		const char *text = *a->id ? arena_printf(arena, "%s %s @prod", a->id, status_word_of(a->status)) : "";
		for (const char *c = a->chainlets; *c; c += 3) {
			text = arena_printf(arena, "%s%s %c %s ", text, c == a->chainlets ? ":" : ",",
					    c == a->chainlets ? 'A' : 'B', status_word_of(c[0]));
			text = c[2] == '-' ? arena_printf(arena, "%snull", text)
					   : arena_printf(arena, "%s%c/%c", text, c[1], c[2]);
		}
		world->listings[i] = listing_write(arena, text);
	}
}

static struct driver_answer see(void *context, size_t chain, int64_t at_ns)
{
	struct story *story = context;
	size_t number = story->polls[chain]++;
	const struct model_answer *a = story->told[chain][number < story->length ? number : story->length - 1];
	size_t index = (size_t)(a - answers);
	(void)at_ns;
	return (struct driver_answer){.chain_id = TEXT(SCRIPT_CHAIN),
				      .listing = story->world->listings[index],
				      .miss = story->world->misses[index]};
}

/* ---- plans ------------------------------------------------------------------------------------------------------ */

static const char *expression_of(char about)
{
	switch (about) {
	case 'a': return "all chainlets ACTIVE";
	case 'z': return "all chainlets in [ACTIVE, SCALED_TO_ZERO]";
	case 'r': return "active_replica_count >= min_replica";
	case 'u': return "any chainlet UNHEALTHY";
	default: return "any chainlet SCALED_TO_ZERO";
	}
}

static void write_rule(struct buf *yaml, const struct model_rule *rule, size_t number)
{
	buf_printf(yaml, "  - {name: rule %zu, %s: \"%s\"", number, rule->is_never ? "never" : "assert",
		   expression_of(rule->about));
	if (rule->when)
		buf_printf(yaml, ", when: \"%s\"", expression_of(rule->when));
	if (rule->within)
		buf_printf(yaml, ", within: %ds", rule->within);
	if (rule->tolerate)
		buf_printf(yaml, ", tolerate: %ds", rule->tolerate);
	if (rule->lasts)
		buf_printf(yaml, ", %s: %ds", rule->is_never ? "during" : "hold", rule->lasts);
	if (rule->is_warning)
		buf_printf(yaml, ", severity: warning");
	buf_printf(yaml, "}\n");
}

/* Makes the gate's plan of the model's. */
static void make_plan(struct arena *arena, struct story *story)
{
	const struct model_plan *model = &story->model;
	struct buf yaml = buf_make(BUF_LIMIT_REPORT);
	buf_printf(&yaml,
		   "version: 1\nwait: {interval: %ds, stable_for: %ds, stable_for_status: {SCALED_TO_ZERO: %ds, "
		   "UNHEALTHY: %ds}, discover_for: %ds, unreachable_after: %ds}\nrules:\n",
		   model->interval, model->stable_for, model->zero_for, model->unhealthy_for, model->discover_for,
		   model->unreachable_after);
	for (size_t i = 0; i < model->rule_count; i++)
		write_rule(&yaml, &model->rules[i], i);
	struct diags diags = {.arena = arena};
	const char *text = arena_string(arena, buf_string(&yaml));
	buf_release(&yaml);
	const struct policy *policy = policy_load(arena, source_make(arena, "model", text_of(text)), NULL, &diags);
	if (!policy)
		fail_msg("refused:\n%s", text);
	struct policy_wait wait = policy->wait;
	wait.timeout_ns = model->timeout * NS_PER_S;
	const struct policy_rule **rules = ARENA_ARRAY(arena, const struct policy_rule *, model->rule_count);
	for (size_t i = 0; i < model->rule_count; i++)
		rules[i] = &policy->targets[0].rules[i];
	for (size_t i = 0; i < model->target_count; i++)
		story->targets[i] = (struct gate_target){
			.name = i ? TEXT("second") : TEXT("first"),
			.chain = model->targets[i].chain ? TEXT("two") : TEXT("one"),
			.selector = {.kind = model->targets[i].by_id ? SELECT_DEPLOYMENT : SELECT_ENVIRONMENT,
				     .value = model->targets[i].by_id ? TEXT("q1") : TEXT("prod"),
				     .since.kind = SINCE_ANY},
			.timeout_ns = model->targets[i].timeout * NS_PER_S,
			.rules = rules,
			.rule_count = model->rule_count};
	story->plan = (struct gate_plan){.targets = story->targets,
					 .target_count = model->target_count,
					 .wait = wait,
					 .start_wall_ns = SCRIPT_WALL_NS};
}

/* ---- comparing -------------------------------------------------------------------------------------------------- */

struct tally {
	size_t histories, differ, verdicts[VERDICT_COUNT];
};

static void print_story(const struct story *story, const struct gate_result *result,
			const struct model_result *expected)
{
	struct buf text = buf_make(BUF_LIMIT_REPORT);
	const struct model_plan *model = &story->model;
	buf_printf(&text, "gate: %s at %lld s; model: %s at %d s\n", verdict_name(result->verdict),
		   (long long)(result->at_ns / NS_PER_S), verdict_name(expected->verdict), expected->at);
	for (size_t i = 0; i < model->rule_count; i++)
		write_rule(&text, &model->rules[i], i);
	for (size_t i = 0; i < model->target_count; i++) {
		buf_printf(&text,
			   "  target %zu: chain %zu, by %s, timeout %d s; gate: %s at %lld s; model: %s at %d s\n", i,
			   model->targets[i].chain, model->targets[i].by_id ? "id" : "environment",
			   model->targets[i].timeout, verdict_name(result->targets[i].verdict),
			   (long long)(result->targets[i].at_ns / NS_PER_S), verdict_name(expected->targets[i]),
			   expected->targets_at[i]);
		for (size_t j = 0; j < story->length; j++) {
			const struct model_answer *a = story->told[model->targets[i].chain][j];
			buf_printf(&text, " [%s %c %s]", a->id, a->status, a->chainlets);
		}
		buf_printf(&text, "\n");
	}
	print_message("%s", buf_string(&text));
	buf_release(&text);
}

static bool agrees(const struct story *story, const struct gate_result *result, const struct model_result *expected)
{
	if (result->verdict != expected->verdict || result->at_ns != expected->at * NS_PER_S)
		return false;
	for (size_t i = 0; i < story->model.target_count; i++)
		if (result->targets[i].verdict != expected->targets[i] ||
		    (expected->targets[i] != VERDICT_PASSED &&
		     result->targets[i].at_ns != expected->targets_at[i] * NS_PER_S))
			return false;
	return true;
}

static void tell(struct story *story, struct tally *tally)
{
	const struct model_answer *const *told[MODEL_TARGETS_MAX];
	for (size_t i = 0; i < MODEL_TARGETS_MAX; i++) {
		told[i] = story->told[i];
		story->polls[i] = 0;
	}
	struct model_result expected = model_run(&story->model, told, story->length);
	struct driver *driver = driver_new(&story->plan, DRIVER_EXACT);
	trial_play(driver, see, story);
	const struct gate_result *result = gate_result(driver_gate(driver));
	tally->histories++;
	tally->verdicts[result->verdict]++;
	if (!agrees(story, result, &expected)) {
		if (tally->differ++ < 5)
			print_story(story, result, &expected);
	}
	driver_free(driver);
}

static void expect_agreement(const char *what, const struct tally *tally)
{
	print_message("%s: %zu histories (%zu passed, %zu failed, %zu timed out, %zu undecided, %zu unreachable), %zu "
		      "differ\n",
		      what, tally->histories, tally->verdicts[VERDICT_PASSED], tally->verdicts[VERDICT_FAILED],
		      tally->verdicts[VERDICT_TIMED_OUT], tally->verdicts[VERDICT_UNDECIDED],
		      tally->verdicts[VERDICT_UNREACHABLE], tally->differ);
	assert_int_equal(tally->differ, 0);
	assert_true(tally->verdicts[VERDICT_PASSED] > 0);
}

/* Every history of `length` answers for each chain, out of the answers with these indexes. */
static void tell_all(struct story *story, const size_t *alphabet, size_t letters, size_t length, struct tally *tally)
{
	size_t places = length * (story->model.targets[1].chain + 1), choice[MODEL_TARGETS_MAX * LENGTH_MAX] = {0};
	story->length = length;
	for (;;) {
		for (size_t i = 0; i < places; i++)
			story->told[i / length][i % length] = &answers[alphabet ? alphabet[choice[i]] : choice[i]];
		tell(story, tally);
		size_t place = 0;
		while (place < places && ++choice[place] == letters)
			choice[place++] = 0;
		if (place == places)
			return;
	}
}

/* ---- tests ------------------------------------------------------------------------------------------------------ */

static const struct model_plan usual = {.interval = 10,
					.timeout = 65,
					.stable_for = 10,
					.zero_for = 20,
					.unhealthy_for = 30,
					.discover_for = 15,
					.unreachable_after = 25};

static const struct model_rule rule_sets[][MODEL_RULES_MAX] = {
	{{.about = 'a'}},
	{{.about = 'r'}},
	{{.about = 'z'}, {.about = 'r', .within = 20}},
	{{.about = 'a', .tolerate = 10}},
	{{.about = 'a', .within = 10, .tolerate = 10}},
	{{.about = 'a', .lasts = 20}},
	{{.about = 'z', .tolerate = 20, .lasts = 20}},
	{{.about = 'z'}, {.about = 'u', .is_never = true}},
	{{.about = 'z'}, {.about = 'u', .is_never = true, .tolerate = 10}},
	{{.about = 'z'}, {.about = 's', .is_never = true, .lasts = 20}},
	{{.about = 'a', .when = 'r'}},
	{{.about = 'a', .is_warning = true},
	 {.about = 'r', .when = 's'},
	 {.about = 'u', .is_never = true, .when = 'z'}},
};

static size_t rules_in(const struct model_rule *rules)
{
	size_t count = 0;
	while (count < MODEL_RULES_MAX && rules[count].about)
		count++;
	return count;
}

static void set_rules(struct model_plan *plan, const struct model_rule *rules)
{
	plan->rule_count = rules_in(rules);
	memcpy(plan->rules, rules, plan->rule_count * sizeof(*rules));
}

static void test_one_target(void **state)
{
	struct world world;
	struct tally tally = {0};
	(void)state;
	make_world(&world);
	for (size_t i = 0; i < COUNT_OF(rule_sets) * 2; i++) {
		struct story story = {.model = usual, .world = &world};
		struct arena arena = {0};
		set_rules(&story.model, rule_sets[i / 2]);
		story.model.target_count = 1;
		story.model.targets[0] = (struct model_target){.by_id = i % 2, .timeout = usual.timeout};
		make_plan(&arena, &story);
		tell_all(&story, NULL, ANSWERS, is_all() ? 5 : is_part() ? 2 : 3, &tally);
		arena_release(&arena);
	}
	arena_release(&world.arena);
	expect_agreement("one target", &tally);
}

static void test_two_targets(void **state)
{
	struct world world;
	struct tally tally = {0};
	static const int timeouts[][2] = {{65, 65}, {35, 65}, {65, 21}};
	(void)state;
	make_world(&world);
	for (size_t i = 0; i < COUNT_OF(timeouts); i++)
		for (size_t rules = 0; rules < COUNT_OF(rule_sets); rules += 7) {
			struct story story = {.model = usual, .world = &world};
			struct arena arena = {0};
			set_rules(&story.model, rule_sets[rules]);
			story.model.target_count = 2;
			story.model.targets[0] = (struct model_target){.timeout = timeouts[i][0]};
			story.model.targets[1] =
				(struct model_target){.by_id = true, .chain = 1, .timeout = timeouts[i][1]};
			make_plan(&arena, &story);
			tell_all(&story, few, COUNT_OF(few), is_all() ? 3 : is_part() ? 1 : 2, &tally);
			arena_release(&arena);
		}
	arena_release(&world.arena);
	expect_agreement("two targets", &tally);
}

static struct model_rule random_rule(void)
{
	static const int times[] = {0, 0, 5, 10, 15, 25, 60};
	bool is_never = once_in(3);
	return (struct model_rule){.is_never = is_never,
				   .is_warning = once_in(6),
				   .about = is_never ? "us"[below(2)] : "azr"[below(3)],
				   .when = once_in(4) ? "azrus"[below(5)] : '\0',
				   .within = is_never ? 0 : ONE_OF(times),
				   .tolerate = ONE_OF(times),
				   .lasts = ONE_OF(times)};
}

static void make_random(struct model_plan *plan)
{
	/* Some leave room for a hole, which is longer than 35 s. */
	static const int stable[] = {0, 1, 10, 15, 20, 30, 50}, patience[] = {5, 11, 26, 100, 100};
	static const int intervals[] = {5, 10, 12}, deadlines[] = {20, 34, 41, 65, 90, 150, 150};
	*plan = (struct model_plan){.interval = ONE_OF(intervals),
				    .timeout = ONE_OF(deadlines),
				    .stable_for = ONE_OF(stable),
				    .zero_for = ONE_OF(stable),
				    .unhealthy_for = ONE_OF(stable),
				    .discover_for = ONE_OF(patience),
				    .unreachable_after = ONE_OF(patience),
				    .rule_count = 1 + below(MODEL_RULES_MAX),
				    .target_count = 1 + below(MODEL_TARGETS_MAX)};
	for (size_t i = 0; i < plan->rule_count; i++)
		plan->rules[i] = random_rule();
	plan->rules[0].is_warning = false;
	for (size_t i = 0; i < plan->target_count; i++) {
		int own = ONE_OF(deadlines);
		plan->targets[i] = (struct model_target){.by_id = once_in(2),
							 .chain = i && once_in(2) ? 1 : 0,
							 .timeout = own < plan->timeout ? own : plan->timeout};
	}
}

/* Longer histories, random rules and times; one answer often comes several times in a row. */
static void test_random(void **state)
{
	struct world world;
	struct tally tally = {0};
	(void)state;
	make_world(&world);
	random_begin(random_seed());
	for (size_t round = rounds_of(40000); round > 0; round--) {
		struct story story = {.world = &world, .length = LENGTH_MAX};
		struct arena arena = {0};
		make_random(&story.model);
		make_plan(&arena, &story);
		for (size_t again = 0; again < 10; again++) {
			for (size_t i = 0; i < MODEL_TARGETS_MAX * LENGTH_MAX; i++) {
				size_t place = i % LENGTH_MAX;
				const struct model_answer **told = story.told[i / LENGTH_MAX];
				told[place] = place && once_in(2) ? told[place - 1]
								  : &answers[below(once_in(2) ? ANSWERS : 7)];
			}
			tell(&story, &tally);
		}
		arena_release(&arena);
	}
	arena_release(&world.arena);
	expect_agreement("random", &tally);
}

int main(void)
{
	/* Each history allocates and frees the same blocks again; returning them to the system in between takes three
	 * quarters of the time. */
	mallopt(M_TRIM_THRESHOLD, 64 << 20);
	mallopt(M_MMAP_THRESHOLD, 64 << 20);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_target),
		cmocka_unit_test(test_two_targets),
		cmocka_unit_test(test_random),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
