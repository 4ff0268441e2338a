/* compare.c - compares a test's result with what was expected. */
#include "trial_room.h"

static bool is_word(const struct yaml_node *node, const char *word)
{
	return text_is(node->scalar.text, word);
}

static void expected(struct buf *out, const char *what, const struct yaml_node *node)
{
	buf_printf(out, "%s: expected ", what);
	text_add_printable(out, node->scalar.text);
	buf_add_string(out, ", got ");
}

static void compare_errors(struct room *room, const struct test *test, const struct diags *refused, struct buf *out)
{
	const struct yaml_node *errors = test->expect.errors;
	const struct diag *diag = refused->first;
	for (size_t i = 0;; i++) {
		while (diag && diag->severity != DIAG_ERROR)
			diag = diag->next;
		if (!diag && i >= errors->count)
			break;
		const char *came = "none";
		if (diag) {
			struct place place =
				source_place(diag->source ? diag->source : room->reader.source, diag->span.start);
			came = arena_printf(room->reader.arena, "%zu:%zu %s", place.line, place.column,
					    diag_code_name(diag->code));
		}
		if (i < errors->count && !text_is(errors->items[i]->scalar.text, came)) {
			expected(out, "error", errors->items[i]);
			buf_printf(out, "%s\n", came);
		} else if (i >= errors->count) {
			buf_printf(out, "error: not expected, got %s\n", came);
		}
		diag = diag ? diag->next : NULL;
	}
}

/* Compares the rule of that name in every target, or in one target if it is written target/name. */
static void compare_rule(struct room *room, const struct yaml_pair *pair, const struct gate_result *result,
			 struct buf *out)
{
	struct text name = pair->key->scalar.text;
	const char *shown = diag_value(room->reader.diags, name);
	size_t found = 0;
	for (size_t i = 0; i < result->target_count; i++)
		for (size_t j = 0; j < result->targets[i].target->rule_count; j++) {
			const struct rule_result *rule = &result->targets[i].rules[j];
			const char *with_target =
				arena_printf(room->reader.arena, "%.*s/%.*s", TEXT_ARG(result->targets[i].target->name),
					     TEXT_ARG(rule->rule->name));
			if (!text_equal(rule->rule->name, name) && !text_is(name, with_target))
				continue;
			found++;
			if (is_word(pair->value, rule_outcome_name(rule->outcome)))
				continue;
			expected(out, arena_printf(room->reader.arena, "rule '%s'", shown), pair->value);
			buf_printf(out, "%s\n", rule_outcome_name(rule->outcome));
			report_evidence(out, rule);
		}
	if (found == 0)
		buf_printf(out, "rule '%s': the policy has no rule of this name\n", shown);
}

void compare(struct room *room, const struct test *test, const struct policy *policy, const struct diags *refused,
	     const struct gate_result *result, struct buf *out)
{
	const struct expectation *expect = &test->expect;
	if (expect->errors) {
		if (policy)
			buf_add_string(out, "errors: expected, but the policy was accepted\n");
		else
			compare_errors(room, test, refused, out);
		return;
	}
	int code = (int)verdict_exit(result->verdict, 0);
	const char *exit = arena_printf(room->reader.arena, "%d", code);
	int64_t at_ns = result->at_ns;
	if (expect->verdict && !is_word(expect->verdict, verdict_name(result->verdict))) {
		expected(out, "verdict", expect->verdict);
		buf_printf(out, "%s: ", verdict_name(result->verdict));
		verdict_reason(out, &result->targets[0], result);
		buf_add_byte(out, '\n');
	}
	if (expect->exit && !is_word(expect->exit, exit)) {
		expected(out, "exit", expect->exit);
		buf_printf(out, "%s\n", exit);
	}
	if (expect->at && duration_parse(expect->at->scalar.text, &at_ns) == DURATION_OK && at_ns != result->at_ns) {
		expected(out, "at", expect->at);
		duration_add(out, result->at_ns);
		buf_add_byte(out, '\n');
	}
	for (size_t i = 0; expect->rules && i < expect->rules->count; i++)
		compare_rule(room, &expect->rules->pairs[i], result, out);
}
