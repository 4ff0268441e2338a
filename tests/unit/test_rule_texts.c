/* test_rule_texts.c - which bytes of a rule, and of the values and patterns in it, decide how it is read. */
#include "chaingate/rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena memory;

static int clean(void **state)
{
	(void)state;
	arena_release(&memory);
	return 0;
}

static struct excerpt *excerpt_of_text(struct text words)
{
	struct excerpt *excerpt = ARENA_NEW(&memory, struct excerpt);
	*excerpt = excerpt_of(source_make(&memory, "rule", words));
	return excerpt;
}

static const struct rule *parsed(struct text words, struct diags *diags)
{
	static const struct rule_context context = {.has_baseline = true};
	diags->arena = &memory;
	return rule_parse(&memory, excerpt_of_text(words), &context, diags);
}

/* How the rule was read, or why not. */
static const char *reading(struct text words)
{
	struct diags diags = {0};
	struct buf buf = buf_make(4 * RULE_BYTES_MAX);
	const struct rule *rule = parsed(words, &diags);
	if (rule)
		rule_print(&buf, rule);
	for (const struct diag *diag = diags.first; diag; diag = diag->next)
		buf_printf(&buf, "\n%zu-%zu %s (%s)", diag->span.start, diag->span.end, diag->message, diag->hint);
	const char *found = arena_string(&memory, buf_string(&buf));
	buf_release(&buf);
	return found;
}

/* A rule's text may be followed by anything: it is a part of a policy. */
static void nothing_behind_a_rule_is_read(void **state)
{
	static const char *const rules[] = {
		"all chainlets ACTIVE",
		"min_replica >= 2",
		"age > 5m",
		"min_replica < 2.5",
		"name == \"a\"",
		"name like \"a*\"",
		"min_replica <",
		"name == \"a",
		"status == ACTIVE !",
		"label.",
		"min_replica == $",
		"name matches \"[a-",
		"name like 'a\\",
		"all chainlets in [ACTIVE",
		"min_replica is",
		"name like \"[a-",
	};
	static const char *const behind[] = {"0", "A", "z", "_", ".5", "%", "\"", "'", "=", "]", "\"]", "s", "\\"};
	(void)state;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		for (size_t j = 0; j < sizeof(behind) / sizeof(behind[0]); j++) {
			char longer[64];
			snprintf(longer, sizeof(longer), "%s%s", rules[i], behind[j]);
			assert_string_equal(reading(text_slice(text_of(longer), 0, strlen(rules[i]))),
					    reading(text_of(rules[i])));
		}
}

/* The printed form has spaces that the rule doesn't have. If it were longer than a rule may be, it is as written. */
static void a_long_rule_is_printed_as_written(void **state)
{
	(void)state;
	for (size_t count = 340; count <= 343; count++) {
		struct diags diags = {0};
		struct buf words = buf_make(RULE_BYTES_MAX), printed = buf_make(2 * RULE_BYTES_MAX);
		for (size_t i = 0; i < count; i++)
			buf_add_string(&words, i ? " or age>5m" : "age>5m");
		size_t spaced = words.length + 2 * count;
		const struct rule *rule = parsed(buf_text(&words), &diags);
		assert_non_null(rule);
		rule_print(&printed, rule);
		assert_int_equal(printed.length, spaced <= RULE_BYTES_MAX ? spaced : words.length);
		buf_release(&words);
		buf_release(&printed);
		arena_clear(&memory);
	}
}

/* What a parameter's value can't be is reported, and the value isn't touched. */
static void a_value_is_one_literal(void **state)
{
	static const char *const wrong[] = {"",   "-ACTIVE",     "-\"a\"", "-true", "1 2",         "a",
					    "$a", "- -1",        "[1]",    "1 +",   "min_replica", "\"a",
					    "-",  "in [ACTIVE]", "5 m",    "(1)",   "all"};
	static const char *const right[] = {"0",   "-1", "- 1",    "0.5",   "-0.5", "20%",
					    "-5m", "5m", "ACTIVE", "\"-\"", "true"};
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct diags diags = {.arena = &memory};
		struct literal out = {.type = TYPE_SETTINGS};
		if (literal_parse(&memory, excerpt_of_text(text_of(wrong[i])), &diags, &out) || !diags.errors ||
		    out.type != TYPE_SETTINGS)
			fail_msg("%s", wrong[i]);
	}
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		struct diags diags = {.arena = &memory};
		struct literal out = {.type = TYPE_SETTINGS};
		if (!literal_parse(&memory, excerpt_of_text(text_of(right[i])), &diags, &out) || diags.errors ||
		    out.type == TYPE_SETTINGS)
			fail_msg("%s", right[i]);
	}
}

static bool warns(const char *words)
{
	struct diags diags = {0};
	return parsed(text_of(words), &diags) && diags.warnings;
}

static bool is_name_byte(char c)
{
	return c && strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_:", c);
}

/* A star after what may be in a name was meant as a glob's. After anything else, it is a regular expression's. */
static void a_star_after_part_of_a_name_is_a_globs(void **state)
{
	(void)state;
	for (char c = ' '; c <= '~'; c++) {
		char words[] = "name matches \"a#*\"";
		if (c == '"' || c == '\\' || c == '*' || c == '+' || c == '?' || c == '{' || c == '[' || c == '(')
			continue;
		*strchr(words, '#') = c;
		if (warns(words) != is_name_byte(c))
			fail_msg("%s", words);
	}
}

/* A small letter in an instance type's name matches none, whichever it is; but an x may be that of 1x80. */
static void a_gpu_in_small_letters_is_doubted(void **state)
{
	(void)state;
	for (char c = ' '; c <= '~'; c++) {
		char words[] = "instance_type_name matches \"^#1:\"";
		if (strchr("\"\\*+?{[(|)^", c))
			continue;
		*strchr(words, '#') = c;
		if (warns(words) != (c >= 'a' && c <= 'z' && c != 'x'))
			fail_msg("%s", words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(nothing_behind_a_rule_is_read, clean),
		cmocka_unit_test_teardown(a_long_rule_is_printed_as_written, clean),
		cmocka_unit_test_teardown(a_value_is_one_literal, clean),
		cmocka_unit_test_teardown(a_star_after_part_of_a_name_is_a_globs, clean),
		cmocka_unit_test_teardown(a_gpu_in_small_letters_is_doubted, clean),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
