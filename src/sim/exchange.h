/* exchange.h - one request and sending its answer, with everything that can go wrong on the wire.
 *
 * Everything runs in the single thread of the server's loop. An answer that waits (stall, silence, slow) is a
 * suspended connection in the server's list of pauses: no thread is blocked, and nothing spins. Meanwhile its socket
 * is watched, so that a client that gives up frees its place.
 */
#ifndef CHAINGATE_SIM_EXCHANGE_H
#define CHAINGATE_SIM_EXCHANGE_H

#include "answer.h"
#include "chaingate/arena.h"
#include "request_log.h"

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/select.h>

struct exchange;

/* Shared by the exchanges of a server. */
struct exchanges {
	struct simulation simulation;
	struct request_log *log;
	bool has_begun;
	int64_t start_ns; /* monotonic: when the first request came */
	struct exchange *paused;
	uint64_t connections; /* so far */
};

/* libmicrohttpd's callbacks; `context` is a struct exchanges. */
enum MHD_Result exchange_handle(void *context, struct MHD_Connection *, const char *path, const char *method,
				const char *version, const char *upload, size_t *upload_size, void **slot);
void exchange_completed(void *context, struct MHD_Connection *, void **slot, enum MHD_RequestTerminationCode);
void exchange_connection(void *context, struct MHD_Connection *, void **slot, enum MHD_ConnectionNotificationCode);

/* Call before waiting. Adds the sockets of pauses to the set to wait for, and returns when the first pause ends
 * (INT64_MAX: none will). */
int64_t exchanges_watch(const struct exchanges *, fd_set *read, int *max_fd);

/* Call after waiting. Continues pauses that are over, and ends those whose client left. True if it did so for any:
 * libmicrohttpd frees an ended connection only when it runs the next time, so the next wait must be short. */
bool exchanges_resume(struct exchanges *, const fd_set *read, int64_t now_ns);

/* Ends all pauses, as libmicrohttpd requires before it stops. */
void exchanges_end(struct exchanges *);

#endif
