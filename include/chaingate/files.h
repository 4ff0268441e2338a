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
 * regular file (/dev/stdout, a pipe, /dev/full) is written in place, waiting for its reader for at most `patience_ns`. False with *why, and then the old file is as
 * it was and no temporary file is left. */
bool file_write(const char *path, struct text content, int64_t patience_ns, const char **why);

/* The same for what is soon to be written over, in the place of a file that is replaced: whole for whoever reads it, but not synced, so that a machine that loses its
 * power may have neither. False with *why. */
bool file_write_ahead(const char *path, struct text content, const char **why);

/* Where a path leads when its last part is a symbolic link, possibly one to nothing. In the arena, or `path`; NULL with errno. */
const char *file_followed(struct arena *, const char *path);

/* Makes the directories above a path that aren't there. False with *why. */
bool file_make_parents(struct arena *, const char *path, const char **why);

/* Would file_write put a new file in its place? Not in that of what isn't a regular file, nor of one that stdout or stderr is. */
bool file_is_replaced(const char *path);

/* Adds to the end of a file, which is made where it isn't there: for files that a CI system collects from. False with *why. */
bool file_append(const char *path, struct text content, int64_t patience_ns, const char **why);

/* Writes all of it to a descriptor, through interruptions and short writes, waiting for a non-blocking one for at most `patience_ns` in all. False with *why. */
bool fd_write(int fd, struct text content, int64_t patience_ns, const char **why);

/* Writes as much as is taken without waiting, and says how much in *done. False with *why when it failed. */
bool fd_write_now(int fd, struct text content, size_t *done, const char **why);

/* Would it take some bytes now? */
bool fd_takes(int fd);

/* Longest that a reader of stdout or stderr may keep a run waiting: a stopped pager must not hold the verdict's exit code back for ever. */
#define FD_PATIENCE_NS (INT64_C(5) * 1000000000)

/* The process's working directory is there, or it isn't: NULL then. In the arena. */
const char *file_working_directory(struct arena *);

/* The host's name, "localhost" if it can't be had. In the arena. */
const char *host_name(struct arena *);

#endif
