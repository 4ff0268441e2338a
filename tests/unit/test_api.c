/* test_api.c - request paths, valid lists, and the errors for answers without a list. */
#include "chaingate/api.h"
#include "chaingate/selection.h"
#include "chaingate/times.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct listing *read_good(struct arena *arena, struct text body)
{
	/* Of exactly the body's size, and freed before the listing is used, so that sanitizers find overruns and
	 * pointers into the body. */
	char *copy = malloc(body.length);
	assert_non_null(copy);
	memcpy(copy, body.bytes, body.length);
	struct api_answer answer = {.http_status = 200, .body = {copy, body.length}};
	const struct listing *listing = NULL;
	struct miss miss = {0};
	if (!api_read_deployments(arena, &answer, (struct api_owner){0}, &listing, &miss))
		fail_msg("%.*s: %.*s", TEXT_ARG(miss.detail), TEXT_ARG(body));
	free(copy);
	return listing;
}

static const struct listing *read_fixture(struct arena *arena, const char *name)
{
	char bytes[16384];
	const char *path = arena_printf(arena, "tests/fixtures/%s.json", name);
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	size_t length = fread(bytes, 1, sizeof bytes, file);
	assert_true(feof(file));
	fclose(file);
	return read_good(arena, (struct text){bytes, length});
}

static void check_text(struct text text, const char *expected)
{
	if (!text_is(text, expected))
		fail_msg("'%.*s' should be '%s'", TEXT_ARG(text), expected);
}

/* ---- paths ------------------------------------------------------------------------------------------------------ */

static const struct {
	struct text id;
	const char *segment;
} ids[] = {
	{{"232p81ql", 8}, "232p81ql"},
	{{"A-z_0.9~", 8}, "A-z_0.9~"},
	{{"a/../b", 6}, "a%2F..%2Fb"},
	{{"a b?c#d", 7}, "a%20b%3Fc%23d"},
	{{"100%", 4}, "100%25"},
	{{"%2e%2e", 6}, "%252e%252e"},
	{{".", 1}, "%2E"},
	{{"..", 2}, "%2E%2E"},
	{{"...", 3}, "%2E%2E%2E"},
	{{"..a", 3}, "..a"},
	{{"\r\nHost: x", 9}, "%0D%0AHost%3A%20x"},
	{{"a\0b", 3}, "a%00b"},
	{{"\xC3\xA9\xFF", 3}, "%C3%A9%FF"},
	{{"a\\b;c=d&e+f@g:h", 15}, "a%5Cb%3Bc%3Dd%26e%2Bf%40g%3Ah"},
};

static void ids_cannot_leave_their_segment(void **state)
{
	struct arena arena = {0};
	(void)state;
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		assert_string_equal(api_deployments_path(&arena, TARGET_CHAIN, ids[i].id),
				    arena_printf(&arena, "/v1/chains/%s/deployments", ids[i].segment));
	assert_string_equal(api_chains_path(TARGET_CHAIN), "/v1/chains");
	assert_string_equal(api_whoami_path(), "/v1/users/me");
	arena_release(&arena);
}

/* ---- valid lists ------------------------------------------------------------------------------------------------ */

static void every_field_is_read(void **state)
{
	struct arena arena = {0};
	const struct listing *listing = read_fixture(&arena, "two_active");
	(void)state;
	assert_int_equal(listing->count, 1);
	assert_int_equal(listing->ordinals, 3);
	const struct deployment *deployment = &listing->deployments[0];
	check_text(deployment->id, "q86yjdy");
	check_text(deployment->chain_id, "232p81ql");
	assert_true(deployment->has_environment);
	check_text(deployment->environment, "staging");
	assert_true(deployment->created_at_wall_ns == INT64_C(1786698751) * NS_PER_S);
	assert_int_equal(deployment->status, STATUS_ACTIVE);
	check_text(deployment->status_word, "ACTIVE");
	assert_int_equal(deployment->ordinal, 0);
	assert_int_equal(deployment->chainlet_count, 2);
	const struct chainlet *router = &deployment->chainlets[1];
	check_text(deployment->chainlets[0].name, "Retriever");
	assert_int_equal(deployment->chainlets[0].ordinal, 1);
	check_text(router->id, "zq81nmw");
	check_text(router->name, "Router");
	check_text(router->instance_type_name, "CPU:1x4");
	assert_int_equal(router->status, STATUS_ACTIVE);
	assert_int_equal(router->active_replica_count, 2);
	assert_int_equal(router->ordinal, 2);
	const struct autoscaling_settings *settings = router->settings;
	assert_int_equal(settings->min_replica, 2);
	assert_int_equal(settings->max_replica, 8);
	assert_int_equal(settings->concurrency_target, 8);
	assert_true(settings->autoscaling_window_s.present && settings->scale_down_delay_s.present);
	assert_int_equal(settings->autoscaling_window_s.value, 60);
	assert_int_equal(settings->scale_down_delay_s.value, 900);
	assert_true(settings->target_utilization_percentage.present);
	assert_int_equal(settings->target_utilization_percentage.value, 70);
	assert_false(settings->target_in_flight_tokens.present || settings->max_scale_down_rate.present);
	arena_release(&arena);
}

static void fixtures_contain_what_their_names_say(void **state)
{
	struct arena arena = {0};
	const struct listing *listing = read_fixture(&arena, "building");
	(void)state;
	assert_int_equal(listing->deployments[0].status, STATUS_BUILDING);
	assert_false(listing->deployments[0].has_environment);
	assert_null(listing->deployments[0].chainlets[0].settings);
	listing = read_fixture(&arena, "build_failed");
	assert_int_equal(listing->deployments[0].status, STATUS_BUILD_FAILED);
	listing = read_fixture(&arena, "scaled_to_zero");
	assert_int_equal(listing->deployments[0].chainlets[1].status, STATUS_SCALED_TO_ZERO);
	listing = read_fixture(&arena, "unknown_status");
	assert_int_equal(listing->deployments[0].chainlets[1].status, STATUS_UNKNOWN);
	check_text(listing->deployments[0].chainlets[1].status_word, "QUARANTINED");
	listing = read_fixture(&arena, "many");
	assert_int_equal(listing->count, 5);
	assert_int_equal(listing->ordinals, 15);
	arena_release(&arena);
}

/* A list of one deployment. `members`: its created_at and status, and unknown members. */
#define BODY(members, chainlets) \
	"{\"deployments\": [{\"id\": \"d\", \"chain_id\": \"c\", \"environment\": null, " members \
	", \"chainlets\": [" chainlets "]}]}"
#define AT "\"created_at\": \"2026-08-14T09:12:31Z\""
#define CHAINLET(name, settings) \
	"{\"status\": \"\", \"active_replica_count\": 0, \"instance_type_name\": \"\", " \
	"\"autoscaling_settings\": " settings ", \"name\": \"" name "\", \"id\": \"" name "\"}"
#define SETTINGS(more) \
	"{\"target_utilization_percentage\": null, \"scale_down_delay\": null, \"autoscaling_window\": null," \
	" \"concurrency_target\": 0, \"max_replica\": 9223372036854775807, \"min_replica\": 0" more "}"

static const char *const good_bodies[] = {
	"{\"deployments\": []}",
	" {\"deployments\":[]}\r\n",
	"{\"next\": null, \"deployments\": [], \"weight\": 1.5e3}",
	"{\"deployments\": [], \"deployment\": {\"deployments\": 1}}",
	BODY(AT ", \"status\": \"ACTIVE\"", ""),
	BODY("\"status\": \"\", " AT, ""),
	BODY("\"status\": \"BRAND_NEW\", \"x\": {\"status\": []}, " AT, ""),
	BODY(AT ", \"status\": \"A\"", CHAINLET("a", "null")),
	BODY(AT ", \"status\": \"A\"", CHAINLET("a", "null") "," CHAINLET("A", "null")),
	BODY(AT ", \"status\": \"A\"", CHAINLET("\xE6\xA4\x9C\xE7\xB4\xA2 \xF0\x9F\x98\x80", "null")),
	BODY(AT ", \"status\": \"A\"", CHAINLET("\\u0000\\ud83d\\ude00\\n", "null")),
	BODY(AT ", \"status\": \"A\"", CHAINLET("a", SETTINGS(""))),
	BODY(AT ", \"status\": \"A\"", CHAINLET("a", SETTINGS(", \"max_scale_down_rate\": null"))),
	BODY(AT ", \"status\": \"A\"", CHAINLET("a", SETTINGS(", \"max_scale_down_rate\": 50, \"new\": [null]"))),
};

static void unusual_valid_bodies_are_accepted(void **state)
{
	struct arena arena = {0};
	(void)state;
	for (size_t i = 0; i < sizeof good_bodies / sizeof *good_bodies; i++)
		read_good(&arena, text_of(good_bodies[i]));
	arena_release(&arena);
}

static void null_settings_within_are_absent_not_zero(void **state)
{
	struct arena arena = {0};
	const struct listing *listing = read_good(
		&arena, TEXT(BODY(AT ", \"status\": \"A\"", CHAINLET("a", SETTINGS(", \"max_scale_down_rate\": 50")))));
	const struct autoscaling_settings *settings = listing->deployments[0].chainlets[0].settings;
	(void)state;
	assert_true(settings->max_replica == INT64_MAX);
	assert_false(settings->autoscaling_window_s.present);
	assert_false(settings->scale_down_delay_s.present);
	assert_false(settings->target_utilization_percentage.present);
	assert_false(settings->target_in_flight_tokens.present);
	assert_true(settings->max_scale_down_rate.present);
	assert_int_equal(settings->max_scale_down_rate.value, 50);
	arena_release(&arena);
}

static void an_empty_status_is_unknown(void **state)
{
	struct arena arena = {0};
	const struct listing *listing = read_good(&arena, TEXT(BODY(AT ", \"status\": \"\"", CHAINLET("a", "null"))));
	(void)state;
	assert_int_equal(listing->deployments[0].status, STATUS_UNKNOWN);
	assert_int_equal(listing->deployments[0].chainlets[0].status, STATUS_UNKNOWN);
	check_text(listing->deployments[0].status_word, "");
	arena_release(&arena);
}

static const struct {
	const char *text;
	int64_t ns; /* after 2026-08-14T09:12:31Z */
} moments[] = {
	{"2026-08-14T09:12:31Z", 0},
	{"2026-08-14T09:12:31+00:00", 0},
	{"2026-08-14T09:12:31+0000", 0},
	{"2026-08-14T09:12:31-00:00", 0},
	{"2026-08-14T02:12:31-07:00", 0},
	{"2026-08-14T14:42:31+0530", 0},
	{"2026-08-14 09:12:31z", 0},
	{"2026-08-14T09:12:31.5Z", 500000000},
	{"2026-08-14T09:12:31.123456Z", 123456000},
	{"2026-08-14T09:12:31.123456789+00:00", 123456789},
};

static void moments_come_in_several_forms(void **state)
{
	struct arena arena = {0};
	(void)state;
	for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
		const char *body =
			arena_printf(&arena, BODY("\"created_at\": \"%s\", \"status\": \"A\"", ""), moments[i].text);
		const struct listing *listing = read_good(&arena, text_of(body));
		assert_true(listing->deployments[0].created_at_wall_ns ==
			    INT64_C(1786698751) * NS_PER_S + moments[i].ns);
	}
	arena_release(&arena);
}

static void the_order_of_a_list_does_not_change_the_selection(void **state)
{
	struct arena arena = {0};
	const struct listing *listing = read_fixture(&arena, "many");
	struct selector latest = {.kind = SELECT_LATEST, .since = {.kind = SINCE_ANY}};
	struct selector all = {.kind = SELECT_ALL, .since = {.kind = SINCE_ANY}};
	struct deployment *turned = ARENA_ARRAY(&arena, struct deployment, listing->count);
	(void)state;
	for (size_t turn = 0; turn < listing->count; turn++) {
		for (size_t i = 0; i < listing->count; i++)
			turned[i] = listing->deployments[(i + turn) % listing->count];
		struct listing other = {.deployments = turned, .count = listing->count, .ordinals = listing->ordinals};
		struct selection one = selection_make(&arena, &other, &latest, TEXT("232p81ql"), (struct text){0});
		assert_int_equal(one.count, 1);
		check_text(one.deployments[0]->id, "pm05x8e");
		struct selection every = selection_make(&arena, &other, &all, TEXT("232p81ql"), (struct text){0});
		assert_int_equal(every.count, 5);
		check_text(every.deployments[0]->id, "31wvn7q");
		check_text(every.deployments[4]->id, "q86yjdy");
	}
	arena_release(&arena);
}

/* ---- answers without a list ------------------------------------------------------------------------------------- */

static void the_transports_error_is_kept(void **state)
{
	struct arena arena = {0};
	char words[] = "Connection timed out\nafter 10 s \x1b[31m";
	struct api_answer answer = {
		.transport = {.cause = MISS_TIMEOUT, .detail = {words, sizeof words - 1}},
		.http_status = 200,
		.body = TEXT("{\"deployments\": []}"),
	};
	const struct listing *listing = NULL;
	struct miss miss = {0};
	(void)state;
	assert_false(api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss));
	memset(words, 'x', sizeof words);
	assert_null(listing);
	assert_int_equal(miss.cause, MISS_TIMEOUT);
	check_text(miss.detail, "Connection timed out after 10 s \\u{1b}[31m");
	arena_release(&arena);
}

static void only_200_carries_a_list(void **state)
{
	struct arena arena = {0};
	const struct listing *listing = NULL;
	(void)state;
	for (int status = -1; status < 1000; status++) {
		struct api_answer answer = {.http_status = status, .body = TEXT("{\"deployments\": []}")};
		struct miss miss = {0};
		if (api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss) != (status == 200))
			fail_msg("status %d", status);
		if (status == 200)
			continue;
		if (status == 206) { /* partial content: the list may be incomplete */
			assert_int_equal(miss.cause, MISS_PAGE);
			continue;
		}
		assert_int_equal(miss.cause, MISS_HTTP);
		assert_int_equal(miss.http_status, status);
		check_text(miss.detail, "{\"deployments\": []}");
	}
	arena_release(&arena);
}

#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static const struct {
	const char *body, *detail;
} error_bodies[] = {
	{"", ""},
	{" \n", ""},
	{"{\"message\": \"No chain.\"}", "No chain."},
	{"{\"error\": \"No chain.\"}", "No chain."},
	{"{\"detail\": \"No chain.\"}", "No chain."},
	{"{\"detail\": \"c\", \"error\": \"b\", \"message\": \"a\"}", "a"},
	{"{\"detail\": \"c\", \"error\": \"b\"}", "b"},
	{"{\"message\": \" \", \"error\": \"b\"}", "b"},
	{"{\"message\": null, \"error\": {\"code\": 1}, \"detail\": \"c\"}", "c"},
	{"{\"message\": 7}", "{\"message\": 7}"},
	{"{\"detail\": [{\"msg\": \"x\"}]}", "{\"detail\": [{\"msg\": \"x\"}]}"},
	{"{\"message\": \"a\", \"message\": \"b\"}", "{\"message\": \"a\", \"message\": \"b\"}"},
	{"[\"a\"]", "[\"a\"]"},
	{"{}", "{}"},
	{"\"gone\"", "\"gone\""},
	{"  upstream  connect\r\n\terror  ", "upstream connect error"},
	{"{\"message\": \"one\\ntwo\\u001b[2J \\u202e \\u200b\"}", "one two\\u{1b}[2J \\u{202e} \\u{200b}"},
	{"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<hr></body></html>", "502 Bad Gateway"},
	{"\n<h1>Not<br/>found</h1>", "Not found"},
	{"<html>", "<html>"},
	{"<never closed", "<never closed"},
	{"a <b>", "a <b>"},
	{"\xff\xfe\x01", "\\x{ff}\\x{fe}\\u{1}"},
	{HUNDRED HUNDRED, HUNDRED HUNDRED},
	{HUNDRED HUNDRED "!", HUNDRED HUNDRED "\xE2\x80\xA6"},
	{"{\"message\": \"" HUNDRED HUNDRED HUNDRED "\"}", HUNDRED HUNDRED "\xE2\x80\xA6"},
	{HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN "012345678\xE6\x97\xA5",
	 HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN "012345678\xE2\x80\xA6"},
	{HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN "0123456\xE6\x97\xA5",
	 HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN "0123456\xE6\x97\xA5"},
};

static void a_servers_error_message_is_found_and_made_safe(void **state)
{
	struct arena arena = {0};
	const struct listing *listing = NULL;
	(void)state;
	for (size_t i = 0; i < sizeof error_bodies / sizeof *error_bodies; i++) {
		struct api_answer answer = {.http_status = 500, .body = text_of(error_bodies[i].body)};
		struct miss miss = {0};
		assert_false(api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss));
		check_text(miss.detail, error_bodies[i].detail);
		assert_int_equal(miss.retry_after_ns, 0);
	}
	arena_release(&arena);
}

/* ---- Retry-After ------------------------------------------------------------------------------------------------ */

#define NOW_NS (INT64_C(784111777) * NS_PER_S) /* Sun, 06 Nov 1994 08:49:37 GMT */
#define DAY_MS INT64_C(86400000)

static const struct {
	int status;
	const char *header, *body;
	int64_t ms;
} waits[] = {
	{429, "", "", 0},
	{429, "37", "", 37000},
	{503, "37", "", 37000},
	{500, "37", "{\"retry_after\": 37}", 0},
	{404, "37", "", 0},
	{429, " 37\t", "", 37000},
	{429, "37 ", "", 37000},
	{429, "\t 37 \t ", "", 37000},
	{429, "3 7", "", 0},
	{429, "0", "", 0},
	{429, "-5", "", 0},
	{429, "+5", "", 0},
	{429, "5.5", "", 0},
	{429, "5s", "", 0},
	{429, "5 6", "", 0},
	{429, "soon", "", 0},
	{429, "86399", "", 86399000},
	{429, "86401", "", DAY_MS},
	{429, "99999999999999999999999999", "", DAY_MS},
	{429, "18446744073709551621", "", DAY_MS}, /* 2^64 + 5 */
	{429, "000000000000000000000000000037", "", 37000},
	{429, "Sun, 06 Nov 1994 08:50:07 GMT", "", 30000},
	{503, "Sunday, 06-Nov-94 08:50:07 GMT", "", 30000},
	{429, "Sun Nov  6 08:50:07 1994", "", 30000},
	{429, "Sun, 06 Nov 1994 08:49:37 GMT", "", 0},
	{429, "Sun, 06 Nov 1994 08:00:00 GMT", "", 0},
	{429, "Fri, 06 Nov 2026 08:50:07 GMT", "", DAY_MS},
	{429, "Sun, 31 Nov 1994 08:50:07 GMT", "", 0},
	{429, "", "{\"error\": \"throttled\", \"retry_after\": 37}", 37000},
	{503, "", "{\"retry_after\": 0.25}", 250},
	{429, "", "{\"retry_after\": 1.5e1}", 15000},
	{429, "", "{\"retry_after\": 0}", 0},
	{429, "", "{\"retry_after\": -3}", 0},
	{429, "", "{\"retry_after\": -0.5}", 0},
	{429, "", "{\"retry_after\": \"37\"}", 0},
	{429, "", "{\"retry_after\": true}", 0},
	{429, "", "{\"retry_after\": null}", 0},
	{429, "", "{\"retry_after\": [37]}", 0},
	{429, "", "{\"retry_after\": 1e308}", DAY_MS},
	{429, "", "{\"retry_after\": 9223372036854775807}", DAY_MS},
	{429, "", "[37]", 0},
	{429, "", "{\"retry_after\": 37", 0},
	{429, "10", "{\"retry_after\": 37}", 37000},
	{429, "40", "{\"retry_after\": 37}", 40000},
	{429, "-40", "{\"retry_after\": 37}", 37000},
};

static void the_longer_retry_after_counts(void **state)
{
	struct arena arena = {0};
	const struct listing *listing = NULL;
	(void)state;
	for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
		struct api_answer answer = {
			.http_status = waits[i].status,
			.retry_after = text_of(waits[i].header),
			.body = text_of(waits[i].body),
			.wall_ns = NOW_NS,
		};
		struct miss miss = {0};
		assert_false(api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss));
		if (miss.retry_after_ns != waits[i].ms * NS_PER_MS)
			fail_msg("'%s' %s: %lld ns", waits[i].header, waits[i].body, (long long)miss.retry_after_ns);
	}
	arena_release(&arena);
}

static void a_clock_far_off_does_not_overflow(void **state)
{
	static const int64_t walls[] = {INT64_MIN, -1, 0, INT64_MAX - 1, INT64_MAX};
	struct arena arena = {0};
	const struct listing *listing = NULL;
	(void)state;
	for (size_t i = 0; i < sizeof walls / sizeof *walls; i++) {
		struct api_answer answer = {
			.http_status = 429, .retry_after = TEXT("Sun, 06 Nov 1994 08:50:07 GMT"), .wall_ns = walls[i]};
		struct miss miss = {0};
		assert_false(api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss));
		assert_true(miss.retry_after_ns == (walls[i] <= 0 ? DAY_MS * NS_PER_MS : 0));
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_cannot_leave_their_segment),
		cmocka_unit_test(every_field_is_read),
		cmocka_unit_test(fixtures_contain_what_their_names_say),
		cmocka_unit_test(unusual_valid_bodies_are_accepted),
		cmocka_unit_test(null_settings_within_are_absent_not_zero),
		cmocka_unit_test(an_empty_status_is_unknown),
		cmocka_unit_test(moments_come_in_several_forms),
		cmocka_unit_test(the_order_of_a_list_does_not_change_the_selection),
		cmocka_unit_test(the_transports_error_is_kept),
		cmocka_unit_test(only_200_carries_a_list),
		cmocka_unit_test(a_servers_error_message_is_found_and_made_safe),
		cmocka_unit_test(the_longer_retry_after_counts),
		cmocka_unit_test(a_clock_far_off_does_not_overflow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
