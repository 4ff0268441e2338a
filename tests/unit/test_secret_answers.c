/* test_secret_answers.c - an answer that contains the key leaves nothing of it in memory, however the answer ends. */
#include "key_in_memory.h"

#include "chaingate/secret.h"

/* A body is cut off, or too large, or a miss of another kind: then nobody gets it. The key is copied while it grows, or
 * is in a header, in an answer that nobody sees, or compressed. */
static const struct {
	const char *what;
	struct echo echo;
	size_t body_max; /* 0: the default */
	bool never_ends; /* it is dropped while it arrives */
	bool is_proxy;
} answers[] = {
	{"whole", {OK LENGTH(24), NULL, 1, 0, SERVER_KEEP}, 0, false, false},
	{"cut off", {OK LENGTH(4000), "...", 1, 0, SERVER_CLOSE}, 0, false, false},
	{"cut off late", {OK LENGTH(999999), NULL, 9000, 40, SERVER_CLOSE}, 0, false, false},
	{"reset", {OK LENGTH(4000), "...", 30, 5, SERVER_RESET}, 0, false, false},
	{"cut off in a chunk",
	 {OK "Transfer-Encoding: chunked\r\n\r\nfff\r\n", "...", 5, 9, SERVER_CLOSE},
	 0,
	 false,
	 false},
	{"wrong chunk",
	 {OK "Transfer-Encoding: chunked\r\n\r\n18\r\n", "nothing", 1, 0, SERVER_CLOSE},
	 0,
	 false,
	 false},
	{"cut off error", {"HTTP/1.1 500 No\r\n" LENGTH(4000), NULL, 7, 1, SERVER_CLOSE}, 0, false, false},
	{"over the limit", {OK LENGTH(64000), NULL, 1000, 40, SERVER_KEEP}, 3000, false, false},
	{"error over the limit",
	 {"HTTP/1.1 500 No\r\n" LENGTH(64000), NULL, 1000, 40, SERVER_KEEP},
	 3000,
	 false,
	 false},
	{"stalls", {OK LENGTH(4000), "...", 9, 0, SERVER_STALL}, 0, true, false},
	{"stalls late", {OK LENGTH(999999), "...", 5000, 40, SERVER_STALL}, 0, true, false},
	{"stalls in the headers", {OK "X-Echo: ", NULL, 1, 0, SERVER_STALL}, 0, true, false},
	{"1 KB", {OK "Connection: close\r\n\r\n", NULL, 40, 1, SERVER_CLOSE}, 0, false, false},
	{"20 KB", {OK "Connection: close\r\n\r\n", NULL, 500, 16, SERVER_CLOSE}, 0, false, false},
	{"60 KB", {OK "Connection: close\r\n\r\n", NULL, 1500, 16, SERVER_CLOSE}, 0, false, false},
	{"1 MB", {OK "Connection: close\r\n\r\n", NULL, 20000, 26, SERVER_CLOSE}, 0, false, false},
	{"redirect", {"HTTP/1.1 302 Go\r\n" LENGTH(24), NULL, 1, 0, SERVER_KEEP}, 0, false, false},
	{"redirect's place",
	 {"HTTP/1.1 302 Go\r\nContent-Length: 0\r\nLocation: /", "\r\n\r\n", 1, 0, SERVER_KEEP},
	 0,
	 false,
	 false},
	{"Date", {OK "Content-Length: 0\r\nDate: ", "\r\n\r\n", 1, 0, SERVER_KEEP}, 0, false, false},
	{"long Link", {OK "Content-Length: 0\r\nLink: ", "\r\n\r\n", 40, 3, SERVER_KEEP}, 0, false, false},
	{"marker of a page",
	 {OK "Content-Length: 0\r\nX-Next-Page: ", "\r\n\r\n", 30, 2, SERVER_KEEP},
	 0,
	 false,
	 false},
	{"other header", {OK "Content-Length: 0\r\nX-Echo: ", "\r\n\r\n", 1, 0, SERVER_KEEP}, 0, false, false},
	{"headers over the limit", {OK "X-Echo: ", "\r\n\r\n", 9000, 40, SERVER_KEEP}, 0, false, false},
	{"interim answer",
	 {"HTTP/1.1 103 Early\r\nLink: ", "\r\n\r\n" OK LENGTH(0), 1, 0, SERVER_KEEP},
	 0,
	 false,
	 false},
	{"trailer",
	 {OK "Transfer-Encoding: chunked\r\n\r\n0\r\nX-Echo: ", "\r\n\r\n", 1, 0, SERVER_KEEP},
	 0,
	 false,
	 false},
	{"no HTTP", {"HTTP/9.9 ", "\r\n\r\n", 1, 0, SERVER_CLOSE}, 0, false, false},
	{"cookie", {OK "Content-Length: 0\r\nSet-Cookie: a=", "; Path=/\r\n\r\n", 1, 0, SERVER_KEEP}, 0, false, false},
	/* A stored block: 0x0118 bytes, and the complement of their number. */
	{"deflated",
	 {OK "Connection: close\r\nContent-Encoding: deflate\r\n\r\n\x01\x18\x01\xe7\xfe", NULL, 1, 256, SERVER_CLOSE},
	 0,
	 false,
	 false},
	{"refused by a proxy",
	 {"HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\n" LENGTH(24), NULL, 1, 0, SERVER_CLOSE},
	 0,
	 false,
	 true},
	{"proxy's header",
	 {"HTTP/1.1 502 No\r\nContent-Length: 0\r\nX-Echo: ", "\r\n\r\n", 1, 0, SERVER_CLOSE},
	 0,
	 false,
	 true},
	{"CONNECT without TLS behind it",
	 {"HTTP/1.1 200 Yes\r\nX-Echo: ", "\r\n\r\nno TLS at all", 1, 0, SERVER_CLOSE},
	 0,
	 false,
	 true},
};

/* A deadline at which the bytes have arrived on most machines; on all others the test just shows less. */
#define CUT_NS (200 * NS_PER_MS)

static void check_answer(size_t i, struct text key)
{
	struct served served = start_echo(&answers[i].echo);
	const char *why;
	struct net_options options = {.base_url = answers[i].is_proxy ? "https://api.example.test" : served.url,
				      .key = key,
				      .body_max = answers[i].body_max,
				      .user_agent = "chaingate/test"};
	if (answers[i].is_proxy)
		setenv("https_proxy", served.url, 1);
	struct net *net = net_new(&options, &why);
	assert_non_null(net);
	struct net_answer got = ask(net, "/x", answers[i].never_ends ? CUT_NS : SOON_NS);
	print_message("%s: %d %s\n", answers[i].what, got.http_status,
		      got.transport.detail.bytes ? got.transport.detail.bytes : "");
	expect_copies(2); /* the test's and the header; and none in what it answered */
	net_answer_release(&got);
	expect_copies(2);
	/* Once more, and dropped on the way. */
	net_get(net, "/x", clock_monotonic_ns() + SOON_NS, 0);
	if (answers[i].never_ends)
		assert_false(net_wait(net, clock_monotonic_ns() + CUT_NS, -1, &got));
	net_cancel(net);
	expect_copies(2);
	net_free(net);
	expect_copies(1);
	unsetenv("https_proxy");
	stop_echo(&served);
}

static void no_answer_leaves_the_key(void **state)
{
	(void)state;
	needs(CAN_SEARCH, "memory can't be searched under a sanitizer");
	char *key = secret_alloc(MASKED_LENGTH);
	put_key(key);
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++)
		check_answer(i, (struct text){key, MASKED_LENGTH});
	secret_free(key);
	expect_none();
	must_lock();
}

/* Freed pages. A body's bytes were overwritten in libcurl's buffer as soon as they were copied. Those of headers, of compressed bodies and of what is over
 * the limit weren't: the kernel clears them. */
static size_t keys_in_freed_pages;

int __real_munmap(void *pages, size_t size);
int __wrap_munmap(void *pages, size_t size);

int __wrap_munmap(void *pages, size_t size)
{
	const char *bytes = pages;
	for (size_t i = 0; i + MASKED_LENGTH <= size; i++)
		keys_in_freed_pages += is_key(bytes + i);
	return __real_munmap(pages, size);
}

static void no_body_leaves_the_key_in_freed_pages(void **state)
{
	static const struct echo echoes[] = {
		{OK LENGTH(24), NULL, 1, 0, SERVER_KEEP},
		{OK LENGTH(4000), "...", 1, 0, SERVER_CLOSE},
		{OK LENGTH(999999), NULL, 9000, 40, SERVER_CLOSE},
		{OK "Transfer-Encoding: chunked\r\n\r\nfff\r\n", "...", 5, 9, SERVER_CLOSE},
		{"HTTP/1.1 500 No\r\n" LENGTH(24), NULL, 1, 0, SERVER_KEEP},
		{OK "Connection: close\r\n\r\n", NULL, 20000, 26, SERVER_CLOSE},
	};
	(void)state;
	needs(CAN_SEARCH, "memory can't be searched under a sanitizer");
	char *key = secret_alloc(MASKED_LENGTH);
	put_key(key);
	for (size_t i = 0; i < sizeof(echoes) / sizeof(*echoes); i++) {
		struct served served = start_echo(&echoes[i]);
		const char *why;
		struct net_options options = {
			.base_url = served.url, .key = {key, MASKED_LENGTH}, .user_agent = "chaingate/test"};
		struct net *net = net_new(&options, &why);
		assert_non_null(net);
		keys_in_freed_pages = 0;
		struct net_answer got = ask(net, "/x", SOON_NS);
		net_answer_release(&got);
		if (keys_in_freed_pages > 0)
			fail_msg("answer %zu: %zu", i, keys_in_freed_pages);
		net_free(net);
		stop_echo(&served);
	}
	secret_free(key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_answer_leaves_the_key),
		cmocka_unit_test(no_body_leaves_the_key_in_freed_pages),
	};
	prepare_process();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
