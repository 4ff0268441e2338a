/* test_regex.c - the regular expressions of `matches`: which are accepted, what they match, by code points; and random
 * expressions that must match as the C library's do. */
#include "../../src/rule/pattern.h"
#include "chaingate/buf.h"
#include "random.h"

#include <inttypes.h>
#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena memory;

static bool matches(const char *expression, struct text text)
{
	struct pattern_fault fault = {0};
	const struct pattern *pattern = pattern_regex(&memory, text_of(expression), &fault);
	if (!pattern)
		fail_msg("%s: %s", expression, fault.message);
	return pattern_matches(pattern, text, &memory);
}

static const struct {
	const char *expression, *text;
	bool matches;
} matched[] = {
	/* a character counts as one, however many bytes it has */
	{"^Test.$", "Test\xc3\xa9", true},
	{"^Test.$", "Test\xe2\x82\xac", true},
	{"^Test.$", "Test\xf0\x9f\x98\x80", true},
	{"^Test.$", "Test", false},
	{"^Test..$", "Test\xc3\xa9", false},
	{"^.{3}$", "\xc3\xa9\xc3\xa9\xc3\xa9", true},
	{"^.{6}$", "\xc3\xa9\xc3\xa9\xc3\xa9", false},
	{"\xc3\xa9+$", "caf\xc3\xa9\xc3\xa9", true},
	{"^caf\xc3\xa9?$", "caf", true},
	{"^caf\xc3\xa9?$", "caf\xc3", false},
	/* brackets: ranges go by code point */
	{"^[\xc3\xa0-\xc3\xbf]$", "\xc3\xa9", true},
	{"^[\xc3\xa0-\xc3\xbf]$", "e", false},
	{"^[^a-z]$", "\xc3\xa9", true},
	{"^[^\xc3\xa9]$", "\xc3\xa9", false},
	{"^[^\xc3\xa9]$", "\xc3\xa8", true},
	{"^[a-\xf0\x9f\x98\x80]$", "\xe2\x82\xac", true},
	{"^[\xe2\x82\xac]$", "\xe2\x82\xac", true},
	{"[\x80-\xff]", "a", false},
	/* named classes are ASCII's */
	{"^[[:alpha:]]$", "\xc3\xa9", false},
	{"^[[:alpha:]]$", "e", true},
	{"^[^[:alpha:]]$", "\xc3\xa9", true},
	{"^[[:space:]]$", "\xc2\xa0", false},
	{"^[[:digit:]x-z]+$", "1y2", true},
	{"^[[:punct:]]$", "-", true},
	{"^[[:cntrl:]]$", "\x7f", true},
	/* an anchor holds only at its own end of the text */
	{"a^", "a", false},
	{"(a|^)b", "ab", true},
	{"(x|^)b", "ab", false},
	{"$a", "a", false},
	{"a($|c)", "ab", false},
	{"a(^|c)$", "a", false},
	/* a newline is a character like any other */
	{"^a.b$", "a\nb", true},
	{"^b", "a\nb", false},
	{"a$", "a\nb", false},
	{"^[^x]$", "\n", true},
	/* anchors, alternatives, counts */
	{"a|b|^c$", "xb", true},
	{"a|b|^c$", "xc", false},
	{"^(ab|a)(c|bcd)$", "abcd", true},
	{"^(a*)*$", "aaaa", true},
	{"^(a*)+b$", "b", true},
	{"^(a|b{2,3}){2}$", "bbbbb", true},
	{"^(a|b{2,3}){2}$", "bbbbbbb", false},
	{"^a{2,}$", "a", false},
	{"^a{2,}$", "aaaaa", true},
	{"^a{0}b$", "b", true},
	{"^a{0}b$", "ab", false},
	{"^(a{0})*b$", "b", true},
	{"(^a)", "ba", false},
	{"x(^a)?", "x", true},
	{"(^)*a", "ba", true},
	{"(^)+a", "ba", false},
	{"a^b", "a^b", false},
	{"a\\^b", "a^b", true},
	{"}", "}", true},
	{"a]", "a]", true},
	{"[]a]$", "]", true},
	{"[^]a]", "]a", false},
	{"[a-]", "-", true},
	{"[-a]", "-", true},
	{"[%--]", "+", true},
	{"^$", "", true},
	{"a*", "", true},
	/* counts within repetitions: libtre 0.8.0 matches each of these texts, wrongly in the rows with `false` */
	{"((a{2}b)+c)+", "aacc", false},
	{"((a{0,2}b)+.){2}", "xx", false},
	{"^((([0-9]){1,4}:){0,4}([0-9]){1,4})?::$", "1:2:3:4:5:6::", false},
	{"^((([0-9]){1,4}:){0,4}([0-9]){1,4})?::$", "1:2:3:4:5::", true},
	{"\\.\\[\\\\\\(\\)\\*\\+\\?\\{\\|\\^\\$", ".[\\()*+?{|^$", true},
};

static void characters_and_places(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < COUNT_OF(matched); i++)
		if (matches(matched[i].expression, text_of(matched[i].text)) != matched[i].matches)
			fail_msg("%s on %s", matched[i].expression, matched[i].text);
	assert_true(matches("^a.b$", (struct text){"a\0b", 3}));
	assert_true(matches("b$", (struct text){"a\0b", 3}));
	assert_false(matches("^a$", (struct text){"a\0b", 3}));
	arena_clear(&memory);
}

static const struct {
	const char *expression;
	size_t from, to;
	const char *message;
} refused[] = {
	{"", 0, 0, "empty"},
	{"(a", 0, 1, "not closed"},
	{"(", 0, 1, "not closed"},
	{"a)", 1, 2, "closes nothing"},
	{")", 0, 1, "closes nothing"},
	{"a||b", 2, 3, "alternative is empty"},
	{"|a", 0, 1, "alternative is empty"},
	{"a|", 2, 2, "alternative is empty"},
	{"()", 1, 2, "alternative is empty"},
	{"*a", 0, 1, "nothing to repeat"},
	{"a|*", 2, 3, "nothing to repeat"},
	{"(+a)", 1, 2, "nothing to repeat"},
	{"^*", 1, 2, "nothing to repeat"},
	{"a$?", 2, 3, "nothing to repeat"},
	{"(^*)", 2, 3, "nothing to repeat"},
	{"(a$+)", 3, 4, "nothing to repeat"},
	{"{1}", 0, 1, "nothing to repeat"},
	{"[a", 0, 1, "not closed"},
	{"[]", 0, 1, "not closed"},
	{"[^]", 0, 1, "not closed"},
	{"[b-a]", 1, 4, "wrong way round"},
	{"[a-c-e]", 1, 5, "cannot begin where another ends"},
	{"[a-[:digit:]]", 3, 5, "cannot end a range"},
	{"[[:digit:]-z]", 1, 11, "cannot begin a range"},
	{"[[:word:]]", 1, 9, "no such class"},
	{"[[:alpha]]", 1, 10, "no such class"},
	{"[[=a=]]", 1, 3, "collating"},
	{"[[.a.]]", 1, 3, "collating"},
	{"[a\\]]", 2, 3, "no meaning in brackets"},
	{"\\d", 0, 2, "no meaning here"},
	{"\\Qa\\E", 0, 2, "no meaning here"},
	{"(a)\\1", 3, 5, "no meaning here"},
	{"\\<a", 0, 2, "no meaning here"},
	{"a\\", 1, 2, "no meaning here"},
	{"\\\xc3\xa9", 0, 3, "no meaning here"},
	{"a\\]", 1, 3, "no meaning here"},
	{"a*?", 1, 3, "follows another"},
	{"a+?", 1, 3, "follows another"},
	{"a??", 1, 3, "follows another"},
	{"a{2}{3}", 1, 5, "follows another"},
	{"a**", 1, 3, "follows another"},
	{"(?i)a", 1, 2, "nothing to repeat"},
	{"(?:a)", 1, 2, "nothing to repeat"},
	{"a{~1}", 1, 3, "no count"},
	{"a{+1}", 1, 3, "no count"},
	{"a{,3}", 1, 3, "no count"},
	{"a{}", 1, 3, "no count"},
	{"a{1", 1, 3, "no count"},
	{"a{3,2}", 1, 6, "wrong way round"},
	{"a{65}", 1, 5, "too often"},
	{"a{99999999999999999999}", 1, 23, "too often"},
	{"(a{8}){9}", 6, 9, "too often"},
	{"((a{4}){4}){5,}", 11, 15, "too often"},
	{"(a|b{3,33}c){2}", 12, 15, "too often"},
};

static void expressions_that_posix_leaves_undefined_are_refused(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		struct pattern_fault fault = {0};
		if (pattern_regex(&memory, text_of(refused[i].expression), &fault))
			fail_msg("%s is taken", refused[i].expression);
		if (!strstr(fault.message, refused[i].message) || fault.from != refused[i].from ||
		    fault.to != refused[i].to)
			fail_msg("%s: %zu to %zu, %s", refused[i].expression, fault.from, fault.to, fault.message);
	}
	arena_clear(&memory);
}

static void limits(void **unused)
{
	struct pattern_fault fault;
	char expression[258];
	(void)unused;
	memset(expression, 'a', sizeof expression);
	assert_non_null(pattern_regex(&memory, (struct text){expression, 256}, &fault));
	assert_null(pattern_regex(&memory, (struct text){expression, 257}, &fault));
	assert_true(matches("^((a{4}){4}){4}$", (struct text){expression, 64}));
	assert_false(matches("^((a{4}){4}){4}$", (struct text){expression, 65}));
	/* The deepest expression that fits the limit. */
	memset(expression, '(', 127);
	memset(expression + 128, ')', 127);
	assert_true(matches(arena_text(&memory, (struct text){expression, 255}).bytes, TEXT("xax")));
	/* Expressions that take exponential time in libraries with backtracking. */
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	buf_add_repeated(&buf, 'a', 5000);
	assert_false(matches("^(a|aa)*(a|aa)*b", buf_text(&buf)));
	assert_true(matches("^(a*)*(a*)*$", buf_text(&buf)));
	assert_false(matches("(a|aa)+b$", buf_text(&buf)));
	assert_true(matches("((a{1,8}){1,8})$", buf_text(&buf)));
	buf_release(&buf);
	/* As many steps as a pattern may have, each reachable from every earlier one: libtre needs quadratic time and
	 * memory. */
	buf = buf_make(BUF_LIMIT_REPORT);
	buf_add_string(&buf, "^(");
	for (size_t i = 0; i < 120; i++)
		buf_add_string(&buf, "a?");
	buf_add_string(&buf, "){64}$");
	const struct pattern *widest = pattern_regex(&memory, buf_text(&buf), &fault);
	assert_non_null(widest);
	memset(expression, 'a', 200);
	assert_true(pattern_matches(widest, (struct text){expression, 200}, &memory));
	expression[199] = 'b';
	assert_false(pattern_matches(widest, (struct text){expression, 200}, &memory));
	buf_release(&buf);
	arena_clear(&memory);
}

/* ---- compared with the C library -------------------------------------------------------------------------------- */

#define ROUNDS 20000
#define TEXTS 6

static void add_piece(struct buf *buf, unsigned depth);

static void add_alternatives(struct buf *buf, unsigned depth)
{
	do {
		for (size_t i = 1 + below(3); i > 0; i--)
			add_piece(buf, depth);
	} while (once_in(4) && buf_add_byte(buf, '|'));
}

static void add_piece(struct buf *buf, unsigned depth)
{
	static const char *const atoms[] = {"a",   "b",   "c", "a", "b", ".", "[ab]", "[^a]", "[b-d]", "[[:upper:]-]",
					    "\\.", "[]a]"};
	static const char *const counts[] = {"*", "+", "?", "{2}", "{0,2}", "{1,}"};
	if (depth && once_in(4)) {
		buf_add_byte(buf, '(');
		add_alternatives(buf, depth - 1);
		buf_add_byte(buf, ')');
	} else {
		buf_add_string(buf, ONE_OF(atoms));
	}
	if (once_in(3))
		buf_add_string(buf, ONE_OF(counts));
}

/* Only expressions that both must read alike: ASCII, nothing that POSIX leaves undefined, and ^ and $ only at the ends,
 * because glibc has errors with anchors elsewhere. */
static void random_expressions_match_as_in_the_c_library(void **unused)
{
	size_t yes = 0, compared = 0;
	(void)unused;
	uint64_t seed = random_seed();
	random_begin(seed);
	for (size_t round = 0; round < ROUNDS; round++) {
		struct buf expression = buf_make(BUF_LIMIT_REPORT);
		struct pattern_fault fault;
		regex_t library;
		buf_add_string(&expression, once_in(3) ? "^" : "");
		add_alternatives(&expression, 3);
		buf_add_string(&expression, once_in(3) ? "$" : "");
		const struct pattern *own = pattern_regex(&memory, buf_text(&expression), &fault);
		if (own && regcomp(&library, buf_string(&expression), REG_EXTENDED | REG_NOSUB) == 0) {
			for (size_t i = 0; i < TEXTS; i++) {
				char text[8] = "";
				for (size_t j = below(sizeof text); j > 0; j--)
					text[strlen(text)] = "abcdA.]-"[below(8)];
				bool other = regexec(&library, text, 0, NULL, 0) == 0;
				if (pattern_matches(own, text_of(text), &memory) != other)
					fail_msg("%s on '%s': the library says %d (CHAINGATE_TEST_SEED=%" PRIu64 ")",
						 buf_string(&expression), text, other, seed);
				yes += other;
				compared++;
			}
			regfree(&library);
		}
		buf_release(&expression);
		arena_clear(&memory);
	}
	printf("%zu compared, %zu match\n", compared, yes);
	assert_true(compared > ROUNDS && yes > compared / 10 && yes < compared - compared / 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_and_places),
		cmocka_unit_test(expressions_that_posix_leaves_undefined_are_refused),
		cmocka_unit_test(limits),
		cmocka_unit_test(random_expressions_match_as_in_the_c_library),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_release(&memory);
	return failed;
}
