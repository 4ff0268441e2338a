/* test_source.c - where lines begin, and the line and column of each byte. */
#include "chaingate/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static void test_lines(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t count;
		const char *lines[5];
	} rows[] = {
		{"", 1, {""}},
		{"a", 1, {"a"}},
		{"a\n", 2, {"a", ""}},
		{"\n", 2, {"", ""}},
		{"a\nb", 2, {"a", "b"}},
		{"a\r\nb", 2, {"a", "b"}},
		{"a\rb", 2, {"a", "b"}},
		{"a\r", 2, {"a", ""}},
		{"a\r\n", 2, {"a", ""}},
		{"\n\r", 3, {"", "", ""}},
		{"\r\r\n\n", 4, {"", "", "", ""}},
		{"a\n\nb\r\n\rc", 5, {"a", "", "b", "", "c"}},
		{"a\xc2\x85"
		 "b",
		 1,
		 {"a\xc2\x85"
		  "b"}}, /* NEL is no line end in YAML 1.2 */
		{"a\xe2\x80\xa8"
		 "b",
		 1,
		 {"a\xe2\x80\xa8"
		  "b"}},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena arena = {0};
		const struct source *source = source_make(&arena, "x.yaml", text_of(rows[i].text));
		assert_int_equal(source->line_count, rows[i].count);
		assert_int_equal(source->line_starts[0], 0);
		for (size_t line = 1; line <= rows[i].count; line++)
			assert_true(text_is(source_line(source, line), rows[i].lines[line - 1]));
		assert_true(text_is(source_line(source, 0), ""));
		assert_true(text_is(source_line(source, rows[i].count + 1), ""));
		arena_release(&arena);
	}
}

static void test_places(void **state)
{
	(void)state;
	static const struct {
		size_t offset, line, column;
	} rows[] = {
		{0, 1, 1},  {1, 1, 2},        {3, 1, 3},                         /* a line's end belongs to that line */
		{4, 2, 1},  {5, 2, 2},                                           /* not UTF-8: one column */
		{6, 2, 3},  {8, 3, 1},        {9, 3, 2}, {10, 4, 1}, {13, 4, 2}, /* wide, but one code point */
		{14, 4, 3},                                                      /* the end */
		{15, 4, 3}, {SIZE_MAX, 4, 3},
	};
	struct arena arena = {0};
	/* Bytes:                                                      0 1      3  4 5    6 7 8 9 10          13 */
	const struct source *source = source_make(&arena, "x",
						  TEXT("a\xc3\xa9\nb\xff\r\nc\r\xe6\x97\xa5"
						       "d"));
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct place place = source_place(source, rows[i].offset);
		assert_int_equal(place.line, rows[i].line);
		assert_int_equal(place.column, rows[i].column);
	}
	const struct source *empty = source_make(&arena, "x", (struct text){0});
	assert_int_equal(source_place(empty, 0).line, 1);
	assert_int_equal(source_place(empty, 5).column, 1);
	arena_release(&arena);
}

/* Each offset of a large text gives the same place as counting from the start. */
static void test_places_of_many_lines(void **state)
{
	(void)state;
	static char bytes[5000];
	uint32_t random = 7;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		random = random * 1664525 + 1013904223;
		bytes[i] = "abc\n\r"[(random >> 24) % 5];
	}
	struct arena arena = {0};
	const struct source *source = source_make(&arena, "x", (struct text){bytes, sizeof(bytes)});
	size_t line = 1, column = 1;
	for (size_t i = 0; i <= sizeof(bytes); i++) {
		struct place place = source_place(source, i);
		assert_int_equal(place.line, line);
		assert_int_equal(place.column, column);
		if (i == sizeof(bytes))
			break;
		bool ends = bytes[i] == '\n' || (bytes[i] == '\r' && (i + 1 == sizeof(bytes) || bytes[i + 1] != '\n'));
		line += ends;
		column = ends ? 1 : column + 1;
	}
	arena_release(&arena);
}

static void assert_span(struct span span, size_t start, size_t end)
{
	assert_int_equal(span.start, start);
	assert_int_equal(span.end, end);
}

static void test_excerpts(void **state)
{
	(void)state;
	struct arena arena = {0};
	/* offsets in the file:                0123456789012345678901234 */
	const struct source *source = source_make(&arena, "x", TEXT("rule: \"all\\n  a\n     b\""));
	struct excerpt whole = excerpt_of(source);
	assert_ptr_equal(whole.source, source);
	assert_span(excerpt_span(&whole, 2, 5), 2, 5);
	assert_span(excerpt_span(&whole, 5, 999), 5, source->text.length);
	assert_span(excerpt_span(&whole, 999, 999), source->text.length, source->text.length);
	assert_span(excerpt_span(&whole, 7, 3), 3, 3);

	struct excerpt piece = {.source = source, .text = text_slice(source->text, 7, 10), .start = 7};
	assert_span(excerpt_span(&piece, 0, 3), 7, 10);
	assert_span(excerpt_span(&piece, 1, 1), 8, 8);
	assert_span(excerpt_span(&piece, 0, 9), 7, 10);

	/* Decoded: "all", the escape, two spaces, "a", the fold as one space, "b". */
	static const size_t offsets[] = {7, 8, 9, 10, 12, 13, 14, 15, 21, 22};
	struct excerpt decoded = {.source = source, .text = TEXT("all\n  a b"), .offsets = offsets};
	assert_int_equal(COUNT_OF(offsets), decoded.text.length + 1);
	assert_span(excerpt_span(&decoded, 0, 3), 7, 10);
	assert_span(excerpt_span(&decoded, 3, 4), 10, 12); /* both bytes of the escape */
	assert_span(excerpt_span(&decoded, 6, 7), 14, 15);
	assert_span(excerpt_span(&decoded, 6, 9), 14, 22);
	assert_span(excerpt_span(&decoded, 8, 9), 21, 22);
	assert_span(excerpt_span(&decoded, 9, 9), 22, 22);
	/* A span that ends in the fold doesn't reach into the next line's indentation. */
	struct span fold = excerpt_span(&decoded, 6, 8);
	assert_int_equal(fold.start, 14);
	assert_true(fold.end <= 16);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_places_of_many_lines),
		cmocka_unit_test(test_excerpts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
