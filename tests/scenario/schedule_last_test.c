/* schedule_last_test.c - the polls shortly before a deadline: which reserve they keep, and what moves them. */
#include "chaingate/schedule.h"
#include "chaingate/times.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define S(seconds) ((int64_t)((seconds)*1e9))

static void answered(struct schedule *schedule, double sent, double at, bool again, double retry_after, uint32_t random)
{
	const struct schedule_answer answer = {.sent_ns = S(sent),
					       .at_ns = S(at),
					       .again = again,
					       .retry_after_ns = S(retry_after),
					       .chain_took_ns = S(at) - S(sent)};
	schedule_answered(schedule, &answer, random);
}

/* A missed last poll is retried while the slowest answer, or one of half a second, still fits. */
static void test_a_last_poll_is_retried_if_an_answer_fits(void **state)
{
	static const double took_and_latest[][2] = {{0.1, 99.5}, {0.5, 99.5}, {0.6, 99.4}, {0.8, 99.2}, {1.5, 98.5}};
	(void)state;
	for (size_t i = 0; i < sizeof took_and_latest / sizeof *took_and_latest; i++) {
		double took = took_and_latest[i][0], latest = took_and_latest[i][1];
		struct schedule schedule = schedule_make(S(10), S(100), true);
		answered(&schedule, 50, 50 + took, false, 0, 0);
		schedule.misses = 5; /* the backoff is longer than what is left */
		answered(&schedule, 99.01, 99.02, true, 0, UINT32_MAX);
		assert_int_equal(schedule_next(&schedule), latest < 99.12 ? INT64_MAX : S(latest));
	}
}

/* A poll that a target's own deadline added stays one if the server lets it be sent just then: it uses up no point of the
 * grid. */
static void test_an_added_poll_that_is_allowed_just_then(void **state)
{
	static const int64_t deadlines[] = {S(90)};
	(void)state;
	for (int retry_after = 0; retry_after < 2; retry_after++) {
		struct schedule schedule = schedule_make(S(10), S(240), true);
		schedule.deadlines = deadlines;
		schedule.deadline_count = 1;
		answered(&schedule, 80, 80.5, false, retry_after ? 8.5 : 0, UINT32_MAX);
		assert_int_equal(schedule_next(&schedule), S(89));
		answered(&schedule, 89, 89.2, false, 0, UINT32_MAX);
		assert_int_equal(schedule_next(&schedule), S(91));
	}
}

/* The same for one that is added because the queue got shorter. */
static void test_an_added_poll_after_a_long_queue(void **state)
{
	static const int64_t deadlines[] = {S(100)};
	struct schedule schedule = schedule_make(S(20), S(240), true);
	(void)state;
	schedule.deadlines = deadlines;
	schedule.deadline_count = 1;
	schedule_hold(&schedule, S(80), S(80), 0);
	answered(&schedule, 80, 80.2, false, 0, UINT32_MAX);
	assert_int_equal(schedule_next(&schedule), S(102));
	schedule_hold(&schedule, 0, 0, S(85));
	assert_int_equal(schedule_next(&schedule), S(99));
	answered(&schedule, 99, 99.2, false, 0, UINT32_MAX);
	assert_int_equal(schedule_next(&schedule), S(102));
}

/* One that would be later than the next poll anyway isn't added yet. */
static void test_a_shorter_queue_puts_no_poll_off(void **state)
{
	static const int64_t deadlines[] = {S(200)};
	struct schedule schedule = schedule_make(S(10), S(240), true);
	(void)state;
	schedule.deadlines = deadlines;
	schedule.deadline_count = 1;
	schedule_hold(&schedule, S(80), S(80), 0);
	answered(&schedule, 60, 60.2, false, 0, UINT32_MAX);
	assert_int_equal(schedule_next(&schedule), S(71));
	schedule_hold(&schedule, 0, 0, S(65));
	assert_int_equal(schedule_next(&schedule), S(71));
}

/* A queue that is as long as before, or longer, moves nothing: a last poll that is over stays the last. */
static void test_a_queue_that_does_not_get_shorter(void **state)
{
	(void)state;
	for (int64_t more = 0; more < 2; more++) {
		struct schedule schedule = schedule_make(S(10), S(100), true);
		schedule_hold(&schedule, S(1), S(1), 0);
		answered(&schedule, 70, 76, false, 0,
			 0); /* 6 s: the last poll stays early, also if answers get faster */
		for (int i = 0; i < 4; i++)
			answered(&schedule, 77 + i, 77.1 + i, false, 0, 0);
		int64_t last = schedule.last_ns;
		answered(&schedule, (double)last / 1e9 - 0.1, (double)last / 1e9 + 0.1, false, 0, 0);
		answered(&schedule, (double)last / 1e9 + 0.1, (double)last / 1e9 + 0.2, false, 0, 0);
		assert_int_equal(schedule_next(&schedule), INT64_MAX);
		schedule_hold(&schedule, S(1) + more, S(1) + more, last + S(1));
		assert_int_equal(schedule_next(&schedule), INT64_MAX);
		schedule_hold(&schedule, S(1) + more, S(0.5), last + S(1));
		assert_true(schedule_next(&schedule) > last);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_last_poll_is_retried_if_an_answer_fits),
		cmocka_unit_test(test_an_added_poll_that_is_allowed_just_then),
		cmocka_unit_test(test_an_added_poll_after_a_long_queue),
		cmocka_unit_test(test_a_shorter_queue_puts_no_poll_off),
		cmocka_unit_test(test_a_queue_that_does_not_get_shorter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
