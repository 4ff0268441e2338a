/* secret.h - memory for the API key, which nobody else should read.
 *
 * A secret has pages of its own. They aren't swapped out, as far as the limit on locked memory permits it; no core dump
 * contains them; they are overwritten when they are released, and when the process ends in a way that this program
 * notices.
 */
#ifndef CHAINGATE_SECRET_H
#define CHAINGATE_SECRET_H

#include <stddef.h>

/* Call first in a process. Afterwards it dumps no core, neither to a file nor to a program that collects cores, and
 * other processes of the same user can read neither its memory nor /proc/PID/environ. What the system doesn't permit
 * stays as it was. A debugger that started the process can still trace it. */
void secrets_settle(void);

/* Zeroed memory for a secret. Never NULL: if there is none, the program ends (memory_exhausted). secret_free overwrites
 * it; NULL is nothing. */
void *secret_alloc(size_t size);
void secret_free(void *bytes);

/* Overwrites all secrets, without releasing them: for the end of the process. May be called from a signal handler. */
void secrets_wipe(void);

#endif
