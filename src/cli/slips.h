/* slips.h - words that people type on the command line because another tool, or another command, has them, and what to
 * write here instead.
 */
#ifndef CHAINGATE_CLI_SLIPS_H
#define CHAINGATE_CLI_SLIPS_H

#include "chaingate/text.h"

#include <stddef.h>

#define SLIP_WORDS_MAX 10

struct slip {
	unsigned commands; /* of an option: the commands for which the advice is right; 0: a command */
	const char
		*words[SLIP_WORDS_MAX]; /* an option's name without its dashes, or a command's; up to the first NULL */
	/* What to write in its place, as words of a command line that is accepted as it is; NULL: nothing, it is to be
	 * left out. */
	const char *write;
	const char *why; /* part of a sentence; may be NULL if `write` isn't */
};

struct diag;
struct diags;
/* The advice as a hint. */
void slip_hint(const struct slip *, struct diags *, struct diag *);

/* The slip with this index, from 0; NULL after the last. */
const struct slip *slip_at(size_t index);

/* The advice for an option of one command, or with 0 for a command. NULL if the word isn't known. */
const struct slip *slip_find(unsigned command, struct text word);

#endif
