/* net_asking.h - a client for tests, and a request that fails the test if its answer contains the key. */
#ifndef CHAINGATE_TESTS_NET_ASKING_H
#define CHAINGATE_TESTS_NET_ASKING_H

#include "chaingate/clock.h"
#include "chaingate/net.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define KEY "k3y.SECRETsecret0123456789"
/* SIGALRM ends a client that hangs, and the test fails. */
#define TEST_SECONDS_MAX 900
/* A limit that only a hang reaches, however busy the machine is. */
#define SOON_NS (10 * NS_PER_MINUTE)

static inline struct net *client(const char *url, struct net_options options)
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

/* Fails if any part of the answer contains the key. */
static void assert_secret(const struct net_answer *answer)
{
	assert_false(contains(answer->transport.detail, KEY));
	assert_false(contains(answer->transport.detail, "\n"));
	assert_false(contains(answer->body, KEY));
	assert_false(contains(answer->retry_after, KEY));
	assert_false(contains(answer->date, KEY));
	assert_false(contains(answer->link, KEY));
}

static inline struct net_answer ask_again(struct net *net, const char *path, int64_t within_ns, struct text last)
{
	struct net_answer answer;
	int64_t now_ns = clock_monotonic_ns();

	net_get_again(net, path, now_ns + within_ns, 7, last);
	if (!net_wait(net, now_ns + within_ns + SOON_NS, -1, &answer))
		fail_msg("no answer for %s", path);
	assert_int_equal(answer.tag, 7);
	assert_true(answer.done_ns >= answer.sent_ns && answer.sent_ns >= now_ns);
	assert_secret(&answer);
	return answer;
}

static inline struct net_answer ask(struct net *net, const char *path, int64_t within_ns)
{
	return ask_again(net, path, within_ns, (struct text){0});
}

#define OK "HTTP/1.1 200 OK\r\n"
#define LENGTH(n) "Content-Length: " #n "\r\n\r\n"

/* The environment must not change what a client does. */
static void prepare_process(void)
{
	static const char *const variables[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy",
						"ALL_PROXY",  "no_proxy",    "NO_PROXY",    "SSL_CERT_FILE"};

	signal(SIGPIPE, SIG_IGN);
	alarm(TEST_SECONDS_MAX);
	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++)
		unsetenv(variables[i]);
}

#endif
