/* lex.c - see lex.h. Nothing here depends on the locale: letters are ASCII. */
#include "lex.h"

#include "chaingate/rule.h"
#include "chaingate/times.h"
#include "ratio.h"

struct lexer {
	struct arena *arena;
	const struct excerpt *excerpt;
	struct diags *diags;
	struct text text;
	size_t at;
	struct token *tokens;
	size_t count, capacity;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || is_capital(c) || is_digit(c) || c == '_';
}

static char peek(const struct lexer *l, size_t ahead)
{
	return l->at + ahead < l->text.length ? l->text.bytes[l->at + ahead] : '\0';
}

/* Reports a mistake at bytes [from, to) of the rule. Always returns false. */
static bool refuse(struct lexer *l, size_t from, size_t to, enum diag_code code, const char *message, const char *hint)
{
	struct diag *diag =
		diag_error(l->diags, l->excerpt->source, excerpt_span(l->excerpt, from, to), code, "%s", message);
	diag->hint = hint;
	return false;
}

static struct token *add(struct lexer *l, enum token_kind kind, size_t from)
{
	l->tokens = arena_grow(l->arena, l->tokens, l->count, &l->capacity, sizeof(*l->tokens));
	l->tokens[l->count++] =
		(struct token){.kind = kind, .from = from, .to = l->at, .text = text_slice(l->text, from, l->at)};
	return &l->tokens[l->count - 1];
}

/* ---- numbers ---------------------------------------------------------------------------------------------------- */

/* A number includes all letters, digits and points between digits that follow directly. */
static size_t number_end(const struct lexer *l)
{
	size_t i = l->at;
	while (i < l->text.length) {
		char c = l->text.bytes[i];
		bool point = c == '.' && i + 1 < l->text.length && is_digit(l->text.bytes[i + 1]);
		if (!is_word(c) && !point)
			break;
		i++;
	}
	return i;
}

static bool all_digits(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (!is_digit(text.bytes[i]))
			return false;
	return text.length > 0;
}

static bool is_decimal(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.bytes[i] == '.')
			return all_digits(text_slice(text, 0, i)) && all_digits(text_slice(text, i + 1, text.length));
	return false;
}

/* `1_000`, `1k`: how to write it. NULL for anything else. */
static const char *plain_number(struct lexer *l, struct text text)
{
	struct buf digits = buf_make(RULE_BYTES_MAX);
	size_t length = text.length;
	bool thousands = length > 1 && (text.bytes[length - 1] == 'k' || text.bytes[length - 1] == 'K');
	for (size_t i = 0; i < length - thousands; i++)
		if (text.bytes[i] != '_')
			buf_add_byte(&digits, text.bytes[i]);
	bool is_number = digits.length > 0 && all_digits(buf_text(&digits));
	const char *hint =
		is_number ? arena_printf(l->diags->arena, "write %s%s", buf_string(&digits), thousands ? "000" : "")
			  : NULL;
	buf_release(&digits);
	return hint;
}

/* "16Gi", "80GB" */
static bool is_size(struct text text)
{
	static const char *const units[] = {"Ki", "Mi", "Gi", "Ti", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB"};
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (text_ends_with(text, units[i]))
			return true;
	return false;
}

static bool lex_duration(struct lexer *l, size_t from, struct text text)
{
	int64_t ns = 0;
	enum duration_fault fault = duration_parse(text, &ns);
	if (fault != DURATION_OK) {
		const char *message = arena_printf(l->diags->arena, "'%s' is not a number or a duration: it %s",
						   diag_value(l->diags, text), duration_fault_text(fault));
		const char *hint = "write durations as whole numbers with h, m, s or ms: 90s, 5m, 1h30m";
		if (is_size(text))
			hint = "there are no sizes: a machine's memory is in its name, as in instance_type_name == "
			       "\"L4:4x16\"";
		else if (duration_guess(text, &ns))
			hint = arena_printf(l->diags->arena, "write %s", duration_string(l->diags->arena, ns));
		else if (plain_number(l, text))
			hint = plain_number(l, text);
		return refuse(l, from, l->at, DIAG_INVALID_NUMBER, message, hint);
	}
	add(l, TOKEN_DURATION, from)->literal = (struct literal){.type = TYPE_DURATION, .number = ratio_of(ns)};
	return true;
}

static bool lex_number(struct lexer *l)
{
	static const struct ratio hundredth = {1, 100};
	size_t from = l->at;
	struct literal literal = {.type = TYPE_NUMBER};
	l->at = number_end(l);
	struct text text = text_slice(l->text, from, l->at);
	enum token_kind kind = is_decimal(text) ? TOKEN_DECIMAL : TOKEN_INTEGER;
	if (kind == TOKEN_INTEGER && !all_digits(text))
		return lex_duration(l, from, text);
	if (peek(l, 0) == '.')
		return refuse(l, from, l->at + 1, DIAG_INVALID_NUMBER, "a number cannot end with a point",
			      "write digits on both sides of the point: 1.0");
	bool fits = ratio_parse(text, &literal.number);
	literal.is_decimal = kind == TOKEN_DECIMAL;
	if (peek(l, 0) == '%') {
		l->at++;
		kind = TOKEN_PERCENT;
		literal.is_percent = true;
		fits = fits && ratio_multiply(literal.number, hundredth, &literal.number);
	}
	if (!fits)
		return refuse(l, from, l->at, DIAG_NUMBER_TOO_LARGE,
			      kind == TOKEN_INTEGER ? "the number is larger than 64 bits can hold"
						    : "the number has more digits than 64 bits can hold",
			      NULL);
	add(l, kind, from)->literal = literal;
	return true;
}

/* ---- strings ---------------------------------------------------------------------------------------------------- */

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static uint32_t hex_value(char c)
{
	return (uint32_t)(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
}

/* escape = "\\" ( "\\" | '"' | "'" | "n" | "t" | "u{" 1*6HEX "}" ); the backslash has been read */
static bool lex_escape(struct lexer *l, struct buf *out)
{
	static const char letters[] = "\\\"'nt", values[] = "\\\"'\n\t";
	size_t from = l->at - 1;
	char c = peek(l, 0);
	for (size_t i = 0; i + 1 < sizeof(letters); i++)
		if (c == letters[i] && c) {
			l->at++;
			return buf_add_byte(out, values[i]);
		}
	uint32_t point = 0;
	size_t digits = 0;
	if (c == 'u' && peek(l, 1) == '{')
		while (digits < 6 && is_hex(peek(l, 2 + digits)))
			point = point * 16 + hex_value(peek(l, 2 + digits++));
	char bytes[4];
	size_t size = digits && peek(l, 2 + digits) == '}' && point ? utf8_encode(point, bytes) : 0;
	if (!size)
		return refuse(
			l, from, l->at + (c ? 1 : 0), DIAG_INVALID_ESCAPE, "the string has an escape that is not known",
			"the escapes are \\\\ \\\" \\' \\n \\t and \\u{…} with the hexadecimal number of a character");
	l->at += 3 + digits;
	return buf_add(out, (struct text){bytes, size});
}

static bool lex_string(struct lexer *l)
{
	size_t from = l->at;
	char quote = peek(l, 0);
	struct buf decoded = buf_make(RULE_BYTES_MAX);
	l->at++;
	bool well = true;
	while (well && l->at < l->text.length && peek(l, 0) != quote && peek(l, 0) != '\n') {
		if (peek(l, 0) == '\\') {
			l->at++;
			well = lex_escape(l, &decoded);
		} else {
			buf_add_byte(&decoded, l->text.bytes[l->at++]);
		}
	}
	if (well && (l->at == l->text.length || peek(l, 0) != quote))
		well = refuse(l, from, from + 1, DIAG_UNTERMINATED_STRING, "the string is not closed",
			      "close it with the same quote");
	/* A policy is UTF-8, but --set may bring any bytes. */
	if (well && !text_is_utf8(buf_text(&decoded)))
		well = refuse(l, from, l->at + 1, DIAG_INVALID_CHARACTER, "the string is not UTF-8",
			      "write it in UTF-8");
	/* "\0" in YAML, for example. No escape of a rule stands for it. */
	if (well && text_has(buf_text(&decoded), '\0'))
		well = refuse(l, from, l->at + 1, DIAG_INVALID_CHARACTER, "the string has the character U+0000",
			      "leave it out");
	if (well) {
		l->at++;
		struct text text = arena_text(l->arena, buf_text(&decoded));
		add(l, TOKEN_STRING, from)->literal = (struct literal){.type = TYPE_STRING, .text = text};
	}
	buf_release(&decoded);
	return well;
}

/* ---- words and signs -------------------------------------------------------------------------------------------- */

static void lex_word(struct lexer *l, enum token_kind kind)
{
	size_t from = l->at;
	bool lower = false;
	while (is_word(peek(l, 0))) {
		lower |= peek(l, 0) >= 'a' && peek(l, 0) <= 'z';
		l->at++;
	}
	if (kind == TOKEN_WORD && !lower && is_capital(l->text.bytes[from]))
		kind = TOKEN_CAPS;
	struct token *token = add(l, kind, from);
	token->literal = (struct literal){.type = TYPE_STATUS, .status = status_parse(token->text)};
}

static bool lex_param(struct lexer *l)
{
	size_t from = l->at++;
	if (!is_word(peek(l, 0)) || is_digit(peek(l, 0)))
		return refuse(l, from, l->at, DIAG_SYNTAX, "'$' is not followed by a parameter's name",
			      "as in $least, with a value under params:");
	while (is_word(peek(l, 0)))
		l->at++;
	add(l, TOKEN_PARAM, from);
	return true;
}

static const struct sign {
	const char *text;
	enum token_kind kind;
} signs[] = {
	{"==", TOKEN_EQUAL},   {"!=", TOKEN_NOT_EQUAL}, {"<=", TOKEN_LESS_EQUAL}, {">=", TOKEN_GREATER_EQUAL},
	{"<", TOKEN_LESS},     {">", TOKEN_GREATER},    {"(", TOKEN_OPEN},        {")", TOKEN_CLOSE},
	{"[", TOKEN_OPEN_SET}, {"]", TOKEN_CLOSE_SET},  {",", TOKEN_COMMA},       {".", TOKEN_DOT},
	{"+", TOKEN_PLUS},     {"-", TOKEN_MINUS},      {"*", TOKEN_TIMES},       {"/", TOKEN_DIVIDE},
};

/* Operators of other languages, and what to write instead. */
static const struct {
	const char *text, *hint;
} foreign[] = {
	{"=~", "write matches, and a regular expression in quotes"},
	{"~=", "write matches, and a regular expression in quotes"},
	{"~", "write matches, and a regular expression in quotes"},
	{"&&", "write and"},
	{"&", "write and"},
	{"||", "write or"},
	{"|", "write or"},
	{"=<", "write <="},
	{"=>", "write >=; for a condition say which: all chainlets where name == \"Gate\" have min_replica >= 2"},
	{"{", "write sets in brackets, as in [ACTIVE, UNHEALTHY]; write parameters as in $least"},
	{"??", "test it: target_utilization_percentage is null or target_utilization_percentage >= 50"},
	{"?", "to select, write where: all chainlets where name == \"Gate\" have min_replica >= 2"},
	{"^", "there are no powers: write min_replica * min_replica"},
	{";", "leave it out, or write two rules"},
	{"=", "write == to compare"},
	{"<>", "write !="},
	{"≤", "write <="},
	{"≥", "write >="},
	{"≠", "write !="},
	{"!", "write not"},
	{"%", "write the percent sign directly after its number: 20%"},
	{"“", "write a straight quotation mark: \""},
	{"”", "write a straight quotation mark: \""},
	{"’", "write a straight quotation mark: '"},
	{"`", "write a text in \" or '"},
};

/* True for the first characters of <= and >=. */
static bool is_half(enum token_kind kind)
{
	return kind == TOKEN_LESS || kind == TOKEN_GREATER;
}

/* `!(all chainlets ACTIVE)` */
static bool is_quantifier_behind(struct text rest)
{
	static const char *const words[] = {"all ", "any ", "no ", "at ", "exactly "};
	size_t at = 1;
	while (at < rest.length && (rest.bytes[at] == ' ' || rest.bytes[at] == '('))
		at++;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (text_starts_with(text_slice(rest, at, rest.length), words[i]))
			return true;
	return false;
}

static bool lex_sign(struct lexer *l)
{
	struct text rest = text_slice(l->text, l->at, l->text.length);
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (!text_starts_with(rest, signs[i].text) || text_starts_with(rest, "<>"))
			continue;
		size_t from = l->at;
		if (signs[i].kind == TOKEN_DOT && is_digit(peek(l, 1)))
			return refuse(l, from, number_end(l), DIAG_INVALID_NUMBER, "a number cannot begin with a point",
				      "write digits on both sides of the point: 0.5");
		l->at += text_of(signs[i].text).length;
		add(l, signs[i].kind, from);
		return true;
	}
	uint32_t point;
	size_t size = utf8_decode(rest.bytes, rest.length, &point);
	const char *hint = NULL;
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]) && !hint; i++)
		if (text_starts_with(rest, foreign[i].text)) {
			size = text_of(foreign[i].text).length;
			hint = foreign[i].hint;
		}
	if (!size)
		size = 1;
	if (rest.bytes[0] == '=' && l->count && l->at && is_half(l->tokens[l->count - 1].kind))
		hint = arena_printf(l->diags->arena, "write %.*s= without a space between",
				    TEXT_ARG(l->tokens[l->count - 1].text));
	if (rest.bytes[0] == '{' && l->count && text_is(l->tokens[l->count - 1].text, "chainlets"))
		hint = "to select, write where: count(chainlets where status == ACTIVE) >= 2";
	if (rest.bytes[0] == '!' && is_quantifier_behind(rest))
		hint = "instead of not all … write any … not …; instead of not any … write no …";
	const char *message = arena_printf(l->diags->arena, "'%s' has no meaning in a rule",
					   diag_value(l->diags, text_slice(rest, 0, size)));
	return refuse(l, l->at, l->at + size, DIAG_INVALID_CHARACTER, message, hint);
}

static bool lex_one(struct lexer *l)
{
	char c = peek(l, 0);
	if (is_digit(c))
		return lex_number(l);
	if (c == '"' || c == '\'')
		return lex_string(l);
	if (c == '$')
		return lex_param(l);
	if (!is_word(c))
		return lex_sign(l);
	lex_word(l, TOKEN_WORD);
	return true;
}

const struct token *lex(struct arena *arena, const struct excerpt *excerpt, struct diags *diags)
{
	struct lexer l = {.arena = arena, .excerpt = excerpt, .diags = diags, .text = excerpt->text};
	for (;;) {
		while (l.at < l.text.length && (peek(&l, 0) == ' ' || peek(&l, 0) == '\t' || peek(&l, 0) == '\n'))
			l.at++;
		if (l.at == l.text.length)
			break;
		if (!lex_one(&l))
			return NULL;
	}
	add(&l, TOKEN_END, l.at);
	return l.tokens;
}

const char *token_words(struct diags *diags, const struct token *token)
{
	if (token->kind == TOKEN_END)
		return "the end of the rule";
	if (token->kind == TOKEN_STRING)
		return "a string";
	return arena_printf(diags->arena, "'%s'", diag_value(diags, token->text));
}
