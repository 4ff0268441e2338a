/* doubt_text.c - warns of strings in the wrong notation: a regular expression for `like`, a glob for `matches` or `==`,
 * SQL's %, and a GPU in place of an instance type's name. Such a rule is well formed, but never matches. */
#include "ast.h"

#include "chaingate/placeholder.h"

/* ---- looking at texts ------------------------------------------------------------------------------------------- */

static bool has_any(struct text text, const char *set)
{
	for (size_t i = 0; i < text.length; i++)
		for (const char *c = set; *c; c++)
			if (text.bytes[i] == *c)
				return true;
	return false;
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_word_byte(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == ':';
}

static bool is_dot_repeated(struct text text, size_t at)
{
	return at + 1 < text.length && text.bytes[at] == '.' &&
	       (text.bytes[at + 1] == '*' || text.bytes[at + 1] == '+');
}

/* A text that is meant as a regular expression: it has an anchor or `.*`. */
static bool looks_like_regex(struct text text)
{
	bool found = text_starts_with(text, "^") || (text_ends_with(text, "$") && !text_ends_with(text, "\\$"));
	for (size_t i = 0; i < text.length && !found; i++)
		found = is_dot_repeated(text, i);
	return found;
}

/* A text that is meant as a glob: a * or ? after a letter or digit, and nothing that only a regular expression has. */
static bool looks_like_glob(struct text text)
{
	bool found = false;
	if (has_any(text, "^$.[(|+{\\"))
		return false;
	for (size_t i = 1; i < text.length && !found; i++)
		found = (text.bytes[i] == '*' || text.bytes[i] == '?') && is_word_byte(text.bytes[i - 1]);
	return found;
}

static size_t place_of(struct text text, size_t from, char c)
{
	while (from < text.length && text.bytes[from] != c)
		from++;
	return from;
}

/* What a glob is given as alternatives: "{L4,T4}*", "L4*|T4*", "(L4|T4)*", "L4*,T4*". */
static bool has_alternatives(struct text text)
{
	size_t brace = place_of(text, 0, '{'), comma = place_of(text, brace, ','), paren = place_of(text, 0, '(');
	bool has_list = false;
	for (size_t i = 1; i < text.length && !has_list; i++)
		has_list = text.bytes[i] == ',' && text.bytes[i - 1] == '*';
	return has_list || has_any(text, "|") || place_of(text, comma, '}') < text.length ||
	       place_of(text, paren, ')') < text.length;
}

/* Words in brackets: [H100|A100] is one character of these. */
static bool has_words_in_brackets(struct text text)
{
	size_t from = place_of(text, 0, '['), to = place_of(text, from, ']');
	return to < text.length && place_of(text, from, '|') < to;
}

/* "H100", "A10G", "cpu": only the first part of names such as "H100:1x80". */
static bool is_bare_machine(struct text text)
{
	bool is_bare = text.length > 0 && is_letter(text.bytes[0]);
	for (size_t i = 0; i < text.length && is_bare; i++)
		is_bare = is_word_byte(text.bytes[i]) && text.bytes[i] != ':' && text.bytes[i] != 'x';
	return is_bare;
}

/* ---- machines --------------------------------------------------------------------------------------------------- */

static bool is_machine(const struct node *field)
{
	return field->kind == NODE_FIELD && field->field->id == FIELD_INSTANCE_TYPE_NAME;
}

/* Where a GPU is named in small letters at the beginning of a text or a pattern: "h100" of "^h100". Empty: nowhere. The
 * x of 1x2 is none. */
static struct span small_gpu(struct text text)
{
	size_t start = 0;
	while (start < text.length &&
	       (text.bytes[start] == '^' || text.bytes[start] == '*' || text.bytes[start] == '('))
		start++;
	size_t digit = start;
	while (digit < text.length && text.bytes[digit] >= 'a' && text.bytes[digit] <= 'z' && text.bytes[digit] != 'x')
		digit++;
	bool found = digit > start && digit < text.length && text.bytes[digit] >= '0' && text.bytes[digit] <= '9';
	size_t end = digit;
	while (found && end < text.length && text.bytes[end] != ':' && is_word_byte(text.bytes[end]))
		end++;
	return found ? (struct span){start, end} : (struct span){0, 0};
}

/* Appends the text of a pattern; if it is of a machine, its GPU in capitals. */
static void add_machine(struct buf *out, const struct node *field, struct text text)
{
	struct span gpu = is_machine(field) ? small_gpu(text) : (struct span){0, 0};
	for (size_t i = 0; i < text.length; i++) {
		bool is_small = i >= gpu.start && i < gpu.end && text.bytes[i] >= 'a' && text.bytes[i] <= 'z';
		buf_add_byte(out, (char)(is_small ? text.bytes[i] - 'a' + 'A' : text.bytes[i]));
	}
}

/* Instance types' names are in capitals, so a pattern or text in small letters matches none. */
static void doubt_capitals(const struct rule *rule, const struct node *field, const struct node *literal,
			   struct diags *diags)
{
	struct text text = literal->literal.text;
	if (!is_machine(field) || small_gpu(text).end == 0)
		return;
	struct diag *diag = rule_warn(rule, literal, diags, DIAG_DOUBTFUL_VALUE,
				      "an instance type's name is in capitals, as in H100:1x80: this matches none");
	struct buf upper = buf_make(RULE_BYTES_MAX);
	add_machine(&upper, field, text);
	if (literal->kind == NODE_PARAM || has_any(text, "\"\\\n|"))
		diag_hint(diags, diag, "write its GPU in capitals");
	else
		diag_hint(diags, diag, "write \"%s\"", buf_string(&upper));
	buf_release(&upper);
}

/* ---- warnings --------------------------------------------------------------------------------------------------- */

/* A text in which a script or a template should have replaced a variable: `not like "${OLD}"` is always true. Whoever
 * writes $ as \u{24} means it. */
static bool doubt_variable(const struct rule *rule, const struct node *literal, struct diags *diags)
{
	struct text written = text_slice(rule->excerpt.text, literal->from, literal->to);
	if (!placeholder_is_in(literal->literal.text) || has_any(written, "\\"))
		return false;
	struct diag *diag = rule_warn(rule, literal, diags, DIAG_DOUBTFUL_VALUE,
				      "nothing replaces a variable in a text: it is compared as it stands");
	if (literal->kind == NODE_PARAM)
		diag_hint(diags, diag, "give the parameter its value");
	else
		diag_hint(diags, diag, "write its value; or declare a parameter, and write $name without quotes");
	return true;
}

/* The glob that a regular expression was probably meant as: H100* for ^H100. */
static void add_glob_of_regex(struct buf *out, struct text text)
{
	bool from_start = text_starts_with(text, "^"), to_end = text_ends_with(text, "$");
	struct text middle = text_slice(text, from_start, text.length - (to_end ? 1 : 0));
	if (to_end && !from_start && !text_starts_with(middle, ".*") && !text_starts_with(middle, "*"))
		buf_add_byte(out, '*');
	for (size_t i = 0; i < middle.length; i++) {
		bool is_many = is_dot_repeated(middle, i);
		if (is_many && middle.bytes[i + 1] == '+')
			buf_add_byte(out, '?');
		buf_add_byte(out, is_many ? '*' : middle.bytes[i]);
		i += is_many;
	}
	if (!to_end && !text_ends_with(middle, ".*") && !text_ends_with(middle, ".+"))
		buf_add_byte(out, '*');
}

/* Advises to write that glob; a parameter's text is in the policy, and one with quotes or brackets isn't guessed. */
static void advise_glob(struct diags *diags, struct diag *diag, const struct node *field, const struct node *literal,
			bool negated, const struct buf *glob)
{
	const char *word = negated ? "not like" : "like";
	struct buf shown = buf_make(RULE_BYTES_MAX);
	add_machine(&shown, field, buf_text(glob));
	if (literal->kind == NODE_PARAM || glob->overflowed || has_any(buf_text(glob), "\"\\\n[]()|+"))
		diag_hint(diags, diag, "write %s and a glob, such as \"H100*\"", word);
	else
		diag_hint(diags, diag, "write %s \"%s\"", word, buf_string(&shown));
	buf_release(&shown);
}

/* A glob without a wildcard. The first part of a machine's name is equal to no name. */
static void doubt_plain_glob(const struct rule *rule, const struct node *node, struct diags *diags)
{
	const struct node *literal = node->pattern_literal, *field = node->children[0];
	struct text text = literal->literal.text;
	struct diag *diag = rule_warn(rule, literal, diags, DIAG_DOUBTFUL_VALUE,
				      "a glob without a wildcard matches only the very same text");
	struct buf shown = buf_make(RULE_BYTES_MAX);
	const char *sign = node->negated ? "!=" : "==", *word = node->negated ? "not like" : "like";
	add_machine(&shown, field, text);
	if (literal->kind == NODE_PARAM || text.length == 0 || has_any(text, "\\\"\n"))
		diag_hint(diags, diag, "give it a *, or compare with %s", sign);
	else if (is_machine(field) && is_bare_machine(text))
		diag_hint(diags, diag, "write %s \"%s*\"", word, buf_string(&shown));
	else
		diag_hint(diags, diag, "write %s \"%s*\" for what begins with it, or %s \"%s\"", word,
			  buf_string(&shown), sign, buf_string(&shown));
	buf_release(&shown);
}

static void doubt_glob(const struct rule *rule, const struct node *node, struct diags *diags)
{
	const struct node *literal = node->pattern_literal, *field = node->children[0];
	struct text text = literal->literal.text;
	struct buf glob = buf_make(RULE_BYTES_MAX);
	if (looks_like_regex(text)) {
		struct diag *diag = rule_warn(rule, literal, diags, DIAG_DOUBTFUL_VALUE,
					      "this looks like a regular expression, and like takes a glob");
		add_glob_of_regex(&glob, text);
		advise_glob(diags, diag, field, literal, node->negated, &glob);
	} else if (has_alternatives(text)) {
		struct diag *diag = rule_warn(rule, literal, diags, DIAG_DOUBTFUL_VALUE,
					      "a glob has no alternatives: it takes | { } ( ) and commas as they are");
		diag_hint(diags, diag, "write %s and a regular expression, such as \"^(A100|H100)\"",
			  node->negated ? "not matches" : "matches");
	} else if (!pattern_has_wildcard(node->pattern) && has_any(text, "%")) {
		struct diag *diag =
			rule_warn(rule, literal, diags, DIAG_DOUBTFUL_VALUE, "% is an ordinary character in a glob");
		for (size_t i = 0; i < text.length; i++)
			buf_add_byte(&glob, text.bytes[i] == '%' ? '*' : text.bytes[i]);
		advise_glob(diags, diag, field, literal, node->negated, &glob);
	} else if (!pattern_has_wildcard(node->pattern)) {
		doubt_plain_glob(rule, node, diags);
	} else {
		doubt_capitals(rule, field, literal, diags);
	}
	buf_release(&glob);
}

/* "A10G" of "^A10G$", "A10G|H100" of "^(A10G|H100)$": a regular expression that matches nothing longer, and whose
 * alternatives are all bare machines. Empty: it is none. */
static struct text only_bare_machines(struct text text)
{
	bool is_anchored = text.length > 2 && text_starts_with(text, "^") && text_ends_with(text, "$");
	struct text inner = is_anchored ? text_slice(text, 1, text.length - 1) : TEXT("");
	bool is_grouped = text_starts_with(inner, "(") && text_ends_with(inner, ")");
	if (is_grouped)
		inner = text_slice(inner, 1, inner.length - 1);
	for (size_t from = 0, at = 0; at <= inner.length; at++) {
		if (at < inner.length && inner.bytes[at] != '|')
			continue;
		/* Without parentheses, ^ and $ belong to the first and the last alternative only. */
		if (!is_bare_machine(text_slice(inner, from, at)) || (at < inner.length && !is_grouped))
			return TEXT("");
		from = at + 1;
	}
	return inner;
}

static void doubt_anchored(const struct rule *rule, const struct node *literal, struct text machines,
			   struct diags *diags)
{
	struct diag *diag = rule_warn(rule, literal, diags, DIAG_DOUBTFUL_VALUE,
				      "an instance type's name goes on after the GPU, as in H100:1x80");
	bool has_several = false;
	for (size_t i = 0; i < machines.length; i++)
		has_several |= machines.bytes[i] == '|';
	if (literal->kind == NODE_PARAM)
		diag_hint(diags, diag, "give it a : in place of the $");
	else
		diag_hint(diags, diag, has_several ? "write \"^(%.*s):\"" : "write \"^%.*s:\"", TEXT_ARG(machines));
}

static void doubt_regex(const struct rule *rule, const struct node *node, struct diags *diags)
{
	const struct node *literal = node->pattern_literal, *field = node->children[0];
	struct buf glob = buf_make(RULE_BYTES_MAX);
	struct text machines = is_machine(field) ? only_bare_machines(literal->literal.text) : TEXT("");
	if (machines.length) {
		doubt_anchored(rule, literal, machines, diags);
		return;
	}
	if (has_words_in_brackets(literal->literal.text)) {
		struct diag *diag = rule_warn(rule, literal, diags, DIAG_DOUBTFUL_VALUE,
					      "brackets stand for one of their characters, not for one of some words");
		diag_hint(diags, diag, "write the words in parentheses, such as \"^(A100|H100)\"");
		return;
	}
	if (!looks_like_glob(literal->literal.text)) {
		doubt_capitals(rule, field, literal, diags);
		return;
	}
	struct diag *diag =
		rule_warn(rule, literal, diags, DIAG_DOUBTFUL_VALUE,
			  "this looks like a glob: in a regular expression * and ? apply to the character before them");
	buf_add(&glob, literal->literal.text);
	advise_glob(diags, diag, field, literal, node->negated, &glob);
	buf_release(&glob);
}

/* A string that a field is compared with, by == or in; negated: != or not in. */
static void doubt_equal(const struct rule *rule, const struct node *field, const struct node *value, bool negated,
			struct diags *diags)
{
	bool is_constant = value->kind == NODE_LITERAL || value->kind == NODE_PARAM;
	if (field->kind != NODE_FIELD || field->type != TYPE_STRING || !is_constant)
		return;
	if (doubt_variable(rule, value, diags))
		return;
	struct text text = value->literal.text;
	struct buf glob = buf_make(RULE_BYTES_MAX);
	buf_add(&glob, text);
	const char *message = NULL;
	if (has_any(text, "*")) {
		message = "a * is an ordinary character here: only the very same text is equal";
	} else if (field->field->id == FIELD_INSTANCE_TYPE_NAME && is_bare_machine(text)) {
		message = "an instance type's name goes on after the GPU, as in H100:1x80";
		buf_add_byte(&glob, '*');
	}
	if (message)
		advise_glob(diags, rule_warn(rule, value, diags, DIAG_DOUBTFUL_VALUE, message), field, value, negated,
			    &glob);
	else
		doubt_capitals(rule, field, value, diags);
	buf_release(&glob);
}

void doubt_texts(const struct rule *rule, const struct node *node, struct diags *diags)
{
	bool is_equality = node->kind == NODE_COMPARE && (node->op == TOKEN_EQUAL || node->op == TOKEN_NOT_EQUAL);
	bool is_glob = node->kind == NODE_MATCH && node->is_glob;
	/* Of %OLD% in a glob it is said what % is. Regular expressions have marks such as ( and $ themselves. */
	if (is_glob && !has_any(node->pattern_literal->literal.text, "%") &&
	    doubt_variable(rule, node->pattern_literal, diags))
		return;
	if (is_glob)
		doubt_glob(rule, node, diags);
	else if (node->kind == NODE_MATCH)
		doubt_regex(rule, node, diags);
	for (size_t i = 0; is_equality && i < 2; i++)
		doubt_equal(rule, node->children[i], node->children[1 - i], node->op == TOKEN_NOT_EQUAL, diags);
	for (size_t i = 0; node->kind == NODE_IN && i < node->set_count; i++)
		doubt_equal(rule, node->children[0], node->set[i], node->negated, diags);
}
