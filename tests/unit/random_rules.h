/* random_rules.h - random rules of the whole grammar, for tests of what must hold of every rule. */
#ifndef CHAINGATE_TEST_RANDOM_RULES_H
#define CHAINGATE_TEST_RANDOM_RULES_H

#include "chaingate/arena.h"

/* Whose fields a production names, if any … */
#define CHAINLET 1u
#define DEPLOYMENT 2u
#define ITEM (CHAINLET | DEPLOYMENT)
#define TARGET 4u /* a rule about the target, outside of aggregates: it has no fields */
/* … and what it is, for where it may not be, and for the properties that leave something out. */
#define DEEP 8u
#define AGGREGATE 16u
#define AMBIGUOUS 32u /* not in a bare rule */
#define NULL_TEST 64u
#define PARTIAL 128u         /* has no result for some values */
#define EXTREME 256u         /* overflows */
#define JUDGED_SCOPE 512u    /* may stand only where chainlets and deployments are the judged ones … */
#define BASELINE_SCOPE 1024u /* … or only where chainlets are the baseline's */
#define BASELINE_SIDE 2048u  /* ranges over the baseline's chainlets */
#define NEWNESS 4096u        /* asks what the baseline doesn't have */

/* What may be named where a phrase stands: the noun whose fields they are, and the flags of what may not be there. */
struct setting {
	unsigned noun, leave;
};

/* How many alternatives the grammar has; some of those that no phrase has been made of since the start, in words. */
size_t count_productions(char *out_missing, size_t size);

/* A random phrase of the grammar's symbol: 'E' is a condition, 'b' a body that is no expression. */
const char *phrase(struct arena *, char symbol, struct setting);

/* A quantified rule but for its quantifier and its body. */
struct wording {
	const char *noun, *where; /* where: NULL for none */
	struct setting setting;
};

/* `leave`: flags of what must not be in it. */
struct wording random_wording(struct arena *, unsigned leave);
const char *random_quantifier(void);
const char *quantified(struct arena *, const char *quantifier, const struct wording *, const char *body);
const char *random_rule(struct arena *, unsigned leave);

#endif
