/* files.h - reading whole files, and writing files that are whole or not there.
 *
 * Errors are given as text for people, from errno: "No such file or directory".
 */
#ifndef CHAINGATE_FILES_H
#define CHAINGATE_FILES_H

#include "chaingate/arena.h"
#include "chaingate/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads a file ("-": stdin) of at most `limit` bytes into the arena. False with *why. Directories and files over the limit are refused;
 * pipes are read to their end. */
bool file_read(struct arena *, const char *path, size_t limit, struct text *out, const char **why);

/* Writes a file as a whole: to a temporary file beside it, synced, renamed over it; parents are created. A symbolic link is followed; what isn't a
 * regular file (/dev/stdout, a pipe, /dev/full) is written in place. False with *why, and then the old file is as it was and no temporary file is left. */
bool file_write(const char *path, struct text content, const char **why);

/* Adds to the end of a file, which is made where it isn't there: for files that a CI system collects from. False with *why. */
bool file_append(const char *path, struct text content, const char **why);

/* Writes all of it to a descriptor, through interruptions and short writes, waiting for a non-blocking one for at most `patience_ns` in all. False with *why. */
bool fd_write(int fd, struct text content, int64_t patience_ns, const char **why);

/* Would it take some bytes now? */
bool fd_takes(int fd);

/* Longest that a reader of stdout or stderr may keep a run waiting: a stopped pager must not hold the verdict's exit code back for ever. */
#define FD_PATIENCE_NS (INT64_C(5) * 1000000000)

/* The process's working directory is there, or it isn't: NULL then. In the arena. */
const char *file_working_directory(struct arena *);

/* The host's name, "localhost" if it can't be had. In the arena. */
const char *host_name(struct arena *);

#endif
