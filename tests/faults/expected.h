/* expected.h - the outcomes that are allowed for a run. */
#ifndef TESTS_FAULTS_EXPECTED_H
#define TESTS_FAULTS_EXPECTED_H

#include "judge.h"
#include "outcome.h"
#include "rows.h"

/* What the gated chain must show for a pass. */
struct need need_of(const struct policy_row *);

/* True if the run may end with this exit code, by the nature of its fault. A pass must also be checked by
 * check_pass. */
bool may_end(const struct run *, int code);

/* Checks in the simulator's log that the pass at `at_ms` was right. */
void check_pass(const char *directory, const struct run *, int64_t at_ms, struct complaints *);

#endif
