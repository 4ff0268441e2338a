/* test_buf.c - a buffer grows up to its limit; what doesn't fit is refused as a whole. */
#include "chaingate/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_an_empty_buffer(void **state)
{
	(void)state;
	struct buf buf = {0};
	assert_string_equal(buf_string(&buf), "");
	assert_int_equal(buf_text(&buf).length, 0);
	assert_non_null(buf_text(&buf).bytes);
	assert_false(buf_add_byte(&buf, 'a'));
	assert_true(buf.overflowed);
	assert_string_equal(buf_string(&buf), "");
	buf_release(&buf);
	buf_release(&buf);
}

static void test_adding(void **state)
{
	(void)state;
	struct buf buf = buf_make(1 << 20);
	assert_true(buf_add(&buf, TEXT("a\0b")));
	assert_true(buf_add_string(&buf, "cd"));
	assert_true(buf_add_byte(&buf, '\0'));
	assert_true(buf_add_repeated(&buf, '-', 3));
	assert_true(buf_add_repeated(&buf, '-', 0));
	assert_true(buf_add_string(&buf, NULL));
	assert_true(buf_add(&buf, (struct text){0}));
	assert_true(buf_printf(&buf, "%d%%%s", 7, "x"));
	assert_int_equal(buf.length, 12);
	assert_memory_equal(buf.bytes, "a\0bcd\0---7%x", 13);
	assert_true(text_equal(buf_text(&buf), TEXT("a\0bcd\0---7%x")));
	buf_clear(&buf);
	assert_string_equal(buf_string(&buf), "");
	for (int i = 0; i < 5000; i++)
		assert_true(buf_printf(&buf, "%04d", i));
	assert_int_equal(buf.length, 20000);
	assert_memory_equal(buf.bytes + 4 * 4321, "43214322", 8);
	assert_int_equal(buf.bytes[buf.length], 0);
	buf_release(&buf);
	assert_int_equal(buf.limit, 1 << 20);
	assert_true(buf_add_string(&buf, "again"));
	buf_release(&buf);
}

/* Three ways of adding: each fills the buffer up to its limit. What exceeds the limit is refused as a whole, and so is
 * everything after it. */
static bool add_text(struct buf *buf, size_t count)
{
	static const char bytes[300] = {0};
	return buf_add(buf, (struct text){bytes, count});
}

static bool add_repeated(struct buf *buf, size_t count)
{
	return buf_add_repeated(buf, 'x', count);
}

static bool add_printed(struct buf *buf, size_t count)
{
	return buf_printf(buf, "%*s", (int)count, "");
}

static void test_limit(void **state)
{
	(void)state;
	bool (*const adds[])(struct buf *, size_t) = {add_text, add_repeated, add_printed};
	for (size_t i = 0; i < sizeof(adds) / sizeof(adds[0]); i++) {
		struct buf buf = buf_make(270);
		assert_true(adds[i](&buf, 20));
		assert_true(adds[i](&buf, 250));
		assert_false(buf.overflowed);
		assert_int_equal(buf.length, 270);
		assert_true(adds[i](&buf, 0));
		assert_false(adds[i](&buf, 1));
		assert_true(buf.overflowed);
		assert_int_equal(buf.length, 270);
		buf_clear(&buf);
		assert_false(buf.overflowed);
		assert_true(adds[i](&buf, 100));
		assert_false(adds[i](&buf, 171));
		assert_int_equal(buf.length, 100);
		assert_false(adds[i](&buf, 1)); /* it would fit, but what should precede it is missing */
		assert_false(adds[i](&buf, 0));
		assert_int_equal(buf.length, 100);
		buf_release(&buf);
	}
}

static void test_huge_counts(void **state)
{
	(void)state;
	struct buf buf = buf_make(100);
	assert_true(buf_add_string(&buf, "abc"));
	assert_false(buf_add_repeated(&buf, 'x', SIZE_MAX));
	assert_string_equal(buf_string(&buf), "abc");
	buf_clear(&buf);
	assert_false(buf_add(&buf, (struct text){"abc", SIZE_MAX - 1}));
	assert_string_equal(buf_string(&buf), "");
	buf_release(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_empty_buffer),
		cmocka_unit_test(test_adding),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_huge_counts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
