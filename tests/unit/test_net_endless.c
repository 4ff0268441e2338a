/* test_net_endless.c - a request ends at its deadline, and at once when a signal arrives, whatever a proxy or a server
 * keeps sending. That includes the states in which libcurl doesn't check its own timeouts. */
#include "net_asking.h"
#include "scripted_server.h"

#include <sys/resource.h>

/* The request's deadline: late enough that the answer has begun, early enough for a quick test. */
#define CUT_NS (300 * NS_PER_MS)

#define CHUNKED "Transfer-Encoding: chunked\r\n\r\n"
#define LONG "Content-Length: 9000000000000\r\n\r\n"
#define CHUNK "10\r\n0123456789abcdef\r\n"
/* Bytes sent at once in a flood: so many that the client always has more to read. */
#define FLOOD_SIZE ((size_t)1 << 18)

struct endless {
	const char *name;
	const char *head;
	const char *unit; /* sent again and again; "": silence */
	bool drips;
	bool is_bounded; /* another limit may end the request before the signal does */
};

/* Answers of a proxy to CONNECT. */
static const struct endless proxy_cases[] = {
	{"407, chunked", "HTTP/1.1 407 Who\r\n" CHUNKED, CHUNK, false, false},
	{"407, chunked, drip", "HTTP/1.1 407 Who\r\n" CHUNKED, CHUNK, true, false},
	{"407, chunked, silence", "HTTP/1.1 407 Who\r\n" CHUNKED "10\r\n", "", false, false},
	{"407, long", "HTTP/1.1 407 Who\r\n" LONG, "x", false, false},
	{"407, long, drip", "HTTP/1.1 407 Who\r\n" LONG, "x", true, false},
	{"407, long, silence", "HTTP/1.1 407 Who\r\n" LONG, "", false, false},
	{"407, until it closes", "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic\r\n\r\n", "x", false, true},
	{"502, chunked", "HTTP/1.1 502 No\r\n" CHUNKED, CHUNK, false, true},
	{"502, long", "HTTP/1.1 502 No\r\n" LONG, "x", false, true},
	{"headers", "HTTP/1.1 200 OK\r\n", "X: y\r\n", false, true},
	{"headers, drip", "HTTP/1.1 200 OK\r\n", "X: y\r\n", true, true},
	{"headers of a 407", "HTTP/1.1 407 Who\r\n", "X: y\r\n", false, true},
	{"one header", "HTTP/1.1 200 OK\r\nX: ", "y", false, true},
	{"interim answers", "HTTP/1.1 100 Go on\r\n\r\n", "HTTP/1.1 100 Go on\r\n\r\n", false, true},
	{"trailers of a 407", "HTTP/1.1 407 Who\r\n" CHUNKED "0\r\n", "X: y\r\n", false, true},
	{"a chunk's extension", "HTTP/1.1 407 Who\r\n" CHUNKED "1;", "x", false, true},
	{"silence", "", "", false, false},
	{"half a line", "HTTP/1.1 407", "", false, false},
	{"a tunnel to nobody", "HTTP/1.1 200 OK\r\n\r\n", "", false, false},
	{"a tunnel of noise", "HTTP/1.1 200 OK\r\n\r\n", "x", false, true},
	{"a tunnel that drips", "HTTP/1.1 200 OK\r\n\r\n", "\x16\x03\x03\x3f\xff", true, true},
};

/* Answers of the API. */
static const struct endless direct_cases[] = {
	{"interim answers", "HTTP/1.1 102 Wait\r\n\r\n", "HTTP/1.1 102 Wait\r\n\r\n", false, true},
	{"interim answers, drip", "", "HTTP/1.1 103 Hints\r\n\r\n", true, true},
	{"headers", OK, "X: y\r\n", false, true},
	{"headers, drip", OK, "X: y\r\n", true, true},
	{"one header", OK "X: ", "y", false, true},
	{"a status line", "HTTP/1.1 200 ", "O", false, true},
	{"empty lines", "", "\r\n", false, true},
	{"chunks", OK CHUNKED, CHUNK, false, true},
	{"chunks, drip", OK CHUNKED, CHUNK, true, false},
	{"a chunk's extension", OK CHUNKED "1;", "x", false, true},
	{"a chunk's length", OK CHUNKED, "0", false, true},
	{"trailers", OK CHUNKED "0\r\n", "X: y\r\n", false, true},
	{"trailers, drip", OK CHUNKED "0\r\n", "X: y\r\n", true, true},
	{"a body", OK LONG, "x", false, true},
	{"a body, drip", OK LONG, "x", true, false},
	{"a body of an error", "HTTP/1.1 503 Later\r\n" LONG, "x", false, true},
	{"until it closes", OK "\r\n", "x", false, true},
	{"silence", "", "", false, false},
};

/* Repeats the unit up to FLOOD_SIZE; not for a drip, which is sent byte by byte anyway. */
static char *flood_of(const struct endless *one)
{
	size_t length = strlen(one->unit), count = one->drips || length == 0 ? 1 : FLOOD_SIZE / length;
	char *flood = malloc(length * count + 1);

	for (size_t i = 0; i < count; i++)
		memcpy(flood + i * length, one->unit, length);
	flood[length * count] = '\0';
	return flood;
}

static struct reply reply_of(const struct endless *one, char *flood)
{
	bool is_silent = !*one->unit;
	return (struct reply){.bytes = flood, .then = SERVER_STALL, .repeat = is_silent ? 0 : SERVER_FOREVER};
}

static struct net *begin(struct server *server, const struct endless *one, const struct reply *reply, bool is_proxy,
			 int begun_fd)
{
	server_start_as(server, reply, 1, one->head, one->drips, begun_fd);
	if (!is_proxy)
		return client(server->url, (struct net_options){.body_max = (size_t)1 << 20});
	setenv("https_proxy", server->url, 1);
	return client("https://behind.example", (struct net_options){0});
}

static void end(struct server *server, struct net *net)
{
	net_free(net);
	unsetenv("https_proxy");
	server_stop(server);
}

/* The request ends at its deadline, without an answer. If it hangs, the test's alarm() ends it. */
static void cut_at_the_limit(const struct endless *one, bool is_proxy)
{
	char *flood = flood_of(one);
	struct reply reply = reply_of(one, flood);
	struct server server;
	struct net *net = begin(&server, one, &reply, is_proxy, -1);
	struct net_answer answer;

	net_get(net, "/", clock_monotonic_ns() + CUT_NS, 7);
	if (!net_wait(net, INT64_MAX, -1, &answer))
		fail_msg("%s: no answer", one->name);
	assert_secret(&answer);
	if (answer.http_status == 200 || (answer.transport.cause == MISS_NONE && answer.http_status != 503))
		fail_msg("%s: taken for an answer, %d", one->name, answer.http_status);
	net_answer_release(&answer);
	end(&server, net);
	free(flood);
}

/* A signal ends the wait without an answer, unless another limit ended the request before. */
static void heard_at_once(const struct endless *one, bool is_proxy)
{
	char *flood = flood_of(one);
	struct reply reply = reply_of(one, flood);
	struct server server;
	struct net_answer answer;
	int wake[2];

	assert_int_equal(pipe(wake), 0);
	struct net *net = begin(&server, one, &reply, is_proxy, wake[1]);
	net_get(net, "/", clock_monotonic_ns() + NET_REQUEST_TIMEOUT_NS, 7);
	bool is_over = net_wait(net, INT64_MAX, wake[0], &answer);
	if (is_over && !one->is_bounded)
		fail_msg("%s: an answer", one->name);
	if (is_over && answer.http_status == 200)
		fail_msg("%s: taken for an answer", one->name);
	if (is_over)
		net_answer_release(&answer);
	end(&server, net);
	close(wake[0]);
	close(wake[1]);
	free(flood);
}

#define EACH(cases, what, is_proxy) \
	for (size_t i = 0; i < sizeof(cases) / sizeof(*(cases)); i++) \
	what(&(cases)[i], is_proxy)

static void a_proxy_is_cut(void **state)
{
	(void)state;
	EACH(proxy_cases, cut_at_the_limit, true);
}

static void a_server_is_cut(void **state)
{
	(void)state;
	EACH(direct_cases, cut_at_the_limit, false);
}

static void a_signal_is_heard(void **state)
{
	(void)state;
	EACH(proxy_cases, heard_at_once, true);
	EACH(direct_cases, heard_at_once, false);
}

/* SOCKS proxies, and an https proxy that doesn't answer the TLS handshake. */
static void other_proxies_are_cut(void **state)
{
	static const char *const schemes[] = {"socks4", "socks4a", "socks5", "socks5h", "https"};
	static const struct reply replies[] = {{"", 0, SERVER_STALL, 0}};
	(void)state;

	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		struct server server;
		char url[100];
		SERVER_START(&server, replies);
		snprintf(url, sizeof(url), "%s%s", schemes[i], strchr(server.url, ':'));
		setenv("https_proxy", url, 1);
		struct net *net = client("https://192.0.2.1", (struct net_options){0});
		struct net_answer answer = ask(net, "/", CUT_NS);
		assert_int_not_equal(answer.transport.cause, MISS_NONE);
		assert_true(contains(answer.transport.detail, "192.0.2.1"));
		net_answer_release(&answer);
		end(&server, net);
	}
}

/* poll refuses more descriptors than the limit, at once. A caller that goes on until its deadline would use all of the
 * processor; each call that fails takes a while instead. */
static void a_wait_that_fails_does_not_spin(void **state)
{
	const struct reply reply = {OK LENGTH(2) "{}", 0, SERVER_KEEP, 0};
	struct rlimit before, none;
	struct server server;
	(void)state;
	server_start(&server, &reply, 1);
	struct net *net = client(server.url, (struct net_options){.requests_per_second = 1});
	struct net_answer answer = ask(net, "/", SOON_NS);
	net_answer_release(&answer);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	net_get(net, "/", clock_monotonic_ns() + SOON_NS, 0); /* waits for the rate */
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	int64_t began_ns = clock_monotonic_ns();
	for (size_t i = 0; i < 5; i++)
		assert_false(net_wait(net, began_ns + SOON_NS, -1, &answer));
	assert_true(clock_monotonic_ns() >= began_ns + 5 * 20 * NS_PER_MS);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_true(net_wait(net, clock_monotonic_ns() + SOON_NS, -1, &answer));
	assert_int_equal(answer.http_status, 200);
	net_answer_release(&answer);
	net_free(net);
	server_stop(&server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_proxy_is_cut),
		cmocka_unit_test(a_server_is_cut),
		cmocka_unit_test(a_signal_is_heard),
		cmocka_unit_test(other_proxies_are_cut),
		cmocka_unit_test(a_wait_that_fails_does_not_spin),
	};
	prepare_process();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
