/* sandbox_filter.h - the sandbox's filter of system calls; sandbox.h says what it refuses. */
#ifndef CHAINGATE_SYS_SANDBOX_FILTER_H
#define CHAINGATE_SYS_SANDBOX_FILTER_H

#include <stdbool.h>

/* Filters the calls of this thread, and of those that it makes, for good. 0, or errno; ENOSYS for a processor whose calls
 * aren't listed. PR_SET_NO_NEW_PRIVS must be set. */
int sandbox_filter_calls(void);

/* True if the kernel and this build can filter. */
bool sandbox_can_filter(void);

#endif
