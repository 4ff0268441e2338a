/* test_feed.c - which requests a feed sends, and which chains an answer is about. */
#include "chaingate/feed.h"
#include "chaingate/times.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define CHAIN(id, name) \
	"{\"id\": \"" id "\", \"created_at\": \"2026-05-04T10:00:00Z\", \"name\": \"" name \
	"\", \"deployments_count\": 1, \"team_name\": \"t\"}"
#define CHAINS "{\"chains\": [" CHAIN("c1", "one") "," CHAIN("c2", "two") "]}"
#define ONLY_ONE "{\"chains\": [" CHAIN("c1", "one") "]}"
#define LIST "{\"deployments\": []}"
/* 2026-08-14T09:00:00Z */
#define WALL_NS (INT64_C(1786698000) * NS_PER_S)

static struct feed *make(void)
{
	static const struct feed_source sources[] = {{{"one", 3}, {0}, {0}, TARGET_CHAIN},
						     {{"two", 3}, {0}, {0}, TARGET_CHAIN}};
	return feed_new(sources, 2, 1 << 20);
}

static void expect_request(struct feed *feed, const char *path, size_t tag)
{
	struct feed_request request;
	assert_true(feed_request(feed, &request));
	assert_string_equal(request.path, path);
	assert_int_equal(request.tag, tag);
}

static void expect_no_request(struct feed *feed)
{
	struct feed_request request;
	assert_false(feed_request(feed, &request));
}

static void take(struct feed *feed, size_t tag, int status, const char *body, const char *date, int64_t second)
{
	struct api_answer answer = {
		.http_status = status, .body = text_of(body), .date = text_of(date), .wall_ns = WALL_NS};
	feed_take(feed, tag, &answer, second * NS_PER_S, (second + 1) * NS_PER_S);
}

static struct feed_reading expect_reading(struct feed *feed, size_t chain)
{
	struct feed_reading reading;
	assert_true(feed_reading(feed, &reading));
	assert_int_equal(reading.chain, chain);
	return reading;
}

static void expect_no_reading(struct feed *feed)
{
	struct feed_reading reading;
	assert_false(feed_reading(feed, &reading));
}

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

/* The first answer with status 200 and a Date tells the API's clock. One without teaches nothing, and forbids nothing. */
static void test_the_clock_of_the_first_date(void **state)
{
	static const char minute[] = "Fri, 14 Aug 2026 09:01:00 GMT", hour[] = "Fri, 14 Aug 2026 10:00:00 GMT",
			  soon[] = "Fri, 14 Aug 2026 09:01:14 GMT";
	static const char *const nothing[] = {"", "yesterday",
					      "Fri, 14 Aug 2026 09:01:00 GMT, Fri, 14 Aug 2026 09:09:00 GMT"};
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct feed *feed = make();
		feed_ask(feed, 0);
		expect_request(feed, "/v1/chains", 2);
		take(feed, 2, 503, "", hour, 0);
		assert_false(expect_reading(feed, 0).has_clock);
		feed_ask(feed, 0);
		expect_request(feed, "/v1/chains", 2);
		take(feed, 2, 200, CHAINS, i < 3 ? nothing[i] : minute, 10);
		expect_request(feed, "/v1/chains/c1/deployments", 0);
		take(feed, 0, 200, LIST, i < 3 ? hour : soon, 20);
		struct feed_reading reading = expect_reading(feed, 0);
		assert_true(reading.has_clock);
		assert_int_equal(reading.clock_offset_ns, i < 3 ? 60 * NS_PER_MINUTE : NS_PER_MINUTE);
		feed_free(feed);
	}
}

/* A cache that takes the Age away answers the only look-up: the first list's Date shows how old it was. A list's own Date
 * isn't corrected, because then a server whose clock is ahead would decide. */
static void test_the_clock_of_an_old_look_up_is_corrected(void **state)
{
	static const char eight[] = "Fri, 14 Aug 2026 08:01:00 GMT", nine[] = "Fri, 14 Aug 2026 09:01:00 GMT",
			  soon[] = "Fri, 14 Aug 2026 09:01:04 GMT", ten[] = "Fri, 14 Aug 2026 10:01:00 GMT";
	static const struct {
		const char *look_up, *first, *second;
		int64_t minutes;
	} rows[] = {{eight, nine, nine, 1}, {nine, soon, soon, 1}, {nine, nine, ten, 1}};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct feed *feed = make();
		feed_ask(feed, 0);
		expect_request(feed, "/v1/chains", 2);
		take(feed, 2, 200, CHAINS, rows[i].look_up, 0);
		expect_request(feed, "/v1/chains/c1/deployments", 0);
		take(feed, 0, 200, LIST, rows[i].first, 0);
		expect_reading(feed, 0);
		feed_ask(feed, 0);
		expect_request(feed, "/v1/chains/c1/deployments", 0);
		take(feed, 0, 200, LIST, rows[i].second, 1);
		assert_int_equal(expect_reading(feed, 0).clock_offset_ns, rows[i].minutes * NS_PER_MINUTE);
		feed_free(feed);
	}
}

/* Two servers on the way that write the same Date. */
static void test_a_date_that_came_twice_is_one(void **state)
{
	struct feed *feed = make();
	(void)state;
	feed_ask(feed, 0);
	expect_request(feed, "/v1/chains", 2);
	take(feed, 2, 200, CHAINS, "Fri, 14 Aug 2026 09:01:00 GMT, Fri, 14 Aug 2026 09:01:00 GMT", 10);
	expect_request(feed, "/v1/chains/c1/deployments", 0);
	take(feed, 0, 200, LIST, "", 20);
	assert_true(expect_reading(feed, 0).has_clock);
	feed_free(feed);
}

/* The Dates of a chain's lists after the one of the look-up at 9:00:00, whose second is 0: a cache that takes the Age away
 * leaves the copy's Date. */
static void test_an_old_date_is_a_miss(void **state)
{
	static const struct {
		struct {
			int64_t second;
			const char *date; /* in this hour; NULL: none */
			bool is_copy;
		} lists[4];
	} rows[] = {
		/* honest: whole seconds, slow answers, servers whose clocks differ, no Date, a clock that is set forward */
		{{{1, "09:00:00", false}, {11, "09:00:10", false}, {21, "09:00:20", false}, {31, "09:00:31", false}}},
		{{{1, "09:00:01", false}, {11, "09:00:08", false}, {21, "09:00:23", false}, {31, "09:00:28", false}}},
		{{{1, NULL, false}, {11, "09:00:10", false}, {21, NULL, false}, {31, "yesterday", false}}},
		{{{1, "09:00:01", false}, {11, "10:00:11", false}, {21, "10:00:21", false}, {31, "09:00:31", false}}},
		{{{1, "09:00:01", false}, {2, "09:00:01", false}, {3, "09:00:01", false}, {4, "09:00:04", false}}},
		/* after three hours, clocks have drifted apart */
		{{{1, "09:00:01", false},
		  {10800, "11:59:51", false},
		  {10810, "11:59:40", true},
		  {10820, "12:00:20", false}}},
		/* copies: it stands still, also slowly, or ahead; it goes back; it is always late */
		{{{1, "09:00:00", false}, {11, "09:00:00", true}, {21, "09:00:00", true}, {31, "09:00:31", false}}},
		{{{2, "09:00:00", false}, {4, "09:00:00", false}, {5, "09:00:00", false}, {8, "09:00:00", true}}},
		{{{1, "09:00:01", false}, {11, "10:00:00", false}, {21, "10:00:00", true}, {31, "10:00:00", true}}},
		{{{1, "09:00:01", false}, {11, "08:00:00", true}, {21, "08:00:10", true}, {31, "09:00:30", false}}},
		{{{1, "09:00:01", false}, {11, "09:00:01", true}, {21, "09:00:11", true}, {31, "09:00:21", true}}},
	};
	(void)state;
	for (size_t i = 0; i < 2 * (sizeof rows / sizeof *rows); i++) {
		/* this machine's clock may count from any moment */
		const int64_t start = i % 2 ? 1000000 : 0;
		struct feed *feed = make();
		feed_ask(feed, 0);
		expect_request(feed, "/v1/chains", 2);
		take(feed, 2, 200, CHAINS, "Fri, 14 Aug 2026 09:00:00 GMT", start - 1);
		for (size_t n = 0; n < 4; n++) {
			char date[40] = "";
			if (rows[i / 2].lists[n].date)
				snprintf(date, sizeof date, "Fri, 14 Aug 2026 %s GMT", rows[i / 2].lists[n].date);
			if (n > 0)
				feed_ask(feed, 0);
			expect_request(feed, "/v1/chains/c1/deployments", 0);
			take(feed, 0, 200, LIST, date, rows[i / 2].lists[n].second + start);
			struct feed_reading reading = expect_reading(feed, 0);
			if ((reading.listing == NULL) != rows[i / 2].lists[n].is_copy)
				fail_msg("row %zu, list %zu: %.*s", i, n, TEXT_ARG(reading.miss.detail));
			if (rows[i / 2].lists[n].is_copy)
				assert_int_equal(reading.answer->transport.cause, MISS_STALE); /* so it is recorded */
			assert_int_equal(reading.clock_offset_ns, 0);
		}
		feed_free(feed);
	}
}

/* A cache sends the Date of the answer that it kept: an hour ago the API's clock wasn't an hour behind ours. Such an answer
 * doesn't tell the clock, and a recent one tells it after its age has been added. */
static void test_the_date_of_a_kept_answer_does_not_mislead(void **state)
{
	static const struct {
		const char *headers, *date;
		bool is_stale;
		int64_t offset_ns;
	} rows[] = {
		{"Age: 3600\n", "Fri, 14 Aug 2026 08:00:00 GMT", true, 2 * NS_PER_MINUTE},
		{"age: 3600\n", "Fri, 14 Aug 2026 09:00:00 GMT", true, 2 * NS_PER_MINUTE},
		{"X-Total: 2\nAge: 60\n", "Fri, 14 Aug 2026 09:00:00 GMT", true, 2 * NS_PER_MINUTE},
		{"Age: 2\n", "Fri, 14 Aug 2026 08:59:58 GMT", false, 0},
		{"Age: 10\n", "Fri, 14 Aug 2026 09:00:00 GMT", true, 2 * NS_PER_MINUTE},
		{"Age: \"3600\"\n", "Fri, 14 Aug 2026 08:00:00 GMT", true, 2 * NS_PER_MINUTE},
		{"Age: \n", "Fri, 14 Aug 2026 08:00:00 GMT", false, -60 * NS_PER_MINUTE},
		{"", "Fri, 14 Aug 2026 08:00:00 GMT", false, -60 * NS_PER_MINUTE},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct feed *feed = make();
		struct api_answer answer = {.http_status = 200,
					    .body = TEXT(CHAINS),
					    .date = text_of(rows[i].date),
					    .headers = text_of(rows[i].headers),
					    .wall_ns = WALL_NS};
		feed_ask(feed, 0);
		expect_request(feed, "/v1/chains", 2);
		feed_take(feed, 2, &answer, 0, NS_PER_S);
		if (rows[i].is_stale) {
			assert_false(expect_reading(feed, 0).has_clock);
			feed_ask(feed, 0);
			expect_request(feed, "/v1/chains", 2);
			take(feed, 2, 200, CHAINS, "Fri, 14 Aug 2026 09:02:00 GMT", 10);
		}
		expect_request(feed, "/v1/chains/c1/deployments", 0);
		take(feed, 0, 200, LIST, "", 20);
		assert_int_equal(expect_reading(feed, 0).clock_offset_ns, rows[i].offset_ns);
		feed_free(feed);
	}
}

#define ENVIRONMENT(name, chain) \
	"{\"name\": \"" name "\", \"created_at\": \"2026-05-04T10:00:00Z\", \"chain_id\": \"" chain \
	"\", \"promotion_settings\": {}, \"chainlet_settings\": [], \"current_deployment\": null}"

/* A chain's list and one of its environments are asked for separately, after one look-up. */
static void an_environment_is_asked_for_by_its_path(void **state)
{
	static const struct feed_source sources[] = {{{"one", 3}, {0}, {0}, TARGET_CHAIN},
						     {{"one", 3}, {"production", 10}, {0}, TARGET_CHAIN}};
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

/* A chain whose id is known isn't looked up, also if it has gone; and the clock of the run goes on. */
static void a_known_id_needs_no_look_up(void **state)
{
	static const struct feed_source sources[] = {{{"one", 3}, {0}, {"c1", 2}, TARGET_CHAIN},
						     {{"two", 3}, {0}, {0}, TARGET_CHAIN}};
	struct feed *feed = feed_new(sources, 2, 1 << 20);
	(void)state;
	feed_set_clock(feed, (struct feed_clock){true, 7 * NS_PER_S});
	feed_ask(feed, 0);
	expect_request(feed, "/v1/chains/c1/deployments", 0);
	expect_no_request(feed);
	take(feed, 0, 404, "{}", "Fri, 14 Aug 2026 10:00:00 GMT", 0);
	struct feed_reading reading = expect_reading(feed, 0);
	assert_null(reading.listing);
	assert_true(text_is(reading.chain_id, "c1"));
	assert_true(reading.has_clock);
	assert_int_equal(reading.clock_offset_ns, 7 * NS_PER_S);
	feed_ask(feed, 0);
	feed_ask(feed, 1);
	expect_request(feed, "/v1/chains/c1/deployments", 0);
	expect_request(feed, "/v1/chains", 2);
	take(feed, 0, 200, LIST, "Fri, 14 Aug 2026 10:00:00 GMT", 0);
	assert_int_equal(expect_reading(feed, 0).clock_offset_ns, 7 * NS_PER_S);
	feed_free(feed);
}

/* A proxy's login page has status 200, and the proxy's clock may be wrong. So may that of a broken server. */
static void test_only_an_answer_that_can_be_read_teaches_the_clock(void **state)
{
	static const char hour_ago[] = "Fri, 14 Aug 2026 08:00:00 GMT", now[] = "Fri, 14 Aug 2026 09:01:00 GMT";
	static const struct {
		int status;
		const char *body;
	} rows[] = {
		{200, "<html>Log in</html>"},
		{200, ""},
		{200, "{}"},
		{200, "{\"chains\": [{\"id\": 7}]}"},
		{200, "{\"chains\": ["},
		{201, CHAINS},
		{503, CHAINS},
		{206, CHAINS},
		{200, LIST},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct feed *feed = make();
		feed_ask(feed, 0);
		expect_request(feed, "/v1/chains", 2);
		take(feed, 2, rows[i].status, rows[i].body, hour_ago, 10);
		struct feed_reading reading = expect_reading(feed, 0);
		assert_null(reading.listing);
		assert_false(reading.has_clock);
		feed_ask(feed, 0);
		expect_request(feed, "/v1/chains", 2);
		take(feed, 2, 200, CHAINS, now, 20);
		expect_request(feed, "/v1/chains/c1/deployments", 0);
		/* nor does a list that can't be read change what is known */
		take(feed, 0, 200, "[]", hour_ago, 30);
		reading = expect_reading(feed, 0);
		assert_true(reading.has_clock);
		assert_int_equal(reading.clock_offset_ns, NS_PER_MINUTE);
		feed_free(feed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_an_answer_that_can_be_read_teaches_the_clock),
		cmocka_unit_test(an_environment_is_asked_for_by_its_path),
		cmocka_unit_test(test_one_look_up_serves_all_waiting_chains),
		cmocka_unit_test(test_a_failed_look_up_is_repeated),
		cmocka_unit_test(test_the_clock_of_the_first_date),
		cmocka_unit_test(test_the_clock_of_an_old_look_up_is_corrected),
		cmocka_unit_test(test_a_date_that_came_twice_is_one),
		cmocka_unit_test(test_an_old_date_is_a_miss),
		cmocka_unit_test(the_list_of_chains_is_all_that_is_wanted),
		cmocka_unit_test(a_known_id_needs_no_look_up),
		cmocka_unit_test(test_the_date_of_a_kept_answer_does_not_mislead),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
