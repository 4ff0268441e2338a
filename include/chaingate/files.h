/* files.h - reads whole files, and writes files so that they are either complete or absent.
 *
 * Errors are texts for people: errno's ("No such file or directory") or a constant ("nobody reads it"). The next
 * strerror may overwrite errno's, so copy one that you keep.
 */
#ifndef CHAINGATE_FILES_H
#define CHAINGATE_FILES_H

#include "chaingate/arena.h"
#include "chaingate/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads a file ("-": stdin) into the arena. A directory is refused, and so is everything that has more than `limit`
 * bytes. A pipe is read to its end, however long its writer takes; a caught signal ends that. If the
 * arena wipes, no copy stays anywhere else. False with *why. */
bool file_read(struct arena *, const char *path, size_t limit, struct text *out, const char **why);

/* Writes a whole file: to a temporary file beside it, which is synced and renamed over it. Missing parent directories
 * are created. A symbolic link is followed. These are written in place instead, for at most `patience_ns`: a pipe, a
 * device, a descriptor's file (file_is_descriptor), and a file that is also stdout or stderr, to which the text is
 * appended. False with *why: then a file to be replaced is unchanged and no temporary file is left; what is written in
 * place may be written in part. */
bool file_write(const char *path, struct text content, int64_t patience_ns, const char **why);

/* A file that is complete and on the disk, but not in its place yet. The paths are in the arena that it was made with. */
struct file_ready {
	const char *temporary, *target;
};

/* file_write in two steps, for a path for which file_is_replaced is true. file_prepare does all that needs space on the
 * disk, and changes nothing at the path; then call file_put, which only renames, or file_discard. False with *why: then
 * the file at the path is unchanged, and no temporary file is left. */
bool file_prepare(struct arena *, const char *path, struct text content, struct file_ready *out, const char **why);
bool file_put(const struct file_ready *, const char **why);
void file_discard(const struct file_ready *);

/* Like file_write, for a file that will soon be written again: it isn't synced, so if the machine loses power, the old
 * version and the new one may be lost. A reader always sees a whole file. Call it only if file_is_replaced is true for
 * the path. False with *why. */
bool file_write_ahead(const char *path, struct text content, const char **why);

/* Where a path leads if its last part is a symbolic link, possibly to a file that doesn't exist. In the arena, or
 * `path` itself. NULL with errno. */
const char *file_followed(struct arena *, const char *path);

/* True if the path is a descriptor's link, such as /dev/fd/3, or if its last part leads to one. What that leads to may
 * have no path of its own, or soon another file at its path. */
bool file_is_descriptor(const char *path);

/* True if no other user decides where a write to this path goes. False with *why if the path has a link, in a folder
 * that its group or everybody can write to, or leads to a file, in a folder such as /tmp, that belongs neither to
 * this user, nor to the folder's owner, nor to root. All functions here that write look first. */
bool file_is_trusted(const char *path, const char **why);

/* Opens a file for writing if it is trusted, at the path where the look ended. That path had no links. If its last part
 * is a link by now, opening fails (O_NOFOLLOW), unless it was a descriptor's link in /proc. If one of its folders is a
 * link by now, that is followed: whoever may rename the folder can do this. `flags`: open's. -1 with errno and *why. */
int file_open_trusted(const char *path, int flags, const char **why);

/* Creates the missing directories above a path. False with *why. */
bool file_make_parents(struct arena *, const char *path, const char **why);

/* True if file_write would replace the file at this path by a new one. Also true if nothing is there yet, if
 * the path can't be looked up, or for a directory (which file_write then refuses). False for a pipe, a device or a
 * descriptor's file, and if stdout or stderr is that file. */
bool file_is_replaced(const char *path);

/* Call it only if file_is_replaced is false for the path. False with *why if file_write would certainly fail, because
 * the path may not be written or is a socket. Nothing is opened or written. */
bool file_takes_writes(const char *path, const char **why);

/* Appends to a file, and creates it if it doesn't exist: for files that a CI system collects. False with *why. */
bool file_append(const char *path, struct text content, int64_t patience_ns, const char **why);

/* Writes all of it to a descriptor, through interruptions and short writes. Waits for anything but a regular file for
 * at most `patience_ns` in all. False with *why: then a part may have been written. */
bool fd_write(int fd, struct text content, int64_t patience_ns, const char **why);

/* Writes as much as possible without waiting; *done is the number of bytes. False with *why if writing failed. */
bool fd_write_now(int fd, struct text content, size_t *done, const char **why);

/* True if the descriptor would take some bytes now. */
bool fd_takes(int fd);

/* How long a reader of stdout or stderr may delay a run. A stopped pager must not hold back the verdict's exit code for
 * ever. */
#define FD_PATIENCE_NS (INT64_C(5) * 1000000000)

/* The working directory, or NULL if it no longer exists. In the arena. */
const char *file_working_directory(struct arena *);

/* The host's name, or "localhost" if the system doesn't give one. In the arena. */
const char *host_name(struct arena *);

#endif
