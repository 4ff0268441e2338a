/* test_net_again.c - a body equal to the last one isn't copied; any other body is returned as it was sent. */
#include "net_asking.h"
#include "scripted_server.h"

#define BODY "{\"deployments\": [1, 2, 3], \"more\": false}"
#define BODY_LENGTH (sizeof(BODY) - 1)
/* The size of each body's chunks; libcurl hands over one chunk at a time. */
#define CHUNK 7
/* The body with each of its bytes changed; each shorter body; 20 longer ones; and the same body. */
#define VARIANTS (BODY_LENGTH + BODY_LENGTH + 20 + 1)

static const char *variant(struct arena *arena, size_t number)
{
	char *same = arena_string(arena, BODY);
	if (number < BODY_LENGTH) {
		same[number] = same[number] == '~' ? '!' : '~';
		return same;
	}
	number -= BODY_LENGTH;
	if (number < BODY_LENGTH) {
		same[number] = '\0';
		return same;
	}
	number -= BODY_LENGTH;
	return number < 20 ? arena_printf(arena, "%s%*s", same, (int)number + 1, "") : same;
}

static struct reply chunked(struct arena *arena, const char *status, const char *body)
{
	struct buf bytes = buf_make(4096);
	buf_printf(&bytes, "HTTP/1.1 %s\r\nDate: today\r\nTransfer-Encoding: chunked\r\n\r\n", status);
	for (size_t at = 0, length = strlen(body); at < length; at += CHUNK) {
		size_t size = length - at < CHUNK ? length - at : CHUNK;
		buf_printf(&bytes, "%zx\r\n%.*s\r\n", size, (int)size, body + at);
	}
	buf_add_string(&bytes, "0\r\n\r\n");
	struct reply reply = {arena_text(arena, buf_text(&bytes)).bytes, bytes.length, SERVER_KEEP, 0};
	buf_release(&bytes);
	return reply;
}

/* A copy of exactly the body's size, so that a sanitizer detects a comparison past the end. */
static struct text keep_exactly(struct text body)
{
	char *bytes = malloc(body.length);
	assert_non_null(bytes);
	memcpy(bytes, body.bytes, body.length);
	return (struct text){bytes, body.length};
}

static void every_difference_is_seen(void **state)
{
	struct arena arena = {0};
	struct reply replies[VARIANTS];
	struct server server;
	struct text last = keep_exactly(TEXT(BODY));
	(void)state;
	for (size_t i = 0; i < VARIANTS; i++)
		replies[i] = chunked(&arena, i % 2 ? "200 OK" : "503 No", variant(&arena, i));
	server_start(&server, replies, VARIANTS);
	struct net *net = client(server.url, (struct net_options){0});
	for (size_t i = 0; i < VARIANTS; i++) {
		struct net_answer answer = ask_again(net, "/", SOON_NS, last);
		assert_int_equal(answer.http_status, i % 2 ? 200 : 503);
		assert_true(text_is(answer.date, "today"));
		if (!text_is(answer.body, variant(&arena, i)))
			fail_msg("'%.*s' should be '%s'", TEXT_ARG(answer.body), variant(&arena, i));
		assert_int_equal(answer.body.bytes == last.bytes, i == VARIANTS - 1);
		if (answer.body.length > 0 && i < VARIANTS - 1)
			assert_ptr_equal(answer.body.bytes, answer.owned);
		net_answer_release(&answer);
	}
	assert_true(text_is(last, BODY));
	net_free(net);
	server_stop(&server);
	free((void *)(uintptr_t)last.bytes);
	arena_release(&arena);
}

/* The key is hidden in the next body too, even if the key begins within the part that both bodies share. */
static void a_key_after_the_equal_part_is_hidden(void **state)
{
	struct arena arena = {0};
	struct reply replies[] = {
		chunked(&arena, "200 OK", "beginning " KEY " end"),
		chunked(&arena, "200 OK", "beginning k3y.SECRETsecret012345 end"),
		chunked(&arena, "200 OK", "beginning " KEY " end"),
	};
	struct server server;
	(void)state;
	SERVER_START(&server, replies);
	struct net *net = client(server.url, (struct net_options){0});
	struct net_answer hidden = ask_again(net, "/", SOON_NS, (struct text){0});
	assert_true(text_is(hidden.body, "beginning ************************** end"));
	struct net_answer begun = ask_again(net, "/", SOON_NS, hidden.body);
	assert_true(text_is(begun.body, "beginning k3y.SECRETsecret012345 end"));
	struct net_answer again = ask_again(net, "/", SOON_NS, begun.body);
	assert_true(text_equal(again.body, hidden.body));
	net_answer_release(&again);
	again = ask_again(net, "/", SOON_NS, hidden.body);
	assert_true(text_equal(again.body, hidden.body));
	net_answer_release(&hidden);
	net_answer_release(&begun);
	net_answer_release(&again);
	net_free(net);
	server_stop(&server);
	arena_release(&arena);
}

/* A broken transfer is a miss, even if all bytes so far equal the last body's. The limit on a body's length applies. */
static void a_repeated_body_counts_only_when_it_is_complete(void **state)
{
	static const struct reply replies[] = {
		{OK LENGTH(9) "12345678", 0, SERVER_CLOSE, 0},
		{OK "Transfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n", 0, SERVER_CLOSE, 0},
		{OK LENGTH(9) "123456789", 0, SERVER_KEEP, 0},
		{"HTTP/1.1 500 No\r\n" LENGTH(9) "123456789", 0, SERVER_CLOSE, 0},
		{OK LENGTH(8) "12345678", 0, SERVER_KEEP, 0},
	};
	static const enum miss_cause causes[] = {MISS_RESET, MISS_RESET, MISS_TOO_LARGE, MISS_NONE, MISS_NONE};
	struct server server;
	(void)state;
	SERVER_START(&server, replies);
	struct net *net = client(server.url, (struct net_options){.body_max = 8});
	for (size_t i = 0; i < sizeof(replies) / sizeof(*replies); i++) {
		struct net_answer answer = ask_again(net, "/", SOON_NS, TEXT("12345678"));
		if (answer.transport.cause != causes[i])
			fail_msg("%zu: cause %d: %.*s", i, (int)answer.transport.cause,
				 TEXT_ARG(answer.transport.detail));
		assert_true(text_is(answer.body, causes[i] == MISS_NONE ? "12345678" : ""));
		net_answer_release(&answer);
	}
	net_get_again(net, "/", clock_monotonic_ns() + SOON_NS, 7, TEXT("12345678"));
	net_cancel(net);
	net_free(net);
	server_stop(&server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_difference_is_seen),
		cmocka_unit_test(a_key_after_the_equal_part_is_hidden),
		cmocka_unit_test(a_repeated_body_counts_only_when_it_is_complete),
	};
	prepare_process();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
