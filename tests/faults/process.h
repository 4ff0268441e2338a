/* process.h - runs a command line in this process: starting another one, or a fork, costs more than most runs. */
#ifndef TESTS_FAULTS_PROCESS_H
#define TESTS_FAULTS_PROCESS_H

/* Limit for the real time of a run, in seconds. A run takes milliseconds; only a hang reaches this, and ends the
 * process. */
#define RUN_SECONDS_MAX 300

/* The name of main here (command_line.c). */
int chaingate_main(int argc, char **argv);

/* Runs the command line in `directory` with exactly these variables. Its stdout and stderr go to two files there. Both
 * lists end with NULL. Returns the exit code. If the run crashes, so does this process. */
int run_command_line(const char *directory, const char *const *arguments, const char *const *variables, const char *out,
		     const char *err);

#endif
