/* golden.h - shared by the golden drivers: goes through a folder of files, compares, and rewrites.
 *
 * A driver reads each file of a folder, computes its expected content, and compares it piece by piece. With
 * UPDATE_GOLDEN=1 in the environment it rewrites the file instead; read the difference before you commit it.
 */
#ifndef CHAINGATE_TESTS_GOLDEN_H
#define CHAINGATE_TESTS_GOLDEN_H

#include "chaingate/arena.h"
#include "chaingate/text.h"

/* Calls `run` for every file of the folder with that ending, sorted by name. Before, it prints "N planned", the sum of
 * what `count` says of each file (NULL: one each): how often `run` calls golden_compare. Prints "N passed, M failed" at
 * the end. Returns the exit code. */
int golden_run(const char *folder, const char *ending, size_t (*count)(struct text content),
	       void (*run)(const char *path, struct text content));

/* Compares one piece of the current file with the computed one. In a rewritten file, pieces are separated by one
 * empty line. */
void golden_compare(const char *path, struct text expected, struct text actual);

/* A file's content. Ends the programme if it can't be read. */
struct text golden_read(struct arena *, const char *path);

_Noreturn void golden_die(const char *what, struct text value);

#endif
