/* quantified.c - parses whole rules, with quantifiers, nouns, and bodies that are only a status. */
#include "fields.h"
#include "parser.h"

static const struct {
	const char *first, *second;
	enum quantifier quantifier;
} quantifiers[] = {
	{"all", NULL, QUANTIFIER_ALL},        {"any", NULL, QUANTIFIER_ANY},      {"no", NULL, QUANTIFIER_NO},
	{"at", "least", QUANTIFIER_AT_LEAST}, {"at", "most", QUANTIFIER_AT_MOST}, {"exactly", NULL, QUANTIFIER_EXACTLY},
};

/* The quantifier that these words name. Returns the number of words, 0 for none. */
static size_t find_quantifier(const struct token *token, enum quantifier *out)
{
	for (size_t i = 0; i < sizeof(quantifiers) / sizeof(quantifiers[0]); i++) {
		if (!is_word(token, quantifiers[i].first))
			continue;
		if (quantifiers[i].second && !is_word(&token[1], quantifiers[i].second))
			continue;
		*out = quantifiers[i].quantifier;
		return quantifiers[i].second ? 2 : 1;
	}
	return 0;
}

bool is_quantified(const struct token *token)
{
	static const char *const nouns[] = {"chainlet", "chainlets", "deployment", "deployments", "baseline", NULL};
	enum quantifier quantifier;
	size_t words = find_quantifier(token, &quantifier);
	if (words && quantifier >= QUANTIFIER_AT_LEAST)
		words += token[words].kind == TOKEN_INTEGER || token[words].kind == TOKEN_PARAM;
	return words && is_one_of(&token[words], nouns);
}

/* COUNT = INT | PARAM */
static bool parse_number(struct parser *p, struct rule *rule)
{
	const struct token *token = p->token;
	if (token->kind != TOKEN_INTEGER && token->kind != TOKEN_PARAM)
		return expected(p, "a whole number",
				token->kind == TOKEN_PERCENT ? SHARE_REMEDY : "as in at least 2 chainlets ACTIVE"),
		       false;
	struct node *node = parse_literal(p);
	if (!node)
		return false;
	rule->number_node = node;
	rule->number = node->literal.number.numerator;
	if (!node_is_integer(node) || rule->number < 0) {
		struct buf buf = buf_make(RULE_BYTES_MAX);
		literal_add(&buf, &node->literal);
		MISTAKE(p, token->from, token->to, DIAG_INVALID_COUNT,
			"a number of chainlets or deployments cannot be %s", diag_value(p->diags, buf_text(&buf)));
		buf_release(&buf);
		return false;
	}
	if (rule->quantifier == QUANTIFIER_AT_LEAST && rule->number == 0) {
		struct diag *diag =
			MISTAKE(p, token->from, token->to, DIAG_INVALID_COUNT, "'at least 0' is always true");
		diag_hint(p->diags, diag, "write at least 1, or leave the rule out");
		return false;
	}
	return true;
}

/* The baseline is a single deployment, so there is nothing to range over. */
static bool refuse_baseline_deployments(struct parser *p)
{
	struct diag *diag = MISTAKE(p, p->token->from, p->token->to, DIAG_SYNTAX, "the baseline is one deployment");
	diag_hint(p->diags, diag,
		  "name its fields in a rule about deployments: all deployments have baseline.deployment.status == "
		  "ACTIVE");
	return false;
}

/* noun = [ "baseline" ] ( "chainlet" | "chainlets" ) | "deployment" | "deployments" */
bool parse_noun(struct parser *p, enum rule_scope *out)
{
	bool baseline = accept_word(p, "baseline");
	if (accept_word(p, "chainlet") || accept_word(p, "chainlets")) {
		*out = baseline ? SCOPE_BASELINE_CHAINLETS : SCOPE_CHAINLETS;
		return true;
	}
	if (baseline && (is_word(p->token, "deployment") || is_word(p->token, "deployments")))
		return refuse_baseline_deployments(p);
	if (accept_word(p, "deployment") || accept_word(p, "deployments")) {
		*out = SCOPE_DEPLOYMENTS;
		return true;
	}
	static const char *const nouns[] = {"chainlet", "chainlets", "deployment", "deployments"};
	const char *near = text_nearest(p->token->text, nouns, sizeof(nouns) / sizeof(nouns[0]));
	struct diag *diag = MISTAKE(p, p->token->from, p->token->to, DIAG_SYNTAX,
				    "expected chainlets or deployments, found %s", token_words(p->diags, p->token));
	if (near && p->token->kind != TOKEN_END)
		diag_hint(p->diags, diag, "write %s", near);
	else if (p->token->kind == TOKEN_OPEN)
		diag_hint(p->diags, diag,
			  "write it without parentheses: all chainlets ACTIVE, or any chainlet UNHEALTHY");
	else if (is_word(p->token, "replicas") || is_word(p->token, "replica"))
		diag_hint(p->diags, diag, "replicas are numbers: all chainlets have active_replica_count >= 2");
	else
		diag_hint(p->diags, diag, "as in all chainlets ACTIVE, or all deployments ACTIVE");
	return false;
}

/* How other languages begin such a rule. */
static const struct {
	const char *word, *hint;
} foreign[] = {
	{"every", "write all"},
	{"each", "write all"},
	{"some", "write any"},
	{"none", "write no"},
	{"at", "write at least or at most, and a number"},
	{"only", "write exactly, and a number"},
	{"more", "write at least, and a number"},
	{"less", "write at most, and a number"},
	{"fewer", "write at most, and a number"},
};

#define NOUN_REMEDY "say how many: all chainlets …, any chainlet …, no chainlet …, at least 2 chainlets …"

static bool is_noun(const struct token *token)
{
	static const char *const nouns[] = {"chainlet", "chainlets", "deployment", "deployments", NULL};
	return is_one_of(token, nouns);
}

static const char *remedy_behind(const struct token *first)
{
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		if (is_word(first, foreign[i].word))
			return foreign[i].hint;
	if (is_noun(first) &&
	    (first[1].kind == TOKEN_OPEN_SET || first[1].kind == TOKEN_STRING || first[1].kind == TOKEN_WORD))
		return "say which: all chainlets where name == \"Gate\" have min_replica >= 2";
	return is_noun(first) ? NOUN_REMEDY : OPERATOR_REMEDY;
}

/* ---- bodies ----------------------------------------------------------------------------------------------------- */

static bool is_status_alone(const struct token *token)
{
	static const char *const operators[] = {"in", "is", "like", "matches", "not", NULL};
	if (token->kind != TOKEN_CAPS)
		return false;
	bool compared = token[1].kind >= TOKEN_PLUS && token[1].kind <= TOKEN_GREATER_EQUAL;
	return !compared && !is_one_of(&token[1], operators);
}

/* `ACTIVE or SCALED_TO_ZERO`, `ACTIVE, SCALED_TO_ZERO`, and a comma or a point at the end. */
static const char *set_remedy(struct parser *p, const struct node *node)
{
	const struct token *next = p->token;
	bool joined = next->kind == TOKEN_COMMA || is_word(next, "or");
	if (joined && node->class == CLASS_NONE && is_status_alone(&next[1]) &&
	    next[1].literal.status != STATUS_UNKNOWN)
		return arena_printf(p->diags->arena, "write a set: %sin [%.*s, %.*s]", node->negated ? "not " : "",
				    TEXT_ARG(text_slice(p->excerpt->text, node->op_from, node->op_to)),
				    TEXT_ARG(next[1].text));
	if (next->kind == TOKEN_COMMA)
		return "leave the comma out, or write two rules";
	return next->kind == TOKEN_DOT ? "leave the point out" : NULL;
}

static bool refuse_behind_status(struct parser *p, const struct node *node)
{
	const struct token *next = p->token;
	struct text word = text_slice(p->excerpt->text, node->op_from, node->op_to);
	struct diag *diag = MISTAKE(p, next->from, next->to, DIAG_SYNTAX, "'%.*s' alone must be the end of the rule",
				    TEXT_ARG(word));
	const char *meant = set_remedy(p, node);
	if (!meant)
		meant = foreign_remedy(p, next - 1);
	if (meant || ((is_word(next, "and") || is_word(next, "or")) && is_quantified(&next[1]))) {
		diag_hint(p->diags, diag, "%s",
			  meant ? meant
			  : is_word(next, "and")
				  ? "write two rules, each with its quantifier"
				  : "rules are not joined by or: count them, as in "
				    "count(chainlets where status == ACTIVE) >= 1 or count(chainlets) <= 3");
		return false;
	}
	const char *rest = is_word(next, "or") ? " or …" : is_word(next, "and") ? " and …" : "";
	if (node->class != CLASS_NONE)
		diag_hint(p->diags, diag, "write status %sin %.*s%s", node->negated ? "not " : "", TEXT_ARG(word),
			  rest);
	else
		diag_hint(p->diags, diag, "write status %s %.*s%s", node->negated ? "!=" : "==", TEXT_ARG(word), rest);
	return false;
}

/* [ "not" ] ( STATUS | CLASS ), with nothing after it */
static struct node *parse_status_body(struct parser *p, bool negated)
{
	struct node *node = node_new(p, NODE_STATUS_IS, p->token);
	node->negated = negated;
	if (p->token->kind == TOKEN_WORD) {
		if (!parse_set(p, node))
			return NULL;
	} else {
		struct node *literal = parse_literal(p);
		if (!literal)
			return NULL;
		node->set = ARENA_NEW(p->arena, struct node *);
		node->set[0] = literal;
		node->set_count = 1;
	}
	if (p->token->kind != TOKEN_END && !refuse_behind_status(p, node))
		return NULL;
	return node;
}

/* [ "not" ] "in" set, with nothing after it */
static struct node *parse_in_body(struct parser *p, bool negated)
{
	struct node *node = node_new(p, NODE_STATUS_IS, p->token++);
	node->negated = negated;
	if (!parse_set(p, node))
		return NULL;
	if (p->token->kind == TOKEN_END)
		return node;
	struct diag *diag =
		MISTAKE(p, p->token->from, p->token->to, DIAG_SYNTAX, "the set must be the end of the rule");
	diag_hint(p->diags, diag, "write status in … to continue the rule after it");
	return NULL;
}

static bool ends_a_body(const struct token *token)
{
	return token->kind == TOKEN_END || is_word(token, "and") || is_word(token, "or");
}

/* A class alone, or a single word similar to one. */
static bool is_class_alone(const struct token *token)
{
	size_t count;
	const char *const *words = status_class_words(&count);
	if (token->kind != TOKEN_WORD || !ends_a_body(&token[1]))
		return false;
	if (status_class_parse(token->text) != CLASS_NONE)
		return true;
	return !field_find(token->text, true) && !field_find(token->text, false) &&
	       text_nearest(token->text, words, count);
}

/* body = STATUS | CLASS | "not" ( STATUS | CLASS ) | [ "not" ] "in" set | expr */
static struct node *parse_body(struct parser *p)
{
	bool negated = is_word(p->token, "not");
	const struct token *word = negated ? p->token + 1 : p->token;
	if (is_status_alone(word) || is_class_alone(word)) {
		p->token = word;
		return parse_status_body(p, negated);
	}
	if (is_word(word, "in")) {
		p->token = word;
		return parse_in_body(p, negated);
	}
	return parse_expression(p);
}

/* ---- rules ------------------------------------------------------------------------------------------------------ */

/* True for fields that are true or false by themselves: after them, `is` continues the rule. */
static bool is_condition(const struct node *field)
{
	const struct field *known = field_find(field->text, true);
	if (!known)
		known = field_find(field->text, false);
	return known && known->type == TYPE_BOOLEAN;
}

/* `where status is ACTIVE`: the `is` was meant as a comparison. */
static bool refuse_is(struct parser *p, const struct node *where, const struct token *is)
{
	struct diag *diag = MISTAKE(p, is->from, is->to, DIAG_SYNTAX, "'is' does not compare");
	diag_hint(p->diags, diag, "write where %.*s == …", TEXT_ARG(where->text));
	return false;
}

/* quantified = quantifier noun [ "where" expr ] [ link ] body */
static bool parse_quantified(struct parser *p, struct rule *rule)
{
	if (rule->quantifier >= QUANTIFIER_AT_LEAST && !parse_number(p, rule))
		return false;
	rule->noun_from = p->token->from;
	if (!parse_noun(p, &rule->scope))
		return false;
	rule->noun_to = p->token[-1].to;
	if (accept_word(p, "where")) {
		rule->where = parse_expression(p);
		if (!rule->where)
			return false;
		if (is_word(p->token, "is") && rule->where->kind == NODE_FIELD && !is_condition(rule->where))
			return refuse_is(p, rule->where, p->token);
		if (!is_link(p->token))
			return expected(p, "is, are, has or have after the where",
					"as in all chainlets where min_replica > 0 are ACTIVE"),
			       false;
	}
	if (is_link(p->token))
		p->token++;
	if (p->token->kind == TOKEN_END)
		return expected(p, "what they must be",
				"as in all chainlets ACTIVE, or all chainlets have min_replica >= 2"),
		       false;
	rule->body = parse_body(p);
	return rule->body != NULL;
}

static bool parse_end(struct parser *p, const struct token *first)
{
	const struct token *token = p->token;
	if (token->kind == TOKEN_END)
		return true;
	const char *meant = foreign_remedy(p, token - 1);
	if (is_link(token)) {
		struct diag *diag = MISTAKE(p, token->from, token->to, DIAG_SYNTAX, "'%.*s' does not compare",
					    TEXT_ARG(token->text));
		diag_hint(p->diags, diag, "%s",
			  meant ? meant
			  : token == first + 1 && is_noun(first)
				  ? NOUN_REMEDY
				  : "write == to compare, is null to ask whether there is a value");
	} else if (token->kind == TOKEN_CLOSE || token->kind == TOKEN_CLOSE_SET) {
		struct diag *diag = MISTAKE(p, token->from, token->to, DIAG_UNBALANCED, "'%.*s' closes nothing",
					    TEXT_ARG(token->text));
		diag_hint(p->diags, diag, "leave it out, or open it where it begins");
	} else {
		expected(p, "an operator or the end of the rule",
			 token == first + 1 ? remedy_behind(first) : OPERATOR_REMEDY);
	}
	return false;
}

/* rule = quantified | expr */
static bool parse_rule(struct parser *p, struct rule *rule)
{
	enum quantifier negated;
	if (p->token->kind == TOKEN_END) {
		struct diag *diag = MISTAKE(p, 0, p->excerpt->text.length, DIAG_SYNTAX, "the rule is empty");
		diag_hint(p->diags, diag, "write what must hold, such as all chainlets ACTIVE");
		return false;
	}
	if (is_word(p->token, "not") && find_quantifier(p->token + 1, &negated)) {
		struct diag *diag =
			MISTAKE(p, p->token->from, p->token->to, DIAG_SYNTAX, "a quantifier cannot be negated");
		diag_hint(p->diags, diag, "instead of not all … write any … not …; instead of not any … write no …");
		return false;
	}
	const struct token *first = p->token;
	size_t words = find_quantifier(p->token, &rule->quantifier);
	rule->bare = words == 0;
	p->token += words;
	if (!rule->bare)
		return parse_quantified(p, rule) && parse_end(p, first);
	rule->body = parse_expression(p);
	return rule->body && parse_end(p, first);
}

struct rule *rule_read(struct arena *arena, const struct excerpt *excerpt, const struct rule_context *context,
		       struct diags *diags)
{
	struct parser parser = {.arena = arena, .excerpt = excerpt, .context = context, .diags = diags};
	if (excerpt->text.length > RULE_BYTES_MAX) {
		struct diag *diag = MISTAKE(&parser, RULE_BYTES_MAX, RULE_BYTES_MAX, DIAG_LIMIT_EXCEEDED,
					    "the rule is longer than %d bytes", RULE_BYTES_MAX);
		diag_hint(diags, diag, "make several rules of it");
		return NULL;
	}
	parser.first = parser.token = lex(arena, excerpt, diags);
	if (!parser.token || !refuse_keywords_in_capitals(&parser))
		return NULL;
	struct rule *rule = ARENA_NEW(arena, struct rule);
	rule->excerpt = *excerpt;
	if (!parse_rule(&parser, rule))
		return NULL;
	rule->aggregate_count = parser.aggregates;
	return rule;
}

/* ---- literals alone --------------------------------------------------------------------------------------------- */

/* [ "-" ] literal | "true" | "false": the values of parameters */
bool literal_parse(struct arena *arena, const struct excerpt *excerpt, struct diags *diags, struct literal *out)
{
	static const struct rule_context nothing = {0};
	struct parser parser = {.arena = arena, .excerpt = excerpt, .context = &nothing, .diags = diags};
	parser.first = parser.token = lex(arena, excerpt, diags);
	if (!parser.token)
		return false;
	struct parser *p = &parser;
	const struct token *first = p->token;
	bool negative = parse_accept(p, TOKEN_MINUS);
	struct literal literal = p->token->literal;
	bool boolean = is_boolean(p->token);
	if (boolean)
		literal = parse_boolean(p)->literal;
	else if (p->token->kind == TOKEN_WORD || p->token->kind == TOKEN_PARAM)
		return expected(p, "a value",
				"a value is a number, a duration, a status, true, false, or a text in quotes"),
		       false;
	else if (!parse_literal(p))
		return false;
	if (p->token->kind != TOKEN_END)
		return expected(p, "nothing more", "put a text with spaces in quotes"), false;
	if (negative && literal.type != TYPE_NUMBER && literal.type != TYPE_DURATION) {
		MISTAKE(p, first->from, first->to, DIAG_WRONG_TYPE, "%s has no sign", value_type_name(literal.type));
		return false;
	}
	if (negative)
		literal.number.numerator = -literal.number.numerator; /* it isn't negative, so this can't overflow */
	*out = literal;
	return true;
}
