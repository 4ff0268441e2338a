/* explain.c - `chaingate explain`: what a status, a class, a field, an exit code or a diagnostic means, and how a
 * rule is understood. */
#include "explain.h"
#include "chaingate/buf.h"
#include "chaingate/rule.h"
#include "chaingate/status.h"
#include "chaingate/times.h"
#include "command.h"
#include "explain_codes.h"
#include "policy_file.h"
#include "vocabulary.h"

#include <inttypes.h>
#include <string.h>

/* The column where meanings begin in a list. */
#define MEANING_COLUMN 32
/* Longest line in a list of words. */
#define WORDS_COLUMNS 90

struct explanation {
	const struct invocation *invocation;
	struct buf text;
	struct policy_request request;
};

static void add_entry(struct buf *buf, const char *word, const char *meaning)
{
	buf_printf(buf, "  %-*s %s\n", MEANING_COLUMN - 3, word, meaning);
}

/* ---- words ------------------------------------------------------------------------------------------------------ */

static void add_status(struct buf *buf, enum status status)
{
	enum status_class class = status_class(status);
	buf_printf(buf, "%s: %s\n", status_name(status), status_meaning(status));
	buf_printf(buf, "A status of class %s, which is %s.\n", status_class_name(class),
		   status_is_at_rest(status) ? "at rest: it counts towards stable_for"
					     : "still moving: the target isn't stable while it lasts");
}

static void add_class(struct buf *buf, enum status_class class)
{
	const char *before = " ";
	buf_printf(buf, "%s is a class of statuses:", status_class_name(class));
	for (int status = STATUS_UNKNOWN + 1; status < STATUS_COUNT; status++)
		if (status_class((enum status)status) == class) {
			buf_printf(buf, "%s%s", before, status_name((enum status)status));
			before = ", ";
		}
	buf_printf(buf, ".\nExample: no chainlet in %s\n", status_class_name(class));
}

static void add_field(struct buf *buf, const struct field_row *row)
{
	static const char *const chainlets[] = {[SIDE_BOTH] = "chainlets",
						[SIDE_JUDGED] = "the selected deployments' chainlets",
						[SIDE_BASELINE] = "baseline chainlets"};
	const char *owner = row->of_chainlet && row->of_deployment ? "chainlets and deployments"
			    : row->of_chainlet                     ? chainlets[row->side]
								   : "deployments";
	buf_printf(buf, "%s: %s.\nA field of %s; %s%s.\n", row->name, row->meaning, owner, row->type,
		   row->may_be_null ? ", or null" : "");
	if (row->side != SIDE_BOTH)
		buf_printf(buf, "Example: no %schainlet is %s\n", row->side == SIDE_BASELINE ? "baseline " : "",
			   row->name);
	if (row->is_setting)
		buf_printf(buf, "Also written autoscaling_settings.%s.\n", row->name);
}

static bool explain_field(struct explanation *e, struct text word)
{
	const struct field_row *row;
	if (text_starts_with(word, "autoscaling_settings."))
		word = text_slice(word, strlen("autoscaling_settings."), word.length);
	if (text_starts_with(word, "label.") || text_is(word, "label") || text_is(word, "labels"))
		word = TEXT("label.NAME");
	for (size_t i = 0; (row = rule_field(i)); i++)
		if (text_is(word, row->name)) {
			add_field(&e->text, row);
			return true;
		}
	return false;
}

static bool explain_exit(struct explanation *e, struct text word)
{
	size_t count, found = 0;
	const struct exit_row *rows = exit_rows(&count);
	for (size_t i = 0; i < count; i++) {
		char code[16];
		struct buf number = buf_make(sizeof(code));
		buf_printf(&number, "%d", (int)rows[i].code);
		if (text_equal(word, buf_text(&number)) || text_is(word, rows[i].name)) {
			buf_printf(&e->text, "Exit code %d, %s: %s.\n", (int)rows[i].code, rows[i].name,
				   rows[i].meaning);
			found++;
		}
		buf_release(&number);
	}
	return found > 0;
}

static bool explain_code(struct explanation *e, struct text word)
{
	for (int code = DIAG_NONE + 1; code < DIAG_CODE_COUNT; code++)
		if (text_is(word, diag_code_name((enum diag_code)code))) {
			buf_printf(&e->text, "%s\n\n%s", diag_code_name((enum diag_code)code),
				   code_explanation((enum diag_code)code));
			return true;
		}
	return false;
}

/* A word can have several meanings: `unhealthy` is a class, UNHEALTHY a status. */
static bool explain_word(struct explanation *e, struct text word)
{
	bool found = false;
	if (status_parse(word) != STATUS_UNKNOWN) {
		add_status(&e->text, status_parse(word));
		found = true;
	}
	if (status_class_parse(word) != CLASS_NONE) {
		add_class(&e->text, status_class_parse(word));
		found = true;
	}
	found |= explain_field(e, word);
	found |= explain_exit(e, word);
	found |= explain_code(e, word);
	const char *meaning = vocabulary_meaning(word);
	if (meaning)
		buf_printf(&e->text, "%.*s: %s\n", TEXT_ARG(word), meaning);
	return found || meaning;
}

/* ---- rules ------------------------------------------------------------------------------------------------------ */

static void add_time(struct buf *buf, const char *before, int64_t ns, const char *behind)
{
	if (ns == 0)
		return;
	buf_add_string(buf, before);
	duration_add(buf, ns);
	buf_add_string(buf, behind);
}

static const char *const fallback_words[] = {[FALLBACK_UNKNOWN] = "the result is unknown",
					     [FALLBACK_PASS] = "the rule passes",
					     [FALLBACK_FAIL] = "the rule fails",
					     [FALLBACK_SKIP] = "the rule is skipped"};

static const char *const scope_nouns[] = {[SCOPE_CHAINLETS] = "chainlet",
					  [SCOPE_DEPLOYMENTS] = "deployment",
					  [SCOPE_BASELINE_CHAINLETS] = "baseline chainlet"};

/* Warnings never decide the verdict, so an unknown one doesn't prevent a pass. */
static void add_fallback(struct buf *buf, const struct policy_rule *rule, enum rule_fallback fallback)
{
	buf_printf(buf, ", %s%s.\n", fallback_words[fallback],
		   fallback == FALLBACK_UNKNOWN && rule->severity == SEVERITY_ERROR ? ", and the gate doesn't pass"
										    : "");
}

static void add_fallbacks(struct buf *buf, const struct policy_rule *rule)
{
	bool fails = rule->kind == RULE_ASSERT && rule_over_nothing(rule->expression) == TRUTH_FALSE;
	enum rule_fallback by_itself = fails ? FALLBACK_FAIL : FALLBACK_UNKNOWN;
	if (rule_is_quantified(rule->expression)) {
		buf_printf(buf, "  If no %s matches", scope_nouns[rule_scope(rule->expression)]);
		add_fallback(buf, rule, rule->if_empty != FALLBACK_DEFAULT ? rule->if_empty : by_itself);
	}
	if (rule_uses_baseline(rule->expression)) {
		buf_add_string(buf, "  If only a counterpart in the baseline is missing");
		add_fallback(buf, rule, rule->if_missing != FALLBACK_DEFAULT ? rule->if_missing : FALLBACK_UNKNOWN);
	}
}

static void add_rule(struct buf *buf, const struct policy_rule *rule)
{
	buf_add_string(buf, rule->kind == RULE_NEVER ? "never " : "assert ");
	rule_print(buf, rule->expression);
	buf_add_string(buf, "\n  ");
	rule_explain(buf, rule->expression);
	buf_add_byte(buf, '\n');
	if (rule->kind == RULE_NEVER) {
		buf_add_string(buf, "  It must not be true on any poll, from the first on.\n");
		add_time(buf, "  It may be true for up to ", rule->tolerate_ns, " at a time.\n");
		add_time(buf, "  It is watched for ", rule->during_ns, " after the target is stable.\n");
	} else {
		buf_add_string(buf,
			       "  It must be true on every poll from when the target is stable until the verdict.\n");
		add_time(buf, "  It may take up to ", rule->within_ns, " after the target is stable to become true.\n");
		add_time(buf, "  It may be false for up to ", rule->tolerate_ns, " at a time.\n");
		add_time(buf, "  It must have been true for ", rule->hold_ns, " at the verdict.\n");
	}
	if (rule->when) {
		buf_add_string(buf, "  It is skipped while this is false: ");
		rule_explain(buf, rule->when);
		buf_add_byte(buf, '\n');
	}
	add_fallbacks(buf, rule);
	if (rule->severity == SEVERITY_WARNING)
		buf_add_string(buf, "  It is a warning: it is reported, but does not affect the verdict.\n");
}

static bool is_named(const struct policy_rule *rule, const char *name)
{
	return !name || text_is(rule->name, name);
}

static void refuse_rule(struct explanation *e, const struct policy *policy, const char *path, const char *name)
{
	struct diags *usage = e->invocation->usage;
	size_t count = 0;
	const char **names = ARENA_ARRAY(e->invocation->arena, const char *, policy->targets[0].rule_count);
	for (; count < policy->targets[0].rule_count; count++)
		names[count] = arena_text(e->invocation->arena, policy->targets[0].rules[count].name).bytes;
	struct diag *diag = usage_error(usage, "no rule of '%s' is called '%s'", diag_value(usage, text_of(path)),
					diag_value(usage, text_of(name)));
	const char *near = text_nearest(text_of(name), names, count);
	if (near)
		diag_hint(usage, diag, "a rule has a similar name: %s", diag_value(usage, text_of(near)));
	else
		diag_hint(usage, diag, "'chaingate explain %s' explains all of its rules",
			  diag_value(usage, text_of(path)));
}

static void explain_policy(struct explanation *e, const char *path, const char *name)
{
	struct diags diags = {.arena = e->invocation->arena};
	const struct policy *policy = policy_file_load(e->invocation->arena, path, &e->request, &diags);
	size_t shown = 0;
	if (!policy) {
		output_diagnostics(e->invocation->output, &diags);
		usage_error(e->invocation->usage, "the policy cannot be used");
		return;
	}
	for (size_t i = 0; i < policy->target_count; i++)
		for (size_t j = 0; j < policy->targets[i].rule_count; j++) {
			const struct policy_rule *rule = &policy->targets[i].rules[j];
			if (!is_named(rule, name))
				continue;
			if (shown++)
				buf_add_byte(&e->text, '\n');
			if (policy->has_targets)
				buf_printf(&e->text, "%.*s/", TEXT_ARG(policy->targets[i].name));
			text_add_printable(&e->text, rule->name);
			buf_add_string(&e->text, ": ");
			add_rule(&e->text, rule);
		}
	if (shown == 0)
		refuse_rule(e, policy, path, name);
}

/* ---- the command ------------------------------------------------------------------------------------------------ */

static void add_everything(struct buf *buf)
{
	const struct field_row *row;
	size_t count;
	buf_add_string(buf, "Statuses, by class:\n");
	for (int class = CLASS_NONE + 1; class < CLASS_COUNT; class ++)
		for (int status = STATUS_UNKNOWN + 1; status < STATUS_COUNT; status++)
			if (status_class((enum status)status) == (enum status_class) class)
				buf_printf(buf, "  %-14s %-14s %s\n", status_class_name((enum status_class) class),
					   status_name((enum status)status), status_meaning((enum status)status));
	buf_add_string(buf, "\nFields of chainlets:\n");
	for (size_t i = 0; (row = rule_field(i)); i++)
		if (row->of_chainlet)
			add_entry(buf, row->name, row->meaning);
	buf_add_string(buf, "\nFields of deployments:\n");
	for (size_t i = 0; (row = rule_field(i)); i++)
		if (row->of_deployment)
			add_entry(buf, row->name, row->meaning);
	buf_add_string(buf, "\nWords of rules, policies and reports:\n ");
	const char *word;
	for (size_t i = 0, column = 1; (word = vocabulary_word(i)); i++) {
		if (column + 1 + strlen(word) > WORDS_COLUMNS) {
			buf_add_string(buf, "\n ");
			column = 1;
		}
		buf_printf(buf, " %s", word);
		column += 1 + strlen(word);
	}
	const struct exit_row *exits = exit_rows(&count);
	buf_add_string(buf, "\n\nExit codes:\n");
	for (size_t i = 0; i < count; i++)
		buf_printf(buf, "  %3d  %s\n", (int)exits[i].code, exits[i].meaning);
	buf_add_string(buf, "\nDiagnostics:\n ");
	for (int code = DIAG_NONE + 1; code < DIAG_CODE_COUNT; code++)
		buf_printf(buf, " %s", diag_code_name((enum diag_code)code));
	buf_add_string(buf, "\n\n'chaingate explain WORD' explains each of them.\n");
}

const char *const *explain_words(struct arena *arena, size_t *count_out)
{
	size_t status_count, class_count, count = 0;
	const char *const *statuses = status_words(&status_count);
	const char *const *classes = status_class_words(&class_count);
	const struct field_row *row;
	size_t vocabulary_count = 0, fields = 0;
	while (vocabulary_word(vocabulary_count))
		vocabulary_count++;
	while (rule_field(fields))
		fields++;
	size_t most = status_count + class_count + DIAG_CODE_COUNT + vocabulary_count + fields;
	const char **words = ARENA_ARRAY(arena, const char *, most);
	for (size_t i = 0; i < status_count; i++)
		words[count++] = statuses[i];
	for (size_t i = 0; i < class_count; i++)
		words[count++] = classes[i];
	for (size_t i = 0; (row = rule_field(i)); i++)
		words[count++] = row->name;
	for (size_t i = 0; i < vocabulary_count; i++)
		words[count++] = vocabulary_word(i);
	for (int code = DIAG_NONE + 1; code < DIAG_CODE_COUNT; code++)
		words[count++] = diag_code_name((enum diag_code)code);
	*count_out = count;
	return words;
}

static const char *nearest_word(struct arena *arena, struct text word)
{
	size_t count;
	const char *const *words = explain_words(arena, &count);
	return text_nearest(word, words, count);
}

/* POLICY or POLICY:RULE: an operand that looks like a path. */
static bool is_path(const char *operand)
{
	return strcmp(operand, "-") == 0 || policy_is_shipped(operand) || strpbrk(operand, "/.");
}

static void explain_operand(struct explanation *e, const char *operand)
{
	struct diags *usage = e->invocation->usage;
	const char *dot = strstr(operand, ".yaml:");
	size_t ending = strlen(".yaml");
	if (!dot && (dot = strstr(operand, ".yml:")))
		ending = strlen(".yml");
	if (explain_word(e, text_of(operand)))
		return;
	if (policy_is_shipped(operand) && strchr(operand, ':')) {
		const char *colon = strchr(operand, ':');
		struct text path = {operand, (size_t)(colon - operand)};
		explain_policy(e, arena_text(e->invocation->arena, path).bytes, colon + 1);
		return;
	}
	if (dot) {
		struct text path = {operand, (size_t)(dot - operand) + ending};
		explain_policy(e, arena_text(e->invocation->arena, path).bytes, dot + ending + 1);
		return;
	}
	if (is_path(operand)) {
		explain_policy(e, operand, NULL);
		return;
	}
	struct diag *diag = usage_error(
		usage,
		"'%s' is neither a policy nor a word that can be explained: a status, class, field, exit code or "
		"diagnostic, or a word of rules, policies or reports",
		diag_value(usage, text_of(operand)));
	const char *near = nearest_word(e->invocation->arena, text_of(operand));
	if (near)
		diag_hint(usage, diag, "a similar word: %s", near);
	else
		diag_hint(usage, diag, "'chaingate explain' lists all that can be explained");
}

static enum gate_exit run(struct invocation *invocation)
{
	const struct command_line *line = invocation->line;
	struct explanation e = {.invocation = invocation, .text = buf_make(BUF_LIMIT_REPORT)};
	e.request = policy_request_read(invocation->arena, line, invocation->usage);
	if (invocation->usage->errors == 0 && line->operand_count == 0)
		add_everything(&e.text);
	for (size_t i = 0; i < line->operand_count && invocation->usage->errors == 0; i++) {
		if (i)
			buf_add_byte(&e.text, '\n');
		explain_operand(&e, line->operands[i]);
	}
	enum gate_exit code = GATE_EXIT_USAGE;
	if (invocation->usage->errors)
		command_refuse(invocation);
	else
		code = command_print(invocation, buf_text(&e.text));
	buf_release(&e.text);
	return code;
}

const struct command explain_command = {
	.name = "explain",
	.operands = "[WORD|POLICY[:RULE]]…",
	.summary = "what a word means; how a rule was understood",
	.example = "chaingate explain UNHEALTHY min_replica 4 policy.yaml:capacity",
	.details = "Says what a status, a class of statuses, a field, a word of rules, policies or\n"
		   "reports, an exit code or a diagnostic means, or in a sentence how a rule was\n"
		   "understood. Without an operand, lists all words.\n",
	.closing = "Exit: 0 explained, 2 no such word, policy or rule.\n",
	.set = IN_EXPLAIN,
	.run = run,
};
