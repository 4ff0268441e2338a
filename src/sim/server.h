/* server.h - the simulator on a socket: listening on the loopback address, one loop, an orderly end. */
#ifndef CHAINGATE_SIM_SERVER_H
#define CHAINGATE_SIM_SERVER_H

#include "chaingate/arena.h"
#include "request_log.h"
#include "scenario.h"

#include <stdbool.h>
#include <stdint.h>

struct server;

struct server_wish {
	uint16_t port;        /* 0: any that is free */
	const char *tls_cert; /* PEM texts, both or none: HTTPS if given */
	const char *tls_key;
	struct request_log *log;
};

/* Listens on 127.0.0.1; scenario time begins with the first request. NULL with *why, in the arena. */
struct server *server_start(struct arena *, const struct scenario *, const struct server_wish *, const char **why);

uint16_t server_port(const struct server *);

/* Serves until `stop_fd` becomes readable or `eof_fd` is at its end of file; either may be -1: none. False with *why if
 * the system doesn't allow waiting. */
bool server_run(struct server *, int stop_fd, int eof_fd, const char **why);

/* Ends all connections. */
void server_stop(struct server *);

#endif
