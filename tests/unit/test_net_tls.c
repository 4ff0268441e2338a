/* test_net_tls.c - which certificates the client trusts, and its messages about the others.
 *
 * The openssl command makes the certificates and the servers; without it these tests are skipped. Each server is a
 * child process, which the test ends; if the test fails before that, an alarm() ends the child.
 */
#include "needs.h"
#include "scripted_server.h"

#include "chaingate/clock.h"
#include "chaingate/net.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>

#include <cmocka.h>

#define KEY "k3y.SECRETsecret0123456789"
/* Limits that only a hang reaches, however busy the machine is: for a test, and for a child that a failed test left. */
#define TEST_SECONDS_MAX 900
#define CHILD_SECONDS_MAX TEST_SECONDS_MAX
#define PATIENCE_NS (10 * NS_PER_MINUTE)

/* An authority that has signed nothing. Tests that trust nobody use it, and not the system's certificates. */
static const char nobody[] = "-----BEGIN CERTIFICATE-----\n"
			     "MIIBejCCAR+gAwIBAgIUBiYtETtV3MkFhn0G9CIRqcLzF1AwCgYIKoZIzj0EAwIw\n"
			     "ETEPMA0GA1UEAwwGbm9ib2R5MCAXDTI2MTEyNjE4NDMxOVoYDzIxMjYxMTAyMTg0\n"
			     "MzE5WjARMQ8wDQYDVQQDDAZub2JvZHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC\n"
			     "AATBYFoZOvS6UWN++cyWnFtF9XSxjpGrTBuZs8839UMIWiodl9pTJj9c3nC2Li76\n"
			     "ECXT6XD2amR0X0Q3VK0E4lcAo1MwUTAdBgNVHQ4EFgQUwGswSXHz7KQdNR75TgZn\n"
			     "5IsfFB4wHwYDVR0jBBgwFoAUwGswSXHz7KQdNR75TgZn5IsfFB4wDwYDVR0TAQH/\n"
			     "BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAx9zaTg9J5QJ6VCtXu7hdF2YGMhYU\n"
			     "1aejvDPs9oZ42roCIQDLZrZskD5206GQMwbj6n//qUvKRzRKjMSZqdcj8cwOpA==\n"
			     "-----END CERTIFICATE-----\n";

struct tls_server {
	pid_t child;
	int input;
	FILE *output;
	char port[16];
};

static char directory[] = "/tmp/chaingate-tls-XXXXXX";
static bool have_openssl;

/* The path of a file in the test's directory. The result stays valid for the next three calls. */
static const char *file(const char *name)
{
	static char places[4][128];
	static size_t next;
	char *place = places[next++ % 4];

	snprintf(place, sizeof(places[0]), "%s/%s", directory, name);
	return place;
}

static bool make_certificate(const char *name, const char *alternative)
{
	char command[1024];

	snprintf(command, sizeof(command),
		 "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=%s "
		 "-addext subjectAltName=%s "
		 "-keyout %s/%s.key -out %s/%s.pem >/dev/null 2>&1",
		 name, alternative, directory, name, directory, name);
	return system(command) == 0;
}

static void write_file(const char *path, const char *content)
{
	FILE *stream = fopen(path, "w");

	assert_non_null(stream);
	assert_true(fputs(content, stream) >= 0);
	assert_int_equal(fclose(stream), 0);
}

static int set_up(void **state)
{
	(void)state;
	if (!mkdtemp(directory))
		return -1;
	write_file(file("nobody.pem"), nobody);
	setenv("SSL_CERT_FILE", file("nobody.pem"), 1);
	have_openssl = make_certificate("one", "IP:127.0.0.1") && make_certificate("two", "IP:127.0.0.1") &&
		       make_certificate("stranger", "DNS:elsewhere.example");
	return 0;
}

static int tear_down(void **state)
{
	static const char *const names[] = {"one.key",      "one.pem",      "two.key",   "two.pem",
					    "stranger.key", "stranger.pem", "nobody.pem"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unlink(file(names[i]));
	return rmdir(directory);
}

static void run_server(int input, int output, const char *name, const char *option)
{
	char certificate[128], private[128];

	snprintf(certificate, sizeof(certificate), "%s/%s.pem", directory, name);
	snprintf(private, sizeof(private), "%s/%s.key", directory, name);
	alarm(CHILD_SECONDS_MAX); /* exec keeps the alarm */
	dup2(input, 0);
	dup2(output, 1);
	dup2(open("/dev/null", O_WRONLY), 2);
	execlp("openssl", "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", private,
	       "-www", option, (char *)NULL);
	_exit(127);
}

static struct tls_server serve(const char *name, const char *option)
{
	struct tls_server server = {0};
	int input[2], output[2];
	char line[256];

	if (pipe(input) != 0 || pipe(output) != 0)
		fail_msg("no pipes");
	fcntl(input[1], F_SETFD, FD_CLOEXEC);
	fcntl(output[0], F_SETFD, FD_CLOEXEC);
	server.child = fork();
	if (server.child == 0)
		run_server(input[0], output[1], name, option);
	close(input[0]);
	close(output[1]);
	server.input = input[1];
	server.output = fdopen(output[0], "r");
	/* "ACCEPT 127.0.0.1:40123" */
	while (!server.port[0]) {
		if (!fgets(line, sizeof(line), server.output))
			fail_msg("openssl s_server didn't start");
		sscanf(line, "ACCEPT 127.0.0.1:%15[0-9]", server.port);
	}
	return server;
}

static void stop(struct tls_server *server)
{
	int status;

	/* With -www the server doesn't read its input, so only a signal ends it. It is our child, so no other process
	 * can have its pid. */
	kill(server->child, SIGKILL);
	waitpid(server->child, &status, 0);
	close(server->input);
	fclose(server->output);
}

struct outcome {
	enum miss_cause cause;
	int status;
	char detail[512];
};

static struct outcome ask(const char *port, const char *ca_file)
{
	char url[64];
	const char *why = NULL;
	struct net_answer answer;
	struct outcome outcome;
	int64_t until_ns = clock_monotonic_ns() + PATIENCE_NS;

	snprintf(url, sizeof(url), "https://127.0.0.1:%s", port);
	struct net *net = net_new(&(struct net_options){.base_url = url, .key = TEXT(KEY), .ca_file = ca_file}, &why);
	if (!net)
		fail_msg("%s", why);
	net_get(net, "/", until_ns, 1);
	assert_true(net_wait(net, until_ns + PATIENCE_NS, -1, &answer));
	outcome = (struct outcome){.cause = answer.transport.cause, .status = answer.http_status};
	snprintf(outcome.detail, sizeof(outcome.detail), "%.*s", TEXT_ARG(answer.transport.detail));
	assert_null(strstr(outcome.detail, KEY));
	net_answer_release(&answer);
	net_free(net);
	return outcome;
}

static void test_trust(void **state)
{
	struct outcome outcome;
	(void)state;

	needs(have_openssl, "openssl is not installed");
	struct tls_server one = serve("one", "-tls1_3");
	struct tls_server two = serve("two", "-tls1_2");

	outcome = ask(one.port, NULL);
	assert_int_equal(outcome.cause, MISS_TLS);
	assert_int_equal(outcome.status, 0);
	assert_non_null(strstr(outcome.detail, "the server's certificate is not trusted: "));
	assert_non_null(strstr(outcome.detail, one.port));
	assert_int_equal(ask(one.port, file("two.pem")).cause, MISS_TLS);
	assert_int_equal(ask(one.port, file("one.pem")).status, 200);
	assert_int_equal(ask(two.port, file("two.pem")).status, 200);

	/* A file of certificates is added to the system's; it doesn't replace them. */
	setenv("SSL_CERT_FILE", file("one.pem"), 1);
	assert_int_equal(ask(one.port, NULL).status, 200);
	assert_int_equal(ask(two.port, NULL).cause, MISS_TLS);
	assert_int_equal(ask(one.port, file("two.pem")).status, 200);
	assert_int_equal(ask(two.port, file("two.pem")).status, 200);
	setenv("SSL_CERT_FILE", file("nobody.pem"), 1);
	stop(&one);
	stop(&two);
}

static void test_wrong_name(void **state)
{
	struct outcome outcome;
	(void)state;

	needs(have_openssl, "openssl is not installed");
	struct tls_server stranger = serve("stranger", "-tls1_3");
	outcome = ask(stranger.port, file("stranger.pem"));
	assert_int_equal(outcome.cause, MISS_TLS);
	assert_non_null(strstr(outcome.detail, "not trusted"));
	stop(&stranger);
}

static void test_old_version(void **state)
{
	(void)state;
	needs(have_openssl, "openssl is not installed");
	struct tls_server old = serve("one", "-tls1_1");
	assert_int_equal(ask(old.port, file("one.pem")).cause, MISS_TLS);
	stop(&old);
}

static void test_broken_authorities(void **state)
{
	const char *path = "broken.pem";
	struct outcome outcome;
	(void)state;

	write_file(file(path), "-----BEGIN CERTIFICATE-----\nbm8gY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n");
	struct server server;
	static const struct reply replies[] = {{"", 0, SERVER_CLOSE, 0}};
	SERVER_START(&server, replies);
	outcome = ask(strrchr(server.url, ':') + 1, file(path));
	assert_int_equal(outcome.cause, MISS_TLS);
	assert_non_null(strstr(outcome.detail, "trusted certificates could not be loaded"));
	server_stop(&server);
	unlink(file(path));
}

/* A peer that doesn't speak TLS is a permanent error. One that resets or closes the connection during the handshake may
 * be back soon. */
static void test_not_tls(void **state)
{
	(void)state;
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t length = sizeof(address);
	char port[16];

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(listener, 8), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
	snprintf(port, sizeof(port), "%d", ntohs(address.sin_port));
	pid_t child = fork();
	if (child == 0) {
		struct linger now = {.l_onoff = 1, .l_linger = 0};
		char bytes[4096];

		alarm(CHILD_SECONDS_MAX);
		for (int i = 0; i < 3; i++) {
			int fd = accept(listener, NULL, NULL);
			ssize_t got = recv(fd, bytes, sizeof(bytes), 0);
			if (i == 0)
				got = send(fd, "HTTP/1.1 400 Bad\r\n\r\n", 20, MSG_NOSIGNAL);
			if (i == 1)
				setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
			(void)got;
			close(fd);
		}
		_exit(0);
	}
	assert_int_equal(ask(port, NULL).cause, MISS_TLS);
	assert_int_equal(ask(port, NULL).cause, MISS_RESET);
	assert_int_equal(ask(port, NULL).cause, MISS_RESET);
	close(listener);
	waitpid(child, NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trust),       cmocka_unit_test(test_wrong_name),
		cmocka_unit_test(test_old_version), cmocka_unit_test(test_broken_authorities),
		cmocka_unit_test(test_not_tls),
	};
	signal(SIGPIPE, SIG_IGN);
	alarm(TEST_SECONDS_MAX);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
