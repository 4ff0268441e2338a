/* memory.c - ends the program when memory runs out.
 *
 * It is in this room, not beside the arena, because it writes and exits. It must not allocate, so it uses write() and
 * not stdio; and it must not run functions registered with atexit, which might go on as if nothing had happened.
 */
#include "chaingate/arena.h"

#include <unistd.h>

/* EX_SOFTWARE of sysexits.h, the gate's code for "could not decide": no pipeline takes it for a pass. */
#define EXIT_MEMORY 70

void memory_exhausted(void)
{
	static const char message[] = "chaingate: out of memory\n";

	/* If this fails, too, there is nobody left to tell. */
	ssize_t written = write(STDERR_FILENO, message, sizeof(message) - 1);
	(void)written;
	_exit(EXIT_MEMORY);
}
