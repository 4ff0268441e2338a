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

/* Its height, 0 if it doesn't say. */
size_t terminal_rows(int fd);

#endif
