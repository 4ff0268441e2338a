/* request.c - one request: its transfer and its result.
 *
 * All of libcurl's settings for a transfer are here. The callbacks limit what they collect, because libcurl's own
 * limits are about compressed bytes and single header lines.
 */
#include "request.h"

#include "chaingate/clock.h"
#include "tls_texts.h"
#include "wiping.h"

#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(NET_RECEIVE_BYTES >= OWN_PAGES_MIN, "libcurl's buffer for an answer has pages of its own");

const char no_answer_in_time[] = "no complete answer came in time";

struct request *request_make(const struct net *net, const char *path, int64_t deadline_ns, size_t tag)
{
	struct request *request = calloc(1, sizeof(*request));
	size_t size = strlen(path) + 1;
	char *copy = malloc(size);

	if (!request || !copy)
		memory_exhausted();
	memcpy(copy, path, size);
	request->net = net;
	request->path = copy;
	request->deadline_ns = deadline_ns;
	request->cut_ns = deadline_ns;
	request->body_max = net->body_max;
	request->content = buf_make(net->body_max + NET_TAIL_MAX);
	request->headers = header_lines_make(2 * NET_HEADERS_MAX);
	/* Until it was searched for the key, in whatever way the request ends. */
	request->content.wipes = true;
	request->answer.tag = tag;
	return request;
}

void request_free(struct request *request)
{
	curl_easy_cleanup(request->easy);
	buf_release(&request->content);
	header_lines_release(&request->headers);
	net_answer_release(&request->answer);
	memory_wipe(request->words, sizeof(request->words)); /* libcurl quotes what it can't read */
	free((void *)(uintptr_t)request->path);
	free(request);
}

/* The body turns out to differ from the last one, or to be shorter: copies the part that was equal. */
static void stop_repeating(struct request *request)
{
	request->repeats = false;
	buf_add(&request->content, (struct text){request->last.bytes, request->repeated});
}

/* True if these bytes are the next ones of the last body. */
static bool is_repetition(struct request *request, const char *bytes, size_t length)
{
	if (!request->repeats)
		return false;
	if (length > request->last.length - request->repeated ||
	    memcmp(request->last.bytes + request->repeated, bytes, length) != 0) {
		stop_repeating(request);
		return false;
	}
	request->repeated += length;
	return true;
}

/* Returns false if they are too many. */
static bool add_body(struct request *request, const char *bytes, size_t length)
{
	size_t room = request->body_max - request->content.length;

	if (length > room) {
		buf_add(&request->content, (struct text){bytes, room});
		request->stop = STOP_BODY;
		return false;
	}
	buf_add(&request->content, (struct text){bytes, length});
	struct buf *content = &request->content;

	if (content->length - content->clean >= NET_SEARCH_BYTES)
		content->clean = hide_key_so_far(content->bytes, content->clean, content->length, request->net->key);
	return true;
}

/* Takes decompressed bytes, so that a small answer that unpacks to a huge one is also stopped at the limit. They may
 * contain the key, and libcurl doesn't read them again, so they are overwritten in its buffer. Those that repeat the last
 * body don't contain it. Headers must not be changed: libcurl reads them afterwards. */
static size_t take_body(char *bytes, size_t one, size_t count, void *user)
{
	struct request *request = user;
	size_t length = one * count;

	if (is_repetition(request, bytes, length))
		return length;
	bool is_taken = add_body(request, bytes, length);
	memory_wipe(bytes, length);
	return is_taken ? length : 0;
}

static size_t take_header(char *bytes, size_t one, size_t count, void *user)
{
	struct request *request = user;
	size_t length = one * count;

	request->header_bytes += length;
	if (request->header_bytes > NET_HEADERS_MAX) {
		request->stop = STOP_HEADERS;
		return 0;
	}
	header_lines_take(&request->headers, (struct text){bytes, length});
	if (!request->headers.is_too_long)
		return length;
	request->stop = STOP_LINE;
	return 0;
}

static bool is_readable(int fd)
{
	struct pollfd watched = {.fd = fd, .events = POLLIN};

	return fd >= 0 && poll(&watched, 1, 0) > 0;
}

/* libcurl checks its own timeouts only between two turns of its state machine, and the other end can make a turn last
 * as long as it likes: reading a proxy's answer to CONNECT (7.88) is one turn. libcurl calls this function in such a
 * turn, so limits and signals are checked here. */
static int look_up(void *user, curl_off_t down_total, curl_off_t down, curl_off_t up_total, curl_off_t up)
{
	struct request *request = user;
	(void)down_total;
	(void)down;
	(void)up_total;
	(void)up;

	int64_t now_ns = clock_monotonic_ns();
	long connect_code = 0;

	curl_easy_getinfo(request->easy, CURLINFO_HTTP_CONNECTCODE, &connect_code);
	if (connect_code < 300)
		request->refused_ns = 0;
	else if (!request->refused_ns)
		request->refused_ns = now_ns;
	if (now_ns >= request->cut_ns)
		request->stop = STOP_LATE;
	else if (is_readable(request->net->wake_fd))
		request->stop = STOP_WOKEN;
	else if (request->refused_ns && now_ns - request->refused_ns >= NET_REFUSAL_NS)
		request->stop = STOP_REFUSED;
	return request->stop == STOP_LATE || request->stop == STOP_WOKEN || request->stop == STOP_REFUSED;
}

/* Milliseconds until `until_ns`, rounded down so that libcurl ends the transfer before we do, because its words are
 * better; at least 1, because 0 means for ever. */
static long whole_ms(int64_t from_ns, int64_t until_ns, int64_t at_most_ns)
{
	int64_t left_ns = until_ns - from_ns;
	int64_t ms = (left_ns < at_most_ns ? left_ns : at_most_ns) / NS_PER_MS;

	return ms < 1 ? 1L : (long)ms;
}

/* Counts options that libcurl refuses. libcurl's own checks of the argument's type still work. */
#define SET(option, value) (refused += curl_easy_setopt(request->easy, (option), (value)) != CURLE_OK)

static int set_destination(struct request *request, const struct net *net, const char *url)
{
	int refused = 0;

	SET(CURLOPT_URL, url);
	SET(CURLOPT_PATH_AS_IS, 1L); /* a chain called ".." is a name, not a step up */
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_UNRESTRICTED_AUTH, 0L);
	SET(CURLOPT_HTTPHEADER, (struct curl_slist *)(uintptr_t)&net->headers);
	SET(CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE); /* no header of ours goes to a proxy */
	SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	SET(CURLOPT_USERAGENT, net->user_agent);
	SET(CURLOPT_ACCEPT_ENCODING, ""); /* everything that it can decompress */
	/* A libcurl without HTTP/2 refuses to be asked for it; without being asked, it uses HTTP/1.1. */
	if (curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_HTTP2)
		SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	SET(CURLOPT_PIPEWAIT, 1L);
	/* Requests to this machine never use a proxy: they may be plain http, and no other machine may see the key
	 * in the clear. */
	if (net->target.loopback)
		SET(CURLOPT_PROXY, "");
	return refused;
}

static int set_trust(struct request *request, const struct net *net)
{
	struct curl_blob blob = {
		.data = (void *)(uintptr_t)net->authorities.pem.bytes,
		.len = net->authorities.pem.length,
		.flags = CURL_BLOB_NOCOPY,
	};
	int refused = 0;

	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (blob.len) {
		SET(CURLOPT_CAINFO_BLOB, &blob);
		SET(CURLOPT_PROXY_CAINFO_BLOB, &blob);
	} else if (net->authorities.path) {
		SET(CURLOPT_CAINFO, net->authorities.path);
		SET(CURLOPT_PROXY_CAINFO, net->authorities.path);
	}
	return refused;
}

static int set_limits(struct request *request, const struct net *net, int64_t now_ns)
{
	int refused = 0;

	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_BUFFERSIZE, NET_RECEIVE_BYTES);
	SET(CURLOPT_CONNECTTIMEOUT_MS, whole_ms(now_ns, request->cut_ns, NET_CONNECT_TIMEOUT_NS));
	SET(CURLOPT_TIMEOUT_MS, whole_ms(now_ns, request->cut_ns, NET_REQUEST_TIMEOUT_NS));
#if LIBCURL_VERSION_NUM >= 0x075700
	/* Without it, dropping a transfer waits for the system's resolver, which may take longer than the rest of
	 * the run. Older libraries don't have it at run time; that is no reason to refuse the request. */
	curl_easy_setopt(request->easy, CURLOPT_QUICK_EXIT, 1L);
#endif
	if (net->suspect)
		SET(CURLOPT_FRESH_CONNECT, 1L);
	return refused;
}

static int set_callbacks(struct request *request)
{
	int refused = 0;

	SET(CURLOPT_WRITEFUNCTION, take_body);
	SET(CURLOPT_WRITEDATA, (void *)request);
	SET(CURLOPT_HEADERFUNCTION, take_header);
	SET(CURLOPT_HEADERDATA, (void *)request);
	SET(CURLOPT_NOPROGRESS, 0L);
	SET(CURLOPT_XFERINFOFUNCTION, look_up);
	SET(CURLOPT_XFERINFODATA, (void *)request);
	SET(CURLOPT_ERRORBUFFER, request->words);
	SET(CURLOPT_PRIVATE, (void *)request);
	return refused;
}

bool request_prepare(struct request *request, const struct net *net, int64_t now_ns)
{
	struct buf url = buf_make(SIZE_MAX / 2);
	int64_t timeout_ns = time_add(now_ns, NET_REQUEST_TIMEOUT_NS);
	int refused;

	/* "https://host" followed by "@elsewhere" would be another host. */
	if (request->path[0] != '/') {
		request_fail(request, net, MISS_REQUEST, "the path doesn't begin with a slash", now_ns);
		return false;
	}
	request->easy = curl_easy_init();
	if (!request->easy)
		memory_exhausted();
	request->answer.sent_ns = now_ns;
	if (timeout_ns < request->cut_ns)
		request->cut_ns = timeout_ns;
	buf_add_string(&url, net->target.base);
	buf_add_string(&url, request->path);
	refused = set_destination(request, net, buf_string(&url)) + set_trust(request, net) +
		  set_limits(request, net, now_ns) + set_callbacks(request);
	buf_release(&url);
	if (refused) {
		request_fail(request, net, MISS_REQUEST, "libcurl lacks an option that is needed", now_ns);
		return false;
	}
	return true;
}

/* The headers that are passed on, and their places in an answer. */
static const struct {
	const char *name;
	size_t offset;
} passed_on[] = {
	{"Retry-After", offsetof(struct net_answer, retry_after)},
	{"Date", offsetof(struct net_answer, date)},
	{"Link", offsetof(struct net_answer, link)},
};

#define PASSED_ON (sizeof(passed_on) / sizeof(*passed_on))

/* Puts everything that the answer points into in one piece of memory: the body or the detail first, then the
 * headers. The key is removed from all of it, here and nowhere else. */
static void hand_over(struct request *request, const struct net *net, struct text *first, bool has_headers)
{
	struct net_answer *answer = &request->answer;
	struct buf *content = &request->content;
	size_t starts[PASSED_ON + 2], first_length = content->length;

	for (size_t i = 0; i < PASSED_ON; i++) {
		buf_add_byte(content, '\0');
		starts[i] = content->length;
		if (has_headers)
			header_lines_add_values(&request->headers, content, passed_on[i].name);
	}
	buf_add_byte(content, '\0');
	starts[PASSED_ON] = content->length;
	if (has_headers)
		header_lines_add_passed_on(&request->headers, content);
	starts[PASSED_ON + 1] = content->length + 1;
	answer->owned = content->bytes;
	hide_key(answer->owned + content->clean, content->length - content->clean, net->key);
	*content = (struct buf){0};
	if (first_length)
		*first = (struct text){answer->owned, first_length};
	for (size_t i = 0; i < PASSED_ON; i++) {
		struct text value = {answer->owned + starts[i], starts[i + 1] - starts[i] - 1};
		if (value.length)
			*(struct text *)(void *)((char *)answer + passed_on[i].offset) = value;
	}
	answer->headers =
		(struct text){answer->owned + starts[PASSED_ON], starts[PASSED_ON + 1] - starts[PASSED_ON] - 1};
}

static void finish_with_miss(struct request *request, const struct net *net, enum miss_cause cause,
			     const struct failure *failure)
{
	request->repeats = false;
	buf_clear(&request->content);
	failure_add_detail(&request->content, failure, &net->target);
	request->answer.transport.cause = cause;
	hand_over(request, net, &request->answer.transport.detail, false);
}

void request_fail(struct request *request, const struct net *net, enum miss_cause cause, const char *words,
		  int64_t now_ns)
{
	struct failure failure = {.code = CURLE_OK, .words = words};

	if (!request->answer.sent_ns)
		request->answer.sent_ns = now_ns;
	request->answer.done_ns = now_ns;
	finish_with_miss(request, net, cause, &failure);
}

static void finish_with_status(struct request *request, const struct net *net, int status)
{
	request->answer.http_status = status;
	if (request->repeats && request->repeated < request->last.length)
		stop_repeating(request);
	if (request->repeats)
		request->answer.body = request->last;
	hand_over(request, net, &request->answer.body, true);
}

void request_finish(struct request *request, const struct net *net, CURLcode code, int64_t now_ns)
{
	struct failure failure = {.code = code};
	long status = 0;
	char limit[80];

	request->answer.done_ns = now_ns;
	curl_easy_getinfo(request->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(request->easy, CURLINFO_HTTP_CONNECTCODE, &failure.connect_code);
	/* An error page may be of any length: the status matters, and its beginning is enough for a message. */
	if (request->stop == STOP_BODY && status != 200)
		code = CURLE_OK;
	if (code == CURLE_OK && status > 0 && request->headers.has_ended) {
		finish_with_status(request, net, (int)status);
		return;
	}
	tls_texts_add(request->words, sizeof(request->words));
	failure.words = request->words[0] ? request->words : curl_easy_strerror(code);
	/* If a connection ends in the middle of the headers, libcurl reports an answer without a body. */
	if (code == CURLE_OK) {
		failure.code = CURLE_GOT_NOTHING;
		failure.words = "the headers were cut short";
	}
	if (request->stop == STOP_BODY) {
		failure.code = CURLE_FILESIZE_EXCEEDED;
		snprintf(limit, sizeof(limit), "the body is over the limit of %zu byte%s", request->body_max,
			 text_plural(request->body_max));
		failure.words = limit;
	} else if (request->stop == STOP_HEADERS) {
		snprintf(limit, sizeof(limit), "the headers are over the limit of %zu bytes", NET_HEADERS_MAX);
		failure.words = limit;
	} else if (request->stop == STOP_LINE) {
		snprintf(limit, sizeof(limit), "a header is over the limit of %d bytes for its name, or %zu in all",
			 HEADER_NAME_MAX, HEADER_LINE_MAX);
		failure.words = limit;
	} else if (request->stop == STOP_REFUSED) {
		snprintf(limit, sizeof(limit), "CONNECT tunnel failed, response %ld", failure.connect_code);
		failure.code = CURLE_PROXY;
		failure.words = limit;
	} else if (request->stop == STOP_LATE || request->stop == STOP_WOKEN) {
		failure.code = CURLE_OPERATION_TIMEDOUT;
		failure.words = request->stop == STOP_LATE ? no_answer_in_time : "given up because of a signal";
	}
	finish_with_miss(request, net, failure_cause(&failure), &failure);
}

void net_answer_release(struct net_answer *answer)
{
	/* It was the memory of a buf, so a buf frees it. */
	struct buf owned = {.bytes = answer->owned};

	buf_release(&owned);
	*answer = (struct net_answer){0};
}
