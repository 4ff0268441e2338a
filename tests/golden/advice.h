/* advice.h - does what a hint advises, so that no hint leads to another mistake. Shared by the golden drivers.
 *
 * A hint is prose: "write 70%", "say ready, or ACTIVE". Its alternatives are what stands after its verb, between
 * ", or ". Each alternative is put in every place near the mistake where a reader could put it. One of the results must
 * be valid. An alternative that names no text to write ("look at the values again") must be in the driver's list.
 *
 * Nothing is followed under sanitizers, or with WITHOUT_ADVICE in the environment: that takes most of the time.
 */
#ifndef CHAINGATE_TESTS_ADVICE_H
#define CHAINGATE_TESTS_ADVICE_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/diag.h"

/* An alternative without a text to write. A last * stands for any text. */
struct advice_in_words {
	const char *words;
	bool used;
};

struct advice {
	struct arena *arena; /* scratch memory */
	/* Appends the mistakes of a changed input. */
	void (*read)(void *closure, struct text input, struct diags *);
	void *closure;
	struct advice_in_words *in_words;
	size_t in_words_count;
};

/* Follows the hint of each diagnostic about `source`, one at a time. Afterwards there must be fewer diagnostics, and
 * none that wasn't there before. For each alternative that leads nowhere appends a line to `out` that begins with
 * `prefix`. */
void advice_follow(struct advice *, const struct source *, const struct diags *, const char *prefix, struct buf *out);

/* Prints the entries of the list that no hint had. Returns their number. */
size_t advice_unused(const struct advice *);

#endif
