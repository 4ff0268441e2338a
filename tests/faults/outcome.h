/* outcome.h - the files that a run left, and the checks that hold for every run. */
#ifndef TESTS_FAULTS_OUTCOME_H
#define TESTS_FAULTS_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The files of a run, in its own directory. */
#define FILE_OUT "out"
#define FILE_ERR "err"
#define FILE_LOG "log"
#define FILE_JUNIT "report.xml"
#define FILE_JSON "report.json"
#define FILE_RECORDING "run.ndjson"
#define FILE_AGAIN "again.json"
#define FILE_AGAIN_OUT "again.out"
#define FILE_AGAIN_ERR "again.err"

/* The complaints, one a line. */
struct complaints {
	char text[4000];
	size_t length;
};

__attribute__((format(printf, 2, 3))) void complain(struct complaints *, const char *format, ...);

/* A whole file, to be freed; NULL if there is none. */
char *read_whole(const char *directory, const char *name, size_t *out_length);

/* Facts from the JSON report. */
struct told {
	int exit;
	int64_t at_ms, took_ms;
};

/* Checks that every report exists, is complete, appears once and has `code`; that the verdict of each target is on
 * stdout, once; that the recording has its end; and that no file has the key. */
void check_outcome(const char *directory, int code, int targets, struct told *out, struct complaints *);

/* Checks that the replay's report equals the run's, except for the wall clock and the machine. */
void check_replay(const char *directory, int code, int replayed, struct complaints *);

#endif
