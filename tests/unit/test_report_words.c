/* test_report_words.c - what a report says to do, where it points, and how `status` words a list that shows nothing. */
#include "chaingate/policy.h"
#include "chaingate/report.h"
#include "chaingate/times.h"

#include "../../src/report/console.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ---- addresses of the console ----------------------------------------------------------------------------------- */

/* Only what Baseten's console can have is an address: a person clicks on it. */
static void addresses_are_of_ids_and_hosts_only(void **state)
{
	static const struct {
		const char *api_url, *chain, *deployment, *chainlet, *chainlet_id;
		enum target_kind kind;
		const char *expected;
	} rows[] = {
		{"https://api.baseten.co", "c1", "d1", "", "", TARGET_CHAIN,
		 "https://app.baseten.co/chains/c1/logs/d1"},
		{"https://api.baseten.co/", "c1", "d1", "A", "p-1_x", TARGET_CHAIN,
		 "https://app.baseten.co/chains/c1/logs/d1/p-1_x"},
		{"https://api.eu-1.example:8443/v1/x", "Zz9", "d1", "", "", TARGET_CHAIN,
		 "https://app.eu-1.example:8443/chains/Zz9/logs/d1"},
		{"https://api.baseten.co", "m1", "d1", "llama", "p1", TARGET_MODEL,
		 "https://app.baseten.co/models/m1/logs/d1"},
		{"https://api.baseten.co", "", "d1", "", "", TARGET_CHAIN, NULL},
		{"https://api.baseten.co", "c1", "d/1", "", "", TARGET_CHAIN, NULL},
		{"https://api.baseten.co", "c 1", "d1", "", "", TARGET_CHAIN, NULL},
		{"https://api.baseten.co", "c1", "d1", "A", "p[1]", TARGET_CHAIN, NULL},
		{"https://api.baseten.co", "c1", "d1", "A", "", TARGET_CHAIN, NULL},
		{"https://api.base\"ten.co", "c1", "d1", "", "", TARGET_CHAIN, NULL},
		{"https://api.user@evil", "c1", "d1", "", "", TARGET_CHAIN, NULL},
		{"https://api.", "c1", "d1", "", "", TARGET_CHAIN, NULL},
		{"https://proxy.example", "c1", "d1", "", "", TARGET_CHAIN, NULL},
		{"http://api.baseten.co", "c1", "d1", "", "", TARGET_CHAIN, NULL},
		{NULL, "c1", "d1", "", "", TARGET_CHAIN, NULL},
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena arena = {0};
		const struct gate_target target = {.selector = {.of = rows[i].kind}};
		const struct target_result result = {.target = &target, .chain_id = text_of(rows[i].chain)};
		const struct gate_lane lane = {.deployment = text_of(rows[i].deployment),
					       .chainlet = text_of(rows[i].chainlet),
					       .chainlet_id = text_of(rows[i].chainlet_id)};
		const struct report report = {.api_url = rows[i].api_url};
		const char *address = console_address(&arena, &report, &result, &lane);
		if (!address != !rows[i].expected || (address && strcmp(address, rows[i].expected) != 0))
			fail_msg("row %zu: %s", i, address ? address : "none");
		assert_null(console_address(&arena, &report, &result, NULL));
		arena_release(&arena);
	}
}

/* ---- what to do ------------------------------------------------------------------------------------------------- */

/* A deployment that was shut down during the run doesn't need more time; one that still moves does. */
static void what_was_shut_down_needs_no_time(void **state)
{
	static const struct {
		enum status status[2];
		bool needs_time;
	} rows[] = {
		{{STATUS_INACTIVE, STATUS_INACTIVE}, false},     {{STATUS_INACTIVE, STATUS_DEACTIVATING}, false},
		{{STATUS_INACTIVE, STATUS_ACTIVE}, false},       {{STATUS_INACTIVE, STATUS_FAILED}, false},
		{{STATUS_INACTIVE, STATUS_LOADING_MODEL}, true}, {{STATUS_DEPLOYING, STATUS_DEACTIVATING}, true},
	};
	static const int64_t polls[] = {0, 10 * NS_PER_S};
	static const struct gate_target target = {.selector = {.of = TARGET_CHAIN}};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct gate_lane lanes[] = {
			{.deployment = TEXT("d1"), .status = rows[i].status[0], .since_ns = 10 * NS_PER_S},
			{.deployment = TEXT("d1"),
			 .chainlet = TEXT("A"),
			 .status = rows[i].status[1],
			 .since_ns = 10 * NS_PER_S}};
		const struct target_result result = {.target = &target,
						     .reason = REASON_DEADLINE,
						     .lanes = lanes,
						     .lane_count = 2,
						     .deployment_count = 1,
						     .polls = 2,
						     .poll_at_ns = polls,
						     .was_present = true};
		const char *remedy = verdict_remedy(&result);
		assert_non_null(remedy);
		if (!strstr(remedy, "shut the deployment down") != rows[i].needs_time)
			fail_msg("row %zu: %s", i, remedy);
	}
}

/* ---- status ----------------------------------------------------------------------------------------------------- */

static void assert_live(const struct status_view *view, struct screen screen, const char *expected)
{
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	status_live(&buf, view, &screen);
	assert_string_equal(buf_string(&buf), expected);
	buf_release(&buf);
}

/* What exists instead may take four lines, but no more than the screen has. */
static void a_list_that_shows_nothing_says_what_exists(void **state)
{
	static const struct selection none = {0};
	struct status_view view = {.chain = TEXT("rag"),
				   .selection = &none,
				   .listed = 2,
				   .instead = TEXT("the list has d1 (staging) and d2 (production)"),
				   .polls = 3,
				   .misses = 1};
	(void)state;
	assert_live(&view, (struct screen){100, 24, false},
		    "rag  0 of 2 deployments  1970-01-01T00:00:00Z\n"
		    "3 polls, 1 error, nothing is selected: the list has d1 (staging) and d2 (production)\n");
	assert_live(&view, (struct screen){30, 24, false},
		    "rag  0 of 2 deployments\n"
		    "3 polls, 1 error, nothing is\n"
		    "selected: the list has d1\n"
		    "(staging) and d2 (production)\n");
	assert_live(&view, (struct screen){30, 3, false},
		    "rag  0 of 2 deployments\n"
		    "3 polls, 1 error, nothing is\n"
		    "selected: the list has d1 (st…\n");
	view.miss = (struct miss){.cause = MISS_HTTP, .http_status = 503};
	assert_live(&view, (struct screen){100, 24, false},
		    "rag  0 of 2 deployments  1970-01-01T00:00:00Z\n"
		    "3 polls, 1 error, the last poll: 503\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_of_ids_and_hosts_only),
		cmocka_unit_test(what_was_shut_down_needs_no_time),
		cmocka_unit_test(a_list_that_shows_nothing_says_what_exists),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
