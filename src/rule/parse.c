/* parse.c - tokens to a tree. The grammar stands above the functions.
 *
 * Lists (`or`, `and`, sets) are read in loops, so that long chains don't nest; what does nest is counted, because parser and judge recurse. Each
 * function gives NULL if and only if it has reported. What a natural mistake was meant to be is said where it is found.
 */
#include "ast.h"

#include <stdlib.h>

struct parser {
	struct arena *arena;
	const struct excerpt *excerpt;
	struct diags *diags;
	const struct token *token;
	size_t depth;
};

/* ---- tokens ----------------------------------------------------------------------------------------------------- */

static bool is_word(const struct token *token, const char *word)
{
	return token->kind == TOKEN_WORD && text_is(token->text, word);
}

static bool is_one_of(const struct token *token, const char *const *words)
{
	for (; *words; words++)
		if (is_word(token, *words))
			return true;
	return false;
}

static bool accept_word(struct parser *p, const char *word)
{
	if (!is_word(p->token, word))
		return false;
	p->token++;
	return true;
}

static bool accept(struct parser *p, enum token_kind kind)
{
	if (p->token->kind != kind)
		return false;
	p->token++;
	return true;
}

static struct diag *error_at(struct parser *p, size_t from, size_t to, enum diag_code code, const char *message)
{
	return diag_error(p->diags, p->excerpt->source, excerpt_span(p->excerpt, from, to), code, "%s", message);
}

static const char *const keywords[] = {"all",   "any", "no",   "at",   "least", "most",    "exactly", "where", "is",  "are",  "has",
				       "have",  "and", "or",   "not",  "in",    "like",    "matches", "null",  "true", "false", "of",
				       "count", "sum", "min",  "max",  "chainlet", "chainlets", "deployment", "deployments"};

/* A word in capitals that is neither a status nor a keyword in capitals is a status misspelt. */
static void *refuse_capitals(struct parser *p)
{
	const struct token *token = p->token;
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		if (token->text.length != text_of(keywords[i]).length || text_distance(token->text, text_of(keywords[i])) != 0)
			continue;
		struct diag *diag = error_at(p, token->from, token->to, DIAG_WRONG_CASE,
					     arena_printf(p->arena, "'%s' is a keyword in capitals", diag_value(p->diags, token->text)));
		diag_hint(p->diags, diag, "keywords are in lower case: %s", keywords[i]);
		return NULL;
	}
	size_t count;
	const char *const *words = status_words(&count);
	const char *nearest = text_nearest(token->text, words, count);
	struct diag *diag = error_at(p, token->from, token->to, DIAG_UNKNOWN_STATUS,
				     arena_printf(p->arena, "no status is called '%s'", diag_value(p->diags, token->text)));
	if (nearest)
		diag_hint(p->diags, diag, "a status has a similar name: %s", nearest);
	return NULL;
}

static void *expected(struct parser *p, const char *what)
{
	const struct token *token = p->token;
	if (token->kind == TOKEN_CAPS && status_parse(token->text) == STATUS_UNKNOWN)
		return refuse_capitals(p);
	error_at(p, token->from, token->to, DIAG_SYNTAX,
		 arena_printf(p->arena, "expected %s, found %s", what, token_words(p->diags, token)));
	return NULL;
}

/* ---- nodes ------------------------------------------------------------------------------------------------------ */

static struct node *node_new(struct parser *p, enum node_kind kind, const struct token *first)
{
	struct node *node = ARENA_NEW(p->arena, struct node);
	node->kind = kind;
	node->from = first->from;
	node->to = first->to;
	node->op_from = first->from;
	node->op_to = first->to;
	return node;
}

static void node_add(struct parser *p, struct node *node, struct node *child)
{
	node->children = arena_grow(p->arena, node->children, node->count, &node->capacity, sizeof(*node->children));
	node->children[node->count++] = child;
	if (child->from < node->from)
		node->from = child->from;
	if (child->to > node->to)
		node->to = child->to;
}

static struct node *parse_or(struct parser *);
static struct node *parse_sum(struct parser *);

static bool enter(struct parser *p)
{
	if (++p->depth <= RULE_DEPTH_MAX)
		return true;
	struct diag *diag = error_at(p, p->token->from, p->token->to, DIAG_LIMIT_EXCEEDED, "the rule nests too deep");
	diag_hint(p->diags, diag, "at most %d levels of parentheses, not and minus are read", RULE_DEPTH_MAX);
	return false;
}

/* ---- literals and fields ---------------------------------------------------------------------------------------- */

/* field = [ "deployment" "." | "chainlet" "." | "baseline" "." [ "deployment" "." ] ] NAME { "." NAME } */
static struct node *parse_field(struct parser *p)
{
	struct node *node = node_new(p, NODE_FIELD, p->token);
	static const struct {
		const char *prefix;
		enum field_of of;
	} prefixes[] = {{"deployment", FIELD_OF_DEPLOYMENT}, {"chainlet", FIELD_OF_CHAINLET}, {"baseline", FIELD_OF_BASELINE}};
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (!is_word(p->token, prefixes[i].prefix) || p->token[1].kind != TOKEN_DOT)
			continue;
		node->of = prefixes[i].of;
		p->token += 2;
		break;
	}
	size_t from = p->token->from;
	do {
		if (p->token->kind != TOKEN_WORD)
			return expected(p, "a field's name");
		node->to = p->token->to;
		p->token++;
	} while (accept(p, TOKEN_DOT));
	node->text = text_slice(p->excerpt->text, from, node->to);
	return node;
}

/* literal = [ "-" ] INT | DURATION | STRING | STATUS | "true" | "false" | … */
static struct node *parse_literal(struct parser *p)
{
	static const enum node_kind kinds[] = {
		[TOKEN_INTEGER] = NODE_INTEGER, [TOKEN_DURATION] = NODE_DURATION, [TOKEN_STRING] = NODE_STRING,
		[TOKEN_CAPS] = NODE_STATUS,     [TOKEN_DECIMAL] = NODE_DECIMAL,   [TOKEN_PERCENT] = NODE_PERCENT,
		[TOKEN_PARAM] = NODE_PARAM,
	};
	const struct token *token = p->token;
	bool is_literal = token->kind == TOKEN_INTEGER || token->kind == TOKEN_DURATION || token->kind == TOKEN_STRING ||
			  token->kind == TOKEN_CAPS || token->kind == TOKEN_DECIMAL || token->kind == TOKEN_PERCENT ||
			  token->kind == TOKEN_PARAM;
	if (!is_literal)
		return expected(p, "a value");
	struct node *node = node_new(p, kinds[token->kind], token);
	node->integer = token->integer;
	node->text = token->text;
	node->status = token->kind == TOKEN_CAPS ? status_parse(token->text) : STATUS_UNKNOWN;
	if (node->kind == NODE_STATUS && node->status == STATUS_UNKNOWN)
		return refuse_capitals(p);
	p->token++;
	return node;
}

static struct node *parse_boolean(struct parser *p)
{
	struct node *node = node_new(p, NODE_BOOLEAN, p->token);
	node->integer = is_word(p->token, "true");
	p->token++;
	return node;
}

/* ( expr ), the parenthesis not read yet */
static struct node *parse_parenthesis(struct parser *p)
{
	const struct token *open = p->token++;
	if (!enter(p))
		return NULL;
	struct node *inner = parse_or(p);
	p->depth--;
	if (!inner)
		return NULL;
	if (!accept(p, TOKEN_CLOSE)) {
		if (p->token->kind != TOKEN_END)
			return expected(p, "')' or an operator");
		error_at(p, open->from, open->to, DIAG_UNBALANCED, "the parenthesis is not closed");
		return NULL;
	}
	inner->from = open->from;
	inner->to = p->token[-1].to;
	return inner;
}

/* aggregate = ( "count" | "sum" | "min" | "max" ) "(" … ")": read as far as its parentheses, and refused by the checker */
static struct node *parse_aggregate(struct parser *p)
{
	struct node *node = node_new(p, NODE_AGGREGATE, p->token);
	node->text = p->token->text;
	size_t open = 0;
	for (p->token++; p->token->kind != TOKEN_END; p->token++) {
		open += p->token->kind == TOKEN_OPEN;
		if (p->token->kind == TOKEN_CLOSE && --open == 0)
			break;
	}
	if (!accept(p, TOKEN_CLOSE)) {
		error_at(p, node->from, node->to, DIAG_UNBALANCED, "the aggregate's parenthesis is not closed");
		return NULL;
	}
	node->to = p->token[-1].to;
	return node;
}

/* primary = literal | "true" | "false" | field | aggregate | "(" expr ")" */
static struct node *parse_primary(struct parser *p)
{
	static const char *const booleans[] = {"true", "false", NULL};
	static const char *const aggregates[] = {"count", "sum", "min", "max", NULL};
	static const char *const reserved[] = {"and", "or", "where", "is", "are", "has", "have", "in", "null", "of", "like", "matches", NULL};
	const struct token *token = p->token;
	if (token->kind == TOKEN_OPEN)
		return parse_parenthesis(p);
	if (is_one_of(token, booleans))
		return parse_boolean(p);
	if (is_one_of(token, aggregates) && token[1].kind == TOKEN_OPEN)
		return parse_aggregate(p);
	if (token->kind == TOKEN_WORD && !is_one_of(token, reserved))
		return parse_field(p);
	if (token->kind == TOKEN_WORD)
		return expected(p, "a field or a value");
	return parse_literal(p);
}

/* unary = "-" unary | primary */
static struct node *parse_unary(struct parser *p)
{
	if (p->token->kind != TOKEN_MINUS)
		return parse_primary(p);
	struct node *node = node_new(p, NODE_NEGATE, p->token++);
	if (!enter(p))
		return NULL;
	struct node *child = parse_unary(p);
	p->depth--;
	if (!child)
		return NULL;
	node_add(p, node, child);
	return node;
}

static struct node *parse_chain(struct parser *p, const enum token_kind ops[2], struct node *(*next)(struct parser *))
{
	struct node *left = next(p);
	while (left && (p->token->kind == ops[0] || p->token->kind == ops[1])) {
		struct node *node = node_new(p, NODE_ARITHMETIC, p->token++);
		struct node *right = next(p);
		if (!right)
			return NULL;
		node_add(p, node, left);
		node_add(p, node, right);
		left = node;
	}
	return left;
}

/* product = unary { ("*" | "/") unary } */
static struct node *parse_product(struct parser *p)
{
	static const enum token_kind ops[2] = {TOKEN_TIMES, TOKEN_DIVIDE};
	return parse_chain(p, ops, parse_unary);
}

/* sum = product { ("+" | "-") product } */
static struct node *parse_sum(struct parser *p)
{
	static const enum token_kind ops[2] = {TOKEN_PLUS, TOKEN_MINUS};
	return parse_chain(p, ops, parse_product);
}

/* ---- comparisons ------------------------------------------------------------------------------------------------ */

static bool is_comparison(enum token_kind kind)
{
	return kind >= TOKEN_EQUAL && kind <= TOKEN_GREATER_EQUAL;
}

/* set = "[" literal { "," literal } "]" | CLASS, into a node */
static bool parse_set(struct parser *p, struct node *node)
{
	if (p->token->kind == TOKEN_WORD) {
		size_t count;
		const char *const *words = status_class_words(&count);
		node->class = status_class_parse(p->token->text);
		if (node->class == CLASS_NONE) {
			const char *nearest = text_nearest(p->token->text, words, count);
			struct diag *diag = error_at(p, p->token->from, p->token->to, DIAG_UNKNOWN_CLASS,
						     arena_printf(p->arena, "no class of statuses is called '%s'",
								  diag_value(p->diags, p->token->text)));
			diag_hint(p->diags, diag, nearest ? "a class has a similar name: %s" : "the classes are in_progress, ready, idle, unhealthy and failed%s",
				  nearest ? nearest : "");
			return false;
		}
		node->to = p->token->to;
		p->token++;
		return true;
	}
	const struct token *open = p->token;
	if (!accept(p, TOKEN_OPEN_SET))
		return expected(p, "a set such as [ACTIVE, UNHEALTHY], or a class"), false;
	do {
		const struct token *minus = p->token->kind == TOKEN_MINUS ? p->token++ : NULL;
		struct node *literal = parse_literal(p);
		if (!literal)
			return false;
		if (minus) {
			struct node *negated = node_new(p, NODE_NEGATE, minus);
			node_add(p, negated, literal);
			literal = negated;
		}
		node->set = arena_grow(p->arena, node->set, node->set_count, &node->set_capacity, sizeof(*node->set));
		node->set[node->set_count++] = literal;
	} while (accept(p, TOKEN_COMMA));
	if (!accept(p, TOKEN_CLOSE_SET)) {
		if (p->token->kind != TOKEN_END)
			return expected(p, "',' or ']'"), false;
		error_at(p, open->from, open->to, DIAG_UNBALANCED, "the set is not closed");
		return false;
	}
	node->to = p->token[-1].to;
	return true;
}

static struct node *parse_compared(struct parser *p, struct node *left)
{
	const struct token *op = p->token++;
	struct node *node = node_new(p, NODE_COMPARE, op);
	node->op = op->kind;
	if (is_word(p->token, "null")) {
		struct diag *diag = error_at(p, p->token->from, p->token->to, DIAG_SYNTAX, "nothing compares with null");
		diag_hint(p->diags, diag, op->kind == TOKEN_NOT_EQUAL ? "write is not null" : "write is null");
		return NULL;
	}
	struct node *right = parse_sum(p);
	if (!right)
		return NULL;
	node_add(p, node, left);
	node_add(p, node, right);
	if (is_comparison(p->token->kind)) {
		struct diag *diag = error_at(p, p->token->from, p->token->to, DIAG_CHAINED_COMPARISON, "comparisons do not chain");
		diag_hint(p->diags, diag, "write a < b and b < c");
		return NULL;
	}
	return node;
}

static struct node *parse_match(struct parser *p, struct node *left)
{
	struct node *node = node_new(p, NODE_MATCH, p->token++);
	struct node *pattern = parse_literal(p);
	if (!pattern)
		return NULL;
	node_add(p, node, left);
	node_add(p, node, pattern);
	return node;
}

/* comparison = sum [ op sum | [ "not" ] "in" set | [ "not" ] ( "like" | "matches" ) … | "is" [ "not" ] "null" ] */
static struct node *parse_comparison(struct parser *p)
{
	static const char *const patterns[] = {"like", "matches", NULL};
	struct node *left = parse_sum(p);
	if (!left)
		return NULL;
	if (is_comparison(p->token->kind))
		return parse_compared(p, left);
	bool negated = is_word(p->token, "not") && (is_word(&p->token[1], "in") || is_one_of(&p->token[1], patterns));
	const struct token *op = p->token;
	if (negated)
		p->token++;
	if (is_one_of(p->token, patterns))
		return parse_match(p, left);
	if (accept_word(p, "in")) {
		struct node *node = node_new(p, NODE_IN, op);
		node->negated = negated;
		node->op_to = p->token[-1].to;
		node_add(p, node, left);
		return parse_set(p, node) ? node : NULL;
	}
	bool is_not_null = is_word(op, "is") && is_word(&op[1], "not") && is_word(&op[2], "null");
	if (is_not_null || (is_word(op, "is") && is_word(&op[1], "null"))) {
		struct node *node = node_new(p, NODE_IS_NULL, op);
		node->negated = is_not_null;
		p->token += is_not_null ? 3 : 2;
		node->op_to = node->to = p->token[-1].to;
		node_add(p, node, left);
		return node;
	}
	return left;
}

/* not = "not" not | comparison */
static struct node *parse_not(struct parser *p)
{
	if (!is_word(p->token, "not"))
		return parse_comparison(p);
	struct node *node = node_new(p, NODE_NOT, p->token++);
	if (!enter(p))
		return NULL;
	struct node *child = parse_not(p);
	p->depth--;
	if (!child)
		return NULL;
	node_add(p, node, child);
	return node;
}

static struct node *parse_list(struct parser *p, enum node_kind kind, const char *word, struct node *(*next)(struct parser *))
{
	struct node *first = next(p);
	if (!first || !is_word(p->token, word))
		return first;
	struct node *list = node_new(p, kind, p->token);
	node_add(p, list, first);
	while (accept_word(p, word)) {
		struct node *one = next(p);
		if (!one)
			return NULL;
		node_add(p, list, one);
	}
	return list;
}

/* and = not { "and" not } */
static struct node *parse_and(struct parser *p)
{
	return parse_list(p, NODE_AND, "and", parse_not);
}

/* expr = and { "or" and } */
static struct node *parse_or(struct parser *p)
{
	return parse_list(p, NODE_OR, "or", parse_and);
}

/* ---- quantified rules ------------------------------------------------------------------------------------------- */

static const struct {
	const char *first, *second;
	enum quantifier quantifier;
} quantifiers[] = {
	{"all", NULL, QUANTIFIER_ALL},           {"any", NULL, QUANTIFIER_ANY},        {"no", NULL, QUANTIFIER_NO},
	{"at", "least", QUANTIFIER_AT_LEAST},    {"at", "most", QUANTIFIER_AT_MOST},   {"exactly", NULL, QUANTIFIER_EXACTLY},
};

/* quantifier = "all" | "any" | "no" | "at" "least" COUNT | "at" "most" COUNT | "exactly" COUNT; true also where there is none */
static bool parse_quantifier(struct parser *p, struct rule *rule)
{
	for (size_t i = 0; i < sizeof(quantifiers) / sizeof(quantifiers[0]); i++)
		if (is_word(p->token, quantifiers[i].first) &&
		    (!quantifiers[i].second || is_word(&p->token[1], quantifiers[i].second))) {
			rule->quantifier = quantifiers[i].quantifier;
			p->token += quantifiers[i].second ? 2 : 1;
			break;
		}
	if (rule->quantifier < QUANTIFIER_AT_LEAST)
		return true;
	const struct token *count = p->token;
	if (count->kind == TOKEN_PARAM) {
		error_at(p, count->from, count->to, DIAG_NOT_SUPPORTED, "parameters are not supported yet");
		return false;
	}
	if (!accept(p, TOKEN_INTEGER))
		return expected(p, "a whole number"), false;
	rule->number = count->integer;
	if (rule->quantifier == QUANTIFIER_AT_LEAST && rule->number == 0) {
		struct diag *diag = error_at(p, count->from, count->to, DIAG_INVALID_COUNT, "'at least 0' is always true");
		diag_hint(p->diags, diag, "write at least 1, or leave the rule out");
		return false;
	}
	return true;
}

/* noun = "chainlet" | "chainlets" | "deployment" | "deployments" */
static bool parse_noun(struct parser *p, struct rule *rule)
{
	if (accept_word(p, "chainlet") || accept_word(p, "chainlets")) {
		rule->scope = SCOPE_CHAINLETS;
		return true;
	}
	if (accept_word(p, "deployment") || accept_word(p, "deployments")) {
		rule->scope = SCOPE_DEPLOYMENTS;
		return true;
	}
	return expected(p, "chainlets or deployments"), false;
}

/* A body of a status or class alone. */
static struct node *parse_status_body(struct parser *p, const struct token *first, bool negated)
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
	if (p->token->kind == TOKEN_END)
		return node;
	struct text word = text_slice(p->excerpt->text, node->op_from, node->op_to);
	struct diag *diag = error_at(p, p->token->from, p->token->to, DIAG_SYNTAX,
				     arena_printf(p->arena, "'%.*s' alone must be the end of the rule", TEXT_ARG(word)));
	diag_hint(p->diags, diag, "write %sstatus %s %.*s %s …", negated ? "not " : "", first->kind == TOKEN_CAPS || p->token->kind == TOKEN_CAPS || node->class == CLASS_NONE ? "==" : "in", TEXT_ARG(word),
		  p->token->kind == TOKEN_WORD ? p->token->text.bytes[0] == 'o' ? "or" : "and" : "and");
	return NULL;
}

/* [ "not" ] "in" set, and nothing behind it */
static struct node *parse_in_body(struct parser *p, bool negated)
{
	struct node *node = node_new(p, NODE_STATUS_IS, p->token++);
	node->negated = negated;
	if (!parse_set(p, node))
		return NULL;
	if (p->token->kind == TOKEN_END)
		return node;
	struct diag *diag = error_at(p, p->token->from, p->token->to, DIAG_SYNTAX, "the set must be the end of the rule");
	diag_hint(p->diags, diag, "write status in … to go on behind it");
	return NULL;
}

static bool is_class_alone(const struct token *token)
{
	if (token->kind != TOKEN_WORD || status_class_parse(token->text) == CLASS_NONE)
		return false;
	return token[1].kind == TOKEN_END || is_word(&token[1], "and") || is_word(&token[1], "or");
}

/* A word alone that is nearly a class. */
static bool is_nearly_class(const struct token *token)
{
	size_t count;
	const char *const *words = status_class_words(&count);
	return token->kind == TOKEN_WORD && token[1].kind == TOKEN_END && !field_find(token->text, true) &&
	       !field_find(token->text, false) && text_nearest(token->text, words, count);
}

/* body = STATUS | CLASS | "not" ( STATUS | CLASS ) | [ "not" ] "in" set | expr */
static struct node *parse_body(struct parser *p)
{
	const struct token *first = p->token;
	bool negated = is_word(first, "not");
	const struct token *next = negated ? first + 1 : first;
	bool status = next->kind == TOKEN_CAPS && !is_comparison(next[1].kind);
	if (status || is_class_alone(next) || is_nearly_class(next)) {
		p->token = next;
		return parse_status_body(p, next, negated);
	}
	if (is_word(next, "in")) {
		p->token = next;
		return parse_in_body(p, negated);
	}
	return parse_or(p);
}

/* quantified = quantifier noun [ "where" expr ] [ link ] body */
static bool parse_quantified(struct parser *p, struct rule *rule)
{
	static const char *const links[] = {"is", "are", "has", "have", NULL};
	if (!parse_noun(p, rule))
		return false;
	bool has_where = accept_word(p, "where");
	if (has_where && !(rule->where = parse_or(p)))
		return false;
	if (is_one_of(p->token, links))
		p->token++;
	else if (has_where) {
		expected(p, "is, are, has or have behind the where");
		return false;
	}
	if (has_where && p->token[-1].kind == TOKEN_WORD && is_word(&p->token[-1], "is") && rule->where->kind == NODE_FIELD) {
		struct diag *diag = error_at(p, rule->where->to ? p->token[-1].from : 0, p->token[-1].to, DIAG_SYNTAX,
					     "'is' does not compare");
		diag_hint(p->diags, diag, "write where %.*s == …", TEXT_ARG(rule->where->text));
		return false;
	}
	rule->body = parse_body(p);
	return rule->body != NULL;
}

static bool parse_end(struct parser *p)
{
	static const char *const links[] = {"is", "are", "has", "have", NULL};
	if (p->token->kind == TOKEN_END)
		return true;
	if (is_one_of(p->token, links)) {
		struct diag *diag = error_at(p, p->token->from, p->token->to, DIAG_SYNTAX,
					     arena_printf(p->arena, "'%.*s' does not compare", TEXT_ARG(p->token->text)));
		diag_hint(p->diags, diag, "write == to compare, is null to ask whether there is a value");
	} else if (p->token->kind == TOKEN_CLOSE || p->token->kind == TOKEN_CLOSE_SET) {
		error_at(p, p->token->from, p->token->to, DIAG_UNBALANCED,
			 arena_printf(p->arena, "'%.*s' closes nothing", TEXT_ARG(p->token->text)));
	} else {
		expected(p, "an operator or the end of the rule");
	}
	return false;
}

/* rule = quantified | expr */
static bool parse_rule(struct parser *p, struct rule *rule)
{
	if (p->token->kind == TOKEN_END) {
		error_at(p, 0, p->excerpt->text.length, DIAG_SYNTAX, "the rule is empty");
		return false;
	}
	if (is_word(p->token, "not")) {
		struct rule probe = {0};
		struct parser ahead = *p;
		struct diags silent = {.arena = p->arena};
		ahead.diags = &silent;
		ahead.token++;
		if (parse_quantifier(&ahead, &probe) && probe.quantifier != QUANTIFIER_NONE) {
			struct diag *diag = error_at(p, p->token->from, p->token->to, DIAG_SYNTAX, "a quantifier cannot be negated");
			diag_hint(p->diags, diag, "instead of not all … write any … not …; instead of not any … write no …");
			return false;
		}
	}
	if (!parse_quantifier(p, rule))
		return false;
	if (rule->quantifier != QUANTIFIER_NONE)
		return parse_quantified(p, rule) && parse_end(p);
	rule->body = parse_or(p);
	return rule->body && parse_end(p);
}

struct rule *rule_read(struct arena *arena, const struct excerpt *excerpt, struct diags *diags)
{
	struct parser parser = {.arena = arena, .excerpt = excerpt, .diags = diags};
	if (excerpt->text.length > RULE_BYTES_MAX) {
		struct diag *diag = diag_error(diags, excerpt->source, excerpt_span(excerpt, RULE_BYTES_MAX, RULE_BYTES_MAX),
					       DIAG_LIMIT_EXCEEDED, "the rule is longer than %d bytes", RULE_BYTES_MAX);
		diag_hint(diags, diag, "make several rules of it");
		return NULL;
	}
	parser.token = lex(arena, excerpt, diags);
	if (!parser.token)
		return NULL;
	struct rule *rule = ARENA_NEW(arena, struct rule);
	rule->excerpt = *excerpt;
	return parse_rule(&parser, rule) ? rule : NULL;
}
