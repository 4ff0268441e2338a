/* study.h - finds out whether a rule's condition can be true, and can be false. Private to src/rule.
 *
 * A result is always right, but a condition that can't vary may go unnoticed.
 */
#ifndef CHAINGATE_RULE_STUDY_H
#define CHAINGATE_RULE_STUDY_H

#include "evaluate.h"

struct studied {
	bool is_known; /* false: there was too much to try, or a constant has no value; nothing else is set */
	bool selects;  /* `where` can be true; also if there is none */
	bool can_hold; /* the body can be true for an item that `where` selects */
	bool can_fail; /* or be unknown */
};

/* `rest`: only with the statuses and ages that something judged can have then. `selected`: only with what is known of
 * the selected deployments; NULL: nothing. */
struct studied rule_study(struct arena *, const struct rule *, enum rest rest, const struct rule_selected *selected);

#endif
