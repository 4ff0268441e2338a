/* recorder.h - a recording while it is made. */
#ifndef CHAINGATE_RECORDER_H
#define CHAINGATE_RECORDER_H

#include "chaingate/gate.h"
#include "chaingate/record.h"
#include "chaingate/rounds.h"

struct recorder;

/* Opens the file, over what was there, and writes the header. NULL with *why. */
struct recorder *recorder_open(const char *path, const struct record_header *, const char **why);

/* How many chains are asked: before the first answer. */
void recorder_begin(struct recorder *, size_t chain_count);

/* What chain `index` answered in this round. `is_list`: it was asked for its list, else for its id. */
void recorder_keep(struct recorder *, size_t index, const struct api_answer *, bool is_list, int64_t took_ns);

/* Writes the answers of a group's chains. */
void recorder_end_round(struct recorder *, const struct rounds *, size_t group);

/* Writes the end, and closes. False with *why if anything could not be written. */
bool recorder_close(struct recorder *, const struct gate_result *, enum gate_exit code, const char **why);

#endif
