/* test_net.c - the HTTP client against servers that do right, wrong and nothing. */
#include "scripted_server.h"

#include "chaingate/clock.h"
#include "chaingate/net.h"
#include "chaingate/signals.h"

#include <netdb.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define KEY "k3y.SECRETsecret0123456789"
/* Upper bound for what has to be quick, on a machine that is busy. */
#define SOON_NS (10 * NS_PER_S)

/* The system's resolver, as libcurl finds it in this programme: it knows nobody, keeps count, and for one name never comes back. */
static int resolver_calls;
static int resolver_stuck = -1;

int getaddrinfo(const char *restrict name, const char *restrict service, const struct addrinfo *restrict hints,
		struct addrinfo **restrict out)
{
	(void)service;
	(void)hints;
	(void)out;
	__atomic_add_fetch(&resolver_calls, 1, __ATOMIC_SEQ_CST);
	if (name && strcmp(name, "stuck.example") == 0) {
		char byte;
		ssize_t got = read(resolver_stuck, &byte, 1);
		(void)got;
	}
	return EAI_NONAME;
}

static struct net *client(const char *url, struct net_options options)
{
	const char *why = NULL;
	struct net *net;

	options.base_url = url;
	options.key = TEXT(KEY);
	options.user_agent = "chaingate/test";
	if (!options.requests_per_second)
		options.requests_per_second = 1000;
	net = net_new(&options, &why);
	if (!net)
		fail_msg("%s", why);
	return net;
}

/* The key is in nothing that is shown. */
static void assert_secret(const struct net_answer *answer)
{
	struct text detail = answer->transport.detail;
	char *copy = calloc(1, detail.length + 1);

	if (detail.length)
		memcpy(copy, detail.bytes, detail.length);
	assert_null(strstr(copy, KEY));
	assert_null(strchr(copy, '\n'));
	free(copy);
}

static struct net_answer ask(struct net *net, const char *path, int64_t within_ns)
{
	struct net_answer answer;
	int64_t now_ns = clock_monotonic_ns();

	net_get(net, path, now_ns + within_ns, 7);
	if (!net_wait(net, now_ns + within_ns + SOON_NS, -1, &answer))
		fail_msg("no answer for %s", path);
	assert_int_equal(answer.tag, 7);
	assert_true(answer.done_ns >= answer.sent_ns && answer.sent_ns >= now_ns);
	assert_secret(&answer);
	return answer;
}

static void assert_text(struct text text, const char *expected)
{
	if (text.length != strlen(expected) || (text.length && memcmp(text.bytes, expected, text.length) != 0))
		fail_msg("\"%.*s\" instead of \"%s\"", TEXT_ARG(text), expected);
}

static bool contains(struct text text, const char *part)
{
	size_t length = strlen(part);

	if (length == 0)
		return true;
	for (size_t i = 0; i + length <= text.length; i++)
		if (memcmp(text.bytes + i, part, length) == 0)
			return true;
	return false;
}

#define OK "HTTP/1.1 200 OK\r\n"
#define LENGTH(n) "Content-Length: " #n "\r\n\r\n"

/* 300,000 spaces, as gzip of 326 bytes: the 26 here, zeros, and the end. */
static const char gzip_head[] = OK "Content-Encoding: gzip\r\n" LENGTH(326)
	"\x1f\x8b\x08\0\0\0\0\0\x02\x03\xed\xc1\x01\x0d\0\0\0\xc2\xa0\x2a\xef\x9f\xd2\x1e\x0e\x28";
static const char gzip_tail[] = "\xf8\x31\xdf\x2a\x1f\x54\xe0\x93\x04";

static struct reply gzip_reply(char *bytes, size_t size)
{
	size_t head = sizeof(gzip_head) - 1;
	size_t length = head - 26 + 326;

	assert_true(length < size);
	memset(bytes, 0, size);
	memcpy(bytes, gzip_head, head);
	memcpy(bytes + length - 10, gzip_tail, 9);
	return (struct reply){.bytes = bytes, .length = length};
}

struct answer_case {
	const char *name;
	struct reply reply;
	enum miss_cause cause;
	int status;
	const char *body;
	const char *detail; /* a part of it */
	const char *retry_after;
};

static const struct answer_case answer_cases[] = {
	{"a body with a length", {OK LENGTH(2) "{}", 0, SERVER_KEEP, 0}, MISS_NONE, 200, "{}", "", ""},
	{"an empty body", {OK LENGTH(0), 0, SERVER_KEEP, 0}, MISS_NONE, 200, "", "", ""},
	{"chunks", {OK "Transfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n3\r\n\":1\r\n1\r\n}\r\n0\r\n\r\n", 0, SERVER_KEEP, 0},
	 MISS_NONE, 200, "{\"a\":1}", "", ""},
	{"an end by closing", {"HTTP/1.0 200 OK\r\n\r\n[]", 0, SERVER_CLOSE, 0}, MISS_NONE, 200, "[]", "", ""},
	{"an interim answer first", {"HTTP/1.1 103 Early Hints\r\nRetry-After: 9\r\n\r\n" OK LENGTH(2) "{}", 0, SERVER_KEEP, 0},
	 MISS_NONE, 200, "{}", "", ""},
	{"a NUL in the body", {OK LENGTH(3) "a\0b", sizeof(OK LENGTH(3) "a\0b") - 1, SERVER_KEEP, 0}, MISS_NONE, 200, NULL, "",
	 ""},
	{"no authorization", {"HTTP/1.1 401 No\r\n" LENGTH(2) "no", 0, SERVER_KEEP, 0}, MISS_NONE, 401, "no", "", ""},
	{"an outage with seconds", {"HTTP/1.1 503 Later\r\nRetry-After:  37 \r\n" LENGTH(2) "no", 0, SERVER_KEEP, 0}, MISS_NONE,
	 503, "no", "", "37"},
	{"a date to retry after", {"HTTP/1.1 429 Slow\r\nretry-after: Sun, 06 Nov 1994 08:49:37 GMT\r\n" LENGTH(0), 0,
	  SERVER_KEEP, 0}, MISS_NONE, 429, "", "", "Sun, 06 Nov 1994 08:49:37 GMT"},
	{"a negative one is given as it is", {"HTTP/1.1 429 Slow\r\nRetry-After: -5\r\n" LENGTH(0), 0, SERVER_KEEP, 0},
	 MISS_NONE, 429, "", "", "-5"},
	{"not every 2xx is 200", {"HTTP/1.1 204 None\r\n\r\n", 0, SERVER_KEEP, 0}, MISS_NONE, 204, "", "", ""},
	{"a body cut short", {OK LENGTH(100) "{}", 0, SERVER_CLOSE, 0}, MISS_RESET, 0, "", "cut short", ""},
	{"chunks cut short", {OK "Transfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n3\r\n\":", 0, SERVER_CLOSE, 0}, MISS_RESET, 0,
	 "", "127.0.0.1", ""},
	{"a last chunk missing", {OK "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", 0, SERVER_CLOSE, 0}, MISS_RESET, 0, "", "",
	 ""},
	{"nothing", {"", 0, SERVER_CLOSE, 0}, MISS_RESET, 0, "", "127.0.0.1", ""},
	{"a reset", {"", 0, SERVER_RESET, 0}, MISS_RESET, 0, "", "127.0.0.1", ""},
	{"half of the headers", {OK "Content-Le", 0, SERVER_CLOSE, 0}, MISS_RESET, 0, "", "headers were cut short", ""},
	{"garbage", {"\x16\x03\x01 who are you\n\n", 0, SERVER_CLOSE, 0}, MISS_PROTOCOL, 0, "", "127.0.0.1", ""},
	{"the key in garbage", {"HTTP/9.9 " KEY " " KEY "\r\n\r\n", 0, SERVER_CLOSE, 0}, MISS_PROTOCOL, 0, "", "", ""},
	{"a length that is none", {OK "Content-Length: -4\r\n\r\n{}", 0, SERVER_CLOSE, 0}, MISS_PROTOCOL, 0, "", "", ""},
	{"an encoding that isn't", {OK "Content-Encoding: gzip\r\n" LENGTH(6) "nozip!", 0, SERVER_KEEP, 0}, MISS_PROTOCOL, 0, "",
	 "", ""},
	{"an encoding unheard of", {OK "Content-Encoding: rot13\r\n" LENGTH(2) "{}", 0, SERVER_KEEP, 0}, MISS_PROTOCOL, 0, "",
	 "", ""},
	{"headers without an end", {"HTTP/1.1 200 OK\r\nX: 0123456789012345678901234567890123456789\r\nY: 0123456789\r\n", 0,
	  SERVER_CLOSE, 8000}, MISS_PROTOCOL, 0, "", "", ""},
	{"a redirect", {"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n" LENGTH(0), 0, SERVER_KEEP, 0}, MISS_NONE, 302,
	 "", "", ""},
};

static void test_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(answer_cases) / sizeof(*answer_cases); i++) {
		const struct answer_case *each = &answer_cases[i];
		struct server server;
		server_start(&server, &each->reply, 1);
		struct net *net = client(server.url, (struct net_options){0});
		struct net_answer answer = ask(net, "/v1/x", SOON_NS);

		if (answer.transport.cause != each->cause || answer.http_status != each->status)
			fail_msg("%s: cause %d, status %d: %.*s", each->name, (int)answer.transport.cause,
				 answer.http_status, TEXT_ARG(answer.transport.detail));
		if (each->body)
			assert_text(answer.body, each->body);
		else
			assert_int_equal(answer.body.length, 3);
		assert_text(answer.retry_after, each->retry_after);
		if (!contains(answer.transport.detail, each->detail))
			fail_msg("%s: %.*s", each->name, TEXT_ARG(answer.transport.detail));
		assert_int_equal(answer.transport.detail.length > 0, each->cause != MISS_NONE);
		net_answer_release(&answer);
		net_free(net);
		server_stop(&server);
	}
}

static void test_header_line_without_end(void **state)
{
	static const struct reply long_line[] = {{"HTTP/1.1 200 OK 0123456789012345678901234567890123456789", 0, SERVER_CLOSE, 20000}};
	struct server server;
	(void)state;

	SERVER_START(&server, long_line);
	struct net *net = client(server.url, (struct net_options){0});
	struct net_answer answer = ask(net, "/", SOON_NS);

	assert_int_equal(answer.transport.cause, MISS_PROTOCOL);
	net_answer_release(&answer);
	net_free(net);
	server_stop(&server);
}

static void test_gzip(void **state)
{
	char bytes[1024];
	struct reply reply = gzip_reply(bytes, sizeof(bytes));
	struct server server;
	(void)state;

	server_start(&server, &reply, 1);
	struct net *net = client(server.url, (struct net_options){.body_max = 300000});
	struct net_answer answer = ask(net, "/", SOON_NS);
	assert_int_equal(answer.transport.cause, MISS_NONE);
	assert_int_equal(answer.body.length, 300000);
	assert_int_equal(answer.body.bytes[299999], ' ');
	net_answer_release(&answer);
	net_free(net);

	net = client(server.url, (struct net_options){.body_max = 299999});
	answer = ask(net, "/", SOON_NS);
	assert_int_equal(answer.transport.cause, MISS_TOO_LARGE);
	assert_int_equal(answer.http_status, 0);
	assert_int_equal(answer.body.length, 0);
	assert_true(contains(answer.transport.detail, "299999"));
	net_answer_release(&answer);
	net_free(net);
	server_stop(&server);
}

static void test_body_limit(void **state)
{
	static const struct reply replies[] = {
		{OK LENGTH(8) "12345678", 0, SERVER_KEEP, 0},
		{OK LENGTH(9) "123456789", 0, SERVER_KEEP, 0},
		{OK "Transfer-Encoding: chunked\r\n\r\n9\r\n123456789\r\n0\r\n\r\n", 0, SERVER_KEEP, 0},
		{"HTTP/1.1 403 No\r\n" LENGTH(9) "123456789", 0, SERVER_KEEP, 0},
	};
	static const enum miss_cause causes[] = {MISS_NONE, MISS_TOO_LARGE, MISS_TOO_LARGE, MISS_NONE};
	struct server server;
	(void)state;

	SERVER_START(&server, replies);
	struct net *net = client(server.url, (struct net_options){.body_max = 8});
	for (size_t i = 0; i < 4; i++) {
		struct net_answer answer = ask(net, "/", SOON_NS);
		assert_int_equal(answer.transport.cause, causes[i]);
		if (i == 3) { /* its status counts, its body is only for a message */
			assert_int_equal(answer.http_status, 403);
			assert_text(answer.body, "12345678");
		}
		net_answer_release(&answer);
	}
	net_free(net);
	server_stop(&server);
}

/* The key goes into one header, to one host; nothing is sent anywhere else. */
static void test_request(void **state)
{
	static const struct reply other_replies[] = {{OK LENGTH(2) "{}", 0, SERVER_KEEP, 0}};
	struct server server, other;
	char redirect[200];
	(void)state;

	SERVER_START(&other, other_replies);
	snprintf(redirect, sizeof(redirect), "HTTP/1.1 307 Go\r\nLocation: %s/\r\n" LENGTH(0), other.url);
	struct reply replies[] = {{redirect, 0, SERVER_KEEP, 0}};
	SERVER_START(&server, replies);
	for (int scheme = AUTH_API_KEY; scheme <= AUTH_BEARER; scheme++) {
		char base[100];
		snprintf(base, sizeof(base), "%s/base/", server.url);
		struct net *net = client(base, (struct net_options){.scheme = (enum auth_scheme)scheme});
		struct net_answer answer = ask(net, "/v1/chains?x=1", SOON_NS);
		assert_int_equal(answer.http_status, 307);
		net_answer_release(&answer);
		net_free(net);
	}
	server_stop(&server);
	server_stop(&other);
	assert_int_equal(server.requests, 2);
	assert_int_equal(other.connections, 0);
	assert_non_null(strstr(server.log, "GET /base/v1/chains?x=1 HTTP/1.1\r\n"));
	assert_non_null(strstr(server.log, "\r\nAuthorization: Api-Key " KEY "\r\n"));
	assert_non_null(strstr(server.log, "\r\nAuthorization: Bearer " KEY "\r\n"));
	assert_non_null(strstr(server.log, "\r\nAccept: application/json\r\n"));
	assert_non_null(strstr(server.log, "\r\nUser-Agent: chaingate/test\r\n"));
	assert_non_null(strstr(server.log, "gzip"));
	char *first = strstr(server.log, KEY);
	char *second = strstr(first + 1, KEY);
	assert_null(strstr(second + 1, KEY));
}

static void test_bad_paths(void **state)
{
	static const struct reply replies[] = {{OK LENGTH(0), 0, SERVER_KEEP, 0}};
	static const char *const paths[] = {"", "@127.0.0.1/", ".evil/", "1/", "/a b", "/a\r\nX: y"};
	struct server server;
	(void)state;

	SERVER_START(&server, replies);
	struct net *net = client(server.url, (struct net_options){0});
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		struct net_answer answer = ask(net, paths[i], SOON_NS);
		assert_int_equal(answer.transport.cause, MISS_REQUEST);
		net_answer_release(&answer);
	}
	net_free(net);
	server_stop(&server);
	assert_int_equal(server.requests, 0);
}

static void test_reuse(void **state)
{
	static const struct reply replies[] = {{OK LENGTH(2) "{}", 0, SERVER_KEEP, 0}};
	struct server server;
	(void)state;

	SERVER_START(&server, replies);
	struct net *net = client(server.url, (struct net_options){0});
	for (int i = 0; i < 5; i++) {
		struct net_answer answer = ask(net, "/", SOON_NS);
		assert_int_equal(answer.http_version, 11);
		net_answer_release(&answer);
	}
	net_free(net);
	server_stop(&server);
	assert_int_equal(server.requests, 5);
	assert_int_equal(server.connections, 1);
}

/* An answer that never ends is cut at the deadline, wherever it stalls, and its connection isn't used again. */
static void test_stall(void **state)
{
	static const struct reply replies[] = {
		{"", 0, SERVER_STALL, 0},
		{OK "X: y\r\n", 0, SERVER_STALL, 0},
		{OK LENGTH(9) "{}", 0, SERVER_STALL, 0},
		{OK LENGTH(2) "{}", 0, SERVER_KEEP, 0},
	};
	struct server server;
	(void)state;

	SERVER_START(&server, replies);
	struct net *net = client(server.url, (struct net_options){0});
	for (int i = 0; i < 3; i++) {
		int64_t began_ns = clock_monotonic_ns();
		struct net_answer answer = ask(net, "/", 100 * NS_PER_MS);
		int64_t took_ns = clock_monotonic_ns() - began_ns;
		assert_int_equal(answer.transport.cause, MISS_TIMEOUT);
		assert_true(contains(answer.transport.detail, "127.0.0.1"));
		assert_in_range(took_ns, 90 * NS_PER_MS, 400 * NS_PER_MS);
		net_answer_release(&answer);
	}
	struct net_answer answer = ask(net, "/", SOON_NS);
	assert_int_equal(answer.http_status, 200);
	net_answer_release(&answer);
	net_free(net);
	server_stop(&server);
	assert_int_equal(server.connections, 4);
}

static void test_no_time_left(void **state)
{
	static const struct reply replies[] = {{OK LENGTH(2) "{}", 0, SERVER_KEEP, 0}};
	struct net_answer answer;
	struct server server;
	(void)state;

	SERVER_START(&server, replies);
	struct net *net = client(server.url, (struct net_options){.requests_per_second = 1});
	int64_t now_ns = clock_monotonic_ns();
	net_get(net, "/", now_ns, 1);
	assert_true(net_wait(net, now_ns, -1, &answer)); /* even without time to wait */
	assert_int_equal(answer.transport.cause, MISS_TIMEOUT);
	assert_true(answer.transport.detail.length > 0);
	net_answer_release(&answer);

	/* The second would have to wait for the bucket longer than it may. */
	now_ns = clock_monotonic_ns();
	net_get(net, "/", now_ns + SOON_NS, 2);
	net_get(net, "/", now_ns + 200 * NS_PER_MS, 3);
	assert_true(net_wait(net, now_ns + SOON_NS, -1, &answer));
	assert_int_equal(answer.tag, 2);
	assert_int_equal(answer.http_status, 200);
	net_answer_release(&answer);
	assert_true(net_wait(net, now_ns + SOON_NS, -1, &answer));
	assert_int_equal(answer.tag, 3);
	assert_int_equal(answer.transport.cause, MISS_TIMEOUT);
	assert_true(answer.done_ns - now_ns < 900 * NS_PER_MS);
	net_answer_release(&answer);
	net_free(net);
	server_stop(&server);
	assert_int_equal(server.requests, 1);
}

/* No more than so many requests a second, evenly; and several at once, each with its own tag. */
static void test_bucket(void **state)
{
	static const struct reply replies[] = {{OK LENGTH(2) "{}", 0, SERVER_KEEP, 0}};
	int64_t sent_ns[8] = {0};
	struct server server;
	(void)state;

	SERVER_START(&server, replies);
	struct net *net = client(server.url, (struct net_options){.requests_per_second = 50});
	int64_t now_ns = clock_monotonic_ns();
	for (size_t i = 0; i < 8; i++)
		net_get(net, "/", now_ns + SOON_NS, i);
	for (size_t i = 0; i < 8; i++) {
		struct net_answer answer;
		assert_true(net_wait(net, now_ns + SOON_NS, -1, &answer));
		assert_in_range(answer.tag, 0, 7);
		assert_int_equal(sent_ns[answer.tag], 0);
		sent_ns[answer.tag] = answer.sent_ns;
		net_answer_release(&answer);
	}
	for (size_t i = 1; i < 8; i++)
		assert_true(sent_ns[i] - sent_ns[i - 1] >= 20 * NS_PER_MS);
	net_free(net);
	server_stop(&server);
}

static void test_waiting(void **state)
{
	static const struct reply replies[] = {{"", 0, SERVER_STALL, 0}};
	struct net_answer answer = {.tag = 99};
	struct server server;
	int wake[2];
	(void)state;

	SERVER_START(&server, replies);
	assert_int_equal(pipe(wake), 0);
	struct net *net = client(server.url, (struct net_options){0});
	int64_t began_ns = clock_monotonic_ns();
	net_get(net, "/", began_ns + 10 * SOON_NS, 1);
	assert_false(net_wait(net, began_ns + 50 * NS_PER_MS, wake[0], &answer));
	assert_true(clock_monotonic_ns() >= began_ns + 50 * NS_PER_MS);
	assert_false(net_wait(net, INT64_MIN, wake[0], &answer));
	assert_int_equal(write(wake[1], "", 1), 1);
	assert_false(net_wait(net, INT64_MAX, wake[0], &answer));
	assert_true(clock_monotonic_ns() < began_ns + SOON_NS);
	net_cancel(net);
	assert_false(net_wait(net, 0, -1, &answer));
	assert_int_equal(answer.tag, 99); /* untouched */
	/* One in flight and one waiting are freed with the client. */
	net_get(net, "/", began_ns + 10 * SOON_NS, 1);
	assert_false(net_wait(net, 0, -1, &answer));
	net_get(net, "/", began_ns + 10 * SOON_NS, 2);
	net_free(net);
	net_free(NULL);
	server_stop(&server);
	close(wake[0]);
	close(wake[1]);
}

static void test_refused(void **state)
{
	struct server server;
	static const struct reply replies[] = {{"", 0, SERVER_CLOSE, 0}};
	(void)state;

	SERVER_START(&server, replies);
	server_stop(&server); /* a port that nobody listens on any more */
	struct net *net = client(server.url, (struct net_options){0});
	struct net_answer answer = ask(net, "/", SOON_NS);
	assert_int_equal(answer.transport.cause, MISS_CONNECT);
	assert_true(contains(answer.transport.detail, "127.0.0.1"));
	net_answer_release(&answer);
	net_free(net);
}

static void test_names(void **state)
{
	static const struct reply replies[] = {{OK LENGTH(2) "{}", 0, SERVER_KEEP, 0}};
	struct server server;
	char url[64];
	(void)state;

	/* The name "localhost" goes to the loopback address without asking anybody. */
	SERVER_START(&server, replies);
	snprintf(url, sizeof(url), "http://localhost:%s", strrchr(server.url, ':') + 1);
	resolver_calls = 0;
	struct net *net = client(url, (struct net_options){0});
	struct net_answer answer = ask(net, "/", SOON_NS);
	assert_int_equal(answer.http_status, 200);
	assert_int_equal(resolver_calls, 0);
	net_answer_release(&answer);
	net_free(net);
	server_stop(&server);

	net = client("https://nobody.example", (struct net_options){0});
	answer = ask(net, "/", SOON_NS);
	assert_int_equal(answer.transport.cause, MISS_RESOLVE);
	assert_true(resolver_calls > 0);
	assert_true(contains(answer.transport.detail, "nobody.example"));
	net_answer_release(&answer);
	net_free(net);
}

/* A resolver that doesn't come back holds up neither the answer nor the end. */
static void test_stuck_resolver(void **state)
{
	int ends[2];
	(void)state;

	assert_int_equal(pipe(ends), 0);
	resolver_stuck = ends[0];
	int64_t began_ns = clock_monotonic_ns();
	struct net *net = client("https://stuck.example", (struct net_options){0});
	struct net_answer answer = ask(net, "/", 100 * NS_PER_MS);
	assert_int_equal(answer.transport.cause, MISS_TIMEOUT);
	assert_true(contains(answer.transport.detail, "stuck.example"));
	net_answer_release(&answer);
	net_get(net, "/", began_ns + 10 * SOON_NS, 1);
	assert_false(net_wait(net, clock_monotonic_ns() + 20 * NS_PER_MS, -1, &answer));
	net_cancel(net);
	net_get(net, "/", began_ns + 10 * SOON_NS, 1);
	assert_false(net_wait(net, clock_monotonic_ns() + 20 * NS_PER_MS, -1, &answer));
	net_free(net);
	assert_true(clock_monotonic_ns() - began_ns < SOON_NS);
	close(ends[1]); /* lets the threads go; the other end stays for them to read from */
}

static void with_proxy(const char *url)
{
	setenv("http_proxy", url, 1);
	setenv("https_proxy", url, 1);
	setenv("ALL_PROXY", url, 1);
}

static void test_proxy(void **state)
{
	static const struct reply replies[] = {
		{"HTTP/1.1 407 Who\r\nRetry-After: 5\r\n" LENGTH(0), 0, SERVER_CLOSE, 0},
		{"HTTP/1.1 503 Later\r\nRetry-After: 5\r\n" LENGTH(0), 0, SERVER_CLOSE, 0},
	};
	static const struct reply direct_replies[] = {{OK LENGTH(2) "{}", 0, SERVER_KEEP, 0}};
	static const enum miss_cause causes[] = {MISS_REQUEST, MISS_CONNECT};
	struct server proxy, direct;
	struct net_answer answer;
	struct net *net;
	(void)state;

	SERVER_START(&proxy, replies);
	SERVER_START(&direct, direct_replies);
	with_proxy(proxy.url);
	net = client("https://behind.example", (struct net_options){0});
	for (size_t i = 0; i < 2; i++) {
		answer = ask(net, "/", SOON_NS);
		assert_int_equal(answer.transport.cause, causes[i]);
		assert_true(contains(answer.transport.detail, "behind.example"));
		net_answer_release(&answer);
	}
	net_free(net);
	/* This machine is never asked for through a proxy, which over http would see the key. */
	net = client(direct.url, (struct net_options){0});
	answer = ask(net, "/", SOON_NS);
	assert_int_equal(answer.http_status, 200);
	net_answer_release(&answer);
	net_free(net);
	server_stop(&proxy);
	server_stop(&direct);
	assert_int_equal(proxy.requests, 2);
	assert_non_null(strstr(proxy.log, "CONNECT behind.example:443 "));
	assert_null(strstr(proxy.log, KEY));

	/* One that cannot be used is a mistake, and its password isn't shown. */
	static const char *const bad[] = {"gopher://user:pass-word@127.0.0.1:1", "http://user:pass-word@a b:1"};
	for (size_t i = 0; i < 2; i++) {
		with_proxy(bad[i]);
		net = client("https://behind.example", (struct net_options){0});
		answer = ask(net, "/", SOON_NS);
		assert_int_equal(answer.transport.cause, MISS_REQUEST);
		assert_false(contains(answer.transport.detail, "pass-word"));
		assert_true(contains(answer.transport.detail, "proxy"));
		net_answer_release(&answer);
		net_free(net);
	}
	unsetenv("http_proxy");
	unsetenv("https_proxy");
	unsetenv("ALL_PROXY");
}

static void test_options(void **state)
{
	const char *why = NULL;
	struct net_options options = {.base_url = "http://elsewhere.example", .key = TEXT(KEY), .user_agent = "x"};
	(void)state;

	assert_null(net_new(&options, &why));
	assert_non_null(strstr(why, "http is only for a loopback address"));
	options.base_url = "https://elsewhere.example";
	options.key = TEXT(KEY "\n");
	assert_null(net_new(&options, &why));
	assert_null(strstr(why, KEY));
	options.key = TEXT(KEY);
	options.ca_file = "/nowhere/at/all.pem";
	assert_null(net_new(&options, &why));
	assert_string_equal(why, "could not read the CA file: No such file or directory");
	options.ca_file = "/dev/null";
	assert_null(net_new(&options, &why));
	assert_non_null(strstr(why, "no certificate"));
	assert_non_null(strstr(net_version(), "libcurl/"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_header_line_without_end),
		cmocka_unit_test(test_gzip),
		cmocka_unit_test(test_body_limit),
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_bad_paths),
		cmocka_unit_test(test_reuse),
		cmocka_unit_test(test_stall),
		cmocka_unit_test(test_no_time_left),
		cmocka_unit_test(test_bucket),
		cmocka_unit_test(test_waiting),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_proxy),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_stuck_resolver),
	};
	signals_catch(); /* for SIGPIPE */
	static const char *const variables[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
						"no_proxy",   "NO_PROXY",    "SSL_CERT_FILE"};
	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++)
		unsetenv(variables[i]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
