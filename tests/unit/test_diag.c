/* test_diag.c - diagnostics are collected, sorted, and drawn with carets under their spans. */
#include "chaingate/diag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ---- drawing ---------------------------------------------------------------------------------------------------- */

/* « and » mark the span; they aren't part of the source. */
static const struct {
	const char *marked;
	size_t columns;
	const char *drawn;
} lines[] = {
	{"all chainlets «ACTVE»", 0,
	 "1 | all chainlets ACTVE\n"
	 "  |               ^^^^^\n"},
	{"«a»ll", 0,
	 "1 | all\n"
	 "  | ^\n"},
	{"«»", 0,
	 "1 | \n"
	 "  | ^\n"},
	{"a = «»b", 0,
	 "1 | a = b\n"
	 "  |     ^\n"},
	/* the end of the file, with and without a last newline */
	{"a =«»", 0,
	 "1 | a =\n"
	 "  |    ^\n"},
	{"a =\n«»", 0,
	 "2 | \n"
	 "  | ^\n"},
	{"a =«\n»", 0,
	 "1 | a =\n"
	 "  |    ^\n"},
	/* line ends */
	{"one\r\ntwo «three»\r\nfour", 0,
	 "2 | two three\n"
	 "  |     ^^^^^\n"},
	{"one\r\ntwo«\r»\nfour", 0,
	 "2 | two\n"
	 "  |    ^\n"},
	{"one\rtwo «three»\rfour", 0,
	 "2 | two three\n"
	 "  |     ^^^^^\n"},
	/* a span of several lines is drawn up to the end of its first line */
	{"a «b c\nd e\nf» g", 0,
	 "1 | a b c\n"
	 "  |   ^^^\n"},
	{"a «b c\r\nd» g", 0,
	 "1 | a b c\n"
	 "  |   ^^^\n"},
	{"a b«\n\nd» g", 0,
	 "1 | a b\n"
	 "  |    ^\n"},
	/* tabs take one column, before and in the span */
	{"\t\tkey: «a\tb» c", 0,
	 "1 |   key: a b c\n"
	 "  |        ^^^\n"},
	/* wide, combining, hidden, not UTF-8 */
	{"日本 «語x» y", 0,
	 "1 | 日本 語x y\n"
	 "  |      ^^^\n"},
	{"e\xcc\x81te\xcc\x81 «ne\xcc\x81» x", 0,
	 "1 | e\xcc\x81te\xcc\x81 ne\xcc\x81 x\n"
	 "  |     ^^\n"},
	{"e«\xcc\x81»te", 0,
	 "1 | e\xcc\x81te\n"
	 "  |  ^\n"},
	{"😀 «😀»", 0,
	 "1 | 😀 😀\n"
	 "  |    ^^\n"},
	{"a\x1b[31m«b»", 0,
	 "1 | a\\u{1b}[31mb\n"
	 "  |            ^\n"},
	{"x «\xe2\x80\xae» y", 0,
	 "1 | x \\u{202e} y\n"
	 "  |   ^^^^^^^^\n"},
	{"\a«b\xff» c", 0,
	 "1 | \\u{7}b\\x{ff} c\n"
	 "  |      ^^^^^^^\n"},
	/* the gutter grows with the line number */
	{"\n\n\n\n\n\n\n\n\nten «here»", 0,
	 "10 | ten here\n"
	 "   |     ^^^^\n"},
	/* long lines are windowed: 36 columns of text in 40 */
	{"«start» 8901234567890123456789012345678901234567890", 40,
	 "1 | start 8901234567890123456789012345…\n"
	 "  | ^^^^^\n"},
	{"0123456789012345678901234567890123456789 «end»", 40,
	 "1 | …012345678901234567890123456789 end\n"
	 "  |                                 ^^^\n"},
	{"0123456789012345678901234567890123456789 «mid» 0123456789012345678901234567890123456789", 40,
	 "1 | …67890123456789 mid 012345678901234…\n"
	 "  |                 ^^^\n"},
	{"01234567890123456789012345678901234«5»", 40,
	 "1 | 012345678901234567890123456789012345\n"
	 "  |                                    ^\n"},
	{"0123456789012345678901234567890123456789 «a span that is longer than the whole of the window» 0123456789", 40,
	 "1 | …a span that is longer than the who…\n"
	 "  |  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"},
	{"日本日本日本日本日本日本日本日本日本日本日本日本 «語» 日本日本日本日本日本日本日本日本日本日本", 40,
	 "1 | …本日本日本日本 語 日本日本日本日本…\n"
	 "  |                 ^^\n"},
	{"0123456789012345678901234567890123456789«»", 40,
	 "1 | …6789012345678901234567890123456789\n"
	 "  |                                    ^\n"},
	/* fewer than 40 columns count as 40 */
	{"«start» 8901234567890123456789012345678901234567890", 1,
	 "1 | start 8901234567890123456789012345…\n"
	 "  | ^^^^^\n"},
};

/* Makes a source from a marked text, without the marks, and returns its span. */
static const struct source *unmark(struct arena *arena, const char *name, const char *marked, struct span *span)
{
	const char *open = strstr(marked, "«"), *close = strstr(marked, "»");
	char *text = arena_printf(arena, "%.*s%.*s%s", (int)(open - marked), marked, (int)(close - open - 2), open + 2,
				  close + 2);
	span->start = (size_t)(open - marked);
	span->end = (size_t)(close - marked) - 2;
	return source_make(arena, name, text_of(text));
}

static void test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		struct arena arena = {0};
		struct span span;
		const struct source *source = unmark(&arena, "x", lines[i].marked, &span);
		struct buf buf = buf_make(BUF_LIMIT_REPORT);
		diag_render_line(&buf, source, span, lines[i].columns, DIAG_PLAIN);
		if (strcmp(buf_string(&buf), lines[i].drawn) != 0)
			fail_msg("%s\nis drawn as\n%sand not as\n%s", lines[i].marked, buf_string(&buf),
				 lines[i].drawn);
		buf_release(&buf);
		arena_release(&arena);
	}
}

/* Draws every span of a difficult text, also beyond its end, in every width. The result is two lines within the
 * columns, and the carets are under the line or just behind it. */
static void test_any_span_is_drawn_within_its_columns(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct text text = TEXT(
		"\t日本e\xcc\x81\x1b[0m \xff\xe2\x80\xae😀 plain words that go on and on\r\n\xf0\x9f\r\xe6"
		"日本日本日本日本日本日本日本日本日本日本日本日本日本\n\n\x1b\x1b\x1b\x1b\x1b\x1b\x1b\x1b\x1b\x1b\x1b");
	const struct source *source = source_make(&arena, "x", text);
	for (size_t start = 0; start <= text.length + 1; start++) {
		for (size_t end = start; end <= text.length + 2; end++) {
			struct buf buf = buf_make(10000);
			diag_render_line(&buf, source, (struct span){start, end}, 40 + start % 9, DIAG_PLAIN);
			struct text drawn = buf_text(&buf);
			const struct source *both = source_make(&arena, "drawn", drawn);
			assert_int_equal(both->line_count, 3);
			size_t shown = text_columns(source_line(both, 1)), under = text_columns(source_line(both, 2));
			assert_true(shown <= 40 + start % 9);
			if (under > shown + 1)
				fail_msg("span %zu to %zu:\n%s", start, end, buf_string(&buf));
			assert_non_null(strchr(buf_string(&buf), '^'));
			buf_release(&buf);
		}
	}
	arena_release(&arena);
}

/* A line of a megabyte is drawn in linear time. */
static void test_a_huge_line(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct buf text = buf_make(BUF_LIMIT_REPORT), buf = buf_make(BUF_LIMIT_REPORT);
	buf_add_repeated(&text, 'a', 1 << 20);
	buf_add_string(&text, " x");
	const struct source *source = source_make(&arena, "x", buf_text(&text));
	diag_render_line(&buf, source, (struct span){text.length - 1, text.length}, 40, DIAG_PLAIN);
	assert_string_equal(buf_string(&buf), "1 | …aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa x\n"
					      "  |                                   ^\n");
	buf_release(&text);
	buf_release(&buf);
	arena_release(&arena);
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

/* Words of a source with their values, as `word=value`, one row to a line. The value belongs to the word's first
 * occurrence. */
static const struct {
	const char *text;
	const char *rows;
	const char *drawn;
} valued[] = {
	{"x: min >= baseline.max", "min=1 baseline.max=4 chainlet A\nmin=22 baseline.max=4 chainlet B",
	 "1 | x: min >= baseline.max\n"
	 "  |    ^^^ 1  ^^^^^^^^^^^^ 4    chainlet A\n"
	 "  |    ^^^ 22 ^^^^^^^^^^^^ 4    chainlet B\n"},
	/* a value that doesn't fit beside its neighbour goes to the next line */
	{"status == other", "status=SCALED_TO_ZERO other=ACTIVE A",
	 "1 | status == other\n"
	 "  | ^^^^^^ SCALED_TO_ZERO\n"
	 "  |           ^^^^^ ACTIVE    A\n"},
	/* the value of an expression is below the values of its parts */
	{"a * 2 >= b", "a=3 a_*_2=6 b=7 A",
	 "1 | a * 2 >= b\n"
	 "  | ^ 3      ^ 7\n"
	 "  | ^^^^^ 6    A\n"},
	/* wide characters, in the text and in a value */
	{"日本 == a", "日本=語 a=é A",
	 "1 | 日本 == a\n"
	 "  | ^^^^ 語 ^ é    A\n"},
	/* the value of a word on another line is given in brackets */
	{"a >=\n  b", "a=1 b=2 A",
	 "1 | a >=\n"
	 "  | ^ 1    A (b 2)\n"},
};

static void test_values_under_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(valued); i++) {
		struct arena arena = {0};
		struct buf buf = buf_make(BUF_LIMIT_REPORT);
		const struct source *source = source_make(&arena, "x", text_of(valued[i].text));
		struct diag_row rows[4];
		size_t count = 0;
		char *row_end, *line = arena_printf(&arena, "%s", valued[i].rows);
		for (char *row = strtok_r(line, "\n", &row_end); row; row = strtok_r(NULL, "\n", &row_end), count++) {
			struct diag_mark *marks = ARENA_ARRAY(&arena, struct diag_mark, 8);
			size_t marked = 0;
			char *at = row;
			for (char *equals; (equals = strchr(at, '=')) != NULL; marked++) {
				size_t length = (size_t)(equals - at), end = strcspn(equals, " ");
				char *word = arena_printf(&arena, "%.*s", (int)length, at);
				for (char *c = word; *c; c++)
					*c = *c == '_' ? ' ' : *c;
				size_t start = (size_t)(strstr(valued[i].text, word) - valued[i].text);
				marks[marked].span = (struct span){start, start + length};
				marks[marked].value = (struct text){equals + 1, end - 1};
				at = equals + end + 1;
			}
			rows[count] = (struct diag_row){marks, marked, text_of(at)};
		}
		diag_render_rows(&buf, source, rows, count, 0, DIAG_PLAIN);
		assert_string_equal(buf_string(&buf), valued[i].drawn);
		buf_release(&buf);
		arena_release(&arena);
	}
}

/* A label that would be broken at the terminal's edge begins a line; without a terminal nothing is broken. */
static void test_a_label_fits(void **state)
{
	static const struct {
		size_t columns;
		const char *drawn;
	} cases[] = {
		{0, "1 | minimum == 1\n  | ^^^^^^^ 2    chainlet Retriever of q86yjdy\n"},
		{46, "1 | minimum == 1\n  | ^^^^^^^ 2    chainlet Retriever of q86yjdy\n"},
		{45, "1 | minimum == 1\n  | ^^^^^^^ 2\n  | chainlet Retriever of q86yjdy\n"},
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct arena arena = {0};
		struct buf buf = buf_make(BUF_LIMIT_REPORT);
		struct diag_mark mark = {{0, 7}, TEXT("2")};
		struct diag_row row = {&mark, 1, TEXT("chainlet Retriever of q86yjdy")};
		diag_render_rows(&buf, source_make(&arena, "x", TEXT("minimum == 1")), &row, 1, cases[i].columns,
				 DIAG_PLAIN);
		assert_string_equal(buf_string(&buf), cases[i].drawn);
		buf_release(&buf);
		arena_release(&arena);
	}
}

/* A row with more values than can be drawn, under a line that is cut: the other values are given in brackets. */
static void test_values_out_of_sight(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	const struct source *source = source_make(
		&arena, "x", TEXT("a aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b"));
	struct diag_mark marks[DIAG_MARKS_MAX + 2];
	for (size_t i = 0; i < COUNT_OF(marks); i++)
		marks[i] = (struct diag_mark){{0, 1}, TEXT("1")};
	marks[1] = (struct diag_mark){{source->text.length - 1, source->text.length}, TEXT("2")};
	struct diag_row row = {marks, COUNT_OF(marks), TEXT("A")};
	diag_render_rows(&buf, source, &row, 1, 40, DIAG_PLAIN);
	assert_non_null(strstr(buf_string(&buf), "1 | a aaaaa"));
	assert_non_null(strstr(buf_string(&buf), "A (b 2, a 1, a 1)\n"));
	buf_release(&buf);
	arena_release(&arena);
}

/* ---- whole diagnostics ------------------------------------------------------------------------------------------ */

static const char *rendered(struct arena *arena, const struct diags *diags, enum diag_style style)
{
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	diags_render(&buf, diags, 0, style);
	const char *string = arena_string(arena, buf_string(&buf));
	buf_release(&buf);
	return string;
}

static void test_a_diagnostic_with_all_parts(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct diags diags = {.arena = &arena};
	struct span span, first;
	const struct source *source =
		unmark(&arena, "a\nb.yaml", "x:\n  - all chainlets in [«ACTVE», FAILED]\n", &span);
	const struct source *other = unmark(&arena, "other.yaml", "\n\n\n\n\n\n\n\n\nname: «one»", &first);
	struct diag *diag = diag_error(&diags, source, span, DIAG_UNKNOWN_STATUS, "no status is called '%s'", "ACTVE");
	diag_hint(&diags, diag, "a status has a similar name: %s", "ACTIVE");
	diag_also(&diags, diag, other, first, "first given %s", "here");
	diag_warning(&diags, NULL, (struct span){0, 0}, DIAG_UNREADABLE_FILE, "could not read '%s'", "z");
	assert_string_equal(rendered(&arena, &diags, DIAG_PLAIN),
			    "a\\nb.yaml:2:23: error: no status is called 'ACTVE' [unknown-status]\n"
			    "2 |   - all chainlets in [ACTVE, FAILED]\n"
			    "  |                       ^^^^^\n"
			    "  = help: a status has a similar name: ACTIVE\n"
			    "other.yaml:10:7: note: first given here\n"
			    "10 | name: one\n"
			    "   |       ^^^\n"
			    "warning: could not read 'z' [unreadable-file]\n");
	arena_release(&arena);
}

/* Coloured output is the plain text plus escape sequences, and every colour is reset before its line ends. */
static void test_colours_only_colour(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct diags diags = {.arena = &arena};
	struct span span;
	const struct source *source = unmark(&arena, "x.yaml", "a: «b»", &span);
	struct diag *diag = diag_error(&diags, source, span, DIAG_SYNTAX, "one");
	diag_hint(&diags, diag, "two");
	diag_also(&diags, diag, source, span, "three");
	diag_warning(&diags, source, span, DIAG_SYNTAX, "four");
	const char *plain = rendered(&arena, &diags, DIAG_PLAIN);
	const char *coloured = rendered(&arena, &diags, DIAG_COLOUR);
	char *stripped = arena_string(&arena, coloured), *to = stripped;
	bool on = false;
	for (const char *from = coloured; *from; from++) {
		if (*from == '\x1b') {
			on = strncmp(from, "\x1b[0m", 4) != 0;
			from = strchr(from, 'm');
			continue;
		}
		assert_false(*from == '\n' && on);
		*to++ = *from;
	}
	*to = '\0';
	assert_null(strchr(plain, '\x1b'));
	assert_string_not_equal(coloured, plain);
	assert_string_equal(stripped, plain);
	arena_release(&arena);
}

/* ---- collecting ------------------------------------------------------------------------------------------------- */

static void test_more_than_are_shown(void **state)
{
	(void)state;
	static const struct {
		int errors, warnings;
		const char *last;
	} rows[] = {
		{0, 0, ""},
		{DIAG_SHOWN_MAX, DIAG_SHOWN_MAX, ""},
		{DIAG_SHOWN_MAX + 1, 0, "… and 1 more error\n"},
		{DIAG_SHOWN_MAX + 7, 1, "… and 7 more errors\n"},
		{1, DIAG_SHOWN_MAX + 1, "… and 1 more warning\n"},
		{DIAG_SHOWN_MAX + 2, DIAG_SHOWN_MAX + 2, "… and 2 more errors\n… and 2 more warnings\n"},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena arena = {0};
		struct diags diags = {.arena = &arena};
		for (int n = 0; n < rows[i].warnings; n++)
			assert_non_null(diag_warning(&diags, NULL, (struct span){0, 0}, DIAG_SYNTAX, "w%d", n));
		for (int n = 0; n < rows[i].errors; n++) {
			struct diag *diag = diag_error(&diags, NULL, (struct span){0, 0}, DIAG_SYNTAX, "e%d", n);
			diag_hint(&diags, diag, "also on those that are only counted");
		}
		assert_int_equal(diags.errors, rows[i].errors);
		assert_int_equal(diags.warnings, rows[i].warnings);
		const char *text = rendered(&arena, &diags, DIAG_PLAIN);
		assert_true(strlen(text) >= strlen(rows[i].last));
		assert_string_equal(text + strlen(text) - strlen(rows[i].last), rows[i].last);
		size_t shown = 0;
		for (const char *at = text; (at = strstr(at, "[syntax]")); at++)
			shown++;
		int errors = rows[i].errors < DIAG_SHOWN_MAX ? rows[i].errors : DIAG_SHOWN_MAX;
		int warnings = rows[i].warnings < DIAG_SHOWN_MAX ? rows[i].warnings : DIAG_SHOWN_MAX;
		assert_int_equal(shown, errors + warnings);
		diags_sort(&diags);
		assert_int_equal(strlen(rendered(&arena, &diags, DIAG_PLAIN)), strlen(text));
		arena_release(&arena);
	}
}

static void test_sorting(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct diags diags = {.arena = &arena};
	const struct source *a = source_make(&arena, "a", TEXT("0123456789"));
	const struct source *b = source_make(&arena, "b", TEXT("0123456789"));
	diags_sort(&diags);
	assert_null(diags.first);
	diag_error(&diags, b, (struct span){5, 6}, DIAG_SYNTAX, "2");
	diags_sort(&diags);
	diag_error(&diags, a, (struct span){3, 4}, DIAG_SYNTAX, "4");
	diag_warning(&diags, b, (struct span){5, 5}, DIAG_SYNTAX, "3");
	diag_error(&diags, NULL, (struct span){0, 0}, DIAG_SYNTAX, "6");
	diag_error(&diags, b, (struct span){1, 9}, DIAG_SYNTAX, "1");
	diag_warning(&diags, a, (struct span){8, 9}, DIAG_SYNTAX, "5");
	diags_sort(&diags);
	int expected = '1';
	for (const struct diag *diag = diags.first; diag; diag = diag->next)
		assert_int_equal(diag->message[0], expected++);
	assert_int_equal(expected, '7');
	assert_null(diags.last->next);
	assert_string_equal(diags.last->message, "6");
	/* A diagnostic that is added after sorting comes last. */
	diag_error(&diags, a, (struct span){0, 0}, DIAG_SYNTAX, "7");
	assert_string_equal(diags.last->message, "7");
	arena_release(&arena);
}

static void test_names(void **state)
{
	(void)state;
	for (int code = DIAG_NONE; code < DIAG_CODE_COUNT; code++) {
		const char *name = diag_code_name((enum diag_code)code);
		assert_non_null(name);
		assert_true(strspn(name, "abcdefghijklmnopqrstuvwxyz-") == strlen(name) && *name);
		for (int other = DIAG_NONE; other < code; other++)
			assert_string_not_equal(name, diag_code_name((enum diag_code)other));
	}
	/* These names are promises: users filter by them, so later versions must keep them. */
	assert_string_equal(diag_code_name(DIAG_UNKNOWN_FIELD), "unknown-field");
	assert_string_equal(diag_code_name(DIAG_UNKNOWN_STATUS), "unknown-status");
	assert_string_equal(diag_code_name(DIAG_DUPLICATE_KEY), "duplicate-key");
	assert_string_equal(diag_code_name(DIAG_SHORT_STABLE_FOR), "short-stable-for");
	assert_string_equal(diag_severity_name(DIAG_WARNING), "warning");
	assert_string_equal(diag_severity_name(DIAG_ERROR), "error");
}

static void test_values(void **state)
{
	(void)state;
	static const struct {
		const char *value, *shown;
	} rows[] = {
		{"", ""},
		{"ACTVE", "ACTVE"},
		{"a\nb\x1b[2J", "a\\nb\\u{1b}[2J"},
		{"\xff%s", "\\x{ff}%s"},
		{"d1\u00a0", "d1\\u{a0}"},
		{"\u3000\u202f\u2007\u2003x", "\\u{3000}\\u{202f}\\u{2007}\\u{2003}x"},
		{"012345678901234567890123456789012345678901234567890123456789",
		 "012345678901234567890123456789012345678901234567890123456789"},
		{"0123456789012345678901234567890123456789012345678901234567890",
		 "012345678901234567890123456789…23456789012345678901234567890"},
		{"日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本",
		 "日本日本日本日本日本日本日本日…日本日本日本日本日本日本日本"},
	};
	struct arena arena = {0};
	struct diags diags = {.arena = &arena};
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		assert_string_equal(diag_value(&diags, text_of(rows[i].value)), rows[i].shown);
	assert_string_equal(diag_value(&diags, TEXT("a\0b")), "a\\u{0}b");
	/* Any bytes, of any length, become valid UTF-8 of at most 60 columns. */
	static char bytes[20000];
	uint32_t random = 3;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		random = random * 1664525 + 1013904223;
		bytes[i] = (char)(random >> 24);
	}
	for (size_t length = 0; length < sizeof(bytes); length += 1 + length / 8) {
		const char *value = diag_value(&diags, (struct text){bytes + length / 3, length - length / 3});
		assert_true(text_is_utf8(text_of(value)));
		assert_true(text_columns(text_of(value)) <= 60);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_any_span_is_drawn_within_its_columns),
		cmocka_unit_test(test_a_huge_line),
		cmocka_unit_test(test_values_under_words),
		cmocka_unit_test(test_values_out_of_sight),
		cmocka_unit_test(test_a_label_fits),
		cmocka_unit_test(test_a_diagnostic_with_all_parts),
		cmocka_unit_test(test_colours_only_colour),
		cmocka_unit_test(test_more_than_are_shown),
		cmocka_unit_test(test_sorting),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_values),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
