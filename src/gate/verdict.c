/* verdict.c - names of verdicts and outcomes, and the one table that maps a verdict to an exit code. */
#include "chaingate/outcome.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *name;
	enum gate_exit exit;
} verdicts[VERDICT_COUNT] = {
	[VERDICT_NONE] = {"none", GATE_EXIT_DEFECT},
	[VERDICT_PASSED] = {"passed", GATE_EXIT_PASSED},
	[VERDICT_FAILED] = {"failed", GATE_EXIT_FAILED},
	[VERDICT_TIMED_OUT] = {"timed_out", GATE_EXIT_TIMED_OUT},
	[VERDICT_UNDECIDED] = {"undecided", GATE_EXIT_UNDECIDED},
	[VERDICT_UNREACHABLE] = {"unreachable", GATE_EXIT_UNREACHABLE},
	[VERDICT_INTERRUPTED] = {"interrupted", GATE_EXIT_SIGINT},
};

/* The numbers are POSIX's (kill). For a process that a signal ended, a shell reports 128 more. */
static const struct {
	int number;
	const char *name;
	enum gate_exit exit;
} interruptions[] = {
	{2, "SIGINT", GATE_EXIT_SIGINT}, /* also for an unknown number, as in a recording that was edited by hand */
	{1, "SIGHUP", GATE_EXIT_SIGHUP},
	{15, "SIGTERM", GATE_EXIT_SIGTERM},
};

static const struct exit_row exits[] = {
	{GATE_EXIT_PASSED, "passed", "every target passed"},
	{GATE_EXIT_FAILED, "failed", "a rule of severity error failed"},
	{GATE_EXIT_USAGE, "usage", "the command line or a policy is wrong; nothing was polled"},
	{GATE_EXIT_TIMED_OUT, "timed_out", "the deadline came before a decision"},
	{GATE_EXIT_UNDECIDED, "undecided",
	 "time ran out while at least one rule could not be evaluated (missing data); none was false"},
	{GATE_EXIT_UNREACHABLE, "unreachable",
	 "the key was refused, the chain or deployment was not found, TLS failed, or the API "
	 "did not answer for too long"},
	{GATE_EXIT_UNREPORTED, "unreported", "the gate passed, but a requested report could not be written"},
	{GATE_EXIT_DEFECT, "defect", "out of memory, or a defect in chaingate"},
	{GATE_EXIT_SIGHUP, "interrupted",
	 "ended by SIGHUP (the terminal or the connection is gone); reports are written"},
	{GATE_EXIT_SIGINT, "interrupted", "ended by SIGINT (Ctrl-C); reports are written"},
	{GATE_EXIT_SIGTERM, "interrupted", "ended by SIGTERM; reports are written"},
};

static const char *const outcomes[] = {
	[RULE_UNKNOWN] = "unknown",
	[RULE_PASS] = "pass",
	[RULE_FAIL] = "fail",
	[RULE_SKIPPED] = "skipped",
};

const char *verdict_name(enum verdict verdict)
{
	return verdicts[verdict].name;
}

/* A run's verdict is the first of these that any target has. */
static const enum verdict precedence[] = {
	VERDICT_INTERRUPTED, VERDICT_FAILED, VERDICT_UNREACHABLE, VERDICT_TIMED_OUT, VERDICT_UNDECIDED, VERDICT_PASSED,
};

enum verdict verdict_first(enum verdict a, enum verdict b)
{
	for (size_t i = 0; i < COUNT_OF(precedence); i++)
		if (precedence[i] == a || precedence[i] == b)
			return precedence[i];
	return VERDICT_NONE;
}

static size_t interruption_of(int signal_number)
{
	for (size_t i = 0; i < COUNT_OF(interruptions); i++)
		if (interruptions[i].number == signal_number)
			return i;
	return 0;
}

enum gate_exit verdict_exit(enum verdict verdict, int signal_number)
{
	return verdict == VERDICT_INTERRUPTED ? interruptions[interruption_of(signal_number)].exit
					      : verdicts[verdict].exit;
}

const char *interruption_name(int signal_number)
{
	return interruptions[interruption_of(signal_number)].name;
}

const char *exit_name(enum gate_exit code)
{
	for (size_t i = 0; i < sizeof(exits) / sizeof(*exits); i++)
		if (exits[i].code == code)
			return exits[i].name;
	return "defect";
}

const struct exit_row *exit_rows(size_t *count)
{
	*count = COUNT_OF(exits);
	return exits;
}

const char *rule_outcome_name(enum rule_outcome outcome)
{
	return outcomes[outcome];
}
