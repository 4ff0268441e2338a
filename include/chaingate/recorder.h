/* recorder.h - a recording while it is made. */
#ifndef CHAINGATE_RECORDER_H
#define CHAINGATE_RECORDER_H

#include "chaingate/driver.h"
#include "chaingate/feed.h"
#include "chaingate/record.h"

struct recorder;

/* Opens the file, over what was there, with the folders on the way to it, and writes the header. A pipe's reader keeps nobody waiting: what it doesn't take is
 * kept until later. NULL with *why. */
struct recorder *recorder_open(const char *path, const struct record_header *, const char **why);

/* What a chain answered, when the driver has it. A round is written when it is over. */
void recorder_take(struct recorder *, const struct driver *, const struct feed_reading *, bool is_over);

/* Writes the end, waiting for a pipe's reader for at most `patience_ns`, and closes. False with *why if anything could not be written. */
bool recorder_close(struct recorder *, const struct gate_result *, enum gate_exit code, int64_t patience_ns,
		    const char **why);

#endif
