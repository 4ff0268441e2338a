/* signals.h - makes SIGHUP, SIGINT and SIGTERM something an event loop can wait for, and resets inherited settings
 * that would end the process wrongly. */
#ifndef CHAINGATE_SIGNALS_H
#define CHAINGATE_SIGNALS_H

#include "chaingate/text.h"

/* Call first in a process. Afterwards a file that reaches the size limit (`ulimit -f`) is a write error like a full
 * disk, instead of ending the process; and no core is dumped, because the core would contain the key. */
void signals_settle(void);

/* Catches SIGHUP, SIGINT and SIGTERM, except those that were ignored when the process started; unblocks them, in
 * case the parent process had blocked them; ignores SIGPIPE. Returns a descriptor that becomes readable when a
 * signal arrives, or -1 if the system has no descriptor left. Call once for each run; it forgets the signals of the run before. While the first signal is handled, a second
 * of the same kind changes nothing; a third ends the process at once, with the signal's default action. */
int signals_catch(void);

/* Sets the bytes to write to `fd` before Ctrl-Z stops the process, so that the shell's prompt gets a line of its
 * own. An empty text: Ctrl-Z has its default action. At most SIGNALS_STOP_BYTES. */
#define SIGNALS_STOP_BYTES 64
void signals_before_stop(int fd, struct text);

/* The first signal that arrived, or 0. */
int signals_caught(void);

#endif
