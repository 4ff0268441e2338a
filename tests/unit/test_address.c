/* test_address.c - ids are read from Baseten's addresses; addresses that only look like Baseten's are rejected. */
#include "chaingate/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *address, *chain, *deployment, *environment; /* chain NULL: the address is rejected */
} rows[] = {
	{"https://app.baseten.co/chains/C1", "C1", "", ""},
	{"https://app.baseten.co/chains/C1/", "C1", "", ""},
	{"https://app.baseten.co/chains/C1//", "C1", "", ""},
	{"https://app.baseten.co/chains/C1/overview", "C1", "", ""},
	{"https://app.baseten.co/chains/C1/overview/?tab=1#x", "C1", "", ""},
	{"https://app.baseten.co/chains/C1/logs", "C1", "", ""},
	{"https://app.baseten.co/chains/C1/logs/d_2", "C1", "d_2", ""},
	{"https://app.baseten.co/chains/C1/logs/d2/x3", "C1", "d2", ""},
	{"https://app.baseten.co/chains/C1/logs/d2/x3?range=1h", "C1", "d2", ""},
	{"https://app.baseten.co/chains/C1/logs/d2#top", "C1", "d2", ""},
	{"https://app.us-east-1.baseten.co/chains/C1/logs/d2", "C1", "d2", ""},
	{"https://chain-C1.api.baseten.co/deployment/d2/run_remote", "C1", "d2", ""},
	{"https://chain-C1.api.baseten.co/deployment/d2/async_run_remote", "C1", "d2", ""},
	{"https://chain-C1.api.us-east-1.baseten.co/deployment/d2/run_remote", "C1", "d2", ""},
	{"https://chain-C1-staging.api.baseten.co/deployment/d2/run_remote", "C1", "d2", "staging"},
	{"https://chain-C1.api.baseten.co/environments/staging/run_remote", "C1", "", "staging"},
	{"https://chain-C1.api.baseten.co/production/run_remote", "C1", "", "production"},
	{"wss://chain-C1.api.baseten.co/deployment/d2/websocket", "C1", "d2", ""},
	{"wss://chain-C1-a-b.api.baseten.co/environments/a-b/websocket", "C1", "", "a-b"},
	{"https://api.baseten.co/v1/chains/C1", "C1", "", ""},
	{"https://api.baseten.co/v1/chains/C1/deployments", "C1", "", ""},
	{"https://api.baseten.co/v1/chains/C1/deployments/d2", "C1", "d2", ""},
	{"https://api.baseten.co/v1/chains/C1/deployments/d2/promote", "C1", "d2", ""},
	{"https://api.baseten.co/v1/chains/C1/environments/staging?x", "C1", "", "staging"},
	{"HTTPS://App.Baseten.CO/chains/C1/logs/d2", "C1", "d2", ""},
	{"https://app.baseten.co:443/chains/C1/logs/d2", "C1", "d2", ""},
	{"https://API.baseten.co/v1/chains/C1/deployments/d2", "C1", "d2", ""},
	{"WSS://Chain-C1.api.baseten.co/deployment/d2/websocket", "C1", "d2", ""},
	{"app.baseten.co/chains/C1/logs/d2?range=1h", "C1", "d2", ""},
	{"chain-C1.api.baseten.co/deployment/d2/run_remote", "C1", "d2", ""},
	{"api.eu-west-1.baseten.co/v1/chains/C1/deployments/d2", "C1", "d2", ""},
	/* addresses that only look like Baseten's */
	{"app.baseten.co", NULL, NULL, NULL},
	{"app.baseten.co.evil.example/chains/C1", NULL, NULL, NULL},
	{"//app.baseten.co/chains/C1", NULL, NULL, NULL},
	{"https:/app.baseten.co/chains/C1", NULL, NULL, NULL},
	{"https://app.baseten.co:4433/chains/C1", NULL, NULL, NULL},
	{"https://app.baseten.co:443:443/chains/C1", NULL, NULL, NULL},
	{"file://app.baseten.co/chains/C1", NULL, NULL, NULL},
	{"http://app.baseten.co/chains/C1/logs/d2", NULL, NULL, NULL},
	{"ws://chain-C1.api.baseten.co/deployment/d2/websocket", NULL, NULL, NULL},
	{"wss://app.baseten.co/chains/C1/logs/d2", NULL, NULL, NULL},
	{"wss://api.baseten.co/v1/chains/C1/deployments/d2", NULL, NULL, NULL},
	{"https://evil.example/chains/C1/logs/d2", NULL, NULL, NULL},
	{"https://baseten.co.evil.example/chains/C1", NULL, NULL, NULL},
	{"https://evilbaseten.co/chains/C1", NULL, NULL, NULL},
	{"https://.baseten.co/chains/C1", NULL, NULL, NULL},
	{"https://a..baseten.co/chains/C1", NULL, NULL, NULL},
	{"https://user@app.baseten.co/chains/C1", NULL, NULL, NULL},
	{"https://app.baseten.co:8/chains/C1", NULL, NULL, NULL},
	{"https://app.baseten.co/chains/", NULL, NULL, NULL},
	{"https://app.baseten.co/chains//logs/d2", NULL, NULL, NULL},
	{"https://app.baseten.co/chains/C1/metrics", NULL, NULL, NULL},
	{"https://app.baseten.co/chains/C1/overview/x", NULL, NULL, NULL},
	{"https://app.baseten.co/chains/C1/logs/d2/x/y", NULL, NULL, NULL},
	{"https://app.baseten.co/chains/C1/logs/d%32", NULL, NULL, NULL},
	{"https://app.baseten.co/chains/.C1", NULL, NULL, NULL},
	{"https://app.baseten.co//C1", NULL, NULL, NULL},
	{"https://app.baseten.co/chains/../logs/d2", NULL, NULL, NULL},
	{"https://chain-C1.api.baseten.co/deployment//run_remote", NULL, NULL, NULL},
	{"https://chain-.api.baseten.co/deployment/d2/run_remote", NULL, NULL, NULL},
	{"https://chain-C1.api.baseten.co/deployment/d2/delete", NULL, NULL, NULL},
	{"https://api.baseten.co/v2/chains/C1", NULL, NULL, NULL},
	{"https://app.baseten.co/modelss/C1/logs/d2", NULL, NULL, NULL},
	{"https://models-C1.api.baseten.co/deployment/d2/predict", NULL, NULL, NULL},
	{"C1", NULL, NULL, NULL},
	{"", NULL, NULL, NULL},
	{"https://", NULL, NULL, NULL},
};

/* Of models: the same forms, with other words for what is asked of them. */
static const struct {
	const char *address, *model, *deployment, *environment; /* model NULL: the address is rejected */
} models[] = {
	{"https://app.baseten.co/models/M1", "M1", "", ""},
	{"https://app.baseten.co/models/M1/overview?tab=1#x", "M1", "", ""},
	{"https://app.baseten.co/models/M1/logs/d2?range=1h", "M1", "d2", ""},
	{"app.us-east-1.baseten.co/models/M1/logs/d2/", "M1", "d2", ""},
	{"https://model-M1.api.baseten.co/deployment/d2/predict", "M1", "d2", ""},
	{"https://model-M1.api.baseten.co/deployment/d2/async_predict", "M1", "d2", ""},
	{"wss://Model-M1.api.eu-west-1.baseten.co/deployment/d2/websocket", "M1", "d2", ""},
	{"https://model-M1.api.baseten.co/environments/staging/predict?x", "M1", "", "staging"},
	{"https://model-M1-eu.api.baseten.co/environments/eu/predict", "M1", "", "eu"},
	{"https://model-M1.api.baseten.co/production/predict", "M1", "", "production"},
	{"https://api.baseten.co/v1/models/M1/deployments/d2", "M1", "d2", ""},
	{"https://api.baseten.co/v1/models/M1/environments/staging", "M1", "", "staging"},
	/* no environment has it */
	{"https://model-M1.api.baseten.co/development/predict", NULL, NULL, NULL},
	/* a chain's actions, and a chain's host with a model's */
	{"https://model-M1.api.baseten.co/deployment/d2/run_remote", NULL, NULL, NULL},
	{"https://chain-M1.api.baseten.co/deployment/d2/predict", NULL, NULL, NULL},
	{"https://app.baseten.co/models/M1/metrics", NULL, NULL, NULL},
	{"https://app.baseten.co.evil.example/models/M1", NULL, NULL, NULL},
};

static void test_models(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
		struct address found = {.chain = TEXT("untouched")};
		bool is_one = address_parse(text_of(models[i].address), &found);
		if (is_one != (models[i].model != NULL))
			fail_msg("%s: %d", models[i].address, is_one);
		if (!text_is(found.chain, is_one ? models[i].model : "untouched") ||
		    (is_one && (found.of != TARGET_MODEL || !text_is(found.deployment, models[i].deployment) ||
				!text_is(found.environment, models[i].environment))))
			fail_msg("%s: other ids", models[i].address);
	}
}

static void test_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct address found = {.chain = TEXT("untouched")};
		bool is_one = address_parse(text_of(rows[i].address), &found);
		if (is_one != (rows[i].chain != NULL))
			fail_msg("%s: %d", rows[i].address, is_one);
		if (!text_is(found.chain, is_one ? rows[i].chain : "untouched") ||
		    (is_one && (found.of != TARGET_CHAIN || !text_is(found.deployment, rows[i].deployment) ||
				!text_is(found.environment, rows[i].environment))))
			fail_msg("%s: other ids", rows[i].address);
	}
	assert_true(address_is_one(TEXT("ftp://x")));
	assert_true(address_is_one(TEXT("app.baseten.co/chains/C1")));
	assert_true(address_is_one(TEXT("app.baseten.co/elsewhere")));
	assert_true(address_is_one(TEXT("://x")));
	assert_false(address_is_one(TEXT("baseten.co")));
	assert_false(address_is_one(TEXT("rag/app.baseten.co")));
	assert_false(address_is_one(TEXT("a:/b")));
}

/* Ids have letters, digits, "-" and "_": the first and the last of each kind, and their neighbours in ASCII. */
static void test_characters_of_ids(void **state)
{
	static const char not_in_ids[] = "`{@[:.,^ %~\x80";
	(void)state;
	struct address found = {0};
	assert_true(address_parse(TEXT("https://app.baseten.co/chains/azAZ09-_/logs/_-90ZAza"), &found));
	assert_true(text_is(found.chain, "azAZ09-_"));
	assert_true(text_is(found.deployment, "_-90ZAza"));
	for (size_t i = 0; i + 1 < sizeof(not_in_ids); i++) {
		char address[] = "https://app.baseten.co/chains/C1/logs/?d/x/y";
		*strchr(address, '?') = not_in_ids[i];
		if (address_parse(text_of(address), &found))
			fail_msg("%s", address);
	}
}

/* What a policy or a recording calls each kind is found again; nothing else is. */
static void test_names_of_kinds(void **state)
{
	static const char *const others[] = {"", "chains", "Chain", "chai", "chain_id", "deployment"};
	(void)state;
	for (int kind = 0; kind < TARGET_KIND_COUNT; kind++) {
		enum target_kind found = TARGET_KIND_COUNT;
		assert_true(target_kind_parse(text_of(target_kind_name((enum target_kind)kind)), &found));
		assert_int_equal(found, kind);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		enum target_kind found = TARGET_KIND_COUNT;
		assert_false(target_kind_parse(text_of(others[i]), &found));
		assert_int_equal(found, TARGET_KIND_COUNT);
	}
}

/* An address that is given as the chain names more than the chain: what the selector doesn't select is said. */
static void test_dropped_parts(void **state)
{
	static const struct {
		const char *deployment, *environment;
		struct selector selector;
		const char *dropped, *kind;
	} dropped[] = {
		{"d2", "", {.kind = SELECT_LATEST}, "d2", "deployment"},
		{"d2", "", {.kind = SELECT_DEPLOYMENT, .value = {"d3", 2}}, "d2", "deployment"},
		{"d2", "", {.kind = SELECT_ENVIRONMENT, .value = {"d2", 2}}, "d2", "deployment"},
		{"d2", "", {.kind = SELECT_DEPLOYMENT, .value = {"d2", 2}}, "", NULL},
		{"d2", "", {.kind = SELECT_ENVIRONMENT, .value = {"e", 1}, .expected = {"d2", 2}}, "", NULL},
		/* the deployment says more than the environment that it is in */
		{"d2", "prod", {.kind = SELECT_ENVIRONMENT, .value = {"prod", 4}}, "d2", "deployment"},
		{"d2", "prod", {.kind = SELECT_DEPLOYMENT, .value = {"d2", 2}}, "", NULL},
		{"", "prod", {.kind = SELECT_LATEST}, "prod", "environment"},
		{"", "prod", {.kind = SELECT_ENVIRONMENT, .value = {"staging", 7}}, "prod", "environment"},
		{"", "prod", {.kind = SELECT_DEPLOYMENT, .value = {"prod", 4}}, "prod", "environment"},
		{"", "prod", {.kind = SELECT_ENVIRONMENT, .value = {"prod", 4}}, "", NULL},
		{"", "", {.kind = SELECT_ALL}, "", NULL},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(dropped) / sizeof(dropped[0]); i++) {
		struct address address = {.deployment = text_of(dropped[i].deployment),
					  .environment = text_of(dropped[i].environment)};
		const char *kind = "";
		struct text found = address_dropped(&address, &dropped[i].selector, &kind);
		if (!text_is(found, dropped[i].dropped))
			fail_msg("row %zu: %.*s", i, TEXT_ARG(found));
		if (dropped[i].kind)
			assert_string_equal(kind, dropped[i].kind);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),         cmocka_unit_test(test_models),
		cmocka_unit_test(test_characters_of_ids), cmocka_unit_test(test_names_of_kinds),
		cmocka_unit_test(test_dropped_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
