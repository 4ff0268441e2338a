/* stack.c - see stack.h. */
#include "chaingate/stack.h"

#include <stddef.h>
#include <sys/resource.h>

/* The least stack, in KiB. Runs were seen to need less than 96, and libcurl's thread for names gets a stack of the same
 * size, which the system's resolver fills to 64 and more. Systems give 8192, the smallest that we know of 1024. */
#define LEAST_KIB 512
#define TEXT_OF(number) #number
#define TEXT_OF_VALUE(number) TEXT_OF(number)

const char *stack_lacking(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
	    limit.rlim_cur >= (rlim_t)LEAST_KIB * 1024)
		return NULL;
	return "chaingate: out of memory: the stack's limit (ulimit -s) is under " TEXT_OF_VALUE(
		LEAST_KIB) " KiB\n"
			   "  = help: raise it, for example with 'ulimit -s 8192'\n";
}
