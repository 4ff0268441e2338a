/* request_log.h - writes a JSON line for each request, for tests to count and to read.
 *
 *   {"request":3,"connection":1,"scenario_ms":31000,"real_ms":1550,"method":"GET",
 *    "path":"/v1/chains/232p81ql/deployments","status":503,"fault":"http","authorization":true,
 *    "user_agent":"chaingate/1.0"}
 *
 * `status` is null if none is sent, `fault` if the answer is without a fault, `user_agent` if there was none.
 * `authorization` only says whether the header was there; its value is never written. A line is written when the
 * answer is decided; lines are in the order of the requests, and each is written whole.
 */
#ifndef CHAINGATE_SIM_REQUEST_LOG_H
#define CHAINGATE_SIM_REQUEST_LOG_H

#include "chaingate/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct request_log {
	FILE *stream; /* NULL: no log */
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

/* If a line can't be written, the log has failed, and nothing more is written. */
void request_log_add(struct request_log *, const struct request_record *);

/* False if any line could not be written. */
bool request_log_close(struct request_log *);

#endif
