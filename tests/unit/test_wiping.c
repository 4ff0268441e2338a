/* test_wiping.c - the memory that libcurl is given keeps its bytes on both sides of the size from which a block has pages of its own. */
#include "../../src/net/wiping.h"

#include "needs.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static unsigned char byte_at(size_t i)
{
	return (unsigned char)(i * 7 + i / 251);
}

static void fill(unsigned char *bytes, size_t from, size_t until)
{
	for (size_t i = from; i < until; i++)
		bytes[i] = byte_at(i);
}

static void expect_filled(const unsigned char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		assert_int_equal(bytes[i], byte_at(i));
}

static void a_block_that_grows_and_shrinks_keeps_its_bytes(void **state)
{
	static const size_t sizes[] = {
		1,
		OWN_PAGES_MIN - 1,
		OWN_PAGES_MIN,
		OWN_PAGES_MIN + 1,
		3 * OWN_PAGES_MIN,
		OWN_PAGES_MIN,
		OWN_PAGES_MIN - 1,
		1,
		OWN_PAGES_MIN,
		5,
	};
	unsigned char *bytes = NULL;
	size_t length = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		bytes = wiping_realloc(bytes, sizes[i]);
		assert_non_null(bytes);
		assert_int_equal((uintptr_t)bytes % _Alignof(max_align_t), 0);
		expect_filled(bytes, length < sizes[i] ? length : sizes[i]);
		fill(bytes, 0, sizes[i]);
		length = sizes[i];
	}
	assert_null(wiping_realloc(bytes, 0)); /* frees it */
}

static void calloc_gives_zeros(void **state)
{
	static const size_t sizes[] = {1, OWN_PAGES_MIN - 1, OWN_PAGES_MIN, OWN_PAGES_MIN + 1};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		/* What was freed before may be given again. */
		unsigned char *bytes = wiping_malloc(sizes[i]);
		assert_non_null(bytes);
		fill(bytes, 0, sizes[i]);
		wiping_free(bytes);
		bytes = wiping_calloc(1, sizes[i]);
		assert_non_null(bytes);
		for (size_t k = 0; k < sizes[i]; k++)
			assert_int_equal(bytes[k], 0);
		wiping_free(bytes);
	}
}

static void sizes_that_overflow_are_refused(void **state)
{
	(void)state;
	assert_null(wiping_malloc(SIZE_MAX));
	assert_null(wiping_calloc(SIZE_MAX / 2, 3));
	assert_null(wiping_calloc(3, SIZE_MAX / 2));
	void *bytes = wiping_malloc(5);
	assert_non_null(bytes);
	assert_null(wiping_realloc(bytes, SIZE_MAX - 4)); /* the old block stays */
	wiping_free(bytes);
	wiping_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_block_that_grows_and_shrinks_keeps_its_bytes),
		cmocka_unit_test(calloc_gives_zeros),
		cmocka_unit_test(sizes_that_overflow_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
