/* server.c - the simulator on a socket. */
#include "server.h"

#include "chaingate/buf.h"
#include "chaingate/clock.h"
#include "chaingate/times.h"
#include "exchange.h"

#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

/* Most connections at a time. select takes FD_SETSIZE descriptors; some of them are the process's own. */
#define CONNECTIONS_MAX (FD_SETSIZE - 24)
/* Longest explanation of a failed start, in bytes; libmicrohttpd's are single lines. */
#define WHY_MAX ((size_t)4 << 10)

struct server {
	struct MHD_Daemon *daemon;
	struct exchanges exchanges;
	struct buf complaint; /* libmicrohttpd's messages while it started */
	bool is_running;
};

__attribute__((format(printf, 2, 0))) static void note_complaint(void *context, const char *format, va_list args)
{
	struct server *server = context;
	char line[256]; /* for people: cut if it is longer */
	if (server->is_running || server->complaint.length)
		return;
	vsnprintf(line, sizeof(line), format, args);
	line[strcspn(line, "\n")] = '\0';
	text_add_printable(&server->complaint, text_of(line));
}

static const char *start_failure(struct arena *arena, struct server *server, const struct server_wish *wish, int error)
{
	const char *said = server->complaint.length ? buf_string(&server->complaint) : strerror(error);
	const char *why = arena_printf(arena, "could not listen on 127.0.0.1:%u%s: %s", (unsigned int)wish->port,
				       wish->tls_cert ? " with that certificate and key" : "", said);
	buf_release(&server->complaint);
	return why;
}

struct server *server_start(struct arena *arena, const struct scenario *scenario, const struct server_wish *wish,
			    const char **why)
{
	struct server *server = ARENA_NEW(arena, struct server);
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons(wish->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct MHD_OptionItem tls[] = {
		{MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)wish->tls_key},
		{MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)wish->tls_cert},
		{MHD_OPTION_END, 0, NULL},
	};
	if (!wish->tls_cert)
		tls[0] = tls[2];
	else if (MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES) {
		*why = "cannot serve HTTPS: this libmicrohttpd was built without TLS";
		return NULL;
	}
	server->complaint = buf_make(WHY_MAX);
	server->exchanges = (struct exchanges){.simulation = simulation_make(arena, scenario, 0), .log = wish->log};
	unsigned int flags = MHD_USE_ERROR_LOG | MHD_ALLOW_SUSPEND_RESUME;
	if (wish->tls_cert)
		flags |= MHD_USE_TLS;
	errno = 0;
	/* The logger comes first, because it must report problems with the other options. */
	server->daemon = MHD_start_daemon(
		flags, wish->port, NULL, NULL, exchange_handle, &server->exchanges, MHD_OPTION_EXTERNAL_LOGGER,
		note_complaint, server, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned int)CONNECTIONS_MAX, MHD_OPTION_NOTIFY_COMPLETED, exchange_completed, &server->exchanges,
		MHD_OPTION_NOTIFY_CONNECTION, exchange_connection, &server->exchanges, MHD_OPTION_ARRAY, tls,
		MHD_OPTION_END);
	if (!server->daemon) {
		*why = start_failure(arena, server, wish, errno);
		return NULL;
	}
	server->is_running = true;
	return server;
}

uint16_t server_port(const struct server *server)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
	return info ? info->port : 0;
}

/* How long to wait: until the first pause is over or libmicrohttpd's timeout, whichever is first; NULL: for ever. */
static struct timeval *patience(struct server *server, int64_t pause_ns, struct timeval *room)
{
	MHD_UNSIGNED_LONG_LONG milliseconds;
	int64_t wait_ns = INT64_MAX;
	if (pause_ns != INT64_MAX) {
		int64_t now_ns = clock_monotonic_ns();
		wait_ns = pause_ns > now_ns ? pause_ns - now_ns : 0;
	}
	if (MHD_get_timeout(server->daemon, &milliseconds) == MHD_YES &&
	    milliseconds < (MHD_UNSIGNED_LONG_LONG)(wait_ns / NS_PER_MS))
		wait_ns = (int64_t)milliseconds * NS_PER_MS;
	if (wait_ns == INT64_MAX)
		return NULL;
	/* Rounded up, so that the loop doesn't spin in the last microsecond of a pause. */
	*room = (struct timeval){.tv_sec = (time_t)(wait_ns / NS_PER_S),
				 .tv_usec = (suseconds_t)(wait_ns % NS_PER_S / 1000)};
	if (wait_ns && room->tv_usec < 999999)
		room->tv_usec++;
	return room;
}

static bool at_its_end(int fd)
{
	char bytes[512];
	ssize_t got = read(fd, bytes, sizeof(bytes));
	return !got || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

static void add_fd(int fd, fd_set *set, int *max_fd)
{
	if (fd < 0)
		return;
	FD_SET(fd, set);
	if (fd > *max_fd)
		*max_fd = fd;
}

bool server_run(struct server *server, int stop_fd, int eof_fd, const char **why)
{
	bool hurried = false;
	for (;;) {
		fd_set read, write, except;
		int max_fd = -1;
		struct timeval room;
		FD_ZERO(&read);
		FD_ZERO(&write);
		FD_ZERO(&except);
		if (MHD_get_fdset(server->daemon, &read, &write, &except, &max_fd) != MHD_YES) {
			*why = "could not wait for connections: too many descriptors are open";
			return false;
		}
		add_fd(stop_fd, &read, &max_fd);
		add_fd(eof_fd, &read, &max_fd);
		int64_t pause_ns = exchanges_watch(&server->exchanges, &read, &max_fd);
		if (hurried)
			pause_ns = 0;
		if (select(max_fd + 1, &read, &write, &except, patience(server, pause_ns, &room)) < 0) {
			if (errno == EINTR)
				continue;
			*why = strerror(errno);
			return false;
		}
		if (stop_fd >= 0 && FD_ISSET(stop_fd, &read))
			return true;
		if (eof_fd >= 0 && FD_ISSET(eof_fd, &read) && at_its_end(eof_fd))
			return true;
		hurried = exchanges_resume(&server->exchanges, &read, clock_monotonic_ns());
		MHD_run_from_select(server->daemon, &read, &write, &except);
	}
}

void server_stop(struct server *server)
{
	exchanges_end(&server->exchanges);
	MHD_stop_daemon(server->daemon);
	buf_release(&server->complaint);
}
