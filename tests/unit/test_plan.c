/* test_plan.c - the text of what a run does, by which shards are compared, changes with every member that changes a
 * verdict. The tables name all members of each structure: a new one fails the test until somebody has decided about it. */
#include "chaingate/plan.h"
#include "chaingate/rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum how {
	COUNTS,  /* each number, truth value or pointer in it */
	WORDS,   /* a text that counts */
	NESTED,  /* a structure that has a table of its own */
	IGNORED, /* it doesn't change a verdict, or another member says the same */
};

struct member {
	const char *name;
	size_t at, size;
	enum how how;
	const struct shape *shape; /* NESTED */
};

struct shape {
	const char *name;
	const struct member *members;
	size_t count, size;
};

#define SIZE_OF(type, member) sizeof(((const type *)NULL)->member)
#define MEMBER(type, member, how) \
	{ \
#member, offsetof(type, member), SIZE_OF(type, member), how, NULL \
	}
#define PART(type, member, of) \
	{ \
#member, offsetof(type, member), SIZE_OF(type, member), NESTED, &(of) \
	}
#define SHAPE(type, members) \
	{ \
#type, members, sizeof(members) / sizeof((members)[0]), sizeof(type) \
	}

static const struct member since_members[] = {MEMBER(struct since, kind, COUNTS), MEMBER(struct since, ns, COUNTS)};
static const struct shape since_shape = SHAPE(struct since, since_members);

static const struct member selector_members[] = {
	MEMBER(struct selector, kind, COUNTS),     MEMBER(struct selector, value, WORDS),
	PART(struct selector, since, since_shape), MEMBER(struct selector, role, COUNTS),
	MEMBER(struct selector, expected, WORDS),  MEMBER(struct selector, of, COUNTS),
};
static const struct shape selector_shape = SHAPE(struct selector, selector_members);

static const struct member baseline_members[] = {
	MEMBER(struct policy_baseline, given, COUNTS),
	MEMBER(struct policy_baseline, source, IGNORED), /* for messages, like the next */
	MEMBER(struct policy_baseline, span, IGNORED),
	MEMBER(struct policy_baseline, chain, WORDS),
	MEMBER(struct policy_baseline, chain_is_id, COUNTS),
	PART(struct policy_baseline, selector, selector_shape),
	MEMBER(struct policy_baseline, chain_from, IGNORED), /* for messages */
	MEMBER(struct policy_baseline, pasted, WORDS),
	MEMBER(struct policy_baseline, pasted_from, IGNORED),
	MEMBER(struct policy_baseline, pasted_of, IGNORED), /* refused unless it is the kind of the selector */
};
static const struct shape baseline_shape = SHAPE(struct policy_baseline, baseline_members);

static const struct member target_members[] = {
	MEMBER(struct policy_target, name, WORDS),
	MEMBER(struct policy_target, span, IGNORED), /* for messages */
	MEMBER(struct policy_target, chain, WORDS),
	MEMBER(struct policy_target, chain_is_id, COUNTS),
	MEMBER(struct policy_target, chain_url, IGNORED),        /* for messages; chain_is_id counts */
	MEMBER(struct policy_target, chain_is_implied, IGNORED), /* decides which chain is used, which counts */
	MEMBER(struct policy_target, chain_from, IGNORED),
	PART(struct policy_target, selector, selector_shape),
	MEMBER(struct policy_target, has_role, IGNORED), /* decides which role is used, which counts */
	MEMBER(struct policy_target, pasted, WORDS),
	MEMBER(struct policy_target, pasted_from, IGNORED),
	MEMBER(struct policy_target, pasted_of, IGNORED), /* likewise */
	MEMBER(struct policy_target, fail_on_superseded, COUNTS),
	PART(struct policy_target, baseline, baseline_shape),
	MEMBER(struct policy_target, timeout_ns, COUNTS),
	MEMBER(struct policy_target, rules, IGNORED), /* each rule counts, see below */
	MEMBER(struct policy_target, rule_count, IGNORED),
	MEMBER(struct policy_target, params, IGNORED), /* each name and value counts, see below */
	MEMBER(struct policy_target, params_count, IGNORED),
};
static const struct shape target_shape = SHAPE(struct policy_target, target_members);

static const struct member rule_members[] = {
	MEMBER(struct policy_rule, name, WORDS),
	MEMBER(struct policy_rule, message, IGNORED), /* for people; the policies' digests are compared, too */
	MEMBER(struct policy_rule, severity, COUNTS),
	MEMBER(struct policy_rule, kind, COUNTS),
	MEMBER(struct policy_rule, expression, IGNORED), /* see below */
	MEMBER(struct policy_rule, when, IGNORED),
	MEMBER(struct policy_rule, within_ns, COUNTS),
	MEMBER(struct policy_rule, hold_ns, COUNTS),
	MEMBER(struct policy_rule, tolerate_ns, COUNTS),
	MEMBER(struct policy_rule, during_ns, COUNTS),
	MEMBER(struct policy_rule, if_empty, COUNTS),
	MEMBER(struct policy_rule, if_missing, COUNTS),
	MEMBER(struct policy_rule, source, IGNORED),
	MEMBER(struct policy_rule, span, IGNORED),
	MEMBER(struct policy_rule, line, IGNORED),
};
static const struct shape rule_shape = SHAPE(struct policy_rule, rule_members);

static const struct member wait_members[] = {
	MEMBER(struct policy_wait, timeout_ns, COUNTS),      MEMBER(struct policy_wait, interval_ns, COUNTS),
	MEMBER(struct policy_wait, stable_for_ns, COUNTS),   MEMBER(struct policy_wait, stable_for_status_ns, COUNTS),
	MEMBER(struct policy_wait, discover_for_ns, COUNTS), MEMBER(struct policy_wait, unreachable_after_ns, COUNTS),
	MEMBER(struct policy_wait, fail_fast, COUNTS),
};
static const struct shape wait_shape = SHAPE(struct policy_wait, wait_members);

static const struct member overrides_members[] = {
	MEMBER(struct plan_overrides, target, IGNORED), /* see below */
	MEMBER(struct plan_overrides, chains, IGNORED), /* see below */
	MEMBER(struct plan_overrides, chain_urls, IGNORED),    MEMBER(struct plan_overrides, chain_count, IGNORED),
	MEMBER(struct plan_overrides, shard, IGNORED), /* what the shards differ in */
	PART(struct plan_overrides, wait, wait_shape),         MEMBER(struct plan_overrides, strict, COUNTS),
	MEMBER(struct plan_overrides, watches_all, IGNORED), /* not for a gate */
	MEMBER(struct plan_overrides, start_wall_ns, IGNORED),
};
static const struct shape overrides_shape = SHAPE(struct plan_overrides, overrides_members);

/* ---- a plan ----------------------------------------------------------------------------------------------------- */

struct world {
	struct arena arena;
	struct policy_rule rules[2];
	struct policy_target target;
	struct policy policy;
	struct plan_overrides overrides;
};

static const struct rule *parse(struct arena *arena, const char *text)
{
	static const struct rule_context context;
	struct diags diags = {.arena = arena};
	struct excerpt *excerpt = ARENA_NEW(arena, struct excerpt);
	*excerpt = excerpt_of(source_make(arena, "policy.yaml", text_of(text)));
	const struct rule *rule = rule_parse(arena, excerpt, &context, &diags);
	assert_non_null(rule);
	return rule;
}

static void make_world(struct world *world)
{
	struct selector selector = {.kind = SELECT_ENVIRONMENT,
				    .value = TEXT("production"),
				    .since = {SINCE_AGO, 600 * NS_PER_S},
				    .role = ROLE_CURRENT,
				    .expected = TEXT("d1")};
	*world = (struct world){.rules = {{.name = TEXT("first")}, {.name = TEXT("second")}}};
	world->rules[0].expression = world->rules[0].when = parse(&world->arena, "all chainlets ACTIVE");
	world->rules[1].expression = world->rules[0].expression;
	world->target = (struct policy_target){.name = TEXT("a"),
					       .chain = TEXT("rag"),
					       .selector = selector,
					       .baseline = {.given = true, .selector = selector},
					       .timeout_ns = NS_PER_HOUR,
					       .rules = world->rules,
					       .rule_count = 2};
	world->policy = (struct policy){.targets = &world->target, .target_count = 1, .has_targets = true};
	world->overrides.wait = policy_wait_default();
}

static struct text canonical(struct world *world)
{
	return plan_canonical(&world->arena, &world->policy, &world->overrides);
}

/* ---- flipping --------------------------------------------------------------------------------------------------- */

static void check_flip(struct world *world, struct text before, bool counts, const char *shape, const char *member)
{
	if (text_equal(canonical(world), before) == counts)
		fail_msg("the text must %schange with %s.%s", counts ? "" : "not ", shape, member);
}

/* Flips each member at `at`, one at a time. */
static void flip_all(struct world *world, const struct shape *shape, unsigned char *at)
{
	struct text before = canonical(world), other = TEXT("another");
	size_t end = 0;
	for (size_t i = 0; i < shape->count; i++) {
		const struct member *member = &shape->members[i];
		unsigned char kept[sizeof(struct policy_target)], *place = at + member->at;
		/* Between two members there is only padding. */
		if (member->at < end || member->at - end >= sizeof(int64_t))
			fail_msg("a member of %s before %s isn't in the table", shape->name, member->name);
		end = member->at + member->size;
		assert_in_range(member->size, 1, sizeof(kept));
		memcpy(kept, place, member->size);
		if (member->how == NESTED)
			flip_all(world, member->shape, place);
		if (member->how == WORDS) {
			memcpy(place, &other, sizeof(other));
			check_flip(world, before, true, shape->name, member->name);
		}
		for (size_t byte = 0; member->how == COUNTS && byte < member->size; byte += sizeof(int64_t)) {
			place[byte] ^= 1;
			check_flip(world, before, true, shape->name, member->name);
			memcpy(place, kept, member->size);
		}
		memcpy(place, kept, member->size);
	}
	if (shape->size - end >= sizeof(int64_t))
		fail_msg("the last members of %s aren't in the table", shape->name);
}

static void the_text_changes_with_every_member(void **state)
{
	struct world world;
	(void)state;
	make_world(&world);
	flip_all(&world, &target_shape, (unsigned char *)&world.target);
	flip_all(&world, &rule_shape, (unsigned char *)&world.rules[0]);
	flip_all(&world, &rule_shape, (unsigned char *)&world.rules[1]);
	flip_all(&world, &overrides_shape, (unsigned char *)&world.overrides);
	arena_release(&world.arena);
}

static void the_text_changes_with_rules_and_conditions(void **state)
{
	struct world world;
	(void)state;
	make_world(&world);
	struct text before = canonical(&world);
	const struct rule *other = parse(&world.arena, "any chainlet ACTIVE");
	world.rules[0].expression = other;
	check_flip(&world, before, true, "rule", "expression");
	world.rules[0].expression = world.rules[1].expression;
	world.rules[0].when = other;
	check_flip(&world, before, true, "rule", "when");
	world.rules[0].when = NULL;
	check_flip(&world, before, true, "rule", "when");
	/* What is a condition of one rule isn't the rule itself. */
	world.rules[1].when = world.rules[1].expression;
	check_flip(&world, before, true, "rule", "when");
	world.rules[0].when = world.rules[1].expression;
	world.rules[1].when = NULL;
	world.target.rule_count = 1;
	check_flip(&world, before, true, "target", "rule_count");
	arena_release(&world.arena);
}

/* The rules' texts don't change with them: they have only the names. */
static void the_text_changes_with_every_parameter(void **state)
{
	static const struct literal two = {.type = TYPE_NUMBER, .number = {2, 1}};
	const struct param others[] = {
		{.name = TEXT("n"), .value = {.type = TYPE_NUMBER, .number = {1, 1}}},
		{.name = TEXT("n"), .value = {.type = TYPE_NUMBER, .number = {2, 1}, .is_decimal = true}},
		{.name = TEXT("n"), .value = {.type = TYPE_DURATION, .number = {2, 1}}},
		{.name = TEXT("n"), .value = {.type = TYPE_STRING, .text = TEXT("2")}},
		{.name = TEXT("m"), .value = {.type = TYPE_NUMBER, .number = {2, 1}}},
	};
	struct param items[] = {{.name = TEXT("n"), .value = two}, {.name = TEXT("n"), .value = two}};
	struct policy_params params[] = {{.items = items, .count = 2}, {.items = items + 1}};
	struct world world;
	(void)state;
	make_world(&world);
	struct text before = canonical(&world);
	world.target.params = params;
	world.target.params_count = 2;
	check_flip(&world, before, true, "target", "params_count");
	before = canonical(&world);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		items[i % 2] = others[i];
		check_flip(&world, before, true, "param", others[i].name.bytes);
		items[i % 2] = (struct param){.name = TEXT("n"), .value = two};
	}
	/* The parameter of another policy's rules is another one. */
	params[0].count = params[1].count = 1;
	check_flip(&world, before, true, "params", "count");
	arena_release(&world.arena);
}

static void the_text_changes_with_what_the_command_line_selects(void **state)
{
	static const struct text chains[] = {{"a", 1}, {"b", 1}, {"c", 1}};
	static const struct text names[3] = {{"", 0}}, ids[3] = {{"", 0}, {"https://x", 9}, {"", 0}};
	struct world world;
	(void)state;
	make_world(&world);
	world.policy.has_targets = false;
	struct text before = canonical(&world);
	world.overrides.chains = chains;
	world.overrides.chain_urls = names;
	world.overrides.chain_count = 2;
	struct text two = canonical(&world);
	assert_false(text_equal(two, before));
	world.overrides.chain_urls = ids;
	check_flip(&world, two, true, "overrides", "chain_urls");
	world.overrides.chain_urls = names;
	world.overrides.chain_count = 3;
	check_flip(&world, two, true, "overrides", "chain_count");
	world.overrides.chains = chains + 1;
	world.overrides.chain_count = 2;
	check_flip(&world, two, true, "overrides", "chains");
	world.overrides.chain_count = 0;
	world.overrides.target.chain = TEXT("b");
	check_flip(&world, before, true, "overrides", "target.chain");
	world.overrides.target = (struct policy_target){.selector.kind = SELECT_LATEST};
	check_flip(&world, before, true, "overrides", "target.selector");
	world.overrides.target = (struct policy_target){.selector.since.kind = SINCE_ANY};
	check_flip(&world, before, true, "overrides", "target.since");
	world.overrides.target = (struct policy_target){.selector.expected = TEXT("d2")};
	check_flip(&world, before, true, "overrides", "target.expected");
	/* Two values next to each other never look like two others. */
	world.target.selector.value = TEXT("a\nrole=1");
	before = canonical(&world);
	world.target.selector.value = TEXT("a");
	check_flip(&world, before, true, "selector", "value");
	arena_release(&world.arena);
}

/* ---- targets ---------------------------------------------------------------------------------------------------- */

/* Each chain that the command line gives is a target; with more than one, or a glob, the list of chains is still to be
 * read. */
static void each_chain_is_a_target(void **state)
{
	static const struct text chains[] = {{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}};
	static const struct text globs[] = {{"rag-*", 5}, {"rag-?", 5}, {"[r]ag", 5}};
	struct world world;
	(void)state;
	make_world(&world);
	world.policy.has_targets = false;
	world.overrides.chains = chains;
	for (size_t count = 2; count <= 4; count++) {
		world.overrides.chain_count = count;
		const struct gate_plan *plan = plan_make(&world.arena, &world.policy, &world.overrides);
		assert_int_equal(plan->target_count, count);
		assert_true(plan->is_open);
		for (size_t i = 0; i < count; i++) {
			assert_true(text_equal(plan->targets[i].chain, chains[i]));
			assert_true(text_is(plan->targets[i].selector.value, "production"));
			assert_int_equal(plan->targets[i].rule_count, 2);
			assert_false(plan->targets[i].waits_for_list); /* it is written whole: only globs wait */
		}
	}
	world.overrides.chain_count = 0;
	assert_false(plan_make(&world.arena, &world.policy, &world.overrides)->is_open);
	for (size_t i = 0; i < 3; i++) {
		world.overrides.target.chain = globs[i];
		const struct gate_plan *plan = plan_make(&world.arena, &world.policy, &world.overrides);
		assert_true(plan->is_open);
		assert_true(plan->targets[0].waits_for_list);
	}
	world.overrides.target.chain = chains[0];
	for (world.overrides.chain_count = 0; world.overrides.chain_count <= 1; world.overrides.chain_count++) {
		const struct gate_plan *plan = plan_make(&world.arena, &world.policy, &world.overrides);
		assert_false(plan->is_open || plan->targets[0].waits_for_list);
	}
	world.overrides.shard = (struct shard){1, 2}; /* it may be in the other part */
	assert_true(plan_make(&world.arena, &world.policy, &world.overrides)->targets[0].waits_for_list);
	arena_release(&world.arena);
}

/* Targets of one run must be told apart by their names. */
static void a_fleet_has_no_name_twice(void **state)
{
	static const struct chain twins[] = {
		{.id = {"c1", 2}, .name = {"twin", 4}},
		{.id = {"c2", 2}, .name = {"twin", 4}},
		{.id = {"c3", 2}, .name = {"twin (c1)", 9}},
	};
	struct world world;
	(void)state;
	make_world(&world);
	world.policy.has_targets = false;
	world.overrides.target.chain = TEXT("*");
	for (size_t count = 1; count <= 3; count++) {
		struct diags diags = {.arena = &world.arena};
		const struct gate_plan *plan =
			plan_make_fleet(&world.arena, &world.policy, &world.overrides, twins, count, &diags);
		assert_int_equal(plan != NULL, count < 3);
		assert_int_equal(diags.errors, count < 3 ? 0 : 1);
		if (!plan) {
			assert_non_null(strstr(diags.first->message, "twin (c1)'"));
			assert_non_null(strstr(diags.first->hint, "'c1'"));
			assert_non_null(strstr(diags.first->hint, "'twin (c1)'"));
			continue;
		}
		assert_int_equal(plan->target_count, count);
		assert_false(plan->is_open);
	}
	arena_release(&world.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_text_changes_with_every_member),
		cmocka_unit_test(the_text_changes_with_rules_and_conditions),
		cmocka_unit_test(the_text_changes_with_every_parameter),
		cmocka_unit_test(the_text_changes_with_what_the_command_line_selects),
		cmocka_unit_test(each_chain_is_a_target),
		cmocka_unit_test(a_fleet_has_no_name_twice),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
