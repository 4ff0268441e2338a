/* test_terminal.c - whether a descriptor is a terminal, and how wide. The test makes a pseudo-terminal. */
#define _XOPEN_SOURCE 700 /* posix_openpt */
#include "chaingate/terminal.h"

#include "needs.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmocka.h>

/* Makes a terminal of this many columns. The system closes it when the process ends. */
static int make_terminal(unsigned short columns)
{
	struct winsize window = {.ws_row = 24, .ws_col = columns};
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	bool made = master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0;
	int slave = made ? open(ptsname(master), O_RDWR | O_NOCTTY) : -1;

	needs(slave >= 0, "there are no pseudo-terminals here (/dev/pts)");
	assert_int_equal(ioctl(slave, TIOCSWINSZ, &window), 0);
	return slave;
}

static void test_capable(void **state)
{
	int terminal = make_terminal(80);
	int file = open("/dev/null", O_WRONLY);
	(void)state;

	assert_true(terminal_is_terminal(terminal));
	assert_false(terminal_is_terminal(file));
	assert_false(terminal_is_terminal(-1));
	setenv("TERM", "xterm", 1);
	assert_true(terminal_is_capable(terminal));
	assert_false(terminal_is_capable(file));
	setenv("TERM", "dumb", 1);
	assert_false(terminal_is_capable(terminal));
	setenv("TERM", "", 1);
	assert_false(terminal_is_capable(terminal));
	unsetenv("TERM");
	assert_false(terminal_is_capable(terminal));
	assert_true(terminal_is_terminal(terminal));
	close(file);
	close(terminal);
}

struct columns_case {
	const char *variable;
	size_t expected; /* on a terminal of 123 columns */
};

static const struct columns_case columns_cases[] = {
	{NULL, 123},
	{"", 123},
	{"80", 80},
	{"20", 20},
	{"19", 123},
	{"1000", 1000},
	{"1001", 123},
	{"0", 123},
	{"-80", 123},
	{" 80", 123},
	{"80 ", 123},
	{"+80", 123},
	{"0x50", 123},
	{"8e1", 123},
	{"080", 80},
	{"99999999999999999999999999", 123},
	{"18446744073709551696", 123},
};

static void test_columns(void **state)
{
	int terminal = make_terminal(123);
	int unknown = make_terminal(0);
	int file = open("/dev/null", O_WRONLY);
	(void)state;

	for (size_t i = 0; i < sizeof(columns_cases) / sizeof(*columns_cases); i++) {
		const struct columns_case *each = &columns_cases[i];

		if (each->variable)
			setenv("COLUMNS", each->variable, 1);
		else
			unsetenv("COLUMNS");
		if (terminal_columns(terminal) != each->expected)
			fail_msg("COLUMNS=%s: %zu", each->variable ? each->variable : "(none)",
				 terminal_columns(terminal));
	}
	unsetenv("COLUMNS");
	assert_int_equal(terminal_columns(unknown), 0);
	assert_int_equal(terminal_columns(file), 0);
	assert_int_equal(terminal_columns(-1), 0);
	setenv("COLUMNS", "90", 1);
	assert_int_equal(terminal_columns(file), 90);
	close(file);
	close(unknown);
	close(terminal);
}

static void assert_size(int terminal, size_t columns, size_t rows)
{
	struct terminal_size size = terminal_size(terminal);
	assert_int_equal(size.columns, columns);
	assert_int_equal(size.rows, rows);
}

static void test_size(void **state)
{
	int terminal = make_terminal(123);
	int unknown = open("/dev/null", O_WRONLY);
	struct winsize window = {.ws_row = 7, .ws_col = 41};
	(void)state;

	unsetenv("COLUMNS");
	assert_size(terminal, 123, 24);
	assert_size(unknown, 80, 24);
	setenv("COLUMNS", "90", 1);
	assert_size(terminal, 90, 24);
	setenv("COLUMNS", "200", 1); /* outdated: the window is narrower now */
	assert_size(terminal, 123, 24);
	assert_int_equal(ioctl(terminal, TIOCSWINSZ, &window), 0);
	assert_size(terminal, 41, 7);
	unsetenv("COLUMNS");
	close(unknown);
	close(terminal);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_capable),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_size),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
