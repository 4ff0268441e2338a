/* golden.h - what golden drivers share: going through a folder of files, comparing, rewriting.
 *
 * A driver reads each file of a folder, computes what should stand in it, and compares piece by piece. With UPDATE_GOLDEN=1 in the environment the
 * file is rewritten instead; the difference is then to be read before it is committed.
 */
#ifndef CHAINGATE_TESTS_GOLDEN_H
#define CHAINGATE_TESTS_GOLDEN_H

#include "chaingate/arena.h"
#include "chaingate/text.h"

/* Calls `run` for every file of the folder with that ending, in the order of their names; prints "N passed, M failed" last. The exit code. */
int golden_run(const char *folder, const char *ending, void (*run)(const char *path, struct text content));

/* One piece of the file that is being run: what stands there, and what was computed. Pieces are separated by one empty line in what is rewritten. */
void golden_compare(const char *path, struct text expected, struct text actual);

/* A file's content. Ends the programme where it can't be read. */
struct text golden_read(struct arena *, const char *path);

_Noreturn void golden_die(const char *what, struct text value);

#endif
