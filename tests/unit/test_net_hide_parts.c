/* test_net_hide_parts.c - an answer that echoes the key in parts, or in another form, doesn't show it. */
#include "../../src/net/hide.h"
#include "../../src/net/hide_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define KEY "q7Fz1wXe.M2b+8sKp/4vT0=yR6nL9dHc3gJ5uAoZx"

/* Hides in one piece, and in pieces of `step` bytes as they arrive, and expects the same. */
static void expect_hidden(const char *answer, const char *expected)
{
	size_t length = strlen(answer);
	for (size_t step = 0; step < 40; step += step ? 13 : 1) {
		char *bytes = malloc(length + 1);
		size_t from = 0;
		assert_non_null(bytes);
		memcpy(bytes, answer, length + 1);
		for (size_t arrived = step; step && arrived < length; arrived += step)
			from = hide_key_so_far(bytes, from, arrived, TEXT(KEY));
		hide_key(bytes + from, length - from, TEXT(KEY));
		if (strcmp(bytes, expected) != 0)
			fail_msg("in steps of %zu: %s: %s, not %s", step, answer, bytes, expected);
		free(bytes);
	}
}

static void parts_of_eight_bytes_or_more_are_hidden(void **state)
{
	static const char key[] = KEY; /* gcc 12 crashes on the literal at -O0 */
	(void)state;
	for (size_t begin = 0; begin < strlen(KEY); begin++)
		for (size_t length = 1; begin + length <= strlen(KEY); length++)
			for (size_t before = 0; before < 6; before++) {
				char answer[400], expected[400], stars[100];
				memset(stars, '*', sizeof(stars));
				snprintf(answer, sizeof(answer), "%.*s|%.*s| and %200s", (int)before, "#####",
					 (int)length, key + begin, "");
				snprintf(expected, sizeof(expected), "%.*s|%.*s| and %200s", (int)before, "#####",
					 (int)length, length < HIDE_PART_MIN ? key + begin : stars, "");
				expect_hidden(answer, expected);
			}
}

static size_t encode(char *out, const char *bytes, size_t length, const char *last_two)
{
	static const char most[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	size_t count = 0;
	for (size_t i = 0; i < length; i += 3) {
		unsigned long group = 0;
		for (size_t k = 0; k < 3; k++)
			group = group << 8 | (i + k < length ? (unsigned char)bytes[i + k] : 0);
		for (size_t k = 0; k < 4; k++) {
			unsigned long digit = group >> (18 - 6 * k) & 63;
			out[count++] = i + k > length ? '=' : digit < 62 ? most[digit] : last_two[digit - 62];
		}
	}
	out[count] = '\0';
	return count;
}

/* The key in the middle of a text in base64. Of it, at most the few bits at its ends may be left. */
static void base64_of_a_text_with_the_key_is_hidden(void **state)
{
	static const char *const alphabets[] = {"+/", "-_"};
	(void)state;
	for (size_t before = 0; before < 9; before++)
		for (size_t after = 0; after < 5; after++)
			for (size_t a = 0; a < 2; a++) {
				char text[100], encoded[200], expected[200], longer[500], answer[500];
				snprintf(text, sizeof(text), "%.*s" KEY "%.*s", (int)before, "user:name", (int)after,
					 "\n{}]x");
				size_t length = encode(encoded, text, strlen(text), alphabets[a]);
				/* The characters that depend on the key alone. */
				size_t first = (before * 8 + 5) / 6, last = (before + strlen(KEY)) * 8 / 6;
				strcpy(expected, encoded);
				for (size_t i = first; i < last; i++)
					expected[i] = '*';
				assert_true(last <= length);
				snprintf(answer, sizeof(answer), "{\"echo\": \"%s\"} %150s", encoded, "");
				snprintf(longer, sizeof(longer), "{\"echo\": \"%s\"} %150s", expected, "");
				expect_hidden(answer, longer);
			}
}

static void the_percent_encoded_key_is_hidden(void **state)
{
	static const char *const digits[] = {"0123456789ABCDEF", "0123456789abcdef"};
	(void)state;
	for (size_t d = 0; d < 2; d++)
		for (int all = 0; all < 2; all++) {
			char answer[500] = "key=", expected[500] = "key=";
			size_t length = 4;
			for (const char *at = KEY; *at; at++) {
				unsigned value = (unsigned char)*at;
				if (!all && !strchr("+/=", *at)) {
					answer[length++] = *at;
					continue;
				}
				answer[length++] = '%';
				answer[length++] = digits[d][value >> 4];
				answer[length++] = digits[d][value & 15];
			}
			memset(expected + 4, '*', length - 4);
			memset(answer + length, ' ', 300);
			memset(expected + length, ' ', 300);
			answer[length + 200] = expected[length + 200] = '\0';
			expect_hidden(answer, expected);
		}
}

static void two_parts_and_a_whole_key_are_hidden(void **state)
{
	(void)state;
	expect_hidden(
		"q7Fz1wXe###AoZx q7Fz1wXeM2b+8sKp/4 " KEY " \\u0071"
		"7Fz1wXe.M2b+8sKp\\/4vT0=yR6nL9dHc3gJ5uAoZx."
		"                                                                                               ",
		"********###AoZx ****************** ***************************************** "
		"*******************************************"
		"****."
		"                                                                                               ");
}

/* Each byte plain, or as \X, or as \u00XX, in many mixtures; plain bytes at a part's ends are hidden, too. */
static void escaped_parts_are_hidden(void **state)
{
	(void)state;
	for (unsigned mixture = 0; mixture < 200; mixture++)
		for (size_t begin = 0; begin + 12 <= strlen(KEY); begin += 3) {
			char answer[900], expected[900];
			size_t length = (size_t)snprintf(answer, sizeof(answer), "{\"error\": \"<");
			memcpy(expected, answer, length);
			size_t first = length;
			unsigned chance = mixture * 2654435761u;
			for (size_t i = begin; i < begin + 8 + mixture % 5; i++) {
				chance = chance * 1103515245u + 12345u;
				unsigned way = mixture == 0 ? 2 : chance >> 16 & 3;
				length += (size_t)snprintf(answer + length, sizeof(answer) - length,
							   way == 2                    ? "\\u%04x"
							   : way == 3                  ? "\\u%04X"
							   : way == 1 && KEY[i] == '/' ? "\\%c"
										       : "%c",
							   KEY[i]);
			}
			memset(expected + first, '*', length - first);
			snprintf(answer + length, sizeof(answer) - length, ">\"} %300s", "");
			snprintf(expected + length, sizeof(expected) - length, ">\"} %300s", "");
			expect_hidden(answer, expected);
		}
}

/* Percent-encoded, and each of these bytes as \u00XX, or some of them: 18 bytes for one of the key's. */
static void a_percent_encoded_key_in_escapes_is_hidden(void **state)
{
	(void)state;
	for (unsigned mixture = 0; mixture < 5; mixture++) {
		static char answer[3000], expected[3000];
		size_t length = (size_t)snprintf(answer, sizeof(answer), "{\"echo\": \"");
		const size_t first = length;
		for (size_t i = 0; i < strlen(KEY); i++) {
			char spelled[4];
			snprintf(spelled, sizeof(spelled), "%%%02X", (unsigned)(unsigned char)KEY[i]);
			for (size_t k = 0; k < 3; k++)
				length += (size_t)snprintf(
					answer + length, sizeof(answer) - length,
					mixture && (i * 3 + k) % (mixture + 1) == 0 ? "%c" : "\\u%04x", spelled[k]);
		}
		memcpy(expected, answer, first);
		memset(expected + first, '*', length - first);
		snprintf(answer + length, sizeof(answer) - length, "\"} %900s", "");
		snprintf(expected + length, sizeof(expected) - length, "\"} %900s", "");
		expect_hidden(answer, expected);
	}
}

/* Wherever the decoder's windows begin and end. */
static void escaped_parts_are_hidden_at_every_place(void **state)
{
	enum { LENGTH = 20000 };
	static char answer[LENGTH], expected[LENGTH];
	(void)state;
	for (size_t place = 1000; place < 8000; place += 7) {
		memset(answer, ' ', sizeof(answer));
		for (size_t i = 0; i + 2 < sizeof(answer); i += place % 2 ? 90 : 2)
			memcpy(answer + i, "\\n", 2);
		place &= ~(size_t)1;
		memcpy(answer + place, "q7Fz1\\u0077Xe.M2b+8sKp\\/4v", 26);
		memcpy(expected, answer, sizeof(answer));
		memset(expected + place, '*', 26);
		hide_key(answer, sizeof(answer), TEXT(KEY));
		assert_memory_equal(answer, expected, sizeof(answer));
		place |= 1;
	}
}

/* Somebody made up this key for a test: the API's own words stay, so the body can be read. */
static void words_stay(void **state)
{
	static const char body[] = "{\"deployments_count\": 1, \"deployment\": {}, \"baseten_x\": \"-key-for-\"} "
				   "fake-baseten-key-for-deployment";
	char bytes[sizeof(body)];
	(void)state;
	memcpy(bytes, body, sizeof(body));
	hide_key(bytes, strlen(bytes), TEXT("fake-baseten-key-for-deployment-tests"));
	assert_string_equal(bytes, "{\"deployments_count\": 1, \"deployment\": {}, \"baseten_x\": \"-key-for-\"} "
				   "*******************************");
}

/* A key that is made of words may be a simulator's, and the words are needed. */
static void a_short_key_has_no_parts(void **state)
{
	char bytes[] = "simulator-key-1 simulator-key-2";
	(void)state;
	hide_key(bytes, strlen(bytes), TEXT("simulator-key-1"));
	assert_string_equal(bytes, "*************** simulator-key-2");
}

/* A body full of beginnings that are too short to be parts stays as it is. */
static void a_body_full_of_beginnings_is_searched(void **state)
{
	enum { LENGTH = 1 << 20 };
	char *bytes = malloc(LENGTH);
	(void)state;
	assert_non_null(bytes);
	for (size_t i = 0; i < LENGTH; i++)
		bytes[i] = KEY[3 + i % 7];
	hide_key(bytes, LENGTH, TEXT(KEY));
	for (size_t i = 0; i < LENGTH; i++)
		assert_int_equal(bytes[i], KEY[3 + i % 7]);
	free(bytes);
}

/* For tests/cli/counted.bats: only hides the key in a body of 1 MB that is full of this text. */
static int hide_in_body_of(const char *piece)
{
	enum { LENGTH = 1 << 20 };
	char *bytes = malloc(LENGTH);
	size_t length = strlen(piece);
	if (!bytes || !length)
		return 1;
	for (size_t i = 0; i < LENGTH; i++)
		bytes[i] = piece[i % length];
	hide_key(bytes, LENGTH, TEXT(KEY));
	free(bytes);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2)
		return hide_in_body_of(argv[1]);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_of_eight_bytes_or_more_are_hidden),
		cmocka_unit_test(base64_of_a_text_with_the_key_is_hidden),
		cmocka_unit_test(the_percent_encoded_key_is_hidden),
		cmocka_unit_test(two_parts_and_a_whole_key_are_hidden),
		cmocka_unit_test(escaped_parts_are_hidden),
		cmocka_unit_test(a_percent_encoded_key_in_escapes_is_hidden),
		cmocka_unit_test(escaped_parts_are_hidden_at_every_place),
		cmocka_unit_test(words_stay),
		cmocka_unit_test(a_short_key_has_no_parts),
		cmocka_unit_test(a_body_full_of_beginnings_is_searched),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
