/* test_policy.c - the parts of the policy room that no single policy file shows: the shipped policies, whose rules they
 * are, a parameter that is nearly called so, a target without a policy. */
#include "chaingate/policy.h"
#include "chaingate/yaml_values.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct policy *load(struct arena *arena, const char *name, const char *yaml)
{
	struct diags diags = {.arena = arena};
	const struct policy *policy =
		policy_load(arena, source_make(arena, name, text_of(yaml)), &(struct policy_request){0}, &diags);
	if (!policy)
		fail_msg("%s: %s", name, diags.first->message);
	return policy;
}

static const struct policy *join(struct arena *arena, const struct policy *const *policies, size_t count)
{
	struct diags diags = {.arena = arena};
	const struct policy *joined = policy_join(arena, policies, count, &diags);
	assert_non_null(joined);
	return joined;
}

/* ---- shipped ---------------------------------------------------------------------------------------------------- */

static void each_shipped_policy_has_a_name_and_can_be_loaded(void **state)
{
	(void)state;
	size_t count = 0;
	const char *const *names = policy_shipped_names(&count);
	bool has_production = false;
	assert_true(count > 1);
	for (size_t i = 0; i < count; i++) {
		struct arena arena = {0};
		struct text yaml = policy_shipped_yaml(&arena, text_of(names[i]));
		assert_true(yaml.length > 0);
		load(&arena, names[i], yaml.bytes);
		has_production |= strcmp(names[i], "production") == 0;
		if (i)
			assert_true(strcmp(names[i - 1], names[i]) < 0);
		arena_release(&arena);
	}
	assert_true(has_production);
}

static void no_other_policy_is_shipped(void **state)
{
	(void)state;
	static const char *const others[] = {"", "productio", "production.yaml", "@production", "Production"};
	struct arena arena = {0};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(policy_shipped_yaml(&arena, text_of(others[i])).length, 0);
	arena_release(&arena);
}

/* ---- several files ---------------------------------------------------------------------------------------------- */

static void each_file_of_the_rules_is_told_once_in_their_order(void **state)
{
	(void)state;
	struct arena arena = {0};
	const struct policy *policies[] = {
		load(&arena, "b.yaml",
		     "version: 1\nrules: [all chainlets ACTIVE]\ntargets: [{name: s, chain: s}, {name: t, chain: "
		     "t}]\n"),
		load(&arena, "a.yaml", "version: 1\nrules: [count(chainlets) == 1, count(chainlets) < 9]\n"),
	};
	const struct source *const *sources;
	assert_int_equal(policy_sources(&arena, join(&arena, policies, 2), &sources), 2);
	assert_string_equal(sources[0]->name, "b.yaml");
	assert_string_equal(sources[1]->name, "a.yaml");
	arena_release(&arena);
}

static const char *nearest(struct arena *arena, const struct policy *const *policies, size_t count, const char *name)
{
	const char *near = policy_nearest_param(arena, policies, count, text_of(name));
	return near ? near : "none";
}

static void a_parameter_that_is_nearly_called_so_is_found_in_all_policies(void **state)
{
	(void)state;
	struct arena arena = {0};
	const struct policy *policies[] = {
		load(&arena, "a.yaml",
		     "version: 1\nparams: {replicas: 2, share: 20%}\nrules: [all chainlets ACTIVE]\n"),
		load(&arena, "b.yaml", "version: 1\nrules: [count(chainlets) == 1]\n"),
		load(&arena, "c.yaml", "version: 1\nparams: {minutes: 5m}\nrules: [count(chainlets) < 9]\n"),
	};
	assert_string_equal(nearest(&arena, policies, 3, "replica"), "replicas");
	assert_string_equal(nearest(&arena, policies, 3, "shares"), "share");
	assert_string_equal(nearest(&arena, policies, 3, "minuets"), "minutes");
	assert_string_equal(nearest(&arena, policies, 3, "chain"), "none");
	assert_string_equal(nearest(&arena, policies, 2, "minuets"), "none");
	assert_string_equal(nearest(&arena, &policies[1], 1, "replica"), "none");
	const struct policy *joined = join(&arena, policies, 3);
	assert_string_equal(nearest(&arena, &joined, 1, "minuets"), "minutes");
	arena_release(&arena);
}

/* Nobody knows its type, so nothing more can be said of it. */
static void a_parameter_that_was_refused_takes_no_value(void **state)
{
	(void)state;
	static const char *const values[] = {"1", "5m", "ACTIVE", "wrong"};
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct arena arena = {0};
		struct diags diags = {.arena = &arena};
		struct text value = text_of(values[i]);
		struct policy_setting setting = {
			.name = TEXT("replicas"),
			.value = {.source = source_make(&arena, "<--set>", value), .text = value},
		};
		struct policy_request request = {.settings = &setting, .setting_count = 1};
		const struct source *source = source_make(
			&arena, "p.yaml", TEXT("version: 1\nparams: {replicas: [2]}\nrules: [all chainlets ACTIVE]\n"));
		assert_null(policy_load(&arena, source, &request, &diags));
		assert_int_equal(diags.errors, 1);
		assert_string_equal(diags.first->message, "a parameter must be one value, this is a list");
		arena_release(&arena);
	}
}

/* ---- names ------------------------------------------------------------------------------------------------------ */

/* A rule in which as many characters of two bytes stand as `points` leaves room for. */
static const char *long_rule(struct arena *arena, size_t points)
{
	static const char begin[] = "name != \"";
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	buf_add_string(&buf, "version: 1\nrules:\n  - '");
	buf_add_string(&buf, begin);
	for (size_t i = strlen(begin) + 1; i < points; i++)
		buf_add_string(&buf, "\xC3\xA9");
	buf_add_string(&buf, "\"'\n");
	const char *rule = arena_text(arena, buf_text(&buf)).bytes;
	buf_release(&buf);
	return rule;
}

static void a_rule_of_more_than_a_thousand_characters_needs_a_name(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct diags diags = {.arena = &arena};
	load(&arena, "p.yaml", long_rule(&arena, 1000));
	assert_null(policy_load(&arena, source_make(&arena, "p.yaml", text_of(long_rule(&arena, 1001))),
				&(struct policy_request){0}, &diags));
	assert_int_equal(diags.errors, 1);
	assert_string_equal(diags.first->message, "a rule of more than 1,000 characters needs a name");
	/* Neither has a name, so they don't have the same one. */
	const char *rule = long_rule(&arena, 1001);
	const char *both = arena_printf(&arena, "%s%s", rule, strstr(rule, "  - "));
	struct diags of_both = {.arena = &arena};
	assert_null(policy_load(&arena, source_make(&arena, "p.yaml", text_of(both)), &(struct policy_request){0},
				&of_both));
	assert_int_equal(of_both.errors, 2);
	arena_release(&arena);
}

static void a_policy_is_called_like_its_file(void **state)
{
	(void)state;
	static const char *const files[][2] = {
		{"gate.yaml", "gate"}, {"ci/gate.yml", "gate"}, {"/a/b.yaml/gate", "gate"}, {"gate", "gate"},
		{"a/.yaml", ".yaml"},  {"/gate.yaml", "gate"},  {"gate.json", "gate.json"}, {"a.yaml.yml", "a.yaml"},
	};
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct arena arena = {0};
		const struct policy *policy = load(&arena, files[i][0], "version: 1\nrules: [all chainlets ACTIVE]\n");
		assert_true(text_is(policy->name, files[i][1]));
		arena_release(&arena);
	}
}

static const struct source *many_targets(struct arena *arena, size_t count)
{
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	buf_add_string(&buf, "version: 1\nrules: [all chainlets ACTIVE]\ntargets:\n");
	for (size_t i = 0; i < count; i++)
		buf_printf(&buf, "  - {name: t%zu, chain: c, deployment: d%zu}\n", i, i);
	struct text yaml = arena_text(arena, buf_text(&buf));
	buf_release(&buf);
	return source_make(arena, "p.yaml", yaml);
}

static void a_policy_has_at_most_a_thousand_targets(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct diags diags = {.arena = &arena};
	struct policy_request request = {0};
	const struct policy *policy = policy_load(&arena, many_targets(&arena, 1000), &request, &diags);
	assert_non_null(policy);
	assert_int_equal(policy->target_count, 1000);
	assert_null(policy_load(&arena, many_targets(&arena, 1001), &request, &diags));
	assert_int_equal(diags.errors, 1);
	assert_string_equal(diags.first->message, "'targets' has more than 1000 entries");
	arena_release(&arena);
}

/* ---- a target alone --------------------------------------------------------------------------------------------- */

static const struct {
	const char *yaml;
	const char *message;     /* the mistake; NULL: none */
	enum selector_kind kind; /* what could be read all the same */
	enum environment_role role;
	const char *chain, *value, *expected;
} alone[] = {
	{"{chain: c, deployment: d1}", NULL, SELECT_DEPLOYMENT, ROLE_ANY, "c", "d1", ""},
	{"{chain: c, environment: prod, role: candidate}", NULL, SELECT_ENVIRONMENT, ROLE_CANDIDATE, "c", "prod", ""},
	{"{chain: c, environment: prod, expect_deployment: d2}", NULL, SELECT_ENVIRONMENT, ROLE_CURRENT, "c", "prod",
	 "d2"},
	{"rag", "target must be a mapping, this is a string", SELECT_NOTHING, ROLE_ANY, "", "", ""},
	{"[chain, c]", "target must be a mapping, this is a list", SELECT_NOTHING, ROLE_ANY, "", "", ""},
	{"{chain: c, deployment: ''}", "'deployment' is empty", SELECT_NOTHING, ROLE_ANY, "c", "", ""},
	{"{chain: c, deployment: $ID}", "", SELECT_NOTHING, ROLE_ANY, "c", "", ""},
	{"{chain: c, deployment: latest}", "'deployment' is the id of a deployment, not 'latest'", SELECT_NOTHING,
	 ROLE_ANY, "c", "", ""},
	{"{chain: c, latest: maybe}", "'latest' must be true or false", SELECT_NOTHING, ROLE_ANY, "c", "", ""},
	{"{chain: c, latest: false}", "'latest' can only be true", SELECT_NOTHING, ROLE_ANY, "c", "", ""},
	{"{chain: c, environment: prod, expect_deployment: ''}", "'expect_deployment' is empty", SELECT_ENVIRONMENT,
	 ROLE_ANY, "c", "prod", ""},
};

static void what_could_be_read_of_a_target_is_told_beside_a_mistake(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(alone) / sizeof(alone[0]); i++) {
		struct arena arena = {0};
		struct diags diags = {.arena = &arena};
		const struct source *source = source_make(&arena, "p.test.yaml", text_of(alone[i].yaml));
		const struct yaml_node *node = yaml_parse(&arena, source, &diags);
		struct policy_target target = {0};
		assert_non_null(node);
		policy_target_load(&(struct yaml_reader){&arena, source, &diags}, node, &target);
		assert_int_equal(diags.errors, alone[i].message != NULL);
		if (alone[i].message && !strstr(diags.first->message, alone[i].message))
			fail_msg("'%s' isn't in '%s'", alone[i].message, diags.first->message);
		assert_int_equal(target.span.end > 0, node->kind == YAML_MAPPING);
		assert_int_equal(target.selector.kind, alone[i].kind);
		assert_int_equal(target.selector.role, alone[i].role);
		assert_true(text_is(target.chain, alone[i].chain));
		assert_true(text_is(target.selector.expected, alone[i].expected));
		if (target.selector.kind != SELECT_NOTHING)
			assert_true(text_is(target.selector.value, alone[i].value));
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_shipped_policy_has_a_name_and_can_be_loaded),
		cmocka_unit_test(no_other_policy_is_shipped),
		cmocka_unit_test(each_file_of_the_rules_is_told_once_in_their_order),
		cmocka_unit_test(a_parameter_that_is_nearly_called_so_is_found_in_all_policies),
		cmocka_unit_test(a_parameter_that_was_refused_takes_no_value),
		cmocka_unit_test(a_rule_of_more_than_a_thousand_characters_needs_a_name),
		cmocka_unit_test(a_policy_is_called_like_its_file),
		cmocka_unit_test(a_policy_has_at_most_a_thousand_targets),
		cmocka_unit_test(what_could_be_read_of_a_target_is_told_beside_a_mistake),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
