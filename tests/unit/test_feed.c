/* test_feed.c - which requests a feed sends, and which chains an answer is about. */
#include "feeding.h"

static void test_one_look_up_serves_all_waiting_chains(void **state)
{
	struct feed *feed = make();
	(void)state;
	feed_ask(feed, 0);
	expect_request(feed, "/v1/chains", 2);
	feed_ask(feed, 1);
	expect_no_request(feed);
	take(feed, 2, 200, CHAINS, "", 0);
	expect_no_reading(feed);
	expect_request(feed, "/v1/chains/c1/deployments", 0);
	expect_request(feed, "/v1/chains/c2/deployments", 1);
	expect_no_request(feed);
	take(feed, 1, 200, LIST, "", 5);
	struct feed_reading reading = expect_reading(feed, 1);
	assert_non_null(reading.listing);
	assert_true(reading.is_list);
	assert_true(text_is(reading.chain_id, "c2"));
	assert_int_equal(reading.sent_ns, 0); /* since the look-up */
	assert_int_equal(reading.at_ns, 6 * NS_PER_S);
	expect_no_reading(feed);
	/* The id is known now. */
	feed_ask(feed, 1);
	expect_request(feed, "/v1/chains/c2/deployments", 1);
	take(feed, 1, 200, LIST, "", 9);
	assert_int_equal(expect_reading(feed, 1).sent_ns, 9 * NS_PER_S);
	feed_free(feed);
	feed_free(NULL);
}

/* A look-up that failed, or that didn't have the chain, is over: the next poll looks up again. */
static void test_a_failed_look_up_is_repeated(void **state)
{
	struct feed *feed = make();
	(void)state;
	feed_ask(feed, 0);
	feed_ask(feed, 1);
	expect_request(feed, "/v1/chains", 2);
	expect_no_request(feed);
	take(feed, 2, 503, "", "", 0);
	for (size_t i = 0; i < 2; i++) {
		struct feed_reading reading = expect_reading(feed, i);
		assert_null(reading.listing);
		assert_false(reading.is_list);
		assert_int_equal(reading.miss.http_status, 503);
	}
	expect_no_request(feed);
	feed_ask(feed, 1);
	expect_request(feed, "/v1/chains", 2);
	take(feed, 2, 200, ONLY_ONE, "", 10);
	assert_int_equal(expect_reading(feed, 1).miss.cause, MISS_NO_CHAIN);
	expect_no_reading(feed); /* nobody asked for the other one */
	feed_ask(feed, 1);
	feed_ask(feed, 0);
	expect_request(feed, "/v1/chains", 2);
	expect_no_request(feed);
	take(feed, 2, 200, CHAINS, "", 20);
	expect_request(feed, "/v1/chains/c1/deployments", 0);
	expect_request(feed, "/v1/chains/c2/deployments", 1);
	feed_free(feed);
}

#define ENVIRONMENT(name, chain) \
	"{\"name\": \"" name "\", \"created_at\": \"2026-05-04T10:00:00Z\", \"chain_id\": \"" chain \
	"\", \"promotion_settings\": {}, \"chainlet_settings\": [], \"current_deployment\": null}"

/* A chain's list and one of its environments are asked for separately, after one look-up. */
static void an_environment_is_asked_for_by_its_path(void **state)
{
	static const struct feed_source sources[] = {{{"one", 3}, {0}, {0}, TARGET_CHAIN, false},
						     {{"one", 3}, {"production", 10}, {0}, TARGET_CHAIN, false}};
	static const struct {
		const char *body;
		bool is_accepted;
	} answers[] = {
		{ENVIRONMENT("production", "c1"), true},
		{ENVIRONMENT("staging", "c1"), false},
		{ENVIRONMENT("production", "c2"), false},
		{LIST, false},
	};
	struct feed *feed = feed_new(sources, 2, 1 << 20);
	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		feed_ask(feed, 0);
		feed_ask(feed, 1);
		if (i == 0) {
			expect_request(feed, "/v1/chains", 2);
			expect_no_request(feed);
			take(feed, 2, 200, CHAINS, "", 1);
		}
		expect_request(feed, "/v1/chains/c1/deployments", 0);
		expect_request(feed, "/v1/chains/c1/environments/production", 1);
		take(feed, 1, 200, answers[i].body, "", 2);
		struct feed_reading reading = expect_reading(feed, 1);
		assert_int_equal(reading.listing != NULL, answers[i].is_accepted);
		assert_true(reading.is_list);
		if (!answers[i].is_accepted)
			assert_int_equal(reading.miss.cause, MISS_MALFORMED);
		take(feed, 0, 200, LIST, "", 2);
		assert_non_null(expect_reading(feed, 0).listing);
	}
	feed_free(feed);
}

/* Whoever wants the chains gets the first whole list; only misses reach the chains that wait for it. */
static void the_list_of_chains_is_all_that_is_wanted(void **state)
{
	static const char *const bad[] = {"", "{\"chains\": [", "{\"chains\": [], \"has_more\": true}",
					  "{\"chains\": null}"};
	struct feed *feed = make();
	const struct chain *chains;
	size_t count;
	(void)state;
	feed_want_chains(feed, true);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		feed_ask(feed, 0);
		expect_request(feed, "/v1/chains", 2);
		take(feed, 2, 200, bad[i], "", 0);
		assert_false(feed_chains(feed, &chains, &count));
		assert_int_not_equal(expect_reading(feed, 0).miss.cause, MISS_NONE);
		expect_no_reading(feed);
	}
	feed_ask(feed, 0);
	expect_request(feed, "/v1/chains", 2);
	take(feed, 2, 200, CHAINS, "Fri, 14 Aug 2026 09:00:07 GMT", 0);
	assert_true(feed_chains(feed, &chains, &count));
	assert_int_equal(count, 2);
	assert_true(text_is(chains[0].id, "c1"));
	assert_true(text_is(chains[1].name, "two"));
	expect_no_reading(feed);
	expect_no_request(feed);
	feed_free(feed);
}

/* A chain whose id is known isn't looked up, also if it has gone. */
static void a_known_id_needs_no_look_up(void **state)
{
	static const struct feed_source sources[] = {{{"one", 3}, {0}, {"c1", 2}, TARGET_CHAIN, false},
						     {{"two", 3}, {0}, {0}, TARGET_CHAIN, false}};
	struct feed *feed = feed_new(sources, 2, 1 << 20);
	(void)state;
	feed_ask(feed, 0);
	expect_request(feed, "/v1/chains/c1/deployments", 0);
	expect_no_request(feed);
	take(feed, 0, 404, "{}", "Fri, 14 Aug 2026 10:00:00 GMT", 0);
	struct feed_reading reading = expect_reading(feed, 0);
	assert_null(reading.listing);
	assert_true(text_is(reading.chain_id, "c1"));
	assert_false(reading.has_clock);
	feed_ask(feed, 0);
	feed_ask(feed, 1);
	expect_request(feed, "/v1/chains/c1/deployments", 0);
	expect_request(feed, "/v1/chains", 2);
	feed_free(feed);
}

/* A chain that has another one's id as its name isn't that one, though one look-up serves both. */
static void an_id_is_not_taken_for_a_name(void **state)
{
	static const struct feed_source sources[] = {{{"one", 3}, {0}, {0}, TARGET_CHAIN, true},
						     {{"one", 3}, {0}, {0}, TARGET_CHAIN, false},
						     {{"c2", 2}, {0}, {0}, TARGET_CHAIN, true}};
	struct feed *feed = feed_new(sources, 3, 1 << 20);
	(void)state;
	for (size_t i = 0; i < 3; i++)
		feed_ask(feed, i);
	expect_request(feed, "/v1/chains", 3);
	expect_no_request(feed);
	take(feed, 3, 200, CHAINS, "", 1);
	struct feed_reading reading = expect_reading(feed, 0);
	assert_int_equal(reading.miss.cause, MISS_NO_CHAIN);
	assert_int_equal(reading.chain_id.length, 0);
	expect_request(feed, "/v1/chains/c1/deployments", 1);
	expect_request(feed, "/v1/chains/c2/deployments", 2);
	/* One that comes later is found. */
	feed_ask(feed, 0);
	expect_request(feed, "/v1/chains", 3);
	take(feed, 3, 200, "{\"chains\": [" CHAIN("one", "three") "," CHAIN("c1", "one") "]}", "", 2);
	expect_request(feed, "/v1/chains/one/deployments", 0);
	feed_free(feed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_environment_is_asked_for_by_its_path),
		cmocka_unit_test(test_one_look_up_serves_all_waiting_chains),
		cmocka_unit_test(test_a_failed_look_up_is_repeated),
		cmocka_unit_test(the_list_of_chains_is_all_that_is_wanted),
		cmocka_unit_test(a_known_id_needs_no_look_up),
		cmocka_unit_test(an_id_is_not_taken_for_a_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
