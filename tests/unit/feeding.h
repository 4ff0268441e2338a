/* feeding.h - a feed of two chains, its answers, and what is expected of it. */
#ifndef CHAINGATE_TESTS_FEEDING_H
#define CHAINGATE_TESTS_FEEDING_H

#include "chaingate/feed.h"
#include "chaingate/times.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define CHAIN(id, name) \
	"{\"id\": \"" id "\", \"created_at\": \"2026-05-04T10:00:00Z\", \"name\": \"" name \
	"\", \"deployments_count\": 1, \"team_name\": \"t\"}"
#define CHAINS "{\"chains\": [" CHAIN("c1", "one") "," CHAIN("c2", "two") "]}"
#define ONLY_ONE "{\"chains\": [" CHAIN("c1", "one") "]}"
#define OTHER_IDS "{\"chains\": [" CHAIN("c9", "one") "]}"
#define LIST "{\"deployments\": []}"
/* 2026-08-14T09:00:00Z */
#define WALL_NS (INT64_C(1786698000) * NS_PER_S)

static inline struct feed *make(void)
{
	static const struct feed_source sources[] = {{{"one", 3}, {0}, {0}, TARGET_CHAIN, false},
						     {{"two", 3}, {0}, {0}, TARGET_CHAIN, false}};
	return feed_new(sources, 2, 1 << 20);
}

static inline void expect_request(struct feed *feed, const char *path, size_t tag)
{
	struct feed_request request;
	assert_true(feed_request(feed, &request));
	assert_string_equal(request.path, path);
	assert_int_equal(request.tag, tag);
}

static inline void expect_no_request(struct feed *feed)
{
	struct feed_request request;
	assert_false(feed_request(feed, &request));
}

static inline void take(struct feed *feed, size_t tag, int status, const char *body, const char *date, int64_t second)
{
	struct api_answer answer = {
		.http_status = status, .body = text_of(body), .date = text_of(date), .wall_ns = WALL_NS};
	feed_take(feed, tag, &answer, second * NS_PER_S, (second + 1) * NS_PER_S);
}

static inline struct feed_reading expect_reading(struct feed *feed, size_t chain)
{
	struct feed_reading reading;
	assert_true(feed_reading(feed, &reading));
	assert_int_equal(reading.chain, chain);
	return reading;
}

static inline void expect_no_reading(struct feed *feed)
{
	struct feed_reading reading;
	assert_false(feed_reading(feed, &reading));
}

/* Looks up both chains, at 0. */
static inline struct feed *looked_up(const char *date)
{
	struct feed *feed = make();
	feed_ask(feed, 0);
	feed_ask(feed, 1);
	expect_request(feed, "/v1/chains", 2);
	expect_no_request(feed);
	take(feed, 2, 200, CHAINS, date, 0);
	expect_request(feed, "/v1/chains/c1/deployments", 0);
	expect_request(feed, "/v1/chains/c2/deployments", 1);
	return feed;
}

#endif
