/* expected.h - what should come of a run. */
#ifndef TESTS_FAULTS_EXPECTED_H
#define TESTS_FAULTS_EXPECTED_H

#include "judge.h"
#include "outcome.h"
#include "rows.h"

/* What the gated chain has to show for a pass. */
struct need need_of(const struct policy_row *);

/* May it end with this exit code? By the nature of its fault; a pass has to be checked as well. */
bool may_end(const struct run *, int code);

/* Was the pass at `at_ms` one? Looks into the simulator's log. */
void check_pass(const char *directory, const struct run *, int64_t at_ms, struct complaints *);

#endif
