/* test_net_hide.c - the key is nowhere in what the client hands out. */
#include "../../src/net/request.h"
#include "net_asking.h"
#include "scripted_server.h"

#include <stdio.h>

static const struct {
	const char *key, *answer, *expected;
} answers[] = {
	{"secret", "nothing of interest", "nothing of interest"},
	{"secret", "", ""},
	{"secret", "secret", "******"},
	{"secret", "a secret and a secretsecret.", "a ****** and a ************."},
	{"secret", "secre", "secre"},
	{"secret", "SECRET", "SECRET"},
	{"secret", "se\\u0063ret", "***********"},
	{"secret", "\\u0073\\u0065\\u0063\\u0072\\u0065\\u0074", "************************************"},
	{"k+/z", "k\\u002B\\/z", "**********"},
	{"k+/z", "k\\u002b/z", "*********"},
	{"a\"b", "a\\\"b", "****"},
	{"a\\b", "a\\\\b", "****"},
	{"a\\b", "a\\u005cb", "********"},
	{"aab", "aaab", "a***"},
	{"secret", "se\\u00", "se\\u00"},
	{"secret", "secre\\", "secre\\"},
};

static void the_key_is_hidden_in_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
		char bytes[100];
		snprintf(bytes, sizeof(bytes), "%s", answers[i].answer);
		hide_key(bytes, strlen(bytes), text_of(answers[i].key));
		if (strcmp(bytes, answers[i].expected) != 0)
			fail_msg("%s in %s: %s", answers[i].key, answers[i].answer, bytes);
	}
}

/* A server that sends back what it was given, wherever it can. */
static const struct {
	struct reply reply;
	const char *body, *retry_after, *date, *link;
} echoes[] = {
	{{OK LENGTH(26) KEY, 0, SERVER_KEEP, 0}, "**************************", "", "", ""},
	{{"HTTP/1.1 401 No\r\n" LENGTH(28) "\"" KEY "\"", 0, SERVER_KEEP, 0},
	 "\"**************************\"",
	 "",
	 "",
	 ""},
	{{OK "Retry-After: " KEY "\r\nDate: " KEY "\r\nLink: <" KEY ">\r\n" LENGTH(2) "{}", 0, SERVER_KEEP, 0},
	 "{}",
	 "**************************",
	 "**************************",
	 "<**************************>"},
	{{OK "Link: a\r\nLink: <b>; rel=\"next\"\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n" LENGTH(0), 0, SERVER_KEEP,
	  0},
	 "",
	 "",
	 "Thu, 01 Jan 2026 00:00:00 GMT",
	 "a, <b>; rel=\"next\""},
	{{"HTTP/9.9 " KEY "\r\n\r\n", 0, SERVER_CLOSE, 0}, "", "", "", ""},
};

static void what_a_server_sends_back_is_hidden(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(echoes) / sizeof(*echoes); i++) {
		struct server server;
		server_start(&server, &echoes[i].reply, 1);
		struct net *net = client(server.url, (struct net_options){0});
		struct net_answer answer = ask(net, "/v1/x", SOON_NS); /* which looks for the key in all of it */
		if (!text_is(answer.body, echoes[i].body) || !text_is(answer.retry_after, echoes[i].retry_after) ||
		    !text_is(answer.date, echoes[i].date) || !text_is(answer.link, echoes[i].link))
			fail_msg("%zu: '%.*s' '%.*s' '%.*s' '%.*s'", i, TEXT_ARG(answer.body),
				 TEXT_ARG(answer.retry_after), TEXT_ARG(answer.date), TEXT_ARG(answer.link));
		net_answer_release(&answer);
		net_free(net);
		server_stop(&server);
	}
}

int main(void)
{
	prepare_process();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_key_is_hidden_in_answers),
		cmocka_unit_test(what_a_server_sends_back_is_hidden),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
