/* entry.c - where the static program for x86-64 starts: it asks the kernel for its pages at once.
 *
 * A program gets a page of its file at the first touch, by an interruption (a page fault). The static program has 170 of them before its
 * main: 115 while its tables are relocated, which the C library does before any function of ours could run. So this is the program's
 * entry point (the Makefile's ldmodes), and no C: there is no stack frame yet, and nothing is relocated. Together with packed
 * relocations and net/heap.c, it saves a quarter of a request's time on a virtual machine (docs/performance.md).
 *
 * Nothing depends on its success. Linux before 5.14 doesn't know these two kinds of advice and refuses them; then the pages come one by one.
 * So do the writable ones after linking with lld, where __preinit_array_start isn't the first writable address. */
#include "chaingate/stack.h"

#if defined CHAINGATE_STATIC && defined __x86_64__
/* rdx is what the kernel hands to _start: a function for atexit, or 0. The addresses are relative to the instruction. */
__asm__(".text\n"
	".globl entry_with_pages\n"
	".type entry_with_pages, @function\n"
	"entry_with_pages:\n"
	"	endbr64\n"
	"	mov %rdx, %r8\n"
	/* All that is writable, tables and variables: madvise(begin of the pages, bytes, MADV_POPULATE_WRITE). */
	"	lea __preinit_array_start(%rip), %rdi\n"
	"	and $-4096, %rdi\n"
	"	mov %rdi, %r9\n"
	"	lea _end+4095(%rip), %rsi\n"
	"	and $-4096, %rsi\n"
	"	sub %rdi, %rsi\n"
	"	mov $23, %edx\n"
	"	mov $28, %eax\n"
	"	syscall\n"
	/* Instructions and constants: the same with MADV_POPULATE_READ. They are the page cache's, not copies. */
	"	lea __executable_start(%rip), %rdi\n"
	"	mov %r9, %rsi\n"
	"	sub %rdi, %rsi\n"
	"	mov $22, %edx\n"
	"	mov $28, %eax\n"
	"	syscall\n"
	"	mov %r8, %rdx\n"
	"	jmp _start\n"
	".size entry_with_pages, .-entry_with_pages\n");
#endif
