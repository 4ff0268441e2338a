/* terminal.h - what stdout and stderr are connected to: terminal or not, and its size. */
#ifndef CHAINGATE_TERMINAL_H
#define CHAINGATE_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* True if the descriptor is a terminal that understands escape sequences (TERM is set and isn't "dumb"). */
bool terminal_is_capable(int fd);

/* True if it is a terminal of any kind. */
bool terminal_is_terminal(int fd);

/* Its width: COLUMNS if that is a number from 20 to 1000, else what the terminal says, else 0. */
size_t terminal_columns(int fd);

/* Its current size, for drawing in place: never 0, and never more than the real size, so COLUMNS counts only if it
 * is smaller. */
struct terminal_size {
	size_t columns, rows;
};
struct terminal_size terminal_size(int fd);

#endif
