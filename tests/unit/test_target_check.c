/* test_target_check.c - what is refused of a target that a command line or a policy test put together: each refusal names
 * the value, and advises an option on the command line, and a key in a file. */
#include "chaingate/target_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define WORD(W) \
	{ \
		W, sizeof(W) - 1 \
	}

struct refusal {
	struct policy_target target;
	const char *rules;      /* of the policy, as YAML; NULL: any */
	const char *message;    /* all of it; NULL: nothing is refused */
	const char *options[2]; /* parts of the advice on the command line … */
	const char *keys[2];    /* … and in a file */
};

static const struct policy_rule *rules_of(struct arena *arena, const char *rules, size_t *count)
{
	struct diags diags = {.arena = arena};
	const char *yaml = arena_printf(arena, "version: 1\nrules: [%s]\n", rules ? rules : "all chainlets ACTIVE");
	const struct policy *policy =
		policy_load(arena, source_make(arena, "p.yaml", text_of(yaml)), &(struct policy_request){0}, &diags);
	assert_non_null(policy);
	*count = policy->targets[0].rule_count;
	return policy->targets[0].rules;
}

typedef void check(const struct policy_target *, const struct target_place *);

static void expect_advice(const struct diag *diag, const char *const parts[2])
{
	for (size_t i = 0; i < 2 && parts[i]; i++)
		if (!strstr(diag->hint, parts[i]))
			fail_msg("'%s' isn't in '%s'", parts[i], diag->hint);
}

static void expect(const struct refusal *refusal, check *checked, bool in_file)
{
	struct arena arena = {0};
	struct diags diags = {.arena = &arena};
	struct policy_target target = refusal->target;
	target.rules = rules_of(&arena, refusal->rules, &target.rule_count);
	struct target_place place = {.diags = &diags};
	if (in_file)
		place.source = source_make(&arena, "p.test.yaml", TEXT("target: {}\n"));
	checked(&target, &place);
	if (!refusal->message) {
		if (diags.first)
			fail_msg("refused: %s", diags.first->message);
	} else {
		assert_int_equal(diags.errors, 1);
		assert_string_equal(diags.first->message, refusal->message);
		assert_int_equal(diags.first->code, in_file ? DIAG_CONFLICTING_KEYS : DIAG_INVALID_VALUE);
		expect_advice(diags.first, in_file ? refusal->keys : refusal->options);
	}
	arena_release(&arena);
}

static void expect_all(const struct refusal *refusals, size_t count, check *checked)
{
	for (size_t i = 0; i < 2 * count; i++)
		expect(&refusals[i / 2], checked, i % 2);
}

#define EXPECT_ALL(REFUSALS, CHECK) expect_all(REFUSALS, sizeof(REFUSALS) / sizeof(REFUSALS[0]), CHECK)
#define CHAIN .chain = WORD("rag"), .chain_from = WORD("--chain")
#define IN(ENVIRONMENT) .kind = SELECT_ENVIRONMENT, .value = WORD(ENVIRONMENT)
#define MODEL .chain = WORD("m1"), .chain_from = WORD("--model"), .selector.of = TARGET_MODEL

/* ---- roles ------------------------------------------------------------------------------------------------------ */

#define EXPECTED_OF_OTHERS "the deployment 'd2' can only be expected of an environment, as its current deployment"

static const struct refusal roles[] = {
	{.target = {CHAIN, .selector = {IN("prod"), .role = ROLE_CURRENT}, .has_role = true}},
	{.target = {CHAIN, .selector = {IN("prod"), .role = ROLE_CURRENT, .expected = WORD("d2")}}},
	{.target = {CHAIN, .selector = {IN("prod")}}},
	{.target = {CHAIN, .selector = {.kind = SELECT_LATEST}}},
	/* Without any selection, that alone is refused, elsewhere. */
	{.target = {CHAIN, .has_role = true, .selector.role = ROLE_CURRENT}},
	{.target = {CHAIN, .selector = {.kind = SELECT_LATEST, .role = ROLE_CURRENT}, .has_role = true},
	 .message = "a role is only for an environment",
	 .options = {"leave --role out", "give --environment NAME instead"},
	 .keys = {"leave role out", "write environment: NAME instead"}},
	{.target = {CHAIN, .selector = {.kind = SELECT_LATEST, .expected = WORD("d2")}},
	 .message = EXPECTED_OF_OTHERS,
	 .options = {"instead of the other selection", "leave --expect-deployment out"},
	 .keys = {"write environment: NAME", "leave expect_deployment out"}},
	{.target = {CHAIN, .selector = {.expected = WORD("d2")}},
	 .message = EXPECTED_OF_OTHERS,
	 .options = {"give --environment NAME, without another --role than current"},
	 .keys = {"write environment: NAME, without another role than current"}},
	{.target = {CHAIN, .selector = {IN("prod"), .role = ROLE_CANDIDATE, .expected = WORD("d2")}, .has_role = true},
	 .message = EXPECTED_OF_OTHERS,
	 .options = {"give --environment NAME, without another --role than current"},
	 .keys = {"write environment: NAME, without another role than current"}},
	{.target = {CHAIN, .selector = {IN(""), .role = ROLE_CURRENT}, .has_role = true},
	 .message = "the environment has an empty name",
	 .options = {"give --environment NAME"},
	 .keys = {"write environment: NAME"}},
};

static void a_role_and_an_expected_deployment_need_an_environment(void **state)
{
	(void)state;
	EXPECT_ALL(roles, target_check);
}

/* ---- rules ------------------------------------------------------------------------------------------------------ */

#define LISTED_BASELINE \
	{ \
		.given = true, .selector = { IN("prod") } \
	}

static const struct refusal rules[] = {
	{.target = {CHAIN, .selector = {IN("prod"), .role = ROLE_CURRENT}}, .rules = "not environment.promoting"},
	{.target = {CHAIN, .selector = {IN("prod")}},
	 .rules = "not environment.promoting",
	 .message = "the rule 'not environment.promoting' asks for what only the environment itself says",
	 .options = {"--environment NAME and --role current"},
	 .keys = {"give the target a role: {environment: NAME, role: current}"}},
	{.target = {CHAIN, .selector = {IN("prod")}},
	 .rules = "{name: calm, assert: all chainlets ACTIVE, when: not environment.promoting}",
	 .message = "the rule 'calm' asks for what only the environment itself says",
	 .options = {"--environment NAME and --role current"},
	 .keys = {"give the target a role"}},
	{.target = {MODEL}, .rules = "label.team == \"search\""},
	{.target = {CHAIN},
	 .rules = "label.team == \"search\"",
	 .message =
		 "the rule 'label.team == \"search\"' asks for label.team of the chain 'rag', but the deployments of "
		 "chains don't have it",
	 .options = {"leave the rule out for chains, or watch a model: ", "--model NAME"},
	 .keys = {"leave the rule out for chains, or watch a model: ", "target: {model: NAME}"}},
	{.target = {CHAIN, .name = WORD("one")},
	 .rules = "{name: team, assert: all chainlets ACTIVE, when: label.team == \"search\"}",
	 .message = "the rule 'team' asks for label.team of the target 'one', a chain, but the deployments of chains "
		    "don't have it",
	 .options = {"--model NAME"},
	 .keys = {"{model: NAME}"}},
	/* Nobody said which. */
	{.target = {.chain = WORD("x")},
	 .rules = "label.team == \"search\"",
	 .message =
		 "the rule 'label.team == \"search\"' asks for label.team of the chain, but the deployments of chains "
		 "don't have it",
	 .options = {"--model NAME"},
	 .keys = {"{model: NAME}"}},
};

static void a_rule_asks_only_for_fields_that_its_target_has(void **state)
{
	(void)state;
	EXPECT_ALL(rules, target_check);
}

static void a_rule_about_the_baselines_environment_needs_the_baselines_role(void **state)
{
	(void)state;
	static const char asking[] = "version: 1\nbaseline: {environment: prod, role: current}\nrules:\n"
				     "- all chainlets ACTIVE\n- count(chainlets) > 1\n"
				     "- not baseline.deployment.environment.promoting\n"
				     "- {name: w, assert: all chainlets ACTIVE, when: not "
				     "baseline.deployment.environment.promoting}\n";
	struct arena arena = {0};
	struct diags diags = {.arena = &arena};
	const struct policy *policy = policy_load(&arena, source_make(&arena, "p.yaml", text_of(asking)),
						  &(struct policy_request){0}, &diags);
	assert_non_null(policy);
	struct policy_target target = policy->targets[0];
	target_check(&target, &(struct target_place){.diags = &diags});
	assert_int_equal(diags.errors, 0);
	target.baseline.selector.role = ROLE_ANY;
	target_check(&target, &(struct target_place){.diags = &diags});
	assert_int_equal(diags.errors, 2);
	assert_string_equal(diags.first->hint, "give the baseline a role: {environment: NAME, role: current}");
	assert_non_null(
		strstr(diags.first->next->message, "the rule 'w' asks for what only the environment itself says"));
	arena_release(&arena);
}

/* ---- kinds ------------------------------------------------------------------------------------------------------ */

static const struct refusal kinds[] = {
	{.target = {CHAIN, .pasted = WORD("c9"), .pasted_from = WORD("--deployment"), .pasted_of = TARGET_CHAIN}},
	{.target = {CHAIN, .pasted = WORD("m9"), .pasted_from = WORD("--deployment"), .pasted_of = TARGET_MODEL},
	 .message = "the URL at --deployment is of a model's deployment, but --chain names a chain",
	 .options = {"leave out one of them, or give the deployment by its id"},
	 .keys = {"leave out one of them, or give the deployment by its id"}},
	{.target = {MODEL, .pasted_of = TARGET_CHAIN}},
	{.target = {CHAIN, .baseline = {.given = true, .chain = WORD("other")}}},
	{.target = {MODEL, .baseline = {.given = true, .selector.kind = SELECT_LATEST}}},
	{.target = {MODEL, .baseline = {.chain = WORD("other")}}},
	{.target = {MODEL, .baseline = {.given = true, .chain = WORD("other")}},
	 .message = "the target is a model, but the policy's baseline is the chain 'other'",
	 .options = {"leave 'chain' out of the baseline, or use a policy for models"},
	 .keys = {"leave 'chain' out of the baseline, or use a policy for models"}},
	{.target = {.chain = WORD("m*"), .selector.of = TARGET_MODEL},
	 .message = "the model 'm*' cannot be a glob",
	 .options = {"give one model by its id or name"},
	 .keys = {"give one model by its id or name"}},
	{.target = {.chain = WORD("c*")}},
};

static void all_parts_of_a_target_are_of_one_kind(void **state)
{
	(void)state;
	EXPECT_ALL(kinds, target_check);
}

static const struct {
	struct policy_target given, of_policy;
	bool is_refused;
} in_places[] = {
	{{MODEL}, {CHAIN}, true},
	{{CHAIN}, {MODEL}, true},
	{{CHAIN}, {CHAIN}, false},
	{{MODEL}, {MODEL}, false},
	{{MODEL}, {.chain_from = WORD("p.yaml:2")}, false},
	{{.selector.kind = SELECT_LATEST}, {MODEL}, false},
};

static void a_target_takes_no_place_of_another_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(in_places) / sizeof(in_places[0]); i++) {
		struct arena arena = {0};
		struct diags diags = {.arena = &arena};
		target_refuse_other_kind(&in_places[i].given, &in_places[i].of_policy,
					 &(struct target_place){.diags = &diags});
		assert_int_equal(diags.errors, in_places[i].is_refused);
		if (i == 0) {
			assert_string_equal(diags.first->message,
					    "--model names the model 'm1', but the policy's target is "
					    "the chain 'rag'");
			assert_string_equal(diags.first->hint,
					    "leave it out, or take 'chain' out of the policy's target");
		}
		arena_release(&arena);
	}
}

static void the_chain_of_an_address_replaces_only_that_of_another(void **state)
{
	(void)state;
	const struct policy_target explicit = {CHAIN}, implied = {CHAIN, .chain_is_implied = true};
	assert_true(target_replaces_chain(&explicit, &explicit));
	assert_true(target_replaces_chain(&explicit, &implied));
	assert_true(target_replaces_chain(&implied, &implied));
	assert_false(target_replaces_chain(&implied, &explicit));
}

static void an_address_is_of_the_chain_that_is_named(void **state)
{
	(void)state;
	const struct {
		struct target_naming naming;
		const char *message; /* NULL: it is */
	} rows[] = {
		{{.of = TARGET_CHAIN, .chain = WORD("rag"), .chain_from = WORD("--chain")}, NULL},
		{{.of = TARGET_CHAIN, .pasted_of = TARGET_CHAIN, .pasted = WORD("c1")}, NULL},
		{{.of = TARGET_CHAIN,
		  .pasted_of = TARGET_CHAIN,
		  .chain = WORD("rag"),
		  .chain_from = WORD("--chain"),
		  .pasted = WORD("c2"),
		  .pasted_from = WORD("--deployment")},
		 "two chains are named: --chain is 'rag', whose id is 'c1', and the address at --deployment is of the "
		 "chain "
		 "'c2'"},
		{{.of = TARGET_CHAIN,
		  .pasted_of = TARGET_MODEL,
		  .chain = WORD("rag"),
		  .chain_from = WORD("--chain"),
		  .pasted = WORD("c1"),
		  .pasted_from = WORD("--deployment")},
		 "two targets are named: --chain is 'rag', whose id is 'c1', and the address at --deployment is of the "
		 "model "
		 "'c1'"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena arena = {0};
		struct diags diags = {.arena = &arena};
		bool is_same = target_check_id(&rows[i].naming, TEXT("c1"), &(struct target_place){.diags = &diags});
		assert_int_equal(is_same, rows[i].message == NULL);
		assert_int_equal(diags.errors, rows[i].message != NULL);
		if (rows[i].message)
			assert_string_equal(diags.first->message, rows[i].message);
		arena_release(&arena);
	}
}

/* ---- several chains --------------------------------------------------------------------------------------------- */

#define GLOB .chain = WORD("r*"), .chain_from = WORD("--chain")

static const struct refusal several[] = {
	{.target = {GLOB, .selector = {IN("prod")}}},
	{.target = {GLOB, .selector = {IN("prod")}, .baseline = LISTED_BASELINE}},
	{.target = {GLOB, .selector = {IN("prod")}, .baseline = {.selector.kind = SELECT_DEPLOYMENT}}},
	{.target = {.chain = WORD("r[")},
	 .message = "the chain 'r[' cannot be read as a glob: the bracket is not closed",
	 .options = {"[[]"},
	 .keys = {"[[]"}},
	/* Nothing else is said of it. */
	{.target = {.chain = WORD("r["), .selector = {.kind = SELECT_DEPLOYMENT, .value = WORD("d1")}},
	 .message = "the chain 'r[' cannot be read as a glob: the bracket is not closed"},
	{.target = {GLOB, .selector = {.kind = SELECT_DEPLOYMENT, .value = WORD("d1")}},
	 .message = "the deployment 'd1' is in one chain, but several chains are to be watched",
	 .options = {"give one chain by its id or name", "--environment NAME or --latest with --since 10m"},
	 .keys = {"give one chain by its id or name", "select by environment or latest, with since"}},
	{.target = {GLOB, .selector = {IN("prod"), .role = ROLE_CURRENT, .expected = WORD("d2")}},
	 .message = "the expected deployment 'd2' is in one chain, but several chains are to be watched",
	 .options = {"give one chain by its id or name", "leave --expect-deployment out"},
	 .keys = {"give one chain by its id or name", "leave expect_deployment out"}},
	{.target = {GLOB, .selector = {IN("prod")}, .baseline = {.given = true, .chain = WORD("other")}},
	 .message =
		 "the baseline names the chain 'other', but several chains are to be watched: each would be compared "
		 "with that one",
	 .options = {"leave 'chain' out of the baseline"},
	 .keys = {"leave 'chain' out of the baseline"}},
	{.target = {GLOB, .selector = {IN("prod")},
		    .baseline = {.given = true, .selector = {.kind = SELECT_DEPLOYMENT, .value = WORD("d1")}}},
	 .message = "the baseline's deployment 'd1' is in one chain, but several chains are to be watched",
	 .options = {"select the baseline by environment or latest"},
	 .keys = {"select the baseline by environment or latest"}},
};

static void what_is_in_one_chain_is_no_target_of_several(void **state)
{
	(void)state;
	EXPECT_ALL(several, target_check_several);
}

static void models_are_not_watched_beside_a_list_of_chains(void **state)
{
	(void)state;
	const struct policy_target one[] = {{MODEL}, {CHAIN}}, open[] = {{MODEL}, {GLOB}}, chains[] = {{CHAIN}, {GLOB}};
	const struct {
		const struct policy_target *targets;
		const char *several, *message;
	} rows[] = {
		{one, NULL, NULL},
		{chains, NULL, NULL},
		{chains, "--shard", NULL},
		{open, NULL, "the model 'm1' cannot be watched together with a glob of chains"},
		{one, "--shard", "the model 'm1' cannot be watched together with --shard"},
	};
	for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena arena = {0};
		struct diags diags = {.arena = &arena};
		struct target_place place = {.diags = &diags};
		if (i % 2)
			place.source = source_make(&arena, "p.test.yaml", TEXT("target: {}\n"));
		target_refuse_models_of_fleet(rows[i / 2].targets, 2, rows[i / 2].several, &place);
		assert_int_equal(diags.errors, rows[i / 2].message != NULL);
		if (diags.first) {
			assert_string_equal(diags.first->message, rows[i / 2].message);
			assert_string_equal(diags.first->hint,
					    i % 2 ? "watch models with a policy of their own"
						  : "watch models in a run of their own, without --shard");
		}
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_role_and_an_expected_deployment_need_an_environment),
		cmocka_unit_test(a_rule_asks_only_for_fields_that_its_target_has),
		cmocka_unit_test(a_rule_about_the_baselines_environment_needs_the_baselines_role),
		cmocka_unit_test(all_parts_of_a_target_are_of_one_kind),
		cmocka_unit_test(a_target_takes_no_place_of_another_kind),
		cmocka_unit_test(the_chain_of_an_address_replaces_only_that_of_another),
		cmocka_unit_test(an_address_is_of_the_chain_that_is_named),
		cmocka_unit_test(what_is_in_one_chain_is_no_target_of_several),
		cmocka_unit_test(models_are_not_watched_beside_a_list_of_chains),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
