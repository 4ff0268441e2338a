/* exchange.c - one request, and sending its answer. */
#include "exchange.h"

#include "chaingate/buf.h"
#include "chaingate/clock.h"
#include "chaingate/times.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How many bytes libmicrohttpd asks for at once, of a body that is made while it is sent. */
#define BLOCK_BYTES ((size_t)16 << 10)
/* Longest body of a request that is kept. A promotion has a hundred bytes; a longer body counts as empty. */
#define UPLOAD_MAX ((size_t)64 << 10)

struct exchange {
	struct exchanges *shared;
	struct MHD_Connection *connection;
	struct arena arena;
	struct buf upload;
	struct answer answer;
	bool is_answered;
	bool is_ended; /* the client has left, or the server stops: nothing more is sent */
	bool has_waited;
	/* While paused: */
	bool is_paused;
	bool is_watched;
	int64_t until_ns; /* monotonic */
	struct exchange *next;
};

/* A list that never ends: this, then the other one again and again. Each deployment in it is valid. */
static const char huge_start[] = "{\"deployments\":[";
static const char huge_again[] =
	"{\"id\":\"huge\",\"created_at\":\"2026-01-01T00:00:00Z\",\"chain_id\":\"huge\",\"environment\":null,"
	"\"chainlets\":[],\"status\":\"INACTIVE\"},";

static int socket_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	return info ? info->connect_fd : -1;
}

static void pause_until(struct exchange *exchange, int64_t until_ns)
{
	exchange->is_paused = true;
	exchange->is_watched = true;
	exchange->until_ns = until_ns;
	exchange->next = exchange->shared->paused;
	exchange->shared->paused = exchange;
	MHD_suspend_connection(exchange->connection);
}

static void forget_pause(struct exchange *exchange)
{
	for (struct exchange **at = &exchange->shared->paused; *at; at = &(*at)->next) {
		if (*at != exchange)
			continue;
		*at = exchange->next;
		break;
	}
	exchange->is_paused = false;
}

/* Sends RST at once. libmicrohttpd would send FIN before it closes. So its descriptor is first replaced by another
 * socket: the last close of the old one, without lingering, sends the reset. */
static void reset(struct MHD_Connection *connection)
{
	int fd = socket_of(connection);
	int other = socket(AF_INET, SOCK_STREAM, 0);
	struct linger linger = {.l_onoff = 1, .l_linger = 0};
	if (fd >= 0 && other >= 0) {
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
		dup2(other, fd);
	}
	if (other >= 0)
		close(other);
}

/* Copies bytes [position, position + most) of a body, but none from `end` on. */
static ssize_t give(const struct exchange *exchange, uint64_t position, size_t end, char *into, size_t most)
{
	size_t from = (size_t)position;
	size_t count = end - from < most ? end - from : most;
	memcpy(into, exchange->answer.body.bytes + from, count);
	return (ssize_t)count;
}

static ssize_t give_huge(uint64_t position, char *into, size_t most)
{
	size_t start = sizeof(huge_start) - 1, again = sizeof(huge_again) - 1;
	for (size_t i = 0; i < most; i++) {
		uint64_t at = position + i;
		into[i] = at < start ? huge_start[at] : huge_again[(at - start) % again];
	}
	return (ssize_t)most;
}

static ssize_t give_half_then_stall(struct exchange *exchange, uint64_t position, char *into, size_t most)
{
	size_t half = exchange->answer.body.length / 2;
	if (position < half)
		return give(exchange, position, half, into, most);
	pause_until(exchange, INT64_MAX);
	return 0;
}

/* One byte, then nothing for a second. */
static ssize_t give_slowly(struct exchange *exchange, uint64_t position, char *into)
{
	if (exchange->has_waited && position < exchange->answer.body.length) {
		exchange->has_waited = false;
		return give(exchange, position, exchange->answer.body.length, into, 1);
	}
	pause_until(exchange, time_add(clock_monotonic_ns(), NS_PER_S));
	return 0;
}

/* Gives libmicrohttpd the next bytes of a body that is sent wrongly. */
static ssize_t next_bytes(void *context, uint64_t position, char *into, size_t most)
{
	struct exchange *exchange = context;
	size_t half = exchange->answer.body.length / 2;
	if (exchange->is_ended)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	switch (exchange->answer.kind) {
	case FAULT_TRUNCATED:
		if (position < half)
			return give(exchange, position, half, into, most);
		break;
	case FAULT_STALL: return give_half_then_stall(exchange, position, into, most);
	case FAULT_SLOW: return give_slowly(exchange, position, into);
	case FAULT_HUGE: return give_huge(position, into, most);
	case FAULT_NONE:
	case FAULT_RESET:
	case FAULT_SILENCE:
	case FAULT_GARBAGE:
	case FAULT_HTML:
	case FAULT_EMPTY:
	case FAULT_DUPLICATE_KEYS:
	case FAULT_WRONG_TYPE:
	case FAULT_KIND_COUNT: break; /* sent as a whole, or not at all */
	}
	return MHD_CONTENT_READER_END_WITH_ERROR;
}

/* The Content-Length of a body that doesn't come whole. It is never 0, because such a body would be whole. */
static uint64_t promised_length(const struct exchange *exchange)
{
	return exchange->answer.body.length ? exchange->answer.body.length : 1;
}

static struct MHD_Response *make_response(struct exchange *exchange)
{
	struct text body = exchange->answer.body;
	struct MHD_Response *response = NULL;
	switch (exchange->answer.kind) {
	case FAULT_TRUNCATED:
	case FAULT_STALL:
	case FAULT_SLOW:
		response = MHD_create_response_from_callback(promised_length(exchange), BLOCK_BYTES, next_bytes,
							     exchange, NULL);
		break;
	case FAULT_HUGE:
		response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, next_bytes, exchange, NULL);
		break;
	case FAULT_NONE:
	case FAULT_RESET:
	case FAULT_SILENCE:
	case FAULT_GARBAGE:
	case FAULT_HTML:
	case FAULT_EMPTY:
	case FAULT_DUPLICATE_KEYS:
	case FAULT_WRONG_TYPE:
	case FAULT_KIND_COUNT:
		/* Not copied: the exchange outlives the sending. */
		response = MHD_create_response_from_buffer(body.length, (void *)(uintptr_t)body.bytes,
							   MHD_RESPMEM_PERSISTENT);
		break;
	}
	if (!response)
		memory_exhausted();
	return response;
}

static void add_headers(struct MHD_Response *response, const struct answer *answer)
{
	bool has_type = false;
	for (size_t i = 0; i < answer->header_count; i++) {
		const struct header *header = &answer->headers[i];
		has_type = has_type || !text_distance(text_of(header->name), TEXT("Content-Type"));
		MHD_add_response_header(response, header->name, header->value);
	}
	if (!has_type)
		MHD_add_response_header(response, "Content-Type", answer->content_type);
}

static enum MHD_Result send_answer(struct exchange *exchange)
{
	struct answer *answer = &exchange->answer;
	if (answer->kind == FAULT_RESET) {
		reset(exchange->connection);
		return MHD_NO;
	}
	if (answer->kind == FAULT_SILENCE) {
		pause_until(exchange, INT64_MAX);
		return MHD_YES;
	}
	struct MHD_Response *response = make_response(exchange);
	add_headers(response, answer);
	enum MHD_Result result = MHD_queue_response(exchange->connection, answer->status, response);
	MHD_destroy_response(response);
	return result;
}

static void log_exchange(struct exchange *exchange, const struct request *request)
{
	struct MHD_Connection *connection = exchange->connection;
	const struct answer *answer = &exchange->answer;
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	bool has_status = answer->kind != FAULT_RESET && answer->kind != FAULT_SILENCE;
	struct request_record record = {
		.connection = info ? (uintptr_t)info->socket_context : 0,
		.scenario_ns = scenario_time(exchange->shared->simulation.scenario, request->real_ns),
		.real_ns = request->real_ns,
		.method = request->method,
		.path = request->path,
		.status = has_status ? answer->status : 0,
		.fault = answer->fault,
		.has_authorization = request->authorization != NULL,
		.user_agent = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "User-Agent"),
	};
	request_log_add(exchange->shared->log, &record);
}

static struct exchange *exchange_new(struct exchanges *shared, struct MHD_Connection *connection)
{
	struct exchange *exchange = calloc(1, sizeof(*exchange));
	if (!exchange)
		memory_exhausted();
	exchange->shared = shared;
	exchange->connection = connection;
	exchange->upload = buf_make(UPLOAD_MAX);
	return exchange;
}

/* Scenario time begins with the first request: a client that starts slowly on a busy machine misses nothing of the
 * scenario. */
static int64_t since_first_request(struct exchanges *shared)
{
	int64_t now_ns = clock_monotonic_ns();
	if (!shared->has_begun) {
		shared->has_begun = true;
		shared->start_ns = now_ns;
		shared->simulation.start_wall_ns = clock_wall_ns();
	}
	return now_ns - shared->start_ns;
}

enum MHD_Result exchange_handle(void *context, struct MHD_Connection *connection, const char *path, const char *method,
				const char *version, const char *upload, size_t *upload_size, void **slot)
{
	struct exchanges *shared = context;
	(void)version;
	if (!*slot) { /* only the headers are here; after an answer now, the connection would be closed */
		*slot = exchange_new(shared, connection);
		return MHD_YES;
	}
	struct exchange *exchange = *slot;
	if (*upload_size) {
		buf_add(&exchange->upload, (struct text){upload, *upload_size});
		*upload_size = 0;
		return MHD_YES;
	}
	if (exchange->is_answered) /* continued after a silence */
		return MHD_NO;
	struct request request = {
		.method = text_of(method),
		.path = text_of(path),
		.body = exchange->upload.overflowed ? (struct text){0} : buf_text(&exchange->upload),
		.authorization = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization"),
		.real_ns = since_first_request(shared),
	};
	exchange->answer = answer_make(&shared->simulation, &exchange->arena, &request);
	exchange->is_answered = true;
	log_exchange(exchange, &request);
	return send_answer(exchange);
}

void exchange_completed(void *context, struct MHD_Connection *connection, void **slot,
			enum MHD_RequestTerminationCode code)
{
	struct exchange *exchange = *slot;
	(void)context;
	(void)connection;
	(void)code;
	if (!exchange)
		return;
	if (exchange->is_paused)
		forget_pause(exchange);
	arena_release(&exchange->arena);
	buf_release(&exchange->upload);
	free(exchange);
	*slot = NULL;
}

void exchange_connection(void *context, struct MHD_Connection *connection, void **slot,
			 enum MHD_ConnectionNotificationCode code)
{
	struct exchanges *shared = context;
	(void)connection;
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		*slot = (void *)(uintptr_t)++shared->connections;
}

int64_t exchanges_watch(const struct exchanges *shared, fd_set *read, int *max_fd)
{
	int64_t first_ns = INT64_MAX;
	for (const struct exchange *exchange = shared->paused; exchange; exchange = exchange->next) {
		int fd = socket_of(exchange->connection);
		if (exchange->until_ns < first_ns)
			first_ns = exchange->until_ns;
		if (!exchange->is_watched || fd < 0 || fd >= FD_SETSIZE)
			continue;
		FD_SET(fd, read);
		if (fd > *max_fd)
			*max_fd = fd;
	}
	return first_ns;
}

/* True if the client has closed its end. A client that sends more instead isn't checked again: it is still there. */
static bool client_left(struct exchange *exchange, const fd_set *read)
{
	int fd = socket_of(exchange->connection);
	char byte;
	if (!exchange->is_watched || fd < 0 || fd >= FD_SETSIZE || !FD_ISSET(fd, read))
		return false;
	ssize_t got = recv(fd, &byte, 1, MSG_PEEK);
	if (got > 0)
		exchange->is_watched = false;
	return !got || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

bool exchanges_resume(struct exchanges *shared, const fd_set *read, int64_t now_ns)
{
	bool any = false;
	for (struct exchange *exchange = shared->paused, *next; exchange; exchange = next) {
		next = exchange->next;
		bool left = read && client_left(exchange, read);
		if (!left && exchange->until_ns > now_ns)
			continue;
		forget_pause(exchange);
		exchange->is_ended = exchange->is_ended || left;
		exchange->has_waited = true;
		MHD_resume_connection(exchange->connection);
		any = true;
	}
	return any;
}

void exchanges_end(struct exchanges *shared)
{
	for (struct exchange *exchange = shared->paused; exchange; exchange = exchange->next)
		exchange->is_ended = true;
	exchanges_resume(shared, NULL, INT64_MAX);
}
