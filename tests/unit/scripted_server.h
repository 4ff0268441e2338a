/* scripted_server.h - a server on a free loopback port that answers with scripted bytes, valid or not.
 *
 * The server doesn't parse HTTP; it only finds the end of each request. The n-th request to arrive, on any connection,
 * gets the n-th reply; the last reply is repeated. The server runs in a thread of the test. Stop the server before you
 * read its log.
 */
#ifndef CHAINGATE_TESTS_SCRIPTED_SERVER_H
#define CHAINGATE_TESTS_SCRIPTED_SERVER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What to do with the connection after a reply's bytes. SERVER_STALL: nothing, ever. */
enum server_then { SERVER_KEEP, SERVER_CLOSE, SERVER_RESET, SERVER_STALL };

/* For `repeat`: until the other end closes. */
#define SERVER_FOREVER SIZE_MAX
/* Pause between two bytes if `drips` is set. */
#define SERVER_DRIP_MS 5

struct reply {
	const char *bytes;
	size_t length; /* 0: strlen(bytes) */
	enum server_then then;
	size_t repeat; /* how many more times */
};

#define SERVER_CONNECTIONS_MAX 32

struct server {
	const struct reply *replies;
	size_t reply_count;
	const char *head; /* sent once before a reply's bytes; NULL: nothing */
	bool drips;       /* send the reply one byte at a time */
	int begun_fd;     /* written to when a reply's bytes begin; -1: none */
	int listener;
	int stop[2];
	pthread_t thread;
	char url[64];
	/* What the server has received. */
	size_t connections;
	size_t requests;
	char log[65536]; /* all requests, one after the other */
	size_t log_length;
	/* Only for the server's thread. */
	struct {
		int fd;
		char seen[4]; /* the last four bytes */
	} open[SERVER_CONNECTIONS_MAX];
	size_t open_count;
};

static void server_drop(struct server *server, size_t index, bool reset)
{
	struct linger now = {.l_onoff = 1, .l_linger = 0};

	if (reset)
		setsockopt(server->open[index].fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(server->open[index].fd);
	server->open[index] = server->open[--server->open_count];
}

static bool server_send_bytes(int fd, const char *bytes, size_t length, bool drips)
{
	size_t done = 0;

	while (done < length) {
		ssize_t sent = send(fd, bytes + done, drips ? 1 : length - done, MSG_NOSIGNAL);
		if (sent <= 0)
			return false;
		done += (size_t)sent;
		if (drips)
			poll(NULL, 0, SERVER_DRIP_MS);
	}
	return true;
}

static bool server_send(const struct server *server, int fd, const struct reply *reply)
{
	size_t length = reply->length ? reply->length : strlen(reply->bytes);

	if (server->head && !server_send_bytes(fd, server->head, strlen(server->head), false))
		return false;
	if (server->begun_fd >= 0 && write(server->begun_fd, "", 1) != 1)
		return false;
	for (size_t i = 0; i <= reply->repeat; i++) {
		if (!server_send_bytes(fd, reply->bytes, length, server->drips))
			return false;
		if (reply->repeat == SERVER_FOREVER)
			i = 0;
	}
	return true;
}

/* False if the connection is closed. */
static bool server_reply(struct server *server, size_t index)
{
	size_t number = server->requests++;
	const struct reply *reply = &server->replies[number < server->reply_count ? number : server->reply_count - 1];

	if (server_send(server, server->open[index].fd, reply)) {
		if (reply->then == SERVER_KEEP || reply->then == SERVER_STALL)
			return true;
		server_drop(server, index, reply->then == SERVER_RESET);
		return false;
	}
	server_drop(server, index, false);
	return false;
}

static void server_receive(struct server *server, size_t index)
{
	char bytes[8192];
	ssize_t got = recv(server->open[index].fd, bytes, sizeof(bytes), 0);

	if (got <= 0) {
		server_drop(server, index, false);
		return;
	}
	for (ssize_t i = 0; i < got; i++) {
		char *seen = server->open[index].seen;

		memmove(seen, seen + 1, 3);
		seen[3] = bytes[i];
		if (server->log_length + 1 < sizeof(server->log))
			server->log[server->log_length++] = bytes[i];
		if (memcmp(seen, "\r\n\r\n", 4) == 0 && !server_reply(server, index))
			return;
	}
}

static void server_accept(struct server *server)
{
	int fd = accept(server->listener, NULL, NULL);

	if (fd < 0)
		return;
	if (server->open_count == SERVER_CONNECTIONS_MAX) {
		close(fd);
		return;
	}
	server->connections++;
	server->open[server->open_count].fd = fd;
	memset(server->open[server->open_count].seen, 0, 4);
	server->open_count++;
}

static void *server_run(void *argument)
{
	struct server *server = argument;

	for (;;) {
		struct pollfd watched[SERVER_CONNECTIONS_MAX + 2] = {
			{.fd = server->stop[0], .events = POLLIN},
			{.fd = server->listener, .events = POLLIN},
		};
		for (size_t i = 0; i < server->open_count; i++)
			watched[i + 2] = (struct pollfd){.fd = server->open[i].fd, .events = POLLIN};
		if (poll(watched, (nfds_t)server->open_count + 2, -1) < 0)
			continue;
		if (watched[0].revents)
			return NULL;
		/* Backwards, because server_drop() moves the last connection into the freed place. */
		for (size_t i = server->open_count; i > 0; i--)
			if (watched[i + 1].revents)
				server_receive(server, i - 1);
		if (watched[1].revents)
			server_accept(server);
	}
}

static void server_start_as(struct server *server, const struct reply *replies, size_t count, const char *head,
			    bool drips, int begun_fd)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t length = sizeof(address);

	*server = (struct server){
		.replies = replies, .reply_count = count, .head = head, .drips = drips, .begun_fd = begun_fd};
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server->listener = socket(AF_INET, SOCK_STREAM, 0);
	if (server->listener < 0 || bind(server->listener, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(server->listener, 64) < 0 ||
	    getsockname(server->listener, (struct sockaddr *)&address, &length) < 0 || pipe(server->stop) < 0) {
		perror("server");
		abort();
	}
	snprintf(server->url, sizeof(server->url), "http://127.0.0.1:%d", ntohs(address.sin_port));
	if (pthread_create(&server->thread, NULL, server_run, server) != 0)
		abort();
}

static void server_start(struct server *server, const struct reply *replies, size_t count)
{
	server_start_as(server, replies, count, NULL, false, -1);
}

#define SERVER_START(server, replies) server_start((server), (replies), sizeof(replies) / sizeof(*(replies)))

static void server_stop(struct server *server)
{
	close(server->stop[1]);
	pthread_join(server->thread, NULL);
	close(server->stop[0]);
	while (server->open_count > 0)
		server_drop(server, 0, false);
	close(server->listener);
}

#endif
