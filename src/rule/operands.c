/* operands.c - parses operands: fields, literals, parameters, aggregates, sets. */
#include "parser.h"

/* ---- names of parameters in texts, where nothing replaces them --------------------------------------------------- */

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The parameter that is named at the beginning of the text, as `$gpu` or `${gpu}`; NULL if none is. */
static const struct param *named_at(const struct parser *p, struct text text)
{
	size_t from = text_starts_with(text, "${") ? 2 : text_starts_with(text, "$") ? 1 : text.length, to = from;
	while (to < text.length && is_name_byte(text.bytes[to]))
		to++;
	for (size_t i = 0; i < p->context->param_count; i++)
		if (to > from && text_equal(p->context->params[i].name, text_slice(text, from, to)))
			return &p->context->params[i];
	return NULL;
}

/* The first parameter that is named in the text; NULL if none is. */
static const struct param *named_in(const struct parser *p, struct text text)
{
	const struct param *param = NULL;
	for (size_t at = 0; at < text.length && !param; at++)
		param = named_at(p, text_slice(text, at, text.length));
	return param;
}

/* False, with an error reported, if a parameter is named in the string. It looks at the string as written: whoever means
 * the character writes \u{24}. */
static bool check_quoted(struct parser *p, size_t from, size_t to)
{
	const struct param *param = named_in(p, text_slice(p->excerpt->text, from, to));
	if (!param)
		return true;
	const char *name = arena_text(p->arena, param->name).bytes;
	struct diag *diag = MISTAKE(p, from, to, DIAG_SYNTAX, "the parameter '%s' is not replaced in a text", name);
	if (param->value.type == TYPE_STRING)
		diag_hint(p->diags, diag, "write $%s without quotes: its value is then the whole text", name);
	else
		diag_hint(p->diags, diag,
			  "give the parameter a text in quotes, the whole one, and use it without quotes");
	return false;
}

/* The same for the value of a parameter that the rule uses. */
static bool check_value(struct parser *p, const struct node *node)
{
	const struct param *param = node->literal.type == TYPE_STRING ? named_in(p, node->literal.text) : NULL;
	if (!param)
		return true;
	const char *name = arena_text(p->arena, param->name).bytes;
	diag_hint(p->diags,
		  MISTAKE(p, node->from, node->to, DIAG_SYNTAX,
			  "the text of '$%s' names the parameter '%s', which is not replaced in it",
			  arena_text(p->arena, node->text).bytes, name),
		  "give the parameter the whole text; or call the other one something else");
	return false;
}

/* ---- literals and fields ---------------------------------------------------------------------------------------- */

/* LABEL = NAME | STRING: any word, or a text in quotes; `label.` has been read */
static struct node *parse_label(struct parser *p, struct node *node, size_t from)
{
	bool is_text = p->token->kind == TOKEN_STRING;
	struct text name = is_text ? p->token->literal.text : p->token->text;
	if ((!is_text && p->token->kind != TOKEN_WORD && p->token->kind != TOKEN_CAPS) || !name.length)
		return expected(p, "a label's name", "write label.team, or label.\"my-team\" if the name isn't a word");
	const struct param *param =
		is_text ? named_in(p, text_slice(p->excerpt->text, p->token->from, p->token->to)) : NULL;
	if (param) {
		diag_hint(p->diags,
			  MISTAKE(p, p->token->from, p->token->to, DIAG_SYNTAX,
				  "the parameter '%s' is not replaced in a label's name",
				  arena_text(p->arena, param->name).bytes),
			  "no parameter can stand for a label: write the label's own name");
		return NULL;
	}
	node->to = p->token->to;
	node->text = text_slice(p->excerpt->text, from, node->to);
	node->label = name;
	p->token++;
	if (p->token->kind != TOKEN_DOT)
		return node;
	diag_hint(p->diags, MISTAKE(p, p->token->from, p->token->to, DIAG_SYNTAX, "a label has no parts of its own"),
		  "if the point belongs to the name, put the whole name in quotes: label.\"my.team\"");
	return NULL;
}

static bool is_label(const struct token *token)
{
	return is_word(token, "label") && token[1].kind == TOKEN_DOT;
}

/* field = [ "deployment" "." | "chainlet" "." | "counterpart" "." | "baseline" "." [ "deployment" "." ] ] NAME { "."
 * NAME } | … "label" "." LABEL */
struct node *parse_field(struct parser *p)
{
	static const struct {
		const char *first, *second;
		enum field_of of;
	} prefixes[] = {
		{"baseline", "deployment", FIELD_OF_BASELINE_DEPLOYMENT},
		{"baseline", NULL, FIELD_OF_BASELINE_ITEM},
		{"deployment", NULL, FIELD_OF_DEPLOYMENT},
		{"chainlet", NULL, FIELD_OF_CHAINLET},
		{"counterpart", NULL, FIELD_OF_COUNTERPART},
	};
	struct node *node = node_new(p, NODE_FIELD, p->token);
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		const struct token *t = p->token;
		if (!is_word(t, prefixes[i].first) || t[1].kind != TOKEN_DOT)
			continue;
		if (prefixes[i].second && (!is_word(&t[2], prefixes[i].second) || t[3].kind != TOKEN_DOT))
			continue;
		node->of = prefixes[i].of;
		node->has_prefix = true;
		p->token += prefixes[i].second ? 4 : 2;
		break;
	}
	size_t from = p->token->from;
	if (is_label(p->token)) {
		p->token += 2;
		return parse_label(p, node, from);
	}
	do {
		if (p->token->kind != TOKEN_WORD)
			return expected(p, "a field's name", "chaingate explain lists the fields");
		node->to = p->token->to;
		p->token++;
	} while (parse_accept(p, TOKEN_DOT));
	node->text = text_slice(p->excerpt->text, from, node->to);
	return node;
}

/* PARAM = "$" NAME */
static struct node *parse_param(struct parser *p)
{
	struct node *node = node_new(p, NODE_PARAM, p->token);
	node->text = text_slice(p->token->text, 1, p->token->text.length);
	p->token++;
	for (size_t i = 0; i < p->context->param_count; i++)
		if (text_equal(p->context->params[i].name, node->text)) {
			if (p->context->params[i].used)
				*p->context->params[i].used = true;
			if (p->context->params[i].is_refused)
				return NULL; /* reported where the parameter is given */
			node->literal = p->context->params[i].value;
			return check_value(p, node) ? node : NULL;
		}
	const char **names = ARENA_ARRAY(p->arena, const char *, p->context->param_count);
	for (size_t i = 0; i < p->context->param_count; i++)
		names[i] = arena_text(p->arena, p->context->params[i].name).bytes;
	const char *nearest = text_nearest(node->text, names, p->context->param_count);
	struct diag *diag = MISTAKE(p, node->from, node->to, DIAG_UNKNOWN_PARAMETER, "no parameter is called '%s'",
				    diag_value(p->diags, node->text));
	if (nearest)
		diag_hint(p->diags, diag, "a parameter has a similar name: $%s", nearest);
	else
		diag_hint(p->diags, diag, "parameters and their defaults are under params: in the policy");
	return NULL;
}

/* literal = INT | DECIMAL | PERCENT | DURATION | STRING | STATUS | PARAM */
struct node *parse_literal(struct parser *p)
{
	const struct token *token = p->token;
	switch (token->kind) {
	case TOKEN_PARAM: return parse_param(p);
	case TOKEN_CAPS:
		if (token->literal.status == STATUS_UNKNOWN)
			return refuse_capitals(p);
		break;
	case TOKEN_INTEGER:
	case TOKEN_DECIMAL:
	case TOKEN_PERCENT:
	case TOKEN_DURATION:
	case TOKEN_STRING: break;
	case TOKEN_END:
	case TOKEN_WORD:
	case TOKEN_OPEN:
	case TOKEN_CLOSE:
	case TOKEN_OPEN_SET:
	case TOKEN_CLOSE_SET:
	case TOKEN_COMMA:
	case TOKEN_DOT:
	case TOKEN_PLUS:
	case TOKEN_MINUS:
	case TOKEN_TIMES:
	case TOKEN_DIVIDE:
	case TOKEN_EQUAL:
	case TOKEN_NOT_EQUAL:
	case TOKEN_LESS:
	case TOKEN_LESS_EQUAL:
	case TOKEN_GREATER:
	case TOKEN_GREATER_EQUAL:
		return expected(p, "a value", "a value is a number, a duration, a status, or a text in quotes");
	}
	struct node *node = node_new(p, NODE_LITERAL, token);
	node->literal = token->literal;
	p->token++;
	return token->kind == TOKEN_STRING && !check_quoted(p, node->from, node->to) ? NULL : node;
}

struct node *parse_boolean(struct parser *p)
{
	struct node *node = node_new(p, NODE_LITERAL, p->token);
	node->literal = (struct literal){.type = TYPE_BOOLEAN, .number = {is_word(p->token, "true"), 1}};
	p->token++;
	return node;
}

/* Parses the parenthesis that closes `open`. */
bool parse_close(struct parser *p, const struct token *open, const char *what)
{
	if (parse_accept(p, TOKEN_CLOSE))
		return true;
	if (p->token->kind == TOKEN_END)
		diag_hint(p->diags, MISTAKE(p, open->from, open->to, DIAG_UNBALANCED, "the parenthesis is not closed"),
			  "add ')' where it ends");
	else
		expected(p, what, OPERATOR_REMEDY);
	return false;
}

/* ---- aggregates ------------------------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	enum aggregate aggregate;
} aggregates[] = {{"count", AGGREGATE_COUNT}, {"sum", AGGREGATE_SUM}, {"min", AGGREGATE_MIN}, {"max", AGGREGATE_MAX}};

bool is_aggregate(const struct token *token)
{
	for (size_t i = 0; i < sizeof(aggregates) / sizeof(aggregates[0]); i++)
		if (is_word(token, aggregates[i].name) && token[1].kind == TOKEN_OPEN)
			return true;
	return false;
}

/* `count(chainlets ACTIVE)` */
static void hint_at_where(struct parser *p)
{
	const struct token *token = p->token;
	bool status = token->kind == TOKEN_CAPS && token->literal.status != STATUS_UNKNOWN;
	bool class = token->kind == TOKEN_WORD && status_class_parse(token->text) != CLASS_NONE;
	if (!status && !class) {
		expected(p, "where or ')'", "as in count(chainlets where min_replica > 0)");
		return;
	}
	struct diag *diag =
		MISTAKE(p, token->from, token->to, DIAG_SYNTAX, "'%.*s' alone selects nothing", TEXT_ARG(token->text));
	diag_hint(p->diags, diag, "write where status %s %.*s", status ? "==" : "in", TEXT_ARG(token->text));
}

/* aggregate = "count" "(" noun [ "where" expr ] ")" | ("sum" | "min" | "max") "(" expr "of" noun [ "where" expr ] ")"
 */
static struct node *parse_aggregate_of(struct parser *p, struct node *node)
{
	const struct token *open = p->token++;
	if (node->aggregate != AGGREGATE_COUNT) {
		struct node *expression = parse_expression(p);
		if (!expression)
			return NULL;
		node_add(p, node, expression);
		if (!accept_word(p, "of"))
			return expected(p, "of and what it ranges over", "as in sum(min_replica of chainlets)");
	}
	node->noun_from = p->token->from;
	if (!parse_noun(p, &node->noun))
		return NULL;
	node->noun_to = p->token[-1].to;
	if (accept_word(p, "where") && !(node->where = parse_expression(p)))
		return NULL;
	if (!node->where && p->token->kind != TOKEN_CLOSE && p->token->kind != TOKEN_END)
		return hint_at_where(p), NULL;
	if (!parse_close(p, open, "')' or an operator"))
		return NULL;
	node->to = p->token[-1].to;
	return node;
}

struct node *parse_aggregate(struct parser *p)
{
	struct node *node = node_new(p, NODE_AGGREGATE, p->token);
	for (size_t i = 0; i < sizeof(aggregates) / sizeof(aggregates[0]); i++)
		if (is_word(p->token, aggregates[i].name))
			node->aggregate = aggregates[i].aggregate;
	if (p->in_aggregate) {
		MISTAKE(p, node->from, node->to, DIAG_SYNTAX, "aggregates do not nest");
		return NULL;
	}
	node->index = p->aggregates++;
	p->token++;
	if (!enter(p))
		return NULL;
	p->in_aggregate = true;
	struct node *result = parse_aggregate_of(p, node);
	p->in_aggregate = false;
	p->depth--;
	return result;
}

/* ---- sets ------------------------------------------------------------------------------------------------------- */

static bool parse_class(struct parser *p, struct node *into)
{
	size_t count;
	const char *const *words = status_class_words(&count);
	const struct token *token = p->token;
	into->class = status_class_parse(token->text);
	into->to = token->to;
	if (into->class != CLASS_NONE) {
		p->token++;
		return true;
	}
	const char *nearest = text_nearest(token->text, words, count), *meant = class_remedy(token->text);
	struct diag *diag = MISTAKE(p, token->from, token->to, DIAG_UNKNOWN_CLASS,
				    "no class of statuses is called '%s'", diag_value(p->diags, token->text));
	if (meant)
		diag_hint(p->diags, diag, "%s", meant);
	else if (nearest)
		diag_hint(p->diags, diag, "a class has a similar name: %s", nearest);
	else
		diag_hint(p->diags, diag, "the classes are in_progress, ready, idle, unhealthy and failed");
	return false;
}

/* literal = [ "-" ] INT | [ "-" ] DECIMAL | PERCENT | DURATION | STRING | STATUS | PARAM; in a set */
static struct node *parse_member(struct parser *p)
{
	const struct token *minus = p->token->kind == TOKEN_MINUS ? p->token++ : NULL;
	if (minus && p->token->kind != TOKEN_INTEGER && p->token->kind != TOKEN_DECIMAL)
		return expected(p, "a number after the minus", "in a set only whole numbers and decimals have a sign");
	if (is_boolean(p->token)) {
		struct diag *diag = MISTAKE(p, p->token->from, p->token->to, DIAG_SYNTAX,
					    "true and false cannot be members of a set");
		diag_hint(p->diags, diag, "compare with == or !=");
		return NULL;
	}
	if (p->token->kind == TOKEN_WORD && status_class_parse(p->token->text) != CLASS_NONE) {
		struct diag *diag = MISTAKE(p, p->token->from, p->token->to, DIAG_SYNTAX,
					    "a class of statuses cannot be a member of a set");
		diag_hint(p->diags, diag, "test it by itself: status in %.*s or status in [UNHEALTHY]",
			  TEXT_ARG(p->token->text));
		return NULL;
	}
	struct node *literal = parse_literal(p);
	if (!literal || !minus)
		return literal;
	struct node *negated = node_new(p, NODE_NEGATE, minus);
	node_add(p, negated, literal);
	return negated;
}

static bool refuse_set(struct parser *p)
{
	const struct token *token = p->token;
	bool is_member = token->kind == TOKEN_STRING || (token->kind == TOKEN_CAPS && token->literal.status);
	const char *remedy = "as in [ACTIVE, UNHEALTHY], or in_progress";
	if (is_member)
		remedy = arena_printf(p->arena, "write it in brackets: [%.*s]",
				      TEXT_ARG(text_slice(p->excerpt->text, token->from, token->to)));
	return expected(p, "a set or a class", remedy), false;
}

/* set = "[" literal { "," literal } "]" | CLASS, into a node */
bool parse_set(struct parser *p, struct node *into)
{
	if (p->token->kind == TOKEN_WORD)
		return parse_class(p, into);
	const struct token *open = p->token;
	if (!parse_accept(p, TOKEN_OPEN_SET))
		return refuse_set(p);
	do {
		struct node *member = parse_member(p);
		if (!member)
			return false;
		into->set = arena_grow(p->arena, into->set, into->set_count, &into->set_capacity, sizeof(*into->set));
		into->set[into->set_count++] = member;
	} while (parse_accept(p, TOKEN_COMMA));
	if (!parse_accept(p, TOKEN_CLOSE_SET)) {
		if (p->token->kind != TOKEN_END)
			return expected(p, "',' or ']'", "put commas between members, and ] at the end"), false;
		diag_hint(p->diags, MISTAKE(p, open->from, open->to, DIAG_UNBALANCED, "the set is not closed"),
			  "add ']' where it ends");
		return false;
	}
	into->to = p->token[-1].to;
	return true;
}
