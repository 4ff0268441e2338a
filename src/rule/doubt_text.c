/* doubt_text.c - warns of strings in the wrong notation: a regular expression for `like`, a glob for `matches` or `==`,
 * SQL's %, and a GPU in place of an instance type's name. Such a rule is well formed, but never matches. */
#include "ast.h"

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

/* "H100", "A10G", "cpu": only the first part of names such as "H100:1x80". */
static bool is_bare_machine(struct text text)
{
	bool is_bare = text.length > 0 && is_letter(text.bytes[0]);
	for (size_t i = 0; i < text.length && is_bare; i++)
		is_bare = is_word_byte(text.bytes[i]) && text.bytes[i] != ':' && text.bytes[i] != 'x';
	return is_bare;
}

/* ---- warnings --------------------------------------------------------------------------------------------------- */

/* The glob that a regular expression was probably meant as: H100* for ^H100. */
static void add_glob_of_regex(struct buf *out, struct text text)
{
	bool from_start = text_starts_with(text, "^"), to_end = text_ends_with(text, "$");
	struct text middle = text_slice(text, from_start, text.length - (to_end ? 1 : 0));
	if (to_end && !from_start && !text_starts_with(middle, ".*"))
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
static void advise_glob(struct diags *diags, struct diag *diag, const struct node *literal, bool negated,
			const struct buf *glob)
{
	const char *word = negated ? "not like" : "like";
	if (literal->kind == NODE_PARAM || glob->overflowed || has_any(buf_text(glob), "\"\\\n[]()|+"))
		diag_hint(diags, diag, "write %s and a glob, such as \"H100*\"", word);
	else
		diag_hint(diags, diag, "write %s \"%s\"", word, buf_string(glob));
}

static void doubt_glob(const struct rule *rule, const struct node *node, struct diags *diags)
{
	const struct node *literal = node->pattern_literal;
	struct text text = literal->literal.text;
	struct buf glob = buf_make(RULE_BYTES_MAX);
	if (looks_like_regex(text)) {
		struct diag *diag = rule_warn(rule, literal, diags, DIAG_DOUBTFUL_VALUE,
					      "this looks like a regular expression, and like takes a glob");
		add_glob_of_regex(&glob, text);
		advise_glob(diags, diag, literal, node->negated, &glob);
	} else if (!pattern_has_wildcard(node->pattern) && has_any(text, "%")) {
		struct diag *diag =
			rule_warn(rule, literal, diags, DIAG_DOUBTFUL_VALUE, "% is an ordinary character in a glob");
		for (size_t i = 0; i < text.length; i++)
			buf_add_byte(&glob, text.bytes[i] == '%' ? '*' : text.bytes[i]);
		advise_glob(diags, diag, literal, node->negated, &glob);
	} else if (!pattern_has_wildcard(node->pattern)) {
		struct diag *diag = rule_warn(rule, literal, diags, DIAG_DOUBTFUL_VALUE,
					      "a glob without a wildcard matches only the very same text");
		const char *sign = node->negated ? "!=" : "==", *word = node->negated ? "not like" : "like";
		bool is_plain = text.length > 0 && !has_any(text, "\\\"\n");
		if (literal->kind == NODE_PARAM || !is_plain)
			diag_hint(diags, diag, "give it a *, or compare with %s", sign);
		else
			diag_hint(diags, diag, "write %s \"%.*s*\" for what begins with it, or %s \"%.*s\"", word,
				  TEXT_ARG(text), sign, TEXT_ARG(text));
	}
	buf_release(&glob);
}

static void doubt_regex(const struct rule *rule, const struct node *node, struct diags *diags)
{
	const struct node *literal = node->pattern_literal;
	struct buf glob = buf_make(RULE_BYTES_MAX);
	if (!looks_like_glob(literal->literal.text))
		return;
	struct diag *diag =
		rule_warn(rule, literal, diags, DIAG_DOUBTFUL_VALUE,
			  "this looks like a glob: in a regular expression * and ? apply to the character before them");
	buf_add(&glob, literal->literal.text);
	advise_glob(diags, diag, literal, node->negated, &glob);
	buf_release(&glob);
}

/* A string that a field is compared with, by == or in; negated: != or not in. */
static void doubt_equal(const struct rule *rule, const struct node *field, const struct node *value, bool negated,
			struct diags *diags)
{
	bool is_constant = value->kind == NODE_LITERAL || value->kind == NODE_PARAM;
	if (field->kind != NODE_FIELD || field->type != TYPE_STRING || !is_constant)
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
		advise_glob(diags, rule_warn(rule, value, diags, DIAG_DOUBTFUL_VALUE, message), value, negated, &glob);
	buf_release(&glob);
}

void doubt_texts(const struct rule *rule, const struct node *node, struct diags *diags)
{
	bool is_equality = node->kind == NODE_COMPARE && (node->op == TOKEN_EQUAL || node->op == TOKEN_NOT_EQUAL);
	if (node->kind == NODE_MATCH && node->is_glob)
		doubt_glob(rule, node, diags);
	else if (node->kind == NODE_MATCH)
		doubt_regex(rule, node, diags);
	for (size_t i = 0; is_equality && i < 2; i++)
		doubt_equal(rule, node->children[i], node->children[1 - i], node->op == TOKEN_NOT_EQUAL, diags);
	for (size_t i = 0; node->kind == NODE_IN && i < node->set_count; i++)
		doubt_equal(rule, node->children[0], node->set[i], node->negated, diags);
}
