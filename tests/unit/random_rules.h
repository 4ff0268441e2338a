/* random_rules.h - random rules from the whole grammar, for tests of properties that every rule must have. */
#ifndef CHAINGATE_TEST_RANDOM_RULES_H
#define CHAINGATE_TEST_RANDOM_RULES_H

#include "chaingate/arena.h"

/* Flags of a production. The noun whose fields it names, if any: */
#define CHAINLET 1u
#define DEPLOYMENT 2u
#define ITEM (CHAINLET | DEPLOYMENT)
#define TARGET 4u /* a rule about the target, outside aggregates: it has no fields */
/* What it contains. A place in a rule, or a test of a property, may exclude these: */
#define DEEP 8u
#define AGGREGATE 16u
#define AMBIGUOUS 32u /* not in a bare rule */
#define NULL_TEST 64u
#define PARTIAL 128u         /* has no result for some values */
#define EXTREME 256u         /* overflows */
#define JUDGED_SCOPE 512u    /* allowed only where chainlets and deployments are the judged ones */
#define BASELINE_SCOPE 1024u /* allowed only where chainlets are the baseline's */
#define BASELINE_SIDE 2048u  /* ranges over the baseline's chainlets */
#define NEWNESS 4096u        /* asks for something that the baseline doesn't have */

/* What a phrase may contain: fields of `noun`, and no production with a flag in `leave`. */
struct setting {
	unsigned noun, leave;
};

/* Returns how many alternatives the grammar has. Describes some of those that no phrase has used since the start. */
size_t count_productions(char *out_missing, size_t size);

/* A random phrase for a symbol of the grammar: 'E' is a condition, 'b' a body that isn't an expression. */
const char *phrase(struct arena *, char symbol, struct setting);

/* A quantified rule without its quantifier and body. */
struct wording {
	const char *noun, *where; /* where: NULL if there is none */
	struct setting setting;
};

/* `leave`: flags of productions to exclude. */
struct wording random_wording(struct arena *, unsigned leave);
const char *random_quantifier(void);
const char *quantified(struct arena *, const char *quantifier, const struct wording *, const char *body);
const char *random_rule(struct arena *, unsigned leave);

#endif
