/* exchange.h - one request and the sending of its answer, with all that can go wrong on the wire.
 *
 * Everything runs in the one thread of the server's loop. An answer that waits (stall, silence, slow) is a suspended
 * connection on the server's list of pauses: no thread is blocked and nothing spins. While it waits its socket is
 * watched, so that a client that gives up frees its place.
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

/* What the exchanges of a server share. */
struct exchanges {
	struct simulation simulation;
	struct request_log *log;
	bool has_begun;
	int64_t start_ns; /* monotonic: the first request */
	struct exchange *paused;
	uint64_t connections; /* so far */
};

/* libmicrohttpd's callbacks; `context` is a struct exchanges. */
enum MHD_Result exchange_handle(void *context, struct MHD_Connection *, const char *path, const char *method,
				const char *version, const char *upload, size_t *upload_size, void **exchange);
void exchange_completed(void *context, struct MHD_Connection *, void **exchange, enum MHD_RequestTerminationCode);
void exchange_connection(void *context, struct MHD_Connection *, void **connection,
			 enum MHD_ConnectionNotificationCode);

/* Waiting. Adds the sockets of pauses to a set that is waited for, and gives when the first pause is over (INT64_MAX:
 * none will be). */
int64_t exchanges_watch(const struct exchanges *, fd_set *read, int *max_fd);

/* After waiting: goes on with what is due, and ends what its client left. True if there was any: libmicrohttpd frees a
 * connection that ended only when it runs the next time, so the next wait must be short. */
bool exchanges_resume(struct exchanges *, const fd_set *read, int64_t now_ns);

/* Ends all pauses, which libmicrohttpd wants before it stops. */
void exchanges_end(struct exchanges *);

#endif
