/* test_yaml.c - the tree that is made from YAML, and the errors of invalid YAML, with their places and messages. */
#include "chaingate/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BYTES(literal) literal, sizeof(literal) - 1

/* The result of a parse, and its memory. */
struct fixture {
	struct arena arena;
	struct diags diags;
	const struct source *source;
	const struct yaml_node *root;
};

static void parse_bytes(struct fixture *f, const char *bytes, size_t length)
{
	*f = (struct fixture){0};
	f->diags.arena = &f->arena;
	f->source = source_make(&f->arena, "test.yaml", (struct text){bytes, length});
	f->root = yaml_parse(&f->arena, f->source, &f->diags);
	assert_int_equal(f->root == NULL, f->diags.errors > 0);
}

static void parse(struct fixture *f, const char *yaml)
{
	parse_bytes(f, yaml, strlen(yaml));
}

static void release(struct fixture *f)
{
	arena_release(&f->arena);
}

/* The text of a span. */
static struct text spanned(const struct fixture *f, struct span span)
{
	assert_true(span.start <= span.end && span.end <= f->source->text.length);
	return text_slice(f->source->text, span.start, span.end);
}

static void assert_spans(const struct fixture *f, const struct yaml_node *node, const char *text)
{
	struct text actual = spanned(f, node->span);
	if (!text_is(actual, text))
		fail_msg("spans \"%.*s\" instead of \"%s\"", TEXT_ARG(actual), text);
}

/* --- accepted --- */

static void valid_yaml_becomes_a_tree(void **state)
{
	(void)state;
	struct fixture f;
	parse(&f,
	      "version: 1\nname: 'x y'\nrules:\n  - all chainlets are ACTIVE\n  - name: b\n    assert: >-\n      c\n"
	      "      d\nempty:\nnothing: ~\nlist: []\nmap: {}\n");
	assert_non_null(f.root);
	assert_int_equal(f.root->kind, YAML_MAPPING);
	assert_int_equal(f.root->count, 7);
	assert_true(text_is(f.root->pairs[1].key->scalar.text, "name"));
	assert_string_equal(yaml_kind_name(f.root), "a mapping");

	const struct yaml_node *version = yaml_get(f.root, "version");
	assert_true(version->style == YAML_PLAIN && text_is(version->scalar.text, "1"));
	assert_string_equal(yaml_kind_name(version), "a string");
	const struct yaml_node *name = yaml_get(f.root, "name");
	assert_true(name->style == YAML_QUOTED && text_is(name->scalar.text, "x y"));

	const struct yaml_node *rules = yaml_get(f.root, "rules");
	assert_int_equal(rules->kind, YAML_SEQUENCE);
	assert_string_equal(yaml_kind_name(rules), "a list");
	assert_int_equal(rules->count, 2);
	assert_true(text_is(rules->items[0]->scalar.text, "all chainlets are ACTIVE"));
	const struct yaml_node *assertion = yaml_get(rules->items[1], "assert");
	assert_true(assertion->style == YAML_BLOCK && text_is(assertion->scalar.text, "c d"));

	assert_true(yaml_is_null(yaml_get(f.root, "empty")));
	assert_true(yaml_is_null(yaml_get(f.root, "nothing")));
	assert_true(yaml_get(f.root, "list")->kind == YAML_SEQUENCE && yaml_get(f.root, "list")->count == 0);
	assert_true(yaml_get(f.root, "map")->kind == YAML_MAPPING && yaml_get(f.root, "map")->count == 0);
	assert_null(yaml_get(f.root, "Version"));
	assert_null(yaml_get(rules, "name"));
	release(&f);
}

static void only_plain_scalars_are_null(void **state)
{
	(void)state;
	static const struct {
		const char *yaml;
		bool is_null;
	} rows[] = {
		{"", true},
		{"# nothing\n", true},
		{"~", true},
		{"null", true},
		{"--- \n", true},
		{"''", false},
		{"\"~\"", false},
		{"'null'", false},
		{"|\n", false},
		{"nul", false},
		{"0", false},
		{"[]", false},
		{"{}", false},
		{"---\n...\n", true},
		{"\xEF\xBB\xBF", true},
		{"%YAML 1.1\n---\n", true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture f;
		parse(&f, rows[i].yaml);
		if (!f.root || yaml_is_null(f.root) != rows[i].is_null)
			fail_msg("row %zu: %s", i, rows[i].yaml);
		release(&f);
	}
}

static void spans_begin_and_end_with_the_value(void **state)
{
	(void)state;
	struct fixture f;
	parse(&f, "\xC3\xA9: x # comment\n"
		  "b: &anchor 'quoted'\n"
		  "c: &m\n"
		  "  # comment\n"
		  "  d: 1\n"
		  "  e:   two  \n"
		  "\n"
		  "f:\n"
		  "- g\n"
		  "- &h [1, 2 ]\n"
		  "\n"
		  "i: |\n"
		  "  text\n"
		  "\n"
		  "j: {k: l}  # comment\n"
		  "&n m: *anchor\n"
		  "o: &p\n"
		  "q: [r: s ]\n");
	assert_non_null(f.root);
	assert_spans(&f, f.root->pairs[0].key, "\xC3\xA9");
	assert_spans(&f, yaml_get(f.root, "\xC3\xA9"), "x");
	assert_spans(&f, yaml_get(f.root, "b"), "'quoted'");
	assert_spans(&f, yaml_get(f.root, "c"), "d: 1\n  e:   two");
	assert_spans(&f, yaml_get(f.root, "f"), "- g\n- &h [1, 2 ]");
	assert_spans(&f, yaml_get(f.root, "f")->items[1], "[1, 2 ]");
	assert_spans(&f, yaml_get(f.root, "i"), "|\n  text");
	assert_spans(&f, yaml_get(f.root, "j"), "{k: l}");
	assert_spans(&f, f.root->pairs[6].key, "m");
	assert_spans(&f, yaml_get(f.root, "o"), "");
	assert_spans(&f, yaml_get(f.root, "q")->items[0], "r: s");
	assert_ptr_equal(yaml_get(f.root, "m"), yaml_get(f.root, "b"));
	release(&f);
}

static void aliases_are_the_same_node(void **state)
{
	(void)state;
	struct fixture f;
	parse(&f, "a: &x {k: [1, 2]}\nb: *x\nc: &x new\nd: *x\n*x : as a key\n");
	assert_non_null(f.root);
	assert_ptr_equal(yaml_get(f.root, "a"), yaml_get(f.root, "b"));
	assert_ptr_equal(yaml_get(f.root, "c"), yaml_get(f.root, "d"));
	assert_true(text_is(yaml_get(f.root, "new")->scalar.text, "as a key"));
	release(&f);
}

/* --- refused --- */

/* The first error: its code, its place, and a part of its message and of its hint (NULL: not checked). */
static const struct {
	const char *bytes;
	size_t length;
	enum diag_code code;
	size_t line, column;
	const char *message, *hint;
} refused[] = {
	/* common mistakes */
	{BYTES("a:\n\tb: 1\n"), DIAG_INVALID_YAML, 2, 1, "tab", "spaces"},
	{BYTES("a: 1\n\tb: 2\n"), DIAG_INVALID_YAML, 2, 1, "tab", "spaces"},
	{BYTES("a: |\n\tx\n"), DIAG_INVALID_YAML, 2, 1, "tab", "spaces"},
	{BYTES("-\tb: c\n"), DIAG_INVALID_YAML, 1, 2, "tab", "spaces"},
	{BYTES("version: 1\nname:prod\nrules: x\n"), DIAG_INVALID_YAML, 2, 5, "space is missing", "key: value"},
	{BYTES("name:prod\nrules: x\n"), DIAG_INVALID_YAML, 1, 5, "space is missing", "key: value"},
	{BYTES("a: 1\nb\nc: 2\n"), DIAG_INVALID_YAML, 2, 1, "expected ': '", "indented"},
	{BYTES("rules:\n- \"abc\nfoo: x\n"), DIAG_INVALID_YAML, 2, 3, "never closed", "\\\""},
	{BYTES("a: 'b\n"), DIAG_INVALID_YAML, 1, 4, "never closed", "''"},
	{BYTES("a: \"x\n---\ny\"\n"), DIAG_INVALID_YAML, 1, 4, "never closed", NULL},
	{BYTES("a: 'don't'\n"), DIAG_INVALID_YAML, 1, 9, "closing quote", "whole text"},
	{BYTES("- \"x\" == y\n"), DIAG_INVALID_YAML, 1, 7, "closing quote", "whole text"},
	{BYTES("- assert: name is a: b\n"), DIAG_INVALID_YAML, 1, 20, "': ' is not allowed", "rule that contains"},
	{BYTES("\xC3\xA9: \xC3\xA9: c\n"), DIAG_INVALID_YAML, 1, 5, "': ' is not allowed", "quoted"},
	{BYTES("a: b\n  c: d\n"), DIAG_INVALID_YAML, 2, 4, "text above continues", "indent"},
	{BYTES("a:\n  b: 1\n c: 2\n"), DIAG_INVALID_YAML, 3, 2, "expected a key", "same column"},
	{BYTES("a:\n  - b\n - c\n"), DIAG_INVALID_YAML, 3, 2, "item cannot begin", "same column"},
	{BYTES("a: 1\n}\n"), DIAG_INVALID_YAML, 2, 1, "'}' closes nothing", NULL},
	{BYTES("a:\n- b\n- c\n  d: 1\n"), DIAG_INVALID_YAML, 4, 4, "text above", NULL},
	{BYTES("- a\nb: 1\n"), DIAG_INVALID_YAML, 2, 1, "list's next item", "same column"},
	{BYTES("a: - b\n"), DIAG_INVALID_YAML, 1, 4, "list cannot begin", "next line"},
	{BYTES("a: [1, 2\nb: 3\n"), DIAG_INVALID_YAML, 2, 2, "',' or ']'", NULL},
	{BYTES("a: {x: 1\n"), DIAG_INVALID_YAML, 2, 1, "',' or '}'", NULL},
	{BYTES("a: @x\n"), DIAG_INVALID_YAML, 1, 4, "begin with '@'", "quotes"},
	{BYTES("a: `x`\n"), DIAG_INVALID_YAML, 1, 4, "begin with '`'", "quotes"},
	{BYTES("a: ]\n"), DIAG_INVALID_YAML, 1, 4, "expected a value", NULL},
	{BYTES("a: \"\\q\"\n"), DIAG_INVALID_YAML, 1, 5, "escape", "single quotes"},
	{BYTES("a: \"\\xZZ\"\n"), DIAG_INVALID_YAML, 1, 7, "hexadecimal", NULL},
	{BYTES("a: \"\\ud800\"\n"), DIAG_INVALID_YAML, 1, 7, "not a character", NULL},
	{BYTES("- *foo*\n"), DIAG_INVALID_YAML, 1, 7, "alias", "quotes"},
	{BYTES("- & x\n"), DIAG_INVALID_YAML, 1, 4, "anchor", "quotes"},
	{BYTES("a: > 3\n"), DIAG_INVALID_YAML, 1, 6, "follow '|' or '>'", "quotes"},
	{BYTES("%foo\n"), DIAG_INVALID_YAML, 1, 5, "directive", NULL},
	{BYTES("%YAML 2.0\n---\na\n"), DIAG_INVALID_YAML, 1, 1, "version of YAML", NULL},
	{BYTES("a: *b\n"), DIAG_INVALID_YAML, 1, 4, "called 'b'", "quotes"},
	/* not text */
	{BYTES("a: \xFF\n"), DIAG_INVALID_YAML, 1, 4, "0xff", "UTF-8"},
	{BYTES("\xFF\xFE"
	       "a\0:\0 \0b\0"),
	 DIAG_INVALID_YAML, 1, 1, "UTF-16", "UTF-8"},
	{BYTES("\xFE\xFF\0a\0:\0 \0b"), DIAG_INVALID_YAML, 1, 1, "UTF-16", "UTF-8"},
	{BYTES("a\0:\0 \0b\0"), DIAG_INVALID_YAML, 1, 2, "NUL", "UTF-8"},
	{BYTES("a: b\0"), DIAG_INVALID_YAML, 1, 5, "NUL", NULL},
	{BYTES("a: \xED\xA0\x80"), DIAG_INVALID_YAML, 1, 4, "not UTF-8", NULL},
	{BYTES("a: \x1b[1m\n"), DIAG_INVALID_YAML, 1, 4, "U+001B", "\\u001b"},
	{BYTES("a: \xEF\xBF\xBF\n"), DIAG_INVALID_YAML, 1, 4, "U+FFFF", "\\uffff"},
	{BYTES("a: 1\n\xEF\xBB\xBF"
	       "b: 2\n"),
	 DIAG_INVALID_YAML, 2, 1, "U+FEFF", NULL},
	{BYTES("\xEF\xBB\xBF\xEF\xBB\xBF"
	       "b: 2\n"),
	 DIAG_INVALID_YAML, 1, 2, "U+FEFF", NULL},
	/* valid YAML that isn't supported */
	{BYTES("a: 1\n---\nb: 2\n"), DIAG_UNSUPPORTED_YAML, 2, 1, "more than one document", "---"},
	{BYTES("---\n---\n"), DIAG_UNSUPPORTED_YAML, 2, 1, "more than one document", NULL},
	{BYTES("a: 1\n...\nb: 2\n"), DIAG_UNSUPPORTED_YAML, 3, 1, "more than one document", "..."},
	{BYTES("a: &x {k: 1}\nb:\n  <<: *x\n"), DIAG_UNSUPPORTED_YAML, 3, 3, "merge keys", "alias"},
	{BYTES("a: !!str 1\n"), DIAG_UNSUPPORTED_YAML, 1, 4, "'!!str'", "quotes"},
	{BYTES("a: ! 1\n"), DIAG_UNSUPPORTED_YAML, 1, 4, "'!'", NULL},
	{BYTES("a: &x !y 1\n"), DIAG_UNSUPPORTED_YAML, 1, 7, "'!y'", NULL},
	{BYTES("a: !y &x 1\n"), DIAG_UNSUPPORTED_YAML, 1, 4, "'!y'", NULL},
	{BYTES("a: !y\n"), DIAG_UNSUPPORTED_YAML, 1, 4, "'!y'", NULL},
	{BYTES("!y a: 1\n"), DIAG_UNSUPPORTED_YAML, 1, 1, "'!y'", NULL},
	{BYTES("!y\na: 1\n"), DIAG_UNSUPPORTED_YAML, 1, 1, "'!y'", NULL},
	{BYTES("!y\n- 1\n"), DIAG_UNSUPPORTED_YAML, 1, 1, "'!y'", NULL},
	{BYTES("a: !y [1]\n"), DIAG_UNSUPPORTED_YAML, 1, 4, "'!y'", NULL},
	{BYTES("a: !<tag:yaml.org,2002:int> 1\n"), DIAG_UNSUPPORTED_YAML, 1, 4, "tag:yaml.org", NULL},
	{BYTES("%TAG !e! tag:x.example:\n---\na: !e!b 1\n"), DIAG_UNSUPPORTED_YAML, 3, 4, "'!e!b'", NULL},
	{BYTES("a: !e!b 1\n"), DIAG_UNSUPPORTED_YAML, 1, 4, "tags", NULL},
	{BYTES("a: !<x y\n"), DIAG_UNSUPPORTED_YAML, 1, 4, "tags", NULL},
	{BYTES("[a]: 1\n"), DIAG_UNSUPPORTED_YAML, 1, 1, "not a list", NULL},
	{BYTES("x: {{a: b}: 1}\n"), DIAG_UNSUPPORTED_YAML, 1, 5, "not a mapping", NULL},
	{BYTES("? - a\n  - b\n: 1\n"), DIAG_UNSUPPORTED_YAML, 1, 3, "not a list", NULL},
	{BYTES("a: &x [1]\n*x : 1\n"), DIAG_UNSUPPORTED_YAML, 2, 1, "not a list", NULL},
	/* endless aliases */
	{BYTES("a: &x [*x]\n"), DIAG_LIMIT_EXCEEDED, 1, 8, "'*x'", NULL},
	{BYTES("&x a: &y {b: {c: *y}}\n"), DIAG_LIMIT_EXCEEDED, 1, 18, "'*y'", NULL},
	/* duplicate keys */
	{BYTES("a: 1\nb: 2\na: 3\n"), DIAG_DUPLICATE_KEY, 3, 1, "'a'", NULL},
	{BYTES("a: 1\n'a': 3\n"), DIAG_DUPLICATE_KEY, 2, 1, "'a'", NULL},
	{BYTES("a: 1\n\"\\x61\": 3\n"), DIAG_DUPLICATE_KEY, 2, 1, "'a'", NULL},
	{BYTES("x: [{a: 1, b: 2, a: 3}]\n"), DIAG_DUPLICATE_KEY, 1, 18, "'a'", NULL},
	{BYTES("\xEF\xBB\xBF\xC3\xA9: 1\n\xC3\xA9: 1\n"), DIAG_DUPLICATE_KEY, 2, 1, "\xC3\xA9", NULL},
};

static void invalid_yaml_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct fixture f;
		parse_bytes(&f, refused[i].bytes, refused[i].length);
		const struct diag *diag = f.diags.first;
		if (!diag)
			fail_msg("row %zu is accepted: %s", i, refused[i].bytes);
		struct place place = source_place(f.source, diag->span.start);
		if (diag->code != refused[i].code || place.line != refused[i].line ||
		    place.column != refused[i].column || !strstr(diag->message, refused[i].message) ||
		    (refused[i].hint && (!diag->hint || !strstr(diag->hint, refused[i].hint))))
			fail_msg("row %zu, %s: code %d at %zu:%zu: %s (%s)", i, refused[i].bytes, (int)diag->code,
				 place.line, place.column, diag->message, diag->hint ? diag->hint : "no hint");
		assert_true(diag->span.start <= diag->span.end && diag->span.end <= f.source->text.length);
		assert_int_equal(f.diags.errors, 1);
		release(&f);
	}
}

static void duplicates_show_the_first(void **state)
{
	(void)state;
	struct fixture f;
	parse(&f, "b: 1\na: {c: 1, c: 2, c: 3}\nb: 2\n");
	assert_null(f.root);
	assert_int_equal(f.diags.errors, 3);
	for (const struct diag *diag = f.diags.first; diag; diag = diag->next) {
		assert_non_null(diag->also);
		assert_string_equal(diag->also->message, "first given here");
		struct text first = spanned(&f, diag->also->span), second = spanned(&f, diag->span);
		assert_true(text_equal(first, second));
		assert_int_equal(diag->also->span.start, text_is(first, "b") ? 0 : 9);
	}
	release(&f);
}

static void several_mistakes_are_reported_in_one_run(void **state)
{
	(void)state;
	struct fixture f;
	parse(&f, "a: !t 1\na: *nothing\n<<: {}\n[k]: 2\nx: {y: 1, y: 2}\nz: 'open\n");
	assert_null(f.root);
	static const enum diag_code expected[] = {
		DIAG_UNSUPPORTED_YAML, DIAG_INVALID_YAML, DIAG_UNSUPPORTED_YAML, DIAG_UNSUPPORTED_YAML,
		DIAG_DUPLICATE_KEY,    DIAG_INVALID_YAML, DIAG_DUPLICATE_KEY,
	};
	size_t count = 0;
	for (const struct diag *diag = f.diags.first; diag; diag = diag->next, count++)
		assert_int_equal(diag->code, expected[count]);
	assert_int_equal(count, sizeof expected / sizeof *expected);
	release(&f);
}

/* --- limits --- */

/* Returns `inner` with `before` and `after` repeated around it. The caller frees it. */
static char *nest(const char *before, const char *inner, const char *after, size_t count)
{
	char *text = malloc(count * (strlen(before) + strlen(after)) + strlen(inner) + 1);
	assert_non_null(text);
	*text = '\0';
	char *end = text;
	for (size_t i = 0; i < count; i++)
		end = stpcpy(end, before);
	end = stpcpy(end, inner);
	for (size_t i = 0; i < count; i++)
		end = stpcpy(end, after);
	return text;
}

static void assert_over_limit(const char *yaml, bool over)
{
	struct fixture f;
	parse(&f, yaml);
	assert_int_equal(f.root == NULL, over);
	if (over) {
		assert_int_equal(f.diags.errors, 1);
		assert_int_equal(f.diags.first->code, DIAG_LIMIT_EXCEEDED);
	}
	release(&f);
}

static void nesting_has_a_limit(void **state)
{
	(void)state;
	static const struct {
		const char *before, *inner, *after;
		size_t count;
		bool over;
	} rows[] = {
		{"[", "x", "]", YAML_DEPTH_MAX, false},
		{"[", "x", "]", YAML_DEPTH_MAX + 1, true},
		{"[", "", "", 100000, true},
		{"{a: ", "x", "}", YAML_DEPTH_MAX, false},
		{"{a: ", "x", "}", YAML_DEPTH_MAX + 1, true},
		{"- ", "x", "", YAML_DEPTH_MAX, false},
		{"- ", "x", "", 100000, true},
		{"? ", "x", "", 100000, true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *yaml = nest(rows[i].before, rows[i].inner, rows[i].after, rows[i].count);
		assert_over_limit(yaml, rows[i].over);
		free(yaml);
	}
}

/* An alias counts as deep as the node it refers to. */
static void aliases_count_towards_nesting(void **state)
{
	(void)state;
	char *inner = nest("[", "x", "]", YAML_DEPTH_MAX - 1);
	for (int extra = 0; extra < 2; extra++) {
		struct arena arena = {0};
		char *yaml = arena_printf(&arena, "- &a %s\n- %s*a%s\n", inner, extra ? "[" : "", extra ? "]" : "");
		assert_over_limit(yaml, extra > 0);
		arena_release(&arena);
	}
	free(inner);
}

static void a_bomb_is_defused(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct buf yaml = buf_make(1 << 20);
	buf_add_string(&yaml, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
	for (int i = 1; i < 30; i++) {
		buf_printf(&yaml, "a%d: &a%d [", i, i);
		for (int j = 0; j < 10; j++)
			buf_printf(&yaml, "*a%d,", i - 1);
		buf_add_string(&yaml, "]\n");
	}
	assert_over_limit(buf_string(&yaml), true);
	buf_release(&yaml);
	arena_release(&arena);
}

static void many_nodes_and_anchors_have_a_limit(void **state)
{
	(void)state;
	char *fits = nest("- x\n", "", "", YAML_NODES_MAX - 1);
	assert_over_limit(fits, false);
	free(fits);
	char *over = nest("- x\n", "", "", YAML_NODES_MAX);
	assert_over_limit(over, true);
	free(over);
	struct buf yaml = buf_make(1 << 20);
	for (int i = 0; i < 1001; i++)
		buf_printf(&yaml, "- &a%d x\n", i);
	assert_over_limit(buf_string(&yaml), true);
	buf_release(&yaml);
}

static void large_files_are_refused(void **state)
{
	(void)state;
	char *fits = nest("#", "\n", "", YAML_BYTES_MAX - 1);
	assert_over_limit(fits, false);
	free(fits);
	char *over = nest("#", "\n", "", YAML_BYTES_MAX);
	assert_over_limit(over, true);
	free(over);
}

/* The time to find duplicate keys isn't quadratic in the number of keys. */
static void many_keys_are_fast(void **state)
{
	(void)state;
	struct buf yaml = buf_make(YAML_BYTES_MAX);
	for (int i = 0; i < 90000; i++)
		buf_printf(&yaml, "a_common_key_%d: x\n", i);
	struct fixture f;
	parse(&f, buf_string(&yaml));
	assert_non_null(f.root);
	assert_int_equal(f.root->count, 90000);
	release(&f);
	buf_release(&yaml);
}

static const char sample[] =
	"# a policy\nversion: 1\nname: \"pr\\u00f6d\"\ntarget: &t {chain: rag}\nrules:\n"
	"  - all chainlets are ACTIVE\n  - name: 'b'\n    assert: >-\n      x\n      y\n    z: *t\n";

/* A file that is cut anywhere, or with any byte changed, gives a tree or an error; every offset is within the file. */
static void check_tree(const struct yaml_node *node, size_t length)
{
	assert_true(node->span.start <= node->span.end && node->span.end <= length);
	if (node->kind == YAML_SCALAR) {
		struct span all = excerpt_span(&node->scalar, 0, node->scalar.text.length);
		assert_true(all.start <= all.end && all.end <= length);
	}
	for (size_t i = 0; i < node->count; i++) {
		if (node->kind == YAML_MAPPING) {
			check_tree(node->pairs[i].key, length);
			check_tree(node->pairs[i].value, length);
		} else {
			check_tree(node->items[i], length);
		}
	}
}

static void check_survival(const char *bytes, size_t length)
{
	char *copy = malloc(length > 0 ? length : 1);
	struct fixture f;
	assert_non_null(copy);
	memcpy(copy, bytes, length);
	parse_bytes(&f, copy, length);
	if (f.root)
		check_tree(f.root, length);
	for (const struct diag *diag = f.diags.first; diag; diag = diag->next)
		assert_true(diag->span.start <= diag->span.end && diag->span.end <= length);
	release(&f);
	free(copy);
}

static void truncation_and_corruption_are_survived(void **state)
{
	(void)state;
	for (size_t length = 0; length < sizeof sample; length++)
		check_survival(sample, length);
	/* all bytes with a meaning in YAML, and some without */
	static const char bytes_tried[] = "\0\t\n\r\x1b\x7f\x80\xC3\xFF !\"#%&'*,-.0:>?@[\\]^`abnx{|}~";
	for (size_t at = 0; at < sizeof sample - 1; at++) {
		for (size_t i = 0; i < sizeof bytes_tried - 1; i++) {
			char bytes[sizeof sample];
			memcpy(bytes, sample, sizeof sample);
			bytes[at] = bytes_tried[i];
			check_survival(bytes, sizeof sample - 1);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(valid_yaml_becomes_a_tree),
		cmocka_unit_test(only_plain_scalars_are_null),
		cmocka_unit_test(spans_begin_and_end_with_the_value),
		cmocka_unit_test(aliases_are_the_same_node),
		cmocka_unit_test(invalid_yaml_is_refused),
		cmocka_unit_test(duplicates_show_the_first),
		cmocka_unit_test(several_mistakes_are_reported_in_one_run),
		cmocka_unit_test(nesting_has_a_limit),
		cmocka_unit_test(aliases_count_towards_nesting),
		cmocka_unit_test(a_bomb_is_defused),
		cmocka_unit_test(many_nodes_and_anchors_have_a_limit),
		cmocka_unit_test(large_files_are_refused),
		cmocka_unit_test(many_keys_are_fast),
		cmocka_unit_test(truncation_and_corruption_are_survived),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
