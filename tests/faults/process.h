/* process.h - a command line in a process of its own. */
#ifndef TESTS_FAULTS_PROCESS_H
#define TESTS_FAULTS_PROCESS_H

/* Longest that a run may really take, in seconds. It takes milliseconds; only a hang reaches this. */
#define RUN_SECONDS_MAX 300

/* What main is called here (command_line.c). */
int chaingate_main(int argc, char **argv);

/* Runs it in `directory` with exactly these variables; its stdout and stderr go to two files there. Both lists end with NULL. The exit code, or 128 and the number of the
 * signal that ended it. */
int run_command_line(const char *directory, const char *const *arguments, const char *const *variables, const char *out,
		     const char *err);

#endif
