/* schedule_test.c - the poll grid, jitter, backoff and reserve, at the extremes of the random bits. */
#include "chaingate/schedule.h"
#include "chaingate/times.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define S(seconds) ((int64_t)((seconds)*1e9))

static void answered(struct schedule *schedule, int64_t sent_ns, int64_t at_ns, bool again, int64_t retry_after_ns,
		     uint32_t random)
{
	struct schedule_answer answer = {.sent_ns = sent_ns,
					 .at_ns = at_ns,
					 .again = again,
					 .retry_after_ns = retry_after_ns,
					 .chain_took_ns = at_ns - sent_ns};
	schedule_answered(schedule, &answer, random);
}

static void test_virtual_grid(void **state)
{
	(void)state;
	struct schedule schedule = schedule_make(S(10), S(35), false);
	static const double expected[] = {0, 10, 20, 30, 34};
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		int64_t at = schedule_next(&schedule);
		assert_int_equal(at, S(expected[i]));
		answered(&schedule, at, at, i == 2, 0, 0); /* a miss changes nothing: no backoff */
	}
	assert_int_equal(schedule_next(&schedule), INT64_MAX);
}

static void test_grid_points_within_the_reserve_are_left_out(void **state)
{
	(void)state;
	struct schedule schedule = schedule_make(S(10), S(20.5), false);
	answered(&schedule, 0, 0, false, 0, 0);
	assert_int_equal(schedule_next(&schedule), S(10));
	answered(&schedule, S(10), S(10), false, 0, 0);
	assert_int_equal(schedule_next(&schedule), S(19.5));
	answered(&schedule, S(19.5), S(19.5), false, 0, 0);
	assert_int_equal(schedule_next(&schedule), INT64_MAX);
}

static void test_one_poll_for_timeout_0(void **state)
{
	(void)state;
	struct schedule schedule = schedule_make(S(10), 0, true);
	assert_int_equal(schedule_next(&schedule), 0);
	answered(&schedule, 0, S(2), true, 0, 7);
	assert_int_equal(schedule_next(&schedule), INT64_MAX);
}

static void test_jitter_is_a_tenth_either_way(void **state)
{
	(void)state;
	struct schedule low = schedule_make(S(10), S(600), true), high = low;
	answered(&low, 0, S(0.1), false, 0, 0);
	answered(&high, 0, S(0.1), false, 0, UINT32_MAX);
	assert_int_equal(schedule_next(&low), S(9));
	assert_int_equal(schedule_next(&high), S(11));
	/* A poll shortly before or after a grid point uses up that point: none is polled twice or left out. */
	answered(&low, S(9), S(9.2), false, 0, UINT32_MAX);
	answered(&high, S(11), S(11.2), false, 0, 0);
	assert_int_equal(schedule_next(&low), S(21));
	assert_int_equal(schedule_next(&high), S(19));
}

static void test_a_slow_answer_skips_points(void **state)
{
	(void)state;
	struct schedule schedule = schedule_make(S(10), S(600), true);
	answered(&schedule, 0, S(28), false, 0, UINT32_MAX / 2);
	assert_in_range(schedule_next(&schedule), S(29.9), S(30.1));
}

static void test_backoff_doubles_and_is_capped(void **state)
{
	(void)state;
	struct schedule schedule = schedule_make(S(10), S(3600), true);
	static const double ceilings[] = {1, 2, 4, 8, 16, 30, 30, 30};
	int64_t at = 0;
	for (size_t i = 0; i < sizeof(ceilings) / sizeof(ceilings[0]); i++) {
		answered(&schedule, at, at, true, 0, UINT32_MAX);
		assert_int_equal(schedule_next(&schedule) - at, S(ceilings[i]));
		at = schedule_next(&schedule);
	}
	answered(&schedule, at, at, true, 0, 0); /* never at once, whatever the random bits */
	assert_int_equal(schedule_next(&schedule) - at, SCHEDULE_BACKOFF_LEAST_NS);
	answered(&schedule, at, at, false, 0, 0); /* an answer resets it */
	answered(&schedule, at, at, true, 0, UINT32_MAX);
	assert_int_equal(schedule_next(&schedule) - at, S(1));
}

static void test_retry_after_is_never_undercut(void **state)
{
	(void)state;
	struct schedule schedule = schedule_make(S(10), S(100), true);
	answered(&schedule, 0, S(1), true, S(37), 0);
	assert_int_equal(schedule_next(&schedule), S(38));
	answered(&schedule, S(38), S(39), true, S(80), 0); /* beyond the last poll: no more polls */
	assert_int_equal(schedule_next(&schedule), INT64_MAX);
}

static void test_backoff_does_not_cost_the_last_poll(void **state)
{
	(void)state;
	struct schedule schedule = schedule_make(S(10), S(20), true);
	answered(&schedule, S(18.5), S(18.6), true, 0, UINT32_MAX);
	assert_int_equal(schedule_next(&schedule), S(19));
}

static void test_the_reserve_follows_slow_answers(void **state)
{
	(void)state;
	struct schedule schedule = schedule_make(S(10), S(60), true);
	answered(&schedule, S(40), S(46), false, 0, UINT32_MAX / 2); /* 6 s: the reserve is 12 s */
	assert_int_equal(schedule_next(&schedule), S(48));
	for (int i = 0; i < 5; i++) /* after five quick answers the reserve is 1 s again */
		answered(&schedule, S(41), S(41.1), false, 0, UINT32_MAX / 2);
	assert_in_range(schedule_next(&schedule), S(49.9), S(50.1));
	static const double took_s[][2] = {
		{0.4, 1}, {0.5, 1}, {0.6, 1.2}, {1.5, 3}}; /* and the reserve: twice, at least 1 s */
	for (size_t i = 0; i < 4; i++) {
		struct schedule slow = schedule_make(S(10), S(60), true);
		answered(&slow, S(50), S(50 + took_s[i][0]), false, 0, UINT32_MAX / 2);
		assert_int_equal(schedule_next(&slow), S(60 - took_s[i][1]));
	}
	struct schedule missed = schedule_make(S(10), S(60), true); /* a slow miss isn't an answer */
	answered(&missed, S(40), S(46), true, 0, UINT32_MAX);
	answered(&missed, S(47), S(47.1), false, 0, UINT32_MAX / 2);
	assert_in_range(schedule_next(&missed), S(49.9), S(50.1));
}

/* How long the rate limit may hold a request back is added to whatever the reserve is, but for it no more than half of the
 * time to the deadline is reserved. */
static void test_the_reserve_grows_with_the_queue(void **state)
{
	(void)state;
	struct schedule schedule = schedule_make(S(10), S(60), true);
	schedule_hold(&schedule, S(11), S(4), 0);
	struct schedule slow = schedule, shorter = schedule, shortest = schedule;
	answered(&schedule, S(40), S(40.1), false, 0, UINT32_MAX / 2);
	assert_int_equal(schedule_next(&schedule), S(48));
	answered(&slow, S(20), S(30), false, 0, UINT32_MAX / 2); /* twice 10 s, and 4 s */
	assert_int_equal(schedule_next(&slow), S(36));
	shorter.deadline_ns = S(20);
	answered(&shorter, 0, S(0.1), false, 0, UINT32_MAX);
	assert_int_equal(schedule_next(&shorter), S(10));
	shortest.deadline_ns = S(1.5);
	answered(&shortest, 0, S(0.1), false, 0, UINT32_MAX);
	assert_int_equal(schedule_next(&shortest), S(0.5));
}

/* The time in which a round's requests wait for those of other groups isn't reserved twice. */
static void test_the_queue_within_a_round_counts_once(void **state)
{
	(void)state;
	struct schedule schedule = schedule_make(S(10), S(60), true);
	schedule_hold(&schedule, S(11), S(4), 0);
	struct schedule longer = schedule, unheld = schedule;
	struct schedule_answer answer = {.sent_ns = S(38), .at_ns = S(43), .chain_took_ns = S(0.5)};
	schedule_answered(&schedule, &answer, UINT32_MAX / 2);
	assert_int_equal(schedule_next(&schedule), S(46)); /* two rounds of 5 s after 4 s, less than 5 s and 11.5 s */
	answer.at_ns = S(47);
	schedule_answered(&longer, &answer, UINT32_MAX / 2); /* 9 s and 11.5 s are less than two of 9 s after 4 s */
	assert_int_equal(longer.last_ns, S(39.5));
	schedule_hold(&unheld, 0, 0, S(38));
	schedule_answered(&unheld, &answer, UINT32_MAX / 2);
	assert_int_equal(unheld.last_ns, S(42));
}

static struct schedule held_schedule(int64_t held_ns)
{
	struct schedule schedule = schedule_make(S(10), S(100), true);
	schedule_hold(&schedule, held_ns, held_ns, 0);
	return schedule;
}

/* If the rate limit makes the last poll early, there is time after it: the server may put a poll off into that time. */
static void test_retry_after_beyond_an_early_last_poll(void **state)
{
	(void)state;
	struct schedule before = held_schedule(S(30)), at_last = before, too_late = before, answers_slow = before;
	answered(&before, S(65), S(66), true, S(20), 0); /* the last poll is due at 69 s */
	assert_int_equal(schedule_next(&before), S(86));
	answered(&at_last, S(69), S(70), true, S(20) + 1, 0);
	assert_int_equal(schedule_next(&at_last), S(90) + NS_PER_MS);
	at_last.misses = 5; /* the backoff is longer */
	answered(&at_last, S(70), S(71), true, S(0.5), UINT32_MAX);
	assert_int_equal(schedule_next(&at_last), S(99.5));
	answered(&too_late, S(69), S(70), true, S(29) + 1, 0);
	assert_int_equal(schedule_next(&too_late), INT64_MAX);
	answered(&answers_slow, S(50), S(55), false, 0, 0); /* 5 s: a poll must be sent by 90 s */
	answered(&answers_slow, S(60), S(61), true, S(29.5), 0);
	assert_int_equal(schedule_next(&answers_slow), INT64_MAX);
	struct schedule not_held = held_schedule(0), faster = not_held;
	answered(&faster, S(70), S(76), false, 0, 0); /* 6 s: the last poll is at 88 s, also if answers get faster */
	for (int i = 0; i < 4; i++)
		answered(&faster, S(77 + i), S(77.1 + i), false, 0, 0);
	answered(&faster, S(87.9), S(88.1), false, 0, 0);
	answered(&faster, S(88.1), S(88.2), true, S(2), 0);
	assert_int_equal(schedule_next(&faster), INT64_MAX);
	answered(&not_held, S(97), S(97.5), true, S(1.5), 0);
	assert_int_equal(schedule_next(&not_held), S(99));
	answered(&not_held, S(99), S(99.1), true, S(0.1), 0);
	assert_int_equal(schedule_next(&not_held), INT64_MAX);
}

/* A shorter time moves the last poll; if that is over, there are more. A poll isn't sent before the server allows it. */
static void test_a_queue_that_gets_shorter(void **state)
{
	(void)state;
	struct schedule over = held_schedule(S(40)), running, running_slowly, put_off, put_off_for_long;
	answered(&over, S(58.9), S(59.1), false, 0, 0); /* the last poll was due at 59 s */
	running = over;
	answered(&over, S(59.1), S(59.2), false, 0, 0);
	put_off = put_off_for_long = over;
	assert_int_equal(schedule_next(&over), INT64_MAX);
	schedule_hold(&over, S(39), S(39), S(65)); /* it would have been due at 60 s: too late */
	assert_int_equal(schedule_next(&over), INT64_MAX);
	schedule_hold(&over, S(30), S(30), S(65));
	assert_int_equal(schedule_next(&over), S(69));
	schedule_hold(&over, S(10), S(10), S(65));
	assert_int_equal(schedule_next(&over), S(69)); /* it is planned already */
	answered(&over, S(69), S(69.1), false, 0, UINT32_MAX / 2);
	assert_in_range(schedule_next(&over), S(79.9), S(80.1));
	schedule_hold(&running, 0, 0, S(60)); /* while a poll runs */
	running_slowly = running;
	answered(&running, S(59.1), S(60.1), false, 0, UINT32_MAX / 2);
	assert_in_range(schedule_next(&running), S(69.9), S(70.1));
	answered(&running_slowly, S(59.1), S(79), false, 0, UINT32_MAX / 2); /* 19.9 s: the last poll is overdue */
	assert_int_equal(schedule_next(&running_slowly), S(79));
	put_off.put_off_ns = S(85);
	schedule_hold(&put_off, 0, 0, S(65));
	assert_int_equal(schedule_next(&put_off), S(85));
	put_off_for_long.put_off_ns = S(99.5);
	schedule_hold(&put_off_for_long, 0, 0, S(65));
	assert_int_equal(schedule_next(&put_off_for_long), INT64_MAX);
}

/* So has the poll before a target's own deadline. The run lasts 240 s; the early last polls are at 85 s, for a deadline at
 * 170 s, and at 139 s. */
static void test_a_queue_that_gets_shorter_before_own_deadlines(void **state)
{
	static const int64_t deadlines[] = {S(170)};
	struct schedule schedule = schedule_make(S(60), S(240), true);
	(void)state;
	schedule.deadlines = deadlines;
	schedule.deadline_count = 1;
	schedule_hold(&schedule, S(100), S(100), 0);
	answered(&schedule, S(60), S(60.1), false, 0, UINT32_MAX / 2);
	assert_int_equal(schedule_next(&schedule), S(85));
	answered(&schedule, S(85), S(85.1), false, 0, UINT32_MAX / 2);
	struct schedule planned = schedule, over = schedule, put_off, put_off_for_long;
	schedule_hold(&planned, S(50), S(50), S(86)); /* due at 119 s, and the grid before that point */
	assert_in_range(schedule_next(&planned), S(118.9), S(119));
	schedule_hold(&planned, S(84), S(84), S(87));
	answered(&planned, S(119), S(121), false, 0, UINT32_MAX / 2);
	assert_int_equal(schedule_next(&planned), S(152)); /* the run's last one */
	planned.deadline_ns = planned.next_ns = S(600);
	schedule_hold(&planned, 0, 0, S(121.5));
	assert_int_equal(schedule_next(&planned), S(169));
	answered(&planned, S(169), S(169.1), false, 0, UINT32_MAX / 2);
	assert_in_range(schedule_next(&planned), S(179.9), S(180.1));
	answered(&over, S(139), S(139.1), false, 0, 0);
	assert_int_equal(schedule_next(&over), INT64_MAX);
	put_off = put_off_for_long = schedule = over;
	schedule_hold(&over, S(90), S(90), S(141)); /* due at 85 s and at 149 s: one more last poll */
	assert_int_equal(schedule_next(&over), S(149));
	schedule_hold(&over, 0, 0, S(150));
	assert_int_equal(schedule_next(&over), S(149)); /* it runs already */
	answered(&over, S(149), S(150.5), false, 0, UINT32_MAX / 2);
	assert_int_equal(schedule_next(&over), S(169));
	over = schedule;
	schedule_hold(&over, 0, 0, S(150));
	assert_int_equal(schedule_next(&over), S(169));
	answered(&over, S(169), S(169.1), false, 0, UINT32_MAX / 2);
	assert_in_range(schedule_next(&over), S(179.9), S(180.1));
	put_off.put_off_ns = S(169.5);
	schedule_hold(&put_off, 0, 0, S(150));
	assert_int_equal(schedule_next(&put_off), S(169.5));
	put_off_for_long.put_off_ns = S(239.5);
	schedule_hold(&put_off_for_long, 0, 0, S(150));
	assert_int_equal(schedule_next(&put_off_for_long), INT64_MAX);
	over = schedule;
	schedule_hold(&over, 0, 0, S(169.5)); /* too late for this target */
	assert_in_range(schedule_next(&over), S(179.9), S(180.1));
}

/* Once the last poll is due, answers don't move it: neither later nor to another time. */
static void test_the_last_poll_stays(void **state)
{
	(void)state;
	struct schedule schedule = schedule_make(S(10), S(60), true);
	answered(&schedule, S(20), S(26), false, 0, UINT32_MAX / 2); /* 6 s: the last poll is at 48 s */
	for (int i = 0; i < 4; i++)
		answered(&schedule, S(27 + i), S(27.1 + i), false, 0, UINT32_MAX / 2);
	answered(&schedule, S(47.9), S(48.1), false, 0, 0); /* five quick answers since */
	assert_int_equal(schedule_next(&schedule), S(48.1));
	answered(&schedule, S(48.1), S(48.2), false, 0, 0);
	assert_int_equal(schedule_next(&schedule), INT64_MAX);
}

/* With any random bits and answers, no poll is before the last answer, and none is after the deadline. */
static void test_always_forward(void **state)
{
	(void)state;
	uint32_t dice = 12345;
	for (int round = 0; round < 2000; round++) {
		struct schedule schedule = schedule_make(S(1 + round % 20), S(120), true);
		int64_t at = 0;
		int polls = 0;
		while (schedule_next(&schedule) != INT64_MAX) {
			assert_true(schedule_next(&schedule) >= at);
			assert_true(schedule_next(&schedule) <= S(120));
			int64_t sent = schedule_next(&schedule);
			dice = dice * 1664525u + 1013904223u;
			at = sent + S(0.01) + (int64_t)(dice >> 8) * 200;
			answered(&schedule, sent, at, dice % 3 == 0, dice % 7 == 0 ? S(dice % 50) : 0, dice);
			assert_true(++polls < 1300);
		}
	}
}

/* A target's own deadline also has a last poll shortly before it, which isn't on the grid. */
static void test_own_deadline(void **state)
{
	static const int64_t deadlines[] = {60 * NS_PER_S};
	struct schedule schedule = schedule_make(50 * NS_PER_S, 3600 * NS_PER_S, false);
	schedule.deadlines = deadlines;
	schedule.deadline_count = 1;
	(void)state;
	answered(&schedule, 0, 0, false, 0, 0);
	assert_int_equal(schedule_next(&schedule), 50 * NS_PER_S);
	answered(&schedule, 50 * NS_PER_S, 50 * NS_PER_S, false, 0, 0);
	assert_int_equal(schedule_next(&schedule), 59 * NS_PER_S);
	answered(&schedule, 59 * NS_PER_S, 59 * NS_PER_S, false, 0, 0);
	assert_int_equal(schedule_next(&schedule), 100 * NS_PER_S);
}

/* The last poll before a target's own deadline uses up no grid point, however near. Slow answers don't move it. */
static void test_own_deadline_beside_the_grid(void **state)
{
	static const int64_t deadlines[] = {90 * NS_PER_S};
	(void)state;
	for (int live = 0; live < 2; live++) {
		struct schedule schedule = schedule_make(S(10), S(240), live);
		schedule.deadlines = deadlines;
		schedule.deadline_count = 1;
		answered(&schedule, S(80), S(80.2), false, 0, UINT32_MAX);
		assert_int_equal(schedule_next(&schedule), S(89));
		answered(&schedule, S(89), S(89.2), false, 0, UINT32_MAX);
		assert_int_equal(schedule_next(&schedule), live ? S(91) : S(90));
		answered(&schedule, S(91), S(91.2), false, 0, 0);
		assert_int_equal(schedule_next(&schedule), live ? S(99) : S(100));
	}
	struct schedule slow = schedule_make(S(50), S(240), true);
	slow.deadlines = deadlines;
	slow.deadline_count = 1;
	struct schedule held = slow;
	answered(&slow, S(50), S(56), false, 0, UINT32_MAX);
	assert_int_equal(schedule_next(&slow), S(89));
	answered(&slow, S(60), S(89.5), false, 0, UINT32_MAX); /* the poll was due before this answer */
	assert_int_equal(schedule_next(&slow), S(89.5));
	schedule_hold(&held, S(11), S(11), 0); /* by the rate limit: the poll is due earlier by that */
	answered(&held, S(50), S(56), false, 0, UINT32_MAX);
	assert_int_equal(schedule_next(&held), S(78));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_deadline),
		cmocka_unit_test(test_own_deadline_beside_the_grid),
		cmocka_unit_test(test_virtual_grid),
		cmocka_unit_test(test_grid_points_within_the_reserve_are_left_out),
		cmocka_unit_test(test_one_poll_for_timeout_0),
		cmocka_unit_test(test_jitter_is_a_tenth_either_way),
		cmocka_unit_test(test_a_slow_answer_skips_points),
		cmocka_unit_test(test_backoff_doubles_and_is_capped),
		cmocka_unit_test(test_retry_after_is_never_undercut),
		cmocka_unit_test(test_backoff_does_not_cost_the_last_poll),
		cmocka_unit_test(test_the_reserve_follows_slow_answers),
		cmocka_unit_test(test_the_reserve_grows_with_the_queue),
		cmocka_unit_test(test_the_queue_within_a_round_counts_once),
		cmocka_unit_test(test_retry_after_beyond_an_early_last_poll),
		cmocka_unit_test(test_a_queue_that_gets_shorter),
		cmocka_unit_test(test_a_queue_that_gets_shorter_before_own_deadlines),
		cmocka_unit_test(test_the_last_poll_stays),
		cmocka_unit_test(test_always_forward),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
