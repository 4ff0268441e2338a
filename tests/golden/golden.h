/* golden.h - shared by the golden drivers: goes through a folder of files, compares, and rewrites.
 *
 * A driver reads each file of a folder, computes its expected content, and compares it piece by piece. With
 * UPDATE_GOLDEN=1 in the environment it rewrites the file instead; read the difference before you commit it.
 */
#ifndef CHAINGATE_TESTS_GOLDEN_H
#define CHAINGATE_TESTS_GOLDEN_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/diag.h"
#include "chaingate/text.h"

/* Calls `run` for every file of the folder with that ending, sorted by name. First prints "N planned": how often `run`
 * will call golden_compare, which is the sum of `count` over all files (NULL: once for each). At the end, prints
 * "N passed, M failed". Returns the exit code. */
int golden_run(const char *folder, const char *ending, size_t (*count)(struct text content),
	       void (*run)(const char *path, struct text content));

/* Compares one piece of the current file with the computed one; a piece with the word DEFECT is never right. Line
 * ends at their end don't count. In a rewritten file, pieces are separated by one empty line. */
void golden_compare(const char *path, struct text expected, struct text actual);

/* A file's content. Ends the programme if it can't be read. */
struct text golden_read(struct arena *, const char *path);

/* Appends each diagnostic as comments: its severity, line, column, code and message, then its second place and its help.
 * A place in another source than `main` begins with that source's name. */
void golden_add_diags(struct buf *out, const struct diags *, const struct source *main);

_Noreturn void golden_die(const char *what, struct text value);

#endif
