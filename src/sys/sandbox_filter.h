/* sandbox_filter.h - the sandbox's filter of system calls; sandbox.h says what it refuses. */
#ifndef CHAINGATE_SYS_SANDBOX_FILTER_H
#define CHAINGATE_SYS_SANDBOX_FILTER_H

/* No errno: this build lists no calls of this processor. */
#define SANDBOX_UNLISTED (-1)

/* Filters the calls of this thread, and of those that it makes, for good. 0, or errno, or
 * SANDBOX_UNLISTED. PR_SET_NO_NEW_PRIVS must be set. */
int sandbox_filter_calls(void);

/* What sandbox_filter_calls would return, as far as that can be told without doing it. */
int sandbox_try_filter(void);

#endif
