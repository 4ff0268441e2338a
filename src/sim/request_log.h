/* request_log.h - a JSON line for each request, for tests to count and to read.
 *
 *   {"request":3,"connection":1,"scenario_ms":31000,"real_ms":1550,"method":"GET",
 *    "path":"/v1/chains/232p81ql/deployments","status":503,"fault":"http","authorization":true,
 *    "user_agent":"chaingate/1.0"}
 *
 * `status` is null where none is sent, `fault` where nothing was done to the answer, `user_agent` where there was none.
 * Of the Authorization header only whether it was there is written, never what was in it. Lines are written when the
 * answer is decided, in the order of the requests, each whole.
 */
#ifndef CHAINGATE_SIM_REQUEST_LOG_H
#define CHAINGATE_SIM_REQUEST_LOG_H

#include "chaingate/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct request_log {
	FILE *stream; /* NULL: no log is wanted */
	const char *name;
	bool failed;
	uint64_t requests;
};

struct request_record {
	uint64_t connection; /* counted from 1 */
	int64_t scenario_ns, real_ns;
	struct text method, path;
	unsigned int status; /* 0: none was sent */
	const char *fault;   /* NULL: none */
	bool has_authorization;
	const char *user_agent; /* NULL: none */
};

/* Opens a file (`-`: stdout) for writing; an old one is emptied. False with errno. */
bool request_log_open(struct request_log *, const char *path);

/* A line that can't be written makes the log failed; nothing further is written then. */
void request_log_add(struct request_log *, const struct request_record *);

/* False if any line could not be written. */
bool request_log_close(struct request_log *);

#endif
