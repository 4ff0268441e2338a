/* test_json_cursor.c - a text read value by value: what a cursor hands out, and that a limit is reached exactly. */
#include "chaingate/json_cursor.h"

#include "chaingate/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A caller that guesses the next key is told the same of it as one that doesn't. */
static void a_likely_key_is_the_same_key(void **state)
{
	static const char json[] = "{\"id\" : 1, \"status\": \"ACTIVE\", \"st\\u0061rted\": 2, \"\": 3}";
	static const char *const keys[] = {"id", "status", "st\\u0061rted", ""};
	static const char *const guesses[] = {"id", "status", "other", ""};
	(void)state;
	for (size_t g = 0; g < sizeof guesses / sizeof *guesses; g++) {
		struct json_cursor plain = json_cursor_make(text_of(json), JSON_UNLIMITED), guessing = plain;
		struct json_value value, key, guessed;
		bool more, is_likely;
		assert_true(json_cursor_value(&plain, &value) && json_cursor_value(&guessing, &value));
		for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
			assert_true(json_cursor_member(&plain, &key, &more) && more);
			assert_true(json_cursor_likely_member(&guessing, text_of(guesses[g]), &guessed, &more,
							      &is_likely) &&
				    more);
			assert_int_equal(is_likely, *guesses[g] && strcmp(keys[i], guesses[g]) == 0);
			assert_true(text_is(key.raw, keys[i]));
			assert_true(text_is(guessed.raw, keys[i]));
			assert_int_equal(guessed.offset, key.offset);
			assert_int_equal(guessed.has_escapes, i == 2);
			assert_true(json_cursor_skip(&plain) && json_cursor_skip(&guessing));
		}
		assert_true(json_cursor_likely_member(&guessing, TEXT("id"), &guessed, &more, &is_likely) && !more);
		json_cursor_release(&plain);
		json_cursor_release(&guessing);
	}
}

/* Reads all values of an array or object one by one; skips them otherwise. */
static bool read_all(struct json_cursor *c, bool is_skipping)
{
	struct json_value value, key;
	bool more = true;
	if (is_skipping)
		return json_cursor_skip(c) && json_cursor_end(c);
	if (!json_cursor_value(c, &value))
		return false;
	while (value.kind == JSON_KIND_ARRAY ? json_cursor_item(c, &more) : json_cursor_member(c, &key, &more)) {
		struct json_value item;
		if (!more)
			return json_cursor_end(c);
		if (!json_cursor_value(c, &item) || ((item.kind == JSON_KIND_ARRAY || item.kind == JSON_KIND_OBJECT) &&
						     !json_cursor_leave(c, item.kind)))
			return false;
	}
	return false;
}

/* The text may have as many values and keys as it has. With one fewer, the fault is at the first that is over. */
static void a_limit_is_reached_at_exactly_its_number(void **state)
{
	static const struct {
		const char *json;
		size_t values, keys;     /* how many there are, of open objects at a time */
		size_t at_value, at_key; /* where the last of them is; that key is the first over the limit */
	} rows[] = {
		{"[1, 2, \"x\"]", 4, 0, 7, 0},
		{"[1, 2, 3]", 4, 0, 7, 0},
		{"[true, null, -1.5]", 4, 0, 13, 0},
		{"[[], {}]", 3, 0, 5, 0},
		{"[[1], [2]]", 5, 0, 7, 0},
		{"{\"a\": 1, \"b\": 2, \"c\": 3}", 4, 3, 22, 17},
		{"{\"a\":1,\"b\":2,\"c\":3}", 4, 3, 17, 13},
		{"{\"a\": {\"b\": 1, \"c\": 2}}", 4, 3, 20, 15},
		{"[{\"a\": 1, \"b\": 1}, {\"c\": 1}]", 6, 2, 25, 10},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (int fewer = 0; fewer < 3; fewer++)
			for (int is_skipping = 0; is_skipping < 2; is_skipping++) {
				struct json_limits limits = {rows[i].values - (fewer == 1),
							     rows[i].keys - (fewer == 2)};
				if (fewer == 2 && rows[i].keys == 0)
					continue;
				struct json_cursor c = json_cursor_make(text_of(rows[i].json), limits);
				bool is_read = read_all(&c, is_skipping);
				if (is_read != (fewer == 0))
					fail_msg("%s: %d", rows[i].json, fewer);
				if (fewer && (c.fault.kind != JSON_TOO_MANY ||
					      c.fault.offset != (fewer == 1 ? rows[i].at_value : rows[i].at_key)))
					fail_msg("%s: %s at %zu", rows[i].json, json_fault_text(c.fault.kind),
						 c.fault.offset);
				json_cursor_release(&c);
			}
}

/* The keys of an object that was left make room for those of the next one. */
static void keys_of_one_object_are_compared_with_each_other_only(void **state)
{
	(void)state;
	struct buf text = buf_make(1 << 20);
	for (size_t i = 0; i < 1000; i++)
		buf_add_string(&text, i ? ", {\"a\": {\"a\": 1, \"b\": 2}, \"b\": 3}" : "[{}");
	buf_add_byte(&text, ']');
	struct json_cursor c = json_cursor_make(buf_text(&text), (struct json_limits){SIZE_MAX, 3});
	assert_true(json_cursor_skip(&c) && json_cursor_end(&c));
	json_cursor_release(&c);
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_likely_key_is_the_same_key),
		cmocka_unit_test(a_limit_is_reached_at_exactly_its_number),
		cmocka_unit_test(keys_of_one_object_are_compared_with_each_other_only),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
