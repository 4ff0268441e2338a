/* mismatch.c - reports operands that can't be compared, with what the user probably meant. */
#include "checker.h"
#include "ratio.h"

#include <string.h>

/* ---- types ------------------------------------------------------------------------------------------------------ */

void hint_at_types(struct checker *c, struct diag *diag, enum value_type left, enum value_type right)
{
	bool duration = left == TYPE_DURATION || right == TYPE_DURATION;
	if (left == TYPE_STRING && right == TYPE_STATUS)
		diag_hint(c->diags, diag, "write a text in quotes");
	else if (left == TYPE_STATUS && right == TYPE_STRING)
		diag_hint(c->diags, diag, "write statuses without quotes: status == ACTIVE");
	else if (left == TYPE_TIME || right == TYPE_TIME)
		diag_hint(c->diags, diag, AGE_REMEDY);
	else if (right == TYPE_STRING && left == TYPE_NUMBER)
		diag_hint(c->diags, diag, "write numbers without quotes: 2");
	else if (right == TYPE_STRING && left == TYPE_DURATION)
		diag_hint(c->diags, diag, "write durations without quotes: 5m");
	else if (duration && (left == TYPE_NUMBER || right == TYPE_NUMBER))
		diag_hint(c->diags, diag, "write durations as whole numbers with a unit: 90s, 5m");
}
