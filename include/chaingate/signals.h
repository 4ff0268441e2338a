/* signals.h - makes SIGHUP, SIGINT and SIGTERM something an event loop can wait for. */
#ifndef CHAINGATE_SIGNALS_H
#define CHAINGATE_SIGNALS_H

#include "chaingate/text.h"

/* Call at the start of a process. Afterwards a file that reaches the size limit (`ulimit -f`) and a pipe that nobody
 * reads any more are write errors like a full disk, instead of ending the process. */
void signals_settle(void);

/* Forgets all earlier signals, and ignores SIGPIPE. That is all, and it returns -1, if it can't get a new descriptor.
 * Otherwise catches SIGHUP, SIGINT and SIGTERM, except those that are ignored at the call (nohup); unblocks all three,
 * in case the parent process had blocked them; and returns a new descriptor. The first signal makes the descriptor
 * readable, and it stays so: don't read from it. The three kinds are counted separately: the third signal of one kind
 * ends the process at once, with its default action. A descriptor from an earlier call isn't closed, but signals
 * no longer make it readable. */
int signals_catch(void);

/* Sets the bytes to write to `fd` each time Ctrl-Z (SIGTSTP) stops the process, so that the shell's prompt gets a line
 * of its own. They are copied. An empty text: nothing is written. Changes nothing if they are more than
 * SIGNALS_STOP_BYTES, or if SIGTSTP is ignored at the call. */
#define SIGNALS_STOP_BYTES 64
void signals_before_stop(int fd, struct text);

/* The number of the first signal since signals_catch, or 0. */
int signals_caught(void);

#endif
