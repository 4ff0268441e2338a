/* test_net_answers.c - how the HTTP client treats answers: valid, invalid and cut short. */
#include "net_asking.h"
#include "scripted_server.h"

static void assert_text(struct text text, const char *expected)
{
	if (text.length != strlen(expected) || (text.length && memcmp(text.bytes, expected, text.length) != 0))
		fail_msg("\"%.*s\" instead of \"%s\"", TEXT_ARG(text), expected);
}

/* 300,000 spaces, as gzip of 326 bytes: the 26 here, zeros, and the end. */
static const char gzip_head[] = OK "Content-Encoding: gzip\r\n" LENGTH(
	326) "\x1f\x8b\x08\0\0\0\0\0\x02\x03\xed\xc1\x01\x0d\0\0\0\xc2\xa0\x2a\xef\x9f\xd2\x1e\x0e\x28";
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
	{"chunks",
	 {OK "Transfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n3\r\n\":1\r\n1\r\n}\r\n0\r\n\r\n", 0, SERVER_KEEP, 0},
	 MISS_NONE,
	 200,
	 "{\"a\":1}",
	 "",
	 ""},
	{"an end by closing", {"HTTP/1.0 200 OK\r\n\r\n[]", 0, SERVER_CLOSE, 0}, MISS_NONE, 200, "[]", "", ""},
	{"an interim answer first",
	 {"HTTP/1.1 103 Early Hints\r\nRetry-After: 9\r\n\r\n" OK LENGTH(2) "{}", 0, SERVER_KEEP, 0},
	 MISS_NONE,
	 200,
	 "{}",
	 "",
	 ""},
	{"a NUL in the body",
	 {OK LENGTH(3) "a\0b", sizeof(OK LENGTH(3) "a\0b") - 1, SERVER_KEEP, 0},
	 MISS_NONE,
	 200,
	 NULL,
	 "",
	 ""},
	{"no authorization", {"HTTP/1.1 401 No\r\n" LENGTH(2) "no", 0, SERVER_KEEP, 0}, MISS_NONE, 401, "no", "", ""},
	{"an outage with seconds",
	 {"HTTP/1.1 503 Later\r\nRetry-After:  37 \r\n" LENGTH(2) "no", 0, SERVER_KEEP, 0},
	 MISS_NONE,
	 503,
	 "no",
	 "",
	 "37"},
	{"a date to retry after",
	 {"HTTP/1.1 429 Slow\r\nretry-after: Sun, 06 Nov 1994 08:49:37 GMT\r\n" LENGTH(0), 0, SERVER_KEEP, 0},
	 MISS_NONE,
	 429,
	 "",
	 "",
	 "Sun, 06 Nov 1994 08:49:37 GMT"},
	{"a negative one is given as it is",
	 {"HTTP/1.1 429 Slow\r\nRetry-After: -5\r\n" LENGTH(0), 0, SERVER_KEEP, 0},
	 MISS_NONE,
	 429,
	 "",
	 "",
	 "-5"},
	{"not every 2xx is 200", {"HTTP/1.1 204 None\r\n\r\n", 0, SERVER_KEEP, 0}, MISS_NONE, 204, "", "", ""},
	{"a body cut short", {OK LENGTH(100) "{}", 0, SERVER_CLOSE, 0}, MISS_RESET, 0, "", "cut short", ""},
	{"chunks cut short",
	 {OK "Transfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n3\r\n\":", 0, SERVER_CLOSE, 0},
	 MISS_RESET,
	 0,
	 "",
	 "127.0.0.1",
	 ""},
	{"a last chunk missing",
	 {OK "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", 0, SERVER_CLOSE, 0},
	 MISS_RESET,
	 0,
	 "",
	 "",
	 ""},
	{"nothing", {"", 0, SERVER_CLOSE, 0}, MISS_RESET, 0, "", "127.0.0.1", ""},
	{"a reset", {"", 0, SERVER_RESET, 0}, MISS_RESET, 0, "", "127.0.0.1", ""},
	{"half of the headers", {OK "Content-Le", 0, SERVER_CLOSE, 0}, MISS_RESET, 0, "", "headers were cut short", ""},
	{"garbage", {"\x16\x03\x01 who are you\n\n", 0, SERVER_CLOSE, 0}, MISS_PROTOCOL, 0, "", "127.0.0.1", ""},
	{"the key in garbage", {"HTTP/9.9 " KEY " " KEY "\r\n\r\n", 0, SERVER_CLOSE, 0}, MISS_PROTOCOL, 0, "", "", ""},
	{"a length that is none",
	 {OK "Content-Length: -4\r\n\r\n{}", 0, SERVER_CLOSE, 0},
	 MISS_PROTOCOL,
	 0,
	 "",
	 "",
	 ""},
	{"an encoding that isn't",
	 {OK "Content-Encoding: gzip\r\n" LENGTH(6) "nozip!", 0, SERVER_KEEP, 0},
	 MISS_PROTOCOL,
	 0,
	 "",
	 "",
	 ""},
	{"an encoding unheard of",
	 {OK "Content-Encoding: rot13\r\n" LENGTH(2) "{}", 0, SERVER_KEEP, 0},
	 MISS_PROTOCOL,
	 0,
	 "",
	 "",
	 ""},
	{"headers without an end",
	 {"HTTP/1.1 200 OK\r\nX: 0123456789012345678901234567890123456789\r\nY: 0123456789\r\n", 0, SERVER_CLOSE, 8000},
	 MISS_PROTOCOL,
	 0,
	 "",
	 "",
	 ""},
	{"a redirect",
	 {"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n" LENGTH(0), 0, SERVER_KEEP, 0},
	 MISS_NONE,
	 302,
	 "",
	 "",
	 ""},
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
	static const struct reply long_line[] = {
		{"HTTP/1.1 200 OK 0123456789012345678901234567890123456789", 0, SERVER_CLOSE, 20000}};
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
		if (i == 3) { /* its status decides; its body is only shown in a message */
			assert_int_equal(answer.http_status, 403);
			assert_text(answer.body, "12345678");
		}
		net_answer_release(&answer);
	}
	net_free(net);
	server_stop(&server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_header_line_without_end),
		cmocka_unit_test(test_gzip),
		cmocka_unit_test(test_body_limit),
	};
	prepare_process();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
