/* verdict.h - the verdict of a run, and its exit code. */
#ifndef CHAINGATE_VERDICT_H
#define CHAINGATE_VERDICT_H

#include <stddef.h>

/* Zero is no verdict: its exit code is 70, never 0. */
enum verdict {
	VERDICT_NONE,
	VERDICT_PASSED,
	VERDICT_FAILED,
	VERDICT_TIMED_OUT,
	VERDICT_UNDECIDED,
	VERDICT_UNREACHABLE,
	VERDICT_INTERRUPTED,
	VERDICT_COUNT
};

/* A promise: a number never changes its meaning. */
enum gate_exit {
	GATE_EXIT_PASSED = 0,
	GATE_EXIT_FAILED = 1,
	GATE_EXIT_USAGE = 2,
	GATE_EXIT_TIMED_OUT = 3,
	GATE_EXIT_UNDECIDED = 4,
	GATE_EXIT_UNREACHABLE = 5,
	GATE_EXIT_UNREPORTED = 6,
	GATE_EXIT_DEFECT = 70,
	GATE_EXIT_SIGHUP = 129,
	GATE_EXIT_SIGINT = 130,
	GATE_EXIT_SIGTERM = 143,
};

const char *verdict_name(enum verdict); /* "timed_out" */

/* The verdict of two targets together: a run's verdict is the first of interrupted, failed, unreachable, timed_out,
 * undecided, passed that any target has. VERDICT_NONE: neither has one. */
enum verdict verdict_first(enum verdict, enum verdict);

/* The only place that maps a verdict to a code. `signal_number` is used only for VERDICT_INTERRUPTED. */
enum gate_exit verdict_exit(enum verdict, int signal_number);

/* "SIGTERM"; for a number that isn't one of the three: "SIGINT". */
const char *interruption_name(int signal_number);

/* The table for help and documentation: code, name, meaning; in ascending order. */
struct exit_row {
	enum gate_exit code;
	const char *name;
	const char *meaning;
};
const struct exit_row *exit_rows(size_t *count);
const char *exit_name(enum gate_exit); /* "unreported" */

#endif
