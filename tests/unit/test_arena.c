/* test_arena.c - objects are zeroed and aligned, don't overlap, and are freed all at once. */
#include "chaingate/arena.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define OBJECTS 2000

static void test_objects_are_zeroed_aligned_and_apart(void **state)
{
	(void)state;
	static unsigned char *objects[OBJECTS];
	static size_t sizes[OBJECTS];
	struct arena arena = {0};
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < OBJECTS; i++) {
			sizes[i] = i % 97 == 0 ? 40000 + i : i * 7 % 300;
			objects[i] = arena_alloc(&arena, sizes[i]);
			assert_int_equal((uintptr_t)objects[i] % _Alignof(max_align_t), 0);
			for (size_t j = 0; j < sizes[i]; j++)
				assert_int_equal(objects[i][j], 0);
			memset(objects[i], (int)(i % 255 + 1), sizes[i]);
		}
		for (size_t i = 0; i < OBJECTS; i++)
			for (size_t j = 0; j < sizes[i]; j++)
				assert_int_equal(objects[i][j], i % 255 + 1);
		arena_clear(&arena);
		assert_null(arena.blocks);
	}
	arena_release(&arena);
	arena_release(&arena);
}

static void test_an_empty_object_has_an_address(void **state)
{
	(void)state;
	struct arena arena = {0};
	void *a = arena_alloc(&arena, 0), *b = arena_alloc(&arena, 0), *c = arena_alloc_array(&arena, 0, 8);
	void *d = arena_alloc_array(&arena, 8, 0);
	assert_non_null(a);
	assert_true(a != b && b != c && c != d && a != c);
	arena_release(&arena);
}

static void test_copies(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct text copy = arena_text(&arena, TEXT("a\0b"));
	assert_int_equal(copy.length, 3);
	assert_memory_equal(copy.bytes, "a\0b", 4);
	struct text none = arena_text(&arena, (struct text){0});
	assert_int_equal(none.length, 0);
	assert_string_equal(none.bytes, "");
	assert_string_equal(arena_string(&arena, ""), "");
	assert_string_equal(arena_string(&arena, "chain"), "chain");
	assert_string_equal(arena_printf(&arena, "%s-%03d%%", "q", 7), "q-007%");
	char *long_one = arena_printf(&arena, "%*d", 100000, 5);
	assert_int_equal(strlen(long_one), 100000);
	assert_int_equal(long_one[99999], '5');
	arena_release(&arena);
}

static void test_growing(void **state)
{
	(void)state;
	struct arena arena = {0};
	int *items = NULL;
	size_t count = 0, capacity = 0;
	for (int i = 0; i < 10000; i++) {
		int *before = items;
		size_t room = capacity;
		items = arena_grow(&arena, items, count, &capacity, sizeof(*items));
		assert_true(capacity > count);
		if (count < room)
			assert_ptr_equal(items, before);
		items[count++] = i;
	}
	for (int i = 0; i < 10000; i++)
		assert_int_equal(items[i], i);
	arena_release(&arena);
}

/* Runs `act` in a child process. Returns its exit code, and in `message` the beginning of its standard error. */
static int in_child(void (*act)(void), char *message, size_t size)
{
	int ends[2], status;
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		act();
		_exit(0);
	}
	close(ends[1]);
	ssize_t length = read(ends[0], message, size - 1);
	message[length > 0 ? length : 0] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void count_overflows(void)
{
	struct arena arena = {0};
	arena_alloc_array(&arena, SIZE_MAX / 2, 3);
}

static void size_overflows(void)
{
	struct arena arena = {0};
	arena_alloc(&arena, SIZE_MAX);
}

static void size_nearly_overflows(void)
{
	struct arena arena = {0};
	arena_alloc(&arena, SIZE_MAX - 16);
}

static void handler_at_exit(void)
{
	_exit(0);
}

/* No atexit() handler runs: a handler could turn "out of memory" into a pass. */
static void exits_without_handlers(void)
{
	atexit(handler_at_exit);
	memory_exhausted();
}

static void test_without_memory_it_fails_closed(void **state)
{
	(void)state;
	void (*const acts[])(void) = {count_overflows, size_overflows, size_nearly_overflows, memory_exhausted,
				      exits_without_handlers};
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		char message[100];
		assert_int_equal(in_child(acts[i], message, sizeof(message)), 70);
		assert_string_equal(message, "chaingate: out of memory\n");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_objects_are_zeroed_aligned_and_apart),
		cmocka_unit_test(test_an_empty_object_has_an_address),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_growing),
		cmocka_unit_test(test_without_memory_it_fails_closed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
