/* test_yaml_map.c - the map from the bytes of a decoded YAML scalar to their places in the file.
 *
 * The property: at the mapped place of each letter, the file has the same letter, or an escape's backslash. A map that
 * the decoder gave up (it maps every byte to the beginning) doesn't have the property, because no case here consists of
 * one repeated letter.
 */
#include "chaingate/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Whether the property holds. If not, prints why. */
static bool scalar_is_mapped(const struct yaml_node *node)
{
	const struct excerpt *scalar = &node->scalar;
	const struct text file = scalar->source->text;
	size_t previous = 0;
	for (size_t i = 0; i <= scalar->text.length; i++) {
		size_t at = scalar->offsets ? scalar->offsets[i] : scalar->start + i;
		if (at < previous || at > file.length) {
			print_error("byte %zu maps to %zu after %zu\n", i, at, previous);
			return false;
		}
		previous = at;
		if (i == scalar->text.length || !is_letter(scalar->text.bytes[i]))
			continue;
		if (at >= file.length || (file.bytes[at] != scalar->text.bytes[i] && file.bytes[at] != '\\')) {
			print_error("letter %zu, '%c', maps to offset %zu\n", i, scalar->text.bytes[i], at);
			return false;
		}
	}
	return true;
}

static bool tree_is_mapped(const struct yaml_node *node)
{
	bool ok = true;
	if (node->kind == YAML_SCALAR)
		return scalar_is_mapped(node);
	for (size_t i = 0; i < node->count; i++) {
		if (node->kind == YAML_MAPPING)
			ok = ok && tree_is_mapped(node->pairs[i].key) && tree_is_mapped(node->pairs[i].value);
		else
			ok = ok && tree_is_mapped(node->items[i]);
	}
	return ok;
}

static const char *const documents[] = {
	/* plain */
	"abc",
	"  abc  # comment\n",
	"key: value here\n",
	"key: one\n  two\n  three\n",
	"key: one  \t \n\n\n   two\n\n  three\n",
	"key: one\r\n  two\r\n\r\n  three\r\n",
	"key: one\r  two\r\r  three\r",
	"key: one\xC2\x85  two\n",
	"key: one\xE2\x80\xA8  two\n",
	"key: one\xE2\x80\xA8\n\n  two\n",
	"- a  b\tc\n- d\n",
	"{abc: def ghi, jkl: [mno\n pqr, stu]}\n",
	"\xC3\xA9t\xC3\xA9: \xE2\x9C\x93 yes\n\xF0\x9F\x98\x80: after\n",
	"\357\273\277bom: before\nnext: one\n  two\n",
	"a: &anchor value here\nb: *anchor\n",
	"a: &anchor\n  # comment\n  value\n  goes on\n",
	"a: &b\xE2\x80\xA9 # comment\n  value\n  goes on\n",
	"a: &ba:Ad\n  goes on\n",
	"a: http://x.example/path#frag\n",
	/* single quotes */
	"'abc'",
	"- 'it''s here'\n",
	"- ''''\n- '''a'''\n",
	"- 'one\n  two'\n",
	"- 'one  \n\n  \n  two  '\n",
	"- '  one\n\n two\n'\n",
	"- ' \n  one'\n",
	"- 'back\\slash'\n",
	"- 'one\r\n  two'\n",
	"- 'one\xE2\x80\xA9 \n  two'\n",
	/* double quotes */
	"\"abc\"",
	"- \"a\\tb\\nc\\\\d\\\"e\\/f\\0g\"\n",
	"- \"\\x41b\\u0043d\\U00000045f\"\n",
	"- \"\\u00e9t\\u00E9 caf\xC3\xA9 \\U0001F600 end\"\n",
	"- \"x\\N\\_\\L\\Pend\\a\\b\\e\\f\\r\\v\\ z\"\n",
	"- \"one\n   two\"\n",
	"- \"one  \n\n\n   two \"\n",
	"- \"one\\\n   two\"\n",
	"- \"one \\\n   \\  two\"\n",
	"- \"one\\\n\n\n  two\"\n",
	"- \"one\\\r\n  two\"\n",
	"- \"\\\n  one\"\n",
	"- \"one\\\n\"\n",
	"- \"one\n\"\n",
	"- \"\n  one\n\n  \"\n",
	"- \"one\\n\\\n  two\\n\\\n  three\"\n",
	"\"k\\x65y\": \"v\\x61lue\"\n",
	"- \"a\\\tb\"\n",
	/* literal */
	"|\n abc\n def\n",
	"key: |\n  one\n  two\n",
	"key: |-\n  one\n  two\n",
	"key: |+\n  one\n  two\n\n\nnext: three\n",
	"key: |\n\n\n  one\n\n  two\n\n",
	"key: |2\n   one\n  two\n",
	"key: |2-\n    one\n   two\n",
	"key: |-2\n    one\n   two\n",
	"- - - |1\n      one\n     two\n",
	"key: | # comment\n  one\n",
	"key: |\n  one\n    two\n  three",
	"key: |\n  one",
	"key: |\n  one\r\n  two\r\n",
	"key: |2\n  \tone\n  two\n",
	"key: |\n     \n     one\n",
	"key: |\n  one   \n   \n  two\n",
	"key: |\n  # not a comment\n# a comment\nnext: one\n",
	"key: |\n  caf\xC3\xA9 x\n  y\xE2\x80\xA8  z\n",
	"key: &a |\n  one\n  two\nnext: *a\n",
	"- |\n one\n two\n- x\n",
	"key: |+\n\n\n\nnext: one\n",
	/* folded */
	">\n abc\n def\n",
	"key: >\n  one\n  two\n\n  three\n",
	"key: >-\n  one\n  two\n",
	"key: >+\n  one\n  two\n\n\nnext: x\n",
	"key: >\n\n\n  one\n\n\n  two\n",
	"key: >\n  one\n    two\n    three\n  four\n",
	"key: >\n  one\n\n    two\n\n  three\n",
	"key: >\n  one\n  \ttwo\n  three\n",
	"key: >1\n   one\n two\n  three\n",
	"key: >\n  one\r\n  two\r\n\r\n  three\r\n",
	"key: >\n  one\xE2\x80\xA8  two\n  three\n",
	"- assert: >-\n    all chainlets are ACTIVE\n    and no chainlet FAILED\n  name: x\n",
	"key: >\n  one \n  two \n",
	"key: >-\n  \n  one\n   \n  two",
};

static void letters_map_to_themselves(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
		struct arena arena = {0};
		struct diags diags = {.arena = &arena};
		const struct source *source = source_make(&arena, "test.yaml", text_of(documents[i]));
		const struct yaml_node *root = yaml_parse(&arena, source, &diags);
		if (!root || !tree_is_mapped(root))
			fail_msg("document %zu: %s", i, documents[i]);
		arena_release(&arena);
	}
}

/* Exact maps: one row for each rule by which bytes vanish or appear. */
static const struct {
	const char *yaml, *text;
	size_t count;
	size_t offsets[12];
} exact[] = {
	{"\"a\\x42c\"", "aBc", 4, {1, 2, 6, 7}},     {"\"\\u00e9x\"", "\xC3\xA9x", 4, {1, 1, 7, 8}},
	{"'a''b'", "a'b", 4, {1, 2, 4, 5}},          {"a \n  b", "a b", 4, {0, 1, 5, 6}},
	{"a\n\n b", "a\nb", 4, {0, 1, 4, 5}},        {"'a\n\n\n b'", "a\n\nb", 5, {1, 2, 4, 6, 7}},
	{"\"a\\\n b\"", "ab", 3, {1, 5, 6}},         {"|\n a\n b\n", "a\nb\n", 5, {3, 4, 6, 7, 8}},
	{"|-\n a\n b\n\n", "a\nb", 4, {4, 5, 7, 8}}, {">\n a\n b\n", "a b\n", 5, {3, 4, 6, 7, 8}},
	{">-\n a\n\n b", "a\nb", 4, {4, 5, 8, 9}},   {">\n a\n  b\n", "a\n b\n", 6, {3, 4, 6, 7, 8, 9}},
};

static void maps_are_exact(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof exact / sizeof *exact; i++) {
		struct arena arena = {0};
		struct diags diags = {.arena = &arena};
		const struct source *source = source_make(&arena, "test.yaml", text_of(exact[i].yaml));
		const struct yaml_node *root = yaml_parse(&arena, source, &diags);
		assert_non_null(root);
		assert_true(text_is(root->scalar.text, exact[i].text));
		assert_int_equal(root->scalar.text.length + 1, exact[i].count);
		assert_non_null(root->scalar.offsets);
		for (size_t j = 0; j < exact[i].count; j++)
			if (root->scalar.offsets[j] != exact[i].offsets[j])
				fail_msg("row %zu, byte %zu: %zu instead of %zu", i, j, root->scalar.offsets[j],
					 exact[i].offsets[j]);
		arena_release(&arena);
	}
}

static void simple_scalars_need_no_map(void **state)
{
	(void)state;
	static const char *const simple[] = {"abc def", "'abc def'", "\"abc def\"", "   abc def # x"};
	for (size_t i = 0; i < sizeof simple / sizeof *simple; i++) {
		struct arena arena = {0};
		struct diags diags = {.arena = &arena};
		const struct source *source = source_make(&arena, "test.yaml", text_of(simple[i]));
		const struct yaml_node *root = yaml_parse(&arena, source, &diags);
		assert_non_null(root);
		assert_true(text_is(root->scalar.text, "abc def"));
		assert_null(root->scalar.offsets);
		assert_int_equal(root->scalar.start, strstr(simple[i], "abc") - simple[i]);
		arena_release(&arena);
	}
}

static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Random documents made of pieces that matter to folding, indentation and escapes. Most are refused; in the others the
 * property holds. */
static void random_documents_are_mapped(void **state)
{
	(void)state;
	static const char *const heads[] = {"",         "- ",       "k: ",     "- - ",    "a:\n  b: ", "'",
					    "\"",       "- '",      "- \"",    "k: '",    "k: \"",     "|\n",
					    ">\n",      "- |\n",    "- >-\n",  "k: |+\n", "k: >+\n",   "- |2\n",
					    "k: >1-\n", "- k: >\n", "- - >2\n"};
	static const char *const pieces[] = {
		"a",        "b",        "word",         "x y",   " ",      "  ", "    ", "\t",    "\n",      "\n",
		"\n  ",     "\n   ",    "\n\n",         "\r\n ", "\r",     "''", "\\n",  "\\x41", "\\\n",    "\\\\",
		"\xC3\xA9", "\xC2\x85", "\xE2\x80\xA8", "\\\"",  "\n    ", ":",  "#",    "-",     "\\u00e9", "\n "};
	static const char *const tails[] = {"", "\n", "'", "\"", "'\n", "\"\n", "\n\n", "\n  \n"};
	uint32_t random = 2463534242u;
	size_t accepted = 0;
	for (int round = 0; round < 60000; round++) {
		char yaml[256] = "";
		strcat(yaml, heads[next_random(&random) % (sizeof heads / sizeof *heads)]);
		for (uint32_t left = next_random(&random) % 14; left > 0; left--)
			strcat(yaml, pieces[next_random(&random) % (sizeof pieces / sizeof *pieces)]);
		strcat(yaml, tails[next_random(&random) % (sizeof tails / sizeof *tails)]);
		struct arena arena = {0};
		struct diags diags = {.arena = &arena};
		const struct source *source = source_make(&arena, "test.yaml", text_of(yaml));
		const struct yaml_node *root = yaml_parse(&arena, source, &diags);
		accepted += root != NULL;
		if (root && !tree_is_mapped(root))
			fail_msg("round %d: %s", round, yaml);
		arena_release(&arena);
	}
	assert_true(accepted > 10000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_map_to_themselves),
		cmocka_unit_test(maps_are_exact),
		cmocka_unit_test(simple_scalars_need_no_map),
		cmocka_unit_test(random_documents_are_mapped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
