/* test_feed_clock.c - what a feed learns from the Dates of answers: the API's clock, and which answers are old copies. */
#include "feeding.h"

#include <stdio.h>
#include <string.h>

static const char eight[] = "Fri, 14 Aug 2026 08:01:00 GMT", nine[] = "Fri, 14 Aug 2026 09:01:00 GMT",
		  soon[] = "Fri, 14 Aug 2026 09:01:04 GMT", ten[] = "Fri, 14 Aug 2026 10:01:00 GMT";

/* The first list of a chain with a Date tells the API's clock. One without teaches nothing, and forbids nothing. */
static void test_the_clock_of_the_first_date(void **state)
{
	static const char minute[] = "Fri, 14 Aug 2026 09:01:00 GMT", hour[] = "Fri, 14 Aug 2026 10:00:00 GMT";
	static const char *const nothing[] = {"", "yesterday",
					      "Fri, 14 Aug 2026 09:01:00 GMT, Fri, 14 Aug 2026 09:09:00 GMT"};
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct feed *feed = make();
		feed_ask(feed, 0);
		expect_request(feed, "/v1/chains", 2);
		take(feed, 2, 200, CHAINS, "", 0);
		expect_request(feed, "/v1/chains/c1/deployments", 0);
		take(feed, 0, 503, LIST, hour, 0);
		assert_false(expect_reading(feed, 0).has_clock);
		feed_ask(feed, 0);
		expect_request(feed, "/v1/chains/c1/deployments", 0);
		take(feed, 0, 200, LIST, i < 3 ? nothing[i] : minute, 10);
		assert_int_equal(expect_reading(feed, 0).has_clock, i == 3);
		feed_ask(feed, 0);
		expect_request(feed, "/v1/chains/c1/deployments", 0);
		take(feed, 0, 200, LIST, i < 3 ? hour : soon, 14);
		struct feed_reading reading = expect_reading(feed, 0);
		assert_true(reading.has_clock);
		assert_int_equal(reading.clock_offset_ns, i < 3 ? 60 * NS_PER_MINUTE : NS_PER_MINUTE);
		feed_free(feed);
	}
}

/* ---- an old list of chains -------------------------------------------------------------------------------------- */

static struct feed_reading expect_stale(struct feed *feed, size_t chain)
{
	struct feed_reading reading = expect_reading(feed, chain);
	assert_null(reading.listing);
	assert_int_equal(reading.miss.cause, MISS_STALE);
	assert_int_equal(reading.answer->transport.cause, MISS_STALE); /* so it is recorded */
	return reading;
}

/* Nobody knows when in the course of a slow answer its Date was written. A Date has whole seconds anyway. */
static void test_a_slow_answer_tells_the_clock_roughly(void **state)
{
	static const struct {
		int64_t took_ns, slack_ns;
	} rows[] = {{NS_PER_S, 0}, {NS_PER_S + 1, NS_PER_S + 1}, {15 * NS_PER_S, 15 * NS_PER_S}};
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct feed *feed = looked_up("");
		struct api_answer answer = {
			.http_status = 200, .body = text_of(LIST), .date = text_of(nine), .wall_ns = WALL_NS};
		feed_take(feed, 0, &answer, 10 * NS_PER_S, 10 * NS_PER_S + rows[i].took_ns);
		struct feed_reading reading = expect_reading(feed, 0);
		assert_true(reading.has_clock);
		assert_int_equal(reading.clock_offset_ns, NS_PER_MINUTE);
		assert_int_equal(reading.clock_slack_ns, rows[i].slack_ns);
		/* What comes later, at once, doesn't change it … */
		take(feed, 1, 200, LIST, soon, 26);
		assert_int_equal(expect_reading(feed, 1).clock_slack_ns, rows[i].slack_ns);
		/* … but a corrected clock has its own. */
		feed_ask(feed, 0);
		expect_request(feed, "/v1/chains/c1/deployments", 0);
		take(feed, 0, 200, LIST, ten, 28);
		assert_int_equal(expect_stale(feed, 0).clock_slack_ns, 0);
		feed_free(feed);
	}
}

/* The next poll looks the ids up again, and the chain's list is good. */
static struct feed_reading look_again(struct feed *feed)
{
	feed_ask(feed, 0);
	expect_request(feed, "/v1/chains", 2);
	take(feed, 2, 200, CHAINS, soon, 2);
	expect_request(feed, "/v1/chains/c1/deployments", 0);
	take(feed, 0, 200, LIST, soon, 4);
	struct feed_reading reading = expect_reading(feed, 0);
	assert_non_null(reading.listing);
	return reading;
}

/* A cache that takes the Age away answers the only look-up. The first list's Date shows it, also after misses and lists
 * without a Date. Until then, and for that list, no clock is known: it would have let old deployments through `since`. */
static void test_an_old_look_up_is_no_clock_and_is_repeated(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct feed *feed = looked_up(eight);
		take(feed, 0, i == 0 ? 503 : 200, i == 1 ? "{" : LIST, i == 2 ? "" : nine, 0);
		struct feed_reading reading = expect_reading(feed, 0);
		assert_true((reading.listing != NULL) == (i == 2));
		assert_false(reading.has_clock);
		take(feed, 1, 200, LIST, nine, 0);
		reading = expect_stale(feed, 1);
		assert_false(reading.has_clock);
		feed_ask(feed, 0);
		expect_request(feed, "/v1/chains", 2);
		feed_ask(feed, 1);
		expect_no_request(feed);
		/* The same copy again is behind the list. */
		take(feed, 2, 200, CHAINS, eight, 1);
		assert_false(expect_stale(feed, 0).has_clock);
		expect_stale(feed, 1);
		reading = look_again(feed);
		assert_true(reading.has_clock);
		assert_int_equal(reading.clock_offset_ns, 64 * NS_PER_S);
		feed_free(feed);
	}
}

/* The look-up and the first lists are of one cache, so nothing shows it at first. Then a later Date does: whatever was seen
 * before was old, and the clock was wrong, for all chains. */
static void test_a_date_ahead_shows_that_all_before_were_old(void **state)
{
	struct feed *feed = looked_up(eight);
	(void)state;
	take(feed, 0, 200, LIST, eight, 0);
	assert_int_equal(expect_reading(feed, 0).clock_offset_ns, -59 * NS_PER_MINUTE);
	take(feed, 1, 200, LIST, nine, 0);
	struct feed_reading reading = expect_stale(feed, 1);
	assert_true(reading.has_clock);
	assert_int_equal(reading.clock_offset_ns, NS_PER_MINUTE);
	reading = look_again(feed);
	assert_int_equal(reading.clock_offset_ns, NS_PER_MINUTE);
	feed_free(feed);
}

/* Its Date is of the moment when it was written. */
static void test_a_list_of_chains_that_took_long_isnt_old(void **state)
{
	static const char *const dates[] = {"Fri, 14 Aug 2026 09:01:08 GMT", "Fri, 14 Aug 2026 09:01:14 GMT"};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct api_answer answer = {
			.http_status = 200, .body = TEXT(CHAINS), .date = text_of(nine), .wall_ns = WALL_NS};
		struct feed *feed = make();
		feed_ask(feed, 0);
		expect_request(feed, "/v1/chains", 2);
		feed_take(feed, 2, &answer, 0, 7 * NS_PER_S);
		expect_request(feed, "/v1/chains/c1/deployments", 0);
		take(feed, 0, 200, LIST, dates[i], 7);
		if (i == 0)
			assert_non_null(expect_reading(feed, 0).listing);
		else
			expect_stale(feed, 0);
		feed_free(feed);
	}
}

/* A request that was under way when another chain's list showed it. */
static void test_a_list_by_an_old_id_is_a_miss(void **state)
{
	struct feed *feed = looked_up(eight);
	(void)state;
	take(feed, 0, 200, LIST, nine, 0);
	expect_stale(feed, 0);
	take(feed, 1, 200, LIST, nine, 0);
	expect_stale(feed, 1);
	feed_ask(feed, 1);
	expect_request(feed, "/v1/chains", 2);
	feed_free(feed);
}

/* The name was given to another chain since. */
static void test_an_id_that_changed_stays_a_miss(void **state)
{
	struct feed *feed = looked_up(eight);
	(void)state;
	take(feed, 0, 200, LIST, nine, 0);
	expect_stale(feed, 0);
	for (int i = 1; i < 3; i++) {
		feed_ask(feed, 0);
		expect_request(feed, "/v1/chains", 2);
		take(feed, 2, 200, OTHER_IDS, nine, i);
		struct feed_reading reading = expect_reading(feed, 0);
		assert_int_equal(reading.miss.cause, MISS_STALE);
		assert_non_null(strstr(reading.miss.detail.bytes, "'c1', and now it has the id 'c9'"));
	}
	feed_free(feed);
}

/* Servers whose clocks differ a little; no Date in the look-up. */
static void test_a_look_up_that_is_recent_is_believed(void **state)
{
	static const struct {
		const char *look_up, *first, *second;
		int64_t offset_s;
	} rows[] = {{nine, soon, soon, 64}, {"", nine, nine, 60}, {soon, nine, nine, 60}};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct feed *feed = looked_up(rows[i].look_up);
		take(feed, 0, 200, LIST, rows[i].first, 0);
		assert_non_null(expect_reading(feed, 0).listing);
		feed_ask(feed, 0);
		expect_request(feed, "/v1/chains/c1/deployments", 0);
		take(feed, 0, 200, LIST, rows[i].second, 1);
		struct feed_reading reading = expect_reading(feed, 0);
		assert_non_null(reading.listing);
		assert_int_equal(reading.clock_offset_ns, rows[i].offset_s * NS_PER_S);
		feed_free(feed);
	}
}

/* A run of all chains read their list before: it can't be read again, because the targets were made of it. */
static void test_chains_of_an_old_list_have_only_misses(void **state)
{
	static const struct feed_source sources[] = {{{"one", 3}, {0}, {"c1", 2}, TARGET_CHAIN, false},
						     {{"two", 3}, {0}, {"c2", 2}, TARGET_CHAIN, false}};
	static const char *const dates[] = {nine, soon, ten};
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct feed *before = make(), *feed = feed_new(sources, 2, 1 << 20);
		feed_want_chains(before, true);
		feed_ask(before, 0);
		expect_request(before, "/v1/chains", 2);
		take(before, 2, 200, CHAINS, nine, 0);
		feed_set_date(feed, feed_date(before));
		feed_free(before);
		for (int round = 1; round < 4; round++) {
			for (size_t chain = 0; chain < 2; chain++) {
				feed_ask(feed, chain);
				expect_request(feed, chain ? "/v1/chains/c2/deployments" : "/v1/chains/c1/deployments",
					       chain);
				char date[40];
				snprintf(date, sizeof date, "%s", dates[i]);
				date[24] = (char)(date[24] + round); /* a second for each round */
				take(feed, chain, 200, LIST, date, round);
				if (i < 2)
					assert_non_null(expect_reading(feed, chain).listing);
				else
					expect_stale(feed, chain);
			}
		}
		feed_free(feed);
	}
}

/* ---- which Dates count ------------------------------------------------------------------------------------------ */

/* Two servers on the way that write the same Date. */
static void test_a_date_that_came_twice_is_one(void **state)
{
	struct feed *feed = make();
	(void)state;
	feed_ask(feed, 0);
	expect_request(feed, "/v1/chains", 2);
	take(feed, 2, 200, CHAINS, "", 10);
	expect_request(feed, "/v1/chains/c1/deployments", 0);
	take(feed, 0, 200, LIST, "Fri, 14 Aug 2026 09:01:00 GMT, Fri, 14 Aug 2026 09:01:00 GMT", 20);
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
		/* honest: whole seconds, slow answers, servers whose clocks differ, no Date */
		{{{1, "09:00:00", false}, {11, "09:00:10", false}, {21, "09:00:20", false}, {31, "09:00:31", false}}},
		{{{1, "09:00:01", false}, {11, "09:00:08", false}, {21, "09:00:23", false}, {31, "09:00:28", false}}},
		{{{1, NULL, false}, {11, "09:00:10", false}, {21, NULL, false}, {31, "yesterday", false}}},
		{{{1, "09:00:01", false}, {2, "09:00:01", false}, {3, "09:00:01", false}, {4, "09:00:04", false}}},
		/* after three hours, clocks have drifted apart */
		{{{1, "09:00:01", false},
		  {10800, "11:59:51", false},
		  {10810, "11:59:40", true},
		  {10820, "12:00:20", false}}},
		/* copies: it stands still, also slowly, or ahead; it goes back; it is always late */
		{{{1, "09:00:00", false}, {11, "09:00:00", true}, {21, "09:00:00", true}, {31, "09:00:31", false}}},
		{{{2, "09:00:00", false}, {4, "09:00:00", false}, {5, "09:00:00", false}, {8, "09:00:00", true}}},
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
		struct feed_reading first = {0};
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
			if (first.has_clock)
				assert_int_equal(reading.clock_offset_ns, first.clock_offset_ns);
			else
				first = reading;
		}
		feed_free(feed);
	}
}

/* After 4,002,000 s clocks may have drifted apart by 2,001 s, and a Date may be 5 s behind or ahead besides. */
static void test_how_far_clocks_drift_apart(void **state)
{
	static const struct {
		const char *date;
		bool is_good;
	} rows[] = {{"Tue, 29 Sep 2026 16:06:34 GMT", true},
		    {"Tue, 29 Sep 2026 16:06:33 GMT", false},
		    {"Tue, 29 Sep 2026 17:13:28 GMT", true},
		    {"Tue, 29 Sep 2026 17:13:29 GMT", false}};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct feed *feed = looked_up("");
		take(feed, 0, 200, LIST, "Fri, 14 Aug 2026 09:00:00 GMT", 0);
		assert_non_null(expect_reading(feed, 0).listing);
		take(feed, 1, 200, LIST, rows[i].date, 4002001);
		if ((expect_reading(feed, 1).listing != NULL) != rows[i].is_good)
			fail_msg("%s", rows[i].date);
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
		struct feed *feed = looked_up("");
		struct api_answer answer = {.http_status = 200,
					    .body = TEXT(LIST),
					    .date = text_of(rows[i].date),
					    .headers = text_of(rows[i].headers),
					    .wall_ns = WALL_NS};
		feed_take(feed, 0, &answer, 0, NS_PER_S);
		if (rows[i].is_stale) {
			assert_false(expect_reading(feed, 0).has_clock);
			take(feed, 1, 200, LIST, "Fri, 14 Aug 2026 09:02:00 GMT", 10);
			assert_int_equal(expect_reading(feed, 1).clock_offset_ns, rows[i].offset_ns);
		} else {
			assert_int_equal(expect_reading(feed, 0).clock_offset_ns, rows[i].offset_ns);
		}
		feed_free(feed);
	}
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
		/* nor does a list that can't be read */
		take(feed, 0, 200, "[]", now, 30);
		assert_false(expect_reading(feed, 0).has_clock);
		feed_ask(feed, 0);
		expect_request(feed, "/v1/chains/c1/deployments", 0);
		take(feed, 0, 200, LIST, now, 20);
		reading = expect_reading(feed, 0);
		assert_true(reading.has_clock);
		assert_int_equal(reading.clock_offset_ns, NS_PER_MINUTE);
		feed_free(feed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_slow_answer_tells_the_clock_roughly),
		cmocka_unit_test(test_only_an_answer_that_can_be_read_teaches_the_clock),
		cmocka_unit_test(test_the_clock_of_the_first_date),
		cmocka_unit_test(test_an_old_look_up_is_no_clock_and_is_repeated),
		cmocka_unit_test(test_a_date_ahead_shows_that_all_before_were_old),
		cmocka_unit_test(test_a_list_of_chains_that_took_long_isnt_old),
		cmocka_unit_test(test_a_list_by_an_old_id_is_a_miss),
		cmocka_unit_test(test_an_id_that_changed_stays_a_miss),
		cmocka_unit_test(test_a_look_up_that_is_recent_is_believed),
		cmocka_unit_test(test_chains_of_an_old_list_have_only_misses),
		cmocka_unit_test(test_a_date_that_came_twice_is_one),
		cmocka_unit_test(test_an_old_date_is_a_miss),
		cmocka_unit_test(test_how_far_clocks_drift_apart),
		cmocka_unit_test(test_the_date_of_a_kept_answer_does_not_mislead),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
