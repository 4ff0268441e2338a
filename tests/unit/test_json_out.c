/* test_json_out.c - JSON writing: exact bytes, and random documents that json-c reads back as the same tree. */
#include "chaingate/json_out.h"
#include "random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_layout(void **state)
{
	(void)state;
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	struct json_object *document = json_out_object(), *items = json_out_array(), *inner = json_out_object();
	json_out_put_text(document, "text", TEXT("a\"b\\c/d\n\t\x01\x7f\u00e9"));
	json_out_put_optional(document, "nothing", NULL);
	json_out_put_optional(document, "something", "x");
	json_out_put_integer(document, "least", INT64_MIN);
	json_out_put_seconds(document, "s", true, -1500000000);
	json_out_put_boolean(document, "yes", true);
	json_out_put(document, "none", json_out_array());
	json_out_put(document, "empty", json_out_object());
	json_out_put_size(inner, "\"", 1);
	json_out_append(items, inner);
	json_out_append(items, NULL);
	json_out_put(document, "items", items);
	json_object_get(document);
	json_out_line(&buf, document);
	assert_string_equal(
		buf_string(&buf),
		"{\"text\":\"a\\\"b\\\\c/d\\n\\t\\u0001\\u007f\u00e9\",\"nothing\":null,\"something\":\"x\","
		"\"least\":-9223372036854775808,\"s\":-1.5,\"yes\":true,\"none\":[],\"empty\":{},"
		"\"items\":[{\"\\\"\":1},null]}\n");
	buf_clear(&buf);
	json_out_finish(&buf, document);
	assert_string_equal(buf_string(&buf), "{\n"
					      "  \"text\": \"a\\\"b\\\\c/d\\n\\t\\u0001\\u007f\u00e9\",\n"
					      "  \"nothing\": null,\n"
					      "  \"something\": \"x\",\n"
					      "  \"least\": -9223372036854775808,\n"
					      "  \"s\": -1.5,\n"
					      "  \"yes\": true,\n"
					      "  \"none\": [],\n"
					      "  \"empty\": {},\n"
					      "  \"items\": [\n"
					      "    {\n"
					      "      \"\\\"\": 1\n"
					      "    },\n"
					      "    null\n"
					      "  ]\n"
					      "}\n");
	buf_release(&buf);
}

/* What the API sent is passed on as it was written, but for what is hidden. */
static void test_received_json_is_passed_on(void **state)
{
	static const struct {
		const char *json, *written;
	} rows[] = {
		{"[1.50, 1e3, \"a\\n\", { \"b\" : null}]", "[1.50, 1e3, \"a\\n\", { \"b\" : null}]\n"},
		{"\"\u00e9\u4e2d\U0001f600\"", "\"\u00e9\u4e2d\U0001f600\"\n"},
		{"\"a\u202e\U000e0001z\"", "\"a\\u202e\\udb40\\udc01z\"\n"},
		{"\"\x7f\"", "\"\x7f\"\n"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf buf = buf_make(BUF_LIMIT_REPORT);
		json_out_line(&buf, json_out_received(text_of(rows[i].json)));
		assert_string_equal(buf_string(&buf), rows[i].written);
		buf_release(&buf);
	}
}

/* What a terminal obeys, or a person doesn't see: someone prints the report, or it goes to stdout. */
static void test_hidden_characters_are_escaped(void **state)
{
	static const struct {
		const char *text, *written;
	} rows[] = {
		{"\x1f ~\x7f", "\"\\u001f ~\\u007f\"\n"},
		{"\xc2\x85::error::x", "\"\\u0085::error::x\"\n"},
		{"\xc2\x9b"
		 "31m",
		 "\"\\u009b31m\"\n"},
		{"\u2028\u2029", "\"\\u2028\\u2029\"\n"},
		{"a\u202e\u2066"
		 "b",
		 "\"a\\u202e\\u2066b\"\n"},
		{"\u200b\ufeff", "\"\\u200b\\ufeff\"\n"},
		{"\U000e0001x", "\"\\udb40\\udc01x\"\n"},
		{"\u00e9\u4e2d\U0001f600", "\"\u00e9\u4e2d\U0001f600\"\n"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf buf = buf_make(BUF_LIMIT_REPORT);
		struct json_object *text = json_out_text(text_of(rows[i].text));
		json_out_line(&buf, json_object_get(text));
		assert_string_equal(buf_string(&buf), rows[i].written);
		struct json_object *again = json_tokener_parse(buf_string(&buf));
		assert_true(json_object_equal(text, again));
		json_object_put(again);
		json_object_put(text);
		buf_release(&buf);
	}
}

/* A document that doesn't fit sets `overflowed`; a part of it never looks like a whole document. */
static void test_overflow(void **state)
{
	(void)state;
	struct json_object *document = json_out_array();
	for (size_t i = 0; i < 10; i++)
		json_out_append(document, json_out_text(TEXT("ten bytes.")));
	for (size_t limit = 0; limit < 10 * 13 + 2; limit++) {
		struct buf buf = buf_make(limit);
		json_out_line(&buf, json_object_get(document));
		assert_true(buf.overflowed);
		buf_release(&buf);
	}
	json_object_put(document);
}

static struct json_object *random_value(unsigned depth)
{
	static const char letters[] = "\x01\x08\x09\x0a\x0c\x0d\x1f\"\\/az \x7f:#[]{}";
	char text[12];
	size_t length = below(sizeof(text));
	struct json_object *made;
	switch (below(depth ? 7 : 5)) {
	case 0: return NULL;
	case 1: return json_object_new_boolean((int)below(2));
	case 2: return json_object_new_int64(below(2) ? INT64_MIN + (int64_t)below(9) : (int64_t)below(SIZE_MAX) / 3);
	case 3:
	case 4:
		for (size_t i = 0; i < length; i++)
			text[i] = letters[below(sizeof(letters) - 1)];
		return json_out_text((struct text){text, length});
	case 5:
		made = json_out_array();
		for (size_t i = 0; i < length / 2; i++)
			json_out_append(made, random_value(depth - 1));
		return made;
	}
	made = json_out_object();
	for (size_t i = 0; i < length / 2; i++) {
		text[0] = letters[below(sizeof(letters) - 1)];
		text[1] = '\0';
		json_out_put(made, text, random_value(depth - 1));
	}
	return made;
}

static void test_read_back(void **state)
{
	(void)state;
	random_begin(random_seed());
	for (size_t i = 0; i < rounds_of(2000); i++) {
		struct json_object *document = random_value(4);
		struct buf buf = buf_make(BUF_LIMIT_REPORT);
		(i % 2 ? json_out_line : json_out_finish)(&buf, json_object_get(document));
		struct json_object *again = json_tokener_parse(buf_string(&buf));
		if (!json_object_equal(document, again))
			fail_msg("%s", buf_string(&buf));
		json_object_put(again);
		json_object_put(document);
		buf_release(&buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_received_json_is_passed_on),
		cmocka_unit_test(test_hidden_characters_are_escaped),
		cmocka_unit_test(test_overflow),
		cmocka_unit_test(test_read_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
