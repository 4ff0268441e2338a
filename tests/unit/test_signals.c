/* test_signals.c - how a process that catches signals reacts to them. Each case is a child process that sends itself
 * signals. */
#include "chaingate/signals.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static bool is_readable(int fd)
{
	struct pollfd watched = {.fd = fd, .events = POLLIN};

	return poll(&watched, 1, 0) == 1;
}

/* For the functions that run in a child, which return its exit code. If the condition is false, returns a code made
 * from the line's number. */
#define EXPECT(condition) \
	do { \
		if (!(condition)) \
			return __LINE__ % 255 + 1; \
	} while (0)

static int nothing(void)
{
	int fd = signals_catch();

	EXPECT(fd > 2);
	EXPECT(!is_readable(fd));
	EXPECT(signals_caught() == 0);
	return 0;
}

static int one(void)
{
	int fd = signals_catch();

	errno = E2BIG;
	EXPECT(raise(SIGTERM) == 0);
	EXPECT(errno == E2BIG);
	EXPECT(is_readable(fd));
	EXPECT(is_readable(fd)); /* and stays so */
	EXPECT(signals_caught() == SIGTERM);
	return 0;
}

static int two_of_a_kind(void)
{
	int fd = signals_catch();

	raise(SIGINT);
	raise(SIGINT);
	EXPECT(is_readable(fd));
	EXPECT(signals_caught() == SIGINT);
	return 0;
}

static int the_first_counts(void)
{
	int fd = signals_catch();

	raise(SIGINT);
	raise(SIGTERM);
	raise(SIGTERM);
	raise(SIGINT);
	EXPECT(is_readable(fd));
	EXPECT(signals_caught() == SIGINT);
	return 0;
}

static int three_end_it(void)
{
	signals_catch();
	raise(SIGINT);
	raise(SIGINT);
	raise(SIGINT);
	return 0;
}

static int three_terminations_end_it(void)
{
	signals_catch();
	raise(SIGTERM);
	raise(SIGINT);
	raise(SIGTERM);
	raise(SIGTERM);
	return 0;
}

static int ignored_stays_ignored(void)
{
	signal(SIGINT, SIG_IGN);
	int fd = signals_catch();

	for (int i = 0; i < 5; i++)
		raise(SIGINT);
	EXPECT(!is_readable(fd));
	EXPECT(signals_caught() == 0);
	raise(SIGTERM);
	EXPECT(is_readable(fd));
	EXPECT(signals_caught() == SIGTERM);
	return 0;
}

static int a_lost_terminal_is_one(void)
{
	int fd = signals_catch();

	raise(SIGHUP);
	EXPECT(is_readable(fd));
	EXPECT(signals_caught() == SIGHUP);
	return 0;
}

static int write_to_nobody(void)
{
	int ends[2];

	EXPECT(pipe(ends) == 0);
	close(ends[0]);
	EXPECT(write(ends[1], "x", 1) < 0 && errno == EPIPE);
	return 0;
}

static int broken_pipes_are_errors(void)
{
	signals_catch();
	return write_to_nobody();
}

static int broken_pipes_are_errors_from_the_start(void)
{
	signals_settle();
	return write_to_nobody();
}

static int closed_outputs_stay_closed(void)
{
	close(0);
	close(1);
	close(2);
	int fd = signals_catch();

	EXPECT(fd > 2);
	EXPECT(write(1, "x", 1) < 0 && errno == EBADF);
	EXPECT(write(2, "x", 1) < 0 && errno == EBADF);
	raise(SIGINT);
	EXPECT(is_readable(fd));
	return 0;
}

/* The parent process had blocked the signal, and it was sent before we listened. */
static int blocked(int number)
{
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, number);
	EXPECT(sigprocmask(SIG_BLOCK, &mask, NULL) == 0);
	raise(number);
	int fd = signals_catch();
	EXPECT(is_readable(fd));
	EXPECT(signals_caught() == number);
	return 0;
}

static int blocked_hangup(void)
{
	return blocked(SIGHUP);
}

static int blocked_interrupt(void)
{
	return blocked(SIGINT);
}

static int blocked_termination(void)
{
	return blocked(SIGTERM);
}

static int all_blocked(void)
{
	sigset_t mask;

	sigfillset(&mask);
	EXPECT(sigprocmask(SIG_BLOCK, &mask, NULL) == 0);
	int fd = signals_catch();
	raise(SIGTERM);
	EXPECT(is_readable(fd));
	EXPECT(signals_caught() == SIGTERM);
	return 0;
}

static int blocked_and_ignored(void)
{
	sigset_t mask;

	signal(SIGTERM, SIG_IGN);
	sigfillset(&mask);
	EXPECT(sigprocmask(SIG_BLOCK, &mask, NULL) == 0);
	raise(SIGTERM);
	int fd = signals_catch();
	EXPECT(!is_readable(fd));
	return 0;
}

/* Exceeding the limit on a file's size is an error instead of a signal. */
static int limits_are_errors(void)
{
	struct rlimit small = {.rlim_cur = 1, .rlim_max = RLIM_INFINITY};
	char path[] = "/tmp/chaingate-limit-XXXXXX";
	int fd = mkstemp(path);

	EXPECT(fd >= 0 && unlink(path) == 0);
	signals_settle();
	EXPECT(setrlimit(RLIMIT_FSIZE, &small) == 0);
	EXPECT(write(fd, "x", 1) == 1);
	EXPECT(write(fd, "x", 1) < 0 && errno == EFBIG);
	return 0;
}

struct signal_case {
	const char *name;
	int (*run)(void);
	int ended_by; /* 0: it exits by itself */
};

static const struct signal_case signal_cases[] = {
	{"nothing", nothing, 0},
	{"one", one, 0},
	{"two of a kind", two_of_a_kind, 0},
	{"the first counts", the_first_counts, 0},
	{"three end it", three_end_it, SIGINT},
	{"three terminations end it", three_terminations_end_it, SIGTERM},
	{"ignored stays ignored", ignored_stays_ignored, 0},
	{"a lost terminal is one", a_lost_terminal_is_one, 0},
	{"broken pipes are errors", broken_pipes_are_errors, 0},
	{"broken pipes are errors from the start", broken_pipes_are_errors_from_the_start, 0},
	{"closed outputs stay closed", closed_outputs_stay_closed, 0},
	{"a blocked SIGHUP", blocked_hangup, 0},
	{"a blocked SIGINT", blocked_interrupt, 0},
	{"a blocked SIGTERM", blocked_termination, 0},
	{"all blocked", all_blocked, 0},
	{"blocked and ignored", blocked_and_ignored, 0},
	{"limits are errors", limits_are_errors, 0},
};

static void test_signals(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(signal_cases) / sizeof(*signal_cases); i++) {
		const struct signal_case *each = &signal_cases[i];
		int status;
		pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0) {
			signal(SIGHUP, SIG_DFL);
			signal(SIGINT, SIG_DFL); /* a shell may start background jobs with SIGINT ignored */
			signal(SIGTERM, SIG_DFL);
			_exit(each->run());
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		if (each->ended_by ? !WIFSIGNALED(status) || WTERMSIG(status) != each->ended_by
				   : !WIFEXITED(status) || WEXITSTATUS(status) != 0)
			fail_msg("%s: status %d", each->name, status);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_signals)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
