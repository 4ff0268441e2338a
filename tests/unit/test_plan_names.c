/* test_plan_names.c - names and ids of chains in a plan, and what of each chain its targets need. An address has the id of its chain: once the API tells the id of the
 * chain that is named beside it, each target and each baseline with another one is refused. */
#include "chaingate/diag.h"
#include "chaingate/driver.h"
#include "chaingate/policy.h"
#include "chaingate/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* The addresses of two targets of the chain rag, and of their baselines; NULL: without one. The last baseline is of the
 * chain other. */
static const struct {
	const char *pasted[2][2];
	size_t refused; /* if the id of rag is c1 */
} rows[] = {
	{{{NULL, NULL}, {NULL, NULL}}, 0}, {{{"c1", "c1"}, {"c1", "c2"}}, 0}, {{{"c2", "c1"}, {"c1", "c1"}}, 1},
	{{{"c1", "c2"}, {"c1", "c1"}}, 1}, {{{NULL, NULL}, {"c2", NULL}}, 1}, {{{"c2", "c3"}, {"c2", "c2"}}, 3},
};

static struct text optional(const char *text)
{
	return text ? text_of(text) : (struct text){0};
}

static size_t refused(const struct gate_plan *plan, const struct plan_chain *chain, bool *well)
{
	struct arena arena = {0};
	struct diags diags = {.arena = &arena};
	*well = plan_check_id(plan, chain, TEXT("c1"), &(struct target_place){.diags = &diags});
	size_t errors = diags.errors;
	arena_release(&arena);
	return errors;
}

static void each_address_is_compared(void **state)
{
	static const struct plan_chain rag = {.kind = TARGET_CHAIN, .wanted = {"rag", 3}};
	static const struct plan_chain others[] = {{.kind = TARGET_MODEL, .wanted = {"rag", 3}},
						   {.kind = TARGET_CHAIN, .wanted = {"rag", 3}, .is_id = true},
						   {.kind = TARGET_CHAIN, .wanted = {"ra", 2}}};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bool well;
		struct gate_target targets[2] = {0};
		for (size_t j = 0; j < 2; j++) {
			targets[j].chain = TEXT("rag");
			targets[j].pasted = optional(rows[i].pasted[j][0]);
			targets[j].baseline.chain = j ? TEXT("other") : TEXT("rag");
			targets[j].baseline.pasted = optional(rows[i].pasted[j][1]);
		}
		struct gate_plan plan = {.targets = targets, .target_count = 2};
		assert_int_equal(refused(&plan, &rag, &well), rows[i].refused);
		assert_int_equal(well, rows[i].refused == 0);
		/* nobody asked for these */
		for (size_t j = 0; j < sizeof others / sizeof *others; j++) {
			assert_int_equal(refused(&plan, &others[j], &well), 0);
			assert_true(well);
		}
	}
}

/* A fleet's chains come with their ids, so nobody looks them up; but a baseline of a chain of its own isn't one of them. */
static void a_baseline_of_another_chain_has_another_id(void **state)
{
	static const char yaml[] =
		"version: 1\nrules: [all chainlets ACTIVE]\n"
		"targets: [{name: x, chain: rag, deployment: q1, baseline: {chain: other, deployment: q2}},\n"
		"          {name: y, chain: rag, deployment: q1, baseline: {environment: prod, role: current}}]\n";
	(void)state;
	struct arena arena = {0};
	struct diags diags = {.arena = &arena};
	const struct policy *policy = policy_load(&arena, source_make(&arena, "p", text_of(yaml)), NULL, &diags);
	assert_non_null(policy);
	struct gate_plan plan = *plan_make(&arena, policy, &(struct plan_overrides){.wait = policy->wait});
	struct gate_target targets[2] = {plan.targets[0], plan.targets[1]};
	targets[0].chain_id = targets[1].chain_id = TEXT("c1");
	plan.targets = targets;
	struct driver *driver = driver_new(&plan, DRIVER_EXACT);
	size_t count;
	const struct driver_chain *chains = driver_chains(driver, &count);
	assert_int_equal(count, 3);
	for (size_t i = 0; i < count; i++)
		assert_true(text_is(chains[i].known_id, text_is(chains[i].wanted, "other") ? "" : "c1"));
	driver_free(driver);
	arena_release(&arena);
}

/* A chain that is given replaces the policy's, but one that is only implied by an address doesn't replace one that somebody
 * wrote: its deployment isn't in that chain's list, so it is never judged. */
static void an_implied_chain_does_not_replace_a_written_one(void **state)
{
	static const struct {
		struct policy_target policy, given;
		const char *chain;
	} cases[] = {
		{{.chain = {"rag", 3}}, {.chain = {"", 0}}, "rag"},
		{{.chain = {"rag", 3}}, {.chain = {"c9", 2}}, "c9"},
		{{.chain = {"rag", 3}}, {.chain = {"c9", 2}, .chain_is_implied = true}, "rag"},
		{{.chain = {"", 0}}, {.chain = {"c9", 2}, .chain_is_implied = true}, "c9"},
		{{.chain = {"", 0}}, {.chain = {"c9", 2}}, "c9"},
		{{.chain = {"c8", 2}, .chain_is_implied = true}, {.chain = {"c9", 2}, .chain_is_implied = true}, "c9"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct policy_target both = plan_target(cases[i].policy, &cases[i].given);
		if (!text_is(both.chain, cases[i].chain))
			fail_msg("row %zu: %.*s", i, TEXT_ARG(both.chain));
	}
}

/* What a target is called that has no name of its own: by what it selects. */
static void a_target_is_called_by_what_it_selects(void **state)
{
	static const struct {
		const char *target, *name;
	} cases[] = {
		{"{chain: rag, deployment: q86yjdy}", "rag/q86yjdy"},
		{"{chain: rag, latest: true}", "rag/latest"},
		{"{chain: rag, environment: prod}", "rag/prod"},
		{"{chain: rag, environment: prod, role: current}", "rag/prod/current"},
		{"{chain: rag, environment: prod, role: candidate}", "rag/prod/candidate"},
		{"{chain: rag, all: true}", "rag/all"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct diags diags = {.arena = &arena};
		const char *yaml = arena_printf(&arena, "version: 1\nrules: [all chainlets ACTIVE]\ntarget: %s\n",
						cases[i].target);
		const struct policy *policy =
			policy_load(&arena, source_make(&arena, "p", text_of(yaml)), NULL, &diags);
		if (!policy)
			fail_msg("%s: %s", cases[i].target, diags.first->message);
		const struct gate_plan *plan =
			plan_make(&arena, policy, &(struct plan_overrides){.wait = policy->wait});
		assert_int_equal(plan->target_count, 1);
		assert_true(text_is(plan->targets[0].name, cases[i].name));
		arena_release(&arena);
	}
}

/* Which deployments of a chain are read whole: those that a target selects in it, as its own or as its baseline. */
static void a_chain_is_asked_for_what_is_selected_in_it(void **state)
{
	static const char yaml[] =
		"version: 1\nrules: [all chainlets ACTIVE]\n"
		"targets: [{name: x, chain: rag, deployment: q1, baseline: {chain: other, deployment: q2}},\n"
		"          {name: y, chain: other, deployment: q3, baseline: {deployment: q4}},\n"
		"          {name: z, chain: third, deployment: q5}]\n";
	static const struct {
		const char *chain, *wanted;
	} cases[] = {{"rag", "q1 "}, {"other", "q2 q3 q4 "}, {"third", "q5 "}};
	(void)state;
	struct arena arena = {0};
	struct diags diags = {.arena = &arena};
	const struct policy *policy = policy_load(&arena, source_make(&arena, "p", text_of(yaml)), NULL, &diags);
	assert_non_null(policy);
	const struct gate_plan *plan = plan_make(&arena, policy, &(struct plan_overrides){.wait = policy->wait});
	struct driver *driver = driver_new(plan, DRIVER_EXACT);
	size_t count;
	const struct driver_chain *chains = driver_chains(driver, &count);
	assert_int_equal(count, 3);
	for (size_t i = 0; i < count; i++) {
		const char *wanted = cases[i].wanted;
		assert_true(text_is(chains[i].wanted, cases[i].chain));
		for (; *wanted; wanted += 3) {
			size_t found = 0;
			for (size_t k = 0; k < chains[i].selector_count; k++)
				found += text_equal(chains[i].selectors[k]->value, (struct text){wanted, 2});
			if (found == 0)
				fail_msg("%s: %.2s", cases[i].chain, wanted);
		}
	}
	driver_free(driver);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(each_address_is_compared),
					   cmocka_unit_test(a_baseline_of_another_chain_has_another_id),
					   cmocka_unit_test(an_implied_chain_does_not_replace_a_written_one),
					   cmocka_unit_test(a_target_is_called_by_what_it_selects),
					   cmocka_unit_test(a_chain_is_asked_for_what_is_selected_in_it)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
