/* test_net_hide.c - no answer of the client contains the key. */
#include "../../src/net/request.h"
#include "needs.h"
#include "net_asking.h"
#include "scripted_server.h"

#include <stdio.h>
#include <sys/resource.h>

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
	{"secret", "\\secret", "*******"},
	{"secret", "\\\\secret", "\\*******"},
	{"secret", "a\\nsecret\\nsecret", "a\\n******\\n******"},
	{"secret", "secsecr\\u0065t", "sec***********"},
	{"secret", "secret\\u0073ecret", "*****************"},
	{"k", "akb\\u006Bk", "a*b*******"},
	{"aab", "a\\u0061ab", "a********"},
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

/* A simple reference for the search: the length of the key as it is written at `bytes`, or 0 if it isn't there. */
static size_t naive_match(const char *bytes, size_t left, const char *key)
{
	size_t length = 0;
	for (; *key; key++) {
		char spelled[2][8];
		const size_t all = left - length;
		snprintf(spelled[0], sizeof spelled[0], "\\u00%02x", (unsigned)(unsigned char)*key);
		snprintf(spelled[1], sizeof spelled[1], "\\u00%02X", (unsigned)(unsigned char)*key);
		if (all >= 1 && bytes[length] == *key && *key != '\\')
			length += 1;
		else if (all >= 2 && bytes[length] == '\\' && bytes[length + 1] == *key)
			length += 2;
		else if (all >= 6 && (!memcmp(bytes + length, spelled[0], 6) || !memcmp(bytes + length, spelled[1], 6)))
			length += 6;
		else if (all >= 1 && bytes[length] == *key)
			length += 1;
		else
			return 0;
	}
	return length;
}

/* Hides the key in bytes that arrive `step` at a time, in memory of exactly the right size. */
static void hide_in_steps(const char *bytes, char *hidden, size_t step, struct text key)
{
	size_t length = strlen(bytes), arrived = 0, from = 0;
	char *exactly = NULL;
	do {
		size_t more = length - arrived < step ? length - arrived : step;
		exactly = realloc(exactly, arrived + more + (arrived + more == 0));
		assert_non_null(exactly);
		memcpy(exactly + arrived, bytes + arrived, more);
		arrived += more;
		from = hide_key_so_far(exactly, from, arrived, key);
		assert_true(from <= arrived);
	} while (arrived < length);
	hide_key(exactly + from, length - from, key);
	memcpy(hidden, exactly, length);
	hidden[length] = '\0';
	free(exactly);
}

/* Tries every text of five pieces, so that keys begin, break off and overlap in all ways. */
static void hides_exactly_what_a_naive_search_would(void **state)
{
	static const char *const pieces[] = {"a", "b", "\\", "\\u0061", "\\u006", "ab", "x"};
	static const char *const keys[] = {"a", "ab", "aab", "a\\b", "aba"};
	const size_t count = sizeof pieces / sizeof *pieces, depth = 5;
	size_t all = 1;
	(void)state;
	for (size_t i = 0; i < depth; i++)
		all *= count;
	for (size_t number = 0; number < all; number++) {
		char bytes[64] = "";
		for (size_t i = 0, rest = number; i < depth; i++, rest /= count)
			strcat(bytes, pieces[rest % count]);
		for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
			char hidden[64], expected[64];
			strcpy(hidden, bytes);
			strcpy(expected, bytes);
			hide_key(hidden, strlen(hidden), text_of(keys[k]));
			for (size_t i = 0, found; expected[i]; i += found ? found : 1) {
				found = naive_match(expected + i, strlen(expected + i), keys[k]);
				memset(expected + i, '*', found);
			}
			if (strcmp(hidden, expected) != 0)
				fail_msg("%s in %s: %s, not %s", keys[k], bytes, hidden, expected);
			for (size_t step = 1; step <= 13; step += 4) {
				hide_in_steps(bytes, hidden, step, text_of(keys[k]));
				if (strcmp(hidden, expected) != 0)
					fail_msg("%s in %s, in steps of %zu: %s, not %s", keys[k], bytes, step, hidden,
						 expected);
			}
		}
	}
}

/* The search looks for the byte of the key that is rarest at the body's beginning. Here the rest of the body is full of
 * that byte, and the key is still found: at the beginning, before and after the search gives up that byte, and at the
 * end. */
static void a_misleading_beginning_does_not_defeat_the_search(void **state)
{
	enum { LENGTH = 100000, BEGINNING = 5000, PLACES = 40 };
	char *bytes = malloc(LENGTH);
	(void)state;
	assert_non_null(bytes);
	for (size_t i = 0; i <= PLACES; i++) {
		size_t at = i * (LENGTH - 6) / PLACES, stars = 0;
		memset(bytes, 'e', BEGINNING);
		memset(bytes + BEGINNING, 't', LENGTH - BEGINNING);
		memcpy(bytes + at, "secret", 6);
		hide_key(bytes, LENGTH, TEXT("secret"));
		assert_memory_equal(bytes + at, "******", 6);
		for (size_t k = 0; k < LENGTH; k++)
			stars += bytes[k] == '*';
		assert_int_equal(stars, 6);
	}
	free(bytes);
}

/* CPU time in seconds: only a search that reads the same bytes again and again takes so long. */
#define CPU_SECONDS_MAX 300
/* A sanitizer's own memmem() reads the whole body at each call, which would take hours for a larger body. */
#define LARGE ((size_t)1 << (HAS_SANITIZER ? 18 : 24))

/* Bodies that make a naive search quadratic. With the first one, a search for the key's first byte from each backslash
 * took hours. */
static void no_body_is_searched_twice(void **state)
{
	static const char *const pieces[] = {"\\n",         "\\u0073ecre",      "secre", "s", "\\\\",
					     "secre\\u007", "sssssssssssssss\\"};
	struct rlimit before, cpu;
	char *bytes = malloc(LARGE);
	(void)state;
	assert_non_null(bytes);
	assert_int_equal(getrlimit(RLIMIT_CPU, &before), 0);
	cpu = before;
	cpu.rlim_cur = CPU_SECONDS_MAX;
	assert_int_equal(setrlimit(RLIMIT_CPU, &cpu), 0);
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		size_t length = strlen(pieces[i]);
		for (size_t at = 0; at < LARGE; at++)
			bytes[at] = pieces[i][at % length];
		hide_key(bytes, LARGE, TEXT("secret"));
		assert_null(memchr(bytes, '*', LARGE));
	}
	setrlimit(RLIMIT_CPU, &before);
	free(bytes);
}

/* Answers of a server that sends the key back, in each part that an answer has. */
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

static void a_key_that_a_server_sends_back_is_hidden(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(echoes) / sizeof(*echoes); i++) {
		struct server server;
		server_start(&server, &echoes[i].reply, 1);
		struct net *net = client(server.url, (struct net_options){0});
		struct net_answer answer = ask(net, "/v1/x", SOON_NS); /* fails if any part contains the key */
		if (!text_is(answer.body, echoes[i].body) || !text_is(answer.retry_after, echoes[i].retry_after) ||
		    !text_is(answer.date, echoes[i].date) || !text_is(answer.link, echoes[i].link))
			fail_msg("%zu: '%.*s' '%.*s' '%.*s' '%.*s'", i, TEXT_ARG(answer.body),
				 TEXT_ARG(answer.retry_after), TEXT_ARG(answer.date), TEXT_ARG(answer.link));
		net_answer_release(&answer);
		net_free(net);
		server_stop(&server);
	}
}

/* A long body is searched while it arrives. It is full of keys, so some begin in one part and end in the next. */
static void the_key_is_hidden_between_parts_of_a_body(void **state)
{
	enum { PIECES = 4000, PLAIN = sizeof KEY - 1, ESCAPED = PLAIN + 5 };
	static const char piece[] = "\"a\": \"" KEY "\", \"\\u006b3y.SECRETsecret0123456789\", ";
	struct reply reply = {piece, 0, SERVER_CLOSE, PIECES - 1};
	struct server server;
	size_t stars = 0;
	(void)state;
	server_start_as(&server, &reply, 1, OK "Connection: close\r\n\r\n", false, -1);
	struct net *net = client(server.url, (struct net_options){0});
	struct net_answer answer = ask(net, "/", SOON_NS);
	assert_int_equal(answer.body.length, PIECES * (sizeof piece - 1));
	for (size_t i = 0; i < answer.body.length; i++)
		stars += answer.body.bytes[i] == '*';
	assert_int_equal(stars, PIECES * (PLAIN + ESCAPED));
	net_answer_release(&answer);
	net_free(net);
	server_stop(&server);
}

int main(void)
{
	prepare_process();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_key_is_hidden_in_answers),
		cmocka_unit_test(hides_exactly_what_a_naive_search_would),
		cmocka_unit_test(a_misleading_beginning_does_not_defeat_the_search),
		cmocka_unit_test(no_body_is_searched_twice),
		cmocka_unit_test(a_key_that_a_server_sends_back_is_hidden),
		cmocka_unit_test(the_key_is_hidden_between_parts_of_a_body),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
