/* signals.h - SIGHUP, SIGINT and SIGTERM as something an event loop can wait for, and what else a process inherits that must not decide how it ends. */
#ifndef CHAINGATE_SIGNALS_H
#define CHAINGATE_SIGNALS_H

#include "chaingate/text.h"

/* To be called first in a process. A file that reaches the limit of its size (`ulimit -f`) is an error of writing, as a full disk is, and doesn't end the process;
 * no core is dumped, because the key would be in it. */
void signals_settle(void);

/* Catches SIGHUP, SIGINT and SIGTERM (not where they were ignored when the process started), unblocks them, whoever started the process, and ignores SIGPIPE. Gives a descriptor that becomes readable when one arrives; -1 if the
 * system has no descriptor left. Call once. A second signal of the same kind while the first is being dealt with changes nothing; a third ends the process at
 * once, as it would have without us. */
int signals_catch(void);

/* What is written to `fd` before Ctrl-Z stops the process, so that the shell's prompt has a place of its own; nothing: Ctrl-Z stops it as it does any process.
 * At most SIGNALS_STOP_BYTES. */
#define SIGNALS_STOP_BYTES 64
void signals_before_stop(int fd, struct text);

/* The first signal that arrived, or 0. */
int signals_caught(void);

#endif
