/* terminal.c - what stdout and stderr are connected to. */
#include "chaingate/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* Bounds of a credible COLUMNS: below, no table fits; above, it is a mistake or an attack on memory. */
#define COLUMNS_MIN 20
#define COLUMNS_MAX 1000
/* The width assumed for a terminal that doesn't report one, for example a serial line. */
#define COLUMNS_USUAL 80
#define ROWS_USUAL 24

bool terminal_is_terminal(int fd)
{
	return isatty(fd) == 1;
}

bool terminal_is_capable(int fd)
{
	const char *kind = getenv("TERM");

	return terminal_is_terminal(fd) && kind && *kind && strcmp(kind, "dumb") != 0;
}

/* COLUMNS as a number; 0 if it isn't one within the bounds. Only digits: " 80", "+80" and "80x24" are mistakes. */
static size_t columns_of_environment(void)
{
	const char *at = getenv("COLUMNS");
	size_t columns = 0;

	if (!at || !*at)
		return 0;
	for (; *at; at++) {
		if (*at < '0' || *at > '9')
			return 0;
		columns = columns * 10 + (size_t)(*at - '0');
		if (columns > COLUMNS_MAX)
			return 0;
	}
	return columns >= COLUMNS_MIN ? columns : 0;
}

static struct winsize window_of(int fd)
{
	struct winsize window = {0};

	if (ioctl(fd, TIOCGWINSZ, &window) != 0)
		return (struct winsize){0};
	return window;
}

size_t terminal_columns(int fd)
{
	size_t columns = columns_of_environment();

	return columns ? columns : window_of(fd).ws_col;
}

struct terminal_size terminal_size(int fd)
{
	struct winsize window = window_of(fd);
	size_t wanted = columns_of_environment();
	struct terminal_size size = {
		.columns = window.ws_col ? window.ws_col : COLUMNS_USUAL,
		.rows = window.ws_row ? window.ws_row : ROWS_USUAL,
	};

	if (wanted && wanted < size.columns)
		size.columns = wanted;
	return size;
}
