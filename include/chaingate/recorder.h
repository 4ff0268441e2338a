/* recorder.h - writes the recording of a run while the run goes on. */
#ifndef CHAINGATE_RECORDER_H
#define CHAINGATE_RECORDER_H

#include "chaingate/driver.h"
#include "chaingate/feed.h"
#include "chaingate/record.h"

struct recorder;

/* Opens the file, overwriting it and creating missing directories, and writes the header. A pipe's reader never
 * blocks the run: bytes it doesn't take are kept and written later. NULL with *why. */
struct recorder *recorder_open(const char *path, const struct record_header *, const char **why);

/* Records that the list of chains was read, and is followed by answers to another driver than before. */
void recorder_begin(struct recorder *, const struct record_chains *);

/* Records an answer. Call it after the driver got the answer. A round is written when it is over. */
void recorder_take(struct recorder *, const struct driver *, const struct feed_reading *, bool is_over);

/* Writes the end, waiting for a pipe's reader for at most `patience_ns`, and closes. False with *why if any part of
 * the recording couldn't be written. */
bool recorder_close(struct recorder *, const struct gate_result *, enum gate_exit code, int64_t patience_ns,
		    const char **why);

#endif
