/* stack.h - whether the process's limit on its stack is large enough for a run. */
#ifndef CHAINGATE_STACK_H
#define CHAINGATE_STACK_H

/* NULL, or why the stack is too small, for people: one line with its end. Without this check a run would die of SIGSEGV
 * somewhere, without a word and perhaps in the middle of a report. Call at the start; it needs little stack itself. */
const char *stack_lacking(void);

#endif
