/* test_net_headers.c - which headers of an answer are passed on, and how. */
#include "../../src/net/headers.h"
#include "net_asking.h"
#include "scripted_server.h"

#include <curl/curl.h>
#include <stdio.h>

static void names_are_passed_on_by_their_words(void **state)
{
	static const char *const passed_on[] = {
		"Age",
		"AGE",
		"Content-Range",
		"Next-Range",
		"Total",
		"Total-Count",
		"total-pages",
		"Per-Page",
		"X-Page",
		"X-Next-Link",
		"X-Next-Url",
		"X-Cursor",
		"X-Is-Truncated",
		"X-Pagination",
		"X-Pagination-Limit",
		"X-Paging",
		"X-Last-Page",
		"X-Is-Last",
		"Pagination",
		"X-Limit",
		"X-Offset",
		"X-Count",
		"X-Has-More",
		"X-HasMore",
		"X-Continuation-Token",
		"x-ms-continuation",
		"X-MS-ContinuationToken",
		"X-Amz-Next-Token",
		"opc-next-page",
		"X-WP-TotalPages",
		"X-Prev-Page",
		"X-Start-Index",
		"X-Remaining-Items",
		"X-Deployments",
		"Chains-Total",
		"X-Partial",
		"X-Incomplete-Results",
		"X-Scroll-Id",
		"X-EOF",
		"X-Models",
		"X-Next-Marker",
		"Last_Page",
		"X-Cache",
		"Warning",
		"X-Varnish",
		"Server-Timing",
		"Fastly-State",
		"Cache-Status",
		"X-A-Very-Long-Name-Of-A-Header-That-Nobody-Would-Ever-Write-In-An-Answer-Total-Count"};
	static const char *const others[] = {"",
					     "Date",
					     "Link",
					     "Retry-After",
					     "Content-Type",
					     "Content-Length",
					     "Set-Cookie",
					     "X-Next-Cookie",
					     "X-RateLimit-Limit",
					     "X-Rate-Limit-Remaining",
					     "RateLimit-Remaining",
					     "X-Quota-Limit",
					     "X-Retry-Count",
					     "X-Account-Id",
					     "WWW-Authenticate",
					     "X-Auth-Next-Token",
					     "Accept-Ranges",
					     "Access-Control-Max-Age",
					     "Content-Language",
					     "Cache-Control",
					     "X-Api-Key-Count",
					     "Permissions-Policy",
					     "Image",
					     "X-Image-Age",
					     "ETag",
					     "X-Request-Id",
					     "Last-Modified",
					     "Server",
					     "X-Secret-Page"};
	(void)state;
	for (size_t i = 0; i < sizeof(passed_on) / sizeof(*passed_on); i++)
		if (!header_is_passed_on(text_of(passed_on[i])))
			fail_msg("%s should be passed on", passed_on[i]);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (header_is_passed_on(text_of(others[i])))
			fail_msg("%s should not be passed on", others[i]);
}

static void headers_arrive_in_lines(void **state)
{
	static const struct {
		const char *bytes, *headers, *link;
	} rows[] = {
		{OK "X-Total-Count: 3\r\nServer: x\r\nage:  0 \r\n" LENGTH(0), "X-Total-Count: 3\nage: 0\n", ""},
		{OK "X-Page: 1\r\nLink: <a>\r\nx-page: 2\r\nlink: <b>\r\n" LENGTH(0), "X-Page: 1\nx-page: 2\n",
		 "<a>, <b>"},
		{OK "X-Next-Page:\r\n" LENGTH(0), "X-Next-Page: \n", ""},
		{OK "X-Next-Page: a\xC3\xA9\x01\xA0\r\n" LENGTH(0), "X-Next-Page: a????\n", ""},
		{OK "X-Total: 1,\r\n 000\r\nServer: x\r\n\ty\r\n" LENGTH(0), "X-Total: 1, 000\n", ""},
		{"HTTP/1.1 103 Early Hints\r\nX-Total: 7\r\nLink: <a>\r\n\r\n" OK "X-Page: 1\r\n" LENGTH(0),
		 "X-Page: 1\n", ""},
		{OK "Transfer-Encoding: chunked\r\nX-Page: 1\r\n\r\n0\r\nX-Page: 2\r\nLink: <a>\r\n\r\n",
		 "X-Page: 1\nX-Page: 2\n", ""},
		/* a line that looks like a status erases nothing, wherever it is */
		{OK "X-Page: 2\r\nHTTP/1.1 103: x\r\nX-Total: 1\r\n" LENGTH(0), "X-Page: 2\nX-Total: 1\n", ""},
		{OK "X-Page: 2\r\nHTTP/1.1 200: OK\r\nLink: <a>\r\n" LENGTH(0), "X-Page: 2\n", "<a>"},
		{OK "Transfer-Encoding: chunked\r\nX-Page: 1\r\n\r\n0\r\nHTTP/1.1 200: OK\r\nLink: <a>\r\n\r\n",
		 "X-Page: 1\n", ""},
		{OK "X-Next-Token: " KEY "\r\n" LENGTH(0), "X-Next-Token: **************************\n", ""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct reply reply = {rows[i].bytes, 0, SERVER_KEEP, 0};
		struct server server;
		server_start(&server, &reply, 1);
		struct net *net = client(server.url, (struct net_options){0});
		struct net_answer answer = ask(net, "/", SOON_NS);
		assert_int_equal(answer.transport.cause, MISS_NONE);
		if (!text_is(answer.headers, rows[i].headers) || !text_is(answer.link, rows[i].link))
			fail_msg("%zu: '%.*s', '%.*s'", i, TEXT_ARG(answer.headers), TEXT_ARG(answer.link));
		net_answer_release(&answer);
		net_free(net);
		server_stop(&server);
	}
}

/* Takes a header's line with a name and a value of these lengths, and `folds` lines of 100 bytes that belong to it. */
static bool is_too_long(const char *name, size_t name_length, size_t value_length, size_t folds)
{
	struct header_lines headers = header_lines_make(1 << 20);
	struct buf line = buf_make(1 << 20), fold = buf_make(1 << 20);
	buf_add_string(&line, name);
	while (line.length < name_length)
		buf_add_byte(&line, '-');
	buf_add_string(&line, ": ");
	for (size_t i = 0; i < value_length; i++)
		buf_add_byte(&line, 'v');
	for (size_t i = 0; i < 100; i++)
		buf_add_byte(&fold, ' ');
	header_lines_take(&headers, TEXT("HTTP/1.1 200 OK\r\n"));
	header_lines_take(&headers, buf_text(&line));
	for (size_t i = 0; i < folds; i++)
		header_lines_take(&headers, buf_text(&fold));
	bool result = headers.is_too_long;
	assert_true(headers.lines.length <= HEADER_LINE_MAX + HEADER_NAME_MAX + 3 || !headers.is_limited);
	header_lines_release(&headers);
	buf_release(&line);
	buf_release(&fold);
	return result;
}

/* What nobody reads may say anything. A name that is about something else has a limit, too: only its beginning is
 * searched. */
static void a_header_that_is_too_long_is_not_passed_on(void **state)
{
	(void)state;
	assert_false(is_too_long("X-Total", HEADER_NAME_MAX, 1, 0));
	assert_true(is_too_long("X-Total", HEADER_NAME_MAX + 1, 1, 0));
	assert_true(is_too_long("X-Other", HEADER_NAME_MAX + 1, 1, 0));
	assert_false(is_too_long("X-Total", 7, HEADER_LINE_MAX - 7, 0));
	assert_true(is_too_long("X-Total", 7, HEADER_LINE_MAX - 6, 0));
	assert_false(is_too_long("X-Total", 7, 100, 80));
	assert_true(is_too_long("X-Total", 7, 100, 82));
	assert_false(is_too_long("X-Other", 7, HEADER_LINE_MAX, 10));
	assert_false(is_too_long("Link", 4, HEADER_LINE_MAX, 10));
}

static void an_answer_with_too_long_a_header_is_a_miss(void **state)
{
	struct buf bytes = buf_make(1 << 20);
	(void)state;
	buf_add_string(&bytes, OK "X-Total");
	for (size_t i = 0; i < HEADER_NAME_MAX; i++)
		buf_add_byte(&bytes, '-');
	buf_add_string(&bytes, ": 1\r\n" LENGTH(0));
	struct reply reply = {buf_string(&bytes), 0, SERVER_KEEP, 0};
	struct server server;
	server_start(&server, &reply, 1);
	struct net *net = client(server.url, (struct net_options){0});
	struct net_answer answer = ask(net, "/", SOON_NS);
	assert_int_not_equal(answer.transport.cause, MISS_NONE);
	if (!strstr(answer.transport.detail.bytes, "a header is over the limit of 128 bytes"))
		fail_msg("%.*s", TEXT_ARG(answer.transport.detail));
	net_answer_release(&answer);
	net_free(net);
	server_stop(&server);
	buf_release(&bytes);
}

/* As many headers as an answer may have. Comparing each with each would take minutes. libcurl itself takes up to 5,000 of an
 * answer since 8.14. */
static void many_headers_arrive(void **state)
{
	const size_t many = curl_version_info(CURLVERSION_NOW)->version_num < 0x080e00 ? 30000 : 4998;
	struct buf bytes = buf_make(1 << 20);
	(void)state;
	buf_add_string(&bytes, OK);
	for (size_t i = 0; i < many; i++)
		buf_add_string(&bytes, i % 2 ? "Link:\r\n" : "Next:\r\n");
	buf_add_string(&bytes, LENGTH(0));
	struct reply reply = {buf_string(&bytes), 0, SERVER_KEEP, 0};
	struct server server;
	server_start(&server, &reply, 1);
	struct net *net = client(server.url, (struct net_options){0});
	struct net_answer answer = ask(net, "/", SOON_NS);
	assert_int_equal(answer.transport.cause, MISS_NONE);
	assert_int_equal(answer.headers.length, many / 2 * strlen("Next: \n"));
	assert_int_equal(answer.link.length, (many / 2 - 1) * strlen(", "));
	net_answer_release(&answer);
	net_free(net);
	server_stop(&server);
	buf_release(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_passed_on_by_their_words),
		cmocka_unit_test(headers_arrive_in_lines),
		cmocka_unit_test(a_header_that_is_too_long_is_not_passed_on),
		cmocka_unit_test(an_answer_with_too_long_a_header_is_a_miss),
		cmocka_unit_test(many_headers_arrive),
	};
	prepare_process();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
