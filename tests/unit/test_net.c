/* test_net.c - the HTTP client: which requests it sends, to which host, how often, and how long it waits. */
#include "net_asking.h"
#include "scripted_server.h"

#include <netdb.h>

/* Replaces the system's resolver in this program: it counts its calls, finds no name, and never returns for
 * stuck.example. */
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

/* The key is sent in one header to one host. A redirect isn't followed. */
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
	assert_non_null(strstr(server.log, "\r\nCache-Control: no-cache\r\n"));
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
		assert_int_equal(answer.http_status, 200);
		net_answer_release(&answer);
	}
	net_free(net);
	server_stop(&server);
	assert_int_equal(server.requests, 5);
	assert_int_equal(server.connections, 1);
}

/* A request ends at its deadline, wherever its answer stalls, and its connection isn't used again. */
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
		struct net_answer answer = ask(net, "/", 200 * NS_PER_MS);
		int64_t took_ns = clock_monotonic_ns() - began_ns;
		assert_int_equal(answer.transport.cause, MISS_TIMEOUT);
		assert_true(contains(answer.transport.detail, "127.0.0.1"));
		assert_true(took_ns >= 190 * NS_PER_MS);
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

	/* The rate limit would delay the second request beyond its deadline. */
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
	net_answer_release(&answer);
	net_free(net);
	server_stop(&server);
	assert_int_equal(server.requests, 1);
}

/* The client sends at most requests_per_second in any second, and no later than it must. Each answer has its request's
 * tag. */
static void test_rate(void **state)
{
	static const struct reply replies[] = {{OK LENGTH(2) "{}", 0, SERVER_KEEP, 0}};
	int64_t sent_ns[8] = {0};
	struct server server;
	(void)state;

	SERVER_START(&server, replies);
	struct net *net = client(server.url, (struct net_options){.requests_per_second = 3});
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
	for (size_t i = 3; i < 8; i++)
		assert_true(sent_ns[i] - sent_ns[i - 3] >= NS_PER_S);
	/* The first three needn't wait: one turn of the loop sends them all. */
	assert_true(sent_ns[2] == sent_ns[0]);
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
	net_cancel(net);
	assert_false(net_wait(net, 0, -1, &answer));
	assert_int_equal(answer.tag, 99); /* untouched */
	/* net_free() also frees a request in flight and a waiting one. */
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

	/* The name "localhost" means the loopback address; the resolver isn't called. */
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

/* A resolver that never returns delays neither the answer (a timeout) nor net_free(). */
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
	close(ends[1]); /* ends the resolver's threads, which read from the other end */
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
	/* Requests to a loopback address never use a proxy, because with http it would see the key. */
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

	/* A proxy that can't be used is a configuration error; the message doesn't show its password. */
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
	assert_string_equal(why, "could not read the CA file '/nowhere/at/all.pem': No such file or directory");
	options.ca_file = "/dev/null";
	assert_null(net_new(&options, &why));
	assert_non_null(strstr(why, "no certificate"));
	assert_non_null(strstr(net_version(), "libcurl/"));
}

/* A missing file of SSL_CERT_FILE is an error only with https. A missing file of --ca-file is always an error. */
static void test_authorities(void **state)
{
	const char *why = NULL;
	struct net_options options = {.base_url = "https://elsewhere.example", .key = TEXT(KEY), .user_agent = "x"};
	(void)state;

	setenv("SSL_CERT_FILE", "/nowhere/at/all.pem", 1);
	assert_null(net_new(&options, &why));
	assert_string_equal(why, "could not read the CA file that SSL_CERT_FILE names, '/nowhere/at/all.pem': "
				 "No such file or directory");
	options.base_url = "http://127.0.0.1:1";
	struct net *net = net_new(&options, &why);
	assert_non_null(net);
	net_free(net);
	options.ca_file = "/nowhere/else.pem";
	assert_null(net_new(&options, &why));
	assert_string_equal(why, "could not read the CA file '/nowhere/else.pem': No such file or directory");
	unsetenv("SSL_CERT_FILE");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request),        cmocka_unit_test(test_bad_paths),
		cmocka_unit_test(test_reuse),          cmocka_unit_test(test_stall),
		cmocka_unit_test(test_no_time_left),   cmocka_unit_test(test_rate),
		cmocka_unit_test(test_waiting),        cmocka_unit_test(test_refused),
		cmocka_unit_test(test_names),          cmocka_unit_test(test_proxy),
		cmocka_unit_test(test_options),        cmocka_unit_test(test_authorities),
		cmocka_unit_test(test_stuck_resolver),
	};
	prepare_process();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
