/* parse.c - parses expressions. The grammar line is above each function. Quantified rules are in quantified.c.
 *
 * Lists (`or`, `and`, sums, products, sets) are read in loops, so that long chains don't nest. Real nesting is
 * counted, because parser and judge recurse. Each function returns NULL if and only if it has reported an error. For
 * common mistakes, the message says what was probably meant.
 */
#include "parser.h"

/* ---- tokens ----------------------------------------------------------------------------------------------------- */

bool accept_word(struct parser *p, const char *word)
{
	if (!is_word(p->token, word))
		return false;
	p->token++;
	return true;
}

bool parse_accept(struct parser *p, enum token_kind kind)
{
	if (p->token->kind != kind)
		return false;
	p->token++;
	return true;
}

/* ---- mistakes --------------------------------------------------------------------------------------------------- */

static const char *const keywords[] = {
	"all",       "any",        "no",          "at",       "least", "most",   "exactly", "where", "is",
	"are",       "has",        "have",        "and",      "or",    "not",    "in",      "like",  "matches",
	"null",      "true",       "false",       "of",       "count", "sum",    "min",     "max",   "chainlet",
	"chainlets", "deployment", "deployments", "baseline", "new",   "missing"};

/* A word in capitals that is neither a status nor a keyword in capitals is a misspelt status. */
void *refuse_capitals(struct parser *p)
{
	const struct token *token = p->token;
	const char *value = diag_value(p->diags, token->text);
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		if (text_distance(token->text, text_of(keywords[i])) != 0)
			continue;
		struct diag *diag =
			MISTAKE(p, token->from, token->to, DIAG_WRONG_CASE, "'%s' is a keyword in capitals", value);
		diag_hint(p->diags, diag, "keywords are in lower case: %s", keywords[i]);
		return NULL;
	}
	status_refuse(p->diags, p->excerpt->source, excerpt_span(p->excerpt, token->from, token->to), token->text);
	return NULL;
}

/* True for a keyword with capitals. It can't be a field, because no field's name has capitals. */
static bool is_keyword_in_capitals(const struct token *token)
{
	bool has_capital = false;
	for (size_t i = 0; i < token->text.length; i++)
		has_capital |= token->text.bytes[i] >= 'A' && token->text.bytes[i] <= 'Z';
	if (!has_capital || (token->kind != TOKEN_WORD && token->kind != TOKEN_CAPS))
		return false;
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (text_distance(token->text, text_of(keywords[i])) == 0)
			return true;
	return false;
}

/* The word after "label." is the label's name, which may be any word. */
static bool is_of_label(const struct parser *p, const struct token *token)
{
	return token - p->first >= 2 && token[-1].kind == TOKEN_DOT && text_is(token[-2].text, "label");
}

bool refuse_keywords_in_capitals(struct parser *p)
{
	const struct token *first = p->token;
	for (; p->token->kind != TOKEN_END; p->token++)
		if (is_keyword_in_capitals(p->token) && !is_of_label(p, p->token))
			return refuse_capitals(p), false;
	p->token = first;
	return true;
}

void *expected(struct parser *p, const char *what, const char *remedy)
{
	const struct token *token = p->token;
	const char *meant = foreign_remedy(p, token > p->first ? token - 1 : NULL);
	if (token->kind == TOKEN_CAPS && token->literal.status == STATUS_UNKNOWN)
		return refuse_capitals(p);
	struct diag *diag = MISTAKE(p, token->from, token->to, DIAG_SYNTAX, "expected %s, found %s", what,
				    token_words(p->diags, token));
	diag_hint(p->diags, diag, "%s",
		  meant ? meant
		  : is_word(token, "has") && token[1].kind == TOKEN_OPEN
			  ? "write is null or is not null: environment is not null"
		  : is_link(token) ? "write == to compare, is null to ask whether there is a value"
				   : remedy);
	return NULL;
}

bool enter(struct parser *p)
{
	if (++p->depth <= RULE_DEPTH_MAX)
		return true;
	struct diag *diag = MISTAKE(p, p->token->from, p->token->to, DIAG_LIMIT_EXCEEDED, "the rule nests too deep");
	diag_hint(p->diags, diag, "at most %d levels of parentheses, not, minus and aggregates are read",
		  RULE_DEPTH_MAX);
	return false;
}

/* ---- nodes ------------------------------------------------------------------------------------------------------ */

struct node *node_new(struct parser *p, enum node_kind kind, const struct token *first)
{
	struct node *node = ARENA_NEW(p->arena, struct node);
	node->kind = kind;
	node->from = first->from;
	node->to = first->to;
	node->op_from = first->from;
	node->op_to = first->to;
	return node;
}

void node_add(struct parser *p, struct node *node, struct node *child)
{
	node->children = arena_grow(p->arena, node->children, node->count, &node->capacity, sizeof(*node->children));
	node->children[node->count++] = child;
	if (child->from < node->from)
		node->from = child->from;
	if (child->to > node->to)
		node->to = child->to;
}

/* ---- arithmetic ------------------------------------------------------------------------------------------------- */

/* "(" expr ")"; the parenthesis hasn't been read yet */
static struct node *parse_parenthesis(struct parser *p)
{
	const struct token *open = p->token++;
	if (!enter(p))
		return NULL;
	struct node *inner = parse_expression(p);
	p->depth--;
	if (!inner || !parse_close(p, open, "')' or an operator"))
		return NULL;
	inner->from = open->from;
	inner->to = p->token[-1].to;
	return inner;
}

static bool is_comparison(enum token_kind kind)
{
	return kind >= TOKEN_EQUAL && kind <= TOKEN_GREATER_EQUAL;
}

/* primary = literal | "true" | "false" | field | aggregate | "(" expr ")" */
static struct node *parse_primary(struct parser *p)
{
	static const char *const reserved[] = {"and", "or",   "where", "is",   "are",     "has", "have",
					       "in",  "null", "of",    "like", "matches", "not", NULL};
	const struct token *token = p->token;
	if (is_quantified(token)) {
		struct diag *diag =
			MISTAKE(p, token->from, token->to, DIAG_SYNTAX, "a quantifier must be the beginning of a rule");
		diag_hint(p->diags, diag, "write two rules, each with its quantifier");
		return NULL;
	}
	if (token->kind == TOKEN_OPEN)
		return parse_parenthesis(p);
	if (is_boolean(token))
		return parse_boolean(p);
	if (is_aggregate(token))
		return parse_aggregate(p);
	if (token->kind == TOKEN_WORD && !is_one_of(token, reserved))
		return parse_field(p);
	if (is_comparison(token->kind))
		return expected(p, "a field or a value", "something is missing in front of it, as in status != FAILED");
	if (token->kind == TOKEN_DOT)
		return expected(p, "a field or a value",
				"write it without a path: all chainlets have min_replica >= 2");
	if (token->kind < TOKEN_CAPS || token->kind > TOKEN_PARAM)
		return expected(p, "a field or a value",
				"that is a field's name, a number, a duration, a status, or a text in quotes");
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

/* One node for everything joined by two operators of the same precedence. */
static struct node *parse_chain(struct parser *p, enum node_kind kind, const enum token_kind ops[2],
				struct node *(*next)(struct parser *))
{
	struct node *first = next(p), *chain = NULL;
	while (first && (p->token->kind == ops[0] || p->token->kind == ops[1])) {
		const struct token *op = p->token++;
		if (!chain) {
			chain = node_new(p, kind, op);
			node_add(p, chain, first);
		}
		struct node *right = next(p);
		if (!right)
			return NULL;
		/* A parenthesised child already has a place of its own; its operator needs another node. */
		struct node *joined = ARENA_NEW(p->arena, struct node);
		*joined = *right;
		joined->joined_by = op->kind;
		joined->join_from = op->from;
		joined->join_to = op->to;
		node_add(p, chain, joined);
	}
	return chain ? chain : first;
}

/* product = unary { ("*" | "/") unary } */
static struct node *parse_product(struct parser *p)
{
	static const enum token_kind ops[2] = {TOKEN_TIMES, TOKEN_DIVIDE};
	return parse_chain(p, NODE_PRODUCT, ops, parse_unary);
}

/* sum = product { ("+" | "-") product } */
static struct node *parse_sum(struct parser *p)
{
	static const enum token_kind ops[2] = {TOKEN_PLUS, TOKEN_MINUS};
	return parse_chain(p, NODE_SUM, ops, parse_product);
}

/* ---- comparisons ------------------------------------------------------------------------------------------------ */

/* `environment == staging`: a single word that isn't a field, compared with a string field. */
static bool is_bare_string(const struct parser *p, const struct node *left)
{
	const struct token *token = p->token;
	bool is_word =
		token->kind == TOKEN_WORD || (token->kind == TOKEN_CAPS && token->literal.status == STATUS_UNKNOWN);
	if (left->kind != NODE_FIELD || !is_word || token[1].kind == TOKEN_DOT)
		return false;
	const struct field *field = field_find(left->text, true);
	if (!field)
		field = field_find(left->text, false);
	return field && field->type == TYPE_STRING && !is_boolean(token) && !is_aggregate(token) &&
	       !field_find(token->text, true) && !field_find(token->text, false);
}

static struct node *parse_compared(struct parser *p, struct node *left)
{
	const struct token *op = p->token++;
	struct node *node = node_new(p, NODE_COMPARE, op);
	node->op = op->kind;
	static const char *const nulls[] = {"null", "None", "none", "nil", "undefined", NULL};
	if (is_one_of(p->token, nulls)) {
		struct diag *diag = MISTAKE(p, p->token->from, p->token->to, DIAG_SYNTAX, "null cannot be compared");
		diag_hint(p->diags, diag, op->kind == TOKEN_NOT_EQUAL ? "write is not null" : "write is null");
		return NULL;
	}
	if (is_bare_string(p, left)) {
		struct diag *diag = MISTAKE(p, p->token->from, p->token->to, DIAG_SYNTAX, "'%.*s' is not in quotes",
					    TEXT_ARG(p->token->text));
		if (text_ends_with(left->text, "instance_type_name"))
			diag_hint(p->diags, diag,
				  "put strings in quotes; the name goes on after the GPU: %.*s %s \"%.*s*\"",
				  TEXT_ARG(left->text), op->kind == TOKEN_NOT_EQUAL ? "not like" : "like",
				  TEXT_ARG(p->token->text));
		else
			diag_hint(p->diags, diag, "put strings in quotes: \"%.*s\"", TEXT_ARG(p->token->text));
		return NULL;
	}
	struct node *right = parse_sum(p);
	if (!right)
		return NULL;
	node_add(p, node, left);
	node_add(p, node, right);
	if (is_comparison(p->token->kind)) {
		struct diag *diag =
			MISTAKE(p, p->token->from, p->token->to, DIAG_CHAINED_COMPARISON, "comparisons do not chain");
		diag_hint(p->diags, diag, "write a < b and b < c");
		return NULL;
	}
	return node;
}

/* ( "like" | "matches" ) ( STRING | PARAM ), after the matched operand */
static struct node *parse_match(struct parser *p, struct node *left, const struct token *op)
{
	struct node *node = node_new(p, NODE_MATCH, op);
	node->negated = is_word(op, "not");
	node->is_glob = is_word(p->token, "like");
	node->op_to = p->token->to;
	p->token++;
	if (p->token->kind != TOKEN_STRING && p->token->kind != TOKEN_PARAM)
		return expected(p, "a pattern in quotes, or a parameter", "as in name like \"Retr*\"");
	node->pattern_literal = parse_literal(p);
	if (!node->pattern_literal)
		return NULL;
	node_add(p, node, left);
	node->to = node->pattern_literal->to;
	return node;
}

static struct node *parse_in(struct parser *p, struct node *left, const struct token *op)
{
	struct node *node = node_new(p, NODE_IN, op);
	node->negated = is_word(op, "not");
	node->op_to = p->token->to;
	p->token++;
	node_add(p, node, left);
	return parse_set(p, node) ? node : NULL;
}

/* "is" [ "not" ] "null", after the tested operand */
static struct node *parse_is_null(struct parser *p, struct node *left)
{
	struct node *node = node_new(p, NODE_IS_NULL, p->token++);
	node->negated = accept_word(p, "not");
	p->token++;
	node->op_to = node->to = p->token[-1].to;
	node_add(p, node, left);
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
	const struct token *op = p->token;
	const struct token *word = is_word(op, "not") ? op + 1 : op;
	if (is_one_of(word, patterns)) {
		p->token = word;
		return parse_match(p, left, op);
	}
	if (is_word(word, "in")) {
		p->token = word;
		return parse_in(p, left, op);
	}
	if (is_word(op, "is") && is_word(&op[is_word(&op[1], "not") ? 2 : 1], "null"))
		return parse_is_null(p, left);
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

static struct node *parse_list(struct parser *p, enum node_kind kind, const char *word,
			       struct node *(*next)(struct parser *))
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
struct node *parse_expression(struct parser *p)
{
	return parse_list(p, NODE_OR, "or", parse_and);
}
