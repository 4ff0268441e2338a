/* rules_driver.c - the conformance suite of the rule language: the .test files in tests/golden/rules. Empty lines
 * separate their blocks.
 *
 *     # a comment                             kept
 *     rule      all chainlets ACTIVE          the rule; exactly one
 *     param     replicas = 2                  a parameter; any number of them
 *     body      two_active.json               the file of tests/fixtures that it is judged on
 *     models    labels.json                   instead of body: a list of a model's deployments
 *     baseline  production                    the deployment of that environment is the baseline, and not selected;
 *                                             empty: no baseline
 *     select    dnew                          only the deployment with that id is selected
 *     now       2026-08-14T10:00:00Z          the wall clock at the observation
 *     failed    only                          judges as fail_fast does
 *     never     yes                           judges the rule as a `never`: true is a violation
 *     explain   yes                           adds the rule's explanation to the results
 *     follow    all chainlets ready           the rule, changed as the hint advises: it must be valid
 *
 * In blocks without `follow` the driver itself does what each hint advises (advice.h).
 *
 * The results follow: `error` and `warning` with line, column, code and message, then diag_render's text below the
 * message; `print`, the canonical form of the rule if it differs; `value`, with `empty` or `missing`; `item`, the
 * culprits and unknown items; `means`.
 *
 * Each rule is judged on models, too: on its body with each chainlet as a model. A deployment of a model must be judged like
 * one of a chain that has only this chainlet (as_model.h), to the last word of the items.
 *
 * Run it from the project's root. With UPDATE_GOLDEN=1 it rewrites the files.
 */
#include "advice.h"
#include "as_model.h"
#include "chaingate/api.h"
#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/rule.h"
#include "chaingate/times.h"
#include "golden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "tests/golden/rules"
#define FIXTURES "tests/fixtures"
/* The column at which values begin. */
#define VALUE_COLUMN 10
/* Most parameters and deployments of one block. */
#define PARAMS_MAX 8
#define DEPLOYMENTS_MAX 16

struct block {
	struct text rule, body, models, baseline, select, now, follow;
	bool has_rule, has_baseline, only_failed, is_never, explains;
	struct param params[PARAMS_MAX];
	size_t param_count;
};

static struct arena memory;

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static bool is_input(struct text key)
{
	static const char *const inputs[] = {"rule", "param",  "body",  "models",  "baseline", "select",
					     "now",  "failed", "never", "explain", "follow"};
	for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++)
		if (text_is(key, inputs[i]))
			return true;
	return false;
}

static struct text trimmed(struct text text)
{
	while (text.length && text.bytes[0] == ' ')
		text = text_slice(text, 1, text.length);
	while (text.length && text.bytes[text.length - 1] == ' ')
		text.length--;
	return text;
}

static void read_param(struct block *block, struct text value)
{
	size_t equals = 0;
	struct diags diags = {.arena = &memory};
	while (equals < value.length && value.bytes[equals] != '=')
		equals++;
	struct param *param = &block->params[block->param_count++];
	struct excerpt *excerpt = ARENA_NEW(&memory, struct excerpt);
	*excerpt = excerpt_of(source_make(&memory, "<param>", trimmed(text_slice(value, equals + 1, value.length))));
	param->name = trimmed(text_slice(value, 0, equals));
	if (!literal_parse(&memory, excerpt, &diags, &param->value))
		golden_die("a parameter that can't be read", value);
}

static void read_input(struct block *block, struct text key, struct text value)
{
	if (text_is(key, "rule")) {
		block->rule = value;
		block->has_rule = true;
	} else if (text_is(key, "param")) {
		read_param(block, value);
	} else if (text_is(key, "body")) {
		block->body = value;
	} else if (text_is(key, "models")) {
		block->models = value;
	} else if (text_is(key, "baseline")) {
		block->baseline = value;
		block->has_baseline = true;
	} else if (text_is(key, "select")) {
		block->select = value;
	} else if (text_is(key, "follow")) {
		block->follow = value;
	} else if (text_is(key, "now")) {
		block->now = value;
	} else if (text_is(key, "failed")) {
		block->only_failed = true;
	} else if (text_is(key, "never")) {
		block->is_never = true;
	} else {
		block->explains = true;
	}
}

/* ---- results ---------------------------------------------------------------------------------------------------- */

static void add_key(struct buf *out, const char *key)
{
	buf_printf(out, "%-*s", VALUE_COLUMN, key);
}

/* The rendered text below a diagnostic's first line, without the line number. */
static void add_excerpt(struct buf *out, const struct diag *diag)
{
	struct buf shown = buf_make(BUF_LIMIT_REPORT);
	diag_render(&shown, diag, 120, DIAG_PLAIN);
	struct text rest = buf_text(&shown);
	bool first = true;
	while (rest.length) {
		size_t end = 0;
		while (end < rest.length && rest.bytes[end] != '\n')
			end++;
		struct text line = text_slice(rest, 0, end);
		/* "1 | " and "  | " before the source, "  = " before the hint */
		if (!first && line.length > 4) {
			buf_add_repeated(out, ' ', VALUE_COLUMN);
			buf_add(out, text_slice(line, line.bytes[2] == '=' ? 2 : 4, line.length));
			buf_add_byte(out, '\n');
		}
		first = false;
		rest = text_slice(rest, end + 1, rest.length);
	}
	buf_release(&shown);
}

static void add_diags(struct buf *out, const struct diags *diags)
{
	for (const struct diag *diag = diags->first; diag; diag = diag->next) {
		struct place place = source_place(diag->source, diag->span.start);
		add_key(out, diag_severity_name(diag->severity));
		buf_printf(out, "%zu:%zu %s: %s\n", place.line, place.column, diag_code_name(diag->code),
			   diag->message);
		add_excerpt(out, diag);
	}
}

static void add_items(struct buf *out, const struct evidence *evidence)
{
	for (size_t i = 0; i < evidence->item_count; i++) {
		const struct evidence_item *item = &evidence->items[i];
		add_key(out, "item");
		if (item->of_baseline)
			buf_add_string(out, "baseline ");
		if (item->chainlet.length)
			buf_printf(out, "%.*s of ", TEXT_ARG(item->chainlet));
		struct text whole = item->deployment.length ? item->deployment
				    : item->of_baseline     ? TEXT("none")
							    : TEXT("target");
		buf_printf(out, "%.*s %s", TEXT_ARG(whole), truth_name(item->truth));
		buf_add_string(out, item->where_unknown ? ", if it is selected" : "");
		for (size_t j = 0; j < item->operand_count; j++) {
			const struct operand *operand = &item->operands[j];
			buf_printf(out, "%s %.*s %s %.*s", j ? "," : ":", TEXT_ARG(operand->name),
				   operand->unknown ? "is" : "=", TEXT_ARG(operand->value));
			if (operand->note.length)
				buf_printf(out, " (%.*s)", TEXT_ARG(operand->note));
		}
		buf_add_byte(out, '\n');
	}
	if (evidence->more)
		buf_printf(out, "%-*s%zu\n", VALUE_COLUMN, "more", evidence->more);
}

static struct text body_of(struct text name)
{
	return golden_read(&memory, arena_printf(&memory, "%s/%.*s", FIXTURES, TEXT_ARG(name)));
}

static const struct listing *read_body(struct text body, struct api_owner owner)
{
	struct miss miss;
	const struct listing *listing;
	struct api_answer answer = {.http_status = 200, .body = body};
	if (!api_read_deployments(&memory, &answer, owner, &listing, &miss) &&
	    !api_read_environment(&memory, &answer, owner, &listing, &miss))
		golden_die("a body that can't be read", miss.detail);
	return listing;
}

static void judge(struct buf *out, const struct block *block, const struct rule *rule, const struct listing *listing)
{
	static const char *const values[] = {
		[TRUTH_UNKNOWN] = "unknown", [TRUTH_FALSE] = "fail", [TRUTH_TRUE] = "pass"};
	const struct deployment *selected[DEPLOYMENTS_MAX];
	struct view view = {.deployments = selected, .only_failed = block->only_failed, .wants_false = block->is_never};
	struct evidence evidence;
	if (block->now.length && !moment_parse(block->now, &view.at_wall_ns))
		golden_die("a moment that can't be read", block->now);
	for (size_t i = 0; i < listing->count && i < DEPLOYMENTS_MAX; i++) {
		const struct deployment *deployment = &listing->deployments[i];
		if (block->has_baseline && text_equal(deployment->environment, block->baseline))
			view.baseline.deployment = deployment;
		else if (!block->select.length || text_equal(deployment->id, block->select))
			selected[view.count++] = deployment;
	}
	struct judgement judgement = rule_judge(rule, &view, &memory, &evidence);
	add_key(out, "value");
	buf_printf(out, "%s%s%s\n", values[judgement.value], judgement.empty ? " empty" : "",
		   judgement.missing ? " missing" : "");
	add_items(out, &evidence);
}

/* ---- models ----------------------------------------------------------------------------------------------------- */

/* How many times a rule was judged on a model's body. Fewer than this: the test has lost its bodies. */
#define JUDGED_AS_MODEL_MIN 1000
static size_t judged_as_model;

/* What only one kind of deployments has. On the other it is unknown, so these rules must differ. */
static bool is_of_one_kind(struct text rule)
{
	static const char *const fields[] = {"chain_id", "model_id", "is_development", "label."};
	const char *text = arena_text(&memory, rule).bytes;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (strstr(text, fields[i]))
			return true;
	return false;
}

static void judge_as_models(struct buf *out, const struct block *block, const struct rule *rule)
{
	struct as_model models[AS_MODEL_NAMES_MAX];
	size_t count = is_of_one_kind(block->rule) ? 0 : as_model(&memory, body_of(block->body), models);
	struct buf chain = buf_make(BUF_LIMIT_REPORT), model = buf_make(BUF_LIMIT_REPORT);
	for (size_t i = 0; i < count; i++, judged_as_model++) {
		struct api_owner owner = {TARGET_MODEL, models[i].name};
		buf_clear(&chain);
		buf_clear(&model);
		judge(&chain, block, rule, read_body(models[i].of_chain, (struct api_owner){0}));
		judge(&model, block, rule, read_body(models[i].of_model, owner));
		if (!text_equal(buf_text(&chain), buf_text(&model)))
			buf_printf(out, "DEFECT    on the model %.*s:\n%s          on a chain:\n%s",
				   TEXT_ARG(models[i].name), buf_string(&model), buf_string(&chain));
	}
	buf_release(&chain);
	buf_release(&model);
}

/* ---- parsing ---------------------------------------------------------------------------------------------------- */

/* The rule's canonical form, which must parse to the same form. */
static void print(struct buf *out, const struct block *block, const struct rule *rule,
		  const struct rule_context *context)
{
	struct buf first = buf_make(BUF_LIMIT_REPORT), second = buf_make(BUF_LIMIT_REPORT);
	struct diags diags = {.arena = &memory};
	rule_print(&first, rule);
	struct excerpt *excerpt = ARENA_NEW(&memory, struct excerpt);
	*excerpt = excerpt_of(source_make(&memory, "<printed>", arena_text(&memory, buf_text(&first))));
	const struct rule *again = rule_parse(&memory, excerpt, context, &diags);
	if (again)
		rule_print(&second, again);
	if (!text_equal(buf_text(&first), block->rule)) {
		add_key(out, "print");
		buf_printf(out, "%s\n", buf_string(&first));
	}
	if (!text_equal(buf_text(&first), buf_text(&second))) {
		add_key(out, "DEFECT");
		buf_printf(out, "reads back as %s\n", buf_string(&second));
	}
	buf_release(&first);
	buf_release(&second);
}

/* Advice without a text to write. */
static struct advice_in_words in_words[] = {
	{"look at the operators and the values again", false},
	{"--baseline-environment to the command line", false},
	{"ACTIVE means serving, the class failed contains all failures", false},
	{"a backslash goes before one of . [ \\ ( ) * + ? { | ^ $", false},
	{"a baseline chainlet can be missing", false},
	{"a class of statuses: write status in failed", false},
	{"a field has a similar name: min_replica", false},
	{"a field of another deployment is baseline.id", false},
	{"a text in quotes", false},
	{"give the parameter a text in quotes, the whole one, and use it without quotes", false},
	{"a value is a number, a duration, a status", false},
	{"add ')' where it ends", false},
	{"add ']' where it ends", false},
	{"add baseline: to the policy", false},
	{"the API has no metrics", false},
	{"it has statuses, replicas and settings", false},
	{"a rule sees only what the API shows", false},
	{"a value from outside is a parameter, as in --set least=2", false},
	{"as in $least, with a value under params:", false},
	{"as in [ACTIVE, UNHEALTHY]", false},
	{"chaingate explain lists the fields", false},
	{"chaingate explain lists the statuses", false},
	{"close it with )", false},
	{"close it with the same quote", false},
	{"compare it with something: ==, !=, <, <=, >, >=, in, is null", false},
	{"compare statuses with ==", false},
	{"compare with ==", false},
	{"compare with == or !=", false},
	{"compare with ==, !=, <, <=, >, >= or in", false},
	{"count them", false},
	{"give it a *", false},
	{"give the number a unit: 90s, 5m", false},
	{"in a set only whole numbers and decimals have a sign", false},
	{"in other rules baseline.… is the counterpart's field", false},
	{"in_progress", false},
	{"instead of not all … write any … not …", false},
	{"join conditions with and, or", false},
	{"leave baseline. out", false},
	{"leave it out", false},
	{"leave the rule out", false},
	{"nested counts may multiply to 64 at most: write * or + instead", false},
	{"only numbers, durations and times have", false},
	{"open it where it begins", false},
	{"parameters and their defaults are under params: in the policy", false},
	{"put strings in quotes", false},
	{"say `all baseline chainlets`", false},
	{"say `all chainlets` or `all deployments`", false},
	{"something is missing in front of it, as in status != FAILED", false},
	{"that is a field's name, a number, a duration, a status", false},
	{"the escapes are \\\\ \\\" \\' \\n \\t and \\u{…} with the hexadecimal number of a character", false},
	{"the field is id", false},
	{"the field is status", false},
	{"the settings are min_replica and max_replica", false},
	{"with in and a set or a class", false},
	{"write !=", false},
	{"write == to compare, is null to ask whether there is a value", false},
	{"write \\( for the character itself", false},
	{"write \\[ for a bracket itself", false},
	{"write \\\\ for a backslash itself", false},
	{"write a < b and b < c", false},
	{"write a straight quotation mark: \"", false},
	{"write a text in \" or '", false},
	{"write a text in quotes", false},
	{"write at least or at most, and a number", false},
	{"write baseline.deployment.… for a field of the baseline's deployment", false},
	{"write classes as [0-9] or [[:space:]]", false},
	{"write deployment.environment for the chainlet's own deployment", false},
	{"write digits on both sides of the point: 0.5", false},
	{"write durations as whole numbers with a unit: 90s, 5m", false},
	{"write durations as whole numbers with h, m, s or ms: 90s, 5m, 1h30m", false},
	{"write its GPU in capitals", false},
	{"write like and a glob, such as \"H100*\"", false},
	{"write not", false},
	{"write parameters as in $least", false},
	{"write sets in brackets, as in [ACTIVE, UNHEALTHY]", false},
	{"write the percent sign directly after its number: 20%", false},
	{"write two rules", false},
};

static void read_rule(void *closure, struct text rule, struct diags *diags)
{
	struct excerpt *excerpt = ARENA_NEW(&memory, struct excerpt);
	*excerpt = excerpt_of(source_make(&memory, "<advised>", rule));
	rule_parse(&memory, excerpt, closure, diags);
}

static struct advice advice = {
	.arena = &memory,
	.read = read_rule,
	.in_words = in_words,
	.in_words_count = sizeof(in_words) / sizeof(in_words[0]),
};

/* The rule that a hint advises must have no mistake. */
static void follow(struct buf *out, const struct block *block, const struct rule_context *context)
{
	struct diags diags = {.arena = &memory};
	struct excerpt *excerpt = ARENA_NEW(&memory, struct excerpt);
	if (!block->follow.length)
		return;
	*excerpt = excerpt_of(source_make(&memory, "<followed>", block->follow));
	bool read = rule_parse(&memory, excerpt, context, &diags) != NULL;
	if (!read || diags.warnings)
		buf_add_string(out, "DEFECT    the help leads to another mistake\n");
	add_diags(out, &diags);
}

static void add_results(struct buf *out, const struct block *block)
{
	struct diags diags = {.arena = &memory};
	struct rule_context context = {
		.params = block->params, .param_count = block->param_count, .has_baseline = block->has_baseline};
	struct excerpt *excerpt = ARENA_NEW(&memory, struct excerpt);
	*excerpt = excerpt_of(source_make(&memory, "<rule>", block->rule));
	const struct rule *rule = rule_parse(&memory, excerpt, &context, &diags);
	diags_sort(&diags);
	add_diags(out, &diags);
	advice.closure = &context;
	if (!block->follow.length)
		advice_follow(&advice, excerpt->source, &diags, "DEFECT    ", out);
	follow(out, block, &context);
	if ((rule == NULL) != (diags.errors > 0))
		buf_add_string(out, "DEFECT    refused without an error, or accepted with one\n");
	if (!rule)
		return;
	print(out, block, rule, &context);
	if (block->body.length) {
		judge(out, block, rule, read_body(body_of(block->body), (struct api_owner){0}));
		judge_as_models(out, block, rule);
	} else if (block->models.length) {
		judge(out, block, rule,
		      read_body(body_of(block->models), (struct api_owner){TARGET_MODEL, TEXT("llama")}));
	}
	if (block->explains) {
		add_key(out, "means");
		rule_explain(out, rule);
		buf_printf(out, " [%s over nothing]\n",
			   rule_is_quantified(rule) ? truth_name(rule_over_nothing(rule)) : "the same");
	}
}

/* ---- files ------------------------------------------------------------------------------------------------------ */

/* One block, without the blank line after it: its comments and inputs unchanged, then the results. */
static void run_block(struct text text, struct buf *out)
{
	struct block block = {0};
	while (text.length) {
		size_t end = 0, word = 0;
		while (end < text.length && text.bytes[end] != '\n')
			end++;
		struct text line = text_slice(text, 0, end);
		while (word < end && line.bytes[word] != ' ')
			word++;
		struct text key = text_slice(line, 0, word), value = trimmed(text_slice(line, word, end));
		bool kept = line.length && (line.bytes[0] == '#' || is_input(key));
		if (kept && line.bytes[0] != '#')
			read_input(&block, key, value);
		if (kept) {
			buf_add(out, line);
			buf_add_byte(out, '\n');
		}
		text = text_slice(text, end + 1, text.length);
	}
	if (block.has_rule)
		add_results(out, &block);
}

/* Takes the next block off a file's text: up to an empty line, or to the end. */
static struct text next_block(struct text *text)
{
	size_t end = 0;
	while (end + 1 < text->length && !(text->bytes[end] == '\n' && text->bytes[end + 1] == '\n'))
		end++;
	bool last = end + 1 >= text->length;
	struct text block = text_slice(*text, 0, last ? text->length : end);
	*text = text_slice(*text, last ? text->length : end + 2, text->length);
	return block;
}

static size_t count_blocks(struct text text)
{
	size_t count = 0;
	for (; text.length; count++)
		next_block(&text);
	return count;
}

static void run_file(const char *path, struct text text)
{
	struct buf out = buf_make(BUF_LIMIT_REPORT);
	while (text.length) {
		struct text block = next_block(&text);
		buf_clear(&out);
		run_block(block, &out);
		golden_compare(path, block, buf_text(&out));
		arena_clear(&memory);
	}
	buf_release(&out);
}

int main(void)
{
	int result = golden_run(FOLDER, ".test", count_blocks, run_file);
	if (judged_as_model < JUDGED_AS_MODEL_MIN)
		printf("# only %zu judgements of rules on models\n", judged_as_model);
	return advice_unused(&advice) || judged_as_model < JUDGED_AS_MODEL_MIN ? 1 : result;
}
