/* terminal.h - what stdout and stderr are connected to. */
#ifndef CHAINGATE_TERMINAL_H
#define CHAINGATE_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* Is the descriptor a terminal that understands escape sequences (TERM is set and isn't "dumb")? */
bool terminal_is_capable(int fd);

/* Is it a terminal at all? */
bool terminal_is_terminal(int fd);

/* Its width: COLUMNS if set to a number from 20 to 1000, else what the terminal says, else 0. */
size_t terminal_columns(int fd);

/* Its size now, for what is drawn in place: never 0, and never more than there is, so that COLUMNS counts only where it
 * asks for less. */
struct terminal_size {
	size_t columns, rows;
};
struct terminal_size terminal_size(int fd);

#endif
